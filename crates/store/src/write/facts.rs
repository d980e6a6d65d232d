//! What stands beside looks and sign-ins.

use super::Effected;
use crate::command::{Answer, Browser, Compared, HandedIn, Staged};
use crate::rows::Cause;
use crate::sql::{self, Connection, Param, Step, ToParam, params};
use registry::PersonId;
use std::collections::HashSet;

/// Notices, many at once: of each whom it tells, its cause, its appointment, and when it is due.
pub(super) fn notices<'a>(sql: &Connection, mut rows: Vec<Vec<Param<'a>>>) -> sql::Result<Option<Step<'a>>> {
    for (number, row) in sql.numbers(rows.len())?.into_iter().zip(&mut rows) {
        row.insert(0, number.map_or(Param::Null, Param::Int));
    }
    let text = "INSERT INTO notice (id, person, cause, appointment, due_ms) {rows}";
    Ok((!rows.is_empty()).then_some(Step::Rows(text, rows)))
}

const NOTICE: &str = "INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)";

/// The rows that stand beside the entries of a batch, to be written with them.
#[derive(Default)]
pub(super) struct Beside<'a> {
    facts: Vec<Vec<Param<'a>>>,
    looks: Vec<Look>,
}

/// A look by an organisation of which she is told.
struct Look {
    person: [u8; 16],
    organisation: [u8; 16],
    now_ms: i64,
    /// The position of its entry, as a notice names it.
    entry: [u8; 16],
}

impl<'a> Beside<'a> {
    pub(super) fn note(&mut self, entry: &'a Staged, position: u64) {
        let (Some(beside), Some(subject)) = (&entry.beside, &entry.subject) else { return };
        let person = subject.person.bytes();
        self.facts.push(vec![Param::whole(position), person.param(), beside.day.param(), beside.fact.param()]);
        if let Some(organisation) = beside.organisation {
            let (person, now_ms, entry) = (*person, beside.now_ms, u128::from(position).to_be_bytes());
            self.looks.push(Look { person, organisation, now_ms, entry });
        }
    }

    /// The facts of looks.
    pub(super) fn facts(&mut self) -> Option<Step<'a>> {
        let rows = std::mem::take(&mut self.facts);
        (!rows.is_empty()).then_some(Step::Rows("INSERT INTO access_fact (position, person, day, sealed) {rows}", rows))
    }

    /// Word to everyone whom an organisation had never looked at before. It names the entry, which says all.
    pub(super) fn tell(&self, sql: &Connection) -> sql::Result<()> {
        if self.looks.is_empty() {
            return Ok(());
        }
        let pairs = self.looks.iter().map(|look| vec![look.person.param(), look.organisation.param()]).collect();
        let text =
            "INSERT INTO looked (person, organisation) {rows} ON CONFLICT DO NOTHING RETURNING person, organisation";
        let found = sql.find_each(&[Step::Rows(text, pairs)])?;
        let mut first = HashSet::new();
        for row in found.iter().flatten() {
            first.insert((row[0].read::<[u8; 16]>(0)?, row[1].read::<[u8; 16]>(1)?));
        }
        let cause = Param::whole(Cause::FirstLook.number().into());
        let told = self.looks.iter().filter(|look| first.remove(&(look.person, look.organisation)));
        let rows: Vec<_> =
            told.map(|look| vec![look.person.param(), cause, look.entry.param(), look.now_ms.param()]).collect();
        sql.run_each(notices(sql, rows)?.as_slice()).map(drop)
    }
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
