//! Random commands against a store and against a model in memory: every outcome and every row must be the same.
//! The seed is printed; put it into [`SEEDS`] to run it again.

use crate::fixture::{Bench, DAY, Engine, NOW, SHARDS, batch, morning, noon};
use futures_util::future::join_all;
use registry::{AppointmentId, DoseId, PersonId, Places, SessionId, Slot};
use std::collections::{BTreeMap, BTreeSet};
use store::command::{Answer, Applied, Beside, CheckIn, Command, Done, Effect, FamilyHold, Move, Refusal, Visit};
use store::rows::{Cause, Status};

const SEEDS: [u64; 4] = [1, 2, 3, 0x7_ee4a];
/// A token that no sign-in has.
const ENDED: [u8; 32] = [0xee; 32];
const ROUNDS: usize = 120;

#[derive(Clone)]
struct Booking {
    id: AppointmentId,
    session: SessionId,
    slot: Slot,
    dose: u8,
    place: u8,
    status: Status,
}

#[derive(Clone, Default)]
struct Person {
    entries: u64,
    family: usize,
    /// The newest last.
    bookings: Vec<Booking>,
    doses: BTreeMap<u8, DoseId>,
    codes: u32,
}

#[derive(Clone, Default)]
struct Model {
    people: BTreeMap<PersonId, Person>,
    /// Of each session its four kinds of places, walk-ins first, and whether it is off.
    sessions: BTreeMap<SessionId, ([Places; 4], bool)>,
    left_in_batch: u32,
    /// How many entries the log of each shard has.
    logs: Vec<u64>,
    /// Beside which positions a fact stands, and about whom.
    facts: BTreeMap<u64, Option<PersonId>>,
    /// Which organisations have looked at whom.
    looked: BTreeSet<(PersonId, [u8; 16])>,
}

type Told = Result<Answer, Refusal>;

impl Booking {
    fn is_awaited(&self) -> bool {
        matches!(self.status, Status::Booked | Status::CheckedIn)
    }
}

fn live(status: Status) -> bool {
    matches!(status, Status::Booked | Status::CheckedIn | Status::Done)
}

impl Model {
    /// What a command must answer; the model moves only if it is done.
    fn apply(&mut self, command: &Command) -> Applied {
        if command.by == Some(ENDED) {
            return Err(Refusal::SignedOut);
        }
        let mut next = self.clone();
        for subject in command.entries.iter().filter_map(|entry| entry.subject) {
            let person = next.people.get_mut(&subject.person).ok_or(Refusal::Moved)?;
            if person.entries != subject.count {
                return Err(Refusal::Moved);
            }
            person.entries += 1;
        }
        let answer = next.effect(&command.effect)?;
        let shard = next.shard_of(command);
        let position = (shard as u64) << 48 | next.logs[shard];
        next.logs[shard] += command.entries.len() as u64;
        for (position, entry) in (position..).zip(&command.entries) {
            let (Some(subject), Some(beside)) = (entry.subject, &entry.beside) else { continue };
            next.facts.insert(position, Some(subject.person));
            next.looked.extend(beside.organisation.map(|organisation| (subject.person, organisation)));
        }
        *self = next;
        Ok(Done { position, answer })
    }

    /// In whose log its entries are: that of whom they are about, or the first.
    fn shard_of(&self, command: &Command) -> usize {
        let subject = command.entries.iter().find_map(|entry| entry.subject);
        let first = subject.map_or([0; 2], |subject| *subject.person.bytes().first_chunk().unwrap());
        (usize::from(u16::from_be_bytes(first) >> 2) * self.logs.len()) >> 14
    }

    fn effect(&mut self, effect: &Effect) -> Told {
        match effect {
            Effect::Book(book) => {
                let people: Vec<PersonId> = book.people.iter().map(|one| one.person).collect();
                self.book(
                    &people,
                    &Booking {
                        id: book.appointment,
                        session: book.session,
                        slot: book.slot.clone(),
                        dose: book.dose,
                        place: book.dose,
                        status: Status::Booked,
                    },
                )
            }
            Effect::Move(change) => self.change(change),
            Effect::Cancel { appointment, people } => self.cancel(*appointment, people),
            Effect::CheckIn(there) => self.check_in(there.appointment, there.person, there.session),
            Effect::WalkIn(walk_in) => {
                let there = &walk_in.check_in;
                if self.sessions[&there.session].1 {
                    return Err(Refusal::CalledOff);
                }
                self.take(there.session, 0, 1)?;
                self.enter(
                    there.person,
                    Booking {
                        id: there.appointment,
                        session: there.session,
                        slot: walk_in.slot.clone(),
                        dose: walk_in.dose,
                        place: 0,
                        status: Status::CheckedIn,
                    },
                )?;
                Ok(Answer::Appointment(there.appointment))
            }
            Effect::Visit(visit) => self.visit(&visit.there, &visit.slot),
            Effect::Dose(dose) => self.dose(dose.person, dose.session, dose.number, dose.id),
            Effect::CallOff { session, .. } => self.call_off(*session),
            Effect::Erase(erase) => self.erase(erase.person),
            _ => Ok(Answer::Nothing),
        }
    }

    /// Where she is for something else than a dose; the same visit twice is one.
    fn visit(&mut self, there: &CheckIn, slot: &Slot) -> Told {
        if self.sessions[&there.session].1 {
            return Err(Refusal::CalledOff);
        }
        let bookings = &mut self.people.get_mut(&there.person).unwrap().bookings;
        match bookings.iter().find(|booking| booking.id == there.appointment) {
            Some(known) if known.status == Status::Visiting && known.session == there.session => {}
            Some(_) => return Err(Refusal::NotFound),
            None => bookings.push(Booking {
                id: there.appointment,
                session: there.session,
                slot: slot.clone(),
                dose: 0,
                place: 0,
                status: Status::Visiting,
            }),
        }
        Ok(Answer::Nothing)
    }

    fn take(&mut self, session: SessionId, place: u8, count: u32) -> Result<(), Refusal> {
        let places = &mut self.sessions.get_mut(&session).unwrap().0[usize::from(place)];
        if places.open < count {
            return Err(Refusal::Full);
        }
        places.open -= count;
        places.booked += count;
        Ok(())
    }

    fn give_back(&mut self, session: SessionId, place: u8) {
        let places = &mut self.sessions.get_mut(&session).unwrap().0[usize::from(place)];
        places.open += 1;
        places.booked -= 1;
    }

    fn enter(&mut self, person: PersonId, booking: Booking) -> Result<(), Refusal> {
        let person = self.people.get_mut(&person).unwrap();
        if person.bookings.iter().any(|other| other.dose == booking.dose && live(other.status)) {
            return Err(Refusal::AlreadyBooked);
        }
        person.bookings.push(booking);
        Ok(())
    }

    fn book(&mut self, people: &[PersonId], wish: &Booking) -> Told {
        let standing = |person: &PersonId| {
            let stands = |one: &&Booking| one.dose == wish.dose && live(one.status);
            self.people[person].bookings.iter().find(stands).map(|one| (one.id, one.session, one.slot.clone()))
        };
        let standing: Vec<_> = people.iter().map(standing).collect();
        if let Some((id, session, slot)) = &standing[0]
            && (*session, slot) == (wish.session, &wish.slot)
            && standing.iter().all(|one| *one == standing[0])
        {
            return Ok(Answer::Appointment(*id));
        }
        if standing.iter().any(Option::is_some) {
            return Err(Refusal::AlreadyBooked);
        }
        if self.sessions[&wish.session].1 {
            return Err(Refusal::CalledOff);
        }
        self.take(wish.session, wish.place, u32::try_from(people.len()).unwrap())?;
        for person in people {
            self.enter(*person, wish.clone())?;
        }
        Ok(Answer::Appointment(wish.id))
    }

    fn booked(&mut self, appointment: AppointmentId, person: PersonId) -> Result<&mut Booking, Refusal> {
        let bookings = &mut self.people.get_mut(&person).unwrap().bookings;
        let found = bookings.iter_mut().find(|one| one.id == appointment && one.status == Status::Booked);
        found.ok_or(Refusal::NotFound)
    }

    fn change(&mut self, change: &Move) -> Told {
        if self.sessions[&change.session].1 {
            return Err(Refusal::CalledOff);
        }
        for person in &change.people {
            let booking = self.booked(change.appointment, *person)?;
            let (from, place) = (booking.session, booking.place);
            (booking.session, booking.slot) = (change.session, change.slot.clone());
            if from != change.session {
                self.take(change.session, place, 1)?;
                self.give_back(from, place);
            }
        }
        Ok(Answer::Appointment(change.appointment))
    }

    fn cancel(&mut self, appointment: AppointmentId, people: &[PersonId]) -> Told {
        for person in people {
            let booking = self.booked(appointment, *person)?;
            booking.status = Status::Cancelled;
            let (session, place) = (booking.session, booking.place);
            self.give_back(session, place);
        }
        Ok(Answer::Nothing)
    }

    fn check_in(&mut self, appointment: AppointmentId, person: PersonId, session: SessionId) -> Told {
        let bookings = &mut self.people.get_mut(&person).unwrap().bookings;
        let there = |one: &&mut Booking| one.id == appointment && one.session == session && one.is_awaited();
        bookings.iter_mut().find(there).ok_or(Refusal::NotFound)?.status = Status::CheckedIn;
        Ok(Answer::Nothing)
    }

    fn dose(&mut self, person: PersonId, session: Option<SessionId>, number: u8, id: DoseId) -> Told {
        self.left_in_batch = self.left_in_batch.checked_sub(1).ok_or(Refusal::BatchUnusable)?;
        let person = self.people.get_mut(&person).unwrap();
        if person.doses.insert(number, id).is_some() {
            return Err(Refusal::AlreadyGiven);
        }
        let here = |one: &&mut Booking| Some(one.session) == session && one.is_awaited();
        person.bookings.iter_mut().filter(here).for_each(|booking| booking.status = Status::Done);
        Ok(Answer::Nothing)
    }

    fn call_off(&mut self, session: SessionId) -> Told {
        let (places, off) = self.sessions.get_mut(&session).unwrap();
        if std::mem::replace(off, true) {
            return Err(Refusal::NotFound);
        }
        for place in places {
            place.open = 0;
            place.capacity = place.held + place.booked;
        }
        let mut told = 0;
        for booking in self.people.values_mut().flat_map(|person| &mut person.bookings) {
            if booking.session == session && booking.status == Status::Booked {
                booking.status = Status::CalledOff;
                told += 1;
            }
        }
        Ok(Answer::Count(told))
    }

    fn erase(&mut self, person: PersonId) -> Told {
        let gone = self.people.get(&person).cloned().ok_or(Refusal::NotFound)?;
        if !gone.doses.is_empty() || gone.bookings.iter().any(|booking| booking.status == Status::CheckedIn) {
            return Err(Refusal::HasDoses);
        }
        for booking in gone.bookings.iter().filter(|booking| booking.is_awaited()) {
            self.give_back(booking.session, booking.place);
        }
        self.people.remove(&person);
        self.facts.values_mut().filter(|about| **about == Some(person)).for_each(|about| *about = None);
        self.looked.retain(|(about, _)| *about != person);
        Ok(Answer::Nothing)
    }
}

/// A world under test: the store, the model of it, and what commands can name.
struct Twin {
    bench: Bench,
    model: Model,
    families: Vec<FamilyHold>,
    /// As they were before the batch that is being drawn up.
    ahead: Model,
}

impl Twin {
    async fn new(engine: Engine, seed: u64) -> Self {
        let mut bench = Bench::new(engine, seed).await;
        let mut model = Model { left_in_batch: 12, ..Model::default() };
        bench.does(Effect::Batch(batch("CX-1", 12))).await.unwrap();
        let mut families = Vec::new();
        for family in 0..3 {
            let mut hold = bench.sign_in([u8::try_from(family).unwrap(); 32]).await;
            for _ in 0..3 {
                let person = bench.member(&mut hold).await;
                model.people.insert(person, Person { entries: 1, family, ..Person::default() });
            }
            families.push(hold);
        }
        for capacity in [[3, 1, 0], [2, 2, 0], [4, 0, 0], [1, 3, 0]] {
            let id = bench.session(capacity, 2).await;
            let place = |capacity| Places { capacity, open: capacity, held: 0, booked: 0 };
            model.sessions.insert(id, ([place(2), place(capacity[0]), place(capacity[1]), place(capacity[2])], false));
        }
        model.logs = logs(&bench).await;
        Self { bench, ahead: model.clone(), model, families }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.bench.below(from.len())].clone()
    }

    fn some_person(&mut self) -> PersonId {
        let people: Vec<PersonId> = self.ahead.people.keys().copied().collect();
        self.pick(&people)
    }

    fn some_session(&mut self) -> SessionId {
        let sessions: Vec<SessionId> = self.ahead.sessions.keys().copied().collect();
        self.pick(&sessions)
    }

    /// An appointment of hers, live or not, with its session; one of nobody where she has none.
    fn some_appointment(&mut self, person: PersonId) -> (AppointmentId, SessionId) {
        let bookings = self.ahead.people[&person].bookings.clone();
        if bookings.is_empty() {
            return (AppointmentId::from_random(self.bench.draw()), self.some_session());
        }
        let booking = self.pick(&bookings);
        (booking.id, booking.session)
    }

    fn some_effect(&mut self, person: PersonId) -> Effect {
        let (session, (appointment, at)) = (self.some_session(), self.some_appointment(person));
        let dose = self.pick(&[1, 1, 1, 2]);
        match self.bench.below(100) {
            0..35 => self.some_book(person, session, dose),
            35..50 => {
                let slot = self.pick(&[morning(), noon()]);
                Effect::Move(Move { appointment, people: vec![person], session, slot, now_ms: NOW })
            }
            50..65 => Effect::Cancel { appointment, people: vec![person] },
            65..78 => Effect::CheckIn(self.bench.check_in(appointment, person, at)),
            78..85 => Effect::WalkIn(self.bench.walk_in(person, session, dose)),
            85..89 => self.some_visit(person, session),
            89..96 => Effect::Dose(Box::new(self.bench.dose(person, Some(at), dose))),
            96..98 => Effect::CallOff { session, now_ms: NOW },
            _ => Effect::Append,
        }
    }

    /// A new visit, or one that names an appointment of hers.
    fn some_visit(&mut self, person: PersonId, session: SessionId) -> Effect {
        let known = self.some_appointment(person);
        let fresh = (AppointmentId::from_random(self.bench.draw()), session);
        let (appointment, at) = self.pick(&[known, fresh]);
        Effect::Visit(Visit { slot: morning(), there: self.bench.check_in(appointment, person, at) })
    }

    fn some_book(&mut self, person: PersonId, session: SessionId, dose: u8) -> Effect {
        let family = self.ahead.people[&person].family;
        let kin = self.ahead.people.iter().filter(|(id, one)| one.family == family && **id != person);
        let mut people: Vec<PersonId> = kin.map(|(id, _)| *id).take(self.bench.below(3)).collect();
        people.insert(self.bench.below(people.len() + 1), person);
        let mut wish = Vec::new();
        for person in people {
            let codes = &mut self.ahead.people.get_mut(&person).unwrap().codes;
            *codes += 1;
            wish.push((person, *codes));
        }
        let by = self.families[family].clone();
        Effect::Book(self.bench.book(&by, &wish, session, dose))
    }

    /// A command about someone; one in ten has a stale count, and is to write nothing.
    fn some_command(&mut self) -> Command {
        let person = self.some_person();
        let effect = self.some_effect(person);
        let stale = u64::from(self.bench.below(10) == 0);
        let count = self.ahead.people[&person].entries + stale;
        // A session called off is about nobody.
        let subject = (!matches!(effect, Effect::CallOff { .. })).then_some((person, count));
        let mut entries = vec![self.bench.entry(subject)];
        if self.bench.below(3) == 0 {
            let organisation = [None, Some([1; 16]), Some([2; 16])][self.bench.below(3)];
            let beside = Beside { day: 20_781, fact: vec![7; 60], organisation, now_ms: NOW };
            entries[0].beside = Some(Box::new(beside));
        }
        entries.extend((0..self.bench.below(2)).map(|_| self.bench.entry(None)));
        let codes: Vec<u32> = self.ahead.people.values().map(|one| one.codes).collect();
        let by = [None, Some(ENDED)][usize::from(self.bench.below(10) == 0)];
        let command = Command { by, once: None, entries, effect };
        // Drawn up as if it were applied, so that later commands of the batch have the right counts.
        let _ = self.ahead.apply(&command);
        for (one, codes) in self.ahead.people.values_mut().zip(codes) {
            one.codes = codes;
        }
        command
    }

    async fn round(&mut self) {
        let size = 1 + self.bench.below(12);
        let commands: Vec<Command> = (0..size).map(|_| self.some_command()).collect();
        let outcomes = self.hand_in(&commands).await;
        for (command, outcome) in commands.iter().zip(outcomes) {
            let expected = self.model.apply(command);
            assert_eq!(outcome, expected, "{:?}", command.effect);
        }
        let codes: Vec<u32> = self.ahead.people.values().map(|one| one.codes).collect();
        for (one, codes) in self.model.people.values_mut().zip(codes) {
            one.codes = codes;
        }
        self.compare().await;
    }

    /// All at once; over shards, where nothing orders what is handed in at once, one after the other.
    async fn hand_in(&self, commands: &[Command]) -> Vec<Applied> {
        let each = commands.iter().map(|command| self.bench.store.apply(command.clone()));
        if self.model.logs.len() == 1 {
            return join_all(each).await;
        }
        let mut outcomes = Vec::new();
        for one in each {
            outcomes.push(one.await);
        }
        outcomes
    }

    async fn compare(&self) {
        assert_eq!(logs(&self.bench).await, self.model.logs);
        let facts = self.bench.read(|store| store.facts_between(0, u64::MAX >> 1)).await;
        assert_eq!(facts.iter().map(|fact| (fact.position, fact.person)).collect::<BTreeMap<_, _>>(), self.model.facts);
        assert!(facts.iter().all(|fact| fact.person.is_none() == fact.sealed.is_empty()));
        let mut told = self.bench.read(|store| store.notices_due(i64::MAX, 10_000)).await;
        told.retain(|notice| notice.cause == Cause::FirstLook);
        assert_eq!(told.len(), self.model.looked.len(), "each organisation is told of once");
        for (id, (places, off)) in &self.model.sessions {
            let id = *id;
            let session = self.bench.read(move |store| store.session(id)).await.unwrap().session;
            let kept = [session.walk_in, session.places[0], session.places[1], session.places[2]];
            assert_eq!((kept, session.cancelled), (*places, *off));
            assert!(kept.iter().all(|place| place.capacity == place.open + place.held + place.booked));
        }
        for (id, person) in &self.model.people {
            let row = self.bench.row(*id).await;
            assert_eq!(row.entries, person.entries);
            let doses: BTreeMap<u8, DoseId> = row.doses.iter().map(|dose| (dose.number, dose.id)).collect();
            assert_eq!(doses, person.doses);
            let mut kept: Vec<_> =
                row.appointments.iter().map(|a| (a.id, a.session, a.dose, a.status.code())).collect();
            let mut expected: Vec<_> =
                person.bookings.iter().map(|b| (b.id, b.session, b.dose, b.status.code())).collect();
            kept.sort_unstable();
            expected.sort_unstable();
            assert_eq!(kept, expected);
        }
    }

    /// At the end everyone leaves who may.
    async fn everyone_leaves(&mut self) {
        for person in self.model.people.keys().copied().collect::<Vec<_>>() {
            let family = self.model.people[&person].family;
            let by = self.families[family].clone();
            let entries = vec![self.bench.entry(Some((person, self.model.people[&person].entries)))];
            let count = self.model.people[&person].entries + 1;
            let erase = self.bench.erase(person, Some(by), count);
            let command = Command { by: None, once: None, entries, effect: Effect::Erase(Box::new(erase)) };
            let outcome = self.bench.store.apply(command.clone()).await;
            assert_eq!(outcome, self.model.apply(&command));
            self.families[family].version += u64::from(outcome.is_ok());
        }
        self.compare().await;
        let tallied: u32 = self.bench.read(|store| store.tallies(None, DAY, DAY)).await.iter().map(|t| t.doses).sum();
        let given: usize = self.model.people.values().map(|person| person.doses.len()).sum();
        assert_eq!(tallied as usize, given);
    }
}

/// How many entries the log of each shard has.
async fn logs(bench: &Bench) -> Vec<u64> {
    let shards = if matches!(bench.ground.engine(), Engine::Shards(_)) { SHARDS } else { 1 };
    let count = |shard: usize| bench.read(move |store| store.log_from((shard as u64) << 48, u32::MAX));
    let mut counts = Vec::new();
    for shard in 0..shards {
        counts.push(count(shard).await.len() as u64);
    }
    counts
}

#[tokio::test]
async fn random_commands_do_to_a_store_what_they_do_to_a_model() {
    for engine in Engine::all_and_shards() {
        for seed in SEEDS {
            println!("engine {engine:?}, seed {seed}");
            let mut twin = Twin::new(engine.clone(), seed).await;
            for _ in 0..ROUNDS {
                twin.round().await;
            }
            twin.everyone_leaves().await;
        }
    }
}
