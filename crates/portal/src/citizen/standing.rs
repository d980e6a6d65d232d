//! Where a member stands on her way: what was given, what is booked, what comes next. Pure.

use crate::page::Form;
use crate::words::Words;
use jiff::Zoned;
use jiff::civil::Date;
use registry::{BirthYear, Ineligible, PastDose, Session, Slot, eligibility};
use vault::Card;
use vault::rows::{AppointmentRow, DoseRow, Status};

/// The dose that comes next, and the first day for it where that is still to come or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Next {
    /// 1, 2 or 3.
    pub(super) dose: u8,
    /// The earliest day.
    pub(super) from: Option<Date>,
}

/// What stands ahead of her.
pub(super) enum Ahead<'a> {
    /// She has an appointment.
    Booked(&'a AppointmentRow),
    /// She had one, and its day went by.
    Missed(&'a AppointmentRow),
    /// The centre called it off.
    CalledOff(&'a AppointmentRow),
    /// She may book.
    Open(Next),
    /// She has had every dose there is.
    Complete,
    /// This record was joined to another, where she goes on.
    Joined,
}

/// Why a session is not for her, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// A rule stands against it.
    Rule(Ineligible),
    /// No place is left.
    Full,
    /// It has ended, or was called off.
    Over,
    /// This record was joined to another.
    Joined,
}

impl Bar {
    /// In words.
    pub(super) fn words(self, w: Words) -> String {
        let key = match self {
            Self::Rule(Ineligible::TooEarly { from }) => {
                return w.with("book-bar-early", [("day", w.date(from).into())]);
            }
            Self::Rule(Ineligible::Age) => "book-bar-age",
            Self::Rule(Ineligible::OtherVaccine { .. }) => "book-bar-vaccine",
            Self::Rule(_) => "book-bar-order",
            Self::Full => "book-bar-full",
            Self::Over => "book-bar-over",
            Self::Joined => "join-bar",
        };
        w.t(key)
    }
}

/// Her doses as the rules see them.
pub(super) fn past(doses: &[DoseRow]) -> Vec<PastDose> {
    doses.iter().map(|dose| PastDose { number: dose.number, vaccine: dose.vaccine, day: dose.day }).collect()
}

/// The dose that comes next, and its first day.
pub(super) fn next(doses: &[DoseRow]) -> Option<Next> {
    let past = past(doses);
    let dose = eligibility::next_dose(&past)?;
    let before = past.iter().find(|one| one.number + 1 == dose);
    let from = before.and_then(|one| eligibility::earliest(&past, dose, one.vaccine).ok());
    Some(Next { dose, from })
}

/// What stands ahead of a member on `today`.
pub(super) fn ahead(card: &Card, today: Date) -> Ahead<'_> {
    if card.is_joined {
        return Ahead::Joined;
    }
    let live = |row: &&AppointmentRow| matches!(row.status, Status::Booked | Status::CheckedIn);
    if let Some(row) = card.appointments.iter().rfind(live) {
        return if row.day < today { Ahead::Missed(row) } else { Ahead::Booked(row) };
    }
    let Some(next) = next(&card.doses) else { return Ahead::Complete };
    match card.appointments.last() {
        Some(row) if row.status == Status::CalledOff && row.dose == next.dose => Ahead::CalledOff(row),
        _ => Ahead::Open(next),
    }
}

/// Whether she may book this dose at this session now.
pub(super) fn may_book(card: &Card, dose: u8, session: &Session, now: &Zoned) -> Result<(), Bar> {
    if card.is_joined {
        return Err(Bar::Joined);
    }
    if session.cancelled || open_slots(session, now).is_empty() {
        return Err(Bar::Over);
    }
    let born = BirthYear::new(card.birth_year).map_err(|_| Bar::Rule(Ineligible::Age))?;
    eligibility::may_book(born, &past(&card.doses), dose, session).map_err(Bar::Rule)?;
    if session.open_for(dose) == 0 { Err(Bar::Full) } else { Ok(()) }
}

/// The windows of a session that have not ended.
pub(super) fn open_slots<'a>(session: &'a Session, now: &Zoned) -> Vec<&'a Slot> {
    let minutes = i32::from(now.hour()) * 60 + i32::from(now.minute());
    let open = |slot: &&Slot| session.day > now.date() || i32::from(slot.minutes().1) > minutes;
    session.slots.iter().filter(|_| session.day >= now.date()).filter(open).collect()
}

/// The dose that a form or an address names, else what comes next.
pub(super) fn dose_of(form: &Form, card: &Card) -> Option<u8> {
    let said = form.value("dose").parse().ok().filter(|dose| registry::session::DOSES.contains(dose));
    said.or_else(|| next(&card.doses).map(|next| next.dose))
}
