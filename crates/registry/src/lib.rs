//! What the programme is about: people, places, sessions, vaccines, doses, and the rules over them.
//!
//! Pure: values in, values out. Everything that comes from outside is parsed here once, at the edge, into a
//! type that cannot hold a wrong value; nobody checks again later.

pub mod case;
pub mod client;
pub mod eligibility;
pub mod ids;
pub mod order;
pub mod person;
pub mod place;
pub mod session;
pub mod staff;
pub mod vaccine;

pub use client::{ClientId, ClientState};
pub use eligibility::{Ineligible, PastDose, Timing};
pub use ids::{
    AppointmentId, CaseId, CentreId, DistrictId, DoseId, PersonId, Reference, SessionId, StaffId, StateId,
    TransactionId,
};
pub use person::{BirthYear, Gender, IdDocument, IdKind, Name, Phone};
pub use place::{Centre, District, Fee, Pincode, State};
pub use session::{AgeBand, Places, Session, Slot};
pub use staff::{Factor, Role};
pub use vaccine::Vaccine;

/// A value from outside that does not have the form it must have. Carries the field's name in the caller's
/// terms and what is wrong with it; never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {wrong}")]
pub struct Malformed {
    /// The field, as the contract names it.
    pub field: &'static str,
    /// Which rule it breaks: a stable key that pages turn into words.
    pub wrong: Wrong,
}

/// Which rule a malformed value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Nothing was given.
    #[error("is missing")]
    Missing,
    /// Longer than the field may be.
    #[error("is too long")]
    TooLong,
    /// Holds characters that the field may not hold.
    #[error("has characters that are not allowed here")]
    Characters,
    /// Does not have the form of such a value.
    #[error("does not have the right form")]
    Form,
    /// A number or date outside what can be.
    #[error("is out of range")]
    Range,
    /// The check digit does not fit: a digit was mistyped.
    #[error("has a mistyped digit")]
    CheckDigit,
    /// Not one of the values that exist.
    #[error("is not known")]
    Unknown,
}

impl Wrong {
    /// The error for `field`.
    #[must_use]
    pub const fn of(self, field: &'static str) -> Malformed {
        Malformed { field, wrong: self }
    }
}
