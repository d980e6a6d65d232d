//! The family: each member with her tasks, the members who wait to be confirmed, and the nearest place for a dose.

use super::search::{self, Spot};
use super::standing::{self, Ahead, Next, ahead};
use super::{Desk, Pairs, form};
use crate::Failure;
use crate::open::sessions;
use crate::page::{
    Form, TaskList, Tone, button, buttons, card, field, hidden, inset, link_button, look_recorded, post_form,
    quiet_link_button, task_list,
};
use crate::words::Words;
use axum::Form as Posted;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::Centre;
use vault::rows::{DoseRow, Offer};
use vault::{Card, Disclosed, Refusal, Refused};

/// Members that one phone may have.
const LIMIT: usize = 4;

/// A member and what can be offered to her at once.
struct Member {
    card: Disclosed<Card>,
    offer: Option<Offer>,
}

/// A member whom the holder has not confirmed: where and when she was added, and nothing else of her.
struct Waiting {
    centre: Centre,
    day: Date,
}

pub(super) async fn show(desk: Desk, headers: HeaderMap, Query(query): Query<Pairs>) -> Result<Response, Failure> {
    let said = match form(query).value("said") {
        "cancelled" => Some("family-said-cancelled"),
        "confirmed" => Some("family-said-confirmed"),
        _ => None,
    };
    page(&desk, &headers, &Form::empty(), said).await
}

async fn page(desk: &Desk, headers: &HeaderMap, form: &Form, said: Option<&str>) -> Result<Response, Failure> {
    let w = desk.w;
    let (members, waiting) = (members(desk, headers).await?, waiting(desk).await?);
    if members.is_empty() && waiting.is_empty() {
        return Ok(Redirect::to("/family/add").into_response());
    }
    let mut shell = desk.shell(w.t("family-title"), "/family").form(form);
    if let Some(key) = said {
        shell = shell.flash(Tone::Good, w.t(key));
    }
    let now = desk.vault().now();
    let last_four = desk.citizen.phone_last_four();
    let page = shell.page(html! {
        p.lead { (w.with("family-lead", [("last", last_four.into())])) }
        @for (place, member) in desk.citizen.places().into_iter().zip(&members) { (one_member(w, place, member, &now)) }
        @if !members.is_empty() { p { (look_recorded(w)) } }
        @for (nth, waiting) in waiting.iter().enumerate() { (one_waiting(w, form, nth, waiting)) }
        (buttons(html! {
            @if members.len() < LIMIT { (quiet_link_button("/family/add", &w.t("family-add"))) }
            @else { p.quiet { (w.t("family-is-full")) } }
        }))
        ul {
            li { a href="/looks" { (w.t("family-looks")) } }
            li { a href="/my-data" { (w.t("family-my-data")) } }
        }
    });
    Ok(page.into_response())
}

/// Every member's card, with the next session at the place she knows when a dose is due.
async fn members(desk: &Desk, headers: &HeaderMap) -> Result<Vec<Member>, Failure> {
    let mut members = Vec::new();
    for card in desk.cards().await? {
        let offer = match ahead(&card, desk.vault().today()) {
            Ahead::Open(next) => nearest_offer(desk, &card, next, headers).await?,
            _ => None,
        };
        members.push(Member { card, offer });
    }
    Ok(members)
}

/// The soonest session that she may book where she was last, or else near the PIN code searched last.
async fn nearest_offer(desk: &Desk, card: &Card, next: Next, headers: &HeaderMap) -> Result<Option<Offer>, Failure> {
    let was = card.doses.last().map(|dose| dose.centre).or(card.appointments.last().map(|one| one.centre));
    let spot = was.map(Spot::Centre).or_else(|| search::remembered(headers).map(Spot::Pin));
    let Some(spot) = spot else { return Ok(None) };
    let vault = desk.vault();
    let (from, to) = sessions::week(vault.today());
    let (near, offers) = search::offers(vault, &spot, from, to).await?;
    let now = vault.now();
    let open = offers.into_iter().filter(|o| standing::may_book(card, next.dose, &o.session, &now).is_ok());
    let far = |o: &Offer| near.map_or(0, |(north, east)| sessions::metres(&o.centre, north, east));
    Ok(open.min_by_key(|offer| (far(offer), offer.session.day)))
}

async fn waiting(desk: &Desk) -> Result<Vec<Waiting>, Failure> {
    let mut waiting = Vec::new();
    for member in desk.vault().family(&desk.citizen).await? {
        if let Some((centre, at_ms)) = member.pending {
            waiting.push(Waiting { centre: desk.vault().centre(centre).await?, day: vault::at(at_ms).date() });
        }
    }
    Ok(waiting)
}

fn one_member(w: Words, place: usize, member: &Member, now: &Zoned) -> Markup {
    card(html! {
        h2 { (member.card.name) }
        (tasks(w, place, &member.card, now.date()))
        @if let Some(offer) = &member.offer { (at_once(w, place, &member.card, offer, now)) }
    })
}

/// What she has done and what comes next.
fn tasks(w: Words, place: usize, card: &Card, today: Date) -> TaskList {
    let mut list = task_list().task(w.t("task-registered"), format!("/family/{place}"), Tone::Good, w.t("task-done"));
    for dose in &card.doses {
        list = given(w, place, dose, list);
    }
    list = coming(w, place, card, today, list);
    if card.doses.iter().any(|dose| dose.factor.is_some()) {
        list.task(w.t("task-certificate"), format!("/family/{place}/certificate"), Tone::Good, w.t("task-ready"))
    } else {
        list.later(w.t("task-certificate"), w.t("task-certificate-later"), w.t("task-not-yet"))
    }
}

fn given(w: Words, place: usize, dose: &DoseRow, list: TaskList) -> TaskList {
    let values = [
        ("dose", dose.number.into()),
        ("vaccine", sessions::vaccine(w, dose.vaccine).into()),
        ("day", w.date(dose.day).into()),
    ];
    let title = w.with("task-dose-given", values);
    match dose.factor {
        Some(_) => list.task(title, format!("/family/{place}/certificate"), Tone::Good, w.t("task-vaccinated")),
        None => list.task(title, format!("/family/{place}"), Tone::Warn, w.t("task-to-confirm")),
    }
}

fn coming(w: Words, place: usize, card: &Card, today: Date, list: TaskList) -> TaskList {
    let when = |key: &str, dose: u8, day: Date| w.with(key, [("dose", dose.into()), ("day", w.date(day).into())]);
    let book = format!("/family/{place}/book");
    match ahead(card, today) {
        Ahead::Booked(row) => {
            let title = when("task-dose-booked", row.dose, row.day);
            list.task(title, format!("/appointments/{}", row.id), Tone::Info, w.t("task-booked"))
        }
        Ahead::Missed(row) => {
            let title = when("task-dose-missed", row.dose, row.day);
            list.task(title, format!("/appointments/{}", row.id), Tone::Warn, w.t("task-missed"))
        }
        Ahead::CalledOff(row) => {
            let title = when("task-dose-called-off", row.dose, row.day);
            list.task(title, format!("/appointments/{}", row.id), Tone::Bad, w.t("task-called-off"))
        }
        Ahead::Open(Next { dose, from: Some(from) }) if from > today => {
            list.task(when("task-book-from", dose, from), book, Tone::Plain, w.t("task-not-yet"))
        }
        Ahead::Open(Next { dose, .. }) => {
            list.task(w.with("task-book", [("dose", dose.into())]), book, Tone::Info, w.t("task-to-do"))
        }
        Ahead::Complete => list,
        Ahead::Joined => {
            list.task(w.t("join-task"), format!("/family/{place}/data"), Tone::Info, w.t("join-task-state"))
        }
    }
}

/// One tap from here: the place she knows, its next day, a button for each window.
fn at_once(w: Words, place: usize, card: &Card, offer: &Offer, now: &Zoned) -> Markup {
    let session = &offer.session;
    let dose = standing::next(&card.doses).map_or(1, |next| next.dose).to_string();
    inset(html! {
        h3 { (w.with("at-once-title", [("dose", dose.as_str().into()), ("day", w.date(session.day).into())])) }
        p {
            (offer.centre.name) br;
            (sessions::vaccine(w, session.vaccine)) " · " (w.fee(session.fee.paise.into()))
        }
        (post_form(&format!("/family/{place}/book/{}", session.id), html! {
            (hidden("dose", &dose))
            (buttons(html! {
                @for slot in standing::open_slots(session, now) {
                    (button(w.with("at-once-book", [("time", sessions::slot(w, slot).into())])).secondary().sends("slot", slot.text()))
                }
            }))
        }))
        a href={ "/family/" (place) "/book" } { (w.t("at-once-other")) }
    })
}

fn one_waiting(w: Words, form: &Form, nth: usize, waiting: &Waiting) -> Markup {
    let name = format!("six-{nth}");
    let title =
        w.with("waiting-title", [("centre", waiting.centre.name.as_str().into()), ("day", w.date(waiting.day).into())]);
    card(html! {
        h2 { (title) }
        p { (w.t("waiting-text")) }
        (post_form("/family/confirm", html! {
            (hidden("waiting", &nth.to_string()))
            (field(w, form, &name, w.t("waiting-six")).hint(w.t("waiting-six-hint")).digits(6))
            (button(w.t("waiting-confirm")).secondary())
        }))
    })
}

pub(super) async fn confirm(desk: Desk, headers: HeaderMap, Posted(pairs): Posted<Pairs>) -> Result<Response, Failure> {
    let sent = form(pairs);
    let nth: usize = sent.value("waiting").parse().map_err(|_| Failure::not_found())?;
    let pending = desk.vault().family(&desk.citizen).await?.into_iter().filter(|member| member.pending.is_some());
    let person = pending.map(|member| member.person).nth(nth).ok_or_else(Failure::not_found)?;
    let name = format!("six-{nth}");
    let typed = sent.digits(&name);
    let mut form = Form::empty();
    if typed.len() == 6 {
        match desk.vault().confirm_member(&desk.citizen, person, &typed).await {
            Ok(()) => return Ok(Redirect::to("/family?said=confirmed").into_response()),
            Err(refused) => form.problem(&name, not_confirmed(desk.w, refused)?),
        }
    } else {
        // Not six digits, so no try is spent on them.
        form.problem(&name, desk.w.t("waiting-form"));
    }
    page(&desk, &headers, &form, None).await
}

fn not_confirmed(w: Words, refused: Refused) -> Result<String, Failure> {
    match refused {
        Refused::Wrong { left } if left > 0 => Ok(w.with("waiting-wrong", [("left", left.into())])),
        Refused::Wrong { .. } | Refused::Rule(Refusal::Locked { .. }) => Ok(w.t("waiting-locked")),
        Refused::Rule(Refusal::FamilyFull) => Ok(w.t("failure-family-full")),
        other => Err(other.into()),
    }
}

/// The way on for somebody who was just registered or confirmed: look for a session by PIN code, or take the chosen one.
pub(super) fn way_on(w: Words, place: usize, session: Option<registry::SessionId>) -> Markup {
    match session {
        Some(session) => link_button(&format!("/family/{place}/book/{session}"), &w.t("registered-go-on")),
        None => search::pin_form(w, &Form::empty(), place, &[]),
    }
}
