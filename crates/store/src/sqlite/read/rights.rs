//! Reads about people who left or move, and about why entries cannot be opened.

use super::uuid;
use crate::command::Explained;
use crate::rows::{ErasedTag, MoveRow};
use crate::{Reader, StoreError};
use registry::{CaseId, PersonId};
use rusqlite::{OptionalExtension, Row};

const MOVE: &str = "SELECT id, person, from_phone, to_phone, version, made_ms, due_ms, case_id FROM move";

impl Reader {
    /// By which erasure the entry under this tag became unopenable, and what proves it; `None` for any other tag.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn erased_tag(&self, tag: &[u8; 32]) -> Result<Option<ErasedTag>, StoreError> {
        let found: Option<(u64, u64)> = self
            .0
            .prepare_cached("SELECT erasure, number FROM erased_tag WHERE tag = ?1")?
            .query_row([tag], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((position, number)) = found else { return Ok(None) };
        let blind = self
            .0
            .prepare_cached("SELECT blind FROM erasure WHERE position = ?1")?
            .query_row([position], |row| row.get(0))?;
        let mut list = self.0.prepare_cached("SELECT tag FROM erased_tag WHERE erasure = ?1 ORDER BY number")?;
        let tags = list.query_map([position], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Some(ErasedTag { position, number, explained: Explained { tags, blind } }))
    }

    /// Who left and whose keys may still be there, and until when something of hers is to be held.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn leavers(&self) -> Result<Vec<(PersonId, i64)>, StoreError> {
        let mut list = self.0.prepare_cached("SELECT person, until_ms FROM leaver WHERE NOT keys_gone")?;
        let rows = list.query_map([], |row| Ok((PersonId(uuid(row, "person")?), row.get("until_ms")?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The ciphertext that is held of someone who left.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn held_fields(&self, person: PersonId) -> Result<Vec<crate::rows::SealedField>, StoreError> {
        let sql = "SELECT s.* FROM held_field h JOIN sealed s USING (person, field, version) WHERE person = ?1
                   ORDER BY field";
        let mut list = self.0.prepare_cached(sql)?;
        let rows = list.query_map([person.bytes()], |row| super::people::sealed_row(person, row))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Of whom nothing is to be held any more at this moment.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn holds_over(&self, now_ms: i64) -> Result<Vec<PersonId>, StoreError> {
        let mut list = self.0.prepare_cached("SELECT person FROM leaver WHERE keys_gone AND until_ms <= ?1")?;
        let rows = list.query_map([now_ms], |row| Ok(PersonId(uuid(row, "person")?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Moves from or to this phone that are under way, the next one first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn moves_of(&self, phone: &[u8; 32]) -> Result<Vec<MoveRow>, StoreError> {
        let mut list =
            self.0.prepare_cached(&format!("{MOVE} WHERE from_phone = ?1 OR to_phone = ?1 ORDER BY due_ms"))?;
        Ok(list.query_map([phone], move_row)?.collect::<Result<_, _>>()?)
    }

    /// Moves whose time has come.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn moves_due(&self, now_ms: i64) -> Result<Vec<MoveRow>, StoreError> {
        let mut list = self.0.prepare_cached(&format!("{MOVE} WHERE due_ms <= ?1 ORDER BY due_ms"))?;
        Ok(list.query_map([now_ms], move_row)?.collect::<Result<_, _>>()?)
    }

    /// The move with this id, while it is under way.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn move_of(&self, id: &[u8; 16]) -> Result<Option<MoveRow>, StoreError> {
        Ok(self.0.prepare_cached(&format!("{MOVE} WHERE id = ?1"))?.query_row([id], move_row).optional()?)
    }

    /// Which notice she was shown before she registered: version and language.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn notice_shown(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        let mut find = self.0.prepare_cached("SELECT notice FROM person WHERE id = ?1")?;
        Ok(find.query_row([person.bytes()], |row| row.get(0)).optional()?.flatten())
    }
}

fn move_row(row: &Row<'_>) -> rusqlite::Result<MoveRow> {
    Ok(MoveRow {
        id: row.get("id")?,
        person: PersonId(uuid(row, "person")?),
        from: row.get("from_phone")?,
        to: row.get("to_phone")?,
        version: row.get("version")?,
        made_ms: row.get("made_ms")?,
        due_ms: row.get("due_ms")?,
        case: row.get::<_, Option<[u8; 16]>>("case_id")?.map(|id| CaseId(::uuid::Uuid::from_bytes(id))),
    })
}
