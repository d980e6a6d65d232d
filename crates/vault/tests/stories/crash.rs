//! The machine ends at every step of what it does: before a write, in the middle of a file, after a write whose answer
//! nobody hears. It starts again on the same files, and what was shown before has its entry, which everybody can prove.

use crate::outside::{broken, checkpoint, cosigned};
use crate::world::World;
use ledger::note::{Algorithm, Note, Signer};
use ledger::{Kind, Leaf, Purpose};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use registry::PersonId;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use store::{Fuse, Reader};
use vault::{Caller, Card, Channel, Citizen, CodeFor, LogStanding, Refused};
use watch::check::{Looks, check};
use watch::witness::Witness;

const PHONES: [&str; 2] = ["9876543210", "9876543211"];
const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

/// What happens between two starts, in an order that a seed draws.
const ACTS: [Act; 6] = [Act::Look, Act::Look, Act::TwoLooks, Act::Publish, Act::SignIn, Act::NextDay];

/// Each is cut at every step. Add one to try another order.
const SEEDS: [u64; 1] = [3];

#[derive(Debug, Clone, Copy)]
enum Act {
    Look,
    TwoLooks,
    Publish,
    SignIn,
    NextDay,
}

fn witness_key() -> Signer {
    Signer::new("witness.example", Algorithm::Cosignature, &[3; 32]).unwrap()
}

/// A world with two families, everything published, and the folder of its witness.
async fn beginning() -> (World, Witness) {
    let world = World::watched_by(witness_key().verifier().clone()).await;
    let witness = witness_in(&world);
    publishes(&world, &witness).await.unwrap();
    for phone in PHONES {
        world.family(phone, "Asha Devi").await;
    }
    publishes(&world, &witness).await.unwrap();
    (world, witness)
}

fn witness_in(world: &World) -> Witness {
    let log = vault::Secrets::new(&crate::world::SECRET).log_key().verifier().clone();
    Witness::open(&world.folder().join("witness"), witness_key(), [log]).unwrap()
}

async fn publishes(world: &World, witness: &Witness) -> Result<LogStanding, Refused> {
    let fresh = world.vault.fresh_checkpoint().await?;
    let cosignatures = cosigned(world, &fresh, witness).await;
    let cosignatures = cosignatures.unwrap_or_else(|answer| panic!("{}: {}", answer.status, answer.body));
    assert!(world.vault.publish(fresh, cosignatures).await?);
    Ok(world.vault.log_standing())
}

/// What somebody outside was given, and holds against the platform.
#[derive(Default)]
struct Claims {
    shown: BTreeMap<PersonId, usize>,
    published: Option<Note>,
}

struct Life<'a> {
    world: &'a World,
    witness: &'a Witness,
    claims: Claims,
    callers: Vec<Citizen>,
}

impl Life<'_> {
    async fn signs_in(&mut self) -> Result<(), Refused> {
        self.callers.clear();
        for phone in PHONES {
            self.world.pass(MINUTE + 1);
            let vault = &self.world.vault;
            let asked = vault.asked(Channel::Page);
            let transaction = vault.send_code(asked, &phone.parse().unwrap(), CodeFor::SignIn, "en").await?;
            let code = self.world.arrived(phone).await;
            let opened = vault.sign_in(vault.asked(Channel::Page), transaction, CodeFor::SignIn, &code).await?;
            match vault.caller(&opened.token, Channel::Page).await? {
                Caller::Citizen(citizen) => self.callers.push(citizen),
                Caller::Staff(_) => unreachable!("nobody on the staff signs in here"),
            }
        }
        Ok(())
    }

    async fn card(&self, nth: usize) -> Result<PersonId, Refused> {
        let (citizen, person) = (&self.callers[nth], self.callers[nth].member(0)?);
        self.world.vault.disclose::<Card>(citizen, &citizen.grant(person)?, person).await.map(|_| person)
    }

    fn note(&mut self, shown: Result<PersonId, Refused>) -> Result<(), Refused> {
        *self.claims.shown.entry(shown?).or_default() += 1;
        Ok(())
    }

    async fn publishes(&mut self) -> Result<(), Refused> {
        publishes(self.world, self.witness).await?;
        self.claims.published = checkpoint(self.world);
        Ok(())
    }

    async fn act(&mut self, act: Act) -> Result<(), Refused> {
        match act {
            Act::Look => {
                let shown = self.card(0).await;
                self.note(shown)
            }
            // Side by side: one batch, one checkpoint.
            Act::TwoLooks => {
                let (one, other) = tokio::join!(self.card(0), self.card(1));
                let (one, other) = (self.note(one), self.note(other));
                one.and(other)
            }
            Act::Publish => self.publishes().await,
            Act::SignIn => self.signs_in().await,
            Act::NextDay => {
                self.world.pass(DAY - 10 * MINUTE);
                self.publishes().await?;
                self.signs_in().await
            }
        }
    }

    /// Lives until something fails, or the acts are over.
    async fn lives(&mut self, seed: u64) -> Result<(), Refused> {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        self.signs_in().await?;
        let mut acts = ACTS.to_vec();
        while !acts.is_empty() {
            let drawn = usize::try_from(chance.next_u64() % acts.len() as u64).unwrap();
            self.act(acts.remove(drawn)).await?;
        }
        self.publishes().await
    }
}

/// Ends a life at a step, starts again, and holds everything against what was given out before. Answers how many steps of
/// the fuse were left.
async fn cut_at(world: &World, at_ms: i64, seed: u64, steps: u64) -> u64 {
    world.clock.store(at_ms, Ordering::SeqCst);
    let fuse = Fuse::of(steps);
    let before = world.copied(&fuse);
    let witness = witness_in(&before);
    let mut life = Life { world: &before, witness: &witness, claims: Claims::default(), callers: Vec::new() };
    let begun = before.vault.begin_log().await;
    let lived = match begun {
        Ok(_) => life.lives(seed).await,
        Err(refused) => Err(refused),
    };
    assert!(lived.is_ok() == (fuse.left() > 0), "step {steps}: {lived:?}");
    let (claims, on_disk) = (life.claims, checkpoint(&before));

    let after = before.revived();
    after.vault.begin_log().await.unwrap();
    publishes(&after, &witness).await.unwrap();
    let mut life = Life { world: &after, witness: &witness, claims: Claims::default(), callers: Vec::new() };
    life.signs_in().await.unwrap();
    life.publishes().await.unwrap();
    for since in [&claims.published, &on_disk] {
        assert_eq!(broken(&after, since.as_ref()), None, "step {steps}");
    }
    let policy = after.vault.watch().text().parse().unwrap();
    for citizen in &life.callers {
        let person = citizen.member(0).unwrap();
        let file = after.vault.looks_file(citizen, person).await.unwrap();
        let file: Looks = serde_json::from_value(serde_json::to_value(&*file).unwrap()).unwrap();
        let verdict = check(&file, Some(&policy)).unwrap_or_else(|fault| panic!("step {steps}: {fault}"));
        let looked = verdict.looks.iter().filter(|look| look.kind == Kind::Reveal && look.purpose == Purpose::Family);
        let shown = claims.shown.get(&person).copied().unwrap_or(0);
        assert!(looked.count() >= shown, "step {steps}: shown {shown} times, and not that often in the log");
    }
    let asked: u64 = leaves(&after).await.iter().map(|leaf| u64::from(leaf.keys_asked)).sum();
    assert!(after.keys().released().unwrap() <= asked, "step {steps}");
    fuse.left()
}

async fn leaves(world: &World) -> Vec<Leaf> {
    let rows = world.store.read(|store| store.leaves_from(0, 4096)).await.unwrap();
    assert_eq!(rows.len() as u64, world.store.read(Reader::log_size).await.unwrap());
    rows.iter().map(|(_, leaf)| Leaf::decode(leaf).unwrap()).collect()
}

#[tokio::test]
async fn cut_at_every_step_nothing_was_shown_that_cannot_be_proven() {
    let (world, witness) = beginning().await;
    let at_ms = world.vault.now_ms();
    drop(witness);
    for seed in SEEDS {
        for steps in 1.. {
            if cut_at(&world, at_ms, seed, steps).await > 0 {
                println!("seed {seed}: cut at each of {} steps", steps - 1);
                assert!(steps > 100, "so few steps are no life");
                break;
            }
        }
    }
}
