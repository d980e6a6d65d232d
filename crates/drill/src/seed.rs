//! The seeded world goes in through the real doors: every centre, every dose and every booking by the verb that
//! a manager, a vaccinator or a citizen would use, at the time at which she would have used it.

mod places;

pub use places::{LogIn, places};
