//! Her cases, and the officers' queue.

use super::{parsed, uuid};
use crate::rows::CaseRow;
use crate::sql::{self, Broken, Connection, Row, params};
use crate::{Reader, StoreError};
use registry::case::{CaseNumber, Kind, Reason, State, Verdict};
use registry::{CaseId, CentreId, DoseId, PersonId, StaffId};
use std::cmp::Reverse;

impl Reader {
    /// The case with this number.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn case_numbered(&self, number: CaseNumber) -> Result<Option<CaseRow>, StoreError> {
        Ok(self.one("SELECT * FROM case_file WHERE number = ?1", params![number.to_string()], case_row)?)
    }

    /// A case by its id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn case(&self, id: CaseId) -> Result<Option<CaseRow>, StoreError> {
        Ok(self.one(CASE, params![id.bytes()], case_row)?)
    }

    /// Her cases, newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn cases_of(&self, person: PersonId) -> Result<Vec<CaseRow>, StoreError> {
        let text = "SELECT * FROM case_file WHERE person = ?1 OR other = ?1 ORDER BY filed_ms DESC, number";
        let order = |case: &CaseRow| (Reverse(case.filed_ms), case.number.to_string());
        Ok(self.all_by((text, params![person.bytes()]), case_row, order, u32::MAX)?)
    }

    /// Open cases that have not ended, the first to be answered first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn cases_open(&self, now_ms: i64, most: u32) -> Result<Vec<CaseRow>, StoreError> {
        let text =
            "SELECT * FROM case_file WHERE closed_ms IS NULL AND until_ms > ?1 AND state NOT IN ('joining', 'holding')
                    ORDER BY due_ms, number LIMIT ?2";
        let order = |case: &CaseRow| (case.due_ms, case.number.to_string());
        Ok(self.all_by((text, params![now_ms, most]), case_row, order, most)?)
    }

    /// Records that a case joined with this one, on either side: which was joined to which.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn merged_with(&self, person: PersonId) -> Result<Vec<(PersonId, PersonId)>, StoreError> {
        Ok(self.all(MERGED, params![person.bytes()], merged_row)?)
    }

    /// A dose that was struck out or replaced, or stands: and by what, if it does not.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn struck_by(&self, dose: DoseId) -> Result<Option<[u8; 16]>, StoreError> {
        let by: Option<Option<[u8; 16]>> =
            self.one("SELECT corrected_by FROM dose WHERE id = ?1", params![dose.bytes()], |row| row.at(0))?;
        Ok(by.flatten())
    }
}

pub(crate) fn case(sql: &Connection, id: CaseId) -> sql::Result<Option<CaseRow>> {
    sql.one(CASE, params![id.bytes()], case_row)
}

const CASE: &str = "SELECT * FROM case_file WHERE id = ?1";

/// A code of ours; another is a broken database.
fn code<T>(row: &Row<'_>, column: &str, known: fn(&str) -> Option<T>) -> sql::Result<Option<T>> {
    let broken = || Broken::Column(column.to_owned());
    row.get::<Option<String>>(column)?.map(|text| known(&text).ok_or_else(broken)).transpose()
}

fn case_row(row: &Row<'_>) -> sql::Result<CaseRow> {
    let broken = |column: &str| Broken::Column(column.to_owned());
    let officer = |column| Ok::<_, sql::Broken>(row.get::<Option<[u8; 16]>>(column)?.map(staff));
    let found: Option<String> = row.get("found")?;
    let opened: Option<u64> = row.get("opened")?;
    Ok(CaseRow {
        id: CaseId(uuid(row, "id")?),
        number: parsed(row, "number")?,
        kind: code(row, "kind", Kind::from_code)?.ok_or_else(|| broken("kind"))?,
        person: PersonId(uuid(row, "person")?),
        dose: row.get::<Option<[u8; 16]>>("dose")?.map(|id| DoseId(uuid::Uuid::from_bytes(id))),
        text_version: row.get("text_version")?,
        state: code(row, "state", State::from_code)?.ok_or_else(|| broken("state"))?,
        filed_ms: row.get("filed_ms")?,
        due_ms: row.get("due_ms")?,
        until_ms: row.get("until_ms")?,
        opened: opened.unwrap_or_default(),
        first: officer("first")?,
        second: officer("second")?,
        verdict: code(row, "verdict", Verdict::from_code)?,
        reason: code(row, "reason", Reason::from_code)?,
        found: found.map(|text| serde_json::from_str(&text).map_err(|_| broken("found"))).transpose()?,
        closed_ms: row.get("closed_ms")?,
        other: row.get::<Option<[u8; 16]>>("other")?.map(|id| PersonId(uuid::Uuid::from_bytes(id))),
        other_opened: row.get::<Option<u64>>("other_opened")?.unwrap_or_default(),
        centre: row.get::<Option<u32>>("centre")?.map(CentreId),
    })
}

fn staff(id: [u8; 16]) -> StaffId {
    StaffId(uuid::Uuid::from_bytes(id))
}

pub(super) const MERGED: &str = "SELECT person, into_person FROM merged WHERE person = ?1 OR into_person = ?1";

/// Which record was joined to which.
pub(super) fn merged_row(row: &Row<'_>) -> sql::Result<(PersonId, PersonId)> {
    Ok((PersonId(uuid(row, "person")?), PersonId(uuid(row, "into_person")?)))
}
