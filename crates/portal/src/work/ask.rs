//! She asks for something: what is wrong in her record, said to the vaccinator, who writes it down.

use super::{Asked, Posted, Spot, shell};
use crate::cases::filing::{self, Ask, Questions};
use crate::open::sessions;
use crate::page::{Form, Tone, button, card, empty_state, field, inset, link_button, look_recorded, summary_list, tag};
use crate::words::Words;
use crate::{Failure, Portal, caller::PageVaccinator, cases};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::DoseId;
use registry::case::{CaseNumber, Kind};
use vault::{Refusal, Refused, Staff};

/// What can be asked for here, in the order in which it is offered. Two records need a factor for each, so not here.
const OFFERED: [Kind; 6] =
    [Kind::WrongName, Kind::WrongBirthYear, Kind::WrongGender, Kind::NotMine, Kind::Missing, Kind::Aefi];

/// The case that is being filed: by whom, for whom, of which kind.
pub(super) struct Filing {
    portal: Portal,
    staff: Staff,
    spot: Spot,
    questions: Questions,
}

impl FromRequestParts<Portal> for Filing {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let PageVaccinator(staff) =
            PageVaccinator::from_request_parts(parts, portal).await.map_err(IntoResponse::into_response)?;
        let Ok(w) = Words::from_request_parts(parts, portal).await;
        let path = Path::<(String, String, String, String)>::from_request_parts(parts, portal).await;
        let named = path.ok().and_then(|Path((session, appointment, nth, what))| {
            let kind = Kind::from_code(&what).filter(|kind| OFFERED.contains(kind))?;
            Some((Spot::named(&session, &appointment, &nth)?, kind))
        });
        let (spot, kind) = named.ok_or_else(|| Failure::not_found().into_response())?;
        spot.there(portal, &staff).await.map_err(IntoResponse::into_response)?;
        let questions =
            Questions { w, kind, path: spot.under(&format!("ask/{}", kind.code())), today: portal.vault().today() };
        Ok(Self { portal: portal.clone(), staff, spot, questions })
    }
}

impl Filing {
    fn page(&self, form: &Form, ask: Ask) -> Markup {
        let questions = &self.questions;
        let title = cases::kind(questions.w, questions.kind);
        let shell = super::titled(&self.portal, &self.staff, questions.w, title, &questions.path);
        questions.page(shell.back(self.spot.under("ask")).form(form), form, ask)
    }
}

/// What does she ask for?
pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
    asked: Asked,
) -> Result<Response, Failure> {
    let row = spot.there(&portal, &staff).await?;
    let (path, mut form) = (spot.under("ask"), Form::from(asked.0));
    if !form.value("number").is_empty() {
        match known(&portal, &staff, spot, form.value("number")).await? {
            Some(number) => return Ok(Redirect::to(&spot.under(&format!("cases/{number}"))).into_response()),
            None => form.problem("number", w.t("ask-number-none")),
        }
    }
    let mut shell = shell(&portal, &staff, w, "ask-title", &path).back(spot.home(&row)).form(&form);
    if form.value("said") == "open" {
        shell = shell.flash(Tone::Info, w.t("ask-said-open"));
    }
    Ok(shell.page(html! {
        p { (w.with("work-reference-ends", [("four", row.reference_last_four.as_str().into())])) }
        p { (w.t("ask-text")) }
        ul {
            @for kind in OFFERED { li { a href=(spot.under(&format!("ask/{}", kind.code()))) { (cases::kind(w, kind)) } } }
            li { a href=(spot.under("phone")) { (w.t("phone-link")) } }
        }
        h2 { (w.t("ask-answer")) }
        form action=(path) {
            (field(w, &form, "number", w.t("case-number")).hint(w.t("join-number-hint")))
            (button(w.t("ask-answer-go")).secondary())
        }
    }).into_response())
}

/// The number of a case of hers; another's and nobody's look the same.
async fn known(portal: &Portal, staff: &Staff, spot: Spot, typed: &str) -> Result<Option<CaseNumber>, Failure> {
    let Ok(number) = typed.parse() else { return Ok(None) };
    match portal.vault().case_present(staff, (spot.appointment, spot.nth), number).await {
        Ok(_) => Ok(Some(number)),
        Err(Refused::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn start(filing: Filing, asked: Asked) -> Result<Response, Failure> {
    let mut begun = filing::begun(filing.portal.vault());
    if filing.questions.kind == Kind::NotMine {
        match Form::from(asked.0).value("dose").parse::<DoseId>() {
            Ok(dose) => begun = begun.with("dose", dose.to_string()),
            Err(_) => return Ok(Redirect::to(&filing.spot.under("ask/which-dose")).into_response()),
        }
    }
    Ok(filing.page(&begun, filing.questions.first()).into_response())
}

/// An answer came: the same question again if something is wrong with it, else the next one.
pub(super) async fn answered(filing: Filing, posted: Posted) -> Markup {
    let mut form = Form::from(posted.0);
    let next = filing.questions.next(&mut form);
    filing.page(&form, next)
}

pub(super) async fn save(filing: Filing, posted: Posted) -> Result<Response, Failure> {
    let mut form = Form::from(posted.0);
    let Filing { portal, staff, spot, questions } = &filing;
    if let Some(ask) = questions.mistaken(&mut form) {
        return Ok(filing.page(&form, ask).into_response());
    }
    let (once, claim) = (filing::once(&form)?, questions.claim(&form)?);
    let place = (spot.appointment, spot.nth);
    match portal.vault().file_case_present(staff, place, &claim, form.value("words"), &once).await {
        Ok(number) => Ok(Redirect::to(&spot.under(&format!("cases/{number}"))).into_response()),
        Err(Refused::Rule(Refusal::Conflict)) => Ok(Redirect::to(&spot.under("ask?said=open")).into_response()),
        Err(other) => Err(other.into()),
    }
}

/// Which dose did she not get?
pub(super) async fn which_dose(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
) -> Result<Markup, Failure> {
    spot.there(&portal, &staff).await?;
    let visitor = portal.vault().visitor(&staff, (spot.appointment, spot.nth)).await?;
    let path = spot.under("ask/which-dose");
    Ok(shell(&portal, &staff, w, "ask-which-dose", &path).back(spot.under("ask")).page(html! {
        p.lead { (visitor.name) }
        p { (look_recorded(w)) }
        @if visitor.doses.is_empty() {
            (empty_state(&w.t("file-no-dose"), html! { p { (w.t("file-no-dose-text")) } }))
        }
        @for dose in &visitor.doses {
            @let values = [
                ("dose", dose.number.into()),
                ("vaccine", sessions::vaccine(w, dose.vaccine).into()),
                ("day", w.date(dose.day).into()),
            ];
            (card(html! {
                h2 { (w.with("task-dose-given", values)) }
                p { (w.with("member-batch", [("batch", dose.batch.as_str().into())])) }
                (link_button(&spot.under(&format!("ask/not-mine?dose={}", dose.id)), &w.t("ask-this-dose")))
            }))
        }
    }))
}

/// A case of hers: its number, for her to take along, and what became of it.
pub(super) async fn one(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    Path((session, appointment, nth, number)): Path<(String, String, String, String)>,
) -> Result<Markup, Failure> {
    let spot = Spot::named(&session, &appointment, &nth).ok_or_else(Failure::not_found)?;
    let there = spot.there(&portal, &staff).await?;
    let number: CaseNumber = number.parse().map_err(|_| Failure::not_found())?;
    let row = portal.vault().case_present(&staff, (spot.appointment, spot.nth), number).await?;
    let path = spot.under(&format!("cases/{number}"));
    let (tone, state) = cases::state(w, &row, portal.vault().now_ms());
    let title = w.with("case-title", [("number", number.to_string().into())]);
    Ok(super::titled(&portal, &staff, w, title, &path).back(spot.under("ask")).page(html! {
        p.lead { (cases::kind(w, row.kind)) }
        (summary_list(w)
            .row(w.t("case-state"), tag(tone, &state))
            .row(w.t("case-filed-on"), cases::day(w, row.filed_ms))
            .row(w.t("case-due"), cases::day(w, row.due_ms)))
        // What one officer decided is no decision yet.
        @if let Some(reason) = row.reason.filter(|_| row.closed_ms.is_some()) {
            (inset(html! { p { (cases::reason(w, reason)) } }))
        }
        @if row.state.is_open() { p { (w.t("ask-filed-text")) } }
        (link_button(&spot.home(&there), &w.t("work-go-on")))
    }))
}
