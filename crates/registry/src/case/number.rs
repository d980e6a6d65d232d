//! The number of a case: what she writes down and says on the phone.

use crate::{Malformed, Wrong};
use std::fmt;
use std::str::FromStr;

/// Digits and letters that nobody mistakes for one another; 31, a prime, for the check.
const SIGNS: &[u8; 31] = b"0123456789ABCDEFGHJKMNPQRSTVWXY";

/// A case's number, `C-7K2M-90XD`: seven random signs and a check sign. It says nothing and opens nothing.
///
/// The check is a sum weighted by place, modulo 31: it catches every single mistyped sign and every swap of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseNumber([u8; 8]);

impl CaseNumber {
    /// A number from eight random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        let mut rest = u64::from_be_bytes(bytes);
        let mut values = [0; 8];
        for value in &mut values[..7] {
            *value = u8::try_from(rest % 31).expect("a remainder by 31 is small");
            rest /= 31;
        }
        // The last place weighs 8, whose inverse modulo 31 is 4.
        values[7] = u8::try_from((31 - sum(values)) * 4 % 31).expect("a remainder by 31 is small");
        Self(values)
    }
}

/// The weighted sum modulo 31; zero for a number without a slip.
fn sum(values: [u8; 8]) -> u32 {
    (1..).zip(values).map(|(weight, value)| weight * u32::from(value)).sum::<u32>() % 31
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.0.iter().map(|value| char::from(SIGNS[usize::from(*value)])).collect();
        write!(f, "C-{}-{}", &text[..4], &text[4..])
    }
}

impl FromStr for CaseNumber {
    type Err = Malformed;

    /// Takes small letters, missing hyphens, and `O`, `I`, `L` for the digits they look like.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = |wrong: Wrong| wrong.of("case");
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect::<String>().to_ascii_uppercase();
        if plain.is_empty() {
            return Err(malformed(Wrong::Missing));
        }
        let signs = plain.strip_prefix('C').filter(|rest| rest.len() == 8).ok_or(malformed(Wrong::Form))?;
        let mut values = [0; 8];
        for (value, sign) in values.iter_mut().zip(signs.bytes()) {
            let sign = match sign {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            let place = SIGNS.iter().position(|known| *known == sign).ok_or(malformed(Wrong::Form))?;
            *value = u8::try_from(place).expect("there are 31 signs");
        }
        if sum(values) == 0 { Ok(Self(values)) } else { Err(malformed(Wrong::CheckDigit)) }
    }
}
