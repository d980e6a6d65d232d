//! A person is vaccinated, end to end.

use crate::world::{CENTRE, DAY, World, given, person, slot};
use credential::{qr, verify};
use vault::{Card, Channel, Effect, Evidence, GrantKind, Kind, Message, Patient, Purpose, Refused, Standing};

#[tokio::test]
async fn a_person_is_vaccinated_end_to_end() {
    let world = World::new().await;
    let vault = &world.vault;
    let opened = world.signs_in("9876543210").await;
    assert!(opened.is_new);
    let citizen = world.citizen(&opened.token).await;
    let registered = vault.register(&citizen, person("Asha Devi", 1983)).await.unwrap();
    let asha = registered.person();

    // The same sign-in knows her now, and books without opening anything.
    let uses = world.count(Kind::Use).await;
    let appointment = world.books(&opened.token, vec![asha]).await;
    assert_eq!(world.count(Kind::Use).await, uses);
    let code = world.slip_code(&opened.token, asha).await;
    assert_eq!(vault.send_notices().await.unwrap(), 1);
    let told = world.outbox.sent.lock().unwrap().pop().unwrap();
    let centre = "Aruna Asaf Ali Hospital".to_owned();
    assert_eq!(told, ("9876543210".to_owned(), Message::Appointment { centre, day: DAY, slot: slot() }));

    let meera = world.staff("meera").await;
    assert_eq!(vault.sessions_today(&meera).await.unwrap().len(), 1);
    let row = vault.session_list(&meera, world.session).await.unwrap().remove(0);
    assert_eq!((row.appointment, row.nth, row.reference_last_four), (appointment, 0, registered.reference.last_four()));
    let (id, nth) = vault.check_in(&meera, world.session, &registered.reference, &Evidence::Code(code)).await.unwrap();
    assert_eq!((id, nth), (appointment, 0));
    let (grant, row) = vault.present(&meera, id, nth).await.unwrap();
    let patient = vault.disclose::<Patient>(&meera, &grant, row.person).await.unwrap();
    assert_eq!((patient.name.as_str(), patient.birth_year), ("Asha Devi", 1983));
    vault.screen(&meera, id, nth, "fever=no&allergy=no").await.unwrap();
    let patient = vault.disclose::<Patient>(&meera, &grant, row.person).await.unwrap();
    assert_eq!(patient.screening.as_deref(), Some("fever=no&allergy=no"));
    let dose = vault.record_dose(&meera, id, nth, given("CX-1")).await.unwrap();
    assert!(dose.attested);
    vault.report_aefi(&meera, id, nth, "a sore arm").await.unwrap();
    let waiting = vault.observations(&meera, world.session).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].until_ms), (1, dose.observe_until_ms));
    vault.end_observation(&meera, dose.id).await.unwrap();
    assert!(vault.observations(&meera, world.session).await.unwrap().is_empty());

    let citizen = world.citizen(&opened.token).await;
    let grant = citizen.grant(asha).unwrap();
    let certified = vault.certify(&citizen, &grant, asha).await.unwrap();
    let read = verify(qr::to_text(&certified.cwt).as_bytes(), &[vault.issuer_key().clone()]).unwrap();
    assert_eq!((read.name.as_str(), read.doses[0].batch.as_str(), read.doses[0].date), ("Asha Devi", "CX-1", DAY));
    assert_eq!(vault.standing(read.id, read.version).await.unwrap(), Standing::Current);

    let card = vault.disclose::<Card>(&citizen, &grant, asha).await.unwrap();
    assert_eq!((card.reference.as_str(), card.doses.len()), (registered.reference.digits().as_str(), 1));
}

#[tokio::test]
async fn she_finds_every_entry_about_her_and_none_is_missing() {
    let world = World::new().await;
    let (token, registered) = world.family("9876543210", "Asha Devi").await;
    world.books(&token, vec![registered.person()]).await;
    world.vault.send_notices().await.unwrap();
    // She asks for the same booking again, and is vaccinated.
    world.vaccinates(&token, &registered).await;
    let citizen = world.citizen(&token).await;
    let looks = world.vault.looks(&citizen, registered.person(), 1000).await.unwrap();
    assert_eq!(looks.looks.len() as u64, looks.count);

    let told: Vec<_> = looks.looks.iter().rev().map(|l| (l.kind, l.grant, l.purpose, l.actor.clone())).collect();
    let (own, code) = ("self".to_owned(), world.id_of("meera").code());
    let expected = [
        (Kind::Write, GrantKind::CitizenOtp, Purpose::Register, own.clone()),
        (Kind::Write, GrantKind::CitizenOtp, Purpose::Booking, own.clone()),
        (Kind::Notice, GrantKind::Notice, Purpose::BookingNotice, "messenger".to_owned()),
        (Kind::Write, GrantKind::CitizenOtp, Purpose::Booking, own.clone()),
        (Kind::Reveal, GrantKind::CitizenOtp, Purpose::Slip, own.clone()),
        (Kind::Lookup, GrantKind::None, Purpose::CheckIn, code.clone()),
        (Kind::Write, GrantKind::Presence, Purpose::CheckIn, code.clone()),
        (Kind::Use, GrantKind::Presence, Purpose::Dose, code.clone()),
        (Kind::Write, GrantKind::Presence, Purpose::Dose, code),
        (Kind::Reveal, GrantKind::CitizenOtp, Purpose::AccessList, own),
    ];
    assert_eq!(told, expected);
    // Ordered as they were written, and each on its own position.
    assert!(looks.looks.windows(2).all(|pair| pair[0].position > pair[1].position));
    assert_eq!(looks.looks[0].organisation, "");
    assert_eq!(looks.looks[3].organisation, CENTRE.to_string());
    // A part of the list is the newest part, and the count stays the count.
    let part = world.vault.looks(&citizen, registered.person(), 3).await.unwrap();
    assert_eq!((part.looks.len(), part.count), (3, looks.count + 1));
}

#[tokio::test]
async fn everyone_booked_is_told_that_a_session_is_off() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    world.books(&token, vec![asha.person()]).await;
    world.vault.send_notices().await.unwrap();
    world.outbox.sent.lock().unwrap().clear();
    let manager = world.staff("manager").await;
    let now_ms = world.vault.now_ms();
    world.vault.plan(&manager, Effect::CallOff { session: world.session, now_ms }).await.unwrap();

    // While the gateway is down nothing is lost; each try is an entry.
    world.outbox.down.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(world.vault.send_notices().await.unwrap(), 0);
    assert_eq!(world.vault.send_notices().await.unwrap(), 0, "it waits before it tries again");
    world.outbox.down.store(false, std::sync::atomic::Ordering::SeqCst);
    world.pass(31_000);
    assert_eq!(world.vault.send_notices().await.unwrap(), 1);
    assert_eq!(world.vault.send_notices().await.unwrap(), 0);
    let sent = world.outbox.sent.lock().unwrap().clone();
    let centre = "Aruna Asaf Ali Hospital".to_owned();
    assert_eq!(sent, [("9876543210".to_owned(), Message::CalledOff { centre, day: DAY })]);
    // Whoever was booked may book elsewhere.
    let citizen = world.citizen(&token).await;
    let rows =
        world.vault.disclose::<Card>(&citizen, &citizen.grant(asha.person()).unwrap(), asha.person()).await.unwrap();
    assert_eq!(rows.appointments[0].status, vault::rows::Status::CalledOff);
}

#[tokio::test]
async fn a_place_given_back_before_the_message_left_is_not_announced() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let appointment = world.books(&token, vec![asha.person()]).await;
    let citizen = world.citizen(&token).await;
    world.vault.cancel(&citizen, appointment, &[asha.person()]).await.unwrap();
    world.vault.send_notices().await.unwrap();
    assert_eq!(*world.outbox.sent.lock().unwrap(), []);
    assert_eq!(world.count(Kind::Notice).await, 0, "no phone was opened for it");
}

#[tokio::test]
async fn only_a_manager_plans_and_a_manager_plans_no_people() {
    let world = World::new().await;
    let (meera, manager) = (world.staff("meera").await, world.staff("manager").await);
    let stop = || Effect::StopBatch { vaccine: registry::Vaccine::Covaxin, number: "CX-1".into() };
    assert_eq!(world.vault.plan(&meera, stop()).await.unwrap_err(), Refused::WrongRole);
    let (_, asha) = world.family("9876543210", "Asha Devi").await;
    for effect in [
        Effect::KeysGone { person: asha.person() },
        Effect::All(vec![stop(), Effect::Void { person: asha.person() }]),
        Effect::SignOut { token: [0; 32] },
    ] {
        assert_eq!(world.vault.plan(&manager, effect).await.unwrap_err(), Refused::WrongRole);
    }
    let session = world.session;
    assert!(matches!(world.vault.session_list(&manager, session).await, Err(Refused::WrongRole)));
    let asked = world.vault.asked(Channel::Page);
    assert!(world.vault.staff_sign_in(asked, "manager", "wrong", "000000").await.is_err());
}
