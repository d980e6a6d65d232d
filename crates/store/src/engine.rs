//! One writer, one transaction and one sync per batch, readers in parallel: on either engine.

use crate::batch::Batcher;
use crate::command::{Applied, Command, Refusal};
use crate::recent::Recent;
use crate::rows::View;
use crate::sql::{self, Carrier, Connection, Peers, Place};
use crate::versions::Versions;
use crate::{Figures, Fuse, Reader, StoreError, write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// Reads that run side by side, each on a connection of its own; the others wait their turn.
pub(crate) const READERS: usize = 8;

/// A database with its writer and its readers.
pub(crate) struct Engine {
    writer: Batcher<Command, Applied>,
    readers: Mutex<Vec<Connection>>,
    turns: Semaphore,
    versions: Arc<Versions>,
    recent: Arc<Recent>,
    figures: Arc<Figures>,
    place: Place,
    /// The other nodes, where there can be any.
    peers: Option<Peers>,
    _carrier: Option<Carrier>,
}

impl Engine {
    pub(crate) fn open(place: Place, fuse: Fuse) -> Result<Self, StoreError> {
        let mut connection = place.writer()?;
        connection.migrate()?;
        let carrier = place.carrier()?;
        let versions = Arc::new(Versions::default());
        let peers = place.peers(&versions);
        let (recent, figures) = (Arc::new(Recent::default()), Arc::new(Figures::default()));
        let writer = Batcher::start("writer", {
            let (versions, recent) = (Arc::clone(&versions), Arc::clone(&recent));
            let (figures, place) = (Arc::clone(&figures), place.clone());
            let mut sound = true;
            move |commands: &[Command]| {
                // What a failure left on a connection, such as a transaction that was broken off, is nothing to go on with.
                if !(sound && connection.is_open())
                    && let Ok(again) = place.writer()
                {
                    (connection, sound) = (again, true);
                }
                let begun = figures.moment();
                let written = fuse.step().then(|| write::batch(&connection, commands));
                if let Some(Err(_)) = written {
                    sound = false;
                    versions.doubt();
                }
                match written {
                    Some(Ok(written)) if fuse.step() => {
                        figures.committed(commands.len(), begun);
                        for view in written.touched {
                            versions.touch(view);
                        }
                        recent.note(written.begin, written.leaves);
                        written.applied
                    }
                    _ => commands.iter().map(|_| Err(Refusal::Storage)).collect(),
                }
            }
        });
        Ok(Self {
            writer,
            readers: Mutex::default(),
            turns: Semaphore::new(READERS),
            versions,
            recent,
            figures,
            place,
            peers,
            _carrier: carrier,
        })
    }

    pub(crate) async fn apply(&self, command: Command) -> Applied {
        let _waits = self.figures.waits();
        let applied = self.writer.apply(command).await.unwrap_or(Err(Refusal::Storage));
        applied.inspect_err(|refusal| self.figures.refused(refusal))
    }

    pub(crate) fn figures(&self) -> &Arc<Figures> {
        &self.figures
    }

    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.turns.acquire().await.map_err(StoreError::new)?;
        let engine = Arc::clone(self);
        tokio::task::spawn_blocking(move || engine.read_here(read)).await.map_err(StoreError::new)?
    }

    pub(crate) async fn find<T: Send + 'static>(
        self: &Arc<Self>,
        find: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.place.is_far() { self.read(find).await } else { self.read_here(find) }
    }

    fn read_here<T>(&self, read: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let reader = Reader::one_store(self.line()?);
        let answer = reader.first()?.at_one_moment(|| read(&reader));
        if let Some(line) = reader.into_line() {
            self.keep(line);
        }
        answer
    }

    /// A connection that only reads, for whoever has a turn of his own and a thread that may wait.
    pub(crate) fn line(&self) -> sql::Result<Connection> {
        let kept = self.readers.lock().expect("no reader panics while it holds the list").pop();
        kept.filter(Connection::is_open).map_or_else(|| self.place.reader(), Ok)
    }

    /// Keeps it for the next one.
    pub(crate) fn keep(&self, line: Connection) {
        self.readers.lock().expect("no reader panics while it holds the list").push(line);
    }

    pub(crate) fn recent_leaves(&self, position: u64) -> Vec<[u8; ledger::LEAF_BYTES]> {
        self.recent.from(position)
    }

    pub(crate) fn version(&self, view: View) -> u64 {
        self.versions.of(view)
    }

    pub(crate) fn leads(&self) -> bool {
        self.peers.as_ref().is_none_or(Peers::leads)
    }

    pub(crate) fn backup(&self, file: &Path) -> Result<(), StoreError> {
        Ok(self.place.copy(file)?)
    }
}
