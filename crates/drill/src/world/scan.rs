//! Looking for what must not be there: seeded people's secrets, in every spelling a leak may take.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, BuildError};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};

/// Shorter patterns would be found by chance.
const MIN_BYTES: usize = 6;

/// A text that belongs to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Whose.
    pub person: u64,
    /// Which kind: `phone`, `document`, `name`, `birth date`.
    pub what: &'static str,
    /// The text as she would write it.
    pub text: String,
}

/// A secret found where it should not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whose; of people who share the secret, the first.
    pub person: u64,
    /// Which kind of secret.
    pub what: &'static str,
    /// In which encoding.
    pub encoding: &'static str,
    /// Offset of its first byte.
    pub offset: usize,
}

/// A text in every encoding, named; those that are the same as an earlier one are left out. Letter case is
/// the scanner's affair. A form with `+91` contains the plain one and needs no pattern of its own.
#[must_use]
pub fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = text.as_bytes();
    let mut found = vec![
        ("utf-8", bytes.to_vec()),
        ("utf-16le", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("utf-16be", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("hex", HEXLOWER.encode(bytes).into_bytes()),
        ("hex upper", HEXLOWER.encode(bytes).to_uppercase().into_bytes()),
        ("reversed", text.chars().rev().collect::<String>().into_bytes()),
        ("percent", percent(text, "%20")),
        ("form", percent(text, "+")),
        ("json", escaped(text, |unit| format!("\\u{unit:04x}"))),
        ("html decimal", html(text, |letter| format!("&#{letter};"))),
        ("html hex", html(text, |letter| format!("&#x{letter:x};"))),
    ];
    for (skip, name) in ["base64 +0", "base64 +1", "base64 +2"].into_iter().enumerate() {
        found.push((name, base64(bytes, skip, &BASE64_NOPAD)));
    }
    for (skip, name) in ["base64url +0", "base64url +1", "base64url +2"].into_iter().enumerate() {
        found.push((name, base64(bytes, skip, &BASE64URL_NOPAD)));
    }
    found.extend(grouped(text));
    found.extend(integers(text));
    let mut seen = BTreeSet::new();
    found.retain(|(_, pattern)| seen.insert(pattern.clone()));
    found
}

/// Percent-encoding of all but unreserved characters (RFC 3986), with the given form of a space.
fn percent(text: &str, space: &str) -> Vec<u8> {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => encoded.push_str(space),
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => write!(encoded, "%{byte:02X}").expect("a string takes all"),
        }
    }
    encoded.into_bytes()
}

/// JSON with everything beyond ASCII escaped (RFC 8259).
fn escaped(text: &str, escape: impl Fn(u16) -> String) -> Vec<u8> {
    let mut encoded = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => encoded.push(char::from(byte)),
            _ => encoded.push_str(&escape(unit)),
        }
    }
    encoded.into_bytes()
}

/// HTML with entities for everything beyond ASCII and for the apostrophe.
fn html(text: &str, entity: impl Fn(u32) -> String) -> Vec<u8> {
    let mut encoded = String::new();
    for letter in text.chars() {
        if letter.is_ascii() && letter != '\'' {
            encoded.push(letter);
        } else {
            encoded.push_str(&entity(u32::from(letter)));
        }
    }
    encoded.into_bytes()
}

/// The letters of a base64 text that depend on these bytes alone, when `skip` bytes precede them in their
/// group of three.
fn base64(bytes: &[u8], skip: usize, encoding: &data_encoding::Encoding) -> Vec<u8> {
    let mut padded = vec![0; skip];
    padded.extend_from_slice(bytes);
    let encoded = encoding.encode(&padded).into_bytes();
    let whole = padded.len() * 8 / 6;
    let begin = (skip * 8).div_ceil(6);
    encoded[begin.min(whole)..whole].to_vec()
}

/// Digits as people group them: phones five and five or three, three and four, Aadhaar by fours.
fn grouped(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let cuts: &[&[usize]] = match text.len() {
        10 => &[&[5], &[3, 6]],
        12 => &[&[4, 8]],
        _ => &[],
    };
    let mut found = Vec::new();
    for cut in cuts {
        for (name, separator) in [("grouped by space", ' '), ("grouped by dash", '-')] {
            let mut grouped = text.to_owned();
            for at in cut.iter().rev() {
                grouped.insert(*at, separator);
            }
            found.push((name, grouped.into_bytes()));
        }
    }
    found
}

/// Digits kept as a binary integer: six bytes as in `SQLite` records, eight as in most memory.
fn integers(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(number) = is_number.then(|| text.parse::<u64>().ok()).flatten() else {
        return Vec::new();
    };
    vec![
        ("integer of 48 bits", number.to_be_bytes()[2..].to_vec()),
        ("integer little-endian", number.to_le_bytes().to_vec()),
    ]
}

/// Finds the secrets of many people in one pass.
pub struct Scanner {
    automaton: AhoCorasick,
    owners: Vec<(u64, &'static str, &'static str)>,
}

impl Scanner {
    /// A scanner for these secrets, blind to the case of ASCII letters; secrets and encodings below six bytes
    /// are left out.
    ///
    /// # Errors
    /// When there are more patterns than the automaton can number, some hundred thousand people.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Result<Self, BuildError> {
        let mut patterns = BTreeSet::new();
        let mut owners = Vec::new();
        let mut ordered = Vec::new();
        for secret in secrets.into_iter().filter(|secret| secret.text.len() >= MIN_BYTES) {
            for (encoding, pattern) in encodings(&secret.text) {
                let folded = pattern.to_ascii_lowercase();
                if folded.len() >= MIN_BYTES && patterns.insert(folded.clone()) {
                    owners.push((secret.person, secret.what, encoding));
                    ordered.push(folded);
                }
            }
        }
        let automaton = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&ordered)?;
        Ok(Self { automaton, owners })
    }

    /// Every secret in these bytes, overlapping ones too, in the order in which they end.
    #[must_use]
    pub fn scan(&self, haystack: &[u8]) -> Vec<Hit> {
        let hits = self.automaton.find_overlapping_iter(haystack);
        hits.map(|found| {
            let (person, what, encoding) = self.owners[found.pattern().as_usize()];
            Hit { person, what, encoding, offset: found.start() }
        })
        .collect()
    }
}
