//! Reads of the log: what is staged, by which tag it is found, how far it is indexed.

use crate::rows::LogRow;
use crate::{Reader, StoreError};
use ledger::index::{Head, IndexRoot, Span};
use registry::PersonId;
use rusqlite::{OptionalExtension, params};

impl Reader {
    /// Where in the log the entries under these tags stand, in the order of the tags; unknown ones are left out.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_positions(&self, tags: &[[u8; 32]]) -> Result<Vec<u64>, StoreError> {
        let mut find = self.0.prepare_cached("SELECT position FROM log_tag WHERE tag = ?1")?;
        let positions = tags.iter().map(|tag| find.query_row([tag], |row| row.get(0)).optional());
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
        let mut list = self.0.prepare_cached(
            "SELECT position, leaf, sealed FROM log_stage WHERE position >= ?1 ORDER BY position LIMIT ?2",
        )?;
        let rows = list.query_map(params![position, most], |row| {
            Ok(LogRow { position: row.get(0)?, leaf: row.get(1)?, sealed: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The leaves from a position on, which no file of the log need have taken yet.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn leaves_from(&self, position: u64, most: u32) -> Result<Vec<(u64, [u8; ledger::LEAF_BYTES])>, StoreError> {
        let sql = "SELECT position, leaf FROM log_stage WHERE position >= ?1 ORDER BY position LIMIT ?2";
        let mut list = self.0.prepare_cached(sql)?;
        let rows = list.query_map(params![position, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The position that the next entry will take.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_size(&self) -> Result<u64, StoreError> {
        Ok(self.0.query_row("SELECT next FROM log_head", [], |row| row.get(0))?)
    }

    /// The indexes of the log and the positions of their entries, the oldest days first and the shortest of those.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn log_indexes(&self) -> Result<Vec<(IndexRoot, u64)>, StoreError> {
        let mut list = self.0.prepare_cached("SELECT * FROM log_index ORDER BY first_day, log2_days")?;
        let rows = list.query_map([], |row| {
            let span = Span { first_day: row.get("first_day")?, log2_days: row.get("log2_days")? };
            let head = Head { size: row.get("size")?, root: row.get("root")? };
            let (from, to) = (row.get("from_position")?, row.get("to_position")?);
            Ok((IndexRoot { span, from, to, head }, row.get("position")?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Everyone registered: her wrapped tag key, and how many entries of hers the data counts.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn threads(&self) -> Result<Vec<(PersonId, Vec<u8>, u64)>, StoreError> {
        let sql = "SELECT id, tag_key, entries FROM person WHERE tag_key IS NOT NULL";
        let mut list = self.0.prepare_cached(sql)?;
        let rows = list.query_map([], |row| Ok((crate::sqlite::id(row.get(0)?), row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
