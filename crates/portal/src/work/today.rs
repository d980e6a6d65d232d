//! Today's sessions of the one who is signed in.

use super::{At, hours, shell};
use crate::caller::PageVaccinator;
use crate::page::{Tone, card, empty_state, tag};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use maud::{Markup, html};
use vault::ListRow;
use vault::rows::{Offer, Status};

/// What a session has seen so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Booked and not yet there.
    pub(super) expected: usize,
    /// There, without a dose.
    pub(super) here: usize,
    /// Vaccinated.
    pub(super) done: usize,
}

impl Counts {
    pub(super) fn of(rows: &[ListRow]) -> Self {
        let count = |status| rows.iter().filter(|row| row.status == status).count();
        Self { expected: count(Status::Booked), here: count(Status::CheckedIn), done: count(Status::Done) }
    }

    /// The three counts as tags.
    pub(super) fn tags(self, w: Words) -> Markup {
        html! {
            p {
                (tag(Tone::Plain, &w.with("work-expected", [("count", self.expected.into())]))) " "
                (tag(Tone::Info, &w.with("work-here", [("count", self.here.into())]))) " "
                (tag(Tone::Good, &w.with("work-done", [("count", self.done.into())])))
            }
        }
    }
}

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
) -> Result<Markup, Failure> {
    let mut sessions = Vec::new();
    for offer in portal.vault().sessions_today(&staff).await? {
        let rows = portal.vault().session_list(&staff, offer.session.id).await?;
        sessions.push((offer, Counts::of(&rows)));
    }
    Ok(shell(&portal, &staff, w, "nav-sessions-today", "/vaccinator").page(content(w, &sessions)))
}

fn content(w: Words, sessions: &[(Offer, Counts)]) -> Markup {
    html! {
        @if sessions.is_empty() {
            (empty_state(&w.t("work-no-sessions"), html! { p { (w.t("work-no-sessions-help")) } }))
        }
        @for (offer, counts) in sessions {
            (card(html! {
                h2 { a href=(At(offer.session.id).path()) { (offer.session.vaccine.label()) ", " (hours(w, offer)) } }
                p { (offer.centre.name) }
                (counts.tags(w))
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{offer, row};
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_session_stands_with_its_place_and_counts() {
        let rows = [
            row(Status::Booked),
            row(Status::Booked),
            row(Status::CheckedIn),
            row(Status::Done),
            row(Status::Cancelled),
        ];
        let counts = Counts::of(&rows);
        assert_eq!(counts, Counts { expected: 2, here: 1, done: 1 });
        for language in Language::ALL {
            let page = content(Words::new(language), &[(offer(), counts)]).0;
            assert!(page.contains("COVISHIELD") && page.contains("PHC Devanahalli"), "{page}");
        }
    }

    #[test]
    fn a_day_without_sessions_says_whom_to_ask() {
        let w = Words::default();
        assert!(content(w, &[]).0.contains(&w.t("work-no-sessions-help")));
    }
}
