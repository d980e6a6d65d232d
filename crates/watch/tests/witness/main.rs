//! The witness from outside: what it answers, what it keeps, and what it never does.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod answers;
mod chance;
mod http;
mod keeping;
mod log;
mod published;
mod races;

use ledger::note::{Algorithm, Note, Signer, Verifier};
use ledger::witness::Seen;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use watch::witness::{Answer, Witness};

/// A second in November 2026.
const NOW_S: u64 = 1_795_000_000;

/// The file in which the witness keeps the logs here: the hash of `log.example` in hex.
const FILE: &str = "d7612c54297eaa3e5a7756b17ce3adc5bed251af8059d72bbb8b0075c67b85e9";

/// A folder of its own for each test, removed at its end.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("teeka-witness-{}-{number}", std::process::id())))
    }

    /// A witness with its state here.
    fn witness(&self, logs: &[Verifier]) -> Witness {
        Witness::open(&self.0, signer(), logs.to_vec()).unwrap()
    }

    /// All that is kept here, by name.
    fn content(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let entries = std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path());
        let mut content: Vec<_> = entries.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        content.sort();
        content
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn signer() -> Signer {
    Signer::new("witness.example/w1", Algorithm::Cosignature, &[7; 32]).unwrap()
}

/// What a witness cosigned last of the only log it knows.
fn seen(witness: &Witness) -> Option<Seen> {
    witness.logs().next().unwrap().1
}

/// Whether an answer is a cosignature of exactly this checkpoint, at this time.
fn is_cosigned(answer: &Answer, checkpoint: &Note, at_s: u64) -> bool {
    let note = Note {
        text: checkpoint.text.clone(),
        signatures: answer.body.lines().filter_map(|line| line.parse().ok()).collect(),
    };
    answer.status == 200
        && answer.body.ends_with('\n')
        && note.vouched_by(signer().verifier()).is_some_and(|vouched| vouched.at_s == Some(at_s))
}
