//! The log's files, as C2SP tlog-tiles lays them out: any mirror of such logs can copy ours.

use crate::failure::json;
use crate::{Failure, Portal};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

/// `GET /log/{path}`: the policy, the checkpoint, tiles and public openings for anyone; entry bundles for an auditor, whose
/// credential stands in the `Authorization` header.
pub(super) async fn file(
    State(portal): State<Portal>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    let file = portal.vault().log_file(&path, credential(&headers)).await?;
    let kind = match path.split('/').next() {
        Some("checkpoint" | "policy") => "text/plain; charset=utf-8",
        Some("opening") => "application/json",
        _ => "application/octet-stream",
    };
    // What only an auditor may have is in no cache that others share: `public` would keep it there for whoever asks next.
    let cached = match (file.is_final, file.is_open) {
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "private, max-age=31536000, immutable",
        (false, _) => "no-cache",
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cached)], file.bytes))
}

pub(super) fn credential(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Which entries an auditor wants opened: as many as `count`, which checkpoint and nonce draw.
#[derive(Deserialize)]
struct Draw {
    checkpoint: String,
    /// 64 hex digits.
    nonce: String,
    count: u32,
}

/// What opens an entry's commitment, in base64; nothing where its keys are destroyed.
#[derive(Serialize)]
struct Opening {
    position: u64,
    salt: Option<String>,
    entry: Option<String>,
    /// By which erasure, and the proof that this entry's tag is among those it commits to.
    #[serde(skip_serializing_if = "Option::is_none")]
    erased: Option<Erased>,
}

#[derive(Serialize)]
struct Erased {
    position: u64,
    number: u64,
    nonce: String,
    proof: Vec<String>,
}

/// `POST /log/open`: for an auditor.
pub(super) async fn open(State(portal): State<Portal>, headers: HeaderMap, body: Bytes) -> Result<Response, Failure> {
    let draw: Draw = serde_json::from_slice(&body).map_err(|_| malformed())?;
    let nonce = HEXLOWER_PERMISSIVE.decode(draw.nonce.as_bytes()).ok().and_then(|nonce| nonce.try_into().ok());
    let nonce: [u8; 32] = nonce.ok_or_else(malformed)?;
    let drawn = portal.vault().open_drawn(credential(&headers), &draw.checkpoint, &nonce, draw.count).await?;
    let openings = drawn.into_iter().map(|one| {
        let (salt, entry) = one.opening.map(|(salt, entry)| (BASE64.encode(&salt), BASE64.encode(&entry))).unzip();
        let erased = one.erased.map(|(position, explained)| Erased {
            position,
            number: explained.number,
            nonce: BASE64.encode(&explained.nonce),
            proof: explained.proof.iter().map(|hash| BASE64.encode(hash)).collect(),
        });
        Opening { position: one.position, salt, entry, erased }
    });
    Ok(json(StatusCode::OK, &serde_json::json!({ "openings": openings.collect::<Vec<_>>() })))
}

fn malformed() -> Failure {
    Failure::input("a draw is {\"checkpoint\": text of a checkpoint, \"nonce\": 64 hex digits, \"count\": number}")
}
