//! What an auditor and the audited agree on: which entries are drawn, and how the key room says what it released.

use crate::note::{Malformed, Note, Signer, Verifier};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The first line of the key room's counters. No checkpoint begins so and has a number below.
const COUNTERS: &str = "teeka/keyroom-counters/v1";

/// The first line of what it says of a new root.
const ROTATION: &str = "teeka/keyroom-root/v1";

/// Positions to be opened: drawn from a checkpoint and the auditor's nonce, so that neither side can choose them. Two
/// may be the same.
#[must_use]
pub fn drawn(checkpoint: &str, nonce: &[u8; 32], size: u64, how_many: u32) -> Vec<u64> {
    let seed = Sha256::new().chain_update(b"teeka/audit-draw/v1").chain_update(checkpoint).chain_update(nonce);
    let draw = |n: u32| {
        let hash = seed.clone().chain_update(n.to_be_bytes()).finalize();
        let wide = u128::from_be_bytes(hash[..16].try_into().expect("a digest has sixteen bytes"));
        u64::try_from(wide % u128::from(size)).expect("less than the size")
    };
    if size == 0 { Vec::new() } else { (0..how_many).map(draw).collect() }
}

/// The statement of a `LAPSED` entry: positions, with how many of the keys that were asked there nobody fetched. CBOR: an array of
/// pairs.
#[must_use]
pub fn lapsed_to_cbor(lapsed: &[(u64, u16)]) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(lapsed, &mut out).expect("writing to memory does not fail");
    out
}

/// Such a statement, read; `None` if it is not one, or not in its one encoding.
#[must_use]
pub fn lapsed_from_cbor(bytes: &[u8]) -> Option<Vec<(u64, u16)>> {
    let lapsed: Vec<(u64, u16)> = ciborium::from_reader(bytes).ok()?;
    (lapsed_to_cbor(&lapsed) == bytes).then_some(lapsed)
}

/// What the key room says of itself, signed by its key as a witness: the statement of a CONFIG entry, once a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counters {
    /// The log whose receipts it takes.
    pub origin: String,
    /// Leaves under the last checkpoint that it took.
    pub size: u64,
    /// Field keys that it has ever released; no more than those leaves asked for.
    pub released: u64,
}

impl Counters {
    /// The signed note.
    #[must_use]
    pub fn signed(&self, key_room: &Signer, at_s: u64) -> Note {
        let text = self.to_string();
        Note { signatures: vec![key_room.sign(&text, at_s)], text }
    }

    /// The counters of a note that the key room signed, and when, in seconds since the epoch.
    ///
    /// # Errors
    /// When it is not signed by this key, or says something else.
    pub fn of(note: &Note, key_room: &Verifier) -> Result<(Self, u64), Malformed> {
        let signed = note.vouched_by(key_room).and_then(|vouched| vouched.at_s);
        Ok((note.text.parse()?, signed.ok_or(Malformed("note of the key room"))?))
    }
}

impl fmt::Display for Counters {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{COUNTERS}\n{}\n{}\n{}\n", self.origin, self.size, self.released)
    }
}

impl FromStr for Counters {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let read = || {
            let mut lines = text.split('\n');
            lines.next().filter(|line| *line == COUNTERS)?;
            let (origin, size, released) = (lines.next()?.to_owned(), lines.next()?, lines.next()?);
            let said = Self { origin, size: size.parse().ok()?, released: released.parse().ok()? };
            (said.to_string() == text).then_some(said)
        };
        read().ok_or(Malformed("statement of the key room's counters"))
    }
}

/// What the key room says when all keys lie under another root: the statement of a `KEY_ROTATE` entry, signed as the
/// counters are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The log whose receipts it takes.
    pub origin: String,
    /// By which name the new root is known: 16 hexadecimal digits that tell nothing of it.
    pub root: String,
}

impl Rotation {
    /// The signed note.
    #[must_use]
    pub fn signed(&self, key_room: &Signer, at_s: u64) -> Note {
        let text = format!("{ROTATION}\n{}\n{}\n", self.origin, self.root);
        Note { signatures: vec![key_room.sign(&text, at_s)], text }
    }

    /// What a note says that the key room signed.
    ///
    /// # Errors
    /// When it is not signed by this key, or says something else.
    pub fn of(note: &Note, key_room: &Verifier) -> Result<Self, Malformed> {
        let malformed = Malformed("statement of the key room's root");
        note.vouched_by(key_room).ok_or(malformed)?;
        let lines: Vec<&str> = note.text.split('\n').collect();
        let [ROTATION, origin, root, ""] = lines[..] else { return Err(malformed) };
        Ok(Self { origin: origin.to_owned(), root: root.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::note::Algorithm;

    #[test]
    fn a_draw_depends_on_everything_and_covers_the_log() {
        let all = drawn("checkpoint", &[1; 32], 10, 1000);
        assert_eq!(drawn("checkpoint", &[1; 32], 10, 1000), all);
        for n in 0..10 {
            let times = all.iter().filter(|position| **position == n).count();
            assert!((60..140).contains(&times), "{n}: {times}");
        }
        assert_ne!(drawn("checkpoint", &[2; 32], 10, 1000), all);
        assert_ne!(drawn("another", &[1; 32], 10, 1000), all);
        assert_eq!(drawn("checkpoint", &[1; 32], 0, 3), []);
    }

    #[test]
    fn what_lapsed_has_one_encoding() {
        let lapsed = vec![(3, 2), (70_000, 1)];
        assert_eq!(lapsed_from_cbor(&lapsed_to_cbor(&lapsed)), Some(lapsed));
        assert_eq!(lapsed_from_cbor(&[0x81, 0x82, 0x18, 0x03, 0x02]), None, "a longer spelling of three");
        assert_eq!(lapsed_from_cbor(&[]), None);
    }

    #[test]
    fn counters_are_signed_and_are_no_checkpoint() {
        let key = Signer::new("log.example/keyroom", Algorithm::Cosignature, &[7; 32]).unwrap();
        let counters = Counters { origin: "log.example".into(), size: 70_000, released: 123_456 };
        let note: Note = counters.signed(&key, 1_795_000_000).to_string().parse().unwrap();
        assert_eq!(Counters::of(&note, key.verifier()), Ok((counters.clone(), 1_795_000_000)));
        assert!(note.text.parse::<Checkpoint>().is_err());
        let other = Signer::new("log.example/keyroom", Algorithm::Cosignature, &[8; 32]).unwrap();
        assert!(Counters::of(&note, other.verifier()).is_err());
        let more = Note { text: note.text.replace("123456", "123455"), ..note };
        assert!(Counters::of(&more, key.verifier()).is_err());
        for bad in ["", "teeka/keyroom-counters/v1\no\n1\n", "teeka/keyroom-counters/v1\no\n01\n2\n"] {
            assert!(bad.parse::<Counters>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_new_root_is_told_by_the_key_room_alone() {
        let key = Signer::new("log.example/keyroom", Algorithm::Cosignature, &[7; 32]).unwrap();
        let rotation = Rotation { origin: "log.example".into(), root: "00112233aabbccdd".into() };
        let note: Note = rotation.signed(&key, 1_795_000_000).to_string().parse().unwrap();
        assert_eq!(Rotation::of(&note, key.verifier()), Ok(rotation));
        assert!(Counters::of(&note, key.verifier()).is_err());
        let other = Signer::new("log.example/keyroom", Algorithm::Cosignature, &[8; 32]).unwrap();
        assert!(Rotation::of(&note, other.verifier()).is_err());
    }
}
