//! An installation moves from the embedded store to the engine of this run: everybody is there, the log goes on, and whoever
//! audits it from outside sees one log.

use crate::engine::Engine;
use crate::log::{mirrored, policy_of};
use crate::outside::{broken, checkpoint};
use crate::world::World;
use vault::Card;

const PHONE: &str = "9876543210";

async fn looks(world: &World, token: &str) -> String {
    let citizen = world.citizen(token).await;
    let person = citizen.member(0).unwrap();
    world.vault.disclose::<Card>(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap().name.clone()
}

#[tokio::test]
async fn who_moves_to_a_server_is_served_on_and_the_log_is_one_from_outside() {
    let world = World::on(Engine::Sqlite).await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    world.publishes().await;
    looks(&world, &token).await;
    let (before, size) = (checkpoint(&world), world.vault.log_size().await.unwrap());
    let whole = world.vault.compare_store().await.unwrap();
    assert_eq!((whole.faults.as_slice(), whole.entries, whole.people), (&[][..], size, 1));

    let world = world.moved();
    assert_eq!(world.vault.begin_log().await.unwrap(), 0, "the log lacks nothing");
    assert_eq!(world.vault.compare_store().await.unwrap(), whole);
    // She is signed in as before, and looks on; her list has every look, those before the move too.
    assert_eq!(looks(&world, &token).await, "Asha Devi");
    let other = world.signs_in("9876543211").await.token;
    let citizen = world.citizen(&other).await;
    world.vault.register(&citizen, crate::world::person("Sita", 1990)).await.unwrap();
    world.publishes().await;
    assert_eq!(broken(&world, before.as_ref()), None);
    let (published, leaves) = mirrored(&world.folder().join("log"), &policy_of(&world.vault));
    assert!(published.size > size && leaves.len() as u64 == published.size);
    assert_eq!(world.vault.compare_store().await.unwrap().faults, [""; 0]);
}

#[tokio::test]
async fn a_store_that_is_not_what_the_log_says_is_found() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.books(&token, vec![asha.person()]).await;
    world.publishes().await;
    assert_eq!(world.vault.compare_store().await.unwrap().faults, [""; 0]);
    for (deed, fault) in [
        (
            "UPDATE log_stage SET leaf = (SELECT leaf FROM log_stage WHERE position = 1) WHERE position = 2",
            "staged entry 2",
        ),
        ("DELETE FROM log_tag WHERE position = 3", "tags stand for"),
        ("UPDATE person SET entries = entries - 1", "the counts of 1 people"),
        ("UPDATE place SET booked = booked + 1, open = open - 1 WHERE dose = 2", "in 1 sessions"),
        ("UPDATE log_head SET next = 4", "the log's files have"),
    ] {
        let copy = world.copied(&store::Fuse::default());
        copy.tampers(deed);
        let faults = copy.vault.compare_store().await.unwrap().faults;
        assert!(faults.iter().any(|one| one.contains(fault)), "{deed}: {faults:?}");
    }
}
