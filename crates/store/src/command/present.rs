//! What is asked in person, at a centre.

use super::{CheckIn, FamilyHold, FileCase};
use crate::rows::SealedField;
use registry::{AppointmentId, CentreId, PersonId, Slot};

/// Who files a case.
#[derive(Debug, Clone)]
pub enum Filer {
    /// The holder of a phone, by this sign-in.
    Family(FamilyHold),
    /// The same over shards, where the sign-in lives in another one and was asked there.
    Asked,
    /// She herself, before a vaccinator: she is checked in at this appointment.
    Present {
        /// The appointment.
        appointment: AppointmentId,
        /// Where.
        centre: CentreId,
    },
}

/// See [`Effect::Visit`](super::Effect::Visit). She may come again in the same visit.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The window in which she comes.
    pub slot: Slot,
    /// Where she is, and how she showed it; its appointment is the visit.
    pub there: CheckIn,
}

/// See [`Effect::AskMove`](super::Effect::AskMove).
#[derive(Debug, Clone)]
pub struct AskMove {
    /// The move's id.
    pub id: [u8; 16],
    /// The case by which it is asked: filed in person.
    pub file: FileCase,
    /// Index of the phone that she is a confirmed member of; none, where she has none.
    pub from: Option<[u8; 32]>,
    /// Index of the phone she goes to.
    pub to: [u8; 32],
    /// Her phone as it will be.
    pub phone: SealedField,
    /// When she moves if nobody objects, milliseconds since the epoch; none, where two officers decide in any case.
    pub due_ms: Option<i64>,
}

/// Until when somebody is under age, as her phone's sign-in or her registration knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guarded {
    /// Who.
    pub person: PersonId,
    /// The year on whose first day she is of age.
    pub until_year: i16,
    /// Whether that is still to come: else only what is noted already is put right.
    pub is_under_age: bool,
}
