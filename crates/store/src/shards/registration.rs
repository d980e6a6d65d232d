//! A registration over several shards: claims on a phone and a document, the row in her own shard, and what became of the claims.

use super::{AT_ONCE, HOLD_MS, Shards, bare, counted};
use crate::command::{
    Answer, Applied, Claim, ClaimKeys, ClaimOn, ClaimStep, ClaimTold, Command, Done, Effect, Enter, Erase, Joins,
    Membership, Once, Refusal, Register, Staged,
};
use crate::engine::Engine;
use crate::rows::ClaimRow;
use crate::{Store, StoreError};
use registry::PersonId;
use std::sync::Arc;

/// A registration that was decided is answered the same again.
const SCOPE: [u8; 32] = *b"teeka registration, decided once";

impl Shards {
    /// Where a phone or a document is found: by the first 14 bits of its keyed index.
    #[must_use]
    pub fn of_key(&self, key: &[u8; 32]) -> &Store {
        &self.0.stores[self.place_of_key(key)]
    }

    /// Registers a person. The same person twice is one registration; after a refusal it takes another id.
    ///
    /// # Errors
    /// As [`Effect::Register`]; [`Refusal::Conflict`] for an id under which nobody can be registered any more; [`Refusal::Storage`]
    /// when a shard does not answer: then she is registered or not, and the same again tells.
    pub async fn register(&self, new: Register, entries: Vec<Staged>) -> Applied {
        self.register_once(new, entries, None).await
    }

    /// As one store does it: who is there already is refused.
    pub(super) async fn enter(&self, new: Register, entries: Vec<Staged>, once: Option<Once>) -> Applied {
        if self.standing(new.person).await?.is_some() {
            self.tell_claims_of(new.person).await;
            return Err(Refusal::Conflict);
        }
        self.register_once(new, entries, once).await
    }

    async fn register_once(&self, new: Register, entries: Vec<Staged>, once: Option<Once>) -> Applied {
        let (person, now_ms, keys) = (new.person, new.now_ms, ClaimKeys::of(&new));
        match self.standing(person).await?.as_deref() {
            None => {}
            Some("registered") => {
                self.tell_claims_of(person).await;
                return Ok(Done { position: 0, answer: Answer::Nothing });
            }
            Some(_) => return Err(Refusal::Conflict),
        }
        let has_phone = self.claim(&new, ClaimOn::Phone, keys).await?;
        let has_document = self.claim(&new, ClaimOn::Document, keys).await?;
        let effect = Effect::Claim(Box::new(ClaimStep::Enter(Enter { new, has_phone, has_document })));
        let own = Once { scope: SCOPE, key: *person.bytes(), at_ms: now_ms };
        let once = Some(once.unwrap_or(own));
        let hers = self.hers(person);
        let decided = hers.apply(Command { by: None, once, entries, effect }).await;
        // Of a shard that did not answer nobody knows what it did.
        if decided.as_ref().is_err_and(|refusal| *refusal != Refusal::Storage) {
            claim_step(hers, ClaimStep::Settle { person, keys }).await.ok();
        }
        self.tell_claims_of(person).await;
        match decided {
            // A repeat is told what was decided then; she may have left since.
            Ok(_) if self.standing(person).await?.as_deref() != Some("registered") => Err(Refusal::Conflict),
            decided => decided,
        }
    }

    /// Whoever a centre added to a phone is confirmed there, or not: written down in her shard first, so that whoever is cut off in between
    /// has an entry too many, and none too few.
    pub(super) async fn membership(&self, membership: Membership, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        let asked = membership.clone();
        self.ask(move |store| store.may_confirm(&asked)).await??;
        let (phone, hers) = (self.keys(&membership.by.phone), self.hers(membership.person));
        let written = hers.apply(Command { by: None, once: None, entries, effect: Effect::Append }).await?;
        let effect = Effect::Membership(membership);
        let done = phone.apply(Command { by: None, once, entries: Vec::new(), effect }).await?;
        Ok(Done { position: written.position, ..done })
    }

    /// Has a person leave for good.
    ///
    /// # Errors
    /// As [`Effect::Erase`]; [`Refusal::Storage`] when a shard does not answer.
    pub async fn leave(&self, erase: Erase, entries: Vec<Staged>) -> Applied {
        self.leave_once(erase, entries, None).await
    }

    pub(super) async fn leave_once(&self, erase: Erase, entries: Vec<Staged>, once: Option<Once>) -> Applied {
        let person = erase.person;
        if let Some(by) = erase.by.clone() {
            claim_step(self.keys(&by.phone), ClaimStep::Part { person, by }).await?;
        }
        let effect = Effect::Erase(Box::new(Erase { by: None, ..erase }));
        let done = self.hers(person).apply(Command { by: None, once, entries, effect }).await?;
        self.tell_of(person).await;
        self.tell_claims_of(person).await;
        Ok(done)
    }

    /// Claims a key, if she has it. A document that somebody has, and a phone to which a centre would add too many, are left: nobody
    /// hears of either.
    async fn claim(&self, new: &Register, on: ClaimOn, keys: ClaimKeys) -> Result<bool, Refusal> {
        let Some((_, key)) = keys.each().find(|(of, _)| *of == on) else { return Ok(false) };
        let (person, now_ms) = (new.person, new.now_ms);
        let joins = if on == ClaimOn::Phone { new.joins.clone() } else { Joins::Alone };
        let may_go_without = !matches!(joins, Joins::Family(_));
        let claim = Claim { person, on, keys, joins, now_ms, expires_ms: now_ms + HOLD_MS };
        match claim_step(self.keys(&key), ClaimStep::Claim(claim)).await {
            Ok(_) => Ok(true),
            Err(Refusal::Conflict | Refusal::FamilyFull) if may_go_without => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    pub(super) async fn settle_claims(&self, shard: &Arc<Engine>, now_ms: i64) -> Result<usize, StoreError> {
        let due = shard.read(move |store| store.claims_due(now_ms, AT_ONCE)).await?;
        let mut tried = Vec::new();
        for ClaimRow { person, keys } in due {
            tried.push(claim_step(self.hers(person), ClaimStep::Settle { person, keys }).await);
        }
        counted(&tried)
    }

    pub(super) async fn tell_claims(&self, shard: &Arc<Engine>) -> Result<usize, StoreError> {
        let untold = shard.read(|store| store.claims_untold(AT_ONCE)).await?;
        let mut tried = Vec::new();
        for told in untold {
            tried.push(self.tell_claim(shard, told).await);
        }
        counted(&tried)
    }

    /// Tells the shards of keys at once what became of claims for her; where that fails, the sweeper does.
    pub(super) async fn tell_claims_of(&self, person: PersonId) {
        let hers = self.hers(person);
        for told in hers.read(move |store| store.claims_untold_of(person)).await.unwrap_or_default() {
            self.tell_claim(hers, told).await.ok();
        }
    }

    async fn tell_claim(&self, hers: &Arc<Engine>, told: ClaimTold) -> Applied {
        claim_step(self.keys(&told.key), ClaimStep::Tell(told)).await?;
        claim_step(hers, ClaimStep::Answered(told)).await
    }

    async fn standing(&self, person: PersonId) -> Result<Option<String>, Refusal> {
        self.hers(person).read(move |store| store.standing(person)).await.map_err(|_| Refusal::Storage)
    }
}

pub(super) async fn claim_step(shard: &Arc<Engine>, step: ClaimStep) -> Applied {
    bare(shard, Effect::Claim(Box::new(step))).await
}
