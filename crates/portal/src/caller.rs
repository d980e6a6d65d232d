//! Who asks, as one value: from a bearer token on the API, from a cookie on the pages.

use crate::page::{Shell, Who};
use crate::words::Words;
use crate::{Failure, Portal, body};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use data_encoding::BASE64URL_NOPAD;
use registry::Role;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use vault::{Asked, Caller, Channel, Citizen, Client, Consented, Keepsake, Opened, Refused, Signed, Staff};

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
    Ok(portal.vault().caller(bearer_token(parts)?, Channel::Api).await?)
}

fn bearer_token(parts: &Parts) -> Result<&str, Failure> {
    let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    token.map(|(_, token)| token.trim()).ok_or_else(Failure::signed_out)
}

/// A client, and the JSON object that it signed.
pub(crate) struct ByClient<T>(pub(crate) Client, pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Portal> for ByClient<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Failure> {
        let (parts, content) = request.into_parts();
        let bytes = body::bytes(content).await?;
        Ok(Self(client(&parts, &bytes, portal).await?, body::object(&bytes)?))
    }
}

/// A client with a token, which it signed for as well.
pub(crate) struct ApiClient(pub(crate) Consented);

impl FromRequestParts<Portal> for ApiClient {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let client = client(parts, b"", portal).await?;
        Ok(Self(portal.vault().consented(client, bearer_token(parts)?).await?))
    }
}

/// Whoever may look at a family: its phone's holder, or a client that one of them allowed it.
pub(crate) enum ApiReader {
    Citizen(Box<Citizen>),
    Client(Box<Consented>),
}

impl FromRequestParts<Portal> for ApiReader {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        if !parts.headers.contains_key(CLIENT) {
            return ApiCitizen::from_request_parts(parts, portal)
                .await
                .map(|ApiCitizen(citizen)| Self::Citizen(Box::new(citizen)));
        }
        let ApiClient(consented) = ApiClient::from_request_parts(parts, portal).await?;
        // What says whether somebody is vaccinated says nothing else.
        if consented.status().is_some() { Err(Failure::signed_out()) } else { Ok(Self::Client(Box::new(consented))) }
    }
}

/// Header with a client's id; whoever sends it is taken for a client.
const CLIENT: &str = "x-teeka-client";

/// The client that signed this request. A key alone (`x-api-key`) is nobody's.
async fn client(parts: &Parts, body: &[u8], portal: &Portal) -> Result<Client, Failure> {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = Signed {
        client: header(CLIENT),
        time: header("x-teeka-time"),
        nonce: header("x-teeka-nonce"),
        signature: header("x-teeka-signature"),
        method: parts.method.as_str(),
        path: parts.uri.path_and_query().map_or("/", |path| path.as_str()),
        body,
    };
    Ok(portal.vault().client(&signed).await?)
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
            // Where nothing can be written, what needs no entry goes on; a sign-in that is not put off ends a little earlier.
            if let Err(refused) = portal.vault().keep_awake(&caller).await {
                tracing::warn!(%refused, "a sign-in was not kept awake");
            }
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

/// Name of the cookie by which a browser is known again, and its life in seconds: as long as browsers allow.
const BROWSER: &str = "teeka-browser";
const BROWSER_LIFE_S: u32 = 400 * 86_400;

/// What a browser keeps of us between its sign-ins: bytes that say nothing to it. A new one is given some.
pub(crate) struct Browser {
    keeps: Keepsake,
    secure: bool,
}

impl FromRequestParts<Portal> for Browser {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Infallible> {
        let known = cookie(&parts.headers, BROWSER).and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
        let keeps = Keepsake::read(&known.unwrap_or_default(), portal.vault().draw());
        Ok(Self { keeps, secure: portal.secure() })
    }
}

impl Browser {
    /// A request from its pages.
    pub(crate) fn asked(&self, portal: &Portal) -> Asked {
        portal.vault().asked(Channel::Page).from_browser(self.keeps)
    }

    /// Lets it keep what came of a sign-in, from now on anew.
    pub(crate) fn set_cookie(&self, opened: &Opened) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
        let (secure, keeps) = (
            if self.secure { "; Secure" } else { "" },
            BASE64URL_NOPAD.encode(&opened.keepsake.unwrap_or(self.keeps).bytes()),
        );
        let path = "Path=/sign-in; HttpOnly; SameSite=Lax";
        let text = format!("{BROWSER}={keeps}; {path}{secure}; Max-Age={BROWSER_LIFE_S}");
        AppendHeaders([(header::SET_COOKIE, HeaderValue::try_from(text).expect("it is base64url"))])
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
