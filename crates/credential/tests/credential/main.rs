//! The crate as its callers see it.

mod paper;
mod proof;
mod sample;
