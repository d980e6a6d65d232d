//! The seeded world goes in through the real doors: every centre, every dose and every booking by the verb that
//! a manager, a vaccinator or a citizen would use, at the time at which she would have used it.

mod crowd;
mod desk;
mod diary;
mod people;
mod places;
mod post;

pub use crowd::crowd;
pub use people::{Seeded, Stage, begins_ms, people, year_of_looks};
pub use places::{LogIn, districts, map, places, states};
pub use post::Post;
