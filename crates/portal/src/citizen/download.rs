//! Everything that is kept about a member, as a file: after a fresh code, and one look at every field.

use super::fresh::{self, Ask};
use super::{Desk, Pairs, form, member};
use crate::Failure;
use crate::page::{Form, button, buttons, post_form, quiet_link_button};
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
    Ok(match fresh::send(&desk, person, CodeFor::Download).await? {
        Ok(transaction) => code_page(&desk, place, &Form::empty().with("txn", transaction.to_string())),
        Err(wait) => desk.shell(desk.w.t("download-title"), "/my-data").back("/my-data").page(html! {
            (fresh::wait_banner(desk.w, &wait))
        }),
    })
}

fn code_page(desk: &Desk, place: usize, form: &Form) -> Markup {
    let w = desk.w;
    let ask = Ask {
        label: w.t("download-code"),
        hint: w.with("fresh-code-hint", [("last", desk.citizen.phone_last_four().to_owned().into())]),
        digits: DIGITS,
        button: button(w.t("download-go")),
    };
    let shell = desk.shell(w.t("download-code"), "/my-data").back("/my-data").form(form).question();
    shell.page(fresh::code_form(w, form, &format!("/family/{place}/download/code"), ask, &[]))
}

pub(super) async fn take(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let (place, person) = desk.member(&place)?;
    let (w, mut form) = (desk.w, form(pairs));
    if let Some((transaction, code)) = fresh::typed(w, &mut form, DIGITS) {
        match desk.vault().download(&desk.citizen, person, transaction, &code).await {
            Ok(everything) => return Ok(member::download("my-data", &as_json(&everything))),
            Err(refused) => form.problem("code", fresh::why_not(w, desk.vault().now_ms(), refused)?),
        }
    }
    Ok(code_page(&desk, place, &fresh::without_code(&form, &[])).into_response())
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
