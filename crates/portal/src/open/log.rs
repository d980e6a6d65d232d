//! The log's files, as C2SP tlog-tiles lays them out: any mirror of such logs can copy ours.

use crate::{Failure, Portal};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;

/// `GET /log/{path}`: the policy, the checkpoint, tiles and public openings for anyone; entry bundles for an auditor, whose
/// credential stands in the `Authorization` header.
pub(super) async fn file(
    State(portal): State<Portal>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    let credential = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let file = portal.vault().log_file(&path, credential).await?;
    let kind = match path.split('/').next() {
        Some("checkpoint" | "policy") => "text/plain; charset=utf-8",
        Some("opening") => "application/json",
        _ => "application/octet-stream",
    };
    let cached = if file.is_final { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cached)], file.bytes))
}
