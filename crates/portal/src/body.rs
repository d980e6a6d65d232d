//! Requests as existing clients send them: JSON with any or no content type, empty bodies, numbers as text, unknown
//! keys in body and query, dates with one digit or two.

use crate::Failure;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};

/// No body of the API comes near this many bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// A JSON object, whatever its content type says. An empty body is an empty object. Unknown keys are ignored.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        object(&bytes(request.into_body()).await?).map(Self)
    }
}

/// The bytes of a body.
pub(crate) async fn bytes(body: Body) -> Result<Bytes, Failure> {
    axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| Failure::too_large())
}

/// The JSON object in a body.
pub(crate) fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let text = match bytes.trim_ascii() {
        b"" => b"{}",
        text => text,
    };
    // Serde would also take a struct's fields from an array, in order; no client may come to rely on that.
    let object = text.starts_with(b"{").then(|| serde_json::from_slice(text).ok()).flatten();
    object.ok_or_else(|| Failure::input("The body is not the JSON expected here"))
}

/// Text that may come as a JSON string or number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text(pub(crate) String);

impl Text {
    /// The text without blanks around it, if anything is left.
    pub(crate) fn given(&self) -> Option<&str> {
        Some(self.0.trim()).filter(|text| !text.is_empty())
    }

    /// The text, or the contract's answer to a missing one.
    pub(crate) fn needed(&self) -> Result<&str, Failure> {
        self.given().ok_or_else(missing)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            serde_json::Value::Number(number) => Ok(Self(number.to_string())),
            serde_json::Value::Null => Ok(Self::default()),
            _ => Err(D::Error::custom("expected text or a number")),
        }
    }
}

/// The query, of which a handler reads the keys it knows. Of a key that comes twice the first counts.
pub(crate) struct Params(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = Query::try_from_uri(&parts.uri);
        query.map(|Query(pairs)| Self(pairs)).map_err(|_| Failure::input("The query cannot be read"))
    }
}

impl Params {
    /// A value without blanks around it, if anything is left.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// A value, or the contract's answer to a missing one.
    pub(crate) fn needed(&self, name: &str) -> Result<&str, Failure> {
        self.given(name).ok_or_else(missing)
    }

    /// The day under `date`.
    pub(crate) fn day(&self) -> Result<Date, Failure> {
        day(self.needed("date")?).ok_or_else(|| Failure::contract("APPOIN0019", "Invalid date"))
    }
}

fn missing() -> Failure {
    Failure::input("Input parameter missing")
}

/// A date from `D-M-YY` to `DD-MM-YYYY`; of a year in two digits the century is ours.
pub(crate) fn day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str, digits: &[usize]| -> Option<i16> {
        let fits = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| text.parse().ok()).flatten()
    };
    let century = if year.len() == 2 { 2000 } else { 0 };
    let (day, month, year) = (number(day, &[1, 2])?, number(month, &[1, 2])?, number(year, &[2, 4])? + century);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// A day as the contract writes it.
pub(crate) fn dated(day: Date) -> String {
    format!("{:02}-{:02}-{:04}", day.day(), day.month(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_clients_write_them() {
        for text in ["8-6-26", "08-06-26", "8-06-2026", "08-6-2026", "08-06-2026"] {
            assert_eq!(day(text), Some(date(2026, 6, 8)), "{text}");
        }
        assert_eq!(day("29-02-2028").map(dated).as_deref(), Some("29-02-2028"));
        for text in [
            "",
            "8",
            "8-6",
            "8-6-6",
            "8-6-202",
            "8-6-02026",
            "31-02-2026",
            "29-2-26",
            "0-1-26",
            "1-0-26",
            "1-13-26",
            "2026-06-08",
            "08/06/2026",
            "8-6-26-1",
            "+8-6-26",
            "8--6-26",
            "a-b-cd",
            "८-६-२६",
            " 8-6-26",
            "008-6-26",
        ] {
            assert_eq!(day(text), None, "{text:?}");
        }
    }

    #[test]
    fn text_may_be_a_number_and_nothing_else() {
        let read = |json: &str| serde_json::from_str::<Text>(json).ok().map(|text| text.0);
        assert_eq!(read("9876543210").as_deref(), Some("9876543210"));
        assert_eq!(read("\" 1\"").as_deref(), Some(" 1"));
        assert_eq!(read("null").as_deref(), Some(""));
        for json in ["true", "[]", "{}", "[1]"] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
