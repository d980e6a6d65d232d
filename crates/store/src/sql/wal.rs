//! SQLite's write-ahead log, carried into its file beside the writer: no commit waits for it, and what many commits wrote to
//! one page is carried once.

use rusqlite::Connection;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often it is carried.
const EVERY: Duration = Duration::from_millis(500);

/// How often it is tried to carry everything.
const TRIES: u32 = 20;

/// Pages after which the writer carries it itself, so that it cannot grow for ever.
pub(super) const LONGEST: u32 = 16_384;

/// Carries a file's log until it is dropped.
pub(crate) struct Carrier(#[expect(dead_code, reason = "the thread ends when it is dropped")] Sender<()>);

impl Carrier {
    /// Starts the thread, with a connection of its own.
    pub(crate) fn start(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        let (alive, ended) = channel::<()>();
        let thread = move || {
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // What cannot be carried now is carried later, in the end by the writer, who then hears why not.
                let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            }
        };
        std::thread::Builder::new().name("carrier".into()).spawn(thread).expect("a thread can be started");
        Ok(Self(alive))
    }
}

/// Carries everything and empties the log: what was deleted before is in no file any more. SQLite waits for readers, and not
/// for somebody else who carries.
pub(crate) fn carry_all(connection: &Connection) -> rusqlite::Result<()> {
    for _ in 0..TRIES {
        if connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, u32>(0))? == 0 {
            return Ok(());
        }
        std::thread::sleep(EVERY / TRIES);
    }
    Err(rusqlite::Error::InvalidQuery)
}
