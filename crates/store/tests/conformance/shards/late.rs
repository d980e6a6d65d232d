//! The steps themselves as messages: each may come late, again, or never, and overtake any other. It is a walk through the model of
//! `tests/model_shards`, in stores. The seed is printed.

use super::Country;
use crate::fixture::{Engine, HOUR, NOW, morning};
use registry::{AppointmentId, DistrictId, PersonId, SessionId};
use store::Store;
use store::command::{Applied, Command, Commit, Effect, SeatAct, SeatHold, ShardStep};
use store::rows::{SeatRow, Status};

const SEEDS: [u64; 3] = [11, 12, 13];
const ROUNDS: usize = 250;

/// A step on its way to a shard.
#[derive(Clone)]
struct Message {
    to: Store,
    step: ShardStep,
    /// What its sender sends when it is done.
    then: Option<Box<Message>>,
}

fn is_live(seat: &SeatRow) -> bool {
    seat.status == Status::Booked
}

struct Mail {
    country: Country,
    /// It only grows.
    under_way: Vec<Message>,
    codes: u32,
}

impl Mail {
    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.country.bench.below(from.len())].clone())
    }

    fn send(&mut self, to: &Store, step: ShardStep) {
        self.under_way.push(Message { to: to.clone(), step, then: None });
    }

    /// Somebody wants a seat: a hold is under way, and when it is done, the commit is.
    fn attempt(&mut self, appointment: AppointmentId, act: SeatAct) {
        let sessions: Vec<(SessionId, DistrictId)> = self.country.sessions.iter().map(|(s, d)| (*s, *d)).collect();
        let (session, district) = self.pick(&sessions).unwrap();
        let (attempt, person, slot) = (self.country.bench.draw(), act.person(), morning());
        let hold = SeatHold { attempt, person, session, slot: slot.clone(), place: 1, expires_ms: NOW };
        let commit = Commit { attempt, appointment, district, session, slot, act, now_ms: NOW };
        let hers = self.country.shards.of_person(person).clone();
        let then = Message { to: hers, step: ShardStep::Commit(Box::new(commit)), then: None };
        let to = self.country.shards.of_district(district).clone();
        self.under_way.push(Message { to, step: ShardStep::Hold(hold), then: Some(Box::new(then)) });
    }

    async fn book(&mut self, person: PersonId) {
        self.codes += 1;
        let session = *self.country.sessions.keys().next().unwrap();
        let mut book = self.country.book_of(person, session, 1).await;
        book.people[0].code.version = self.codes;
        let booked = book.people.remove(0);
        self.attempt(book.appointment, SeatAct::Book { booked, dose: 1 });
    }

    /// A message arrives; it stays under way.
    async fn arrive(&mut self, message: &Message) -> Applied {
        let command =
            Command { by: None, once: None, entries: Vec::new(), effect: Effect::Shard(message.step.clone()) };
        let applied = message.to.apply(command).await;
        if let (Ok(_), Some(then)) = (&applied, &message.then) {
            self.under_way.push((**then).clone());
        }
        applied
    }

    async fn round(&mut self) {
        let people = self.country.people.clone();
        let person = self.pick(&people).unwrap();
        let hers = self.country.shards.of_person(person).clone();
        let standing = self.country.seats(person).await;
        match (self.country.bench.below(10), self.pick(&standing)) {
            (0, _) => self.book(person).await,
            (1, Some(seat)) => self.attempt(seat.appointment, SeatAct::Move { person }),
            (2, Some(seat)) => self.send(&hers, ShardStep::GiveBack { appointment: seat.appointment, person }),
            (3, _) => self.sweep().await,
            (4, _) => self.relay(&hers).await,
            _ => {
                let all = self.under_way.clone();
                if let Some(message) = self.pick(&all) {
                    let applied = self.arrive(&message).await;
                    if let (ShardStep::Commit(commit), Ok(_)) = (&message.step, applied) {
                        let seats = self.country.seats(commit.act.person()).await;
                        let is_booked = |seat: &SeatRow| seat.appointment == commit.appointment && is_live(seat);
                        assert!(seats.iter().any(is_booked), "told what is not so");
                    }
                }
            }
        }
    }

    /// The sweeper takes a hold for one that has run out.
    async fn sweep(&mut self) {
        for district in self.country.sessions.values().copied().collect::<Vec<_>>() {
            let there = self.country.shards.of_district(district).clone();
            for hold in there.read(|store| store.holds_due(NOW + HOUR, 1)).await.unwrap() {
                let step = ShardStep::Settle { attempt: hold.attempt, person: hold.person, district: hold.district };
                let hers = self.country.shards.of_person(hold.person).clone();
                self.send(&hers, step);
            }
        }
    }

    async fn relay(&mut self, from: &Store) {
        let all = from.read(|store| store.outbox(50)).await.unwrap();
        if let Some(told) = self.pick(&all) {
            let to = self.country.shards.of_district(told.district).clone();
            let answer = Message { to: from.clone(), step: ShardStep::Answered(told), then: None };
            self.under_way.push(Message { to, step: ShardStep::Tell(told), then: Some(Box::new(answer)) });
        }
    }

    /// Nobody has two bookings, and every booking has a seat that is held or booked.
    async fn check(&self) {
        let mut live = Vec::new();
        for person in &self.country.people {
            let seats = self.country.seats(*person).await;
            let hers: Vec<SessionId> = seats.iter().filter(|seat| is_live(seat)).map(|seat| seat.session).collect();
            assert!(hers.len() <= 1, "two bookings of one person");
            live.extend(hers);
        }
        for (session, district) in &self.country.sessions {
            let id = *session;
            let there = self.country.shards.of_district(*district);
            let places = there.read(move |store| store.session(id)).await.unwrap().unwrap().session.places[0];
            let booked = u32::try_from(live.iter().filter(|one| *one == session).count()).unwrap();
            assert!(booked <= places.held + places.booked, "a booking without a seat");
        }
    }
}

#[tokio::test]
async fn steps_that_come_late_or_again_sell_no_seat_twice_and_lose_none() {
    for engine in Engine::all() {
        for seed in SEEDS {
            println!("engine {engine:?}, seed {seed}");
            let country = Country::new(engine.clone(), seed, 3, &[1, 1]).await;
            let mut mail = Mail { country, under_way: Vec::new(), codes: 0 };
            for _ in 0..ROUNDS {
                mail.round().await;
                mail.check().await;
            }
            mail.country.sweep_all().await;
            mail.country.check_even().await;
            // Whatever is still under way comes now, after all was settled.
            for message in mail.under_way.clone() {
                mail.arrive(&message).await.ok();
                mail.check().await;
            }
            mail.country.sweep_all().await;
            mail.country.check_even().await;
        }
    }
}
