//! A vaccinator and a person who is there, or says so.

use crate::world::{DAY, DAY_MS, World, given, new_session, person};
use futures_util::future::join_all;
use registry::{Reference, SessionId};
use vault::{Card, Effect, Evidence, Given, Kind, Patient, Refusal, Refused, Reported};

fn wrong(left: u8) -> Refused {
    Refused::Wrong { left }
}

#[tokio::test]
async fn three_wrong_codes_and_only_another_factor_helps() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    world.books(&token, vec![asha.person()]).await;
    let right = world.slip_code(&token, asha.person()).await;
    let bad = if right == "0000" { "1111" } else { "0000" };
    let meera = world.staff("meera").await;
    let tries = async |code: &str| {
        world.vault.check_in(&meera, world.session, &asha.reference, &Evidence::Code(code.into())).await
    };
    for left in [2, 1, 0] {
        assert_eq!(tries(bad).await.unwrap_err(), wrong(left));
    }
    assert_eq!(tries(&right).await.unwrap_err(), wrong(0));
    // Each wrong one stands in her list.
    assert_eq!(world.count(Kind::Refused).await, 3);

    // A code to her phone lets her in.
    let transaction = world.vault.send_presence_code(&meera, world.session, &asha.reference).await.unwrap();
    let code = world.arrived("9876543210").await;
    let otp = Evidence::Otp { transaction, code };
    world.vault.check_in(&meera, world.session, &asha.reference, &otp).await.unwrap();
}

#[tokio::test]
async fn codes_tried_side_by_side_are_counted_one_by_one() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    world.books(&token, vec![asha.person()]).await;
    let right: u16 = world.slip_code(&token, asha.person()).await.parse().unwrap();
    let meera = world.staff("meera").await;
    // Twelve wrong ones queue up before the right one.
    let codes: Vec<_> = (1..=12).map(|n| (right + n) % 10_000).chain([right]).collect();
    let evidence: Vec<_> = codes.iter().map(|code| Evidence::Code(format!("{code:04}"))).collect();
    let tries = evidence.iter().map(|evidence| world.vault.check_in(&meera, world.session, &asha.reference, evidence));
    let outcomes = join_all(tries).await;
    let row = world
        .store
        .read({
            let person = asha.person();
            move |store| store.person(person)
        })
        .await
        .unwrap()
        .unwrap();
    let wrong_codes = row.appointments[0].wrong_codes;
    let let_in = outcomes.iter().any(Result::is_ok);
    assert!(wrong_codes <= 3, "{wrong_codes} wrong codes were weighed");
    assert!(!let_in || wrong_codes < 3);
    assert!(
        outcomes
            .iter()
            .filter(|one| one.is_err())
            .all(|one| matches!(one, Err(Refused::Wrong { .. } | Refused::Unavailable)))
    );
}

#[tokio::test]
async fn a_walk_in_comes_with_a_card() {
    let world = World::new().await;
    let meera = world.staff("meera").await;
    let registered = world.vault.register_at(&meera, crate::world::CENTRE, None, person("Ravi", 1960)).await.unwrap();
    let card = registered.card.clone().unwrap();
    assert_eq!(card.len(), 8);
    let shows = async |digits: &str| {
        world.vault.check_in(&meera, world.session, &registered.reference, &Evidence::Card(digits.into())).await
    };
    // A code of no booking is as good as a reference of no one.
    let code = Evidence::Code("1234".into());
    assert_eq!(
        world.vault.check_in(&meera, world.session, &registered.reference, &code).await.unwrap_err(),
        Refused::NotFound
    );
    assert_eq!(shows("00000000").await.unwrap_err(), wrong(2));
    let (id, nth) = shows(&format!("{} {}", &card[..4], &card[4..])).await.unwrap();
    let dose = world.vault.record_dose(&meera, id, nth, given("CX-1")).await.unwrap();
    assert!(dose.attested);
    // She has no phone: nothing is sent, and nothing is stuck.
    assert_eq!(
        world.vault.send_presence_code(&meera, world.session, &registered.reference).await.unwrap_err(),
        Refused::NotFound
    );
    world.vault.send_notices().await.unwrap();
    assert!(world.outbox.sent.lock().unwrap().is_empty());
    // The walk-in place is hers.
    let offer = world.vault.session(world.session).await.unwrap();
    assert_eq!((offer.session.walk_in.open, offer.session.walk_in.booked), (19, 1));
}

#[tokio::test]
async fn presence_ends_at_midnight_and_is_the_rostered_vaccinators_own() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let (id, nth) = world.vaccinates(&token, &asha).await;
    let farida = world.staff("farida").await;
    assert!(matches!(world.vault.present(&farida, id, nth).await, Err(Refused::NotRostered)));
    assert_eq!(world.vault.at_work(&farida, world.session).await.map(|_| ()).unwrap_err(), Refused::NotRostered);
    let evidence = Evidence::Code("1234".into());
    assert_eq!(
        world.vault.check_in(&farida, world.session, &asha.reference, &evidence).await.unwrap_err(),
        Refused::NotRostered
    );

    // A grant is good in the hands of whom it was given to, and for its person alone.
    let meera = world.staff("meera").await;
    let (grant, row) = world.vault.present(&meera, id, nth).await.unwrap();
    assert!(matches!(world.vault.disclose::<Patient>(&farida, &grant, row.person).await, Err(Refused::NotFound)));
    let (_, ravi) = world.family("9876543211", "Ravi").await;
    assert!(matches!(world.vault.disclose::<Patient>(&meera, &grant, ravi.person()).await, Err(Refused::NotFound)));

    world.pass(DAY_MS);
    let meera = world.staff("meera").await;
    assert!(matches!(world.vault.present(&meera, id, nth).await, Err(Refused::NotRostered)));
}

#[tokio::test]
async fn who_is_not_checked_in_is_shown_to_nobody() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let appointment = world.books(&token, vec![asha.person()]).await;
    let meera = world.staff("meera").await;
    let reveals = world.count(Kind::Reveal).await;
    assert!(matches!(world.vault.present(&meera, appointment, 0).await, Err(Refused::NotFound)));
    assert!(matches!(world.vault.record_dose(&meera, appointment, 0, given("CX-1")).await, Err(Refused::NotFound)));
    assert!(matches!(world.vault.screen(&meera, appointment, 0, "fever=no").await, Err(Refused::NotFound)));
    assert_eq!(world.count(Kind::Reveal).await, reveals);
    // A reference of no one is a look-up like any other.
    let lookups = world.count(Kind::Lookup).await;
    let no_one = Reference::from_random([3; 8]);
    let outcome = world.vault.check_in(&meera, world.session, &no_one, &Evidence::Code("1234".into())).await;
    assert_eq!(outcome.unwrap_err(), Refused::NotFound);
    assert_eq!(world.count(Kind::Lookup).await, lookups + 1);
}

#[tokio::test]
async fn a_code_sent_for_a_sign_in_shows_no_presence() {
    let world = World::new().await;
    let (_, asha) = world.family("9876543210", "Asha Devi").await;
    let (transaction, code) = world.code("9876543210", vault::CodeFor::SignIn).await;
    let meera = world.staff("meera").await;
    let otp = Evidence::Otp { transaction, code };
    let outcome = world.vault.check_in(&meera, world.session, &asha.reference, &otp).await;
    assert_eq!(outcome.unwrap_err(), Refusal::CodeGone.into());
}

#[tokio::test]
async fn an_early_dose_needs_a_reason_and_a_stopped_batch_is_a_hard_stop() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    // She comes to another session of the day, far before her second dose, and gets a code to her phone.
    let (session, staff) = (SessionId::from_random([2; 16]), world.id_of("meera"));
    let manager = world.staff("manager").await;
    let publish = Effect::Publish(Box::new(new_session(session, DAY)));
    world.vault.plan(&manager, Effect::All(vec![publish, Effect::Roster { session, staff, on: true }])).await.unwrap();
    let meera = world.staff("meera").await;
    let transaction = world.vault.send_presence_code(&meera, session, &asha.reference).await.unwrap();
    let code = world.arrived("9876543210").await;
    let otp = Evidence::Otp { transaction, code };
    let (id, nth) = world.vault.check_in(&meera, session, &asha.reference, &otp).await.unwrap();
    let early = world.vault.record_dose(&meera, id, nth, given("CX-1")).await;
    assert!(matches!(early, Err(Refused::Ineligible(registry::Ineligible::TooEarly { .. }))));
    let manager = world.staff("manager").await;
    let stop = Effect::StopBatch { vaccine: registry::Vaccine::Covaxin, number: "CX-1".into() };
    world.vault.plan(&manager, stop).await.unwrap();
    assert_eq!(world.vault.batches_at_hand(&meera, world.session).await.unwrap().len(), 1);
    let reason = |batch: &str| Given { batch: batch.into(), early_reason: Some("leaves for abroad".into()) };
    assert_eq!(
        world.vault.record_dose(&meera, id, nth, reason("CX-1")).await.map(|_| ()).unwrap_err(),
        Refusal::BatchUnusable.into()
    );
    world.vault.record_dose(&meera, id, nth, reason("CX-2")).await.unwrap();
}

#[tokio::test]
async fn a_dose_reported_by_reference_tells_nothing_and_certifies_nothing_until_attested() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let meera = world.staff("meera").await;
    let reported = || Reported {
        centre: crate::world::CENTRE,
        vaccine: registry::Vaccine::Covaxin,
        batch: "CX-1".into(),
        dose: 1,
    };
    // No one's reference, a first report and a repeated one are answered alike.
    for reference in [Reference::from_random([3; 8]), asha.reference, asha.reference] {
        world.vault.record_dose_by_reference(&meera, &reference, &reported()).await.unwrap();
    }
    let citizen = world.citizen(&token).await;
    let (person, grant) = (asha.person(), citizen.grant(asha.person()).unwrap());
    let card = world.vault.disclose::<Card>(&citizen, &grant, person).await.unwrap();
    assert_eq!((card.doses.len(), card.doses[0].factor), (1, None));
    assert!(matches!(world.vault.certify(&citizen, &grant, person).await, Err(Refused::NotFound)));
    world.vault.attest(&citizen, person, card.doses[0].id).await.unwrap();
    assert_eq!(world.vault.certify(&citizen, &grant, person).await.unwrap().certificate.doses.len(), 1);
}
