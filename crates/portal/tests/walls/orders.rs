//! A lawful order over the pages: entered from the paper by one officer, confirmed by another, looked at once by each, and read by her.

use crate::street::{Answer, Street, Who};
use axum::http::Method;
use vault::Kind;

async fn gets(street: &Street, who: Who, path: &str) -> String {
    let answer = street.call(&Method::GET, path, who, "").await;
    assert!(answer.status.is_success(), "{path} as {who:?}: {}", answer.status);
    answer.text()
}

async fn posts(street: &Street, who: Who, path: &str, body: &str) -> Answer {
    street.call(&Method::POST, path, who, body).await
}

fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
    answer.headers["location"].to_str().unwrap().to_owned()
}

fn once(page: &str) -> String {
    let at = page.split("name=\"once\" value=\"").nth(1).expect("it carries a key of its own");
    at.split('"').next().unwrap().to_owned()
}

/// Answers to all questions, about this number.
fn answers(once: &str, about: &str) -> String {
    let document = "00ff".repeat(16);
    format!(
        "once={once}&authority=high-court&order_number=w.p.+18/2026&dated-day=23&dated-month=11&dated-year=2026&document={document}\
         &ground=court&field=name&field=gender&until-day=30&until-month=11&until-year=2026&about={about}"
    )
}

#[tokio::test]
async fn an_order_goes_from_the_paper_to_two_looks_and_to_her() {
    let street = Street::new().await;
    let page = gets(&street, Who::Omar, "/desk/orders/new").await;
    assert!(page.contains("High Court of Delhi"));
    let all = answers(&once(&page), &street.asha.reference.digits());
    // The questions come one by one; what was answered is carried, and shown once more before it is filed.
    let paper = all.split("&ground=").next().unwrap();
    let asked = posts(&street, Who::Omar, "/desk/orders/new", &format!("asked=paper&{paper}")).await.text();
    assert!(asked.contains("name=\"ground\"") && asked.contains("w.p. 18/2026"));
    let asked =
        posts(&street, Who::Omar, "/desk/orders/new", &format!("asked=ground&{paper}&ground=epidemic")).await.text();
    assert!(asked.contains("value=\"phone\"") && !asked.contains("value=\"gender\""), "what its ground opens");
    let check = posts(&street, Who::Omar, "/desk/orders/new", &format!("asked=whom&{all}")).await.text();
    assert!(
        check.contains("Check the order") && check.contains("30 Nov 2026") && check.contains("name, gender"),
        "{check}"
    );
    let filed = leads_to(&posts(&street, Who::Omar, "/desk/orders/file", &all).await);
    let path = filed.trim_end_matches("?said=filed").to_owned();
    let said = gets(&street, Who::Omar, &filed).await;
    assert!(said.contains("The order is filed") && !said.contains("/look\"") && !said.contains("/confirm\""));
    assert_eq!(leads_to(&posts(&street, Who::Omar, "/desk/orders/file", &all).await), filed, "sent twice, filed once");

    // Her list has it at once; nobody has looked.
    let hers = gets(&street, Who::Asha, "/family/0/orders").await;
    assert!(hers.contains("W.P. 18/2026") && hers.contains("nobody can look"), "{hers}");
    assert!(gets(&street, Who::Asha, "/family/0/looks").await.contains("a lawful order"));
    // The second officer sees whose it is and not its number.
    let page = gets(&street, Who::Olga, &path).await;
    assert!(page.contains("High Court of Delhi") && page.contains("/confirm\"") && !page.contains("18/2026"));
    assert_eq!(
        posts(&street, Who::Omar, &format!("{path}/confirm"), "order_number=W.P.+18/2026").await.status.as_u16(),
        404
    );
    for wrong in ["", "W.P.+19/2026", "%3Cb%3E1"] {
        let told = posts(&street, Who::Olga, &format!("{path}/confirm"), &format!("order_number={wrong}")).await.text();
        assert!(told.contains("not the number that was entered first"), "{wrong}");
    }
    assert_eq!(posts(&street, Who::Omar, &format!("{path}/look"), "").await.status.as_u16(), 404);
    let confirmed =
        leads_to(&posts(&street, Who::Olga, &format!("{path}/confirm"), "order_number=W.P.+18%2F2026").await);
    assert!(gets(&street, Who::Olga, &confirmed).await.contains("/look\""));
    for who in [Who::Omar, Who::Olga] {
        let before = street.world.count(Kind::Reveal).await;
        let look = posts(&street, who, &format!("{path}/look"), "").await.text();
        assert!(look.contains("Asha Devyani") && look.contains("Female") && !look.contains("1983"));
        assert_eq!(street.world.count(Kind::Reveal).await, before + 1);
        assert_eq!(posts(&street, who, &format!("{path}/look"), "").await.status.as_u16(), 404, "once");
        assert!(!gets(&street, who, &path).await.contains("/look\""));
    }
    let hers = gets(&street, Who::Asha, "/family/0/orders").await;
    for officer in ["omar", "olga"] {
        assert!(hers.contains(&street.world.id_of(officer).code()), "{officer}");
    }
    assert!(gets(&street, Who::Asha, "/family/1/orders").await.contains("No order"), "Ravi is another");
    assert!(
        gets(&street, Who::Nobody, "/connected").await.contains("High Court of Delhi"),
        "whose orders are taken is public"
    );
}

#[tokio::test]
async fn a_wrong_answer_leads_back_to_its_question() {
    let street = Street::new().await;
    let once = once(&gets(&street, Who::Omar, "/desk/orders/new").await);
    let all = answers(&once, &street.asha.reference.digits());
    let nobody = registry::Reference::from_random([1; 8]).digits();
    for (right, wrong, told) in [
        ("authority=high-court", "authority=minister", "Choose whose order it is"),
        ("order_number=w.p.+18/2026", "order_number=order", "Enter the number as it stands"),
        ("dated-year=2026", "dated-year=2027", "cannot be in the future"),
        ("&document=00ff", "&document=00f", "Enter the SHA-256"),
        ("ground=court", "ground=none", "Choose the legal ground"),
        ("field=gender", "field=screening", "its ground allows"),
        ("until-year=2026", "until-year=2027", "Enter a day from today"),
        (&street.asha.reference.digits(), "9876543210", "14 digits"),
        (&street.asha.reference.digits(), nobody.as_str(), "No one person has this number"),
        (&street.asha.reference.digits(), &street.sita.reference.digits(), ""),
    ] {
        assert!(all.contains(right), "{right}");
        let answer = posts(&street, Who::Omar, "/desk/orders/file", &all.replace(right, wrong)).await;
        if told.is_empty() {
            leads_to(&answer);
        } else {
            assert!(answer.text().contains(told), "{wrong}: {}", answer.text());
        }
    }
}
