//! People: registered, joined to a phone, confirmed, removed.

use crate::fixture::{Bench, CENTRE, NOW, on_every_engine};
use registry::{PersonId, SessionId};
use store::command::{Answer, Effect, FamilyHold, Joins, Membership, Refusal};

const PHONE: [u8; 32] = [6; 32];

pub(crate) async fn members(bench: &Bench) -> (Vec<PersonId>, Vec<PersonId>) {
    let family = bench.read(|store| store.family(&PHONE)).await;
    let (pending, full): (Vec<_>, Vec<_>) = family.members.into_iter().partition(|member| member.pending.is_some());
    (full.into_iter().map(|m| m.person).collect(), pending.into_iter().map(|m| m.person).collect())
}

#[tokio::test]
async fn a_phone_has_four_members_and_the_centre_learns_nothing_of_it() {
    on_every_engine(async |bench| {
        let mut hold = bench.sign_in(PHONE).await;
        for _ in 0..4 {
            bench.member(&mut hold).await;
        }
        let fifth = bench.register(Joins::Family(hold.clone()));
        assert_eq!(bench.enter(fifth).await.unwrap_err(), Refusal::FamilyFull);
        for _ in 0..6 {
            let pending = bench.register(Joins::Pending { phone: PHONE, centre: CENTRE });
            bench.enter(pending).await.expect("whether the phone has room is nobody's business at the centre");
        }
        let (full, pending) = members(bench).await;
        assert_eq!((full.len(), pending.len()), (4, 4));
    })
    .await;
}

#[tokio::test]
async fn a_change_of_the_family_ends_every_other_sign_in() {
    on_every_engine(async |bench| {
        let other = bench.sign_in(PHONE).await;
        let mut hold = bench.sign_in(PHONE).await;
        bench.member(&mut hold).await;
        let (one, two) = (hold.token, other.token);
        let own = bench.read(move |store| store.sign_in(&one, NOW)).await.unwrap();
        assert_eq!(own.sealed, [1], "the one that did it learns the new state");
        assert!(bench.read(move |store| store.sign_in(&two, NOW)).await.is_none());
        let late = bench.register(Joins::Family(other));
        assert_eq!(bench.enter(late).await.unwrap_err(), Refusal::SignedOut);
        let behind = bench.register(Joins::Family(FamilyHold { version: 0, ..hold }));
        assert_eq!(bench.enter(behind).await.unwrap_err(), Refusal::FamilyMoved);
    })
    .await;
}

#[tokio::test]
async fn a_pending_member_is_confirmed_within_three_tries() {
    on_every_engine(async |bench| {
        let mut people = Vec::new();
        for _ in 0..2 {
            let pending = bench.register(Joins::Pending { phone: PHONE, centre: CENTRE });
            people.push(pending.person);
            bench.enter(pending).await.unwrap();
        }
        let hold = bench.sign_in(PHONE).await;
        let tries = async |bench: &mut Bench, person, proven| {
            let membership = Effect::Membership(Membership { person, proven, by: hold.clone() });
            bench.does_about(person, membership).await.map(|done| done.answer)
        };
        for left in [2, 1, 0] {
            assert_eq!(tries(bench, people[0], false).await, Ok(Answer::CodeWrong { left }));
        }
        assert!(matches!(tries(bench, people[0], true).await, Err(Refusal::Locked { .. })));
        assert_eq!(tries(bench, people[1], true).await, Ok(Answer::Nothing));
        assert_eq!(members(bench).await, (vec![people[1]], vec![people[0]]));
        // Nobody confirmed her in thirty days: she leaves the phone and keeps her record.
        bench.does(Effect::Sweep { now_ms: NOW + 30 * 86_400_000 + 1 }).await.unwrap();
        assert_eq!(members(bench).await, (vec![people[1]], vec![]));
        assert_eq!(bench.row(people[0]).await.entries, 4, "each try is written down, and what was refused is not");
    })
    .await;
}

#[tokio::test]
async fn where_void_stands_nobody_comes_to_be_and_who_is_there_cannot_be_made_void() {
    on_every_engine(async |bench| {
        let late = bench.register(Joins::Alone);
        bench.does(Effect::Void { person: late.person }).await.unwrap();
        bench.does(Effect::Void { person: late.person }).await.unwrap();
        let person = late.person;
        assert_eq!(bench.enter(late).await.unwrap_err(), Refusal::Conflict);
        assert_eq!(bench.read(move |store| store.standing(person)).await.as_deref(), Some("void"));
        let there = bench.person().await;
        assert_eq!(bench.refuses(Effect::Void { person: there }).await, Refusal::Conflict);
    })
    .await;
}

pub(crate) async fn open(bench: &Bench, session: SessionId) -> u32 {
    bench.read(move |store| store.session(session)).await.unwrap().session.open()
}

#[tokio::test]
async fn the_newest_version_of_each_field_is_hers_and_the_older_ones_stay() {
    on_every_engine(async |bench| {
        let person = bench.person().await;
        let (second, screening) = (bench.sealed(person, 0, 2), bench.sealed(person, 7, 1));
        bench.does_about(person, Effect::Seal(vec![second.clone(), screening.clone()])).await.unwrap();
        assert_eq!(bench.row(person).await.fields, [second, screening]);
        assert!(bench.read(move |store| store.sealed(person, 0, 1)).await.is_some());
    })
    .await;
}
