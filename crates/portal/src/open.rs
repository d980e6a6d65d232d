//! Pages for anyone: nobody signs in here but staff.

use crate::routes::Access::Anyone;
use crate::routes::Shows::NoOne;
use crate::routes::{Entry, get, post};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::header;
use axum::response::IntoResponse;

mod about;
mod audits;
mod connected;
mod counts;
mod demo;
mod find;
mod home;
mod log;
pub(crate) mod notice;
pub(crate) mod search;
pub(crate) mod sessions;
mod staff;
mod verify;

/// What is read of an upload before the line is cut: enough to tell someone that her file is too large.
const UPLOAD_LIMIT: usize = 32 << 20;

pub(crate) fn routes() -> Vec<Entry> {
    vec![
        get("/", Anyone, NoOne, home::home),
        get("/find", Anyone, NoOne, find::choose),
        get("/find/pin", Anyone, NoOne, find::at_pin),
        get("/find/district", Anyone, NoOne, find::in_district),
        get("/find/near", Anyone, NoOne, find::near),
        get("/find/session/{id}", Anyone, NoOne, find::session),
        get("/verify", Anyone, NoOne, verify::ask),
        // It shows what the bearer handed over, and opens nothing of ours.
        post("/verify", Anyone, NoOne, verify::check.layer(DefaultBodyLimit::max(UPLOAD_LIMIT))),
        get("/verify/key", Anyone, NoOne, verify::key),
        get("/counts", Anyone, NoOne, counts::counts),
        get("/privacy", Anyone, NoOne, about::privacy),
        get("/notice", Anyone, NoOne, notice::show),
        get("/accessibility", Anyone, NoOne, about::accessibility),
        get("/help", Anyone, NoOne, about::help),
        get("/status", Anyone, NoOne, about::status),
        get("/connected", Anyone, NoOne, connected::connected),
        get("/log/audits", Anyone, NoOne, audits::list),
        // It takes a report that names nobody.
        post("/log/audits", Anyone, NoOne, audits::hand_in),
        get("/staff", Anyone, NoOne, staff::ask),
        post("/staff", Anyone, NoOne, staff::sign_in),
        get("/demo/inbox", Anyone, NoOne, demo::inbox),
        post("/demo/inbox", Anyone, NoOne, demo::read),
        get("/demo/staff", Anyone, NoOne, demo::staff),
        get("/log/{*path}", Anyone, NoOne, log::file),
        // It opens entries, which name nobody, and each opening is an entry of its own.
        post("/log/open", Anyone, NoOne, log::open),
        get("/robots.txt", Anyone, NoOne, robots),
        get("/favicon.ico", Anyone, NoOne, favicon),
    ]
}

/// Search engines may read what anyone may read, and have no business behind a sign-in.
async fn robots() -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (
        kind,
        "User-agent: *\nDisallow: /family\nDisallow: /looks\nDisallow: /sign-in\nDisallow: /staff\nDisallow: /demo\nDisallow: /api\n",
    )
}

/// For browsers that ask before they have read the page.
async fn favicon() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_str!("../assets/mark.svg"))
}
