//! SQLite's write-ahead log, carried into its file beside the writer: no commit waits for it, and what many commits wrote to
//! one page is carried once.

use rusqlite::{Connection, ffi};
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
                let _ =
                    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).inspect_err(end_if_unsynced);
            }
        };
        std::thread::Builder::new().name("carrier".into()).spawn(thread).expect("a thread can be started");
        Ok(Self(alive))
    }
}

/// What a process ends with whose disk does not keep what it was given: the sign of an error of input or output.
const UNSYNCED: i32 = 74;

/// Ends the process where a sync failed. What was written since the sync before may be gone, and the next sync would not say
/// so; SQLite carries no page twice, so what it carried before and did not wait for would be lost with the log. Whoever
/// begins anew reads the log from the disk, and carries all of it.
pub(crate) fn end_if_unsynced(error: &rusqlite::Error) {
    if is_unsynced(error) {
        eprintln!(
            "ALARM: the disk does not keep what it was given ({error}); this process ends, and may be started again"
        );
        std::process::exit(UNSYNCED);
    }
}

fn is_unsynced(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|cause| cause.extended_code == ffi::SQLITE_IOERR_FSYNC)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_sync_is_told_from_a_disk_that_is_full() {
        let cases = [
            (ffi::SQLITE_IOERR_FSYNC, true),
            (ffi::SQLITE_IOERR_WRITE, false),
            (ffi::SQLITE_FULL, false),
            (ffi::SQLITE_BUSY, false),
        ];
        for (code, is_lost) in cases {
            assert_eq!(is_unsynced(&rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)), is_lost, "{code}");
        }
    }
}
