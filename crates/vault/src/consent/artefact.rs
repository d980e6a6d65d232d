//! What both sides can show of a consent: ABDM's fields and ours, signed (JSON Web Signature, RFC 7515, with Ed25519).
//!
//! What it says is kept, sealed, in the transaction of her entry. Only that entry's position is not known by then: it is put
//! in, and all is signed, whenever the artefact is shown. Signatures of Ed25519 are the same each time, and so is it.

use crate::{Refused, Vault, seal};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::Signer;
use jiff::Timestamp;
use ledger::{Field, subject_tag};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::rows::{ClientRow, ConsentRow, PersonRow};

/// What she read before she said yes.
pub struct Noticed {
    /// In which language.
    pub language: String,
    /// SHA-256 of the words.
    pub hash: [u8; 32],
}

impl Noticed {
    /// These words, in this language.
    #[must_use]
    pub fn new(language: &str, words: &str) -> Self {
        Self { language: language.to_owned(), hash: Sha256::digest(words).into() }
    }
}

/// The public key that verifies consents.
pub struct ConsentKey {
    /// Its name in a signature's head.
    pub id: String,
    /// Its 32 bytes in base64url.
    pub x: String,
}

impl Vault {
    /// The key that verifies consents.
    #[must_use]
    pub fn consent_key(&self) -> ConsentKey {
        let key = self.secrets.consent_key().verifying_key();
        let id = HEXLOWER.encode(&Sha256::digest(key.as_bytes())[..8]);
        ConsentKey { id, x: BASE64URL_NOPAD.encode(key.as_bytes()) }
    }

    /// What a consent says, sealed under her tag key.
    pub(super) fn said_of(
        &self,
        client: &ClientRow,
        consent: &ConsentRow,
        row: &PersonRow,
        noticed: &Noticed,
    ) -> Result<Vec<u8>, Refused> {
        let thread = self.thread(row)?;
        let tag = subject_tag(&thread.tag_key, consent.entry);
        let (made, until) = (moment(consent.made_ms), moment(consent.until_ms));
        let hours = (consent.until_ms - consent.made_ms).div_euclid(3_600_000).max(1);
        let body = json!({
            "schemaVersion": "1.0",
            "consentId": consent.id.to_string(),
            "createdAt": made,
            "purpose": { "code": client.purpose_code, "text": super::purpose(client, &noticed.language) },
            "patient": { "subject_tag": HEXLOWER.encode(&tag) },
            "consentManager": { "id": self.log.key().name() },
            "requester": { "id": client.id.text(), "name": client.name },
            "hiTypes": ["ImmunizationRecord"],
            "permission": {
                "accessMode": "VIEW",
                "dateRange": { "from": made, "to": until },
                "dataEraseAt": until,
                "frequency": { "unit": "HOUR", "value": hours, "repeats": consent.reads },
            },
            "fields": consent.fields.iter().map(Field::code).collect::<Vec<_>>(),
            "fields_bitset": consent.fields.0,
            "max_reads": consent.reads,
            "subject_tag": HEXLOWER.encode(&tag),
            "notice_hash": HEXLOWER.encode(&noticed.hash),
            "notice_language": noticed.language,
        });
        let key = thread.tag_key.mac(&[b"consent"]);
        Ok(seal::seal_with_nonce(&key, self.draw(), consent.id.bytes(), body.to_string().as_bytes()))
    }

    /// The artefact of one of her consents: what it says, with the position of her entry, signed.
    pub(super) async fn artefact(&self, consent: &ConsentRow, row: &PersonRow) -> Result<String, Refused> {
        if consent.artefact.is_empty() {
            // An earlier build was cut between her consent and its artefact.
            return Ok(String::new());
        }
        let key = self.thread(row)?.tag_key;
        let said = seal::open_with_nonce(&key.mac(&[b"consent"]), consent.id.bytes(), &consent.artefact);
        let said = said.and_then(|said| String::from_utf8(said).ok()).ok_or(Refused::Unavailable)?;
        let Ok(mut body) = serde_json::from_str::<Value>(&said) else {
            // Earlier builds kept it signed.
            return Ok(said);
        };
        let tag = [subject_tag(&key, consent.entry)];
        let position = self.store.read(move |store| store.log_positions(&tag)).await?.pop();
        body["log_index"] = json!(position.ok_or(Refused::Unavailable)?);
        let head = json!({ "alg": "EdDSA", "kid": self.consent_key().id, "typ": "teeka-consent+jws" });
        let encoded = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let text = format!("{}.{}", encoded(&head), encoded(&body));
        let signature = self.secrets.consent_key().sign(text.as_bytes());
        Ok(format!("{text}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes())))
    }
}

/// Who and what for, as a signed consent says it.
pub(super) fn said(signed: &str) -> Option<(String, String)> {
    let body = BASE64URL_NOPAD.decode(signed.split('.').nth(1)?.as_bytes()).ok()?;
    let body: Value = serde_json::from_slice(&body).ok()?;
    Some((body["requester"]["name"].as_str()?.to_owned(), body["purpose"]["text"].as_str()?.to_owned()))
}

fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
