//! The API described: for machines as OpenAPI 3.1, for people as a page made from the same document.

use crate::page::{Shell, table};
use crate::words::Words;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::Value;
use std::sync::LazyLock;

/// The document, written by hand.
const TEXT: &str = include_str!("../../openapi/teeka.json");

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(TEXT).expect("a test reads the document"));

/// The document for machines.
pub(super) async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], TEXT).into_response()
}

/// The page for people.
pub(super) async fn page(w: Words) -> Markup {
    let content = html! {
        p.lead { (w.t("api-lead")) }
        p { a href="/api/openapi.json" { (w.t("api-document")) } }
        @if w.language() != crate::words::Language::English { p { (w.t("api-in-english")) } }
        div lang="en" { p { (text(&DOCUMENT["info"]["description"])) } }
        @for tag in list(&DOCUMENT["tags"]) {
            h2 lang="en" { (text(&tag["name"])) }
            @for (path, method, operation) in operations().filter(|(_, _, o)| o["tags"][0] == tag["name"]) {
                (described(w, path, method, operation))
            }
        }
        h2 { (w.t("api-answers")) }
        (common_answers(w))
    };
    Shell::new(w, w.t("api-title"), "/api/docs").wide().page(content)
}

/// Path, method and operation of every row of the document.
fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

fn described(w: Words, path: &str, method: &str, operation: &'static Value) -> Markup {
    html! {
        section {
            h3 lang="en" { code { (method.to_uppercase()) " " (path) } }
            div lang="en" {
                p { (text(&operation["summary"])) }
                @if let Some(more) = operation["description"].as_str() { p.quiet { (more) } }
            }
            p { (w.t("api-token")) ": " (who(w, operation)) }
            @let asks = parameters(operation);
            @if !asks.is_empty() { (asked(w, "api-parameters", asks)) }
            @let body = body(operation);
            @if !body.is_empty() { (asked(w, "api-body", body)) }
            (answers(w, operation))
        }
    }
}

fn who(w: Words, operation: &'static Value) -> Markup {
    let schemes = list(&operation["security"]).iter().filter_map(|scheme| scheme.as_object()?.keys().next());
    let described = schemes.map(|name| text(&DOCUMENT["components"]["securitySchemes"][name]["description"]));
    let described: Vec<&str> = described.collect();
    html! {
        @if described.is_empty() { (w.t("api-anyone")) }
        @for one in described { span lang="en" { (one) } " " }
    }
}

/// Name, whether it is required, and what it is.
type Asked = (&'static str, bool, &'static str);

fn parameters(operation: &'static Value) -> Vec<Asked> {
    let parameters = list(&operation["parameters"]).iter().map(followed);
    parameters.map(|p| (text(&p["name"]), p["required"] == true, text(&p["description"]))).collect()
}

fn body(operation: &'static Value) -> Vec<Asked> {
    let schema = followed(&operation["requestBody"]["content"]["application/json"]["schema"]);
    let parts = schema["allOf"].as_array().map_or_else(|| vec![schema], |all| all.iter().map(followed).collect());
    let fields = parts.into_iter().flat_map(|part| {
        let required = list(&part["required"]);
        let properties = part["properties"].as_object().into_iter().flatten();
        properties.map(move |(name, what)| {
            (name.as_str(), required.iter().any(|r| r == name), text(&followed(what)["description"]))
        })
    });
    fields.collect()
}

fn asked(w: Words, caption: &str, rows: Vec<Asked>) -> Markup {
    html! {
        p { (w.t(caption)) ":" }
        ul {
            @for (name, required, what) in rows {
                li {
                    code lang="en" { (name) }
                    @if required { " (" (w.t("api-required")) ")" }
                    @if !what.is_empty() { " " span lang="en" { (what) } }
                }
            }
        }
    }
}

/// Answers of an operation: its own in words, the common ones by number; these stand in words at the end.
fn answers(w: Words, operation: &'static Value) -> Markup {
    let answers = || operation["responses"].as_object().into_iter().flatten();
    html! {
        p {
            (w.t("api-answers")) ": "
            @for (status, answer) in answers().filter(|(_, answer)| answer["$ref"].is_null()) {
                (status) " " span lang="en" { (text(&answer["description"])) } " "
            }
            @for (status, _) in answers().filter(|(_, answer)| !answer["$ref"].is_null()) { (status) " " }
        }
    }
}

/// What the answers mean that many operations share.
fn common_answers(w: Words) -> Markup {
    const COMMON: [(&str, &str); 8] = [
        ("304", "NotModified"),
        ("400", "Bad"),
        ("401", "SignedOut"),
        ("403", "Forbidden"),
        ("404", "NotFound"),
        ("409", "Conflict"),
        ("413", "TooLarge"),
        ("503", "Unavailable"),
    ];
    let row = |(status, name): (&str, &str)| {
        let what = text(&DOCUMENT["components"]["responses"][name]["description"]);
        vec![html! { (status) }, html! { span lang="en" { (what) } }]
    };
    html! { (table(w.t("api-answers")).column(w.t("api-status")).column(w.t("api-what")).rows(COMMON.map(row))) }
}

/// The value itself, or what its `$ref` points to.
fn followed(value: &'static Value) -> &'static Value {
    let pointer = value["$ref"].as_str().and_then(|at| at.strip_prefix('#'));
    pointer.and_then(|at| DOCUMENT.pointer(at)).unwrap_or(value)
}

fn list(value: &'static Value) -> &'static [Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_has_the_rows_of_the_route_table_and_no_other() {
        let routes = crate::routes::routes();
        let stands: BTreeSet<String> = routes
            .iter()
            .filter(|route| route.path.starts_with("/api/") || route.path == "/demo/inbox/{mobile}")
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        let written: BTreeSet<String> =
            operations().map(|(path, method, _)| format!("{} {path}", method.to_uppercase())).collect();
        assert!(stands.len() > 35);
        assert_eq!(written, stands);
    }

    #[test]
    fn every_reference_in_the_document_leads_somewhere() {
        let mut found = 0;
        for at in TEXT.split("\"$ref\": \"#").skip(1).filter_map(|rest| rest.split_once('"')) {
            assert!(DOCUMENT.pointer(at.0).is_some(), "{}", at.0);
            found += 1;
        }
        assert!(found > 100);
    }

    #[test]
    fn whoever_must_be_signed_in_is_said_and_refused_by_401() {
        for route in crate::routes::routes().iter().filter(|route| route.path.starts_with("/api/")) {
            let operation = &DOCUMENT["paths"][route.path][route.method.as_str().to_lowercase()];
            let is_open = route.access == crate::routes::Access::Anyone;
            assert_eq!(operation["security"].is_null(), is_open, "{}", route.path);
            assert_eq!(operation["responses"]["401"].is_null(), is_open, "{}", route.path);
        }
    }

    #[tokio::test]
    async fn the_page_names_every_path_in_both_languages() {
        for language in crate::words::Language::ALL {
            let page = page(Words::new(language)).await.into_string();
            for (path, ..) in operations() {
                assert!(page.contains(path), "{path}");
            }
        }
    }
}
