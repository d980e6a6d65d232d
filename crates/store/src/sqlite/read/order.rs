//! Lawful orders, and whom of those who left one can still concern.

use super::{parsed, uuid};
use crate::rows::{HeldRow, OrderEntry, OrderRow};
use crate::{Reader, StoreError};
use registry::case::CaseNumber;
use registry::{PersonId, StaffId};
use rusqlite::{OptionalExtension, Row, params};

impl Reader {
    /// The order whose case has this number.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn order_numbered(&self, number: CaseNumber) -> Result<Option<OrderRow>, StoreError> {
        let mut find = self.0.prepare_cached("SELECT * FROM lawful_order WHERE number = ?1")?;
        Ok(find.query_row([number.to_string()], order_row).optional()?)
    }

    /// An order by its id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn order(&self, id: [u8; 16]) -> Result<Option<OrderRow>, StoreError> {
        let mut find = self.0.prepare_cached("SELECT * FROM lawful_order WHERE id = ?1")?;
        Ok(find.query_row([id], order_row).optional()?)
    }

    /// Orders that have not ended, the first to end first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn orders_open(&self, now_ms: i64, most: u32) -> Result<Vec<OrderRow>, StoreError> {
        let text = "SELECT * FROM lawful_order WHERE until_ms > ?1 ORDER BY until_ms, number LIMIT ?2";
        let mut list = self.0.prepare_cached(text)?;
        Ok(list.query_map(params![now_ms, most], order_row)?.collect::<Result<_, _>>()?)
    }

    /// Orders about her, newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn orders_of(&self, person: PersonId) -> Result<Vec<OrderRow>, StoreError> {
        let text = "SELECT * FROM lawful_order WHERE person = ?1 ORDER BY filed_ms DESC, number";
        let mut list = self.0.prepare_cached(text)?;
        Ok(list.query_map([person.bytes()], order_row)?.collect::<Result<_, _>>()?)
    }

    /// The person whose reference this is the index of, if she has left and something is held of her at this moment.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn held_by_reference(&self, reference: &[u8; 32], now_ms: i64) -> Result<Option<PersonId>, StoreError> {
        let text = "SELECT person FROM leaver WHERE reference = ?1 AND keys_gone AND until_ms > ?2";
        let mut find = self.0.prepare_cached(text)?;
        Ok(find.query_row(params![reference, now_ms], |row| Ok(PersonId(uuid(row, "person")?))).optional()?)
    }

    /// What stays of someone who left, if something is held of her at this moment.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn held(&self, person: PersonId, now_ms: i64) -> Result<Option<HeldRow>, StoreError> {
        let text = "SELECT p.entries FROM leaver l JOIN person p ON p.id = l.person
                    WHERE l.person = ?1 AND l.keys_gone AND l.until_ms > ?2";
        let mut find = self.0.prepare_cached(text)?;
        let entries = find.query_row(params![person.bytes(), now_ms], |row| row.get(0)).optional()?;
        let Some(entries) = entries else { return Ok(None) };
        Ok(Some(HeldRow { person, entries, fields: self.held_fields(person)? }))
    }
}

fn order_row(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    let entry = |at: &str, count: &str| {
        let place: (Option<u64>, Option<u64>) = (row.get(at)?, row.get(count)?);
        Ok::<_, rusqlite::Error>(place.0.zip(place.1).map(|(position, count)| OrderEntry { position, count }))
    };
    let officer = |column: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<[u8; 16]>>(column)?.map(staff));
    Ok(OrderRow {
        id: row.get("id")?,
        number: parsed(row, "number")?,
        person: PersonId(uuid(row, "person")?),
        held: row.get("held")?,
        terms: row.get("terms")?,
        filed_ms: row.get("filed_ms")?,
        until_ms: row.get("until_ms")?,
        first: staff(row.get("first")?),
        second: officer("second")?,
        filed: entry("filed_at", "filed_count")?,
        confirmed: entry("confirmed_at", "confirmed_count")?,
        first_look_ms: row.get("first_look_ms")?,
        second_look_ms: row.get("second_look_ms")?,
    })
}

fn staff(id: [u8; 16]) -> StaffId {
    StaffId(uuid::Uuid::from_bytes(id))
}
