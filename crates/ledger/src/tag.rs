//! Tags: keyed names under which a leaf is found by the one who may find it.
//!
//! The n-th entry about a person carries `subject_tag(her tag key, n)`. Outsiders see random bytes; she derives
//! every tag herself, the next one included, and so finds all her entries and sees that none is missing
//! (after Pulls & Peeters, *Balloon/Insynd*, 2013–15).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// A person's tag key, or a day's audit key: it writes and finds entries and opens no field.
#[derive(Clone)]
pub struct TagKey(pub [u8; 32]);

impl fmt::Debug for TagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TagKey(..)")
    }
}

impl TagKey {
    /// HMAC-SHA256 under this key over `parts`, each preceded by its length so that no two lists collide.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&u32::try_from(part.len()).expect("a part is short").to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// The tag of a person's `count`-th entry, counted from zero (her registration).
#[must_use]
pub fn subject_tag(key: &TagKey, count: u64) -> [u8; 32] {
    key.mac(&[b"teeka/subject-tag/v1", &count.to_be_bytes()])
}

/// The tag of an actor on a day, under that day's audit key: auditors count per credential, the public cannot.
#[must_use]
pub fn actor_tag(audit_key: &TagKey, actor: &[u8]) -> [u8; 32] {
    audit_key.mac(&[b"teeka/actor-tag/v1", actor])
}
