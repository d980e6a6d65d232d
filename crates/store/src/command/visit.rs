//! A visit: booked, moved, begun, its dose, its certificate.

use super::FamilyHold;
use crate::rows::{CertificateState, SealedField};
use jiff::civil::Date;
use registry::{AppointmentId, CentreId, DoseId, Factor, Gender, PersonId, SessionId, Slot, StaffId, Vaccine};

/// See [`Effect::Book`](super::Effect::Book).
#[derive(Debug, Clone)]
pub struct Book {
    /// The new appointment's id.
    pub appointment: AppointmentId,
    /// Where and when.
    pub session: SessionId,
    /// Which window.
    pub slot: Slot,
    /// Which dose.
    pub dose: u8,
    /// For whom.
    pub people: Vec<Booked>,
    /// By which sign-in.
    pub by: FamilyHold,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// One person of a booking.
#[derive(Debug, Clone)]
pub struct Booked {
    /// Who.
    pub person: PersonId,
    /// Her four-digit code, sealed.
    pub code: SealedField,
    /// Keyed hash of the code.
    pub code_hash: [u8; 32],
}

/// See [`Effect::Move`](super::Effect::Move).
#[derive(Debug, Clone)]
pub struct Move {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Whose it is: all of them move.
    pub people: Vec<PersonId>,
    /// The new session.
    pub session: SessionId,
    /// The new window.
    pub slot: Slot,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// See [`Effect::CheckIn`](super::Effect::CheckIn).
#[derive(Debug, Clone)]
pub struct CheckIn {
    /// Her appointment.
    pub appointment: AppointmentId,
    /// Who.
    pub person: PersonId,
    /// Where she is.
    pub session: SessionId,
    /// How she showed it.
    pub factor: Factor,
    /// Who let her in.
    pub staff: StaffId,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// See [`Effect::WalkIn`](super::Effect::WalkIn).
#[derive(Debug, Clone)]
pub struct WalkIn {
    /// Which dose.
    pub dose: u8,
    /// The window she is seen in.
    pub slot: Slot,
    /// The check-in.
    pub check_in: CheckIn,
}

/// A dose to be recorded.
#[derive(Debug, Clone)]
pub struct NewDose {
    /// Its id.
    pub id: DoseId,
    /// Who got it.
    pub person: PersonId,
    /// At which session, if there was one.
    pub session: Option<SessionId>,
    /// Where.
    pub centre: CentreId,
    /// What.
    pub vaccine: Vaccine,
    /// 1, 2 or 3.
    pub number: u8,
    /// From which batch.
    pub batch: String,
    /// On which day, local.
    pub day: Date,
    /// When it was recorded, milliseconds since the epoch.
    pub at_ms: i64,
    /// Who gave it.
    pub staff: StaffId,
    /// Age in completed years at the dose.
    pub age: u8,
    /// Gender at the dose.
    pub gender: Gender,
    /// How she showed that she was there; `None` is unattested.
    pub factor: Option<Factor>,
    /// Why it was given before its day, where it was.
    pub early_reason: Option<String>,
}

/// See [`Effect::Certify`](super::Effect::Certify).
#[derive(Debug, Clone)]
pub struct Certify {
    /// The new certificate's id.
    pub id: [u8; 16],
    /// Whose.
    pub person: PersonId,
    /// Its version, counted from 1.
    pub version: u32,
    /// Digest of what it says.
    pub digest: [u8; 32],
    /// Seconds since the epoch.
    pub issued_s: i64,
    /// What becomes of the older ones.
    pub older: CertificateState,
}
