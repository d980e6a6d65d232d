//! Each route with no caller, with the wrong role, with another person's id.

use crate::street::{Street, Who, table};
use axum::http::Method;
use portal::routes::{Access, Shows};
use vault::Kind;

#[tokio::test]
async fn whoever_may_not_come_in_sees_nothing_and_moves_nothing() {
    let street = Street::new().await;
    let (reveals, standing) = (street.world.count(Kind::Reveal).await, street.standing().await);
    let mut breaches = Vec::new();
    for route in table().iter().filter(|route| route.access != Access::Anyone) {
        for who in Who::ALL.into_iter().filter(|who| !who.may(route.access)) {
            let answer = street.at(route, who).await;
            let text = answer.text();
            let is_silent = street.names().iter().all(|name| !text.contains(name));
            if !answer.is_refusal() || !is_silent {
                breaches.push(format!("{} {} as {who:?}: {}", route.method, route.path, answer.status));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
    assert_eq!(street.world.count(Kind::Reveal).await, reveals);
    assert_eq!(street.standing().await, standing);
}

#[tokio::test]
async fn what_belongs_to_another_looks_like_what_does_not_exist() {
    let street = Street::new().await;
    let (reveals, standing) = (street.world.count(Kind::Reveal).await, street.standing().await);
    let mut breaches = Vec::new();
    for route in table() {
        // Of whom the path names somebody, who may use such a route and is not hers to see.
        let (who, path) = match route.access {
            Access::Officer if route.path.contains("{number}/") => (Who::Olga, street.path(route.path)),
            Access::Citizen if route.path.contains("{number}") => (Who::Sita, street.path(route.path)),
            Access::Citizen if route.path.contains("{id}") => (Who::Sita, street.path(route.path)),
            Access::Citizen if route.path.contains("{n}") => (Who::Sita, street.path(&route.path.replace("{n}", "1"))),
            Access::Client if route.shows == Shows::People => (Who::Stranger, street.path(route.path)),
            Access::Vaccinator if route.path.contains("{session}") => (Who::Farida, street.path(route.path)),
            _ => continue,
        };
        let answer = street.call(&route.method, &path, who, "").await;
        let text = answer.text();
        // A registration that was sent twice has no place of its own and leads to the family.
        let leads_home = route.path == "/family/{n}/registered" && answer.status.as_u16() == 303;
        // An empty form names nobody, and is refused before it is asked whose the session is.
        let is_refusal = matches!(answer.status.as_u16(), 400 | 403 | 404)
            || leads_home
            // A token in the wrong hands is no token.
            || (who == Who::Stranger && answer.status.as_u16() == 401);
        if !is_refusal || street.names().iter().any(|name| text.contains(name)) {
            breaches.push(format!("{} {} as {who:?}: {}", route.method, route.path, answer.status));
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
    assert_eq!(street.world.count(Kind::Reveal).await, reveals);
    assert_eq!(street.standing().await, standing);
}

#[tokio::test]
async fn another_familys_reference_is_as_good_as_no_ones_on_the_api() {
    let street = Street::new().await;
    let (hers, no_ones) = (street.asha.reference.digits(), registry::Reference::from_random([3; 8]).digits());
    let standing = street.standing().await;
    let session = street.world.session.to_string();
    let bodies = |reference: &str| {
        let schedule = format!(
            r#"{{"dose":1,"session_id":"{session}","slot":"{}","beneficiaries":["{reference}"]}}"#,
            crate::world::slot()
        );
        let cancel = format!(r#"{{"appointment_id":"{}","beneficiariesToCancel":["{reference}"]}}"#, street.booked);
        let delete = format!(r#"{{"beneficiary_reference_id":"{reference}"}}"#);
        let download = format!("/api/v2/registration/certificate/download?beneficiary_reference_id={reference}");
        let public = format!("/api/v2/registration/certificate/public/download?beneficiary_reference_id={reference}");
        [
            (Method::POST, "/api/v2/appointment/schedule".to_owned(), schedule),
            (Method::POST, "/api/v2/appointment/cancel".to_owned(), cancel),
            (Method::POST, "/api/v2/registration/beneficiary/delete".to_owned(), delete),
            (Method::GET, download, String::new()),
            (Method::GET, public, String::new()),
        ]
    };
    for ((method, path, hers), (_, other_path, no_ones)) in bodies(&hers).into_iter().zip(bodies(&no_ones)) {
        let one = street.call(&method, &path, Who::Sita, &hers).await;
        let other = street.call(&method, &other_path, Who::Sita, &no_ones).await;
        assert!(one.status.is_client_error(), "{path}: {}", one.status);
        assert_eq!((one.status, &one.body), (other.status, &other.body), "{path}");
    }
    let slip = format!("/api/v2/appointment/appointmentslip/download?appointment_id={}", street.booked);
    assert!(street.call(&Method::GET, &slip, Who::Sita, "").await.status.is_client_error());
    assert_eq!(street.standing().await, standing);
}

#[tokio::test]
async fn nobodys_page_shows_nobody() {
    let street = Street::new().await;
    let reveals = street.world.count(Kind::Reveal).await;
    for route in table().iter().filter(|route| route.access == Access::Anyone) {
        assert_eq!(route.shows, Shows::NoOne, "{} is open to anyone and can show people", route.path);
        for who in Who::ALL {
            // What ends or renews a sign-in is told elsewhere, and would end those of this street.
            if route.path == "/sign-out" {
                continue;
            }
            let answer = street.at(route, who).await;
            assert!(!answer.status.is_server_error(), "{} as {who:?}: {}", route.path, answer.status);
            let text = answer.text();
            assert!(street.names().iter().all(|name| !text.contains(name)), "{} as {who:?}", route.path);
        }
    }
    assert_eq!(street.world.count(Kind::Reveal).await, reveals);
}

#[tokio::test]
async fn what_shows_no_one_shows_no_one_to_whom_it_is_for() {
    let street = Street::new().await;
    let reveals = street.world.count(Kind::Reveal).await;
    for route in table().iter().filter(|route| route.shows == Shows::NoOne && route.method == Method::GET) {
        for who in Who::ALL.into_iter().filter(|who| who.may(route.access)) {
            let answer = street.at(route, who).await;
            assert!(!answer.status.is_server_error(), "{} as {who:?}: {}", route.path, answer.status);
            let text = answer.text();
            assert!(street.names().iter().all(|name| !text.contains(name)), "{} as {who:?}", route.path);
        }
    }
    assert_eq!(street.world.count(Kind::Reveal).await, reveals, "a route that shows no one opened somebody");
}
