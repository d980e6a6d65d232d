//! A node dies at any step of a dose, a walk-in or a call-off over shards; the next one, and a sweep, set it right.

use crate::fixture::{Bench, Engine, HOUR, NOW, batch};
use registry::SessionId;
use store::command::{Command, Effect};
use store::rows::Status;
use store::{Fuse, Store};

/// What is done.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Dose,
    WalkIn,
    CallOff,
}

/// Three people, two of them booked, and a session that has room for two walk-ins.
async fn world(engine: &Engine) -> (Bench, SessionId, Vec<registry::PersonId>) {
    let mut bench = Bench::new(Engine::Shards(Box::new(engine.clone())), 7).await;
    bench.does(Effect::Batch(batch("CX-1", 5))).await.unwrap();
    let session = bench.session([4, 0, 0], 2).await;
    let mut hold = bench.sign_in([1; 32]).await;
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(bench.member(&mut hold).await);
    }
    for person in &people[..2] {
        bench.books(&hold, *person, session).await;
    }
    (bench, session, people)
}

/// What is given, seated and told is what the rows of people say, and nothing is held.
async fn check_even(bench: &Bench, session: SessionId, people: &[registry::PersonId]) {
    let (mut doses, mut walked_in, mut booked) = (0, 0, 0);
    for person in people {
        let row = bench.row(*person).await;
        doses += u32::try_from(row.doses.len()).unwrap();
        walked_in += u32::from(row.appointments.iter().any(|it| it.status == Status::CheckedIn));
        booked += u32::from(row.appointments.iter().any(|it| it.status == Status::Booked));
    }
    let stock = bench.read(|store| store.batches(crate::fixture::CENTRE)).await;
    assert_eq!(stock[0].given, doses);
    let session = bench.read(move |store| store.session(session)).await.unwrap().session;
    assert_eq!((session.walk_in.held, session.walk_in.booked), (0, walked_in));
    assert!(booked == 0 || !session.cancelled, "nobody is booked where it is off");
}

async fn dies_at(engine: &Engine, deed: Deed, steps: u64, asks_again: bool) -> bool {
    let (mut bench, session, people) = world(engine).await;
    let person = people[2];
    let effect = match deed {
        Deed::Dose => Effect::Dose(Box::new(bench.dose(person, None, 1))),
        Deed::WalkIn => Effect::WalkIn(bench.walk_in(person, session, 1)),
        Deed::CallOff => Effect::CallOff { session, now_ms: NOW },
    };
    let subject = (!matches!(deed, Deed::CallOff)).then_some((person, bench.row(person).await.entries));
    let entries = vec![bench.entry(subject)];
    let command = Command { by: None, once: crate::fixture::once(1, 1), entries, effect };
    let before = bench.log_size().await;
    let fuse = Fuse::of(steps);
    let node: Store = bench.ground.open_until(fuse.clone());
    let told = node.apply(command.clone()).await;
    let died = fuse.left() == 0;
    assert!(died || told.is_ok(), "{told:?}");
    if asks_again {
        let again = bench.store.apply(command).await;
        assert!(again.is_ok(), "{deed:?} at {steps}: {again:?}");
    }
    bench.does(Effect::Sweep { now_ms: NOW + HOUR }).await.unwrap();
    let is_written = bench.log_size().await - before;
    assert!(is_written <= 1 && (told.is_err() && !asks_again || is_written == 1), "one entry for one deed");
    if !matches!(deed, Deed::CallOff) || asks_again || told.is_ok() {
        check_even(&bench, session, &people).await;
    }
    if matches!(deed, Deed::CallOff) && (asks_again || told.is_ok()) {
        let due = bench.read(|store| store.notices_due(NOW, 99)).await;
        let off = due.iter().filter(|notice| notice.cause == store::rows::Cause::Cancelled);
        assert_eq!(off.count(), 2, "each is told once");
    }
    died
}

#[tokio::test]
async fn a_node_that_dies_at_any_step_of_a_visit_leaves_what_the_next_sets_right() {
    let engine = Engine::of_this_run();
    for deed in [Deed::Dose, Deed::WalkIn, Deed::CallOff] {
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
