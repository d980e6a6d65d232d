//! Leaving, and moving to another phone.

use super::FamilyHold;
use crate::rows::SealedField;
use registry::PersonId;

/// See [`Effect::Erase`](super::Effect::Erase).
#[derive(Debug, Clone)]
pub struct Erase {
    /// Who.
    pub person: PersonId,
    /// In which family, and by which sign-in.
    pub by: Option<FamilyHold>,
    /// What explains her entries from now on.
    pub explained: Explained,
    /// Versions of fields whose ciphertext stays as long as their keys are held, if she has doses: field, version. Who offers none leaves
    /// only without a dose.
    pub held: Vec<(u8, u32)>,
    /// Until when they and her tag key are held, milliseconds since the epoch.
    pub until_ms: i64,
}

/// An erasure that the log shows and the data has forgotten.
#[derive(Debug, Clone)]
pub struct Erased {
    /// Its position.
    pub position: u64,
    /// What explains her entries.
    pub explained: Explained,
    /// What stays, as in [`Erase::held`], and until when, milliseconds since the epoch.
    pub held: (Vec<(u8, u32)>, i64),
}

/// Why entries cannot be opened any more: they are those of somebody who was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Her tags, in the order of her count.
    pub tags: Vec<[u8; 32]>,
    /// What blinds them in the erasure.
    pub blind: [u8; 32],
}

/// See [`Effect::StartMove`](super::Effect::StartMove).
#[derive(Debug, Clone)]
pub struct StartMove {
    /// The move's id.
    pub id: [u8; 16],
    /// Who moves.
    pub person: PersonId,
    /// From which family, and by which sign-in.
    pub by: FamilyHold,
    /// Index of the phone she goes to.
    pub to: [u8; 32],
    /// Her phone as it will be.
    pub phone: SealedField,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
    /// When she moves, milliseconds since the epoch.
    pub due_ms: i64,
}

/// See [`Effect::EndMove`](super::Effect::EndMove).
#[derive(Debug, Clone, Copy)]
pub struct EndMove {
    /// Which.
    pub id: [u8; 16],
    /// Who.
    pub person: PersonId,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}
