//! What the two officers decide. The reasons are a closed list, so that nobody writes about a person in the open.

use super::{Desk, Pairs, one};
use crate::page::{Form, button, date_field, field, inset, post_form, quiet_link_button, radios, select, summary_list};
use crate::words::Words;
use crate::{Failure, open::sessions};
use axum::Form as Posted;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::Vaccine;
use registry::case::{FoundDose, Kind, MissingDose, Reason, State, Verdict};
use vault::rows::CaseRow;
use vault::{Decision, Judgement, Refused};

/// The first officer's form, or the second's.
pub(super) fn form(w: Words, row: &CaseRow, form: &Form) -> Markup {
    let path = format!("/desk/{}", row.number);
    match row.state {
        State::Second => post_form(
            &format!("{path}/judge"),
            html! {
                (proposed(w, row))
                (judgements(w, row, form))
                (button(w.t("desk-judge")))
            },
        ),
        _ => post_form(
            &format!("{path}/propose"),
            html! {
                (decisions(w, row.kind, form))
                @if row.kind == Kind::Missing { (found_fields(w, form)) }
                p { (w.t("desk-second-follows")) }
                (button(w.t("desk-propose")))
            },
        ),
    }
}

/// What a missing dose was, as she remembers it: where the officer's own search begins.
pub(super) fn as_remembered(dose: &MissingDose) -> Form {
    Form::empty()
        .with("vaccine", dose.vaccine.label())
        .with("dose_number", dose.number.to_string())
        .with_date("day", dose.day)
}

fn decisions(w: Words, kind: Kind, form: &Form) -> Markup {
    let group =
        Verdict::ALL.iter().flat_map(|verdict| kind.reasons(*verdict).iter().map(move |reason| (verdict, reason)));
    let offered = group.fold(radios(w, form, "decision", w.t("desk-decision")), |group, (verdict, reason)| {
        group.option_with_hint(
            format!("{}.{}", verdict.code(), reason.code()),
            verdict_words(w, *verdict),
            said(w, *reason),
        )
    });
    html! { (offered) }
}

fn found_fields(w: Words, form: &Form) -> Markup {
    let vaccine = select(w, form, "vaccine", w.t("file-vaccine"));
    let vaccine =
        Vaccine::ALL.into_iter().fold(vaccine, |choice, one| choice.option(one.label(), sessions::vaccine(w, one)));
    let number = radios(w, form, "dose_number", w.t("desk-dose")).tiles();
    let number = [1_u8, 2, 3].into_iter().fold(number, |choice, one| {
        choice.option(one.to_string(), w.with("file-dose-number", [("number", one.into())]))
    });
    html! {
        p { (w.t("desk-found")) }
        (vaccine)
        (number)
        (field(w, form, "centre", w.t("desk-centre")).hint(w.t("desk-centre-hint")).digits(7))
        (field(w, form, "batch", w.t("desk-batch")).characters(16))
        (date_field(w, form, "day", w.t("desk-day")))
    }
}

fn proposed(w: Words, row: &CaseRow) -> Markup {
    let mut list = summary_list(w);
    if let (Some(verdict), Some(reason)) = (row.verdict, row.reason) {
        list = list.row(w.t("desk-first-decided"), verdict_words(w, verdict)).row(w.t("desk-why"), said(w, reason));
    }
    if let Some(found) = &row.found {
        let number = w.with("file-dose-number", [("number", found.number.into())]);
        let values = [("vaccine", sessions::vaccine(w, found.vaccine).into()), ("dose", number.into())];
        list = list
            .row(w.t("desk-dose"), w.with("file-dose-of", values))
            .row(w.t("desk-centre"), found.centre.to_string())
            .row(w.t("desk-batch"), found.batch.as_str())
            .row(w.t("desk-day"), w.date(found.day));
    }
    html! { (list) }
}

fn judgements(w: Words, row: &CaseRow, form: &Form) -> Markup {
    let group = radios(w, form, "decision", w.t("desk-decision")).option("agree", w.t("desk-agree"));
    let group = match row.verdict {
        Some(Verdict::Accept) => row.kind.reasons(Verdict::Refuse).iter().fold(group, |group, reason| {
            group.option_with_hint(format!("against.{}", reason.code()), w.t("desk-against"), said(w, *reason))
        }),
        _ => group.option("afresh", w.t("desk-afresh")),
    };
    html! { (group) }
}

fn verdict_words(w: Words, verdict: Verdict) -> String {
    w.t(match verdict {
        Verdict::Accept => "desk-accept",
        Verdict::Refuse => "desk-refuse",
    })
}

/// Why, said among officers.
fn said(w: Words, reason: Reason) -> String {
    w.t(match reason {
        Reason::Document => "desk-reason-document",
        Reason::Register => "desk-reason-register",
        Reason::NothingAgainst => "desk-reason-nothing-against",
        Reason::DocumentDiffers => "desk-reason-document-differs",
        Reason::RegisterDiffers => "desk-reason-register-differs",
        Reason::HolderObjects => "desk-reason-holder-objects",
        Reason::Unclear => "desk-reason-unclear",
    })
}

/// `accept.document`: what a radio button says.
fn decision(text: &str) -> Option<(Verdict, Reason)> {
    let (verdict, reason) = text.split_once('.')?;
    Some((Verdict::from_code(verdict)?, Reason::from_code(reason)?))
}

fn judgement(text: &str) -> Option<Judgement> {
    match text {
        "agree" => Some(Judgement::Agree),
        "afresh" => Some(Judgement::Afresh),
        other => Reason::from_code(other.strip_prefix("against.")?).map(Judgement::Against),
    }
}

fn found(form: &Form) -> Option<FoundDose> {
    Some(FoundDose {
        centre: form.digits("centre").parse().ok()?,
        vaccine: form.value("vaccine").parse().ok()?,
        number: form.value("dose_number").parse().ok()?,
        batch: Some(form.value("batch")).filter(|batch| !batch.is_empty())?.to_owned(),
        day: form.date("day").ok()?,
    })
}

/// `POST /desk/{number}/propose`.
pub(super) async fn propose(
    desk: Desk,
    Path(text): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let (number, mut form) = (one::number(&text)?, Form::from(pairs));
    let row = desk.vault().case_at_desk(&desk.staff, number).await?;
    let Some((verdict, reason)) = decision(form.value("decision")) else {
        return again(&desk, &row, form, "decision", "desk-decision-missing");
    };
    let decision = Decision { verdict, reason, found: found(&form) };
    match desk.vault().propose_case(&desk.staff, number, decision).await {
        Ok(()) => Ok(Redirect::to("/desk?said=proposed").into_response()),
        Err(Refused::Malformed(wrong)) if wrong.field == "found" => {
            form.problem("centre", desk.w.t("desk-found-wrong"));
            Ok(page(&desk, &row, &form).into_response())
        }
        Err(Refused::Malformed(_)) => again(&desk, &row, form, "decision", "desk-decision-missing"),
        Err(other) => Err(other.into()),
    }
}

/// `POST /desk/{number}/judge`.
pub(super) async fn judge(
    desk: Desk,
    Path(text): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let (number, form) = (one::number(&text)?, Form::from(pairs));
    let row = desk.vault().case_at_desk(&desk.staff, number).await?;
    let Some(judgement) = judgement(form.value("decision")) else {
        return again(&desk, &row, form, "decision", "desk-decision-missing");
    };
    match desk.vault().judge_case(&desk.staff, number, judgement).await {
        Ok(state) => Ok(Redirect::to(&format!("/desk?said={}", state.code())).into_response()),
        Err(Refused::Malformed(_)) => again(&desk, &row, form, "decision", "desk-decision-missing"),
        Err(other) => Err(other.into()),
    }
}

/// The decision again, with what is wrong with it: without her data, which only a look shows.
fn again(desk: &Desk, row: &CaseRow, mut form: Form, name: &str, key: &'static str) -> Result<Response, Failure> {
    if row.holder() != Some(desk.staff.id) {
        return Err(Failure::not_found());
    }
    form.problem(name, desk.w.t(key));
    Ok(page(desk, row, &form).into_response())
}

fn page(desk: &Desk, row: &CaseRow, filled: &Form) -> Markup {
    let (w, path) = (desk.w, format!("/desk/{}", row.number));
    desk.shell(one::title(w, row), &path).back(path.as_str()).form(filled).page(html! {
        (inset(html! { p { (w.t("desk-look-again")) } }))
        (form(w, row, filled))
        (quiet_link_button(&path, &w.t("desk-back")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;
    use registry::case::CaseNumber;
    use registry::{CaseId, PersonId};

    fn row(kind: Kind, state: State, verdict: Option<Verdict>) -> CaseRow {
        CaseRow {
            id: CaseId::from_random([1; 16]),
            number: CaseNumber::from_random([1; 8]),
            kind,
            person: PersonId::from_random([2; 16]),
            dose: None,
            text_version: 1,
            state,
            filed_ms: 0,
            due_ms: 0,
            until_ms: 0,
            opened: 0,
            first: None,
            second: None,
            verdict,
            reason: verdict.map(|verdict| kind.reasons(verdict)[0]),
            found: None,
            closed_ms: None,
            other: None,
            other_opened: 0,
            centre: None,
        }
    }

    #[test]
    fn what_the_buttons_send_is_what_is_read() {
        for kind in Kind::ALL {
            for w in Language::ALL.map(Words::new) {
                let drawn = form(w, &row(*kind, State::First, None), &Form::empty()).0;
                for verdict in Verdict::ALL {
                    for reason in kind.reasons(*verdict) {
                        let value = format!("{}.{}", verdict.code(), reason.code());
                        assert!(drawn.contains(&format!("value=\"{value}\"")), "{value}");
                        assert_eq!(decision(&value), Some((*verdict, *reason)));
                    }
                }
                let second = |verdict| form(w, &row(*kind, State::Second, Some(verdict)), &Form::empty()).0;
                assert!(second(Verdict::Accept).contains("value=\"against.unclear\""));
                assert!(second(Verdict::Refuse).contains("value=\"afresh\""));
            }
        }
        for wrong in ["", "accept", "accept.", "refuse.because", "against.me"] {
            assert!(decision(wrong).is_none() && judgement(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_found_dose_is_named_in_full_or_not_at_all() {
        let all = [("centre", "601"), ("vaccine", "COVAXIN"), ("dose_number", "1"), ("batch", "CX-1")];
        let filled = |without: &str| {
            let kept = all.into_iter().filter(|(name, _)| *name != without);
            kept.fold(Form::empty().with_date("day", jiff::civil::date(2026, 11, 24)), |form, (name, value)| {
                form.with(name, value)
            })
        };
        assert!(found(&filled("")).is_some());
        for (name, _) in all {
            assert!(found(&filled(name)).is_none(), "{name}");
        }
    }
}
