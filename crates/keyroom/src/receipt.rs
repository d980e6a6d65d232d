//! Receipts: the proof that an act is written down, and what is wanted for it.
//!
//! A receipt opens the commitment of one entry and shows its leaf in the log's tree. Where the entry has a subject, it
//! shows every leaf of hers since the room last followed her count, so that no tag is ever skipped.

use crate::order::ByOrder;
use crate::{FieldKey, Index, Person, Refused};
use ledger::consent::{LONGEST_MS, Terms};
use ledger::leaf::commitment;
use ledger::tree::{Hash, check_inclusion, leaf_hash};
use ledger::witness::Seen;
use ledger::{Entry, Field, GrantKind, Kind, LEAF_BYTES, Leaf, Opening, Purpose, TagKey, subject_tag};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// How long a receipt is good, and how far its clock may run ahead, milliseconds.
pub(crate) const LIFE_MS: i64 = 30_000;
pub(crate) const AHEAD_MS: i64 = 5_000;

/// How long looks may rest on a sign-in, and on a check-in, milliseconds.
const SIGN_IN_MS: i64 = 60 * 60_000;
const CHECK_IN_MS: i64 = 24 * 60 * 60_000;

/// And on a case that she filed, milliseconds: ninety days.
const CASE_MS: i64 = 90 * CHECK_IN_MS;

/// The most index values that one look-up draws.
const MOST_VALUES: usize = 4;

/// Proof that an act is written down, and what is wanted for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Salt of the commitment.
    pub salt: [u8; 32],
    /// The entry's CBOR, to which the commitment opens.
    pub entry: Vec<u8>,
    /// Whose entry, and the count that its tag was made from.
    pub subject: Option<(Person, u64)>,
    /// Her leaves from the count that the room follows on; the last is the entry's own. One, where there is no subject.
    pub leaves: Vec<Proven>,
    /// Her entry that gave the right to a look: of her sign-in, her check-in, her consent, her case, or an order about her.
    pub ground: Option<Ground>,
    /// What stands beside that entry where it is the filing of a lawful order.
    pub by_order: Option<Box<ByOrder>>,
    /// What is wanted.
    pub wanted: Wanted,
}

/// An entry on which another rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Which of her entries it is, counted from zero.
    pub count: u64,
    /// Its leaf.
    pub leaf: Proven,
    /// Salt of its commitment.
    pub salt: [u8; 32],
    /// Its CBOR.
    pub entry: Vec<u8>,
}

/// A leaf, and where in the tree it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// Its position in the log.
    pub position: u64,
    /// The public leaf.
    #[serde(with = "crate::wire::leaf")]
    pub leaf: [u8; LEAF_BYTES],
    /// That it is there.
    pub inclusion: Vec<Hash>,
}

/// What a receipt is exchanged for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// Keys of these versions of fields; the salt is the one beside the ciphertext.
    Keys(Vec<(Opening, [u8; 16])>),
    /// Index values.
    Values(Vec<(Index, Vec<u8>)>),
}

/// What goes out, in the order wanted.
#[derive(Serialize, Deserialize)]
pub enum Released {
    /// Keys of fields.
    Keys(Vec<FieldKey>),
    /// Index values.
    Values(Vec<[u8; 32]>),
}

impl Receipt {
    /// The entry's own leaf.
    pub(crate) fn own(&self) -> Result<&Proven, Refused> {
        self.leaves.last().ok_or(Refused::NotIncluded)
    }

    /// How many keys go out for it.
    pub(crate) fn keys(&self) -> u16 {
        match &self.wanted {
            Wanted::Keys(wanted) => u16::try_from(wanted.len()).expect("an entry opens few fields"),
            Wanted::Values(_) => 0,
        }
    }

    /// The entry, if the leaf is in the tree, commits to exactly it, is fresh, and entitles to what is wanted.
    pub(crate) fn check(&self, tree: &Seen, now_ms: i64) -> Result<Entry, Refused> {
        self.leaves.iter().try_for_each(|leaf| leaf.check(tree))?;
        let leaf = Leaf::decode(&self.own()?.leaf).ok_or(Refused::WrongOpening)?;
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
        self.check_wanted(&entry)?;
        Ok(entry)
    }

    fn check_wanted(&self, entry: &Entry) -> Result<(), Refused> {
        let (right_kind, within) = match &self.wanted {
            Wanted::Keys(wanted) => {
                let said = |(opening, _): &(Opening, _)| entry.openings.contains(opening);
                let opens = match entry.kind {
                    Kind::Reveal | Kind::Use | Kind::OtpVerify => true,
                    // A message needs to know where it goes, and nothing else.
                    Kind::Notice | Kind::OtpSend => wanted.iter().all(|(opening, _)| opening.field == Field::Phone),
                    _ => false,
                };
                (opens && self.subject.is_some(), wanted.len() <= entry.openings.len() && wanted.iter().all(said))
            }
            // A desk key is had one at a time, for the day that the entry has as its evidence.
            Wanted::Values(values) if values.iter().any(|(index, _)| *index == Index::Desk) => {
                let watches = entry.purpose == Purpose::Watching && matches!(entry.kind, Kind::Use | Kind::Case);
                (watches, values.len() == 1 && entry.evidence[12..] == values[0].1 && entry.evidence[..12] == [0; 12])
            }
            Wanted::Values(values) => (matches!(entry.kind, Kind::Lookup | Kind::OtpSend), values.len() <= MOST_VALUES),
        };
        match (right_kind, within) {
            (false, _) => Err(Refused::WrongKind),
            (true, false) => Err(Refused::WiderThanEntry),
            (true, true) => Ok(()),
        }
    }

    /// Her leaves with their counts, of which the entry's own is the last.
    pub(crate) fn counted(&self, count: u64) -> impl Iterator<Item = (u64, &Proven)> {
        ((count + 1).saturating_sub(self.leaves.len() as u64)..).zip(&self.leaves)
    }

    /// Follows her count, which the room knows to be `followed`: every leaf from there to the entry's own is hers. An
    /// entry below it was followed before, on the way to a later one.
    pub(crate) fn follow(&self, tag_key: &TagKey, count: u64, followed: u64) -> Result<(), Refused> {
        let next = count.checked_add(1).ok_or(Refused::WrongSubject)?;
        let first = next.checked_sub(self.leaves.len() as u64).ok_or(Refused::WrongSubject)?;
        if first > followed {
            return Err(Refused::Behind { count: followed });
        }
        let hers = |(count, proven): (u64, &Proven)| {
            bool::from(subject_tag(tag_key, count).ct_eq(&ledger::leaf::tag_of(&proven.leaf)))
        };
        let in_order = self.leaves.is_sorted_by(|one, next| one.position < next.position);
        if in_order && (first..).zip(&self.leaves).all(hers) { Ok(()) } else { Err(Refused::WrongSubject) }
    }
}

impl Receipt {
    /// Whether a look rests on what gives its right: her own sign-in of the last hour, her check-in at this very
    /// appointment, today, her consent to this client, within its terms, this very case, which she filed within ninety
    /// days, or an order that two officers filed and confirmed. What is only used inside, and messages to her, need no
    /// ground. Answers, of a look under a consent, which of her entries that is, and how many looks it allows.
    pub(crate) fn check_ground(
        &self,
        look: &Entry,
        tag_key: &TagKey,
        count: u64,
        tree: &Seen,
    ) -> Result<Option<(u64, u8)>, Refused> {
        let life_ms = match (look.kind, look.grant) {
            (Kind::Reveal, GrantKind::CitizenOtp) => SIGN_IN_MS,
            (Kind::Reveal, GrantKind::Presence) => CHECK_IN_MS,
            (Kind::Reveal, GrantKind::Consent) => LONGEST_MS,
            (Kind::Reveal, GrantKind::Case) => CASE_MS,
            (Kind::Reveal, GrantKind::None | GrantKind::Notice) => return Err(Refused::Groundless),
            _ => return Ok(None),
        };
        let rests_on = self.ground.as_ref().ok_or(Refused::Groundless)?;
        let ground = rests_on.open(tag_key, count, tree)?;
        if (look.grant, look.purpose) == (GrantKind::Case, Purpose::LawfulOrder) {
            let by_order = self.by_order.as_ref().ok_or(Refused::Groundless)?;
            return by_order.check(look, (&ground, count), tag_key, tree).map(|()| None);
        }
        let right = match look.grant {
            GrantKind::CitizenOtp => matches!(
                (ground.grant, ground.kind, ground.purpose),
                (GrantKind::CitizenOtp, Kind::OtpVerify, Purpose::SignIn)
                    | (GrantKind::CitizenOtp, Kind::Write, Purpose::Register)
                    | (GrantKind::CitizenOtp, Kind::Use, Purpose::Membership)
            ),
            GrantKind::Consent => reads_within(look, &ground).is_some(),
            // What an officer wrote of it is no ground: nobody gives himself a case.
            GrantKind::Case => {
                let filed =
                    (ground.kind, ground.purpose, ground.evidence) == (Kind::Case, Purpose::Case, look.evidence);
                filed && matches!(ground.grant, GrantKind::CitizenOtp | GrantKind::Presence)
            }
            _ => {
                let kind = (ground.grant, ground.kind, ground.purpose);
                kind == (GrantKind::Presence, Kind::Write, Purpose::CheckIn) && ground.evidence == look.evidence
            }
        };
        let since_ms = look.at_ms - ground.at_ms;
        if !right || !(0..=life_ms).contains(&since_ms) {
            return Err(Refused::Groundless);
        }
        let is_consented = look.grant == GrantKind::Consent;
        Ok(reads_within(look, &ground).filter(|_| is_consented).map(|reads| (rests_on.count, reads)))
    }
}

impl Ground {
    /// The entry on which a look rests, which is hers and stands before the look's own count.
    pub(crate) fn open(&self, tag_key: &TagKey, before: u64, tree: &Seen) -> Result<Entry, Refused> {
        self.leaf.check(tree)?;
        let tag = ledger::leaf::tag_of(&self.leaf.leaf);
        let is_hers = self.count < before && bool::from(subject_tag(tag_key, self.count).ct_eq(&tag));
        self.leaf.open(&self.salt, &self.entry).filter(|_| is_hers).ok_or(Refused::Groundless)
    }
}

/// How many looks she consented to, if this look is one of them: this consent, this client, these fields, before its end.
fn reads_within(look: &Entry, ground: &Entry) -> Option<u8> {
    let kind = (ground.grant, ground.kind, ground.purpose);
    let is_it = kind == (GrantKind::CitizenOtp, Kind::Consent, Purpose::Consent) && ground.evidence == look.evidence;
    let terms = Terms::from_cbor(&ground.statement).filter(|_| is_it)?;
    terms.allow(look, 0).then_some(terms.reads)
}

impl Proven {
    /// The entry to which the leaf's commitment opens.
    pub(crate) fn open(&self, salt: &[u8; 32], entry: &[u8]) -> Option<Entry> {
        let leaf = Leaf::decode(&self.leaf)?;
        Entry::from_cbor(entry).filter(|_| bool::from(commitment(salt, entry).ct_eq(&leaf.commit)))
    }

    pub(crate) fn check(&self, tree: &Seen) -> Result<(), Refused> {
        let leaf = leaf_hash(&self.leaf);
        check_inclusion(self.position, tree.size, &leaf, &self.inclusion, &tree.root).map_err(|_| Refused::NotIncluded)
    }
}
