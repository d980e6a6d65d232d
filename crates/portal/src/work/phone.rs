//! Another phone: she has no way with the one on record, or is of age and has one of her own. Its number, its code, and it is asked.

use super::{Posted, Spot, shell};
use crate::caller::PageVaccinator;
use crate::page::{Form, button, buttons, field, hidden, post_form};
use crate::words::{Words, phone};
use crate::{Failure, Portal};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::case::words;
use registry::{Factor, Phone, TransactionId};
use vault::{Refusal, Refused, Staff};

const DIGITS: u8 = 6;

/// A vaccinator, and the person before her.
struct Desk<'a> {
    portal: &'a Portal,
    staff: &'a Staff,
    w: Words,
    spot: Spot,
}

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
) -> Result<Markup, Failure> {
    Desk { portal: &portal, staff: &staff, w, spot }.number(&Form::empty()).await
}

impl Desk<'_> {
    /// Which number? Said before: who has shown a card moves in a day, everyone else by two officers.
    async fn number(&self, form: &Form) -> Result<Markup, Failure> {
        let Self { w, spot, .. } = *self;
        let row = spot.there(self.portal, self.staff).await?;
        let is_shown = matches!(row.factor, Some(Factor::Card | Factor::Otp));
        let path = spot.under("phone");
        let shell = shell(self.portal, self.staff, w, "phone-title", &path).back(spot.under("ask")).form(form);
        Ok(shell.page(html! {
            p { (w.with("work-reference-ends", [("four", row.reference_last_four.as_str().into())])) }
            p { (w.t(if is_shown { "phone-by-card" } else { "phone-by-slip" })) }
            (post_form(&path, html! {
                (field(w, form, "mobile", w.t("move-phone")).hint(w.t("move-phone-hint")).phone())
                (buttons(button(w.t("move-send"))))
            }))
        }))
    }

    /// The code that the new phone got, and what she says.
    fn code(&self, form: &Form) -> Markup {
        let Self { w, spot, .. } = *self;
        let hint = w.with("sign-in-code-hint", [("mobile", phone(form.value("mobile")).into())]);
        let path = spot.under("phone");
        let shell = shell(self.portal, self.staff, w, "phone-code-title", &path).back(path.as_str()).form(form);
        shell.page(html! {
            (post_form(&spot.under("phone/code"), html! {
                (field(w, form, "code", w.t("move-here")).hint(hint).code(DIGITS))
                (field(w, form, "words", w.t("file-words")).hint(w.t("phone-words-hint")).lines(3))
                (hidden("txn", form.value("txn")))
                (hidden("mobile", form.value("mobile")))
                (buttons(button(w.t("phone-go"))))
            }))
        })
    }
}

pub(super) async fn send(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
    posted: Posted,
) -> Result<Markup, Failure> {
    let (desk, mut form) = (Desk { portal: &portal, staff: &staff, w, spot }, Form::from(posted.0));
    let Ok(mobile) = form.digits("mobile").parse::<Phone>() else {
        form.problem("mobile", w.t("sign-in-phone-wrong"));
        return desk.number(&form).await;
    };
    match portal.vault().send_code_to_new_phone(&staff, (spot.appointment, spot.nth), &mobile).await {
        Ok(transaction) => {
            Ok(desk.code(&Form::empty().with("txn", transaction.to_string()).with("mobile", mobile.digits())))
        }
        Err(Refused::Rule(Refusal::OverBudget { until_ms })) => {
            form.problem("mobile", w.with("work-send-later", [("time", w.time(vault::at(until_ms).time()).into())]));
            desk.number(&form).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn ask(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
    posted: Posted,
) -> Result<Response, Failure> {
    let (desk, mut form) = (Desk { portal: &portal, staff: &staff, w, spot }, Form::from(posted.0));
    spot.there(&portal, &staff).await?;
    let (code, transaction) = (form.digits("code"), form.value("txn").parse::<TransactionId>());
    if !matches!(code.len(), 6 | 8) || transaction.is_err() {
        form.problem("code", w.with("fresh-code-form", [("digits", DIGITS.into())]));
    }
    if words(form.value("words")).is_err() {
        form.problem("words", w.t("file-words-long"));
    }
    let Ok(transaction) = transaction.map_err(|_| ()).and_then(|found| form.is_fine().then_some(found).ok_or(()))
    else {
        return Ok(desk.code(&form).into_response());
    };
    let place = (spot.appointment, spot.nth);
    match portal.vault().ask_move(&staff, place, transaction, &code, form.value("words")).await {
        Ok(number) => Ok(Redirect::to(&spot.under(&format!("cases/{number}"))).into_response()),
        Err(refused) => {
            form.problem("code", why_not(w, refused)?);
            Ok(desk.code(&form).into_response())
        }
    }
}

/// Why it was not done; whatever else went wrong is a failure.
fn why_not(w: Words, refused: Refused) -> Result<String, Failure> {
    Ok(match refused {
        Refused::Wrong { left: 0 } | Refused::Rule(Refusal::CodeGone | Refusal::Locked { .. }) => {
            w.t("fresh-code-gone")
        }
        Refused::Wrong { left } => w.with("fresh-code-wrong", [("left", left.into())]),
        Refused::Rule(Refusal::FamilyFull) => w.t("phone-full"),
        Refused::Rule(Refusal::Conflict) => w.t("phone-conflict"),
        other => return Err(other.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn every_refusal_says_what_is_wrong() {
        for w in Language::ALL.map(Words::new) {
            assert!(why_not(w, Refused::Wrong { left: 2 }).unwrap().contains('2'));
            let full = why_not(w, Refusal::FamilyFull.into()).unwrap();
            assert_ne!(full, why_not(w, Refusal::Conflict.into()).unwrap());
            assert!(why_not(w, Refused::NotFound).is_err());
        }
    }
}
