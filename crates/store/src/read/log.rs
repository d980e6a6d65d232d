//! Reads of the log: what is staged, by which tag it is found, how far it is indexed.

use crate::rows::LogRow;
use crate::shards::Shards;
use crate::sql::params;
use crate::{Reader, StoreError};
use ledger::index::{Head, IndexRoot, Span};
use registry::PersonId;

impl Reader {
    /// Where in the log the entries under these tags stand, in the order of the tags; unknown ones are left out.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_positions(&self, tags: &[[u8; 32]]) -> Result<Vec<u64>, StoreError> {
        let positions = tags
            .iter()
            .map(|tag| self.one("SELECT position FROM log_tag WHERE tag = ?1", params![tag], |row| row.at(0)));
        Ok(positions.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// The log row at a position, while no file of the log has taken it.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_row(&self, position: u64) -> Result<Option<LogRow>, StoreError> {
        Ok(self.log_from(position, 1)?.pop().filter(|row| row.position == position))
    }

    /// The log rows from a position on.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_from(&self, position: u64, most: u32) -> Result<Vec<LogRow>, StoreError> {
        let rows = self.of_log(position)?.all(
            "SELECT position, leaf, sealed FROM log_stage WHERE position >= ?1 ORDER BY position LIMIT ?2",
            params![position, most],
            |row| Ok(LogRow { position: row.at(0)?, leaf: row.at(1)?, sealed: row.at(2)? }),
        )?;
        Ok(rows)
    }

    /// The leaves from a position on, which no file of the log need have taken yet.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn leaves_from(&self, position: u64, most: u32) -> Result<Vec<(u64, [u8; ledger::LEAF_BYTES])>, StoreError> {
        let sql = "SELECT position, leaf FROM log_stage WHERE position >= ?1 ORDER BY position LIMIT ?2";
        let rows = self.of_log(position)?.all(sql, params![position, most], |row| Ok((row.at(0)?, row.at(1)?)))?;
        Ok(rows)
    }

    /// How many entries there are: in one log the position that the next will take. The log of a shard begins where its number says.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_size(&self) -> Result<u64, StoreError> {
        let next: Vec<u64> = self.all("SELECT next FROM log_head", params![], |row| row.at(0))?;
        Ok(next.into_iter().map(Shards::within_log).sum())
    }

    /// The indexes of the log and the positions of their entries, the oldest days first and the shortest of those.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_indexes(&self) -> Result<Vec<(IndexRoot, u64)>, StoreError> {
        let rows = self.all("SELECT * FROM log_index ORDER BY first_day, log2_days", params![], |row| {
            let span = Span { first_day: row.get("first_day")?, log2_days: row.get("log2_days")? };
            let head = Head { size: row.get("size")?, root: row.get("root")? };
            let (from, to) = (row.get("from_position")?, row.get("to_position")?);
            Ok((IndexRoot { span, from, to, head }, row.get("position")?))
        })?;
        Ok(rows)
    }

    /// Everyone registered: her wrapped tag key, and how many entries of hers the data counts.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn threads(&self) -> Result<Vec<(PersonId, Vec<u8>, u64)>, StoreError> {
        let sql = "SELECT id, tag_key, entries FROM person WHERE tag_key IS NOT NULL";
        let rows = self.all(sql, params![], |row| Ok((crate::id(row.at(0)?), row.at(1)?, row.at(2)?)))?;
        Ok(rows)
    }
}
