//! Leaving Teeka: what goes, what the law holds, a long code, and then it is done.

use super::fresh::{self, Ask};
use super::{Desk, Pairs, form};
use crate::Failure;
use crate::page::{Form, button, buttons, confirmation, look_recorded, post_form, quiet_link_button};
use axum::Form as Posted;
use axum::extract::Path;
use maud::{Markup, html};
use vault::CodeFor;

/// Digits of a code that erases for good.
const DIGITS: u8 = 8;

pub(super) async fn show(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let one = desk.card(person).await?;
    let (w, path) = (desk.w, format!("/family/{place}/leave"));
    let title = w.with("leave-title", [("name", one.name.as_str().into())]);
    let has_doses = !one.doses.is_empty();
    Ok(desk.shell(title, &path).back(format!("/family/{place}")).page(html! {
        p.lead { (w.t("leave-lead")) }
        h2 { (w.t("leave-goes")) }
        ul { @for key in ["leave-goes-fields", "leave-goes-phone", "leave-goes-bookings"] { li { (w.t(key)) } } }
        h2 { (w.t("leave-stays")) }
        ul {
            @if has_doses {
                li { (w.t("leave-held-fields")) }
                li { (w.t("leave-doses")) }
                li { (w.t("leave-certificate")) " " a href={ "/family/" (place) "/certificate" } { (w.t("leave-certificate-save")) } }
            }
            li { (w.t("leave-log")) }
        }
        p { (look_recorded(w)) }
        (post_form(&path, buttons(html! {
            (button(w.t("leave-send")).warning())
            (quiet_link_button("/my-data", &w.t("remove-keep")))
        })))
    }))
}

pub(super) async fn send(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    Ok(match fresh::send(&desk, person, CodeFor::Leaving).await? {
        Ok(transaction) => code_page(&desk, place, &Form::empty().with("txn", transaction.to_string())),
        Err(wait) => {
            desk.shell(desk.w.t("leave-code"), "/my-data").back(format!("/family/{place}/leave")).page(html! {
                (fresh::wait_banner(desk.w, &wait))
            })
        }
    })
}

fn code_page(desk: &Desk, place: usize, form: &Form) -> Markup {
    let w = desk.w;
    let ask = Ask {
        label: w.t("leave-code"),
        hint: w.with("fresh-code-hint", [("last", desk.citizen.phone_last_four().to_owned().into())]),
        digits: DIGITS,
        button: button(w.t("leave-go")).warning(),
    };
    let shell = desk.shell(w.t("leave-code"), "/my-data").back(format!("/family/{place}/leave")).form(form).question();
    shell.page(html! {
        (fresh::code_form(w, form, &format!("/family/{place}/leave/code"), ask, &[]))
        p.quiet { (w.t("leave-final")) }
    })
}

pub(super) async fn take(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let (w, mut form) = (desk.w, form(pairs));
    if let Some((transaction, code)) = fresh::typed(w, &mut form, DIGITS) {
        match desk.vault().leave(&desk.citizen, person, transaction, &code).await {
            Ok(()) => return Ok(left(&desk)),
            Err(refused) => form.problem("code", fresh::why_not(w, desk.vault().now_ms(), refused)?),
        }
    }
    Ok(code_page(&desk, place, &fresh::without_code(&form, &[])))
}

fn left(desk: &Desk) -> Markup {
    let w = desk.w;
    let title = w.t("leave-done");
    desk.shell(title.as_str(), "/my-data").question().page(html! {
        (confirmation(&title, html! { p { (w.t("leave-done-text")) } }))
        p { a href="/" { (w.t("failure-home")) } }
    })
}
