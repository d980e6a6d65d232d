//! The key room's shelf: the store's key file, which knows no key.

use keyroom::hold::Held;
use keyroom::{Consented, Exchange, Kept, Person, Refused, Shelf, Wrapped};
use ledger::witness::Seen;
use ledger::{Field, Opening};
use registry::PersonId;
use store::KeyFile;
use store::hold::HeldKeys;
use store::keys::{self, Rewrapped, WrappedKeys};
use uuid::Uuid;

/// A key file as the key room's shelf.
pub struct KeyShelf(KeyFile);

impl KeyShelf {
    /// The shelf over a key file.
    #[must_use]
    pub fn new(file: KeyFile) -> Self {
        Self(file)
    }
}

fn id(person: Person) -> PersonId {
    PersonId(Uuid::from_bytes(person))
}

fn look(one: Consented) -> keys::Consented {
    keys::Consented { person: id(one.person), consent: one.consent, position: one.position }
}

impl Shelf for KeyShelf {
    async fn enrol(&self, person: Person, keys: Wrapped, now_ms: i64) -> Result<(), Refused> {
        let keys = WrappedKeys { person: id(person), data: keys.data, tag: keys.tag, made_ms: now_ms };
        self.0.enrol(keys).await.map_err(|_| Refused::Shelf)
    }

    async fn find(&self, person: Person) -> Result<Kept, Refused> {
        let (keys, followed) = self.0.find(id(person)).map_err(|_| Refused::Shelf)?.ok_or(Refused::NoKeys)?;
        Ok(Kept { keys: Wrapped { data: keys.data, tag: keys.tag }, followed })
    }

    async fn seen(&self) -> Result<Option<Seen>, Refused> {
        let seen = self.0.seen().map_err(|_| Refused::Shelf)?;
        Ok(seen.map(|(size, root)| Seen { size, root }))
    }

    async fn looks_beside(&self, one: Consented) -> Result<u8, Refused> {
        self.0.looks_beside(look(one)).map_err(|_| Refused::Shelf)
    }

    async fn note(&self, exchange: Exchange) -> Result<Vec<bool>, Refused> {
        let exchange = keys::Exchange {
            seen: exchange.seen.map(|seen| (seen.size, seen.root)),
            spent: exchange.spent,
            followed: exchange.followed.into_iter().map(|(person, count)| (id(person), count)).collect(),
            consented: exchange.consented.into_iter().map(look).collect(),
            at_ms: exchange.at_ms,
        };
        self.0.note(exchange).await.map_err(|_| Refused::Shelf)
    }

    async fn released(&self) -> Result<u64, Refused> {
        self.0.released().map_err(|_| Refused::Shelf)
    }

    async fn released_between(&self, from: u64, to: u64) -> Result<Vec<(u64, u16)>, Refused> {
        self.0.released_between(from, to).map_err(|_| Refused::Shelf)
    }

    async fn erase(&self, person: Person) -> Result<(), Refused> {
        self.0.erase(id(person)).await.map_err(|_| Refused::Shelf)
    }

    async fn made_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<Person>, Refused> {
        let made = self.0.made_between(from_ms, to_ms).map_err(|_| Refused::Shelf)?;
        Ok(made.into_iter().map(|person| *person.bytes()).collect())
    }

    async fn forget_spent(&self, before_ms: i64) -> Result<(), Refused> {
        self.0.forget_spent(before_ms).await.map_err(|_| Refused::Shelf)
    }

    async fn page(&self, after: Option<Person>, many: u32) -> Result<Vec<(Person, Wrapped)>, Refused> {
        let keys = self.0.page(after.map(id), many).map_err(|_| Refused::Shelf)?;
        Ok(keys.into_iter().map(|one| (*one.person.bytes(), Wrapped { data: one.data, tag: one.tag })).collect())
    }

    async fn rewrap(&self, keys: Vec<(Person, Wrapped, Wrapped)>) -> Result<(), Refused> {
        let anew = |(person, old, new): (Person, Wrapped, Wrapped)| Rewrapped {
            old: WrappedKeys { person: id(person), data: old.data, tag: old.tag, made_ms: 0 },
            data: new.data,
            tag: new.tag,
        };
        self.0.rewrap(keys.into_iter().map(anew).collect()).await.map_err(|_| Refused::Shelf)
    }

    async fn copy(&self, name: &str) -> Result<(), Refused> {
        self.0.copy(name).map_err(|_| Refused::Shelf)
    }

    async fn hold(&self, held: Held) -> Result<(), Refused> {
        let field = |(opening, key): (Opening, Vec<u8>)| (opening.field.wire(), opening.version, key);
        let fields = held.fields.into_iter().map(field).collect();
        let keys = HeldKeys {
            person: id(held.person),
            tag: held.tag,
            fields,
            followed: held.followed,
            until_ms: held.until_ms,
        };
        self.0.hold(keys).await.map_err(|_| Refused::Shelf)
    }

    async fn held(&self, person: Person) -> Result<Option<Held>, Refused> {
        let Some(keys) = self.0.held(id(person)).map_err(|_| Refused::Shelf)? else { return Ok(None) };
        let field = |(field, version, key): (u8, u32, Vec<u8>)| {
            Some((Opening { field: Field::from_wire(field)?, version }, key))
        };
        let fields = keys.fields.into_iter().map(field).collect::<Option<_>>().ok_or(Refused::Shelf)?;
        Ok(Some(Held { person, tag: keys.tag, fields, followed: keys.followed, until_ms: keys.until_ms }))
    }

    async fn follow_held(&self, person: Person, count: u64) -> Result<(), Refused> {
        self.0.follow_held(id(person), count).await.map_err(|_| Refused::Shelf)
    }

    async fn end_hold(&self, person: Person) -> Result<(), Refused> {
        self.0.end_hold(id(person)).await.map_err(|_| Refused::Shelf)
    }

    async fn gone(&self) -> Result<Vec<Person>, Refused> {
        let gone = self.0.erased().map_err(|_| Refused::Shelf)?;
        Ok(gone.into_iter().map(|person| *person.bytes()).collect())
    }
}
