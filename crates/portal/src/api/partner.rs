//! For partners' programs: rows 3, 4 and 28 of the contract, and our own calls. Every one is signed; a key alone is nobody's.

use super::{Answered, done};
use crate::body::Text;
use crate::caller::{ApiClient, ByClient};
use crate::words::{Language, Words};
use crate::{Failure, Portal, consent};
use axum::extract::State;
use registry::{IdKind, Name, Phone, TransactionId};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use vault::{Confirmed, ConsentAsk, Field, Fields, Refusal, Refused, Vault};

/// What a CoWIN client's token allows: five looks in fifteen minutes.
const READS: u8 = 5;
const LASTS_MS: i64 = 900_000;

/// A phone.
#[derive(Deserialize)]
pub(super) struct Mobile {
    #[serde(default)]
    mobile: Text,
}

/// Row 3: all that the client may ask for.
pub(super) async fn send_code(State(portal): State<Portal>, ByClient(client, body): ByClient<Mobile>) -> Answered {
    let phone: Phone = body.mobile.needed()?.parse()?;
    let fields = Vault::may_ask(&client);
    let ask = ConsentAsk { phone, fields, reads: READS, lasts_ms: LASTS_MS, language: "en".to_owned() };
    let request = portal.vault().ask_consent(&client, ask).await?;
    done(&json!({ "txnId": request.to_string() }))
}

/// A code that the person read to the client.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    otp: Text,
    #[serde(default, rename = "txnId")]
    transaction: Text,
}

impl Typed {
    /// The request, and the SHA-256 of the code's digits in hex.
    fn read(&self) -> Option<(TransactionId, &str)> {
        let hash = self.otp.given().filter(|otp| otp.len() == 64 && otp.bytes().all(|b| b.is_ascii_hexdigit()))?;
        Some((self.transaction.0.parse().ok()?, hash))
    }
}

/// Row 4: a consent of the phone's one confirmed person, and a token for it.
pub(super) async fn confirm_code(State(portal): State<Portal>, ByClient(client, typed): ByClient<Typed>) -> Answered {
    let invalid = || Failure::contract("USRAUT0014", "Invalid OTP");
    let (id, hash) = typed.read().ok_or_else(invalid)?;
    let request = match portal.vault().consent_request(id).await {
        Err(Refused::NotFound) => return Err(invalid()),
        found => found?,
    };
    let w = Words::new(Language::from_code(request.language()).unwrap_or_default());
    match portal.vault().confirm_consent(&client, id, hash, &consent::noticed(w, &request)).await? {
        Confirmed::Token { token, is_new } => {
            done(&json!({ "token": token, "isNewAccount": if is_new { "Y" } else { "N" } }))
        }
        Confirmed::Several => Err(Failure::contract(
            "USRAUT0032",
            format!("Several people are at this number: one chooses at /consent/{id}"),
        )),
    }
}

/// What a client wants to see of whom.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    mobile: Text,
    #[serde(default)]
    fields: Vec<Text>,
    #[serde(default)]
    reads: Text,
    #[serde(default)]
    minutes: Text,
    #[serde(default)]
    language: Text,
}

/// Ours: asks for named fields, a number of looks and a time.
pub(super) async fn ask(State(portal): State<Portal>, ByClient(client, wanted): ByClient<Wanted>) -> Answered {
    let phone: Phone = wanted.mobile.needed()?.parse()?;
    let field = |text: &Text| Field::ALL.iter().copied().find(|field| field.code() == text.0);
    let fields: Option<Vec<Field>> = wanted.fields.iter().map(field).collect();
    let fields = fields.ok_or(registry::Wrong::Unknown.of("fields"))?;
    let reads = wanted.reads.needed()?.parse().map_err(|_| registry::Wrong::Range.of("reads"))?;
    let minutes: u16 = wanted.minutes.needed()?.parse().map_err(|_| registry::Wrong::Range.of("minutes"))?;
    let language = Language::from_code(wanted.language.given().unwrap_or("en"));
    let language = language.ok_or(registry::Wrong::Unknown.of("language"))?.code().to_owned();
    let fields = Fields::of(&fields);
    let ask = ConsentAsk { phone, fields, reads, lasts_ms: i64::from(minutes) * 60_000, language };
    let request = portal.vault().ask_consent(&client, ask).await?;
    done(&json!({ "requestId": request.to_string(), "page": format!("/consent/{request}") }))
}

/// Which request.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default, rename = "requestId")]
    request: Text,
}

/// Ours: the token, once she said yes on our page. Whatever else happened looks as if nothing had.
pub(super) async fn token(State(portal): State<Portal>, ByClient(client, named): ByClient<Named>) -> Answered {
    let request: TransactionId = named.request.needed()?.parse()?;
    done(&match portal.vault().consent_token(&client, request).await? {
        Some((token, consent)) => json!({ "status": "given", "token": token, "consent": consent }),
        None => json!({ "status": "asked" }),
    })
}

/// Ours: all that she allowed, at one look.
pub(super) async fn record(State(portal): State<Portal>, ApiClient(consented): ApiClient) -> Answered {
    let shared = match portal.vault().shared(&consented).await {
        Err(Refused::NotFound) => return done(&json!({ "fields": {}, "doses": [] })),
        shared => shared?,
    };
    let fields: Map<String, Value> =
        shared.fields.iter().map(|(field, plain)| (field.code().to_owned(), shaped(*field, plain))).collect();
    let doses = shared.doses.iter().filter(|dose| dose.factor.is_some()).map(|dose| {
        json!({ "number": dose.number, "vaccine": dose.vaccine.label(), "batch": dose.batch, "day": dose.day.to_string() })
    });
    done(&json!({ "fields": fields, "doses": doses.collect::<Vec<_>>() }))
}

/// A field as it is kept, for reading: of an identity document its kind and the last four.
fn shaped(field: Field, plain: &str) -> Value {
    match (field, plain.split_once(':')) {
        (Field::IdDocument, Some((kind, last_four))) => {
            let kind = kind.parse().ok().and_then(|kind| IdKind::from_id(kind).ok()).map_or("", IdKind::label);
            json!({ "kind": kind, "last_four": last_four })
        }
        _ => plain.into(),
    }
}

/// Ours: the key that verifies consents, as a JSON Web Key (RFC 8037).
pub(super) async fn key(State(portal): State<Portal>) -> Answered {
    let key = portal.vault().consent_key();
    done(&json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.id, "x": key.x }))
}

/// A phone and a name.
#[derive(Deserialize)]
pub(super) struct Person {
    #[serde(default)]
    mobile_number: Text,
    #[serde(default)]
    full_name: Text,
}

/// Row 28: asks whether the person of this name is vaccinated.
pub(super) async fn send_status_code(
    State(portal): State<Portal>,
    ByClient(client, person): ByClient<Person>,
) -> Answered {
    let phone: Phone = person.mobile_number.needed()?.parse()?;
    let name: Name = person.full_name.needed()?.parse()?;
    let request = portal.vault().ask_status(&client, &phone, &name, "en").await?;
    done(&json!({ "txnId": request.to_string() }))
}

/// Row 28: a missing code is 400 there, and a wrong one 401.
pub(super) async fn confirm_status_code(
    State(portal): State<Portal>,
    ByClient(client, typed): ByClient<Typed>,
) -> Answered {
    typed.otp.needed()?;
    typed.transaction.needed()?;
    let (id, hash) = typed.read().ok_or_else(Failure::signed_out)?;
    match portal.vault().confirm_status(&client, id, hash).await {
        Ok(token) => done(&json!({ "token": token })),
        Err(Refused::Wrong { .. } | Refused::Rule(Refusal::CodeGone | Refusal::Locked { .. })) => {
            Err(Failure::signed_out())
        }
        Err(other) => Err(other.into()),
    }
}

/// Row 28: 0, 1 or 2.
pub(super) async fn status(ApiClient(consented): ApiClient) -> Answered {
    let status = consented.status().ok_or_else(Failure::signed_out)?;
    done(&json!({ "vaccination_status": status }))
}
