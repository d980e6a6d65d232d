//! What stands beside looks and sign-ins.

use super::Effected;
use crate::command::{Answer, Browser, Compared, HandedIn, Staged};
use crate::rows::Cause;
use crate::sql::{self, Connection, params};
use registry::PersonId;

const NOTICE: &str = "INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)";

/// The fact of a look, and word to her if its organisation never looked before. The word names the entry, which says all.
pub(super) fn beside(sql: &Connection, entry: &Staged, position: u64) -> sql::Result<()> {
    let (Some(beside), Some(subject)) = (&entry.beside, entry.subject) else { return Ok(()) };
    let person = subject.person.bytes();
    sql.run("INSERT INTO access_fact VALUES (?1, ?2, ?3, ?4)", params![position, person, beside.day, beside.fact])?;
    let Some(organisation) = beside.organisation else { return Ok(()) };
    let first = sql.run("INSERT INTO looked VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![person, organisation])?;
    if first == 1 {
        let entry = u128::from(position).to_be_bytes();
        sql.run(NOTICE, params![person, Cause::FirstLook.number(), entry, beside.now_ms])?;
    }
    Ok(())
}

pub(super) fn browser(sql: &Connection, browser: &Browser) -> Effected {
    let known = sql.run(
        "UPDATE browser SET seen_ms = ?3 WHERE phone = ?1 AND hash = ?2",
        params![browser.phone, browser.hash, browser.now_ms],
    )?;
    if known == 0 {
        sql.run("INSERT INTO browser VALUES (?1, ?2, ?3)", params![browser.phone, browser.hash, browser.now_ms])?;
        if let Some(person) = browser.tell {
            let cause = Cause::NewBrowser.number();
            sql.run(NOTICE, params![person.bytes(), cause, [0_u8; 16], browser.now_ms])?;
        }
    }
    Ok(Answer::Nothing)
}

pub(super) fn compared(sql: &Connection, one: &Compared) -> Effected {
    let by_grant = serde_json::to_string(&one.by_grant).expect("numbers are plain data");
    sql.run(
        "INSERT INTO access_day VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (day)
         DO UPDATE SET looks = ?2, missing = ?3, wrong = ?4, fallen = ?5, by_grant = ?6",
        params![one.day, one.looks, one.missing, one.wrong, one.fallen, by_grant],
    )?;
    Ok(Answer::Nothing)
}

pub(super) fn audit(sql: &Connection, audit: &HandedIn) -> Effected {
    sql.run(
        "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5)",
        params![audit.at_ms, audit.auditor, audit.size, audit.stands, audit.report],
    )?;
    Ok(Answer::Nothing)
}

/// Whatever is kept beside looks at her loses its content; that there was a look is in the log.
pub(super) fn fall(sql: &Connection, person: PersonId) -> sql::Result<()> {
    sql.run("UPDATE access_fact SET person = NULL, sealed = ?2 WHERE person = ?1", params![person.bytes(), [0_u8; 0]])?;
    sql.run("DELETE FROM looked WHERE person = ?1", params![person.bytes()])?;
    Ok(())
}
