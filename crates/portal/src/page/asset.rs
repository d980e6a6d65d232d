//! The style sheet and the scripts: part of the program, named by their content, cached for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use maud::{Markup, Render, html};
use sha2::{Digest, Sha256};

struct Asset {
    name: &'static str,
    kind: &'static str,
    text: String,
    path: String,
}

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! texts {
    ($($name:literal $kind:expr),+ $(,)?) => { [$(($name, $kind, include_str!(concat!("../../assets/", $name)))),+] };
}

/// A module stands below those that it imports.
static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let texts = texts![
        "teeka.css" STYLE,
        "mark.svg" "image/svg+xml",
        "scan.js" SCRIPT,
        "near.js" SCRIPT,
        "timer.js" SCRIPT,
        "timeout.js" SCRIPT,
        "bytes.mjs" SCRIPT,
        "merkle.mjs" SCRIPT,
        "note.mjs" SCRIPT,
        "check.mjs" SCRIPT,
        "check-button.mjs" SCRIPT,
    ];
    texts.into_iter().fold(Vec::new(), |mut known, (name, kind, text)| {
        known.push(named(name, kind, text, &known));
        known
    })
});

/// `teeka.css` becomes `/assets/teeka-<16 hex digits of its SHA-256>.css`, also where another asset imports it.
fn named(name: &'static str, kind: &'static str, text: &str, known: &[Asset]) -> Asset {
    let import =
        |text: String, other: &Asset| text.replace(&format!("\"./{}\"", other.name), &format!("\"{}\"", other.path));
    let text = known.iter().fold(text.to_owned(), import);
    let hash = HEXLOWER.encode(&Sha256::digest(&text)[..8]);
    let (stem, ending) = name.split_once('.').expect("our assets have an ending");
    Asset { name, kind, text, path: format!("/assets/{stem}-{hash}.{ending}") }
}

/// The path of one of our assets, with its hash. Only names of files in `assets/` are given.
pub(super) fn asset_path(name: &str) -> &'static str {
    &ASSETS.iter().find(|asset| asset.name == name).expect("the name of a file in assets/").path
}

/// The path of the style sheet.
#[must_use]
pub fn css_path() -> &'static str {
    asset_path("teeka.css")
}

/// A script that adds to a page which works without it. Draw it by putting it into `html!`; the components that
/// need one bring it along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// The camera beside a field.
    Scan,
    /// The position for *near me*.
    Near,
    /// Time that runs out.
    Timer,
    /// The warning before a session ends.
    TimeOut,
    /// The button that checks a list of looks.
    Check,
}

impl Render for Script {
    fn render(&self) -> Markup {
        let name = match self {
            Self::Scan => "scan.js",
            Self::Near => "near.js",
            Self::Timer => "timer.js",
            Self::TimeOut => "timeout.js",
            Self::Check => return html! { script src=(asset_path("check-button.mjs")) type="module" {} },
        };
        html! { script src=(asset_path(name)) defer {} }
    }
}

/// `GET /assets/{file}`: an asset under its hashed name, to be kept for ever; any other name is not found.
pub async fn asset(Path(file): Path<String>) -> Response {
    let known = ASSETS.iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&file));
    match known {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(asset) => {
            let cached = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, cached)], asset.text.as_str()).into_response()
        }
    }
}

/// The routes of the kit itself: the assets and the language switch.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(asset)).route("/language", get(super::language::language))
}

/// What a page of ours may load and do: its own style, scripts, pictures and forms, and nothing of others.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self' data:; form-action 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the headers on a response that keep browsers careful with it, and keeps it out of every cache unless
/// it says otherwise. For `axum::middleware::map_response`.
pub async fn with_security_headers(mut response: Response) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_in_the_browser_knows_as_many_kinds_as_the_log() {
        let counts = [
            vault::Kind::ALL.len(),
            vault::GrantKind::ALL.len() - 1,
            vault::Purpose::ALL.len(),
            vault::Field::ALL.len(),
            vault::Channel::ALL.len(),
        ];
        let line = format!("[KINDS, GRANTS, PURPOSES, FIELDS, CHANNELS] = {counts:?};");
        assert!(include_str!("../../assets/check.mjs").contains(&line), "{line}");
    }

    #[tokio::test]
    async fn an_asset_is_served_under_its_hash_and_kept() {
        let file = css_path().strip_prefix("/assets/").unwrap();
        let response = asset(Path(file.to_owned())).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        for unknown in ["teeka.css", "teeka-0000000000000000.css", "../Cargo.toml", ""] {
            assert_eq!(asset(Path(unknown.to_owned())).await.status(), StatusCode::NOT_FOUND);
        }
    }

    #[test]
    fn modules_import_each_other_under_their_hashed_names() {
        for (name, imported) in
            [("check-button.mjs", "check.mjs"), ("check.mjs", "merkle.mjs"), ("note.mjs", "bytes.mjs")]
        {
            let text = &ASSETS.iter().find(|asset| asset.name == name).unwrap().text;
            assert!(text.contains(&format!("\"{}\"", asset_path(imported))), "{name} imports {imported}");
            assert!(!text.contains("\"./"), "{name} imports nothing else");
        }
    }

    #[tokio::test]
    async fn a_response_keeps_a_cache_rule_of_its_own() {
        let page = with_security_headers("page".into_response()).await;
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(page.headers()[header::CONTENT_SECURITY_POLICY], CONTENT_SECURITY_POLICY);
        let file = css_path().strip_prefix("/assets/").unwrap().to_owned();
        let style = with_security_headers(asset(Path(file)).await).await;
        assert!(style.headers()[header::CACHE_CONTROL].to_str().unwrap().starts_with("public"));
    }
}
