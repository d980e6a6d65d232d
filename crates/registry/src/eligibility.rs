//! Who may book or be given which dose, and when. Dated programme data replaces these constants when the
//! schedule engine comes; the questions asked stay the same.

use crate::session::Session;
use crate::vaccine::PRECAUTION_INTERVAL_DAYS;
use crate::{BirthYear, Vaccine};
use jiff::civil::Date;

/// A dose already given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastDose {
    /// 1, 2 or 3.
    pub number: u8,
    /// What was given.
    pub vaccine: Vaccine,
    /// When.
    pub day: Date,
}

/// Why a dose cannot be booked or given at a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ineligible {
    /// There is no such dose.
    #[error("there is no such dose")]
    NoSuchDose,
    /// The person is younger or older than the session serves.
    #[error("the session serves another age group")]
    Age,
    /// The dose before this one is missing.
    #[error("the dose before this one comes first")]
    EarlierDoseMissing,
    /// This dose was given already.
    #[error("this dose was given already")]
    AlreadyGiven,
    /// The earlier dose was another vaccine.
    #[error("the earlier dose was another vaccine")]
    OtherVaccine {
        /// What was given before.
        given: Vaccine,
    },
    /// Before the least interval has passed.
    #[error("the interval since the last dose has not passed")]
    TooEarly {
        /// First day on which it may be given.
        from: Date,
    },
}

/// When a dose comes relative to the earliest day for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// On or after the earliest day.
    Due,
    /// Before it: the vaccinator is warned and gives a reason.
    Early {
        /// First day on which it would be due.
        from: Date,
    },
}

/// The first day on which dose `number` of `vaccine` may be given after `past`.
///
/// # Errors
/// Every [`Ineligible`] but age and earliness.
pub fn earliest(past: &[PastDose], number: u8, vaccine: Vaccine) -> Result<Date, Ineligible> {
    if !(1..=3).contains(&number) {
        return Err(Ineligible::NoSuchDose);
    }
    if past.iter().any(|dose| dose.number == number) {
        return Err(Ineligible::AlreadyGiven);
    }
    if number == 1 {
        return Ok(Date::MIN);
    }
    let before = past.iter().find(|dose| dose.number == number - 1).ok_or(Ineligible::EarlierDoseMissing)?;
    if before.vaccine != vaccine {
        return Err(Ineligible::OtherVaccine { given: before.vaccine });
    }
    let primary = number <= vaccine.primary_doses();
    let days = if primary { vaccine.interval_days() } else { PRECAUTION_INTERVAL_DAYS };
    Ok(before.day.saturating_add(jiff::Span::new().days(i64::from(days))))
}

/// Whether a person may book dose `number` at `session`.
///
/// # Errors
/// The first rule that stands against it.
pub fn may_book(born: BirthYear, past: &[PastDose], number: u8, session: &Session) -> Result<(), Ineligible> {
    if !born.age_in(session.day.year()).is_some_and(|age| session.ages.serves(age)) {
        return Err(Ineligible::Age);
    }
    match timing(past, number, session.vaccine, session.day)? {
        Timing::Due => Ok(()),
        Timing::Early { from } => Err(Ineligible::TooEarly { from }),
    }
}

/// Whether dose `number` is due on `day`, or early.
///
/// # Errors
/// As [`earliest`].
pub fn timing(past: &[PastDose], number: u8, vaccine: Vaccine, day: Date) -> Result<Timing, Ineligible> {
    let from = earliest(past, number, vaccine)?;
    Ok(if day < from { Timing::Early { from } } else { Timing::Due })
}

/// The dose that comes next after `past`, if any: the first that was not given.
#[must_use]
pub fn next_dose(past: &[PastDose]) -> Option<u8> {
    crate::session::DOSES.into_iter().find(|n| past.iter().all(|dose| dose.number != *n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const FIRST: PastDose = PastDose { number: 1, vaccine: Vaccine::Covishield, day: date(2026, 9, 1) };

    #[test]
    fn table_of_earliest_days() {
        type Case = (&'static [PastDose], u8, Vaccine, Result<Date, Ineligible>);
        let cases: [Case; 7] = [
            (&[], 1, Vaccine::Covaxin, Ok(Date::MIN)),
            (&[], 2, Vaccine::Covaxin, Err(Ineligible::EarlierDoseMissing)),
            (&[FIRST], 1, Vaccine::Covishield, Err(Ineligible::AlreadyGiven)),
            (&[FIRST], 2, Vaccine::Covishield, Ok(date(2026, 11, 24))),
            (&[FIRST], 2, Vaccine::Covaxin, Err(Ineligible::OtherVaccine { given: Vaccine::Covishield })),
            (&[FIRST], 3, Vaccine::Covishield, Err(Ineligible::EarlierDoseMissing)),
            (&[FIRST], 4, Vaccine::Covishield, Err(Ineligible::NoSuchDose)),
        ];
        for (past, number, vaccine, expected) in cases {
            assert_eq!(earliest(past, number, vaccine), expected, "dose {number} of {vaccine:?}");
        }
    }

    #[test]
    fn early_is_told_with_its_day() {
        let told = timing(&[FIRST], 2, Vaccine::Covishield, date(2026, 11, 23));
        assert_eq!(told, Ok(Timing::Early { from: date(2026, 11, 24) }));
        assert_eq!(timing(&[FIRST], 2, Vaccine::Covishield, date(2026, 11, 24)), Ok(Timing::Due));
    }

    #[test]
    fn the_next_dose_is_the_first_missing() {
        assert_eq!(next_dose(&[]), Some(1));
        assert_eq!(next_dose(&[FIRST]), Some(2));
    }
}
