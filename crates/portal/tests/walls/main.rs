//! The walls, seen over the whole route table: who is let in, what every look leaves behind, what never comes out,
//! and what no body breaks. A route without a case fails here with its path.

mod bad_input;
mod ratchets;
mod reveals;
mod scan;
mod street;
#[path = "../../../vault/tests/stories/world.rs"]
mod world;
