//! Who waits after a dose: half an hour each, the next to leave first.

use super::{Asked, At, Posted, Spot, seconds_until, shell};
use crate::caller::PageVaccinator;
use crate::page::{Form, Tone, button, card, empty_state, hidden, link_button, pagination, post_form, tag, timer};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::response::Redirect;
use maud::{Markup, html};
use registry::DoseId;
use vault::{Observation, Refused};

/// People on one page.
const PEOPLE: usize = 20;

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    asked: Asked,
) -> Result<Markup, Failure> {
    let waiting = portal.vault().observations(&staff, at.0).await?;
    let path = at.under("observations");
    let part = Form::from(asked.0).value("part").parse().unwrap_or(1);
    let content = content(w, at, &waiting, part, portal.vault().now_ms());
    Ok(shell(&portal, &staff, w, "work-waiting-title", &path).back(at.path()).page(content))
}

/// The next to leave stand on the first page, which stays light on a busy morning.
fn content(w: Words, at: At, waiting: &[Observation], part: u32, now_ms: i64) -> Markup {
    let parts = u32::try_from(waiting.len().div_ceil(PEOPLE)).unwrap_or(u32::MAX).max(1);
    let part = part.clamp(1, parts);
    let shown = waiting.chunks(PEOPLE).nth(part as usize - 1).unwrap_or_default();
    html! {
        @if waiting.is_empty() {
            (empty_state(&w.t("work-waiting-none"), html! { p { (w.t("work-waiting-none-help")) } }))
        } @else {
            p.quiet { (w.with("work-as-of", [("time", w.time_exact(vault::at(now_ms).time()).into())])) }
        }
        @for one in shown { (card(person(w, at, one, now_ms))) }
        (pagination(w, part, parts, |part| at.under(&format!("observations?part={part}"))))
        (link_button(&at.path(), &w.t("work-next")))
    }
}

fn person(w: Words, at: At, one: &Observation, now_ms: i64) -> Markup {
    let left = seconds_until(one.until_ms, now_ms);
    let until = w.with("work-observe-until", [("time", w.time(vault::at(one.until_ms).time()).into())]);
    let dose = one.dose.to_string();
    html! {
        h2 { (w.with("work-reference-ends", [("four", one.reference_last_four.as_str().into())])) }
        p {
            @if left == 0 { (tag(Tone::Good, &w.t("work-waited"))) " " (until) }
            @else {
                (tag(Tone::Info, &w.with("work-minutes", [("minutes", left.div_ceil(60).into())]))) " "
                (timer(w, left, &until))
            }
        }
        (post_form(&at.under("observations"), html! {
            (hidden("dose", &dose))
            @if left == 0 { (button(w.t("work-left-well"))) } @else { (button(w.t("work-left-early")).secondary()) }
        }))
        @if let Some(place) = one.place { p { a href=(Spot::new(at, place).under("aefi")) { (w.t("work-aefi")) } } }
    }
}

pub(super) async fn submit(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    at: At,
    posted: Posted,
) -> Result<Redirect, Failure> {
    let dose: DoseId = Form::from(posted.0).value("dose").parse()?;
    match portal.vault().end_observation(&staff, dose).await {
        // A dose that was corrected in another tab waits under its new entry; the list shows it.
        Ok(_) | Err(Refused::NotFound) => Ok(Redirect::to(&at.under("observations"))),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{appointment, at};
    use super::*;
    use crate::words::Language;

    fn observation(until_ms: i64) -> Observation {
        Observation {
            dose: DoseId::from_random([5; 16]),
            place: Some((appointment(), 1)),
            reference_last_four: "4321".into(),
            until_ms,
        }
    }

    #[test]
    fn minutes_left_are_counted_up_and_the_end_is_a_button() {
        for w in Language::ALL.map(Words::new) {
            let page = content(w, at(), &[observation(1_000_000 + 61_000)], 1, 1_000_000).0;
            assert!(page.contains(&w.with("work-minutes", [("minutes", 2.into())])));
            assert!(page.contains(&w.t("work-left-early")) && !page.contains(&w.t("work-left-well")));
            let over = content(w, at(), &[observation(1_000)], 1, 2_000).0;
            assert!(over.contains(&w.t("work-left-well")) && over.contains("/1/aefi"));
        }
    }

    #[test]
    fn a_long_list_is_cut_and_a_page_that_is_not_there_is_the_last() {
        let waiting: Vec<_> = (0..45).map(|_| observation(1_000_000)).collect();
        let cards = |part| content(Words::default(), at(), &waiting, part, 0).0.matches("<h2>").count();
        assert_eq!([1, 2, 3, 9, 0].map(cards), [20, 20, 5, 5, 20]);
    }

    #[test]
    fn nobody_waiting_is_said() {
        let w = Words::default();
        assert!(content(w, at(), &[], 1, 0).0.contains(&w.t("work-waiting-none")));
    }
}
