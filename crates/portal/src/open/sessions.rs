//! Open sessions as people read them: centres by distance or by name, their days across.
//!
//! [`listing`] is pure and shared: the search that anyone may make and the booking of someone signed in differ only
//! in where a session leads, which the caller says in [`Listing::link`].

use crate::page::{Form, Tone, card, empty_state, inset, pagination, tag};
use crate::words::Words;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use maud::{Markup, html};
use registry::{AgeBand, Centre, Session, Slot, Vaccine};
use vault::rows::Offer;

#[cfg(test)]
mod tests;

/// Days that are shown side by side.
const DAYS: i32 = 7;

/// Sessions on one page, unless one centre has more: in Hindi, too, it stays light enough for a slow connection.
const SESSIONS: usize = 45;

/// How far ahead a session can be looked for, in days from today.
const AHEAD: i32 = 90;

/// Where the reader stands: degrees north, degrees east.
pub(crate) type Position = (f64, f64);

/// How a list of open sessions is drawn.
pub(crate) struct Listing<'a> {
    /// Today, at the centres.
    pub(crate) today: Date,
    /// The first of the seven days; not before today.
    pub(crate) from: Date,
    /// When the places were counted, at the centres.
    pub(crate) as_of: Time,
    /// From where distances are measured; without it centres stand by name.
    pub(crate) near: Option<Position>,
    /// The one dose whose places count, 1 to 3; `None` shows every dose.
    pub(crate) dose: Option<u8>,
    /// Which part of the centres is shown, counted from 1.
    pub(crate) part: u32,
    /// The address of this list beginning with another day; it has a query, to which the part is added.
    pub(crate) page: &'a dyn Fn(Date) -> String,
    /// Where a session leads.
    pub(crate) link: &'a dyn Fn(&Session) -> String,
    /// What else there is when nothing is open, nearest first.
    pub(crate) elsewhere: &'a [Elsewhere],
}

/// Another centre, and when it has open places.
pub(crate) struct Elsewhere {
    /// Where.
    pub(crate) centre: Centre,
    /// How far from where the reader looks.
    pub(crate) metres: Option<u32>,
    /// Its next open sessions, soonest first.
    pub(crate) next: Vec<Session>,
}

/// The first and the last of the seven days from `from`.
pub(crate) fn week(from: Date) -> (Date, Date) {
    (from, from.saturating_add((DAYS - 1).days()))
}

/// The day a list begins with: the wished one, moved into what can be looked at.
pub(crate) fn first_day(wished: Option<Date>, today: Date) -> Date {
    wished.map_or(today, |day| day.clamp(today, today.saturating_add(AHEAD.days())))
}

/// The part of the centres that a query asks for.
pub(crate) fn part_of(form: &Form) -> u32 {
    form.value("part").parse().unwrap_or(1)
}

/// The seven days, centre by centre; in their place what is open elsewhere, when nothing is.
pub(crate) fn listing(w: Words, offers: &[Offer], how: &Listing<'_>) -> Markup {
    let centres = by_centre(offers, how.near);
    let pages = in_pages(&centres);
    let parts = u32::try_from(pages.len()).unwrap_or(u32::MAX).max(1);
    let part = how.part.clamp(1, parts);
    html! {
        (weeks(w, how))
        @if centres.is_empty() { (nothing(w, how)) }
        @for (centre, sessions) in pages.get(part as usize - 1).copied().unwrap_or_default() {
            (one_centre(w, centre, sessions, how))
        }
        (pagination(w, part, parts, |part| format!("{}&part={part}", (how.page)(how.from))))
        p.quiet { (w.with("sessions-as-of", [("time", w.time_exact(how.as_of).into())])) }
    }
}

/// Each centre with its sessions, nearest first, or by name.
fn by_centre(offers: &[Offer], near: Option<Position>) -> Vec<(&Centre, Vec<&Session>)> {
    let mut centres: Vec<(&Centre, Vec<&Session>)> = Vec::new();
    for offer in offers {
        match centres.iter_mut().find(|(centre, _)| centre.id == offer.centre.id) {
            Some((_, sessions)) => sessions.push(&offer.session),
            None => centres.push((&offer.centre, vec![&offer.session])),
        }
    }
    centres.sort_by(|a, b| match near {
        Some((north, east)) => a.0.metres_to(north, east).total_cmp(&b.0.metres_to(north, east)),
        None => a.0.name.cmp(&b.0.name),
    });
    centres
}

/// Whole centres, as many on a page as their sessions allow, and at least one.
fn in_pages<'a, 'o>(mut centres: &'a [(&'o Centre, Vec<&'o Session>)]) -> Vec<&'a [(&'o Centre, Vec<&'o Session>)]> {
    let mut pages = Vec::new();
    while !centres.is_empty() {
        let mut sessions = 0;
        let fitting = centres.iter().take_while(|(_, here)| {
            sessions += here.len();
            sessions <= SESSIONS
        });
        let (page, rest) = centres.split_at(fitting.count().max(1));
        pages.push(page);
        centres = rest;
    }
    pages
}

fn weeks(w: Words, how: &Listing<'_>) -> Markup {
    let (from, to) = week(how.from);
    let earlier = how.from.saturating_sub(DAYS.days()).max(how.today);
    let later = how.from.saturating_add(DAYS.days());
    html! {
        nav.pagination aria-label=(w.t("sessions-weeks")) {
            @if how.from > how.today { a rel="prev" href=((how.page)(earlier)) { (w.t("sessions-earlier")) } }
            strong { (w.with("sessions-week", [("from", w.day(from).into()), ("to", w.day(to).into())])) }
            @if later <= how.today.saturating_add(AHEAD.days()) {
                a rel="next" href=((how.page)(later)) { (w.t("sessions-later")) }
            }
        }
    }
}

fn one_centre(w: Words, centre: &Centre, sessions: &[&Session], how: &Listing<'_>) -> Markup {
    card(html! {
        h2 { (centre.name) }
        p { (whereabouts(w, centre, how.near.map(|(north, east)| metres(centre, north, east)))) }
        ul.days {
            @for day in (0..DAYS).map(|days| how.from.saturating_add(days.days())) {
                @let on: Vec<&&Session> = sessions.iter().filter(|session| session.day == day).collect();
                li.none[on.is_empty()] {
                    strong { (w.day(day)) }
                    div {
                        @for session in &on { (one_session(w, session, how)) }
                        @if on.is_empty() { span.quiet { (w.t("sessions-none")) } }
                    }
                }
            }
        }
    })
}

/// Address, PIN code, and how far it is where that is known.
pub(crate) fn whereabouts(w: Words, centre: &Centre, metres: Option<u32>) -> Markup {
    let place = w.with(
        "centre-address",
        [("address", centre.address.as_str().into()), ("pin", centre.pincode.number().to_string().into())],
    );
    html! {
        @if let Some(metres) = metres { (tag(Tone::Plain, &w.distance(metres))) " " }
        (place)
    }
}

/// Whole metres to a centre; nowhere on Earth is farther than fits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on Earth is below 2^32 metres")]
pub(crate) fn metres(centre: &Centre, north: f64, east: f64) -> u32 {
    centre.metres_to(north, east).round() as u32
}

fn one_session(w: Words, session: &Session, how: &Listing<'_>) -> Markup {
    html! {
        a.offer href=((how.link)(session)) {
            strong { (vaccine(w, session.vaccine)) }
            span { (ages(w, session.ages)) " · " (w.fee(session.fee.paise.into())) }
            span { (places_at_once(w, session, how.dose)) }
            @if let Some(span) = opening(w, &session.slots) { span { (span) } }
        }
    }
}

/// The doses that have places left, and how many.
fn left(session: &Session, dose: Option<u8>) -> impl Iterator<Item = (u8, u32)> {
    let counted = [1, 2, 3].map(|number| (number, session.open_for(number)));
    counted.into_iter().filter(move |(number, open)| *open > 0 && dose.is_none_or(|wanted| wanted == *number))
}

/// Places left for each dose that is offered here, a line each, or that none are left.
pub(crate) fn places(w: Words, session: &Session, dose: Option<u8>) -> Vec<String> {
    let line = |(dose, count): (u8, u32)| w.with("places-left", [("dose", dose.into()), ("count", count.into())]);
    let lines: Vec<String> = left(session, dose).map(line).collect();
    if lines.is_empty() { vec![w.t("places-none")] } else { lines }
}

/// The same in one line, for lists: *Places left: dose 1: 24, dose 2: 3*.
fn places_at_once(w: Words, session: &Session, dose: Option<u8>) -> String {
    let short = |(dose, count): (u8, u32)| w.with("places-of-dose", [("dose", dose.into()), ("count", count.into())]);
    let list = left(session, dose).map(short).collect::<Vec<_>>().join(", ");
    if list.is_empty() { w.t("places-none") } else { w.with("places-list", [("list", list.into())]) }
}

/// Whom a session serves: *18 years and over*.
pub(crate) fn ages(w: Words, ages: AgeBand) -> String {
    match ages.max {
        None => w.with("ages-from", [("from", ages.min.into())]),
        Some(max) => w.with("ages-between", [("from", ages.min.into()), ("to", max.into())]),
    }
}

/// From the start of the first slot to the end of the last.
fn opening(w: Words, slots: &[Slot]) -> Option<String> {
    let ends = slots.iter().map(Slot::minutes);
    let from = ends.clone().map(|(from, _)| from).min()?;
    Some(w.time_span(clock(from), clock(ends.map(|(_, to)| to).max()?)))
}

/// A slot in words: *9:00 am to 11:00 am*.
pub(crate) fn slot(w: Words, slot: &Slot) -> String {
    let (from, to) = slot.minutes();
    w.time_span(clock(from), clock(to))
}

fn clock(minutes: u16) -> Time {
    let part = |number: u16| i8::try_from(number).expect("below sixty");
    Time::constant(part(minutes / 60 % 24), part(minutes % 60), 0, 0)
}

/// A vaccine's name in the reader's script.
pub(crate) fn vaccine(w: Words, vaccine: Vaccine) -> String {
    w.t(match vaccine {
        Vaccine::Covishield => "vaccine-covishield",
        Vaccine::Covaxin => "vaccine-covaxin",
        Vaccine::SputnikV => "vaccine-sputnik-v",
        Vaccine::Corbevax => "vaccine-corbevax",
        Vaccine::Covovax => "vaccine-covovax",
        Vaccine::ZycovD => "vaccine-zycov-d",
    })
}

fn nothing(w: Words, how: &Listing<'_>) -> Markup {
    html! {
        (empty_state(&w.t("sessions-empty"), html! { p { (w.t("sessions-empty-text")) } }))
        @if !how.elsewhere.is_empty() {
            h2 { (w.t("sessions-elsewhere")) }
            @for other in how.elsewhere { (one_other(w, other, how)) }
        }
    }
}

fn one_other(w: Words, other: &Elsewhere, how: &Listing<'_>) -> Markup {
    inset(html! {
        h3 { (other.centre.name) }
        p {
            @if let Some(metres) = other.metres {
                (tag(Tone::Plain, &w.with("about-distance", [("distance", w.distance(metres).into())]))) " "
            }
            (whereabouts(w, &other.centre, None))
        }
        ul {
            @for session in &other.next {
                li {
                    a href=((how.link)(session)) { (w.day(session.day)) ": " (vaccine(w, session.vaccine)) }
                    " · " (ages(w, session.ages)) " · " (w.fee(session.fee.paise.into()))
                }
            }
        }
    })
}
