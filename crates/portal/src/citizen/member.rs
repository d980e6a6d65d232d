//! One member: what is kept about her, her doses, taking her data along, leaving.

use super::{Desk, Pairs, add, family, form, gender, named};
use crate::Failure;
use crate::failure::json;
use crate::open::sessions;
use crate::page::{Tone, button, card, confirmation, hidden, look_recorded, post_form, summary_list, tag};
use crate::words::{Words, in_groups};
use axum::Form as Posted;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::{DoseId, IdKind, SessionId};
use vault::Card;
use vault::rows::DoseRow;

pub(super) async fn show(desk: Desk, Path(place): Path<String>, Query(query): Query<Pairs>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let one = desk.card(person).await?;
    let (w, path) = (desk.w, format!("/family/{place}"));
    let mut shell = desk.shell(one.name.as_str(), &path).back("/family");
    if form(query).value("said") == "attested" {
        shell = shell.flash(Tone::Good, w.t("member-said-attested"));
    }
    Ok(shell.page(html! {
        (facts(w, &one))
        p { (look_recorded(w)) }
        @if !one.doses.is_empty() { h2 { (w.t("member-doses")) } }
        @for dose in &one.doses { (one_dose(w, place, dose)) }
        h2 { (w.t("member-more")) }
        p { (correct_link(w, place)) }
        (links(w, place))
    }))
}

fn facts(w: Words, one: &Card) -> Markup {
    let document = match &one.id_document {
        Some((kind, last)) => {
            let kind = IdKind::from_id(*kind).map_or_else(|_| w.t("document-other"), |kind| add::document(w, kind));
            w.with("document-ends", [("kind", kind.into()), ("last", last.as_str().into())])
        }
        None => w.t("add-document-none"),
    };
    html! {
        (summary_list(w)
            .row(w.t("slip-reference"), in_groups(&one.reference))
            .row(w.t("add-born"), one.birth_year.to_string())
            .row(w.t("add-gender"), gender(w, one.gender))
            .row(w.t("add-check-document"), document)
            .row(w.t("add-check-condition"), w.t(if one.comorbidity { "add-yes" } else { "add-no" })))
    }
}

/// A dose; one that nobody showed a factor for waits for her own word and certifies nothing until then.
pub(super) fn one_dose(w: Words, place: usize, dose: &DoseRow) -> Markup {
    let values = [
        ("dose", dose.number.into()),
        ("vaccine", sessions::vaccine(w, dose.vaccine).into()),
        ("day", w.date(dose.day).into()),
    ];
    card(html! {
        h3 { (w.with("task-dose-given", values)) }
        p { (w.with("member-batch", [("batch", dose.batch.as_str().into())])) }
        @if dose.factor.is_some() { p { (tag(Tone::Good, &w.t("member-attested"))) } }
        @else {
            p { (tag(Tone::Warn, &w.t("member-unattested"))) }
            p { (w.t("member-unattested-text")) }
            (post_form(&format!("/family/{place}/attest"), html! {
                (hidden("dose", &dose.id.to_string()))
                (button(w.t("member-attest")))
            }))
        }
        p { a href={ "/family/" (place) "/cases/new/not-mine?dose=" (dose.id) } { (w.t("member-not-mine")) } }
    })
}

pub(super) fn links(w: Words, place: usize) -> Markup {
    html! {
        ul {
            li { a href={ "/family/" (place) "/looks" } { (w.t("member-looks")) } }
            li { a href={ "/family/" (place) "/orders" } { (w.t("order-about-you")) } }
            li { a href="/permissions" { (w.t("permissions-title")) } }
            li { a href={ "/family/" (place) "/download" } { (w.t("member-take-along")) } }
            li { a href={ "/family/" (place) "/looks.json" } download { (w.t("member-download-looks")) } }
            li { a href={ "/family/" (place) "/move" } { (w.t("member-move")) } }
            li { a href={ "/family/" (place) "/leave" } { (w.t("member-leave")) } }
        }
    }
}

/// The way to having something put right, and to what became of it.
fn correct_link(w: Words, place: usize) -> Markup {
    html! { a href={ "/family/" (place) "/data" } { (w.t("member-correct")) } }
}

pub(super) async fn registered(
    desk: Desk,
    Path(place): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Response, Failure> {
    // The same registration sent twice registers once, and has no later place in the family.
    let Ok((place, person)) = desk.member(&place) else { return Ok(Redirect::to("/family").into_response()) };
    let session = form(query).value("session").parse::<SessionId>().ok();
    let one = desk.card(person).await?;
    let (w, path) = (desk.w, format!("/family/{place}/registered"));
    let title = w.with("registered-title", [("name", one.name.as_str().into())]);
    let page = desk.shell(title.as_str(), &path).question().page(html! {
        (confirmation(&title, html! {
            p { (w.t("registered-reference")) }
            p.figure { (in_groups(&one.reference)) }
        }))
        p { (w.t("registered-keep")) " " (look_recorded(w)) }
        h2 { (w.t("registered-next")) }
        (family::way_on(w, place, session))
        p { a href="/family" { (w.t("registered-family")) } }
    });
    Ok(page.into_response())
}

pub(super) async fn attest(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Redirect, Failure> {
    let (place, person) = desk.member(&place)?;
    let dose = named::<DoseId>(form(pairs).value("dose"))?;
    desk.vault().attest(&desk.citizen, person, dose).await?;
    Ok(Redirect::to(&format!("/family/{place}?said=attested")))
}

/// JSON to be kept as a file.
pub(super) fn download(name: &str, value: &serde_json::Value) -> Response {
    let place = format!("attachment; filename=\"{name}.json\"");
    ([(header::CONTENT_DISPOSITION, place)], json(StatusCode::OK, value)).into_response()
}

pub(super) async fn my_data(desk: Desk) -> Result<Markup, Failure> {
    let cards = desk.cards().await?;
    let w = desk.w;
    Ok(desk.shell(w.t("my-data-title"), "/my-data").back("/family").page(html! {
        p.lead { (w.t("my-data-lead")) }
        @for (place, one) in desk.citizen.places().into_iter().zip(&cards) {
            (card(html! { h2 { (one.name) } p { (correct_link(w, place)) } (links(w, place)) }))
        }
        @if !cards.is_empty() { p { (look_recorded(w)) } }
        p { a href="/moves" { (w.t("my-data-moves")) } }
        p { a href="/notice" { (w.t("notice-link")) } }
        p { (w.t("my-data-correct")) }
    }))
}
