//! What both sides can show of a consent: ABDM's fields and ours, signed (JSON Web Signature, RFC 7515, with Ed25519).

use crate::caller::Actor;
use crate::gate::Act;
use crate::{Refused, Vault, seal};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::Signer;
use jiff::Timestamp;
use ledger::{Field, subject_tag};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::command::Effect;
use store::command::consent::ConsentEffect;
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

    /// A consent, signed.
    pub(super) fn artefact(
        &self,
        client: &ClientRow,
        consent: &ConsentRow,
        row: &PersonRow,
        position: u64,
        noticed: &Noticed,
    ) -> Result<String, Refused> {
        let tag = subject_tag(&self.thread(row)?.tag_key, consent.entry);
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
            "log_index": position,
        });
        let head = json!({ "alg": "EdDSA", "kid": self.consent_key().id, "typ": "teeka-consent+jws" });
        let encoded = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let text = format!("{}.{}", encoded(&head), encoded(&body));
        let signature = self.secrets.consent_key().sign(text.as_bytes());
        Ok(format!("{text}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes())))
    }

    pub(super) async fn keep_artefact(
        &self,
        actor: &Actor,
        consent: &ConsentRow,
        row: &PersonRow,
        signed: &str,
    ) -> Result<(), Refused> {
        let key = self.thread(row)?.tag_key.mac(&[b"consent"]);
        let sealed = seal::seal_with_nonce(&key, self.draw(), consent.id.bytes(), signed.as_bytes());
        let keep = ConsentEffect::Artefact { consent: consent.id, sealed };
        self.act_alone(actor, Act::new(Vec::new(), Effect::Consent(Box::new(keep)))).await.map(|_| ())
    }

    /// The kept artefact of one of her consents.
    pub(super) fn kept_artefact(&self, consent: &ConsentRow, row: &PersonRow) -> Result<Option<String>, Refused> {
        let Some(sealed) = &consent.artefact else { return Ok(None) };
        let key = self.thread(row)?.tag_key.mac(&[b"consent"]);
        let signed = seal::open_with_nonce(&key, consent.id.bytes(), sealed).ok_or(Refused::Unavailable)?;
        Ok(String::from_utf8(signed).ok())
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
