//! The hold file: what the law has kept for a year of someone who left. The platform writes it and sweeps it; the key room reads it
//! for a look by a lawful order, and for nothing else.

use crate::StoreError;
use crate::batch::Batcher;
use crate::keys::connect;
use crate::sql::{carry_all, end_if_unsynced};
use registry::PersonId;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::{Path, PathBuf};

/// Keys of someone who left, each wrapped under the hold's own root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldKeys {
    /// Whose.
    pub person: PersonId,
    /// Her tag key.
    pub tag: Vec<u8>,
    /// Keys of single versions of fields: field, version, wrapped key.
    pub fields: Vec<(u8, u32, Vec<u8>)>,
    /// How many of her entries the key room has followed.
    pub followed: u64,
    /// When all of it goes, milliseconds since the epoch.
    pub until_ms: i64,
}

enum Change {
    Put(HeldKeys),
    Follow(PersonId, u64),
    End(PersonId),
}

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS held (person BLOB PRIMARY KEY, tag BLOB NOT NULL, until_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held_field (
  person BLOB NOT NULL, field INTEGER NOT NULL, version INTEGER NOT NULL, key BLOB NOT NULL,
  PRIMARY KEY (person, field, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held_followed (person BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
";

/// The hold file, `hold.db` beside the keys.
pub struct HoldFile {
    writer: Batcher<Change, bool>,
    file: PathBuf,
}

impl HoldFile {
    /// Opens `hold.db` in `folder`, making it as needed.
    ///
    /// # Errors
    /// When the file cannot be opened or written.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join("hold.db");
        let mut connection = connect(&file)?;
        connection.execute_batch(SCHEMA)?;
        let writer = Batcher::start("hold", move |changes: &[Change]| {
            let done = apply(&mut connection, changes).inspect_err(end_if_unsynced).is_ok();
            changes.iter().map(|_| done).collect()
        });
        Ok(Self { writer, file })
    }

    /// Puts keys by; the same person's twice changes nothing. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn put(&self, keys: HeldKeys) -> Result<(), StoreError> {
        self.change(Change::Put(keys)).await
    }

    /// Notes how many entries of a person are followed; the number only grows. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn follow(&self, person: PersonId, count: u64) -> Result<(), StoreError> {
        self.change(Change::Follow(person, count)).await
    }

    /// Destroys what is held of a person. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end(&self, person: PersonId) -> Result<(), StoreError> {
        self.change(Change::End(person)).await
    }

    async fn change(&self, change: Change) -> Result<(), StoreError> {
        let done = self.writer.apply(change).await.unwrap_or(false);
        if done { Ok(()) } else { Err(StoreError::new("the hold file cannot be written")) }
    }

    /// What is held of a person: for a lawful order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find(&self, person: PersonId) -> Result<Option<HeldKeys>, StoreError> {
        let (sql, key) = (connect(&self.file)?, [person.bytes().as_slice()]);
        let row = sql.query_row(
            "SELECT tag, until_ms, COALESCE(count, 0) FROM held LEFT JOIN held_followed USING (person) WHERE person = ?1",
            key,
            |row| {
                let (tag, until_ms, followed) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(HeldKeys { person, tag, fields: Vec::new(), followed, until_ms })
            },
        );
        let Some(mut held) = row.optional()? else { return Ok(None) };
        let mut list = sql.prepare("SELECT field, version, key FROM held_field WHERE person = ?1 ORDER BY field")?;
        let fields = list.query_map(key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        held.fields = fields.collect::<Result<_, _>>()?;
        Ok(Some(held))
    }

    /// Writes a consistent copy to `file`.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        connect(&self.file)?.execute("VACUUM INTO ?1", [file.to_string_lossy()])?;
        Ok(())
    }
}

/// One transaction for all of them; nothing is done unless all are durable, and no file has what was ended.
fn apply(connection: &mut Connection, changes: &[Change]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for change in changes {
        match change {
            Change::Put(keys) => {
                let person = keys.person.bytes();
                let fresh = transaction
                    .prepare_cached("INSERT INTO held VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
                    .execute(params![person, keys.tag, keys.until_ms])?;
                if fresh == 1 {
                    follow(&transaction, keys.person, keys.followed)?;
                }
                for (field, version, key) in keys.fields.iter().filter(|_| fresh == 1) {
                    transaction
                        .prepare_cached("INSERT INTO held_field VALUES (?1, ?2, ?3, ?4)")?
                        .execute(params![person, field, version, key])?;
                }
            }
            Change::Follow(person, count) => follow(&transaction, *person, *count)?,
            Change::End(person) => {
                for table in ["held", "held_field", "held_followed"] {
                    transaction.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [person.bytes()])?;
                }
            }
        }
    }
    transaction.commit()?;
    if changes.iter().any(|change| matches!(change, Change::End(_))) {
        carry_all(connection)?;
    }
    Ok(())
}

/// Her count only grows.
fn follow(sql: &Connection, person: PersonId, count: u64) -> rusqlite::Result<()> {
    sql.prepare_cached("INSERT INTO held_followed VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = max(count, ?2)")?
        .execute(params![person.bytes(), count])
        .map(|_| ())
}
