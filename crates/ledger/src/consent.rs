//! What a person consents to, as it stands in her `CONSENT` entry: the terms that every look under it must keep.

use crate::{Entry, Fields};

/// Looks that one consent may allow at most.
pub const MOST_READS: u8 = 5;

/// How long one consent may last, milliseconds: a day.
pub const LONGEST_MS: i64 = 24 * 60 * 60_000;

/// The terms of a consent, the statement of its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Id of the client.
    pub client: String,
    /// The fields it may see.
    pub fields: Fields,
    /// How often.
    pub reads: u8,
    /// Until when, milliseconds since the epoch.
    pub until_ms: i64,
}

/// The terms as they lie in CBOR.
type Wire = (String, Fields, u8, i64);

impl Terms {
    /// CBOR: one array of client, bit set of fields, reads, end.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        let wire: Wire = (self.client.clone(), self.fields, self.reads, self.until_ms);
        let mut out = Vec::with_capacity(64);
        ciborium::into_writer(&wire, &mut out).expect("writing to memory does not fail");
        out
    }

    /// Terms from their CBOR; `None` if it is no such, or not in its one encoding.
    #[must_use]
    pub fn from_cbor(bytes: &[u8]) -> Option<Self> {
        let (client, fields, reads, until_ms): Wire = ciborium::from_reader(bytes).ok()?;
        let terms = Self { client, fields, reads, until_ms };
        (terms.to_cbor() == bytes).then_some(terms)
    }

    /// Whether a look is one that they allow: of this client, at these fields, before the end or so much after it,
    /// milliseconds. How many there were is another matter.
    #[must_use]
    pub fn allow(&self, look: &Entry, late_ms: i64) -> bool {
        let is_within = look.fields().0 & !self.fields.0 == 0 && look.at_ms.saturating_sub(late_ms) <= self.until_ms;
        is_within && look.actor == actor_of(&self.client)
    }
}

/// How a client stands in entries as having acted: apart from staff codes, from `self` and from the platform's parts,
/// whatever id it has.
#[must_use]
pub fn actor_of(client: &str) -> String {
    format!("client {client}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;

    #[test]
    fn terms_round_trip_and_have_one_encoding() {
        let terms =
            Terms { client: "clinic".into(), fields: Fields::of(&[Field::Name, Field::Gender]), reads: 5, until_ms: 7 };
        let cbor = terms.to_cbor();
        assert_eq!(Terms::from_cbor(&cbor), Some(terms));
        assert_eq!(Terms::from_cbor(&[]), None);
        // A number written longer than it need be says the same, and is not ours.
        let mut longer = cbor.clone();
        assert_eq!(longer.pop(), Some(7));
        longer.extend([0x18, 7]);
        assert_eq!(Terms::from_cbor(&longer), None);
    }
}
