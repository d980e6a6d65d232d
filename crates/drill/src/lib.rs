//! The seeded world, and what is tried on it: people, centres, load, faults and thieves.

pub mod bench;
pub mod client;
pub mod failover;
pub mod fight;
pub mod full;
pub mod kill;
pub mod nodes;
pub mod restore;
pub mod reveal;
pub mod seed;
pub mod verdict;
pub mod world;
