//! Identifiers. Random ones are 128 bits and say nothing; small ones name public places.

use crate::{Malformed, Wrong};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $field:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl $name {
            /// An id from 16 random bytes, shaped as a UUID v4.
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// The 16 bytes.
            #[must_use]
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                Uuid::try_parse(text.trim()).map(Self).map_err(|_| Wrong::Form.of($field))
            }
        }
    };
}

macro_rules! small_id {
    ($(#[$doc:meta])* $name:ident, $field:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                text.trim().parse().map(Self).map_err(|_| Wrong::Form.of($field))
            }
        }
    };
}

random_id!(
    /// A person. Random; the only name by which stores and log entries know her. Never shown.
    PersonId, "person"
);
random_id!(
    /// A session: one centre, one day, one vaccine. A UUID v4 on the wire.
    SessionId, "session_id"
);
random_id!(
    /// A booking; also the number of the appointment slip.
    AppointmentId, "appointment_id"
);
random_id!(
    /// One recorded dose.
    DoseId, "dose"
);
random_id!(
    /// A case of hers.
    CaseId, "case"
);
random_id!(
    /// One sending of a one-time code.
    TransactionId, "txnId"
);
random_id!(
    /// A member of staff. Shown to citizens as a stable staff code (its first eight digits).
    StaffId, "staff"
);
small_id!(
    /// A state or union territory, under its CoWIN number (1–37).
    StateId, "state_id"
);
small_id!(
    /// A district, under its CoWIN number.
    DistrictId, "district_id"
);
small_id!(
    /// A vaccination centre.
    CentreId, "center_id"
);

impl StaffId {
    /// The stable code under which citizens see who looked: eight hex digits of the id.
    #[must_use]
    pub fn code(&self) -> String {
        self.0.simple().to_string()[..8].to_ascii_uppercase()
    }
}

/// A beneficiary reference: 14 digits, the first 1–9 (clients read it as a number), the last a Verhoeff check
/// digit. It carries nothing, and alone it opens, confirms and denies nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference(u64);

impl Reference {
    /// How many digits a reference has.
    pub const DIGITS: usize = 14;

    /// A reference from eight random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        // 9·10¹² bodies from 2⁶⁴ values: the bias of the remainder is below 10⁻⁶.
        let body = 1_000_000_000_000 + u64::from_be_bytes(bytes) % 9_000_000_000_000;
        Self(body * 10 + u64::from(verhoeff(body)))
    }

    /// The 14 digits.
    #[must_use]
    pub fn digits(&self) -> String {
        self.0.to_string()
    }

    /// The last four digits: what lists show.
    #[must_use]
    pub fn last_four(&self) -> String {
        self.digits()[Self::DIGITS - 4..].to_owned()
    }
}

impl FromStr for Reference {
    type Err = Malformed;

    /// Spaces and hyphens between digits are allowed: people copy numbers in groups.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = |wrong: Wrong| wrong.of("beneficiary_reference_id");
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if digits.is_empty() {
            return Err(malformed(Wrong::Missing));
        }
        if digits.len() != Self::DIGITS || digits.starts_with('0') {
            return Err(malformed(Wrong::Form));
        }
        let number: u64 = digits.parse().map_err(|_| malformed(Wrong::Form))?;
        if u64::from(verhoeff(number / 10)) == number % 10 {
            Ok(Self(number))
        } else {
            Err(malformed(Wrong::CheckDigit))
        }
    }
}

/// The Verhoeff check digit of a number's decimal digits: it catches every single mistyped digit and every swap
/// of neighbours (J. Verhoeff, *Error Detecting Decimal Codes*, 1969).
#[must_use]
pub fn verhoeff(mut number: u64) -> u8 {
    const PERMUTE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let permute = |digit: u8, times: u32| (0..times).fold(digit, |d, _| PERMUTE[usize::from(d)]);
    let mut check = 0;
    let mut place = 1;
    while number > 0 {
        let digit = u8::try_from(number % 10).expect("a remainder by ten is one digit");
        check = dihedral(check, permute(digit, place % 8));
        number /= 10;
        place += 1;
    }
    (0..10).find(|d| dihedral(*d, check) == 0 || dihedral(check, *d) == 0).expect("the group has inverses")
}

/// Multiplication in the dihedral group of the pentagon, on which the code rests.
const fn dihedral(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verhoeff_matches_published_examples() {
        // 236 -> 3 is the example of the published descriptions; 12345 -> 1 is in common use.
        assert_eq!(verhoeff(236), 3);
        assert_eq!(verhoeff(12_345), 1);
    }

    #[test]
    fn references_round_trip_and_catch_every_single_digit_and_swap() {
        for seed in 0..200_u64 {
            let reference = Reference::from_random((seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)).to_be_bytes());
            let digits = reference.digits();
            assert_eq!(digits.len(), Reference::DIGITS);
            assert!(digits.parse::<Reference>() == Ok(reference));
            for place in 0..digits.len() {
                for other in b'0'..=b'9' {
                    let mut bytes = digits.clone().into_bytes();
                    if bytes[place] != other {
                        bytes[place] = other;
                        assert!(String::from_utf8(bytes).unwrap().parse::<Reference>().is_err());
                    }
                }
                let mut bytes = digits.clone().into_bytes();
                if place > 0 && bytes[place] != bytes[place - 1] {
                    bytes.swap(place, place - 1);
                    assert!(String::from_utf8(bytes).unwrap().parse::<Reference>().is_err());
                }
            }
        }
    }
}
