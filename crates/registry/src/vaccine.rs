//! Vaccines of the COVID-19 programme, as CoWIN named them.

use crate::{Malformed, Wrong};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A vaccine. Matching ignores case; CoWIN's upper-case name is what we emit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is named by its label")]
pub enum Vaccine {
    Covishield,
    Covaxin,
    SputnikV,
    Corbevax,
    Covovax,
    ZycovD,
}

impl Vaccine {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Covishield, Self::Covaxin, Self::SputnikV, Self::Corbevax, Self::Covovax, Self::ZycovD];

    /// CoWIN's name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Covishield => "COVISHIELD",
            Self::Covaxin => "COVAXIN",
            Self::SputnikV => "SPUTNIK V",
            Self::Corbevax => "CORBEVAX",
            Self::Covovax => "COVOVAX",
            Self::ZycovD => "ZYCOV-D",
        }
    }

    /// Who makes it.
    #[must_use]
    pub const fn manufacturer(self) -> &'static str {
        match self {
            Self::Covishield | Self::Covovax => "Serum Institute of India",
            Self::Covaxin => "Bharat Biotech",
            Self::SputnikV => "Dr. Reddy's Laboratories",
            Self::Corbevax => "Biological E",
            Self::ZycovD => "Zydus Cadila",
        }
    }

    /// Doses of the primary course.
    #[must_use]
    pub const fn primary_doses(self) -> u8 {
        if matches!(self, Self::ZycovD) { 3 } else { 2 }
    }

    /// Least days between two doses of the primary course (the ministry’s letters of May 2021 and later, current in 2022).
    #[must_use]
    pub const fn interval_days(self) -> u16 {
        match self {
            Self::Covishield => 84,
            Self::Covaxin | Self::Corbevax | Self::ZycovD => 28,
            Self::SputnikV | Self::Covovax => 21,
        }
    }
}

/// Least days from the last primary dose to a precaution dose: 26 weeks (six months, from July 2022).
pub const PRECAUTION_INTERVAL_DAYS: u16 = 182;

impl FromStr for Vaccine {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wanted = text.trim();
        let same = |v: &Self| v.label().eq_ignore_ascii_case(wanted);
        Self::ALL.into_iter().find(same).ok_or(Wrong::Unknown.of("vaccine"))
    }
}
