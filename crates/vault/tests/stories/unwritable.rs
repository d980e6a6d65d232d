//! The log's folder takes no files: nobody is shown and nothing is taken, nothing that was committed is lost, and it goes on
//! by itself when the folder takes files again.

use crate::log::{mirrored, policy_of};
use crate::world::{DAY_MS, World, slot};
use std::fs;
use std::path::{Path, PathBuf};
use store::Reader;
use vault::{BookingRequest, Card, Channel, Citizen, CodeFor, Refusal, Refused};

const PHONE: &str = "9876543210";

/// A folder of the log that is no folder any more: also for whoever may write everywhere.
struct Blocked {
    folder: PathBuf,
    aside: PathBuf,
}

impl Blocked {
    fn new(folder: &Path) -> Self {
        let aside = folder.with_extension("aside");
        fs::rename(folder, &aside).unwrap();
        fs::write(folder, "no folder").unwrap();
        Self { folder: folder.to_owned(), aside }
    }

    fn ends(self) {
        fs::remove_file(&self.folder).unwrap();
        fs::rename(&self.aside, &self.folder).unwrap();
    }
}

async fn looks(world: &World, citizen: &Citizen) -> Result<String, Refused> {
    let person = citizen.member(0)?;
    Ok(world.vault.disclose::<Card>(citizen, &citizen.grant(person)?, person).await?.name.clone())
}

/// A look, a code and a booking; what became of each.
async fn tries(world: &World, citizen: &Citizen) -> [Option<Refused>; 3] {
    let wish =
        BookingRequest { people: vec![citizen.member(0).unwrap()], session: world.session, slot: slot(), dose: 1 };
    let asked = world.vault.asked(Channel::Page);
    [
        looks(world, citizen).await.err(),
        world.vault.send_code(asked, &"9876543299".parse().unwrap(), CodeFor::SignIn, "en").await.err(),
        world.vault.book(citizen, wish).await.err(),
    ]
}

fn storage() -> [Option<Refused>; 3] {
    [(); 3].map(|()| Some(Refused::Rule(Refusal::Storage)))
}

async fn written(world: &World) -> (u64, u64) {
    (world.store.read(Reader::log_size).await.unwrap(), world.keys().released().unwrap())
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_stops_every_look_and_every_write_at_once() {
    let world = World::new().await;
    let (token, _) = world.family(PHONE, "Asha Devi").await;
    world.publishes().await;
    let citizen = world.citizen(&token).await;
    let before = written(&world).await;
    let blocked = Blocked::new(&world.folder().join("log"));
    world.pass(1_000);
    assert_eq!(tries(&world, &citizen).await, storage());
    assert!(world.vault.fresh_checkpoint().await.is_err());
    assert_eq!(written(&world).await, before, "nothing was written down, and no key went out");
    blocked.ends();
    // Nothing waited, but that the log tried is remembered until it succeeds.
    assert_eq!(looks(&world, &citizen).await, Err(Refused::Rule(Refusal::Storage)));
    world.publishes().await;
    assert_eq!(looks(&world, &citizen).await.as_deref(), Ok("Asha Devi"));
    assert_eq!(tries(&world, &citizen).await, [const { None }; 3]);
    world.publishes().await;
    let size = written(&world).await.0;
    assert_eq!(mirrored(&world.folder().join("log"), &policy_of(&world.vault)).0.size, size);
}

#[tokio::test]
async fn files_that_wait_stop_everything_until_they_are_written_over_midnight_too() {
    let world = World::new().await;
    let (token, _) = world.family(PHONE, "Asha Devi").await;
    world.publishes().await;
    let citizen = world.citizen(&token).await;
    // The folder itself takes files; those of the tiles it does not.
    let blocked = Blocked::new(&world.folder().join("log/tile"));
    world.pass(1_000);
    assert_eq!(looks(&world, &citizen).await.as_deref(), Ok("Asha Devi"), "nobody can know before files are written");
    assert!(world.vault.fresh_checkpoint().await.is_err());
    let before = written(&world).await;
    assert_eq!(tries(&world, &citizen).await, storage());
    world.pass(DAY_MS);
    assert!(world.vault.fresh_checkpoint().await.is_err());
    assert_eq!(written(&world).await, before, "the log itself writes nothing down either");
    blocked.ends();
    world.publishes().await;
    let (published, leaves) = mirrored(&world.folder().join("log"), &policy_of(&world.vault));
    assert_eq!((published.size, leaves.len() as u64), (before.0, before.0), "what was shown before is in the files");
    // The day that is over is indexed a beat later.
    world.publishes().await;
    let token = world.signs_in(PHONE).await.token;
    assert_eq!(looks(&world, &world.citizen(&token).await).await.as_deref(), Ok("Asha Devi"));
    assert!(written(&world).await.0 > before.0);
}
