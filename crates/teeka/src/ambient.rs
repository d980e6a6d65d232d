//! Time and chance, taken from the machine here and nowhere else.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;
use vault::{Clock, Random};

/// The machine's clock, milliseconds since the epoch.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// The machine's clock.
pub(crate) fn clock() -> Clock {
    Arc::new(now_ms)
}

/// The machine's source of random bytes.
pub(crate) fn random() -> Random {
    Arc::new(|bytes| getrandom::fill(bytes).expect("the system has random bytes"))
}

/// A clock that can be put to another time, and goes on from there.
#[derive(Clone)]
pub(crate) struct Settable {
    start: Instant,
    base_ms: Arc<AtomicI64>,
}

impl Settable {
    /// A clock that starts at `at_ms`.
    pub(crate) fn at(at_ms: i64) -> Self {
        Self { start: Instant::now(), base_ms: Arc::new(AtomicI64::new(at_ms)) }
    }

    /// Puts it to `at_ms`.
    pub(crate) fn set(&self, at_ms: i64) {
        self.base_ms.store(at_ms - self.gone_ms(), Ordering::SeqCst);
    }

    /// As the rest of the house takes it.
    pub(crate) fn clock(&self) -> Clock {
        let own = self.clone();
        Arc::new(move || own.base_ms.load(Ordering::SeqCst) + own.gone_ms())
    }

    fn gone_ms(&self) -> i64 {
        i64::try_from(self.start.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}
