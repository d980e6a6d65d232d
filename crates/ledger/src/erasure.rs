//! Erasures: why an entry cannot be opened any more. The public `ERASE` entry commits to all of her tags without naming one;
//! of any single tag it can be proven afterwards that it is among them, and of any other it cannot.
//!
//! The commitment is a tree over her tags in their order, each blinded by a nonce of its own: whoever holds all tags of
//! the log still cannot try out which of them belong together, and a proof of one tag tells nothing of the others.

use crate::TagKey;
use crate::entry::byte_string::Bytes;
use crate::index::Tag;
use crate::tree::{Edge, Hash, Subtrees, Unproven, check_inclusion, inclusion_proof, leaf_hash};
use std::collections::HashMap;
use std::convert::Infallible;

/// The statement of an `ERASE` entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// How many tags she had.
    pub tags: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// That a tag is one of those of an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Which of her tags, counted from zero.
    pub number: u64,
    /// What blinds it.
    pub nonce: [u8; 32],
    /// The subtrees beside it, lowest first.
    pub proof: Vec<Hash>,
}

impl Erasure {
    /// The commitment to these tags, under a blind that goes with her.
    #[must_use]
    pub fn of(tags: &[Tag], blind: &[u8; 32]) -> Self {
        let (edge, _) = grown(tags, blind);
        Self { tags: edge.size(), root: edge.root() }
    }

    /// CBOR: one array `[tags, root]`.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(44);
        ciborium::into_writer(&(self.tags, Bytes(self.root)), &mut out).expect("writing to memory does not fail");
        out
    }

    /// The statement from its CBOR; `None` if it is not one, or not in its one encoding.
    #[must_use]
    pub fn from_cbor(bytes: &[u8]) -> Option<Self> {
        let (tags, root): (u64, Bytes<Hash>) = ciborium::from_reader(bytes).ok()?;
        let said = Self { tags, root: root.0 };
        (said.to_cbor() == bytes).then_some(said)
    }
}

impl Explained {
    /// The proof of one of these tags; `number` is below how many there are.
    #[must_use]
    pub fn of(tags: &[Tag], blind: &[u8; 32], number: u64) -> Self {
        let (edge, subtrees) = grown(tags, blind);
        let Ok(proof) = inclusion_proof(&subtrees, number, edge.size());
        Self { number, nonce: nonce(blind, number), proof }
    }

    /// Whether this tag is among those of the erasure.
    ///
    /// # Errors
    /// [`Unproven`].
    pub fn check(&self, tag: &Tag, erasure: &Erasure) -> Result<(), Unproven> {
        check_inclusion(self.number, erasure.tags, &blinded(&self.nonce, tag), &self.proof, &erasure.root)
    }
}

struct Grown(HashMap<(u32, u64), Hash>);

impl Subtrees for Grown {
    type Error = Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.0[&(level, index)])
    }
}

fn grown(tags: &[Tag], blind: &[u8; 32]) -> (Edge, Grown) {
    let (mut edge, mut subtrees) = (Edge::default(), HashMap::new());
    for (number, tag) in (0..).zip(tags) {
        let completed = edge.push(blinded(&nonce(blind, number), tag));
        subtrees.extend(completed.into_iter().map(|one| ((one.level, one.index), one.hash)));
    }
    (edge, Grown(subtrees))
}

fn nonce(blind: &[u8; 32], number: u64) -> [u8; 32] {
    TagKey(*blind).mac(&[b"teeka/erased/v1", &number.to_be_bytes()])
}

fn blinded(nonce: &[u8; 32], tag: &Tag) -> Hash {
    leaf_hash(&[nonce.as_slice(), tag].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(many: u8) -> Vec<Tag> {
        (1..=many).map(|n| [n; 32]).collect()
    }

    #[test]
    fn every_tag_of_hers_is_explained_and_no_other() {
        for many in 1..=17 {
            let (tags, blind) = (tags(many), [9; 32]);
            let erasure = Erasure::of(&tags, &blind);
            for (number, tag) in (0..).zip(&tags) {
                let explained = Explained::of(&tags, &blind, number);
                assert_eq!(explained.check(tag, &erasure), Ok(()), "{number} of {many}");
                assert_eq!(explained.check(&[200; 32], &erasure), Err(Unproven));
                let shifted = Explained { number: number + 1, ..explained.clone() };
                assert_eq!(shifted.check(tag, &erasure), Err(Unproven));
                let another = Erasure::of(&self::tags(many + 1), &blind);
                assert_eq!(explained.check(tag, &another), Err(Unproven));
                let unblinded = Explained { nonce: [0; 32], ..explained };
                assert_eq!(unblinded.check(tag, &erasure), Err(Unproven));
            }
        }
    }

    #[test]
    fn without_the_blind_nobody_tries_out_whose_tags_belong_together() {
        let tags = tags(3);
        assert_ne!(Erasure::of(&tags, &[1; 32]).root, Erasure::of(&tags, &[2; 32]).root);
        // A proof hands out the nonce of its own tag alone.
        let nonces: Vec<_> = (0..3).map(|number| Explained::of(&tags, &[1; 32], number).nonce).collect();
        assert!(nonces[0] != nonces[1] && nonces[1] != nonces[2]);
    }

    #[test]
    fn statements_have_one_encoding() {
        let erasure = Erasure::of(&tags(5), &[3; 32]);
        let cbor = erasure.to_cbor();
        assert_eq!(Erasure::from_cbor(&cbor), Some(erasure));
        assert_eq!(cbor.len(), 36);
        for bad in [&[][..], &cbor[..35], b"\x82\x05\x05"] {
            assert_eq!(Erasure::from_cbor(bad), None);
        }
        // Another spelling of the same number is not ours.
        let longer = [&[0x82, 0x18, 0x05], &cbor[2..]].concat();
        assert_eq!(Erasure::from_cbor(&longer), None);
    }
}
