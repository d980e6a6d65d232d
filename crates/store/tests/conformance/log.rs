//! Entries and effects stand or fall together; positions are gap-free and in commit order.

use crate::fixture::{Bench, DAY, NOW, on_every_engine, on_one_store, once};
use futures_util::future::join_all;
use registry::{PersonId, StaffId};
use std::collections::BTreeMap;
use store::Reader;
use store::command::{Answer, Command, Effect, Joins, Refusal, Resume, SignIn, SignedIn};

fn append(entries: Vec<store::Staged>) -> Command {
    Command { by: None, once: None, entries, effect: Effect::Append }
}

#[tokio::test]
async fn positions_are_gap_free_and_in_commit_order() {
    on_one_store("each log by itself is without a gap, and nothing orders what is handed in at once", async |bench| {
        let begin = bench.log_size().await;
        let mut expected = BTreeMap::new();
        for _ in 0..12 {
            let mut commands = Vec::new();
            for n in 0..40 {
                let entries: Vec<_> = (0..n % 4).map(|_| bench.entry(None)).collect();
                // Every fifth is refused, and must leave nothing.
                let effect = if n % 5 == 4 { Effect::Void { person: taken(bench).await } } else { Effect::Append };
                commands.push(Command { by: None, once: None, entries, effect });
            }
            let before = bench.log_size().await;
            let outcomes = join_all(commands.iter().map(|command| bench.store.apply(command.clone()))).await;
            for (command, outcome) in commands.iter().zip(outcomes) {
                let Ok(done) = outcome else { continue };
                for (position, entry) in (done.position..).zip(&command.entries) {
                    assert!(position >= before, "an entry stands before one that was durable already");
                    assert!(expected.insert(position, (entry.leaf, entry.sealed.clone())).is_none());
                }
            }
        }
        let rows = bench.read(move |store| store.log_from(0, 10_000)).await;
        let positions: Vec<u64> = rows.iter().map(|row| row.position).collect();
        assert_eq!(positions, (0..bench.log_size().await).collect::<Vec<_>>());
        assert!(!expected.is_empty() && expected.keys().all(|position| *position >= begin));
        for row in rows.iter().filter(|row| expected.contains_key(&row.position)) {
            assert_eq!(expected[&row.position], (row.leaf, row.sealed.clone()));
        }
        let voided = rows.len() - expected.len();
        assert_eq!(voided as u64, begin + 12 * 8, "only the registrations of the people in the way left more");
    })
    .await;
}

/// The id of someone registered, which cannot be made void.
async fn taken(bench: &mut Bench) -> PersonId {
    bench.person().await
}

#[tokio::test]
async fn an_entry_is_found_by_its_tag() {
    on_every_engine(async |bench| {
        let entries = vec![bench.entry(None), bench.entry(None)];
        let tags: Vec<[u8; 32]> = entries.iter().map(|entry| entry.leaf[8..40].try_into().unwrap()).collect();
        let leaf = entries[1].leaf;
        let done = bench.store.apply(append(entries)).await.unwrap();
        let wanted = vec![tags[1], [9; 32]];
        assert_eq!(bench.read(move |store| store.log_positions(&wanted)).await, [done.position + 1]);
        let row = bench.read(move |store| store.log_row(done.position + 1)).await.unwrap();
        assert_eq!(row.leaf, leaf);
        // What the log's files have is staged no more; its tag leads to its position still.
        bench.does(Effect::Tiled { below: done.position + 2 }).await.unwrap();
        assert!(bench.read(move |store| store.log_row(done.position + 1)).await.is_none());
        let wanted = vec![tags[1]];
        assert_eq!(bench.read(move |store| store.log_positions(&wanted)).await, [done.position + 1]);
    })
    .await;
}

#[tokio::test]
async fn a_stale_count_writes_nothing() {
    on_every_engine(async |bench| {
        let session = bench.session([5, 0, 0], 0).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let person = bench.member(&mut hold).await;
        let before = bench.log_size().await;
        for count in [0, 2, 3] {
            let entries = vec![bench.entry(None), bench.entry(Some((person, count)))];
            let book = bench.book(&hold, &[(person, 1)], session, 1);
            let outcome =
                bench.store.apply(Command { by: None, once: once(1, 1), entries, effect: Effect::Book(book) }).await;
            assert_eq!(outcome.unwrap_err(), Refusal::Moved, "count {count}");
        }
        let row = bench.row(person).await;
        assert_eq!((row.entries, row.appointments.len(), row.fields.len()), (1, 0, 1));
        assert_eq!(bench.log_size().await, before);
        // Two entries of hers in one command take two counts; and a refused command keeps its key free.
        let entries = vec![bench.entry(Some((person, 1))), bench.entry(Some((person, 2)))];
        let done =
            bench.store.apply(Command { by: None, once: once(1, 1), entries, effect: Effect::Append }).await.unwrap();
        assert_eq!((done.position, bench.row(person).await.entries), (before, 3));
    })
    .await;
}

#[tokio::test]
async fn of_many_at_one_count_one_is_written() {
    on_every_engine(async |bench| {
        let person = bench.person().await;
        let commands: Vec<_> = (0..20).map(|_| append(vec![bench.entry(Some((person, 1)))])).collect();
        let outcomes = join_all(commands.into_iter().map(|command| bench.store.apply(command))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err(Refusal::Moved)).count(), 19);
        assert_eq!(bench.row(person).await.entries, 2);
    })
    .await;
}

#[tokio::test]
async fn a_key_answers_its_caller_from_the_first_time() {
    on_every_engine(async |bench| {
        let session = bench.session([5, 0, 0], 0).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let (asha, ravi) = (bench.member(&mut hold).await, bench.member(&mut hold).await);
        let book = bench.book(&hold, &[(asha, 1)], session, 1);
        let appointment = book.appointment;
        let entries = vec![bench.entry(Some((asha, 1)))];
        let command = Command { by: None, once: once(1, 1), entries, effect: Effect::Book(book) };
        let first = bench.store.apply(command.clone()).await.unwrap();
        assert_eq!(first.answer, Answer::Appointment(appointment));

        let size = bench.log_size().await;
        let again = bench.store.apply(command.clone()).await.unwrap();
        assert_eq!((again.position, again.answer), (0, Answer::Appointment(appointment)));
        assert_eq!((bench.log_size().await, bench.row(asha).await.entries), (size, 2));

        // Another caller's key of the same bytes is another key, and reads nobody's answer.
        let book = bench.book(&hold, &[(ravi, 1)], session, 1);
        let other = Command { by: None, once: once(2, 1), entries: Vec::new(), effect: Effect::Book(book.clone()) };
        assert_eq!(bench.store.apply(other).await.unwrap().answer, Answer::Appointment(book.appointment));

        // A day later the key is free again.
        bench.does(Effect::Sweep { now_ms: NOW + 86_400_001 }).await.unwrap();
        let late = bench
            .store
            .apply(Command { by: None, once: once(1, 1), entries: Vec::new(), effect: Effect::Append })
            .await;
        assert_eq!(late.unwrap().answer, Answer::Nothing);
    })
    .await;
}

#[tokio::test]
async fn a_bad_command_never_fails_its_neighbours() {
    on_one_store("a reference is one of its shard alone, and all or none is for one shard", async |bench| {
        let person = bench.person().await;
        let double = bench.register(Joins::Alone);
        bench.enter(double.clone()).await.unwrap();
        let mut same_reference = bench.register(Joins::Alone);
        same_reference.reference = double.reference;
        let sealed_twice = bench.sealed(person, 0, 1);
        let hold = bench.sign_in([1; 32]).await;
        let sign_in = SignIn {
            token: hold.token,
            who: SignedIn::Family { phone: [1; 32], version: 0, public: false },
            lane: None,
            sealed: Vec::new(),
            position: 0,
            now_ms: NOW,
            expires_ms: NOW,
            idle_ms: NOW,
        };
        let stranger = StaffId::from_random([8; 16]);
        let bad = [
            Effect::Register(Box::new(double)),
            Effect::Register(Box::new(same_reference)),
            Effect::Seal(vec![sealed_twice]),
            Effect::SignIn(sign_in),
            Effect::StaffFailed { staff: stranger, now_ms: NOW },
            Effect::WrongCard { person: PersonId::from_random([8; 16]) },
            Effect::All(vec![Effect::Recount, Effect::Void { person }]),
        ];
        let before = bench.log_size().await;
        let mut commands = Vec::new();
        for effect in bad {
            commands.push(append(vec![bench.entry(None)]));
            commands.push(Command { by: None, once: None, entries: vec![bench.entry(None)], effect });
        }
        let outcomes = join_all(commands.into_iter().map(|command| bench.store.apply(command))).await;
        for (n, pair) in outcomes.chunks(2).enumerate() {
            assert!(pair[0].is_ok(), "neighbour of {n}: {:?}", pair[0]);
            assert!(matches!(pair[1], Err(Refusal::Conflict | Refusal::NotFound)), "{n}: {:?}", pair[1]);
        }
        assert_eq!(bench.log_size().await, before + 7);
    })
    .await;
}

#[tokio::test]
async fn all_effects_of_one_command_or_none() {
    on_one_store("a reference is one of its shard alone, and all or none is for one shard", async |bench| {
        let session = bench.new_session([1, 1, 1], 1);
        let id = session.id;
        let unknown = Effect::StopBatch { vaccine: registry::Vaccine::Covaxin, number: "none".into() };
        let all = Effect::All(vec![Effect::Publish(Box::new(session.clone())), unknown]);
        assert_eq!(bench.refuses(all).await, Refusal::NotFound);
        assert!(bench.read(move |store| store.session(id)).await.is_none());
        // The same row twice changes nothing; one that differs is refused.
        let twice = Effect::All(vec![Effect::Publish(Box::new(session.clone())); 2]);
        assert_eq!(bench.answers(twice).await, Answer::Count(1));
        // More places are added to the open ones.
        let mut larger = session.clone();
        larger.capacity[0] += 5;
        assert_eq!(bench.answers(Effect::Publish(Box::new(larger))).await, Answer::Count(1));
        let places = bench.read(move |store| store.session(id)).await.unwrap().session.places;
        assert_eq!((places[0].capacity, places[0].open), (6, 6));
        let mut other = session;
        other.day = DAY.tomorrow().unwrap();
        assert_eq!(bench.refuses(Effect::Publish(Box::new(other))).await, Refusal::Conflict);
    })
    .await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    on_every_engine(async |bench| {
        let person = bench.person().await;
        let size = bench.log_size().await;
        let again = bench.ground.open();
        let row = again.read(move |store| store.person(person)).await.unwrap().unwrap();
        assert_eq!((row.entries, again.read(Reader::log_size).await.unwrap()), (1, size));
    })
    .await;
}

#[tokio::test]
async fn data_older_than_the_log_goes_on_where_the_log_ends() {
    on_one_store("each log is taken up by itself", async |bench| {
        let person = bench.person().await;
        let size = bench.log_size().await;
        let resume = Resume { next: size + 7, tags: vec![([3; 32], size + 2)], counts: vec![(person, 4)] };
        bench.does(Effect::Resume(resume.clone())).await.unwrap();
        assert_eq!((bench.log_size().await, bench.row(person).await.entries), (size + 7, 4));
        assert_eq!(bench.read(|store| store.log_positions(&[[3; 32]])).await, [size + 2]);
        assert_eq!(bench.refuses(Effect::Resume(resume)).await, Refusal::Conflict, "never back, and not twice");
        let entry = bench.entry(None);
        let done = bench.store.apply(append(vec![entry])).await.unwrap();
        assert_eq!(done.position, size + 7);
    })
    .await;
}
