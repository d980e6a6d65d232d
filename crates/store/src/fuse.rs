//! A crash, for tests: after so many steps nothing is written any more, and nobody hears of what was.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Ends the writing of a store, a key file and a log together, at a step. Before each durable write stands a step, and
/// after it another, so that a write may be lost, or done and its answer lost. A store in service has none.
#[derive(Debug, Clone, Default)]
pub struct Fuse(Option<Arc<AtomicU64>>);

impl Fuse {
    /// Burns for so many steps.
    #[must_use]
    pub fn of(steps: u64) -> Self {
        Self(Some(Arc::new(AtomicU64::new(steps))))
    }

    /// Steps that are left; zero when it has burnt down, or where there is none.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.0.as_ref().map_or(0, |left| left.load(Ordering::SeqCst))
    }

    /// Takes a step; whether the process would live on.
    pub(crate) fn step(&self) -> bool {
        let Some(left) = &self.0 else { return true };
        left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok_and(|left| left > 1)
    }
}
