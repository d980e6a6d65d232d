//! What the shards and the nodes do with a message. One call is one transaction of one shard.

use super::mutants::Mutant;
use super::{Claimed, Job, On, PEOPLE, Registration, Word, Wrong};

/// The most nodes that a run has.
const NODES: usize = 4;

/// A claim of a person's. It only ever goes on: a late word cannot bring it back.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Claim {
    None,
    Claimed,
    Confirmed,
    Released,
}

impl Claim {
    fn is_live(self) -> bool {
        matches!(self, Self::Claimed | Self::Confirmed)
    }
}

/// A row of the person's shard.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Row {
    None,
    Registered(Claimed),
    /// Nobody was registered under this id, and nobody will be; the shards of the claims are told.
    Void,
    /// As `Void`, and nobody is told: written by the sweeper of keys.
    Unkeyed,
    Left,
}

/// What a node has in mind of its job.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Mind {
    Nothing,
    ClaimingPhone,
    /// With the phone or without.
    ClaimingDocument(bool),
    Entering,
    Over,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct World {
    /// On the phone, and on the document.
    claims: [[Claim; PEOPLE]; 2],
    rows: [Row; PEOPLE],
    /// What the shards of the claims are to be told.
    outbox: u64,
    minds: [Mind; NODES],
    /// A set that only grows: what is in it may arrive at any time, any number of times, or never.
    under_way: u64,
    /// Bits of people who were told that they are registered.
    told: u8,
    pub(super) losses: u8,
}

impl World {
    pub(super) fn new(losses: u8) -> Self {
        Self {
            claims: [[Claim::None; PEOPLE]; 2],
            rows: [Row::None; PEOPLE],
            outbox: 0,
            minds: [Mind::Nothing; NODES],
            under_way: 0,
            told: 0,
            losses,
        }
    }

    pub(super) fn is_under_way(&self, word: Word, person: usize) -> bool {
        self.under_way & bit(word, person) != 0
    }

    fn send(&mut self, word: Word, person: usize) {
        self.under_way |= bit(word, person);
    }

    pub(super) fn lose(&mut self, word: Word, person: usize) {
        self.under_way &= !bit(word, person);
        self.losses -= 1;
    }

    pub(super) fn crash(&mut self, node: usize) {
        if self.minds[node] != Mind::Over {
            self.minds[node] = Mind::Nothing;
        }
    }

    pub(super) fn relay(&mut self, word: Word, person: usize) {
        if self.outbox & bit(word, person) != 0 {
            self.send(word, person);
        }
    }

    pub(super) fn sweep_keys(&mut self, person: usize) {
        if self.rows[person] == Row::None {
            self.rows[person] = Row::Unkeyed;
        }
    }

    fn put_out(&mut self, word: Word, person: usize) {
        self.outbox |= bit(word, person);
    }

    fn answered(&mut self, word: Word, person: usize) {
        self.outbox &= !bit(word, person);
    }

    fn is_registered(&self, person: usize) -> bool {
        matches!(self.rows[person], Row::Registered(_))
    }

    fn has(&self, person: usize, on: On) -> bool {
        matches!(self.rows[person], Row::Registered(claimed) if claimed.has(on))
    }

    /// No claim is lost: what is claimed is what somebody has.
    pub(super) fn check_claims(&self) -> Result<(), Wrong> {
        let right = |claim: Claim, hers: bool| if hers { claim == Claim::Confirmed } else { !claim.is_live() };
        let all = (0..PEOPLE).all(|person| {
            right(self.claims[0][person], self.has(person, On::Phone))
                && right(self.claims[1][person], self.has(person, On::Document))
        });
        if all { Ok(()) } else { Err(Wrong::ClaimLost) }
    }
}

fn bit(word: Word, person: usize) -> u64 {
    let number = match word {
        Word::Claim(on) => on as usize,
        Word::PhoneClaimed => 2,
        Word::DocumentClaimed => 3,
        Word::DocumentTaken => 4,
        Word::PhoneFull => 5,
        Word::Entered => 6,
        Word::Leave => 7,
        Word::Settle => 8,
        Word::Confirm(on) => 9 + on as usize,
        Word::Confirmed(on) => 11 + on as usize,
        Word::Release(on) => 13 + on as usize,
        Word::Released(on) => 15 + on as usize,
        Word::Enter(claimed) => 17 + usize::from(claimed.phone) + 2 * usize::from(claimed.document),
    };
    1 << (number * PEOPLE + person)
}

impl Registration {
    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    pub(super) fn begin(&self, world: &mut World, node: usize) {
        match self.jobs[node] {
            Job::Register(person) if world.minds[node] == Mind::Nothing => {
                world.minds[node] = Mind::ClaimingPhone;
                world.send(Word::Claim(On::Phone), person);
                if self.is(Mutant::PersonFirst) {
                    world.send(Word::Enter(Claimed::PHONE), person);
                }
            }
            Job::Leave(person) if world.told & 1 << person != 0 && world.minds[node] == Mind::Nothing => {
                world.minds[node] = Mind::Over;
                world.send(Word::Leave, person);
            }
            _ => {}
        }
    }

    pub(super) fn sweep(&self, world: &mut World, on: On, person: usize) {
        if world.claims[on as usize][person] == Claim::Claimed && !self.is(Mutant::NoSweeper) {
            let word = if self.is(Mutant::ReleaseBeforeVoid) { Word::Release(on) } else { Word::Settle };
            world.send(word, person);
        }
    }

    pub(super) fn arrive(&self, world: &mut World, word: Word, person: usize) {
        match word {
            Word::Claim(on) => self.claim(world, on, person),
            Word::Enter(claimed) => self.enter(world, person, claimed),
            Word::Leave => self.leave(world, person),
            Word::Settle => self.settle(world, person),
            Word::Confirm(on) => {
                let claim = &mut world.claims[on as usize][person];
                if *claim == Claim::Claimed {
                    *claim = Claim::Confirmed;
                }
                world.send(Word::Confirmed(on), person);
            }
            Word::Release(on) => {
                let gone = if self.is(Mutant::NoTombstone) { Claim::None } else { Claim::Released };
                world.claims[on as usize][person] = gone;
                world.send(Word::Released(on), person);
            }
            Word::Confirmed(on) => world.answered(Word::Confirm(on), person),
            Word::Released(on) => world.answered(Word::Release(on), person),
            Word::PhoneClaimed | Word::PhoneFull | Word::DocumentClaimed | Word::DocumentTaken | Word::Entered => {
                self.hear(world, word, person);
            }
        }
    }

    /// A node hears an answer. It does not know which of its questions was answered, or of another node's.
    fn hear(&self, world: &mut World, word: Word, person: usize) {
        for node in (0..self.jobs.len()).filter(|node| self.jobs[*node] == Job::Register(person)) {
            match (world.minds[node], word) {
                (Mind::ClaimingPhone, Word::PhoneClaimed | Word::PhoneFull) => {
                    let phone = word == Word::PhoneClaimed || self.is(Mutant::FullIsNotSeen);
                    if self.with_document {
                        world.minds[node] = Mind::ClaimingDocument(phone);
                        world.send(Word::Claim(On::Document), person);
                    } else {
                        world.minds[node] = Mind::Entering;
                        world.send(Word::Enter(Claimed { phone, document: false }), person);
                    }
                }
                (Mind::ClaimingDocument(phone), Word::DocumentClaimed | Word::DocumentTaken) => {
                    world.minds[node] = Mind::Entering;
                    let document = word == Word::DocumentClaimed || self.is(Mutant::TakenIsNotSeen);
                    world.send(Word::Enter(Claimed { phone, document }), person);
                }
                (Mind::Entering, Word::Entered) => {
                    world.minds[node] = Mind::Over;
                    world.told |= 1 << person;
                }
                _ => continue,
            }
            if self.is(Mutant::ToldAtClaim) {
                world.told |= 1 << person;
            }
        }
    }

    // The shards of the claims.

    fn claim(&self, world: &mut World, on: On, person: usize) {
        let claims = &mut world.claims[on as usize];
        let counts = |claim: &Claim| match self.mutant {
            Some(Mutant::CountsConfirmedOnly) => *claim == Claim::Confirmed,
            _ => claim.is_live(),
        };
        let others = claims.iter().filter(|claim| counts(claim)).count();
        let may = match on {
            On::Phone => others < self.limit || self.is(Mutant::NoLimit),
            On::Document => others == 0 || self.is(Mutant::DocumentNotUnique),
        };
        if claims[person] == Claim::None && may {
            claims[person] = Claim::Claimed;
        }
        match (on, claims[person].is_live()) {
            (On::Phone, true) => world.send(Word::PhoneClaimed, person),
            (On::Phone, false) if self.at_centre => world.send(Word::PhoneFull, person),
            (On::Phone, false) => {}
            (On::Document, true) => world.send(Word::DocumentClaimed, person),
            (On::Document, false) => world.send(Word::DocumentTaken, person),
        }
    }

    // The person's shard.

    fn enter(&self, world: &mut World, person: usize, claimed: Claimed) {
        if world.rows[person] == Row::None {
            world.rows[person] = Row::Registered(claimed);
            for on in self.keys() {
                if claimed.has(on) {
                    world.put_out(Word::Confirm(on), person);
                } else if !self.is(Mutant::TellsWhatIsHers) {
                    // Another node may have claimed it for her since.
                    world.put_out(Word::Release(on), person);
                }
            }
        }
        if world.is_registered(person) {
            world.send(Word::Entered, person);
        }
    }

    fn leave(&self, world: &mut World, person: usize) {
        if world.is_registered(person) {
            world.rows[person] = Row::Left;
            if !self.is(Mutant::LeavesWithoutOutbox) {
                self.release_all(world, person);
            }
        }
    }

    /// What is to be claimed.
    fn keys(&self) -> impl Iterator<Item = On> {
        [On::Phone].into_iter().chain(self.with_document.then_some(On::Document))
    }

    fn release_all(&self, world: &mut World, person: usize) {
        for on in self.keys() {
            world.put_out(Word::Release(on), person);
        }
    }

    fn settle(&self, world: &mut World, person: usize) {
        // Where a row stands, the shards of the claims were told of it, or the outbox still has it.
        let untold = world.rows[person] == Row::Unkeyed && !self.is(Mutant::AnyVoidWasTold);
        if world.rows[person] == Row::None || untold {
            world.rows[person] = Row::Void;
            self.release_all(world, person);
        } else if self.is(Mutant::TellsAgain) && world.rows[person] == Row::Void {
            self.release_all(world, person);
        }
    }

    // What must be so.

    pub(super) fn check_people(&self, world: &World) -> Result<(), Wrong> {
        for person in (0..PEOPLE).filter(|person| world.is_registered(*person)) {
            let lacks = |on: On| world.has(person, on) && !world.claims[on as usize][person].is_live();
            let belongs_nowhere = !self.at_centre && !world.has(person, On::Phone);
            if lacks(On::Phone) || lacks(On::Document) || belongs_nowhere {
                return Err(Wrong::PersonWithoutClaim);
            }
        }
        let [phone, document] = world.claims.map(|claims| claims.iter().filter(|claim| claim.is_live()).count());
        if phone > self.limit {
            return Err(Wrong::FamilyTooLarge);
        }
        if document > 1 {
            return Err(Wrong::TwoForOneDocument);
        }
        let mut told = (0..PEOPLE).filter(|person| world.told & 1 << person != 0);
        let right = |person| world.is_registered(person) || world.rows[person] == Row::Left;
        if told.all(right) { Ok(()) } else { Err(Wrong::ToldWrongly) }
    }
}
