//! Cases: each step against a model of one, by every officer; and what settling does to rows.

use crate::fixture::{Bench, CENTRE, DAY, Engine, HOUR, NOW, batch, on_every_engine, on_one_store};
use registry::case::{CaseNumber, FoundDose, Kind, Reason, State, Step, Verdict};
use registry::{CaseId, DoseId, Factor, PersonId, StaffId, Vaccine};
use store::command::{
    Answer, CaseStep, CaseTurn, Certify, Effect, FamilyHold, FileCase, Filer, Judge, NewDose, Refusal, Settlement,
};
use store::rows::{CaseRow, Cause, CertificateState, Status};

const PHONE: [u8; 32] = [6; 32];

fn officer(n: u8) -> StaffId {
    StaffId::from_random([n; 16])
}

pub(crate) fn new_case(bench: &mut Bench, by: &FamilyHold, person: PersonId, kind: Kind, version: u32) -> FileCase {
    FileCase {
        id: CaseId::from_random(bench.draw()),
        number: CaseNumber::from_random(bench.draw()),
        begins: kind.begins(),
        kind,
        person,
        dose: None,
        text: bench.sealed(person, 10, version),
        now_ms: NOW,
        due_ms: NOW + HOUR,
        until_ms: NOW + 2 * HOUR,
        by: Filer::Family(by.clone()),
    }
}

fn turn(case: CaseId, n: u8) -> CaseTurn {
    CaseTurn { case, officer: officer(n), now_ms: NOW }
}

fn file(new: &FileCase) -> Effect {
    Effect::Case(CaseStep::File(Box::new(new.clone())))
}

fn take(case: CaseId, n: u8) -> Effect {
    Effect::Case(CaseStep::Take(turn(case, n)))
}

fn propose(case: CaseId, n: u8, verdict: Verdict) -> Effect {
    let reason = if verdict == Verdict::Accept { Reason::Document } else { Reason::Unclear };
    Effect::Case(CaseStep::Propose { turn: turn(case, n), verdict, reason, found: None })
}

pub(crate) fn judge(case: CaseId, n: u8, agrees: bool, done: Settlement) -> Effect {
    let reason = (!agrees).then_some(Reason::DocumentDiffers);
    Effect::Case(CaseStep::Judge(Box::new(Judge { turn: turn(case, n), agrees, reason, done })))
}

async fn row(bench: &Bench, case: CaseId) -> CaseRow {
    bench.read(move |store| store.case(case)).await.unwrap()
}

/// Files a case of this kind about a dose or none, and brings it before its second officer.
pub(crate) async fn ready(
    bench: &mut Bench,
    by: &FamilyHold,
    person: PersonId,
    kind: Kind,
    dose: Option<DoseId>,
) -> CaseId {
    let version = bench.row(person).await.fields.iter().find(|field| field.field == 10).map_or(1, |f| f.version + 1);
    let mut new = new_case(bench, by, person, kind, version);
    new.dose = dose;
    bench.does_about(person, file(&new)).await.unwrap();
    for step in [take(new.id, 1), propose(new.id, 1, Verdict::Accept), take(new.id, 2)] {
        bench.does_about(person, step).await.unwrap();
    }
    new.id
}

/// A case as it should stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Model {
    state: State,
    first: Option<u8>,
    second: Option<u8>,
    verdict: Option<Verdict>,
}

impl Model {
    fn holder(self) -> Option<u8> {
        match self.state {
            State::First => self.first,
            State::Second => self.second,
            _ => None,
        }
    }

    /// What it becomes by a step of the nth officer; `None` where that is refused.
    fn after(self, n: u8, step: Step, verdict: Verdict) -> Option<Self> {
        let mut next = Self { state: self.state.after(step)?, ..self };
        match step {
            Step::Take if next.state == State::First => next.first = Some(n),
            Step::Take if self.first != Some(n) => next.second = Some(n),
            Step::Withdraw => {}
            _ if step == Step::Take || self.holder() != Some(n) => return None,
            Step::PutBack if next.state == State::Filed => next.first = None,
            Step::PutBack => next.second = None,
            Step::Propose => next.verdict = Some(verdict),
            _ if next.state == State::Filed => (next.first, next.second, next.verdict) = (None, None, None),
            _ if next.state == State::Refused => next.verdict = Some(Verdict::Refuse),
            _ => {}
        }
        Some(next)
    }
}

#[tokio::test]
async fn random_steps_do_to_a_case_what_they_do_to_a_model() {
    for engine in Engine::all_and_shards() {
        for seed in [1, 2, 3] {
            println!("engine {engine:?}, seed {seed}");
            let mut bench = Bench::new(engine.clone(), seed).await;
            let mut hold = bench.sign_in(PHONE).await;
            let person = bench.member(&mut hold).await;
            for version in 1..=25 {
                let new = new_case(&mut bench, &hold, person, Kind::Aefi, version);
                bench.does_about(person, file(&new)).await.unwrap();
                let mut model = Model { state: State::Filed, first: None, second: None, verdict: None };
                for _ in 0..40 {
                    let (n, verdict) = (u8::try_from(bench.below(3)).unwrap(), Verdict::ALL[bench.below(2)]);
                    let agrees = bench.below(2) == 0;
                    let (step, effect) = match bench.below(20) {
                        0..7 => (Step::Take, take(new.id, n)),
                        7..9 => (Step::PutBack, Effect::Case(CaseStep::PutBack(turn(new.id, n)))),
                        9..15 => (Step::Propose, propose(new.id, n, verdict)),
                        15..19 => {
                            let proposed = model.verdict.unwrap_or(Verdict::Refuse);
                            (Step::Judge { proposed, agrees }, judge(new.id, n, agrees, Settlement::Nothing))
                        }
                        _ => (Step::Withdraw, Effect::Case(CaseStep::Withdraw { case: new.id, person, now_ms: NOW })),
                    };
                    let expected = model.after(n, step, verdict);
                    let outcome = bench.does(effect).await.map(|done| done.answer);
                    assert_eq!(
                        outcome,
                        expected.map_or(Err(Refusal::NotFound), |_| Ok(Answer::Nothing)),
                        "{model:?} {step:?}"
                    );
                    model = expected.unwrap_or(model);
                    let kept = row(&bench, new.id).await;
                    let id = |n: Option<u8>| n.map(officer);
                    assert_eq!((kept.state, kept.verdict), (model.state, model.verdict));
                    assert_eq!((kept.first, kept.second), (id(model.first), id(model.second)));
                    assert_eq!(kept.closed_ms.is_none(), model.state.is_open());
                }
                if model.state.is_open() {
                    let withdraw = CaseStep::Withdraw { case: new.id, person, now_ms: NOW };
                    bench.does(Effect::Case(withdraw)).await.unwrap();
                }
            }
        }
    }
}

#[tokio::test]
async fn a_case_is_filed_once_by_a_live_sign_in_about_a_dose_that_stands() {
    on_every_engine(async |bench| {
        bench.does(Effect::Batch(batch("CX-1", 9))).await.unwrap();
        let mut hold = bench.sign_in(PHONE).await;
        let person = bench.member(&mut hold).await;
        let dose = bench.dose(person, None, 1);
        bench.does_about(person, Effect::Dose(Box::new(dose.clone()))).await.unwrap();
        let mut new = new_case(bench, &hold, person, Kind::NotMine, 1);
        new.dose = Some(DoseId::from_random([9; 16]));
        assert_eq!(bench.refuses(file(&new)).await, Refusal::NotFound, "nobody's dose");
        new.dose = Some(dose.id);
        let stranger = FamilyHold { token: [9; 32], ..hold.clone() };
        let by_nobody = FileCase { by: Filer::Family(stranger), ..new.clone() };
        assert_eq!(bench.refuses(file(&by_nobody)).await, Refusal::SignedOut);
        let position = bench.does_about(person, file(&new)).await.unwrap().position;
        let kept = row(bench, new.id).await;
        assert_eq!((kept.opened, kept.text_version, kept.dose), (position, 1, Some(dose.id)));
        assert_eq!(bench.read(|store| store.cases_open(NOW, 9)).await, std::slice::from_ref(&kept));
        assert_eq!(bench.read(move |store| store.cases_of(person)).await, std::slice::from_ref(&kept));
        let number = new.number;
        assert_eq!(bench.read(move |store| store.case_numbered(number)).await, Some(kept));

        let mut second = new_case(bench, &hold, person, Kind::NotMine, 2);
        second.dose = Some(dose.id);
        assert_eq!(bench.refuses(file(&second)).await, Refusal::Conflict, "one of a kind about one dose");
        let other_kind = new_case(bench, &hold, person, Kind::Aefi, 2);
        bench.does_about(person, file(&other_kind)).await.unwrap();
        // What ended without an answer is out of the queue, cannot be gone on with, and makes room.
        let late = NOW + 2 * HOUR;
        assert!(bench.read(move |store| store.cases_open(late, 9)).await.is_empty());
        let turn = CaseTurn { now_ms: late, ..turn(new.id, 1) };
        assert_eq!(bench.refuses(Effect::Case(CaseStep::Take(turn))).await, Refusal::NotFound);
        let (text, now_ms) = (bench.sealed(person, 10, 3), late);
        bench.does_about(person, file(&FileCase { text, now_ms, until_ms: late + HOUR, ..second })).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_correction_ends_sign_ins_and_certificates_and_keeps_the_older_version() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let person = bench.member(&mut hold).await;
        let certify = Certify {
            id: [5; 16],
            person,
            version: 1,
            digest: [0; 32],
            issued_s: 0,
            older: CertificateState::Extended,
        };
        bench.does_about(person, Effect::Certify(certify)).await.unwrap();
        let case = ready(bench, &hold, person, Kind::WrongName, None).await;
        let told = bench.read(|store| store.notices_due(NOW, 9)).await;
        assert!(told.len() == 2 && told.iter().all(|notice| notice.cause == Cause::Letter));
        let name = bench.sealed(person, 0, 2);
        let settled = judge(case, 2, true, Settlement::Correction(name.clone()));
        let (other, outsider) = (bench.sign_in([7; 32]).await, judge(case, 1, true, Settlement::Nothing));
        assert_eq!(bench.refuses(outsider).await, Refusal::NotFound);
        bench.does_about(person, settled).await.unwrap();
        assert!(bench.row(person).await.fields.contains(&name));
        assert!(bench.read(move |store| store.sealed(person, 0, 1)).await.is_some());
        assert_eq!(bench.read(|store| store.certificate_state(&[5; 16], 1)).await, Some(CertificateState::Corrected));
        let (hers, theirs) = (hold.token, other.token);
        assert!(bench.read(move |store| store.sign_in(&hers, NOW)).await.is_none());
        assert!(bench.read(move |store| store.sign_in(&theirs, NOW)).await.is_some(), "another family's goes on");
        assert_eq!(bench.read(|store| store.family(&PHONE)).await.version, hold.version + 1);
        assert_eq!(bench.read(|store| store.notices_due(NOW, 9)).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_dose_struck_out_leaves_her_record_and_a_found_one_comes_in() {
    on_every_engine(async |bench| {
        bench.does(Effect::Batch(batch("CX-1", 2))).await.unwrap();
        let session = bench.session([1, 0, 0], 0).await;
        let mut hold = bench.sign_in(PHONE).await;
        let person = bench.member(&mut hold).await;
        bench.books(&hold, person, session).await;
        let dose = bench.dose(person, Some(session), 1);
        bench.does_about(person, Effect::Dose(Box::new(dose.clone()))).await.unwrap();
        let case = ready(bench, &hold, person, Kind::NotMine, Some(dose.id)).await;
        bench.does_about(person, judge(case, 2, true, Settlement::Strike(dose.id))).await.unwrap();
        let kept = bench.row(person).await;
        assert!(kept.doses.is_empty());
        assert_eq!(kept.appointments[0].status, Status::Cancelled, "her first dose can be booked again");
        let id = dose.id;
        assert_eq!(bench.read(move |store| store.struck_by(id)).await, Some(*case.bytes()));
        counters_hold(bench, 0).await;

        let found = FoundDose { centre: CENTRE, vaccine: Vaccine::Covaxin, number: 1, batch: "CX-1".into(), day: DAY };
        let version = 2;
        let new = new_case(bench, &hold, person, Kind::Missing, version);
        bench.does_about(person, file(&new)).await.unwrap();
        bench.does_about(person, take(new.id, 1)).await.unwrap();
        let (turn, reason) = (turn(new.id, 1), Reason::Register);
        let with = CaseStep::Propose { turn, verdict: Verdict::Accept, reason, found: Some(found.clone()) };
        bench.does_about(person, Effect::Case(with)).await.unwrap();
        assert_eq!(row(bench, new.id).await.found, Some(found));
        bench.does_about(person, take(new.id, 2)).await.unwrap();
        let add = |batch: &str, dose: NewDose| {
            let dose = NewDose { batch: batch.into(), factor: Some(Factor::Case), ..dose };
            judge(new.id, 2, true, Settlement::Add(Box::new(dose)))
        };
        let none = add("NONE", bench.dose(person, None, 1));
        assert_eq!(bench.refuses(none).await, Refusal::BatchUnusable);
        assert_eq!(row(bench, new.id).await.state, State::Second, "what is refused leaves nothing behind");
        // A batch that was stopped since was good then.
        bench.does(Effect::StopBatch { vaccine: Vaccine::Covaxin, number: "CX-1".into() }).await.unwrap();
        let right = add("CX-1", bench.dose(person, Some(session), 1));
        bench.does_about(person, right).await.unwrap();
        assert_eq!(bench.row(person).await.doses[0].factor, Some(Factor::Case));
        assert_eq!(bench.read(|store| store.batches(CENTRE)).await[0].given, 2);
        counters_hold(bench, 1).await;
    })
    .await;
}

/// The counters say so many doses, before and after a recount.
async fn counters_hold(bench: &Bench, doses: u32) {
    let tallied = async || {
        let tallies = bench.read(|store| store.tallies(None, DAY, DAY)).await;
        tallies.iter().map(|tally| tally.doses).sum::<u32>()
    };
    assert_eq!(tallied().await, doses);
    bench.does(Effect::Recount).await.unwrap();
    assert_eq!(tallied().await, doses);
}

#[tokio::test]
async fn who_is_erased_leaves_no_case() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let person = bench.member(&mut hold).await;
        let case = ready(bench, &hold, person, Kind::Aefi, None).await;
        let bare = bench.erase(person, Some(hold.clone()), 2);
        assert_eq!(bench.refuses(Effect::Erase(Box::new(bare))).await, Refusal::HasDoses, "it is being decided");
        let mut erase = bench.erase(person, Some(hold), 2);
        erase.held = vec![(0, 1)];
        bench.does_about(person, Effect::Erase(Box::new(erase))).await.unwrap();
        assert!(bench.read(move |store| store.case(case)).await.is_none());
        assert_eq!(bench.refuses(judge(case, 2, true, Settlement::Nothing)).await, Refusal::NotFound);
    })
    .await;
}

/// Two records with a case about them that both have joined, before its second officer; the other has a dose.
async fn two_records(bench: &mut Bench) -> (CaseId, (PersonId, FamilyHold), (PersonId, FamilyHold)) {
    bench.does(Effect::Batch(batch("CX-1", 9))).await.unwrap();
    let (mut hold, mut theirs) = (bench.sign_in(PHONE).await, bench.sign_in([7; 32]).await);
    let (person, other) = (bench.member(&mut hold).await, bench.member(&mut theirs).await);
    let dose = bench.dose(other, None, 1);
    bench.does_about(other, Effect::Dose(Box::new(dose))).await.unwrap();
    let new = new_case(bench, &hold, person, Kind::Duplicate, 1);
    bench.does_about(person, file(&new)).await.unwrap();
    let join = CaseStep::Join { case: new.id, person: other, by: theirs.clone(), now_ms: NOW };
    bench.does_about(other, Effect::Case(join)).await.unwrap();
    for step in [take(new.id, 1), propose(new.id, 1, Verdict::Accept), take(new.id, 2)] {
        bench.does_about(person, step).await.unwrap();
    }
    (new.id, (person, hold), (other, theirs))
}

#[tokio::test]
async fn a_case_is_let_go_when_who_joined_it_is_erased() {
    on_one_store("two records that are joined may be of two shards, and have no steps yet", async |bench| {
        let (case, (person, _), (other, theirs)) = two_records(bench).await;
        let mut erase = bench.erase(other, Some(theirs), 3);
        erase.held = vec![(0, 1)];
        bench.does_about(other, Effect::Erase(Box::new(erase))).await.unwrap();
        let kept = row(bench, case).await;
        assert_eq!((kept.state, kept.other, kept.first, kept.second), (State::Joining, None, None, None));
        assert_eq!((kept.verdict, kept.reason, kept.closed_ms), (None, None, None));
        let late = judge(case, 2, true, Settlement::Merge);
        assert_eq!(bench.refuses(late).await, Refusal::NotFound);
        assert!(bench.row(person).await.doses.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_joined_records_dose_is_a_dose_and_one_that_was_struck_out_is_none() {
    on_one_store("two records that are joined may be of two shards, and have no steps yet", async |bench| {
        let (case, (person, hold), (other, theirs)) = two_records(bench).await;
        bench.does_about(person, judge(case, 2, true, Settlement::Merge)).await.unwrap();
        for (person, hold) in [(person, &hold), (other, &theirs)] {
            let bare = bench.erase(person, Some(hold.clone()), 3);
            assert_eq!(bench.refuses(Effect::Erase(Box::new(bare))).await, Refusal::HasDoses);
        }
        let part = CaseStep::Part { person: other, by: theirs.clone() };
        bench.does_about(other, Effect::Case(part)).await.unwrap();
        let dose = bench.row(other).await.doses[0].id;
        let case = ready(bench, &theirs, other, Kind::NotMine, Some(dose)).await;
        bench.does_about(other, judge(case, 2, true, Settlement::Strike(dose))).await.unwrap();
        // Neither has a dose now: nothing is held of them, whatever is offered.
        for (person, hold) in [(person, hold), (other, theirs)] {
            let mut erase = bench.erase(person, Some(hold), 3);
            erase.held = if person == other { vec![(0, 1)] } else { Vec::new() };
            bench.does_about(person, Effect::Erase(Box::new(erase))).await.unwrap();
            assert_eq!(bench.read(move |store| store.held_fields(person)).await, []);
        }
    })
    .await;
}

#[tokio::test]
async fn two_records_are_joined_and_taken_apart() {
    on_one_store("two records that are joined may be of two shards, and have no steps yet", async |bench| {
        bench.does(Effect::Batch(batch("CX-1", 9))).await.unwrap();
        let session = bench.session([3, 3, 0], 0).await;
        let (mut hold, mut theirs) = (bench.sign_in(PHONE).await, bench.sign_in([7; 32]).await);
        let (person, other) = (bench.member(&mut hold).await, bench.member(&mut theirs).await);
        for (one, day, number) in [(person, DAY, 1), (other, DAY.yesterday().unwrap(), 1), (other, DAY, 2)] {
            let mut dose = bench.dose(one, None, number);
            dose.day = day;
            bench.does_about(one, Effect::Dose(Box::new(dose))).await.unwrap();
        }
        bench.books(&theirs, other, session).await;
        let new = new_case(bench, &hold, person, Kind::Duplicate, 1);
        bench.does_about(person, file(&new)).await.unwrap();
        assert_eq!(row(bench, new.id).await.state, State::Joining);
        assert!(bench.read(|store| store.cases_open(NOW, 9)).await.is_empty(), "nobody's to take yet");
        assert_eq!(bench.refuses(take(new.id, 1)).await, Refusal::NotFound);
        let join = |person, by: &FamilyHold| {
            Effect::Case(CaseStep::Join { case: new.id, person, by: by.clone(), now_ms: NOW })
        };
        assert_eq!(bench.refuses(join(person, &hold)).await, Refusal::NotFound, "one record is not two");
        let position = bench.does_about(other, join(other, &theirs)).await.unwrap().position;
        let kept = row(bench, new.id).await;
        assert_eq!((kept.state, kept.other, kept.other_opened), (State::Filed, Some(other), position));
        assert_eq!(bench.refuses(join(other, &theirs)).await, Refusal::NotFound, "joined already");
        assert_eq!(bench.read(move |store| store.cases_of(other)).await, std::slice::from_ref(&kept));
        for step in [take(new.id, 1), propose(new.id, 1, Verdict::Accept), take(new.id, 2)] {
            bench.does_about(person, step).await.unwrap();
        }
        bench.does_about(person, judge(new.id, 2, true, Settlement::Merge)).await.unwrap();

        let of = async |bench: &Bench, one| {
            let row = bench.row(one).await;
            row.doses.iter().map(|dose| (dose.number, dose.day)).collect::<Vec<_>>()
        };
        // The same vaccine on the same day is one dose, written down twice.
        assert_eq!(of(bench, person).await, [(1, DAY.yesterday().unwrap()), (2, DAY)]);
        assert!(of(bench, other).await.is_empty());
        let joined = bench.row(other).await;
        assert_eq!((joined.merged_into, joined.appointments[0].status), (Some(person), Status::Cancelled));
        let places = bench.read(move |store| store.session(session)).await.unwrap().session.places[0];
        assert_eq!((places.open, places.booked), (3, 0));
        let again = new_case(bench, &theirs, other, Kind::Duplicate, 1);
        bench.does_about(other, file(&again)).await.unwrap();
        let back = Effect::Case(CaseStep::Join { case: again.id, person, by: hold.clone(), now_ms: NOW });
        bench.does_about(person, back).await.unwrap();
        for step in [take(again.id, 1), propose(again.id, 1, Verdict::Accept), take(again.id, 2)] {
            bench.does_about(other, step).await.unwrap();
        }
        assert_eq!(bench.refuses(judge(again.id, 2, true, Settlement::Merge)).await, Refusal::Conflict, "no circles");

        let part = |person, by: &FamilyHold| Effect::Case(CaseStep::Part { person, by: by.clone() });
        bench.does_about(other, part(other, &theirs)).await.unwrap();
        assert_eq!(bench.refuses(part(person, &hold)).await, Refusal::NotFound);
        assert_eq!(of(bench, person).await, [(1, DAY)]);
        assert_eq!(of(bench, other).await, [(1, DAY.yesterday().unwrap()), (2, DAY)]);
    })
    .await;
}

#[tokio::test]
async fn the_reference_of_a_joined_record_leads_to_the_other() {
    on_one_store("two records that are joined may be of two shards, and have no steps yet", async |bench| {
        let (mut hold, theirs) = (bench.sign_in(PHONE).await, bench.sign_in([7; 32]).await);
        let person = bench.member(&mut hold).await;
        let register = bench.register(store::command::Joins::Family(theirs.clone()));
        let (other, reference) = (register.person, register.reference);
        bench.enter(register).await.unwrap();
        let theirs = FamilyHold { version: theirs.version + 1, ..theirs };
        let new = new_case(bench, &hold, person, Kind::Duplicate, 1);
        bench.does_about(person, file(&new)).await.unwrap();
        let join = CaseStep::Join { case: new.id, person: other, by: theirs, now_ms: NOW };
        bench.does_about(other, Effect::Case(join)).await.unwrap();
        for step in [take(new.id, 1), propose(new.id, 1, Verdict::Accept), take(new.id, 2)] {
            bench.does_about(person, step).await.unwrap();
        }
        assert_eq!(bench.read(move |store| store.by_reference(&reference)).await, Some(other));
        bench.does_about(person, judge(new.id, 2, true, Settlement::Merge)).await.unwrap();
        assert_eq!(bench.read(move |store| store.by_reference(&reference)).await, Some(person));
    })
    .await;
}
