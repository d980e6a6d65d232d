//! The key room's shelf: the store's key file, which knows no key.

use keyroom::{Person, Refused, Shelf, Wrapped};
use registry::PersonId;
use store::KeyFile;
use store::keys::{Spent, WrappedKeys};
use uuid::Uuid;

pub(crate) struct KeyShelf(KeyFile);

impl KeyShelf {
    pub(crate) fn new(file: KeyFile) -> Self {
        Self(file)
    }

    pub(crate) fn file(&self) -> &KeyFile {
        &self.0
    }
}

impl Shelf for KeyShelf {
    async fn enrol(&self, person: Person, keys: Wrapped, now_ms: i64) -> Result<(), Refused> {
        let person = PersonId(Uuid::from_bytes(person));
        let keys = WrappedKeys { person, data: keys.data, tag: keys.tag, made_ms: now_ms };
        self.0.enrol(keys).await.map_err(|_| Refused::Shelf)
    }

    async fn find(&self, person: Person) -> Result<Wrapped, Refused> {
        let keys = self.0.find(PersonId(Uuid::from_bytes(person))).map_err(|_| Refused::Shelf)?;
        keys.map(|keys| Wrapped { data: keys.data, tag: keys.tag }).ok_or(Refused::NoKeys)
    }

    async fn spend(&self, positions: Vec<(u64, u16)>, at_ms: i64) -> Result<Vec<bool>, Refused> {
        let spent = positions.into_iter().map(|(position, keys)| Spent { position, keys, at_ms });
        self.0.spend(spent.collect()).await.map_err(|_| Refused::Shelf)
    }

    async fn erase(&self, person: Person) -> Result<(), Refused> {
        self.0.erase(PersonId(Uuid::from_bytes(person))).await.map_err(|_| Refused::Shelf)
    }
}
