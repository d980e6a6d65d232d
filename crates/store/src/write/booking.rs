//! Places: booked, moved, given back, called off. Every step keeps capacity = open + held + booked.

use super::citizen::{hold_family, seal};
use super::facts::notices;
use super::{Batch, Effected, Stop, one_row};
use crate::command::{Answer, Book, Move, Refusal};
use crate::rows::Cause;
use crate::sql::{self, Connection, Param, ToParam, params};
use registry::{AppointmentId, PersonId, SessionId, Slot};

pub(super) fn book(batch: &mut Batch<'_>, book: &Book) -> Effected {
    hold_family(batch.sql, &book.by)?;
    if let Some(standing) = standing_appointment(batch, book)? {
        return Ok(Answer::Appointment(standing));
    }
    check_slot(batch, book.session, &book.slot)?;
    take(batch, book.session, book.dose, book.people.len())?;
    for one in &book.people {
        let made = batch.sql.run(
            "INSERT INTO appointment (id, person, session, slot, dose, place, status, code_version, code_hash, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5, 'booked', ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            params![
                book.appointment.bytes(),
                one.person.bytes(),
                book.session.bytes(),
                book.slot.text(),
                book.dose,
                one.code.version,
                one.code_hash,
                book.now_ms
            ],
        )?;
        one_row(made, Refusal::AlreadyBooked)?;
        seal(batch.sql, std::slice::from_ref(&one.code))?;
        notify(batch, one.person, Cause::Changed, book.appointment, book.now_ms)?;
    }
    Ok(Answer::Appointment(book.appointment))
}

/// The same wish twice is one booking: where all of them are booked just so, in one appointment, that appointment is
/// the answer.
fn standing_appointment(batch: &Batch<'_>, book: &Book) -> Result<Option<AppointmentId>, Stop> {
    let mut standing = Vec::with_capacity(book.people.len());
    for one in &book.people {
        let row: Option<Standing> = batch.sql.one(
            "SELECT id, session, slot FROM appointment
                 WHERE person = ?1 AND dose = ?2 AND status IN ('booked', 'checked-in', 'done')",
            params![one.person.bytes(), book.dose],
            |row| Ok((row.at(0)?, row.at(1)?, row.at(2)?)),
        )?;
        standing.push(row);
    }
    Ok(just_so(book, &standing)?)
}

/// A live appointment: its id, its session, its slot.
pub(crate) type Standing = ([u8; 16], [u8; 16], String);

/// What the appointments that stand for her and hers make of a wish.
pub(crate) fn just_so(book: &Book, standing: &[Option<Standing>]) -> Result<Option<AppointmentId>, Refusal> {
    let just_so = |row: &Standing| row.1 == *book.session.bytes() && row.2 == book.slot.text();
    match standing.first() {
        Some(Some(first)) if just_so(first) && standing.iter().all(|row| row.as_ref() == Some(first)) => {
            Ok(Some(AppointmentId(uuid::Uuid::from_bytes(first.0))))
        }
        _ if standing.iter().any(Option::is_some) => Err(Refusal::AlreadyBooked),
        _ => Ok(None),
    }
}

pub(super) fn check_slot(batch: &Batch<'_>, session: SessionId, slot: &Slot) -> Result<(), Stop> {
    let row: Option<(String, bool)> =
        batch.sql.one("SELECT slots, cancelled FROM session WHERE id = ?1", params![session.bytes()], |row| {
            Ok((row.at(0)?, row.at(1)?))
        })?;
    Ok(has_slot(row.as_ref().map(|(slots, off)| (slots.as_str(), *off)), slot)?)
}

/// Whether a session, with its slots and whether it is off, has this one.
pub(super) fn has_slot(session: Option<(&str, bool)>, slot: &Slot) -> Result<(), Refusal> {
    match session {
        None => Err(Refusal::NotFound),
        Some((_, true)) => Err(Refusal::CalledOff),
        Some((slots, false)) if slots.split(' ').any(|one| one == slot.text()) => Ok(()),
        Some(_) => Err(Refusal::NoSuchSlot),
    }
}

/// Takes `count` places at once, or none.
pub(super) fn take(batch: &mut Batch<'_>, session: SessionId, place: u8, count: usize) -> Result<(), Stop> {
    let taken = batch.sql.run(
        "UPDATE place SET open = open - ?3, booked = booked + ?3 WHERE session = ?1 AND dose = ?2 AND open >= ?3",
        params![session.bytes(), place, count],
    )?;
    one_row(taken, Refusal::Full)?;
    batch.touch(session)?;
    Ok(())
}

fn give_back(batch: &mut Batch<'_>, session: SessionId, place: u8, count: usize) -> Result<(), Stop> {
    batch.sql.run(
        "UPDATE place SET open = open + ?3, booked = booked - ?3 WHERE session = ?1 AND dose = ?2",
        params![session.bytes(), place, count],
    )?;
    batch.touch(session)?;
    Ok(())
}

struct Held {
    session: SessionId,
    place: u8,
}

/// A person's part of an appointment, while it can still be changed.
fn held(batch: &Batch<'_>, appointment: AppointmentId, person: PersonId) -> Result<Held, Stop> {
    batch
        .sql
        .one(
            "SELECT session, place FROM appointment WHERE id = ?1 AND person = ?2 AND status = 'booked'",
            params![appointment.bytes(), person.bytes()],
            |row| Ok(Held { session: SessionId(uuid::Uuid::from_bytes(row.at(0)?)), place: row.at(1)? }),
        )?
        .ok_or(Refusal::NotFound.into())
}

pub(super) fn change(batch: &mut Batch<'_>, change: &Move) -> Effected {
    check_slot(batch, change.session, &change.slot)?;
    for person in &change.people {
        let held = held(batch, change.appointment, *person)?;
        if held.session != change.session {
            take(batch, change.session, held.place, 1)?;
            give_back(batch, held.session, held.place, 1)?;
        }
        batch.sql.run(
            "UPDATE appointment SET session = ?3, slot = ?4, wrong_codes = 0 WHERE id = ?1 AND person = ?2",
            params![change.appointment.bytes(), person.bytes(), change.session.bytes(), change.slot.text()],
        )?;
        notify(batch, *person, Cause::Changed, change.appointment, change.now_ms)?;
    }
    Ok(Answer::Appointment(change.appointment))
}

pub(super) fn cancel(batch: &mut Batch<'_>, appointment: AppointmentId, people: &[PersonId]) -> Effected {
    for person in people {
        let held = held(batch, appointment, *person)?;
        give_back(batch, held.session, held.place, 1)?;
        batch.sql.run(
            "UPDATE appointment SET status = 'cancelled' WHERE id = ?1 AND person = ?2",
            params![appointment.bytes(), person.bytes()],
        )?;
    }
    Ok(Answer::Nothing)
}

/// Gives back every place of a person who is leaving.
pub(super) fn release_all(batch: &mut Batch<'_>, person: PersonId) -> Result<(), Stop> {
    let held: Vec<Held> = batch.sql.all(
        "SELECT session, place FROM appointment WHERE person = ?1 AND status IN ('booked', 'checked-in')",
        params![person.bytes()],
        |row| Ok(Held { session: SessionId(uuid::Uuid::from_bytes(row.at(0)?)), place: row.at(1)? }),
    )?;
    for one in held {
        give_back(batch, one.session, one.place, 1)?;
    }
    Ok(())
}

pub(super) fn call_off(batch: &mut Batch<'_>, session: SessionId, now_ms: i64) -> Effected {
    let open =
        batch.sql.run("UPDATE session SET cancelled = 1 WHERE id = ?1 AND cancelled = 0", params![session.bytes()])?;
    one_row(open, Refusal::NotFound)?;
    let told = tell_all(batch, session, now_ms)?;
    batch
        .sql
        .run("UPDATE place SET open = 0, capacity = held + booked WHERE session = ?1", params![session.bytes()])?;
    batch.touch(session)?;
    Ok(told)
}

/// Everyone who is booked is told that it is off. Answers how many.
pub(super) fn tell_all(batch: &Batch<'_>, session: SessionId, now_ms: i64) -> Effected {
    let booked = batch.sql.all(
        "SELECT person, id FROM appointment WHERE session = ?1 AND status = 'booked'",
        params![session.bytes()],
        |row| Ok((row.at::<[u8; 16]>(0)?, row.at::<[u8; 16]>(1)?)),
    )?;
    let (cause, due) = (Param::whole(Cause::Cancelled.number().into()), now_ms.param());
    let told =
        booked.iter().map(|(person, appointment)| vec![person.param(), cause, appointment.param(), due]).collect();
    batch.sql.run_each(notices(batch.sql, told)?.as_slice())?;
    batch.sql.run(
        "UPDATE appointment SET status = 'called-off' WHERE session = ?1 AND status = 'booked'",
        params![session.bytes()],
    )?;
    Ok(Answer::Count(u32::try_from(booked.len()).expect("a session has few thousand places")))
}

pub(super) fn notify(
    batch: &Batch<'_>,
    person: PersonId,
    cause: Cause,
    appointment: AppointmentId,
    now_ms: i64,
) -> sql::Result<()> {
    batch.sql.run(
        "INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)",
        params![person.bytes(), cause.number(), appointment.bytes(), now_ms],
    )?;
    Ok(())
}

pub(super) fn notice_sent(sql: &Connection, notice: i64, now_ms: i64) -> Effected {
    let done = sql.run("UPDATE notice SET sent_ms = ?2 WHERE id = ?1", params![notice, now_ms])?;
    one_row(done, Refusal::NotFound)
}

pub(super) fn notice_failed(sql: &Connection, notice: i64, again_ms: i64) -> Effected {
    let done =
        sql.run("UPDATE notice SET attempts = attempts + 1, due_ms = ?2 WHERE id = ?1", params![notice, again_ms])?;
    one_row(done, Refusal::NotFound)
}
