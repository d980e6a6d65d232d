//! Lanes: what a stranger wastes of a phone's codes is never hers.

use crate::fixture::{Bench, HOUR, MINUTE, NOW, on_every_engine, sign_in_of};
use registry::TransactionId;
use store::command::{Answer, Browser, Effect, Lane, Refusal, SendCode, SignIn, TryCode};

const PHONE: [u8; 32] = [6; 32];
const HERS: [u8; 32] = [21; 32];
const RIGHT: [u8; 32] = [1; 32];
const WRONG: [u8; 32] = [2; 32];
const DAY: i64 = 24 * HOUR;

async fn sends(bench: &mut Bench, lane: Lane, now_ms: i64) -> Result<TransactionId, Refusal> {
    let transaction = bench.transaction();
    let send = SendCode {
        transaction,
        phone: PHONE,
        lane,
        purpose: 1,
        person: None,
        hash: RIGHT,
        contact: vec![4; 20],
        now_ms,
        expires_ms: now_ms + 180_000,
    };
    bench.does(Effect::SendCode(send)).await.map(|_| transaction)
}

async fn tries(bench: &Bench, transaction: TransactionId, hash: [u8; 32], now_ms: i64) -> Result<Answer, Refusal> {
    let attempt = TryCode { transaction, purpose: 1, person: None, hash, now_ms };
    bench.does(Effect::TryCode(attempt)).await.map(|done| done.answer)
}

fn right_in(lane: [u8; 32]) -> Result<Answer, Refusal> {
    Ok(Answer::CodeRight { phone: PHONE, lane, contact: vec![4; 20] })
}

/// A browser signs in at the phone.
async fn knows(bench: &Bench, hash: [u8; 32], now_ms: i64) {
    bench.does(Effect::Browser(Browser { phone: PHONE, hash, tell: None, now_ms })).await.unwrap();
}

/// Wastes wrong codes of a lane, each on a day of its own, until it waits a day.
async fn wastes_fifty(bench: &mut Bench, lane: Lane) -> i64 {
    let mut now = NOW;
    for _ in 0..50 {
        now += DAY;
        let code = sends(bench, lane, now).await.unwrap();
        tries(bench, code, WRONG, now).await.unwrap();
    }
    let until_ms = now + DAY;
    assert_eq!(sends(bench, lane, now + MINUTE).await, Err(Refusal::OverBudget { until_ms }));
    now + MINUTE
}

#[tokio::test]
async fn fifty_wrong_codes_shut_one_lane_and_no_other() {
    on_every_engine(async |bench| {
        knows(bench, HERS, NOW).await;
        let now = wastes_fifty(bench, Lane::Anyone).await;
        let until_ms = now - MINUTE + DAY;
        for (lane, counted) in [
            (Lane::Browser(HERS), Some(HERS)),
            // A browser that never signed in here is anyone, whatever hash it names: the phone's own, too.
            (Lane::Browser([22; 32]), None),
            (Lane::Browser(PHONE), None),
            (Lane::Own([23; 32]), Some([23; 32])),
        ] {
            match (sends(bench, lane, now).await, counted) {
                (Ok(code), Some(counted)) => assert_eq!(tries(bench, code, RIGHT, now).await, right_in(counted)),
                (Err(refusal), None) => assert_eq!(refusal, Refusal::OverBudget { until_ms }, "{lane:?}"),
                other => panic!("{lane:?}: {other:?}"),
            }
        }
        // The other way round alike: a keepsake that was stolen shuts its browser's lane, and nobody else.
        let mut bench = Bench::new(bench.ground.engine().clone(), 2).await;
        knows(&bench, HERS, NOW).await;
        let now = wastes_fifty(&mut bench, Lane::Browser(HERS)).await;
        let code = sends(&mut bench, Lane::Anyone, now).await.unwrap();
        assert_eq!(tries(&bench, code, RIGHT, now).await, right_in(PHONE));
    })
    .await;
}

#[tokio::test]
async fn each_lane_has_its_codes_a_day_and_a_newer_one_ends_those_of_its_own_lane() {
    on_every_engine(async |bench| {
        knows(bench, HERS, NOW).await;
        let hers = sends(bench, Lane::Browser(HERS), NOW).await.unwrap();
        for nth in 0..10 {
            sends(bench, Lane::Anyone, NOW + nth * HOUR).await.unwrap();
        }
        assert_eq!(tries(bench, hers, RIGHT, NOW).await, right_in(HERS), "strangers' codes ended hers");
        let now = NOW + 10 * HOUR;
        assert_eq!(sends(bench, Lane::Anyone, now).await, Err(Refusal::OverBudget { until_ms: NOW + DAY }));
        let older = sends(bench, Lane::Browser(HERS), now).await.unwrap();
        let newer = sends(bench, Lane::Browser(HERS), now + MINUTE).await.unwrap();
        assert_eq!(tries(bench, older, RIGHT, now + MINUTE).await, Err(Refusal::CodeGone));
        assert_eq!(tries(bench, newer, RIGHT, now + MINUTE).await, right_in(HERS));
    })
    .await;
}

#[tokio::test]
async fn the_last_four_browsers_of_a_phone_have_lanes() {
    on_every_engine(async |bench| {
        for browser in 1..=5 {
            knows(bench, [20 + browser; 32], NOW + i64::from(browser)).await;
        }
        // The first signed in again, so the second is the oldest.
        knows(bench, [21; 32], NOW + 6).await;
        for (browser, counted) in [(1, [21; 32]), (2, PHONE), (3, [23; 32]), (4, [24; 32]), (5, [25; 32])] {
            let code = sends(bench, Lane::Browser([20 + browser; 32]), NOW + 7).await.unwrap();
            assert_eq!(tries(bench, code, RIGHT, NOW + 7).await, right_in(counted), "browser {browser}");
        }
        // With four lanes that are full, and anyone's, the phone gets no more.
        let lanes = [21, 22, 23, 24, 25].map(|hash| Lane::Browser([hash; 32]));
        let mut sent = lanes.len();
        for half_hour in 1..48 {
            for lane in lanes.into_iter().chain([Lane::Anyone, Lane::Browser([99; 32])]) {
                sent += usize::from(sends(bench, lane, NOW + 7 + half_hour * HOUR / 2).await.is_ok());
            }
        }
        assert_eq!(sent, 50, "codes in a day");
    })
    .await;
}

#[tokio::test]
async fn wrong_proofs_count_for_the_phone_and_a_sign_in_forgives_its_own_lane() {
    on_every_engine(async |bench| {
        knows(bench, HERS, NOW).await;
        let lanes = [Lane::Anyone, Lane::Browser(HERS), Lane::Own([23; 32])];
        let before = sends(bench, Lane::Browser(HERS), NOW).await.unwrap();
        for _ in 0..10 {
            bench.does(Effect::WrongProof { phone: PHONE, now_ms: NOW }).await.unwrap();
        }
        // Whoever has the phone in hand finds no second count behind another browser.
        assert!(matches!(tries(bench, before, RIGHT, NOW).await, Err(Refusal::Locked { .. })));
        for lane in lanes {
            assert!(matches!(sends(bench, lane, NOW + 365 * DAY).await, Err(Refusal::OverBudget { .. })), "{lane:?}");
        }
        bench.sign_in(PHONE).await;

        let now = wastes_fifty(bench, Lane::Anyone).await;
        let version = bench.read(|store| store.family(&PHONE)).await.version;
        let hold = store::command::FamilyHold { phone: PHONE, token: bench.draw(), version, sealed: None };
        bench.does(Effect::SignIn(SignIn { lane: Some(HERS), ..sign_in_of(&hold) })).await.unwrap();
        assert!(sends(bench, Lane::Anyone, now).await.is_err(), "her own sign-in gave strangers fifty tries more");
        bench.sign_in(PHONE).await;
        sends(bench, Lane::Anyone, now).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_phone_where_nobody_is_left_has_no_browser_with_a_lane() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        knows(bench, HERS, NOW).await;
        let (first, last) = (bench.member(&mut hold).await, bench.member(&mut hold).await);
        for (person, counted) in [(first, HERS), (last, PHONE)] {
            let hold = bench.sign_in(PHONE).await;
            let erase = bench.erase(person, Some(hold), 1);
            bench.does_about(person, Effect::Erase(Box::new(erase))).await.unwrap();
            let now = NOW + if counted == HERS { MINUTE } else { 2 * MINUTE };
            let code = sends(bench, Lane::Browser(HERS), now).await.unwrap();
            assert_eq!(tries(bench, code, RIGHT, now).await, right_in(counted));
        }
    })
    .await;
}
