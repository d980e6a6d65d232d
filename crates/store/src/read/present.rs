//! Reads for what is asked in person, and for who comes of age.

use super::uuid;
use crate::sql::{self, Connection, Row, params};
use crate::{Reader, StoreError};
use registry::PersonId;

impl Reader {
    /// Index of the phone that she is a confirmed member of.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn phone_of(&self, person: PersonId) -> Result<Option<[u8; 32]>, StoreError> {
        for shard in self.each() {
            let phone = phone_of(shard?, person)?;
            if phone.is_some() {
                return Ok(phone);
            }
        }
        Ok(None)
    }

    /// Who is of age in this year, and nobody was told.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn guardianships_over(&self, year: i16, most: u32) -> Result<Vec<PersonId>, StoreError> {
        let text = "SELECT person FROM guardianship WHERE told_ms IS NULL AND until_year <= ?1 LIMIT ?2";
        let person = |row: &Row<'_>| Ok(PersonId(uuid(row, "person")?));
        Ok(self.all_by((text, params![year, most]), person, |person| *person, most)?)
    }
}

impl Reader {
    /// Whether somebody else is at her phone.
    pub(crate) fn has_kin(&self, person: PersonId) -> Result<bool, StoreError> {
        Ok(self.any(KIN, params![person.bytes()])?)
    }
}

pub(crate) const KIN: &str = "SELECT 1 FROM member m JOIN member k ON k.phone = m.phone AND k.person <> m.person
     WHERE m.person = ?1 AND m.pending_at IS NULL AND k.pending_at IS NULL";

pub(crate) fn phone_of(sql: &Connection, person: PersonId) -> sql::Result<Option<[u8; 32]>> {
    sql.one("SELECT phone FROM member WHERE person = ?1 AND pending_at IS NULL", params![person.bytes()], |row| {
        row.at(0)
    })
}
