//! A node dies at any step of a case that is settled over shards; the next one, and a sweep, set right what it changes elsewhere.

use crate::cases::{judge, ready};
use crate::fixture::{Bench, CENTRE, Engine, HOUR, NOW, batch};
use registry::case::{Kind, State};
use store::command::{Command, Effect, Refusal, Settlement};
use store::{Fuse, Store};

/// What settles it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Found,
    Correction,
}

async fn dies_at(engine: &Engine, deed: Deed, steps: u64, asks_again: bool) -> bool {
    let mut bench = Bench::new(Engine::Shards(Box::new(engine.clone())), 7).await;
    bench.does(Effect::Batch(batch("CX-1", 5))).await.unwrap();
    let mut hold = bench.sign_in([6; 32]).await;
    let person = bench.member(&mut hold).await;
    let kind = if deed == Deed::Found { Kind::Missing } else { Kind::WrongName };
    let case = ready(&mut bench, &hold, person, kind, None).await;
    let name = bench.sealed(person, 0, 2);
    let done = match deed {
        Deed::Found => Settlement::Add(Box::new(bench.dose(person, None, 1))),
        Deed::Correction => Settlement::Correction(name.clone()),
    };
    let entries = vec![bench.entry(Some((person, bench.row(person).await.entries)))];
    let command = Command { by: None, once: None, entries, effect: judge(case, 2, true, done) };
    let fuse = Fuse::of(steps);
    let node: Store = bench.ground.open_until(fuse.clone());
    let told = node.apply(command.clone()).await;
    let died = fuse.left() == 0;
    assert!(died || told.is_ok(), "{told:?}");
    let mut is_settled = bench.read(move |store| store.case(case)).await.unwrap().state == State::Settled;
    assert!(is_settled || told.is_err(), "nobody is told that what is not settled is");
    if asks_again {
        let again = bench.does_about(person, command.effect).await.err();
        assert_eq!(again, is_settled.then_some(Refusal::NotFound), "{deed:?} at {steps}");
        is_settled = true;
    }
    bench.does(Effect::Sweep { now_ms: NOW + HOUR }).await.unwrap();
    let row = bench.row(person).await;
    let stock = bench.read(|store| store.batches(CENTRE)).await;
    match deed {
        Deed::Found => {
            assert_eq!(row.doses.len(), usize::from(is_settled), "with the case, or not at all");
            assert_eq!(stock[0].given, u32::from(is_settled));
        }
        Deed::Correction => {
            let token = hold.token;
            let lives = bench.read(move |store| store.sign_in(&token, NOW)).await.is_some();
            assert_eq!((row.fields.contains(&name), lives), (is_settled, !is_settled));
        }
    }
    died
}

#[tokio::test]
async fn a_node_that_dies_at_any_step_of_a_settled_case_leaves_what_the_next_sets_right() {
    let engine = Engine::of_this_run();
    for deed in [Deed::Found, Deed::Correction] {
        for asks_again in [true, false] {
            let mut steps = 1;
            while dies_at(&engine, deed, steps, asks_again).await {
                steps += 1;
            }
            println!("{deed:?}, asks again {asks_again}: {steps} steps");
            assert!(steps > 4, "it is done in several shards");
        }
    }
}
