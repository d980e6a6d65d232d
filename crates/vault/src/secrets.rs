//! The vault's own keys: they write and find log entries, hash codes and seal what only the vault reads. None of
//! them opens a person's field.

use crate::seal;
use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use ledger::TagKey;
use ledger::note::{Algorithm, Signer};
use sha2::Sha256;

/// Keys derived from the vault's secret.
pub struct Secrets {
    tag_wrap: [u8; 32],
    audit: TagKey,
    code: TagKey,
    token: TagKey,
    staff: [u8; 32],
    contact: [u8; 32],
    log: [u8; 32],
    auditor: TagKey,
    desk: TagKey,
    consent: [u8; 32],
    budget: TagKey,
}

impl Secrets {
    /// The keys from the secret's 32 bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        let derive = |info: &[u8]| {
            let mut key = [0; 32];
            Hkdf::<Sha256>::new(None, secret).expand(info, &mut key).expect("32 bytes are within HKDF's bound");
            key
        };
        Self {
            tag_wrap: derive(b"teeka/tag-wrap/v1"),
            audit: TagKey(derive(b"teeka/audit/v1")),
            code: TagKey(derive(b"teeka/code/v1")),
            token: TagKey(derive(b"teeka/token/v1")),
            staff: derive(b"teeka/staff/v1"),
            contact: derive(b"teeka/contact/v1"),
            log: derive(b"teeka/log/v1"),
            auditor: TagKey(derive(b"teeka/auditor/v1")),
            desk: TagKey(derive(b"teeka/desk-token/v1")),
            consent: derive(b"teeka/consent/v1"),
            budget: TagKey(derive(b"teeka/budget/v1")),
        }
    }

    /// The key that signs the log's checkpoints. Its name, the log's origin, comes from the key: whoever has the keys
    /// knows the log.
    #[must_use]
    pub fn log_key(&self) -> Signer {
        let named = TagKey(self.log).mac(&[b"origin"]);
        let origin = format!("log.teeka/{}/0", HEXLOWER.encode(&named[..8]));
        Signer::new(&origin, Algorithm::Ed25519, &self.log).expect("it has no space and no plus sign")
    }

    /// The key that signs consents.
    pub(crate) fn consent_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.consent)
    }

    pub(crate) fn auditor_mac(&self, name: &str) -> [u8; 32] {
        self.auditor.mac(&[name.as_bytes()])
    }

    /// What stands for a person, or for an organisation that looked at her, beside a look: keyed, so that neither is found
    /// by trying.
    pub(crate) fn desk_token(&self, what: &[&[u8]]) -> [u8; 32] {
        self.desk.mac(what)
    }

    /// The audit key of a day, counted from the epoch.
    pub(crate) fn audit_key(&self, day: i64) -> TagKey {
        TagKey(self.audit.mac(&[b"day", &day.to_be_bytes()]))
    }

    pub(crate) fn wrap_tag_key(&self, key: &TagKey, person: &[u8; 16], nonce: [u8; 12]) -> Vec<u8> {
        seal::seal_with_nonce(&self.tag_wrap, nonce, person, &key.0)
    }

    pub(crate) fn unwrap_tag_key(&self, wrapped: &[u8], person: &[u8; 16]) -> Option<TagKey> {
        let key = seal::open_with_nonce(&self.tag_wrap, person, wrapped)?;
        key.as_slice().try_into().ok().map(TagKey)
    }

    /// Keyed hash of a short code, bound to what it is for.
    pub(crate) fn code_hash(&self, bound_to: &[&[u8]], code: &[u8]) -> [u8; 32] {
        let parts: Vec<&[u8]> = bound_to.iter().copied().chain([code]).collect();
        self.code.mac(&parts)
    }

    /// Under which the store knows a budget: whose it is, it does not learn.
    pub(crate) fn budget(&self, what: &[&[u8]]) -> [u8; 32] {
        self.budget.mac(what)
    }

    pub(crate) fn token_mac(&self, token: &[u8]) -> [u8; 32] {
        self.token.mac(&[token])
    }

    /// A phone's number beside its live code, for three minutes.
    pub(crate) fn seal_contact(&self, transaction: &[u8; 16], nonce: [u8; 12], digits: &str) -> Vec<u8> {
        seal::seal_with_nonce(&self.contact, nonce, transaction, digits.as_bytes())
    }

    pub(crate) fn open_contact(&self, transaction: &[u8; 16], sealed: &[u8]) -> Option<String> {
        String::from_utf8(seal::open_with_nonce(&self.contact, transaction, sealed)?).ok()
    }

    pub(crate) fn seal_totp(&self, staff: &[u8; 16], nonce: [u8; 12], secret: &[u8]) -> Vec<u8> {
        seal::seal_with_nonce(&self.staff, nonce, staff, secret)
    }

    pub(crate) fn open_totp(&self, staff: &[u8; 16], sealed: &[u8]) -> Option<Vec<u8>> {
        seal::open_with_nonce(&self.staff, staff, sealed)
    }
}
