//! What a key room in a process of its own counts, for operators: how many, how long, and kinds; never who, and never what. It answers
//! nobody but the vault, so it writes them into a file, from where Prometheus's node exporter takes them (its textfile collector).

use anyhow::Context;
use keyroom::{Answer, Ask, Asking, Refused, Released, Room};
use ledger::checkpoint::Checkpoint;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use store::figures::seconds;

/// How often the file is written.
const EVERY: Duration = Duration::from_secs(10);

/// What was asked, by its name alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    question: &'static str,
}

/// The reason of a refusal, by its name alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    kind: &'static str,
}

/// A key room whose answers are counted.
pub(super) struct Counted {
    room: Arc<dyn Room>,
    registry: Registry,
    asked: Family<Asked, Histogram>,
    keys: Counter,
    refusals: Family<Reason, Counter>,
    seen: Gauge,
    written: Gauge,
}

impl Counted {
    pub(super) fn new(room: Arc<dyn Room>) -> Self {
        let asked = Family::<Asked, Histogram>::new_with_constructor(seconds);
        let (keys, refusals, seen, written) =
            (Counter::default(), Family::default(), Gauge::default(), Gauge::default());
        let mut registry = Registry::with_prefix("teeka_room");
        let help = "Time until the key room had answered, by what it was asked";
        registry.register_with_unit("answer", help, Unit::Seconds, asked.clone());
        registry.register("keys_released", "Field keys that went out since the start", keys.clone());
        let help = "What the key room refused, by the name of the reason";
        registry.register("refusals", help, Family::clone(&refusals));
        registry.register(
            "leaves_seen",
            "Leaves of the log under the newest checkpoint that it cosigned",
            seen.clone(),
        );
        let help = "When this file was written, seconds since the epoch";
        registry.register("written_timestamp", help, written.clone());
        Self { room, registry, asked, keys, refusals, seen, written }
    }

    fn note(&self, question: &'static str, size: Option<u64>, took: Duration, answer: &Result<Answer, Refused>) {
        self.asked.get_or_create(&Asked { question }).observe(took.as_secs_f64());
        match answer {
            Err(refused) => self.refused(refused),
            Ok(Answer::Exchanged(_, released)) => {
                self.seen.set(size.and_then(|size| i64::try_from(size).ok()).unwrap_or_default());
                for one in released {
                    match one {
                        Ok(Released::Keys(keys)) => drop(self.keys.inc_by(keys.len() as u64)),
                        Ok(Released::Values(_)) => {}
                        Err(refused) => self.refused(refused),
                    }
                }
            }
            Ok(_) => {}
        }
    }

    fn refused(&self, refused: &Refused) {
        self.refusals.get_or_create(&Reason { kind: refused.name() }).inc();
    }

    /// Writes the file again and again, if there is to be one.
    pub(super) async fn keep(&self, file: Option<&Path>) {
        let Some(file) = file else { return std::future::pending().await };
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = self.write(file) {
                tracing::warn!("{error:#}");
            }
        }
    }

    /// Writes the file, which everybody may read. Whoever reads meanwhile has the one before.
    pub(super) fn write(&self, file: &Path) -> anyhow::Result<()> {
        self.encoded()
            .and_then(|text| put(file, &text))
            .with_context(|| format!("figures cannot be written to {}", file.display()))
    }

    fn encoded(&self) -> anyhow::Result<String> {
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.written.set(i64::try_from(now_s).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn put(file: &Path, text: &str) -> anyhow::Result<()> {
    let next = file.with_extension("next");
    fs::write(&next, text)?;
    fs::set_permissions(&next, PermissionsExt::from_mode(0o644))?;
    Ok(fs::rename(&next, file)?)
}

impl Room for Counted {
    fn ask(&self, ask: Ask, now_ms: i64) -> Asking<'_> {
        let (question, begun) = (ask.name(), Instant::now());
        let size = match &ask {
            Ask::Exchange(request, _) => request.checkpoint.text.parse().ok().map(|known: Checkpoint| known.size),
            _ => None,
        };
        Box::pin(async move {
            let answer = self.room.ask(ask, now_ms).await;
            self.note(question, size, begun.elapsed(), &answer);
            answer
        })
    }
}
