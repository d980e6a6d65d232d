//! Leaving, and moving to another phone.

use crate::fixture::{Bench, DAY, Folder, HOUR, MINUTE, NOW, batch, on_every_engine, on_one_store};
use crate::people::{members, open};
use ledger::Field;
use registry::PersonId;
use store::command::{Command, Effect, EndMove, Erased, FamilyHold, Joins, Refusal, StartMove};
use store::hold::{HeldKeys, HoldFile};
use store::{KeyFile, Reader};

const PHONE: [u8; 32] = [6; 32];
const OTHER: [u8; 32] = [7; 32];

fn erase(erase: store::command::Erase) -> Effect {
    Effect::Erase(Box::new(erase))
}

#[tokio::test]
async fn an_erased_person_leaves_a_tombstone_and_her_place() {
    on_every_engine(async |bench| {
        let session = bench.session([3, 0, 0], 0).await;
        let mut hold = bench.sign_in(PHONE).await;
        let mut new = bench.register(Joins::Family(hold.clone()));
        new.id_token = Some([8; 32]);
        let (person, reference) = (new.person, new.reference);
        bench.enter(new.clone()).await.unwrap();
        hold.version += 1;
        bench.books(&hold, person, session).await;
        assert_eq!(open(bench, session).await, 2);
        assert_eq!(bench.read(move |store| store.notice_shown(person)).await.as_deref(), Some("2026-11-22 hi"));

        let stranger = bench.sign_in(OTHER).await;
        let by_another = bench.erase(person, Some(stranger), 3);
        assert_eq!(bench.refuses(erase(by_another)).await, Refusal::NotFound);
        let leaving = bench.erase(person, Some(hold.clone()), 3);
        let explained = leaving.explained.clone();
        let done = bench.does_about(person, erase(leaving)).await.unwrap();

        assert_eq!(open(bench, session).await, 3);
        assert!(bench.read(move |store| store.person(person)).await.is_none());
        assert!(bench.read(move |store| store.by_reference(&reference)).await.is_none());
        assert!(bench.read(move |store| store.sealed(person, 0, 1)).await.is_none());
        assert!(bench.read(move |store| store.card(person)).await.is_none());
        assert!(bench.read(move |store| store.notice_shown(person)).await.is_none());
        assert_eq!(bench.read(move |store| store.standing(person)).await.as_deref(), Some("erased"));
        assert!(bench.read(|store| store.notices_due(i64::MAX, 9)).await.is_empty());
        assert_eq!(members(bench).await, (vec![], vec![]));
        // Every tag of hers is explained by the command's last entry, and no other tag is.
        for (number, tag) in (0..).zip(explained.tags.clone()) {
            let found = bench.read(move |store| store.erased_tag(&tag)).await.unwrap();
            assert_eq!((found.position, found.number, &found.explained), (done.position, number, &explained));
        }
        assert!(bench.read(|store| store.erased_tag(&[9; 32])).await.is_none());
        // Her random id never comes back, and nothing is written about her any more.
        new.joins = Joins::Alone;
        assert_eq!(bench.enter(new).await.unwrap_err(), Refusal::Conflict);
        let again = bench.erase(person, None, 1);
        assert!(matches!(bench.refuses(erase(again)).await, Refusal::NotFound | Refusal::Conflict));
    })
    .await;
}

/// A member with one dose, a name in two versions and a phone.
async fn vaccinated(bench: &mut Bench, hold: &mut FamilyHold) -> PersonId {
    let person = bench.member(hold).await;
    bench.does(Effect::Batch(batch("CX-1", 5))).await.unwrap();
    let dose = bench.dose(person, None, 1);
    assert_eq!(dose.day, DAY);
    bench.does_about(person, Effect::Dose(Box::new(dose))).await.unwrap();
    let fields = vec![bench.sealed(person, 0, 2), bench.sealed(person, Field::Phone.wire(), 1)];
    bench.does_about(person, Effect::Seal(fields)).await.unwrap();
    person
}

#[tokio::test]
async fn who_has_a_dose_leaves_under_a_hold_alone_and_her_dose_stays_as_a_number() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let person = vaccinated(bench, &mut hold).await;
        let bare = bench.erase(person, Some(hold.clone()), 3);
        assert_eq!(bench.refuses(erase(bare)).await, Refusal::HasDoses);
        let mut leaving = bench.erase(person, Some(hold), 3);
        leaving.held = vec![(0, 2)];
        bench.does_about(person, erase(leaving)).await.unwrap();

        // Of her fields stays the held version; the dose stays, and so do the counters.
        let held = bench.read(move |store| store.held_fields(person)).await;
        assert_eq!(held.iter().map(|one| (one.field, one.version)).collect::<Vec<_>>(), [(0, 2)]);
        assert!(bench.read(move |store| store.sealed(person, 0, 1)).await.is_none());
        assert!(bench.read(move |store| store.sealed(person, Field::Phone.wire(), 1)).await.is_none());
        let tallied: u32 = bench.read(|store| store.tallies(None, DAY, DAY)).await.iter().map(|t| t.doses).sum();
        assert_eq!(tallied, 1);
        bench.does(Effect::Recount).await.unwrap();
        let tallied: u32 = bench.read(|store| store.tallies(None, DAY, DAY)).await.iter().map(|t| t.doses).sum();
        assert_eq!(tallied, 1);

        // Until her keys are gone she is still to be settled; then her hold ends when its time is over.
        assert_eq!(bench.read(Reader::leavers).await, [(person, NOW + 100 * HOUR)]);
        assert_eq!(bench.read(|store| store.holds_over(i64::MAX)).await, []);
        bench.does(Effect::KeysGone { person }).await.unwrap();
        assert_eq!(bench.read(Reader::leavers).await, []);
        assert_eq!(bench.read(|store| store.holds_over(NOW + 100 * HOUR - 1)).await, []);
        assert_eq!(bench.read(|store| store.holds_over(NOW + 100 * HOUR)).await, [person]);
        bench.does(Effect::HoldEnded { person }).await.unwrap();
        assert_eq!(bench.read(move |store| store.held_fields(person)).await, []);
        assert!(bench.read(move |store| store.sealed(person, 0, 2)).await.is_none());
        assert_eq!(bench.refuses(Effect::HoldEnded { person }).await, Refusal::NotFound);
        // A hold is ended of leavers alone.
        let there = bench.person().await;
        assert_eq!(bench.refuses(Effect::HoldEnded { person: there }).await, Refusal::NotFound);
        assert!(bench.read(move |store| store.sealed(there, 0, 1)).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_with_older_data_is_removed_again() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let person = vaccinated(bench, &mut hold).await;
        let explained = bench.erase(person, None, 4).explained;
        let tag = explained.tags[2];
        let erased = Erased { position: 77, explained, held: (vec![(0, 2)], NOW) };
        bench.does(Effect::Forget { person, erasure: Some(Box::new(erased)) }).await.unwrap();
        let held = bench.read(move |store| store.held_fields(person)).await;
        assert_eq!(held.iter().map(|one| (one.field, one.version)).collect::<Vec<_>>(), [(0, 2)]);
        assert_eq!(bench.read(|store| store.holds_over(NOW)).await, [person]);
        assert!(bench.read(move |store| store.person(person)).await.is_none());
        assert_eq!(members(bench).await, (vec![], vec![]));
        assert_eq!(bench.read(move |store| store.erased_tag(&tag)).await.unwrap().position, 77);
        let token = hold.token;
        assert!(bench.read(move |store| store.sign_in(&token, NOW)).await.is_none(), "her family is another");
        assert_eq!(bench.refuses(Effect::Forget { person, erasure: None }).await, Refusal::NotFound);
    })
    .await;
}

fn start(bench: &mut Bench, person: PersonId, by: &FamilyHold, to: [u8; 32]) -> StartMove {
    let phone = bench.sealed(person, Field::Phone.wire(), 2);
    StartMove { id: bench.draw(), person, by: by.clone(), to, phone, now_ms: NOW, due_ms: NOW + 24 * HOUR }
}

fn begins(start: &StartMove) -> Effect {
    Effect::StartMove(Box::new(start.clone()))
}

#[tokio::test]
async fn a_member_moves_after_a_day_and_both_families_are_others() {
    on_one_store("moving to another phone has no steps yet", async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let person = vaccinated(bench, &mut hold).await;
        let there = bench.sign_in(OTHER).await;
        let going = start(bench, person, &hold, OTHER);
        let end = EndMove { id: going.id, person, now_ms: NOW + 24 * HOUR };

        // Not by another family, not to where she is, not twice.
        let by_another = start(bench, person, &there, PHONE);
        assert_eq!(bench.refuses(begins(&by_another)).await, Refusal::NotFound);
        let nowhere = start(bench, person, &hold, PHONE);
        assert_eq!(bench.refuses(begins(&nowhere)).await, Refusal::NotFound);
        bench.does_about(person, begins(&going)).await.unwrap();
        let twice = start(bench, person, &hold, [8; 32]);
        assert_eq!(bench.refuses(begins(&twice)).await, Refusal::Conflict);
        let due = bench.read(|store| store.notices_due(NOW, 9)).await;
        assert_eq!(due.len(), 1, "the old phone is told at once");
        assert_eq!(*due[0].appointment.bytes(), going.id);

        // Both phones see it; before its time nothing moves.
        for phone in [PHONE, OTHER] {
            assert_eq!(bench.read(move |store| store.moves_of(&phone)).await.len(), 1);
        }
        assert_eq!(bench.read(|store| store.moves_of(&[8; 32])).await, []);
        assert_eq!(bench.read(|store| store.moves_due(NOW + 24 * HOUR - 1)).await, []);
        let early = EndMove { now_ms: NOW + 24 * HOUR - 1, ..end };
        assert_eq!(bench.refuses(Effect::EndMove(early)).await, Refusal::NotFound);
        assert_eq!(bench.read(|store| store.moves_due(NOW + 24 * HOUR)).await.len(), 1);

        bench.does_about(person, Effect::EndMove(end)).await.unwrap();
        assert_eq!(members(bench).await, (vec![], vec![]));
        let family = bench.read(|store| store.family(&OTHER)).await;
        assert_eq!(family.members.iter().map(|one| one.person).collect::<Vec<_>>(), [person]);
        for token in [hold.token, there.token] {
            assert!(bench.read(move |store| store.sign_in(&token, NOW)).await.is_none());
        }
        let phone = bench.row(person).await.fields.into_iter().find(|one| one.field == Field::Phone.wire());
        assert_eq!(phone, Some(going.phone));
        assert_eq!(bench.refuses(Effect::EndMove(end)).await, Refusal::NotFound);
    })
    .await;
}

#[tokio::test]
async fn either_phone_stops_a_move_and_no_other() {
    on_one_store("moving to another phone has no steps yet", async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let person = vaccinated(bench, &mut hold).await;
        for phone in [PHONE, OTHER] {
            let going = start(bench, person, &hold, OTHER);
            bench.does_about(person, begins(&going)).await.unwrap();
            let stop = |phone| Effect::StopMove { id: going.id, phone, now_ms: NOW };
            assert_eq!(bench.refuses(stop(Some([9; 32]))).await, Refusal::NotFound);
            bench.does(stop(Some(phone))).await.unwrap();
            assert_eq!(bench.refuses(stop(None)).await, Refusal::NotFound);
        }
        // A phone whose family is full takes nobody, at the start as at the end.
        let going = start(bench, person, &hold, OTHER);
        bench.does_about(person, begins(&going)).await.unwrap();
        let mut full = bench.sign_in(OTHER).await;
        for _ in 0..4 {
            bench.member(&mut full).await;
        }
        let end = EndMove { id: going.id, person, now_ms: NOW + 25 * HOUR };
        assert_eq!(bench.refuses(Effect::EndMove(end)).await, Refusal::FamilyFull);
        assert_eq!(members(bench).await.0, [person]);
        bench.does(Effect::StopMove { id: going.id, phone: None, now_ms: NOW }).await.unwrap();
        let again = start(bench, person, &hold, OTHER);
        assert_eq!(bench.refuses(begins(&again)).await, Refusal::FamilyFull);
    })
    .await;
}

#[tokio::test]
async fn a_stale_count_erases_nobody() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        let person = bench.member(&mut hold).await;
        let leaving = bench.erase(person, Some(hold), 1);
        let entries = vec![bench.entry(Some((person, 0)))];
        let command = Command { by: None, once: None, entries, effect: erase(leaving) };
        assert_eq!(bench.store.apply(command).await, Err(Refusal::Moved));
        assert!(bench.read(move |store| store.person(person)).await.is_some());
        assert_eq!(bench.read(Reader::leavers).await, []);
    })
    .await;
}

#[tokio::test]
async fn the_hold_is_a_file_of_its_own_and_is_swept() {
    let folder = Folder::new();
    let keys = KeyFile::open(&folder.0).unwrap();
    let person = PersonId::from_random([1; 16]);
    let fields = vec![(0, 2, vec![3; 60]), (3, 1, vec![4; 60])];
    let held = HeldKeys { person, tag: vec![5; 60], fields, followed: 3, until_ms: NOW + MINUTE };
    keys.hold(held.clone()).await.unwrap();
    // The same person's again changes nothing.
    keys.hold(HeldKeys { tag: vec![6; 60], until_ms: 0, ..held.clone() }).await.unwrap();
    let copy = Folder::new();
    keys.backup(&copy.0.join("keys.db")).unwrap();
    for place in [&folder, &copy] {
        assert_eq!(HoldFile::open(&place.0).unwrap().find(person).unwrap(), Some(held.clone()));
    }
    assert_eq!(keys.held(person).unwrap(), Some(held));
    for (count, followed) in [(7, 7), (5, 7)] {
        keys.follow_held(person, count).await.unwrap();
        assert_eq!(keys.held(person).unwrap().unwrap().followed, followed, "a count only grows");
    }
    keys.end_hold(person).await.unwrap();
    assert_eq!(HoldFile::open(&folder.0).unwrap().find(person).unwrap(), None);
    drop(keys);
    for name in ["keys.db", "keys.db-wal", "hold.db"] {
        let bytes = std::fs::read(folder.0.join(name)).unwrap_or_default();
        let lies = [3, 4, 5].iter().any(|key| bytes.windows(60).any(|window| window == [*key; 60]));
        assert!(!lies, "destroyed keys lie in {name}");
    }
}
