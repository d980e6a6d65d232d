//! Whether the log's files can be written. What cannot be published in time is not shown and not taken: a folder that can
//! only be read, or is gone, stops the service at its door, and it goes on by itself when the folder takes files again.

use super::{CHECKPOINT, broken};
use crate::Refused;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::{LogFiles, StoreError};
use tokio::sync::Mutex;

/// For how long it is believed that the folder takes files, after it took one, milliseconds.
const PROVEN_MS: i64 = 200;

/// The log's files, with what is known of the folder that they are in.
pub(super) struct Writing {
    files: Arc<LogFiles>,
    /// The last that was to be written was not.
    has_failed: AtomicBool,
    /// When the folder took a file last, milliseconds since the epoch.
    proven_ms: AtomicI64,
    /// Held by whoever tries.
    trying: Mutex<()>,
}

impl Writing {
    pub(super) fn new(files: Arc<LogFiles>) -> Self {
        Self { files, has_failed: AtomicBool::new(false), proven_ms: AtomicI64::new(0), trying: Mutex::default() }
    }

    pub(super) fn files(&self) -> &Arc<LogFiles> {
        &self.files
    }

    /// Whether files of the log could not be written, and wait.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Acquire)
    }

    /// Writes files of the log; where there are none, tries whether some could be. From a failure on, until something is
    /// written, nobody may write what would have to be published.
    pub(super) async fn write(&self, files: Vec<(String, Vec<u8>)>) -> Result<(), Refused> {
        let written =
            self.at_the_disk(move |folder| if files.is_empty() { folder.try_out() } else { folder.write(&files) });
        self.went(written.await)
    }

    /// Notes whether something was written.
    fn went(&self, written: Result<(), StoreError>) -> Result<(), Refused> {
        let had_failed = self.has_failed.swap(written.is_err(), Ordering::AcqRel);
        if let Err(error) = &written {
            self.proven_ms.store(0, Ordering::Release);
            if !had_failed {
                tracing::error!(%error, "the log's files cannot be written: nobody is shown and nothing is taken until they can");
            }
        } else if had_failed {
            tracing::info!("the log's files can be written again");
        }
        Ok(written?)
    }

    /// Puts a checkpoint in the place of the one before, if it still may be there.
    pub(super) async fn publish(
        &self,
        note: String,
        may_replace: impl Fn(&[u8]) -> bool + Send + 'static,
    ) -> Result<(), Refused> {
        let published = self.at_the_disk(move |folder| folder.replace(CHECKPOINT, note.into_bytes(), may_replace));
        self.went(published.await)
    }

    /// Whether what is committed now can go into the files, as far as can be known: nothing waits in vain, and the folder
    /// takes a file at this moment, or took one a moment ago.
    pub(super) async fn takes_files(&self, now_ms: i64) -> bool {
        if self.has_failed() {
            return false;
        }
        let is_proven = || (0..PROVEN_MS).contains(&(now_ms - self.proven_ms.load(Ordering::Acquire)));
        if is_proven() {
            return true;
        }
        // One tries for all who come meanwhile.
        let _turn = self.trying.lock().await;
        if is_proven() {
            return true;
        }
        let takes = self.at_the_disk(LogFiles::try_out).await.is_ok();
        self.proven_ms.store(if takes { now_ms } else { 0 }, Ordering::Release);
        takes
    }

    async fn at_the_disk(
        &self,
        work: impl FnOnce(&LogFiles) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let folder = Arc::clone(&self.files);
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.map_err(|_| broken("the writer of the log's files ended"))?
    }
}
