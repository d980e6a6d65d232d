//! The only room with database drivers: commands in, ciphertext and rows on random ids out. It knows no key.
//!
//! Every write is a value, [`Command`], that carries its log entries and its effect; a writer takes what is
//! queued and applies it in one transaction with one sync to disk, so entry and effect stand or fall together,
//! and a bad command never fails its neighbours. Reads run in parallel on connections of their own.

mod batch;
pub mod command;
mod engine;
pub mod figures;
mod fuse;
pub mod hold;
pub mod keys;
mod log;
mod moving;
pub mod plain;
mod read;
mod reader;
mod recent;
pub mod rows;
mod shards;
mod sql;
mod versions;
mod write;

pub use command::{Applied, Command, Done, Effect, Once, Refusal, Staged, Subject};
pub use figures::Figures;
pub use fuse::Fuse;
pub use keys::KeyFile;
pub use log::LogFiles;
pub use moving::{Base, Moved, Step};
pub use reader::Reader;
pub use shards::{Seat, Shards, Wish};

use engine::Engine;
use sql::Place;
use std::path::Path;
use std::sync::Arc;

/// The embedded store's file in a data folder, and its name when its data were moved to a server.
const EMBEDDED: &str = "teeka.db";
const MOVED: &str = "teeka.db.moved";

/// A store. Which engine it has is known to `sql`, and over how many shards it lies to `shards`, and to nobody else.
#[derive(Clone)]
pub struct Store(Body);

#[derive(Clone)]
enum Body {
    One(Arc<Engine>),
    Over(Shards),
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

impl From<sql::Broken> for StoreError {
    fn from(error: sql::Broken) -> Self {
        Self::new(error)
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
        if folder.join(MOVED).exists() {
            // Beginning anew beside the log that goes on elsewhere would fork it.
            return Err(StoreError::because("the data of this folder were moved to a server: name its address"));
        }
        Ok(Self::of(Engine::open(Place::Sqlite(folder.join(EMBEDDED)), fuse)?))
    }

    /// Opens a database of a PostgreSQL server, `postgres://…`, making and migrating its tables as needed.
    ///
    /// # Errors
    /// When the address is none, or leads to another machine in the clear; when the server does not answer, or is not who the
    /// address wants; when its tables are of a later version.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_until(url, Fuse::default()).await
    }

    /// What can be said of the line to a database of a server: who may read what travels on it. Nobody is asked.
    ///
    /// # Errors
    /// When the address is none, leads to another machine in the clear, or its certificates cannot be read.
    pub fn line(url: &str) -> Result<&'static str, StoreError> {
        Ok(sql::Line::at(url)?.about())
    }

    /// Opens it for a test that ends it at a step.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn connect_until(url: &str, fuse: Fuse) -> Result<Self, StoreError> {
        let place = Place::at(url, tokio::runtime::Handle::current())?;
        let opened = tokio::task::spawn_blocking(move || Engine::open(place, fuse)).await;
        Ok(Self::of(opened.map_err(StoreError::new)??))
    }

    fn of(engine: Engine) -> Self {
        Self(Body::One(Arc::new(engine)))
    }

    /// One store over several, in their order, which never changes: each has the rows of its own part of the people, of the phones
    /// and of the districts, and a log of its own. See `docs/adr/0019-two-shards.md`.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub async fn over(shards: Vec<Self>) -> Result<Self, StoreError> {
        let shards = Shards::new(shards);
        shards.number_logs().await?;
        Ok(Self(Body::Over(shards)))
    }

    /// Applies one command: returns when it is durable, or refused with nothing written.
    ///
    /// # Errors
    /// The reason for which the command was refused.
    pub async fn apply(&self, command: Command) -> Applied {
        match &self.0 {
            Body::One(engine) => engine.apply(command).await,
            // Its steps take room that a command to one store need not carry along.
            Body::Over(shards) => Box::pin(shards.apply(command)).await,
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
        match &self.0 {
            Body::One(engine) => engine.read(read).await,
            Body::Over(shards) => shards.read(read).await,
        }
    }

    /// Finds something by its key, which takes no longer than the way to another thread and back: where the engine is embedded
    /// it is done here.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn find<T, F>(&self, find: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.0 {
            Body::One(engine) => engine.find(find).await,
            Body::Over(shards) => shards.read(find).await,
        }
    }

    /// The leaves from a position on, if this node committed them a moment ago: without a read.
    #[must_use]
    pub fn recent_leaves(&self, position: u64) -> Vec<[u8; ledger::LEAF_BYTES]> {
        match &self.0 {
            Body::One(engine) => engine.recent_leaves(position),
            Body::Over(shards) => shards.engines()[shards.place_of_position(position)].recent_leaves(position),
        }
    }

    /// How often the open places seen from `view` have changed since the start: a cached answer is good while
    /// this number stands.
    #[must_use]
    pub fn version(&self, view: rows::View) -> u64 {
        match &self.0 {
            Body::One(engine) => engine.version(view),
            Body::Over(shards) => shards.engines().iter().fold(0, |sum, shard| sum.wrapping_add(shard.version(view))),
        }
    }

    /// Whether this node does the work that one node does for all. Where no other can be, it does; where there can, one of
    /// them does, and another takes over in seconds when it is gone. For a moment two may think so: what they do must bear it.
    #[must_use]
    pub fn leads(&self) -> bool {
        match &self.0 {
            Body::One(engine) => engine.leads(),
            Body::Over(shards) => shards.engines()[0].leads(),
        }
    }

    /// What it counts of its own work.
    #[must_use]
    pub fn figures(&self) -> &Arc<Figures> {
        match &self.0 {
            Body::One(engine) => engine.figures(),
            Body::Over(shards) => shards.figures(),
        }
    }

    /// Writes a consistent copy of the data to `file`, without live sessions and one-time codes.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        match &self.0 {
            Body::One(engine) => engine.backup(file),
            Body::Over(_) => Err(StoreError::because("each shard is copied by itself")),
        }
    }
}

/// A person id from a column.
fn id(bytes: [u8; 16]) -> registry::PersonId {
    registry::PersonId(uuid::Uuid::from_bytes(bytes))
}
