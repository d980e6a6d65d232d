//! Two records of one person: the holder of the second joins the case that the first filed, and joined ones are taken
//! apart again.

use super::{Desk, Pairs, form};
use crate::Failure;
use crate::page::{Form, button, buttons, field, inset, post_form, quiet_link_button};
use crate::words::Words;
use axum::Form as Posted;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::Wrong;
use registry::case::CaseNumber;
use vault::{Joined, Refused};

pub(super) async fn ask_join(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, _) = desk.member(&place)?;
    Ok(page(&desk, place, &Form::empty()))
}

fn page(desk: &Desk, place: usize, filled: &Form) -> Markup {
    let (w, path) = (desk.w, format!("/family/{place}/cases/join"));
    let number = field(w, filled, "number", w.t("join-number")).heading().hint(w.t("join-number-hint")).characters(16);
    let shell = desk.shell(w.t("join-link"), &path).back(format!("/family/{place}/data")).form(filled).question();
    shell.page(post_form(
        &path,
        html! {
            (number)
            p { (w.t("join-text")) }
            (button(w.t("join-go")))
        },
    ))
}

pub(super) async fn join(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let (place, person) = desk.member(&place)?;
    let mut filled = form(pairs);
    let key = match filled.value("number").parse::<CaseNumber>() {
        Err(malformed) if malformed.wrong == Wrong::Missing => "join-number-missing",
        Err(_) => "join-number-wrong",
        Ok(number) => match desk.vault().join_case(&desk.citizen, person, number).await {
            Ok(()) => return Ok(Redirect::to(&format!("/family/{place}/data?said=joined")).into_response()),
            Err(Refused::NotFound) => "join-number-none",
            Err(other) => return Err(other.into()),
        },
    };
    filled.problem("number", desk.w.t(key));
    Ok(page(&desk, place, &filled).into_response())
}

/// What a member's page says of records that were joined with hers.
pub(super) fn notice(w: Words, place: usize, joined: Joined) -> Markup {
    let key = match joined {
        Joined::No => return html! {},
        Joined::Elsewhere => "join-is-into",
        Joined::With => "join-is-with",
    };
    inset(html! {
        p { (w.t(key)) }
        p { a href={ "/family/" (place) "/cases/part" } { (w.t("join-part")) } }
    })
}

pub(super) async fn ask_part(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    if desk.vault().joined(&desk.citizen, person).await? == Joined::No {
        return Err(Failure::not_found());
    }
    let (w, path, data) = (desk.w, format!("/family/{place}/cases/part"), format!("/family/{place}/data"));
    Ok(desk.shell(w.t("join-part-title"), &path).back(data.as_str()).page(html! {
        p { (w.t("join-part-text")) }
        (post_form(&path, html! {
            (buttons(html! {
                (button(w.t("join-part-go")).warning())
                (quiet_link_button(&data, &w.t("join-part-keep")))
            }))
        }))
    }))
}

pub(super) async fn part(desk: Desk, Path(place): Path<String>) -> Result<Redirect, Failure> {
    let (place, person) = desk.member(&place)?;
    desk.vault().part_records(&desk.citizen, person).await?;
    Ok(Redirect::to(&format!("/family/{place}/data?said=parted")))
}
