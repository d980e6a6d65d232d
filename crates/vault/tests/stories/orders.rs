//! A numbered lawful order: two officers, one person, the fields it names, an end; said in public, and told to her.

use crate::leaving::{all_opened_or_explained, leaves};
use crate::world::{DAY, DAY_MS, World, person, slot};
use jiff::ToSpan;
use ledger::order::Filed;
use registry::case::CaseNumber;
use registry::order::Authorities;
use registry::{AppointmentId, Gender, Reference, Role};
use vault::{
    About, BookingRequest, Field, GrantKind, Kind, LegalGround, Message, NewOrder, Purpose, Refused, Staff, Vault,
};

const PHONE: &str = "9876543210";
const NUMBER: &str = "W.P. 17/2026";

/// A world with two officers and a third.
async fn town() -> World {
    let world = World::new().await;
    for login in ["omar", "olga", "otto"] {
        world.hire(login, Role::Officer).await;
    }
    world
}

fn order(about: About) -> NewOrder {
    let listed = Authorities::new([("high-court".to_owned(), "High Court".to_owned())]).unwrap();
    NewOrder {
        authority: listed.named("high-court").unwrap(),
        number: NUMBER.parse().unwrap(),
        dated: DAY.yesterday().unwrap(),
        ground: LegalGround::Court,
        about,
        fields: vec![Field::Name, Field::Gender],
        until: DAY.saturating_add(30.days()),
        document: [9; 32],
    }
}

fn named(reference: &Reference) -> NewOrder {
    order(About::Reference(*reference))
}

async fn files(vault: &Vault, staff: &Staff, new: &NewOrder) -> Result<CaseNumber, Refused> {
    vault.file_order(staff, new, &vault.draw()).await
}

fn gone<T>(told: Result<T, Refused>) -> bool {
    told.is_err_and(|refused| matches!(refused, Refused::NotFound | Refused::Rule(vault::Refusal::NotFound)))
}

fn malformed<T>(told: Result<T, Refused>, field: &str) -> bool {
    told.is_err_and(|refused| matches!(refused, Refused::Malformed(wrong) if wrong.field == field))
}

/// Filed by Omar, confirmed by Olga.
async fn confirmed(world: &World, new: &NewOrder) -> (CaseNumber, Staff, Staff) {
    let (omar, olga) = (world.staff("omar").await, world.staff("olga").await);
    let case = files(&world.vault, &omar, new).await.unwrap();
    world.vault.confirm_order(&olga, case, &" w.p.  17/2026".parse().unwrap()).await.unwrap();
    (case, omar, olga)
}

/// What the log says in public of orders.
async fn stated(world: &World) -> Vec<Filed> {
    world.publishes().await;
    let mut said = Vec::new();
    for (position, leaf) in world.leaves().await.iter().enumerate() {
        if leaf.kind() == Some(Kind::Config) {
            let file = world.vault.log_file(&format!("opening/{position}"), None).await.unwrap();
            let opening: serde_json::Value = serde_json::from_slice(&file.bytes).unwrap();
            let entry = data_encoding::BASE64.decode(opening["entry"].as_str().unwrap().as_bytes()).unwrap();
            said.extend(Filed::from_text(&ledger::Entry::from_cbor(&entry).unwrap().statement));
        }
    }
    said
}

#[tokio::test]
async fn two_officers_see_what_an_order_names_once_each_and_she_is_told_when_it_ends() {
    let world = town().await;
    let (_, asha) = world.family(PHONE, "Asha Devi").await;
    let vault = &world.vault;
    let (case, omar, olga) = confirmed(&world, &named(&asha.reference)).await;
    let reveals = world.count(Kind::Reveal).await;
    for staff in [&omar, &olga] {
        let file = vault.order_file(staff, case).await.unwrap();
        assert_eq!((file.name.as_deref(), file.gender), (Some("Asha Devi"), Some(Gender::Female)));
        assert!(file.birth_year.is_none() && file.phone.is_none() && file.id_document.is_none(), "nothing besides");
        drop(file);
        assert!(gone(vault.order_file(staff, case).await), "once each");
    }
    assert_eq!(world.count(Kind::Reveal).await, reveals + 2);

    // It stands in her list from the first moment: who found her, filed, confirmed, looked, and at which fields.
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let looks = vault.looks(&citizen, asha.person(), 50).await.unwrap();
    let told: Vec<_> = looks.looks.iter().rev().filter(|look| look.purpose == Purpose::LawfulOrder).collect();
    let steps: Vec<_> =
        told.iter().map(|look| (look.kind, look.grant, look.actor.clone(), look.fields.len())).collect();
    let (one, two) = (world.id_of("omar").code(), world.id_of("olga").code());
    assert_eq!(
        steps,
        [
            (Kind::Lookup, GrantKind::None, one.clone(), 0),
            (Kind::Case, GrantKind::Case, one.clone(), 0),
            (Kind::Case, GrantKind::Case, two.clone(), 0),
            (Kind::Reveal, GrantKind::Case, one, 2),
            (Kind::Reveal, GrantKind::Case, two, 2),
        ]
    );
    let about = vault.orders_about(&citizen, asha.person()).await.unwrap();
    assert_eq!((about.len(), about[0].order.number.as_str(), about[0].order.document), (1, NUMBER, [9; 32]));

    // Public: that there is one, of whom and on what ground; nothing of her, and not its number.
    let said = stated(&world).await;
    assert_eq!(said.len(), 1);
    assert_eq!((said[0].authority.as_str(), said[0].ground), ("high-court", LegalGround::Court));

    // The message waits until it ends, and names neither an office nor a look.
    let letters = || {
        let sent = world.outbox.sent.lock().unwrap();
        let hers = sent.iter().filter(|(phone, _)| phone == PHONE);
        let of_looks = hers.clone().filter(|(_, message)| matches!(message, Message::FirstLook { .. })).count();
        assert_eq!(of_looks, 0);
        hers.filter(|(_, message)| *message == Message::Letter).count()
    };
    vault.send_notices().await.unwrap();
    assert_eq!(letters(), 0);
    world.pass(31 * DAY_MS);
    vault.send_notices().await.unwrap();
    assert_eq!(letters(), 1);
}

#[tokio::test]
async fn nobody_looks_by_an_order_who_is_not_one_of_its_two() {
    let world = town().await;
    let (_, asha) = world.family(PHONE, "Asha Devi").await;
    let vault = &world.vault;
    let (omar, olga, otto) = (world.staff("omar").await, world.staff("olga").await, world.staff("otto").await);
    let (meera, number) = (world.staff("meera").await, NUMBER.parse().unwrap());
    let new = named(&asha.reference);
    assert_eq!(files(vault, &meera, &new).await, Err(Refused::WrongRole));
    let once = vault.draw();
    let case = vault.file_order(&omar, &new, &once).await.unwrap();
    assert_eq!(vault.file_order(&omar, &new, &once).await, Ok(case), "sent twice, filed once");
    assert_eq!(files(vault, &olga, &new).await, Err(vault::Refusal::Conflict.into()), "the same paper twice");

    let reveals = world.count(Kind::Reveal).await;
    assert!(gone(vault.order_file(&omar, case).await), "one officer alone");
    assert!(gone(vault.confirm_order(&omar, case, &number).await), "the same officer twice");
    assert_eq!(vault.confirm_order(&meera, case, &number).await, Err(Refused::WrongRole));
    let refused = world.count(Kind::Refused).await;
    let wrong = vault.confirm_order(&olga, case, &"W.P. 18/2026".parse().unwrap()).await;
    assert!(malformed(wrong, "order_number"), "whoever has not the paper");
    assert_eq!(world.count(Kind::Refused).await, refused + 1);
    assert!(gone(vault.order_file(&olga, case).await), "not confirmed");
    vault.confirm_order(&olga, case, &number).await.unwrap();
    assert!(gone(vault.confirm_order(&otto, case, &number).await), "confirmed already");
    assert!(gone(vault.order_file(&otto, case).await), "a third");
    assert_eq!(vault.order_file(&meera, case).await.err(), Some(Refused::WrongRole));
    assert!(gone(vault.case_file(&olga, case).await), "a case of hers it is not");
    vault.order_file(&omar, case).await.unwrap();
    world.pass(31 * DAY_MS);
    let olga = world.staff("olga").await;
    assert!(gone(vault.order_file(&olga, case).await), "after its end");
    assert!(gone(vault.order_at_desk(&olga, case).await));
    assert!(vault.orders(&olga).await.unwrap().is_empty());
    assert_eq!(world.count(Kind::Reveal).await, reveals + 1);
}

#[tokio::test]
async fn an_order_names_one_person_few_fields_and_an_end() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let vault = &world.vault;
    let citizen = world.citizen(&token).await;
    let ravi = vault.register(&citizen, person("Ravi Kumar", 1950)).await.unwrap();
    let omar = world.staff("omar").await;
    let with = |change: &dyn Fn(&mut NewOrder)| {
        let mut new = named(&asha.reference);
        change(&mut new);
        new
    };
    let looked_up = world.count(Kind::Lookup).await;
    for (field, new) in [
        ("fields", with(&|new| new.fields.clear())),
        ("fields", with(&|new| new.fields.push(Field::Screening))),
        ("fields", with(&|new| (new.ground, new.fields) = (LegalGround::Epidemic, vec![Field::Gender]))),
        ("until", with(&|new| new.until = DAY.yesterday().unwrap())),
        ("until", with(&|new| new.until = DAY.saturating_add(90.days()))),
        ("dated", with(&|new| new.dated = DAY.tomorrow().unwrap())),
    ] {
        assert!(malformed(files(vault, &omar, &new).await, field), "{field}");
    }
    assert_eq!(world.count(Kind::Lookup).await, looked_up, "a wrong form looks nobody up");

    // What leads to nobody is an entry before it is answered, and noted.
    let refused = world.count(Kind::Refused).await;
    let nobody: Reference = Reference::from_random([1; 8]);
    assert!(gone(files(vault, &omar, &named(&nobody)).await));
    let none = AppointmentId::from_random([9; 16]);
    assert!(gone(files(vault, &omar, &order(About::Appointment(none))).await));
    assert_eq!(world.count(Kind::Lookup).await, looked_up + 2);
    assert_eq!(world.count(Kind::Refused).await, refused + 2);

    let wish =
        BookingRequest { people: vec![asha.person(), ravi.person()], session: world.session, slot: slot(), dose: 1 };
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let both = vault.book(&citizen, wish).await.unwrap();
    assert!(gone(files(vault, &omar, &order(About::Appointment(both))).await), "of two people an order names none");
    assert!(stated(&world).await.is_empty(), "what was not filed is not counted");
    let (other, sita) = world.family("9876543211", "Sita").await;
    let hers = world.books(&other, vec![sita.person()]).await;
    let (case, omar, _) = confirmed(&world, &order(About::Appointment(hers))).await;
    assert_eq!(vault.order_file(&omar, case).await.unwrap().name.as_deref(), Some("Sita"));
}

#[tokio::test]
async fn who_left_is_opened_to_an_order_for_a_year_and_an_auditor_reads_it() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let token = world.signs_in(PHONE).await.token;
    // An order that she leaves under ends with her leaving; her reference leads to what is held.
    let (before, omar, _) = confirmed(&world, &named(&asha.reference)).await;
    leaves(&world, &token, asha.person()).await;
    assert!(gone(world.vault.order_file(&omar, before).await));
    let mut new = named(&asha.reference);
    new.fields = vec![Field::Name, Field::Phone, Field::IdDocument];
    let vault = &world.vault;
    let (omar, olga) = (world.staff("omar").await, world.staff("olga").await);
    let case = files(vault, &omar, &new).await.unwrap();
    assert!(gone(vault.order_file(&omar, case).await), "one officer alone");
    vault.confirm_order(&olga, case, &new.number).await.unwrap();
    let reveals = world.count(Kind::Reveal).await;
    for staff in [&omar, &olga] {
        let file = vault.order_file(staff, case).await.unwrap();
        assert_eq!((file.name.as_deref(), file.phone.as_deref()), (Some("Asha Devi"), Some(PHONE)));
        assert_eq!(file.id_document, None, "what is not held is not there");
        drop(file);
        assert!(gone(vault.order_file(staff, case).await), "once each");
    }
    assert_eq!(world.count(Kind::Reveal).await, reveals + 2);
    assert_eq!(files(vault, &omar, &new).await, Err(vault::Refusal::Conflict.into()), "the same paper again");
    assert_eq!(stated(&world).await.len(), 2);
    // Every entry of the log is opened to an auditor or explained by her erasure: those about her since are opened.
    assert!(all_opened_or_explained(&world, vault).await > 20);
    world.pass(DAY_MS);
    world.publishes().await;
    let compared = vault.compare_facts().await.unwrap();
    assert!(compared.iter().any(|day| day.by_grant[usize::from(GrantKind::Case.wire())] >= 2));
    assert!(compared.iter().all(vault::Compared::agrees), "each look has its fact: {compared:?}");

    world.pass(367 * DAY_MS);
    vault.sweep().await.unwrap();
    let omar = world.staff("omar").await;
    new.number = "W.P. 19/2028".parse().unwrap();
    new.until = vault.today().saturating_add(3.days());
    assert!(gone(files(vault, &omar, &new).await), "after the year nothing");
}

#[tokio::test]
async fn who_left_stays_gone_after_a_restore_though_an_order_was_written_since() {
    let world = town().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    world.publishes().await;
    let old = world.data();
    let token = world.signs_in(PHONE).await.token;
    leaves(&world, &token, asha.person()).await;
    let (case, omar, _) = confirmed(&world, &named(&asha.reference)).await;
    world.vault.order_file(&omar, case).await.unwrap();
    world.publishes().await;
    let back = world.restored(old);
    back.vault.begin_log().await.unwrap();
    let person = asha.person();
    assert!(back.store.read(move |store| store.person(person)).await.unwrap().is_none());
    assert_eq!(back.store.read(move |store| store.held_fields(person)).await.unwrap().len(), 4, "what the law holds");
    assert!(all_opened_or_explained(&back, &back.vault).await > 20);
}
