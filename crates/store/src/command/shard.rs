//! Steps of a booking whose person and whose session are in two shards: `docs/adr/0019-two-shards.md`. Each may come twice.

use super::{Booked, NewDose, WalkIn};
use registry::{AppointmentId, DistrictId, DoseId, PersonId, Session, SessionId, Slot};

/// Id of an attempt at a seat, made by whoever asks for it: the same again is the same attempt.
pub type AttemptId = [u8; 16];

/// See [`Effect::Shard`](super::Effect::Shard).
#[derive(Debug, Clone)]
pub enum ShardStep {
    /// In the session's shard: takes a seat for an attempt, for a while.
    Hold(SeatHold),
    /// In her shard: decides the attempt. The seat is hers, or the command is refused and nothing is written.
    Commit(Box<Commit>),
    /// In her shard: another window of the session in which she is booked.
    Slot {
        /// Her appointment.
        appointment: AppointmentId,
        /// Whose.
        person: PersonId,
        /// The session.
        session: SessionId,
        /// The new window.
        slot: Slot,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// In her shard: gives her seat back.
    GiveBack {
        /// Her appointment.
        appointment: AppointmentId,
        /// Whose.
        person: PersonId,
    },
    /// In any shard: a copy of what a session says, for who is booked there from this shard. It has no places.
    Copy(Box<Session>),
    /// In a shard that is not the session's: it is called off. Answers how many were told.
    Off {
        /// The session.
        session: Box<Session>,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// In the shard of a centre's stock: draws a dose from a batch, for a while.
    Draw(Box<DoseDraw>),
    /// In her shard: decides a dose that was drawn. It is written, or the command is refused and nothing is.
    Give(Box<Give>),
    /// In her shard: her guardianship ends, of which the shard of her phone knows whether there is a guardian. See
    /// [`Effect::OfAge`](super::Effect::OfAge).
    OfAge {
        /// Who.
        person: PersonId,
        /// Whether somebody else is at her phone.
        has_kin: bool,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// In her shard: an attempt that was not decided never will be.
    Settle {
        /// Which.
        attempt: AttemptId,
        /// Whose.
        person: PersonId,
        /// Where its session is.
        district: DistrictId,
    },
    /// In the session's shard: what became of the attempt.
    Tell(Told),
    /// In her shard: the session's shard has been told.
    Answered(Told),
}

/// A dose to be drawn from its batch; the attempt's id is the dose's own.
#[derive(Debug, Clone)]
pub struct DoseDraw {
    /// The dose.
    pub dose: NewDose,
    /// Whether it takes the place of another from the same batch, which then lies in it again.
    pub comes_back: bool,
    /// Whether it was given long ago and is found in a register: its batch may have been stopped since.
    pub is_found: bool,
    /// When the sweeper asks what became of it, milliseconds since the epoch.
    pub expires_ms: i64,
}

/// A dose to be decided, which is drawn.
#[derive(Debug, Clone)]
pub struct Give {
    /// The dose.
    pub dose: NewDose,
    /// The dose of today that it replaces.
    pub replaces: Option<DoseId>,
    /// Where the stock is.
    pub district: DistrictId,
}

/// A seat to be held.
#[derive(Debug, Clone)]
pub struct SeatHold {
    /// For which attempt.
    pub attempt: AttemptId,
    /// Whose.
    pub person: PersonId,
    /// Of which session.
    pub session: SessionId,
    /// Which window.
    pub slot: Slot,
    /// From which share of its places.
    pub place: u8,
    /// When the sweeper asks what became of it, milliseconds since the epoch.
    pub expires_ms: i64,
}

/// An attempt to be decided, whose seat is held.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Which.
    pub attempt: AttemptId,
    /// The appointment.
    pub appointment: AppointmentId,
    /// Where the session is.
    pub district: DistrictId,
    /// Which session.
    pub session: SessionId,
    /// Which window.
    pub slot: Slot,
    /// What it is to do.
    pub act: SeatAct,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// What an attempt is to do.
#[derive(Debug, Clone)]
pub enum SeatAct {
    /// To book a dose.
    Book {
        /// For whom.
        booked: Booked,
        /// Which dose.
        dose: u8,
    },
    /// To move an appointment here from the seat that it has.
    Move {
        /// Whose.
        person: PersonId,
    },
    /// To let somebody in who has come without a booking.
    WalkIn(WalkIn),
}

impl SeatAct {
    /// Whose it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        match self {
            Self::Book { booked, .. } => booked.person,
            Self::Move { person } => *person,
            Self::WalkIn(walk_in) => walk_in.check_in.person,
        }
    }
}

/// What a session's shard is told of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Which attempt.
    pub attempt: AttemptId,
    /// Whose.
    pub person: PersonId,
    /// Where its session is.
    pub district: DistrictId,
    /// What became of it.
    pub word: Word,
}

/// What became of an attempt, or of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The seat, or what was claimed, is hers.
    Confirm,
    /// It is not, or not any more.
    Release,
}

impl Word {
    /// Stable short name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Release => "release",
        }
    }

    pub(crate) fn from_code(code: &str) -> Self {
        if code == Self::Confirm.code() { Self::Confirm } else { Self::Release }
    }
}
