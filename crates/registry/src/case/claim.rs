//! What she says in a case. None of it prints itself.

use super::Kind;
use crate::{BirthYear, CentreId, DoseId, Gender, Malformed, Name, Vaccine, Wrong};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The most characters she can write in her own words.
pub const WORDS_MOST: usize = 2_000;

/// What she says is right.
pub enum Claim {
    /// This is her name.
    Name(Name),
    /// This is her year of birth.
    BirthYear(BirthYear),
    /// This is her gender.
    Gender(Gender),
    /// She did not get this dose.
    NotMine(DoseId),
    /// She got this dose.
    Missing(MissingDose),
    /// She was unwell after a dose: her words say how.
    Aefi,
    /// Another record is hers as well.
    Duplicate,
    /// She has another phone. Which one, only her sealed phone says: officers need no number to decide.
    NumberLost,
    /// She is of age and has a phone of her own.
    OfAge,
}

/// A dose that is not in her record, as she remembers it.
pub struct MissingDose {
    /// Which vaccine.
    pub vaccine: Vaccine,
    /// 1, 2 or 3.
    pub number: u8,
    /// When.
    pub day: Date,
    /// Where, in her words.
    pub place: String,
}

/// A dose that an officer found in a centre's register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundDose {
    /// Where.
    pub centre: CentreId,
    /// What.
    pub vaccine: Vaccine,
    /// 1, 2 or 3.
    pub number: u8,
    /// From which batch.
    pub batch: String,
    /// When.
    pub day: Date,
}

/// What she wrote in her own words, without spaces around it.
///
/// # Errors
/// [`Wrong::TooLong`] beyond [`WORDS_MOST`] characters.
pub fn words(text: &str) -> Result<&str, Malformed> {
    let text = text.trim();
    if text.chars().count() > WORDS_MOST { Err(Wrong::TooLong.of("words")) } else { Ok(text) }
}

impl Claim {
    /// The kind of case it makes.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Name(_) => Kind::WrongName,
            Self::BirthYear(_) => Kind::WrongBirthYear,
            Self::Gender(_) => Kind::WrongGender,
            Self::NotMine(_) => Kind::NotMine,
            Self::Missing(_) => Kind::Missing,
            Self::Aefi => Kind::Aefi,
            Self::Duplicate => Kind::Duplicate,
            Self::NumberLost => Kind::NumberLost,
            Self::OfAge => Kind::OfAge,
        }
    }

    /// The dose it is about, if it stands in her record.
    #[must_use]
    pub const fn dose(&self) -> Option<DoseId> {
        match self {
            Self::NotMine(dose) => Some(*dose),
            _ => None,
        }
    }

    /// The text that is sealed: what she claims in the first line, her own words below it.
    #[must_use]
    pub fn sealed_with(&self, words: &str) -> String {
        let line = match self {
            Self::Name(name) => name.text().to_owned(),
            Self::BirthYear(year) => year.year().to_string(),
            Self::Gender(gender) => gender.id().to_string(),
            Self::Missing(dose) => dose.line(),
            Self::NotMine(_) | Self::Aefi | Self::Duplicate | Self::NumberLost | Self::OfAge => String::new(),
        };
        format!("{line}\n{words}")
    }

    /// The claim and her words from the sealed text of a case of this kind, about this dose.
    ///
    /// # Errors
    /// [`Wrong`] where the text is not one of this kind.
    pub fn opened(kind: Kind, dose: Option<DoseId>, text: &str) -> Result<(Self, String), Malformed> {
        let (line, words) = text.split_once('\n').ok_or(Wrong::Form.of("case"))?;
        let claim = match kind {
            Kind::WrongName => Self::Name(line.parse()?),
            Kind::WrongBirthYear => Self::BirthYear(line.parse()?),
            Kind::WrongGender => Self::Gender(Gender::from_id(line.parse().map_err(|_| Wrong::Form.of("gender_id"))?)?),
            Kind::NotMine => Self::NotMine(dose.ok_or(Wrong::Missing.of("dose"))?),
            Kind::Missing => Self::Missing(MissingDose::from_line(line)?),
            Kind::Aefi => Self::Aefi,
            Kind::Duplicate => Self::Duplicate,
            Kind::NumberLost => Self::NumberLost,
            Kind::OfAge => Self::OfAge,
        };
        Ok((claim, words.to_owned()))
    }
}

impl MissingDose {
    /// A dose as she remembers it; `today` is the last day it can have been.
    ///
    /// # Errors
    /// [`Wrong::Range`] for another number than 1, 2, 3 or a day still to come; [`Wrong::Missing`] or
    /// [`Wrong::TooLong`] for a place without or with more than 200 characters.
    pub fn new(vaccine: Vaccine, number: u8, day: Date, place: &str, today: Date) -> Result<Self, Malformed> {
        let place = place.split_whitespace().collect::<Vec<_>>().join(" ");
        if !(1..=3).contains(&number) {
            return Err(Wrong::Range.of("dose"));
        }
        if day > today {
            return Err(Wrong::Range.of("date"));
        }
        match place.chars().count() {
            0 => Err(Wrong::Missing.of("place")),
            1..=200 => Ok(Self { vaccine, number, day, place }),
            _ => Err(Wrong::TooLong.of("place")),
        }
    }

    fn line(&self) -> String {
        format!("{}|{}|{}|{}", self.vaccine.label(), self.number, self.day, self.place)
    }

    fn from_line(line: &str) -> Result<Self, Malformed> {
        let malformed = || Wrong::Form.of("case");
        let mut parts = line.splitn(4, '|');
        let mut part = || parts.next().ok_or_else(malformed);
        let (vaccine, number, day, place) = (part()?, part()?, part()?, part()?);
        let day: Date = day.parse().map_err(|_| malformed())?;
        Self::new(vaccine.parse()?, number.parse().map_err(|_| malformed())?, day, place, day)
    }
}
