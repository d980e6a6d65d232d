//! Leaving, and moving to another phone.

use super::citizen::{hold_family, join, room_for};
use super::{Batch, Effected, one_row};
use crate::command::{Answer, EndMove, Erase, Erased, Explained, Refusal, StartMove};
use crate::rows::Cause;
use registry::PersonId;
use rusqlite::{Connection, OptionalExtension, params};

/// Rows that hang on a person and go with her. Certificates stay, as what was signed stays; so do doses, as numbers.
const HERS: [&str; 9] =
    ["reference_index", "id_index", "card", "member", "appointment", "notice", "move", "consent", "case_file"];

/// Removes her rows but for the tombstone that keeps her random id from coming back; her keys go next.
pub(super) fn erase(batch: &mut Batch<'_>, erase: &Erase) -> Effected {
    let (sql, person) = (batch.sql, erase.person);
    if let Some(hold) = &erase.by {
        hold_family(sql, hold)?;
        let member = sql
            .prepare_cached("SELECT 1 FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NULL")?
            .exists(params![hold.phone, person.bytes()])?;
        if !member {
            return Err(Refusal::NotFound.into());
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
fn has_doses(sql: &Connection, person: PersonId) -> rusqlite::Result<bool> {
    let sql_text = "SELECT 1 FROM dose WHERE corrected_by IS NULL
                    AND (person = ?1 OR person IN (SELECT person FROM merged WHERE into_person = ?1))";
    sql.prepare_cached(sql_text)?.exists([person.bytes()])
}

/// Whether a dose of hers is being given, or decided by officers.
fn is_about_to(sql: &Connection, person: PersonId) -> rusqlite::Result<bool> {
    let sql_text = "SELECT 1 FROM appointment WHERE person = ?1 AND status = 'checked-in' UNION ALL
                    SELECT 1 FROM case_file WHERE person = ?1 AND closed_ms IS NULL AND kind IN ('missing', 'not-mine', 'aefi')";
    sql.prepare_cached(sql_text)?.exists([person.bytes()])
}

/// Notes who leaves, and what of hers stays until when: nothing, of somebody without a dose.
fn note_held(sql: &Connection, person: PersonId, held: &[(u8, u32)], until_ms: i64) -> rusqlite::Result<()> {
    let stays = has_doses(sql, person)?;
    for (field, version) in held.iter().filter(|_| stays) {
        sql.prepare_cached("INSERT INTO held_field VALUES (?1, ?2, ?3)")?.execute(params![
            person.bytes(),
            field,
            version
        ])?;
    }
    sql.prepare_cached(
        "INSERT INTO leaver (person, until_ms, reference)
         VALUES (?1, ?2, (SELECT reference FROM reference_index WHERE person = ?1))",
    )?
    .execute(params![person.bytes(), until_ms])?;
    Ok(())
}

/// Removes everything but what is held; families that she was in move on, but for the one that does it itself.
fn remove(batch: &mut Batch<'_>, person: PersonId, own: Option<[u8; 32]>) -> Effected {
    let sql = batch.sql;
    super::booking::release_all(batch, person)?;
    let phones: Vec<[u8; 32]> = sql
        .prepare_cached("SELECT phone FROM member WHERE person = ?1")?
        .query_map([person.bytes()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    sql.prepare_cached(
        "DELETE FROM sealed WHERE person = ?1 AND NOT EXISTS (SELECT 1 FROM held_field h
         WHERE h.person = sealed.person AND h.field = sealed.field AND h.version = sealed.version)",
    )?
    .execute([person.bytes()])?;
    for table in HERS {
        sql.prepare_cached(&format!("DELETE FROM {table} WHERE person = ?1"))?.execute([person.bytes()])?;
    }
    sql.prepare_cached("DELETE FROM merged WHERE person = ?1 OR into_person = ?1")?.execute([person.bytes()])?;
    super::case::let_go(sql, person)?;
    super::facts::fall(sql, person)?;
    for phone in phones.iter().filter(|phone| own != Some(**phone)) {
        move_on(sql, phone)?;
    }
    let gone = sql
        .prepare_cached(
            "UPDATE person SET standing = 'erased', tag_key = NULL, reference_last_four = NULL, language = NULL,
             registered_ms = NULL, notice = NULL WHERE id = ?1 AND standing = 'registered'",
        )?
        .execute([person.bytes()])?;
    one_row(gone, Refusal::NotFound)
}

/// A family is another one from now on: every sign-in of its phone ends.
fn move_on(sql: &Connection, phone: &[u8; 32]) -> rusqlite::Result<()> {
    sql.prepare_cached("UPDATE family SET version = version + 1 WHERE phone = ?1")?.execute([phone])?;
    sql.prepare_cached("DELETE FROM sign_in WHERE phone = ?1")?.execute([phone])?;
    Ok(())
}

/// Notes what explains her entries, by the position of the erasure.
pub(super) fn explain(sql: &Connection, position: u64, explained: &Explained) -> rusqlite::Result<()> {
    sql.prepare_cached("INSERT INTO erasure VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![position, explained.blind])?;
    let mut insert = sql.prepare_cached("INSERT INTO erased_tag VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    for (number, tag) in (0_u64..).zip(&explained.tags) {
        insert.execute(params![tag, position, number])?;
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
    let noted = sql.prepare_cached("UPDATE leaver SET keys_gone = 1 WHERE person = ?1")?.execute([person.bytes()])?;
    one_row(noted, Refusal::NotFound)
}

pub(super) fn hold_ended(sql: &Connection, person: PersonId) -> Effected {
    for table in ["sealed", "held_field"] {
        sql.prepare_cached(&format!(
            "DELETE FROM {table} WHERE person = ?1 AND EXISTS (SELECT 1 FROM leaver WHERE person = ?1)"
        ))?
        .execute([person.bytes()])?;
    }
    sql.prepare_cached("DELETE FROM lawful_order WHERE person = ?1")?.execute([person.bytes()])?;
    // Those of looks by order since she left.
    super::facts::fall(sql, person)?;
    let ended = sql.prepare_cached("DELETE FROM leaver WHERE person = ?1")?.execute([person.bytes()])?;
    one_row(ended, Refusal::NotFound)
}

pub(super) fn start_move(sql: &Connection, start: &StartMove) -> Effected {
    hold_family(sql, &start.by)?;
    let member = sql
        .prepare_cached("SELECT 1 FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NULL")?
        .exists(params![start.by.phone, start.person.bytes()])?;
    if !member || start.by.phone == start.to {
        return Err(Refusal::NotFound.into());
    }
    room_for(sql, &start.to, false)?;
    let phone = &start.phone;
    sql.prepare_cached("INSERT INTO move VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
        start.id,
        start.person.bytes(),
        start.by.phone,
        start.to,
        phone.version,
        phone.salt,
        phone.body,
        start.now_ms,
        start.due_ms
    ])?;
    sql.prepare_cached("INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![start.person.bytes(), Cause::Moving.number(), start.id, start.now_ms])?;
    Ok(Answer::Nothing)
}

pub(super) fn stop_move(sql: &Connection, id: &[u8; 16], phone: Option<&[u8; 32]>) -> Effected {
    let stopped = sql
        .prepare_cached("DELETE FROM move WHERE id = ?1 AND (?2 IS NULL OR ?2 IN (from_phone, to_phone))")?
        .execute(params![id, phone])?;
    one_row(stopped, Refusal::NotFound)
}

/// From one phone to the other: both families are others from now on, and what was sealed for her new phone is hers.
pub(super) fn end_move(sql: &Connection, end: &EndMove) -> Effected {
    let phones: Option<([u8; 32], [u8; 32])> = sql
        .prepare_cached("SELECT from_phone, to_phone FROM move WHERE id = ?1 AND person = ?2 AND due_ms <= ?3")?
        .query_row(params![end.id, end.person.bytes(), end.now_ms], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (from, to) = phones.ok_or(Refusal::NotFound)?;
    room_for(sql, &to, false)?;
    let left = sql
        .prepare_cached("DELETE FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NULL")?
        .execute(params![from, end.person.bytes()])?;
    one_row(left, Refusal::NotFound)?;
    // Where a centre had her wait at that phone already, she is there now.
    sql.prepare_cached("DELETE FROM member WHERE phone = ?1 AND person = ?2")?
        .execute(params![to, end.person.bytes()])?;
    join(sql, &to, end.person, end.now_ms, None)?;
    sql.prepare_cached("INSERT INTO sealed SELECT person, ?2, version, salt, body FROM move WHERE id = ?1")?
        .execute(params![end.id, ledger::Field::Phone.wire()])?;
    sql.prepare_cached("DELETE FROM move WHERE id = ?1")?.execute([end.id])?;
    move_on(sql, &from)?;
    move_on(sql, &to)?;
    Ok(Answer::Nothing)
}
