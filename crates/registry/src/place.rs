//! Public places: states, districts, centres.

use crate::{CentreId, DistrictId, Malformed, StateId, Wrong};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A state or union territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// CoWIN's number.
    pub id: StateId,
    /// English name.
    pub name: String,
    /// Hindi name.
    pub name_hi: String,
}

/// A district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct District {
    /// CoWIN's number.
    pub id: DistrictId,
    /// Its state.
    pub state: StateId,
    /// English name.
    pub name: String,
    /// Hindi name.
    pub name_hi: String,
}

/// A six-digit postal code, not starting with zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pincode(u32);

impl Pincode {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The code from a number.
    ///
    /// # Errors
    /// [`Wrong::Form`] unless it has six digits.
    pub const fn new(number: u32) -> Result<Self, Malformed> {
        match number {
            100_000..=999_999 => Ok(Self(number)),
            _ => Err(Wrong::Form.of("pincode")),
        }
    }
}

impl FromStr for Pincode {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let digits: String = text.chars().filter(|c| *c != ' ').collect();
        Self::new(digits.parse().map_err(|_| Wrong::Form.of("pincode"))?)
    }
}

/// What a dose costs at a session, in paise; zero is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fee {
    /// Paise; 100 to the rupee.
    pub paise: u32,
}

impl Fee {
    /// Whether nothing is to be paid.
    #[must_use]
    pub const fn is_free(self) -> bool {
        self.paise == 0
    }

    /// CoWIN's `fee_type`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        if self.is_free() { "Free" } else { "Paid" }
    }

    /// Whole rupees, as CoWIN writes a fee.
    #[must_use]
    pub const fn rupees(self) -> u32 {
        self.paise / 100
    }
}

/// A vaccination centre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Centre {
    /// Its number.
    pub id: CentreId,
    /// Its district.
    pub district: DistrictId,
    /// Name on the door.
    pub name: String,
    /// Street and place.
    pub address: String,
    /// Administrative block.
    pub block: String,
    /// Postal code.
    pub pincode: Pincode,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Opening time, local.
    pub opens: Time,
    /// Closing time, local.
    pub closes: Time,
}

impl Centre {
    /// Great-circle distance in metres to a point, by the haversine formula on a sphere of 6,371 km.
    #[must_use]
    pub fn metres_to(&self, latitude: f64, longitude: f64) -> f64 {
        let (a, b) = (self.latitude.to_radians(), latitude.to_radians());
        let half = |x: f64| (x / 2.0).sin().powi(2);
        let h = half(b - a) + a.cos() * b.cos() * half((longitude - self.longitude).to_radians());
        2.0 * 6_371_000.0 * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pincodes_have_six_digits() {
        assert_eq!("400 021".parse::<Pincode>().unwrap().number(), 400_021);
        for text in ["", "40002", "012345", "4000211", "abcdef"] {
            assert!(text.parse::<Pincode>().is_err(), "{text}");
        }
    }
}
