//! What the shards and the nodes do with a message. One call is one transaction of one shard.

use super::mutants::Mutant;
use super::{ATTEMPTS, Booking, Job, Wish, Word, Wrong};

/// The most nodes that a run has.
const NODES: usize = 4;

/// A hold in the session's shard. It only ever goes on: a late word cannot bring it back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Hold {
    None,
    Held,
    Confirmed,
    Released,
}

/// A row of the person's shard.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Row {
    None,
    Booked,
    /// It never was booked, and never will be.
    Void,
    Cancelled,
}

/// What a node has in mind of its job.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Mind {
    Nothing,
    Holding,
    Committing,
    Over,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Places {
    capacity: i8,
    open: i8,
    held: i8,
    booked: i8,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct World {
    holds: [Hold; ATTEMPTS],
    places: [Places; 2],
    rows: [Row; ATTEMPTS],
    /// Bits of attempts that are to be confirmed, and of those to be released.
    outbox: [u8; 2],
    minds: [Mind; NODES],
    /// A set that only grows: what is in it may arrive at any time, any number of times, or never.
    under_way: u64,
    /// Bits of attempts that somebody was told are booked.
    told: u8,
    pub(super) losses: u8,
}

impl World {
    pub(super) fn new(capacity: [i8; 2], losses: u8) -> Self {
        Self {
            holds: [Hold::None; ATTEMPTS],
            places: capacity.map(|capacity| Places { capacity, open: capacity, held: 0, booked: 0 }),
            rows: [Row::None; ATTEMPTS],
            outbox: [0; 2],
            minds: [Mind::Nothing; NODES],
            under_way: 0,
            told: 0,
            losses,
        }
    }

    pub(super) fn is_under_way(&self, word: Word, attempt: usize) -> bool {
        self.under_way & bit(word, attempt) != 0
    }

    fn send(&mut self, word: Word, attempt: usize) {
        self.under_way |= bit(word, attempt);
    }

    pub(super) fn lose(&mut self, word: Word, attempt: usize) {
        self.under_way &= !bit(word, attempt);
        self.losses -= 1;
    }

    pub(super) fn crash(&mut self, node: usize) {
        if self.minds[node] != Mind::Over {
            self.minds[node] = Mind::Nothing;
        }
    }

    /// Writes that the session's shard is to be told, in the transaction of what it is told of.
    fn put_out(&mut self, word: Word, attempt: usize) {
        self.outbox[outbox(word)] |= 1 << attempt;
    }
}

fn bit(word: Word, attempt: usize) -> u64 {
    1 << (word as usize * ATTEMPTS + attempt)
}

fn outbox(word: Word) -> usize {
    usize::from(word == Word::Release)
}

impl Booking {
    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    pub(super) fn begin(&self, world: &mut World, node: usize) {
        if world.minds[node] != Mind::Nothing {
            return;
        }
        match self.jobs[node] {
            Job::Book(attempt) => {
                world.minds[node] = Mind::Holding;
                world.send(Word::Hold, attempt);
                if self.is(Mutant::NoHold) {
                    world.send(Word::Commit, attempt);
                }
                if self.is(Mutant::MoveReleasesFirst)
                    && let Some(old) = self.wishes[attempt].instead_of
                {
                    world.send(Word::Release, old);
                }
            }
            Job::Cancel(attempt) if world.told & 1 << attempt != 0 => {
                world.minds[node] = Mind::Over;
                world.send(Word::Cancel, attempt);
                if self.is(Mutant::CancelWithoutOutbox) {
                    // Sent from a node's memory: if it dies before, nobody sends it.
                    world.minds[node] = Mind::Holding;
                }
            }
            Job::Cancel(_) => {}
        }
    }

    pub(super) fn sweep(&self, world: &mut World, attempt: usize) {
        if world.holds[attempt] == Hold::Held && !self.is(Mutant::NoSweeper) {
            let word = if self.is(Mutant::ReleaseBeforeVoid) { Word::Release } else { Word::Settle };
            world.send(word, attempt);
        }
    }

    pub(super) fn relay(&self, world: &mut World, word: Word, attempt: usize) {
        if world.outbox[outbox(word)] & 1 << attempt != 0 {
            world.send(word, attempt);
            if self.is(Mutant::OutboxForgets) {
                world.outbox[outbox(word)] &= !(1 << attempt);
            }
        }
    }

    pub(super) fn arrive(&self, world: &mut World, word: Word, attempt: usize) {
        match word {
            Word::Hold => self.hold(world, attempt),
            Word::Commit => self.commit(world, attempt),
            Word::Cancel => self.cancel(world, attempt),
            Word::Settle => self.settle(world, attempt),
            Word::Confirm => self.confirm(world, attempt),
            Word::Release => self.release(world, attempt),
            Word::Confirmed => world.outbox[outbox(Word::Confirm)] &= !(1 << attempt),
            Word::Released => world.outbox[outbox(Word::Release)] &= !(1 << attempt),
            Word::Held | Word::Booked => self.hear(world, word, attempt),
        }
    }

    /// A node hears an answer. It does not know which of its questions was answered, or of another node's.
    fn hear(&self, world: &mut World, word: Word, attempt: usize) {
        for node in (0..self.jobs.len()).filter(|node| self.jobs[*node] == Job::Book(attempt)) {
            match (world.minds[node], word) {
                (Mind::Holding, Word::Held) => {
                    world.minds[node] = Mind::Committing;
                    world.send(Word::Commit, attempt);
                    if self.is(Mutant::ConfirmBeforeCommit) {
                        world.send(Word::Confirm, attempt);
                    }
                    if self.is(Mutant::ToldAtHold) {
                        world.told |= 1 << attempt;
                    }
                }
                (Mind::Committing, Word::Booked) => {
                    world.minds[node] = Mind::Over;
                    world.told |= 1 << attempt;
                }
                _ => {}
            }
        }
    }

    // The session's shard.

    fn hold(&self, world: &mut World, attempt: usize) {
        let places = &mut world.places[self.wishes[attempt].session];
        match world.holds[attempt] {
            Hold::None if places.open > 0 || self.is(Mutant::HoldsBlindly) => {
                places.open -= 1;
                places.held += 1;
                world.holds[attempt] = Hold::Held;
            }
            Hold::Held if self.is(Mutant::HoldsTwice) && places.open > 0 => {
                places.open -= 1;
                places.held += 1;
            }
            _ => {}
        }
        if matches!(world.holds[attempt], Hold::Held | Hold::Confirmed) {
            world.send(Word::Held, attempt);
        }
    }

    fn confirm(&self, world: &mut World, attempt: usize) {
        let places = &mut world.places[self.wishes[attempt].session];
        match world.holds[attempt] {
            Hold::Held => {
                places.held -= 1;
                places.booked += 1;
                world.holds[attempt] = Hold::Confirmed;
            }
            Hold::Released if self.is(Mutant::ConfirmRevives) && places.open > 0 => {
                places.open -= 1;
                places.booked += 1;
                world.holds[attempt] = Hold::Confirmed;
            }
            _ => {}
        }
        world.send(Word::Confirmed, attempt);
    }

    fn release(&self, world: &mut World, attempt: usize) {
        let places = &mut world.places[self.wishes[attempt].session];
        let before = world.holds[attempt];
        match before {
            Hold::Held => places.held -= 1,
            Hold::Confirmed => places.booked -= 1,
            Hold::None | Hold::Released => {}
        }
        places.open += i8::from(matches!(before, Hold::Held | Hold::Confirmed) || self.is(Mutant::GivesBackTwice));
        world.holds[attempt] = if self.is(Mutant::NoTombstone) { Hold::None } else { Hold::Released };
        world.send(Word::Released, attempt);
    }

    // The person's shard.

    fn commit(&self, world: &mut World, attempt: usize) {
        if world.rows[attempt] == Row::None {
            self.decide(world, attempt);
        }
        if world.rows[attempt] == Row::Booked {
            world.send(Word::Booked, attempt);
        }
    }

    fn decide(&self, world: &mut World, attempt: usize) {
        let Wish { person, instead_of, .. } = self.wishes[attempt];
        let booked: Vec<usize> = self.booked(world).filter(|other| self.wishes[*other].person == person).collect();
        let may = match instead_of {
            Some(old) => booked == [old],
            None => booked.is_empty() || self.is(Mutant::NoUniqueKey),
        };
        if may {
            if let Some(old) = instead_of
                && !self.is(Mutant::MoveKeepsOld)
            {
                world.rows[old] = Row::Cancelled;
                world.put_out(Word::Release, old);
            }
            world.rows[attempt] = Row::Booked;
            world.put_out(Word::Confirm, attempt);
        } else if self.is(Mutant::RefusalReleases) {
            world.put_out(Word::Release, attempt);
        } else {
            // Nothing was written: whoever asked has it settled, as the sweeper would.
            world.send(Word::Settle, attempt);
        }
    }

    fn cancel(&self, world: &mut World, attempt: usize) {
        if world.rows[attempt] != Row::Booked {
            return;
        }
        world.rows[attempt] = Row::Cancelled;
        if self.is(Mutant::CancelWithoutOutbox) {
            let node = self.jobs.iter().position(|job| *job == Job::Cancel(attempt));
            if node.is_some_and(|node| world.minds[node] == Mind::Holding) {
                world.send(Word::Release, attempt);
            }
        } else {
            world.put_out(Word::Release, attempt);
        }
    }

    fn settle(&self, world: &mut World, attempt: usize) {
        // Where a row stands, the session's shard was told of it, or the outbox still has it.
        if world.rows[attempt] == Row::None {
            world.rows[attempt] = Row::Void;
            world.put_out(Word::Release, attempt);
        } else if self.is(Mutant::TellsAgain) && world.rows[attempt] == Row::Void {
            world.put_out(Word::Release, attempt);
        }
    }

    // What must be so.

    fn booked(&self, world: &World) -> impl Iterator<Item = usize> {
        let rows = world.rows;
        (0..self.wishes.len()).filter(move |attempt| rows[*attempt] == Row::Booked)
    }

    fn booked_at(&self, world: &World, session: usize) -> i8 {
        let here = self.booked(world).filter(|attempt| self.wishes[*attempt].session == session);
        i8::try_from(here.count()).expect("few attempts")
    }

    pub(super) fn check_bookings(&self, world: &World) -> Result<(), Wrong> {
        for one in self.booked(world) {
            if self.booked(world).any(|other| other != one && self.wishes[other].person == self.wishes[one].person) {
                return Err(Wrong::TwoBookings);
            }
            if !matches!(world.holds[one], Hold::Held | Hold::Confirmed) {
                return Err(Wrong::NoSeat);
            }
        }
        for (session, places) in world.places.iter().enumerate() {
            if places.open < 0 || self.booked_at(world, session) > places.capacity {
                return Err(Wrong::Oversold);
            }
            let Places { capacity, open, held, booked } = *places;
            if held < 0 || booked < 0 || open + held + booked != capacity {
                return Err(Wrong::Miscounted);
            }
        }
        let told = (0..self.wishes.len()).filter(|attempt| world.told & 1 << attempt != 0);
        let mut of = told.map(|attempt| world.rows[attempt]);
        if of.all(|row| matches!(row, Row::Booked | Row::Cancelled)) { Ok(()) } else { Err(Wrong::ToldWrongly) }
    }

    /// No seat is lost: what is taken is what is booked.
    pub(super) fn check_places(&self, world: &World) -> Result<(), Wrong> {
        let even =
            |(session, places): (usize, &Places)| places.held == 0 && places.booked == self.booked_at(world, session);
        if world.places.iter().enumerate().all(even) { Ok(()) } else { Err(Wrong::SeatLost) }
    }
}
