//! The sessions of a centre, a week at a time.

use super::{Desk, Frame, ages, centres, figure, hours, unbroken};
use crate::Failure;
use crate::page::{Tone, empty_state, link_button, quiet_link_button, table, tag};
use crate::words::Words;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::{Centre, SessionId};
use std::collections::HashMap;
use vault::rows::{Offer, SessionCounts};

/// The Monday on or before a day.
fn monday(day: Date) -> Date {
    day.checked_sub(i32::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day)
}

/// `GET /manager/sessions?centre=&week=`: any day names its week.
pub(super) async fn week(desk: Desk) -> Result<Markup, Failure> {
    let (frame, w) = (desk.frame, desk.frame.w);
    let Some(centre) = desk.centre_asked() else {
        let found = centres::find(&desk).await?;
        let leads = |id| format!("/manager/sessions?centre={id}");
        return Ok(frame.wide(w.t("nav-sessions"), "/manager/sessions").page(html! {
            p.lead { (w.t("manager-sessions-choose")) }
            (centres::chooser(w, "/manager/sessions", &desk.query, &found, leads))
        }));
    };
    let centre = desk.vault().centre(centre).await?;
    let today = desk.vault().today();
    let from = monday(desk.query.value("week").parse().unwrap_or(today));
    let to = from.saturating_add(6.days());
    let sessions = desk.vault().agenda(&desk.staff, Some(centre.id), from, to).await?;
    let hands = desk.vault().hands(&desk.staff, from, to).await?;
    Ok(page(frame, &centre, from, today, &sessions, &hands))
}

fn page(
    frame: Frame,
    centre: &Centre,
    from: Date,
    today: Date,
    sessions: &[(Offer, SessionCounts)],
    hands: &HashMap<SessionId, u32>,
) -> Markup {
    let w = frame.w;
    let path = |week: Date| format!("/manager/sessions?centre={}&week={week}", centre.id);
    let (before, after, to) =
        (from.saturating_sub(7.days()), from.saturating_add(7.days()), from.saturating_add(6.days()));
    let days = w.with("manager-week", [("from", w.day(from).into()), ("to", w.date(to).into())]);
    let plan = format!("/manager/sessions/new?centre={}", centre.id);
    let here = path(from);
    let title = w.with("manager-sessions-title", [("centre", centre.name.as_str().into())]);
    frame.wide(title, &here).back(format!("/manager/centres/{}", centre.id)).page(html! {
        div.buttons {
            (link_button(&plan, &w.t("manager-plan-title")))
            (quiet_link_button(&path(before), &w.t("manager-week-before")))
            (quiet_link_button(&path(after), &w.t("manager-week-after")))
        }
        @if sessions.is_empty() {
            (empty_state(&w.with("manager-week-empty", [("week", days.into())]), html! {
                p { a href=(plan) { (w.t("manager-plan-title")) } }
            }))
        } @else {
            (table(days)
                .column(w.t("manager-day")).column(w.t("manager-vaccine")).column(w.t("manager-hours"))
                .column(w.t("manager-ages")).column(w.t("manager-fee"))
                .figures(w.t("manager-places")).figures(w.t("manager-short-left")).figures(w.t("manager-given"))
                .figures(w.t("manager-short-awaited")).figures(w.t("manager-hands")).column(w.t("manager-state"))
                .rows(sessions.iter().map(|(offer, seen)| cells(w, today, offer, *seen, hands))))
        }
    })
}

fn cells(w: Words, today: Date, offer: &Offer, seen: SessionCounts, hands: &HashMap<SessionId, u32>) -> Vec<Markup> {
    let session = &offer.session;
    let capacity: u32 = session.places.iter().map(|places| places.capacity).sum::<u32>() + session.walk_in.capacity;
    let hands = hands.get(&session.id).copied().unwrap_or(0);
    vec![
        html! { a href={ "/manager/sessions/" (session.id) } { (unbroken(&w.day(session.day))) } },
        html! { (session.vaccine.label()) },
        html! { (hours(w, session)) },
        html! { (ages(w, session.ages)) },
        html! { (w.fee(session.fee.paise.into())) },
        figure(w, capacity),
        figure(w, session.open() + session.walk_in.open),
        figure(w, seen.done),
        figure(w, seen.booked),
        figure(w, hands),
        state(w, today, session.cancelled, session.day, hands),
    ]
}

/// Where a session stands, in a word.
pub(super) fn state(w: Words, today: Date, cancelled: bool, day: Date, hands: u32) -> Markup {
    if cancelled {
        tag(Tone::Bad, &w.t("manager-state-called-off"))
    } else if day < today {
        tag(Tone::Plain, &w.t("manager-state-over"))
    } else if hands == 0 {
        tag(Tone::Warn, &w.t("manager-state-no-hands"))
    } else if day == today {
        tag(Tone::Good, &w.t("manager-state-today"))
    } else {
        tag(Tone::Info, &w.t("manager-state-published"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_begins_on_its_monday() {
        for (day, begins) in [((2026, 11, 22), 16), ((2026, 11, 23), 23), ((2026, 11, 29), 23)] {
            assert_eq!(monday(date(day.0, day.1, day.2)), date(2026, 11, begins));
        }
    }
}
