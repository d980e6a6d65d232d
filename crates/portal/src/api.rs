//! The CoWIN API, version 2.

use crate::routes::Entry;

/// Answers to searches, kept while the open places they show stand.
#[derive(Default)]
pub struct Answers {}

pub(crate) fn routes() -> Vec<Entry> {
    Vec::new()
}
