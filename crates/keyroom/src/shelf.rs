//! What the room needs of whoever keeps its wrapped keys and its notes.

use crate::hold::Held;
use crate::{Person, Refused};
use ledger::witness::Seen;

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
    /// Puts by what is held of someone who leaves; durable when it returns.
    fn hold(&self, held: Held) -> impl Future<Output = Result<(), Refused>> + Send;
    /// What is held of a person.
    fn held(&self, person: Person) -> impl Future<Output = Result<Option<Held>, Refused>> + Send;
    /// Notes how many entries of someone who left are followed now; durable when it returns. It only grows.
    fn follow_held(&self, person: Person, count: u64) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Destroys what is held of a person.
    fn end_hold(&self, person: Person) -> impl Future<Output = Result<(), Refused>> + Send;
}
