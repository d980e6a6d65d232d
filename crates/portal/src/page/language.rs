//! The language switch: a plain link that sets a cookie and returns to the page it stood on.

use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::words::Language;

/// What the switch sends.
#[derive(Deserialize)]
pub struct Switch {
    to: Option<String>,
    back: Option<String>,
}

/// `GET /language?to=hi&back=/path`: keeps the choice for a year and goes back. An unknown language changes nothing,
/// and an address that is not a path of ours leads home.
pub async fn language(Query(switch): Query<Switch>) -> Response {
    let back = switch.back.as_deref().and_then(own_path).unwrap_or("/");
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response();
    if let Some(language) = switch.to.as_deref().and_then(Language::from_code) {
        let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", language.code());
        response = ([(header::SET_COOKIE, cookie)], response).into_response();
    }
    response
}

/// The address of the switch to a language from the page at this path.
pub(super) fn address(to: Language, path: &str) -> String {
    let mut address = format!("/language?to={}&back=", to.code());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(byte));
            }
            _ => {
                let hex = |digit: u8| char::from(b"0123456789ABCDEF"[usize::from(digit)]);
                address.extend(['%', hex(byte >> 4), hex(byte & 15)]);
            }
        }
    }
    address
}

/// The path, when it leads to this site and nowhere else. Browsers read `//host` and `/\host` as another site and drop
/// control characters, so only visible ASCII without a backslash is taken.
#[must_use]
pub fn own_path(path: &str) -> Option<&str> {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_ours = path.starts_with('/') && !path.starts_with("//") && path.len() <= 512;
    (is_plain && is_ours).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn switched(to: &str, back: &str) -> (String, Option<String>) {
        let switch = Switch { to: Some(to.to_owned()), back: Some(back.to_owned()) };
        let response = language(Query(switch)).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let text = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (text(header::LOCATION).unwrap(), text(header::SET_COOKIE))
    }

    #[tokio::test]
    async fn the_switch_returns_to_the_page_it_stood_on() {
        let (location, cookie) = switched("hi", "/find?pin=560001").await;
        assert_eq!(location, "/find?pin=560001");
        assert!(cookie.unwrap().starts_with("lang=hi; Path=/;"));
        assert_eq!(switched("xx", "/find").await, ("/find".to_owned(), None));
    }

    #[tokio::test]
    async fn the_switch_never_leaves_the_site() {
        let long = format!("/{}", "a".repeat(600));
        let hostile =
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "evil", "/\t/evil", "/a\r\nX: y"];
        for back in hostile.into_iter().chain([long.as_str()]) {
            assert_eq!(switched("en", back).await.0, "/", "{back:?}");
        }
    }

    #[test]
    fn an_address_carries_its_query_whole() {
        assert_eq!(address(Language::Hindi, "/find?pin=1&on=2"), "/language?to=hi&back=/find%3Fpin%3D1%26on%3D2");
    }
}
