//! A booking over two shards: a hold on the seat, the row in her own shard, and what became of the hold.

use super::{HOLD_MS, Shards, step};
use crate::command::{
    Answer, Applied, AttemptId, Book, Booked, Command, Commit, Done, Effect, Move, Once, Refusal, SeatAct, SeatHold,
    ShardStep, Staged,
};
use crate::engine::Engine;
use crate::rows::{Offer, SeatRow, Status};
use registry::{AppointmentId, DistrictId, PersonId, SessionId, Slot};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What is decided under an attempt's id is answered the same again.
const SCOPE: [u8; 32] = *b"teeka attempt, decided in person";

/// A seat of a session.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Where the session is.
    pub district: DistrictId,
    /// Which session.
    pub session: SessionId,
    /// Which window.
    pub slot: Slot,
}

/// A wish for a seat, under the id of its attempt. Whoever asks again after a crash asks with the same id; after a refusal, with
/// another.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The attempt.
    pub attempt: AttemptId,
    /// The appointment.
    pub appointment: AppointmentId,
    /// Where and when.
    pub seat: Seat,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// One person's part of an act.
pub(super) struct Part {
    pub(super) wish: Wish,
    /// From which share of the session's places; none, where she has the seat already.
    pub(super) place: Option<u8>,
    pub(super) act: SeatAct,
    pub(super) entries: Vec<Staged>,
    /// Under which key a repeat of the act is answered from the first time; else it is the attempt's own.
    pub(super) once: Option<Once>,
}

impl Shards {
    /// Books a seat for a dose. The same wish twice is one booking.
    ///
    /// # Errors
    /// As [`Effect::Book`]; [`Refusal::Conflict`] for an attempt that is over; [`Refusal::Storage`] when a shard does not answer: then
    /// it is booked or not, and the same attempt again tells.
    pub async fn book(&self, wish: &Wish, dose: u8, booked: Booked, entries: Vec<Staged>) -> Applied {
        let live =
            |one: &SeatRow| one.dose == dose && matches!(one.status, Status::Booked | Status::CheckedIn | Status::Done);
        match self.seats(booked.person).await?.into_iter().find(live) {
            Some(it) if it.session == wish.seat.session && it.slot == wish.seat.slot => {
                self.tell_of(booked.person).await;
                Ok(Done { position: 0, answer: Answer::Appointment(it.appointment) })
            }
            Some(_) => Err(Refusal::AlreadyBooked),
            None => {
                let act = SeatAct::Book { booked, dose };
                self.take(vec![Part { wish: wish.clone(), place: Some(dose), act, entries, once: None }]).await
            }
        }
    }

    /// Moves an appointment to another seat: she has the old one until the new one is hers.
    ///
    /// # Errors
    /// As [`Effect::Move`], and as [`Shards::book`].
    pub async fn change(&self, wish: &Wish, person: PersonId, entries: Vec<Staged>) -> Applied {
        self.offered(&wish.seat).await?;
        let part = self.part_of_move(wish.clone(), person).await?;
        self.take(vec![Part { entries, ..part }]).await
    }

    /// Gives a seat back.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where she has none to give back; [`Refusal::Storage`] as for [`Shards::book`].
    pub async fn give_back(&self, appointment: AppointmentId, person: PersonId, entries: Vec<Staged>) -> Applied {
        self.give_back_once(appointment, person, entries, None).await
    }

    async fn give_back_once(
        &self,
        appointment: AppointmentId,
        person: PersonId,
        entries: Vec<Staged>,
        once: Option<Once>,
    ) -> Applied {
        let effect = Effect::Shard(ShardStep::GiveBack { appointment, person });
        let done = self.hers(person).apply(Command { by: None, once, entries, effect }).await?;
        self.tell_of(person).await;
        Ok(done)
    }

    /// A booking for several, each an attempt of her own: where one is refused after another was decided, the other stands.
    pub(super) async fn book_all(&self, book: &Book, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        let hold = book.by.clone();
        self.ask(move |store| store.holds_family(&hold)).await??;
        if let Some(standing) = self.standing_appointment(book).await? {
            let look = Command { by: None, once: None, effect: Effect::Append, entries };
            let done = self.at(self.place_of_subject(&look.entries), None, look).await?;
            return Ok(Done { answer: Answer::Appointment(standing), ..done });
        }
        let seat = self.seat(book.session, &book.slot).await?;
        self.offered(&seat).await?;
        let mut parts = Vec::new();
        for booked in book.people.clone() {
            let wish = wish(book.appointment, booked.person, &seat, book.now_ms, &entries);
            let (place, act) = (Some(book.dose), SeatAct::Book { booked, dose: book.dose });
            parts.push(Part { wish, place, act, entries: Vec::new(), once: None });
        }
        self.take(shared_out(parts, entries, once)?).await
    }

    pub(super) async fn change_all(&self, change: &Move, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        let seat = self.seat(change.session, &change.slot).await?;
        self.offered(&seat).await?;
        let mut parts = Vec::new();
        for person in &change.people {
            let wish = wish(change.appointment, *person, &seat, change.now_ms, &entries);
            parts.push(self.part_of_move(wish, *person).await?);
        }
        self.take(shared_out(parts, entries, once)?).await
    }

    pub(super) async fn give_back_all(
        &self,
        appointment: AppointmentId,
        people: &[PersonId],
        once: Option<Once>,
        mut entries: Vec<Staged>,
    ) -> Applied {
        for person in people {
            self.booked_seat(appointment, *person).await?;
        }
        let first = people.first().copied().ok_or(Refusal::NotFound)?;
        let mut first_done = None;
        for person in people {
            let (hers, others) = entries.into_iter().partition(|entry| is_of(entry, *person, first));
            entries = others;
            let once = once.filter(|_| first_done.is_none());
            let done = self.give_back_once(appointment, *person, hers, once).await?;
            first_done.get_or_insert(done);
        }
        first_done.ok_or(Refusal::NotFound)
    }

    async fn part_of_move(&self, wish: Wish, person: PersonId) -> Result<Part, Refusal> {
        let standing = self.booked_seat(wish.appointment, person).await?;
        let place = (standing.session != wish.seat.session).then_some(standing.dose);
        Ok(Part { wish, place, act: SeatAct::Move { person }, entries: Vec::new(), once: None })
    }

    async fn booked_seat(&self, appointment: AppointmentId, person: PersonId) -> Result<SeatRow, Refusal> {
        let live = |one: &SeatRow| one.appointment == appointment && one.status == Status::Booked;
        self.seats(person).await?.into_iter().find(live).ok_or(Refusal::NotFound)
    }

    /// As in one store: where all of them are booked just so, in one appointment, that is the answer.
    async fn standing_appointment(&self, book: &Book) -> Result<Option<AppointmentId>, Refusal> {
        let mut standing = Vec::new();
        for one in &book.people {
            let live = |it: &SeatRow| {
                it.dose == book.dose && matches!(it.status, Status::Booked | Status::CheckedIn | Status::Done)
            };
            let found = self.seats(one.person).await?.into_iter().find(live);
            standing.push(found.map(|it| (*it.appointment.bytes(), *it.session.bytes(), it.slot.text().to_owned())));
        }
        crate::write::just_so(book, &standing)
    }

    /// Holds all seats, or none; has each attempt decided, and tells the session's shard.
    pub(super) async fn take(&self, parts: Vec<Part>) -> Applied {
        for (at, part) in parts.iter().enumerate() {
            if let Err(refusal) = self.hold(part).await {
                self.settle(&parts[..at]).await;
                return Err(refusal);
            }
        }
        let mut first = None;
        let mut parts = parts.into_iter();
        while let Some(part) = parts.next() {
            match self.decide(part).await {
                Ok(done) => _ = first.get_or_insert(done),
                Err(refusal) => {
                    self.settle(parts.as_slice()).await;
                    return Err(refusal);
                }
            }
        }
        first.ok_or(Refusal::NotFound)
    }

    async fn hold(&self, part: &Part) -> Result<(), Refusal> {
        let Wish { attempt, seat: Seat { district, session, slot }, now_ms, .. } = part.wish.clone();
        let (person, expires_ms) = (part.act.person(), now_ms + HOLD_MS);
        if let Some(place) = part.place {
            let hold = SeatHold { attempt, person, session, slot, place, expires_ms };
            step(self.districts(district), ShardStep::Hold(hold)).await?;
        }
        self.copy_to(self.place_of_person(person), session).await
    }

    async fn decide(&self, part: Part) -> Applied {
        let Part { wish: Wish { attempt, appointment, seat, now_ms }, place, act, entries, once } = part;
        let (person, district, session, slot) = (act.person(), seat.district, seat.session, seat.slot);
        let hers = self.hers(person);
        if place.is_none() {
            let effect = Effect::Shard(ShardStep::Slot { appointment, person, session, slot, now_ms });
            return hers.apply(Command { by: None, once, entries, effect }).await;
        }
        let commit = Commit { attempt, appointment, district, session, slot, act, now_ms };
        let effect = Effect::Shard(ShardStep::Commit(Box::new(commit)));
        let own = Once { scope: SCOPE, key: attempt, at_ms: now_ms };
        let command = Command { by: None, once: Some(once.unwrap_or(own)), entries, effect };
        let decided = hers.apply(command).await;
        // A repeat is told what was decided then; whether this attempt was it, and still stands, says the row.
        let is_idle = match &decided {
            Ok(done) => done.position == 0 && !is_booked(attempt, hers).await?,
            // Of a shard that did not answer nobody knows what it did; with a new tag the same attempt is tried again.
            Err(refusal) => !matches!(refusal, Refusal::Storage | Refusal::Moved),
        };
        if is_idle {
            step(hers, ShardStep::Settle { attempt, person, district }).await.ok();
        }
        self.tell_of(person).await;
        if decided.is_ok() && is_idle && once.is_none() { Err(Refusal::Conflict) } else { decided }
    }

    /// Attempts that nobody will have decided.
    async fn settle(&self, parts: &[Part]) {
        for Part { wish, act, .. } in parts.iter().filter(|part| part.place.is_some()) {
            let (attempt, person, district) = (wish.attempt, act.person(), wish.seat.district);
            step(self.hers(person), ShardStep::Settle { attempt, person, district }).await.ok();
            self.tell_of(person).await;
        }
    }

    async fn seats(&self, person: PersonId) -> Result<Vec<SeatRow>, Refusal> {
        self.hers(person).read(move |store| store.seats_of(person)).await.map_err(|_| Refusal::Storage)
    }

    pub(super) async fn seat(&self, session: SessionId, slot: &Slot) -> Result<Seat, Refusal> {
        let offer = self.ask(move |store| store.session(session)).await?.ok_or(Refusal::NotFound)?;
        Ok(Seat { district: offer.centre.district, session, slot: slot.clone() })
    }

    async fn offered(&self, seat: &Seat) -> Result<(), Refusal> {
        let session = seat.session;
        let offer = self.districts(seat.district).read(move |store| store.session(session)).await;
        let Offer { session, .. } = offer.map_err(|_| Refusal::Storage)?.ok_or(Refusal::NotFound)?;
        match session.slots.contains(&seat.slot) {
            _ if session.cancelled => Err(Refusal::CalledOff),
            true => Ok(()),
            false => Err(Refusal::NoSuchSlot),
        }
    }

    /// Her shard has a copy of what a session says, before anything of hers there is about it.
    pub(super) async fn copy_to(&self, at: usize, session: SessionId) -> Result<(), Refusal> {
        let known = (at, session);
        if self.0.copies.lock().expect("nobody panics while holding it").contains(&known) {
            return Ok(());
        }
        let offer = self.ask(move |store| store.session(session)).await?.ok_or(Refusal::NotFound)?;
        step(&self.0.engines[at], ShardStep::Copy(Box::new(offer.session))).await?;
        let mut copies = self.0.copies.lock().expect("nobody panics while holding it");
        if copies.len() >= super::REMEMBERED {
            copies.clear();
        }
        copies.insert(known);
        Ok(())
    }
}

async fn is_booked(attempt: AttemptId, hers: &Arc<Engine>) -> Result<bool, Refusal> {
    hers.read(move |store| store.is_booked(attempt)).await.map_err(|_| Refusal::Storage)
}

/// The same command is the same attempt; with another tag it is another.
pub(super) fn wish(appointment: AppointmentId, person: PersonId, seat: &Seat, now_ms: i64, entries: &[Staged]) -> Wish {
    let mut hash = Sha256::new();
    for part in [appointment.bytes(), person.bytes(), seat.session.bytes()] {
        hash.update(part);
    }
    hash.update(seat.slot.text());
    hash.update(now_ms.to_be_bytes());
    for entry in entries {
        hash.update(entry.leaf);
    }
    let attempt = *hash.finalize().first_chunk().expect("a digest is longer");
    Wish { attempt, appointment, seat: seat.clone(), now_ms }
}

/// Each has her own entries; whose subject is nobody go with the first. Who has the first entry is decided first.
fn shared_out(mut parts: Vec<Part>, entries: Vec<Staged>, once: Option<Once>) -> Result<Vec<Part>, Refusal> {
    let has_entry = |part: &Part, entry: &Staged| entry.subject.is_some_and(|it| it.person == part.act.person());
    if let Some(first) = entries.iter().find(|entry| entry.subject.is_some()) {
        parts.sort_by_key(|part| !has_entry(part, first));
    }
    for entry in entries {
        let owner = match entry.subject {
            None => parts.first_mut(),
            Some(_) => parts.iter_mut().find(|part| has_entry(part, &entry)),
        };
        owner.ok_or(Refusal::Apart)?.entries.push(entry);
    }
    if let Some(part) = parts.first_mut() {
        part.once = once;
    }
    Ok(parts)
}

/// Whether an entry goes with what is done for a person.
fn is_of(entry: &Staged, person: PersonId, first: PersonId) -> bool {
    entry.subject.map_or(first, |subject| subject.person) == person
}
