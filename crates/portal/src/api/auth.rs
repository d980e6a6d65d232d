//! Signing in by a one-time code. Known and unknown numbers get the same answers, to the byte and the status.

use super::{Answered, done};
use crate::body::{Json, Text};
use crate::caller::ApiCitizen;
use crate::{Failure, Portal};
use axum::extract::State;
use registry::{Phone, TransactionId};
use serde::Deserialize;
use serde_json::json;
use vault::{Channel, CodeFor, Opened, Refusal, Refused};

/// Existing clients read this very message, so the API does not change its language.
const LANGUAGE: &str = "en";

/// A phone; what else portals send along is ignored.
#[derive(Deserialize)]
pub(super) struct Mobile {
    #[serde(default)]
    mobile: Text,
}

/// A code that came by message, and for a phone long silent the second proof.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    otp: Text,
    #[serde(default, rename = "txnId")]
    transaction: Text,
    #[serde(default)]
    proof: Text,
}

/// Row 1.
pub(super) async fn send_certificate_code(State(portal): State<Portal>, Json(body): Json<Mobile>) -> Answered {
    send(&portal, &body, CodeFor::Certificate).await
}

/// Row 5.
pub(super) async fn send_code(State(portal): State<Portal>, Json(body): Json<Mobile>) -> Answered {
    send(&portal, &body, CodeFor::SignIn).await
}

async fn send(portal: &Portal, body: &Mobile, what_for: CodeFor) -> Answered {
    let phone: Phone = body.mobile.needed()?.parse()?;
    let asked = portal.vault().asked(Channel::Api);
    let transaction = portal.vault().send_code(asked, &phone, what_for, LANGUAGE).await?;
    done(&json!({ "txnId": transaction.to_string() }))
}

/// Row 2: a token that is good for the certificate alone.
pub(super) async fn confirm_certificate_code(State(portal): State<Portal>, Json(body): Json<Typed>) -> Answered {
    let opened = confirm(&portal, &body, CodeFor::Certificate).await?;
    if opened.is_new {
        return Err(Failure::contract("USRAUT0024", "Beneficiary Not Registered"));
    }
    done(&json!({ "token": opened.token }))
}

/// Row 6.
pub(super) async fn confirm_code(State(portal): State<Portal>, Json(body): Json<Typed>) -> Answered {
    let opened = confirm(&portal, &body, CodeFor::SignIn).await?;
    done(&json!({ "token": opened.token, "isNewAccount": if opened.is_new { "Y" } else { "N" } }))
}

async fn confirm(portal: &Portal, typed: &Typed, what_for: CodeFor) -> Result<Opened, Failure> {
    let invalid = || Failure::contract("USRAUT0014", "Invalid OTP");
    let transaction: TransactionId = typed.transaction.0.parse().map_err(|_| invalid())?;
    let hash = typed.otp.given().filter(|otp| otp.len() == 64 && otp.bytes().all(|b| b.is_ascii_hexdigit()));
    let hash = hash.ok_or_else(invalid)?;
    let asked = portal.vault().asked(Channel::Api);
    let opened = portal.vault().sign_in(asked, transaction, what_for, hash).await;
    let (Err(Refused::ProofNeeded(awaiting)), Some(proof)) = (&opened, typed.proof.given()) else { return Ok(opened?) };
    Ok(portal.vault().prove(asked, awaiting, proof).await?)
}

/// Row 7. There is no puzzle: whatever a client reads here and sends back, nobody looks at it.
pub(super) async fn picture(_: ApiCitizen, Json(_): Json<serde_json::Map<String, serde_json::Value>>) -> Answered {
    // Five letters, drawn as strokes: t e e k a.
    const STROKES: [&str; 5] = [
        "M22 12v22q0 4 5 4M15 19h14",
        "M38 28h15q0-9-7-9t-8 10 8 10q5 0 7-4",
        "M62 28h15q0-9-7-9t-8 10 8 10q5 0 7-4",
        "M88 9v30M101 19l-12 10 13 10",
        "M124 22q-2-4-7-4-7 0-7 10t7 10q5 0 7-5m0-15v21",
    ];
    let stroke = |path: &str| format!("<path d=\"{path}\" stroke=\"#14532d\" fill=\"none\" stroke-width=\"3\"/>");
    let strokes: String = STROKES.into_iter().map(stroke).collect();
    let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"150\" height=\"50\" viewBox=\"0,0,150,50\">";
    done(&json!({ "captcha": format!("{head}{strokes}</svg>") }))
}

/// What a member of staff signs in with.
#[derive(Deserialize)]
pub(super) struct StaffTyped {
    #[serde(default)]
    login: Text,
    #[serde(default)]
    password: Text,
    #[serde(default)]
    code: Text,
}

/// Ours: a staff session for rows 29 and 33.
pub(super) async fn staff_sign_in(State(portal): State<Portal>, Json(typed): Json<StaffTyped>) -> Answered {
    let (login, code) = (typed.login.needed()?, typed.code.needed()?);
    typed.password.needed()?;
    let asked = portal.vault().asked(Channel::Api);
    match portal.vault().staff_sign_in(asked, login, &typed.password.0, code).await {
        Ok(opened) => done(&json!({ "token": opened.token })),
        // A lock shows that the name exists, so it looks like any wrong try.
        Err(Refused::Wrong { .. } | Refused::Rule(Refusal::Locked { .. })) => {
            Err(Failure::contract("USRAUT0031", "Log-in, password or code is wrong"))
        }
        Err(other) => Err(other.into()),
    }
}
