//! The certificate: what it says, the code that anyone can check, and the files to keep.

use super::Desk;
use super::member::{download, one_dose};
use crate::page::{buttons, card, details, empty_state, link_button, look_recorded, quiet_link_button, summary_list};
use crate::words::Words;
use crate::{Failure, papers};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use credential::qr::{self, Code};
use credential::{Certificate, Dose};
use data_encoding::HEXUPPER;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use registry::{PersonId, Vaccine};
use vault::{Certified, Disclosed, Refused};

pub(super) async fn show(desk: Desk, Path(place): Path<String>) -> Result<Response, Failure> {
    let (place, person) = desk.member(&place)?;
    match certified(&desk, person).await {
        Ok(certified) => Ok(page(&desk, place, &certified).into_response()),
        Err(Refused::NotFound) => Ok(nothing_yet(&desk, place, person).await?.into_response()),
        Err(other) => Err(other.into()),
    }
}

async fn certified(desk: &Desk, person: PersonId) -> Result<Disclosed<Certified>, Refused> {
    desk.vault().certify(&desk.citizen, &desk.citizen.grant(person)?, person).await
}

fn page(desk: &Desk, place: usize, certified: &Disclosed<Certified>) -> Markup {
    let w = desk.w;
    let path = format!("/family/{place}/certificate");
    let picture = Code::of(&qr::to_text(&certified.cwt)).map(|code| code.to_svg(&w.t("my-certificate-qr")));
    desk.shell(w.t("my-certificate-title"), &path).back("/family").page(html! {
        p.lead { (certified.certificate.name) }
        @if let Ok(picture) = picture { (PreEscaped(picture)) }
        p.no-print { (w.t("my-certificate-show")) " " (look_recorded(w)) }
        (buttons(html! {
            (link_button(&format!("{path}.pdf"), &w.t("my-certificate-pdf")))
            (quiet_link_button(&format!("{path}.json"), &w.t("my-certificate-json")))
        }))
        (says(w, &certified.certificate))
        (reveals(w))
        p.no-print { a href={ "/family/" (place) } { (w.t("my-certificate-missing")) } }
    })
}

fn says(w: Words, certificate: &Certificate) -> Markup {
    let issued = vault::at(certificate.issued_at * 1000).date();
    let number = HEXUPPER.encode(&certificate.id);
    let number = w.with(
        "my-certificate-number",
        [("number", number.into()), ("version", certificate.version.to_string().into())],
    );
    let mut list = summary_list(w)
        .row(w.t("add-check-name"), html! { (certificate.name) })
        .row(w.t("add-born"), certificate.birth_year.to_string())
        .row(w.t("add-gender"), gender(w, certificate.gender))
        .row(w.t("my-certificate-reference"), html! { (certificate.reference_last4) });
    if let Some(id) = &certificate.id_document {
        let values = [("kind", id.kind.as_str().into()), ("last", id.last4.as_str().into())];
        list = list.row(w.t("add-check-document"), w.with("document-ends", values));
    }
    html! {
        h2 { (w.t("my-certificate-says")) }
        (list)
        @for dose in &certificate.doses { (dose_card(w, dose)) }
        p.quiet { (number) br; (w.with("my-certificate-issued", [("day", w.date(issued).into())])) }
    }
}

fn gender(w: Words, gender: credential::Gender) -> String {
    super::gender(
        w,
        match gender {
            credential::Gender::Male => registry::Gender::Male,
            credential::Gender::Female => registry::Gender::Female,
            credential::Gender::Other => registry::Gender::Others,
        },
    )
}

fn dose_card(w: Words, dose: &Dose) -> Markup {
    let vaccine = dose.vaccine.parse::<Vaccine>();
    let vaccine = vaccine.map_or_else(|_| dose.vaccine.clone(), |one| crate::open::sessions::vaccine(w, one));
    let title = w.with(
        "my-certificate-dose",
        [("number", dose.number.into()), ("total", dose.total.into()), ("vaccine", vaccine.into())],
    );
    let day: Date = dose.date;
    let mut list = summary_list(w)
        .row(w.t("book-day"), w.date(day))
        .row(w.t("book-where"), html! { (dose.centre) br; (dose.district) ", " (dose.state) })
        .row(w.t("my-certificate-batch"), html! { (dose.batch) " · " (dose.manufacturer) });
    if let Some(name) = &dose.vaccinated_by {
        list = list.row(w.t("my-certificate-given-by"), html! { (name) });
    }
    card(html! { h3 { (title) } (list) })
}

/// Before she shows the code: what anyone who reads it learns, and what nobody learns from it.
fn reveals(w: Words) -> Markup {
    details(
        &w.t("my-certificate-reveals"),
        html! {
            p { (w.t("my-certificate-reveals-yes")) }
            p { (w.t("my-certificate-reveals-no")) }
            p { (w.t("my-certificate-reveals-offline")) }
        },
    )
}

/// No certified dose: the doses that wait for her word, or what to do first.
async fn nothing_yet(desk: &Desk, place: usize, person: PersonId) -> Result<Markup, Failure> {
    let w = desk.w;
    let one = desk.card(person).await?;
    let path = format!("/family/{place}/certificate");
    Ok(desk.shell(w.t("my-certificate-title"), &path).back("/family").page(html! {
        p.lead { (one.name) }
        p { (look_recorded(w)) }
        @if one.doses.is_empty() {
            (empty_state(&w.t("my-certificate-none"), html! {
                p { (w.t("task-certificate-later")) }
                (link_button(&format!("/family/{place}/book"), &w.t("appointment-choose")))
            }))
        }
        @for dose in &one.doses { (one_dose(w, place, dose)) }
    }))
}

pub(super) async fn pdf(desk: Desk, Path(place): Path<String>) -> Result<Response, Failure> {
    let (_, person) = desk.member(&place)?;
    let certified = certified(&desk, person).await?;
    let sheet = papers::certificate(&certified, desk.vault().issuer_key().name());
    papers::answer(sheet, "vaccination-certificate").await
}

pub(super) async fn json(desk: Desk, Path(place): Path<String>) -> Result<Response, Failure> {
    let (_, person) = desk.member(&place)?;
    let certified = certified(&desk, person).await?;
    Ok(download("vaccination-certificate", &as_json(&certified)))
}

/// The signed text, which alone proves anything, and beside it what it says, for reading.
fn as_json(certified: &Disclosed<Certified>) -> serde_json::Value {
    let certificate = &certified.certificate;
    let doses = certificate.doses.iter().map(|dose| {
        serde_json::json!({
            "number": dose.number, "total": dose.total, "vaccine": dose.vaccine, "manufacturer": dose.manufacturer,
            "batch": dose.batch, "date": dose.date.to_string(), "centre": dose.centre, "district": dose.district,
            "state": dose.state, "vaccinated_by": dose.vaccinated_by,
        })
    });
    let document = certificate.id_document.as_ref();
    serde_json::json!({
        "text": qr::to_text(&certified.cwt),
        "certificate": HEXUPPER.encode(&certificate.id),
        "version": certificate.version,
        "name": certificate.name,
        "birth_year": certificate.birth_year,
        "gender": format!("{:?}", certificate.gender),
        "reference_last_four": certificate.reference_last4,
        "identity_document": document.map(|id| serde_json::json!({ "kind": id.kind, "last_four": id.last4 })),
        "issued_at": certificate.issued_at,
        "doses": doses.collect::<Vec<_>>(),
    })
}
