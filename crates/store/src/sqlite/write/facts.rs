//! What stands beside looks and sign-ins.

use super::Effected;
use crate::command::{Answer, Browser, Compared, HandedIn, Staged};
use crate::rows::Cause;
use registry::PersonId;
use rusqlite::{Connection, params};

const NOTICE: &str = "INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)";

/// The fact of a look, and word to her if its organisation never looked before. The word names the entry, which says all.
pub(super) fn beside(sql: &Connection, entry: &Staged, position: u64) -> rusqlite::Result<()> {
    let (Some(beside), Some(subject)) = (&entry.beside, entry.subject) else { return Ok(()) };
    let person = subject.person.bytes();
    sql.prepare_cached("INSERT INTO access_fact VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        position,
        person,
        beside.day,
        beside.fact
    ])?;
    let Some(organisation) = beside.organisation else { return Ok(()) };
    let first = sql
        .prepare_cached("INSERT INTO looked VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![person, organisation])?;
    if first == 1 {
        let entry = u128::from(position).to_be_bytes();
        sql.prepare_cached(NOTICE)?.execute(params![person, Cause::FirstLook.number(), entry, beside.now_ms])?;
    }
    Ok(())
}

pub(super) fn browser(sql: &Connection, browser: &Browser) -> Effected {
    let known = sql
        .prepare_cached("UPDATE browser SET seen_ms = ?3 WHERE phone = ?1 AND hash = ?2")?
        .execute(params![browser.phone, browser.hash, browser.now_ms])?;
    if known == 0 {
        sql.prepare_cached("INSERT INTO browser VALUES (?1, ?2, ?3)")?.execute(params![
            browser.phone,
            browser.hash,
            browser.now_ms
        ])?;
        if let Some(person) = browser.tell {
            let cause = Cause::NewBrowser.number();
            sql.prepare_cached(NOTICE)?.execute(params![person.bytes(), cause, [0_u8; 16], browser.now_ms])?;
        }
    }
    Ok(Answer::Nothing)
}

pub(super) fn compared(sql: &Connection, one: &Compared) -> Effected {
    let by_grant = serde_json::to_string(&one.by_grant).expect("numbers are plain data");
    sql.prepare_cached("INSERT OR REPLACE INTO access_day VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        one.day,
        one.looks,
        one.missing,
        one.wrong,
        one.fallen,
        by_grant
    ])?;
    Ok(Answer::Nothing)
}

pub(super) fn audit(sql: &Connection, audit: &HandedIn) -> Effected {
    sql.prepare_cached("INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        audit.at_ms,
        audit.auditor,
        audit.size,
        audit.stands,
        audit.report
    ])?;
    Ok(Answer::Nothing)
}

/// Whatever is kept beside looks at her loses its content; that there was a look is in the log.
pub(super) fn fall(sql: &Connection, person: PersonId) -> rusqlite::Result<()> {
    sql.prepare_cached("UPDATE access_fact SET person = NULL, sealed = x'' WHERE person = ?1")?
        .execute([person.bytes()])?;
    sql.prepare_cached("DELETE FROM looked WHERE person = ?1")?.execute([person.bytes()])?;
    Ok(())
}
