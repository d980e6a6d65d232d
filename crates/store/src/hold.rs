//! The hold file: what the law has kept for a year of someone who left. Nothing online reads it: the platform only writes it and
//! sweeps it, and no verb of the key room takes anything out.

use crate::StoreError;
use crate::batch::Batcher;
use crate::keys::connect;
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
    /// When all of it goes, milliseconds since the epoch.
    pub until_ms: i64,
}

enum Change {
    Put(HeldKeys),
    End(PersonId),
}

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS held (person BLOB PRIMARY KEY, tag BLOB NOT NULL, until_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held_field (
  person BLOB NOT NULL, field INTEGER NOT NULL, version INTEGER NOT NULL, key BLOB NOT NULL,
  PRIMARY KEY (person, field, version)
) WITHOUT ROWID;
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
            let done = apply(&mut connection, changes).is_ok();
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

    /// What is held of a person: for a lawful order, at rest.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find(&self, person: PersonId) -> Result<Option<HeldKeys>, StoreError> {
        let (sql, key) = (connect(&self.file)?, [person.bytes().as_slice()]);
        let row = sql.query_row("SELECT tag, until_ms FROM held WHERE person = ?1", key, |row| {
            Ok(HeldKeys { person, tag: row.get(0)?, fields: Vec::new(), until_ms: row.get(1)? })
        });
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

/// One transaction for all of them; nothing is done unless all are durable.
fn apply(connection: &mut Connection, changes: &[Change]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for change in changes {
        match change {
            Change::Put(keys) => {
                let person = keys.person.bytes();
                let fresh = transaction
                    .prepare_cached("INSERT INTO held VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
                    .execute(params![person, keys.tag, keys.until_ms])?;
                for (field, version, key) in keys.fields.iter().filter(|_| fresh == 1) {
                    transaction
                        .prepare_cached("INSERT INTO held_field VALUES (?1, ?2, ?3, ?4)")?
                        .execute(params![person, field, version, key])?;
                }
            }
            Change::End(person) => {
                for table in ["held", "held_field"] {
                    transaction.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [person.bytes()])?;
                }
            }
        }
    }
    transaction.commit()
}
