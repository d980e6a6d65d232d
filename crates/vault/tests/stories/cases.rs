//! Her rights as cases: she files, two officers decide, and nobody looks without having the case.

use crate::world::{CENTRE, DAY, DAY_MS, World, slot};
use registry::case::{CaseNumber, Claim, FoundDose, MissingDose, Reason, State, Verdict};
use registry::{BirthYear, Factor, Gender, PersonId, Role, Vaccine};
use vault::{
    BookingRequest, Card, Citizen, Decision, Field, GrantKind, Joined, Judgement, Kind, Message, Purpose, Refused,
    Staff, Standing,
};

const PHONE: &str = "9876543210";

/// A world with two officers and a third.
pub(crate) async fn town() -> World {
    let world = World::new().await;
    for login in ["omar", "olga", "otto"] {
        world.hire(login, Role::Officer).await;
    }
    world
}

pub(crate) async fn files(world: &World, citizen: &Citizen, person: PersonId, claim: &Claim) -> CaseNumber {
    world.vault.file_case(citizen, person, claim, "as my document shows", &world.vault.draw()).await.unwrap()
}

pub(crate) fn yes(reason: Reason) -> Decision {
    Decision { verdict: Verdict::Accept, reason, found: None }
}

/// The first officer takes it and decides, the second takes it and judges.
pub(crate) async fn decides(
    world: &World,
    number: CaseNumber,
    decision: Decision,
    judgement: Judgement,
) -> Result<State, Refused> {
    let (omar, olga) = (world.staff("omar").await, world.staff("olga").await);
    let vault = &world.vault;
    vault.take_case(&omar, number).await?;
    vault.case_file(&omar, number).await?;
    vault.propose_case(&omar, number, decision).await?;
    vault.take_case(&olga, number).await?;
    vault.judge_case(&olga, number, judgement).await
}

async fn card(world: &World, phone: &str) -> (String, u16, Gender, usize) {
    let citizen = world.citizen(&world.signs_in(phone).await.token).await;
    let person = citizen.members()[0];
    let card = world.vault.disclose::<Card>(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap();
    (card.name.clone(), card.birth_year, card.gender, card.doses.len())
}

pub(crate) fn gone<T>(told: Result<T, Refused>) -> bool {
    told.is_err_and(|refused| matches!(refused, Refused::NotFound | Refused::Rule(vault::Refusal::NotFound)))
}

#[tokio::test]
async fn a_wrong_name_year_and_gender_are_put_right_by_two_officers() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Aasha Devy").await;
    world.vaccinates(&token, &asha).await;
    let person = asha.person();
    let claims = [
        Claim::Name("Asha Devi".parse().unwrap()),
        Claim::BirthYear(BirthYear::new(1981).unwrap()),
        Claim::Gender(Gender::Others),
    ];
    for claim in claims {
        world.pass(3_600_000);
        let token = world.signs_in(PHONE).await.token;
        let citizen = world.citizen(&token).await;
        let grant = citizen.grant(person).unwrap();
        let before = world.vault.certify(&citizen, &grant, person).await.unwrap();
        let (id, version) = (before.certificate.id, before.certificate.version);
        let number = files(&world, &citizen, person, &claim).await;
        assert_eq!(decides(&world, number, yes(Reason::Document), Judgement::Agree).await, Ok(State::Settled));
        // What the sign-in remembered is no longer right, so it ended; the certificate is of yesterday.
        assert!(world.vault.caller(&token, vault::Channel::Page).await.is_err());
        assert_eq!(world.vault.standing(id, version).await, Ok(Standing::Corrected));
        let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
        let after = world.vault.certify(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap();
        assert_eq!((after.certificate.id, after.certificate.version), (id, version + 1));
        let row = world.vault.case(&citizen, person, number).await.unwrap();
        assert_eq!((row.state, row.reason), (State::Settled, Some(Reason::Document)));
    }
    world.pass(3_600_000);
    assert_eq!(card(&world, PHONE).await, ("Asha Devi".into(), 1981, Gender::Others, 1));
}

#[tokio::test]
async fn every_step_and_every_look_stands_in_her_list_and_a_letter_waits() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Aasha Devy").await;
    let person = asha.person();
    let citizen = world.citizen(&token).await;
    let number = files(&world, &citizen, person, &Claim::Name("Asha Devi".parse().unwrap())).await;
    let reveals = world.count(Kind::Reveal).await;
    assert_eq!(decides(&world, number, yes(Reason::Register), Judgement::Agree).await, Ok(State::Settled));
    assert_eq!(world.count(Kind::Reveal).await, reveals + 1, "one look, one entry");

    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let looks = world.vault.looks(&citizen, person, 50).await.unwrap();
    let (omar, olga) = (world.id_of("omar").code(), world.id_of("olga").code());
    let by_case: Vec<_> = looks.looks.iter().rev().filter(|look| look.purpose == Purpose::Case).collect();
    let told: Vec<_> =
        by_case.iter().map(|look| (look.kind, look.grant, look.actor.as_str(), look.fields.len())).collect();
    assert_eq!(
        told,
        [
            (Kind::Case, GrantKind::CitizenOtp, "self", 0),
            (Kind::Case, GrantKind::Case, omar.as_str(), 0),
            (Kind::Reveal, GrantKind::Case, omar.as_str(), 2),
            (Kind::Case, GrantKind::Case, omar.as_str(), 0),
            (Kind::Case, GrantKind::Case, olga.as_str(), 0),
            (Kind::Use, GrantKind::Case, olga.as_str(), 1),
            (Kind::Case, GrantKind::Case, olga.as_str(), 0),
        ]
    );
    assert_eq!(by_case[2].fields, [Field::Name, Field::Case]);
    // Told when each of the two took it, and when it was settled; never what it is about.
    world.vault.send_notices().await.unwrap();
    let letters =
        world.outbox.sent.lock().unwrap().iter().filter(|sent| **sent == (PHONE.into(), Message::Letter)).count();
    assert_eq!(letters, 3);
}

#[tokio::test]
async fn nobody_looks_or_decides_who_does_not_have_the_case() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Aasha Devy").await;
    let citizen = world.citizen(&token).await;
    let vault = &world.vault;
    let number = files(&world, &citizen, asha.person(), &Claim::Name("Asha Devi".parse().unwrap())).await;
    let (omar, olga, otto) = (world.staff("omar").await, world.staff("olga").await, world.staff("otto").await);
    let meera = world.staff("meera").await;
    assert_eq!(vault.case_queue(&meera).await.err(), Some(Refused::WrongRole));
    assert_eq!(vault.take_case(&meera, number).await.err(), Some(Refused::WrongRole));
    assert_eq!(vault.case_file(&meera, number).await.err(), Some(Refused::WrongRole));
    let nobodys = CaseNumber::from_random([9; 8]);
    assert!(gone(vault.take_case(&omar, nobodys).await) && gone(vault.case_file(&omar, nobodys).await));

    let reveals = world.count(Kind::Reveal).await;
    assert!(gone(vault.case_file(&omar, number).await), "not taken");
    vault.take_case(&omar, number).await.unwrap();
    assert!(gone(vault.take_case(&olga, number).await), "taken already");
    assert!(gone(vault.case_file(&olga, number).await), "in another's hands");
    assert!(gone(vault.propose_case(&olga, number, yes(Reason::Document)).await));
    assert!(gone(vault.judge_case(&omar, number, Judgement::Agree).await), "one officer is not two");
    let foreign = vault.propose_case(&omar, number, yes(Reason::NothingAgainst)).await;
    assert!(matches!(foreign, Err(Refused::Malformed(_))), "a reason of another kind");
    vault.propose_case(&omar, number, yes(Reason::Document)).await.unwrap();
    assert!(gone(vault.case_file(&omar, number).await), "given on");
    assert!(gone(vault.take_case(&omar, number).await), "the same officer twice");
    vault.take_case(&olga, number).await.unwrap();
    assert!(
        gone(vault.case_file(&otto, number).await) && gone(vault.judge_case(&otto, number, Judgement::Agree).await)
    );
    vault.put_back_case(&olga, number).await.unwrap();
    assert!(gone(vault.case_file(&olga, number).await), "put back");
    vault.take_case(&otto, number).await.unwrap();
    assert_eq!(world.count(Kind::Reveal).await, reveals, "whoever was refused left no look");
    assert_eq!(vault.judge_case(&otto, number, Judgement::Agree).await, Ok(State::Settled));
    assert!(gone(vault.case_file(&otto, number).await), "settled");
    assert!(gone(vault.judge_case(&otto, number, Judgement::Agree).await));
}

#[tokio::test]
async fn what_one_would_do_and_the_other_not_is_not_done() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Aasha Devy").await;
    let citizen = world.citizen(&token).await;
    let claim = Claim::Name("Asha Devi".parse().unwrap());
    let number = files(&world, &citizen, asha.person(), &claim).await;
    let no = || Decision { verdict: Verdict::Refuse, reason: Reason::Unclear, found: None };
    // Nobody is refused by one alone.
    assert_eq!(decides(&world, number, no(), Judgement::Afresh).await, Ok(State::Filed));
    let row = world.vault.case(&citizen, asha.person(), number).await.unwrap();
    assert_eq!((row.first, row.second, row.verdict, row.reason), (None, None, None, None));
    let against = Judgement::Against(Reason::DocumentDiffers);
    assert_eq!(decides(&world, number, yes(Reason::Document), against).await, Ok(State::Refused));
    let row = world.vault.case(&citizen, asha.person(), number).await.unwrap();
    assert_eq!((row.verdict, row.reason), (Some(Verdict::Refuse), Some(Reason::DocumentDiffers)));
    let again = files(&world, &citizen, asha.person(), &claim).await;
    assert_eq!(decides(&world, again, no(), Judgement::Agree).await, Ok(State::Refused));
    assert_eq!(card(&world, PHONE).await.0, "Aasha Devy");
}

#[tokio::test]
async fn a_case_that_she_took_back_or_that_ended_opens_nothing() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Aasha Devy").await;
    let person = asha.person();
    let citizen = world.citizen(&token).await;
    let claim = Claim::Name("Asha Devi".parse().unwrap());
    let (once, vault): ([u8; 16], _) = (world.vault.draw(), &world.vault);
    let number = vault.file_case(&citizen, person, &claim, "", &once).await.unwrap();
    assert_eq!(vault.file_case(&citizen, person, &claim, "", &once).await, Ok(number), "sent twice, filed once");
    let second = vault.file_case(&citizen, person, &claim, "", &world.vault.draw()).await;
    assert_eq!(second, Err(vault::Refusal::Conflict.into()), "one of a kind at a time");

    let (other, sita) = world.family("9876543211", "Sita").await;
    let other = world.citizen(&other).await;
    assert!(gone(vault.case(&other, person, number).await) && gone(vault.case(&other, sita.person(), number).await));
    assert!(gone(vault.withdraw_case(&other, sita.person(), number).await));
    assert!(gone(vault.file_case(&other, person, &claim, "", &once).await));

    let omar = world.staff("omar").await;
    vault.take_case(&omar, number).await.unwrap();
    let citizen = world.citizen(&token).await;
    vault.withdraw_case(&citizen, person, number).await.unwrap();
    assert!(gone(vault.case_file(&omar, number).await));
    assert!(gone(vault.propose_case(&omar, number, yes(Reason::Document)).await));
    assert!(gone(vault.withdraw_case(&citizen, person, number).await));
    assert!(vault.case_queue(&omar).await.unwrap().is_empty());

    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let number = files(&world, &citizen, person, &claim).await;
    // A phone that is silent for ninety days is asked for more than a code.
    world.pass(45 * DAY_MS);
    world.signs_in(PHONE).await;
    world.pass(45 * DAY_MS - 6 * 60_000);
    let omar = world.staff("omar").await;
    vault.take_case(&omar, number).await.unwrap();
    assert!(vault.case_file(&omar, number).await.is_ok());
    world.pass(6 * 60_000);
    assert!(gone(vault.case_file(&omar, number).await));
    assert!(gone(vault.propose_case(&omar, number, yes(Reason::Document)).await));
    // It stands in nobody's way: another of its kind can be filed.
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    files(&world, &citizen, person, &claim).await;
}

#[tokio::test]
async fn a_dose_that_is_not_hers_is_struck_out_and_kept() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let person = asha.person();
    let citizen = world.citizen(&token).await;
    let dose = world.store.read(move |store| store.person(person)).await.unwrap().unwrap().doses[0].id;
    let certificate = world.vault.certify(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap();
    let number = files(&world, &citizen, person, &Claim::NotMine(dose)).await;
    let tallied =
        |store: &store::Reader| Ok(store.tallies(None, DAY, DAY)?.iter().map(|tally| tally.doses).sum::<u32>());
    assert_eq!(world.store.read(tallied).await.unwrap(), 1);
    assert_eq!(decides(&world, number, yes(Reason::Register), Judgement::Agree).await, Ok(State::Settled));
    assert_eq!(world.store.read(tallied).await.unwrap(), 0);
    let (id, version) = (certificate.certificate.id, certificate.certificate.version);
    assert_eq!(world.vault.standing(id, version).await, Ok(Standing::Corrected));
    let citizen = world.citizen(&token).await;
    let none = world.vault.certify(&citizen, &citizen.grant(person).unwrap(), person).await;
    assert!(gone(none), "there is nothing left to certify");
    let case = world.vault.case(&citizen, person, number).await.unwrap().id;
    let by = world.store.read(move |store| store.struck_by(dose)).await.unwrap();
    assert_eq!(by, Some(*case.bytes()), "the row stays and says why");
    assert!(gone(world.vault.file_case(&citizen, person, &Claim::NotMine(dose), "", &[1; 16]).await));
    // Her own first dose is still to come, and can be booked.
    let wish = BookingRequest { people: vec![person], session: world.session, slot: slot(), dose: 1 };
    assert!(world.vault.book(&citizen, wish).await.is_ok());
}

#[tokio::test]
async fn a_missing_dose_is_added_when_a_session_and_a_batch_are_named_that_fit() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let person = asha.person();
    let citizen = world.citizen(&token).await;
    let remembered = MissingDose::new(Vaccine::Covaxin, 1, DAY, "Civil Lines", DAY).unwrap();
    let number = files(&world, &citizen, person, &Claim::Missing(remembered)).await;
    let vault = &world.vault;
    let omar = world.staff("omar").await;
    vault.take_case(&omar, number).await.unwrap();
    let file = vault.case_file(&omar, number).await.unwrap();
    assert_eq!(
        (file.name.as_deref(), file.birth_year, file.gender),
        (Some("Asha Devi"), Some(1983), Some(Gender::Female))
    );
    assert!(matches!(&file.claim, Claim::Missing(dose) if dose.place == "Civil Lines"));
    let found = FoundDose { centre: CENTRE, vaccine: Vaccine::Covaxin, number: 1, batch: "CX-1".into(), day: DAY };
    let wrong: [fn(&mut FoundDose); 5] = [
        |found| found.batch = "CX-9".into(),
        |found| found.centre = registry::CentreId(999),
        |found| found.vaccine = Vaccine::Covishield,
        |found| found.day = DAY.yesterday().unwrap(),
        |found| found.number = 4,
    ];
    let accept = |found| Decision { verdict: Verdict::Accept, reason: Reason::Register, found };
    assert!(matches!(vault.propose_case(&omar, number, accept(None)).await, Err(Refused::Malformed(_))));
    for change in wrong {
        let mut found = found.clone();
        change(&mut found);
        assert!(matches!(vault.propose_case(&omar, number, accept(Some(found))).await, Err(Refused::Malformed(_))));
    }
    vault.propose_case(&omar, number, accept(Some(found))).await.unwrap();
    let olga = world.staff("olga").await;
    vault.take_case(&olga, number).await.unwrap();
    assert_eq!(vault.judge_case(&olga, number, Judgement::Agree).await, Ok(State::Settled));

    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let certified = vault.certify(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap();
    let dose = &certified.certificate.doses[0];
    assert_eq!((dose.number, dose.batch.as_str(), dose.vaccinated_by.as_deref()), (1, "CX-1", None));
    let row = world.store.read(move |store| store.person(person)).await.unwrap().unwrap();
    assert_eq!(row.doses[0].factor, Some(Factor::Case));
    let counted = world.store.read(|store| store.tallies(None, DAY, DAY)).await.unwrap();
    assert_eq!((counted[0].age_from, counted[0].gender, counted[0].doses), (40, Gender::Female, 1));
}

#[tokio::test]
async fn a_problem_after_a_dose_becomes_a_report_under_her_own_key() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let person = asha.person();
    let citizen = world.citizen(&token).await;
    let number = world.vault.file_case(&citizen, person, &Claim::Aefi, "a rash on both arms", &[4; 16]).await.unwrap();
    let (omar, olga): (Staff, Staff) = (world.staff("omar").await, world.staff("olga").await);
    world.vault.take_case(&omar, number).await.unwrap();
    assert_eq!(world.vault.case_file(&omar, number).await.unwrap().words, "a rash on both arms");
    world.vault.propose_case(&omar, number, yes(Reason::NothingAgainst)).await.unwrap();
    world.vault.take_case(&olga, number).await.unwrap();
    assert_eq!(world.vault.judge_case(&olga, number, Judgement::Agree).await, Ok(State::Settled));
    let row = world.store.read(move |store| store.person(person)).await.unwrap().unwrap();
    assert!(row.fields.iter().any(|field| field.field == Field::Aefi.wire() && field.version == 1));
    // Nothing that a sign-in remembers has changed, so hers goes on.
    assert!(world.vault.caller(&token, vault::Channel::Page).await.is_ok());
}

#[tokio::test]
async fn two_records_are_joined_when_both_phones_say_so_and_taken_apart_again() {
    let world = town().await;
    let other_phone = "9876543211";
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let (theirs, second) = world.family(other_phone, "Asha Devi").await;
    world.vaccinates(&theirs, &second).await;
    let vault = &world.vault;
    let citizen = world.citizen(&token).await;
    let number = files(&world, &citizen, asha.person(), &Claim::Duplicate).await;
    let omar = world.staff("omar").await;
    assert!(vault.case_queue(&omar).await.unwrap().is_empty() && gone(vault.take_case(&omar, number).await));
    assert!(gone(vault.join_case(&citizen, asha.person(), number).await), "one record is not two");
    assert!(gone(vault.join_case(&citizen, second.person(), number).await), "not with this phone");
    let other = world.citizen(&theirs).await;
    let nobodys = CaseNumber::from_random([9; 8]);
    let refusals = world.count(Kind::Refused).await;
    assert!(gone(vault.join_case(&other, second.person(), nobodys).await));
    assert_eq!(world.count(Kind::Refused).await, refusals + 1, "a guess is written down");
    vault.join_case(&other, second.person(), number).await.unwrap();

    let reveals = world.count(Kind::Reveal).await;
    assert_eq!(decides(&world, number, yes(Reason::NothingAgainst), Judgement::Agree).await, Ok(State::Settled));
    assert_eq!(world.count(Kind::Reveal).await, reveals + 2, "two people shown, two entries");
    let citizen = world.citizen(&token).await;
    let certificate = vault.certify(&citizen, &citizen.grant(asha.person()).unwrap(), asha.person()).await.unwrap();
    assert_eq!(certificate.certificate.doses.len(), 1, "the doses of both are hers");
    assert_eq!(vault.joined(&citizen, asha.person()).await, Ok(Joined::With));
    let other = world.citizen(&theirs).await;
    assert_eq!(vault.joined(&other, second.person()).await, Ok(Joined::Elsewhere));
    let none = vault.certify(&other, &other.grant(second.person()).unwrap(), second.person()).await;
    assert!(gone(none), "one dose stands on one certificate");
    let wish = BookingRequest { people: vec![second.person()], session: world.session, slot: slot(), dose: 1 };
    assert_eq!(vault.book(&other, wish).await, Err(vault::Refusal::Conflict.into()));
    // Both lists tell of the case and of the officers' looks.
    for (citizen, person) in [(&citizen, asha.person()), (&other, second.person())] {
        let looks = vault.looks(citizen, person, 50).await.unwrap();
        let by_officers = looks.looks.iter().filter(|look| look.grant == GrantKind::Case && look.kind == Kind::Reveal);
        assert_eq!(by_officers.count(), 1);
    }

    assert!(gone(vault.part_records(&other, asha.person()).await), "not with this phone");
    vault.part_records(&other, second.person()).await.unwrap();
    assert_eq!(vault.joined(&citizen, asha.person()).await, Ok(Joined::No));
    assert!(gone(vault.part_records(&citizen, asha.person()).await));
    let (id, version) = (certificate.certificate.id, certificate.certificate.version);
    assert_eq!(vault.standing(id, version).await, Ok(Standing::Corrected));
    assert!(vault.certify(&other, &other.grant(second.person()).unwrap(), second.person()).await.is_ok());
}

#[tokio::test]
async fn two_members_of_one_phone_are_joined_by_the_one_sign_in_and_either_takes_it_back() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let twice = world.vault.register(&citizen, crate::world::person("Asha Devi", 1983)).await.unwrap();
    let citizen = world.citizen(&token).await;
    let number = files(&world, &citizen, asha.person(), &Claim::Duplicate).await;
    world.vault.join_case(&citizen, twice.person(), number).await.unwrap();
    assert_eq!(world.vault.case(&citizen, twice.person(), number).await.unwrap().state, State::Filed);
    world.vault.withdraw_case(&citizen, twice.person(), number).await.unwrap();
    let omar = world.staff("omar").await;
    assert!(gone(world.vault.take_case(&omar, number).await));
}
