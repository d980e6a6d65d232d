//! What a person tells us, parsed at the edge. None of these types prints itself: a slip of the pen in a log
//! line must not compile or must show nothing.

use crate::ids::verhoeff;
use crate::{Malformed, Wrong};
use std::fmt;
use std::str::FromStr;

macro_rules! silent {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

/// A person's name as she writes it, in any script; 1–100 characters; spaces folded.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(String);
silent!(Name);

impl Name {
    /// The name.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.is_empty() {
            return Err(Wrong::Missing.of("name"));
        }
        if folded.chars().count() > 100 {
            return Err(Wrong::TooLong.of("name"));
        }
        let joiner = |c| matches!(c, '\u{200c}' | '\u{200d}');
        let mark = |c| ('\u{0300}'..='\u{036f}').contains(&c) || ('\u{0900}'..='\u{0dff}').contains(&c);
        let allowed = |c: char| c.is_alphabetic() || mark(c) || joiner(c) || " .'’-".contains(c);
        if folded.chars().all(allowed) && folded.chars().any(char::is_alphabetic) {
            Ok(Self(folded))
        } else {
            Err(Wrong::Characters.of("name"))
        }
    }
}

/// An Indian mobile number: ten digits, the first 6–9.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);
silent!(Phone);

impl Phone {
    /// The ten digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The last four digits: what pages show.
    #[must_use]
    pub fn last_four(&self) -> &str {
        &self.0[6..]
    }
}

impl FromStr for Phone {
    type Err = Malformed;

    /// Accepts `+91`, a leading zero, spaces and hyphens.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let digits: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if digits.is_empty() {
            return Err(Wrong::Missing.of("mobile"));
        }
        let ten = match digits.strip_prefix("+91") {
            Some(rest) => rest,
            None if digits.len() == 12 => digits.strip_prefix("91").unwrap_or(&digits),
            None => digits.strip_prefix('0').unwrap_or(&digits),
        };
        if ten.len() == 10 && ten.bytes().all(|b| b.is_ascii_digit()) && ten.as_bytes()[0] >= b'6' {
            Ok(Self(ten.to_owned()))
        } else {
            Err(Wrong::Form.of("mobile"))
        }
    }
}

/// A year of birth, 1900–2100; whether it lies in the past is judged against a day by [`BirthYear::age_in`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthYear(u16);
silent!(BirthYear);

impl BirthYear {
    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.0
    }

    /// The year from a number.
    ///
    /// # Errors
    /// [`Wrong::Range`] outside 1900–2100.
    pub const fn new(year: u16) -> Result<Self, Malformed> {
        match year {
            1900..=2100 => Ok(Self(year)),
            _ => Err(Wrong::Range.of("birth_year")),
        }
    }

    /// Age by CoWIN's rule: the calendar year less the year of birth. `None` for a year still to come, or more
    /// than 120 years ago.
    #[must_use]
    pub fn age_in(self, year: i16) -> Option<u8> {
        let age = i32::from(year) - i32::from(self.0);
        u8::try_from(age).ok().filter(|age| *age <= 120)
    }
}

impl BirthYear {
    /// Majority, in completed years (Indian Majority Act 1875, section 3; DPDP Act 2023, section 2(f)).
    const OF_AGE: i16 = 18;

    /// The year on whose first day she is surely of age. Of her birth only the year is known, so it is the one after the
    /// year of her eighteenth birthday: nobody is taken for an adult a day too early.
    #[must_use]
    pub fn of_age_from(self) -> i16 {
        i16::try_from(self.0).expect("at most 2100") + Self::OF_AGE + 1
    }
}

impl FromStr for BirthYear {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.trim().is_empty() {
            return Err(Wrong::Missing.of("birth_year"));
        }
        Self::new(text.trim().parse().map_err(|_| Wrong::Form.of("birth_year"))?)
    }
}

/// Gender as registered; CoWIN's ids 1, 2, 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gender {
    /// 1
    Male,
    /// 2
    Female,
    /// 3
    Others,
}

impl Gender {
    /// All, in CoWIN's order.
    pub const ALL: [Self; 3] = [Self::Male, Self::Female, Self::Others];

    /// CoWIN's id.
    #[must_use]
    pub const fn id(self) -> u8 {
        self as u8 + 1
    }

    /// The gender with CoWIN's id.
    ///
    /// # Errors
    /// [`Wrong::Unknown`] for another number.
    pub fn from_id(id: u8) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|g| g.id() == id).ok_or(Wrong::Unknown.of("gender_id"))
    }

    /// CoWIN's English label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Male => "Male",
            Self::Female => "Female",
            Self::Others => "Others",
        }
    }
}

/// Kind of identity document, under CoWIN's first ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the label of each says what it is")]
pub enum IdKind {
    Aadhaar = 1,
    DrivingLicence = 2,
    HealthInsuranceCard = 3,
    MnregaJobCard = 4,
    OfficialIdentityCard = 5,
    Pan = 6,
    Passbook = 7,
    Passport = 8,
    PensionDocument = 9,
    ServiceIdentityCard = 10,
    NprSmartCard = 11,
    VoterId = 12,
    Other = 13,
}

impl IdKind {
    /// All kinds, by id.
    pub const ALL: [Self; 13] = [
        Self::Aadhaar,
        Self::DrivingLicence,
        Self::HealthInsuranceCard,
        Self::MnregaJobCard,
        Self::OfficialIdentityCard,
        Self::Pan,
        Self::Passbook,
        Self::Passport,
        Self::PensionDocument,
        Self::ServiceIdentityCard,
        Self::NprSmartCard,
        Self::VoterId,
        Self::Other,
    ];

    /// CoWIN's id.
    #[must_use]
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// The kind with CoWIN's id.
    ///
    /// # Errors
    /// [`Wrong::Unknown`] for another number.
    pub fn from_id(id: u8) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|k| k.id() == id).ok_or(Wrong::Unknown.of("photo_id_type"))
    }

    /// CoWIN's English label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Aadhaar => "Aadhaar Card",
            Self::DrivingLicence => "Driving License",
            Self::HealthInsuranceCard => "Health Insurance Smart Card",
            Self::MnregaJobCard => "MNREGA Job Card",
            Self::OfficialIdentityCard => "Official Identity Card (MPs/MLAs/MLCs)",
            Self::Pan => "PAN Card",
            Self::Passbook => "Passbook (Bank/Post Office)",
            Self::Passport => "Passport",
            Self::PensionDocument => "Pension Document",
            Self::ServiceIdentityCard => "Service Identity Card",
            Self::NprSmartCard => "NPR Smart Card",
            Self::VoterId => "Voter ID",
            Self::Other => "Others",
        }
    }

    /// CoWIN's document code, where it has one.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::DrivingLicence => Some("DRVLC"),
            Self::MnregaJobCard => Some("MNRGA"),
            Self::Pan => Some("PANCR"),
            Self::Passport => Some("PSPRT"),
            Self::VoterId => Some("VTRID"),
            _ => None,
        }
    }

    /// Whether `number` is a *complete* number of this kind: right form and, where there is one, right check
    /// digit. Only such a number yields a duplicate token.
    #[must_use]
    fn is_complete(self, number: &str) -> bool {
        let shape = |pattern: &str| {
            pattern.len() == number.len()
                && pattern.bytes().zip(number.bytes()).all(|(p, b)| match p {
                    b'A' => b.is_ascii_uppercase(),
                    _ => b.is_ascii_digit(),
                })
        };
        match self {
            Self::Aadhaar => {
                shape("000000000000")
                    && number.as_bytes()[0] >= b'2'
                    && number.parse::<u64>().is_ok_and(|n| u64::from(verhoeff(n / 10)) == n % 10)
            }
            Self::Pan => shape("AAAAA0000A"),
            Self::Passport => shape("A0000000"),
            Self::VoterId => shape("AAA0000000"),
            Self::DrivingLicence => (13..=16).contains(&number.len()) && shape_of_licence(number),
            _ => false,
        }
    }
}

fn shape_of_licence(number: &str) -> bool {
    let (state, rest) = number.split_at(2);
    state.bytes().all(|b| b.is_ascii_uppercase()) && rest.bytes().all(|b| b.is_ascii_digit())
}

/// An identity document, reduced at once: the kind and the last four characters. The number itself lives only
/// long enough to draw a keyed token from it ([`IdDocument::complete_number`]) and is never stored.
#[derive(Clone)]
pub struct IdDocument {
    kind: IdKind,
    last_four: String,
    complete: Option<String>,
}
silent!(IdDocument);

impl IdDocument {
    /// Takes a kind and a number in any of the forms people and clients send: complete, masked (`XXXX9999`), or
    /// the last four alone.
    ///
    /// # Errors
    /// [`Wrong`] by field `photo_id_number`: missing, too long, other characters than letters, digits and
    /// separators, fewer than four characters; or a complete Aadhaar number with a mistyped digit.
    pub fn parse(kind: IdKind, number: &str) -> Result<Self, Malformed> {
        let malformed = |wrong: Wrong| wrong.of("photo_id_number");
        let plain: String = number
            .trim()
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '/' | '*'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if plain.is_empty() {
            return Err(malformed(Wrong::Missing));
        }
        if plain.len() > 30 {
            return Err(malformed(Wrong::TooLong));
        }
        if !plain.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(malformed(Wrong::Characters));
        }
        if plain.len() < 4 {
            return Err(malformed(Wrong::Form));
        }
        let all_digits = plain.bytes().all(|b| b.is_ascii_digit());
        if kind == IdKind::Aadhaar && plain.len() == 12 && all_digits && !kind.is_complete(&plain) {
            return Err(malformed(Wrong::CheckDigit));
        }
        let last_four = plain[plain.len() - 4..].to_owned();
        let complete = kind.is_complete(&plain).then_some(plain);
        Ok(Self { kind, last_four, complete })
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> IdKind {
        self.kind
    }

    /// The last four characters.
    #[must_use]
    pub fn last_four(&self) -> &str {
        &self.last_four
    }

    /// The whole number, if a complete and well-formed one was given: input for the keyed duplicate token.
    #[must_use]
    pub fn complete_number(&self) -> Option<&str> {
        self.complete.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_of_age_a_day_too_early() {
        for (born, year) in [(2008, 2027), (1900, 1919), (2100, 2119)] {
            let of_age_from = BirthYear::new(born).unwrap().of_age_from();
            assert_eq!(of_age_from, year);
            // Born on the last day of her year, she was eighteen the day before.
            assert_eq!(of_age_from - i16::try_from(born).unwrap(), 19);
        }
    }

    #[test]
    fn phones_are_taken_as_people_write_them() {
        for text in ["9876543210", "+91 98765 43210", "098765-43210", "919876543210"] {
            assert_eq!(text.parse::<Phone>().unwrap().digits(), "9876543210", "{text}");
        }
        for text in ["", "5876543210", "987654321", "98765432100", "98765a3210", "+1 987 654 3210"] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_in_every_script_pass_and_hostile_ones_do_not() {
        for text in ["Asha", "A. P. J. Abdul", "D’Souza", "श्रीमती क्षमा", "தமிழ்ச்செல்வி", "محمد", "ਹਰਪ੍ਰੀਤ", "Nguyễn"]
        {
            assert!(text.parse::<Name>().is_ok(), "{text}");
        }
        for text in ["", "  ", "<b>", "a\u{202e}b", "12", "a;b", "...", "x\0"] {
            assert!(text.parse::<Name>().is_err(), "{text:?}");
        }
        assert_eq!("  Asha   Devi ".parse::<Name>().unwrap().text(), "Asha Devi");
    }

    #[test]
    fn a_document_number_is_reduced_at_once() {
        let whole = IdDocument::parse(IdKind::Pan, "abcde1234f").unwrap();
        assert_eq!((whole.last_four(), whole.complete_number()), ("234F", Some("ABCDE1234F")));
        let masked = IdDocument::parse(IdKind::Aadhaar, "XXXXXXXX9999").unwrap();
        assert_eq!((masked.last_four(), masked.complete_number()), ("9999", None));
        let mistyped = IdDocument::parse(IdKind::Aadhaar, "234567890123");
        assert_eq!(mistyped.unwrap_err().wrong, Wrong::CheckDigit);
        assert_eq!(format!("{whole:?}"), "IdDocument(..)");
    }

    #[test]
    fn age_is_counted_by_calendar_years() {
        let born = BirthYear::new(1976).unwrap();
        assert_eq!(born.age_in(2021), Some(45));
        assert_eq!(born.age_in(1975), None);
        assert_eq!(BirthYear::new(1900).unwrap().age_in(2021), None);
    }
}
