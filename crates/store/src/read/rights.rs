//! Reads about people who left or move, and about why entries cannot be opened.

use super::uuid;
use crate::command::Explained;
use crate::rows::{ErasedTag, MoveRow};
use crate::sql::{self, Connection, Row, params};
use crate::{Reader, StoreError};
use registry::{CaseId, PersonId};

const MOVE: &str = "SELECT id, person, from_phone, to_phone, version, made_ms, due_ms, case_id FROM move";

impl Reader {
    /// By which erasure the entry under this tag became unopenable, and what proves it; `None` for any other tag.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn erased_tag(&self, tag: &[u8; 32]) -> Result<Option<ErasedTag>, StoreError> {
        for shard in self.each() {
            let found = erased_tag(shard?, tag)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Who left and whose keys may still be there, and until when something of hers is to be held.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn leavers(&self) -> Result<Vec<(PersonId, i64)>, StoreError> {
        let rows = self.all("SELECT person, until_ms FROM leaver WHERE keys_gone = 0", params![], |row| {
            Ok((PersonId(uuid(row, "person")?), row.get("until_ms")?))
        })?;
        Ok(rows)
    }

    /// The ciphertext that is held of someone who left.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn held_fields(&self, person: PersonId) -> Result<Vec<crate::rows::SealedField>, StoreError> {
        let sql = "SELECT s.* FROM held_field h JOIN sealed s USING (person, field, version) WHERE person = ?1
                   ORDER BY field";
        let rows =
            self.of_person(person)?.all(sql, params![person.bytes()], |row| super::people::sealed_row(person, row))?;
        Ok(rows)
    }

    /// Of whom nothing is to be held any more at this moment.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn holds_over(&self, now_ms: i64) -> Result<Vec<PersonId>, StoreError> {
        let rows =
            self.all("SELECT person FROM leaver WHERE keys_gone = 1 AND until_ms <= ?1", params![now_ms], |row| {
                Ok(PersonId(uuid(row, "person")?))
            })?;
        Ok(rows)
    }

    /// Moves from or to this phone that are under way, the next one first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn moves_of(&self, phone: &[u8; 32]) -> Result<Vec<MoveRow>, StoreError> {
        let text = format!("{MOVE} WHERE from_phone = ?1 OR to_phone = ?1 ORDER BY due_ms");
        Ok(self.all_by((&text, params![phone]), move_row, |row| row.due_ms, u32::MAX)?)
    }

    /// Moves whose time has come.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn moves_due(&self, now_ms: i64) -> Result<Vec<MoveRow>, StoreError> {
        let text = format!("{MOVE} WHERE due_ms <= ?1 ORDER BY due_ms");
        Ok(self.all_by((&text, params![now_ms]), move_row, |row| row.due_ms, u32::MAX)?)
    }

    /// The move with this id, while it is under way.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn move_of(&self, id: &[u8; 16]) -> Result<Option<MoveRow>, StoreError> {
        Ok(self.one(&format!("{MOVE} WHERE id = ?1"), params![id], move_row)?)
    }

    /// Which notice she was shown before she registered: version and language.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn notice_shown(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        Ok(self
            .of_person(person)?
            .one("SELECT notice FROM person WHERE id = ?1", params![person.bytes()], |row| row.at(0))?
            .flatten())
    }
}

fn erased_tag(sql: &Connection, tag: &[u8; 32]) -> sql::Result<Option<ErasedTag>> {
    let found: Option<(u64, u64)> =
        sql.one("SELECT erasure, number FROM erased_tag WHERE tag = ?1", params![tag], |row| {
            Ok((row.at(0)?, row.at(1)?))
        })?;
    let Some((position, number)) = found else { return Ok(None) };
    let blind = sql.only("SELECT blind FROM erasure WHERE position = ?1", params![position], |row| row.at(0))?;
    let tags =
        sql.all("SELECT tag FROM erased_tag WHERE erasure = ?1 ORDER BY number", params![position], |row| row.at(0))?;
    Ok(Some(ErasedTag { position, number, explained: Explained { tags, blind } }))
}

fn move_row(row: &Row<'_>) -> sql::Result<MoveRow> {
    Ok(MoveRow {
        id: row.get("id")?,
        person: PersonId(uuid(row, "person")?),
        from: row.get("from_phone")?,
        to: row.get("to_phone")?,
        version: row.get("version")?,
        made_ms: row.get("made_ms")?,
        due_ms: row.get("due_ms")?,
        case: row.get::<Option<[u8; 16]>>("case_id")?.map(|id| CaseId(::uuid::Uuid::from_bytes(id))),
    })
}
