//! What the store counts of its own work, for operators: numbers and kinds of refusal, nothing of what was written.

use crate::Refusal;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Time since some moment, handed in: it never goes back.
pub type Stopwatch = Arc<dyn Fn() -> Duration + Send + Sync>;

/// A histogram of seconds, from a tenth of a millisecond to thirteen seconds.
#[must_use]
pub fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_1, 2.0, 18))
}

/// One more than a number of things under way, until it goes out of scope, also when whoever waits goes away.
pub struct Waits(Gauge);

impl Waits {
    /// One more.
    #[must_use]
    pub fn one(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The reason of a refusal, by its name alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    kind: &'static str,
}

/// What is counted.
pub struct Figures {
    commands: Histogram,
    commit_seconds: Histogram,
    waiting: Gauge,
    refusals: Family<Reason, Counter>,
    stopwatch: OnceLock<Stopwatch>,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            commands: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            commit_seconds: seconds(),
            waiting: Gauge::default(),
            refusals: Family::default(),
            stopwatch: OnceLock::new(),
        }
    }
}

impl Figures {
    /// Has times measured by this stopwatch, from now on; only the first one is taken.
    pub fn time_by(&self, stopwatch: Stopwatch) {
        let _ = self.stopwatch.set(stopwatch);
    }

    /// A moment to measure from; `None` where there is no stopwatch: then no times are observed.
    #[must_use]
    pub fn moment(&self) -> Option<Duration> {
        self.stopwatch.get().map(|stopwatch| stopwatch())
    }

    /// Notes in `histogram` how long it took since `moment`.
    pub fn observe(&self, histogram: &Histogram, moment: Option<Duration>) {
        if let (Some(from), Some(to)) = (moment, self.moment()) {
            histogram.observe(to.saturating_sub(from).as_secs_f64());
        }
    }

    pub(crate) fn waits(&self) -> Waits {
        Waits::one(&self.waiting)
    }

    pub(crate) fn committed(&self, commands: usize, begun: Option<Duration>) {
        self.commands.observe(f64::from(u32::try_from(commands).unwrap_or(u32::MAX)));
        self.observe(&self.commit_seconds, begun);
    }

    pub(crate) fn refused(&self, refusal: &Refusal) {
        self.refusals.get_or_create(&Reason { kind: refusal.name() }).inc();
    }

    /// Adds what is counted to a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("store_batch_commands", "Commands in one transaction of the writer", self.commands.clone());
        let help = "Time that a transaction of the writer took until it was durable";
        registry.register_with_unit("store_commit", help, Unit::Seconds, self.commit_seconds.clone());
        registry.register("store_commands_waiting", "Commands handed in and not answered", self.waiting.clone());
        registry.register("store_refusals", "Commands refused, by the name of the reason", self.refusals.clone());
    }
}
