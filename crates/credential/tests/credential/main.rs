//! The crate as its callers see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod hostile;
mod paper;
mod pictures;
mod proof;
mod sample;
