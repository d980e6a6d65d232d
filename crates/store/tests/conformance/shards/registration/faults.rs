//! Nodes and sweepers that die at any step of a registration, or of leaving; a crowd; and what lies claimed meanwhile.

use super::{DOCUMENTS, FAMILY, Newcomer, PHONES, Town, family, memory};
use crate::fixture::{CENTRE, Engine, HOUR, NOW, morning};
use futures_util::future::join_all;
use store::command::{FamilyHold, Joins, Refusal, Register};
use store::rows::ClaimState;
use store::{Fuse, Shards};

/// What is asked of a node that may die.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    Register,
    /// At a centre, with a document that somebody has.
    Add,
    Leave,
}

/// When she asks again.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Again {
    Never,
    AtOnce,
    AfterSweep,
}

async fn hold(town: &mut Town) -> FamilyHold {
    FamilyHold { sealed: Some(vec![9]), ..town.sign_in(PHONES[0]).await }
}

async fn newcomer(town: &mut Town, act: Act) -> Register {
    let joins = if act == Act::Add {
        Joins::Pending { phone: PHONES[0], centre: CENTRE }
    } else {
        Joins::Family(hold(town).await)
    };
    let document = DOCUMENTS[usize::from(act != Act::Add)];
    town.newcomer(joins, Some(document))
}

/// A node dies after so many steps. Answers whether it died before it was done.
async fn dies_at(town: &mut Town, act: Act, steps: u64, again: Again) -> bool {
    let new = newcomer(town, act).await;
    let of: Newcomer = *town.newcomers.last().unwrap();
    if act == Act::Leave {
        town.register(&new).await.unwrap();
    }
    let (by, fuse) = (hold(town).await, Fuse::of(steps));
    let node = town.country.node(&fuse);
    let (erase, entries) = (town.erase(new.person, Some(by)), town.entry_of(&new));
    let leaving = vec![town.country.bench.entry(None)];
    let before = match act {
        Act::Leave => node.leave(erase.clone(), leaving).await,
        _ => node.register(new.clone(), entries).await,
    };
    let died = fuse.left() == 0;
    assert!(died || before.is_ok(), "{before:?}");
    town.check(false).await;
    if again == Again::AfterSweep {
        town.settle().await;
    }
    let mut told = vec![before];
    if again != Again::Never {
        told.push(match act {
            Act::Leave => town.leave(new.person, None).await,
            _ => town.register(&new).await,
        });
    }
    town.settle().await;
    let seen = town.seen(of).await;
    if act == Act::Leave {
        assert!(told.iter().all(Result::is_err) || !seen.is_registered());
        assert!(again == Again::Never || !seen.is_registered());
    } else {
        assert!(told.iter().all(Result::is_err) || seen.is_registered(), "told {told:?}");
        // Who was settled meanwhile is told so, and takes another id.
        let is_over = again == Again::AfterSweep && told[1] == Err(Refusal::Conflict);
        assert!(again == Again::Never || told[1].is_ok() || is_over && !seen.is_registered(), "{told:?}");
        assert_eq!(seen.may_be_same, seen.is_registered() && act == Act::Add);
    }
    if seen.is_registered() {
        town.leave(new.person, None).await.unwrap();
    }
    died
}

#[tokio::test]
async fn a_node_that_dies_at_any_step_leaves_nobody_without_her_claims() {
    for engine in Engine::all() {
        let mut town = Town::new(engine.clone(), 31).await;
        let owner = town.newcomer(Joins::Alone, Some(DOCUMENTS[0]));
        town.register(&owner).await.unwrap();
        for act in [Act::Register, Act::Add, Act::Leave] {
            for again in [Again::Never, Again::AtOnce, Again::AfterSweep] {
                let mut steps = 1;
                while dies_at(&mut town, act, steps, again).await {
                    steps += 1;
                }
                println!("{engine:?}, {act:?}, asks again {again:?}: died at each of {} steps", steps - 1);
                assert!(steps > 11, "each act writes at least six times");
                // What is over is not asked about any more, so that the test ends.
                town.newcomers.retain(|newcomer| newcomer.person == owner.person);
            }
        }
    }
}

#[tokio::test]
async fn a_sweeper_that_dies_at_any_step_is_followed_by_the_next() {
    for engine in Engine::all() {
        let mut town = Town::new(engine, 32).await;
        let mut steps = 1;
        loop {
            // One node has died with both claims in its hand; another has registered somebody, and has told nobody; a third has had
            // somebody leave, and has told nobody.
            let lost = newcomer(&mut town, Act::Register).await;
            let entries = town.entry_of(&lost);
            assert_eq!(town.country.node(&Fuse::of(5)).register(lost, entries).await, Err(Refusal::Storage));
            let joins = Joins::Family(hold(&mut town).await);
            let hers = town.newcomer(joins, Some(DOCUMENTS[2]));
            let entries = town.entry_of(&hers);
            town.country.node(&Fuse::of(7)).register(hers.clone(), entries).await.unwrap();
            let leaver = town.newcomer(Joins::Pending { phone: PHONES[1], centre: CENTRE }, None);
            town.register(&leaver).await.unwrap();
            let (erase, entries) = (town.erase(leaver.person, None), vec![town.country.bench.entry(None)]);
            town.country.node(&Fuse::of(3)).leave(erase, entries).await.unwrap();
            town.check(false).await;
            let fuse = Fuse::of(steps);
            let swept = town.country.node(&fuse).sweep(NOW + HOUR).await;
            assert!(fuse.left() == 0 || swept.is_ok());
            town.settle().await;
            let [lost, entered, left] = *town.newcomers.last_chunk().unwrap();
            assert_eq!(town.seen(lost).await.standing.as_deref(), Some("void"));
            assert_eq!(town.seen(lost).await.document, Some(ClaimState::Released));
            assert!(town.seen(entered).await.is_registered());
            assert_eq!(town.seen(left).await.phone, Some(ClaimState::Released));
            town.leave(hers.person, None).await.unwrap();
            town.newcomers.clear();
            if fuse.left() > 0 {
                break;
            }
            steps += 1;
        }
        assert_eq!(steps, 29, "four claims are asked about, five are told of, five answers are noted");
    }
}

#[tokio::test]
async fn claims_under_way_count_until_they_are_settled() {
    for engine in Engine::all() {
        let mut town = Town::new(engine, 33).await;
        let by = hold(&mut town).await;
        for number in 0..FAMILY {
            let document = (number == 0).then_some(DOCUMENTS[0]);
            let new = town.newcomer(Joins::Family(by.clone()), document);
            let entries = town.entry_of(&new);
            let died = town.country.node(&Fuse::of(5 - 2 * u64::from(number > 0))).register(new, entries).await;
            assert_eq!(died, Err(Refusal::Storage));
        }
        let fifth = town.newcomer(Joins::Family(by.clone()), None);
        assert_eq!(town.register(&fifth).await, Err(Refusal::FamilyFull));
        // No answer says that the document is claimed.
        let same = town.newcomer(Joins::Alone, Some(DOCUMENTS[0]));
        assert_eq!(town.register(&same).await.unwrap().answer, store::command::Answer::Nothing);
        assert!(town.seen(*town.newcomers.last().unwrap()).await.may_be_same);
        town.check(false).await;
        town.settle().await;
        town.register(&fifth).await.unwrap();
        let free = town.newcomer(Joins::Alone, Some(DOCUMENTS[0]));
        town.register(&free).await.unwrap();
        assert!(!town.seen(*town.newcomers.last().unwrap()).await.may_be_same);
        town.check(true).await;
    }
}

#[tokio::test]
async fn who_registers_two_before_either_is_told_signs_in_again() {
    for engine in Engine::all() {
        let mut town = Town::new(engine, 34).await;
        let by = hold(&mut town).await;
        for steps in [5, 5] {
            let new = town.newcomer(Joins::Family(by.clone()), None);
            let entries = town.entry_of(&new);
            town.country.node(&Fuse::of(steps)).register(new, entries).await.unwrap();
        }
        town.settle().await;
        let there = town.country.shards.of_key(&by.phone).clone();
        let (version, members) = family(&there, by.phone).await;
        assert_eq!((version, members.len()), (2, 2));
        assert_eq!(memory(&there, by.token).await, None, "neither memory has both");
    }
}

#[tokio::test]
async fn who_leaves_gives_back_her_seat_in_another_shard() {
    for engine in Engine::all() {
        let mut town = Town::new(engine, 35).await;
        let new = newcomer(&mut town, Act::Register).await;
        town.register(&new).await.unwrap();
        town.country.people.push(new.person);
        let session = *town.country.sessions.keys().next().unwrap();
        let book = town.country.book_of(new.person, session, 1).await;
        let wish = town.country.wish(book.appointment, session, morning());
        town.country.shards.book(&wish, 1, book.people[0].clone(), Vec::new()).await.unwrap();
        town.country.check_even().await;
        let by = hold(&mut town).await;
        town.leave(new.person, Some(by)).await.unwrap();
        town.settle().await;
        town.country.check_even().await;
        assert!(town.country.seats(new.person).await.is_empty());
    }
}

#[tokio::test]
async fn a_crowd_at_two_nodes_and_an_early_sweeper_make_no_family_too_large() {
    for engine in Engine::all() {
        let mut town = Town::new(engine, 36).await;
        let (one, other) = (town.country.shards.clone(), town.country.node(&Fuse::default()));
        let by = hold(&mut town).await;
        let mut tries = Vec::new();
        for number in 0..12 {
            let joins = match number % 2 {
                0 => Joins::Family(by.clone()),
                _ => Joins::Pending { phone: PHONES[1], centre: CENTRE },
            };
            let new = town.newcomer(joins, Some(DOCUMENTS[number % 3]));
            let of = *town.newcomers.last().unwrap();
            for node in [&one, &other] {
                tries.push((of, node, new.clone(), town.entry_of(&new)));
            }
        }
        let ask = |(of, node, new, entries): (Newcomer, &Shards, Register, _)| {
            let node = node.clone();
            async move { (of, node.register(new, entries).await) }
        };
        let tries = join_all(tries.into_iter().map(ask));
        // It takes every claim for one that has run out.
        let sweeper = async {
            for _ in 0..10 {
                one.sweep(NOW + HOUR).await.unwrap();
            }
        };
        let (told, ()) = tokio::join!(tries, sweeper);
        for (of, applied) in told {
            assert!(applied.is_err() || town.seen(of).await.is_registered(), "she was told {applied:?}");
        }
        town.settle().await;
    }
}
