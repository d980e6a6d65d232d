//! The steps of a registration as messages: each may come late, again, or never, and overtake any other. It is a walk through the
//! model of `tests/model_shards`, in stores. The seed is printed.

use super::{DOCUMENTS, PHONES, Town};
use crate::fixture::{CENTRE, Engine, HOUR, NOW};
use registry::PersonId;
use std::collections::BTreeSet;
use store::Store;
use store::command::{Applied, Claim, ClaimKeys, ClaimOn, ClaimStep, Command, Effect, Enter, Joins, Register};

const SEEDS: [u64; 3] = [41, 42, 43];
const ROUNDS: usize = 300;

/// A step on its way to a shard.
#[derive(Clone)]
struct Message {
    to: Store,
    effect: Effect,
    /// What its sender sends when it is done, and what when it is refused.
    then: Option<Box<Message>>,
    otherwise: Option<Box<Message>>,
}

fn message(to: &Store, step: ClaimStep) -> Message {
    Message { to: to.clone(), effect: Effect::Claim(Box::new(step)), then: None, otherwise: None }
}

struct Mail {
    town: Town,
    /// It only grows.
    under_way: Vec<Message>,
    told: BTreeSet<PersonId>,
}

impl Mail {
    fn shard(&mut self) -> Store {
        let key = [self.town.pick(&[0, 100, 200]); 32];
        self.town.country.shards.of_key(&key).clone()
    }

    /// What a node sends for somebody whose claims came out so.
    fn enter(&self, new: &Register, has_phone: bool, has_document: bool) -> Box<Message> {
        let enter = Enter { new: new.clone(), has_phone, has_document };
        Box::new(message(self.town.country.shards.of_person(new.person), ClaimStep::Enter(enter)))
    }

    fn claim(&self, new: &Register, on: ClaimOn, key: [u8; 32]) -> Message {
        let (person, keys, joins) = (new.person, ClaimKeys::of(new), new.joins.clone());
        let claim = Claim { person, on, keys, joins, now_ms: NOW, expires_ms: NOW };
        message(self.town.country.shards.of_key(&key), ClaimStep::Claim(claim))
    }

    /// Somebody is to be registered: a claim on the phone is under way, then one on the document, then her row.
    async fn register(&mut self) {
        let (phone, document) = (self.town.pick(&PHONES), self.town.pick(&DOCUMENTS));
        let joins = match self.town.country.bench.below(3) {
            0 => Joins::Pending { phone, centre: CENTRE },
            _ => Joins::Family(self.town.sign_in(phone).await),
        };
        let needs_phone = matches!(joins, Joins::Family(_));
        let new = self.town.newcomer(joins, Some(document));
        let with = |has_phone| {
            let mut claim = self.claim(&new, ClaimOn::Document, document);
            claim.then = Some(self.enter(&new, has_phone, true));
            claim.otherwise = Some(self.enter(&new, has_phone, false));
            Box::new(claim)
        };
        let mut first = self.claim(&new, ClaimOn::Phone, phone);
        first.then = Some(with(true));
        first.otherwise = (!needs_phone).then(|| with(false));
        self.under_way.push(first);
    }

    /// A message arrives; it stays under way.
    async fn arrive(&mut self, message: &Message) -> Applied {
        let command = Command { by: None, once: None, entries: Vec::new(), effect: message.effect.clone() };
        let applied = message.to.apply(command).await;
        let next = if applied.is_ok() { &message.then } else { &message.otherwise };
        self.under_way.extend(next.as_deref().cloned());
        if let (Effect::Claim(step), Ok(_)) = (&message.effect, &applied)
            && let ClaimStep::Enter(enter) = &**step
        {
            self.told.insert(enter.new.person);
        }
        applied
    }

    async fn round(&mut self) {
        let newcomers = self.town.newcomers.clone();
        match self.town.country.bench.below(20) {
            0..2 => self.register().await,
            2 if !self.told.is_empty() => {
                let told: Vec<PersonId> = self.told.iter().copied().collect();
                let person = self.town.pick(&told);
                let effect = Effect::Erase(Box::new(self.town.erase(person, None)));
                let to = self.town.country.shards.of_person(person).clone();
                self.under_way.push(Message { to, effect, then: None, otherwise: None });
            }
            // The sweeper of keys takes somebody for one whom no registration followed.
            3 if !newcomers.is_empty() && self.town.country.bench.below(3) == 0 => {
                let person = self.town.pick(&newcomers).person;
                let to = self.town.country.shards.of_person(person).clone();
                self.under_way.push(Message { to, effect: Effect::Void { person }, then: None, otherwise: None });
            }
            4..6 => self.sweep().await,
            6..9 => self.relay().await,
            _ => {
                let all = self.under_way.clone();
                if !all.is_empty() {
                    // Late ones among them: half of what comes was sent last.
                    let newest = &all[all.len().saturating_sub(6)..];
                    let from = if self.town.country.bench.below(2) == 0 { newest } else { &all };
                    let message = self.town.pick(from);
                    self.arrive(&message).await.ok();
                }
            }
        }
    }

    /// The sweeper takes a claim for one that has run out.
    async fn sweep(&mut self) {
        let shard = self.shard();
        for due in shard.read(|store| store.claims_due(NOW + HOUR, 2)).await.unwrap() {
            let hers = self.town.country.shards.of_person(due.person);
            self.under_way.push(message(hers, ClaimStep::Settle { person: due.person, keys: due.keys }));
        }
    }

    async fn relay(&mut self) {
        let from = self.shard();
        let all = from.read(|store| store.claims_untold(50)).await.unwrap();
        if !all.is_empty() {
            let told = self.town.pick(&all);
            let mut tell = message(self.town.country.shards.of_key(&told.key), ClaimStep::Tell(told));
            tell.then = Some(Box::new(message(&from, ClaimStep::Answered(told))));
            self.under_way.push(tell);
        }
    }

    async fn check(&self, is_settled: bool) {
        self.town.check(is_settled).await;
        for newcomer in self.town.newcomers.iter().filter(|newcomer| self.told.contains(&newcomer.person)) {
            let standing = self.town.seen(*newcomer).await.standing;
            assert!(matches!(standing.as_deref(), Some("registered" | "erased")), "told what is not so");
        }
    }
}

#[tokio::test]
async fn steps_that_come_late_or_again_leave_nobody_without_her_claims() {
    for engine in Engine::all() {
        for seed in SEEDS {
            println!("engine {engine:?}, seed {seed}");
            let town = Town::new(engine.clone(), seed).await;
            let mut mail = Mail { town, under_way: Vec::new(), told: BTreeSet::new() };
            for round in 0..ROUNDS {
                mail.round().await;
                if round % 5 == 0 {
                    mail.check(false).await;
                }
            }
            assert!(mail.told.len() > 3, "{} of {} registered", mail.told.len(), mail.town.newcomers.len());
            mail.town.country.sweep_all().await;
            mail.check(true).await;
            // Whatever is still under way comes now, after all was settled.
            for message in mail.under_way.clone() {
                mail.arrive(&message).await.ok();
            }
            mail.check(false).await;
            mail.town.country.sweep_all().await;
            mail.check(true).await;
        }
    }
}
