//! A registration: *claims* in the shards of her phone's index and of her document's, *row* in her own shard, *confirm or release*
//! back to both. Whose document is claimed already is registered without a claim on it, and is told nothing of that; so is whom a
//! centre adds to a phone that has no room for one more who waits.

mod mutants;
mod shards;

use crate::explore::{Protocol, Step, explore};
use mutants::Mutant;
use shards::World;

/// So many people, at most, are in one run. All have one phone, and one document.
const PEOPLE: usize = 2;

/// What somebody asks of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    Register(usize),
    /// To leave for good, once she was told that she is registered.
    Leave(usize),
}

/// A registration protocol in a little world.
struct Registration {
    /// How many people a phone may have.
    limit: usize,
    /// Whether they bring the document.
    with_document: bool,
    /// Whether a centre adds them, who are registered without the phone where it has no room.
    at_centre: bool,
    /// Whether the sweeper of keys takes somebody for one whom no registration followed.
    keys_swept: bool,
    /// One node for each.
    jobs: Vec<Job>,
    /// So many of the nodes crash, from the first: as often as they can.
    crashing: usize,
    /// How many messages of relay and sweeper are lost, at most.
    losses: u8,
    mutant: Option<Mutant>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    PersonWithoutClaim,
    FamilyTooLarge,
    TwoForOneDocument,
    ClaimLost,
    ToldWrongly,
    Endless,
}

/// A claim is in the shard of what it is a claim on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Phone,
    Document,
}

/// What could be claimed for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Claimed {
    phone: bool,
    document: bool,
}

impl Claimed {
    const PHONE: Self = Self { phone: true, document: false };
    const DOCUMENT: Self = Self { phone: false, document: true };
    const BOTH: Self = Self { phone: true, document: true };
    const NEITHER: Self = Self { phone: false, document: false };

    fn has(self, on: On) -> bool {
        match on {
            On::Phone => self.phone,
            On::Document => self.document,
        }
    }
}

/// Messages, each about a person. Answers that end a node's job with a *no* are left out: not to arrive is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    // From a node to the shards of the claims, and their answers.
    Claim(On),
    PhoneClaimed,
    PhoneFull,
    DocumentClaimed,
    DocumentTaken,
    // From a node to the person's shard, with what was claimed, and its answer.
    Enter(Claimed),
    Entered,
    Leave,
    // From the sweeper to the person's shard, whose outbox answers.
    Settle,
    // From the relay of the person's shard to those of the claims, and their answers.
    Confirm(On),
    Confirmed(On),
    Release(On),
    Released(On),
}

const WORDS: [Word; 21] = [
    Word::Claim(On::Phone),
    Word::Claim(On::Document),
    Word::PhoneClaimed,
    Word::PhoneFull,
    Word::DocumentClaimed,
    Word::DocumentTaken,
    Word::Enter(Claimed::PHONE),
    Word::Enter(Claimed::DOCUMENT),
    Word::Enter(Claimed::BOTH),
    Word::Enter(Claimed::NEITHER),
    Word::Entered,
    Word::Leave,
    Word::Settle,
    Word::Confirm(On::Phone),
    Word::Confirm(On::Document),
    Word::Confirmed(On::Phone),
    Word::Confirmed(On::Document),
    Word::Release(On::Phone),
    Word::Release(On::Document),
    Word::Released(On::Phone),
    Word::Released(On::Document),
];

impl Word {
    /// Whether it belongs to the relay and the sweeper.
    fn repairs(self) -> bool {
        matches!(self, Self::Settle | Self::Confirm(_) | Self::Confirmed(_) | Self::Release(_) | Self::Released(_))
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
    /// The sweeper takes up a claim, because its time has come or because a clock is wrong.
    Sweeps(On, usize),
    /// The sweeper of keys writes `void` where no row stands, and tells nobody.
    KeysSwept(usize),
    /// The relay sends what the outbox of a person's shard holds.
    Relays(Word, usize),
}

impl Protocol for Registration {
    type State = World;
    type Event = Event;
    type Wrong = Wrong;
    const ENDLESS: Wrong = Wrong::Endless;

    fn start(&self) -> World {
        World::new(self.losses)
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
            if node < self.crashing {
                step(Event::Crashes(node), false, &|w| w.crash(node));
            }
        }
        for person in 0..PEOPLE {
            if self.keys_swept {
                step(Event::KeysSwept(person), false, &|w| w.sweep_keys(person));
            }
            for on in [On::Phone, On::Document] {
                step(Event::Sweeps(on, person), true, &|w| self.sweep(w, on, person));
                for word in [Word::Confirm(on), Word::Release(on)] {
                    step(Event::Relays(word, person), true, &|w| w.relay(word, person));
                }
            }
            for word in WORDS.into_iter().filter(|word| world.is_under_way(*word, person)) {
                step(Event::Arrives(word, person), word.repairs(), &|w| self.arrive(w, word, person));
                if word.repairs() && world.losses > 0 {
                    step(Event::Lost(word, person), false, &|w| w.lose(word, person));
                }
            }
        }
        steps
    }

    fn check(&self, world: &World) -> Result<(), Wrong> {
        self.check_people(world)
    }

    fn check_settled(&self, world: &World) -> Result<(), Wrong> {
        world.check_claims()
    }
}

const SIMPLE: Registration = Registration {
    limit: 1,
    with_document: false,
    at_centre: false,
    keys_swept: false,
    jobs: Vec::new(),
    crashing: 0,
    losses: 0,
    mutant: None,
};

/// Two people for the last place in a family; one asks twice, and leaves.
fn last_in_family(mutant: Option<Mutant>) -> Registration {
    let jobs = vec![Job::Register(0), Job::Register(1), Job::Register(0), Job::Leave(0)];
    Registration { jobs, crashing: 4, losses: 1, mutant, ..SIMPLE }
}

/// Two people with one document. One of the nodes crashes.
fn one_document(mutant: Option<Mutant>) -> Registration {
    let jobs = vec![Job::Register(0), Job::Register(1)];
    Registration { limit: 2, with_document: true, jobs, crashing: 1, mutant, ..SIMPLE }
}

/// One with a document, who asks twice, and leaves.
fn leaving(mutant: Option<Mutant>) -> Registration {
    let jobs = vec![Job::Register(0), Job::Register(0), Job::Leave(0)];
    Registration { with_document: true, jobs, crashing: 4, losses: 1, mutant, ..SIMPLE }
}

/// Two people whom a centre adds to a phone with room for one; the one with the room leaves.
fn at_centre(mutant: Option<Mutant>) -> Registration {
    let jobs = vec![Job::Register(0), Job::Register(1), Job::Leave(0)];
    Registration { at_centre: true, jobs, crashing: 2, losses: 1, mutant, ..SIMPLE }
}

/// One with a document, while the sweeper of keys is too early.
fn keys_swept(mutant: Option<Mutant>) -> Registration {
    let jobs = vec![Job::Register(0), Job::Register(0), Job::Leave(0)];
    Registration { with_document: true, keys_swept: true, jobs, crashing: 1, losses: 1, mutant, ..SIMPLE }
}

fn holds(name: &str, registration: &Registration) {
    let seen = explore(registration).unwrap_or_else(|found| panic!("{name}: {found:?}"));
    println!("{name}: {} states, {} steps, {} settled", seen.states, seen.steps, seen.settled);
}

#[test]
fn a_family_has_as_many_as_it_may() {
    holds("last in family", &last_in_family(None));
}

#[test]
fn a_document_is_claimed_by_one_who_lives() {
    holds("one document", &one_document(None));
}

#[test]
fn who_leaves_leaves_no_claim_behind() {
    holds("leaving", &leaving(None));
}

#[test]
fn a_centre_adds_whom_it_likes_and_no_phone_has_too_many() {
    holds("at a centre", &at_centre(None));
}

#[test]
fn void_that_nobody_was_told_of_leaves_no_claim() {
    holds("keys swept", &keys_swept(None));
}
