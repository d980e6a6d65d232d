//! Moving a member to another phone.

use crate::world::{DAY_MS, World, new_session, person, slot};
use registry::{PersonId, SessionId};
use vault::{BookingRequest, Card, Channel, CodeFor, Effect, Kind, Message, Proof, Purpose, Refusal, Refused};

const OLD: &str = "9876543210";
const NEW: &str = "9876543211";

/// The proof of the new phone.
async fn proven(world: &World, token: &str, person: PersonId) -> Proof {
    let citizen = world.citizen(token).await;
    world.pass(60_001);
    let transaction = world.vault.send_move_code(&citizen, person, &NEW.parse().unwrap(), "en").await.unwrap();
    let code = world.arrived(NEW).await;
    world.vault.prove_move(&citizen, person, transaction, &code).await.unwrap()
}

/// Starts a move with both codes.
async fn starts(world: &World, token: &str, person: PersonId) -> Result<i64, Refused> {
    let proof = proven(world, token, person).await;
    let citizen = world.citizen(token).await;
    let transaction = world.vault.send_fresh_code(&citizen, person, CodeFor::MoveAway, "en").await.unwrap();
    let code = world.arrived(OLD).await;
    world.vault.start_move(&citizen, person, &proof, transaction, &code).await
}

#[tokio::test]
async fn a_member_moves_with_both_phones_codes_and_a_day_to_object() {
    let world = World::new().await;
    let (token, asha) = world.family(OLD, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi Kumar", 2000)).await.unwrap();
    let due_ms = starts(&world, &token, ravi.person()).await.unwrap();
    assert_eq!(due_ms, world.vault.now_ms() + DAY_MS);
    // The old phone is told: not who, and not where to.
    assert_eq!(world.vault.send_notices().await.unwrap(), 1);
    let told = world.outbox.sent.lock().unwrap().pop().unwrap();
    assert_eq!(told, (OLD.to_owned(), Message::Moving { until_ms: due_ms }));
    // Nothing has moved yet; either phone sees it.
    world.vault.sweep().await.unwrap();
    assert_eq!(world.citizen(&token).await.members().len(), 2);
    let there = world.signs_in(NEW).await;
    assert!(there.is_new);
    let seen = world.vault.moves(&world.citizen(&there.token).await).await.unwrap();
    assert_eq!(seen.iter().map(|one| (one.leaves, one.due_ms)).collect::<Vec<_>>(), [(None, Some(due_ms))]);
    let seen = world.vault.moves(&world.citizen(&token).await).await.unwrap();
    assert_eq!(seen[0].leaves, Some(ravi.person()));

    world.pass(DAY_MS);
    let (old, new) = (world.signs_in(OLD).await.token, world.signs_in(NEW).await.token);
    world.vault.sweep().await.unwrap();
    for token in [&old, &new] {
        assert!(matches!(world.vault.caller(token, Channel::Page).await, Err(Refused::NotSignedIn)), "both end");
    }
    let (old, new) = (world.signs_in(OLD).await.token, world.signs_in(NEW).await.token);
    assert_eq!(world.citizen(&old).await.members(), [asha.person()]);
    let citizen = world.citizen(&new).await;
    let grant = citizen.grant(ravi.person()).unwrap();
    assert_eq!(world.vault.disclose::<Card>(&citizen, &grant, ravi.person()).await.unwrap().name, "Ravi Kumar");
    // What is sent to him goes to the new phone from now on.
    let (session, manager) = (SessionId::from_random([2; 16]), world.staff("manager").await);
    let tomorrow = new_session(session, world.vault.today().tomorrow().unwrap());
    world.vault.plan(&manager, Effect::Publish(Box::new(tomorrow))).await.unwrap();
    let wish = BookingRequest { people: vec![ravi.person()], session, slot: slot(), dose: 1 };
    world.vault.book(&citizen, wish).await.unwrap();
    world.vault.send_notices().await.unwrap();
    assert_eq!(world.outbox.sent.lock().unwrap().last().unwrap().0, NEW);
    // Its beginning, the notice and its end stand in his list.
    let looks = world.vault.looks(&citizen, ravi.person(), 99).await.unwrap();
    let kinds: Vec<Kind> =
        looks.looks.iter().rev().filter(|look| look.purpose == Purpose::Move).map(|look| look.kind).collect();
    assert_eq!(kinds, [Kind::OtpSend, Kind::Write, Kind::Notice, Kind::Write]);
}

#[tokio::test]
async fn either_phone_stops_it_and_nobody_else() {
    let world = World::new().await;
    let (token, _) = world.family(OLD, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi Kumar", 2000)).await.unwrap();
    let (stranger, _) = world.family("9876543212", "Sita").await;
    for phone in [OLD, NEW] {
        let token = world.signs_in(OLD).await.token;
        starts(&world, &token, ravi.person()).await.unwrap();
        let again = starts(&world, &token, ravi.person()).await;
        assert_eq!(again.unwrap_err(), Refusal::Conflict.into(), "one move at a time");
        let stranger = world.citizen(&world.signs_in("9876543212").await.token).await;
        let id = world.vault.moves(&world.citizen(&token).await).await.unwrap()[0].id;
        assert_eq!(world.vault.stop_move(&stranger, id).await.unwrap_err(), Refused::NotFound);
        assert_eq!(world.vault.moves(&stranger).await.unwrap(), []);
        let stopper = world.citizen(&world.signs_in(phone).await.token).await;
        world.vault.stop_move(&stopper, id).await.unwrap();
        assert_eq!(world.vault.stop_move(&stopper, id).await.unwrap_err(), Refused::NotFound);
        world.pass(2 * DAY_MS);
        world.vault.sweep().await.unwrap();
    }
    drop(stranger);
    let token = world.signs_in(OLD).await.token;
    assert_eq!(world.citizen(&token).await.members().len(), 2, "nobody moved");
    // No phone is opened for a notice of what was stopped.
    let notices = world.count(Kind::Notice).await;
    world.vault.send_notices().await.unwrap();
    assert_eq!(world.count(Kind::Notice).await, notices);
}

#[tokio::test]
async fn a_proof_of_the_new_phone_is_good_for_one_sign_in_one_member_and_ten_minutes() {
    let world = World::new().await;
    let (token, asha) = world.family(OLD, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi Kumar", 2000)).await.unwrap();
    let proof = proven(&world, &token, ravi.person()).await;
    let citizen = world.citizen(&token).await;
    let away = world.vault.send_fresh_code(&citizen, asha.person(), CodeFor::MoveAway, "en").await.unwrap();
    let code = world.arrived(OLD).await;
    let start = async |who: &vault::Citizen, person, proof: &Proof| {
        world.vault.start_move(who, person, proof, away, &code).await.unwrap_err()
    };
    assert_eq!(start(&citizen, asha.person(), &proof).await, Refused::NotFound, "another member");
    assert_eq!(start(&citizen, ravi.person(), &Proof("x".into())).await, Refused::NotFound);
    let other = world.citizen(&world.signs_in(OLD).await.token).await;
    assert_eq!(start(&other, ravi.person(), &proof).await, Refused::NotFound, "another sign-in");
    world.pass(600_000);
    assert_eq!(start(&citizen, ravi.person(), &proof).await, Refused::NotFound, "too late");
    // A wrong code of the old phone starts nothing.
    let proof = proven(&world, &token, ravi.person()).await;
    let away = world.vault.send_fresh_code(&citizen, ravi.person(), CodeFor::MoveAway, "en").await.unwrap();
    let code = world.arrived(OLD).await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let refused = world.vault.start_move(&citizen, ravi.person(), &proof, away, wrong).await;
    assert_eq!(refused.unwrap_err(), Refused::Wrong { left: 2 });
    assert_eq!(world.vault.moves(&citizen).await.unwrap(), []);
    assert!(world.vault.start_move(&citizen, ravi.person(), &proof, away, &code).await.is_ok());
}

#[tokio::test]
async fn a_move_that_no_longer_fits_ends_without_one() {
    let world = World::new().await;
    let (token, _) = world.family(OLD, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi Kumar", 2000)).await.unwrap();
    starts(&world, &token, ravi.person()).await.unwrap();
    let there = world.signs_in(NEW).await.token;
    for name in ["Sita", "Gita", "Mita", "Rita"] {
        let citizen = world.citizen(&there).await;
        world.vault.register(&citizen, person(name, 1990)).await.unwrap();
    }
    world.pass(DAY_MS);
    world.vault.sweep().await.unwrap();
    let token = world.signs_in(OLD).await.token;
    let citizen = world.citizen(&token).await;
    assert_eq!(citizen.members().len(), 2);
    assert_eq!(world.vault.moves(&citizen).await.unwrap(), []);
    // A phone that is full takes nobody from the start.
    assert_eq!(starts(&world, &token, ravi.person()).await.unwrap_err(), Refusal::FamilyFull.into());
}
