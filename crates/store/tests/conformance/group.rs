//! Commands that stand side by side in a batch, of which some go together: none stands against its neighbours, and all answer
//! as if each had come alone.

use crate::engine::Engine;
use crate::fixture::{Bench, CENTRE, HOUR, NOW, batch, noon, on_one_store};
use futures_util::future::join_all;
use registry::{PersonId, SessionId, Slot, Vaccine};
use store::command::{
    Answer, Applied, Beside, Book, Certify, Command, Effect, FamilyHold, Joins, NewDose, Refusal, Register, Staged,
};
use store::rows::{Cause, CertificateState};

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
    on_one_store("nothing orders what is handed in at once", async |bench| {
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
    on_one_store("nothing orders what is handed in at once", async |bench| {
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
    on_one_store("nothing orders what is handed in at once", async |bench| {
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
    on_one_store("nothing orders what is handed in at once", async |bench| {
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

fn about(effect: Effect, entry: Staged) -> Command {
    Command { by: None, once: None, entries: vec![entry], effect }
}

impl Bench {
    fn registration(&mut self, joins: Joins) -> Command {
        let register = self.register(joins);
        let entry = self.entry(Some((register.person, 0)));
        about(Effect::Register(Box::new(register)), entry)
    }

    fn given(&mut self, person: PersonId, count: u64, change: impl FnOnce(&mut NewDose)) -> Command {
        let mut dose = self.dose(person, None, 1);
        change(&mut dose);
        let entry = self.entry(Some((person, count)));
        about(Effect::Dose(Box::new(dose)), entry)
    }

    fn certificate(&mut self, person: PersonId, version: u32) -> Certify {
        let (id, digest) = (self.draw(), self.draw());
        Certify { id, person, version, digest, issued_s: NOW / 1_000, older: CertificateState::Extended }
    }

    fn certified(&mut self, person: PersonId, version: u32) -> Command {
        let (certificate, entry) = (self.certificate(person, version), self.entry(Some((person, 1))));
        about(Effect::Certify(certificate), entry)
    }

    fn sealing(&mut self, person: PersonId, versions: &[u32]) -> Command {
        let fields = versions.iter().map(|version| self.sealed(person, 3, *version)).collect();
        let entry = self.entry(Some((person, 1)));
        about(Effect::Seal(fields), entry)
    }
}

/// Registrations, doses, certificates and sealed fields, with something amiss here and there: each with its refusal, in waves that
/// are handed in one after the other.
async fn everything(bench: &mut Bench) -> [Vec<(Command, Option<Refusal>)>; 2] {
    let session = bench.session([9, 9, 9], 0).await;
    bench.does(Effect::Batch(batch("CX-1", 2))).await.unwrap();
    bench.does(Effect::Batch(batch("CX-2", 9))).await.unwrap();
    bench.does(Effect::StopBatch { vaccine: Vaccine::Covaxin, number: "CX-2".into() }).await.unwrap();
    let mut holds = Vec::new();
    for number in 0..5 {
        holds.push(bench.sign_in([number; 32]).await);
    }
    for hold in &mut holds[3..] {
        for _ in 0..4 {
            bench.member(hold).await;
        }
    }
    let mut people = Vec::new();
    for _ in 0..14 {
        people.push(bench.person().await);
    }
    let booked = bench.member(&mut holds[0]).await;
    bench.books(&holds[0], booked, session).await;
    // A sign-in beside another of the same phone, which ends when somebody comes to it.
    let other = bench.sign_in([1; 32]).await;
    for _ in 0..4 {
        let pending = bench.register(Joins::Pending { phone: [9; 32], centre: CENTRE });
        bench.enter(pending).await.unwrap();
    }
    bench.does(Effect::Batch(batch("CX-3", 9))).await.unwrap();
    let mut given = bench.dose(people[3], None, 1);
    given.batch = "CX-3".into();
    bench.does(Effect::Dose(Box::new(given))).await.unwrap();
    for version in 1..3 {
        let certificate = bench.certificate(people[6], version);
        bench.does(Effect::Certify(certificate)).await.unwrap();
    }
    let joins = |hold: &FamilyHold| Joins::Family(hold.clone());
    let moved = |hold: &FamilyHold| FamilyHold { version: hold.version + 1, ..hold.clone() };
    let pending = |phone| Joins::Pending { phone, centre: CENTRE };
    let mut first = vec![
        (bench.registration(joins(&holds[1])), None),
        (bench.registration(joins(&moved(&holds[2]))), Some(Refusal::FamilyMoved)),
        (bench.registration(joins(&holds[3])), Some(Refusal::FamilyFull)),
        (bench.registration(joins(&FamilyHold { token: [200; 32], ..holds[4].clone() })), Some(Refusal::SignedOut)),
        (bench.registration(pending([7; 32])), None),
        // Nobody is told that no more can wait there.
        (bench.registration(pending([9; 32])), None),
        (bench.registration(Joins::Alone), None),
        (bench.registration(Joins::Alone), Some(Refusal::Conflict)),
        (bench.given(booked, 2, |dose| (dose.session, dose.number) = (Some(session), 1)), None),
        (bench.given(people[1], 1, |dose| dose.factor = None), None),
        (bench.given(people[2], 1, |dose| dose.batch = "CX-2".into()), Some(Refusal::BatchUnusable)),
        (bench.given(people[3], 1, |dose| dose.batch = "CX-3".into()), Some(Refusal::AlreadyGiven)),
        (bench.given(people[4], 1, |_| ()), Some(Refusal::BatchUnusable)),
        (bench.given(people[5], 7, |dose| dose.batch = "CX-3".into()), Some(Refusal::Moved)),
        (bench.given(people[10], 1, |dose| (dose.batch, dose.number) = ("CX-3".into(), 2)), None),
        (bench.certified(people[6], 3), None),
        (bench.certified(people[7], 1), None),
        (bench.sealing(people[8], &[1, 2]), None),
        (bench.registration(joins(&moved(&holds[1]))), None),
    ];
    change_registration(&mut first[6].0, |new| (new.id_token, new.guarded_until) = (Some([4; 32]), Some(2030)));
    change_registration(&mut first[7].0, |new| new.person = people[9]);
    let mut look = about(Effect::Append, bench.entry(Some((people[11], 1))));
    look.by = Some(other.token);
    first.push((look, Some(Refusal::SignedOut)));
    // Against these stands a constraint of a table, which only writing finds.
    let Effect::Register(known) = &first[0].0.effect else { panic!("a registration") };
    let reference = known.reference;
    let mut second = vec![
        (bench.registration(Joins::Alone), Some(Refusal::Conflict)),
        (bench.sealing(people[12], &[1, 1]), Some(Refusal::Conflict)),
        (bench.sealing(people[13], &[1]), None),
        (bench.certified(people[5], 1), None),
        (bench.certified(people[6], 3), Some(Refusal::Moved)),
        (bench.registration(Joins::Alone), None),
    ];
    change_registration(&mut second[0].0, |new| new.reference = reference);
    [first, second]
}

fn change_registration(command: &mut Command, change: impl FnOnce(&mut Register)) {
    let Effect::Register(new) = &mut command.effect else { panic!("a registration") };
    change(new);
    command.entries[0].subject.as_mut().unwrap().person = new.person;
}

#[tokio::test]
async fn what_goes_together_leaves_what_each_alone_would() {
    for engine in Engine::all() {
        let (mut together, mut alone) = (Bench::new(engine.clone(), 1).await, Bench::new(engine, 1).await);
        let (waves, same) = (everything(&mut together).await, everything(&mut alone).await);
        for (wave, each) in waves.into_iter().zip(same) {
            let (commands, expected): (Vec<Command>, Vec<_>) = wave.into_iter().unzip();
            let answers = together.all(&commands).await;
            let refusals: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().copied()).collect();
            assert_eq!(refusals, expected);
            for (at, ((command, _), answer)) in each.into_iter().zip(&answers).enumerate() {
                assert_eq!(&alone.store.apply(command).await, answer, "command {at}");
            }
        }
        for (one, other) in together.ground.rows().into_iter().zip(alone.ground.rows()) {
            assert!(one == other, "the table {} is not the same", one.0);
        }
    }
}
