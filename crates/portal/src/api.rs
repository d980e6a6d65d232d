//! The CoWIN API, version 2, so that existing clients work after a change of base URL alone; one file a resource.

mod answers;
mod appointment;
mod auth;
mod availability;
mod beneficiary;
mod certificate;
mod document;
mod location;
mod partner;
mod vaccinator;

pub(crate) use beneficiary::specimens;

pub use answers::Answers;

use crate::Failure;
use crate::failure::json;
use crate::routes::{Access, Entry, Shows, get, post};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Entry> {
    use Access::{Anyone, CertificateHolder, Citizen, CitizenOrClient, Client, Vaccinator};
    use Shows::{NoOne, People};
    vec![
        post("/api/v2/auth/public/generateOTP", Anyone, NoOne, auth::send_certificate_code),
        post("/api/v2/auth/public/confirmOTP", Anyone, NoOne, auth::confirm_certificate_code),
        post("/api/v2/auth/generateMobileOTP", Anyone, NoOne, auth::send_code),
        post("/api/v2/auth/validateMobileOtp", Anyone, NoOne, auth::confirm_code),
        post("/api/v2/auth/getRecaptcha", Citizen, NoOne, auth::picture),
        post("/api/v2/staff/sign-in", Anyone, NoOne, auth::staff_sign_in),

        post("/api/v2/auth/generateOTP", Client, NoOne, partner::send_code),
        post("/api/v2/auth/confirmOTP", Client, NoOne, partner::confirm_code),
        post("/api/v2/consent/requests", Client, NoOne, partner::ask),
        post("/api/v2/consent/token", Client, NoOne, partner::token),
        get("/api/v2/consent/record", Client, People, partner::record),
        get("/api/v2/consent/key", Anyone, NoOne, partner::key),
        post("/api/v3/vaccination/generateOTP", Client, NoOne, partner::send_status_code),
        post("/api/v3/vaccination/confirmOTP", Client, NoOne, partner::confirm_status_code),
        get("/api/v3/vaccination/status", Client, NoOne, partner::status),

        get("/api/v2/admin/location/states", Anyone, NoOne, location::states),
        get("/api/v2/admin/location/districts/{state_id}", Anyone, NoOne, location::districts),
        get("/api/v2/registration/beneficiary/idTypes", Anyone, NoOne, location::id_types),
        get("/api/v2/registration/beneficiary/genders", Anyone, NoOne, location::genders),
        get("/api/v2/appointment/centers/public/findByLatLong", Anyone, NoOne, location::near),
        get("/api/v2/appointment/centers/findByLatLong", Citizen, NoOne, location::near_signed_in),

        get("/api/v2/appointment/sessions/public/findByPin", Anyone, NoOne, availability::find_by_pin),
        get("/api/v2/appointment/sessions/public/findByDistrict", Anyone, NoOne, availability::find_by_district),
        get("/api/v2/appointment/sessions/public/calendarByPin", Anyone, NoOne, availability::calendar_by_pin),
        get("/api/v2/appointment/sessions/public/calendarByDistrict", Anyone, NoOne, availability::calendar_by_district),
        get("/api/v2/appointment/sessions/public/calendarByCenter", Anyone, NoOne, availability::calendar_by_center),
        get("/api/v2/appointment/sessions/findByPin", Citizen, NoOne, availability::own_find_by_pin),
        get("/api/v2/appointment/sessions/findByDistrict", Citizen, NoOne, availability::own_find_by_district),
        get("/api/v2/appointment/sessions/calendarByPin", Citizen, NoOne, availability::own_calendar_by_pin),
        get("/api/v2/appointment/sessions/calendarByDistrict", Citizen, NoOne, availability::own_calendar_by_district),
        get("/api/v2/appointment/sessions/calendarByCenter", Citizen, NoOne, availability::own_calendar_by_center),

        post("/api/v2/registration/beneficiary/new", Citizen, NoOne, beneficiary::register),
        post("/api/v2/registration/beneficiary/delete", Citizen, NoOne, beneficiary::remove),
        get("/api/v2/appointment/beneficiaries", CitizenOrClient, People, beneficiary::list),

        post("/api/v2/appointment/schedule", Citizen, NoOne, appointment::schedule),
        post("/api/v2/appointment/reschedule", Citizen, NoOne, appointment::reschedule),
        post("/api/v2/appointment/cancel", Citizen, NoOne, appointment::cancel),
        get("/api/v2/appointment/appointmentslip/download", CitizenOrClient, People, appointment::slip),

        get("/api/v2/registration/certificate/public/download", CertificateHolder, People, certificate::public),
        get("/api/v2/registration/certificate/download", CitizenOrClient, People, certificate::own),

        post("/api/v2/vaccinator/beneficiaries/new", Vaccinator, NoOne, vaccinator::register),
        post("/api/v2/vaccinator/beneficiaries/vaccinate", Vaccinator, NoOne, vaccinator::vaccinate),
        get("/api/v2/vaccinator/beneficiaries/findByMobile", Anyone, NoOne, vaccinator::no_search),
        get("/api/v2/vaccinator/beneficiaries/findByReferenceId", Anyone, NoOne, vaccinator::no_search),

        get("/api/openapi.json", Anyone, NoOne, document::document),
        get("/api/docs", Anyone, NoOne, document::page),
    ]
}

/// What a handler of the API answers.
type Answered = Result<Response, Failure>;

/// A JSON answer of 200.
#[expect(clippy::unnecessary_wraps, reason = "handlers end in it")]
fn done(body: &serde_json::Value) -> Answered {
    Ok(json(StatusCode::OK, body))
}

/// Whether the caller reads Hindi first: CoWIN's clients write `hi_IN`, browsers `hi-IN`.
fn reads_hindi(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = accepted.and_then(|value| value.split([',', ';']).next()).unwrap_or_default();
    first.split(['-', '_']).next().is_some_and(|tag| tag.trim().eq_ignore_ascii_case("hi"))
}
