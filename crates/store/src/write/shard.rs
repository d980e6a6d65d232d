//! Steps of a booking over two shards. Each is decided by the row that it finds, so that it may come twice or late.

use super::booking::{check_slot, notify, tell_all};
use super::citizen::seal;
use super::{Batch, Effected, Stop, draw, one_row, present, work};
use crate::command::{Answer, AttemptId, Booked, Commit, Refusal, SeatAct, SeatHold, ShardStep, Told, Word};
use crate::rows::Cause;
use crate::sql::params;
use registry::{AppointmentId, DistrictId, PersonId, Session, SessionId, Slot};

pub(super) fn step(batch: &mut Batch<'_>, step: &ShardStep) -> Effected {
    match step {
        ShardStep::Hold(hold) => self::hold(batch, hold),
        ShardStep::Commit(commit) => self::commit(batch, commit),
        ShardStep::Slot { appointment, person, session, slot, now_ms } => {
            let moved = batch.sql.run(
                "UPDATE appointment SET slot = ?4, wrong_codes = 0
                     WHERE id = ?1 AND person = ?2 AND session = ?3 AND status = 'booked'",
                params![appointment.bytes(), person.bytes(), session.bytes(), slot.text()],
            )?;
            one_row(moved, Refusal::NotFound)?;
            notify(batch, *person, Cause::Changed, *appointment, *now_ms)?;
            Ok(Answer::Appointment(*appointment))
        }
        ShardStep::GiveBack { appointment, person } => self::end(batch, *appointment, *person),
        ShardStep::Copy(session) => copy(batch, session, session.cancelled),
        ShardStep::Off { session, now_ms } => {
            copy(batch, session, true)?;
            tell_all(batch, session.id, *now_ms)
        }
        ShardStep::Draw(draw) => draw::draw(batch.sql, draw),
        ShardStep::Give(give) => draw::give(batch, give),
        ShardStep::OfAge { person, has_kin, now_ms } => present::of_age(batch.sql, *person, *has_kin, *now_ms),
        ShardStep::Settle { attempt, person, district } => settle(batch, *attempt, *person, *district),
        ShardStep::Tell(told) => tell(batch, told),
        ShardStep::Answered(told) => {
            let text = "DELETE FROM outbox WHERE attempt = ?1 AND word = ?2";
            batch.sql.run(text, params![told.attempt, told.word.code()])?;
            Ok(Answer::Nothing)
        }
    }
}

// In the session's shard.

/// A hold of an attempt, as far as it has come.
struct Hold {
    session: SessionId,
    place: u8,
    state: String,
}

fn found(batch: &Batch<'_>, attempt: AttemptId) -> Result<Option<Hold>, Stop> {
    let text = "SELECT session, place, state FROM hold WHERE attempt = ?1";
    Ok(batch.sql.one(text, params![attempt], |row| {
        Ok(Hold { session: SessionId(uuid::Uuid::from_bytes(row.at(0)?)), place: row.at(1)?, state: row.at(2)? })
    })?)
}

fn hold(batch: &mut Batch<'_>, hold: &SeatHold) -> Effected {
    match found(batch, hold.attempt)? {
        Some(known) if known.state == "released" => return Err(Refusal::Conflict.into()),
        Some(_) => return Ok(Answer::Nothing),
        None => {}
    }
    // Who walks in is seen in whatever window it is.
    if hold.place == 0 {
        check_stands(batch, hold.session)?;
    } else {
        check_slot(batch, hold.session, &hold.slot)?;
    }
    let taken = batch.sql.run(
        "UPDATE place SET open = open - 1, held = held + 1 WHERE session = ?1 AND dose = ?2 AND open > 0",
        params![hold.session.bytes(), hold.place],
    )?;
    one_row(taken, Refusal::Full)?;
    batch.touch(hold.session)?;
    batch.sql.run(
        "INSERT INTO hold (attempt, person, session, place, expires_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, 'held')",
        params![hold.attempt, hold.person.bytes(), hold.session.bytes(), hold.place, hold.expires_ms],
    )?;
    Ok(Answer::Nothing)
}

/// Whether a session is there and not called off.
fn check_stands(batch: &Batch<'_>, session: SessionId) -> Result<(), Stop> {
    let text = "SELECT cancelled FROM session WHERE id = ?1";
    match batch.sql.one(text, params![session.bytes()], |row| row.at(0))? {
        None => Err(Refusal::NotFound.into()),
        Some(true) => Err(Refusal::CalledOff.into()),
        Some(false) => Ok(()),
    }
}

fn tell(batch: &mut Batch<'_>, told: &Told) -> Effected {
    let Some(Hold { session, place, state }) = found(batch, told.attempt)? else {
        // No row is decided without a hold or a drawn dose: else this shard has lost it, and its seat with it.
        return draw::tell(batch.sql, told);
    };
    let (change, goes_on) = match (state.as_str(), told.word) {
        ("held", Word::Confirm) => ("held = held - 1, booked = booked + 1", "confirmed"),
        ("held", Word::Release) => ("held = held - 1, open = open + 1", "released"),
        ("confirmed", Word::Release) => ("booked = booked - 1, open = open + 1", "released"),
        _ => return Ok(Answer::Nothing),
    };
    let text = format!("UPDATE place SET {change} WHERE session = ?1 AND dose = ?2");
    one_row(batch.sql.run(&text, params![session.bytes(), place])?, Refusal::NotFound)?;
    batch.sql.run("UPDATE hold SET state = ?2 WHERE attempt = ?1", params![told.attempt, goes_on])?;
    batch.touch(session)?;
    Ok(Answer::Nothing)
}

// In the person's shard.

/// What a session says; once it is off, it stays so.
fn copy(batch: &Batch<'_>, session: &Session, is_off: bool) -> Effected {
    let slots = session.slots.iter().map(Slot::text).collect::<Vec<_>>().join(" ");
    batch.sql.run(
        "INSERT INTO session VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE
             SET cancelled = 1 WHERE session.cancelled < ?9",
        params![
            session.id.bytes(),
            session.centre.0,
            session.day.to_string(),
            session.vaccine.label(),
            session.ages.min,
            session.ages.max,
            session.fee.paise,
            slots,
            u8::from(is_off)
        ],
    )?;
    Ok(Answer::Nothing)
}

fn commit(batch: &mut Batch<'_>, commit: &Commit) -> Effected {
    let person = commit.act.person();
    check_stands(batch, commit.session)?;
    let decided: Option<String> =
        batch.sql.one("SELECT state FROM attempt WHERE id = ?1", params![commit.attempt], |row| row.at(0))?;
    match decided.as_deref() {
        Some("booked") => return Ok(Answer::Appointment(commit.appointment)),
        Some(_) => return Err(Refusal::Conflict.into()),
        None => {}
    }
    match &commit.act {
        SeatAct::Book { booked, dose } => book(batch, commit, booked, *dose)?,
        SeatAct::Move { person } => change(batch, commit, *person)?,
        SeatAct::WalkIn(walk_in) => _ = work::let_in(batch, walk_in)?,
    }
    batch.sql.run(
        "INSERT INTO attempt (id, person, appointment, district, state) VALUES (?1, ?2, ?3, ?4, 'booked')",
        params![commit.attempt, person.bytes(), commit.appointment.bytes(), commit.district.0],
    )?;
    put_out(batch, commit.attempt, Word::Confirm, person, commit.district)?;
    if !matches!(commit.act, SeatAct::WalkIn(_)) {
        notify(batch, person, Cause::Changed, commit.appointment, commit.now_ms)?;
    }
    Ok(Answer::Appointment(commit.appointment))
}

fn book(batch: &Batch<'_>, commit: &Commit, booked: &Booked, dose: u8) -> Result<(), Stop> {
    let person = booked.person;
    let is_registered = "SELECT 1 FROM person WHERE id = ?1 AND standing = 'registered'";
    if !batch.sql.any(is_registered, params![person.bytes()])? {
        return Err(Refusal::NotFound.into());
    }
    let made = batch.sql.run(
        "INSERT INTO appointment (id, person, session, slot, dose, place, status, code_version, code_hash, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, 'booked', ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        params![
            commit.appointment.bytes(),
            person.bytes(),
            commit.session.bytes(),
            commit.slot.text(),
            dose,
            booked.code.version,
            booked.code_hash,
            commit.now_ms
        ],
    )?;
    one_row(made, Refusal::AlreadyBooked)?;
    seal(batch.sql, std::slice::from_ref(&booked.code))?;
    Ok(())
}

fn change(batch: &Batch<'_>, commit: &Commit, person: PersonId) -> Result<(), Stop> {
    let changed = batch.sql.run(
        "UPDATE appointment SET session = ?3, slot = ?4, wrong_codes = 0
             WHERE id = ?1 AND person = ?2 AND status = 'booked'",
        params![commit.appointment.bytes(), person.bytes(), commit.session.bytes(), commit.slot.text()],
    )?;
    one_row(changed, Refusal::NotFound)?;
    end_attempt(batch, commit.appointment, person)
}

fn end(batch: &Batch<'_>, appointment: AppointmentId, person: PersonId) -> Effected {
    let ended = batch.sql.run(
        "UPDATE appointment SET status = 'cancelled' WHERE id = ?1 AND person = ?2 AND status = 'booked'",
        params![appointment.bytes(), person.bytes()],
    )?;
    one_row(ended, Refusal::NotFound)?;
    end_attempt(batch, appointment, person)?;
    Ok(Answer::Nothing)
}

/// Ends the attempt by which an appointment has its seat, and has the seat released.
fn end_attempt(batch: &Batch<'_>, appointment: AppointmentId, person: PersonId) -> Result<(), Stop> {
    let (attempt, district) = batch.sql.only(
        "UPDATE attempt SET state = 'ended' WHERE appointment = ?1 AND person = ?2 AND state = 'booked'
             RETURNING id, district",
        params![appointment.bytes(), person.bytes()],
        |row| Ok((row.at(0)?, DistrictId(row.at(1)?))),
    )?;
    put_out(batch, attempt, Word::Release, person, district)
}

/// Ends all attempts by which somebody who leaves has seats in other shards; her appointments go with her.
pub(super) fn end_all(batch: &Batch<'_>, person: PersonId) -> Result<(), Stop> {
    let seats: Vec<[u8; 16]> = batch.sql.all(
        "UPDATE appointment SET status = 'cancelled' WHERE person = ?1 AND status IN ('booked', 'checked-in')
             AND EXISTS (SELECT 1 FROM attempt t WHERE t.appointment = appointment.id AND t.person = ?1 AND t.state = 'booked')
             RETURNING id",
        params![person.bytes()],
        |row| row.at(0),
    )?;
    seats.into_iter().try_for_each(|id| end_attempt(batch, AppointmentId(uuid::Uuid::from_bytes(id)), person))
}

fn settle(batch: &Batch<'_>, attempt: AttemptId, person: PersonId, district: DistrictId) -> Effected {
    let fresh = batch.sql.run(
        "INSERT INTO attempt (id, person, district, state) VALUES (?1, ?2, ?3, 'void') ON CONFLICT DO NOTHING",
        params![attempt, person.bytes(), district.0],
    )?;
    // Where a row stands, the session's shard was told of it, or the outbox still has it.
    if fresh == 1 {
        put_out(batch, attempt, Word::Release, person, district)?;
    }
    Ok(Answer::Nothing)
}

pub(super) fn put_out(
    batch: &Batch<'_>,
    attempt: AttemptId,
    word: Word,
    person: PersonId,
    district: DistrictId,
) -> Result<(), Stop> {
    batch.sql.run(
        "INSERT INTO outbox (attempt, word, person, district) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![attempt, word.code(), person.bytes(), district.0],
    )?;
    Ok(())
}
