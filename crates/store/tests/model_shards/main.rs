//! The steps of a booking and of a registration that touch several shards, tried in every order: with messages late, twice, lost
//! and out of order, nodes that crash and begin again, two nodes for one person, and a sweeper that comes too early.
//! The steps and what each is for: `docs/adr/0019-two-shards.md`.
//!
//! Whether the check can fail is shown beside it: each rule of the protocol is left out once, and must be missed.

mod booking;
mod explore;
mod registration;
