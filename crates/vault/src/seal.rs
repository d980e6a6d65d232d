//! Sealing: AES-256-GCM-SIV (RFC 8452), which forgives a repeated nonce.

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};
use keyroom::FieldKey;
use ledger::Opening;

fn cipher(key: &[u8; 32]) -> Aes256GcmSiv {
    Aes256GcmSiv::new_from_slice(key).expect("the key has 32 bytes")
}

/// Seals under a nonce that stands in front of the ciphertext.
pub(crate) fn seal_with_nonce(key: &[u8; 32], nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let payload = Payload { msg: plain, aad };
    let body = cipher(key).encrypt(&Nonce::from(nonce), payload).expect("what we seal is far below the cipher's bound");
    [nonce.as_slice(), &body].concat()
}

/// Opens what [`seal_with_nonce`] sealed.
pub(crate) fn open_with_nonce(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_first_chunk::<12>()?;
    cipher(key).decrypt(&Nonce::from(*nonce), Payload { msg: body, aad }).ok()
}

/// Table, person, field, version: ciphertext moved elsewhere does not open.
fn aad(person: &[u8; 16], opening: Opening) -> Vec<u8> {
    [b"sealed".as_slice(), person, &[opening.field.wire()], &opening.version.to_be_bytes()].concat()
}

/// Seals one version of a field. Its key is good for this version alone, so the nonce is fixed.
pub(crate) fn seal_field(key: &FieldKey, person: &[u8; 16], opening: Opening, plain: &str) -> Vec<u8> {
    let aad = aad(person, opening);
    let payload = Payload { msg: plain.as_bytes(), aad: &aad };
    cipher(key.bytes()).encrypt(&Nonce::from([0; 12]), payload).expect("a field is far below the cipher's bound")
}

/// Opens one version of a field.
pub(crate) fn open_field(key: &FieldKey, person: &[u8; 16], opening: Opening, body: &[u8]) -> Option<String> {
    let aad = aad(person, opening);
    let plain = cipher(key.bytes()).decrypt(&Nonce::from([0; 12]), Payload { msg: body, aad: &aad }).ok()?;
    String::from_utf8(plain).ok()
}
