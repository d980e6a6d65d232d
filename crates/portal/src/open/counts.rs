//! `/counts`: doses by day and state, without the small figures that would speak of someone.

use crate::caller::{Dress, Visitor};
use crate::page::{Shell, empty_state, table};
use crate::words::{Language, Words};
use crate::{Failure, Portal};
use axum::extract::State;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::State as Region;
use vault::{PublicCount, SMALLEST_CELL};

/// Days that are shown.
const DAYS: i32 = 7;

/// `GET /counts`
pub(super) async fn counts(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Result<Markup, Failure> {
    let vault = portal.vault();
    let days: Vec<Date> = (1..=DAYS).rev().map(|back| vault.today().saturating_sub(back.days())).collect();
    let counts = vault.public_counts(days[0], days[days.len() - 1]).await?;
    let states = vault.states().await?;
    let shell = who.dress(&portal, Shell::new(w, w.t("counts-title"), "/counts").wide());
    Ok(shell.page(page(w, &states, &days, &counts)))
}

fn page(w: Words, states: &[Region], days: &[Date], counts: &[PublicCount]) -> Markup {
    let smallest = || [("smallest", SMALLEST_CELL.into())];
    let all: u64 = counts.iter().map(|count| u64::from(count.doses)).sum();
    html! {
        p.lead { (w.t("counts-lead")) }
        @if counts.is_empty() {
            (empty_state(&w.t("counts-empty"), html! { p { (w.with("counts-empty-text", smallest())) } }))
        } @else {
            p.figure { (w.with("counts-all", [("count", all.into())])) }
            (bars(w, days, counts))
            (by_state(w, states, days, counts))
        }
        p.quiet { (w.with("counts-small", smallest())) }
    }
}

fn of_day(counts: &[PublicCount], day: Date) -> u32 {
    counts.iter().filter(|count| count.day == day).map(|count| count.doses).sum()
}

/// One bar a day, drawn here; the table below says the same in figures.
fn bars(w: Words, days: &[Date], counts: &[PublicCount]) -> Markup {
    let most = days.iter().map(|day| of_day(counts, *day)).max().unwrap_or_default().max(1);
    let length = |doses: u32| u64::from(doses) * 200 / u64::from(most);
    html! {
        svg.bars viewBox={ "0 0 400 " (days.len() * 34) } role="img" aria-label=(w.t("counts-chart")) {
            @for (at, day) in days.iter().enumerate() {
                @let (doses, top) = (of_day(counts, *day), at * 34);
                text x="0" y=(top + 22) { (w.day(*day)) }
                rect x="110" y=(top + 4) width=(length(doses).max(2)) height="26" rx="4" {}
                text x=(length(doses) + 120) y=(top + 22) { (w.number(doses.into())) }
            }
        }
    }
}

fn by_state(w: Words, states: &[Region], days: &[Date], counts: &[PublicCount]) -> Markup {
    let cell = |state: &Region, day: Date| {
        let found = counts.iter().find(|count| count.state == state.id && count.day == day);
        found.map_or_else(
            || w.with("counts-fewer", [("smallest", SMALLEST_CELL.into())]),
            |count| w.number(count.doses.into()),
        )
    };
    let head = table(w.t("counts-table")).column(w.t("find-state"));
    let head = days.iter().fold(head, |table, day| table.figures(w.day(*day)));
    let shown = states.iter().filter(|state| counts.iter().any(|count| count.state == state.id));
    html! {
        (shown.fold(head, |table, state| {
            let name = if w.language() == Language::Hindi { &state.name_hi } else { &state.name };
            let cells = days.iter().map(|day| html! { (cell(state, *day)) });
            table.row(std::iter::once(html! { (name) }).chain(cells).collect())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use registry::StateId;

    #[test]
    fn what_was_left_out_is_said_and_in_no_sum() {
        let region = |id, name: &str| Region { id: StateId(id), name: name.into(), name_hi: name.into() };
        let states = [region(1, "Goa"), region(2, "Sikkim")];
        let days = [date(2026, 11, 21), date(2026, 11, 22)];
        let counts = [PublicCount { state: StateId(1), day: days[1], doses: 1_200 }];
        let page = page(Words::default(), &states, &days, &counts).0;
        assert!(page.contains("1,200 doses") && page.contains("under 10") && page.contains("Goa"));
        assert!(!page.contains("Sikkim"), "a state without a large figure is not named");
        let empty = super::page(Words::default(), &states, &days, &[]).0;
        assert!(empty.contains("No figures to show") && !empty.contains("<svg"));
    }
}
