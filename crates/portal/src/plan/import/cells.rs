//! Cells of one row, read by the name of their column into values that cannot be wrong.

use super::Trouble;
use jiff::civil::{Date, Time};
use registry::Slot;
use std::fmt::Display;
use std::str::FromStr;

/// A column and what is wrong in it.
pub(in crate::plan) type Bad = (&'static str, Trouble);

/// One row, or one form: what stands under a name, without spaces around it; nothing where there is no such name.
pub(super) struct Cells<'a>(pub(super) &'a dyn Fn(&str) -> &'a str);

impl Cells<'_> {
    /// The cell as it stands.
    pub(super) fn raw(&self, column: &'static str) -> &str {
        (self.0)(column)
    }

    /// Text of at most so many letters, without line breaks; it may be empty.
    pub(super) fn text(&self, column: &'static str, most: usize) -> Result<String, Bad> {
        let text = self.raw(column);
        if text.chars().count() > most {
            return Err((column, Trouble::TooLong { most }));
        }
        if text.chars().any(char::is_control) {
            return Err((column, Trouble::Unseen));
        }
        Ok(text.to_owned())
    }

    /// Text that must be there.
    pub(super) fn needed(&self, column: &'static str, most: usize) -> Result<String, Bad> {
        match self.text(column, most)? {
            text if text.is_empty() => Err((column, Trouble::Empty)),
            text => Ok(text),
        }
    }

    /// A number from `from` to `to`.
    pub(super) fn number<T>(&self, column: &'static str, from: T, to: T) -> Result<T, Bad>
    where
        T: FromStr + PartialOrd + Display + Copy,
    {
        self.number_or(column, from, to)?.ok_or((column, Trouble::Empty))
    }

    /// A number from `from` to `to`, or an empty cell.
    pub(super) fn number_or<T>(&self, column: &'static str, from: T, to: T) -> Result<Option<T>, Bad>
    where
        T: FromStr + PartialOrd + Display + Copy,
    {
        let text = self.raw(column);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<T>() {
            Ok(number) if number >= from && number <= to => Ok(Some(number)),
            _ => Err((column, Trouble::Number { from: from.to_string(), to: to.to_string() })),
        }
    }

    /// A value with a reader of its own.
    pub(super) fn read<T>(
        &self,
        column: &'static str,
        read: impl Fn(&str) -> Option<T>,
        otherwise: Trouble,
    ) -> Result<T, Bad> {
        match self.raw(column) {
            "" => Err((column, Trouble::Empty)),
            text => read(text).ok_or((column, otherwise)),
        }
    }
}

/// A day as `2026-12-01`, or as spreadsheets in India write it: `01-12-2026`, `1/12/2026`.
pub(super) fn day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || !digits(year) || !digits(month) || !digits(day) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A time of day as `09:00`, `9:00`, `09:00:00` or `09:00AM`.
pub(in crate::plan) fn time(text: &str) -> Option<Time> {
    let text = text.to_ascii_uppercase();
    let (clock, noon) = match (text.strip_suffix("AM"), text.strip_suffix("PM")) {
        (Some(clock), _) => (clock.trim_end(), Some(0)),
        (_, Some(clock)) => (clock.trim_end(), Some(12)),
        _ => (text.as_str(), None),
    };
    let clock = clock.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(clock);
    let (hour, minute) = clock.split_once(':')?;
    let plain = |text: &str, most: usize| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(hour, 2) || minute.len() != 2 || !plain(minute, 2) {
        return None;
    }
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    match noon {
        None => Time::new(hour, minute, 0, 0).ok(),
        Some(noon) if (1..=12).contains(&hour) => Time::new(hour % 12 + noon, minute, 0, 0).ok(),
        Some(_) => None,
    }
}

/// Windows of time parted by spaces, each `09:00AM-11:00AM` or `09:00-11:00`, in their order and not overlapping.
pub(super) fn slots(text: &str) -> Option<Vec<Slot>> {
    let mut slots: Vec<Slot> = Vec::new();
    for window in text.split_whitespace() {
        let (from, to) = window.split_once('-')?;
        let minutes = |text| {
            time(text).map(|time| u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
        };
        let (from, to) = (minutes(from)?, minutes(to)?);
        let after = slots.last().is_none_or(|last| last.minutes().1 <= from);
        if from >= to || !after {
            return None;
        }
        slots.push(Slot::between(from, to));
    }
    (1..=24).contains(&slots.len()).then_some(slots)
}

/// Rupees with up to two decimals, as paise.
pub(in crate::plan) fn paise(text: &str) -> Option<u32> {
    let (rupees, rest) = text.split_once('.').unwrap_or((text, ""));
    let plain = |text: &str, most: usize| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    if rupees.is_empty() || !plain(rupees, 5) || !plain(rest, 2) {
        return None;
    }
    let hundredths = format!("{rest:0<2}");
    Some(rupees.parse::<u32>().ok()? * 100 + hundredths.parse::<u32>().ok()?)
}
