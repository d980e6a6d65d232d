//! Numbered lawful orders: filed by one officer, confirmed by another, looked at by each of the two once.

use registry::case::CaseNumber;
use registry::{PersonId, StaffId};

/// See [`Effect::Order`](super::Effect::Order). A step that cannot be taken, or not by this officer, or not any more, is refused
/// with [`Refusal::NotFound`](super::Refusal::NotFound).
#[derive(Debug, Clone)]
pub enum OrderStep {
    /// An officer files it; the command's first entry is the one on which looks rest. She is told when it ends.
    File(Box<FileOrder>),
    /// Another officer confirms it.
    Confirm(OrderTurn),
    /// One of the two looks; each may once.
    Look(OrderTurn),
}

/// An order to be filed.
#[derive(Debug, Clone)]
pub struct FileOrder {
    /// Its random id.
    pub id: [u8; 16],
    /// The number of its case here.
    pub number: CaseNumber,
    /// Whom it concerns.
    pub person: PersonId,
    /// Whether she has left, and is only held.
    pub held: bool,
    /// Keyed hash of whose order it is, its number, the person and whether she has left: the same is filed once.
    pub paper: [u8; 32],
    /// What it allows, as its entry says it.
    pub terms: Vec<u8>,
    /// By whom.
    pub officer: StaffId,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
    /// When it ends and she is told, milliseconds since the epoch.
    pub until_ms: i64,
}

/// An officer's turn at an order.
#[derive(Debug, Clone, Copy)]
pub struct OrderTurn {
    /// Which.
    pub order: [u8; 16],
    /// Whose turn.
    pub officer: StaffId,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}
