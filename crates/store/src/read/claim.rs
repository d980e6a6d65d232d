//! Reads for a registration over several shards.

use super::uuid;
use crate::command::{ClaimKeys, ClaimOn, ClaimTold, Recall, Word};
use crate::rows::{ClaimRow, ClaimState};
use crate::sql::{Row, params};
use crate::{Reader, StoreError};
use registry::PersonId;

impl Reader {
    /// How far a claim for somebody has come, in the shard of its key.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn claim(&self, person: PersonId, on: ClaimOn) -> Result<Option<ClaimState>, StoreError> {
        let text = "SELECT state FROM claim WHERE person = ?1 AND kind = ?2";
        Ok(self.one(text, params![person.bytes(), on.code()], |row| {
            Ok(ClaimState::from_code(&row.get::<String>("state")?))
        })?)
    }

    /// Claims that have run out, the longest ago first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn claims_due(&self, now_ms: i64, most: u32) -> Result<Vec<ClaimRow>, StoreError> {
        Ok(self.all(
            "SELECT person, phone, document FROM claim WHERE state = 'claimed' AND expires_ms <= ?1
                 ORDER BY expires_ms LIMIT ?2",
            params![now_ms, most],
            |row| {
                let keys = ClaimKeys { phone: row.get("phone")?, document: row.get("document")? };
                Ok(ClaimRow { person: PersonId(uuid(row, "person")?), keys })
            },
        )?)
    }

    /// Whether she brought a document that somebody had, or that was claimed for somebody, when she was registered. No answer, page
    /// or time may depend on it.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn may_be_same(&self, person: PersonId) -> Result<bool, StoreError> {
        Ok(self
            .of_person(person)?
            .any("SELECT 1 FROM registration WHERE person = ?1 AND may_be_same = 1", params![person.bytes()])?)
    }

    /// What shards of keys are still to be told of claims for her.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn claims_untold_of(&self, person: PersonId) -> Result<Vec<ClaimTold>, StoreError> {
        Ok(self.of_person(person)?.all(
            "SELECT * FROM claim_outbox WHERE person = ?1",
            params![person.bytes()],
            told_row,
        )?)
    }

    /// What shards of keys are still to be told.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn claims_untold(&self, most: u32) -> Result<Vec<ClaimTold>, StoreError> {
        Ok(self.all("SELECT * FROM claim_outbox LIMIT ?1", params![most], told_row)?)
    }
}

impl Reader {
    /// Of whom phones' shards are still to be told that what sign-ins remember is not right any more.
    pub(crate) fn recalls(&self, most: u32) -> Result<Vec<Recall>, StoreError> {
        Ok(self.all("SELECT person, phone FROM recall LIMIT ?1", params![most], |row| {
            Ok(Recall { person: PersonId(uuid(row, "person")?), phone: row.get("phone")? })
        })?)
    }
}

fn told_row(row: &Row<'_>) -> crate::sql::Result<ClaimTold> {
    Ok(ClaimTold {
        person: PersonId(uuid(row, "person")?),
        on: ClaimOn::from_code(&row.get::<String>("kind")?),
        key: row.get("key")?,
        word: Word::from_code(&row.get::<String>("word")?),
    })
}
