//! A case over the pages: filed question by question, taken, looked at, decided by two, read by her.

use crate::street::{Answer, Street, Who};
use axum::http::{Method, header};

async fn posts(street: &Street, who: Who, path: &str, body: &str) -> Answer {
    street.call(&Method::POST, path, who, body).await
}

async fn gets(street: &Street, who: Who, path: &str) -> String {
    let answer = street.call(&Method::GET, path, who, "").await;
    assert_eq!(answer.status.as_u16(), 200, "{path}");
    answer.text()
}

fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

/// The value of a hidden field on a page.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split_once(&start).unwrap().1.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_wrong_year_is_put_right_over_the_pages() {
    let street = Street::new().await;
    let path = "/family/0/cases/new/wrong-birth-year";
    let first = gets(&street, Who::Asha, path).await;
    let once = hidden(&first, "once");
    let wrong = posts(&street, Who::Asha, path, &format!("once={once}&asked=born&born=61")).await.text();
    assert!(wrong.contains("Enter") && wrong.contains("name=\"born\""), "the question again, with its problem");
    let words = posts(&street, Who::Asha, path, &format!("once={once}&asked=born&born=1961")).await.text();
    assert!(words.contains("<textarea"));
    let answers = format!("once={once}&born=1961&words=My+passport+shows+it");
    let check = posts(&street, Who::Asha, path, &format!("{answers}&asked=words")).await.text();
    assert!(check.contains("1961") && check.contains("My passport shows it") && check.contains("15 days"));
    let change = posts(&street, Who::Asha, path, &format!("{answers}&checked=yes&goto=born")).await.text();
    assert!(change.contains("name=\"born\"") && hidden(&change, "words") == "My passport shows it");
    let filed = leads_to(&posts(&street, Who::Asha, &format!("{path}/save"), &answers).await);
    assert_eq!(leads_to(&posts(&street, Who::Asha, &format!("{path}/save"), &answers).await), filed, "filed once");
    let page = gets(&street, Who::Asha, &filed).await;
    let number = filed.rsplit('/').next().unwrap().trim_end_matches("?said=filed").to_owned();
    assert!(number.starts_with("C-") && page.contains(&number) && page.contains("Answer by"));
    let again = gets(&street, Who::Asha, path).await;
    let again = format!("once={}&born=1962", hidden(&again, "once"));
    let open = leads_to(&posts(&street, Who::Asha, &format!("{path}/save"), &again).await);
    assert_eq!(open, "/family/0/data?said=open");

    let queue = gets(&street, Who::Omar, "/desk").await;
    assert!(queue.contains(&number) && !queue.contains("1961") && !queue.contains("Devyani"));
    let desk = format!("/desk/{number}");
    assert_eq!(leads_to(&posts(&street, Who::Omar, &format!("{desk}/take"), "").await), desk);
    let look = posts(&street, Who::Omar, &format!("{desk}/look"), "").await.text();
    for part in ["1961", "My passport shows it", "1983", "Asha Devyani"] {
        assert!(look.contains(part), "{part}");
    }
    // What this kind does not need is not there: her gender, her reference, her phone.
    assert!(!look.contains("Female") && !look.contains(&street.asha.reference.digits()) && !look.contains("98765"));
    let none = posts(&street, Who::Omar, &format!("{desk}/propose"), "").await.text();
    assert!(none.contains("Choose what you decide") && !none.contains("1961") && !none.contains("Devyani"));
    let decided = posts(&street, Who::Omar, &format!("{desk}/propose"), "decision=accept.document").await;
    assert_eq!(leads_to(&decided), "/desk?said=proposed");
    assert!(gets(&street, Who::Omar, &desk).await.contains("Another officer"));
    leads_to(&posts(&street, Who::Olga, &format!("{desk}/take"), "").await);
    let second = posts(&street, Who::Olga, &format!("{desk}/look"), "").await.text();
    assert!(second.contains("The first officer decided") && second.contains("The document shows it."));
    let judged = posts(&street, Who::Olga, &format!("{desk}/judge"), "decision=agree").await;
    assert_eq!(leads_to(&judged), "/desk?said=settled");
    // Her sign-in remembered the old year, and ended; after a new one she reads what became of it.
    let data = street.call(&Method::GET, "/family/0/data", Who::Asha, "").await;
    assert_eq!(leads_to(&data), "/sign-in");
    let token = street.world.signs_in(crate::street::ASHA).await.token;
    let citizen = street.world.citizen(&token).await;
    let place = citizen.members().iter().position(|person| *person == street.asha.person()).unwrap();
    let request = axum::http::Request::builder().uri(format!("/family/{place}/cases/{number}"));
    let request = request.header("cookie", format!("teeka={token}")).body(axum::body::Body::empty()).unwrap();
    let page = tower::ServiceExt::oneshot(street.app.clone(), request).await.unwrap();
    let page = axum::body::to_bytes(page.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8_lossy(&page).contains("Your document shows it."));
}

#[tokio::test]
async fn a_dose_is_chosen_and_a_missing_one_is_found_over_the_pages() {
    let street = Street::new().await;
    let which = gets(&street, Who::Asha, "/family/0/cases/which-dose").await;
    let link = which.split("href=\"").find(|rest| rest.starts_with("/family/0/cases/new/not-mine?dose=")).unwrap();
    let link = link.split_once('"').unwrap().0;
    let asked = gets(&street, Who::Asha, link).await;
    let answers = format!("once={}&dose={}", hidden(&asked, "once"), hidden(&asked, "dose"));
    let filed = leads_to(&posts(&street, Who::Asha, "/family/0/cases/new/not-mine/save", &answers).await);
    assert!(filed.ends_with("?said=filed"));
    // Without a dose there is nothing to say of it.
    let empty = street.call(&Method::GET, "/family/0/cases/new/not-mine", Who::Asha, "").await;
    assert_eq!(leads_to(&empty), "/family/0/cases/which-dose");

    let path = "/family/1/cases/new/missing";
    let once = hidden(&gets(&street, Who::Asha, path).await, "once");
    let answers = format!(
        "once={once}&vaccine=COVAXIN&dose_number=1&place=Civil+Lines&day-day=24&day-month=11&day-year=2026&words="
    );
    let filed = leads_to(&posts(&street, Who::Asha, &format!("{path}/save"), &answers).await);
    let number = filed.rsplit('/').next().unwrap().trim_end_matches("?said=filed").to_owned();
    let desk = format!("/desk/{number}");
    leads_to(&posts(&street, Who::Olga, &format!("{desk}/take"), "").await);
    let look = posts(&street, Who::Olga, &format!("{desk}/look"), "").await.text();
    assert!(look.contains("Civil Lines") && look.contains("name=\"batch\""));
    let decision = "decision=accept.register&vaccine=COVAXIN&dose_number=1&centre=601";
    let day = "day-day=24&day-month=11&day-year=2026";
    let wrong = posts(&street, Who::Olga, &format!("{desk}/propose"), &format!("{decision}&batch=NONE&{day}")).await;
    assert!(wrong.text().contains("no such batch"));
    let right = posts(&street, Who::Olga, &format!("{desk}/propose"), &format!("{decision}&batch=CX-1&{day}")).await;
    assert_eq!(leads_to(&right), "/desk?said=proposed");
}

#[tokio::test]
async fn a_case_is_taken_back_over_the_pages() {
    let street = Street::new().await;
    let case = format!("/family/0/cases/{}", street.case);
    assert!(gets(&street, Who::Asha, &format!("{case}/withdraw")).await.contains("Take this case back?"));
    let back = leads_to(&posts(&street, Who::Asha, &format!("{case}/withdraw"), "").await);
    assert!(gets(&street, Who::Asha, &back).await.contains("You took the case back."));
    let look = posts(&street, Who::Omar, &format!("/desk/{}/look", street.case), "").await;
    assert_eq!(look.status.as_u16(), 404);
    assert!(!gets(&street, Who::Asha, &case).await.contains("/withdraw"), "once is enough");
}

#[tokio::test]
async fn two_records_are_joined_and_taken_apart_over_the_pages() {
    let street = Street::new().await;
    let path = "/family/0/cases/new/duplicate";
    let once = hidden(&gets(&street, Who::Asha, path).await, "once");
    let filed = leads_to(&posts(&street, Who::Asha, &format!("{path}/save"), &format!("once={once}")).await);
    assert!(gets(&street, Who::Asha, &filed).await.contains("Sign in with the phone of the other record"));
    let number = filed.rsplit('/').next().unwrap().trim_end_matches("?said=filed").to_owned();
    for (typed, told) in
        [("", "Enter the number"), ("C-0000-0001", "slip"), ("C-0000-0000", "No case with this number")]
    {
        let page = posts(&street, Who::Sita, "/family/0/cases/join", &format!("number={typed}")).await.text();
        assert!(page.contains(told), "{typed}");
    }
    assert_eq!(posts(&street, Who::Omar, &format!("/desk/{number}/take"), "").await.status.as_u16(), 404);
    let joined = posts(&street, Who::Sita, "/family/0/cases/join", &format!("number={number}")).await;
    assert_eq!(leads_to(&joined), "/family/0/data?said=joined");
    for (who, act, decision) in [(Who::Omar, "propose", "accept.nothing-against"), (Who::Olga, "judge", "agree")] {
        leads_to(&posts(&street, who, &format!("/desk/{number}/take"), "").await);
        let before = street.world.count(vault::Kind::Reveal).await;
        let look = posts(&street, who, &format!("/desk/{number}/look"), "").await.text();
        assert!(look.contains("Asha Devyani") && look.contains("Sita Narayanan"));
        assert_eq!(street.world.count(vault::Kind::Reveal).await, before + 2);
        leads_to(&posts(&street, who, &format!("/desk/{number}/{act}"), &format!("decision={decision}")).await);
    }
    assert!(gets(&street, Who::Sita, "/family/0/data").await.contains("was joined to another one of yours"));
    assert!(gets(&street, Who::Asha, "/family/0/data").await.contains("was joined to this one"));
    assert!(gets(&street, Who::Sita, "/family").await.contains("Joined to another record of yours"));
    assert!(gets(&street, Who::Asha, "/family/0/looks").await.contains("Handled: a case of yours"));
    let apart = posts(&street, Who::Sita, "/family/0/cases/part", "").await;
    assert_eq!(leads_to(&apart), "/family/0/data?said=parted");
    assert!(!gets(&street, Who::Asha, "/family/0/data").await.contains("was joined to this one"));
}
