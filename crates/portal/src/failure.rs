//! Failures at the edge: the public text and the private cause apart, HTTP codes decided here and nowhere else.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use registry::{Ineligible, Malformed};
use vault::{Refusal, Refused};

/// What a caller is told. Pages turn it into a page in the reader's language; the API into CoWIN's shapes.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The status.
    pub status: StatusCode,
    /// CoWIN's error code, where the contract has one; ours in the same shape elsewhere.
    pub code: &'static str,
    /// In words, without a person's data.
    pub text: String,
    /// Key of the words that a page shows.
    pub key: &'static str,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, text: impl Into<String>, key: &'static str) -> Self {
        Self { status, code, text: text.into(), key }
    }

    /// Something in the request is missing or has the wrong form.
    #[must_use]
    pub fn input(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "USRRES0001", text, "failure-input")
    }

    /// An error of the contract.
    #[must_use]
    pub fn contract(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, text, "failure-input")
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "", "Unauthenticated access!", "failure-signed-out")
    }

    /// Not for this caller.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "", "Forbidden", "failure-forbidden")
    }

    /// It does not exist, or not for this caller.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "GERR404", "Not found", "failure-not-found")
    }

    /// The body is larger than anything we take.
    #[must_use]
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "GERR413", "The request is too large", "failure-too-large")
    }

    fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "GERR503", "Please try again in a moment", "failure-unavailable")
    }
}

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self::input(malformed.to_string())
    }
}

impl From<Ineligible> for Failure {
    fn from(why: Ineligible) -> Self {
        let (code, key) = match why {
            Ineligible::Age => ("APPOIN0020", "failure-age"),
            Ineligible::EarlierDoseMissing => ("APPOIN0025", "failure-earlier-dose"),
            Ineligible::AlreadyGiven => ("APPOIN0026", "failure-already-given"),
            Ineligible::OtherVaccine { .. } => ("APPOIN0027", "failure-other-vaccine"),
            Ineligible::TooEarly { .. } => ("APPOIN0028", "failure-too-early"),
            Ineligible::NoSuchDose => ("APPOIN0029", "failure-input"),
        };
        Self { key, ..Self::contract(code, why.to_string()) }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let contract = |code, text: &str, key| Self { key, ..Self::contract(code, text) };
        match refusal {
            Refusal::Full => Self::new(
                StatusCode::CONFLICT,
                "APPOIN0040",
                "This vaccination center is completely booked for the selected date. \
                 Please try another date or vaccination center.",
                "failure-full",
            ),
            Refusal::NoSuchSlot => contract("APPOIN0015", "Invalid Slot Id", "failure-slot"),
            Refusal::CalledOff => contract("APPOIN0015", "Invalid Slot Id", "failure-called-off"),
            Refusal::AlreadyBooked => {
                contract("APPOIN0041", "There is an appointment for this dose", "failure-already-booked")
            }
            Refusal::AlreadyGiven => contract("APPOIN0026", "This dose was recorded already", "failure-already-given"),
            Refusal::FamilyFull => contract("USRBEN0005", "At most 4 members at one number", "failure-family-full"),
            Refusal::HasDoses => contract("USRBEN0006", "A vaccinated member cannot be removed", "failure-has-doses"),
            Refusal::BatchUnusable => contract("VACCIN0003", "This batch cannot be used", "failure-batch"),
            Refusal::OverBudget { .. } => contract("USRAUT0018", "Generate OTP failed", "failure-over-budget"),
            Refusal::CodeGone | Refusal::Locked { .. } => contract("USRAUT0014", "Invalid OTP", "failure-code-gone"),
            Refusal::SignedOut | Refusal::ConsentOver => Self::signed_out(),
            Refusal::NotFound => Self::not_found(),
            Refusal::Conflict | Refusal::FamilyMoved | Refusal::Moved => Self::new(
                StatusCode::CONFLICT,
                "GERR409",
                "This changed in the meantime. Please look again",
                "failure-conflict",
            ),
            Refusal::Storage | Refusal::Apart => Self::unavailable(),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotSignedIn => Self::signed_out(),
            Refused::WrongRole | Refused::NotRostered => Self::forbidden(),
            Refused::NotFound => Self::not_found(),
            Refused::Malformed(malformed) => malformed.into(),
            Refused::Ineligible(why) => why.into(),
            Refused::Rule(refusal) => refusal.into(),
            Refused::Wrong { .. } => Self { key: "failure-code-wrong", ..Self::contract("USRAUT0014", "Invalid OTP") },
            Refused::ProofNeeded(_) => Self::contract(
                "USRAUT0030",
                "Send a new code with the last six digits of a reference, or a birth year, as proof",
            ),
            Refused::Unavailable => Self::unavailable(),
        }
    }
}

/// The API's shapes: 401 is plain text, 403 the gateway's message, all else a code and words.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = match self.status {
            StatusCode::UNAUTHORIZED => (self.status, self.text.clone()).into_response(),
            StatusCode::FORBIDDEN => json(self.status, &serde_json::json!({ "message": self.text })),
            _ => json(self.status, &serde_json::json!({ "errorCode": self.code, "error": self.text })),
        };
        // Page routes turn the failure into a page, in the reader's language.
        response.extensions_mut().insert(self);
        response
    }
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}
