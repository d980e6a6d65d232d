//! The witness as logs and monitors reach it.

use crate::log::Log;
use crate::{FILE, NOW_S, Place, is_cosigned, signer};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use ledger::note::{Note, Vouched};
use std::sync::Arc;
use tower::ServiceExt;
use watch::witness::Answer;

struct Site {
    router: Router,
    log: Log,
    _place: Place,
}

impl Site {
    fn new() -> Self {
        let (place, log) = (Place::new(), Log::new(1, 0, 8));
        let witness = Arc::new(place.witness(&[log.verifier()]));
        Self { router: watch::witness::router(witness, Arc::new(|| NOW_S)), log, _place: place }
    }

    async fn ask(&self, method: Method, path: &str, body: impl Into<Body>) -> (StatusCode, String, String) {
        let request = Request::builder().method(method).uri(path).body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let content_type = head.headers.get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap()).to_owned();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (head.status, content_type, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn post(&self, body: impl Into<Body>) -> (StatusCode, String, String) {
        self.ask(Method::POST, "/add-checkpoint", body).await
    }

    async fn get(&self, path: &str) -> (StatusCode, String, String) {
        self.ask(Method::GET, path, Body::empty()).await
    }
}

#[tokio::test]
async fn a_log_asks_grows_and_is_told_what_is_wrong() {
    let site = Site::new();
    let log = &site.log;
    let (status, content_type, body) = site.post(log.asks(0, 5).to_string()).await;
    assert_eq!((status, content_type.as_str()), (StatusCode::OK, "text/plain; charset=utf-8"));
    let answer = Answer { status: 200, content_type: "", body };
    assert!(is_cosigned(&answer, &log.checkpoint(5), NOW_S));
    let (status, content_type, body) = site.post(log.asks(0, 8).to_string()).await;
    assert_eq!((status, content_type.as_str(), body.as_str()), (StatusCode::CONFLICT, "text/x.tlog.size", "5\n"));
    let no_text = [log.asks(5, 8).to_string().into_bytes(), vec![0xff]].concat();
    for (body, status) in [
        (Vec::new(), StatusCode::BAD_REQUEST),
        (no_text, StatusCode::BAD_REQUEST),
        (vec![b'o'; 16 * 1024 + 1], StatusCode::PAYLOAD_TOO_LARGE),
        (log.asks(6, 8).to_string().into_bytes(), StatusCode::CONFLICT),
        (Log::new(2, 0, 8).asks(5, 8).to_string().into_bytes(), StatusCode::UNPROCESSABLE_ENTITY),
        (log.asks(5, 8).to_string().into_bytes(), StatusCode::OK),
    ] {
        assert_eq!(site.post(body).await.0, status);
    }
    assert_eq!(site.get("/add-checkpoint").await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_longest_proof_and_sixteen_signatures_are_read() {
    let site = Site::new();
    let mut request = site.log.asks(0, 5);
    request.checkpoint.signatures.extend((0..15).map(|n| {
        let cosigner = format!("cosigner{n}.example/of-some-length");
        let cosigner = ledger::note::Signer::new(&cosigner, ledger::note::Algorithm::Cosignature, &[n; 32]).unwrap();
        cosigner.sign(&request.checkpoint.text, NOW_S)
    }));
    request.proof = vec![[9; 32]; 63];
    assert_eq!(site.post(request.to_string()).await.0, StatusCode::UNPROCESSABLE_ENTITY, "read, and not proven");
    request.proof.clear();
    assert_eq!(site.post(request.to_string()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_monitor_sees_the_last_tree_with_both_signatures_and_no_other() {
    let site = Site::new();
    let path = format!("/{FILE}/checkpoint");
    assert_eq!(site.get(&path).await.0, StatusCode::NOT_FOUND);
    for (old, new) in [(0, 5), (5, 8)] {
        let mut request = site.log.asks(old, new);
        let stranger = ledger::note::Signer::new("x.example", ledger::note::Algorithm::Ed25519, &[8; 32]).unwrap();
        request.checkpoint.signatures.insert(0, stranger.sign("else\n", 0));
        let (_, _, cosignature) = site.post(request.to_string()).await;
        let (status, _, body) = site.get(&path).await;
        let note: Note = body.parse().unwrap();
        assert_eq!((status, &note.text, note.signatures.len()), (StatusCode::OK, &request.checkpoint.text, 2));
        assert!(body.ends_with(&cosignature));
        assert_eq!(note.vouched_by(&site.log.verifier()), Some(Vouched { at_s: None }));
        assert_eq!(note.vouched_by(signer().verifier()), Some(Vouched { at_s: Some(NOW_S) }));
    }
    assert_eq!(site.get(&format!("/{}/checkpoint", FILE.to_uppercase())).await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/lock/checkpoint").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn people_see_who_it_is_and_how_far_it_has_come() {
    let site = Site::new();
    let (status, _, page) = site.get("/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.lines().any(|line| line == signer().verifier().to_string()), "{page}");
    assert!(page.contains("log.example: nothing cosigned yet"), "{page}");
    site.post(site.log.asks(0, 5).to_string()).await;
    assert!(site.get("/").await.2.contains("log.example: cosigned at size 5"));
}
