//! The root is changed while the room works: keys are opened under either, and wrapped under the new one.

use crate::{KeyRoom, Person, Refused, Root, Shelf, Wrapped};
use ledger::audit::Rotation;
use ledger::note::Note;
use std::sync::Arc;
use zeroize::Zeroizing;

/// People whose keys are wrapped anew at once.
const PAGE: u32 = 256;

/// The root under which keys are wrapped, and the one before while some still are.
#[derive(Clone)]
pub(crate) struct Roots {
    pub(crate) now: Arc<Root>,
    before: Option<Arc<Root>>,
    /// Whether nothing lies under the one before any more, and only the log is still to say so.
    is_over: bool,
}

impl Roots {
    pub(crate) fn new(now: Root) -> Self {
        Self { now: Arc::new(now), before: None, is_over: false }
    }

    pub(crate) fn unwrap(&self, wrapped: &[u8], person: Person, role: &str) -> Option<Zeroizing<[u8; 32]>> {
        let under = |root: &Arc<Root>| root.unwrap(wrapped, &person, role);
        under(&self.now).or_else(|| under(self.before.as_ref()?))
    }
}

impl<S: Shelf> KeyRoom<S> {
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

    pub(crate) fn wrap(&self, root: &Root, person: Person, data: &[u8; 32], tag: &[u8; 32]) -> Wrapped {
        let wrap = |key, role| root.wrap(key, &person, role, self.draw());
        Wrapped { data: wrap(data, "data"), tag: wrap(tag, "tag") }
    }

    pub(crate) fn roots(&self) -> Roots {
        self.roots.read().expect("nobody panics while holding it").clone()
    }
}
