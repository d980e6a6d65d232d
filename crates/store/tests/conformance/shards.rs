//! People and sessions in several shards: random acts do there what they do in one store; a node that dies at any step, and a sweeper
//! that dies at any step, leave nothing that the next sweep does not set right. Three SQLite files, or three schemas.

use crate::fixture::{Bench, Engine, HOUR, NOW, morning, noon};
use futures_util::future::join_all;
use registry::{AppointmentId, Centre, CentreId, District, DistrictId, PersonId, SessionId, Slot, StateId};
use std::collections::BTreeMap;
use store::command::{Answer, Applied, Book, Command, Effect, FamilyHold, Joins, Move, Refusal};
use store::rows::Status;
use store::{Fuse, Seat, Shards, Store, Wish};

const SHARDS: usize = 3;
const ROUNDS: usize = 150;

/// Three shards with all people and sessions that there are, and beside them one store with the same.
struct Country {
    bench: Bench,
    shards: Shards,
    family: FamilyHold,
    people: Vec<PersonId>,
    sessions: BTreeMap<SessionId, DistrictId>,
}

impl Country {
    async fn new(engine: Engine, seed: u64, people: usize, capacities: &[u32]) -> Self {
        let mut bench = Bench::new(engine, seed).await;
        let family = bench.sign_in([1; 32]).await;
        let shards = Shards::new(stores(&bench, &Fuse::default()).await);
        let mut country = Self { bench, shards, family, people: Vec::new(), sessions: BTreeMap::new() };
        for (number, capacity) in (0..).zip(capacities) {
            country.open_session(number, *capacity).await;
        }
        for _ in 0..people {
            country.register().await;
        }
        country
    }

    /// A session in a district of its own.
    async fn open_session(&mut self, number: u32, capacity: u32) {
        let district = DistrictId(141 + number);
        let districts = vec![District { id: district, state: StateId(9), name: "D".into(), name_hi: "D".into() }];
        let places = Effect::All(vec![
            Effect::Geography { states: Vec::new(), districts },
            Effect::Centre(Centre { id: CentreId(700 + number), district, ..self.centre().await }),
        ]);
        let mut session = self.bench.new_session([capacity, capacity, 0], 0);
        session.centre = CentreId(700 + number);
        self.sessions.insert(session.id, district);
        let publish = Effect::Publish(Box::new(session));
        let there = self.shards.of_district(district).clone();
        for store in [self.bench.store.clone(), there] {
            for effect in [places.clone(), publish.clone()] {
                store.apply(Command { once: None, entries: Vec::new(), effect }).await.unwrap();
            }
        }
    }

    async fn centre(&self) -> Centre {
        self.bench.read(|store| store.centre(crate::fixture::CENTRE)).await.unwrap()
    }

    async fn register(&mut self) {
        let new = self.bench.register(Joins::Alone);
        let person = new.person;
        let hers = self.shards.of_person(person).clone();
        for store in [self.bench.store.clone(), hers] {
            let entries = vec![self.bench.entry(Some((person, 0)))];
            let effect = Effect::Register(Box::new(new.clone()));
            store.apply(Command { once: None, entries, effect }).await.unwrap();
        }
        self.people.push(person);
    }

    async fn node(&self, fuse: &Fuse) -> Shards {
        Shards::new(stores(&self.bench, fuse).await)
    }

    fn seat(&self, session: SessionId, slot: Slot) -> Seat {
        Seat { district: self.sessions[&session], session, slot }
    }

    fn wish(&mut self, appointment: AppointmentId, session: SessionId, slot: Slot) -> Wish {
        Wish { attempt: self.bench.draw(), appointment, seat: self.seat(session, slot), now_ms: NOW }
    }

    /// A booking as one store takes it; the shards take its parts.
    async fn book_of(&mut self, person: PersonId, session: SessionId, dose: u8) -> Book {
        let version = self.shards.of_person(person).read(move |store| store.person(person)).await.unwrap().unwrap();
        let newest = version.fields.iter().filter(|field| field.field == 6).map(|field| field.version).max();
        let by = self.family.clone();
        self.bench.book(&by, &[(person, newest.unwrap_or(0) + 1)], session, dose)
    }

    async fn seats(&self, person: PersonId) -> Vec<store::rows::SeatRow> {
        self.shards.of_person(person).read(move |store| store.seats_of(person)).await.unwrap()
    }

    /// What is taken is what is booked; nobody is booked twice; nothing is left to be told.
    async fn check_even(&self) {
        let mut booked: BTreeMap<SessionId, u32> = BTreeMap::new();
        for person in &self.people {
            let live: Vec<_> = self.seats(*person).await.into_iter().filter(|s| s.status == Status::Booked).collect();
            assert!(live.iter().all(|one| live.iter().filter(|other| other.dose == one.dose).count() == 1));
            for seat in &live {
                *booked.entry(seat.session).or_default() += 1;
            }
            assert!(self.shards.of_person(*person).read(|store| store.outbox(9)).await.unwrap().is_empty());
        }
        for (session, district) in &self.sessions {
            let id = *session;
            let offer = self.shards.of_district(*district).read(move |store| store.session(id)).await.unwrap().unwrap();
            let taken: u32 = offer.session.places.iter().map(|places| places.booked).sum();
            assert_eq!(taken, booked.get(session).copied().unwrap_or(0));
            for places in offer.session.places {
                assert_eq!((places.held, places.open + places.booked), (0, places.capacity));
            }
        }
    }

    async fn sweep_all(&self) {
        while self.shards.sweep(NOW + HOUR).await.unwrap() > 0 {}
    }
}

async fn stores(bench: &Bench, fuse: &Fuse) -> Vec<Store> {
    let base = bench.folder.0.file_name().unwrap().to_str().unwrap();
    let mut stores = Vec::new();
    for shard in 0..SHARDS {
        stores.push(bench.engine.open_until(&bench.folder.0.join(format!("{base}-{shard}")), fuse.clone()).await);
    }
    stores
}

fn answer(applied: Applied) -> Result<Answer, Refusal> {
    applied.map(|done| done.answer)
}

/// One act, done in one store and over the shards: both must say the same.
async fn act_twice(country: &mut Country) {
    let person = country.people[country.bench.below(country.people.len())];
    let sessions: Vec<SessionId> = country.sessions.keys().copied().collect();
    let session = sessions[country.bench.below(sessions.len())];
    let slot = [morning(), noon(), Slot::between(0, 1)][country.bench.below(20) / 9].clone();
    let dose = [1, 1, 2][country.bench.below(3)];
    let standing = country.seats(person).await;
    let appointment = match standing.len() {
        0 => AppointmentId::from_random(country.bench.draw()),
        count => standing[country.bench.below(count)].appointment,
    };
    let kind = country.bench.below(10);
    let (hers, mut book) = (vec![entry(country, person).await], country.book_of(person, session, dose).await);
    book.slot = slot.clone();
    let (one, many) = match kind {
        0..5 => {
            let wish = country.wish(book.appointment, session, slot);
            let booked = book.people[0].clone();
            (Effect::Book(book), country.shards.book(&wish, dose, booked, hers).await)
        }
        5..8 => {
            let wish = country.wish(appointment, session, slot.clone());
            let change = Move { appointment, people: vec![person], session, slot, now_ms: NOW };
            (Effect::Move(change), country.shards.change(&wish, person, hers).await)
        }
        _ => {
            let many = country.shards.give_back(appointment, person, hers).await;
            (Effect::Cancel { appointment, people: vec![person] }, many)
        }
    };
    let said = format!("{one:?}");
    let one = country.bench.does_about(person, one).await;
    assert_eq!(answer(one), answer(many), "{said}");
}

async fn entry(country: &mut Country, person: PersonId) -> store::Staged {
    let row = country.shards.of_person(person).read(move |store| store.person(person)).await.unwrap().unwrap();
    country.bench.entry(Some((person, row.entries)))
}

#[tokio::test]
async fn random_acts_over_shards_do_what_they_do_in_one_store() {
    for engine in Engine::all() {
        for seed in [1, 2] {
            println!("engine {engine:?}, seed {seed}");
            let mut country = Country::new(engine.clone(), seed, 7, &[2, 1, 3]).await;
            for _ in 0..ROUNDS {
                act_twice(&mut country).await;
                country.check_even().await;
            }
            for person in country.people.clone() {
                assert_eq!(country.seats(person).await, country.bench.read(move |store| store.seats_of(person)).await);
            }
            for session in country.sessions.keys().copied().collect::<Vec<_>>() {
                let places = |offer: Option<store::rows::Offer>| offer.unwrap().session.places;
                let there = country.shards.of_district(country.sessions[&session]);
                let many = there.read(move |store| store.session(session)).await.unwrap();
                assert_eq!(places(many), places(country.bench.read(move |store| store.session(session)).await));
            }
        }
    }
}

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
    let node = country.node(&fuse).await;
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
        let (one, other) = (country.shards.clone(), country.node(&Fuse::default()).await);
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
