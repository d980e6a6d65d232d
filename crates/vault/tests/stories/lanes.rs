//! A stranger who knows her number, and what he cannot take from her with it.

use crate::partner::{ALL, Partner, arrived, noticed};
use crate::world::{CENTRE, DAY_MS, MINUTE, World, person};
use registry::TransactionId;
use vault::{Asked, Channel, CodeFor, Evidence, Keepsake, Opened, Refusal, Refused};

const PHONE: &str = "9876543210";
const OTHER: &str = "9876543211";

/// A browser that never came before.
fn stranger(byte: u8) -> Keepsake {
    Keepsake::read(&[], [byte; Keepsake::LENGTH])
}

fn from(world: &World, keepsake: Keepsake) -> Asked {
    world.vault.asked(Channel::Page).from_browser(keepsake)
}

async fn sends(world: &World, phone: &str, keepsake: Keepsake) -> Result<TransactionId, Refused> {
    world.pass(MINUTE + 1);
    world.vault.send_code(from(world, keepsake), &phone.parse().unwrap(), CodeFor::SignIn, "en").await
}

/// Signs in from a browser; answers with what it keeps afterwards.
async fn signs_in(world: &World, phone: &str, keepsake: Keepsake) -> Result<(Opened, Keepsake), Refused> {
    let transaction = sends(world, phone, keepsake).await?;
    let code = world.arrived(phone).await;
    let opened = world.vault.sign_in(from(world, keepsake), transaction, CodeFor::SignIn, &code).await?;
    let keeps = opened.keepsake.expect("a browser is given something to keep");
    Ok((opened, keeps))
}

/// Guesses for days, until fifty were wrong; then uses up what else of codes can be had.
async fn wastes_fifty(world: &World, keepsake: Keepsake) {
    let mut wrong = 0;
    for _ in 0..1000 {
        let Ok(transaction) = sends(world, PHONE, keepsake).await else {
            world.pass(20 * MINUTE);
            continue;
        };
        for _ in 0..3 {
            let told = world.vault.sign_in(from(world, keepsake), transaction, CodeFor::SignIn, "00000000").await;
            wrong += u32::from(matches!(told.err(), Some(Refused::Wrong { .. })));
        }
        if wrong >= 50 {
            return;
        }
    }
    panic!("{wrong} were wrong");
}

fn is_over(told: &Result<TransactionId, Refused>) -> bool {
    matches!(told, Err(Refused::Rule(Refusal::OverBudget { .. })))
}

#[tokio::test]
async fn strangers_waste_fifty_tries_and_she_signs_in_from_her_browser() {
    let world = World::new().await;
    let (_, hers) = signs_in(&world, PHONE, stranger(1)).await.unwrap();
    wastes_fifty(&world, stranger(2)).await;
    // Whoever comes by a browser that never signed in here is a stranger, by the programs' door as well.
    assert!(is_over(&sends(&world, PHONE, stranger(3)).await));
    let program = world.vault.asked(Channel::Api);
    assert!(is_over(&world.vault.send_code(program, &PHONE.parse().unwrap(), CodeFor::SignIn, "en").await));
    let (opened, _) = signs_in(&world, PHONE, hers).await.unwrap();
    world.vault.register(&world.citizen(&opened.token).await, person("Asha Devi", 1983)).await.unwrap();
    // Her coming forgave them nothing.
    assert!(is_over(&sends(&world, PHONE, stranger(2)).await));
}

#[tokio::test]
async fn a_strangers_code_does_not_end_the_one_that_she_holds() {
    let world = World::new().await;
    let (_, hers) = signs_in(&world, PHONE, stranger(1)).await.unwrap();
    let transaction = sends(&world, PHONE, hers).await.unwrap();
    let code = world.arrived(PHONE).await;
    sends(&world, PHONE, stranger(2)).await.unwrap();
    world.vault.sign_in(from(&world, hers), transaction, CodeFor::SignIn, &code).await.unwrap();
}

#[tokio::test]
async fn a_forged_keepsake_is_a_strangers_and_fills_no_log() {
    let world = World::new().await;
    let (_, hers) = signs_in(&world, PHONE, stranger(1)).await.unwrap();
    let (_, elsewhere) = signs_in(&world, OTHER, stranger(4)).await.unwrap();
    wastes_fifty(&world, stranger(2)).await;
    assert!(is_over(&sends(&world, PHONE, stranger(2)).await));
    let before = world.leaves().await.len();
    let (hers, elsewhere) = (hers.bytes(), elsewhere.bytes());
    let of = |name: &[u8], marks: &[u8]| Keepsake::read(&[name, marks].concat(), [0; Keepsake::LENGTH]);
    for (forged, what) in [
        (of(&hers[..32], &[0; 64]), "her browser's name without a mark"),
        (of(&[9; 32], &hers[32..]), "her marks under another name"),
        (of(&elsewhere[..32], &elsewhere[32..]), "a mark of another phone"),
        (of(&elsewhere[..32], &hers[32..]), "her marks under the name of a browser that is known elsewhere"),
        (of(&hers[..32], &[&elsewhere[32..48], &[0; 48]].concat()), "another phone's mark under her browser's name"),
    ] {
        assert!(is_over(&sends(&world, PHONE, forged).await), "{what}");
    }
    assert_eq!(world.leaves().await.len(), before, "what is known for a stranger's is not looked up");
}

#[tokio::test]
async fn a_stolen_keepsake_opens_nothing_and_wastes_its_own_browser_alone() {
    let world = World::new().await;
    let (_, laptop) = signs_in(&world, PHONE, stranger(1)).await.unwrap();
    let (_, mobile) = signs_in(&world, PHONE, stranger(2)).await.unwrap();
    wastes_fifty(&world, laptop).await;
    assert!(is_over(&sends(&world, PHONE, laptop).await));
    // Neither her other browser nor one that is new to the phone has lost a thing.
    signs_in(&world, PHONE, mobile).await.unwrap();
    signs_in(&world, PHONE, stranger(3)).await.unwrap();
}

#[tokio::test]
async fn who_shares_a_browser_has_a_lane_at_each_phone() {
    let world = World::new().await;
    let (_, kept) = signs_in(&world, PHONE, stranger(1)).await.unwrap();
    let (_, kept) = signs_in(&world, OTHER, kept).await.unwrap();
    wastes_fifty(&world, stranger(2)).await;
    let (_, again) = signs_in(&world, PHONE, kept).await.unwrap();
    signs_in(&world, OTHER, again).await.unwrap();
}

#[tokio::test]
async fn a_phone_that_goes_to_somebody_else_leaves_its_earlier_holder_no_lane() {
    let world = World::new().await;
    let (opened, earlier) = signs_in(&world, PHONE, stranger(1)).await.unwrap();
    let asha = world.vault.register(&world.citizen(&opened.token).await, person("Asha Devi", 1983)).await.unwrap();
    let citizen = world.citizen(&opened.token).await;
    world.pass(MINUTE + 1);
    let here = world.vault.send_move_code(&citizen, asha.person(), &OTHER.parse().unwrap(), "en").await.unwrap();
    let code = world.arrived(OTHER).await;
    let proof = world.vault.prove_move(&citizen, asha.person(), here, &code).await.unwrap();
    let away = world.vault.send_fresh_code(&citizen, asha.person(), CodeFor::MoveAway, "en").await.unwrap();
    let code = world.arrived(PHONE).await;
    world.vault.start_move(&citizen, asha.person(), &proof, away, &code).await.unwrap();
    world.pass(DAY_MS);
    world.vault.sweep().await.unwrap();
    // Who has the number now signs in, registers, and is kept out by strangers as anyone would be: so is who had it before.
    let (opened, hers) = signs_in(&world, PHONE, stranger(5)).await.unwrap();
    assert!(opened.is_new);
    world.vault.register(&world.citizen(&opened.token).await, person("Uma", 1970)).await.unwrap();
    wastes_fifty(&world, earlier).await;
    assert!(is_over(&sends(&world, PHONE, earlier).await));
    assert!(is_over(&sends(&world, PHONE, stranger(6)).await), "his guesses are counted with everybody's");
    signs_in(&world, PHONE, hers).await.unwrap();
}

#[tokio::test]
async fn what_strangers_waste_stops_no_centre_no_partner_and_nobody_who_is_signed_in() {
    let world = World::new().await;
    let meera = world.staff("meera").await;
    let (opened, hers) = signs_in(&world, PHONE, stranger(1)).await.unwrap();
    let citizen = world.citizen(&opened.token).await;
    let asha = world.vault.register(&citizen, person("Asha Devi", 1983)).await.unwrap();
    let sita = world.vault.register_at(&meera, CENTRE, None, person("Sita", 1960)).await.unwrap();
    let card = Evidence::Card(sita.card.clone().unwrap());
    let place = world.vault.check_in(&meera, world.session, &sita.reference, &card).await.unwrap();
    // Ten codes went to strangers within a day.
    for _ in 0..40 {
        let _ = sends(&world, PHONE, stranger(2)).await;
        world.pass(11 * MINUTE);
    }
    assert!(is_over(&sends(&world, PHONE, stranger(2)).await));
    let meera = world.staff("meera").await;
    // At the centre: a code that shows that she is there, and one by which her number becomes somebody's on record.
    world.vault.send_presence_code(&meera, world.session, &asha.reference).await.unwrap();
    world.vault.send_code_to_new_phone(&meera, place, &PHONE.parse().unwrap()).await.unwrap();
    // Signed in, she takes her data along, or leaves.
    let (opened, _) = signs_in(&world, PHONE, hers).await.unwrap();
    let citizen = world.citizen(&opened.token).await;
    world.vault.send_fresh_code(&citizen, asha.person(), CodeFor::Download, "en").await.unwrap();
    // A partner's code is asked for, arrives, and is right.
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, PHONE, ALL).await;
    let code = arrived(&world, PHONE).await;
    world.vault.confirm_consent(&clinic.client(&world).await, request, &code, &noticed()).await.unwrap();
}
