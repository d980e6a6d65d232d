//! A node dies at any step of a confirmation over shards: nobody is confirmed without an entry that says so.

use crate::fixture::{Bench, CENTRE, Engine};
use store::command::{Command, Effect, Joins, Membership, Refusal};
use store::{Fuse, Store};

const PHONE: [u8; 32] = [6; 32];

async fn dies_at(engine: &Engine, seed: u64, steps: u64) -> bool {
    let mut bench = Bench::new(Engine::Shards(Box::new(engine.clone())), seed).await;
    let pending = bench.register(Joins::Pending { phone: PHONE, centre: CENTRE });
    let person = pending.person;
    bench.enter(pending).await.unwrap();
    let by = bench.sign_in(PHONE).await;
    let entries = vec![bench.entry(Some((person, bench.row(person).await.entries)))];
    let effect = Effect::Membership(Membership { person, proven: true, by });
    let fuse = Fuse::of(steps);
    let node: Store = bench.ground.open_until(fuse.clone());
    let told = node.apply(Command { by: None, once: None, entries, effect: effect.clone() }).await;
    let died = fuse.left() == 0;
    assert!(died || told.is_ok(), "{told:?}");
    let family = bench.read(|store| store.family(&PHONE)).await;
    let is_confirmed = family.members.iter().any(|member| member.person == person && member.pending.is_none());
    assert!(is_confirmed || told.is_err(), "nobody is told that who waits is confirmed");
    let is_written = bench.row(person).await.entries == 2;
    assert!(is_written || !is_confirmed, "an entry may say too much, and never too little");
    let again = bench.does_about(person, effect).await.err();
    assert_eq!(again, is_confirmed.then_some(Refusal::FamilyMoved));
    died
}

#[tokio::test]
async fn a_node_that_dies_at_any_step_of_a_confirmation_confirms_nobody_unwritten() {
    let engine = Engine::of_this_run();
    let mut most = 0;
    for seed in [1, 2, 3] {
        let mut steps = 1;
        while dies_at(&engine, seed, steps).await {
            steps += 1;
        }
        println!("seed {seed}: {steps} steps");
        most = most.max(steps);
    }
    assert!(most > 3, "it is done in several shards");
}
