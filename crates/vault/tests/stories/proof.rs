//! Her list of looks as a file, judged by the check that anyone can run.

use crate::world::World;
use vault::Card;
use watch::check::{Fault, Looks, Place, Verdict, Wrong, check};

const HOUR: i64 = 3_600_000;

/// The file as it comes out.
async fn file(world: &World, token: &str) -> Looks {
    let citizen = world.citizen(token).await;
    let file = world.vault.looks_file(&citizen, citizen.member(0).unwrap()).await.unwrap();
    serde_json::from_value(serde_json::to_value(&*file).unwrap()).unwrap()
}

fn judged(world: &World, file: &Looks) -> Result<Verdict, Fault> {
    check(file, Some(&world.vault.watch().text().parse().unwrap()))
}

#[tokio::test]
async fn her_list_is_proven_whole_day_after_day() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    world.publishes().await;
    let verdict = judged(&world, &file(&world, &token).await).unwrap();
    assert_eq!((verdict.complete_until_day, verdict.closed), (None, 0));
    let registered = u32::try_from(world.vault.now_ms() / (24 * HOUR)).unwrap();
    let (mut rows, mut passed) = (verdict.looks.len(), 0);
    // Quiet days, and looks on either side of the moment at which a day is indexed.
    for days in [1, 1, 2, 1, 4] {
        world.pass(days * 24 * HOUR);
        passed += u32::try_from(days).unwrap();
        let token = world.signs_in("9876543210").await.token;
        world.publishes().await;
        let citizen = world.citizen(&token).await;
        let person = citizen.member(0).unwrap();
        world.vault.disclose::<Card>(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap();
        world.publishes().await;
        let file = file(&world, &token).await;
        let verdict = judged(&world, &file).unwrap();
        assert_eq!(verdict.complete_until_day, Some(registered + passed), "after {passed} days");
        assert!(verdict.looks.len() > rows && verdict.closed >= rows && file.waiting > 0);
        rows = verdict.looks.len();
    }
}

#[tokio::test]
async fn a_row_that_is_held_back_is_missed() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    world.publishes().await;
    file(&world, &token).await;
    world.pass(24 * HOUR);
    world.publishes().await;
    let token = world.signs_in("9876543210").await.token;
    world.publishes().await;
    let whole = file(&world, &token).await;
    let closed = judged(&world, &whole).unwrap().closed;
    let mut shortened = whole.clone();
    shortened.entries.truncate(closed - 1);
    let fault = judged(&world, &shortened).unwrap_err();
    assert_eq!(fault, Fault { place: Place::Index(1), wrong: Wrong::Unproven });
    let mut without = whole;
    without.entries.remove(closed - 1);
    assert_eq!(judged(&world, &without).unwrap_err().place, Place::Row(closed));
}
