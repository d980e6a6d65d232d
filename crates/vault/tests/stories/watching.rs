//! Those who watch over looks: she is told of a new browser and of an organisation's first look; beside every look stands a
//! fact for the breach desk, and one that is dropped is noticed.

use crate::outside::checkpoint;
use crate::world::{CENTRE, DAY_MS, MINUTE, World};
use ledger::{Entry, Kind, Purpose};
use serde_json::{Value, json};
use std::collections::HashSet;
use vault::{Card, Channel, CodeFor, Evidence, GrantKind, Keepsake, Message, Patient, Refused};

const PHONE: &str = "9876543210";

async fn signs_in_from(world: &World, keeps: u8) -> String {
    // A phone gets few codes an hour.
    world.pass(20 * MINUTE);
    let (transaction, code) = world.code(PHONE, CodeFor::SignIn).await;
    let asked = world
        .vault
        .asked(Channel::Page)
        .from_browser(Keepsake::read(&[keeps; Keepsake::LENGTH], [0; Keepsake::LENGTH]));
    world.vault.sign_in(asked, transaction, CodeFor::SignIn, &code).await.unwrap().token
}

/// What was sent to her besides codes, and is sent now.
async fn told(world: &World) -> Vec<Message> {
    while world.vault.send_notices().await.unwrap() > 0 {}
    let mut sent = world.outbox.sent.lock().unwrap();
    let messages = std::mem::take(&mut *sent).into_iter();
    messages.filter(|(to, message)| to == PHONE && !matches!(message, Message::Code { .. })).map(|one| one.1).collect()
}

fn is_first_look(message: &Message) -> bool {
    matches!(message, Message::FirstLook { .. })
}

#[tokio::test]
async fn she_is_told_of_each_new_browser_once() {
    let world = World::new().await;
    // The first sign-in has nobody to tell: nobody is registered yet.
    let token = signs_in_from(&world, 1).await;
    let asha =
        world.vault.register(&world.citizen(&token).await, crate::world::person("Asha Devi", 1983)).await.unwrap();
    assert_eq!(told(&world).await, []);
    signs_in_from(&world, 1).await;
    assert_eq!(told(&world).await, [], "her own browser is known");
    signs_in_from(&world, 2).await;
    assert_eq!(told(&world).await, [Message::NewBrowser]);
    signs_in_from(&world, 2).await;
    signs_in_from(&world, 1).await;
    assert_eq!(told(&world).await, [], "once");
    // Clients of the API are no browsers; another phone's browser is new to this one.
    let (transaction, code) = world.code(PHONE, CodeFor::SignIn).await;
    world.vault.sign_in(world.vault.asked(Channel::Api), transaction, CodeFor::SignIn, &code).await.unwrap();
    assert_eq!(told(&world).await, []);
    let token = signs_in_from(&world, 3).await;
    assert_eq!(told(&world).await, [Message::NewBrowser]);
    // Each time her number was opened for it, she sees it.
    let citizen = world.citizen(&token).await;
    let looks = world.vault.looks(&citizen, asha.person(), 100).await.unwrap();
    let notices = looks.looks.iter().filter(|look| (look.kind, look.grant) == (Kind::Notice, GrantKind::Notice));
    assert_eq!(notices.filter(|look| look.purpose == Purpose::SignIn).count(), 2);
}

#[tokio::test]
async fn she_is_told_of_an_organisations_first_look_and_of_no_second() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let appointment = world.books(&token, vec![asha.person()]).await;
    let code = world.slip_code(&token, asha.person()).await;
    assert!(!told(&world).await.iter().any(is_first_look), "her own looks are hers");
    let meera = world.staff("meera").await;
    let (id, nth) = world.vault.check_in(&meera, world.session, &asha.reference, &Evidence::Code(code)).await.unwrap();
    assert_eq!(id, appointment);
    let (grant, row) = world.vault.present(&meera, id, nth).await.unwrap();
    world.vault.disclose::<Patient>(&meera, &grant, row.person).await.unwrap();
    let centre = world.vault.centre(CENTRE).await.unwrap().name;
    let first: Vec<Message> = told(&world).await.into_iter().filter(is_first_look).collect();
    let [Message::FirstLook { organisation, purpose }] = &first[..] else { panic!("{first:?}") };
    assert_eq!(*organisation, centre);
    assert!(matches!(purpose, Purpose::Screening | Purpose::Dose | Purpose::CheckIn | Purpose::Certificate));
    // The same organisation again; and the message stands in her list, by its own right.
    world.vault.disclose::<Patient>(&meera, &grant, row.person).await.unwrap();
    assert!(!told(&world).await.iter().any(is_first_look));
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let looks = world.vault.looks(&citizen, asha.person(), 100).await.unwrap();
    let notices = looks.looks.iter().filter(|look| look.kind == Kind::Notice && look.purpose == Purpose::AccessList);
    assert_eq!(notices.count(), 1);
}

/// A day with looks by her and by a vaccinator, which is over, indexed, and not compared yet.
async fn a_day() -> World {
    let world = World::new().await;
    world.publishes().await;
    for (phone, name) in [(PHONE, "Asha Devi"), ("9876543211", "Ravi Kumar")] {
        let (token, registered) = world.family(phone, name).await;
        world.vaccinates(&token, &registered).await;
        let citizen = world.citizen(&token).await;
        let grant = citizen.grant(registered.person()).unwrap();
        world.vault.disclose::<Card>(&citizen, &grant, registered.person()).await.unwrap();
        world.pass(MINUTE);
    }
    world.pass(DAY_MS);
    world.publishes().await;
    world
}

#[tokio::test]
async fn every_look_has_its_fact() {
    let world = a_day().await;
    let compared = world.vault.compare_facts().await.unwrap();
    let [day] = &compared[..] else { panic!("{compared:?}") };
    assert!(day.looks >= 4 && day.agrees() && day.fallen == 0, "{day:?}");
    assert_eq!(day.by_grant.iter().sum::<u64>(), day.looks, "{day:?}");
    assert!(day.by_grant[usize::from(GrantKind::CitizenOtp.wire())] > 0);
    assert_eq!(world.vault.compare_facts().await.unwrap(), [], "once a day");
    // The keys were drawn against an entry, and what came of it is said in public.
    world.publishes().await;
    let mut said = Vec::new();
    for position in 0..world.vault.log_standing().published {
        let Ok(file) = world.vault.log_file(&format!("opening/{position}"), None).await else { continue };
        let opening: serde_json::Value = serde_json::from_slice(&file.bytes).unwrap();
        let entry = data_encoding::BASE64.decode(opening["entry"].as_str().unwrap().as_bytes()).unwrap();
        let entry = Entry::from_cbor(&entry).unwrap();
        if entry.purpose == Purpose::Watching {
            said.push(String::from_utf8(entry.statement).unwrap());
        }
    }
    assert_eq!(said, [format!("teeka/access-facts/v1\n{}\n{}\n0\n0\n0\n", day.day, day.looks)]);
    assert_eq!(world.vault.compared(10).await.unwrap(), compared);
    // Nobody can read a fact in the store: not who looked, nor from where.
    let facts = world.store.read(|store| store.facts_between(0, 10_000)).await.unwrap();
    assert_eq!(facts.len() as u64, day.looks);
    let names = [world.id_of("meera").code(), "self".into(), CENTRE.to_string()];
    for fact in &facts {
        assert!(names.iter().all(|name| !fact.sealed.windows(name.len()).any(|bytes| bytes == name.as_bytes())));
    }
    assert_eq!(facts.iter().map(|fact| &fact.sealed).collect::<HashSet<_>>().len(), facts.len());
}

#[tokio::test]
async fn a_fact_falls_with_its_person_and_the_look_stands() {
    let world = World::new().await;
    world.publishes().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let grant = citizen.grant(asha.person()).unwrap();
    world.vault.disclose::<Card>(&citizen, &grant, asha.person()).await.unwrap();
    world.vault.remove_member(&citizen, asha.person()).await.unwrap();
    let facts = world.store.read(|store| store.facts_between(0, 10_000)).await.unwrap();
    assert!(!facts.is_empty() && facts.iter().all(|fact| fact.person.is_none() && fact.sealed.is_empty()));
    world.pass(DAY_MS);
    world.publishes().await;
    let day = world.vault.compare_facts().await.unwrap()[0];
    assert!(day.agrees() && day.fallen == day.looks && day.looks > 0, "{day:?}");
}

#[tokio::test]
async fn an_audit_of_this_log_by_an_auditor_is_kept_for_everybody() {
    let world = World::new().await;
    world.family(PHONE, "Asha Devi").await;
    world.publishes().await;
    let vault = &world.vault;
    let note = checkpoint(&world).unwrap();
    let check = |held: Option<bool>| json!({ "name": "tree", "held": held, "detail": "all of it" });
    let report = |note: &str, checks: Vec<Value>| {
        json!({ "name": "audit", "checkpoint": note, "size": 1, "checks": checks, "busiest": ["a tag"] }).to_string()
    };
    let ours = report(&note.to_string(), vec![check(Some(true)), check(None)]);
    let credential = vault.auditor_credential("Court of Audit");
    for bad in [None, Some("Court of Audit"), Some("Court of Audit.00")] {
        assert_eq!(vault.hand_in_audit(bad, ours.as_bytes()).await, Err(Refused::NotSignedIn));
    }
    let hands_in = async |text: &str| vault.hand_in_audit(Some(&credential), text.as_bytes()).await;
    let mut stranger = note.clone();
    let other = ledger::note::Signer::new("log.example", ledger::note::Algorithm::Ed25519, &[1; 32]).unwrap();
    stranger.signatures = vec![other.sign(&stranger.text, 0)];
    assert_eq!(hands_in(&report(&stranger.to_string(), vec![check(None)])).await, Err(Refused::NotFound));
    let long = json!({ "name": "tree", "held": true, "detail": "x".repeat(3_000) });
    for bad in ["", "{}", &report("no note", vec![check(None)]), &report(&note.to_string(), vec![])] {
        assert!(matches!(hands_in(bad).await, Err(Refused::Malformed(_))), "{bad}");
    }
    assert!(matches!(hands_in(&report(&note.to_string(), vec![long])).await, Err(Refused::Malformed(_))));
    assert_eq!(vault.audits(10).await.unwrap(), []);

    let mut heavy = note.clone();
    heavy.signatures.extend((0..200).map(|_| other.sign(&note.text, 0)));
    assert!(matches!(hands_in(&report(&heavy.to_string(), vec![check(None)])).await, Err(Refused::Malformed(_))));

    hands_in(&report(&note.to_string(), vec![check(Some(false))])).await.unwrap();
    // Whoever hands in good news again and again pushes no finding out of sight, nor another auditor.
    let another = vault.auditor_credential("Another");
    world.pass(MINUTE);
    vault.hand_in_audit(Some(&another), ours.as_bytes()).await.unwrap();
    for _ in 0..12 {
        world.pass(MINUTE);
        hands_in(&ours).await.unwrap();
    }
    let audits = vault.audits(10).await.unwrap();
    let size = vault.log_standing().published;
    let seen: Vec<_> = audits.iter().map(|one| (one.auditor.as_str(), one.size, one.stands)).collect();
    assert_eq!(
        seen,
        [("Court of Audit", size, true), ("Another", size, true), ("Court of Audit", size, false)],
        "what it says, not what it claims"
    );
    assert_eq!(audits[0].checks.len(), 2);
}
