//! A node dies at any step of a consent over shards: it stands with its request closed, or does not stand at all.

use crate::consent::{asked, consent, does};
use crate::fixture::{Bench, Engine, NOW};
use store::command::consent::ConsentEffect;
use store::command::{Command, Effect, Refusal};
use store::{Fuse, Store};

async fn dies_at(engine: &Engine, seed: u64, steps: u64) -> bool {
    let mut bench = Bench::new(Engine::Shards(Box::new(engine.clone())), seed).await;
    let (person, request) = asked(&mut bench).await;
    let entries = vec![bench.entry(Some((person, bench.row(person).await.entries)))];
    let effect = does(ConsentEffect::Give(consent(&request, person)));
    let command = Command { by: None, once: None, entries, effect };
    let before = bench.log_size().await;
    let fuse = Fuse::of(steps);
    let node: Store = bench.ground.open_until(fuse.clone());
    let told = node.apply(command.clone()).await;
    let died = fuse.left() == 0;
    assert!(died || told.is_ok(), "{told:?}");
    let id = request.id;
    let stands = bench.read(move |store| store.consent(id)).await.is_some();
    let is_open = bench.read(move |store| store.consent_request(id, NOW)).await.is_some();
    assert!(stands || told.is_err(), "nobody is told that what does not stand does");
    assert!(!(stands && is_open), "what is given is not asked any more");
    assert_eq!(bench.log_size().await - before, u64::from(stands), "with its entry, or not at all");
    let again = bench.does_about(person, command.effect).await;
    assert_eq!(again.err(), (!is_open).then_some(Refusal::NotFound), "a request is answered once");
    died
}

#[tokio::test]
async fn a_node_that_dies_at_any_step_of_a_consent_leaves_it_whole_or_not_given() {
    let engine = Engine::of_this_run();
    for seed in [1, 2] {
        let mut steps = 1;
        while dies_at(&engine, seed, steps).await {
            steps += 1;
        }
        assert!(steps > 4, "it is done in several shards");
    }
}

#[tokio::test]
async fn a_consent_that_came_too_late_in_her_log_can_be_given_still() {
    let engine = Engine::of_this_run();
    let mut late = 0;
    for seed in 1..=12 {
        let mut bench = Bench::new(Engine::Shards(Box::new(engine.clone())), seed).await;
        let (person, request) = asked(&mut bench).await;
        let give = does(ConsentEffect::Give(consent(&request, person)));
        let subject = Some((person, bench.row(person).await.entries));
        let [first, second] = [bench.entry(subject), bench.entry(subject)];
        let command = |entry, effect| Command { by: None, once: None, entries: vec![entry], effect };
        // Both say that they are her next entry.
        let look = bench.store.apply(command(second, Effect::Append));
        let (given, looked) = tokio::join!(bench.store.apply(command(first, give.clone())), look);
        assert!(given.is_ok() != looked.is_ok(), "{given:?} {looked:?}");
        if given.is_err() {
            late += 1;
            assert_eq!(given.err(), Some(Refusal::Moved));
            bench.does_about(person, give).await.unwrap();
        }
    }
    assert!(late > 0, "somebody came too late");
}
