//! Several shards as one store: which shard has what, and what is done in several of them as steps between them. A node may die
//! between any two steps; what it leaves is set right by [`Shards::sweep`]. Steps, keys and what was checked: `docs/adr/0019-two-shards.md`.

mod booking;
mod case;
mod consent;
mod registration;
mod route;
mod visit;

pub use booking::{Seat, Wish};

use crate::command::{Command, Effect, Resume, ShardStep, Told};
use crate::engine::{Engine, READERS};
use crate::rows::HoldRow;
use crate::{Applied, Body, Figures, Reader, Refusal, Store, StoreError};
use registry::{DistrictId, PersonId, SessionId};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// How long a seat is held, or a phone claimed, before the sweeper asks what became of it.
const HOLD_MS: i64 = 120_000;

/// So many are settled, or told, of one shard at a time.
const AT_ONCE: u32 = 256;

/// Of a number over all shards, such as a position in a log, what lies above these bits is the shard's.
const NUMBER_BITS: u32 = 48;

/// So many copies of sessions a node remembers to have made, and so many places of ids; after that it asks again.
const REMEMBERED: usize = 100_000;

/// Shards, each a store of its own, and the way to them.
#[derive(Clone)]
pub struct Shards(Arc<All>);

struct All {
    stores: Vec<Store>,
    engines: Vec<Arc<Engine>>,
    /// Reads over shards that run side by side. They take no turns of single shards, and so never wait for each other in a circle.
    turns: Semaphore,
    figures: Arc<Figures>,
    /// Which shards have which sessions' copies, as far as this node made them. A copy never goes.
    copies: Mutex<HashSet<(usize, SessionId)>>,
    /// Where something was found last that is known by an id alone: a place that is no longer so is slower, and never wrong.
    places: Mutex<HashMap<Vec<u8>, usize>>,
}

impl Shards {
    /// The shards in their order, which never changes.
    #[must_use]
    pub fn new(shards: Vec<Store>) -> Self {
        assert!(!shards.is_empty(), "people are somewhere");
        let engine = |store: &Store| match &store.0 {
            Body::One(engine) => Arc::clone(engine),
            Body::Over(_) => panic!("a shard is one store"),
        };
        let engines = shards.iter().map(engine).collect();
        let (turns, figures) = (Semaphore::new(READERS), Arc::default());
        Self(Arc::new(All {
            stores: shards,
            engines,
            turns,
            figures,
            copies: Mutex::default(),
            places: Mutex::default(),
        }))
    }

    pub(crate) fn engines(&self) -> &[Arc<Engine>] {
        &self.0.engines
    }

    pub(crate) fn figures(&self) -> &Arc<Figures> {
        &self.0.figures
    }

    /// Where a person's rows are: by the first 14 bits of her random id.
    #[must_use]
    pub fn of_person(&self, person: PersonId) -> &Store {
        &self.0.stores[self.place_of_person(person)]
    }

    /// Where a district's sessions are.
    #[must_use]
    pub fn of_district(&self, district: DistrictId) -> &Store {
        &self.0.stores[self.place_of_district(district)]
    }

    pub(crate) fn place_of_person(&self, person: PersonId) -> usize {
        let [first, second, ..] = *person.bytes();
        self.place_of([first, second])
    }

    pub(crate) fn place_of_key(&self, key: &[u8; 32]) -> usize {
        self.place_of([key[0], key[1]])
    }

    pub(crate) fn place_of_district(&self, district: DistrictId) -> usize {
        district.0 as usize % self.0.engines.len()
    }

    fn place_of(&self, first: [u8; 2]) -> usize {
        let vb = usize::from(u16::from_be_bytes(first) >> 2);
        (vb * self.0.engines.len()) >> 14
    }

    fn hers(&self, person: PersonId) -> &Arc<Engine> {
        &self.0.engines[self.place_of_person(person)]
    }

    fn keys(&self, key: &[u8; 32]) -> &Arc<Engine> {
        &self.0.engines[self.place_of_key(key)]
    }

    fn districts(&self, district: DistrictId) -> &Arc<Engine> {
        &self.0.engines[self.place_of_district(district)]
    }

    /// In which shard's log a position is; of one that no shard has, the last.
    pub(crate) fn place_of_position(&self, position: u64) -> usize {
        let at = usize::try_from(position >> NUMBER_BITS).unwrap_or(usize::MAX);
        at.min(self.0.engines.len() - 1)
    }

    /// A shard's own number as it is known over all shards.
    pub(crate) fn numbered(at: usize, number: i64) -> i64 {
        i64::try_from(at).expect("shards are few") << NUMBER_BITS | number
    }

    /// How far into its own log a position is.
    pub(crate) const fn within_log(position: u64) -> u64 {
        position & ((1 << NUMBER_BITS) - 1)
    }

    /// Lets the log of each shard begin where its number says, so that a position is one entry's over all shards.
    pub(crate) async fn number_logs(&self) -> Result<(), StoreError> {
        for (at, shard) in self.0.engines.iter().enumerate().skip(1) {
            let next = Self::numbered(at, 0).cast_unsigned();
            if shard.read(Reader::log_next).await? == 0 {
                let resume = Resume { next, tags: Vec::new(), counts: Vec::new() };
                match bare(shard, Effect::Resume(resume)).await {
                    // Another node was before this one.
                    Ok(_) | Err(Refusal::Conflict) => {}
                    Err(refusal) => return Err(StoreError::new(refusal)),
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.0.turns.acquire().await.map_err(StoreError::new)?;
        let shards = self.clone();
        tokio::task::spawn_blocking(move || read(&Reader::over(shards))).await.map_err(StoreError::new)?
    }

    /// Reads to decide by: where that fails, nothing is written.
    async fn ask<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.read(read).await.map_err(|_| Refusal::Storage)
    }

    /// Settles the holds and claims that have run out by `now_ms`, and tells other shards what they were not told. Answers how many it did:
    /// when it is none, nothing is left to do. It may run anywhere, at any time, and several at once.
    ///
    /// # Errors
    /// When a shard fails; the others' turn comes with the next sweep.
    pub async fn sweep(&self, now_ms: i64) -> Result<usize, StoreError> {
        let (mut swept, mut failed) = (0, None);
        let mut note = |outcome: Result<usize, StoreError>| match outcome {
            Ok(count) => swept += count,
            Err(error) => failed = Some(error),
        };
        for shard in &self.0.engines {
            note(self.settle_due(shard, now_ms).await);
            note(self.settle_claims(shard, now_ms).await);
        }
        for shard in &self.0.engines {
            note(self.tell_all(shard).await);
            note(self.tell_claims(shard).await);
            note(self.tell_recalls(shard).await);
        }
        failed.map_or(Ok(swept), Err)
    }

    async fn settle_due(&self, shard: &Arc<Engine>, now_ms: i64) -> Result<usize, StoreError> {
        let due = shard.read(move |store| store.holds_due(now_ms, AT_ONCE)).await?;
        let mut tried = Vec::new();
        for HoldRow { attempt, person, district } in due {
            tried.push(step(self.hers(person), ShardStep::Settle { attempt, person, district }).await);
        }
        counted(&tried)
    }

    async fn tell_all(&self, shard: &Arc<Engine>) -> Result<usize, StoreError> {
        let untold = shard.read(|store| store.outbox(AT_ONCE)).await?;
        let mut tried = Vec::new();
        for told in untold {
            tried.push(self.tell(shard, told).await);
        }
        counted(&tried)
    }

    /// Tells sessions' shards at once what they are to be told of her; where that fails, the sweeper does.
    async fn tell_of(&self, person: PersonId) {
        let hers = self.hers(person);
        for told in hers.read(move |store| store.outbox_of(person)).await.unwrap_or_default() {
            self.tell(hers, told).await.ok();
        }
    }

    async fn tell(&self, hers: &Arc<Engine>, told: Told) -> Applied {
        step(self.districts(told.district), ShardStep::Tell(told)).await?;
        step(hers, ShardStep::Answered(told)).await
    }
}

/// How many were tried; that one failed, because its shard is away, has kept no other from its turn.
fn counted(tried: &[Applied]) -> Result<usize, StoreError> {
    let failed = tried.iter().find_map(|one| one.as_ref().err());
    failed.map_or(Ok(tried.len()), |refusal| Err(StoreError::new(refusal)))
}

async fn step(shard: &Arc<Engine>, step: ShardStep) -> Applied {
    bare(shard, Effect::Shard(step)).await
}

/// An effect without entries.
async fn bare(shard: &Arc<Engine>, effect: Effect) -> Applied {
    shard.apply(Command { by: None, once: None, entries: Vec::new(), effect }).await
}
