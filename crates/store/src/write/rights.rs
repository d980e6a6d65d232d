//! Leaving, and moving to another phone.

use super::citizen::{hold_family, join, room_for};
use super::{Batch, Effected, Stop, one_row};
use crate::command::{Answer, EndMove, Erase, Erased, Explained, Refusal, StartMove};
use crate::rows::Cause;
use crate::sql::{self, Connection, Param, Row, params};
use registry::case::Step;
use registry::{CaseId, PersonId};

/// Rows that hang on a person and go with her. Certificates stay, as what was signed stays; so do doses, as numbers.
const HERS: [&str; 8] =
    ["reference_index", "card", "appointment", "notice", "move", "consent", "case_file", "guardianship"];

/// Removes her rows but for the tombstone that keeps her random id from coming back; her keys go next.
pub(super) fn erase(batch: &mut Batch<'_>, erase: &Erase) -> Effected {
    let (sql, person) = (batch.sql, erase.person);
    if let Some(hold) = &erase.by {
        hold_family(sql, hold)?;
        let member = sql.any(
            "SELECT 1 FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NULL",
            params![hold.phone, person.bytes()],
        )?;
        if !member {
            return Err(Refusal::NotFound.into());
        }
        // Whoever holds the phone that she leaves cannot have her erased before she is gone.
        let leaves = sql.any(
            "SELECT 1 FROM move WHERE person = ?1 AND from_phone = ?2 AND case_id IS NOT NULL",
            params![person.bytes(), hold.phone],
        )?;
        if leaves {
            return Err(Refusal::Conflict.into());
        }
    }
    if erase.held.is_empty() && (has_doses(sql, person)? || is_about_to(sql, person)?) {
        return Err(Refusal::HasDoses.into());
    }
    note_held(sql, person, &erase.held, erase.until_ms)?;
    let by = erase.by.as_ref();
    remove(batch, person, by.map(|hold| hold.phone))?;
    if let Some(hold) = by {
        super::citizen::move_family(sql, hold, 0)?;
    }
    Ok(Answer::Nothing)
}

/// Whether a dose stands in her record or in one that was joined to it. One that was struck out was not hers.
fn has_doses(sql: &Connection, person: PersonId) -> sql::Result<bool> {
    let sql_text = "SELECT 1 FROM dose WHERE corrected_by IS NULL
                    AND (person = ?1 OR person IN (SELECT person FROM merged WHERE into_person = ?1))";
    sql.any(sql_text, params![person.bytes()])
}

/// Whether a dose of hers is being given, or decided by officers.
fn is_about_to(sql: &Connection, person: PersonId) -> sql::Result<bool> {
    let sql_text = "SELECT 1 FROM appointment WHERE person = ?1 AND status = 'checked-in' UNION ALL
                    SELECT 1 FROM case_file WHERE person = ?1 AND closed_ms IS NULL AND kind IN ('missing', 'not-mine', 'aefi')";
    sql.any(sql_text, params![person.bytes()])
}

/// Notes who leaves, and what of hers stays until when: nothing, of somebody without a dose.
fn note_held(sql: &Connection, person: PersonId, held: &[(u8, u32)], until_ms: i64) -> sql::Result<()> {
    let stays = has_doses(sql, person)?;
    for (field, version) in held.iter().filter(|_| stays) {
        sql.run("INSERT INTO held_field VALUES (?1, ?2, ?3)", params![person.bytes(), field, version])?;
    }
    let hers = "SELECT reference FROM reference_index WHERE person = ?1";
    let reference: Option<[u8; 32]> = sql.one(hers, params![person.bytes()], |row| row.at(0))?;
    let leaver = "INSERT INTO leaver (person, until_ms, reference) VALUES (?1, ?2, ?3)";
    sql.run(leaver, params![person.bytes(), until_ms, reference])?;
    Ok(())
}

/// Removes everything but what is held; families that she was in move on, but for the one that does it itself.
fn remove(batch: &mut Batch<'_>, person: PersonId, own: Option<[u8; 32]>) -> Effected {
    let sql = batch.sql;
    super::shard::end_all(batch, person)?;
    super::booking::release_all(batch, person)?;
    // What was claimed for her is let go where it lies, which may be here.
    let claimed = super::claim::let_go(sql, person)?;
    let phones: Vec<[u8; 32]> = sql.all(
        "DELETE FROM member WHERE person = ?1 AND phone IS DISTINCT FROM ?2 RETURNING phone",
        params![person.bytes(), claimed.phone],
        |row| row.at(0),
    )?;
    let text = "DELETE FROM id_index WHERE person = ?1 AND token IS DISTINCT FROM ?2";
    sql.run(text, params![person.bytes(), claimed.document])?;
    sql.run(
        "DELETE FROM sealed WHERE person = ?1 AND NOT EXISTS (SELECT 1 FROM held_field h
         WHERE h.person = sealed.person AND h.field = sealed.field AND h.version = sealed.version)",
        params![person.bytes()],
    )?;
    for table in HERS {
        sql.run(&format!("DELETE FROM {table} WHERE person = ?1"), params![person.bytes()])?;
    }
    sql.run("DELETE FROM merged WHERE person = ?1 OR into_person = ?1", params![person.bytes()])?;
    super::case::let_go(sql, person)?;
    super::facts::fall(sql, person)?;
    for phone in &phones {
        forget_browsers(sql, phone)?;
        if own != Some(*phone) {
            move_on(sql, phone)?;
        }
    }
    let gone = sql.run(
        "UPDATE person SET standing = 'erased', tag_key = NULL, reference_last_four = NULL, language = NULL,
             registered_ms = NULL, notice = NULL WHERE id = ?1 AND standing = 'registered'",
        params![person.bytes()],
    )?;
    one_row(gone, Refusal::NotFound)
}

/// A family is another one from now on: every sign-in of its phone ends.
pub(super) fn move_on(sql: &Connection, phone: &[u8; 32]) -> sql::Result<()> {
    sql.run("UPDATE family SET version = version + 1 WHERE phone = ?1", params![phone])?;
    sql.run("DELETE FROM sign_in WHERE phone = ?1", params![phone])?;
    Ok(())
}

/// A phone where nobody is left may come to somebody else: no browser has a lane there any more.
pub(super) fn forget_browsers(sql: &Connection, phone: &[u8; 32]) -> sql::Result<usize> {
    sql.run(
        "DELETE FROM browser WHERE phone = ?1
             AND NOT EXISTS (SELECT 1 FROM member WHERE phone = ?1 AND pending_at IS NULL)",
        params![phone],
    )
}

/// Notes what explains her entries, by the position of the erasure.
pub(super) fn explain(sql: &Connection, position: u64, explained: &Explained) -> sql::Result<()> {
    sql.run("INSERT INTO erasure VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![position, explained.blind])?;
    for (number, tag) in (0_u64..).zip(&explained.tags) {
        sql.run("INSERT INTO erased_tag VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", params![tag, position, number])?;
    }
    Ok(())
}

pub(super) fn forget(batch: &mut Batch<'_>, person: PersonId, erased: Option<&Erased>) -> Effected {
    if let Some(Erased { held: (held, until_ms), .. }) = erased {
        note_held(batch.sql, person, held, *until_ms)?;
        keys_gone(batch.sql, person)?;
    }
    remove(batch, person, None)?;
    if let Some(Erased { position, explained, .. }) = erased {
        explain(batch.sql, *position, explained)?;
    }
    Ok(Answer::Nothing)
}

pub(super) fn keys_gone(sql: &Connection, person: PersonId) -> Effected {
    let noted = sql.run("UPDATE leaver SET keys_gone = 1 WHERE person = ?1", params![person.bytes()])?;
    one_row(noted, Refusal::NotFound)
}

pub(super) fn hold_ended(sql: &Connection, person: PersonId) -> Effected {
    for table in ["sealed", "held_field"] {
        sql.run(
            &format!("DELETE FROM {table} WHERE person = ?1 AND EXISTS (SELECT 1 FROM leaver WHERE person = ?1)"),
            params![person.bytes()],
        )?;
    }
    sql.run("DELETE FROM lawful_order WHERE person = ?1", params![person.bytes()])?;
    // Those of looks by order since she left.
    super::facts::fall(sql, person)?;
    let ended = sql.run("DELETE FROM leaver WHERE person = ?1", params![person.bytes()])?;
    one_row(ended, Refusal::NotFound)
}

pub(super) fn start_move(sql: &Connection, start: &StartMove) -> Effected {
    hold_family(sql, &start.by)?;
    let member = sql.any(
        "SELECT 1 FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NULL",
        params![start.by.phone, start.person.bytes()],
    )?;
    if !member || start.by.phone == start.to {
        return Err(Refusal::NotFound.into());
    }
    room_for(sql, &start.to, false)?;
    let phone = &start.phone;
    sql.run(
        "INSERT INTO move VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)",
        params![
            start.id,
            start.person.bytes(),
            start.by.phone,
            start.to,
            phone.version,
            phone.salt,
            phone.body,
            start.now_ms,
            start.due_ms
        ],
    )?;
    tell(sql, start.person, &start.id, start.now_ms)
}

/// Has the phone on record told of a move.
pub(super) fn tell(sql: &Connection, person: PersonId, id: &[u8; 16], now_ms: i64) -> Effected {
    sql.run(
        "INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)",
        params![person.bytes(), Cause::Moving.number(), id, now_ms],
    )?;
    Ok(Answer::Nothing)
}

pub(super) fn stop_move(sql: &Connection, id: &[u8; 16], phone: Option<&[u8; 32]>, now_ms: i64) -> Effected {
    let stopped: Option<Option<[u8; 16]>> = sql.one(
        "DELETE FROM move WHERE id = ?1
             AND (COALESCE(?2, to_phone) = to_phone OR (?2 = from_phone AND case_id IS NULL)) RETURNING case_id",
        params![id, phone],
        |row| row.at(0),
    )?;
    let case = stopped.ok_or(Refusal::NotFound)?;
    let step = if phone.is_some() { Step::Withdraw } else { Step::End { done: false } };
    close_case(sql, case, step, now_ms)
}

fn close_case(sql: &Connection, case: Option<[u8; 16]>, step: Step, now_ms: i64) -> Effected {
    match case {
        Some(case) => super::case::end_with_move(sql, CaseId(uuid::Uuid::from_bytes(case)), step, now_ms),
        None => Ok(Answer::Nothing),
    }
}

/// Drops the move of a case that was refused.
pub(super) fn drop_move(sql: &Connection, case: CaseId) -> sql::Result<usize> {
    sql.run("DELETE FROM move WHERE case_id = ?1", params![case.bytes()])
}

/// A move under way.
struct Under {
    id: [u8; 16],
    person: PersonId,
    from: Option<[u8; 32]>,
    to: [u8; 32],
    case: Option<[u8; 16]>,
}

fn under_way(sql: &Connection, which: &str, by: &[Param<'_>]) -> Result<Under, Stop> {
    let text = format!("SELECT id, person, from_phone, to_phone, case_id FROM move WHERE {which}");
    let row = |row: &Row<'_>| {
        let person = PersonId(uuid::Uuid::from_bytes(row.at(1)?));
        Ok(Under { id: row.at(0)?, person, from: row.at(2)?, to: row.at(3)?, case: row.at(4)? })
    };
    Ok(sql.one(&text, by, row)?.ok_or(Refusal::NotFound)?)
}

pub(super) fn end_move(sql: &Connection, end: &EndMove) -> Effected {
    let due = params![end.id, *end.person.bytes(), end.now_ms];
    let under = under_way(sql, "id = ?1 AND person = ?2 AND due_ms <= ?3", due)?;
    go(sql, &under, end.now_ms)?;
    close_case(sql, under.case, Step::End { done: true }, end.now_ms)
}

/// Makes a move on which two officers agree, whatever its time.
pub(super) fn move_by_case(sql: &Connection, case: CaseId, now_ms: i64) -> Effected {
    go(sql, &under_way(sql, "case_id = ?1", params![case.bytes()])?, now_ms)
}

/// From one phone to the other: both families are others from now on, and what was sealed for her new phone is hers.
fn go(sql: &Connection, under: &Under, now_ms: i64) -> Effected {
    let Under { id, person, to, .. } = under;
    room_for(sql, to, false)?;
    if let Some(from) = under.from {
        let left = sql.run(
            "DELETE FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NULL",
            params![from, person.bytes()],
        )?;
        one_row(left, Refusal::NotFound)?;
        forget_browsers(sql, &from)?;
        move_on(sql, &from)?;
    }
    // Where a centre had her wait, at that phone or another, she is no longer awaited.
    sql.run("DELETE FROM member WHERE person = ?1", params![person.bytes()])?;
    join(sql, to, *person, now_ms, None)?;
    sql.run(
        "INSERT INTO sealed SELECT person, ?2, version, salt, body FROM move WHERE id = ?1",
        params![id, ledger::Field::Phone.wire()],
    )?;
    sql.run("DELETE FROM move WHERE id = ?1", params![id])?;
    // At a phone of her own she has no guardian any more.
    sql.run("DELETE FROM guardianship WHERE person = ?1 AND told_ms IS NOT NULL", params![person.bytes()])?;
    move_on(sql, to)?;
    Ok(Answer::Nothing)
}
