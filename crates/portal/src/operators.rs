//! What an operator sees, on a listener of its own: whether the process lives, whether it can do its work, and figures in
//! the text format of Prometheus. No label holds a person, a phone, a path or a code of staff: routes are known by their patterns.

mod page;

use crate::page::{routes, with_security_headers};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::Markup;
use page::Node;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::sync::{Arc, OnceLock};
use vault::Stopwatch;

/// The paths of this listener. None of them is on the door for everybody.
pub const PATHS: [&str; 4] = ["/health/live", "/health/ready", "/metrics", page::PATH];

/// The pattern of the route that answers, left on the answer.
#[derive(Clone, Copy)]
pub(crate) struct Pattern(pub(crate) &'static str);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    kind: &'static str,
}

/// What is counted at the door.
#[derive(Default)]
pub(crate) struct Figures {
    requests: Family<Answered, Counter>,
    times: Times,
    refusals: Family<Reason, Counter>,
    stopwatch: OnceLock<Stopwatch>,
}

/// Seconds by route, from half a millisecond to eight seconds.
#[derive(Clone)]
struct Times(Family<Route, Histogram>);

impl Default for Times {
    fn default() -> Self {
        Self(Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.000_5, 2.0, 15))))
    }
}

/// Counts a request by the pattern of its route, its status, and the key of what it was refused for.
pub(crate) async fn counted(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let figures = portal.figures();
    let from = figures.stopwatch.get().map(|stopwatch| stopwatch());
    let answer = next.run(request).await;
    let route = answer.extensions().get::<Pattern>().map_or("other", |pattern| pattern.0);
    figures.requests.get_or_create(&Answered { route, status: answer.status().as_u16() }).inc();
    if let (Some(from), Some(stopwatch)) = (from, figures.stopwatch.get()) {
        let took = stopwatch().saturating_sub(from);
        figures.times.0.get_or_create(&Route { route }).observe(took.as_secs_f64());
    }
    if let Some(failure) = answer.extensions().get::<Failure>() {
        let kind = failure.key.strip_prefix("failure-").unwrap_or(failure.key);
        figures.refusals.get_or_create(&Reason { kind }).inc();
    }
    answer
}

/// Free bytes of the disk with the data, and of the disk with the log, as whoever knows files says them.
pub type FreeBytes = Arc<dyn Fn() -> Option<u64> + Send + Sync>;

/// The operators' listener over a portal.
pub fn router(portal: Portal, stopwatch: Stopwatch, free_bytes: FreeBytes) -> Router {
    let _ = portal.figures().stopwatch.set(Arc::clone(&stopwatch));
    let mut registry = Registry::with_prefix("teeka");
    portal.vault().register_figures(&mut registry, stopwatch);
    let (door, standing) = (portal.figures(), Standing::default());
    let help = "Requests answered, by the pattern of the route and the status";
    registry.register("http_requests", help, door.requests.clone());
    let help = "Time until a request was answered, by the pattern of the route";
    registry.register_with_unit("http_request", help, Unit::Seconds, door.times.0.clone());
    registry.register("http_refusals", "Requests refused, by the key of the reason", door.refusals.clone());
    standing.register(&mut registry);
    let seen = Arc::new(Seen { portal, registry, standing, free_bytes });
    Router::new()
        .route(PATHS[0], get(async || "alive\n"))
        .route(PATHS[1], get(ready))
        .route(PATHS[2], get(metrics))
        .merge(
            Router::new()
                .route(page::PATH, get(node))
                .merge(routes())
                .layer(middleware::map_response(with_security_headers)),
        )
        .with_state(seen)
}

struct Seen {
    portal: Portal,
    registry: Registry,
    standing: Standing,
    free_bytes: FreeBytes,
}

impl Seen {
    async fn free_bytes(&self) -> Option<u64> {
        let ask = Arc::clone(&self.free_bytes);
        tokio::task::spawn_blocking(move || ask()).await.ok().flatten()
    }
}

/// What is looked up when it is asked for.
#[derive(Default)]
struct Standing {
    entries: Gauge,
    published: Gauge,
    unseen_seconds: Gauge,
    notices: Gauge,
    free_bytes: Gauge,
    leads: Gauge,
    law_broken: Gauge,
    ready: Family<Part, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Part {
    part: &'static str,
}

impl Standing {
    fn register(&self, registry: &mut Registry) {
        registry.register("log_entries", "Entries of the log that are committed", self.entries.clone());
        registry.register("log_published_entries", "Entries under the published checkpoint", self.published.clone());
        let help = "Age of the last checkpoint that enough witnesses have cosigned";
        registry.register_with_unit("log_checkpoint_age", help, Unit::Seconds, self.unseen_seconds.clone());
        registry.register("notices_waiting", "Notices that are due and not sent", self.notices.clone());
        let help = "Bytes that are free where the data and the log lie";
        registry.register_with_unit("disk_free", help, Unit::Bytes, self.free_bytes.clone());
        registry.register("leads", "1: this node publishes, sends and sweeps for all", self.leads.clone());
        let help = "1 when keys went out that no entry asked for: an alarm";
        registry.register("law_broken", help, self.law_broken.clone());
        registry.register("ready", "1 for each part that can do its work", self.ready.clone());
    }

    fn set(gauge: &Gauge, value: u64) {
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    }
}

async fn ready(State(seen): State<Arc<Seen>>) -> Response {
    let health = seen.portal.vault().health().await;
    let line = |(part, wrong): &(&str, Option<&str>)| format!("{part}: {}\n", wrong.unwrap_or("ready"));
    let status = if health.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, health.parts.iter().map(line).collect::<String>()).into_response()
}

async fn node(w: Words, State(seen): State<Arc<Seen>>) -> Markup {
    let vault = seen.portal.vault();
    let node = Node {
        now_ms: vault.now_ms(),
        health: vault.health().await,
        log: vault.log_standing(),
        entries: vault.log_size().await.ok(),
        leads: vault.leads(),
        law: vault.law(),
        notices: vault.notices_waiting().await.ok(),
        free_bytes: seen.free_bytes().await,
    };
    page::page(w, &node)
}

async fn metrics(State(seen): State<Arc<Seen>>) -> Response {
    let (vault, standing) = (seen.portal.vault(), &seen.standing);
    let log = vault.log_standing();
    Standing::set(&standing.published, log.published);
    let unseen_ms = vault.now_ms() - log.believed_ms;
    Standing::set(&standing.unseen_seconds, u64::try_from(unseen_ms / 1000).unwrap_or(0));
    // What cannot be asked just now keeps its last value, and `ready` says what is away.
    if let Ok(entries) = vault.log_size().await {
        Standing::set(&standing.entries, entries);
    }
    if let Ok(notices) = vault.notices_waiting().await {
        Standing::set(&standing.notices, notices);
    }
    standing.leads.set(i64::from(vault.leads()));
    standing.law_broken.set(i64::from(vault.law().is_some_and(|law| law.is_broken)));
    for (part, wrong) in vault.health().await.parts {
        standing.ready.get_or_create(&Part { part }).set(i64::from(wrong.is_none()));
    }
    if let Some(free) = seen.free_bytes().await {
        Standing::set(&standing.free_bytes, free);
    }
    let mut text = String::new();
    match encode(&mut text, &seen.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
