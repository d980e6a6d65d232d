//! A vaccinator's work: check-ins, doses from usable batches, corrections, counters, certificates.

use crate::fixture::{Bench, CENTRE, DAY, NOW, batch, on_every_engine};
use registry::{CentreId, Factor, PersonId, Vaccine};
use store::command::{Answer, Certify, Effect, NewDose, Refusal};
use store::rows::{BatchRow, CertificateState, Status, Tally};

async fn tallies(bench: &Bench) -> Vec<Tally> {
    bench.read(|store| store.tallies(None, DAY, DAY)).await
}

/// The counters are what a recount of the doses makes of them.
async fn counters_hold(bench: &Bench) {
    let kept = tallies(bench).await;
    bench.does(Effect::Recount).await.unwrap();
    assert_eq!(kept, tallies(bench).await);
}

async fn given(bench: &Bench, number: &str) -> u32 {
    let batches = bench.read(|store| store.batches(CENTRE)).await;
    batches.into_iter().find(|row| row.number == number).unwrap().given
}

async fn gives(bench: &mut Bench, person: PersonId, change: impl FnOnce(&mut NewDose)) -> Result<NewDose, Refusal> {
    let mut dose = bench.dose(person, None, 1);
    change(&mut dose);
    bench.does_about(person, Effect::Dose(Box::new(dose.clone()))).await.map(|_| dose)
}

#[tokio::test]
async fn only_a_batch_at_hand_in_date_not_stopped_and_not_empty_can_be_given() {
    on_every_engine(async |bench| {
        let yesterday = DAY.yesterday().unwrap();
        bench.does(Effect::Batch(batch("CX-1", 1))).await.unwrap();
        bench.does(Effect::Batch(BatchRow { expires: yesterday, ..batch("OLD", 9) })).await.unwrap();
        bench.does(Effect::Batch(batch("BAD", 9))).await.unwrap();
        bench.does(Effect::StopBatch { vaccine: Vaccine::Covaxin, number: "BAD".into() }).await.unwrap();
        let person = bench.person().await;
        type Spoiled = (&'static str, fn(&mut NewDose));
        let unusable: &[Spoiled] = &[
            ("unknown", |dose| dose.batch = "NONE".into()),
            ("at another centre", |dose| dose.centre = CentreId(999)),
            ("of another vaccine", |dose| dose.vaccine = Vaccine::Covishield),
            ("expired", |dose| dose.batch = "OLD".into()),
            ("stopped", |dose| dose.batch = "BAD".into()),
            ("expired by now", |dose| dose.day = DAY.tomorrow().unwrap()),
        ];
        for (why, change) in unusable {
            assert_eq!(gives(bench, person, change).await.unwrap_err(), Refusal::BatchUnusable, "{why}");
        }
        // On its last day it is good; and the last dose of it is the last.
        gives(bench, person, |_| ()).await.unwrap();
        let next = bench.person().await;
        assert_eq!(gives(bench, next, |_| ()).await.unwrap_err(), Refusal::BatchUnusable);
        assert_eq!(given(bench, "CX-1").await, 1);
        // A stopped batch stays stopped wherever it turns up next.
        bench.place(CentreId(602)).await;
        bench.does(Effect::Batch(BatchRow { centre: CentreId(602), ..batch("BAD", 9) })).await.unwrap();
        assert!(bench.read(|store| store.batches(CentreId(602))).await[0].stopped);
        counters_hold(bench).await;
    })
    .await;
}

#[tokio::test]
async fn a_dose_is_recorded_once_and_ends_the_appointment() {
    on_every_engine(async |bench| {
        bench.does(Effect::Batch(batch("CX-1", 9))).await.unwrap();
        let session = bench.session([1, 0, 0], 1).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let person = bench.member(&mut hold).await;
        let appointment = bench.books(&hold, person, session).await;
        let check_in = bench.check_in(appointment, person, session);
        let position = bench.does_about(person, Effect::CheckIn(check_in)).await.unwrap().position;
        let row = bench.row(person).await.appointments.remove(0);
        assert_eq!((row.status, row.factor, row.check_in), (Status::CheckedIn, Some(Factor::Code), Some(position)));

        let dose = bench.dose(person, Some(session), 1);
        bench.does_about(person, Effect::Dose(Box::new(dose.clone()))).await.unwrap();
        assert_eq!(bench.row(person).await.appointments[0].status, Status::Done);
        let again = gives(bench, person, |_| ()).await;
        assert_eq!(again.unwrap_err(), Refusal::AlreadyGiven);
        assert_eq!(given(bench, "CX-1").await, 1, "a refused dose draws nothing from the batch");
        bench.does(Effect::Observed { dose: dose.id }).await.unwrap();
        assert!(bench.read(move |store| store.dose(dose.id)).await.unwrap().observed);
        // What is done is not checked in again.
        let late = bench.check_in(appointment, person, session);
        assert_eq!(bench.refuses(Effect::CheckIn(late)).await, Refusal::NotFound);
        counters_hold(bench).await;
    })
    .await;
}

#[tokio::test]
async fn walk_ins_take_their_own_places() {
    on_every_engine(async |bench| {
        let session = bench.session([0, 0, 0], 1).await;
        let (one, two) = (bench.person().await, bench.person().await);
        let first = bench.walk_in(one, session, 1);
        let second = bench.walk_in(two, session, 1);
        bench.does_about(one, Effect::WalkIn(first)).await.unwrap();
        assert_eq!(bench.refuses(Effect::WalkIn(second)).await, Refusal::Full);
        assert_eq!(bench.row(one).await.appointments[0].status, Status::CheckedIn);
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_and_cards_are_counted_until_a_check_in() {
    on_every_engine(async |bench| {
        let session = bench.session([1, 0, 0], 0).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let person = bench.member(&mut hold).await;
        let appointment = bench.books(&hold, person, session).await;
        for left in [2, 1, 0, 0] {
            assert_eq!(bench.answers(Effect::WrongCode { appointment, person }).await, Answer::CodeWrong { left });
            assert_eq!(bench.answers(Effect::WrongCard { person }).await, Answer::CodeWrong { left });
        }
        assert_eq!(bench.row(person).await.appointments[0].wrong_codes, 4);
        let check_in = bench.check_in(appointment, person, session);
        bench.does_about(person, Effect::CheckIn(check_in)).await.unwrap();
        assert_eq!(bench.read(move |store| store.card(person)).await.unwrap().1, 0);
    })
    .await;
}

#[tokio::test]
async fn a_correction_replaces_the_dose_its_batch_and_its_certificate() {
    on_every_engine(async |bench| {
        bench.does(Effect::Batch(batch("CX-1", 9))).await.unwrap();
        bench.does(Effect::Batch(batch("CX-2", 1))).await.unwrap();
        let person = bench.person().await;
        let wrong = gives(bench, person, |_| ()).await.unwrap();
        let id = certify(bench, person, 1).await;

        let mut right = bench.dose(person, None, 1);
        right.batch = "NONE".into();
        let correct = |right: &NewDose| Effect::Correct { wrong: wrong.id, right: Box::new(right.clone()) };
        assert_eq!(bench.refuses(correct(&right)).await, Refusal::BatchUnusable);
        assert_eq!(given(bench, "CX-1").await, 1, "a refused correction takes nothing back");
        right.batch = "CX-2".into();
        bench.does_about(person, correct(&right)).await.unwrap();

        let doses = bench.row(person).await.doses;
        assert_eq!(doses.iter().map(|dose| (dose.id, dose.batch.as_str())).collect::<Vec<_>>(), [(right.id, "CX-2")]);
        assert_eq!((given(bench, "CX-1").await, given(bench, "CX-2").await), (0, 1));
        assert_eq!(bench.read(move |store| store.certificate_state(&id, 1)).await, Some(CertificateState::Corrected));
        assert_eq!(bench.refuses(correct(&right)).await, Refusal::NotFound, "what was corrected does not stand");
        counters_hold(bench).await;

        // The same batch on the same day: what it gives back can be given again.
        let mut same = bench.dose(person, None, 1);
        same.batch = "CX-2".into();
        bench.does_about(person, Effect::Correct { wrong: right.id, right: Box::new(same.clone()) }).await.unwrap();
        // Another day's dose is no longer to be corrected so.
        let mut late = bench.dose(person, None, 1);
        late.day = DAY.tomorrow().unwrap();
        assert_eq!(bench.refuses(Effect::Correct { wrong: same.id, right: Box::new(late) }).await, Refusal::NotFound);
        counters_hold(bench).await;
    })
    .await;
}

#[tokio::test]
async fn an_unattested_dose_is_attested_by_her_once() {
    on_every_engine(async |bench| {
        bench.does(Effect::Batch(batch("CX-1", 9))).await.unwrap();
        let (person, other) = (bench.person().await, bench.person().await);
        let dose = gives(bench, person, |dose| dose.factor = None).await.unwrap().id;
        assert!(!tallies(bench).await[0].attested);
        let attest = |person| Effect::Attest { dose, person, factor: Factor::Otp };
        assert_eq!(bench.refuses(attest(other)).await, Refusal::NotFound);
        bench.does_about(person, attest(person)).await.unwrap();
        assert_eq!(bench.refuses(attest(person)).await, Refusal::NotFound);
        let kept = tallies(bench).await;
        assert_eq!((kept.len(), kept[0].attested, kept[0].doses), (1, true, 1));
        counters_hold(bench).await;
    })
    .await;
}

async fn certify(bench: &mut Bench, person: PersonId, version: u32) -> [u8; 16] {
    let older = CertificateState::Extended;
    let id = [u8::try_from(version).unwrap(); 16];
    let certify = Certify { id, person, version, digest: [0; 32], issued_s: NOW / 1000, older };
    bench.does_about(person, Effect::Certify(certify)).await.unwrap();
    id
}

#[tokio::test]
async fn a_newer_certificate_supersedes_the_older() {
    on_every_engine(async |bench| {
        let person = bench.person().await;
        let (first, second) = (certify(bench, person, 1).await, certify(bench, person, 2).await);
        let state = |id: [u8; 16], version| move |store: &store::Reader| store.certificate_state(&id, version);
        assert_eq!(bench.read(state(first, 1)).await, Some(CertificateState::Extended));
        assert_eq!(bench.read(state(second, 2)).await, Some(CertificateState::Current));
        assert_eq!(bench.read(state([9; 16], 1)).await, None);
        assert_eq!(bench.read(move |store| store.newest_certificate(person)).await.unwrap().version, 2);
    })
    .await;
}

#[tokio::test]
async fn only_working_vaccinators_are_on_a_roster() {
    on_every_engine(async |bench| {
        let session = bench.session([1, 0, 0], 0).await;
        let staff = registry::StaffId::from_random([4; 16]);
        let put = |on| Effect::Roster { session, staff, on };
        assert_eq!(bench.refuses(put(true)).await, Refusal::NotFound);
        let new = store::rows::NewStaff {
            id: staff,
            login: "meera".into(),
            name: "Meera".into(),
            role: registry::Role::Vaccinator,
            centre: Some(CENTRE),
            password: "hash".into(),
            totp: vec![],
        };
        bench.does(Effect::Staff(Box::new(new.clone()))).await.unwrap();
        assert_eq!(bench.refuses(Effect::Staff(Box::new(new))).await, Refusal::Conflict);
        assert_eq!(bench.answers(put(true)).await, Answer::Count(1));
        assert_eq!(bench.answers(put(true)).await, Answer::Count(0));
        assert_eq!(bench.read(move |store| store.sessions_of(staff, DAY)).await, [session]);
        assert_eq!(bench.answers(put(false)).await, Answer::Count(1));
        assert!(!bench.read(move |store| store.is_rostered(session, staff)).await);
    })
    .await;
}
