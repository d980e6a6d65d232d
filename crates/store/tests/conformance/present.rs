//! What is asked in person: who may file, moves that have a case, and who comes of age.

use crate::fixture::{Bench, HOUR, NOW, morning, on_every_engine, on_one_store};
use ledger::Field;
use registry::case::{CaseNumber, Kind, State};
use registry::{AppointmentId, CaseId, PersonId, SessionId, StaffId};
use store::command::{
    AskMove, CaseStep, CaseTurn, CheckIn, Effect, EndMove, FamilyHold, FileCase, Filer, Guarded, Joins, Judge, Refusal,
    Settlement, Visit,
};
use store::rows::{Cause, Status};

const PHONE: [u8; 32] = [6; 32];
const OTHER: [u8; 32] = [7; 32];

fn case_of(bench: &mut Bench, kind: Kind, person: PersonId, by: AppointmentId, version: u32) -> FileCase {
    FileCase {
        id: CaseId::from_random(bench.draw()),
        number: CaseNumber::from_random(bench.draw()),
        begins: if kind.moves() { State::Holding } else { kind.begins() },
        kind,
        person,
        dose: None,
        text: bench.sealed(person, Field::Case.wire(), version),
        now_ms: NOW,
        due_ms: NOW + HOUR,
        until_ms: NOW + 99 * HOUR,
        by: Filer::Present { appointment: by, centre: crate::fixture::CENTRE },
    }
}

fn file(new: &FileCase) -> Effect {
    Effect::Case(CaseStep::File(Box::new(new.clone())))
}

/// A member who is checked in, and where.
async fn present(bench: &mut Bench, hold: &mut FamilyHold) -> (PersonId, AppointmentId) {
    let person = bench.member(hold).await;
    let session = bench.session([3, 0, 0], 3).await;
    let place = comes(bench, person, session).await;
    (person, place)
}

async fn comes(bench: &mut Bench, person: PersonId, session: SessionId) -> AppointmentId {
    let walk_in = bench.walk_in(person, session, 1);
    let place = walk_in.check_in.appointment;
    bench.does_about(person, Effect::WalkIn(walk_in)).await.unwrap();
    place
}

fn visit(bench: &mut Bench, person: PersonId, session: SessionId) -> Visit {
    let visit = AppointmentId::from_random(bench.draw());
    Visit { slot: morning(), there: bench.check_in(visit, person, session) }
}

#[tokio::test]
async fn a_visit_takes_no_place_and_changes_no_booking_and_files_a_case() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let session = bench.session([1, 0, 0], 0).await;
        let person = bench.member(&mut hold).await;
        let booked = bench.books(&hold, person, session).await;
        let first = visit(bench, person, session);
        let seats = async |bench: &Bench| bench.read(move |store| store.session(session)).await.unwrap().session;
        let (id, before) = (first.there.appointment, seats(bench).await);
        let new = case_of(bench, Kind::WrongName, person, id, 1);
        assert_eq!(bench.refuses(file(&new)).await, Refusal::NotFound, "not there yet");
        let came = bench.does_about(person, Effect::Visit(first.clone())).await.unwrap().position;
        let after = seats(bench).await;
        assert_eq!((after.walk_in, after.places), (before.walk_in, before.places));
        let rows = bench.row(person).await.appointments;
        let of = |id| rows.iter().find(|row| row.id == id).unwrap();
        assert_eq!((of(id).status, of(id).check_in, of(id).dose), (Status::Visiting, Some(came), 0));
        assert_eq!((of(booked).status, of(booked).check_in), (Status::Booked, None));
        bench.does_about(person, file(&new)).await.unwrap();

        // Whoever comes again is there by the newer entry; a visit is nobody else's and of no other session.
        let again = bench.does_about(person, Effect::Visit(first.clone())).await.unwrap().position;
        let row = bench.row(person).await.appointments.into_iter().find(|row| row.id == id).unwrap();
        assert_eq!(row.check_in, Some(again));
        let elsewhere = bench.session([1, 0, 0], 0).await;
        let moved = Visit { there: CheckIn { session: elsewhere, ..first.there.clone() }, ..first.clone() };
        assert_eq!(bench.refuses(Effect::Visit(moved)).await, Refusal::NotFound);
        let over = Visit { there: CheckIn { appointment: booked, ..first.there.clone() }, ..first.clone() };
        assert_eq!(bench.refuses(Effect::Visit(over)).await, Refusal::NotFound, "a booking is no visit");

        // It is no booking: nobody gives it back, moves it, or is vaccinated in it.
        assert_eq!(bench.refuses(Effect::CheckIn(first.there.clone())).await, Refusal::NotFound);
        let cancel = Effect::Cancel { appointment: id, people: vec![person] };
        assert_eq!(bench.refuses(cancel).await, Refusal::NotFound);
        bench.does(Effect::CallOff { session, now_ms: NOW }).await.unwrap();
        let late = visit(bench, person, session);
        assert_eq!(bench.refuses(Effect::Visit(late)).await, Refusal::CalledOff);
        let nowhere = SessionId::from_random(bench.draw());
        let lost = visit(bench, person, nowhere);
        assert_eq!(bench.refuses(Effect::Visit(lost)).await, Refusal::NotFound);
    })
    .await;
}

fn asked(bench: &mut Bench, file: FileCase, from: Option<[u8; 32]>, due_ms: Option<i64>) -> AskMove {
    let phone = bench.sealed(file.person, Field::Phone.wire(), 1);
    AskMove { id: bench.draw(), file, from, to: OTHER, phone, due_ms }
}

fn asks(ask: &AskMove) -> Effect {
    Effect::AskMove(Box::new(ask.clone()))
}

async fn state(bench: &Bench, case: CaseId) -> State {
    bench.read(move |store| store.case(case)).await.unwrap().state
}

async fn causes(bench: &Bench) -> Vec<Cause> {
    bench.read(|store| store.notices_due(NOW, 9)).await.iter().map(|notice| notice.cause).collect()
}

async fn family(bench: &Bench, phone: [u8; 32]) -> Vec<PersonId> {
    bench.read(move |store| store.family(&phone)).await.members.iter().map(|member| member.person).collect()
}

#[tokio::test]
async fn only_who_is_checked_in_files_in_person_and_the_phone_on_record_is_told() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let (person, place) = present(bench, &mut hold).await;
        let session = bench.session([3, 0, 0], 0).await;
        let other = bench.member(&mut hold).await;
        let booked = bench.books(&hold, other, session).await;
        let nobody = AppointmentId::from_random(bench.draw());
        for (who, at) in [(person, nobody), (other, place), (other, booked)] {
            let new = case_of(bench, Kind::WrongName, who, at, 1);
            assert_eq!(bench.refuses(file(&new)).await, Refusal::NotFound);
        }
        assert_eq!(causes(bench).await.iter().filter(|cause| **cause == Cause::Letter).count(), 0);
        let new = case_of(bench, Kind::WrongName, person, place, 1);
        let position = bench.does_about(person, file(&new)).await.unwrap().position;
        let id = new.id;
        let kept = bench.read(move |store| store.case(id)).await.unwrap();
        assert_eq!((kept.opened, kept.centre), (position, Some(crate::fixture::CENTRE)));
        assert_eq!(causes(bench).await.iter().filter(|cause| **cause == Cause::Letter).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_move_by_card_goes_on_its_day_and_the_phone_on_record_only_objects() {
    for (kind, waits) in [(Kind::NumberLost, true), (Kind::OfAge, false)] {
        on_one_store("moving to another phone has no steps yet", async |bench| {
            let mut hold = bench.sign_in(PHONE).await;
            let (person, place) = present(bench, &mut hold).await;
            let new = case_of(bench, kind, person, place, 1);
            let ask = asked(bench, new, Some(PHONE), Some(NOW + HOUR));
            // Not from where she is not, and not to where she is.
            for wrong in [AskMove { from: None, ..ask.clone() }, AskMove { to: PHONE, ..ask.clone() }] {
                assert_eq!(bench.refuses(asks(&wrong)).await, Refusal::Conflict);
            }
            let position = bench.does_about(person, asks(&ask)).await.unwrap().position;
            assert_eq!(causes(bench).await, [Cause::Moving]);
            let case = ask.file.id;
            let row = bench.read(move |store| store.case(case)).await.unwrap();
            assert_eq!((row.state, row.opened), (State::Holding, position));
            assert_eq!(bench.read(|store| store.cases_open(NOW, 9)).await, [], "no officer's yet");

            // The phone on record neither stops it, nor takes the case back, nor erases her.
            let stop = |phone| Effect::StopMove { id: ask.id, phone, now_ms: NOW };
            assert_eq!(bench.refuses(stop(Some(PHONE))).await, Refusal::NotFound);
            let withdraw = Effect::Case(CaseStep::Withdraw { case, person, now_ms: NOW });
            assert_eq!(bench.refuses(withdraw).await, Refusal::NotFound);
            let erase = bench.erase(person, Some(hold.clone()), 3);
            assert_eq!(bench.refuses(Effect::Erase(Box::new(erase))).await, Refusal::Conflict);
            let object = |phone| Effect::ObjectMove { id: ask.id, phone, now_ms: NOW };
            assert_eq!(bench.refuses(object(OTHER)).await, Refusal::NotFound);
            bench.does(object(PHONE)).await.unwrap();
            assert_eq!(bench.refuses(object(PHONE)).await, Refusal::NotFound, "once");
            assert_eq!(state(bench, case).await, State::Filed);
            let due = bench.read(|store| store.moves_due(NOW + HOUR)).await;
            assert_eq!(due.is_empty(), waits);

            let end = EndMove { id: ask.id, person, now_ms: NOW + HOUR };
            if waits {
                assert_eq!(bench.refuses(Effect::EndMove(end)).await, Refusal::NotFound);
                agrees(bench, person, case).await;
            } else {
                bench.does_about(person, Effect::EndMove(end)).await.unwrap();
            }
            assert_eq!(state(bench, case).await, State::Settled);
            assert_eq!((family(bench, PHONE).await, family(bench, OTHER).await), (vec![], vec![person]));
            let token = hold.token;
            assert!(bench.read(move |store| store.sign_in(&token, NOW)).await.is_none());
            assert_eq!(bench.read(|store| store.moves_of(&OTHER)).await, []);
        })
        .await;
    }
}

/// Two officers take it and agree.
async fn agrees(bench: &mut Bench, person: PersonId, case: CaseId) {
    use registry::case::{Reason, Verdict};
    let turn = |n: u8| CaseTurn { case, officer: StaffId::from_random([n; 16]), now_ms: NOW };
    let propose = CaseStep::Propose { turn: turn(1), verdict: Verdict::Accept, reason: Reason::Document, found: None };
    let judge = Judge { turn: turn(2), agrees: true, reason: None, done: Settlement::Move };
    let steps = [CaseStep::Take(turn(1)), propose, CaseStep::Take(turn(2)), CaseStep::Judge(Box::new(judge))];
    for step in steps {
        bench.does_about(person, Effect::Case(step)).await.unwrap();
    }
}

#[tokio::test]
async fn who_has_no_phone_comes_to_one_when_two_agree_and_a_phone_that_is_full_takes_nobody() {
    on_one_store("moving to another phone has no steps yet", async |bench| {
        let (person, session) = (bench.person().await, bench.session([3, 0, 0], 3).await);
        let place = comes(bench, person, session).await;
        let new = FileCase { begins: State::Filed, ..case_of(bench, Kind::NumberLost, person, place, 1) };
        let ask = asked(bench, new, None, None);
        bench.does_about(person, asks(&ask)).await.unwrap();
        assert_eq!(causes(bench).await, [Cause::Letter]);
        assert_eq!(bench.read(|store| store.moves_due(i64::MAX)).await, []);
        agrees(bench, person, ask.file.id).await;
        assert_eq!(family(bench, OTHER).await, [person]);

        let mut hold = bench.sign_in(PHONE).await;
        let (second, place) = present(bench, &mut hold).await;
        let new = case_of(bench, Kind::NumberLost, second, place, 1);
        let ask = asked(bench, new, Some(PHONE), Some(NOW));
        bench.does_about(second, asks(&ask)).await.unwrap();
        let mut full = bench.sign_in(OTHER).await;
        for _ in 0..3 {
            bench.member(&mut full).await;
        }
        let end = EndMove { id: ask.id, person: second, now_ms: NOW };
        assert_eq!(bench.refuses(Effect::EndMove(end)).await, Refusal::FamilyFull);
        bench.does(Effect::StopMove { id: ask.id, phone: None, now_ms: NOW }).await.unwrap();
        assert_eq!(state(bench, ask.file.id).await, State::Refused);
        let again = case_of(bench, Kind::NumberLost, second, place, 2);
        let again = asked(bench, again, Some(PHONE), Some(NOW));
        assert_eq!(bench.refuses(asks(&again)).await, Refusal::FamilyFull);
    })
    .await;
}

#[tokio::test]
async fn who_is_under_age_is_noted_and_told_of_once() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let parent = bench.member(&mut hold).await;
        let mut new = bench.register(Joins::Family(hold.clone()));
        new.guarded_until = Some(2027);
        let child = new.person;
        bench.enter(new).await.unwrap();
        hold.version += 1;
        let due = async |bench: &Bench, year| bench.read(move |store| store.guardianships_over(year, 9)).await;
        assert_eq!((due(bench, 2026).await, due(bench, 2027).await), (vec![], vec![child]));
        // A sign-in knows better, of her and of nobody who is an adult.
        let guarded = |person, until_year, is_under_age| Guarded { person, until_year, is_under_age };
        bench.does(Effect::Guarded(vec![guarded(child, 2028, true), guarded(parent, 2002, false)])).await.unwrap();
        assert_eq!((due(bench, 2027).await, due(bench, 2028).await), (vec![], vec![child]));
        bench.does(Effect::Guarded(vec![guarded(child, 2026, false)])).await.unwrap();
        assert_eq!(due(bench, 2026).await, [child]);
        assert_eq!(bench.row(child).await.of_age_ms, None);
        bench.does_about(child, Effect::OfAge { person: child, now_ms: NOW }).await.unwrap();
        assert_eq!(bench.row(child).await.of_age_ms, Some(NOW));
        assert_eq!(causes(bench).await, [Cause::Letter]);
        assert_eq!(bench.refuses(Effect::OfAge { person: child, now_ms: NOW }).await, Refusal::NotFound);
        assert_eq!(due(bench, 9999).await, []);
        assert_eq!(bench.refuses(Effect::OfAge { person: parent, now_ms: NOW }).await, Refusal::NotFound);
        let erase = bench.erase(child, Some(hold), 2);
        bench.does_about(child, Effect::Erase(Box::new(erase))).await.unwrap();

        // Who is alone at her phone never had a guardian there.
        let mut own = bench.sign_in(OTHER).await;
        let alone = bench.member(&mut own).await;
        bench.does(Effect::Guarded(vec![guarded(alone, 2026, true)])).await.unwrap();
        bench.does_about(alone, Effect::OfAge { person: alone, now_ms: NOW }).await.unwrap();
        assert_eq!((bench.row(alone).await.of_age_ms, due(bench, 9999).await), (None, vec![]));
        assert_eq!(causes(bench).await, [], "nobody is told");
    })
    .await;
}

/// A move under way, as it should stand.
#[derive(Clone, Copy, Debug)]
struct Under {
    id: [u8; 16],
    case: CaseId,
    kind: Kind,
    is_held: bool,
    due_ms: Option<i64>,
}

#[tokio::test]
async fn random_steps_do_to_a_move_what_they_do_to_a_model() {
    on_one_store("moving to another phone has no steps yet", async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let (person, place) = present(bench, &mut hold).await;
        let (mut from, mut to, mut texts, mut phones) = (PHONE, OTHER, 1, 1);
        let mut under: Option<Under> = None;
        for _ in 0..400 {
            let nobodys = Under {
                id: [0; 16],
                case: CaseId::from_random([0; 16]),
                kind: Kind::OfAge,
                is_held: false,
                due_ms: None,
            };
            let now = under.unwrap_or(nobodys);
            let phone = [from, to][bench.below(2)];
            // What the step does, whether it is done, what stands afterwards, and how the case ends.
            let (effect, expected, next, ends) = match bench.below(8) {
                0..3 => {
                    let kind = [Kind::NumberLost, Kind::OfAge][bench.below(2)];
                    let file = case_of(bench, kind, person, place, texts);
                    let mut ask = asked(bench, file, Some(from), Some(NOW + HOUR));
                    (ask.to, ask.phone) = (to, bench.sealed(person, Field::Phone.wire(), phones));
                    let begun = Under { id: ask.id, case: ask.file.id, kind, is_held: true, due_ms: ask.due_ms };
                    let expected = if under.is_some() { Err(Refusal::Conflict) } else { Ok(()) };
                    (asks(&ask), expected, Some(begun), None)
                }
                3..5 => {
                    let effect = Effect::ObjectMove { id: now.id, phone, now_ms: NOW };
                    let due_ms = now.due_ms.filter(|_| !now.kind.waits_after_objection());
                    let expected = if now.is_held && phone == from { Ok(()) } else { Err(Refusal::NotFound) };
                    (effect, expected, Some(Under { is_held: false, due_ms, ..now }), None)
                }
                5..7 => {
                    let phone = [Some(phone), None][usize::from(bench.below(4) == 0)];
                    let effect = Effect::StopMove { id: now.id, phone, now_ms: NOW };
                    let may = under.is_some() && phone != Some(from);
                    let ends = if phone.is_some() { State::Withdrawn } else { State::Refused };
                    (effect, if may { Ok(()) } else { Err(Refusal::NotFound) }, None, Some(ends))
                }
                _ => {
                    let now_ms = NOW + HOUR - i64::from(bench.below(2) == 0);
                    let effect = Effect::EndMove(EndMove { id: now.id, person, now_ms });
                    let is_due = now.due_ms.is_some_and(|due_ms| due_ms <= now_ms);
                    (effect, if is_due { Ok(()) } else { Err(Refusal::NotFound) }, None, Some(State::Settled))
                }
            };
            let outcome = bench.does(effect).await.map(|_| ());
            assert_eq!(outcome, expected, "{now:?}");
            if outcome.is_ok() {
                texts += u32::from(under.is_none());
                under = next;
                if let Some(ends) = ends {
                    assert_eq!(state(bench, now.case).await, ends);
                    if ends == State::Settled {
                        (from, to, phones) = (to, from, phones + 1);
                    }
                }
            }
            let kept = bench.read(move |store| store.moves_of(&from)).await;
            let stands = kept.iter().map(|row| (row.id, row.from, row.to, row.due_ms, row.case)).next();
            assert_eq!(stands, under.map(|one| (one.id, Some(from), to, one.due_ms, Some(one.case))));
            assert_eq!((family(bench, from).await, family(bench, to).await), (vec![person], vec![]));
            if let Some(one) = under {
                assert_eq!(state(bench, one.case).await == State::Holding, one.is_held);
            }
        }
        assert!(phones > 5, "many moves happened");
    })
    .await;
}
