//! What stands beside looks, what came of comparing it, and audits.

use crate::command::{Compared, HandedIn};
use crate::rows::FactRow;
use crate::sql::{self, Row, params};
use crate::{Reader, StoreError};

impl Reader {
    /// The facts beside the looks from one position to another, in their order.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn facts_between(&self, from: u64, to: u64) -> Result<Vec<FactRow>, StoreError> {
        let sql = "SELECT * FROM access_fact WHERE position >= ?1 AND position < ?2 ORDER BY position";
        let rows = self.all(sql, params![from, to], |row| {
            let person: Option<[u8; 16]> = row.get("person")?;
            Ok(FactRow {
                position: row.get("position")?,
                person: person.map(crate::id),
                day: row.get("day")?,
                sealed: row.get("sealed")?,
            })
        })?;
        Ok(rows)
    }

    /// What came of comparing facts with looks, the newest days first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn compared(&self, most: u32) -> Result<Vec<Compared>, StoreError> {
        let rows = self.first()?.all("SELECT * FROM access_day ORDER BY day DESC LIMIT ?1", params![most], |row| {
            Ok(Compared {
                day: row.get("day")?,
                looks: row.get("looks")?,
                missing: row.get("missing")?,
                wrong: row.get("wrong")?,
                fallen: row.get("fallen")?,
                by_grant: serde_json::from_str(&row.get::<String>("by_grant")?).unwrap_or_default(),
            })
        })?;
        Ok(rows)
    }

    /// Audits that were handed in, the newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn audits(&self, most: u32) -> Result<Vec<HandedIn>, StoreError> {
        Ok(self.first()?.all("SELECT * FROM audit a WHERE stands = 0 OR at_ms = (SELECT MAX(at_ms) FROM audit b WHERE b.auditor = a.auditor)
             ORDER BY at_ms DESC LIMIT ?1", params![most], audit_row)?)
    }
}

fn audit_row(row: &Row<'_>) -> sql::Result<HandedIn> {
    Ok(HandedIn {
        at_ms: row.get("at_ms")?,
        auditor: row.get("auditor")?,
        size: row.get("size")?,
        stands: row.get("stands")?,
        report: row.get("report")?,
    })
}
