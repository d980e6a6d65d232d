//! Her rights in person: cases filed before a vaccinator, another phone by card, and the day guardianship ends.

use crate::world::{CENTRE, DAY_MS, World, given, last_six, new_session, person};
use registry::case::{self, CaseNumber, Claim, Reason, State, Verdict};
use registry::{AppointmentId, BirthYear, PersonId, Role, SessionId};
use store::command::{Command, NewDose};
use vault::{
    Card, Channel, Decision, Effect, Evidence, GrantKind, Judgement, Kind, Message, Purpose, Refusal, Refused,
    Registered,
};

const PHONE: &str = "9876543210";
const NEW: &str = "9876543211";

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

#[tokio::test]
async fn who_has_every_dose_files_at_the_counter_and_nothing_but_the_name_is_opened() {
    let world = town().await;
    let vault = &world.vault;
    let asha = registered(&world, "Asha Devi", 1981).await;
    let meera = world.staff("meera").await;
    for number in 1..=3 {
        has_had(&world, asha.person(), number).await;
    }
    let card = || Evidence::Card(asha.card.clone().unwrap());
    let due = vault.check_in(&meera, world.session, &asha.reference, &card()).await;
    assert_eq!(due.err(), Some(Refused::Ineligible(registry::Ineligible::NoSuchDose)), "no dose is due");
    let places = vault.session(world.session).await.unwrap().session;
    let (opened, used) = (world.count(Kind::Reveal).await, world.count(Kind::Use).await);

    // By her reference alone, by a slip, or by a wrong card she is not there.
    let slip = vault.visit(&meera, world.session, &asha.reference, &Evidence::Code("1234".into())).await;
    assert_eq!(slip.err(), Some(Refused::NotFound));
    let last = if card_ends_in_zero(&asha) { "1" } else { "0" };
    let wrong = Evidence::Card(format!("{}{last}", &asha.card.as_ref().unwrap()[..7]));
    let refused = world.count(Kind::Refused).await;
    let tried = vault.visit(&meera, world.session, &asha.reference, &wrong).await;
    assert_eq!(tried.err(), Some(Refused::Wrong { left: 2 }));
    assert_eq!(world.count(Kind::Refused).await, refused + 1, "it stands in her list");
    let farida = world.staff("farida").await;
    let elsewhere = vault.visit(&farida, world.session, &asha.reference, &card()).await;
    assert_eq!(elsewhere.err(), Some(Refused::NotRostered));

    let place = vault.visit(&meera, world.session, &asha.reference, &card()).await.unwrap();
    assert_eq!(vault.visit(&meera, world.session, &asha.reference, &card()).await, Ok(place), "she came once");
    let now = vault.session(world.session).await.unwrap().session;
    assert_eq!((now.walk_in, now.places), (places.walk_in, places.places), "no place was taken");
    assert_eq!(vault.present(&meera, place.0, place.1).await.err(), Some(Refused::NotFound), "not for a dose");
    let dose = vault.record_dose(&meera, place.0, place.1, given("CX-1")).await;
    assert_eq!(dose.err(), Some(Refused::NotFound));
    let claim = Claim::NotMine(vault.visitor(&meera, place).await.unwrap().doses[1].id);
    let number = vault.file_case_present(&meera, place, &claim, "I was ill that day", &[1; 16]).await.unwrap();
    assert_eq!(vault.case_present(&meera, place, number).await.unwrap().centre, Some(CENTRE));
    assert_eq!((world.count(Kind::Reveal).await, world.count(Kind::Use).await), (opened + 1, used));
    assert_eq!(vault.case_present(&farida, place, number).await.err(), Some(Refused::NotRostered));

    // Officers look by it; her list has the check-in, the look at her name and the case; her bookings are as before.
    let omar = world.staff("omar").await;
    vault.take_case(&omar, number).await.unwrap();
    assert_eq!(vault.case_file(&omar, number).await.unwrap().words, "I was ill that day");
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let looks = vault.looks(&citizen, asha.person(), 50).await.unwrap();
    let name = looks.looks.iter().find(|look| look.kind == Kind::Reveal && look.grant == GrantKind::Presence).unwrap();
    assert_eq!((name.fields.as_slice(), name.purpose), (&[vault::Field::Name][..], Purpose::Case));
    let grant = citizen.grant(asha.person()).unwrap();
    assert_eq!(vault.disclose::<Card>(&citizen, &grant, asha.person()).await.unwrap().appointments.len(), 0);
    assert_eq!(vault.appointment(&citizen, place.0).await.err(), Some(Refused::NotFound));

    // Tomorrow she is not there any more.
    world.pass(DAY_MS);
    let meera = world.staff("meera").await;
    assert_eq!(vault.visitor(&meera, place).await.err(), Some(Refused::NotRostered));
}

/// A dose that she had before.
async fn has_had(world: &World, person: PersonId, number: u8) {
    let dose = NewDose {
        id: registry::DoseId::from_random([number; 16]),
        person,
        session: None,
        centre: CENTRE,
        vaccine: registry::Vaccine::Covaxin,
        number,
        batch: "CX-1".into(),
        day: jiff::civil::date(2026, i8::try_from(number).unwrap(), 1),
        at_ms: 0,
        staff: world.id_of("meera"),
        age: 45,
        gender: registry::Gender::Female,
        factor: None,
        early_reason: None,
    };
    let effect = Effect::Dose(Box::new(dose));
    world.store.apply(Command { by: None, once: None, entries: Vec::new(), effect }).await.unwrap();
}

fn card_ends_in_zero(registered: &Registered) -> bool {
    registered.card.as_ref().is_some_and(|card| card.ends_with('0'))
}

#[tokio::test]
async fn a_code_to_the_phone_on_record_opens_the_counter_and_a_booking_stays() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let booked = world.books(&token, vec![asha.person()]).await;
    let vault = &world.vault;
    let meera = world.staff("meera").await;
    let transaction = vault.send_presence_code(&meera, world.session, &asha.reference).await.unwrap();
    let code = world.arrived(PHONE).await;
    let bad = if code == "000000" { "111111" } else { "000000" };
    assert!(vault.visit_by_code(&meera, world.session, transaction, bad).await.is_err());
    let place = vault.visit_by_code(&meera, world.session, transaction, &code).await.unwrap();
    assert_ne!(place.0, booked);
    assert!(vault.visit_by_code(&meera, world.session, transaction, &code).await.is_err(), "a code is good once");
    let number = vault.file_case_present(&meera, place, &Claim::Aefi, "a rash", &[1; 16]).await.unwrap();
    // She comes for her dose as well: that is checked in for itself, and then it is where she is.
    let code = world.slip_code(&token, asha.person()).await;
    let dose = vault.check_in(&meera, world.session, &asha.reference, &Evidence::Code(code)).await.unwrap();
    assert_eq!(dose.0, booked);
    vault.record_dose(&meera, dose.0, dose.1, given("CX-1")).await.unwrap();
    assert!(
        vault.case_present(&meera, dose, number).await.is_ok()
            && vault.case_present(&meera, place, number).await.is_ok()
    );
}

/// Somebody with a printed card, at the phone that confirmed her.
async fn registered(world: &World, name: &str, born: u16) -> Registered {
    let meera = world.staff("meera").await;
    let new = person(name, born);
    let registered = world.vault.register_at(&meera, CENTRE, Some(PHONE.parse().unwrap()), new).await.unwrap();
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    world.vault.confirm_member(&citizen, registered.person(), &last_six(&registered.reference)).await.unwrap();
    registered
}

/// The same, checked in by the card.
async fn carded(world: &World, name: &str, born: u16) -> (Registered, (AppointmentId, usize)) {
    let registered = registered(world, name, born).await;
    let place = shows_card(world, &registered, world.session).await;
    (registered, place)
}

async fn shows_card(world: &World, registered: &Registered, session: SessionId) -> (AppointmentId, usize) {
    let meera = world.staff("meera").await;
    let card = Evidence::Card(registered.card.clone().unwrap());
    world.vault.check_in(&meera, session, &registered.reference, &card).await.unwrap()
}

/// Asks for the new phone with its code.
async fn asks(world: &World, place: (AppointmentId, usize)) -> Result<CaseNumber, Refused> {
    world.pass(60_001);
    let meera = world.staff("meera").await;
    let transaction = world.vault.send_code_to_new_phone(&meera, place, &NEW.parse().unwrap()).await?;
    let code = world.arrived(NEW).await;
    let number = world.vault.ask_move(&meera, place, transaction, &code, "the phone was stolen").await?;
    assert_eq!(world.vault.ask_move(&meera, place, transaction, &code, "").await, Ok(number), "sent twice, asked once");
    Ok(number)
}

async fn members(world: &World, phone: &str) -> Vec<PersonId> {
    world.citizen(&world.signs_in(phone).await.token).await.members()
}

async fn state(world: &World, place: (AppointmentId, usize), number: CaseNumber) -> (case::Kind, State) {
    let meera = world.staff("meera").await;
    let row = world.vault.case_present(&meera, place, number).await.unwrap();
    (row.kind, row.state)
}

async fn decides(world: &World, number: CaseNumber, verdict: Verdict, reason: Reason) -> State {
    let (omar, olga) = (world.staff("omar").await, world.staff("olga").await);
    world.vault.take_case(&omar, number).await.unwrap();
    world.vault.case_file(&omar, number).await.unwrap();
    let decision = Decision { verdict, reason, found: None };
    world.vault.propose_case(&omar, number, decision).await.unwrap();
    world.vault.take_case(&olga, number).await.unwrap();
    world.vault.judge_case(&olga, number, Judgement::Agree).await.unwrap()
}

#[tokio::test]
async fn with_her_card_she_is_at_the_new_phone_in_a_day() {
    let world = town().await;
    let (_, asha) = world.family(PHONE, "Asha Devi").await;
    let (ravi, place) = carded(&world, "Ravi Kumar", 1960).await;
    let number = asks(&world, place).await.unwrap();
    assert_eq!(state(&world, place, number).await, (case::Kind::NumberLost, State::Holding));
    // Until somebody objects it is no officer's.
    let omar = world.staff("omar").await;
    assert!(world.vault.case_queue(&omar).await.unwrap().is_empty());
    assert!(world.vault.take_case(&omar, number).await.is_err());
    world.vault.send_notices().await.unwrap();
    let told: Vec<_> =
        world.outbox.sent.lock().unwrap().iter().map(|(to, message)| (to.clone(), message.clone())).collect();
    assert!(told.iter().any(|(to, message)| to == PHONE && matches!(message, Message::Moving { .. })));
    assert!(told.iter().all(|(to, _)| to != NEW), "{told:?}");
    // Whoever holds the old phone neither stops it, nor takes the case back, nor erases her.
    let old = world.citizen(&world.signs_in(PHONE).await.token).await;
    let taken = world.vault.withdraw_case(&old, ravi.person(), number).await;
    assert_eq!(taken, Err(Refusal::NotFound.into()));
    let txn = world.vault.send_fresh_code(&old, ravi.person(), vault::CodeFor::Leaving, "en").await.unwrap();
    let code = world.arrived(PHONE).await;
    assert_eq!(world.vault.leave(&old, ravi.person(), txn, &code).await, Err(Refusal::Conflict.into()));
    world.pass(DAY_MS);
    let token = world.signs_in(PHONE).await.token;
    world.vault.sweep().await.unwrap();
    assert!(world.vault.caller(&token, Channel::Page).await.is_err(), "the old family is another");
    assert_eq!(members(&world, PHONE).await, [asha.person()]);
    let new = world.citizen(&world.signs_in(NEW).await.token).await;
    assert_eq!(new.members(), [ravi.person()]);
    let grant = new.grant(ravi.person()).unwrap();
    assert_eq!(world.vault.disclose::<Card>(&new, &grant, ravi.person()).await.unwrap().name, "Ravi Kumar");
    assert_eq!(world.vault.case(&new, ravi.person(), number).await.unwrap().state, State::Settled);
    let looks = world.vault.looks(&new, ravi.person(), 99).await.unwrap();
    let code = world.id_of("meera").code();
    assert!(
        looks
            .looks
            .iter()
            .any(|look| (look.kind, look.grant) == (Kind::Case, GrantKind::Presence) && look.actor == code)
    );
}

#[tokio::test]
async fn an_objection_brings_it_before_two_officers() {
    for accepts in [true, false] {
        let world = town().await;
        let (_, _asha) = world.family(PHONE, "Asha Devi").await;
        let (ravi, place) = carded(&world, "Ravi Kumar", 1960).await;
        let number = asks(&world, place).await.unwrap();
        let old = world.citizen(&world.signs_in(PHONE).await.token).await;
        let seen = world.vault.moves(&old).await.unwrap()[0];
        assert_eq!((seen.leaves, seen.case), (Some(ravi.person()), Some((case::Kind::NumberLost, State::Holding))));
        world.vault.stop_move(&old, seen.id).await.unwrap();
        assert_eq!(world.vault.stop_move(&old, seen.id).await, Err(Refusal::NotFound.into()), "once");
        assert_eq!(world.vault.moves(&old).await.unwrap()[0].due_ms, None);
        world.pass(2 * DAY_MS);
        world.vault.sweep().await.unwrap();
        assert_eq!(members(&world, NEW).await, [], "nothing happens until two agree");
        let (verdict, reason) =
            if accepts { (Verdict::Accept, Reason::Document) } else { (Verdict::Refuse, Reason::HolderObjects) };
        let told = decides(&world, number, verdict, reason).await;
        assert_eq!(told, if accepts { State::Settled } else { State::Refused });
        assert_eq!(members(&world, NEW).await.contains(&ravi.person()), accepts);
        assert_eq!(members(&world, PHONE).await.contains(&ravi.person()), !accepts);
        let old = world.citizen(&world.signs_in(PHONE).await.token).await;
        assert_eq!(world.vault.moves(&old).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_slip_alone_and_who_has_no_phone_wait_for_two_officers() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let by_slip = world.vaccinates(&token, &asha).await;
    let meera = world.staff("meera").await;
    let ravi = world.vault.register_at(&meera, CENTRE, None, person("Ravi", 1960)).await.unwrap();
    let without = shows_card(&world, &ravi, world.session).await;
    for (place, who) in [(by_slip, asha.person()), (without, ravi.person())] {
        let number = asks(&world, place).await.unwrap();
        assert_eq!(state(&world, place, number).await, (case::Kind::NumberLost, State::Filed));
        assert_eq!(asks(&world, place).await, Err(Refusal::Conflict.into()), "one at a time");
        world.vault.sweep().await.unwrap();
        assert_eq!(decides(&world, number, Verdict::Accept, Reason::Document).await, State::Settled);
        assert!(members(&world, NEW).await.contains(&who));
        // A phone gets five codes an hour.
        world.pass(3_600_000);
    }
    assert_eq!(members(&world, PHONE).await, []);
}

#[tokio::test]
async fn the_new_phone_stops_what_it_did_not_want() {
    let world = town().await;
    world.family(PHONE, "Asha Devi").await;
    let (_, place) = carded(&world, "Ravi Kumar", 1960).await;
    let number = asks(&world, place).await.unwrap();
    let new = world.citizen(&world.signs_in(NEW).await.token).await;
    let seen = world.vault.moves(&new).await.unwrap()[0];
    assert_eq!(seen.leaves, None);
    world.vault.stop_move(&new, seen.id).await.unwrap();
    assert_eq!(state(&world, place, number).await.1, State::Withdrawn);
    assert!(asks(&world, place).await.is_ok(), "it can be asked for again");
}

#[tokio::test]
async fn on_the_day_guardianship_ends_she_goes_and_the_guardian_does_not_stop_her() {
    let world = town().await;
    let (_, asha) = world.family(PHONE, "Asha Devi").await;
    // Born in 2008, she is surely of age on the first day of 2027, 38 days from here.
    let lila = registered(&world, "Lila Devi", 2008).await;
    let of_age = async || {
        let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
        world.vault.of_age_since(&citizen, lila.person()).await.unwrap()
    };
    let (uses, reveals) = (world.count(Kind::Use).await, world.count(Kind::Reveal).await);
    world.pass(37 * DAY_MS);
    world.vault.sweep().await.unwrap();
    assert_eq!(of_age().await, None);
    world.pass(DAY_MS);
    world.vault.sweep().await.unwrap();
    assert!(of_age().await.is_some());
    assert_eq!((world.count(Kind::Use).await, world.count(Kind::Reveal).await), (uses, reveals), "nobody was opened");
    world.vault.sweep().await.unwrap();
    world.vault.send_notices().await.unwrap();
    let letters =
        world.outbox.sent.lock().unwrap().iter().filter(|sent| **sent == (PHONE.into(), Message::Letter)).count();
    assert_eq!(letters, 1, "told once");
    // What the guardian opens from now on says so; what is opened of Asha stays her own.
    let guardian = world.citizen(&world.signs_in(PHONE).await.token).await;
    for (who, role) in [(lila.person(), "guardian"), (asha.person(), "citizen")] {
        world.vault.disclose::<Card>(&guardian, &guardian.grant(who).unwrap(), who).await.unwrap();
        let looks = world.vault.looks(&guardian, who, 2).await.unwrap();
        assert!(looks.looks.iter().all(|look| look.role == role && look.actor == "self"), "{role}");
    }
    // With her card and a phone of her own she goes in a day, whatever the guardian says.
    let (session, manager) = (SessionId::from_random([2; 16]), world.staff("manager").await);
    let (today, staff) = (world.vault.today(), world.id_of("meera"));
    for effect in [Effect::Publish(Box::new(new_session(session, today))), Effect::Roster { session, staff, on: true }]
    {
        world.vault.plan(&manager, effect).await.unwrap();
    }
    let place = shows_card(&world, &lila, session).await;
    let number = asks(&world, place).await.unwrap();
    assert_eq!(state(&world, place, number).await, (case::Kind::OfAge, State::Holding));
    world.vault.send_notices().await.unwrap();
    let told = world.outbox.sent.lock().unwrap().last().cloned().unwrap();
    assert!(told.0 == PHONE && matches!(told.1, Message::MovesOfAge { .. }), "{told:?}");
    let guardian = world.citizen(&world.signs_in(PHONE).await.token).await;
    let seen = world.vault.moves(&guardian).await.unwrap()[0];
    world.vault.stop_move(&guardian, seen.id).await.unwrap();
    let seen = world.vault.moves(&guardian).await.unwrap()[0];
    assert!(seen.due_ms.is_some(), "officers can look at it, and her day stays");
    assert_eq!(seen.case, Some((case::Kind::OfAge, State::Filed)));
    world.pass(DAY_MS);
    world.vault.sweep().await.unwrap();
    assert_eq!(members(&world, PHONE).await, [asha.person()]);
    let own = world.citizen(&world.signs_in(NEW).await.token).await;
    assert_eq!(own.members(), [lila.person()]);
    assert_eq!(world.vault.case(&own, lila.person(), number).await.unwrap().state, State::Settled);
    // At her own phone she is herself; what the guardian opened before stays the guardian's.
    assert_eq!(world.vault.of_age_since(&own, lila.person()).await, Ok(None));
    let looks = world.vault.looks(&own, lila.person(), 99).await.unwrap();
    assert_eq!(looks.looks[0].role, "citizen");
    let by_guardian = looks.looks.iter().filter(|look| look.role == "guardian" && look.kind == Kind::Reveal);
    assert!(by_guardian.count() >= 2);
}

#[tokio::test]
async fn who_is_alone_at_her_phone_has_no_guardian_there() {
    let world = town().await;
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let lila = world.vault.register(&citizen, person("Lila Devi", 2008)).await.unwrap();
    world.pass(38 * DAY_MS);
    world.vault.sweep().await.unwrap();
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    assert_eq!(world.vault.of_age_since(&citizen, lila.person()).await, Ok(None));
    let due = world.store.read(|store| store.guardianships_over(9999, 9)).await.unwrap();
    assert_eq!(due, [], "nothing is noted of her any more");
    let ravi = world.vault.register(&citizen, person("Ravi", 2010)).await.unwrap();
    world.signs_in(PHONE).await;
    assert_eq!(world.store.read(|store| store.guardianships_over(2029, 9)).await.unwrap(), [ravi.person()]);
    assert_eq!(world.store.read(|store| store.guardianships_over(2028, 9)).await.unwrap(), []);
}
