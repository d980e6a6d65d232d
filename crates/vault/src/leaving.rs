//! Leaving: her data key is destroyed at once and her rows go. What the law holds for a year is put where a lawful order alone opens it.
//! The log keeps her entries, which nobody opens any more; the erasure commits to their tags, so that it can be shown why.

use crate::caller::{Actor, Citizen};
use crate::code::CodeFor;
use crate::gate::{Act, Draft, openings};
use crate::{Refused, Vault};
use ledger::erasure::{self, Erasure};
use ledger::leaf::tag_of;
use ledger::{Field, Kind, LEAF_BYTES, Leaf, Opening, Purpose, TagKey, subject_tag};
use registry::{PersonId, TransactionId};
use std::future::ready;
use std::sync::Arc;
use store::command::{Effect, Erase, Erased, Explained};
use store::rows::{PersonRow, SealedField};
use uuid::Uuid;

/// How long the law holds, milliseconds: a year, with its leap day (DPDP Rules 2025, rules 6(1)(e) and 8(3)).
const HELD_MS: i64 = 366 * 86_400_000;

/// Who had a dose is still named by these, to a lawful order: who it was, and how to reach her.
const HELD: [Field; 4] = [Field::Name, Field::BirthYear, Field::Gender, Field::Phone];

impl Vault {
    /// A member leaves for good, doses or not; `typed` is the eight-digit code that her phone got for it.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Wrong`]; [`store::Refusal::CodeGone`], [`store::Refusal::Locked`].
    pub async fn leave(
        &self,
        citizen: &Citizen,
        person: PersonId,
        transaction: TransactionId,
        typed: &str,
    ) -> Result<(), Refused> {
        self.take_fresh_code(citizen, person, CodeFor::Leaving, transaction, typed).await?;
        self.erase(citizen, person, &HELD).await
    }

    /// Removes a member who has no dose, for good: as CoWIN's clients do it, by the sign-in alone. Nor is one being given, nor decided.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`store::Refusal::HasDoses`].
    pub async fn remove_member(&self, citizen: &Citizen, person: PersonId) -> Result<(), Refused> {
        self.erase(citizen, person, &[]).await
    }

    /// Erases a member: her last entry, the public one that commits to all of hers, and everything that goes, in one command; then
    /// her keys. Where the keys cannot be destroyed just now, the sweeper does it.
    async fn erase(&self, citizen: &Citizen, person: PersonId, held: &[Field]) -> Result<(), Refused> {
        let grant = citizen.grant(person)?;
        let mut memory = citizen.memory.clone();
        memory
            .members
            .iter_mut()
            .filter(|member| member.as_ref().is_some_and(|it| it.person == person))
            .for_each(|it| *it = None);
        let by = Some(self.hold_as(citizen, &memory));
        let until_ms = self.now_ms() + HELD_MS;
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let act = self.thread(&rows[0]).map(|thread| {
                let held = held_of(&rows[0], held);
                // The entry that is written here is her last.
                let explained = explained(&thread.tag_key, rows[0].entries + 1);
                let statement = Erasure::of(&explained.tags, &explained.blind).to_cbor();
                let last = Draft::under(&grant, Kind::Write, Purpose::Leaving, Vec::new());
                let public = Draft { statement, ..Draft::about_nobody(Kind::Erase, Purpose::Leaving) };
                let erase = Erase { person, by: by.clone(), explained, held, until_ms };
                Act::new(vec![last, public], Effect::Erase(Box::new(erase)))
            });
            ready(act)
        };
        self.act(&citizen.actor(), &[person], plan).await?;
        self.destroy_keys(&citizen.actor().beyond_its_end(), person, until_ms).await
    }

    /// Has the key room put by what is held of someone whose rows are gone, and destroy her keys.
    async fn destroy_keys(&self, actor: &Actor, person: PersonId, until_ms: i64) -> Result<(), Refused> {
        let fields = self.store.read(move |store| store.held_fields(person)).await?;
        let version =
            |row: &SealedField| Some((Opening { field: Field::from_wire(row.field)?, version: row.version }, row.salt));
        let versions = fields.iter().map(version).collect::<Option<Vec<_>>>().ok_or(Refused::Unavailable)?;
        self.keys.leave(*person.bytes(), &versions, until_ms).await?;
        self.exchanges.forget(person);
        self.act_alone(actor, Act::new(Vec::new(), Effect::KeysGone { person })).await.map(|_| ())
    }

    /// Destroys the keys of those whose leaving was cut short, and what was held of those whose year is over.
    pub(crate) async fn settle_leavers(&self) -> Result<(), Refused> {
        let actor = Actor::worker("sweeper", self.draw());
        for (person, until_ms) in self.store.read(store::Reader::leavers).await? {
            self.destroy_keys(&actor, person, until_ms).await?;
        }
        let now_ms = self.now_ms();
        for person in self.store.read(move |store| store.holds_over(now_ms)).await? {
            self.keys.end_hold(*person.bytes()).await?;
            self.act_alone(&actor, Act::new(Vec::new(), Effect::HoldEnded { person })).await?;
        }
        Ok(())
    }

    /// Why an entry cannot be opened, if somebody left whose it was: by the erasure at this position.
    pub(crate) async fn explained(
        &self,
        leaf: &[u8; LEAF_BYTES],
    ) -> Result<Option<(u64, erasure::Explained)>, Refused> {
        let tag = tag_of(leaf);
        let found = self.store.read(move |store| store.erased_tag(&tag)).await?;
        Ok(found.map(|found| {
            let Explained { tags, blind } = found.explained;
            (found.position, erasure::Explained::of(&tags, &blind, found.number))
        }))
    }

    /// After a restore: whoever was erased since the copy was made is removed again, before anyone comes in. Her erasure stands
    /// in the log, among the leaves from `known` on, and is found by what it commits to.
    pub(crate) async fn forget_erased(&self, known: u64) -> Result<u64, Refused> {
        let erased = self.keys.gone().await?;
        let back = self
            .store
            .read(move |store| {
                let rows = erased.into_iter().map(|person| store.person(PersonId(Uuid::from_bytes(person))));
                rows.filter_map(Result::transpose).collect::<Result<Vec<PersonRow>, _>>()
            })
            .await?;
        if back.is_empty() {
            return Ok(0);
        }
        let erasures = self.erasures_since(known).await?;
        let actor = Actor::worker("restore", self.draw());
        for row in &back {
            let thread = self.thread(row)?;
            // What was written since she left, for an order, is not among the tags that her erasure commits to.
            let erasure =
                erasures.iter().filter(|(_, said, _)| said.tags <= thread.count).find_map(|(at, said, at_ms)| {
                    let explained = explained(&thread.tag_key, said.tags);
                    let is_hers = Erasure::of(&explained.tags, &explained.blind) == *said;
                    let held = (held_of(row, &HELD), at_ms + HELD_MS);
                    is_hers.then(|| Box::new(Erased { position: *at, explained, held }))
                });
            let forget = Effect::Forget { person: row.id, erasure };
            self.act_alone(&actor, Act::new(Vec::new(), forget)).await?;
        }
        Ok(back.len() as u64)
    }

    /// The erasures from a position on: where each stands, what it says, and when it was, milliseconds since the epoch.
    async fn erasures_since(&self, known: u64) -> Result<Vec<(u64, Erasure, i64)>, Refused> {
        let leaves = self.log.leaves(known.min(self.log.published()), self.log.published()).await?;
        let is_erase = |leaf: &[u8; LEAF_BYTES]| Leaf::decode(leaf).and_then(|leaf| leaf.kind()) == Some(Kind::Erase);
        let positions = (known..).zip(&leaves).filter(|(_, leaf)| is_erase(leaf)).map(|(position, _)| position);
        let kept = self.log.entries(positions.collect()).await?;
        let said = kept.iter().filter_map(|one| {
            let key = self.secrets.audit_key(Leaf::decode(&one.leaf)?.day().into());
            let (_, entry) = crate::gate::open_entry(&key, &one.leaf, &one.sealed)?;
            Some((one.position, Erasure::from_cbor(&entry.statement)?, entry.at_ms))
        });
        Ok(said.collect())
    }
}

/// The versions of these fields that are held, if she had a dose: field, version. Whether she had, the store knows: those of a
/// joined record do not stand in her row.
fn held_of(row: &PersonRow, held: &[Field]) -> Vec<(u8, u32)> {
    openings(row, held).iter().map(|one| (one.field.wire(), one.version)).collect()
}

/// The tags of so many entries, and what blinds them: a value that goes with her tag key.
fn explained(key: &TagKey, count: u64) -> Explained {
    let tags = (0..count).map(|n| subject_tag(key, n)).collect();
    Explained { tags, blind: key.mac(&[b"teeka/erasure/v1"]) }
}
