//! She files a case herself: the questions of its kind, and which of her doses is not hers.

use super::cases::OFFERED;
use super::{Desk, Pairs, form};
use crate::cases::filing::{self, Ask, Questions};
use crate::open::sessions;
use crate::page::{Form, card, empty_state, link_button, look_recorded};
use crate::{Failure, cases};
use axum::Form as Posted;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::DoseId;
use registry::case::Kind;
use vault::Refusal;

/// The case that is being filed: for whom, of which kind.
struct Filing {
    desk: Desk,
    place: usize,
    questions: Questions,
}

impl Filing {
    fn begun(desk: Desk, place: &str, what: &str) -> Result<Self, Failure> {
        let (place, _) = desk.member(place)?;
        // Another phone is asked for under her move, or at a centre.
        let kind = Kind::from_code(what).filter(|kind| OFFERED.contains(kind)).ok_or_else(Failure::not_found)?;
        let path = format!("/family/{place}/cases/new/{}", kind.code());
        let questions = Questions { w: desk.w, kind, path, today: desk.vault().today() };
        Ok(Self { desk, place, questions })
    }

    fn page(&self, form: &Form, ask: Ask) -> Markup {
        let title = cases::kind(self.desk.w, self.questions.kind);
        let shell = self.desk.shell(title, &self.questions.path).back(format!("/family/{}/data", self.place));
        self.questions.page(shell.form(form), form, ask)
    }
}

pub(super) async fn start(
    desk: Desk,
    Path((place, what)): Path<(String, String)>,
    Query(query): Query<Pairs>,
) -> Result<Response, Failure> {
    let filing = Filing::begun(desk, &place, &what)?;
    let mut begun = filing::begun(filing.desk.vault());
    if filing.questions.kind == Kind::NotMine {
        match form(query).value("dose").parse::<DoseId>() {
            Ok(dose) => begun = begun.with("dose", dose.to_string()),
            Err(_) => return Ok(Redirect::to(&format!("/family/{}/cases/which-dose", filing.place)).into_response()),
        }
    }
    Ok(filing.page(&begun, filing.questions.first()).into_response())
}

/// An answer came: the same question again if something is wrong with it, else the next one.
pub(super) async fn answered(
    desk: Desk,
    Path((place, what)): Path<(String, String)>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Markup, Failure> {
    let filing = Filing::begun(desk, &place, &what)?;
    let mut form = form(pairs);
    let next = filing.questions.next(&mut form);
    Ok(filing.page(&form, next))
}

pub(super) async fn save(
    desk: Desk,
    Path((place, what)): Path<(String, String)>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let filing = Filing::begun(desk, &place, &what)?;
    let mut form = form(pairs);
    if let Some(ask) = filing.questions.mistaken(&mut form) {
        return Ok(filing.page(&form, ask).into_response());
    }
    let (vault, citizen) = (filing.desk.vault(), &filing.desk.citizen);
    let (once, claim) = (filing::once(&form)?, filing.questions.claim(&form)?);
    let (place, person) = (filing.place, citizen.member(filing.place)?);
    match vault.file_case(citizen, person, &claim, form.value("words"), &once).await {
        Ok(number) => Ok(Redirect::to(&format!("/family/{place}/cases/{number}?said=filed")).into_response()),
        Err(vault::Refused::Rule(Refusal::Conflict)) => {
            Ok(Redirect::to(&format!("/family/{place}/data?said=open")).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Which of her doses is not hers.
pub(super) async fn which_dose(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let one = desk.card(person).await?;
    let (w, path) = (desk.w, format!("/family/{place}/cases/which-dose"));
    Ok(desk.shell(w.t("file-which-dose"), &path).back(format!("/family/{place}/data")).page(html! {
        p { (look_recorded(w)) }
        @if one.doses.is_empty() {
            (empty_state(&w.t("file-no-dose"), html! { p { (w.t("file-no-dose-text")) } }))
        }
        @for dose in &one.doses {
            @let values = [
                ("dose", dose.number.into()),
                ("vaccine", sessions::vaccine(w, dose.vaccine).into()),
                ("day", w.date(dose.day).into()),
            ];
            (card(html! {
                h2 { (w.with("task-dose-given", values)) }
                p { (w.with("member-batch", [("batch", dose.batch.as_str().into())])) }
                (link_button(&format!("/family/{place}/cases/new/not-mine?dose={}", dose.id), &w.t("file-this-dose")))
            }))
        }
    }))
}
