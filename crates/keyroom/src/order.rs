//! A look by a numbered lawful order: on what it rests, and what it opens of someone who has left.

use crate::receipt::{Ground, Proven};
use crate::{FieldKey, KeyRoom, Person, Refused, Shelf, hold::Held};
use ledger::order::{Filed, LONGEST_MS, Order};
use ledger::witness::Seen;
use ledger::{Entry, GrantKind, Kind, Opening, Purpose, TagKey, subject_tag};
use serde::{Deserialize, Serialize};

/// What stands beside the entry by which an officer filed an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByOrder {
    /// The entry by which another officer confirmed it.
    pub confirmed: Ground,
    /// The public entry which says that it was filed.
    pub stated: Stated,
}

/// A public entry, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// Its leaf.
    pub leaf: Proven,
    /// Salt of its commitment.
    pub salt: [u8; 32],
    /// Its CBOR.
    pub entry: Vec<u8>,
}

impl ByOrder {
    /// Whether a look keeps an order: filed by one officer, confirmed by another, both in the same words about this person, said in
    /// public, and the look by one of the two, at fields that it names, before its end.
    pub(crate) fn check(
        &self,
        look: &Entry,
        (filed, count): (&Entry, u64),
        tag_key: &TagKey,
        tree: &Seen,
    ) -> Result<(), Refused> {
        let confirmed = self.confirmed.open(tag_key, count, tree)?;
        self.stated.leaf.check(tree)?;
        let stated = self.stated.leaf.open(&self.stated.salt, &self.stated.entry).ok_or(Refused::Groundless)?;
        let order = Order::from_cbor(&filed.statement).ok_or(Refused::Groundless)?;
        let step = |entry: &Entry| {
            let it = (entry.kind, entry.grant, entry.purpose) == (Kind::Case, GrantKind::Case, Purpose::LawfulOrder);
            it && entry.role == "officer" && entry.evidence == look.evidence && entry.statement == filed.statement
        };
        let by_two = step(filed) && step(&confirmed) && filed.actor != confirmed.actor;
        let by_them = look.role == "officer" && [&filed.actor, &confirmed.actor].contains(&&look.actor);
        let is_public = (stated.kind, stated.purpose) == (Kind::Config, Purpose::LawfulOrder)
            && Filed::from_text(&stated.statement) == Some(Filed::of(&look.evidence, &order));
        let is_within = look.fields().0 & !order.fields.0 == 0;
        let in_time = filed.at_ms <= confirmed.at_ms
            && (confirmed.at_ms..=order.until_ms).contains(&look.at_ms)
            && order.until_ms - filed.at_ms <= LONGEST_MS;
        if by_two && by_them && is_public && is_within && in_time { Ok(()) } else { Err(Refused::Groundless) }
    }
}

/// The one sort of entry for which the hold opens.
pub(crate) fn opens_hold(entry: &Entry) -> bool {
    (entry.kind, entry.grant, entry.purpose) == (Kind::Reveal, GrantKind::Case, Purpose::LawfulOrder)
}

impl<S: Shelf> KeyRoom<S> {
    /// What is held of a person whose year is not over.
    pub(crate) async fn held(&self, person: Person, now_ms: i64) -> Result<Held, Refused> {
        let held = self.shelf.held(person).await?;
        held.filter(|held| now_ms < held.until_ms).ok_or(Refused::NoKeys)
    }

    /// Her tags from one count to another, neither below what the room has followed, so that what is written about her for an
    /// order stands under them. They open nothing, and of those before them the room tells none.
    ///
    /// # Errors
    /// [`Refused::NoKeys`] for anyone who is not held; [`Refused::Behind`] for counts that were followed; [`Refused::Shelf`].
    pub async fn held_tags(&self, person: Person, from: u64, to: u64, now_ms: i64) -> Result<Vec<[u8; 32]>, Refused> {
        let held = self.held(person, now_ms).await?;
        if from < held.followed {
            return Err(Refused::Behind { count: held.followed });
        }
        let key = self.held_tag_key(&held)?;
        Ok((from..to.min(from + MOST_TAGS)).map(|count| subject_tag(&key, count)).collect())
    }

    pub(crate) fn held_tag_key(&self, held: &Held) -> Result<TagKey, Refused> {
        let tag = self.roots().now.unhold(&held.tag, &held.person, "tag").ok_or(Refused::NoKeys)?;
        Ok(TagKey(*tag))
    }

    /// The held keys of these versions; none of a version that is not held.
    pub(crate) fn held_keys(&self, held: &Held, wanted: &[(Opening, [u8; 16])]) -> Result<Vec<FieldKey>, Refused> {
        let opened = crate::hold::open(&self.roots().now, held).ok_or(Refused::NoKeys)?;
        let mut fields = opened.fields;
        let mut take = |(opening, _): &(Opening, _)| {
            let at = fields.iter().position(|(held, _)| held == opening).ok_or(Refused::NoKeys)?;
            Ok(fields.swap_remove(at).1)
        };
        wanted.iter().map(&mut take).collect()
    }
}

/// The most tags that are told at once.
const MOST_TAGS: u64 = 1024;
