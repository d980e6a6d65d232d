//! How often the open places seen from somewhere have changed: a cached answer is good while its number stands.

use crate::rows::View;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const CELLS: usize = 1024;

/// Change counters of the views, hashed into a fixed table: two views in one cell only lose a cache hit.
pub(crate) struct Versions {
    cells: [AtomicU64; CELLS],
    /// Whether other nodes may have changed something that was not heard of.
    is_deaf: AtomicBool,
}

impl Default for Versions {
    fn default() -> Self {
        Self { cells: [const { AtomicU64::new(0) }; CELLS], is_deaf: AtomicBool::new(false) }
    }
}

/// Where a view is counted.
fn cell(view: View) -> usize {
    let cell = match view {
        View::Everywhere => 0,
        View::District(id) => 1 + id.0 % 341,
        View::Pincode(pin) => 342 + pin.number() % 341,
        View::Centre(id) => 683 + id.0 % 341,
    };
    cell as usize
}

/// The views that were touched, in a line that other nodes understand.
pub(crate) fn told(touched: &[View]) -> String {
    let mut cells: Vec<usize> = touched.iter().copied().map(cell).collect();
    cells.sort_unstable();
    cells.dedup();
    cells.iter().map(usize::to_string).collect::<Vec<_>>().join(" ")
}

impl Versions {
    /// The number of a view. What may have changed unheard counts as changed.
    pub(crate) fn of(&self, view: View) -> u64 {
        let cell = &self.cells[cell(view)];
        if self.is_deaf.load(Ordering::Acquire) {
            cell.fetch_add(1, Ordering::AcqRel)
        } else {
            cell.load(Ordering::Acquire)
        }
    }

    /// Notes that a view has changed.
    pub(crate) fn touch(&self, view: View) {
        self.cells[cell(view)].fetch_add(1, Ordering::Release);
    }

    /// Notes what another node has told.
    pub(crate) fn hear(&self, told: &str) {
        for cell in told.split(' ').filter_map(|cell| self.cells.get(cell.parse::<usize>().ok()?)) {
            cell.fetch_add(1, Ordering::Release);
        }
    }

    /// From now on other nodes are heard, or not. What they did meanwhile is not known.
    pub(crate) fn listens(&self, listens: bool) {
        self.doubt();
        self.is_deaf.store(!listens, Ordering::Release);
    }

    /// Whatever is remembered may have changed: a commit whose answer was lost may stand.
    pub(crate) fn doubt(&self) {
        for cell in &self.cells {
            cell.fetch_add(1, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::{CentreId, DistrictId};

    #[test]
    fn what_another_node_touched_has_changed_here_and_nothing_else() {
        let (versions, district, centre) =
            (Versions::default(), View::District(DistrictId(7)), View::Centre(CentreId(9)));
        versions.hear(&told(&[district, district]));
        assert_eq!((versions.of(district), versions.of(centre)), (1, 0));
        for amiss in ["", "x", "1024", "-1", " "] {
            versions.hear(amiss);
        }
        assert_eq!((versions.of(district), versions.of(centre), versions.of(View::Everywhere)), (1, 0, 0));
    }

    #[test]
    fn without_hearing_nothing_counts_as_unchanged() {
        let (versions, view) = (Versions::default(), View::Everywhere);
        versions.listens(false);
        assert_ne!(versions.of(view), versions.of(view));
        versions.listens(true);
        assert_eq!(versions.of(view), versions.of(view));
    }
}
