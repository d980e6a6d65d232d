//! Receipts: the committed position of an entry with the opening of its commitment. Inclusion under a cosigned
//! checkpoint joins them with provable access.

use crate::{Person, Refused};
use ledger::leaf::commitment;
use ledger::{Entry, Kind, LEAF_BYTES, Leaf, Opening, TagKey, subject_tag};
use subtle::ConstantTimeEq;

/// How long a receipt is good, and how far its clock may run ahead, milliseconds.
const LIFE_MS: i64 = 30_000;
const AHEAD_MS: i64 = 5_000;

/// Proof that an act is written down, and what is wanted for it.
#[derive(Clone)]
pub struct Receipt {
    /// Where the entry stands in the log.
    pub position: u64,
    /// The public leaf at that position.
    pub leaf: [u8; LEAF_BYTES],
    /// Salt of the commitment.
    pub salt: [u8; 32],
    /// The entry's CBOR, to which the commitment opens.
    pub entry: Vec<u8>,
    /// Whose entry, and the count that its tag was made from.
    pub subject: Option<(Person, u64)>,
    /// Which keys are wanted.
    pub wanted: Vec<Wanted>,
}

/// One key that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Of which version of which field.
    pub opening: Opening,
    /// The salt beside its ciphertext.
    pub salt: [u8; 16],
}

impl Receipt {
    /// The entry, if the leaf is ours, commits to exactly it, and it is fresh.
    fn opened(&self, now_ms: i64) -> Result<(Leaf, Entry), Refused> {
        let leaf = Leaf::decode(&self.leaf).ok_or(Refused::WrongOpening)?;
        if !bool::from(commitment(&self.salt, &self.entry).ct_eq(&leaf.commit)) {
            return Err(Refused::WrongOpening);
        }
        let entry = Entry::from_cbor(&self.entry).ok_or(Refused::WrongOpening)?;
        if leaf.kind() != Some(entry.kind) || leaf.keys_asked != entry.keys_asked() {
            return Err(Refused::WrongOpening);
        }
        if entry.at_ms > now_ms + AHEAD_MS || entry.at_ms < now_ms - LIFE_MS {
            return Err(Refused::Expired);
        }
        Ok((leaf, entry))
    }

    /// Whether field keys may go out: the entry is hers, of a kind that opens fields, and says what is wanted.
    pub(crate) fn check_release(&self, tag_key: &TagKey, count: u64, now_ms: i64) -> Result<(), Refused> {
        let (leaf, entry) = self.opened(now_ms)?;
        if !bool::from(subject_tag(tag_key, count).ct_eq(&leaf.subject_tag)) {
            return Err(Refused::WrongSubject);
        }
        match entry.kind {
            Kind::Reveal | Kind::Use | Kind::Notice | Kind::OtpVerify | Kind::OtpSend => {}
            _ => return Err(Refused::WrongKind),
        }
        let said = |wanted: &Wanted| entry.openings.contains(&wanted.opening);
        if self.wanted.len() <= entry.openings.len() && self.wanted.iter().all(said) {
            Ok(())
        } else {
            Err(Refused::WiderThanEntry)
        }
    }

    /// Whether index values may go out: the entry is a look-up, or a code that was asked for.
    pub(crate) fn check_look_up(&self, now_ms: i64) -> Result<(), Refused> {
        match self.opened(now_ms)?.1.kind {
            Kind::Lookup | Kind::OtpSend => Ok(()),
            _ => Err(Refused::WrongKind),
        }
    }
}
