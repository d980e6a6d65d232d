//! Places are booked, moved, given back and called off, and always add up.

use crate::fixture::{Bench, NOW, morning, noon, on_every_engine};
use futures_util::future::join_all;
use registry::{PersonId, Places, SessionId, Slot};
use store::command::{Answer, Command, Effect, Move, Refusal};
use store::rows::{Cause, Status};

async fn first(bench: &Bench, session: SessionId) -> Places {
    bench.read(move |store| store.session(session)).await.unwrap().session.places[0]
}

async fn status(bench: &Bench, person: PersonId) -> Vec<Status> {
    bench.row(person).await.appointments.iter().map(|row| row.status).collect()
}

#[tokio::test]
async fn a_place_is_taken_moved_and_given_back() {
    on_every_engine(async |bench| {
        let (one, other) = (bench.session([2, 0, 0], 0).await, bench.session([1, 0, 0], 0).await);
        let mut hold = bench.sign_in([1; 32]).await;
        let person = bench.member(&mut hold).await;
        let appointment = bench.books(&hold, person, one).await;
        assert_eq!(first(bench, one).await, Places { capacity: 2, open: 1, held: 0, booked: 1 });

        let to =
            |session, slot: Slot| Effect::Move(Move { appointment, people: vec![person], session, slot, now_ms: NOW });
        bench.does_about(person, to(other, noon())).await.unwrap();
        assert_eq!(first(bench, one).await.open, 2);
        assert_eq!(first(bench, other).await, Places { capacity: 1, open: 0, held: 0, booked: 1 });
        // Within a full session the window still moves.
        bench.does_about(person, to(other, morning())).await.unwrap();
        assert_eq!(bench.refuses(to(other, Slot::between(1, 2))).await, Refusal::NoSuchSlot);

        bench.does_about(person, Effect::Cancel { appointment, people: vec![person] }).await.unwrap();
        assert_eq!(first(bench, other).await.open, 1);
        assert_eq!(status(bench, person).await, [Status::Cancelled]);
        assert_eq!(bench.refuses(Effect::Cancel { appointment, people: vec![person] }).await, Refusal::NotFound);
        assert_eq!(bench.refuses(to(one, morning())).await, Refusal::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_booking_is_for_all_or_none() {
    on_every_engine(async |bench| {
        let session = bench.session([1, 0, 0], 0).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let two = [(bench.member(&mut hold).await, 1), (bench.member(&mut hold).await, 1)];
        let book = bench.book(&hold, &two, session, 1);
        assert_eq!(bench.refuses(Effect::Book(book)).await, Refusal::Full);
        assert_eq!(first(bench, session).await.open, 1);
        assert!(bench.row(two[0].0).await.appointments.is_empty());
    })
    .await;
}

#[tokio::test]
async fn nobody_has_two_live_bookings_for_one_dose() {
    on_every_engine(async |bench| {
        let (one, other) = (bench.session([5, 5, 0], 5).await, bench.session([5, 5, 0], 5).await);
        let mut hold = bench.sign_in([1; 32]).await;
        let (asha, ravi) = (bench.member(&mut hold).await, bench.member(&mut hold).await);
        let standing = bench.books(&hold, asha, one).await;

        let same = bench.book(&hold, &[(asha, 2)], one, 1);
        assert_eq!(
            bench.answers(Effect::Book(same)).await,
            Answer::Appointment(standing),
            "the same wish is one booking"
        );
        let elsewhere = bench.book(&hold, &[(asha, 2)], other, 1);
        assert_eq!(bench.refuses(Effect::Book(elsewhere)).await, Refusal::AlreadyBooked);
        let walk_in = bench.walk_in(asha, other, 1);
        assert_eq!(bench.refuses(Effect::WalkIn(walk_in)).await, Refusal::AlreadyBooked);
        // A wish for two, of whom one stands, is not the wish that stands; whoever is named first.
        for two in [[(asha, 2), (ravi, 1)], [(ravi, 1), (asha, 2)]] {
            let both = bench.book(&hold, &two, one, 1);
            assert_eq!(bench.refuses(Effect::Book(both)).await, Refusal::AlreadyBooked);
        }
        assert_eq!(first(bench, one).await.booked, 1);
        assert_eq!(first(bench, other).await.booked, 0);
        assert!(bench.row(ravi).await.appointments.is_empty());
        // Another dose is another booking.
        let second = bench.book(&hold, &[(asha, 2)], other, 2);
        bench.does_about(asha, Effect::Book(second)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_booking_needs_a_session_a_slot_and_a_sign_in_that_knows_the_family() {
    on_every_engine(async |bench| {
        let session = bench.session([5, 0, 0], 0).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let person = bench.member(&mut hold).await;
        let wish = bench.book(&hold, &[(person, 1)], session, 1);

        let mut unknown = wish.clone();
        unknown.session = SessionId::from_random([9; 16]);
        assert_eq!(bench.refuses(Effect::Book(unknown)).await, Refusal::NotFound);
        let mut late = wish.clone();
        late.slot = Slot::between(1000, 1100);
        assert_eq!(bench.refuses(Effect::Book(late)).await, Refusal::NoSuchSlot);
        let mut nobody = wish.clone();
        nobody.by.token = [9; 32];
        assert_eq!(bench.refuses(Effect::Book(nobody)).await, Refusal::SignedOut);
        let mut behind = wish.clone();
        behind.by.version -= 1;
        assert_eq!(bench.refuses(Effect::Book(behind)).await, Refusal::FamilyMoved);
        let mut third = wish.clone();
        third.dose = 3;
        assert_eq!(bench.refuses(Effect::Book(third)).await, Refusal::Full, "no place for this dose");
        assert_eq!(first(bench, session).await.open, 5);
        bench.does(Effect::Book(wish)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_session_called_off_tells_everyone_who_was_booked() {
    on_every_engine(async |bench| {
        let session = bench.session([5, 0, 0], 5).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let (asha, ravi) = (bench.member(&mut hold).await, bench.member(&mut hold).await);
        bench.books(&hold, asha, session).await;
        let there = bench.books(&hold, ravi, session).await;
        let check_in = bench.check_in(there, ravi, session);
        bench.does_about(ravi, Effect::CheckIn(check_in)).await.unwrap();

        assert_eq!(bench.answers(Effect::CallOff { session, now_ms: NOW }).await, Answer::Count(1));
        assert_eq!(status(bench, asha).await, [Status::CalledOff]);
        assert_eq!(status(bench, ravi).await, [Status::CheckedIn]);
        let due = bench.read(|store| store.notices_due(NOW, 10)).await;
        let told: Vec<_> =
            due.iter().filter(|notice| notice.cause == Cause::Cancelled).map(|notice| notice.person).collect();
        assert_eq!(told, [asha]);

        let places = first(bench, session).await;
        assert_eq!((places.open, places.capacity), (0, places.held + places.booked));
        assert_eq!(bench.refuses(Effect::CallOff { session, now_ms: NOW }).await, Refusal::NotFound);
        let again = bench.book(&hold, &[(asha, 2)], session, 1);
        assert_eq!(bench.refuses(Effect::Book(again)).await, Refusal::CalledOff);
        let walk_in = bench.walk_in(asha, session, 1);
        assert_eq!(bench.refuses(Effect::WalkIn(walk_in)).await, Refusal::CalledOff);
        let elsewhere = bench.session([1, 0, 0], 0).await;
        let book = bench.book(&hold, &[(asha, 2)], elsewhere, 1);
        bench.does_about(asha, Effect::Book(book)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_sent_once_or_tried_again_later() {
    on_every_engine(async |bench| {
        let session = bench.session([5, 0, 0], 0).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let person = bench.member(&mut hold).await;
        bench.books(&hold, person, session).await;
        let due = |now| move |store: &store::Reader| store.notices_due(now, 10);
        let notice = bench.read(due(NOW)).await[0].id;
        bench.does(Effect::NoticeFailed { notice, again_ms: NOW + 30_000 }).await.unwrap();
        assert!(bench.read(due(NOW + 29_999)).await.is_empty());
        assert_eq!(bench.read(due(NOW + 30_000)).await[0].attempts, 1);
        bench.does(Effect::NoticeSent { notice, now_ms: NOW + 30_000 }).await.unwrap();
        assert!(bench.read(due(i64::MAX)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn many_fight_for_few_places() {
    on_every_engine(async |bench| {
        let session = bench.session([10, 0, 0], 0).await;
        let mut commands = Vec::new();
        for n in 0..64_u8 {
            let mut hold = bench.sign_in([n; 32]).await;
            let person = bench.member(&mut hold).await;
            let entries = vec![bench.entry(Some((person, 1)))];
            let book = bench.book(&hold, &[(person, 1)], session, 1);
            commands.push(Command { by: None, once: None, entries, effect: Effect::Book(book) });
        }
        let before = bench.log_size().await;
        let outcomes = join_all(commands.into_iter().map(|command| bench.store.apply(command))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 10);
        assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|refusal| *refusal == Refusal::Full));
        assert_eq!(first(bench, session).await, Places { capacity: 10, open: 0, held: 0, booked: 10 });
        assert_eq!(bench.log_size().await, before + 10);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_no_column_takes_fails_its_own_command_and_nobody_beside_it() {
    on_every_engine(async |bench| {
        let row = |number: &str| Command {
            by: None,
            once: None,
            entries: Vec::new(),
            effect: Effect::Batch(crate::fixture::batch(number, 10)),
        };
        let zero = "CX\0-1";
        let numbers = ["CX-1", zero, "CX-2"];
        let outcomes = join_all(numbers.map(|number| bench.store.apply(row(number)))).await;
        assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(outcomes[1].as_ref().unwrap_err(), &Refusal::Conflict);
        assert!(bench.read(move |store| store.staff_by_login(zero)).await.is_none());
    })
    .await;
}
