//! A session's list: windows, last four digits, states. Nothing sealed, so nothing is opened.

use super::today::Counts;
use super::{Asked, At, Spot, batch_hint, batches, hours, shell, window};
use crate::caller::PageVaccinator;
use crate::open::sessions::ages;
use crate::page::{
    Form, Tone, banner, buttons, details, empty_state, inset, link_button, quiet_link_button, summary_list, tag,
    task_list,
};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use maud::{Markup, html};
use vault::ListRow;
use vault::rows::{BatchRow, Offer, Status};

/// What the list page shows.
struct View<'a> {
    at: At,
    offer: &'a Offer,
    rows: &'a [ListRow],
    waiting: usize,
    batches: &'a [BatchRow],
    /// Whether those who had their dose are listed too.
    all: bool,
}

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    asked: Asked,
) -> Result<Markup, Failure> {
    let (vault, query) = (portal.vault(), Form::from(asked.0));
    let offer = vault.at_work(&staff, at.0).await?;
    let rows = vault.session_list(&staff, at.0).await?;
    let waiting = vault.observations(&staff, at.0).await?.len();
    let batches = batches(&portal, &staff, at.0).await?;
    let all = query.value("show") == "all";
    let view = View { at, offer: &offer, rows: &rows, waiting, batches: &batches, all };
    let path = at.path();
    Ok(shell(&portal, &staff, w, "work-list-title", &path).back("/vaccinator").page(content(w, &view)))
}

fn content(w: Words, view: &View<'_>) -> Markup {
    let (at, counts) = (view.at, Counts::of(view.rows));
    html! {
        (place(w, view.offer))
        (buttons(html! {
            (link_button(&at.under("check-in"), &w.t("work-check-in")))
            (quiet_link_button(&at.under("walk-in"), &w.t("work-walk-in")))
            (quiet_link_button(&at.under("counter"), &w.t("counter-title")))
        }))
        (counts.tags(w))
        p { a href=(at.under("observations")) { (w.with("work-waiting-count", [("count", view.waiting.into())])) } }
        p { a href=(at.under("close")) { (w.t("work-close")) } }
        (section(w, view, Status::CheckedIn, "work-list-here"))
        (section(w, view, Status::Visiting, "counter-list"))
        (section(w, view, Status::Booked, "work-list-expected"))
        @if counts.done > 0 {
            @if view.all { (section(w, view, Status::Done, "work-list-done")) }
            @else { p { a href={ (at.path()) "?show=all" } { (w.t("work-list-show-done")) } } }
        }
        @if view.rows.is_empty() {
            (empty_state(&w.t("work-list-empty"), html! { p { (w.t("work-list-empty-help")) } }))
        }
        (at_hand(w, view.batches))
    }
}

fn place(w: Words, offer: &Offer) -> Markup {
    html! {
        p.lead { (offer.session.vaccine.label()) ", " (hours(w, offer)) }
        p.quiet { (offer.centre.name) " · " (ages(w, offer.session.ages)) }
    }
}

/// Everyone of one state, by window.
fn section(w: Words, view: &View<'_>, status: Status, title: &str) -> Markup {
    let tasks = view.rows.iter().filter(|row| row.status == status).fold(task_list(), |tasks, row| {
        let (tone, state) = state(status);
        tasks.task(row_title(w, row), row_path(view.at, row), tone, w.t(state))
    });
    html! { @if view.rows.iter().any(|row| row.status == status) { h2 { (w.t(title)) } (tasks) } }
}

fn row_title(w: Words, row: &ListRow) -> String {
    if row.status == Status::Visiting {
        return w.with("work-reference-ends", [("four", row.reference_last_four.as_str().into())]);
    }
    let values = [
        ("four", row.reference_last_four.as_str().into()),
        ("dose", row.dose.into()),
        ("window", window(w, &row.slot).into()),
    ];
    w.with("work-row", values)
}

/// Where a row leads: to what comes next for her.
fn row_path(at: At, row: &ListRow) -> String {
    let spot = Spot::new(at, (row.appointment, row.nth));
    match row.status {
        Status::CheckedIn => spot.path(),
        Status::Done => spot.under("done"),
        Status::Visiting => spot.under("ask"),
        _ => at.under(&format!("check-in?row={}.{}", row.appointment, row.nth)),
    }
}

fn state(status: Status) -> (Tone, &'static str) {
    match status {
        Status::CheckedIn | Status::Visiting => (Tone::Info, "work-state-here"),
        Status::Done => (Tone::Good, "work-state-done"),
        _ => (Tone::Plain, "work-state-expected"),
    }
}

fn at_hand(w: Words, batches: &[BatchRow]) -> Markup {
    let list = html! { ul { @for batch in batches { li { strong { (batch.number) } " – " (batch_hint(w, batch)) } } } };
    html! {
        @if batches.is_empty() { (banner(w, Tone::Warn, html! { p { (w.t("work-no-batch")) } })) }
        @else { (details(&w.with("work-batches", [("count", batches.len().into())]), list)) }
    }
}

/// The end of a session: what was done, and what is still open.
pub(super) async fn close(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
) -> Result<Markup, Failure> {
    let offer = portal.vault().at_work(&staff, at.0).await?;
    let counts = Counts::of(&portal.vault().session_list(&staff, at.0).await?);
    let waiting = portal.vault().observations(&staff, at.0).await?.len();
    let path = at.under("close");
    let content = closing(w, at, &offer, counts, waiting);
    Ok(shell(&portal, &staff, w, "work-close", &path).back(at.path()).page(content))
}

fn closing(w: Words, at: At, offer: &Offer, counts: Counts, waiting: usize) -> Markup {
    let number = |count: usize| w.number(i64::try_from(count).unwrap_or(i64::MAX));
    let list = summary_list(w)
        .row(w.t("work-state-done"), number(counts.done))
        .row(w.t("work-close-here"), number(counts.here))
        .row(w.t("work-close-missed"), number(counts.expected))
        .row(w.t("work-close-waiting"), number(waiting));
    html! {
        (place(w, offer))
        @if waiting > 0 {
            (banner(w, Tone::Warn, html! {
                p { (w.with("work-close-open", [("count", waiting.into())])) }
                p { a href=(at.under("observations")) { (w.t("work-waiting-title")) } }
            }))
        }
        @if counts.here > 0 {
            (inset(html! { p { (w.with("work-close-undone", [("count", counts.here.into())])) } }))
        }
        (list)
        @if waiting == 0 && counts.here == 0 { p { (tag(Tone::Good, &w.t("work-close-ready"))) } }
        p { (w.t("work-close-missed-help")) }
        (quiet_link_button("/vaccinator", &w.t("nav-sessions-today")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, batch, offer, row};
    use super::*;
    use crate::words::Language;

    fn drawn(w: Words, rows: &[ListRow], waiting: usize, batches: &[BatchRow], all: bool) -> String {
        content(w, &View { at: at(), offer: &offer(), rows, waiting, batches, all }).0
    }

    #[test]
    fn a_row_leads_to_what_comes_next() {
        let (w, at) = (Words::default(), at());
        let states = [Status::Booked, Status::CheckedIn, Status::Done, Status::Cancelled];
        let rows = states.map(row);
        let page = drawn(w, &rows, 2, &[batch("B1", 3)], true);
        let id = rows[0].appointment;
        assert!(page.contains(&at.under(&format!("check-in?row={id}.0"))));
        assert!(page.contains(&format!("\"{}\"", at.under(&format!("p/{id}/0")))));
        assert!(page.contains(&at.under(&format!("p/{id}/0/done"))));
        assert_eq!(page.matches("…4321").count(), 3, "whoever gave the place back is not expected");
        assert!(!drawn(w, &rows, 2, &[], false).contains("/done\""), "done is folded away until asked for");
        let visiting = drawn(w, &[row(Status::Visiting)], 0, &[], false);
        assert!(visiting.contains(&at.under(&format!("p/{id}/0/ask"))) && visiting.contains(&w.t("counter-list")));
    }

    #[test]
    fn an_empty_shelf_and_an_open_observation_are_said() {
        for language in Language::ALL {
            let w = Words::new(language);
            assert!(drawn(w, &[], 0, &[], false).contains(&w.t("work-no-batch")));
            let open = closing(w, at(), &offer(), Counts { expected: 3, here: 1, done: 9 }, 2).0;
            assert!(open.contains(&w.with("work-close-open", [("count", 2.into())])));
            assert!(!open.contains(&w.t("work-close-ready")));
            let ready = closing(w, at(), &offer(), Counts { expected: 3, here: 0, done: 9 }, 0).0;
            assert!(ready.contains(&w.t("work-close-ready")));
        }
    }
}
