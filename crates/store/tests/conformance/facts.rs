//! What stands beside looks and sign-ins.

use crate::fixture::{Bench, NOW, on_every_engine};
use registry::PersonId;
use store::command::{Beside, Browser, Command, Compared, Effect, HandedIn, Refusal};
use store::rows::{Cause, FactRow, NoticeRow};

const DAY: u32 = 20_781;

/// A look at her: an entry with a fact beside it, by an organisation that tells, or by one that does not.
async fn looks(bench: &mut Bench, person: PersonId, organisation: Option<u8>, stale: u64) -> Result<u64, Refusal> {
    let count = bench.row(person).await.entries + stale;
    let mut entry = bench.entry(Some((person, count)));
    let organisation = organisation.map(|organisation| [organisation; 16]);
    entry.beside = Some(Box::new(Beside { day: DAY, fact: bench.draw::<60>().to_vec(), organisation, now_ms: NOW }));
    let command = Command { by: None, once: None, entries: vec![bench.entry(None), entry], effect: Effect::Append };
    bench.store.apply(command).await.map(|done| done.position + 1)
}

async fn facts(bench: &Bench) -> Vec<FactRow> {
    bench.read(|store| store.facts_between(0, u64::MAX >> 1)).await
}

async fn due(bench: &Bench, cause: Cause) -> Vec<NoticeRow> {
    let mut due = bench.read(|store| store.notices_due(NOW, 100)).await;
    due.retain(|notice| notice.cause == cause);
    due
}

#[tokio::test]
async fn a_fact_stands_and_falls_with_its_look() {
    on_every_engine(async |bench| {
        let (asha, ravi) = (bench.person().await, bench.person().await);
        let first = looks(bench, asha, None, 0).await.unwrap();
        assert_eq!(looks(bench, asha, None, 1).await, Err(Refusal::Moved));
        let second = looks(bench, ravi, None, 0).await.unwrap();
        let rows = facts(bench).await;
        let named: Vec<_> = rows.iter().map(|fact| (fact.position, fact.person, fact.day)).collect();
        assert_eq!(named, [(first, Some(asha), DAY), (second, Some(ravi), DAY)], "the refused look left none");
        assert_eq!(bench.read(move |store| store.facts_between(first + 1, second)).await, []);
        let erase = bench.erase(asha, None, 2);
        bench.does_about(asha, Effect::Erase(Box::new(erase))).await.unwrap();
        let rows = facts(bench).await;
        assert_eq!((rows[0].position, rows[0].person, rows[0].sealed.len()), (first, None, 0));
        assert_eq!((rows[1].person, rows[1].sealed.len()), (Some(ravi), 60));
    })
    .await;
}

#[tokio::test]
async fn an_organisation_is_new_to_a_person_once() {
    on_every_engine(async |bench| {
        let (asha, ravi) = (bench.person().await, bench.person().await);
        let mut expected = Vec::new();
        for (person, organisation, is_new) in [
            (asha, None, false),
            (asha, Some(1), true),
            (asha, Some(1), false),
            (ravi, Some(1), true),
            (asha, Some(2), true),
            (ravi, Some(1), false),
        ] {
            assert_eq!(looks(bench, person, organisation, 1).await, Err(Refusal::Moved));
            let position = looks(bench, person, organisation, 0).await.unwrap();
            if is_new {
                expected.push((person, u128::from(position).to_be_bytes()));
            }
        }
        let told: Vec<_> =
            due(bench, Cause::FirstLook).await.into_iter().map(|one| (one.person, one.appointment)).collect();
        let told: Vec<_> = told.iter().map(|(person, entry)| (*person, *entry.bytes())).collect();
        assert_eq!(told, expected, "the notice names the entry of the look");
        let erase = bench.erase(asha, None, 2);
        bench.does_about(asha, Effect::Erase(Box::new(erase))).await.unwrap();
        assert_eq!(due(bench, Cause::FirstLook).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_new_to_a_phone_once() {
    on_every_engine(async |bench| {
        let asha = bench.person().await;
        for (phone, hash, tell, told) in [
            (1, 1, None, 0),
            (1, 1, Some(asha), 0),
            (1, 2, Some(asha), 1),
            (1, 2, Some(asha), 1),
            (2, 1, Some(asha), 2),
        ] {
            let browser = Browser { phone: [phone; 32], hash: [hash; 32], tell, now_ms: NOW };
            bench.does(Effect::Browser(browser)).await.unwrap();
            assert_eq!(due(bench, Cause::NewBrowser).await.len(), told, "browser {hash} at phone {phone}");
        }
    })
    .await;
}

#[tokio::test]
async fn comparisons_and_audits_are_kept_the_newest_first() {
    on_every_engine(async |bench| {
        let day = |day, missing| Compared { day, looks: 9, missing, wrong: 0, fallen: 1, by_grant: [0, 7, 1, 0, 0, 0] };
        for one in [day(DAY, 1), day(DAY + 1, 0), day(DAY, 0)] {
            bench.does(Effect::Compared(one)).await.unwrap();
        }
        assert_eq!(bench.read(|store| store.compared(5)).await, [day(DAY + 1, 0), day(DAY, 0)]);
        let audit =
            |at_ms, stands| HandedIn { at_ms, auditor: "Court of Audit".into(), size: 7, stands, report: "{}".into() };
        for one in [audit(NOW, true), audit(NOW + 1, false)] {
            bench.does(Effect::Audit(Box::new(one))).await.unwrap();
        }
        assert_eq!(
            bench.refuses(Effect::Audit(Box::new(audit(NOW, false)))).await,
            Refusal::Conflict,
            "none is overwritten"
        );
        assert_eq!(bench.read(|store| store.audits(1)).await, [audit(NOW + 1, false)]);
        // Of each auditor the last, and whatever was found broken.
        let other = |at_ms| HandedIn { auditor: "Another".into(), ..audit(at_ms, true) };
        for at_ms in [NOW + 2, NOW + 3] {
            bench.does(Effect::Audit(Box::new(other(at_ms)))).await.unwrap();
        }
        assert_eq!(bench.read(|store| store.audits(9)).await, [other(NOW + 3), audit(NOW + 1, false)]);
    })
    .await;
}
