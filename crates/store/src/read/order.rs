//! Lawful orders, and whom of those who left one can still concern.

use super::{parsed, uuid};
use crate::rows::{HeldRow, OrderEntry, OrderRow};
use crate::sql::{self, Row, params};
use crate::{Reader, StoreError};
use registry::case::CaseNumber;
use registry::{PersonId, StaffId};

impl Reader {
    /// The order whose case has this number.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn order_numbered(&self, number: CaseNumber) -> Result<Option<OrderRow>, StoreError> {
        Ok(self.one("SELECT * FROM lawful_order WHERE number = ?1", params![number.to_string()], order_row)?)
    }

    /// An order by its id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn order(&self, id: [u8; 16]) -> Result<Option<OrderRow>, StoreError> {
        Ok(self.one("SELECT * FROM lawful_order WHERE id = ?1", params![id], order_row)?)
    }

    /// Orders that have not ended, the first to end first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn orders_open(&self, now_ms: i64, most: u32) -> Result<Vec<OrderRow>, StoreError> {
        let text = "SELECT * FROM lawful_order WHERE until_ms > ?1 ORDER BY until_ms, number LIMIT ?2";
        let order = |order: &OrderRow| (order.until_ms, order.number.to_string());
        Ok(self.all_by((text, params![now_ms, most]), order_row, order, most)?)
    }

    /// Orders about her, newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn orders_of(&self, person: PersonId) -> Result<Vec<OrderRow>, StoreError> {
        let text = "SELECT * FROM lawful_order WHERE person = ?1 ORDER BY filed_ms DESC, number";
        Ok(self.of_person(person)?.all(text, params![person.bytes()], order_row)?)
    }

    /// The person whose reference this is the index of, if she has left and something is held of her at this moment.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn held_by_reference(&self, reference: &[u8; 32], now_ms: i64) -> Result<Option<PersonId>, StoreError> {
        let text = "SELECT person FROM leaver WHERE reference = ?1 AND keys_gone = 1 AND until_ms > ?2";
        Ok(self.one(text, params![reference, now_ms], |row| Ok(PersonId(uuid(row, "person")?)))?)
    }

    /// What stays of someone who left, if something is held of her at this moment.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn held(&self, person: PersonId, now_ms: i64) -> Result<Option<HeldRow>, StoreError> {
        let text = "SELECT p.entries FROM leaver l JOIN person p ON p.id = l.person
                    WHERE l.person = ?1 AND l.keys_gone = 1 AND l.until_ms > ?2";
        let entries = self.of_person(person)?.one(text, params![person.bytes(), now_ms], |row| row.at(0))?;
        let Some(entries) = entries else { return Ok(None) };
        Ok(Some(HeldRow { person, entries, fields: self.held_fields(person)? }))
    }
}

fn order_row(row: &Row<'_>) -> sql::Result<OrderRow> {
    let entry = |at: &str, count: &str| {
        let place: (Option<u64>, Option<u64>) = (row.get(at)?, row.get(count)?);
        Ok::<_, sql::Broken>(place.0.zip(place.1).map(|(position, count)| OrderEntry { position, count }))
    };
    let officer = |column: &str| Ok::<_, sql::Broken>(row.get::<Option<[u8; 16]>>(column)?.map(staff));
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
