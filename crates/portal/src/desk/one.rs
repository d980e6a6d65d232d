//! One case: taken, looked at, given back.

use super::{Desk, decide};
use crate::page::{Form, Tone, banner, button, inset, look_recorded, post_form, summary_list, table, tag};
use crate::words::Words;
use crate::{Failure, cases, citizen, open::sessions};
use axum::extract::Path;
use axum::response::Redirect;
use maud::{Markup, html};
use registry::case::{CaseNumber, Claim, MissingDose, State};
use registry::{Gender, IdKind};
use vault::rows::{CaseRow, DoseRow};
use vault::{CaseFile, OtherRecord};

/// The number that an address names.
pub(super) fn number(text: &str) -> Result<CaseNumber, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// `GET /desk/{number}`: what the queue knows of it.
pub(super) async fn show(desk: Desk, Path(text): Path<String>) -> Result<Markup, Failure> {
    let row = desk.vault().case_at_desk(&desk.staff, number(&text)?).await?;
    let (w, path) = (desk.w, format!("/desk/{}", row.number));
    let is_mine = row.holder() == Some(desk.staff.id);
    let was_mine = row.first == Some(desk.staff.id);
    Ok(desk.shell(title(w, &row), &path).back("/desk").page(html! {
        (facts(w, &row, desk.vault().now_ms()))
        @if is_mine {
            p { (w.t("desk-look-text")) }
            (post_form(&format!("{path}/look"), button(w.t("desk-look"))))
            (post_form(&format!("{path}/put-back"), button(w.t("desk-put-back")).secondary()))
        } @else if row.state == State::Filed || (row.state == State::Proposed && !was_mine) {
            p { (w.t("desk-take-text")) }
            (post_form(&format!("{path}/take"), button(w.t("desk-take"))))
        } @else if row.state == State::Proposed {
            (inset(html! { p { (w.t("desk-other-officer")) } }))
        }
    }))
}

pub(super) fn title(w: Words, row: &CaseRow) -> String {
    w.with("case-title", [("number", row.number.to_string().into())])
}

fn facts(w: Words, row: &CaseRow, now_ms: i64) -> Markup {
    let (tone, state) = cases::state(w, row, now_ms);
    html! {
        (summary_list(w)
            .row(w.t("case-about"), cases::kind(w, row.kind))
            .row(w.t("case-state"), tag(tone, &state))
            .row(w.t("case-filed-on"), cases::day(w, row.filed_ms))
            .row(w.t("case-due"), cases::day(w, row.due_ms)))
    }
}

/// `POST /desk/{number}/take`.
pub(super) async fn take(desk: Desk, Path(text): Path<String>) -> Result<Redirect, Failure> {
    let number = number(&text)?;
    desk.vault().take_case(&desk.staff, number).await?;
    Ok(Redirect::to(&format!("/desk/{number}")))
}

/// `POST /desk/{number}/put-back`.
pub(super) async fn put_back(desk: Desk, Path(text): Path<String>) -> Result<Redirect, Failure> {
    desk.vault().put_back_case(&desk.staff, number(&text)?).await?;
    Ok(Redirect::to("/desk?said=put-back"))
}

/// `POST /desk/{number}/look`: one look, recorded, and the decision below it.
pub(super) async fn look(desk: Desk, Path(text): Path<String>) -> Result<Markup, Failure> {
    let number = number(&text)?;
    let file = desk.vault().case_file(&desk.staff, number).await?;
    let row = desk.vault().case_at_desk(&desk.staff, number).await?;
    let (w, path) = (desk.w, format!("/desk/{number}"));
    let form = match &file.claim {
        Claim::Missing(dose) => decide::as_remembered(dose),
        _ => Form::empty(),
    };
    Ok(desk.shell(title(w, &row), &path).back(path.as_str()).page(html! {
        p { (cases::kind(w, row.kind)) }
        (banner(w, Tone::Info, html! { p { (look_recorded(w)) " " (w.t("desk-look-told")) } }))
        h2 { (w.t("desk-she-says")) }
        (claimed(w, &file))
        h2 { (w.t("desk-as-it-stands")) }
        (standing(w, &Recorded::from(&*file)))
        @if let Some(other) = &file.other {
            h2 { (w.t("desk-other-record")) }
            (standing(w, &Recorded::from(other)))
        }
        h2 { (w.t("desk-decide")) }
        (decide::form(w, &row, &form))
    }))
}

fn claimed(w: Words, file: &CaseFile) -> Markup {
    let list = match &file.claim {
        Claim::Name(name) => summary_list(w).row(w.t("file-name"), name.text()),
        Claim::BirthYear(year) => summary_list(w).row(w.t("file-born"), year.year().to_string()),
        Claim::Gender(one) => summary_list(w).row(w.t("file-gender"), citizen::gender(w, *one)),
        Claim::Missing(dose) => remembered(w, dose),
        Claim::NotMine(_) | Claim::Aefi | Claim::Duplicate | Claim::NumberLost | Claim::OfAge => summary_list(w),
    };
    let words = if file.words.is_empty() { w.t("file-words-none") } else { file.words.clone() };
    html! { (list.row(w.t("file-words"), html! { @for line in words.lines() { (line) br; } })) }
}

fn remembered(w: Words, dose: &MissingDose) -> crate::page::SummaryList {
    let number = w.with("file-dose-number", [("number", dose.number.into())]);
    let values = [("vaccine", sessions::vaccine(w, dose.vaccine).into()), ("dose", number.into())];
    summary_list(w)
        .row(w.t("file-dose"), w.with("file-dose-of", values))
        .row(w.t("file-place"), dose.place.as_str())
        .row(w.t("file-day"), w.date(dose.day))
}

/// What is recorded, as far as the kind of the case needs it.
struct Recorded<'a> {
    name: Option<&'a str>,
    birth_year: Option<u16>,
    gender: Option<Gender>,
    id_document: Option<&'a (u8, String)>,
    doses: &'a [DoseRow],
}

impl<'a> From<&'a CaseFile> for Recorded<'a> {
    fn from(file: &'a CaseFile) -> Self {
        let (name, id_document) = (file.name.as_deref(), file.id_document.as_ref());
        Self { name, birth_year: file.birth_year, gender: file.gender, id_document, doses: &file.doses }
    }
}

impl<'a> From<&'a OtherRecord> for Recorded<'a> {
    fn from(other: &'a OtherRecord) -> Self {
        Self {
            name: Some(&other.name),
            birth_year: Some(other.birth_year),
            gender: Some(other.gender),
            id_document: other.id_document.as_ref(),
            doses: &other.doses,
        }
    }
}

fn standing(w: Words, record: &Recorded<'_>) -> Markup {
    let mut list = summary_list(w);
    if let Some(name) = record.name {
        list = list.row(w.t("desk-name"), name);
    }
    if let Some(year) = record.birth_year {
        list = list.row(w.t("add-born"), year.to_string());
    }
    if let Some(one) = record.gender {
        list = list.row(w.t("add-gender"), citizen::gender(w, one));
    }
    if let Some((kind, last)) = record.id_document {
        let kind = IdKind::from_id(*kind).map_or_else(|_| w.t("document-other"), |kind| citizen::document(w, kind));
        let ends = w.with("document-ends", [("kind", kind.into()), ("last", last.as_str().into())]);
        list = list.row(w.t("add-check-document"), ends);
    }
    html! {
        (list)
        @if !record.doses.is_empty() {
            (table(w.t("desk-doses"))
                .column(w.t("desk-dose")).column(w.t("desk-centre")).column(w.t("desk-batch")).column(w.t("desk-day"))
                .rows(record.doses.iter().map(|dose| dose_cells(w, dose))))
        }
    }
}

fn dose_cells(w: Words, dose: &DoseRow) -> Vec<Markup> {
    let number = w.with("file-dose-number", [("number", dose.number.into())]);
    let values = [("vaccine", sessions::vaccine(w, dose.vaccine).into()), ("dose", number.into())];
    vec![
        html! { (w.with("file-dose-of", values)) },
        html! { (dose.centre) },
        html! { (dose.batch) },
        html! { (w.date(dose.day)) },
    ]
}
