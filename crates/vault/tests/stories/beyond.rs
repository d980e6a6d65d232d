//! Data, keys and log come back older than what witnesses have cosigned. What would be written down then could never be
//! published, so nothing is, until the log's own files are there again.

use crate::outside::{cosigned, now_s};
use crate::world::{World, copy_folder, slot};
use ledger::note::{Algorithm, Signer};
use store::{Fuse, Reader};
use vault::{BookingRequest, Card, Citizen, Refusal, Refused, Secrets};
use watch::witness::Witness;

const PHONE: &str = "9876543210";

async fn looks(world: &World, citizen: &Citizen) -> Result<(), Refused> {
    let person = citizen.member(0)?;
    world.vault.disclose::<Card>(citizen, &citizen.grant(person)?, person).await.map(|_| ())
}

async fn publishes(world: &World, witness: &Witness) {
    let fresh = world.vault.fresh_checkpoint().await.unwrap();
    let cosignatures = cosigned(world, &fresh, witness).await;
    let cosignatures = cosignatures.unwrap_or_else(|answer| panic!("{}: {}", answer.status, answer.body));
    assert!(world.vault.publish(fresh, cosignatures).await.unwrap());
}

#[tokio::test]
async fn what_witnesses_know_better_is_not_written_on_until_the_logs_files_are_back() {
    let key = |seed, name| Signer::new(name, Algorithm::Cosignature, &[seed; 32]).unwrap();
    let outside = [key(3, "w1.example"), key(4, "w2.example")];
    let world = World::watched_by_one_of(outside.iter().map(|one| one.verifier().clone())).await;
    let log = Secrets::new(&crate::world::SECRET).log_key().verifier().clone();
    let witness = Witness::open(&world.folder().join("witness"), key(3, "w1.example"), [log]).unwrap();
    publishes(&world, &witness).await;
    let (token, _) = world.family(PHONE, "Asha Devi").await;
    publishes(&world, &witness).await;
    let older = world.copied(&Fuse::default());
    looks(&world, &world.citizen(&token).await).await.unwrap();
    publishes(&world, &witness).await;

    // Before anything is written the witness is asked, and has seen more.
    let standing = older.vault.standing_checkpoint().await.unwrap();
    let size = older.store.read(Reader::log_size).await.unwrap();
    let asked = older.vault.ask_witness(&standing, 0).await.unwrap();
    let answer = witness.add_checkpoint(&asked.to_string(), now_s(&older));
    let seen: u64 = answer.body.trim().parse().unwrap();
    assert!(answer.status == 409 && seen > standing.size, "{}", answer.body);
    // The other of the two is enough for the log to go on; with none left it is over.
    older.vault.begin_log().await.unwrap();
    assert!(!older.vault.watch().contradicted_by(1));
    let citizen = {
        let token = older.signs_in(PHONE).await.token;
        older.citizen(&token).await
    };
    let forked = older.store.read(Reader::log_size).await.unwrap();
    assert!(forked > size);
    assert!(older.vault.watch().contradicted_by(2));
    let storage = Refused::Rule(Refusal::Storage);
    assert_eq!(looks(&older, &citizen).await, Err(storage.clone()));
    let people = vec![citizen.member(0).unwrap()];
    let wish = BookingRequest { people, session: older.session, slot: slot(), dose: 1 };
    assert_eq!(older.vault.book(&citizen, wish).await, Err(storage));
    older.vault.fresh_checkpoint().await.unwrap();
    assert_eq!(older.store.read(Reader::log_size).await.unwrap(), forked, "the log itself writes nothing either");

    // A copy of that time in which nothing was written: with the files of the log it goes on where they end.
    let again = world.copied(&Fuse::default());
    looks(&world, &world.citizen(&world.signs_in(PHONE).await.token).await).await.unwrap();
    publishes(&world, &witness).await;
    copy_folder(&world.folder().join("log"), &again.folder().join("log"));
    let again = again.revived();
    assert!(again.vault.begin_log().await.unwrap() > 0);
    let citizen = again.citizen(&again.signs_in(PHONE).await.token).await;
    looks(&again, &citizen).await.unwrap();
    publishes(&again, &witness).await;
}
