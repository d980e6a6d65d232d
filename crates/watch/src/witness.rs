//! A witness, as C2SP tlog-witness says it: it cosigns a log's checkpoints as long as each tree continues the one
//! before, and keeps the last one of each log in a folder of its own.
//!
//! What it has cosigned is on the disk before the cosignature goes out. An older copy of the folder must never be
//! brought back: a witness that forgets cosigns a fork.

mod serve;
mod state;

pub use serve::{Clock, router};
pub use state::OpenError;

use data_encoding::HEXLOWER;
use ledger::checkpoint::Checkpoint;
use ledger::note::{Algorithm, Note, Signature, Signer, Verifier};
use ledger::witness::{Refused, Request, Seen, consider};
use sha2::{Digest, Sha256};
use state::Folder;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The content type of the answer that tells a size.
const SIZE: &str = "text/x.tlog.size";

/// The content type of every other answer.
const TEXT: &str = "text/plain; charset=utf-8";

/// A witness of some logs.
pub struct Witness {
    signer: Signer,
    /// By their origins.
    logs: BTreeMap<String, Log>,
    folder: Folder,
}

/// A log that is watched; its origin is the name of its key.
struct Log {
    key: Verifier,
    last: Mutex<Option<Cosigned>>,
}

/// The checkpoint of a log that was cosigned last.
struct Cosigned {
    seen: Seen,
    /// With the log's signature and the witness's.
    note: Note,
}

/// What a witness says to a request, in the terms of HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 200 with a cosignature, or 400, 403, 404, 409, 422, 503.
    pub status: u16,
    /// `text/x.tlog.size` where the body is a size, which is so for 409.
    pub content_type: &'static str,
    /// One or more lines.
    pub body: String,
}

#[derive(Debug, thiserror::Error)]
enum NotCosigned {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("the witness cannot keep what it has seen")]
    Unkept(#[from] io::Error),
    #[error("the witness does not know the time")]
    Timeless,
}

impl Witness {
    /// A witness that keeps its state in a folder, which is made as needed and held until the witness is dropped.
    ///
    /// # Errors
    /// When a key is not of its kind, the folder is another witness's, or what is kept there cannot be trusted.
    pub fn open(state: &Path, signer: Signer, logs: impl IntoIterator<Item = Verifier>) -> Result<Self, OpenError> {
        if signer.verifier().algorithm() != Algorithm::Cosignature {
            return Err(OpenError::NotAWitness);
        }
        let folder = Folder::hold(state)?;
        let mut known = BTreeMap::new();
        for key in logs {
            let origin = key.name().to_owned();
            if key.algorithm() != Algorithm::Ed25519 {
                return Err(OpenError::NotALog(origin));
            }
            let last = Mutex::new(folder.read(&key, signer.verifier())?);
            if known.insert(origin.clone(), Log { key, last }).is_some() {
                return Err(OpenError::KnownTwice(origin));
            }
        }
        Ok(Self { signer, logs: known, folder })
    }

    /// The key that its cosignatures are checked with.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        self.signer.verifier()
    }

    /// The logs it knows, each with what it cosigned last.
    pub fn logs(&self) -> impl Iterator<Item = (&Verifier, Option<Seen>)> {
        self.logs.values().map(|log| (&log.key, log.last().as_ref().map(|last| last.seen)))
    }

    /// The call `add-checkpoint`: the body of the request, and seconds since the epoch.
    #[must_use]
    pub fn add_checkpoint(&self, body: &str, now_s: u64) -> Answer {
        match self.cosign(body, now_s) {
            Ok(cosignature) => Answer::text(200, &cosignature.to_string()),
            Err(NotCosigned::Refused(Refused::Conflict { size })) => {
                Answer { status: 409, content_type: SIZE, body: format!("{size}\n") }
            }
            Err(NotCosigned::Refused(refused)) => Answer::text(refused.status(), &refused.to_string()),
            Err(not_cosigned) => Answer::text(503, &not_cosigned.to_string()),
        }
    }

    /// The checkpoint cosigned last, with the log's signature and the witness's, for monitors: they know a log by the
    /// SHA-256 of its origin, in hex.
    #[must_use]
    pub fn checkpoint(&self, origin_hash: &str) -> Option<Note> {
        let log = self.logs.iter().find(|(origin, _)| hash_of(origin) == origin_hash)?.1;
        log.last().as_ref().map(|last| last.note.clone())
    }

    fn cosign(&self, body: &str, now_s: u64) -> Result<Signature, NotCosigned> {
        let request: Request = body.parse().map_err(|_| Refused::Malformed)?;
        let checkpoint: Checkpoint = request.checkpoint.text.parse().map_err(|_| Refused::Malformed)?;
        let log = self.logs.get(&checkpoint.origin).ok_or(Refused::UnknownLog)?;
        // Until this is dropped nobody else decides about the log.
        let mut last = log.last();
        let before = last.as_ref().map(|last| last.seen);
        let seen =
            consider(&request, &log.key, before).inspect_err(|_| log.note_a_fork(&request, &checkpoint, before))?;
        // Zero means that no time is said, and what needs the 64th bit is none.
        if now_s == 0 || i64::try_from(now_s).is_err() {
            return Err(NotCosigned::Timeless);
        }
        let mut note = log.signed(&request.checkpoint).ok_or(Refused::NotSigned)?;
        let cosignature = self.signer.sign(&note.text, now_s);
        note.signatures.push(cosignature.clone());
        let kept = self.folder.keep(log.key.name(), &note);
        kept.inspect_err(|error| tracing::error!(%error, "the state of the witness cannot be written"))?;
        *last = Some(Cosigned { seen, note });
        Ok(cosignature)
    }
}

impl Log {
    /// A panic elsewhere leaves it as it was: it is only ever replaced whole.
    fn last(&self) -> MutexGuard<'_, Option<Cosigned>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A note with the log's own signature alone: other lines may be anyone's.
    fn signed(&self, note: &Note) -> Option<Note> {
        let with = |one: &Signature| Note { text: note.text.clone(), signatures: vec![one.clone()] };
        note.signatures.iter().map(with).find(|note| note.vouched_by(&self.key).is_some())
    }

    /// Two signed trees of one size are proof against the log.
    fn note_a_fork(&self, request: &Request, checkpoint: &Checkpoint, before: Option<Seen>) {
        let is_other = |seen: &Seen| seen.size == checkpoint.size && seen.root != checkpoint.root;
        if let (Some(_), Some(note)) = (before.filter(is_other), self.signed(&request.checkpoint)) {
            tracing::warn!(checkpoint = ?note.to_string(), "the log has signed another tree of the size cosigned last");
        }
    }
}

impl Answer {
    fn text(status: u16, line: &str) -> Self {
        Self { status, content_type: TEXT, body: format!("{line}\n") }
    }
}

/// How a log is named where its origin does not fit: SHA-256 in hex.
fn hash_of(origin: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(origin))
}
