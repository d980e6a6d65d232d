//! Reads for what is asked in person, and for who comes of age.

use super::uuid;
use crate::{Reader, StoreError};
use registry::PersonId;
use rusqlite::{Connection, OptionalExtension, params};

impl Reader {
    /// Index of the phone that she is a confirmed member of.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn phone_of(&self, person: PersonId) -> Result<Option<[u8; 32]>, StoreError> {
        Ok(phone_of(&self.0, person)?)
    }

    /// Who is of age in this year, and nobody was told.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn guardianships_over(&self, year: i16, most: u32) -> Result<Vec<PersonId>, StoreError> {
        let mut list = self
            .0
            .prepare_cached("SELECT person FROM guardianship WHERE told_ms IS NULL AND until_year <= ?1 LIMIT ?2")?;
        let rows = list.query_map(params![year, most], |row| Ok(PersonId(uuid(row, "person")?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(in crate::sqlite) fn phone_of(sql: &Connection, person: PersonId) -> rusqlite::Result<Option<[u8; 32]>> {
    sql.prepare_cached("SELECT phone FROM member WHERE person = ?1 AND pending_at IS NULL")?
        .query_row([person.bytes()], |row| row.get(0))
        .optional()
}
