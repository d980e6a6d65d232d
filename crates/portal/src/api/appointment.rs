//! Appointments: booked, moved, given back, and the slip of one.

use super::{Answered, done};
use crate::body::{Json, Params, Text};
use crate::caller::{ApiCitizen, ApiReader};
use crate::{Failure, Portal, papers};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use registry::{AppointmentId, Ineligible, PersonId, Reference, SessionId, Slot};
use serde::Deserialize;
use serde_json::json;
use vault::rows::Status;
use vault::{BookingRequest, Citizen, Refused};

/// A wish for places. The centre and an answer to the picture may come along; nobody reads them.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    dose: Text,
    #[serde(default)]
    session_id: Text,
    #[serde(default)]
    slot: Text,
    #[serde(default)]
    beneficiaries: Vec<Text>,
}

/// Row 22.
pub(super) async fn schedule(
    State(portal): State<Portal>,
    ApiCitizen(citizen): ApiCitizen,
    Json(wish): Json<Wish>,
) -> Answered {
    let people = members(&portal, &citizen, &wish.beneficiaries).await?;
    let dose = wish.dose.needed()?.parse().map_err(|_| Ineligible::NoSuchDose)?;
    let (session, slot) = place(&wish.session_id, &wish.slot)?;
    match portal.vault().book(&citizen, BookingRequest { people, session, slot, dose }).await {
        Ok(appointment) => done(&json!({ "appointment_confirmation_no": appointment.to_string() })),
        Err(Refused::NotFound) => Err(no_such_slot()),
        Err(Refused::Ineligible(Ineligible::EarlierDoseMissing)) => Err(earlier_dose_missing(&wish.beneficiaries)),
        Err(other) => Err(other.into()),
    }
}

/// One to four members of the family, each once. A stranger's reference and no one's get the same answer.
async fn members(portal: &Portal, citizen: &Citizen, references: &[Text]) -> Result<Vec<PersonId>, Failure> {
    let refused = || Failure::input("Beneficiaries array required, with length 1-4");
    if !(1..=4).contains(&references.len()) {
        return Err(refused());
    }
    let mut people = Vec::with_capacity(references.len());
    for reference in references {
        let reference: Reference = reference.0.parse().map_err(|_| refused())?;
        match portal.vault().named_member(citizen, &reference).await {
            Ok(person) if people.contains(&person) => {}
            Ok(person) => people.push(person),
            Err(Refused::NotFound) => return Err(refused()),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(people)
}

fn place(session: &Text, slot: &Text) -> Result<(SessionId, Slot), Failure> {
    let session = session.0.parse::<SessionId>().map_err(|_| no_such_slot())?;
    let slot = slot.0.parse::<Slot>().map_err(|_| no_such_slot())?;
    Ok((session, slot))
}

fn no_such_slot() -> Failure {
    Failure::contract("APPOIN0015", "Invalid Slot Id")
}

/// The contract's own words, with the references just as the caller sent them.
fn earlier_dose_missing(references: &[Text]) -> Failure {
    let sent = references.iter().map(|text| text.0.trim()).collect::<Vec<_>>().join(", ");
    let text = format!(
        "The individual with with reference id {sent} must be vaccinated with first dose before taking appointment \
         for the second dose."
    );
    Failure::contract("APPOIN0025", text)
}

/// Where an appointment is to go.
#[derive(Deserialize)]
pub(super) struct Moved {
    #[serde(default)]
    appointment_id: Text,
    #[serde(default)]
    session_id: Text,
    #[serde(default)]
    slot: Text,
}

/// Row 23.
pub(super) async fn reschedule(
    State(portal): State<Portal>,
    ApiCitizen(citizen): ApiCitizen,
    Json(moved): Json<Moved>,
) -> Answered {
    let appointment = moved.appointment_id.0.parse::<AppointmentId>().map_err(|_| no_such_appointment())?;
    let (session, slot) = place(&moved.session_id, &moved.slot)?;
    match portal.vault().session(session).await {
        Err(Refused::NotFound) => return Err(no_such_slot()),
        found => found?,
    };
    changed(portal.vault().reschedule(&citizen, appointment, session, slot).await)
}

/// Who gives a place back.
#[derive(Deserialize)]
pub(super) struct GivenBack {
    #[serde(default)]
    appointment_id: Text,
    #[serde(default, rename = "beneficiariesToCancel")]
    beneficiaries: Vec<Text>,
}

/// Row 24.
pub(super) async fn cancel(
    State(portal): State<Portal>,
    ApiCitizen(citizen): ApiCitizen,
    Json(given): Json<GivenBack>,
) -> Answered {
    let appointment = given.appointment_id.0.parse::<AppointmentId>().map_err(|_| no_such_appointment())?;
    let people = members(&portal, &citizen, &given.beneficiaries).await?;
    changed(portal.vault().cancel(&citizen, appointment, &people).await)
}

fn changed(outcome: Result<(), Refused>) -> Answered {
    match outcome {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(Refused::NotFound | Refused::Rule(vault::Refusal::NotFound)) => Err(no_such_appointment()),
        Err(other) => Err(other.into()),
    }
}

fn no_such_appointment() -> Failure {
    Failure::contract("APPOIN0042", "There is no such appointment that can be changed")
}

/// Row 25: the slip of those who still have a place, or had their dose there.
pub(super) async fn slip(State(portal): State<Portal>, reader: ApiReader, params: Params) -> Answered {
    let appointment: AppointmentId = params.needed("appointment_id")?.parse()?;
    let vault = portal.vault();
    let rows = match &reader {
        ApiReader::Citizen(citizen) => vault.appointment(citizen, appointment).await?,
        ApiReader::Client(client) => vault.appointment_in_consent(client, appointment).await?,
    };
    let kept =
        |row: &&vault::rows::AppointmentRow| matches!(row.status, Status::Booked | Status::CheckedIn | Status::Done);
    let row = rows.iter().find(kept).ok_or_else(Failure::not_found)?;
    let offer = vault.session(row.session).await?;
    let slips = match &reader {
        ApiReader::Citizen(citizen) => {
            let grants =
                rows.iter().filter(kept).map(|row| citizen.grant(row.person)).collect::<Result<Vec<_>, _>>()?;
            vault.disclose_each(citizen.as_ref(), &grants).await?
        }
        ApiReader::Client(client) => vault.disclose_each(client.as_ref(), &[client.grant()?]).await?,
    };
    papers::answer(papers::slip(&slips, row, &offer, vault.now_ms()), "appointment-slip").await
}
