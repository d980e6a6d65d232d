//! Nodes and sweepers that die at any step, and a crowd.

use super::{Country, entry};
use crate::fixture::{Engine, HOUR, NOW, morning};
use futures_util::future::join_all;
use registry::SessionId;
use store::command::{Applied, Book, Refusal};
use store::rows::Status;
use store::{Fuse, Shards, Wish};

/// An act of a person's, to be done by a node that may die.
#[derive(Debug, Clone, Copy)]
enum Act {
    Book,
    Change,
    GiveBack,
}

/// Does the act; `wish` says where to.
async fn act(node: &Shards, act: Act, wish: &Wish, book: &Book, entries: Vec<store::Staged>) -> Applied {
    let person = book.people[0].person;
    match act {
        Act::Book => node.book(wish, 1, book.people[0].clone(), entries).await,
        Act::Change => node.change(wish, person, entries).await,
        Act::GiveBack => node.give_back(wish.appointment, person, entries).await,
    }
}

/// A node dies after so many steps; she asks again, or does not. Answers whether it died before it was done.
async fn dies_at(country: &mut Country, deed: Act, steps: u64, asks_again: bool) -> bool {
    let person = country.people[0];
    let [from, to] = [0, 1].map(|number| *country.sessions.keys().nth(number).unwrap());
    let mut book = country.book_of(person, from, 1).await;
    if !matches!(deed, Act::Book) {
        let (wish, entries) = (country.wish(book.appointment, from, morning()), vec![entry(country, person).await]);
        act(&country.shards, Act::Book, &wish, &book, entries).await.unwrap();
        let booked = country.book_of(person, to, 1).await;
        book = Book { appointment: book.appointment, ..booked };
    }
    let wish = country.wish(book.appointment, if matches!(deed, Act::Book) { from } else { to }, morning());
    let fuse = Fuse::of(steps);
    let node = country.node(&fuse);
    let entries = vec![entry(country, person).await];
    let before = act(&node, deed, &wish, &book, entries.clone()).await;
    let died = fuse.left() == 0;
    assert!(died || before.is_ok(), "{before:?}");
    if asks_again {
        let entries = vec![entry(country, person).await];
        let again = act(&country.shards, deed, &wish, &book, entries).await;
        // Who gave back has nothing to give back; a move that was made is a move to where she is.
        let is_done = again.is_ok() || again == Err(Refusal::NotFound) && matches!(deed, Act::GiveBack);
        assert!(is_done, "{deed:?} at {steps}: {again:?}");
    }
    country.sweep_all().await;
    country.check_even().await;
    let seats = country.seats(person).await;
    let live = seats.iter().find(|seat| seat.status == Status::Booked);
    match deed {
        _ if !asks_again && before.is_err() => {}
        Act::Book => assert_eq!(live.unwrap().session, from),
        Act::Change => assert_eq!(live.unwrap().session, to),
        Act::GiveBack => assert!(live.is_none()),
    }
    // A move that did not come about has left her where she was.
    assert!(live.is_some() || !matches!(deed, Act::Change));
    if let Some(seat) = live {
        let entries = vec![entry(country, person).await];
        country.shards.give_back(seat.appointment, person, entries).await.unwrap();
    }
    died
}

#[tokio::test]
async fn a_node_that_dies_at_any_step_loses_no_seat() {
    for engine in Engine::all() {
        let mut country = Country::new(engine.clone(), 3, 1, &[1, 1]).await;
        for deed in [Act::Book, Act::Change, Act::GiveBack] {
            for asks_again in [false, true] {
                let mut steps = 1;
                while dies_at(&mut country, deed, steps, asks_again).await {
                    steps += 1;
                }
                println!("{engine:?}, {deed:?}, asks again {asks_again}: died at each of {} steps", steps - 1);
                assert!(steps > 6, "each act writes at least four times");
            }
        }
    }
}

#[tokio::test]
async fn a_crowd_at_two_nodes_and_an_early_sweeper_sell_each_seat_once() {
    for engine in Engine::all() {
        let mut country = Country::new(engine, 4, 9, &[3, 2]).await;
        let (one, other) = (country.shards.clone(), country.node(&Fuse::default()));
        let sessions: Vec<SessionId> = country.sessions.keys().copied().collect();
        let mut tries = Vec::new();
        for person in country.people.clone() {
            for (node, session) in [&one, &other].into_iter().zip(&sessions) {
                let book = country.book_of(person, *session, 1).await;
                let wish = country.wish(book.appointment, *session, morning());
                tries.push((node, wish, book, vec![entry(&mut country, person).await]));
            }
        }
        let tries = join_all(tries.into_iter().map(|(node, wish, book, entries)| async move {
            (act(node, Act::Book, &wish, &book, entries).await, book)
        }));
        // It takes every hold for one that has run out.
        let sweeper = async {
            for _ in 0..20 {
                one.sweep(NOW + HOUR).await.unwrap();
            }
        };
        let (told, ()) = tokio::join!(tries, sweeper);
        for (applied, book) in told {
            let seats = country.seats(book.people[0].person).await;
            let is_booked = seats.iter().any(|seat| seat.appointment == book.appointment);
            assert_eq!(applied.is_ok(), is_booked, "she was told {applied:?}");
        }
        country.sweep_all().await;
        country.check_even().await;
        for person in country.people.clone() {
            for session in &sessions {
                let book = country.book_of(person, *session, 1).await;
                let wish = country.wish(book.appointment, *session, morning());
                let entries = vec![entry(&mut country, person).await];
                let _ = act(&country.shards, Act::Book, &wish, &book, entries).await;
            }
        }
        country.check_even().await;
        let mut booked = 0;
        for person in &country.people {
            booked += country.seats(*person).await.len();
        }
        assert_eq!(booked, 5, "every seat is sold in the end");
    }
}

#[tokio::test]
async fn a_sweeper_that_dies_at_any_step_is_followed_by_the_next() {
    for engine in Engine::all() {
        let mut country = Country::new(engine, 5, 2, &[1, 1]).await;
        let mut steps = 1;
        loop {
            // One node has died with a seat in its hand; another has booked, and has told nobody.
            for (person, session, died) in [(0, 0, 2), (1, 1, 6)] {
                let session = *country.sessions.keys().nth(session).unwrap();
                let book = country.book_of(country.people[person], session, 1).await;
                let wish = country.wish(book.appointment, session, morning());
                let entries = vec![entry(&mut country, book.people[0].person).await];
                let node = country.node(&Fuse::of(died + 1));
                act(&node, Act::Book, &wish, &book, entries).await.ok();
            }
            let fuse = Fuse::of(steps);
            let swept = country.node(&fuse).sweep(NOW + HOUR).await;
            assert!(fuse.left() == 0 || swept.is_ok());
            country.sweep_all().await;
            country.check_even().await;
            assert!(country.seats(country.people[0]).await.iter().all(|seat| seat.status != Status::Booked));
            let booked = country.seats(country.people[1]).await;
            let seat = booked.iter().find(|seat| seat.status == Status::Booked).unwrap();
            let (person, appointment) = (country.people[1], seat.appointment);
            let entries = vec![entry(&mut country, person).await];
            country.shards.give_back(appointment, person, entries).await.unwrap();
            if fuse.left() > 0 {
                break;
            }
            steps += 1;
        }
        assert_eq!(steps, 13, "two holds are asked about, two are told of, two answers are noted");
    }
}
