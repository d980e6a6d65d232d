//! Today at a glance: what runs, what was given, who did not come, and what needs a hand now.

use super::{Cut, Desk, Frame, cut, figure, hours};
use crate::Failure;
use crate::page::{Tone, banner, card, empty_state, link_button, pagination, quiet_link_button, table, tag};
use crate::words::Words;
use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::{Session, SessionId};
use std::collections::HashMap;
use vault::DayAhead;
use vault::rows::{BatchRow, Offer, SessionCounts, Tally};

/// Days over which unattested doses are shown.
const UNATTESTED_DAYS: i32 = 30;

/// `GET /manager`.
pub(super) async fn today(desk: Desk) -> Result<Markup, Failure> {
    let now = desk.vault().now();
    let day = now.date();
    let ahead = desk.vault().day_ahead(&desk.staff, day).await?;
    let from = day.checked_sub(jiff::Span::new().days(UNATTESTED_DAYS)).unwrap_or(day);
    let tallies = desk.vault().tallies(&desk.staff, None, from, day).await?;
    let glance = Glance::of(&ahead, &tallies, &now);
    let hands = ahead.hands;
    let rows =
        cut(ahead.sessions.into_iter().filter(|(offer, _)| !offer.session.cancelled).collect(), desk.page_asked());
    Ok(page(desk.frame, &now, &glance, &rows, &hands))
}

/// What a manager sees first.
#[derive(Debug, Default, PartialEq, Eq)]
struct Glance {
    sessions: usize,
    running: usize,
    given: u32,
    no_shows: u32,
    left: u32,
    unattested: u32,
    alarms: Vec<Alarm>,
}

/// Something that needs a hand now.
#[derive(Debug, PartialEq, Eq)]
enum Alarm {
    /// A batch that is past its day stands where a session could draw from it.
    Expired { centre: String, batch: BatchRow },
    /// A session has nothing to give.
    NoBatch { centre: String, session: Session },
    /// A session has nobody to give it.
    NoHands { centre: String, session: SessionId },
}

/// Start of the first window and end of the last, minutes after midnight.
fn span(session: &Session) -> (u16, u16) {
    let from = session.slots.first().map_or(0, |slot| slot.minutes().0);
    (from, session.slots.last().map_or(24 * 60, |slot| slot.minutes().1))
}

fn minutes(now: &Zoned) -> u16 {
    u16::from(now.hour().unsigned_abs()) * 60 + u16::from(now.minute().unsigned_abs())
}

impl Glance {
    fn of(ahead: &DayAhead, tallies: &[Tally], now: &Zoned) -> Self {
        let (day, minute) = (now.date(), minutes(now));
        let standing = || ahead.sessions.iter().map(|(offer, _)| offer).filter(|offer| !offer.session.cancelled);
        let running = |offer: &&Offer| {
            let (from, to) = span(&offer.session);
            (from..to).contains(&minute)
        };
        let still = standing().filter(|offer| span(&offer.session).1 > minute);
        let sum = |wanted: &dyn Fn(&&Tally) -> bool| tallies.iter().filter(wanted).map(|tally| tally.doses).sum();
        Self {
            sessions: standing().count(),
            running: standing().filter(running).count(),
            given: sum(&|tally| tally.day == day && tally.attested),
            no_shows: ahead.awaited.iter().filter(|(_, slot, _)| slot.minutes().1 <= minute).map(|(_, _, n)| n).sum(),
            left: still.map(|offer| offer.session.open() + offer.session.walk_in.open).sum(),
            unattested: sum(&|tally| !tally.attested),
            alarms: standing().flat_map(|offer| alarms(offer, ahead, day)).collect(),
        }
    }
}

fn alarms(offer: &Offer, ahead: &DayAhead, day: Date) -> Vec<Alarm> {
    let (session, centre) = (&offer.session, &offer.centre.name);
    let here = |batch: &&BatchRow| batch.centre == session.centre && batch.vaccine == session.vaccine;
    let usable = |batch: &BatchRow| batch.expires >= day && !batch.stopped && batch.doses > batch.given;
    let expired = |batch: &&BatchRow| batch.expires < day && !batch.stopped && batch.doses > batch.given;
    let batches = || ahead.batches.iter().filter(here);
    let mut alarms: Vec<_> = batches()
        .filter(expired)
        .map(|batch| Alarm::Expired { centre: centre.clone(), batch: batch.clone() })
        .collect();
    if !batches().any(usable) {
        alarms.push(Alarm::NoBatch { centre: centre.clone(), session: session.clone() });
    }
    if !ahead.hands.contains_key(&session.id) {
        alarms.push(Alarm::NoHands { centre: centre.clone(), session: session.id });
    }
    alarms
}

/// A large figure whose label leads to what it means.
pub(super) fn figure_card(w: Words, name: &str, label: &str, count: i64) -> Markup {
    card(html! { p { a href={ "/manager/figures#" (name) } { (label) } } p.figure { (w.number(count)) } })
}

fn page(
    frame: Frame,
    now: &Zoned,
    glance: &Glance,
    rows: &Cut<(Offer, SessionCounts)>,
    hands: &HashMap<SessionId, u32>,
) -> Markup {
    let w = frame.w;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    frame.wide(w.t("nav-today"), "/manager").page(html! {
        p.quiet { (w.date(now.date())) ". " (w.with("manager-as-of", [("time", w.time_exact(now.time()).into())])) }
        (alarm_list(w, &glance.alarms))
        div.grid {
            (figure_card(w, "running", &w.t("manager-figure-running"), count(glance.running)))
            (figure_card(w, "given", &w.t("manager-figure-given"), glance.given.into()))
            (figure_card(w, "no-shows", &w.t("manager-figure-no-shows"), glance.no_shows.into()))
            (figure_card(w, "left", &w.t("manager-figure-left"), glance.left.into()))
            (figure_card(w, "unattested", &w.t("manager-figure-unattested"), glance.unattested.into()))
        }
        div.buttons {
            (link_button("/manager/sessions/new", &w.t("manager-plan-title")))
            (quiet_link_button("/manager/counts", &w.t("manager-counts-title")))
        }
        @if rows.rows.is_empty() {
            (empty_state(&w.t("manager-today-empty"), html! { p { a href="/manager/sessions/new" { (w.t("manager-plan-title")) } } }))
        } @else {
            (session_table(w, now, glance.sessions, rows, hands))
            (pagination(w, rows.page, rows.pages, |page| format!("/manager?page={page}")))
        }
    })
}

fn alarm_list(w: Words, alarms: &[Alarm]) -> Markup {
    const MOST: usize = 12;
    html! {
        @if !alarms.is_empty() {
            (banner(w, Tone::Warn, html! {
                p { (w.with("manager-alarms", [("count", alarms.len().into())])) }
                ul { @for alarm in alarms.iter().take(MOST) { li { (alarm_line(w, alarm)) } } }
                @if alarms.len() > MOST { p { (w.with("manager-alarms-more", [("count", (alarms.len() - MOST).into())])) } }
            }))
        }
    }
}

fn alarm_line(w: Words, alarm: &Alarm) -> Markup {
    match alarm {
        Alarm::Expired { centre, batch } => html! {
            a href={ "/manager/batches?centre=" (batch.centre) } {
                (w.with("manager-alarm-expired", [
                    ("centre", centre.as_str().into()),
                    ("batch", batch.number.as_str().into()),
                    ("day", w.date(batch.expires).into()),
                ]))
            }
        },
        Alarm::NoBatch { centre, session } => html! {
            a href={ "/manager/batches?centre=" (session.centre) } {
                (w.with("manager-alarm-no-batch", [("centre", centre.as_str().into()), ("vaccine", session.vaccine.label().into())]))
            }
        },
        Alarm::NoHands { centre, session } => html! {
            a href={ "/manager/sessions/" (session) } {
                (w.with("manager-alarm-no-hands", [("centre", centre.as_str().into())]))
            }
        },
    }
}

fn session_table(
    w: Words,
    now: &Zoned,
    sessions: usize,
    rows: &Cut<(Offer, SessionCounts)>,
    hands: &HashMap<SessionId, u32>,
) -> Markup {
    let minute = minutes(now);
    let row = |(offer, seen): &(Offer, SessionCounts)| {
        let session = &offer.session;
        let (from, to) = span(session);
        let state = match minute {
            early if early < from => tag(Tone::Plain, &w.t("manager-state-later")),
            late if late >= to => tag(Tone::Plain, &w.t("manager-state-over")),
            _ => tag(Tone::Good, &w.t("manager-state-running")),
        };
        vec![
            html! { a href={ "/manager/sessions/" (session.id) } { (offer.centre.name) } },
            html! { (session.vaccine.label()) },
            html! { (hours(w, session)) },
            figure(w, seen.booked),
            figure(w, seen.checked_in),
            figure(w, seen.done),
            figure(w, session.open() + session.walk_in.open),
            figure(w, hands.get(&session.id).copied().unwrap_or(0)),
            state,
        ]
    };
    html! {
        (table(w.with("manager-today-sessions", [("count", sessions.into())]))
            .column(w.t("manager-centre")).column(w.t("manager-vaccine")).column(w.t("manager-hours"))
            .figures(w.t("manager-short-awaited")).figures(w.t("manager-short-there")).figures(w.t("manager-given"))
            .figures(w.t("manager-short-left")).figures(w.t("manager-hands")).column(w.t("manager-state"))
            .rows(rows.rows.iter().map(row)))
    }
}

#[cfg(test)]
mod tests;
