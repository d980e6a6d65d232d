//! Openings: what is behind a commitment, and whether it is what its leaf says.

use super::Source;
use super::orders::Orders;
use super::report::{Check, Faults};
use data_encoding::{BASE64, HEXLOWER};
use ledger::audit::drawn;
use ledger::entry::Entry;
use ledger::erasure::{Erasure, Explained};
use ledger::leaf::{LEAF_BYTES, Leaf, bucket, commitment};
use ledger::note::Note;
use ledger::restored::Restored;
use ledger::tree::{Hash, leaf_hash};
use serde::Deserialize;
use std::collections::HashMap;

/// Openings of public entries by position; `None` where one is missing.
pub(super) type Public = HashMap<u64, Option<Vec<u8>>>;

/// An opening that everybody may have.
#[derive(Deserialize)]
struct Opening {
    position: u64,
    leaf: String,
    salt: String,
    entry: String,
}

/// What the log answers to a draw.
#[derive(Deserialize)]
struct Answer {
    openings: Vec<Answered>,
}

#[derive(Deserialize)]
struct Answered {
    position: u64,
    salt: Option<String>,
    entry: Option<String>,
    /// By which erasure its keys were destroyed.
    erased: Option<Erased>,
}

/// That an entry's tag is among those to which an erasure committed.
#[derive(Deserialize)]
struct Erased {
    /// Position of the `ERASE` entry.
    position: u64,
    number: u64,
    nonce: String,
    proof: Vec<String>,
}

/// What the `ERASE` entries of a log say, by their positions.
pub(super) type Erasures = HashMap<u64, Erasure>;

/// The public entry at a position, whose leaf has this hash.
pub(super) fn public(position: u64, hash: &Hash, opening: Option<&[u8]>) -> Result<Entry, &'static str> {
    let bytes = opening.ok_or("it is of a public kind and has no opening")?;
    let opening: Opening = serde_json::from_slice(bytes).map_err(|_| "its opening has another form")?;
    let leaf: [u8; LEAF_BYTES] = bytes_of(&opening.leaf).ok_or("its opening has no leaf")?;
    if opening.position != position || leaf_hash(&leaf) != *hash {
        return Err("its opening is that of another entry");
    }
    let leaf = Leaf::decode(&leaf).ok_or("its leaf cannot be read")?;
    agreed(&leaf, &opening.salt, &opening.entry)?.ok_or("it cannot be read")
}

/// The entry behind a leaf, if salt and entry are what the leaf commits to; `None` if the leaf's kind is not known here
/// and the entry cannot be read.
fn agreed(leaf: &Leaf, salt: &str, entry: &str) -> Result<Option<Entry>, &'static str> {
    let salt: [u8; 32] = bytes_of(salt).ok_or("its opening has no salt")?;
    let cbor = BASE64.decode(entry.as_bytes()).map_err(|_| "its opening has no entry")?;
    if commitment(&salt, &cbor) != leaf.commit {
        return Err("its opening is not what was committed to");
    }
    let Some(entry) = Entry::from_cbor(&cbor) else {
        return if leaf.kind().is_none() { Ok(None) } else { Err("what was committed to is not an entry") };
    };
    let said = (entry.kind.wire(), entry.keys_asked(), bucket(entry.at_ms));
    if said != (leaf.kind, leaf.keys_asked, leaf.bucket) {
        return Err("its entry says something else than its leaf");
    }
    Ok(Some(entry))
}

fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// A draw of entries that the log is to open.
pub(super) struct Draw {
    /// What it is asked.
    question: String,
    positions: Vec<u64>,
    /// The leaves there, as they are read.
    leaves: HashMap<u64, Option<Leaf>>,
}

impl Draw {
    pub(super) fn new(note: &Note, nonce: &[u8; 32], size: u64, how_many: u32) -> Self {
        let positions = drawn(&note.text, nonce, size, how_many);
        let nonce = HEXLOWER.encode(nonce);
        let question = serde_json::json!({ "checkpoint": note.text, "nonce": nonce, "count": how_many }).to_string();
        Self { question, leaves: positions.iter().map(|position| (*position, None)).collect(), positions }
    }

    /// Remembers a leaf if it was drawn.
    pub(super) fn see(&mut self, position: u64, leaf: Option<Leaf>) {
        if let Some(drawn) = self.leaves.get_mut(&position) {
            *drawn = leaf;
        }
    }

    /// Asks, and compares.
    pub(super) fn check(
        &self,
        source: &dyn Source,
        erasures: &Erasures,
        restores: &[Restored],
        orders: &Orders,
    ) -> Check {
        let name = "openings";
        if self.positions.is_empty() {
            return Check::unchecked(name, "no entry was drawn");
        }
        let answer = match source.open(&self.question) {
            Ok(Some(answer)) => answer,
            Ok(None) => {
                let why = "the log was restored, and says what that lost in an entry that is newer than this checkpoint: audit it again";
                return Check::unchecked(name, why);
            }
            Err(why) => return Check::broken(name, format!("the log does not open what was drawn: {why}")),
        };
        let Ok(Answer { openings }) = serde_json::from_slice(&answer) else {
            return Check::broken(name, "the log's answer to the draw has another form");
        };
        let (mut faults, mut erased, mut lost) = (Faults::default(), 0, 0);
        let is_lost = |position: &u64| restores.iter().any(|restored| restored.lost.contains(position));
        for (n, position) in self.positions.iter().enumerate() {
            match self.compare(*position, openings.get(n), erasures, orders) {
                Ok(Found::Opened) => {}
                Ok(Found::Erased) => erased += 1,
                // Of whom the data know nothing since a restore, they cannot open anything.
                Ok(Found::Neither) if is_lost(position) => lost += 1,
                Ok(Found::Neither) => {
                    faults.add(format!("entry {position}: it is not opened, and no erasure is named"));
                }
                Err(why) => faults.add(format!("entry {position}: {why}")),
            }
        }
        let drawn = self.positions.len();
        faults.check(
            name,
            format!(
                "{drawn} entries were drawn; those opened are what was committed to, {erased} are proven erased{}",
                if lost > 0 {
                    format!(", {lost} cannot be opened since a restore, as a public entry says")
                } else {
                    String::new()
                }
            ),
        )
    }

    /// What is shown of an entry, if that is right.
    fn compare(
        &self,
        position: u64,
        opening: Option<&Answered>,
        erasures: &Erasures,
        orders: &Orders,
    ) -> Result<Found, &'static str> {
        let leaf = self.leaves.get(&position).copied().flatten().ok_or("its leaf cannot be read")?;
        let opening = opening.filter(|one| one.position == position).ok_or("it is missing in the answer")?;
        match opening {
            Answered { salt: Some(salt), entry: Some(entry), .. } => {
                let entry = agreed(&leaf, salt, entry)?;
                let is_hidden = entry.is_some_and(|entry| orders.is_hidden(&entry));
                if is_hidden { Err("it rests on a lawful order that no public entry says") } else { Ok(Found::Opened) }
            }
            Answered { erased: Some(erased), .. } => erased.explains(position, &leaf, erasures).map(|()| Found::Erased),
            _ => Ok(Found::Neither),
        }
    }
}

/// What is shown of an entry.
enum Found {
    Opened,
    Erased,
    Neither,
}

impl Erased {
    /// Whether the erasure that is named contains the tag of this leaf.
    fn explains(&self, position: u64, leaf: &Leaf, erasures: &Erasures) -> Result<(), &'static str> {
        let erasure = erasures.get(&self.position).ok_or("it is said to be erased by an entry that is no erasure")?;
        if self.position <= position {
            return Err("it is said to be erased by an entry that stands before it");
        }
        let nonce = bytes_of(&self.nonce).ok_or("the proof that it is erased has no nonce")?;
        let proof = self.proof.iter().map(|hash| bytes_of(hash)).collect::<Option<_>>();
        let proof = proof.ok_or("the proof that it is erased has another form")?;
        let explained = Explained { number: self.number, nonce, proof };
        explained.check(&leaf.subject_tag, erasure).map_err(|_| "the erasure that is named does not contain it")
    }
}
