//! Pages and forms.

use crate::routes::Entry;

pub(crate) fn routes() -> Vec<Entry> {
    Vec::new()
}
