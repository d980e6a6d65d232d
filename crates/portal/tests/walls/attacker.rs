//! What an attacker tries with headers, caches and paths.

use crate::partner::{ALL, Partner};
use crate::street::{Answer, Street, Who, table};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use portal::routes::Access;
use registry::ClientState;
use tower::ServiceExt;

async fn sends(street: &Street, method: &Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let (parts, body) = street.app.clone().oneshot(request).await.unwrap().into_parts();
    Answer { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap().to_vec() }
}

fn cached(headers: &HeaderMap) -> &str {
    headers[header::CACHE_CONTROL].to_str().unwrap()
}

#[tokio::test]
async fn what_an_auditor_alone_may_have_lies_in_no_shared_cache() {
    let street = Street::new().await;
    let size = street.world.vault.log_standing().published;
    let part = |directory: &str| match size {
        256.. => format!("/log/tile/{directory}/000"),
        size => format!("/log/tile/{directory}/000.p/{size}"),
    };
    let credential = format!("Bearer {}", street.world.vault.auditor_credential("Court of Audit"));
    let auditor = [("authorization", credential.as_str())];
    let bundle = part("entries");
    assert_eq!(sends(&street, &Method::GET, &bundle, &[], "").await.status, StatusCode::UNAUTHORIZED);
    let had = sends(&street, &Method::GET, &bundle, &auditor, "").await;
    assert_eq!(had.status, StatusCode::OK);
    assert!(cached(&had.headers).starts_with("private"), "{}", cached(&had.headers));
    let tile = sends(&street, &Method::GET, &part("0"), &auditor, "").await;
    assert!(tile.status == StatusCode::OK && cached(&tile.headers).starts_with("public"));
    for path in [
        "/log/tile/entries/../0/000",
        "/log/tile/entries/../../../teeka.db",
        "/log/..%2fteeka.db",
        "/log/%2e%2e/keys.db",
    ] {
        assert_eq!(sends(&street, &Method::GET, path, &auditor, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_answer_to_whoever_is_signed_in_is_kept_by_no_cache_and_framed_by_no_page() {
    let street = Street::new().await;
    let whose = |access| match access {
        Access::Anyone => Some(Who::Nobody),
        Access::CertificateHolder => Some(Who::CertificateOnly),
        Access::Citizen | Access::CitizenOrClient => Some(Who::Asha),
        Access::Client => Some(Who::Clinic),
        Access::Vaccinator => Some(Who::Meera),
        Access::Manager => Some(Who::Manager),
        Access::Officer => Some(Who::Omar),
    };
    for route in table().iter().filter(|route| route.method == Method::GET) {
        let answer = street.at(route, whose(route.access).unwrap()).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{}",
            route.path
        );
        assert!(!policy.contains("unsafe"), "{}", route.path);
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{}", route.path);
        let is_signed_in = route.access != Access::Anyone;
        // An answer of open places is asked for again each time, and names nobody.
        let is_open = route.path.contains("/sessions/") || route.path.contains("findByLatLong");
        if is_signed_in && !is_open {
            assert_eq!(cached(&answer.headers), "no-store", "{}", route.path);
        }
    }
}

#[tokio::test]
async fn a_signature_is_of_one_client_one_path_one_body_and_headers_that_stand_once() {
    let street = Street::new().await;
    let world = &street.world;
    let [clinic, other] = [
        Partner::with(world, "one", ALL, ClientState::Live).await,
        Partner::with(world, "two", ALL, ClientState::Live).await,
    ];
    let path = "/api/v2/consent/token";
    let body = format!("{{\"requestId\":\"{}\"}}", street.asked);
    let signed = |partner: &Partner, path: &str, body: &str| partner.headers(world, "POST", path, body.as_bytes());
    let good = signed(&clinic, path, &body);
    let call = async |path: &str, headers: &[(&str, &str)], body: &str| {
        sends(&street, &Method::POST, path, headers, body).await
    };
    let flat = |headers: &[(&'static str, String)]| {
        headers.iter().map(|(name, value)| (*name, value.clone())).collect::<Vec<_>>()
    };
    let refused = async |path: &str, headers: Vec<(&'static str, String)>, body: &str| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let status = call(path, &headers, body).await.status;
        matches!(status, StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
    };
    // The same call another way than it was signed.
    for other_path in [
        "/api/v2/consent/token?",
        "/api/v2/consent/token?x=1",
        "//api/v2/consent/token",
        "/api/v2/consent/./token",
        "/api/v2/consent/%74oken",
        "/api/v2/consent/token/",
        "/api/v2/consent/requests",
    ] {
        assert!(refused(other_path, flat(&good), &body).await, "{other_path}");
    }
    for other_body in ["{}", &format!("{body} "), ""] {
        assert!(refused(path, flat(&good), other_body).await, "{other_body}");
    }
    // Another client's name before or behind one's own, and another's signature.
    let theirs = signed(&other, path, &body);
    for (name, value) in &theirs {
        let mut mixed = flat(&good);
        mixed.retain(|(one, _)| one != name);
        mixed.push((*name, value.clone()));
        if *name != "x-teeka-time" {
            assert!(refused(path, mixed, &body).await, "{name}");
        }
    }
    let twice = [vec![("x-teeka-client", "two".to_owned())], flat(&good)].concat();
    assert!(refused(path, twice, &body).await);
    // What was refused spent nothing: the request as it was signed is still good, and once.
    let headers: Vec<_> = good.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = call(path, &headers, &body).await;
    assert_eq!(
        (told.status, told.text()),
        (StatusCode::OK, "{\"status\":\"asked\"}".into()),
        "another's request is as good as none"
    );
    assert!(refused(path, flat(&good), &body).await, "shown again");
    // A client's token is nothing without its signature, and nothing on a page.
    let token = format!("Bearer {}", street.token(Who::Clinic).unwrap());
    let cookie = format!("teeka={}", street.token(Who::Clinic).unwrap());
    for path in ["/api/v2/consent/record", "/api/v2/appointment/beneficiaries"] {
        let bare = sends(&street, &Method::GET, path, &[("authorization", &token)], "").await;
        assert_eq!((bare.status, bare.text()), (StatusCode::UNAUTHORIZED, "Unauthenticated access!".into()));
    }
    assert!(sends(&street, &Method::GET, "/family", &[("cookie", &cookie)], "").await.is_refusal());
}

#[tokio::test]
async fn what_a_browser_keeps_stays_at_the_door_and_says_nothing() {
    let street = Street::new().await;
    let world = &street.world;
    let mut kept = Vec::new();
    for phone in [crate::street::ASHA, crate::street::SITA] {
        let (transaction, code) = world.code(phone, vault::CodeFor::SignIn).await;
        let form = format!("txn={transaction}&code={code}");
        let form_type = ("content-type", "application/x-www-form-urlencoded");
        let before = kept.last().map_or(String::new(), |value: &String| format!("teeka-browser={value}"));
        let answer =
            sends(&street, &Method::POST, "/sign-in/code", &[form_type, ("cookie", before.as_str())], &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let cookies: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
        let browser = cookies.iter().find(|cookie| cookie.starts_with("teeka-browser=")).unwrap();
        assert!(browser.contains("Path=/sign-in; HttpOnly; SameSite=Lax"), "{browser}");
        kept.push(browser.split(['=', ';']).nth(1).unwrap().to_owned());
    }
    // On a phone that two families share its name is the same for both, and its length too: it says of nobody that she was here.
    let read = |text: &String| data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    let (first, second) = (read(&kept[0]), read(&kept[1]));
    assert_eq!((first.len(), second.len()), (vault::Keepsake::LENGTH, vault::Keepsake::LENGTH));
    assert_eq!(first[..32], second[..32]);
    // Each mark took a place that had held chance.
    assert_eq!(first[32..80], second[48..]);
    // Shown without a code, it opens nothing and changes no answer.
    let cookie = format!("teeka-browser={}", kept[0]);
    let with = sends(&street, &Method::GET, "/sign-in", &[("cookie", &cookie)], "").await;
    let without = sends(&street, &Method::GET, "/sign-in", &[], "").await;
    assert_eq!(with.text(), without.text());
    assert!(sends(&street, &Method::GET, "/family", &[("cookie", &cookie)], "").await.is_refusal());
}
