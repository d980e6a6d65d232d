//! The route table: read it like a table of contents.

use crate::caller::{ApiCitizen, words};
use crate::operators::{self, Pattern};
use crate::page::{self, Shell};
use crate::{Failure, Portal, api, citizen, consent, desk, inbox, open, plan, work};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use axum::{Extension, Router};
use maud::html;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use vault::Specimens;

/// Who may come in by a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// The holder of a phone, also by a token good for the certificate alone.
    CertificateHolder,
    /// The holder of a phone.
    Citizen,
    /// The holder of a phone, or a client that she allowed it, by its signature.
    CitizenOrClient,
    /// A registered client, by its signature.
    Client,
    /// A vaccinator.
    Vaccinator,
    /// A manager.
    Manager,
    /// An officer.
    Officer,
}

/// Whether an answer can show a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// It shows nobody.
    NoOne,
    /// It shows people: one REVEAL entry for each person shown.
    People,
}

/// One row of the table.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path, with `{parameters}`.
    pub path: &'static str,
    /// Who may come in.
    pub access: Access,
    /// Whom it can show.
    pub shows: Shows,
}

/// A row with its handler.
pub(crate) struct Entry {
    pub(crate) route: Route,
    handler: MethodRouter<Portal>,
}

/// A GET route.
pub(crate) fn get<H: Handler<T, Portal>, T: 'static>(
    path: &'static str,
    access: Access,
    shows: Shows,
    handler: H,
) -> Entry {
    let route = Route { method: Method::GET, path, access, shows };
    Entry { route, handler: axum::routing::get(handler) }
}

/// A POST route.
pub(crate) fn post<H: Handler<T, Portal>, T: 'static>(
    path: &'static str,
    access: Access,
    shows: Shows,
    handler: H,
) -> Entry {
    let route = Route { method: Method::POST, path, access, shows };
    Entry { route, handler: axum::routing::post(handler) }
}

/// Every route there is.
fn table() -> Vec<Entry> {
    [
        open::routes(),
        citizen::routes(),
        consent::routes(),
        work::routes(),
        desk::routes(),
        plan::routes(),
        inbox::routes(),
        api::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The table without its handlers, for tests and the API's description.
#[must_use]
pub fn routes() -> Vec<Route> {
    table().into_iter().map(|entry| entry.route).collect()
}

/// The whole site.
pub fn router(portal: Portal) -> Router {
    let (api, pages): (Vec<Entry>, Vec<Entry>) =
        table().into_iter().partition(|entry| entry.route.path.starts_with("/api/"));
    let join = |entries: Vec<Entry>| {
        let joined = entries.into_iter().fold(Router::new(), |router, entry| {
            let pattern = Pattern(entry.route.path);
            let named = middleware::map_response(move |answer: Response| async move { (Extension(pattern), answer) });
            router.route(entry.route.path, entry.handler.layer(named))
        });
        // Before the layers, so that they stand before this too: a preflight is a method that no route knows.
        joined.method_not_allowed_fallback(wrong_method)
    };
    let pages = join(pages).merge(page::routes()).fallback(unknown);
    let pages = pages.layer(middleware::from_fn(from_our_page)).layer(middleware::from_fn(as_page));
    let api =
        join(api).route("/api/{*unknown}", axum::routing::any(unknown)).layer(middleware::from_fn(across_origins));
    pages
        .merge(api)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(4 * 1024 * 1024))
        .layer(axum::middleware::map_response(page::with_security_headers))
        .layer(middleware::from_fn_with_state(portal.clone(), operators::counted))
        .with_state(portal)
}

/// For a bench alone: row 21 of the contract as it would be without the log, on rows that are nobody's.
pub fn specimens(portal: Portal, of: Arc<Specimens>) -> Router {
    let next = Arc::new(AtomicUsize::new(0));
    let list = async move |State(portal): State<Portal>, ApiCitizen(citizen): ApiCitizen| {
        api::specimens(portal, citizen, &of, next.fetch_add(1, Ordering::Relaxed)).await
    };
    Router::new()
        .route("/bench/specimens", axum::routing::get(list))
        .layer(middleware::from_fn(across_origins))
        .layer(axum::middleware::map_response(page::with_security_headers))
        .with_state(portal)
}

async fn unknown() -> Failure {
    Failure::not_found()
}

async fn wrong_method() -> (StatusCode, &'static str) {
    (StatusCode::METHOD_NOT_ALLOWED, "405 Not Allowed")
}

/// A failure on a page route becomes a page, in the reader's language.
async fn as_page(headers: HeaderMap, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let said = std::mem::take(response.extensions_mut());
    let Some(failure) = said.get::<Failure>().cloned() else {
        *response.extensions_mut() = said;
        return response;
    };
    let w = words(&headers);
    let page = Shell::new(w, w.t("failure-title"), "/").page(html! {
        p.lead { (w.t(failure.key)) }
        p { a href="/" { (w.t("failure-home")) } }
    });
    let mut answer = (failure.status, page).into_response();
    answer.extensions_mut().extend(said);
    answer
}

/// A form is taken from our own pages only: the browser says where it comes from, and cannot be made to lie.
async fn from_our_page(request: Request, next: Next) -> Response {
    if request.method() == Method::GET || request.method() == Method::HEAD || is_same_origin(request.headers()) {
        next.run(request).await
    } else {
        Failure::forbidden().into_response()
    }
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin.split_once("://").map(|(_, host)| host) == text(header::HOST),
        (None, None) => true,
    }
}

/// The API may be called from any page; it takes no cookie, so a page can do there only what its token can.
async fn across_origins(request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    let mut set = |name, value: &'static str| headers.insert(name, header::HeaderValue::from_static(value));
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if preflight {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        set(header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, x-api-key, accept-language");
        set(header::ACCESS_CONTROL_MAX_AGE, "86400");
    }
    response
}
