//! Her rights in person: cases filed before a vaccinator.

use crate::world::{World, given, person};
use registry::case::{Claim, Reason, State, Verdict};
use registry::{BirthYear, Role};
use vault::{Decision, Evidence, GrantKind, Judgement, Kind, Message, Purpose, Refused};

const PHONE: &str = "9876543210";

/// A world with two officers.
async fn town() -> World {
    let world = World::new().await;
    for login in ["omar", "olga"] {
        world.hire(login, Role::Officer).await;
    }
    world
}

#[tokio::test]
async fn a_case_is_filed_by_whoever_is_there_and_two_officers_decide_it() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let place = world.vaccinates(&token, &asha).await;
    let vault = &world.vault;
    let claim = Claim::BirthYear(BirthYear::new(1981).unwrap());
    let meera = world.staff("meera").await;
    let once = vault.draw();
    let number = vault.file_case_present(&meera, place, &claim, "her card shows it", &once).await.unwrap();
    assert_eq!(vault.file_case_present(&meera, place, &claim, "", &once).await, Ok(number), "sent twice, filed once");
    // The phone on record is told, and nothing of what it is about.
    vault.send_notices().await.unwrap();
    assert_eq!(world.outbox.sent.lock().unwrap().last(), Some(&(PHONE.to_owned(), Message::Letter)));
    let (omar, olga) = (world.staff("omar").await, world.staff("olga").await);
    vault.take_case(&omar, number).await.unwrap();
    assert_eq!(vault.case_file(&omar, number).await.unwrap().words, "her card shows it");
    let decision = Decision { verdict: Verdict::Accept, reason: Reason::Document, found: None };
    vault.propose_case(&omar, number, decision).await.unwrap();
    vault.take_case(&olga, number).await.unwrap();
    assert_eq!(vault.judge_case(&olga, number, Judgement::Agree).await, Ok(State::Settled));
    let meera = world.staff("meera").await;
    assert_eq!(vault.case_present(&meera, place, number).await.unwrap().state, State::Settled);

    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let row = vault.case(&citizen, asha.person(), number).await.unwrap();
    assert_eq!(row.centre, Some(crate::world::CENTRE));
    let looks = vault.looks(&citizen, asha.person(), 50).await.unwrap();
    let filed = looks.looks.iter().rfind(|look| look.purpose == Purpose::Case).unwrap();
    let code = world.id_of("meera").code();
    assert_eq!((filed.kind, filed.grant, &filed.actor), (Kind::Case, GrantKind::Presence, &code));
}

#[tokio::test]
async fn nobody_files_for_who_is_not_there() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let vault = &world.vault;
    let claim = Claim::Aefi;
    let booked = world.books(&token, vec![asha.person()]).await;
    let code = world.slip_code(&token, asha.person()).await;
    let (meera, farida) = (world.staff("meera").await, world.staff("farida").await);
    let cases = world.count(Kind::Case).await;
    let early = vault.file_case_present(&meera, (booked, 0), &claim, "a rash", &[1; 16]).await;
    assert_eq!(early.err(), Some(Refused::NotFound), "booked is not there");
    let place = vault.check_in(&meera, world.session, &asha.reference, &Evidence::Code(code)).await.unwrap();
    let elsewhere = vault.file_case_present(&farida, place, &claim, "a rash", &[1; 16]).await;
    assert_eq!(elsewhere.err(), Some(Refused::NotRostered));
    assert_eq!(world.count(Kind::Case).await, cases);
    let number = vault.file_case_present(&meera, place, &claim, "a rash", &[1; 16]).await.unwrap();
    vault.record_dose(&meera, place.0, place.1, given("CX-1")).await.unwrap();
    // Another person who is there does not read it.
    let ravi = vault.register_at(&meera, crate::world::CENTRE, None, person("Ravi", 1960)).await.unwrap();
    let card = Evidence::Card(ravi.card.clone().unwrap());
    let his = vault.check_in(&meera, world.session, &ravi.reference, &card).await.unwrap();
    assert_eq!(vault.case_present(&meera, his, number).await.err(), Some(Refused::NotFound));
    assert!(vault.case_present(&meera, place, number).await.is_ok());
    // Tomorrow she is not there any more.
    world.pass(crate::world::DAY_MS);
    let meera = world.staff("meera").await;
    assert_eq!(vault.case_present(&meera, place, number).await.err(), Some(Refused::NotRostered));
}
