//! Moving a member to another phone: its number, its code, the code of this phone; and what is under way, at either end.

use super::fresh::{self, CodePage, sent_here};
use super::{Desk, Pairs, form};
use crate::Failure;
use crate::page::{Form, button, buttons, card, confirmation, empty_state, field, hidden, look_recorded, post_form};
use crate::words::phone;
use axum::Form as Posted;
use axum::extract::Path;
use axum::response::Redirect;
use data_encoding::HEXLOWER;
use maud::{Markup, html};
use registry::Phone;
use registry::case::{Kind, State};
use vault::{CodeFor, Moving, Proof, Refusal, Refused};

const DIGITS: u8 = 6;

pub(super) async fn ask(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let one = desk.card(person).await?;
    let name = desk.w.with("move-who", [("name", one.name.as_str().into())]);
    Ok(number_page(&desk, place, &Form::empty(), Some(name)))
}

fn number_page(desk: &Desk, place: usize, form: &Form, who: Option<String>) -> Markup {
    let (w, path) = (desk.w, format!("/family/{place}/move"));
    desk.shell(w.t("move-title"), &path).back(format!("/family/{place}")).form(form).page(html! {
        @if let Some(who) = who { p.lead { (who) } p { (look_recorded(w)) } }
        p { (w.t("move-text")) }
        (post_form(&path, html! {
            (field(w, form, "mobile", w.t("move-phone")).hint(w.t("move-phone-hint")).phone())
            (buttons(button(w.t("move-send"))))
        }))
    })
}

pub(super) async fn send(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let (w, mut form) = (desk.w, form(pairs));
    let Ok(mobile) = form.digits("mobile").parse::<Phone>() else {
        form.problem("mobile", w.t("sign-in-phone-wrong"));
        return Ok(number_page(&desk, place, &form, None));
    };
    let sent = desk.vault().send_move_code(&desk.citizen, person, &mobile, w.language().code()).await;
    if sent == Err(Refused::Rule(Refusal::Conflict)) {
        form.problem("mobile", w.t("move-same"));
        return Ok(number_page(&desk, place, &form, None));
    }
    match fresh::sent_or_wait(&desk, sent)? {
        Ok(transaction) => {
            let form = Form::empty().with("txn", transaction.to_string()).with("mobile", mobile.digits());
            Ok(here_page(&desk, place, &form).show(&desk, &form))
        }
        Err(wait) => {
            form.problem("mobile", wait);
            Ok(number_page(&desk, place, &form, None))
        }
    }
}

fn here_page(desk: &Desk, place: usize, form: &Form) -> CodePage<'static> {
    let w = desk.w;
    CodePage {
        label: w.t("move-here"),
        hint: w.with("sign-in-code-hint", [("mobile", phone(form.value("mobile")).into())]),
        digits: DIGITS,
        button: button(w.t("continue")),
        action: format!("/family/{place}/move/here"),
        back: format!("/family/{place}/move"),
        kept: &["mobile"],
        note: None,
    }
}

/// The new phone's code was right: a code goes to this one.
pub(super) async fn prove(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let mut form = form(pairs);
    let page = here_page(&desk, place, &form);
    let Some((transaction, code)) = page.typed(desk.w, &mut form) else { return Ok(page.again(&desk, &form)) };
    let proof = match desk.vault().prove_move(&desk.citizen, person, transaction, &code).await {
        Ok(proof) => proof,
        Err(refused) => return page.refused(&desk, &mut form, refused),
    };
    match fresh::send(&desk, person, CodeFor::MoveAway).await? {
        Ok(transaction) => {
            let form = Form::empty().with("txn", transaction.to_string()).with("proof", proof.0);
            Ok(away_page(&desk, place).show(&desk, &form))
        }
        Err(wait) => {
            form.problem("code", wait);
            Ok(page.again(&desk, &form))
        }
    }
}

fn away_page(desk: &Desk, place: usize) -> CodePage<'static> {
    let w = desk.w;
    CodePage {
        label: w.t("move-away"),
        hint: sent_here(desk),
        digits: DIGITS,
        button: button(w.t("move-go")),
        action: format!("/family/{place}/move/away"),
        back: format!("/family/{place}/move"),
        kept: &["proof"],
        note: Some(w.t("move-day")),
    }
}

pub(super) async fn start(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let (page, mut form) = (away_page(&desk, place), form(pairs));
    let Some((transaction, code)) = page.typed(desk.w, &mut form) else { return Ok(page.again(&desk, &form)) };
    let proof = Proof(form.value("proof").to_owned());
    let why = match desk.vault().start_move(&desk.citizen, person, &proof, transaction, &code).await {
        Ok(due_ms) => return Ok(started(&desk, due_ms)),
        Err(Refused::Rule(Refusal::FamilyFull)) => "failure-family-full",
        Err(Refused::Rule(Refusal::Conflict)) => "move-under-way",
        Err(Refused::NotFound) => "move-late",
        Err(refused) => return page.refused(&desk, &mut form, refused),
    };
    form.problem("code", desk.w.t(why));
    Ok(page.again(&desk, &form))
}

fn started(desk: &Desk, due_ms: i64) -> Markup {
    let (w, title) = (desk.w, desk.w.t("move-started"));
    desk.shell(title.as_str(), "/my-data").question().page(html! {
        (confirmation(&title, html! { p { (w.with("move-started-text", [("when", when(desk, due_ms).into())])) } }))
        p { a href="/moves" { (w.t("my-data-moves")) } }
    })
}

fn when(desk: &Desk, at_ms: i64) -> String {
    desk.w.date_time(vault::at(at_ms).datetime())
}

/// What is under way from and to this phone. Who comes is not named: she is not of this family yet.
pub(super) async fn list(desk: Desk) -> Result<Markup, Failure> {
    let w = desk.w;
    let moves = desk.vault().moves(&desk.citizen).await?;
    Ok(desk.shell(w.t("moves-title"), "/moves").back("/my-data").page(html! {
        @if moves.is_empty() { (empty_state(&w.t("moves-none"), html! { p { (w.t("moves-none-text")) } })) }
        @for one in &moves { (under_way(&desk, one)) }
    }))
}

fn under_way(desk: &Desk, one: &Moving) -> Markup {
    let w = desk.w;
    let when = one.due_ms.map_or_else(|| w.t("moves-officers-when"), |due_ms| when(desk, due_ms));
    let place = one.leaves.and_then(|person| desk.citizen.place_of(person));
    let told = |key: &str, place: usize| {
        w.with(key, [("place", (place + 1).to_string().into()), ("when", when.as_str().into())])
    };
    // What was asked for in person, the phone on record does not stop: it objects.
    let (said, act) = match (place, one.case) {
        (None, _) => (w.with("moves-comes", [("when", when.as_str().into())]), Some("moves-stop")),
        (Some(place), None) => (told("moves-leaves", place), Some("moves-stop")),
        (Some(place), Some((Kind::OfAge, State::Holding))) => (told("moves-of-age", place), Some("moves-object")),
        (Some(place), Some((_, State::Holding))) => (told("moves-asked", place), Some("moves-object")),
        (Some(place), Some(_)) => (told("moves-officers", place), None),
    };
    card(html! {
        p { (said) }
        @if let Some(act) = act {
            (post_form("/moves/stop", html! {
                (hidden("id", &HEXLOWER.encode(&one.id)))
                (button(w.t(act)).warning())
            }))
        }
    })
}

pub(super) async fn stop(desk: Desk, Posted(pairs): Posted<Pairs>) -> Result<Redirect, Failure> {
    let id = HEXLOWER.decode(form(pairs).value("id").as_bytes()).ok().and_then(|id| id.try_into().ok());
    desk.vault().stop_move(&desk.citizen, id.ok_or_else(Failure::not_found)?).await?;
    Ok(Redirect::to("/moves"))
}
