//! Leaving: the data key is destroyed at once. What the law holds for a year are the keys of single versions of a few fields and
//! her tag key, wrapped under a root of their own. The room opens them to a look by a lawful order alone
//! ([`ByOrder`](crate::ByOrder)); [`open`] is also for whoever has the root and the hold file in hand.

use crate::{FieldKey, Kept, KeyRoom, Person, Refused, Root, Shelf, field_key};
use ledger::{Opening, TagKey};

/// What is held of someone who left, wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Whose.
    pub person: Person,
    /// Her tag key.
    pub tag: Vec<u8>,
    /// Keys of single versions of fields.
    pub fields: Vec<(Opening, Vec<u8>)>,
    /// How many of her entries the room has followed.
    pub followed: u64,
    /// When all of it goes, milliseconds since the epoch.
    pub until_ms: i64,
}

/// What was held, opened.
pub struct Opened {
    /// Her tag key.
    pub tag: TagKey,
    /// Keys of single versions of fields.
    pub fields: Vec<(Opening, FieldKey)>,
}

impl<S: Shelf> KeyRoom<S> {
    /// Puts by what is held of a person who leaves, then destroys her keys: after this nothing that is online opens anything of
    /// hers. Asked again, it has been done.
    ///
    /// # Errors
    /// [`Refused::Shelf`]; then it is to be asked again.
    pub async fn leave(&self, person: Person, versions: &[(Opening, [u8; 16])], until_ms: i64) -> Result<(), Refused> {
        let Kept { keys: kept, followed } = match self.shelf.find(person).await {
            Err(Refused::NoKeys) => return Ok(()),
            kept => kept?,
        };
        let data = self.roots().unwrap(&kept.data, person, "data").ok_or(Refused::NoKeys)?;
        let tag = self.roots().unwrap(&kept.tag, person, "tag").ok_or(Refused::NoKeys)?;
        let root = self.roots().now;
        let field = |(opening, salt): &(Opening, [u8; 16])| {
            let key = field_key(&data, *opening, salt);
            (*opening, root.hold(key.bytes(), &person, &role(*opening), self.draw()))
        };
        let fields = versions.iter().map(field).collect();
        let held = Held { person, tag: root.hold(&tag, &person, "tag", self.draw()), fields, followed, until_ms };
        self.shelf.hold(held).await?;
        self.shelf.erase(person).await
    }

    /// Destroys what is held of a person, when its time is over.
    ///
    /// # Errors
    /// [`Refused::Shelf`].
    pub async fn end_hold(&self, person: Person) -> Result<(), Refused> {
        self.shelf.end_hold(person).await
    }
}

/// Opens what is held, with the root in hand; `None` if another root wrapped it.
#[must_use]
pub fn open(root: &Root, held: &Held) -> Option<Opened> {
    let tag = root.unhold(&held.tag, &held.person, "tag")?;
    let field = |(opening, wrapped): &(Opening, Vec<u8>)| {
        let key = root.unhold(wrapped, &held.person, &role(*opening))?;
        Some((*opening, FieldKey(*key)))
    };
    Some(Opened { tag: TagKey(*tag), fields: held.fields.iter().map(field).collect::<Option<_>>()? })
}

fn role(opening: Opening) -> String {
    format!("field {} {}", opening.field.wire(), opening.version)
}
