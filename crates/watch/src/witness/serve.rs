//! A witness over HTTP.

use super::{Answer, Witness};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::fmt::Write;
use std::sync::Arc;

/// The most bytes of a request. The longest proof takes three thousand, and fifty signatures of logs and witnesses eight.
const MOST_BYTES: usize = 16 * 1024;

/// Tells the time, in seconds since the epoch.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

#[derive(Clone)]
struct Served {
    witness: Arc<Witness>,
    clock: Clock,
}

/// The pages of a witness: `POST /add-checkpoint` for logs, `GET /<SHA-256 of the origin, in hex>/checkpoint` for
/// monitors, and `GET /` for people.
pub fn router(witness: Arc<Witness>, clock: Clock) -> Router {
    Router::new()
        .route("/", get(about))
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin_hash}/checkpoint", get(checkpoint))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Served { witness, clock })
}

async fn add_checkpoint(State(Served { witness, clock }): State<Served>, body: String) -> Response {
    aside(move || witness.add_checkpoint(&body, clock())).await
}

async fn checkpoint(State(Served { witness, .. }): State<Served>, Path(origin_hash): Path<String>) -> Response {
    aside(move || match witness.checkpoint(&origin_hash) {
        Some(note) => note.to_string().into_response(),
        None => (StatusCode::NOT_FOUND, "nothing is cosigned here of such a log\n").into_response(),
    })
    .await
}

async fn about(State(Served { witness, .. }): State<Served>) -> Response {
    aside(move || page(&witness)).await
}

/// A witness waits for its disk: that is done where it holds nobody up, and to the end though the client goes away.
async fn aside<T: IntoResponse + Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn page(witness: &Witness) -> String {
    let key = witness.verifier();
    let mut page = format!("{}: a witness of transparency logs (c2sp.org/tlog-witness)\n\n{key}\n\n", key.name());
    for (log, seen) in witness.logs() {
        let line = match seen {
            Some(seen) => writeln!(page, "{}: cosigned at size {}", log.name(), seen.size),
            None => writeln!(page, "{}: nothing cosigned yet", log.name()),
        };
        line.expect("a text takes every line");
    }
    page
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("a status of HTTP");
        (status, [(CONTENT_TYPE, self.content_type)], self.body).into_response()
    }
}
