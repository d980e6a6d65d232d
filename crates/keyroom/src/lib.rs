//! The only room with data keys: receipts in, field keys out. It knows no SQL and no plaintext.
//!
//! Each person has two keys, made here: a *data key*, which never leaves, and a *tag key*, of which the vault
//! keeps a copy to write and find her log entries. Every sealed version of a field has its own key, derived from
//! the data key and a salt drawn here. A field key goes out in two ways only: as a *sealing key* with a fresh
//! salt, which opens nothing that exists; or against a [`Receipt`], the proof that the look is written down.

mod receipt;
mod root;

pub use receipt::{Receipt, Wanted};
pub use root::Root;

use hkdf::Hkdf;
use ledger::{Opening, TagKey};
use sha2::Sha256;
use std::sync::Arc;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A person's random id, as bytes.
pub type Person = [u8; 16];

/// Chance, handed in: fills the slice with random bytes.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The key of one sealed version of one field.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct FieldKey([u8; 32]);

impl FieldKey {
    /// The key's bytes, for the cipher.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A key to seal a new version with, and the salt that belongs beside the ciphertext.
pub struct Sealing {
    /// Drawn here.
    pub salt: [u8; 16],
    /// Good for this one version.
    pub key: FieldKey,
}

/// What an index value finds. Values of different kinds never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// A phone.
    Phone,
    /// A beneficiary reference.
    Reference,
    /// A complete ID-document number, with its kind.
    IdDocument,
}

/// A person's keys as they lie on the shelf: wrapped under the root.
#[derive(Debug, Clone)]
pub struct Wrapped {
    /// Data key.
    pub data: Vec<u8>,
    /// Tag key.
    pub tag: Vec<u8>,
}

/// Where the room keeps wrapped keys and spent receipts. Whoever provides it knows no key.
pub trait Shelf: Send + Sync {
    /// Keeps a new person's keys; durable when it returns.
    fn enrol(&self, person: Person, keys: Wrapped, now_ms: i64) -> impl Future<Output = Result<(), Refused>> + Send;
    /// A person's keys.
    fn find(&self, person: Person) -> impl Future<Output = Result<Wrapped, Refused>> + Send;
    /// Marks positions as used, with how many keys go out for each; durable when it returns; `false` for each used before.
    fn spend(&self, positions: Vec<(u64, u16)>, now_ms: i64)
    -> impl Future<Output = Result<Vec<bool>, Refused>> + Send;
    /// Destroys a person's keys for good.
    fn erase(&self, person: Person) -> impl Future<Output = Result<(), Refused>> + Send;
}

/// Why the room stays shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such person, or erased.
    #[error("no keys for this person")]
    NoKeys,
    /// The leaf is not one of ours, or the commitment does not open to this entry.
    #[error("the commitment does not open to this entry")]
    WrongOpening,
    /// The tag is not this person's next one.
    #[error("the tag is not hers")]
    WrongSubject,
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
}

/// The key room.
pub struct KeyRoom<S> {
    root: Root,
    shelf: S,
    random: Random,
}

impl<S: Shelf> KeyRoom<S> {
    /// A room over a shelf, under a root key.
    pub fn new(root: Root, shelf: S, random: Random) -> Self {
        Self { root, shelf, random }
    }

    /// The shelf.
    pub fn shelf(&self) -> &S {
        &self.shelf
    }

    /// Makes a new person's two keys; durable when it returns her tag key.
    ///
    /// # Errors
    /// [`Refused::Shelf`], also when the id has keys or was erased.
    pub async fn enrol(&self, person: Person, now_ms: i64) -> Result<TagKey, Refused> {
        let (data, tag) = (self.draw::<32>(), self.draw::<32>());
        let wrapped = Wrapped {
            data: self.root.wrap(&data, &person, "data", self.draw()),
            tag: self.root.wrap(&tag, &person, "tag", self.draw()),
        };
        self.shelf.enrol(person, wrapped, now_ms).await?;
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

    /// Releases field keys, each receipt's in the order wanted, once. Durably noted before anything goes out.
    ///
    /// # Errors
    /// For each receipt the first check that failed.
    pub async fn release(&self, receipts: &[Receipt], now_ms: i64) -> Vec<Result<Vec<FieldKey>, Refused>> {
        let mut keys = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            keys.push(self.check_and_derive(receipt, now_ms).await);
        }
        self.spend(receipts, keys, now_ms).await
    }

    /// Draws index values against a receipt of a look-up, once; at most four.
    ///
    /// # Errors
    /// The first check that failed.
    pub async fn index(
        &self,
        receipt: &Receipt,
        values: &[(Index, &[u8])],
        now_ms: i64,
    ) -> Result<Vec<[u8; 32]>, Refused> {
        receipt.check_look_up(now_ms)?;
        if values.len() > 4 {
            return Err(Refused::WiderThanEntry);
        }
        let spent = self.shelf.spend(vec![(receipt.position, 0)], now_ms).await?;
        if spent != [true] {
            return Err(Refused::Replayed);
        }
        Ok(values.iter().map(|(index, value)| self.root.index(*index, value)).collect())
    }

    /// Destroys a person's keys: nothing of hers can be opened again.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn erase(&self, person: Person) -> Result<(), Refused> {
        self.shelf.erase(person).await
    }

    async fn check_and_derive(&self, receipt: &Receipt, now_ms: i64) -> Result<Vec<FieldKey>, Refused> {
        let (person, count) = receipt.subject.ok_or(Refused::WrongSubject)?;
        let wrapped = self.shelf.find(person).await?;
        let tag = self.root.unwrap(&wrapped.tag, &person, "tag").ok_or(Refused::NoKeys)?;
        receipt.check_release(&TagKey(*tag), count, now_ms)?;
        let data = self.root.unwrap(&wrapped.data, &person, "data").ok_or(Refused::NoKeys)?;
        Ok(receipt.wanted.iter().map(|wanted| field_key(&data, wanted.opening, &wanted.salt)).collect())
    }

    async fn spend(
        &self,
        receipts: &[Receipt],
        keys: Vec<Result<Vec<FieldKey>, Refused>>,
        now_ms: i64,
    ) -> Vec<Result<Vec<FieldKey>, Refused>> {
        let count = |keys: &Vec<FieldKey>| u16::try_from(keys.len()).expect("an entry opens few fields");
        let good = receipts.iter().zip(&keys).filter_map(|(r, k)| k.as_ref().ok().map(|k| (r.position, count(k))));
        let mut fresh = match self.shelf.spend(good.collect(), now_ms).await {
            Ok(fresh) => fresh.into_iter(),
            Err(refused) => return keys.into_iter().map(|_| Err(refused)).collect(),
        };
        keys.into_iter()
            .map(|keys| {
                keys.and_then(|keys| if fresh.next() == Some(true) { Ok(keys) } else { Err(Refused::Replayed) })
            })
            .collect()
    }

    async fn data_key(&self, person: Person) -> Result<zeroize::Zeroizing<[u8; 32]>, Refused> {
        let wrapped = self.shelf.find(person).await?;
        self.root.unwrap(&wrapped.data, &person, "data").ok_or(Refused::NoKeys)
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
