//! Leaving, taking along and moving, as somebody does it by the pages.

use crate::street::{ASHA, Answer, SITA, Street, Who};
use axum::http::{Method, StatusCode, header};

/// The value of a hidden field on a page.
fn hidden(page: &str, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    let at = page.find(&begin).unwrap_or_else(|| panic!("no {name} on {page}")) + begin.len();
    page[at..].split('"').next().unwrap().to_owned()
}

async fn post(street: &Street, path: &str, who: Who, body: &str) -> Answer {
    street.call(&Method::POST, path, who, body).await
}

#[tokio::test]
async fn somebody_leaves_by_the_pages() {
    let street = Street::new().await;
    let page = street.call(&Method::GET, "/family/0/leave", Who::Asha, "").await.text();
    assert!(page.contains("Devyani") && page.contains("one year") && page.contains("/family/0/certificate"));
    let page = post(&street, "/family/0/leave", Who::Asha, "").await.text();
    let code = street.world.arrived(ASHA).await;
    let txn = hidden(&page, "txn");
    for (body, says) in [
        (format!("txn={txn}&code=123"), "8 digits"),
        (format!("txn={txn}&code={}", if code == "00000000" { "11111111" } else { "00000000" }), "2 more tries"),
    ] {
        let answer = post(&street, "/family/0/leave/code", Who::Asha, &body).await;
        assert!(answer.status == StatusCode::OK && answer.text().contains(says), "{}", answer.text());
    }
    // Somebody else's sign-in does nothing with it.
    let stolen = post(&street, "/family/0/leave/code", Who::Sita, &format!("txn={txn}&code={code}")).await.text();
    assert!(!stolen.contains("The data is erased"));
    let done = post(&street, "/family/0/leave/code", Who::Asha, &format!("txn={txn}&code={code}")).await;
    assert!(done.text().contains("The data is erased"), "{}", done.text());
    let family = street.call(&Method::GET, "/family", Who::Asha, "").await.text();
    assert!(!family.contains("Devyani") && family.contains("Kumaresan"));
    // Her place is nobody else's, in this sign-in: what another tab still shows acts on no one.
    assert!(family.contains("\"/family/1\"") && !family.contains("/family/0"), "{family}");
    for path in ["/family/0", "/family/0/leave", "/family/0/cases/new/wrong-name"] {
        assert_eq!(street.call(&Method::GET, path, Who::Asha, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(post(&street, "/family/0/cases/part", Who::Asha, "").await.status, StatusCode::NOT_FOUND);
    for path in ["/looks", "/my-data"] {
        let page = street.call(&Method::GET, path, Who::Asha, "").await.text();
        assert!(page.contains("/family/1") && !page.contains("/family/0"), "{path}: {page}");
    }
    let gone = street.asha.person();
    assert!(street.world.store.read(move |store| store.person(gone)).await.unwrap().is_none());
    // The vaccinator's page of her is gone, and the list of her session still comes.
    let (appointment, nth) = street.given;
    let session = street.world.session;
    let her = format!("/vaccinator/{session}/p/{appointment}/{nth}");
    assert_eq!(street.call(&Method::GET, &her, Who::Meera, "").await.status, StatusCode::NOT_FOUND);
    for path in [format!("/vaccinator/{session}"), format!("/vaccinator/{session}/list")] {
        let answer = street.call(&Method::GET, &path, Who::Meera, "").await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
    }
    assert_eq!(street.call(&Method::GET, "/manager", Who::Manager, "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn everything_is_taken_along_with_a_fresh_code_alone() {
    let street = Street::new().await;
    let page = post(&street, "/family/0/download", Who::Asha, "").await.text();
    let (txn, code) = (hidden(&page, "txn"), street.world.arrived(ASHA).await);
    let bare = post(&street, "/family/0/download/code", Who::Asha, "").await;
    assert!(bare.headers.get(header::CONTENT_DISPOSITION).is_none());
    let file = post(&street, "/family/0/download/code", Who::Asha, &format!("txn={txn}&code={code}")).await;
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"my-data.json\"");
    let all: serde_json::Value = serde_json::from_slice(&file.body).unwrap();
    assert_eq!((&all["fields"]["name"], &all["fields"]["phone"]), (&"Asha Devyani".into(), &ASHA.into()));
    assert_eq!(all["fields"]["reference"], street.asha.reference.digits());
    assert_eq!((all["doses"].as_array().unwrap().len(), &all["doses"][0]["vaccine"]), (1, &"COVAXIN".into()));
    assert_eq!(all["appointments"][0]["status"], "done");
    let [allowed] = all["permissions"].as_array().unwrap().as_slice() else { panic!("{}", all["permissions"]) };
    assert_eq!((&allowed["reads"], &allowed["until"].as_str().map(str::len)), (&5.into(), &Some(24)), "{allowed}");
    assert_eq!(allowed["signed"].as_str().unwrap().split('.').count(), 3);
    assert!(all["looks"]["entries"].as_array().unwrap().len() > 5);
    // Once.
    let again = post(&street, "/family/0/download/code", Who::Asha, &format!("txn={txn}&code={code}")).await;
    assert!(again.text().contains("no longer valid"), "{}", again.text());
}

#[tokio::test]
async fn somebody_moves_by_the_pages_and_either_end_sees_and_stops_it() {
    let street = Street::new().await;
    let own = post(&street, "/family/1/move", Who::Asha, &format!("mobile={ASHA}")).await.text();
    assert!(own.contains("at this phone already"));
    let page = post(&street, "/family/1/move", Who::Asha, &format!("mobile={SITA}")).await.text();
    let (txn, code) = (hidden(&page, "txn"), street.world.arrived(SITA).await);
    let page =
        post(&street, "/family/1/move/here", Who::Asha, &format!("mobile={SITA}&txn={txn}&code={code}")).await.text();
    let (txn, proof, code) = (hidden(&page, "txn"), hidden(&page, "proof"), street.world.arrived(ASHA).await);
    assert!(!proof.contains(SITA));
    let body = format!("proof={proof}&txn={txn}&code={code}");
    let done = post(&street, "/family/1/move/away", Who::Asha, &body).await.text();
    assert!(done.contains("The move is noted"), "{done}");
    let leaving = street.call(&Method::GET, "/moves", Who::Asha, "").await.text();
    assert!(leaving.contains("Person 2 of your family moves"));
    let coming = street.call(&Method::GET, "/moves", Who::Sita, "").await.text();
    assert!(coming.contains("Somebody comes") && !coming.contains("Kumaresan"));
    let id = hidden(&leaving, "id");
    let refused = post(&street, "/moves/stop", Who::Meera, &format!("id={id}")).await;
    assert!(refused.is_refusal());
    let stopped = post(&street, "/moves/stop", Who::Sita, &format!("id={id}")).await;
    assert_eq!(stopped.status, StatusCode::SEE_OTHER);
    assert!(street.call(&Method::GET, "/moves", Who::Asha, "").await.text().contains("Nobody is moving"));
    assert_eq!(post(&street, "/moves/stop", Who::Asha, &format!("id={id}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_registration_keeps_which_notice_was_shown() {
    let street = Street::new().await;
    let notice = street.call(&Method::GET, "/notice", Who::Nobody, "").await.text();
    let asked = street.call(&Method::GET, "/family/add", Who::Sita, "").await.text();
    assert!(asked.contains("href=\"/notice\"") && notice.contains("SHA-256"));
    let body = "name=Gauri+Shankari&born=1970&gender=2&once=000102030405060708090a0b0c0d0e0f";
    let saved = post(&street, "/family/add/save", Who::Sita, body).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let citizen = street.world.citizen(street.token(Who::Sita).unwrap()).await;
    let person = *citizen.members().last().unwrap();
    let shown = street.world.store.read(move |store| store.notice_shown(person)).await.unwrap().unwrap();
    let (version, language) = shown.split_once(' ').unwrap();
    assert!(notice.contains(&format!("Notice of {version}")) && language == "en", "{shown}");
}
