//! What is kept about a member: her cases, how to have something put right, and the ways to her data.

use super::{Desk, Pairs, form, joining, member, named};
use crate::page::{
    Tone, button, buttons, confirmation, empty_state, inset, post_form, quiet_link_button, summary_list, tag, task_list,
};
use crate::words::Words;
use crate::{Failure, cases};
use axum::extract::{Path, Query};
use axum::response::Redirect;
use maud::{Markup, html};
use registry::case::{CaseNumber, Kind, State};
use vault::rows::CaseRow;

/// What can be put right from here, in the order in which it is offered.
pub(super) const OFFERED: [Kind; 7] = [
    Kind::WrongName,
    Kind::WrongBirthYear,
    Kind::WrongGender,
    Kind::NotMine,
    Kind::Missing,
    Kind::Aefi,
    Kind::Duplicate,
];

pub(super) async fn show(desk: Desk, Path(place): Path<String>, Query(query): Query<Pairs>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let rows = desk.vault().cases(&desk.citizen, person).await?;
    let joined = desk.vault().joined(&desk.citizen, person).await?;
    let of_age = desk.vault().of_age_since(&desk.citizen, person).await?;
    let (w, path) = (desk.w, format!("/family/{place}/data"));
    let mut shell = desk.shell(w.t("data-title"), &path).back(format!("/family/{place}"));
    shell = match form(query).value("said") {
        "withdrawn" => shell.flash(Tone::Good, w.t("case-said-withdrawn")),
        "open" => shell.flash(Tone::Info, w.t("case-said-open")),
        "joined" => shell.flash(Tone::Good, w.t("join-said-joined")),
        "parted" => shell.flash(Tone::Good, w.t("join-said-parted")),
        _ => shell,
    };
    Ok(shell.page(html! {
        p.lead { (w.with("data-of", [("place", (place + 1).to_string().into())])) }
        (joining::notice(w, place, joined))
        @if let Some(since_ms) = of_age {
            (inset(html! { p { (w.with("of-age-since", [("day", cases::day(w, since_ms).into())])) } p { (w.t("of-age-how")) } }))
        }
        (list(w, place, &rows, desk.vault().now_ms()))
        h2 { (w.t("data-correct")) }
        p { (w.t("data-correct-text")) }
        ul {
            @for kind in OFFERED { li { a href=(new(place, kind)) { (cases::kind(w, kind)) } } }
            li { a href={ "/family/" (place) "/cases/join" } { (w.t("join-link")) } }
        }
        h2 { (w.t("data-more")) }
        (member::links(w, place))
    }))
}

/// Where a case of this kind begins.
fn new(place: usize, kind: Kind) -> String {
    match kind {
        Kind::NotMine => format!("/family/{place}/cases/which-dose"),
        other => format!("/family/{place}/cases/new/{}", other.code()),
    }
}

fn list(w: Words, place: usize, rows: &[CaseRow], now_ms: i64) -> Markup {
    let tasks = rows.iter().fold(task_list(), |tasks, row| {
        let title =
            w.with("case-line", [("what", cases::kind(w, row.kind).into()), ("number", row.number.to_string().into())]);
        let (tone, state) = cases::state(w, row, now_ms);
        tasks.task(title, format!("/family/{place}/cases/{}", row.number), tone, state)
    });
    html! {
        h2 { (w.t("data-cases")) }
        @if rows.is_empty() { (empty_state(&w.t("data-cases-none"), html! { p { (w.t("data-cases-none-text")) } })) }
        @else { (tasks) }
    }
}

/// The case that the address names, if it is one of this member's.
async fn one_of(desk: &Desk, place: &str, number: &str) -> Result<(usize, CaseRow), Failure> {
    let (place, person) = desk.member(place)?;
    let row = desk.vault().case(&desk.citizen, person, named::<CaseNumber>(number)?).await?;
    Ok((place, row))
}

pub(super) async fn one(
    desk: Desk,
    Path((place, number)): Path<(String, String)>,
    Query(query): Query<Pairs>,
) -> Result<Markup, Failure> {
    let (place, row) = one_of(&desk, &place, &number).await?;
    let (w, path) = (desk.w, format!("/family/{place}/cases/{}", row.number));
    let title = w.with("case-title", [("number", row.number.to_string().into())]);
    let centre = match row.centre {
        Some(centre) => Some(desk.vault().centre(centre).await?.name),
        None => None,
    };
    let is_new = form(query).value("said") == "filed";
    let shell = desk.shell(title, &path).back(format!("/family/{place}/data"));
    let shell = if is_new { shell.question() } else { shell };
    Ok(shell.page(html! {
        @if is_new {
            (confirmation(&w.t("case-said-filed"), html! {
                p { (w.t("case-number")) }
                p.figure { (row.number) }
            }))
            p { (w.with("case-next", [("day", cases::day(w, row.due_ms).into())])) }
        }
        @if row.state == State::Joining { (inset(html! { p { (w.t("join-how")) } })) }
        (facts(w, &row, centre, desk.vault().now_ms()))
        @if row.kind.moves() && row.state.is_open() { p { a href="/moves" { (w.t("my-data-moves")) } } }
        @else if row.state.is_open() && row.until_ms > desk.vault().now_ms() {
            (quiet_link_button(&format!("{path}/withdraw"), &w.t("case-withdraw")))
        }
    }))
}

fn facts(w: Words, row: &CaseRow, centre: Option<String>, now_ms: i64) -> Markup {
    let (tone, state) = cases::state(w, row, now_ms);
    let list = summary_list(w)
        .row(w.t("case-about"), cases::kind(w, row.kind))
        .row(w.t("case-state"), tag(tone, &state))
        .row(w.t("case-filed-on"), cases::day(w, row.filed_ms));
    let list = match centre {
        Some(centre) => list.row(w.t("case-filed-at"), centre),
        None => list,
    };
    let list = match row.closed_ms {
        Some(closed_ms) => list.row(w.t("case-closed-on"), cases::day(w, closed_ms)),
        None => list.row(w.t("case-due"), cases::day(w, row.due_ms)),
    };
    // What one officer decided is no decision yet.
    let reason = row.reason.filter(|_| row.closed_ms.is_some());
    html! {
        (list)
        @if let Some(reason) = reason { (inset(html! { p { (cases::reason(w, reason)) } })) }
        p.quiet { (w.t("case-looks")) }
    }
}

pub(super) async fn ask_withdraw(desk: Desk, Path((place, number)): Path<(String, String)>) -> Result<Markup, Failure> {
    let (place, row) = one_of(&desk, &place, &number).await?;
    let w = desk.w;
    let case = format!("/family/{place}/cases/{}", row.number);
    let path = format!("{case}/withdraw");
    Ok(desk.shell(w.t("case-withdraw-title"), &path).back(case.as_str()).page(html! {
        p { (w.t("case-withdraw-text")) }
        (post_form(&path, html! {
            (buttons(html! {
                (button(w.t("case-withdraw-go")).warning())
                (quiet_link_button(&case, &w.t("case-withdraw-keep")))
            }))
        }))
    }))
}

pub(super) async fn withdraw(desk: Desk, Path((place, number)): Path<(String, String)>) -> Result<Redirect, Failure> {
    let (place, row) = one_of(&desk, &place, &number).await?;
    let person = desk.citizen.member(place)?;
    desk.vault().withdraw_case(&desk.citizen, person, row.number).await?;
    Ok(Redirect::to(&format!("/family/{place}/data?said=withdrawn")))
}
