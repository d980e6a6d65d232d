//! A numbered lawful order, as it stands in the log: what it allows, in the `CASE` entries of its two officers; and, in a public
//! entry about nobody, that it was filed at all.

use crate::Fields;
use crate::entry::{Field, byte_string::Bytes, wire_enum};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;

/// How long an order may last, and how long she may stay untold of it, milliseconds: ninety days.
pub const LONGEST_MS: i64 = 90 * 24 * 60 * 60_000;

wire_enum!(
    /// On what law an order stands. The list is closed, and each ground opens certain fields and never others: what she said of
    /// her health, what she wrote to us, and codes that open something are on none.
    LegalGround {
        /// An order of a court.
        Court = 1 "court",
        /// A written order to produce, by an officer in charge of a police station (BNSS 2023, section 94).
        Production = 2 "production",
        /// A call for information by the Union (DPDP Act 2023, section 36; DPDP Rules 2025, rule 23).
        Information = 3 "information",
        /// An order to prevent the spread of a disease (Epidemic Diseases Act 1897, section 2).
        Epidemic = 4 "epidemic",
    }
);

impl LegalGround {
    /// The fields that an order on this ground may name.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Court => &[Field::Name, Field::BirthYear, Field::Gender, Field::Phone, Field::IdDocument],
            Self::Production => &[Field::Name, Field::BirthYear, Field::Phone],
            Self::Information => &[Field::Name, Field::BirthYear, Field::Gender, Field::Phone],
            Self::Epidemic => &[Field::Name, Field::Phone],
        }
    }
}

/// What an order allows: the statement of the entries by which one officer filed it and another confirmed it.
#[derive(Clone, PartialEq, Eq)]
pub struct Order {
    /// Whose order it is, by its short name in the configuration.
    pub authority: String,
    /// The number that stands on it.
    pub number: String,
    /// The day that stands on it, counted from the epoch.
    pub dated_day: u32,
    /// On what law it stands.
    pub ground: LegalGround,
    /// Which fields it names.
    pub fields: Fields,
    /// Until when they may be looked at, and when she is told, milliseconds since the epoch.
    pub until_ms: i64,
    /// SHA-256 of the document, which itself is not kept.
    pub document: [u8; 32],
}

/// What of an order may stand in a log line: nothing.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Order(..)")
    }
}

/// The order as it lies in CBOR.
type Wire = (String, String, u32, LegalGround, Fields, i64, Bytes<[u8; 32]>);

impl Order {
    /// CBOR: one array in the order of the fields.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        let (authority, number) = (self.authority.clone(), self.number.clone());
        let wire: Wire =
            (authority, number, self.dated_day, self.ground, self.fields, self.until_ms, Bytes(self.document));
        let mut out = Vec::with_capacity(96);
        ciborium::into_writer(&wire, &mut out).expect("writing to memory does not fail");
        out
    }

    /// An order from its CBOR; `None` if it is none, not in its one encoding, or names no field or one that its ground does not open.
    #[must_use]
    pub fn from_cbor(bytes: &[u8]) -> Option<Self> {
        let (authority, number, dated_day, ground, fields, until_ms, document): Wire =
            ciborium::from_reader(bytes).ok()?;
        let order = Self { authority, number, dated_day, ground, fields, until_ms, document: document.0 };
        (order.to_cbor() == bytes && order.is_within_its_ground()).then_some(order)
    }

    /// Whether it names fields, and none that its ground does not open.
    #[must_use]
    pub fn is_within_its_ground(&self) -> bool {
        self.fields != Fields::NONE && self.fields.0 & !Fields::of(self.ground.fields()).0 == 0
    }
}

/// That an order was filed: the statement of a public entry. It says whose and on what ground, and of whom it says nothing; the
/// order is known by a hash of its random id, which stands in every entry under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Whose order it is.
    pub authority: String,
    /// On what law it stands.
    pub ground: LegalGround,
    /// SHA-256 of the order's id.
    pub order: [u8; 32],
}

const FILED: &str = "teeka/order/v1";

impl Filed {
    /// The public statement of an order with this id.
    #[must_use]
    pub fn of(id: &[u8; 16], order: &Order) -> Self {
        Self { authority: order.authority.clone(), ground: order.ground, order: known_by(id) }
    }

    /// Text, a line for each part.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{FILED}\n{}\n{}\n{}\n", self.authority, self.ground.code(), HEXLOWER.encode(&self.order))
    }

    /// The statement from its text; `None` if it is none.
    #[must_use]
    pub fn from_text(bytes: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.strip_prefix(FILED)?.strip_prefix('\n')?.split('\n');
        let (authority, ground, order) = (lines.next()?.to_owned(), lines.next()?, lines.next()?);
        let ground = LegalGround::ALL.iter().copied().find(|one| one.code() == ground)?;
        let order = HEXLOWER.decode(order.as_bytes()).ok()?.try_into().ok()?;
        let filed = Self { authority, ground, order };
        (filed.to_text().as_bytes() == bytes).then_some(filed)
    }
}

/// By what an order is known in public. The id is random, so nobody finds it from this.
#[must_use]
pub fn known_by(id: &[u8; 16]) -> [u8; 32] {
    Sha256::new().chain_update(FILED).chain_update(id).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Order {
        Order {
            authority: "high-court".into(),
            number: "W.P. 17/2026".into(),
            dated_day: 20_780,
            ground: LegalGround::Court,
            fields: Fields::of(&[Field::Name, Field::Phone]),
            until_ms: 7,
            document: [9; 32],
        }
    }

    #[test]
    fn orders_have_one_encoding_and_keep_within_their_ground() {
        let cbor = order().to_cbor();
        assert_eq!(Order::from_cbor(&cbor), Some(order()));
        for cut in 0..cbor.len() {
            assert_eq!(Order::from_cbor(&cbor[..cut]), None);
        }
        for (fields, ground, good) in [
            (&[Field::Name][..], LegalGround::Epidemic, true),
            (&[Field::BirthYear], LegalGround::Epidemic, false),
            (&[Field::IdDocument], LegalGround::Court, true),
            (&[Field::IdDocument], LegalGround::Production, false),
            (&[Field::Name, Field::Screening], LegalGround::Court, false),
            (&[], LegalGround::Court, false),
        ] {
            let other = Order { fields: Fields::of(fields), ground, ..order() };
            assert_eq!(Order::from_cbor(&other.to_cbor()).is_some(), good, "{fields:?} on {ground:?}");
        }
    }

    #[test]
    fn no_ground_opens_her_health_her_words_or_a_code() {
        let never =
            [Field::Screening, Field::Aefi, Field::Comorbidity, Field::Case, Field::BookingCode, Field::Reference];
        for ground in LegalGround::ALL {
            assert!(!ground.fields().iter().any(|field| never.contains(field)), "{ground:?}");
        }
    }

    #[test]
    fn that_it_was_filed_names_nobody_and_is_read_again() {
        let filed = Filed::of(&[1; 16], &order());
        let text = filed.to_text();
        assert_eq!(Filed::from_text(text.as_bytes()), Some(filed.clone()));
        assert!(!text.contains("17/2026"), "the number may name a case that names her");
        assert_ne!(Filed::of(&[2; 16], &order()).order, filed.order);
        for bad in ["", "teeka/order/v1", &text[..text.len() - 1], &text.replace("court\n", "nobody\n")] {
            assert_eq!(Filed::from_text(bad.as_bytes()), None, "{bad}");
        }
    }
}
