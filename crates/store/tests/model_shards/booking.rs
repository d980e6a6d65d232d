//! A booking: *hold* in the session's shard, *row* in the person's shard, *confirm or release* back to the session's shard.

mod mutants;
mod shards;

use crate::explore::{Protocol, Step, explore};
use mutants::Mutant;
use shards::World;

/// So many attempts, at most, are in one run.
const ATTEMPTS: usize = 3;

/// An attempt at a place: what its id stands for.
#[derive(Clone, Copy)]
struct Wish {
    /// A person and a dose: together they have one booking.
    person: u8,
    session: usize,
    /// The attempt whose booking this one is to take the place of.
    instead_of: Option<usize>,
}

/// What somebody asks of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    /// To book, or to move. Two nodes with one attempt: she asked again, and came to another node.
    Book(usize),
    /// To give a place back, once she was told that she has it.
    Cancel(usize),
}

/// A booking protocol in a little world.
struct Booking {
    /// Places of each of the two sessions, which are in two shards.
    capacity: [i8; 2],
    wishes: Vec<Wish>,
    /// One node for each.
    jobs: Vec<Job>,
    /// How many messages of relay and sweeper are lost, at most.
    losses: u8,
    mutant: Option<Mutant>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    TwoBookings,
    Oversold,
    NoSeat,
    Miscounted,
    SeatLost,
    ToldWrongly,
    Endless,
}

/// Messages, each about an attempt. Answers that end a node's job with a *no* are left out: not to arrive is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    // From a node to the session's shard, and its answer.
    Hold,
    Held,
    // From a node to the person's shard, and its answer.
    Commit,
    Booked,
    Cancel,
    // From the sweeper to the person's shard, whose outbox answers.
    Settle,
    // From the relay of the person's shard to the session's shard, and its answers.
    Confirm,
    Confirmed,
    Release,
    Released,
}

const WORDS: [Word; 10] = [
    Word::Hold,
    Word::Held,
    Word::Commit,
    Word::Booked,
    Word::Cancel,
    Word::Settle,
    Word::Confirm,
    Word::Confirmed,
    Word::Release,
    Word::Released,
];

impl Word {
    /// Whether it belongs to the relay and the sweeper.
    fn repairs(self) -> bool {
        self as u8 >= Word::Settle as u8
    }
}

/// What happens.
#[derive(Debug, Clone, Copy)]
#[expect(dead_code, reason = "it is printed when a way to a fault is shown")]
enum Event {
    /// A node begins its job.
    Begins(usize),
    /// A node dies; what it had in mind is gone.
    Crashes(usize),
    /// A message arrives, perhaps not for the first time.
    Arrives(Word, usize),
    /// A message is lost.
    Lost(Word, usize),
    /// The sweeper takes up a hold, because its time has come or because a clock is wrong.
    Sweeps(usize),
    /// The relay sends what the outbox of a person's shard holds.
    Relays(Word, usize),
}

impl Protocol for Booking {
    type State = World;
    type Event = Event;
    type Wrong = Wrong;
    const ENDLESS: Wrong = Wrong::Endless;

    fn start(&self) -> World {
        World::new(self.capacity, self.losses)
    }

    fn steps(&self, world: &World) -> Vec<Step<Self>> {
        let mut steps = Vec::new();
        let mut step = |event, repairs, change: &dyn Fn(&mut World)| {
            let mut then = world.clone();
            change(&mut then);
            steps.push(Step { event, repairs, then });
        };
        for node in 0..self.jobs.len() {
            step(Event::Begins(node), false, &|w| self.begin(w, node));
            step(Event::Crashes(node), false, &|w| w.crash(node));
        }
        for attempt in 0..self.wishes.len() {
            step(Event::Sweeps(attempt), true, &|w| self.sweep(w, attempt));
            for word in [Word::Confirm, Word::Release] {
                step(Event::Relays(word, attempt), true, &|w| self.relay(w, word, attempt));
            }
            for word in WORDS.into_iter().filter(|word| world.is_under_way(*word, attempt)) {
                step(Event::Arrives(word, attempt), word.repairs(), &|w| self.arrive(w, word, attempt));
                if word.repairs() && world.losses > 0 {
                    step(Event::Lost(word, attempt), false, &|w| w.lose(word, attempt));
                }
            }
        }
        steps
    }

    fn check(&self, world: &World) -> Result<(), Wrong> {
        self.check_bookings(world)
    }

    fn check_settled(&self, world: &World) -> Result<(), Wrong> {
        self.check_places(world)
    }
}

fn wish(person: u8, session: usize) -> Wish {
    Wish { person, session, instead_of: None }
}

/// Two nodes for one person, one of them asked twice; a place for each, so that nothing but the unique key refuses.
fn same_person(mutant: Option<Mutant>) -> Booking {
    let jobs = vec![Job::Book(0), Job::Book(0), Job::Book(1), Job::Cancel(0)];
    Booking { capacity: [2, 0], wishes: vec![wish(0, 0), wish(0, 0)], jobs, losses: 1, mutant }
}

/// Two people for the last place, one of whom gives it back.
fn last_place(mutant: Option<Mutant>) -> Booking {
    let jobs = vec![Job::Book(0), Job::Book(1), Job::Book(0), Job::Cancel(0)];
    Booking { capacity: [1, 0], wishes: vec![wish(0, 0), wish(1, 0)], jobs, losses: 1, mutant }
}

/// She moves from one session's last place to another's, which somebody else wants, while she gives the first one back.
fn moving(mutant: Option<Mutant>) -> Booking {
    let wishes = vec![wish(0, 0), Wish { person: 0, session: 1, instead_of: Some(0) }, wish(1, 1)];
    let jobs = vec![Job::Book(0), Job::Book(1), Job::Book(2), Job::Cancel(0)];
    Booking { capacity: [1, 1], wishes, jobs, losses: 0, mutant }
}

fn holds(name: &str, booking: &Booking) {
    let seen = explore(booking).unwrap_or_else(|found| panic!("{name}: {found:?}"));
    println!("{name}: {} states, {} steps, {} settled", seen.states, seen.steps, seen.settled);
}

#[test]
fn one_person_has_one_booking_for_a_dose() {
    holds("same person", &same_person(None));
}

#[test]
fn the_last_place_is_sold_once_and_comes_back() {
    holds("last place", &last_place(None));
}

#[test]
fn who_moves_has_one_place_or_the_other() {
    holds("moving", &moving(None));
}
