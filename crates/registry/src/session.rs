//! Sessions: one centre, one day, one vaccine, places for each dose.

use crate::{CentreId, Fee, Malformed, SessionId, Vaccine, Wrong};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Whom a session serves. CoWIN writes 18+ without a maximum as *all ages*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeBand {
    /// Youngest, in completed calendar years.
    pub min: u8,
    /// Oldest, if there is a limit.
    pub max: Option<u8>,
}

impl AgeBand {
    /// Whether someone of this age is served.
    #[must_use]
    pub fn serves(self, age: u8) -> bool {
        age >= self.min && self.max.is_none_or(|max| age <= max)
    }

    /// CoWIN's `allow_all_age`: eighteen and above without a limit.
    #[must_use]
    pub const fn all_ages(self) -> bool {
        self.min == 18 && self.max.is_none()
    }
}

/// A window of time within a session, written as CoWIN wrote it from May 2021: `09:00AM-11:00AM`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slot(String);

impl Slot {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The window from `from` to `to`, minutes after midnight.
    #[must_use]
    pub fn between(from: u16, to: u16) -> Self {
        Self(format!("{}-{}", clock(from), clock(to)))
    }

    /// Start and end, minutes after midnight.
    #[must_use]
    pub fn minutes(&self) -> (u16, u16) {
        let (from, to) = self.0.split_once('-').expect("a parsed slot has two ends");
        (minutes(from).expect("a parsed slot has a start"), minutes(to).expect("a parsed slot has an end"))
    }
}

fn clock(minutes: u16) -> String {
    let (hour, half) = (minutes / 60, if minutes / 60 % 24 < 12 { "AM" } else { "PM" });
    format!("{:02}:{:02}{half}", (hour + 11) % 12 + 1, minutes % 60)
}

fn minutes(text: &str) -> Option<u16> {
    let (time, half) = (text.get(..5)?, text.get(5..)?);
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let noon = match half {
        "AM" => 0,
        "PM" => 12,
        _ => return None,
    };
    ((1..=12).contains(&hour) && minute < 60).then(|| (hour % 12 + noon) * 60 + minute)
}

impl FromStr for Slot {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let text = text.trim().to_ascii_uppercase();
        let ends = text.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
        match ends {
            Some((from, to)) if from < to => Ok(Self(text)),
            _ => Err(Wrong::Form.of("slot")),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Places for one dose of one session. They conserve: capacity = open + held + booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Places {
    /// All places.
    pub capacity: u32,
    /// Free to book.
    pub open: u32,
    /// Promised for a moment while a booking on another shard completes.
    pub held: u32,
    /// Taken.
    pub booked: u32,
}

/// Dose numbers that can be booked or given: first, second, precaution.
pub const DOSES: [u8; 3] = [1, 2, 3];

/// A session as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Where.
    pub centre: CentreId,
    /// On which day, local to the centre.
    pub day: Date,
    /// Which vaccine.
    pub vaccine: Vaccine,
    /// Whom it serves.
    pub ages: AgeBand,
    /// What a dose costs.
    pub fee: Fee,
    /// Windows of time.
    pub slots: Vec<Slot>,
    /// Bookable places for dose 1, 2 and 3.
    pub places: [Places; 3],
    /// Places kept for people who come without a booking.
    pub walk_in: Places,
    /// Whether it was called off.
    pub cancelled: bool,
}

impl Session {
    /// Free places for a dose; zero for a dose number that does not exist.
    #[must_use]
    pub fn open_for(&self, dose: u8) -> u32 {
        usize::from(dose).checked_sub(1).and_then(|i| self.places.get(i)).map_or(0, |p| p.open)
    }

    /// Free bookable places over all doses.
    #[must_use]
    pub fn open(&self) -> u32 {
        self.places.iter().map(|p| p.open).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_read_and_write_twelve_hour_time() {
        for (text, from, to) in [
            ("09:00AM-11:00AM", 540, 660),
            ("11:00AM-01:00PM", 660, 780),
            ("12:00AM-12:30AM", 0, 30),
            ("12:00PM-11:59PM", 720, 1439),
        ] {
            let slot: Slot = text.parse().unwrap();
            assert_eq!((slot.minutes(), slot.text()), ((from, to), text));
            assert_eq!(Slot::between(from, to), slot);
        }
        for text in ["", "FORENOON", "09:00-11:00", "11:00AM-09:00AM", "13:00AM-02:00PM", "०9:00AM-11:00AM"] {
            assert!(text.parse::<Slot>().is_err(), "{text}");
        }
    }
}
