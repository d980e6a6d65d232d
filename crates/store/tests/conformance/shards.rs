//! People and sessions in several shards: random acts do there what they do in one store; a node that dies at any step, and a sweeper
//! that dies at any step, leave nothing that the next sweep does not set right. Three SQLite files, or three schemas.

mod cases;
mod consents;
mod faults;
mod late;
mod memberships;
mod registration;
mod visits;
mod worker;

use crate::fixture::{Bench, Engine, Ground, HOUR, NOW, morning, noon};
use registry::{AppointmentId, Centre, CentreId, District, DistrictId, PersonId, SessionId, Slot, StateId};
use std::collections::BTreeMap;
use store::command::{Answer, Applied, Book, Command, Effect, FamilyHold, Joins, Move, Refusal};
use store::rows::Status;
use store::{Fuse, Seat, Shards, Store, Wish};

const SHARDS: usize = 3;
const ROUNDS: usize = 120;

/// Three shards with all people and sessions that there are, and beside them one store with the same.
struct Country {
    bench: Bench,
    shards: Shards,
    grounds: Vec<Ground>,
    family: FamilyHold,
    people: Vec<PersonId>,
    sessions: BTreeMap<SessionId, DistrictId>,
}

impl Country {
    async fn new(engine: Engine, seed: u64, people: usize, capacities: &[u32]) -> Self {
        let mut bench = Bench::new(engine, seed).await;
        let family = bench.sign_in([1; 32]).await;
        let grounds: Vec<Ground> = (0..SHARDS).map(|_| Ground::new(bench.ground.engine().clone())).collect();
        let shards = Shards::new(stores(&grounds, &Fuse::default()));
        let mut country = Self { bench, shards, grounds, family, people: Vec::new(), sessions: BTreeMap::new() };
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
                store.apply(Command { by: None, once: None, entries: Vec::new(), effect }).await.unwrap();
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
            store.apply(Command { by: None, once: None, entries, effect }).await.unwrap();
        }
        self.people.push(person);
    }

    fn node(&self, fuse: &Fuse) -> Shards {
        Shards::new(stores(&self.grounds, fuse))
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
        let mut sweeps = 0;
        while self.shards.sweep(NOW + HOUR).await.unwrap() > 0 {
            sweeps += 1;
            assert!(sweeps < 100, "it does not come to rest");
        }
    }
}

fn stores(grounds: &[Ground], fuse: &Fuse) -> Vec<Store> {
    grounds.iter().map(|ground| ground.open_until(fuse.clone())).collect()
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
            for round in 0..ROUNDS {
                act_twice(&mut country).await;
                if round % 8 == 0 {
                    country.check_even().await;
                }
            }
            country.check_even().await;
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
