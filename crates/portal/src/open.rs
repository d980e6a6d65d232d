//! Pages for anyone: nobody signs in here but staff.

use crate::routes::Entry;

pub(crate) mod sessions;

pub(crate) fn routes() -> Vec<Entry> {
    Vec::new()
}
