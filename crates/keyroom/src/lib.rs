//! The only room with data keys: receipts in, field keys out. It knows no SQL and no plaintext.
//!
//! Each person has two keys, made here: a *data key*, which never leaves, and a *tag key*, of which the vault
//! keeps a copy to write and find her log entries. Every sealed version of a field has its own key, derived from
//! the data key and a salt drawn here. A field key goes out in two ways only: as a *sealing key* with a fresh
//! salt, which opens nothing that exists; or against a [`Receipt`], the proof that the look is written down. The room
//! is a witness of the log: it takes a receipt only under a checkpoint that continues the last one it cosigned.

mod ask;
mod exchange;
pub mod hold;
mod order;
mod receipt;
mod root;
mod rotation;
mod shelf;
mod specimen;
mod wire;

pub use ask::{Answer, Ask, Asking, Keys, Room};
pub use order::{ByOrder, Stated};
pub use receipt::{Ground, Proven, Receipt, Released, Wanted};
pub use root::Root;
pub use shelf::{Consented, Exchange, Kept, Shelf, Wrapped};
pub use specimen::Specimens;
pub use wire::{Clock, Connect, Remote, Stream, serve};

use curve25519_dalek::MontgomeryPoint;
use hkdf::Hkdf;
use ledger::audit::Counters;
use ledger::note::{Note, Signer, Verifier};
use ledger::witness;
use ledger::{Opening, TagKey};
use rotation::Roots;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::sync::{Arc, RwLock};
use tokio::sync::Mutex;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// How long it is remembered what was released for each position, milliseconds.
const REMEMBERED_MS: i64 = 4 * 86_400_000;

/// A person's random id, as bytes.
pub type Person = [u8; 16];

/// Chance, handed in: fills the slice with random bytes.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The key of one sealed version of one field.
#[derive(Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
pub struct FieldKey([u8; 32]);

impl FieldKey {
    /// The key's bytes, for the cipher.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A key to seal a new version with, and the salt that belongs beside the ciphertext.
#[derive(Serialize, Deserialize)]
pub struct Sealing {
    /// Drawn here.
    pub salt: [u8; 16],
    /// Good for this one version.
    pub key: FieldKey,
}

/// What an index value finds. Values of different kinds never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Index {
    /// A phone.
    Phone,
    /// A beneficiary reference.
    Reference,
    /// A complete ID-document number, with its kind.
    IdDocument,
    /// The private half of a day's desk key; the value is the day, as four bytes.
    Desk,
}

/// Why the room stays shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refused {
    /// No such person, or erased.
    #[error("no keys for this person")]
    NoKeys,
    /// The leaf is not one of ours, or the commitment does not open to this entry.
    #[error("the commitment does not open to this entry")]
    WrongOpening,
    /// The leaf is not in the tree of the checkpoint, or not where the receipt says.
    #[error("the leaf is not in the log")]
    NotIncluded,
    /// A tag is not this person's.
    #[error("the tag is not hers")]
    WrongSubject,
    /// A look that does not rest on her own sign-in, check-in, consent or case, or on an order about her that two officers
    /// filed, or rests on one that is over.
    #[error("the look does not rest on a sign-in, a check-in, a consent or a case of hers, or an order about her")]
    Groundless,
    /// The consent allowed so many looks, and so many were had.
    #[error("the consent is used up")]
    UsedUp,
    /// Leaves of hers are missing before the entry's own.
    #[error("her count is followed to {count} only")]
    Behind {
        /// From which count on they are asked.
        count: u64,
    },
    /// The checkpoint does not continue what the room has cosigned.
    #[error("the room does not believe the checkpoint: {0}")]
    Unbelieved(witness::Refused),
    /// More or other fields are wanted than the entry says.
    #[error("the entry does not say these fields")]
    WiderThanEntry,
    /// The entry's kind releases nothing of this sort.
    #[error("an entry of this kind releases no such key")]
    WrongKind,
    /// The entry is older than thirty seconds, or of the future.
    #[error("the receipt has run out")]
    Expired,
    /// The receipt was used before.
    #[error("the receipt was used before")]
    Replayed,
    /// The shelf cannot be read or written.
    #[error("the key room's shelf fails")]
    Shelf,
    /// The room, in a process of its own, does not answer.
    #[error("the key room does not answer")]
    Away,
}

impl Refused {
    /// Its name, without what it carries.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NoKeys => "no_keys",
            Self::WrongOpening => "wrong_opening",
            Self::NotIncluded => "not_included",
            Self::WrongSubject => "wrong_subject",
            Self::Groundless => "groundless",
            Self::UsedUp => "used_up",
            Self::Behind { .. } => "behind",
            Self::Unbelieved(_) => "unbelieved",
            Self::WiderThanEntry => "wider_than_entry",
            Self::WrongKind => "wrong_kind",
            Self::Expired => "expired",
            Self::Replayed => "replayed",
            Self::Shelf => "shelf",
            Self::Away => "away",
        }
    }
}

/// The key room.
pub struct KeyRoom<S> {
    roots: RwLock<Roots>,
    shelf: S,
    random: Random,
    log: Verifier,
    cosigner: Signer,
    /// Exchanges take turns at it.
    turn: Mutex<exchange::Turn>,
}

impl<S: Shelf> KeyRoom<S> {
    /// A room over a shelf, under a root key, that takes receipts of one log.
    pub fn new(root: Root, shelf: S, random: Random, log: Verifier) -> Self {
        let cosigner = root.cosigner(log.name());
        let roots = RwLock::new(Roots::new(root));
        Self { roots, shelf, random, log, cosigner, turn: Mutex::default() }
    }

    /// The key by which the room cosigns checkpoints, as every witness has one.
    pub fn cosigner(&self) -> &Verifier {
        self.cosigner.verifier()
    }

    /// Makes a new person's two keys; durable when it returns her tag key.
    ///
    /// # Errors
    /// [`Refused::Shelf`], also when the id has keys or was erased.
    pub async fn enrol(&self, person: Person, now_ms: i64) -> Result<TagKey, Refused> {
        let (data, tag, root) = (self.draw::<32>(), self.draw::<32>(), self.roots().now);
        let wrapped = self.wrap(&root, person, &data, &tag);
        self.shelf.enrol(person, wrapped.clone(), now_ms).await?;
        // The root was changed meanwhile, and whoever wraps anew may have passed her place before she was in it.
        let now = self.roots().now;
        if now.name() != root.name() {
            self.shelf.rewrap(vec![(person, wrapped, self.wrap(&now, person, &data, &tag))]).await?;
        }
        Ok(TagKey(tag))
    }

    /// Keys to seal new versions of fields with: each opens only what is sealed with it from now on.
    ///
    /// # Errors
    /// [`Refused::NoKeys`], [`Refused::Shelf`].
    pub async fn sealing_keys(&self, person: Person, versions: &[Opening]) -> Result<Vec<Sealing>, Refused> {
        let data = self.data_key(person).await?;
        let seal = |opening: &Opening| {
            let salt = self.draw();
            Sealing { key: field_key(&data, *opening, &salt), salt }
        };
        Ok(versions.iter().map(seal).collect())
    }

    /// What the room says of itself for everyone to check: how many field keys it has released, under how many leaves.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn counters(&self, now_ms: i64) -> Result<Note, Refused> {
        let turn = self.turn.lock().await;
        let seen = match turn.seen {
            Some(seen) => Some(seen),
            None => self.shelf.seen().await?,
        };
        let (origin, size) = (self.log.name().to_owned(), seen.map_or(0, |seen| seen.size));
        let counters = Counters { origin, size, released: self.shelf.released().await? };
        Ok(counters.signed(&self.cosigner, u64::try_from(now_ms / 1000).unwrap_or(0)))
    }

    /// How many field keys went out for each position from one to another; none for those that are not named. Days are
    /// remembered.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn released_between(&self, from: u64, to: u64) -> Result<Vec<(u64, u16)>, Refused> {
        self.shelf.released_between(from, to).await
    }

    /// The public half of a day's desk key, as X25519 has it: whatever is sealed to it, the private half opens alone,
    /// which goes out against an entry that names the day.
    #[must_use]
    pub fn desk(&self, day: u32) -> [u8; 32] {
        MontgomeryPoint::mul_base_clamped(self.roots().now.index(Index::Desk, &day.to_be_bytes())).to_bytes()
    }

    /// Destroys a person's keys: nothing of hers can be opened again.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn erase(&self, person: Person) -> Result<(), Refused> {
        self.shelf.erase(person).await
    }

    /// Everyone whose keys were made from one moment to another; and forgets what was spent long ago.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn sweep(&self, from_ms: i64, to_ms: i64, now_ms: i64) -> Result<Vec<Person>, Refused> {
        self.shelf.forget_spent(now_ms - REMEMBERED_MS).await?;
        self.shelf.made_between(from_ms, to_ms).await
    }

    /// Everyone whose keys were ever destroyed: what is restored from before has them no more.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn gone(&self) -> Result<Vec<Person>, Refused> {
        self.shelf.gone().await
    }

    /// Copies the shelf to a place of that name beside it; answers how many leaves of the log were seen then, at most.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn copy(&self, name: &str) -> Result<u64, Refused> {
        self.shelf.copy(name).await?;
        Ok(self.shelf.seen().await?.map_or(0, |seen| seen.size))
    }

    async fn data_key(&self, person: Person) -> Result<Zeroizing<[u8; 32]>, Refused> {
        let kept = self.shelf.find(person).await?;
        self.roots().unwrap(&kept.keys.data, person, "data").ok_or(Refused::NoKeys)
    }

    fn draw<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }
}

/// HKDF-SHA256(data key; salt; "field" ‖ field ‖ version): each version of each field its own key (RFC 5869).
fn field_key(data: &[u8; 32], opening: Opening, salt: &[u8; 16]) -> FieldKey {
    let mut key = [0; 32];
    let info = [b"teeka/field/v1".as_slice(), &[opening.field.wire()], &opening.version.to_be_bytes()].concat();
    Hkdf::<Sha256>::new(Some(salt), data).expand(&info, &mut key).expect("32 bytes are within HKDF's bound");
    FieldKey(key)
}

#[cfg(test)]
mod tests;
