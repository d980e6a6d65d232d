//! The seeded world, and what is tried on it: people, centres, load, faults and thieves.

pub mod seed;
pub mod world;
