//! Everything that is kept about a member, as a file: after a fresh code, and one look at every field.

use super::fresh::{CodePage, sent_here};
use super::{Desk, Pairs, form, member};
use crate::Failure;
use crate::page::{button, buttons, post_form, quiet_link_button};
use axum::Form as Posted;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXUPPER;
use maud::{Markup, html};
use serde_json::{Value, json};
use vault::{CodeFor, Disclosed, Everything};

const DIGITS: u8 = 6;

pub(super) async fn show(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, _) = desk.member(&place)?;
    let (w, path) = (desk.w, format!("/family/{place}/download"));
    Ok(desk.shell(w.t("download-title"), &path).back("/my-data").page(html! {
        p.lead { (w.with("member-number", [("place", (place + 1).to_string().into())])) }
        p { (w.t("download-text")) }
        ul {
            @for key in ["download-fields", "download-doses", "download-bookings", "download-permissions", "download-looks"] { li { (w.t(key)) } }
        }
        p { (w.t("download-careful")) }
        (post_form(&path, buttons(html! {
            (button(w.t("download-send")))
            (quiet_link_button("/my-data", &w.t("download-back")))
        })))
    }))
}

pub(super) async fn send(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    code_page(&desk, place).send(&desk, person, CodeFor::Download).await
}

fn code_page(desk: &Desk, place: usize) -> CodePage<'static> {
    let w = desk.w;
    CodePage {
        label: w.t("download-code"),
        hint: sent_here(desk),
        digits: DIGITS,
        button: button(w.t("download-go")),
        action: format!("/family/{place}/download/code"),
        back: "/my-data".into(),
        kept: &[],
        note: None,
    }
}

pub(super) async fn take(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let (place, person) = desk.member(&place)?;
    let (page, mut form) = (code_page(&desk, place), form(pairs));
    let Some((transaction, code)) = page.typed(desk.w, &mut form) else {
        return Ok(page.again(&desk, &form).into_response());
    };
    match desk.vault().download(&desk.citizen, person, transaction, &code).await {
        Ok(everything) => Ok(member::download("my-data", &as_json(&everything))),
        Err(refused) => Ok(page.refused(&desk, &mut form, refused)?.into_response()),
    }
}

fn moment(ms: i64) -> String {
    vault::at(ms).timestamp().to_string()
}

fn as_json(all: &Disclosed<Everything>) -> Value {
    let fields: serde_json::Map<String, Value> =
        all.fields.iter().map(|(field, plain)| (field.code().to_owned(), json!(plain))).collect();
    let doses = all.doses.iter().map(|dose| {
        json!({
            "number": dose.number, "vaccine": dose.vaccine.label(), "batch": dose.batch, "day": dose.day.to_string(),
            "centre": dose.centre.0, "given_by": dose.staff.code(), "shown_by": dose.factor.map(registry::Factor::code),
        })
    });
    let appointments = all.appointments.iter().map(|row| {
        json!({
            "id": row.id.to_string(), "dose": row.dose, "vaccine": row.vaccine.label(), "day": row.day.to_string(),
            "slot": row.slot.text(), "centre": row.centre.0, "status": row.status.code(),
        })
    });
    let certificate = all
        .certificate
        .as_ref()
        .map(|row| json!({ "id": HEXUPPER.encode(&row.id), "version": row.version, "issued_at": row.issued_s }));
    let permissions = all.permissions.iter().map(|one| {
        json!({
            "id": one.id.to_string(), "to": one.partner, "purpose": one.purpose,
            "fields": one.fields.iter().map(|field| field.code()).collect::<Vec<_>>(),
            "reads": one.reads, "used": one.used, "given_at": moment(one.made_ms), "until": moment(one.until_ms),
            "ended_at": one.revoked_ms.map(moment), "signed": one.artefact,
        })
    });
    json!({
        "format": "teeka-my-data/v1",
        "fields": fields,
        "language": all.language,
        "notice_shown": all.notice,
        "doses": doses.collect::<Vec<_>>(),
        "appointments": appointments.collect::<Vec<_>>(),
        "certificate": certificate,
        "permissions": permissions.collect::<Vec<_>>(),
        "looks": all.looks,
    })
}
