//! What a booking and a registration over several shards read.

use super::Status;
use crate::command::ClaimKeys;
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

/// How far a claim has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimState {
    /// It waits for her row.
    Claimed,
    /// It is hers.
    Confirmed,
    /// It is nobody's, and never will be.
    Released,
}

impl ClaimState {
    /// Stable short name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Confirmed => "confirmed",
            Self::Released => "released",
        }
    }

    pub(crate) fn from_code(code: &str) -> Self {
        match code {
            "claimed" => Self::Claimed,
            "confirmed" => Self::Confirmed,
            _ => Self::Released,
        }
    }
}

/// A claim that waits for somebody's row.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRow {
    /// Whose.
    pub person: PersonId,
    /// Everything that may be claimed for her.
    pub keys: ClaimKeys,
}
