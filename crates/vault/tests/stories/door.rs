//! Signing in.

use crate::world::{DAY_MS, MINUTE, World, last_six};
use vault::{Channel, CodeFor, Kind, Opened, Proof, Refusal, Refused};

async fn right_code(world: &World, phone: &str) -> Result<Opened, Refused> {
    let (transaction, code) = world.code(phone, CodeFor::SignIn).await;
    world.vault.sign_in(world.vault.asked(Channel::Page), transaction, CodeFor::SignIn, &code).await
}

async fn asked_for_proof(world: &World, phone: &str) -> Proof {
    match right_code(world, phone).await {
        Err(Refused::ProofNeeded(proof)) => proof,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a phone silent for ninety days was let in"),
    }
}

#[tokio::test]
async fn a_code_is_taken_as_digits_or_as_their_hash_and_once() {
    let world = World::new().await;
    let (transaction, code) = world.code("9876543210", CodeFor::SignIn).await;
    let tries = async |typed: &str, what_for| {
        world
            .vault
            .sign_in(world.vault.asked(Channel::Api), transaction, what_for, typed)
            .await
            .map(|opened| opened.is_new)
    };
    assert_eq!(code.len(), 6);
    assert_eq!(tries("000", CodeFor::SignIn).await.unwrap_err(), Refused::Wrong { left: 2 });
    assert_eq!(tries(&code, CodeFor::Certificate).await.unwrap_err(), Refusal::CodeGone.into());
    let hash = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(code.as_bytes()));
    assert!(tries(&hash, CodeFor::SignIn).await.unwrap());
    assert_eq!(tries(&code, CodeFor::SignIn).await.unwrap_err(), Refusal::CodeGone.into());
}

use sha2::Digest;

#[tokio::test]
async fn beyond_the_days_budget_of_wrong_codes_new_ones_have_eight_digits_and_nobody_is_kept_out() {
    let world = World::with(2).await;
    for phone in ["9876543210", "9876543211", "9876543212"] {
        let (transaction, code) = world.code(phone, CodeFor::SignIn).await;
        assert_eq!(code.len(), 6);
        let asked = world.vault.asked(Channel::Page);
        let _ = world.vault.sign_in(asked, transaction, CodeFor::SignIn, "none").await;
    }
    let (transaction, code) = world.code("9876543213", CodeFor::SignIn).await;
    assert_eq!(code.len(), 8);
    world.vault.sign_in(world.vault.asked(Channel::Page), transaction, CodeFor::SignIn, &code).await.unwrap();
    world.pass(DAY_MS);
    assert_eq!(world.code("9876543213", CodeFor::SignIn).await.1.len(), 6);
}

#[tokio::test]
async fn a_phone_silent_for_ninety_days_shows_a_second_proof() {
    let world = World::new().await;
    let (_, asha) = world.family("9876543210", "Asha Devi").await;
    world.pass(89 * DAY_MS);
    right_code(&world, "9876543210").await.unwrap();
    world.pass(90 * DAY_MS + 1);
    let proof = asked_for_proof(&world, "9876543210").await;
    let uses = world.count(Kind::Use).await;
    let asked = || world.vault.asked(Channel::Page);
    let Err(Refused::ProofNeeded(next)) = world.vault.prove(asked(), &proof, "1900").await else { panic!() };
    assert_eq!(world.count(Kind::Use).await, uses + 1, "the comparison is an entry of hers");
    world.vault.prove(asked(), &next, &last_six(&asha.reference)).await.unwrap();
    // From here on the phone is awake.
    right_code(&world, "9876543210").await.unwrap();

    world.pass(91 * DAY_MS);
    let proof = asked_for_proof(&world, "9876543210").await;
    world.pass(10 * MINUTE);
    assert_eq!(world.vault.prove(asked(), &proof, "1983").await.map(|_| ()).unwrap_err(), Refused::NotSignedIn);
    let proof = asked_for_proof(&world, "9876543210").await;
    world.vault.prove(asked(), &proof, "1983").await.unwrap();
}

#[tokio::test]
async fn a_second_proof_bears_three_tries_however_often_it_is_shown_again() {
    let world = World::new().await;
    world.family("9876543210", "Asha Devi").await;
    world.pass(91 * DAY_MS);
    let first = asked_for_proof(&world, "9876543210").await;
    // The first continuation is shown again and again, so that its count of tries would never move.
    for _ in 0..3 {
        assert!(world.vault.prove(world.vault.asked(Channel::Page), &first, "1900").await.is_err());
    }
    let late = world.vault.prove(world.vault.asked(Channel::Page), &first, "1983").await;
    assert!(late.is_err(), "the fourth try was weighed");
    let forged = Proof(first.0.replace('A', "B"));
    let outcome = world.vault.prove(world.vault.asked(Channel::Page), &forged, "1983").await;
    assert_eq!(outcome.map(|_| ()).unwrap_err(), Refused::NotSignedIn);
}

#[tokio::test]
async fn a_token_ends_and_a_changed_one_is_no_token() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    let holds = async |token: &str| world.vault.caller(token, Channel::Page).await.is_ok();
    assert!(holds(&token).await);
    for at in [3, token.len() / 2, token.len() - 1] {
        let mut other: Vec<char> = token.chars().collect();
        other[at] = if other[at] == 'A' { 'B' } else { 'A' };
        assert!(!holds(&other.into_iter().collect::<String>()).await, "character {at}");
    }
    for bad in ["", ".", "..", "a.b.c", &"x".repeat(100_000)] {
        assert!(!holds(bad).await);
    }
    world.pass(15 * MINUTE);
    assert!(!holds(&token).await, "idle");
    let token = world.signs_in("9876543210").await.token;
    world.vault.sign_out(&world.citizen(&token).await).await.unwrap();
    assert!(!holds(&token).await);
}

#[tokio::test]
async fn known_and_unknown_numbers_have_the_same_budget() {
    let world = World::new().await;
    world.family("9876543210", "Asha Devi").await;
    let mut told = Vec::new();
    for phone in ["9876543210", "9876543299"] {
        world.pass(DAY_MS);
        let mut outcomes = Vec::new();
        for minutes in [0, 0, 1, 1, 1, 1, 1, 60] {
            world.pass(minutes * MINUTE);
            let asked = world.vault.asked(Channel::Api);
            let begin = world.vault.now_ms();
            let sent = world.vault.send_code(asked, &phone.parse().unwrap(), CodeFor::SignIn, "en").await;
            outcomes.push(match sent {
                Ok(_) => None,
                Err(Refused::Rule(Refusal::OverBudget { until_ms })) => Some(until_ms - begin),
                Err(other) => panic!("{other}"),
            });
        }
        told.push(outcomes);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].iter().filter(|one| one.is_some()).count(), 2);
}

#[tokio::test]
async fn staff_sign_in_with_password_and_a_code_that_is_good_once() {
    let world = World::new().await;
    let meera = world.credentials_of("meera");
    let tries = async |password: &str, code: &str| {
        world.vault.staff_sign_in(world.vault.asked(Channel::Page), "Meera ", password, code).await.map(|_| ())
    };
    world.pass(MINUTE);
    let code = world.code_of(&meera);
    assert_eq!(tries("wrong", &code).await.unwrap_err(), Refused::Wrong { left: 0 });
    tries(&meera.1, &code).await.unwrap();
    assert_eq!(tries(&meera.1, &code).await.unwrap_err(), Refused::Wrong { left: 0 }, "used before");
    for _ in 0..5 {
        assert!(tries("wrong", "000000").await.is_err());
    }
    let code = {
        world.pass(29_000);
        world.code_of(&meera)
    };
    assert!(matches!(tries(&meera.1, &code).await.unwrap_err(), Refused::Rule(Refusal::Locked { .. })));
    world.pass(MINUTE);
    let code = world.code_of(&meera);
    tries(&meera.1, &code).await.unwrap();
}
