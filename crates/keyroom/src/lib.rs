//! The only room with data keys: receipts in, field keys out. It knows no SQL and no plaintext.
//!
//! Each person has two keys, made here: a *data key*, which never leaves, and a *tag key*, of which the vault
//! keeps a copy to write and find her log entries. Every sealed version of a field has its own key, derived from
//! the data key and a salt drawn here. A field key goes out in two ways only: as a *sealing key* with a fresh
//! salt, which opens nothing that exists; or against a [`Receipt`], the proof that the look is written down. The room
//! is a witness of the log: it takes a receipt only under a checkpoint that continues the last one it cosigned.

mod ask;
pub mod hold;
mod receipt;
mod root;
mod specimen;
mod wire;

pub use ask::{Answer, Ask, Asking, Keys, Room};
pub use receipt::{Ground, Proven, Receipt, Released, Wanted};
pub use root::Root;
pub use specimen::Specimens;
pub use wire::{Clock, Connect, Remote, Stream, serve};

use curve25519_dalek::MontgomeryPoint;
use hkdf::Hkdf;
use ledger::audit::{Counters, Rotation};
use ledger::note::{Note, Signature, Signer, Verifier};
use ledger::witness::{self, Request, Seen, consider};
use ledger::{Opening, TagKey};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, RwLock};
use tokio::sync::Mutex;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// How long it is remembered what was released for each position, milliseconds.
const REMEMBERED_MS: i64 = 4 * 86_400_000;

/// People whose keys are wrapped anew at once.
const PAGE: u32 = 256;

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

/// A person's keys as they lie on the shelf: wrapped under the root.
#[derive(Debug, Clone)]
pub struct Wrapped {
    /// Data key.
    pub data: Vec<u8>,
    /// Tag key.
    pub tag: Vec<u8>,
}

/// What the shelf holds of a person.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Her keys.
    pub keys: Wrapped,
    /// How many of her entries the room has followed.
    pub followed: u64,
}

/// An exchange to be noted before anything goes out.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    /// The tree under which its receipts were shown.
    pub seen: Option<Seen>,
    /// Positions that are spent, with how many keys go out for each.
    pub spent: Vec<(u64, u16)>,
    /// How many entries of these people are followed now.
    pub followed: Vec<(Person, u64)>,
    /// Looks under consents.
    pub consented: Vec<Consented>,
    /// Now, milliseconds since the epoch.
    pub at_ms: i64,
}

/// A look under a consent: whose, which of her entries the consent is, and where in the log the look stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Consented {
    /// Whose.
    pub person: Person,
    /// Which of her entries is the consent, counted from zero.
    pub consent: u64,
    /// Position of the look.
    pub position: u64,
}

/// Where the room keeps wrapped keys, spent receipts and what it has seen. Whoever provides it knows no key.
pub trait Shelf: Send + Sync {
    /// Keeps a new person's keys; durable when it returns.
    fn enrol(&self, person: Person, keys: Wrapped, now_ms: i64) -> impl Future<Output = Result<(), Refused>> + Send;
    /// What is kept of a person.
    fn find(&self, person: Person) -> impl Future<Output = Result<Kept, Refused>> + Send;
    /// The tree that was seen last.
    fn seen(&self) -> impl Future<Output = Result<Option<Seen>, Refused>> + Send;
    /// How many looks at other positions were noted under the consent of this one, as far back as is remembered: days.
    fn looks_beside(&self, look: Consented) -> impl Future<Output = Result<u8, Refused>> + Send;
    /// Notes an exchange, durable when it returns; for each position `false` if it was spent before. Counts and the tree
    /// only grow.
    fn note(&self, exchange: Exchange) -> impl Future<Output = Result<Vec<bool>, Refused>> + Send;
    /// How many field keys ever went out.
    fn released(&self) -> impl Future<Output = Result<u64, Refused>> + Send;
    /// How many went out for each position from one to another, as far back as is remembered.
    fn released_between(&self, from: u64, to: u64) -> impl Future<Output = Result<Vec<(u64, u16)>, Refused>> + Send;
    /// Destroys a person's keys for good.
    fn erase(&self, person: Person) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Everyone whose keys were made from one moment to another, milliseconds since the epoch.
    fn made_between(&self, from_ms: i64, to_ms: i64) -> impl Future<Output = Result<Vec<Person>, Refused>> + Send;
    /// Forgets what was spent before a moment: it is refused by its age.
    fn forget_spent(&self, before_ms: i64) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Wrapped keys in the order of their people, after one person.
    fn page(
        &self,
        after: Option<Person>,
        many: u32,
    ) -> impl Future<Output = Result<Vec<(Person, Wrapped)>, Refused>> + Send;
    /// Puts each person's new wrapped keys where the old lie, if they still lie there; durable when it returns.
    fn rewrap(&self, keys: Vec<(Person, Wrapped, Wrapped)>) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Everyone whose keys were destroyed.
    fn gone(&self) -> impl Future<Output = Result<Vec<Person>, Refused>> + Send;
    /// Writes a copy of everything beside itself, in a place of that name.
    fn copy(&self, name: &str) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Puts by what is held of someone who leaves; durable when it returns. Nothing gives it back.
    fn hold(&self, held: hold::Held) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Destroys what is held of a person.
    fn end_hold(&self, person: Person) -> impl Future<Output = Result<(), Refused>> + Send;
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
    /// A look that does not rest on her own sign-in, check-in, consent or case, or rests on one that is over.
    #[error("the look does not rest on a sign-in, a check-in, a consent or a case of hers")]
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

/// The key room.
pub struct KeyRoom<S> {
    roots: RwLock<Roots>,
    shelf: S,
    random: Random,
    log: Verifier,
    cosigner: Signer,
    /// Exchanges take turns at it.
    turn: Mutex<Turn>,
}

/// The root under which keys are wrapped, and the one before while some still are.
#[derive(Clone)]
struct Roots {
    now: Arc<Root>,
    before: Option<Arc<Root>>,
    /// Whether nothing lies under the one before any more, and only the log is still to say so.
    is_over: bool,
}

/// What the room knows from one exchange to the next.
#[derive(Default)]
struct Turn {
    /// The tree that was cosigned last, once the shelf was asked.
    seen: Option<Seen>,
    /// Where the entries stand that were followed just now, and when that was: one that comes late is still good, and
    /// another under the same tag is not.
    followed: HashMap<(Person, u64), (u64, i64)>,
}

impl<S: Shelf> KeyRoom<S> {
    /// A room over a shelf, under a root key, that takes receipts of one log.
    pub fn new(root: Root, shelf: S, random: Random, log: Verifier) -> Self {
        let cosigner = root.cosigner(log.name());
        let roots = RwLock::new(Roots { now: Arc::new(root), before: None, is_over: false });
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

    /// Goes over to another root, which has the indexes and the cosigning key of the first ([`Root::next`]). Keys under
    /// the old one are still opened, until [`KeyRoom::rewrap`] has been everywhere.
    pub fn turn_over(&self, now: Root, before: Root) {
        let roots = Roots { now: Arc::new(now), before: Some(Arc::new(before)), is_over: false };
        *self.roots.write().expect("nobody panics while holding it") = roots;
    }

    /// Wraps the keys of some people after one of them under the root of now; answers the last of them, or `None` when
    /// nobody came after: then the old root is of no more use.
    ///
    /// # Errors
    /// [`Refused::Shelf`]; [`Refused::NoKeys`] for keys that neither root opens.
    pub async fn rewrap(&self, after: Option<Person>) -> Result<Option<Person>, Refused> {
        let roots = self.roots();
        let page = self.shelf.page(after, PAGE).await?;
        let last = page.last().map(|(person, _)| *person);
        let mut anew = Vec::new();
        for (person, old) in page {
            if roots.now.unwrap(&old.data, &person, "data").is_none() {
                let data = roots.unwrap(&old.data, person, "data").ok_or(Refused::NoKeys)?;
                let tag = roots.unwrap(&old.tag, person, "tag").ok_or(Refused::NoKeys)?;
                let new = self.wrap(&roots.now, person, &data, &tag);
                anew.push((person, old, new));
            }
        }
        if !anew.is_empty() {
            self.shelf.rewrap(anew).await?;
        }
        if last.is_none() {
            self.roots.write().expect("nobody panics while holding it").is_over = true;
        }
        Ok(last)
    }

    /// By which root the room wraps now, and whether it may still need the one before.
    pub fn root(&self) -> (String, bool) {
        let roots = self.roots();
        (roots.now.name().to_owned(), roots.before.is_some())
    }

    /// That all keys lie under a new root, signed; `None` when there is nothing to tell.
    pub fn rotated(&self, now_ms: i64) -> Option<Note> {
        let roots = self.roots();
        let over = roots.is_over && roots.before.is_some();
        let rotation = Rotation { origin: self.log.name().to_owned(), root: roots.now.name().to_owned() };
        over.then(|| rotation.signed(&self.cosigner, u64::try_from(now_ms / 1000).unwrap_or(0)))
    }

    /// The log says it: the old root is forgotten.
    pub fn rotation_told(&self) {
        let mut roots = self.roots.write().expect("nobody panics while holding it");
        if roots.is_over {
            roots.before = None;
        }
    }

    fn wrap(&self, root: &Root, person: Person, data: &[u8; 32], tag: &[u8; 32]) -> Wrapped {
        let wrap = |key, role| root.wrap(key, &person, role, self.draw());
        Wrapped { data: wrap(data, "data"), tag: wrap(tag, "tag") }
    }

    fn roots(&self) -> Roots {
        self.roots.read().expect("nobody panics while holding it").clone()
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

    /// Takes a checkpoint that continues the last one, and exchanges receipts that are shown under it, each once. What
    /// was seen, spent and followed is durable before anything goes out, the cosignature of the checkpoint among it.
    ///
    /// # Errors
    /// [`Refused::Unbelieved`] for the checkpoint, and then nothing is exchanged; [`Refused::Shelf`]. Within: for each
    /// receipt the first check that failed.
    pub async fn exchange(
        &self,
        request: &Request,
        receipts: &[Receipt],
        now_ms: i64,
    ) -> Result<(Signature, Vec<Result<Released, Refused>>), Refused> {
        let mut turn = self.turn.lock().await;
        turn.followed.retain(|_, (_, at_ms)| *at_ms > now_ms - receipt::LIFE_MS - receipt::AHEAD_MS);
        let before = match turn.seen {
            Some(seen) => Some(seen),
            None => self.shelf.seen().await?,
        };
        let seen = consider(request, &self.log, before).map_err(Refused::Unbelieved)?;
        let mut exchange = Exchange { seen: Some(seen), at_ms: now_ms, ..Exchange::default() };
        let (mut followed, mut consented) = (HashMap::new(), HashSet::new());
        let mut answers = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            let answer = self.check(receipt, &seen, &mut followed, &mut consented, &mut turn.followed, now_ms).await;
            if answer.is_ok() {
                exchange.spent.push((receipt.own()?.position, receipt.keys()));
            }
            answers.push(answer);
        }
        exchange.followed = followed.into_iter().collect();
        exchange.consented = consented.into_iter().collect();
        let mut fresh = self.shelf.note(exchange).await?.into_iter();
        turn.seen = Some(seen);
        let once = |answer: Result<Released, Refused>| {
            answer.and_then(|out| if fresh.next() == Some(true) { Ok(out) } else { Err(Refused::Replayed) })
        };
        let signature = self.cosigner.sign(&request.checkpoint.text, u64::try_from(now_ms / 1000).unwrap_or(0));
        Ok((signature, answers.into_iter().map(once).collect()))
    }

    /// What a receipt is good for, if it is good.
    async fn check(
        &self,
        receipt: &Receipt,
        tree: &Seen,
        followed: &mut HashMap<Person, u64>,
        consented: &mut HashSet<Consented>,
        places: &mut HashMap<(Person, u64), (u64, i64)>,
        now_ms: i64,
    ) -> Result<Released, Refused> {
        receipt.check(tree, now_ms)?;
        let hers = match receipt.subject {
            Some((person, count)) => {
                let kept = self.shelf.find(person).await?;
                let before = *followed.get(&person).unwrap_or(&kept.followed);
                let tag = self.roots().unwrap(&kept.keys.tag, person, "tag").ok_or(Refused::NoKeys)?;
                receipt.follow(&TagKey(*tag), count, before)?;
                for (at, leaf) in receipt.counted(count) {
                    // What was followed before has keys only where it stood then, and only for as long as it may be late.
                    let stands = match places.get(&(person, at)) {
                        Some((position, _)) => *position == leaf.position,
                        None => at >= before || at < count,
                    };
                    if !stands {
                        return Err(Refused::WrongSubject);
                    }
                    if at >= before {
                        places.insert((person, at), (leaf.position, now_ms));
                    }
                }
                if let Some((consent, reads)) = receipt.check_ground(&TagKey(*tag), count, tree)? {
                    let look = Consented { person, consent, position: receipt.own()?.position };
                    let is_beside = |other: &&Consented| {
                        (other.person, other.consent) == (person, consent) && other.position != look.position
                    };
                    let before = usize::from(self.shelf.looks_beside(look).await?);
                    if before + consented.iter().filter(is_beside).count() >= usize::from(reads) {
                        return Err(Refused::UsedUp);
                    }
                    consented.insert(look);
                }
                followed.insert(person, before.max(count + 1));
                Some((person, kept.keys))
            }
            None => None,
        };
        match &receipt.wanted {
            Wanted::Keys(wanted) => {
                let (person, keys) = hers.ok_or(Refused::WrongSubject)?;
                let data = self.roots().unwrap(&keys.data, person, "data").ok_or(Refused::NoKeys)?;
                Ok(Released::Keys(wanted.iter().map(|(opening, salt)| field_key(&data, *opening, salt)).collect()))
            }
            Wanted::Values(values) => {
                let root = self.roots().now;
                Ok(Released::Values(values.iter().map(|(index, value)| root.index(*index, value)).collect()))
            }
        }
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

impl Roots {
    fn unwrap(&self, wrapped: &[u8], person: Person, role: &str) -> Option<Zeroizing<[u8; 32]>> {
        let under = |root: &Arc<Root>| root.unwrap(wrapped, &person, role);
        under(&self.now).or_else(|| under(self.before.as_ref()?))
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
