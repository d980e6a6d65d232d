//! The laws that hold over every verb: one entry for each person shown; keys released never exceed keys asked.

use crate::world::World;
use ledger::Kind;
use registry::PersonId;
use vault::{Card, Citizen, Evidence, Patient, Slip};

/// Does something that shows people, and says how many REVEAL entries it left.
async fn reveals<T>(world: &World, show: impl Future<Output = T>) -> (usize, T) {
    let before = world.count(Kind::Reveal).await;
    let shown = show.await;
    (world.count(Kind::Reveal).await - before, shown)
}

fn grants(citizen: &Citizen, people: &[PersonId]) -> Vec<vault::Grant> {
    people.iter().map(|person| citizen.grant(*person).unwrap()).collect()
}

#[tokio::test]
async fn every_verb_that_shows_leaves_exactly_one_entry_for_each_person_shown() {
    let world = World::new().await;
    let vault = &world.vault;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = vault.register(&citizen, crate::world::person("Ravi", 1950)).await.unwrap();
    let people = vec![asha.person(), ravi.person()];
    let appointment = world.books(&token, people.clone()).await;
    let citizen = world.citizen(&token).await;
    let grants = grants(&citizen, &people);

    assert_eq!(reveals(&world, vault.disclose_each::<Card>(&citizen, &grants)).await.0, 2);
    assert_eq!(reveals(&world, vault.disclose::<Card>(&citizen, &grants[0], people[0])).await.0, 1);
    let (left, slips) = reveals(&world, vault.slips(&citizen, appointment)).await;
    assert_eq!((left, slips.unwrap().len()), (2, 2));
    assert_eq!(reveals(&world, vault.looks(&citizen, people[0], 50)).await.0, 1);
    let (left, slip) = reveals(&world, vault.disclose::<Slip>(&citizen, &grants[0], people[0])).await;
    assert_eq!(left, 1);

    let meera = world.staff("meera").await;
    let evidence = Evidence::Code(slip.unwrap().code.clone().unwrap());
    let (left, there) = reveals(&world, vault.check_in(&meera, world.session, &asha.reference, &evidence)).await;
    assert_eq!(left, 0, "a check-in shows nobody");
    let (id, nth) = there.unwrap();
    assert_eq!(reveals(&world, vault.session_list(&meera, world.session)).await.0, 0);
    let (grant, row) = vault.present(&meera, id, nth).await.unwrap();
    assert_eq!(reveals(&world, vault.disclose::<Patient>(&meera, &grant, row.person)).await.0, 1);
    assert_eq!(reveals(&world, vault.record_dose(&meera, id, nth, crate::world::given("CX-1"))).await.0, 0);
    assert_eq!(reveals(&world, vault.certify(&citizen, &grants[0], people[0])).await.0, 1);
    assert_eq!(reveals(&world, vault.certify(&meera, &grant, people[0])).await.0, 1);
    assert_eq!(reveals(&world, vault.observations(&meera, world.session)).await.0, 0);
    assert_eq!(reveals(&world, vault.send_notices()).await.0, 0);
}

#[tokio::test]
async fn keys_released_never_exceed_keys_asked() {
    let world = World::new().await;
    let mut tokens = Vec::new();
    for n in 0..4 {
        let (token, registered) = world.family(&format!("987654321{n}"), "Asha Devi").await;
        world.vaccinates(&token, &registered).await;
        let citizen = world.citizen(&token).await;
        let grant = citizen.grant(registered.person()).unwrap();
        world.vault.certify(&citizen, &grant, registered.person()).await.unwrap();
        tokens.push((token, registered));
    }
    world.vault.send_notices().await.unwrap();
    let asked: u64 = world.leaves().await.iter().map(|leaf| u64::from(leaf.keys_asked)).sum();
    let released = world.keys().released().unwrap();
    assert!(released > 0);
    assert_eq!(released, asked, "nothing failed here, so nothing lapsed");

    // A key that does not come is asked and not released: it lapses.
    let (token, registered) = tokens.remove(0);
    let citizen = world.citizen(&token).await;
    let grant = citizen.grant(registered.person()).unwrap();
    world.keys().erase(registered.person()).await.unwrap();
    assert!(world.vault.disclose::<Card>(&citizen, &grant, registered.person()).await.is_err());
    let asked: u64 = world.leaves().await.iter().map(|leaf| u64::from(leaf.keys_asked)).sum();
    assert!(world.keys().released().unwrap() < asked);
}

#[tokio::test]
async fn only_entries_of_kinds_that_open_ask_for_keys() {
    let world = World::new().await;
    let (token, registered) = world.family("9876543210", "Asha Devi").await;
    world.vaccinates(&token, &registered).await;
    world.vault.send_notices().await.unwrap();
    for leaf in world.leaves().await {
        let opens =
            matches!(leaf.kind(), Some(Kind::Reveal | Kind::Use | Kind::Notice | Kind::OtpVerify | Kind::OtpSend));
        assert!(opens || leaf.keys_asked == 0, "{:?}", leaf.kind());
    }
}
