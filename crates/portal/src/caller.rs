//! Who asks, as one value: from a bearer token on the API, from a cookie on the pages.

use crate::page::{Shell, Who};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use registry::Role;
use vault::{Caller, Channel, Citizen, Refused, Staff};

/// Name of the cookie that holds a token on the pages.
const COOKIE: &str = "teeka";

/// The holder of a phone, by bearer token.
pub(crate) struct ApiCitizen(pub(crate) Citizen);

/// A member of staff, by bearer token.
pub(crate) struct ApiStaff(pub(crate) Staff);

/// The holder of a phone, by cookie; anyone else is led to the sign-in.
pub(crate) struct PageCitizen(pub(crate) Citizen);

/// A vaccinator, by cookie.
pub(crate) struct PageVaccinator(pub(crate) Staff);

/// A manager, by cookie.
pub(crate) struct PageManager(pub(crate) Staff);

/// An officer, by cookie.
pub(crate) struct PageOfficer(pub(crate) Staff);

/// Whoever is signed in on the pages, or nobody: for pages that anyone may see.
pub(crate) struct Visitor(pub(crate) Option<Caller>);

impl FromRequestParts<Portal> for ApiCitizen {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        match bearer(parts, portal).await? {
            Caller::Citizen(citizen) if !citizen.public => Ok(Self(citizen)),
            _ => Err(Failure::signed_out()),
        }
    }
}

/// The holder of a phone whose token may be good for the certificate alone.
pub(crate) struct ApiCertificateHolder(pub(crate) Citizen);

impl FromRequestParts<Portal> for ApiCertificateHolder {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        match bearer(parts, portal).await? {
            Caller::Citizen(citizen) => Ok(Self(citizen)),
            Caller::Staff(_) => Err(Failure::signed_out()),
        }
    }
}

impl FromRequestParts<Portal> for ApiStaff {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        match bearer(parts, portal).await? {
            Caller::Staff(staff) => Ok(Self(staff)),
            Caller::Citizen(_) => Err(Failure::signed_out()),
        }
    }
}

async fn bearer(parts: &Parts, portal: &Portal) -> Result<Caller, Failure> {
    let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or_else(Failure::signed_out)?;
    Ok(portal.vault().caller(token.trim(), Channel::Api).await?)
}

/// The token in a cookie header.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

async fn visitor(parts: &Parts, portal: &Portal) -> Result<Option<Caller>, Failure> {
    let Some(token) = cookie(&parts.headers, COOKIE) else { return Ok(None) };
    match portal.vault().caller(token, Channel::Page).await {
        // A token for the certificate alone opens no page.
        Ok(Caller::Citizen(citizen)) if citizen.public => Ok(None),
        Ok(caller) => {
            portal.vault().keep_awake(&caller).await?;
            Ok(Some(caller))
        }
        Err(Refused::NotSignedIn) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

impl FromRequestParts<Portal> for Visitor {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        Ok(Self(visitor(parts, portal).await?))
    }
}

/// Not let in: led to the door, told that it is not for her, or told what failed.
pub(crate) enum Turned {
    Away(Redirect),
    Down(Failure),
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        match self {
            Self::Away(redirect) => redirect.into_response(),
            Self::Down(failure) => failure.into_response(),
        }
    }
}

impl FromRequestParts<Portal> for PageCitizen {
    type Rejection = Turned;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Turned> {
        match visitor(parts, portal).await.map_err(Turned::Down)? {
            Some(Caller::Citizen(citizen)) => Ok(Self(citizen)),
            Some(Caller::Staff(_)) => Err(Turned::Down(Failure::forbidden())),
            None => Err(Turned::Away(Redirect::to("/sign-in"))),
        }
    }
}

async fn staff(parts: &Parts, portal: &Portal, role: Role) -> Result<Staff, Turned> {
    match visitor(parts, portal).await.map_err(Turned::Down)? {
        Some(Caller::Staff(staff)) if staff.role == role => Ok(staff),
        Some(_) => Err(Turned::Down(Failure::forbidden())),
        None => Err(Turned::Away(Redirect::to("/staff"))),
    }
}

impl FromRequestParts<Portal> for PageVaccinator {
    type Rejection = Turned;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Turned> {
        staff(parts, portal, Role::Vaccinator).await.map(Self)
    }
}

impl FromRequestParts<Portal> for PageManager {
    type Rejection = Turned;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Turned> {
        staff(parts, portal, Role::Manager).await.map(Self)
    }
}

impl FromRequestParts<Portal> for PageOfficer {
    type Rejection = Turned;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Turned> {
        staff(parts, portal, Role::Officer).await.map(Self)
    }
}

/// Sets the sign-in's cookie, or clears it.
pub(crate) fn set_cookie(portal: &Portal, token: Option<&str>) -> [(header::HeaderName, HeaderValue); 1] {
    let secure = if portal.secure() { "; Secure" } else { "" };
    let life = if token.is_some() { "" } else { "; Max-Age=0" };
    let text = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax{secure}{life}", token.unwrap_or_default());
    [(header::SET_COOKIE, HeaderValue::try_from(text).expect("a token is base64url"))]
}

/// The shell as this caller sees it.
pub(crate) trait Dress {
    /// Dresses a shell with the caller's navigation and time left.
    fn dress<'a>(&self, portal: &Portal, shell: Shell<'a>) -> Shell<'a>;
}

fn seconds_left(portal: &Portal, expires_ms: i64, idle_ms: i64) -> u32 {
    // The idle end was put off by this very request.
    let _ = idle_ms;
    u32::try_from((expires_ms - portal.vault().now_ms()).clamp(0, 900_000) / 1000).unwrap_or(0)
}

impl Dress for Citizen {
    fn dress<'a>(&self, portal: &Portal, shell: Shell<'a>) -> Shell<'a> {
        shell.signed_in(Who::Citizen, seconds_left(portal, self.expires_ms, self.idle_ms))
    }
}

impl Dress for Staff {
    fn dress<'a>(&self, portal: &Portal, shell: Shell<'a>) -> Shell<'a> {
        let who = match self.role {
            Role::Manager => Who::Manager,
            Role::Officer => Who::Officer,
            _ => Who::Vaccinator,
        };
        shell.signed_in(who, seconds_left(portal, self.expires_ms, self.idle_ms))
    }
}

impl Dress for Option<Caller> {
    fn dress<'a>(&self, portal: &Portal, shell: Shell<'a>) -> Shell<'a> {
        match self {
            Some(Caller::Citizen(citizen)) => citizen.dress(portal, shell),
            Some(Caller::Staff(staff)) => staff.dress(portal, shell),
            None => shell,
        }
    }
}

/// The words of a page and the words of its failure come from the same request.
pub(crate) fn words(headers: &HeaderMap) -> Words {
    Words::new(crate::words::Language::of(headers))
}
