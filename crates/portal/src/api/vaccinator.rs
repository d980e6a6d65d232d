//! What CoWIN's vaccinator API keeps of itself here: a registration that its owner confirms, a dose that certifies
//! nothing until she was there, and no look-up of people.

use super::beneficiary::Told;
use super::{Answered, done};
use crate::body::{Json, Text};
use crate::caller::ApiStaff;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use registry::{CentreId, Ineligible, Phone, Reference, Vaccine};
use serde::Deserialize;
use serde_json::json;
use vault::Reported;

/// A new person at a centre, and the phone at which she is to be pending.
#[derive(Deserialize)]
pub(super) struct Arrival {
    #[serde(default)]
    mobile_number: Text,
    #[serde(flatten)]
    told: Told,
}

/// Row 29. Whether the phone is known, or has room, is nobody's business at the centre: the answer never says.
pub(super) async fn register(
    State(portal): State<Portal>,
    ApiStaff(staff): ApiStaff,
    headers: HeaderMap,
    Json(arrival): Json<Arrival>,
) -> Answered {
    staff.must_be(registry::Role::Vaccinator)?;
    let centre = staff.centre.ok_or_else(Failure::forbidden)?;
    let phone: Phone = arrival.mobile_number.needed()?.parse()?;
    let person = arrival.told.person(&portal, &headers)?;
    let registered = portal.vault().register_at(&staff, centre, Some(phone), person).await?;
    done(&json!({ "beneficiary_reference_id": registered.reference.digits(), "isNewAccount": "Y" }))
}

/// A dose, as CoWIN's clients report it. Its days and the name of who gave it are ours to know, and not read.
#[derive(Deserialize)]
pub(super) struct Vaccination {
    #[serde(default)]
    beneficiary_reference_id: Text,
    #[serde(default)]
    center_id: Text,
    #[serde(default)]
    vaccine: Text,
    #[serde(default)]
    vaccine_batch: Text,
    #[serde(default)]
    dose: Text,
}

/// Row 33: 204 whether she was checked in, was not, or does not exist.
pub(super) async fn vaccinate(
    State(portal): State<Portal>,
    ApiStaff(staff): ApiStaff,
    Json(dose): Json<Vaccination>,
) -> Answered {
    staff.must_be(registry::Role::Vaccinator)?;
    let reference: Reference = dose.beneficiary_reference_id.needed()?.parse()?;
    let number = dose.dose.needed()?.parse().ok().filter(|number| (1..=3).contains(number));
    let reported = Reported {
        centre: dose.center_id.needed()?.parse::<CentreId>()?,
        vaccine: dose.vaccine.needed()?.parse::<Vaccine>()?,
        batch: dose.vaccine_batch.needed()?.to_owned(),
        dose: number.ok_or(Ineligible::NoSuchDose)?,
    };
    portal.vault().record_dose_by_reference(&staff, &reference, &reported).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Rows 30 and 31: no role searches for people.
pub(super) async fn no_search() -> Failure {
    Failure::forbidden()
}
