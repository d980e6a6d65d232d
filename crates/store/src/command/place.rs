//! Staff, sessions, and the place in the log.

use jiff::civil::Date;
use registry::{CentreId, Fee, PersonId, Role, SessionId, Slot, StaffId, Vaccine};

/// See [`Effect::StaffChange`](super::Effect::StaffChange).
#[derive(Debug, Clone)]
pub struct StaffChange {
    /// Who.
    pub staff: StaffId,
    /// New role.
    pub role: Option<Role>,
    /// New centre.
    pub centre: Option<CentreId>,
    /// Whether she works here. Leaving ends her sign-ins at once.
    pub active: Option<bool>,
    /// New password hash and sealed TOTP secret.
    pub credentials: Option<(String, Vec<u8>)>,
}

/// A session to be published.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Where.
    pub centre: CentreId,
    /// When.
    pub day: Date,
    /// What.
    pub vaccine: Vaccine,
    /// For whom.
    pub ages: registry::AgeBand,
    /// For how much.
    pub fee: Fee,
    /// Windows.
    pub slots: Vec<Slot>,
    /// Capacity for dose 1, 2, 3.
    pub capacity: [u32; 3],
    /// Capacity for walk-ins.
    pub walk_in: u32,
}

/// See [`Effect::Resume`](super::Effect::Resume).
#[derive(Debug, Clone)]
pub struct Resume {
    /// The position that the next entry takes; refused unless it lies ahead.
    pub next: u64,
    /// The tags that the data did not know, with their positions.
    pub tags: Vec<([u8; 32], u64)>,
    /// How many entries of these people there are.
    pub counts: Vec<(PersonId, u64)>,
}
