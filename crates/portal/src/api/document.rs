//! The API described: for machines as OpenAPI 3.1, for people as a page made from the same document.

use crate::words::Words;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// The document, written by hand.
const DOCUMENT: &str = include_str!("../../openapi/teeka.json");

/// The document for machines.
pub(super) async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], DOCUMENT).into_response()
}

/// The page for people.
pub(super) async fn page(w: Words) -> Markup {
    html! { (w.t("brand")) }
}
