//! Open sessions as people read them: centres by distance or by name, their days across.
//!
//! [`listing`] is pure and shared: the search that anyone may make and the booking of someone signed in differ only
//! in where a session leads, which the caller says in [`Listing::link`].

use crate::page::{Tone, card, empty_state, inset, tag};
use crate::words::Words;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use maud::{Markup, html};
use registry::{AgeBand, Centre, Session, Slot, Vaccine};
use vault::rows::Offer;

/// Days that are shown side by side.
const DAYS: i32 = 7;

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
    /// The address of this list beginning with another day.
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

/// The seven days, centre by centre; in their place what is open elsewhere, when nothing is.
pub(crate) fn listing(w: Words, offers: &[Offer], how: &Listing<'_>) -> Markup {
    let centres = by_centre(offers, how.near);
    html! {
        (weeks(w, how))
        @if centres.is_empty() { (nothing(w, how)) }
        @for (centre, sessions) in &centres { (one_centre(w, centre, sessions, how)) }
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
            @for line in places(w, session, how.dose) { span { (line) } }
            @if let Some(span) = opening(w, &session.slots) { span { (span) } }
            span.unseen { (w.day(session.day)) }
        }
    }
}

/// Places left for each dose that is offered here, or that none are left.
pub(crate) fn places(w: Words, session: &Session, dose: Option<u8>) -> Vec<String> {
    let open = |number: &u8| session.open_for(*number) > 0 && dose.is_none_or(|wanted| wanted == *number);
    let left = |number: u8| {
        w.with("places-left", [("dose", number.into()), ("count", session.open_for(number).into())])
    };
    let lines: Vec<String> = [1, 2, 3].into_iter().filter(open).map(left).collect();
    if lines.is_empty() { vec![w.t("places-none")] } else { lines }
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
        p { (whereabouts(w, &other.centre, other.metres)) }
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
