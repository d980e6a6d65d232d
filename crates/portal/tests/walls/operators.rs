//! What operators see, on a listener of its own: the right figures, no label that came in from outside, and nothing of it on
//! the door for everybody.

use crate::street::{ASHA, table};
use crate::world::World;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use portal::operators::PATHS;
use portal::{Portal, router};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tower::ServiceExt;
use vault::CodeFor;

/// Every label that figures may have; `le` is a histogram's own.
const LABELS: [&str; 7] = ["route", "status", "kind", "outcome", "part", "le", "unit"];

struct Site {
    world: World,
    door: Router,
    operators: Router,
}

impl Site {
    async fn new() -> Self {
        let world = World::new().await;
        let portal = Portal::new(Arc::clone(&world.vault), None, false);
        // Each look at it is a millisecond later.
        let at_ms = AtomicU64::new(0);
        let stopwatch = Arc::new(move || Duration::from_millis(at_ms.fetch_add(1, Ordering::Relaxed)));
        let operators = portal::operators::router(portal.clone(), stopwatch, Arc::new(|| Some(4096)));
        Self { world, door: router(portal), operators }
    }

    async fn ask(router: &Router, path: &str) -> (StatusCode, String) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap_or_default())
    }

    async fn figures(&self) -> String {
        let (status, text) = Self::ask(&self.operators, "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        text
    }
}

/// The value of a figure, by its name with its labels.
fn value(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test]
async fn what_operators_see_is_not_on_the_door_for_everybody() {
    let site = Site::new().await;
    for path in PATHS {
        assert!(table().iter().all(|route| route.path != path), "{path} is on the table");
        assert_eq!(Site::ask(&site.door, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    // What every page of ours needs is on both.
    let of_pages = ["/assets/{file}", "/language"];
    for route in table().iter().filter(|route| !of_pages.contains(&route.path)) {
        assert_eq!(Site::ask(&site.operators, route.path).await.0, StatusCode::NOT_FOUND, "{}", route.path);
    }
}

#[tokio::test]
async fn requests_are_counted_by_the_pattern_of_their_route() {
    let site = Site::new().await;
    for path in ["/", "/family/7", "/nowhere/9876543210", "/family/8"] {
        Site::ask(&site.door, path).await;
    }
    let text = site.figures().await;
    let of = |route: &str, status: u16| {
        value(&text, &format!("teeka_http_requests_total{{route=\"{route}\",status=\"{status}\"}}"))
    };
    assert_eq!((of("/", 200), of("other", 404)), (Some(1.0), Some(1.0)), "{text}");
    assert!(text.contains("route=\"/family/{n}\"") && !text.contains("/family/7"), "{text}");
    assert_eq!(value(&text, "teeka_http_request_seconds_count{route=\"/\"}"), Some(1.0), "{text}");
    assert_eq!(value(&text, "teeka_http_refusals_total{kind=\"not-found\"}"), Some(1.0), "{text}");
    let patterns: BTreeSet<&str> = table().iter().map(|route| route.path).chain(["other"]).collect();
    for line in text.lines().filter(|line| line.starts_with("teeka_http_requests")) {
        let route = line.split('"').nth(1).unwrap();
        assert!(patterns.contains(route), "{line}");
    }
}

#[tokio::test]
async fn figures_tell_of_the_work_and_carry_known_labels_alone() {
    let site = Site::new().await;
    site.world.family(ASHA, "Asha Rao").await;
    let phone = "9876500000".parse().unwrap();
    site.world.outbox.down.store(true, Ordering::SeqCst);
    site.world
        .vault
        .send_code(site.world.vault.asked(vault::Channel::Page), &phone, CodeFor::SignIn, "en")
        .await
        .unwrap();
    let text = site.figures().await;
    let is = |name: &str| value(&text, name).unwrap_or_else(|| panic!("{name} is not in {text}"));
    assert!(is("teeka_store_commit_seconds_count") > 5.0 && is("teeka_store_commit_seconds_sum") > 0.0);
    assert!(is("teeka_store_batch_commands_sum") >= is("teeka_store_batch_commands_count"));
    assert!(is("teeka_keyroom_exchange_seconds_count") >= 1.0);
    assert!(is("teeka_messages_total{kind=\"code\",outcome=\"taken\"}") >= 1.0);
    assert_eq!(value(&text, "teeka_messages_total{kind=\"code\",outcome=\"failed\"}"), Some(1.0));
    assert_eq!((is("teeka_store_commands_waiting"), is("teeka_keyroom_receipts_waiting")), (0.0, 0.0));
    assert_eq!((is("teeka_disk_free_bytes"), is("teeka_law_broken")), (4096.0, 0.0));
    assert!(is("teeka_log_entries") >= 3.0);
    assert_eq!(value(&text, "teeka_ready{part=\"key room\"}"), Some(1.0));
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let labels = line.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')).map_or("", |(labels, _)| labels);
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let name = label.split('=').next().unwrap();
            assert!(LABELS.contains(&name), "{name} in {line}");
        }
    }
}

#[tokio::test]
async fn whoever_is_not_ready_says_which_part() {
    let site = Site::new().await;
    assert_eq!(Site::ask(&site.operators, "/health/live").await, (StatusCode::OK, "alive\n".into()));
    let (status, text) = Site::ask(&site.operators, "/health/ready").await;
    assert_eq!((status, text.lines().count()), (StatusCode::OK, 5), "{text}");
    // A log whose folder is gone takes no files.
    std::fs::remove_dir_all(site.world.folder().join("log")).unwrap();
    site.world.pass(crate::world::MINUTE);
    let (status, text) = Site::ask(&site.operators, "/health/ready").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("log: its folder takes no files") && text.contains("store: ready"), "{text}");
    assert_eq!(value(&site.figures().await, "teeka_ready{part=\"log\"}"), Some(0.0));
    let (status, text) = Site::ask(&site.operators, "/node").await;
    assert!(
        status == StatusCode::OK && text.contains("its folder takes no files") && text.contains("Night 1, 2"),
        "{text}"
    );
}
