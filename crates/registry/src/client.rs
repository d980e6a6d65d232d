//! Partners' programs that may ask people for a consent. Nobody is found by one: a client names a phone, and the person
//! at it decides.

use crate::{Malformed, Wrong};
use std::fmt;
use std::str::FromStr;

/// A client's id: 3 to 32 small letters, digits and hyphens, beginning with a letter. Public; it stands in people's lists.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(String);

impl ClientId {
    /// The id as text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_id = (3..=32).contains(&text.len())
            && text.bytes().all(allowed)
            && text.starts_with(|first: char| first.is_ascii_lowercase());
        if is_id { Ok(Self(text.to_owned())) } else { Err(Wrong::Form.of("client")) }
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a client may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientState {
    /// It is answered like any other, and no message goes out: its requests reach nobody.
    Sandbox,
    /// People get its requests.
    Live,
    /// It is refused, and nothing that it was allowed is good any more.
    Stopped,
}

impl ClientState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Sandbox, Self::Live, Self::Stopped];

    /// Stable short name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Live => "live",
            Self::Stopped => "stopped",
        }
    }
}

impl FromStr for ClientState {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|state| state.code() == text).ok_or(Wrong::Unknown.of("state"))
    }
}

/// A line that people will read on a page and in a message: an organisation's name, a purpose.
///
/// # Errors
/// [`Wrong::Missing`], [`Wrong::TooLong`] beyond `most` letters, [`Wrong::Characters`] for what does not print.
pub fn line(text: &str, most: usize, field: &'static str) -> Result<String, Malformed> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Wrong::Missing.of(field)),
        count if count > most => Err(Wrong::TooLong.of(field)),
        _ if text.chars().any(|letter| {
            letter.is_control()
                || "\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}<>"
                    .contains(letter)
        }) =>
        {
            Err(Wrong::Characters.of(field))
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_plain_and_cannot_be_taken_for_anything_else() {
        for good in ["abc", "city-clinic-7", &"a".repeat(32)] {
            assert_eq!(good.parse::<ClientId>().unwrap().text(), good);
        }
        for bad in ["", "ab", "7ab", "-ab", "City", "a b", "a_b", "क्लिनिक", "abc\n", &"a".repeat(33)] {
            assert!(bad.parse::<ClientId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_line_prints_as_it_reads() {
        assert_eq!(line("  City Clinic ", 20, "name").as_deref(), Ok("City Clinic"));
        for (text, wrong) in [
            (" ", Wrong::Missing),
            ("six letters too many", Wrong::TooLong),
            ("a\nb", Wrong::Characters),
            ("\u{202e}cinilC", Wrong::Characters),
            ("<b>Clinic", Wrong::Characters),
        ] {
            assert_eq!(line(text, 14, "name"), Err(wrong.of("name")), "{text:?}");
        }
    }
}
