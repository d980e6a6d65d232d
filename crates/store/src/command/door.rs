//! What is needed to open a door: codes, sign-ins, families.

use crate::rows::SealedField;
use registry::{CentreId, PersonId, StaffId, TransactionId};

/// See [`Effect::SendCode`](super::Effect::SendCode).
#[derive(Debug, Clone)]
pub struct SendCode {
    /// The transaction's id.
    pub transaction: TransactionId,
    /// Index of the phone.
    pub phone: [u8; 32],
    /// In whose count it goes.
    pub lane: Lane,
    /// What the code is for; a code of one purpose is no good for another.
    pub purpose: u8,
    /// Whom it concerns, where it is not the phone's whole family.
    pub person: Option<PersonId>,
    /// Keyed hash of the code.
    pub hash: [u8; 32],
    /// The phone itself, sealed: a family that is new learns it from here.
    pub contact: Vec<u8>,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
    /// End of its life.
    pub expires_ms: i64,
}

/// In whose count codes of a phone are sent and tried: what is wasted in one lane takes nothing from another. A lane never opens
/// anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Of whoever knows the number.
    Anyone,
    /// Of a browser, by the hash under which it signed in at the phone; if it is not among the phone's last four, it is anyone.
    Browser([u8; 32]),
    /// Of those who ask for the same reason, by a hash that says which.
    Own([u8; 32]),
}

/// See [`Effect::TryCode`](super::Effect::TryCode).
#[derive(Debug, Clone)]
pub struct TryCode {
    /// The transaction's id.
    pub transaction: TransactionId,
    /// What the caller wants the code for.
    pub purpose: u8,
    /// Whom it is to concern.
    pub person: Option<PersonId>,
    /// Keyed hash of what was typed.
    pub hash: [u8; 32],
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// See [`Effect::SignIn`](super::Effect::SignIn).
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Hash of the token.
    pub token: [u8; 32],
    /// Who signed in.
    pub who: SignedIn,
    /// The lane of the code: what went wrong there before is forgiven.
    pub lane: Option<[u8; 32]>,
    /// What the session remembers, sealed under a key that only the token carries.
    pub sealed: Vec<u8>,
    /// Log position of the sign-in.
    pub position: u64,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
    /// End, milliseconds since the epoch.
    pub expires_ms: i64,
    /// End if nothing happens.
    pub idle_ms: i64,
}

/// Who signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedIn {
    /// The holder of a phone.
    Family {
        /// Index of the phone.
        phone: [u8; 32],
        /// The family's version when the session's memory was made.
        version: u64,
        /// Good for the public certificate alone.
        public: bool,
    },
    /// A member of staff.
    Staff {
        /// Who.
        staff: StaffId,
        /// The time step of the code she used: each is good once.
        step: u64,
    },
}

/// A sign-in's hold on a family: the write is good only while both stand.
#[derive(Debug, Clone)]
pub struct FamilyHold {
    /// Index of the phone.
    pub phone: [u8; 32],
    /// Hash of the token.
    pub token: [u8; 32],
    /// The family's version that the session knows.
    pub version: u64,
    /// The session's memory after the write; every other session of the phone ends.
    pub sealed: Option<Vec<u8>>,
}

/// See [`Effect::Register`](super::Effect::Register).
#[derive(Debug, Clone)]
pub struct Register {
    /// The new id, whose keys exist.
    pub person: PersonId,
    /// Her tag key, wrapped.
    pub tag_key: Vec<u8>,
    /// Index of her reference.
    pub reference: [u8; 32],
    /// Its last four digits.
    pub reference_last_four: String,
    /// Language for messages: `en`, `hi`.
    pub language: String,
    /// Which notice she was shown before: its version, a space, its language.
    pub notice: Option<String>,
    /// Her sealed fields.
    pub fields: Vec<SealedField>,
    /// Token of a complete ID-document number.
    pub id_token: Option<[u8; 32]>,
    /// Keyed hash of the printed card's number.
    pub card: Option<[u8; 32]>,
    /// To which phone she belongs, and how.
    pub joins: Joins,
    /// The year on whose first day she is of age, if she is under age and comes to a phone.
    pub guarded_until: Option<i16>,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// How a new person joins a phone.
#[derive(Debug, Clone)]
pub enum Joins {
    /// At once, by the phone's holder.
    Family(FamilyHold),
    /// Pending, by staff at a centre.
    Pending {
        /// Index of the phone.
        phone: [u8; 32],
        /// Where.
        centre: CentreId,
    },
    /// No phone.
    Alone,
}

/// See [`Effect::Membership`](super::Effect::Membership).
#[derive(Debug, Clone)]
pub struct Membership {
    /// Who.
    pub person: PersonId,
    /// Whether the proof was right.
    pub proven: bool,
    /// In which family, and by which sign-in.
    pub by: FamilyHold,
}

/// See [`Effect::Spend`](super::Effect::Spend).
#[derive(Debug, Clone)]
pub struct Spend {
    /// Which budget: a hash of what it is of.
    pub budget: [u8; 32],
    /// How much of it.
    pub much: u32,
    /// How much it holds.
    pub most: u32,
    /// When it is full again, milliseconds since the epoch.
    pub until_ms: i64,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}
