//! The crate as its callers see it.

mod proof;
mod sample;
