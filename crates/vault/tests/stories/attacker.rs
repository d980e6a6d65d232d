//! What an attacker tries at the edges between two acts: a budget gone round, a place that changes its owner, two commands at
//! once, somebody who left in the middle of it.

use crate::cases::{decides, files, gone, town, yes};
use crate::partner::{ALL, HOUR, Partner, arrived, ask, noticed};
use crate::world::{MINUTE, World, person};
use futures_util::future::join_all;
use registry::case::{Claim, Reason, State};
use registry::{PersonId, TransactionId};
use vault::{Channel, CodeFor, Confirmed, Consented, Judgement, Kind, Refusal, Refused};

const PHONE: &str = "9876543210";
const OTHER: &str = "9876543211";

/// She leaves, with the code that her phone gets.
async fn leaves(world: &World, token: &str, phone: &str, person: PersonId) -> Result<(), Refused> {
    let citizen = world.citizen(token).await;
    world.pass(MINUTE + 1);
    let transaction = world.vault.send_fresh_code(&citizen, person, CodeFor::Leaving, "en").await.unwrap();
    let code = world.arrived(phone).await;
    world.vault.leave(&citizen, person, transaction, &code).await
}

async fn held(world: &World, person: PersonId) -> usize {
    world.store.read(move |store| store.held_fields(person)).await.unwrap().len()
}

#[tokio::test]
async fn neither_a_dose_that_was_struck_out_nor_a_joined_record_keeps_anybody() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let person = asha.person();
    let citizen = world.citizen(&token).await;
    let dose = world.store.read(move |store| store.person(person)).await.unwrap().unwrap().doses[0].id;
    let number = files(&world, &citizen, person, &Claim::NotMine(dose)).await;
    assert_eq!(decides(&world, number, yes(Reason::Register), Judgement::Agree).await, Ok(State::Settled));
    assert_eq!(leaves(&world, &token, PHONE, person).await, Ok(()));
    assert_eq!(held(&world, person).await, 0, "she had no dose");

    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let (theirs, second) = world.family(OTHER, "Asha Devi").await;
    world.vaccinates(&theirs, &second).await;
    let number = files(&world, &world.citizen(&token).await, asha.person(), &Claim::Duplicate).await;
    world.vault.join_case(&world.citizen(&theirs).await, second.person(), number).await.unwrap();
    assert_eq!(decides(&world, number, yes(Reason::NothingAgainst), Judgement::Agree).await, Ok(State::Settled));
    // Her certificate shows the dose of the joined record: a token alone removes neither of them.
    for (token, person) in [(&token, asha.person()), (&theirs, second.person())] {
        let removed = world.vault.remove_member(&world.citizen(token).await, person).await;
        assert_eq!(removed, Err(Refusal::HasDoses.into()));
    }
    let theirs = world.signs_in(OTHER).await.token;
    assert_eq!(leaves(&world, &theirs, OTHER, second.person()).await, Ok(()));
    assert_eq!(held(&world, second.person()).await, 4);
    let token = world.signs_in(PHONE).await.token;
    assert_eq!(leaves(&world, &token, PHONE, asha.person()).await, Ok(()));
    assert_eq!(held(&world, asha.person()).await, 0, "the dose was the other record's, which took it along");
}

#[tokio::test]
async fn a_token_alone_removes_nobody_of_whose_dose_is_being_decided() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let removes = async |token: &str| world.vault.remove_member(&world.citizen(token).await, asha.person()).await;
    let number = files(&world, &world.citizen(&token).await, asha.person(), &Claim::Aefi).await;
    assert_eq!(removes(&token).await, Err(Refusal::HasDoses.into()), "she says that she had one");
    world.vault.withdraw_case(&world.citizen(&token).await, asha.person(), number).await.unwrap();
    // She sits in the chair: a member of the same appointment would come to stand in her place.
    world.books(&token, vec![asha.person()]).await;
    let evidence = vault::Evidence::Code(world.slip_code(&token, asha.person()).await);
    let meera = world.staff("meera").await;
    world.vault.check_in(&meera, world.session, &asha.reference, &evidence).await.unwrap();
    assert_eq!(removes(&token).await, Err(Refusal::HasDoses.into()));
    // With a code she may go.
    assert_eq!(leaves(&world, &token, PHONE, asha.person()).await, Ok(()));
    assert_eq!(held(&world, asha.person()).await, 0);
}

#[tokio::test]
async fn a_place_in_the_family_is_nobody_elses_after_its_member_left() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let ravi = world.vault.register(&world.citizen(&token).await, person("Ravi", 1950)).await.unwrap();
    let sita = world.vault.register(&world.citizen(&token).await, person("Sita", 1960)).await.unwrap();
    leaves(&world, &token, PHONE, asha.person()).await.unwrap();
    // Another tab still shows the page of place 1.
    let citizen = world.citizen(&token).await;
    assert_eq!(citizen.member(0), Err(Refused::NotFound));
    assert_eq!((citizen.member(1), citizen.member(2)), (Ok(ravi.person()), Ok(sita.person())));
    assert_eq!(citizen.places(), [1, 2]);
    world.vault.remove_member(&citizen, sita.person()).await.unwrap();
    let new = world.vault.register(&world.citizen(&token).await, person("Uma", 1970)).await.unwrap();
    let citizen = world.citizen(&token).await;
    assert_eq!((citizen.member(2), citizen.member(3)), (Err(Refused::NotFound), Ok(new.person())));
    assert_eq!(citizen.members(), [ravi.person(), new.person()]);
}

#[tokio::test]
async fn a_case_waits_again_when_who_joined_it_has_left() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let (theirs, second) = world.family(OTHER, "Asha Devi").await;
    let number = files(&world, &world.citizen(&token).await, asha.person(), &Claim::Duplicate).await;
    world.vault.join_case(&world.citizen(&theirs).await, second.person(), number).await.unwrap();
    let (omar, olga) = (world.staff("omar").await, world.staff("olga").await);
    world.vault.take_case(&omar, number).await.unwrap();
    world.vault.propose_case(&omar, number, yes(Reason::NothingAgainst)).await.unwrap();
    world.vault.take_case(&olga, number).await.unwrap();
    leaves(&world, &theirs, OTHER, second.person()).await.unwrap();
    // No officer holds what nobody can decide, and nothing is joined to whom there is not.
    assert!(gone(world.vault.judge_case(&olga, number, Judgement::Agree).await));
    assert!(gone(world.vault.case_file(&olga, number).await));
    assert!(world.vault.case_queue(&omar).await.unwrap().is_empty());
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let row = world.vault.case(&citizen, asha.person(), number).await.unwrap();
    assert_eq!((row.state, row.other, row.first, row.second, row.verdict), (State::Joining, None, None, None, None));
    world.vault.withdraw_case(&citizen, asha.person(), number).await.unwrap();
}

#[tokio::test]
async fn a_fresh_code_that_is_not_sent_is_not_written_down() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let count = async || {
        world
            .store
            .read({
                let person = asha.person();
                move |store| store.person(person)
            })
            .await
            .unwrap()
            .unwrap()
            .entries
    };
    let before = count().await;
    let sends = async || world.vault.send_fresh_code(&citizen, asha.person(), CodeFor::Download, "en").await;
    sends().await.unwrap();
    assert_eq!(count().await, before + 1);
    for _ in 0..3 {
        assert!(matches!(sends().await, Err(Refused::Rule(Refusal::OverBudget { .. }))));
    }
    assert_eq!(count().await, before + 1, "her list says what was sent, and nobody fills it");
    // One count for all that a fresh code is for.
    let other = world.vault.send_fresh_code(&citizen, asha.person(), CodeFor::Leaving, "en").await;
    assert!(matches!(other, Err(Refused::Rule(Refusal::OverBudget { .. }))));
}

#[tokio::test]
async fn every_code_for_a_consent_is_an_entry_and_those_that_are_not_sent_are_none() {
    let world = World::new().await;
    world.family(PHONE, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, PHONE, ALL).await;
    let before = world.count(Kind::OtpSend).await;
    world.pass(MINUTE + 1);
    world.vault.ask_consent_again(world.vault.asked(Channel::Page), request).await.unwrap();
    assert_eq!(world.count(Kind::OtpSend).await, before + 1);
    // Over the phone's budget, a client that asks on and on fills nothing; and alike for a phone that nobody has.
    for phone in [PHONE, "9000000001"] {
        if phone != PHONE {
            clinic.asks(&world, phone, ALL).await;
        }
        let client = clinic.client(&world).await;
        let asks = async || world.vault.ask_consent(&client, ask(phone, ALL, 5, HOUR)).await;
        asks().await.unwrap_err();
        let before = world.leaves().await.len();
        for _ in 0..5 {
            assert!(matches!(asks().await, Err(Refused::Rule(Refusal::OverBudget { .. }))));
        }
        assert_eq!(world.leaves().await.len(), before, "{phone}");
    }
    // The same where a member would move to.
    let (token, sita) = world.family(OTHER, "Sita").await;
    let citizen = world.citizen(&token).await;
    let moves =
        async || world.vault.send_move_code(&citizen, sita.person(), &"9000000002".parse().unwrap(), "en").await;
    moves().await.unwrap();
    moves().await.unwrap_err();
    let before = world.leaves().await.len();
    for _ in 0..5 {
        assert!(matches!(moves().await, Err(Refused::Rule(Refusal::OverBudget { .. }))));
    }
    assert_eq!(world.leaves().await.len(), before);
}

#[tokio::test]
async fn a_consent_is_hers_whom_was_chosen_whoever_left_meanwhile() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.pass(1);
    let ravi = world.vault.register(&world.citizen(&token).await, person("Ravi", 1950)).await.unwrap();
    world.pass(1);
    let sita = world.vault.register(&world.citizen(&token).await, person("Sita", 1960)).await.unwrap();
    let clinic = Partner::new(&world, "clinic").await;
    let asked = || world.vault.asked(Channel::Page);
    let request = clinic.asks(&world, PHONE, ALL).await;
    let code = arrived(&world, PHONE).await;
    let chooser = world.vault.try_consent_code(asked(), request, &code).await.unwrap();
    let place = |person: &vault::Registered| {
        let ending = person.reference.last_four();
        chooser.endings.iter().position(|one| *one == ending).unwrap()
    };
    world.vault.remove_member(&world.citizen(&token).await, asha.person()).await.unwrap();
    let gone = world.vault.give_consent(asked(), request, &chooser.proof, place(&asha), &noticed()).await;
    assert_eq!(gone, Err(Refused::NotFound), "who left consents to nothing");
    world.vault.give_consent(asked(), request, &chooser.proof, place(&ravi), &noticed()).await.unwrap();
    let client = clinic.client(&world).await;
    let (token, _) = world.vault.consent_token(&client, request).await.unwrap().unwrap();
    let reader = world.vault.consented(client, &token).await.unwrap();
    assert_eq!(reader.person(), Some(ravi.person()), "and not {:?}", sita.reference.last_four());
}

#[tokio::test]
async fn a_stranger_who_guesses_for_days_does_not_shut_her_out_for_good() {
    let world = World::new().await;
    world.family(PHONE, "Asha Devi").await;
    let (asked, mut wrong) = (world.vault.asked(Channel::Api), 0);
    for _ in 0..120 {
        world.pass(HOUR + MINUTE);
        let sent = world.vault.send_code(asked, &PHONE.parse().unwrap(), CodeFor::SignIn, "en").await;
        let Ok(transaction) = sent else { continue };
        for _ in 0..3 {
            let told = world.vault.sign_in(asked, transaction, CodeFor::SignIn, "00000000").await;
            wrong += u32::from(matches!(told.err(), Some(Refused::Wrong { .. })));
        }
    }
    assert!((50..60).contains(&wrong), "{wrong} guesses in five days");
    world.pass(crate::world::DAY_MS);
    world.signs_in(PHONE).await;
}

#[tokio::test]
async fn no_partner_passes_for_a_centre_in_a_message() {
    let world = World::new().await;
    world.family(PHONE, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let row = clinic.row(ALL, registry::ClientState::Live, 50);
    world.vault.register_client(vault::rows::ClientRow { name: "601".into(), ..row }).await.unwrap();
    let request = clinic.asks(&world, PHONE, ALL).await;
    let by = reader(&world, &clinic, request).await;
    world.vault.shared(&by).await.unwrap();
    world.vault.send_notices().await.unwrap();
    let sent = world.outbox.sent.lock().unwrap();
    let told = sent.iter().find_map(|(_, message)| match message {
        vault::Message::FirstLook { organisation, .. } => Some(organisation.clone()),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("601"), "its own name, and not that of the centre with this number");
}

/// A consent of the one member of a phone, and whoever reads by it.
async fn reader(world: &World, clinic: &Partner, request: TransactionId) -> Consented {
    let code = arrived(world, PHONE).await;
    let client = clinic.client(world).await;
    let Confirmed::Token { token, is_new: false } =
        world.vault.confirm_consent(&client, request, &code, &noticed()).await.unwrap()
    else {
        panic!("no consent came of it")
    };
    world.vault.consented(client, &token).await.unwrap()
}

#[tokio::test]
async fn many_looks_at_once_are_as_many_as_she_allowed_and_none_after_she_ended_it() {
    let world = World::new().await;
    let (_, asha) = world.family(PHONE, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, PHONE, ALL).await;
    let by = reader(&world, &clinic, request).await;
    let looks = join_all((0..20).map(|_| world.vault.shared(&by))).await;
    assert_eq!(looks.iter().filter(|look| look.is_ok()).count(), 5);
    assert_eq!(world.count(Kind::Reveal).await, 5);

    let request = clinic.asks(&world, PHONE, ALL).await;
    let by = reader(&world, &clinic, request).await;
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let before = world.count(Kind::Reveal).await;
    let looking = join_all((0..20).map(|_| world.vault.shared(&by)));
    let (looks, ended) = tokio::join!(looking, world.vault.revoke_consent(&citizen, request));
    ended.unwrap();
    let seen = looks.iter().filter(|look| look.is_ok()).count();
    assert!(seen <= 5 && world.count(Kind::Reveal).await == before + seen, "{seen}");
    assert!(world.vault.shared(&by).await.is_err());
    let given = world.vault.permissions(&citizen, asha.person()).await.unwrap();
    let used = given.given.iter().find(|one| one.id == request).unwrap().used;
    assert_eq!(usize::from(used), seen);
}

#[tokio::test]
async fn one_request_is_answered_once_and_one_signature_counts_once_however_many_come() {
    let world = World::new().await;
    world.family(PHONE, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let headers = clinic.headers(&world, "POST", "/", b"{}").map(|(_, value)| value);
    let [client, time, nonce, signature] = &headers;
    let shown = (0..8).map(|_| async {
        let signed = vault::Signed { client, time, nonce, signature, method: "POST", path: "/", body: b"{}" };
        world.vault.client(&signed).await.is_ok()
    });
    assert_eq!(join_all(shown).await.into_iter().filter(|good| *good).count(), 1);

    let request = clinic.asks(&world, PHONE, ALL).await;
    let code = arrived(&world, PHONE).await;
    let asked = || world.vault.asked(Channel::Page);
    // The same code at the same time, on the page and by the client.
    let on_page = join_all((0..4).map(|_| world.vault.try_consent_code(asked(), request, &code)));
    let client = clinic.client(&world).await;
    let notice = noticed();
    let (on_page, by_client) = tokio::join!(on_page, world.vault.confirm_consent(&client, request, &code, &notice));
    let right = on_page.iter().filter(|told| told.is_ok()).count() + usize::from(by_client.is_ok());
    assert_eq!(right, 1);
    if let Some(chooser) = on_page.iter().find_map(|told| told.as_ref().ok()) {
        let given = (0..4).map(|_| world.vault.give_consent(asked(), request, &chooser.proof, 0, &notice));
        assert_eq!(join_all(given).await.iter().filter(|told| told.is_ok()).count(), 1);
    }
    assert_eq!(world.count(Kind::Consent).await, 1);
}

#[tokio::test]
async fn two_decisions_at_once_are_one() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Aasha Devy").await;
    let citizen = world.citizen(&token).await;
    let number = files(&world, &citizen, asha.person(), &Claim::Name("Asha Devi".parse().unwrap())).await;
    let (omar, olga) = (world.staff("omar").await, world.staff("olga").await);
    let taken = join_all([world.vault.take_case(&omar, number), world.vault.take_case(&olga, number)]).await;
    assert_eq!(taken.iter().filter(|told| told.is_ok()).count(), 1);
    let (first, second) = if taken[0].is_ok() { (&omar, &olga) } else { (&olga, &omar) };
    let proposed = join_all((0..3).map(|_| world.vault.propose_case(first, number, yes(Reason::Document)))).await;
    assert_eq!(proposed.iter().filter(|told| told.is_ok()).count(), 1);
    world.vault.take_case(second, number).await.unwrap();
    let judged = join_all((0..4).map(|_| world.vault.judge_case(second, number, Judgement::Agree))).await;
    assert_eq!(judged.iter().filter(|told| told.is_ok()).count(), 1);
    let person = asha.person();
    let row = world.store.read(move |store| store.person(person)).await.unwrap().unwrap();
    let name = row.fields.iter().find(|field| field.field == vault::Field::Name.wire()).unwrap();
    assert_eq!(name.version, 2, "corrected once");
}

#[tokio::test]
async fn of_leaving_and_moving_at_once_nothing_is_left_half_done() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let send = async |what_for| {
        world.pass(MINUTE + 1);
        let transaction = world.vault.send_fresh_code(&citizen, asha.person(), what_for, "en").await.unwrap();
        (transaction, world.arrived(PHONE).await)
    };
    world.pass(MINUTE + 1);
    let here = world.vault.send_move_code(&citizen, asha.person(), &OTHER.parse().unwrap(), "en").await.unwrap();
    let code = world.arrived(OTHER).await;
    let proof = world.vault.prove_move(&citizen, asha.person(), here, &code).await.unwrap();
    let (away, leaving) = (send(CodeFor::MoveAway).await, send(CodeFor::Leaving).await);
    let (moved, left, registered) = tokio::join!(
        world.vault.start_move(&citizen, asha.person(), &proof, away.0, &away.1),
        world.vault.leave(&citizen, asha.person(), leaving.0, &leaving.1),
        world.vault.register(&citizen, person("Ravi", 1950)),
    );
    // Whichever came first, the family's version lets the others only if they know it as it is.
    assert!(left.is_ok() || registered.is_ok());
    if left.is_ok() {
        let there = world.citizen(&world.signs_in(OTHER).await.token).await;
        assert_eq!(world.vault.moves(&there).await.unwrap(), [], "who left does not move: {:?}", moved.is_ok());
        world.pass(crate::world::DAY_MS);
        world.vault.sweep().await.unwrap();
        assert!(world.signs_in(OTHER).await.is_new);
    } else {
        assert_eq!(left, Err(Refusal::FamilyMoved.into()));
    }
}
