//! What the vault counts of its own work, for operators: how many, how long, and kinds; never who, and never what.

use keyroom::Released;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use store::figures::{Waits, seconds};

/// The reason of a refusal, by its name alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    kind: &'static str,
}

/// A message, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Message {
    kind: &'static str,
    outcome: &'static str,
}

/// What is counted.
#[derive(Clone)]
pub(crate) struct Figures {
    store: Arc<store::Figures>,
    exchange_seconds: Histogram,
    waiting: Gauge,
    keys: Counter,
    refusals: Family<Reason, Counter>,
    messages: Family<Message, Counter>,
}

impl Figures {
    pub(crate) fn beside(store: Arc<store::Figures>) -> Self {
        let (waiting, keys, refusals) = (Gauge::default(), Counter::default(), Family::default());
        Self { store, exchange_seconds: seconds(), waiting, keys, refusals, messages: Family::default() }
    }

    /// The store's, with the stopwatch of all of them.
    pub(crate) fn store(&self) -> &Arc<store::Figures> {
        &self.store
    }

    pub(crate) fn waits(&self) -> Waits {
        Waits::one(&self.waiting)
    }

    /// Notes what came of receipts that were shown under one checkpoint.
    pub(crate) fn exchanged(&self, answers: &[Result<Released, keyroom::Refused>], begun: Option<std::time::Duration>) {
        self.store.observe(&self.exchange_seconds, begun);
        for answer in answers {
            match answer {
                Ok(Released::Keys(keys)) => drop(self.keys.inc_by(u64::try_from(keys.len()).unwrap_or(0))),
                Ok(Released::Values(_)) => {}
                Err(refused) => self.refused(refused.name()),
            }
        }
    }

    /// Notes that the key room refused.
    pub(crate) fn refused(&self, kind: &'static str) {
        self.refusals.get_or_create(&Reason { kind }).inc();
    }

    /// Notes what came of a message: of which sort it was, and whether the gateway took it.
    pub(crate) fn sent(&self, kind: &'static str, was_taken: bool) {
        let outcome = if was_taken { "taken" } else { "failed" };
        self.messages.get_or_create(&Message { kind, outcome }).inc();
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        self.store.register(registry);
        let help = "Time of one exchange of receipts for keys, under one checkpoint";
        registry.register_with_unit("keyroom_exchange", help, Unit::Seconds, self.exchange_seconds.clone());
        registry.register("keyroom_receipts_waiting", "Receipts on their way to the key room", self.waiting.clone());
        registry.register("keyroom_keys_released", "Field keys that the key room released", self.keys.clone());
        let help = "What the key room refused, by the name of the reason";
        registry.register("keyroom_refusals", help, self.refusals.clone());
        let help = "Codes and notices handed to the gateway, and what came of it";
        registry.register("messages", help, self.messages.clone());
    }
}
