//! The wrong batch was noted: put right on the same day.

use super::{Posted, Spot, batches, person, shell};
use crate::caller::PageVaccinator;
use crate::page::{Form, Shell, button, inset, post_form};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use vault::rows::BatchRow;
use vault::{GivenHere, Refusal, Refused, Staff};

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
) -> Result<Response, Failure> {
    show(&portal, &staff, w, spot, &Form::empty()).await
}

async fn show(portal: &Portal, staff: &Staff, w: Words, spot: Spot, form: &Form) -> Result<Response, Failure> {
    spot.present(portal, staff).await?;
    let Some(given) = portal.vault().given_here(staff, spot.appointment, spot.nth).await? else {
        return Ok(Redirect::to(&spot.path()).into_response());
    };
    let batches = batches(portal, staff, spot.at.0).await?;
    let path = spot.under("correct");
    let shell = shell(portal, staff, w, "work-correct", &path).back(spot.under("done")).form(form);
    Ok(whole(shell, w, spot, &given, &batches, form).into_response())
}

fn whole(shell: Shell<'_>, w: Words, spot: Spot, given: &GivenHere, batches: &[BatchRow], form: &Form) -> Markup {
    let others: Vec<_> = batches.iter().filter(|batch| batch.number != given.batch).cloned().collect();
    shell.page(html! {
        p { (w.with("work-correct-now", [("batch", given.batch.as_str().into())])) }
        @if others.is_empty() { (inset(html! { p { (w.t("work-correct-none")) } })) }
        @else {
            (post_form(&spot.under("correct"), html! {
                (person::batch(w, &others, form))
                p { (w.t("work-correct-help")) }
                (button(w.t("work-correct-do")))
            }))
        }
    })
}

pub(super) async fn submit(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = Form::from(posted.0);
    spot.present(&portal, &staff).await?;
    let batch = form.value("batch").to_owned();
    if batch.is_empty() {
        form.problem("batch", w.t("work-batch-missing"));
        return show(&portal, &staff, w, spot, &form).await;
    }
    let given = portal.vault().given_here(&staff, spot.appointment, spot.nth).await?;
    // Sent twice: it says already what was wanted.
    if given.is_none_or(|given| given.batch != batch) {
        match portal.vault().correct_dose(&staff, spot.appointment, spot.nth, batch).await {
            Ok(_) => {}
            Err(Refused::Rule(Refusal::BatchUnusable)) => {
                form.problem("batch", w.t("failure-batch"));
                return show(&portal, &staff, w, spot, &form).await;
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Redirect::to(&spot.under("done?after=corrected")).into_response())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{appointment, at, batch, given};
    use super::*;
    use crate::words::Language;

    #[test]
    fn only_another_batch_can_be_chosen() {
        let spot = Spot::new(at(), (appointment(), 0));
        for w in Language::ALL.map(Words::new) {
            let draw = |batches: &[BatchRow]| {
                whole(Shell::new(w, w.t("work-correct"), "/"), w, spot, &given(), batches, &Form::empty()).0
            };
            let page = draw(&[batch("B1", 3), batch("B2", 4)]);
            assert!(page.contains("value=\"B2\"") && !page.contains("value=\"B1\""));
            assert!(draw(&[batch("B1", 3)]).contains(&w.t("work-correct-none")));
        }
    }
}
