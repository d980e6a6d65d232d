//! The folder of a witness: for each log one file, the checkpoint that was cosigned last.

use super::{Cosigned, hash_of};
use ledger::checkpoint::Checkpoint;
use ledger::note::{Note, Verifier};
use ledger::witness::Seen;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why a witness does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its own key is not one that cosigns.
    #[error("the key of a witness is of the kind that cosigns")]
    NotAWitness,
    /// The key of a log is not one that signs checkpoints.
    #[error("{0} has not a key of the kind that signs checkpoints")]
    NotALog(String),
    /// Two keys were given for one log.
    #[error("{0} is given twice: a log has one key")]
    KnownTwice(String),
    /// Another process holds the folder.
    #[error("another witness works on {} already", .0.display())]
    Held(PathBuf),
    /// What is kept of a log is not a checkpoint of it under the key of the log or of this witness. To go on without
    /// it would be to forget what was cosigned.
    #[error("{} does not tell what was cosigned of {origin}: it is damaged, or signed by other keys", .file.display())]
    Damaged {
        /// The log.
        origin: String,
        /// The file.
        file: PathBuf,
    },
    /// The folder cannot be made, or not be read.
    #[error("cannot use {}: {cause}", .path.display())]
    Unusable {
        /// The folder, or a file in it.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

/// A folder that is held as long as this lives.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    pub(super) fn hold(path: &Path) -> Result<Self, OpenError> {
        let unusable = |cause| OpenError::Unusable { path: path.to_owned(), cause };
        make(path).map_err(unusable)?;
        let lock = File::options().create(true).append(true).open(path.join("lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Held(path.to_owned())),
            Err(TryLockError::Error(cause)) => Err(unusable(cause)),
        }
    }

    /// What was cosigned last of a log; nothing only if there is no file.
    pub(super) fn read(&self, log: &Verifier, own: &Verifier) -> Result<Option<Cosigned>, OpenError> {
        let file = self.file(log.name());
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(none) if none.kind() == ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(OpenError::Unusable { path: file, cause }),
        };
        match String::from_utf8(bytes).ok().and_then(|text| Cosigned::read(&text, log, own)) {
            Some(cosigned) => Ok(Some(cosigned)),
            None => Err(OpenError::Damaged { origin: log.name().to_owned(), file }),
        }
    }

    /// Replaces what is kept of a log. When this returns, it outlasts the machine; when it fails or is cut short, the
    /// old or the new one is there, whole.
    pub(super) fn keep(&self, origin: &str, note: &Note) -> io::Result<()> {
        let file = self.file(origin);
        let new = file.with_extension("new");
        let mut written = File::create(&new)?;
        written.write_all(note.to_string().as_bytes())?;
        written.sync_all()?;
        fs::rename(&new, &file)?;
        File::open(&self.path)?.sync_all()
    }

    fn file(&self, origin: &str) -> PathBuf {
        self.path.join(hash_of(origin))
    }
}

impl Cosigned {
    /// Either signature vouches for size and root, so that one of the two keys may be replaced.
    fn read(text: &str, log: &Verifier, own: &Verifier) -> Option<Self> {
        let note: Note = text.parse().ok()?;
        let Checkpoint { origin, size, root, .. } = note.text.parse().ok()?;
        let is_vouched = note.vouched_by(log).is_some() || note.vouched_by(own).is_some();
        (origin == log.name() && is_vouched).then_some(Self { seen: Seen { size, root }, note })
    }
}

/// Makes a folder and those above it, so that they outlast the machine too.
fn make(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make(above)?;
    fs::create_dir(path)?;
    File::open(above)?.sync_all()
}
