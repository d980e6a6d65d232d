//! SQLite: one writer thread, one transaction and one sync per batch, readers in parallel.

mod read;
mod write;

use crate::batch::Batcher;
use crate::command::{Applied, Command, Refusal};
use crate::rows::View;
use crate::{Fuse, Reader, StoreError};
use registry::PersonId;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// The schema's steps, oldest first; `user_version` says how many were taken.
const MIGRATIONS: &[&str] = &[
    include_str!("sqlite/0001-skeleton.sql"),
    include_str!("sqlite/0002-log.sql"),
    include_str!("sqlite/0003-consent.sql"),
    include_str!("sqlite/0004-cases.sql"),
    include_str!("sqlite/0005-rights.sql"),
    include_str!("sqlite/0006-facts.sql"),
    include_str!("sqlite/0007-person.sql"),
    include_str!("sqlite/0008-orders.sql"),
];

/// Reads that run side by side, each on a connection of its own; the others wait their turn.
const READERS: usize = 8;

/// The embedded engine.
pub struct Sqlite {
    writer: Batcher<Command, Applied>,
    readers: Mutex<Vec<Reader>>,
    turns: Semaphore,
    versions: Arc<Versions>,
    file: PathBuf,
}

/// Change counters of the views, hashed into a fixed table: two views in one cell only lose a cache hit.
struct Versions([AtomicU64; 1024]);

impl Versions {
    fn cell(&self, view: View) -> &AtomicU64 {
        let cell = match view {
            View::Everywhere => 0,
            View::District(id) => 1 + id.0 % 341,
            View::Pincode(pin) => 342 + pin.number() % 341,
            View::Centre(id) => 683 + id.0 % 341,
        };
        &self.0[cell as usize]
    }
}

impl Sqlite {
    pub(crate) fn open(file: &Path, fuse: Fuse) -> Result<Self, StoreError> {
        let mut connection = Connection::open(file)?;
        tune(&connection)?;
        migrate(&mut connection)?;
        let versions = Arc::new(Versions([const { AtomicU64::new(0) }; 1024]));
        let writer = Batcher::start("writer", {
            let versions = Arc::clone(&versions);
            move |commands: &[Command]| match fuse.step().then(|| write::batch(&mut connection, commands)) {
                Some(Ok((outcomes, touched))) if fuse.step() => {
                    for view in touched {
                        versions.cell(view).fetch_add(1, Ordering::Release);
                    }
                    outcomes
                }
                // The cause may quote nothing of a row: SQLite's messages name tables and columns only.
                _ => commands.iter().map(|_| Err(Refusal::Storage)).collect(),
            }
        });
        Ok(Self {
            writer,
            readers: Mutex::new(Vec::new()),
            turns: Semaphore::new(READERS),
            versions,
            file: file.to_owned(),
        })
    }

    pub(crate) async fn apply(&self, command: Command) -> Applied {
        self.writer.apply(command).await.unwrap_or(Err(Refusal::Storage))
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.turns.acquire().await.map_err(StoreError::new)?;
        let kept = self.readers.lock().expect("no reader panics while it holds the list").pop();
        let connection = match kept {
            Some(connection) => connection,
            None => Reader(reader(&self.file)?),
        };
        let (answer, connection) =
            tokio::task::spawn_blocking(move || (read(&connection), connection)).await.map_err(StoreError::new)?;
        self.readers.lock().expect("no reader panics while it holds the list").push(connection);
        answer
    }

    pub(crate) fn version(&self, view: View) -> u64 {
        self.versions.cell(view).load(Ordering::Acquire)
    }

    pub(crate) fn backup(&self, file: &Path) -> Result<(), StoreError> {
        reader(&self.file)?.execute("VACUUM INTO ?1", [file.to_string_lossy()])?;
        let copy = Connection::open(file)?;
        copy.pragma_update(None, "secure_delete", true)?;
        copy.execute_batch(
            "DELETE FROM sign_in; DELETE FROM otp; DELETE FROM client_token; DELETE FROM consent_request; VACUUM;",
        )?;
        Ok(())
    }
}

/// What every connection of ours is set to: write-ahead log, a full sync at every commit.
pub(crate) fn tune(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    prepare_once(connection)
}

/// A statement is parsed and planned once. Otherwise SQLite plans it anew whenever a value is bound that its statistics could
/// speak to, and that is at every look.
fn prepare_once(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

fn reader(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    prepare_once(&connection)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let taken: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if taken > MIGRATIONS.len() {
        return Err(StoreError::new("this database was written by a later version of Teeka"));
    }
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(taken) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// A person id from a column.
pub(crate) fn id(bytes: [u8; 16]) -> PersonId {
    PersonId(uuid::Uuid::from_bytes(bytes))
}
