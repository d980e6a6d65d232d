//! After the dose: until when she waits, the next person, her certificate.

use super::{Asked, Spot, seconds_until, shell};
use crate::caller::PageVaccinator;
use crate::page::{Form, Tone, buttons, confirmation, inset, link_button, quiet_link_button, timer};
use crate::words::Words;
use crate::{Failure, Portal, papers};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use vault::GivenHere;

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
    asked: Asked,
) -> Result<Response, Failure> {
    spot.present(&portal, &staff).await?;
    let Some(given) = portal.vault().given_here(&staff, spot.appointment, spot.nth).await? else {
        return Ok(Redirect::to(&spot.path()).into_response());
    };
    let path = spot.under("done");
    let mut shell = shell(&portal, &staff, w, "work-done-title", &path).question();
    match Form::from(asked.0).value("after") {
        "aefi" => shell = shell.flash(Tone::Good, w.t("work-aefi-kept")),
        "corrected" => shell = shell.flash(Tone::Good, w.t("work-corrected")),
        _ => {}
    }
    Ok(shell.page(content(w, spot, &given, portal.vault().now_ms())).into_response())
}

fn content(w: Words, spot: Spot, given: &GivenHere, now_ms: i64) -> Markup {
    let about = [
        ("dose", given.number.into()),
        ("vaccine", given.vaccine.label().into()),
        ("batch", given.batch.as_str().into()),
    ];
    let until = w.with("work-observe-until", [("time", w.time(vault::at(given.until_ms).time()).into())]);
    html! {
        (confirmation(&w.t("work-done-title"), html! {
            p { (w.with("work-done-about", about)) }
            p { (w.with("work-reference-ends", [("four", given.reference_last_four.as_str().into())])) }
        }))
        @if given.observed { p { (w.t("work-observed")) } }
        @else { p { strong { (timer(w, seconds_until(given.until_ms, now_ms), &until)) } } }
        (buttons(html! {
            (link_button(&spot.at.path(), &w.t("work-next")))
            @if given.attested { (quiet_link_button(&spot.under("certificate.pdf"), &w.t("work-certificate"))) }
        }))
        @if !given.attested { (inset(html! { p { (w.t("work-unattested")) } })) }
        ul {
            li { a href=(spot.under("correct")) { (w.t("work-correct")) } }
            li { a href=(spot.under("aefi")) { (w.t("work-aefi")) } }
            li { a href=(spot.under("ask")) { (w.t("ask-link")) } }
            li { a href=(spot.at.under("observations")) { (w.t("work-waiting-title")) } }
        }
    }
}

/// Her certificate, to be printed on the spot.
pub(super) async fn certificate(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    spot: Spot,
) -> Result<Response, Failure> {
    let (grant, row) = spot.present(&portal, &staff).await?;
    let certified = portal.vault().certify(&staff, &grant, row.person).await?;
    papers::answer(papers::certificate(&certified, portal.vault().issuer_key().name()), "certificate").await
}

#[cfg(test)]
mod tests {
    use super::super::tests::{appointment, at, given};
    use super::*;
    use crate::words::Language;

    #[test]
    fn the_next_person_comes_first() {
        let spot = Spot::new(at(), (appointment(), 0));
        for w in Language::ALL.map(Words::new) {
            let page = content(w, spot, &given(), given().until_ms - 90_000).0;
            let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
            assert!(place("data-seconds=\"90\"") < place(&w.t("work-next")));
            assert!(place(&w.t("work-next")) < place("certificate.pdf"));
            assert!(page.contains("B1") && page.contains("4321"));
        }
    }

    #[test]
    fn an_unattested_dose_offers_no_certificate() {
        let spot = Spot::new(at(), (appointment(), 0));
        let w = Words::default();
        let page = content(w, spot, &GivenHere { attested: false, observed: true, ..given() }, 0).0;
        assert!(!page.contains("certificate.pdf") && page.contains(&w.t("work-unattested")));
        assert!(!page.contains("data-seconds"), "an ended observation counts no minutes");
    }
}
