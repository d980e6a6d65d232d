//! What stands beside looks, what came of comparing it, and audits.

use crate::command::{Compared, HandedIn};
use crate::rows::FactRow;
use crate::{Reader, StoreError};
use rusqlite::{Row, params};

impl Reader {
    /// The facts beside the looks from one position to another, in their order.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn facts_between(&self, from: u64, to: u64) -> Result<Vec<FactRow>, StoreError> {
        let sql = "SELECT * FROM access_fact WHERE position >= ?1 AND position < ?2 ORDER BY position";
        let mut list = self.0.prepare_cached(sql)?;
        let rows = list.query_map(params![from, to], |row| {
            let person: Option<[u8; 16]> = row.get("person")?;
            Ok(FactRow {
                position: row.get("position")?,
                person: person.map(crate::sqlite::id),
                day: row.get("day")?,
                sealed: row.get("sealed")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What came of comparing facts with looks, the newest days first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn compared(&self, most: u32) -> Result<Vec<Compared>, StoreError> {
        let mut list = self.0.prepare_cached("SELECT * FROM access_day ORDER BY day DESC LIMIT ?1")?;
        let rows = list.query_map([most], |row| {
            Ok(Compared {
                day: row.get("day")?,
                looks: row.get("looks")?,
                missing: row.get("missing")?,
                wrong: row.get("wrong")?,
                fallen: row.get("fallen")?,
                by_grant: serde_json::from_str(&row.get::<_, String>("by_grant")?).unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Audits that were handed in, the newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn audits(&self, most: u32) -> Result<Vec<HandedIn>, StoreError> {
        let mut list = self.0.prepare_cached(
            "SELECT * FROM audit a WHERE NOT stands OR at_ms = (SELECT MAX(at_ms) FROM audit b WHERE b.auditor = a.auditor)
             ORDER BY at_ms DESC LIMIT ?1",
        )?;
        Ok(list.query_map([most], audit_row)?.collect::<Result<_, _>>()?)
    }
}

fn audit_row(row: &Row<'_>) -> rusqlite::Result<HandedIn> {
    Ok(HandedIn {
        at_ms: row.get("at_ms")?,
        auditor: row.get("auditor")?,
        size: row.get("size")?,
        stands: row.get("stands")?,
        report: row.get("report")?,
    })
}
