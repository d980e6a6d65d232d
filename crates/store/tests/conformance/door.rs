//! One-time codes within their budgets, and sign-ins.

use crate::fixture::{Bench, Engine, HOUR, MINUTE, NOW, on_every_engine, on_one_store};
use futures_util::future::join_all;
use registry::{PersonId, Role, StaffId, TransactionId};
use store::command::{
    Answer, CaseStep, Command, Effect, Lane, Move, Refusal, SendCode, SignIn, SignedIn, Spend, StaffChange, TryCode,
};
use store::rows::{NewStaff, Status};

const PHONE: [u8; 32] = [6; 32];
const RIGHT: [u8; 32] = [1; 32];
const WRONG: [u8; 32] = [2; 32];

fn send(transaction: TransactionId, now_ms: i64) -> SendCode {
    let (phone, contact) = (PHONE, vec![4; 20]);
    SendCode {
        transaction,
        phone,
        lane: Lane::Anyone,
        purpose: 1,
        person: None,
        hash: RIGHT,
        contact,
        now_ms,
        expires_ms: now_ms + 180_000,
    }
}

fn attempt(transaction: TransactionId, hash: [u8; 32], now_ms: i64) -> Effect {
    Effect::TryCode(TryCode { transaction, purpose: 1, person: None, hash, now_ms })
}

async fn sends(bench: &mut Bench, now_ms: i64) -> Result<TransactionId, Refusal> {
    let transaction = bench.transaction();
    bench.does(Effect::SendCode(send(transaction, now_ms))).await.map(|_| transaction)
}

#[tokio::test]
async fn a_phone_gets_one_code_a_minute_five_an_hour_ten_a_day() {
    on_every_engine(async |bench| {
        // Minutes after the first at which a code is asked for, and, where it is refused, when the next may go.
        let table: &[(i64, Option<i64>)] = &[
            (0, None),
            (1, None),
            (2, None),
            (3, None),
            (4, None),
            (5, Some(60)),
            (59, Some(60)),
            (60, None),
            (61, None),
            (62, None),
            (63, None),
            (64, None),
            (65, Some(120)),
            (130, Some(1440)),
            (1439, Some(1440)),
            (1440, None),
            (1441, None),
            (1442, None),
        ];
        for (minute, until) in table {
            let sent = sends(bench, NOW + minute * MINUTE).await;
            let expected = until.map(|until| Refusal::OverBudget { until_ms: NOW + until * MINUTE });
            assert_eq!(sent.err(), expected, "minute {minute}");
        }
        let late = NOW + 1442 * MINUTE;
        assert_eq!(sends(bench, late + 59_999).await, Err(Refusal::OverBudget { until_ms: late + MINUTE }));
        // Another phone has a budget of its own.
        let transaction = bench.transaction();
        let other = SendCode { phone: [7; 32], ..send(transaction, late) };
        bench.does(Effect::SendCode(other)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_code_bears_three_tries_and_is_good_once() {
    on_every_engine(async |bench| {
        let code = sends(bench, NOW).await.unwrap();
        for left in [2, 1, 0] {
            assert_eq!(bench.answers(attempt(code, WRONG, NOW)).await, Answer::CodeWrong { left });
        }
        assert_eq!(bench.refuses(attempt(code, RIGHT, NOW)).await, Refusal::CodeGone);

        let code = sends(bench, NOW + MINUTE).await.unwrap();
        let right = Answer::CodeRight { phone: PHONE, lane: PHONE, contact: vec![4; 20] };
        assert_eq!(bench.answers(attempt(code, RIGHT, NOW + MINUTE)).await, right);
        assert_eq!(bench.refuses(attempt(code, RIGHT, NOW + MINUTE)).await, Refusal::CodeGone);
    })
    .await;
}

#[tokio::test]
async fn a_code_is_bound_to_its_purpose_its_person_and_its_time() {
    on_every_engine(async |bench| {
        let person = Some(PersonId::from_random([3; 16]));
        let code = sends(bench, NOW).await.unwrap();
        let of =
            |purpose, person| Effect::TryCode(TryCode { transaction: code, purpose, person, hash: RIGHT, now_ms: NOW });
        assert_eq!(bench.refuses(of(2, None)).await, Refusal::CodeGone);
        assert_eq!(bench.refuses(of(1, person)).await, Refusal::CodeGone);
        assert_eq!(bench.refuses(attempt(code, RIGHT, NOW + 180_000)).await, Refusal::CodeGone);
        assert_eq!(bench.refuses(attempt(bench_id(9), RIGHT, NOW)).await, Refusal::CodeGone);
        // A newer code ends the older.
        let newer = sends(bench, NOW + MINUTE).await.unwrap();
        assert_eq!(bench.refuses(attempt(code, RIGHT, NOW + MINUTE)).await, Refusal::CodeGone);
        assert!(matches!(bench.answers(attempt(newer, RIGHT, NOW + MINUTE)).await, Answer::CodeRight { .. }));
    })
    .await;
}

fn bench_id(byte: u8) -> TransactionId {
    TransactionId::from_random([byte; 16])
}

/// Tries a fresh code wrongly, beyond every budget of sending, and says how long the phone then waits.
async fn fails(bench: &mut Bench, now_ms: i64) -> Option<i64> {
    let code = sends(bench, now_ms).await.unwrap();
    assert!(matches!(bench.answers(attempt(code, WRONG, now_ms)).await, Answer::CodeWrong { .. }));
    match bench.does(attempt(code, RIGHT, now_ms)).await {
        Err(Refusal::Locked { until_ms }) => Some(until_ms - now_ms),
        Ok(done) => panic!("a right code after a wrong one clears the row: {done:?}"),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn ten_failures_in_a_row_make_the_phone_wait_and_a_resend_forgives_none() {
    on_every_engine(async |bench| {
        // Nine failures over codes of which each was sent anew: none is forgiven by the resend.
        let mut now = NOW;
        for _ in 0..3 {
            now += 24 * HOUR;
            let code = sends(bench, now).await.unwrap();
            for _ in 0..3 {
                bench.answers(attempt(code, WRONG, now)).await;
            }
        }
        for (n, seconds) in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600].into_iter().enumerate() {
            now += 24 * HOUR;
            assert_eq!(fails(bench, now).await, Some(seconds * 1000), "failure {}", n + 10);
            // While it waits no code is sent either, and the answer says when.
            assert_eq!(sends(bench, now + 1).await, Err(Refusal::OverBudget { until_ms: now + seconds * 1000 }));
        }
        // After the wait a right code is right, and the row of failures ends.
        now += 24 * HOUR;
        let code = sends(bench, now).await.unwrap();
        assert!(matches!(bench.answers(attempt(code, RIGHT, now)).await, Answer::CodeRight { .. }));
        bench.sign_in(PHONE).await;
        now += 24 * HOUR;
        let code = sends(bench, now).await.unwrap();
        assert_eq!(bench.answers(attempt(code, WRONG, now)).await, Answer::CodeWrong { left: 2 });
        assert!(matches!(bench.answers(attempt(code, RIGHT, now)).await, Answer::CodeRight { .. }));
    })
    .await;
}

#[tokio::test]
async fn a_right_code_forgives_nothing_until_the_second_proof_is_right_too() {
    on_every_engine(async |bench| {
        let mut now = NOW;
        // The third wrong proof makes fifteen failures in a row: the phone waits, whatever codes were right between.
        for _ in 0..3 {
            now += 24 * HOUR;
            let code = sends(bench, now).await.unwrap();
            assert!(matches!(bench.answers(attempt(code, RIGHT, now)).await, Answer::CodeRight { .. }));
            bench.does(Effect::WrongProof { phone: PHONE, now_ms: now }).await.unwrap();
        }
        assert_eq!(sends(bench, now + 1).await, Err(Refusal::OverBudget { until_ms: now + 960_000 }));
        // Ten of them are fifty: only a centre helps.
        for _ in 0..7 {
            bench.does(Effect::WrongProof { phone: PHONE, now_ms: now }).await.unwrap();
        }
        assert!(matches!(sends(bench, now + 365 * 24 * HOUR).await, Err(Refusal::OverBudget { .. })));
        bench.sign_in(PHONE).await;
        sends(bench, now + HOUR).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_are_counted_over_all_phones_by_day() {
    on_every_engine(async |bench| {
        let code = sends(bench, NOW).await.unwrap();
        bench.answers(attempt(code, WRONG, NOW)).await;
        bench.answers(attempt(code, WRONG, NOW)).await;
        assert_eq!(bench.read(|store| store.wrong_codes_today(NOW)).await, 2);
        assert_eq!(bench.read(|store| store.wrong_codes_today(NOW + 24 * HOUR)).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_lives_until_its_end_its_idle_end_or_its_sign_out() {
    on_every_engine(async |bench| {
        let token = bench.sign_in(PHONE).await.token;
        let live = |now| move |store: &store::Reader| store.sign_in(&token, now);
        assert!(bench.read(live(NOW + HOUR - 1)).await.is_some());
        assert!(bench.read(live(NOW + HOUR)).await.is_none());
        bench.does(Effect::Touch { token, idle_ms: NOW + 100 }).await.unwrap();
        assert!(bench.read(live(NOW + 100)).await.is_none());
        bench.does(Effect::Touch { token, idle_ms: NOW + 10 * HOUR }).await.unwrap();
        assert_eq!(bench.read(live(NOW)).await.unwrap().idle_ms, NOW + HOUR, "never beyond its end");
        bench.does(Effect::SignOut { token }).await.unwrap();
        assert!(bench.read(live(NOW)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_rests_on_a_sign_in_that_has_ended_is_refused_and_leaves_nothing() {
    on_one_store("a sign-in is asked just before, and not in the transaction", async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let (session, other) = (bench.session([2, 0, 0], 0).await, bench.session([2, 0, 0], 0).await);
        let person = bench.member(&mut hold).await;
        let appointment = bench.books(&hold, person, session).await;
        let case = crate::cases::new_case(bench, &hold, person, registry::case::Kind::WrongName, 1);
        let file = Effect::Case(CaseStep::File(Box::new(case.clone())));
        bench.does_about(person, file).await.unwrap();
        let cancel = Effect::Cancel { appointment, people: vec![person] };
        let slot = crate::fixture::noon();
        let effects = [
            cancel.clone(),
            Effect::Move(Move { appointment, people: vec![person], session: other, slot, now_ms: NOW }),
            Effect::Case(CaseStep::Withdraw { case: case.id, person, now_ms: NOW }),
            Effect::StopMove { id: bench.draw(), phone: Some(PHONE), now_ms: NOW },
            // A look is nothing but its entry.
            Effect::Append,
        ];
        let count = bench.row(person).await.entries;
        let mut commands = vec![(None, Vec::new(), Effect::SignOut { token: hold.token })];
        for effect in effects {
            commands.push((Some(hold.token), vec![bench.entry(Some((person, count)))], effect));
        }
        let size = bench.log_size().await;
        // They come in one batch with the sign-out, and after it.
        for _ in 0..2 {
            let commands = commands.iter().cloned();
            let commands = commands.map(|(by, entries, effect)| Command { by, once: None, entries, effect });
            let outcomes = join_all(commands.map(|command| bench.store.apply(command))).await;
            assert!(outcomes[0].is_ok());
            assert!(outcomes[1..].iter().all(|one| *one == Err(Refusal::SignedOut)), "{outcomes:?}");
        }
        let row = bench.row(person).await;
        assert_eq!((row.entries, row.appointments[0].status), (count, Status::Booked));
        assert_eq!((row.appointments[0].session, bench.log_size().await), (session, size));

        let again = bench.sign_in(PHONE).await;
        let entries = vec![bench.entry(Some((person, count)))];
        let command = Command { by: Some(again.token), once: None, entries, effect: cancel };
        bench.store.apply(command).await.unwrap();
        assert_eq!(bench.row(person).await.appointments[0].status, Status::Cancelled);
    })
    .await;
}

async fn hire(bench: &mut Bench) -> StaffId {
    let id = StaffId::from_random(bench.draw());
    let staff = NewStaff {
        id,
        login: "meera".into(),
        name: "Meera".into(),
        role: Role::Vaccinator,
        centre: None,
        password: "hash".into(),
        totp: vec![1],
    };
    bench.does(Effect::Staff(Box::new(staff))).await.unwrap();
    id
}

fn staff_sign_in(token: [u8; 32], staff: StaffId, step: u64) -> Effect {
    let who = SignedIn::Staff { staff, step };
    Effect::SignIn(SignIn {
        token,
        who,
        lane: None,
        sealed: Vec::new(),
        position: 0,
        now_ms: NOW,
        expires_ms: NOW + HOUR,
        idle_ms: NOW + HOUR,
    })
}

#[tokio::test]
async fn a_staff_code_is_good_once_and_five_failures_make_her_wait() {
    on_every_engine(async |bench| {
        let staff = hire(bench).await;
        let token = bench.draw();
        bench.does(staff_sign_in(token, staff, 100)).await.unwrap();
        let (again, later) = (bench.draw(), bench.draw());
        assert_eq!(bench.refuses(staff_sign_in(again, staff, 100)).await, Refusal::CodeGone);
        bench.does(staff_sign_in(later, staff, 101)).await.unwrap();
        for failures in 1..=6_i64 {
            bench.does(Effect::StaffFailed { staff, now_ms: NOW }).await.unwrap();
            let locked = bench.read(move |store| store.staff(staff)).await.unwrap().locked_ms;
            let expected = if failures < 5 { 0 } else { NOW + (30_000 << (failures - 5)) };
            assert_eq!(locked, expected, "{failures} failures");
        }
        // Leaving ends every sign-in at once.
        let leaves = StaffChange { staff, role: None, centre: None, active: Some(false), credentials: None };
        bench.does(Effect::StaffChange(leaves)).await.unwrap();
        for token in [token, later] {
            assert!(bench.read(move |store| store.sign_in(&token, NOW)).await.is_none());
        }
        let token = bench.draw();
        assert_eq!(bench.refuses(staff_sign_in(token, staff, 200)).await, Refusal::CodeGone);
    })
    .await;
}

#[tokio::test]
async fn a_backup_holds_no_live_sign_in() {
    on_one_store("each shard is copied by itself", async |bench| {
        let token = bench.sign_in(PHONE).await.token;
        sends(bench, NOW).await.unwrap();
        let person = bench.person().await;
        let copy = crate::fixture::Folder::new();
        let copied = bench.store.backup(&copy.0.join("teeka.db"));
        if matches!(bench.ground.engine(), Engine::Postgres(_)) {
            assert!(copied.unwrap_err().to_string().contains("its own tools"));
            return;
        }
        copied.unwrap();
        let restored = store::Store::open(&copy.0).unwrap();
        assert!(restored.read(move |store| store.sign_in(&token, NOW)).await.unwrap().is_none());
        assert!(restored.read(move |store| store.person(person)).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_budget_holds_so_much_until_it_is_full_again() {
    on_every_engine(async |bench| {
        let spend = |much, now_ms: i64, of: u8| {
            let until_ms = (now_ms / HOUR + 1) * HOUR;
            Effect::Spend(Spend { budget: [of; 32], much, most: 3, until_ms, now_ms })
        };
        let hour = NOW / HOUR * HOUR;
        for (much, now_ms, of, spent) in [
            (2, hour, 1, Ok(Answer::Count(2))),
            (2, hour + 1, 1, Err(Refusal::OverBudget { until_ms: hour + HOUR })),
            // What was refused spent nothing, and another's is another's.
            (1, hour + 2, 1, Ok(Answer::Count(3))),
            (1, hour + 3, 2, Ok(Answer::Count(1))),
            (1, hour + HOUR - 1, 1, Err(Refusal::OverBudget { until_ms: hour + HOUR })),
            (3, hour + HOUR, 1, Ok(Answer::Count(3))),
            (4, hour + HOUR, 2, Err(Refusal::OverBudget { until_ms: hour + 2 * HOUR })),
        ] {
            let answer = bench.does(spend(much, now_ms, of)).await.map(|done| done.answer);
            assert_eq!(answer, spent, "{much} at {now_ms} of {of}");
        }
    })
    .await;
}
