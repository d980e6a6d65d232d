//! Registrations over several shards: random acts answer what one store answers, and leave the same families and the same sign-ins.

mod faults;
mod late;

use super::{Country, answer};
use crate::fixture::{CENTRE, Engine, NOW, sign_in_of};
use registry::PersonId;
use std::collections::BTreeMap;
use store::command::{Applied, ClaimOn, Command, Effect, Erase, FamilyHold, Joins, Register};
use store::rows::{ClaimState, SignInRow};
use store::{Reader, Staged, Store, StoreError};

/// Keys in different shards.
const PHONES: [[u8; 32]; 2] = [[3; 32], [0x91; 32]];
const DOCUMENTS: [[u8; 32]; 3] = [[5; 32], [0x77; 32], [0xe0; 32]];
const ROUNDS: usize = 150;
const FAMILY: usize = 4;

/// Whoever was to be registered.
#[derive(Clone, Copy)]
struct Newcomer {
    person: PersonId,
    phone: Option<[u8; 32]>,
    document: Option<[u8; 32]>,
    /// Whether she is registered with the phone or not at all.
    needs_phone: bool,
}

/// What the shards know of her.
struct Seen {
    standing: Option<String>,
    may_be_same: bool,
    untold: usize,
    phone: Option<ClaimState>,
    document: Option<ClaimState>,
}

impl Seen {
    fn is_registered(&self) -> bool {
        self.standing.as_deref() == Some("registered")
    }
}

fn is_live(claim: Option<ClaimState>) -> bool {
    matches!(claim, Some(ClaimState::Claimed | ClaimState::Confirmed))
}

struct Town {
    country: Country,
    newcomers: Vec<Newcomer>,
    holds: Vec<FamilyHold>,
}

async fn read<T: Send + 'static>(
    store: &Store,
    read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.read(read).await.unwrap()
}

/// A phone's family: its version, and who waits or is in it.
async fn family(store: &Store, phone: [u8; 32]) -> (u64, Vec<(PersonId, bool)>) {
    let family = read(store, move |store| store.family(&phone)).await;
    (family.version, family.members.iter().map(|member| (member.person, member.pending.is_some())).collect())
}

/// What a sign-in remembers of its family, and of which version.
async fn memory(store: &Store, token: [u8; 32]) -> Option<(Vec<u8>, String)> {
    let row: Option<SignInRow> = read(store, move |store| store.sign_in(&token, NOW)).await;
    row.map(|row| (row.sealed, format!("{:?}", row.who)))
}

impl Town {
    async fn new(engine: Engine, seed: u64) -> Self {
        let country = Country::new(engine, seed, 0, &[2]).await;
        Self { country, newcomers: Vec::new(), holds: Vec::new() }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.country.bench.below(from.len())].clone()
    }

    /// Signs a phone in, in the one store and in the shards.
    async fn sign_in(&mut self, phone: [u8; 32]) -> FamilyHold {
        let there = self.country.shards.of_key(&phone).clone();
        let version = family(&there, phone).await.0;
        let hold = FamilyHold { phone, token: self.country.bench.draw(), version, sealed: None };
        for store in [&self.country.bench.store, &there] {
            let effect = Effect::SignIn(sign_in_of(&hold));
            store.apply(Command { by: None, once: None, entries: Vec::new(), effect }).await.unwrap();
        }
        hold
    }

    fn newcomer(&mut self, joins: Joins, document: Option<[u8; 32]>) -> Register {
        let needs_phone = matches!(joins, Joins::Family(_));
        let new = Register { id_token: document, ..self.country.bench.register(joins) };
        let phone = store::command::ClaimKeys::of(&new).phone;
        self.newcomers.push(Newcomer { person: new.person, phone, document, needs_phone });
        new
    }

    fn entry_of(&mut self, new: &Register) -> Vec<Staged> {
        vec![self.country.bench.entry(Some((new.person, 0)))]
    }

    async fn register(&mut self, new: &Register) -> Applied {
        let entries = self.entry_of(new);
        self.country.shards.register(new.clone(), entries).await
    }

    fn erase(&mut self, person: PersonId, by: Option<FamilyHold>) -> Erase {
        self.country.bench.erase(person, by, 2)
    }

    async fn leave(&mut self, person: PersonId, by: Option<FamilyHold>) -> Applied {
        let (erase, entries) = (self.erase(person, by), vec![self.country.bench.entry(None)]);
        self.country.shards.leave(erase, entries).await
    }

    async fn seen(&self, of: Newcomer) -> Seen {
        let (shards, person) = (&self.country.shards, of.person);
        let hers = move |store: &Reader| {
            Ok((store.standing(person)?, store.may_be_same(person)?, store.claims_untold_of(person)?.len()))
        };
        let (standing, may_be_same, untold) = read(shards.of_person(person), hers).await;
        let mut claims = [None; 2];
        for (at, key, on) in [(0, of.phone, ClaimOn::Phone), (1, of.document, ClaimOn::Document)] {
            if let Some(key) = key {
                claims[at] = read(shards.of_key(&key), move |store| store.claim(person, on)).await;
            }
        }
        Seen { standing, may_be_same, untold, phone: claims[0], document: claims[1] }
    }

    /// What must be so at every moment; and when all is told, that claims and families are those of whoever is registered.
    async fn check(&self, is_settled: bool) {
        let mut held: BTreeMap<[u8; 32], usize> = BTreeMap::new();
        for newcomer in &self.newcomers {
            let seen = self.seen(*newcomer).await;
            let has_document = seen.is_registered() && newcomer.document.is_some() && !seen.may_be_same;
            assert!(!has_document || is_live(seen.document), "a person without her claim on the document");
            let is_at_phone = seen.is_registered() && newcomer.needs_phone;
            assert!(!is_at_phone || is_live(seen.phone), "a person without her claim on the phone");
            for (key, claim) in [(newcomer.phone, seen.phone), (newcomer.document, seen.document)] {
                *held.entry(key.unwrap_or_default()).or_default() += usize::from(is_live(claim));
            }
            if !is_settled {
                continue;
            }
            assert_eq!(seen.untold, 0);
            assert_eq!(is_live(seen.document), has_document);
            if let Some(phone) = newcomer.phone {
                let members = family(self.country.shards.of_key(&phone), phone).await.1;
                let is_member = members.iter().any(|(member, _)| *member == newcomer.person);
                assert_eq!(is_live(seen.phone), is_member);
                assert!(if newcomer.needs_phone {
                    is_member == seen.is_registered()
                } else {
                    !is_member || seen.is_registered()
                });
            }
            assert!(![seen.phone, seen.document].contains(&Some(ClaimState::Claimed)), "a claim that nobody settled");
        }
        for document in DOCUMENTS {
            assert!(held.get(&document).is_none_or(|live| *live <= 1), "a document claimed twice");
        }
        for phone in PHONES {
            let members = family(self.country.shards.of_key(&phone), phone).await.1;
            for waits in [false, true] {
                assert!(
                    members.iter().filter(|(_, pending)| *pending == waits).count() <= FAMILY,
                    "too large a family"
                );
            }
            assert!(held.get(&phone).is_none_or(|live| *live <= 2 * FAMILY));
        }
    }

    async fn settle(&self) {
        self.country.sweep_all().await;
        self.check(true).await;
    }
}

/// Who has each document, for all that one can know.
type Owners = BTreeMap<[u8; 32], PersonId>;

/// One act, done in one store and over the shards: both must say the same.
async fn act_twice(town: &mut Town, owners: &mut Owners) {
    let phone = town.pick(&PHONES);
    let kind = town.country.bench.below(10);
    if kind < 3 || town.holds.len() < 2 {
        let hold = town.sign_in(phone).await;
        town.holds.push(hold);
        return;
    }
    let at = town.country.bench.below(town.holds.len().min(4)) + town.holds.len().saturating_sub(4);
    let hold = FamilyHold { sealed: Some(town.country.bench.draw::<8>().to_vec()), ..town.holds[at].clone() };
    let (one, many, moves_family);
    if kind < 7 || town.newcomers.is_empty() {
        let joins = match town.country.bench.below(5) {
            0..3 => Joins::Family(hold),
            3 => Joins::Pending { phone, centre: CENTRE },
            _ => Joins::Alone,
        };
        let document = town.pick(&[None, Some(DOCUMENTS[0]), Some(DOCUMENTS[1]), Some(DOCUMENTS[2])]);
        let new = Register { guarded_until: Some(2040), ..town.newcomer(joins, document) };
        let entries = town.entry_of(&new);
        moves_family = matches!(new.joins, Joins::Family(_));
        many = town.country.shards.register(new.clone(), entries.clone()).await;
        let is_same = document.is_some_and(|document| owners.contains_key(&document));
        if let (Ok(_), Some(document)) = (&many, document) {
            owners.entry(document).or_insert(new.person);
            assert_eq!(town.seen(*town.newcomers.last().unwrap()).await.may_be_same, is_same);
        }
        one = town.country.bench.store.apply(Command {
            by: None,
            once: None,
            entries,
            effect: Effect::Register(Box::new(new)),
        });
    } else {
        let newcomers = town.newcomers.clone();
        let person = town.pick(&newcomers).person;
        let by = town.pick(&[Some(hold.clone()), Some(hold), None]);
        moves_family = by.is_some();
        let (erase, entries) = (town.erase(person, by), vec![town.country.bench.entry(None)]);
        many = town.country.shards.leave(erase.clone(), entries.clone()).await;
        if many.is_ok() {
            owners.retain(|_, owner| *owner != person);
        }
        one = town.country.bench.store.apply(Command {
            by: None,
            once: None,
            entries,
            effect: Effect::Erase(Box::new(erase)),
        });
    }
    let one = one.await;
    if many.is_ok() && moves_family {
        town.holds[at].version += 1;
    }
    assert_eq!(answer(one), answer(many));
}

#[tokio::test]
async fn random_registrations_over_shards_do_what_they_do_in_one_store() {
    for engine in Engine::all() {
        for seed in [21, 22] {
            println!("engine {engine:?}, seed {seed}");
            let (mut town, mut owners) = (Town::new(engine.clone(), seed).await, Owners::new());
            let (mut done, mut refused) = (0, 0);
            for _ in 0..ROUNDS {
                let before = town.country.bench.log_size().await;
                act_twice(&mut town, &mut owners).await;
                let was_done = town.country.bench.log_size().await > before;
                (done, refused) = (done + usize::from(was_done), refused + usize::from(!was_done));
                let (shards, one) = (&town.country.shards, &town.country.bench.store);
                for phone in PHONES {
                    assert_eq!(family(shards.of_key(&phone), phone).await, family(one, phone).await);
                }
                for hold in town.holds.iter().rev().take(6) {
                    let there = memory(shards.of_key(&hold.phone), hold.token).await;
                    assert_eq!(there, memory(one, hold.token).await);
                }
            }
            town.check(true).await;
            for newcomer in &town.newcomers {
                let person = newcomer.person;
                let one = read(&town.country.bench.store, move |store| store.standing(person)).await;
                assert_eq!(town.seen(*newcomer).await.standing, one);
            }
            assert!(done > ROUNDS / 4 && refused > ROUNDS / 8, "{done} done, {refused} refused");
        }
    }
}
