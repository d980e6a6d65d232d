//! The machine ends at every step of a consent. Whatever stands afterwards stands whole: the entry, the permission, and
//! the artefact that names the entry.

use crate::consent::artefact_says;
use crate::partner::{ALL, HOUR, Partner, arrived, ask, noticed};
use crate::world::World;
use store::Fuse;
use vault::{Confirmed, Kind, Refused};

const ASHA: &str = "9876543210";

/// She is asked, and says yes; the client has a token.
async fn consents(world: &World, clinic: &Partner) -> Result<(), Refused> {
    let client = clinic.signs(world).await?;
    let request = world.vault.ask_consent(&client, ask(ASHA, ALL, 5, HOUR)).await?;
    let code = arrived(world, ASHA).await;
    let client = clinic.signs(world).await?;
    match world.vault.confirm_consent(&client, request, &code, &noticed()).await? {
        Confirmed::Token { is_new: false, .. } => Ok(()),
        _ => panic!("she is the only one at her phone"),
    }
}

#[tokio::test]
async fn cut_at_every_step_a_consent_stands_with_its_artefact_or_not_at_all() {
    let world = World::new().await;
    let (_, asha) = world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    world.publishes().await;
    let (mut standing, mut steps) = ([0, 0], 0);
    loop {
        steps += 1;
        world.pass(HOUR);
        world.outbox.sent.lock().unwrap().clear();
        let fuse = Fuse::of(steps);
        let before = world.copied(&fuse);
        let done = consents(&before, &clinic).await;
        let after = before.revived();
        after.vault.begin_log().await.unwrap();
        world.pass(HOUR / 2);
        let citizen = after.citizen(&after.signs_in(ASHA).await.token).await;
        let given = &after.vault.permissions(&citizen, asha.person()).await.unwrap().given;
        assert_eq!(given.len(), after.count(Kind::Consent).await, "step {steps}");
        assert!(done.is_err() || given.len() == 1, "step {steps}: {done:?}");
        for one in given {
            artefact_says(&after, &one.artefact, one.id).await;
        }
        standing[given.len()] += 1;
        if done.is_ok() && fuse.left() > 0 {
            break;
        }
    }
    assert!(standing[0] > 5 && standing[1] > 2, "cut before and after it: {standing:?}");
}
