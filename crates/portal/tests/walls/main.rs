//! The walls, seen over the whole route table: who is let in, what every look leaves behind, what never comes out,
//! and what no body breaks. A route without a case fails here with its path.
#![allow(
    clippy::unwrap_used,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "a test stops where it goes wrong"
)]

mod bad_input;
mod ratchets;
mod reveals;
mod scan;
mod street;
#[path = "../../../vault/tests/stories/world.rs"]
mod world;
