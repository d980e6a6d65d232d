//! People and sessions in several shards: which shard has what, and a booking and a registration as steps between them. A node may die
//! between any two steps; what it leaves is set right by [`Shards::sweep`]. Steps, keys and what was checked: `docs/adr/0019-two-shards.md`.

mod registration;

use crate::command::{
    Answer, Applied, AttemptId, Booked, Command, Commit, Done, Effect, Once, Refusal, SeatAct, SeatHold, ShardStep,
    Staged,
};
use crate::rows::{HoldRow, SeatRow, Status};
use crate::{Store, StoreError};
use registry::{AppointmentId, DistrictId, PersonId, SessionId, Slot};

/// How long a seat is held, or a phone claimed, before the sweeper asks what became of it.
const HOLD_MS: i64 = 120_000;

/// So many are settled, or told, of one shard at a time.
const AT_ONCE: u32 = 256;

/// What is decided under an attempt's id is answered the same again.
const SCOPE: [u8; 32] = *b"teeka attempt, decided in person";

/// Shards, each a store of its own, and the way to them.
#[derive(Clone)]
pub struct Shards(Vec<Store>);

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

impl Shards {
    /// The shards in their order, which never changes.
    #[must_use]
    pub fn new(shards: Vec<Store>) -> Self {
        assert!(!shards.is_empty(), "people are somewhere");
        Self(shards)
    }

    /// Where a person's rows are: by the first 14 bits of her random id.
    #[must_use]
    pub fn of_person(&self, person: PersonId) -> &Store {
        let [first, second, ..] = *person.bytes();
        self.at([first, second])
    }

    fn at(&self, first: [u8; 2]) -> &Store {
        let vb = usize::from(u16::from_be_bytes(first) >> 2);
        &self.0[(vb * self.0.len()) >> 14]
    }

    /// Where a district's sessions are.
    #[must_use]
    pub fn of_district(&self, district: DistrictId) -> &Store {
        &self.0[district.0 as usize % self.0.len()]
    }

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
            None => self.take(wish, dose, SeatAct::Book { booked, dose }, entries).await,
        }
    }

    /// Moves an appointment to another seat: she has the old one until the new one is hers.
    ///
    /// # Errors
    /// As [`Effect::Move`], and as [`Shards::book`].
    pub async fn change(&self, wish: &Wish, person: PersonId, entries: Vec<Staged>) -> Applied {
        let Wish { appointment, seat, now_ms, .. } = wish.clone();
        self.check_slot(&seat).await?;
        let live = |one: &SeatRow| one.appointment == appointment && one.status == Status::Booked;
        let standing = self.seats(person).await?.into_iter().find(live).ok_or(Refusal::NotFound)?;
        if standing.session != seat.session {
            return self.take(wish, standing.dose, SeatAct::Move { person }, entries).await;
        }
        let step = ShardStep::Slot { appointment, person, session: seat.session, slot: seat.slot, now_ms };
        self.of_person(person).apply(Command { by: None, once: None, entries, effect: Effect::Shard(step) }).await
    }

    /// Gives a seat back.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where she has none to give back; [`Refusal::Storage`] as for [`Shards::book`].
    pub async fn give_back(&self, appointment: AppointmentId, person: PersonId, entries: Vec<Staged>) -> Applied {
        let effect = Effect::Shard(ShardStep::GiveBack { appointment, person });
        let done = self.of_person(person).apply(Command { by: None, once: None, entries, effect }).await?;
        self.tell_of(person).await;
        Ok(done)
    }

    /// Settles the holds and claims that have run out by `now_ms`, and tells other shards what they were not told. Answers how many it did:
    /// when it is none, nothing is left to do. It may run anywhere, at any time, and several at once.
    ///
    /// # Errors
    /// When a shard fails; the others' turn comes with the next sweep.
    pub async fn sweep(&self, now_ms: i64) -> Result<usize, StoreError> {
        let (mut swept, mut failed) = (0, None);
        let mut note = |outcome: Result<usize, StoreError>| match outcome {
            Ok(count) => swept += count,
            Err(error) => failed = Some(error),
        };
        for shard in &self.0 {
            note(self.settle_due(shard, now_ms).await);
            note(self.settle_claims(shard, now_ms).await);
        }
        for shard in &self.0 {
            note(self.tell_all(shard).await);
            note(self.tell_claims(shard).await);
        }
        failed.map_or(Ok(swept), Err)
    }

    async fn settle_due(&self, shard: &Store, now_ms: i64) -> Result<usize, StoreError> {
        let due = shard.read(move |store| store.holds_due(now_ms, AT_ONCE)).await?;
        for HoldRow { attempt, person, district } in &due {
            let step = ShardStep::Settle { attempt: *attempt, person: *person, district: *district };
            self.step(self.of_person(*person), step).await.map_err(StoreError::new)?;
        }
        Ok(due.len())
    }

    async fn tell_all(&self, shard: &Store) -> Result<usize, StoreError> {
        let untold = shard.read(|store| store.outbox(AT_ONCE)).await?;
        for told in &untold {
            self.step(self.of_district(told.district), ShardStep::Tell(*told)).await.map_err(StoreError::new)?;
            self.step(shard, ShardStep::Answered(*told)).await.map_err(StoreError::new)?;
        }
        Ok(untold.len())
    }

    /// Holds the seat, has the attempt decided, and tells the session's shard.
    async fn take(&self, wish: &Wish, place: u8, act: SeatAct, entries: Vec<Staged>) -> Applied {
        let Wish { attempt, appointment, seat, now_ms } = wish.clone();
        let (person, district) = (act.person(), seat.district);
        let (session, slot, expires_ms) = (seat.session, seat.slot.clone(), now_ms + HOLD_MS);
        let hold = SeatHold { attempt, person, session, slot, place, expires_ms };
        self.step(self.of_district(district), ShardStep::Hold(hold)).await?;
        let commit = Commit { attempt, appointment, district, session, slot: seat.slot, act, now_ms };
        let effect = Effect::Shard(ShardStep::Commit(Box::new(commit)));
        let once = Some(Once { scope: SCOPE, key: attempt, at_ms: now_ms });
        let hers = self.of_person(person);
        let decided = hers.apply(Command { by: None, once, entries, effect }).await;
        // Of a shard that did not answer nobody knows what it did; with a new tag the same attempt is tried again.
        if decided.as_ref().is_err_and(|refusal| !matches!(refusal, Refusal::Storage | Refusal::Moved)) {
            self.step(hers, ShardStep::Settle { attempt, person, district }).await.ok();
        }
        self.tell_of(person).await;
        match decided {
            // A repeat is told what was decided then; whether it still stands says the row.
            Ok(done) if done.position == 0 && !self.is_booked(attempt, hers).await? => Err(Refusal::Conflict),
            decided => decided,
        }
    }

    async fn is_booked(&self, attempt: AttemptId, hers: &Store) -> Result<bool, Refusal> {
        hers.read(move |store| store.is_booked(attempt)).await.map_err(|_| Refusal::Storage)
    }

    /// Tells sessions' shards at once what they are to be told of her; where that fails, the sweeper does.
    async fn tell_of(&self, person: PersonId) {
        let hers = self.of_person(person);
        for told in hers.read(move |store| store.outbox_of(person)).await.unwrap_or_default() {
            if self.step(self.of_district(told.district), ShardStep::Tell(told)).await.is_ok() {
                self.step(hers, ShardStep::Answered(told)).await.ok();
            }
        }
    }

    async fn step(&self, shard: &Store, step: ShardStep) -> Applied {
        shard.apply(Command { by: None, once: None, entries: Vec::new(), effect: Effect::Shard(step) }).await
    }

    async fn seats(&self, person: PersonId) -> Result<Vec<SeatRow>, Refusal> {
        self.of_person(person).read(move |store| store.seats_of(person)).await.map_err(|_| Refusal::Storage)
    }

    async fn check_slot(&self, seat: &Seat) -> Result<(), Refusal> {
        let session = seat.session;
        let offer = self.of_district(seat.district).read(move |store| store.session(session)).await;
        let session = offer.map_err(|_| Refusal::Storage)?.ok_or(Refusal::NotFound)?.session;
        match session.slots.contains(&seat.slot) {
            _ if session.cancelled => Err(Refusal::CalledOff),
            true => Ok(()),
            false => Err(Refusal::NoSuchSlot),
        }
    }
}
