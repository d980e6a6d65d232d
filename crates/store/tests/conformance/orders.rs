//! Lawful orders: each step against a model of one, by every officer; what is queued, what is found, and what goes when.

use crate::fixture::{Bench, Engine, HOUR, NOW, batch, on_every_engine};
use registry::case::CaseNumber;
use registry::{PersonId, StaffId};
use store::command::{Answer, Command, Effect, FileOrder, Joins, OrderStep, OrderTurn, Refusal};
use store::rows::{Cause, OrderEntry, OrderRow};

fn officer(n: u8) -> StaffId {
    StaffId::from_random([n; 16])
}

fn new_order(bench: &mut Bench, person: PersonId, held: bool) -> FileOrder {
    FileOrder {
        id: bench.draw(),
        number: CaseNumber::from_random(bench.draw()),
        person,
        held,
        paper: bench.draw(),
        terms: vec![7; 30],
        officer: officer(0),
        now_ms: NOW,
        until_ms: NOW + HOUR,
    }
}

fn file(new: &FileOrder) -> Effect {
    Effect::Order(OrderStep::File(Box::new(new.clone())))
}

fn turn(new: &FileOrder, n: u8, now_ms: i64) -> OrderTurn {
    OrderTurn { order: new.id, officer: officer(n), now_ms }
}

async fn row(bench: &Bench, new: &FileOrder) -> OrderRow {
    let id = new.id;
    bench.read(move |store| store.order(id)).await.unwrap()
}

/// An order as it should stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Model {
    second: Option<u8>,
    looked: [Option<i64>; 2],
}

impl Model {
    /// What it becomes by a step of the nth officer, of whom the first filed it; `None` where that is refused.
    fn after(self, n: u8, looks: bool, now_ms: i64) -> Option<Self> {
        let mut next = self;
        let place = usize::from(n != 0);
        match (looks, self.second) {
            _ if now_ms >= NOW + HOUR => return None,
            (false, None) if n != 0 => next.second = Some(n),
            (true, Some(second)) if (n == 0 || n == second) && self.looked[place].is_none() => {
                next.looked[place] = Some(now_ms);
            }
            _ => return None,
        }
        Some(next)
    }
}

#[tokio::test]
async fn random_steps_do_to_an_order_what_they_do_to_a_model() {
    for engine in Engine::all() {
        for seed in [1, 2, 3] {
            println!("engine {engine:?}, seed {seed}");
            let mut bench = Bench::new(engine.clone(), seed).await;
            let person = bench.person().await;
            for _ in 0..30 {
                let new = new_order(&mut bench, person, false);
                bench.does_about(person, file(&new)).await.unwrap();
                let mut model = Model::default();
                for _ in 0..12 {
                    let n = u8::try_from(bench.below(3)).unwrap();
                    let now_ms = NOW + HOUR * i64::from(bench.below(12) == 0);
                    let (looks, turn) = (bench.below(2) == 0, turn(&new, n, now_ms));
                    let step = if looks { OrderStep::Look(turn) } else { OrderStep::Confirm(turn) };
                    let expected = model.after(n, looks, now_ms);
                    let count = bench.row(person).await.entries;
                    let entries = vec![bench.entry(Some((person, count)))];
                    let outcome =
                        bench.store.apply(Command { by: None, once: None, entries, effect: Effect::Order(step) }).await;
                    let told = expected.map_or(Err(Refusal::NotFound), |_| Ok(Answer::Nothing));
                    assert_eq!(outcome.map(|done| done.answer), told, "{model:?} by {n}, looks: {looks}");
                    model = expected.unwrap_or(model);
                    let kept = row(&bench, &new).await;
                    assert_eq!((kept.first, kept.second), (officer(0), model.second.map(officer)));
                    assert_eq!([kept.first_look_ms, kept.second_look_ms], model.looked);
                    assert_eq!(kept.confirmed.is_some(), model.second.is_some());
                }
            }
        }
    }
}

#[tokio::test]
async fn an_order_is_filed_once_about_somebody_who_is_here_and_its_entries_are_known() {
    on_every_engine(async |bench| {
        let person = bench.person().await;
        let new = new_order(bench, person, false);
        let nobody = FileOrder { person: PersonId::from_random([9; 16]), ..new.clone() };
        assert_eq!(bench.refuses(file(&nobody)).await, Refusal::NotFound);
        assert_eq!(
            bench.refuses(file(&FileOrder { held: true, ..new.clone() })).await,
            Refusal::NotFound,
            "she is here"
        );
        let count = bench.row(person).await.entries;
        let position = bench.does_about(person, file(&new)).await.unwrap().position;
        let paper_again = FileOrder { id: [8; 16], number: CaseNumber::from_random([8; 8]), ..new.clone() };
        assert_eq!(bench.refuses(file(&paper_again)).await, Refusal::Conflict, "the same paper twice");
        let confirm = Effect::Order(OrderStep::Confirm(turn(&new, 1, NOW)));
        let confirmed = bench.does_about(person, confirm).await.unwrap().position;
        let kept = row(bench, &new).await;
        assert_eq!(kept.filed, Some(OrderEntry { position, count }));
        assert_eq!(kept.confirmed, Some(OrderEntry { position: confirmed, count: count + 1 }));
        assert_eq!((kept.number, kept.terms.as_slice(), kept.held), (new.number, [7; 30].as_slice(), false));
        let number = new.number;
        assert_eq!(bench.read(move |store| store.order_numbered(number)).await, Some(kept.clone()));
        assert_eq!(bench.read(|store| store.orders_open(NOW, 9)).await, std::slice::from_ref(&kept));
        assert!(bench.read(|store| store.orders_open(NOW + HOUR, 9)).await.is_empty());
        assert_eq!(bench.read(move |store| store.orders_of(person)).await, [kept]);
        // She is told when it ends, and not before.
        assert!(bench.read(|store| store.notices_due(NOW + HOUR - 1, 9)).await.is_empty());
        let due = bench.read(|store| store.notices_due(NOW + HOUR, 9)).await;
        assert!(due.len() == 1 && due[0].cause == Cause::Letter && due[0].person == person);
    })
    .await;
}

#[tokio::test]
async fn who_left_is_found_by_her_reference_for_as_long_as_something_is_held() {
    on_every_engine(async |bench| {
        let register = bench.register(Joins::Alone);
        let (person, reference) = (register.person, register.reference);
        bench.enter(register).await.unwrap();
        bench.does(Effect::Batch(batch("CX-1", 5))).await.unwrap();
        let dose = bench.dose(person, None, 1);
        bench.does_about(person, Effect::Dose(Box::new(dose))).await.unwrap();
        let before = new_order(bench, person, false);
        bench.does_about(person, file(&before)).await.unwrap();
        let name = bench.row(person).await.fields[0].clone();
        let entries = bench.row(person).await.entries;
        let leaving = store::command::Erase { held: vec![(0, 1)], ..bench.erase(person, None, 2) };
        let until_ms = leaving.until_ms;
        let found = move |now_ms| move |store: &store::Reader| store.held_by_reference(&reference, now_ms);
        assert_eq!(bench.read(found(NOW)).await, None, "she is here");
        bench.does_about(person, Effect::Erase(Box::new(leaving))).await.unwrap();
        let new = new_order(bench, person, true);
        assert_eq!(bench.read(found(NOW)).await, None, "her keys are not yet destroyed");
        assert_eq!(bench.refuses(file(&new)).await, Refusal::NotFound);
        bench.does(Effect::KeysGone { person }).await.unwrap();
        assert_eq!(bench.read(found(NOW)).await, Some(person));
        assert_eq!(bench.read(found(until_ms)).await, None, "her year is over");
        assert!(bench.read(|store| store.notices_due(i64::MAX, 9)).await.is_empty(), "nobody is left to be told");
        let held = bench.read(move |store| store.held(person, NOW)).await.unwrap();
        assert_eq!((held.entries, held.fields), (entries + 1, vec![name]));
        // Entries about her are counted on.
        let staged = bench.entry(Some((person, held.entries)));
        let command = Command { by: None, once: None, entries: vec![staged.clone()], effect: file(&new) };
        bench.store.apply(command.clone()).await.unwrap();
        assert_eq!(bench.store.apply(command).await, Err(Refusal::Moved));
        let filed = row(bench, &new).await;
        assert!(filed.held && filed.filed.is_some_and(|entry| entry.count == held.entries));
        assert!(bench.read(|store| store.notices_due(i64::MAX, 9)).await.is_empty());
        bench.does(Effect::HoldEnded { person }).await.unwrap();
        assert_eq!(bench.read(found(NOW)).await, None);
        assert!(bench.read(move |store| store.held(person, NOW)).await.is_none());
        assert!(bench.read(move |store| store.orders_of(person)).await.is_empty(), "nothing points to her any more");
    })
    .await;
}
