//! What a booking over two shards reads.

use super::Status;
use registry::{AppointmentId, DistrictId, PersonId, SessionId, Slot};

/// An appointment, as her own shard has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatRow {
    /// Its id.
    pub appointment: AppointmentId,
    /// Session.
    pub session: SessionId,
    /// Window.
    pub slot: Slot,
    /// Dose number.
    pub dose: u8,
    /// Where it stands.
    pub status: Status,
}

/// A seat that is held for an attempt.
#[derive(Debug, Clone, Copy)]
pub struct HoldRow {
    /// Which.
    pub attempt: [u8; 16],
    /// Whose.
    pub person: PersonId,
    /// Where its session is.
    pub district: DistrictId,
}
