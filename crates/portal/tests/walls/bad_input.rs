//! Malformed, mistyped, impossible, hostile, overlong, oversized: never a crash, nothing moved, no hint.

use crate::street::{ASHA, Street, Who, table};
use axum::http::{Method, StatusCode};
use portal::routes::Route;

/// Values that no field should be, and that every field is asked to be.
fn hostile() -> Vec<String> {
    let texts = [
        "",
        " ",
        "-1",
        "0",
        "99999999999999999999",
        "NaN",
        "1e400",
        "00000000-0000-0000-0000-000000000000",
        "31-02-2026",
        "2026-13-45",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "%00",
        "\u{202e}\u{0}\u{7f}",
        "९८७६५४३२१०",
        "🦠",
        "9876543210\r\nSet-Cookie: a=b",
        "09:00AM-11:00AM",
        "{\"a\":1}",
    ];
    texts.iter().map(|text| (*text).to_owned()).chain(["x".repeat(20_000)]).collect()
}

const FIELDS: [&str; 30] = [
    "mobile",
    "otp",
    "txnId",
    "proof",
    "login",
    "password",
    "code",
    "name",
    "birth_year",
    "gender_id",
    "photo_id_type",
    "photo_id_number",
    "comorbidity_ind",
    "consent_version",
    "beneficiary_reference_id",
    "dose",
    "session_id",
    "slot",
    "appointment_id",
    "mobile_number",
    "center_id",
    "vaccine",
    "vaccine_batch",
    "date",
    "full_name",
    "fields",
    "reads",
    "minutes",
    "language",
    "requestId",
];

/// Bodies that are no JSON, or not the JSON expected.
fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "{",
        "[]",
        "null",
        "1",
        "\"x\"",
        "{\"mobile\":",
        "{\"mobile\":{\"a\":[]}}",
        "{\"beneficiaries\":{}}",
        "{\"beneficiaries\":[[],{}]}",
        "{\"beneficiariesToCancel\":7}",
        "\u{feff}{}",
        "mobile=9876543210",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    bodies.push(vec![0xff, 0xfe, 0x00]);
    bodies.push(format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes());
    for value in hostile() {
        let mut whole: serde_json::Map<String, serde_json::Value> =
            FIELDS.iter().map(|field| ((*field).to_owned(), value.clone().into())).collect();
        whole.insert("beneficiaries".into(), vec![value.clone(); 2].into());
        whole.insert("beneficiariesToCancel".into(), vec![value; 2].into());
        bodies.push(serde_json::Value::Object(whole).to_string().into_bytes());
    }
    bodies
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn is_api(route: &Route) -> bool {
    route.path.starts_with("/api/")
}

#[tokio::test]
async fn no_body_breaks_the_api_and_none_of_these_moves_anything() {
    let street = Street::new().await;
    let standing = street.standing().await;
    for route in table().iter().filter(|route| is_api(route) && route.method == Method::POST) {
        for who in [Who::Nobody, Who::Asha, Who::Meera, Who::Clinic] {
            for body in bodies() {
                let answer = street.send(&route.method, &street.path(route.path), who, body.clone()).await;
                let (start, status) =
                    (String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned(), answer.status);
                // A picture needs nothing; a request that is no one's looks like one that nobody has answered.
                let answers_all = route.path.ends_with("getRecaptcha")
                    || (route.path == "/api/v2/consent/token" && answer.text() == r#"{"status":"asked"}"#);
                let is_fine = !status.is_server_error() && (status.is_client_error() || answers_all);
                assert!(is_fine, "{} as {who:?} with {start}: {status} {}", route.path, answer.text());
            }
        }
    }
    assert_eq!(street.standing().await, standing);
}

#[tokio::test]
async fn no_query_and_no_path_breaks_a_route() {
    let street = Street::new().await;
    let standing = street.standing().await;
    const ASKED: [&str; 12] = [
        "pincode",
        "district_id",
        "center_id",
        "date",
        "lat",
        "long",
        "vaccine",
        "appointment_id",
        "beneficiary_reference_id",
        "session",
        "pin",
        "page",
    ];
    for route in table().iter().filter(|route| route.method == Method::GET) {
        let who = Who::ALL.into_iter().find(|who| who.may(route.access) && *who != Who::Nobody).unwrap();
        for value in hostile().iter().filter(|value| value.len() < 5_000) {
            let value = encoded(value);
            let query: Vec<String> = ASKED.iter().map(|name| format!("{name}={value}")).collect();
            let mut paths = vec![format!("{}?{}", street.path(route.path), query.join("&"))];
            if !value.is_empty() {
                for parameter in [
                    "{id}",
                    "{n}",
                    "{session}",
                    "{appointment}",
                    "{nth}",
                    "{state_id}",
                    "{kind}",
                    "{mobile}",
                    "{request}",
                    "{number}",
                    "{what}",
                ] {
                    paths.extend(
                        route.path.contains(parameter).then(|| street.path(&route.path.replace(parameter, &value))),
                    );
                }
            }
            for path in paths {
                let answer = street.call(&Method::GET, &path, who, "").await;
                assert!(!answer.status.is_server_error(), "{path}: {} {}", answer.status, answer.text());
            }
        }
    }
    assert_eq!(street.standing().await, standing);
}

#[tokio::test]
async fn no_form_breaks_a_page() {
    let street = Street::new().await;
    const NAMES: [&str; 38] = [
        "authority",
        "order_number",
        "dated-day",
        "document",
        "ground",
        "field",
        "until-year",
        "about",
        "proof",
        "who",
        "of",
        "answer",
        "mobile",
        "phone",
        "code",
        "proof",
        "name",
        "birth_year",
        "gender",
        "dose",
        "slot",
        "waiting",
        "six-0",
        "reference",
        "evidence",
        "card",
        "batch",
        "vaccine",
        "id",
        "reason",
        "once",
        "session",
        "words",
        "decision",
        "dose_number",
        "day-day",
        "asked",
        "goto",
    ];
    for route in table().iter().filter(|route| !is_api(route) && route.method == Method::POST) {
        let who = Who::ALL.into_iter().find(|who| who.may(route.access) && *who != Who::Nobody).unwrap();
        if matches!(route.path, "/sign-out" | "/appointments/{id}/cancel")
            || route.path.starts_with("/manager/staff/")
            || route.path.ends_with("/call-off")
        {
            // These ask for nothing but a yes: there is no value to be hostile with.
            continue;
        }
        let forms = hostile().into_iter().map(|value| {
            NAMES.iter().map(|name| format!("{name}={}", encoded(&value))).collect::<Vec<_>>().join("&").into_bytes()
        });
        for body in forms.chain([vec![0xff, b'=', 0xfe], b"&&&=&%".to_vec()]) {
            let answer = street.send(&route.method, &street.path(route.path), who, body).await;
            assert!(!answer.status.is_server_error(), "{} : {} {}", route.path, answer.status, answer.text());
        }
    }
}

#[tokio::test]
async fn an_oversized_body_is_refused() {
    let street = Street::new().await;
    let body = format!("{{\"mobile\":\"{}\"}}", "9".repeat(5 * 1024 * 1024)).into_bytes();
    for route in table().iter().filter(|route| is_api(route) && route.method == Method::POST) {
        let who = Who::ALL.into_iter().find(|who| who.may(route.access) && *who != Who::Nobody).unwrap();
        let answer = street.send(&route.method, route.path, who, body.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", route.path);
    }
}

#[tokio::test]
async fn expired_ended_and_foreign_tokens_open_nothing() {
    let street = Street::new().await;
    // An installation with the same keys and other people: its tokens are well made, and nobody here holds one.
    let foreign = crate::world::World::new().await;
    let _: [u8; 64] = foreign.vault.draw();
    let (theirs, _) = foreign.family(ASHA, "Somebody Else").await;
    let unsigned = street.token(Who::Asha).unwrap().rsplit_once('.').unwrap().0.to_owned() + ".";
    let tokens = [theirs, unsigned, "x".repeat(9_000), "Bearer".into(), "a.b.c".into()];
    for token in tokens {
        for path in ["/api/v2/appointment/beneficiaries", "/family"] {
            let request = axum::http::Request::builder().uri(path);
            let request =
                request.header("authorization", format!("Bearer {token}")).header("cookie", format!("teeka={token}"));
            let response =
                tower::ServiceExt::oneshot(street.app.clone(), request.body(axum::body::Body::empty()).unwrap()).await;
            assert!(matches!(response.unwrap().status().as_u16(), 401 | 303), "{path}");
        }
    }
    assert_eq!(
        street.call(&Method::GET, "/api/v2/appointment/beneficiaries", Who::Asha, "").await.status,
        StatusCode::OK
    );
    street.world.pass(3_600_001);
    let late = street.call(&Method::GET, "/api/v2/appointment/beneficiaries", Who::Asha, "").await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_known_and_an_unknown_number_are_answered_alike() {
    let street = Street::new().await;
    street.world.pass(86_400_000);
    let mut told = Vec::new();
    for phone in [ASHA, "9876500000"] {
        let mut answers = Vec::new();
        for path in ["/api/v2/auth/generateMobileOTP", "/api/v2/auth/public/generateOTP"] {
            street.world.pass(3_600_001);
            // The second one is over the budget of a minute.
            for _ in 0..2 {
                let answer =
                    street.call(&Method::POST, path, Who::Nobody, &format!("{{\"mobile\":\"{phone}\"}}")).await;
                let headers: Vec<_> =
                    answer.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                answers.push((answer.status, headers, answer.body.len()));
            }
        }
        for path in ["/sign-in"] {
            street.world.pass(3_600_001);
            let answer = street.call(&Method::POST, path, Who::Nobody, &format!("mobile={phone}")).await;
            answers.push((answer.status, Vec::new(), answer.body.len()));
        }
        told.push(answers);
    }
    assert_eq!(told[0][0].0, StatusCode::OK);
    assert_eq!(told[0][1].0, StatusCode::BAD_REQUEST);
    assert_eq!(told[0], told[1]);
}
