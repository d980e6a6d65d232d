//! Every route that can show people, called by whom it is for: one REVEAL entry for each person shown.

use crate::street::{ASHA, Street, Who, table};
use axum::http::{Method, StatusCode};
use portal::routes::Shows;
use vault::{CodeFor, Kind};

/// A call that shows people: the route, where and as whom it is called, with what, and how many it shows.
struct Case {
    route: &'static str,
    path: String,
    who: Who,
    body: String,
    shown: usize,
}

fn case(street: &Street, route: &'static str, who: Who, shown: usize) -> Case {
    Case { route, path: street.path(route), who, body: String::new(), shown }
}

async fn cases(street: &Street) -> Vec<Case> {
    use Who::{Asha, CertificateOnly, Clinic, Meera, Omar};
    let own = |route, shown| case(street, route, Asha, shown);
    let at = |route, path: String| Case { path, ..case(street, route, Asha, 1) };
    let reference = street.asha.reference.digits();
    let session = street.world.session;
    let walk_in = "key=0b4c9a52-6ce0-4c3e-8a2b-0d6a3f1e7c11&name=Gauri+Shankari&year=1970&gender=2&phone=";
    let citizen = street.world.citizen(street.token(Asha).unwrap()).await;
    let vault = &street.world.vault;
    let txn = vault.send_fresh_code(&citizen, street.asha.person(), CodeFor::Download, "en").await.unwrap();
    let fresh = format!("txn={txn}&code={}", street.world.arrived(ASHA).await);
    vec![
        own("/family", 3),
        Case { body: "waiting=0&six-0=123".into(), ..own("POST /family/confirm", 3) },
        own("/family/{n}", 1),
        own("/family/{n}/registered", 1),
        Case { body: fresh, ..own("POST /family/{n}/download/code", 1) },
        own("/family/{n}/leave", 1),
        own("/family/{n}/move", 1),
        own("/family/{n}/book", 1),
        at("/family/{n}/book/{session}", format!("/family/1/book/{session}?dose=1")),
        Case { body: "dose=1".into(), ..at("POST /family/{n}/book/{session}", format!("/family/1/book/{session}")) },
        own("/book/{session}", 3),
        own("/appointments/{id}", 1),
        own("/appointments/{id}/slip.pdf", 1),
        own("/family/{n}/certificate", 1),
        own("/family/{n}/certificate.pdf", 1),
        own("/family/{n}/certificate.json", 1),
        own("/family/{n}/cases/which-dose", 1),
        case(street, "POST /desk/{number}/look", Omar, 1),
        case(street, "POST /desk/orders/{number}/look", Omar, 1),
        own("/looks", 3),
        own("/family/{n}/looks", 1),
        own("/family/{n}/looks.json", 1),
        own("/family/{n}/looks-proof.json", 1),
        own("/my-data", 3),
        own("/permissions", 3),
        case(street, "/api/v2/consent/record", Clinic, 1),
        case(street, "/vaccinator/{session}/p/{appointment}/{nth}", Meera, 1),
        case(street, "POST /vaccinator/{session}/p/{appointment}/{nth}", Meera, 1),
        case(street, "/vaccinator/{session}/p/{appointment}/{nth}/ask/which-dose", Meera, 1),
        case(street, "/vaccinator/{session}/p/{appointment}/{nth}/certificate.pdf", Meera, 1),
        Case { body: walk_in.into(), ..case(street, "POST /vaccinator/{session}/walk-in", Meera, 1) },
        Case { body: walk_in.into(), ..case(street, "POST /vaccinator/{session}/walk-in/card.pdf", Meera, 1) },
        own("/api/v2/appointment/beneficiaries", 3),
        at(
            "/api/v2/appointment/appointmentslip/download",
            format!("/api/v2/appointment/appointmentslip/download?appointment_id={}", street.booked),
        ),
        at(
            "/api/v2/registration/certificate/download",
            format!("/api/v2/registration/certificate/download?beneficiary_reference_id={reference}"),
        ),
        Case {
            who: CertificateOnly,
            ..at(
                "/api/v2/registration/certificate/public/download",
                format!("/api/v2/registration/certificate/public/download?beneficiary_reference_id={reference}"),
            )
        },
    ]
}

fn named(method: &Method, path: &str) -> String {
    if method == Method::GET { path.to_owned() } else { format!("{method} {path}") }
}

#[tokio::test]
async fn every_route_that_shows_people_leaves_one_entry_for_each_person_shown() {
    let street = Street::new().await;
    let cases = cases(&street).await;
    let mut breaches = Vec::new();
    for route in table().iter().filter(|route| route.shows == Shows::People) {
        let name = named(&route.method, route.path);
        let Some(case) = cases.iter().find(|case| case.route == name) else {
            breaches.push(format!("{name} has no case"));
            continue;
        };
        let path = case.path.trim_start_matches("POST ").to_owned();
        let before = street.world.count(Kind::Reveal).await;
        let answer = street.call(&route.method, &path, case.who, &case.body).await;
        let left = street.world.count(Kind::Reveal).await - before;
        if answer.status != StatusCode::OK || left != case.shown {
            breaches.push(format!("{name}: {}, {left} entries for {} people", answer.status, case.shown));
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
    for case in &cases {
        let stands =
            table().iter().any(|route| named(&route.method, route.path) == case.route && route.shows == Shows::People);
        assert!(stands, "{} is no longer a route that shows people", case.route);
    }
}
