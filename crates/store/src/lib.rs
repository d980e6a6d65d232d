//! The only room with database drivers: commands in, ciphertext and rows on random ids out. It knows no key.
//!
//! Every write is a value, [`Command`], that carries its log entries and its effect; a writer takes what is
//! queued and applies it in one transaction with one sync to disk, so entry and effect stand or fall together,
//! and a bad command never fails its neighbours. Reads run in parallel on connections of their own.

mod batch;
pub mod command;
mod fuse;
pub mod hold;
pub mod keys;
mod log;
pub mod rows;
mod sqlite;

pub use command::{Applied, Command, Done, Effect, Once, Refusal, Staged, Subject};
pub use fuse::Fuse;
pub use keys::KeyFile;
pub use log::LogFiles;
pub use sqlite::Sqlite;

use std::path::Path;
use std::sync::Arc;

/// A store's engine. The fork between engines is here and nowhere else.
#[derive(Clone)]
pub enum Store {
    /// SQLite in the binary, for a district or a state.
    Sqlite(Arc<Sqlite>),
}

/// The engine could not do its work: disk, file, or a database that is not ours. Its text is for operators.
#[derive(Debug, thiserror::Error)]
#[error("the store failed: {0}")]
pub struct StoreError(String);

impl StoreError {
    pub(crate) fn new(cause: impl std::fmt::Display) -> Self {
        Self(cause.to_string())
    }

    /// A failure that was found by whoever reads what is stored.
    #[must_use]
    pub fn because(what: &str) -> Self {
        Self(what.to_owned())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(error)
    }
}

impl Store {
    /// Opens the embedded store in `folder`, making and migrating it as needed.
    ///
    /// # Errors
    /// When the file cannot be opened, is of a later version, or is held by another process.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_until(folder, Fuse::default())
    }

    /// Opens it for a test that ends it at a step.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_until(folder: &Path, fuse: Fuse) -> Result<Self, StoreError> {
        Ok(Self::Sqlite(Arc::new(Sqlite::open(&folder.join("teeka.db"), fuse)?)))
    }

    /// Applies one command: returns when it is durable, or refused with nothing written.
    ///
    /// # Errors
    /// The reason for which the command was refused.
    pub async fn apply(&self, command: Command) -> Applied {
        match self {
            Self::Sqlite(engine) => engine.apply(command).await,
        }
    }

    /// Runs a read on a connection of its own, off the async threads.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    {
        match self {
            Self::Sqlite(engine) => engine.read(read).await,
        }
    }

    /// How often the open places seen from `view` have changed since the start: a cached answer is good while
    /// this number stands.
    #[must_use]
    pub fn version(&self, view: rows::View) -> u64 {
        match self {
            Self::Sqlite(engine) => engine.version(view),
        }
    }

    /// Writes a consistent copy of the data to `file`, without live sessions and one-time codes.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.backup(file),
        }
    }
}

/// A connection that only reads. Its verbs live in the engine's `read` files.
pub struct Reader(pub(crate) rusqlite::Connection);
