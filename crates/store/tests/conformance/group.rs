//! Commands that stand side by side in a batch, of which some go together: none stands against its neighbours, and all answer
//! as if each had come alone.

use crate::fixture::{Bench, HOUR, NOW, noon, on_every_engine};
use futures_util::future::join_all;
use registry::{PersonId, SessionId, Slot};
use store::command::{Answer, Applied, Beside, Book, Command, Effect, FamilyHold, Refusal};
use store::rows::Cause;

/// People of phones of their own, with their sign-ins.
async fn crowd(bench: &mut Bench, many: u8) -> Vec<(PersonId, FamilyHold)> {
    let mut crowd = Vec::new();
    for number in 0..many {
        let mut hold = bench.sign_in([number; 32]).await;
        crowd.push((bench.member(&mut hold).await, hold));
    }
    crowd
}

impl Bench {
    fn booking(&mut self, book: Book, count: u64) -> Command {
        let entries = book.people.iter().map(|one| self.entry(Some((one.person, count)))).collect();
        Command { by: None, once: None, entries, effect: Effect::Book(book) }
    }

    fn wish(&mut self, (person, hold): &(PersonId, FamilyHold), session: SessionId) -> Command {
        let book = self.book(hold, &[(*person, 1)], session, 1);
        self.booking(book, 1)
    }

    async fn all(&self, commands: &[Command]) -> Vec<Applied> {
        join_all(commands.iter().map(|command| self.store.apply(command.clone()))).await
    }
}

fn change(command: &mut Command, change: impl FnOnce(&mut Book)) {
    let Effect::Book(book) = &mut command.effect else { panic!("a booking") };
    change(book);
}

#[tokio::test]
async fn a_bad_command_fails_no_neighbour() {
    on_every_engine(async |bench| {
        let (session, off) = (bench.session([100, 0, 0], 0).await, bench.session([9, 0, 0], 0).await);
        bench.does(Effect::CallOff { session: off, now_ms: NOW }).await.unwrap();
        let crowd = crowd(bench, 12).await;
        let mut commands: Vec<Command> = Vec::new();
        for one in &crowd {
            commands.push(bench.wish(one, session));
        }
        commands[1].entries[0].subject.as_mut().unwrap().count = 7;
        change(&mut commands[2], |book| book.by.token = [200; 32]);
        change(&mut commands[3], |book| book.by.version += 1);
        change(&mut commands[4], |book| book.slot = Slot::between(1, 2));
        change(&mut commands[5], |book| book.session = off);
        // A code under a version that she has already: a constraint of a table, which only writing finds.
        change(&mut commands[6], |book| (book.people[0].code.field, book.people[0].code.version) = (0, 1));
        change(&mut commands[7], |book| book.session = SessionId::from_random([9; 16]));
        change(&mut commands[8], |book| book.dose = 3);
        let before = bench.log_size().await;
        let answers = bench.all(&commands).await;
        let refusals: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().copied()).collect();
        let expected = [
            None,
            Some(Refusal::Moved),
            Some(Refusal::SignedOut),
            Some(Refusal::FamilyMoved),
            Some(Refusal::NoSuchSlot),
            Some(Refusal::CalledOff),
            Some(Refusal::Conflict),
            Some(Refusal::NotFound),
            Some(Refusal::Full),
            None,
            None,
            None,
        ];
        assert_eq!(refusals, expected);
        assert_eq!(bench.log_size().await, before + 4);
        for (at, (person, _)) in crowd.iter().enumerate() {
            let row = bench.row(*person).await;
            let done = u64::from(expected[at].is_none());
            assert_eq!((row.entries, row.appointments.len() as u64), (1 + done, done), "command {at}");
            assert_eq!(row.fields.iter().filter(|field| field.field == 6).count() as u64, done, "command {at}");
        }
        let place = bench.read(move |store| store.session(session)).await.unwrap().session.places[0];
        assert_eq!((place.open, place.booked), (96, 4));
        let told = bench.read(|store| store.notices_due(NOW, 100)).await;
        assert_eq!(told.iter().filter(|notice| notice.cause == Cause::Changed).count(), 4);
        let positions: Vec<u64> = answers.iter().flatten().map(|done| done.position).collect();
        assert_eq!(positions, (before..before + 4).collect::<Vec<_>>(), "in their order, without a gap");
        for (at, position) in [0, 9, 10, 11].into_iter().zip(positions) {
            let row = bench.read(move |store| store.log_row(position)).await.unwrap();
            assert_eq!((&row.leaf, &row.sealed), (&commands[at].entries[0].leaf, &commands[at].entries[0].sealed));
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_places_go_to_the_first_who_ask() {
    on_every_engine(async |bench| {
        let session = bench.session([5, 0, 0], 0).await;
        let crowd = crowd(bench, 9).await;
        let mut commands: Vec<Command> = Vec::new();
        for one in &crowd {
            commands.push(bench.wish(one, session));
        }
        let answers = bench.all(&commands).await;
        assert!(answers[..5].iter().all(Result::is_ok));
        assert!(answers[5..].iter().all(|answer| *answer == Err(Refusal::Full)));
    })
    .await;
}

#[tokio::test]
async fn one_person_twice_is_decided_in_turn() {
    on_every_engine(async |bench| {
        let session = bench.session([9, 0, 0], 0).await;
        let crowd = crowd(bench, 3).await;
        let first = bench.wish(&crowd[0], session);
        let Effect::Book(made) = first.effect.clone() else { panic!("a booking") };
        let mut same = bench.wish(&crowd[0], session);
        same.entries[0].subject.as_mut().unwrap().count = 2;
        let mut later = bench.wish(&crowd[0], session);
        later.entries[0].subject.as_mut().unwrap().count = 3;
        change(&mut later, |book| book.slot = noon());
        let neighbour = bench.wish(&crowd[1], session);
        let answers = bench.all(&[first, neighbour, same, later]).await;
        let stands = Answer::Appointment(made.appointment);
        assert_eq!(answers[0].as_ref().unwrap().answer, stands);
        assert_eq!(answers[2].as_ref().unwrap().answer, stands, "the same wish twice is one booking");
        assert_eq!(answers[3], Err(Refusal::AlreadyBooked));
        assert_eq!(bench.row(crowd[0].0).await.entries, 3);
    })
    .await;
}

#[tokio::test]
async fn looks_go_together_with_what_stands_beside_them() {
    on_every_engine(async |bench| {
        let crowd = crowd(bench, 6).await;
        let mut commands = Vec::new();
        for (at, (person, hold)) in crowd.iter().enumerate() {
            let mut entries = vec![bench.entry(Some((*person, 1))), bench.entry(None)];
            let organisation = [None, Some([1; 16]), Some([2; 16])][at % 3];
            entries[0].beside =
                Some(Box::new(Beside { day: 20_781, fact: vec![7; 60], organisation, now_ms: NOW + HOUR }));
            commands.push(Command { by: Some(hold.token), once: None, entries, effect: Effect::Append });
        }
        commands[3].entries[0].subject.as_mut().unwrap().count = 2;
        commands[4].by = Some([200; 32]);
        let before = bench.log_size().await;
        let answers = bench.all(&commands).await;
        assert_eq!(answers[3], Err(Refusal::Moved));
        assert_eq!(answers[4], Err(Refusal::SignedOut));
        let positions: Vec<u64> = answers.iter().flatten().map(|done| done.position).collect();
        assert_eq!(positions, (0..4).map(|at| before + 2 * at).collect::<Vec<_>>());
        let facts = bench.read(|store| store.facts_between(0, u64::MAX >> 1)).await;
        assert_eq!(facts.iter().map(|fact| fact.position).collect::<Vec<_>>(), positions);
        let told = bench.read(|store| store.notices_due(NOW + HOUR, 100)).await;
        let told: Vec<PersonId> =
            told.iter().filter(|one| one.cause == Cause::FirstLook).map(|one| one.person).collect();
        assert_eq!(told, [1, 2, 5].map(|at: usize| crowd[at].0));
    })
    .await;
}
