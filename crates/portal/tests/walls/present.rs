//! What she asks for in person, over a vaccinator's pages.

use crate::street::{ASHA, Answer, SITA, Street, Who};
use axum::http::{Method, header};

async fn posts(street: &Street, path: &str, body: &str) -> Answer {
    street.call(&Method::POST, path, Who::Meera, body).await
}

async fn gets(street: &Street, who: Who, path: &str) -> String {
    let answer = street.call(&Method::GET, path, who, "").await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {:?}", answer.headers.get(header::LOCATION));
    answer.text()
}

fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

/// The value of a hidden field on a page.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split_once(&start).unwrap_or_else(|| panic!("no {name} on {page}")).1.split_once('"').unwrap().0.to_owned()
}

/// Asha's place, who had her dose there.
fn asha(street: &Street) -> String {
    format!("/vaccinator/{}/p/{}/{}", street.world.session, street.given.0, street.given.1)
}

#[tokio::test]
async fn a_wrong_year_is_filed_before_a_vaccinator() {
    let street = Street::new().await;
    let spot = asha(&street);
    assert!(gets(&street, Who::Meera, &format!("{spot}/done")).await.contains(&format!("{spot}/ask")));
    let reveals = street.world.count(vault::Kind::Reveal).await;
    let path = format!("{spot}/ask/wrong-birth-year");
    assert!(gets(&street, Who::Meera, &format!("{spot}/ask")).await.contains(&path));
    let once = hidden(&gets(&street, Who::Meera, &path).await, "once");
    let wrong = posts(&street, &path, &format!("once={once}&asked=born&born=61")).await.text();
    assert!(wrong.contains("name=\"born\""), "the question again");
    let answers = format!("once={once}&born=1961&words=Her+voter+card+shows+it");
    let check = posts(&street, &path, &format!("{answers}&asked=words")).await.text();
    assert!(check.contains("1961") && check.contains("15 days"));
    let filed = leads_to(&posts(&street, &format!("{path}/save"), &answers).await);
    assert_eq!(leads_to(&posts(&street, &format!("{path}/save"), &answers).await), filed, "filed once");
    let page = gets(&street, Who::Meera, &filed).await;
    let number = filed.rsplit('/').next().unwrap();
    assert!(page.contains(number) && !page.contains("1961") && !page.contains("Devyani"));
    assert_eq!(street.world.count(vault::Kind::Reveal).await, reveals, "nothing of hers was opened for it");
    let again = format!("once={}&born=1962", "00".repeat(16));
    assert_eq!(leads_to(&posts(&street, &format!("{path}/save"), &again).await), format!("{spot}/ask?said=open"));
    // Her own page says where it was filed, and her list who wrote it down.
    let hers = gets(&street, Who::Asha, &format!("/family/0/cases/{number}")).await;
    assert!(hers.contains("Filed in person at") && hers.contains("Aruna Asaf Ali Hospital"));
    let list = gets(&street, Who::Asha, "/family/0/looks").await;
    assert!(list.contains("Handled: a case of yours") && list.contains(&street.world.id_of("meera").code()));
    // Officers look by it as by any other.
    leads_to(&street.call(&Method::POST, &format!("/desk/{number}/take"), Who::Olga, "").await);
    let look = street.call(&Method::POST, &format!("/desk/{number}/look"), Who::Olga, "").await.text();
    assert!(look.contains("Her voter card shows it") && look.contains("Asha Devyani"));
    // Whoever brings the number reads what became of it; another person's number says nothing.
    let mine = street.call(&Method::GET, &format!("{spot}/ask?number={number}"), Who::Meera, "").await;
    assert_eq!(leads_to(&mine), filed);
    let (appointment, nth) = street.there;
    let other = format!("/vaccinator/{}/p/{appointment}/{nth}", street.world.session);
    let none = gets(&street, Who::Meera, &format!("{other}/ask?number={number}")).await;
    assert!(none.contains("No case of this person"));
    let direct = street.call(&Method::GET, &format!("{other}/cases/{number}"), Who::Meera, "").await;
    assert_eq!(direct.status.as_u16(), 404);
}

#[tokio::test]
async fn a_dose_is_chosen_before_a_vaccinator() {
    let street = Street::new().await;
    let spot = asha(&street);
    let empty = street.call(&Method::GET, &format!("{spot}/ask/not-mine"), Who::Meera, "").await;
    assert_eq!(leads_to(&empty), format!("{spot}/ask/which-dose"));
    let which = gets(&street, Who::Meera, &format!("{spot}/ask/which-dose")).await;
    let link = which.split("href=\"").find(|rest| rest.contains("/ask/not-mine?dose=")).unwrap();
    let asked = gets(&street, Who::Meera, link.split_once('"').unwrap().0).await;
    let answers = format!("once={}&dose={}", hidden(&asked, "once"), hidden(&asked, "dose"));
    assert!(leads_to(&posts(&street, &format!("{spot}/ask/not-mine/save"), &answers).await).contains("/cases/C-"));
    // Two records need a factor for each: that is not asked for here, and an unknown kind is nothing.
    for kind in ["duplicate", "anything"] {
        assert_eq!(street.call(&Method::GET, &format!("{spot}/ask/{kind}"), Who::Meera, "").await.status.as_u16(), 404);
    }
}

#[tokio::test]
async fn another_phone_is_asked_for_before_a_vaccinator_and_either_phone_sees_it() {
    let street = Street::new().await;
    let spot = asha(&street);
    let asked = gets(&street, Who::Meera, &format!("{spot}/phone")).await;
    assert!(asked.contains("two officers decide") && asked.contains("name=\"mobile\""), "no card was shown");
    let wrong = posts(&street, &format!("{spot}/phone"), "mobile=12").await.text();
    assert!(wrong.contains("name=\"mobile\"") && !wrong.contains("name=\"code\""));
    let page = posts(&street, &format!("{spot}/phone"), &format!("mobile={SITA}")).await.text();
    let (txn, code) = (hidden(&page, "txn"), street.world.arrived(SITA).await);
    let bad = if code == "000000" { "111111" } else { "000000" };
    let typed = |code: &str| format!("txn={txn}&mobile={SITA}&code={code}&words=It+was+stolen");
    let again = posts(&street, &format!("{spot}/phone/code"), &typed(bad)).await.text();
    assert!(again.contains("2 more tries") && again.contains("It was stolen"));
    assert!(posts(&street, &format!("{spot}/phone/code"), "code=1").await.text().contains("6 digits"));
    let filed = leads_to(&posts(&street, &format!("{spot}/phone/code"), &typed(&code)).await);
    let shown = gets(&street, Who::Meera, &filed).await;
    assert!(
        shown.contains("Another phone number") && shown.contains("Waiting for an officer") && !shown.contains(SITA)
    );
    let leaves = gets(&street, Who::Asha, "/moves").await;
    assert!(leaves.contains("Two officers look at it") && !leaves.contains("/moves/stop\"") && !leaves.contains(SITA));
    let comes = gets(&street, Who::Sita, "/moves").await;
    assert!(comes.contains("Somebody comes") && !comes.contains("Devyani"));
    // Her page has the case, and no way to take it back from the phone that she leaves.
    let number = filed.rsplit('/').next().unwrap();
    let case = gets(&street, Who::Asha, &format!("/family/0/cases/{number}")).await;
    assert!(!case.contains("/withdraw") && case.contains("/moves"));
    let back = street.call(&Method::POST, &format!("/family/0/cases/{number}/withdraw"), Who::Asha, "").await;
    assert!(back.is_refusal());
    // Nobody files that from a sign-in.
    for kind in ["number-lost", "of-age"] {
        let path = format!("/family/0/cases/new/{kind}");
        assert_eq!(street.call(&Method::GET, &path, Who::Asha, "").await.status.as_u16(), 404);
    }
    // The officers see whom it is about, and neither number.
    leads_to(&street.call(&Method::POST, &format!("/desk/{number}/take"), Who::Olga, "").await);
    let look = street.call(&Method::POST, &format!("/desk/{number}/look"), Who::Olga, "").await.text();
    assert!(look.contains("Asha Devyani") && look.contains("It was stolen"));
    assert!(!look.contains(SITA) && !look.contains(ASHA));
}

#[tokio::test]
async fn the_counter_lets_in_by_card_or_code_and_leads_to_what_is_asked() {
    let street = Street::new().await;
    let counter = format!("/vaccinator/{}/counter", street.world.session);
    let list = format!("/vaccinator/{}", street.world.session);
    assert!(gets(&street, Who::Meera, &list).await.contains(&counter));
    let page = gets(&street, Who::Meera, &counter).await;
    assert!(page.contains("name=\"card\"") && !page.contains("name=\"mobile\"") && !page.contains("name=\"code\""));
    // A phone number, a reference alone, or the slip of a booking is not enough.
    let reference = street.sita.reference.digits();
    for body in [format!("reference={SITA}&card=12345678"), format!("reference={reference}&code=1234")] {
        let again = posts(&street, &counter, &body).await;
        assert!(again.status.as_u16() == 200 && again.text().contains("error"), "{body}");
    }
    let without = posts(&street, &counter, &format!("reference={reference}&card=12345678")).await.text();
    assert!(without.contains("This does not fit"), "she has no card");
    let sent = leads_to(&posts(&street, &format!("{counter}/send"), &format!("reference={reference}")).await);
    assert!(gets(&street, Who::Meera, &sent).await.contains("name=\"otp\""));
    let (txn, code) = (sent.rsplit('=').next().unwrap(), street.world.arrived(SITA).await);
    let bad = if code == "000000" { "111111" } else { "000000" };
    let wrong = posts(&street, &counter, &format!("sent={txn}&otp={bad}")).await.text();
    assert!(wrong.contains("name=\"otp\"") && wrong.contains("2 more tries"));
    let ask = leads_to(&posts(&street, &counter, &format!("sent={txn}&otp={code}")).await);
    let shown = gets(&street, Who::Meera, &ask).await;
    assert!(ask.ends_with("/ask") && shown.contains("What does the person ask for") && !shown.contains(&reference));
    // It is for no dose: her page and what belongs to a dose are not there, and another vaccinator finds nothing.
    let spot = ask.trim_end_matches("/ask");
    for rest in ["", "/done", "/aefi", "/correct", "/certificate.pdf"] {
        let answer = street.call(&Method::GET, &format!("{spot}{rest}"), Who::Meera, "").await;
        assert_eq!(answer.status.as_u16(), 404, "{rest}");
    }
    assert!(street.call(&Method::GET, &ask, Who::Farida, "").await.is_refusal());
    let kind = format!("{spot}/ask/wrong-gender");
    let once = hidden(&gets(&street, Who::Meera, &kind).await, "once");
    let filed = leads_to(&posts(&street, &format!("{kind}/save"), &format!("once={once}&gender=3&words=")).await);
    let number = filed.rsplit('/').next().unwrap();
    let read = gets(&street, Who::Meera, &filed).await;
    assert!(read.contains(number) && read.contains(&format!("href=\"{list}\"")), "it leads back to the list");
    assert!(gets(&street, Who::Meera, &list).await.contains(&ask), "and from the list she is found again");
    let hers = gets(&street, Who::Sita, &format!("/family/0/cases/{number}")).await;
    assert!(hers.contains("Filed in person at"));
}
