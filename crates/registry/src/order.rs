//! Numbered lawful orders: whose they can be, and what stands on their paper.

use crate::{Malformed, Wrong};
use std::fmt;

/// Characters that an order's number has at most.
pub const NUMBER_MOST: u8 = 60;

/// Who can give an order. Had from [`Authorities`] alone, so that no other is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    code: String,
    name: String,
}

impl Authority {
    /// Stable short name: it stands in the log.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Its name, for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Those who can give an order, as the configuration lists them.
#[derive(Debug, Clone, Default)]
pub struct Authorities(Vec<Authority>);

impl Authorities {
    /// The list from pairs of short name and name.
    ///
    /// # Errors
    /// [`Malformed`] for a short name that is not of 1 to 32 small letters, digits and hyphens, or that stands twice; and for one
    /// without a name.
    pub fn new(listed: impl IntoIterator<Item = (String, String)>) -> Result<Self, Malformed> {
        let mut authorities: Vec<Authority> = Vec::new();
        for (code, name) in listed {
            let is_plain = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-';
            let is_code = (1..=32).contains(&code.len()) && code.bytes().all(is_plain);
            if !is_code || name.trim().is_empty() || authorities.iter().any(|one| one.code == code) {
                return Err(Wrong::Form.of("authority"));
            }
            authorities.push(Authority { code, name });
        }
        Ok(Self(authorities))
    }

    /// The one with this short name.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn named(&self, code: &str) -> Result<Authority, Malformed> {
        let wrong = if code.is_empty() { Wrong::Missing } else { Wrong::Unknown };
        self.0.iter().find(|one| one.code == code).cloned().ok_or(wrong.of("authority"))
    }

    /// All of them, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Authority> {
        self.0.iter()
    }
}

/// The number that stands on an order. It may name a matter that names her, so it does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderNumber(String);

impl OrderNumber {
    /// The number, in capitals, with one space where there were several.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderNumber(..)")
    }
}

impl std::str::FromStr for OrderNumber {
    type Err = Malformed;

    /// Whoever copies it from the paper twice gets the same, however the letters and spaces were typed.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let number = text.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        let wrong = match number.chars().count() {
            0 => Some(Wrong::Missing),
            many if many > usize::from(NUMBER_MOST) => Some(Wrong::TooLong),
            _ if !number.chars().any(char::is_numeric) => Some(Wrong::Form),
            _ if number.chars().any(|sign| !sign.is_alphanumeric() && !" ./-()&,:".contains(sign)) => {
                Some(Wrong::Characters)
            }
            _ => None,
        };
        wrong.map_or(Ok(Self(number)), |wrong| Err(wrong.of("order_number")))
    }
}

/// SHA-256 of an order's document, from 64 hexadecimal digits as programs print them.
///
/// # Errors
/// [`Malformed`].
pub fn document(text: &str) -> Result<[u8; 32], Malformed> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| sign.to_digit(16))
        .map(|digit| digit.and_then(|digit| u8::try_from(digit).ok()).ok_or(Wrong::Characters.of("document")))
        .collect::<Result<_, _>>()?;
    if digits.is_empty() {
        return Err(Wrong::Missing.of("document"));
    }
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    if digits.len() == 64 {
        bytes.try_into().map_err(|_| Wrong::Form.of("document"))
    } else {
        Err(Wrong::Form.of("document"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_was_typed() {
        for (typed, read) in [
            ("W.P. 17/2026", Ok("W.P. 17/2026")),
            ("  w.p.   17/2026 ", Ok("W.P. 17/2026")),
            ("क-12", Ok("क-12")),
            ("", Err(Wrong::Missing)),
            ("order", Err(Wrong::Form)),
            ("17<b>", Err(Wrong::Characters)),
            (&"1".repeat(61), Err(Wrong::TooLong)),
        ] {
            let number = typed.parse::<OrderNumber>();
            let read_as = number.as_ref().map(OrderNumber::text).map_err(|malformed| malformed.wrong);
            assert_eq!(read_as, read, "{typed}");
        }
    }

    #[test]
    fn only_whom_the_configuration_lists_gives_orders() {
        let pair = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        let listed = Authorities::new([pair("high-court", "High Court of Delhi")]).unwrap();
        assert_eq!(listed.named("high-court").unwrap().name(), "High Court of Delhi");
        assert_eq!(listed.named("").unwrap_err().wrong, Wrong::Missing);
        assert_eq!(listed.named("minister").unwrap_err().wrong, Wrong::Unknown);
        assert_eq!(listed.iter().count(), 1);
        for bad in
            [vec![pair("High", "x")], vec![pair("", "x")], vec![pair("a", " ")], vec![pair("a", "x"), pair("a", "y")]]
        {
            assert!(Authorities::new(bad).is_err());
        }
    }

    #[test]
    fn a_documents_hash_is_64_hexadecimal_digits() {
        let good = "00ff".repeat(16);
        let bytes = document(&good).unwrap();
        assert_eq!((bytes[0], bytes[1], bytes[31]), (0, 255, 255));
        assert_eq!(document(&format!(" {} \n", good.to_uppercase())), Ok(bytes));
        for (bad, wrong) in [("", Wrong::Missing), (&good[..62], Wrong::Form), ("xyz", Wrong::Characters)] {
            assert_eq!(document(bad).unwrap_err().wrong, wrong);
        }
    }
}
