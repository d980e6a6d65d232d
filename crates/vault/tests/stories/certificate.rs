//! Certificates: the same doses give the same one, and what a correction leaves behind.

use crate::world::World;
use credential::{qr, verify};
use futures_util::future::join_all;
use registry::PersonId;
use vault::{Certified, Disclosed, Evidence, Kind, Refused, Standing};

async fn certified(world: &World, token: &str, person: PersonId) -> Disclosed<Certified> {
    let citizen = world.citizen(token).await;
    world.vault.certify(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap()
}

#[tokio::test]
async fn a_correction_supersedes_the_certificate() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let (id, nth) = world.vaccinates(&token, &asha).await;
    let first = certified(&world, &token, asha.person()).await;
    let meera = world.staff("meera").await;
    world.vault.correct_dose(&meera, id, nth, "CX-2".into()).await.unwrap();

    let standing =
        async |one: &Certified| world.vault.standing(one.certificate.id, one.certificate.version).await.unwrap();
    assert_eq!(standing(&first).await, Standing::Corrected);
    let second = certified(&world, &token, asha.person()).await;
    assert_eq!((second.certificate.doses[0].batch.as_str(), second.certificate.version), ("CX-2", 2));
    assert_eq!((standing(&first).await, standing(&second).await), (Standing::Corrected, Standing::Current));
    // It verifies still: what it is worth is another question.
    assert!(verify(qr::to_text(&first.cwt).as_bytes(), &[world.vault.issuer_key().clone()]).is_ok());
    assert_eq!(world.vault.standing([0; 16], 1).await.unwrap(), Standing::Unknown);
}

#[tokio::test]
async fn the_same_doses_give_the_same_certificate() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let (id, nth) = world.vaccinates(&token, &asha).await;
    let first = certified(&world, &token, asha.person()).await;
    world.pass(5_000);
    let again = certified(&world, &token, asha.person()).await;
    assert_eq!(first.cwt, again.cwt);
    // Printed on the spot by the vaccinator it is the same one.
    let meera = world.staff("meera").await;
    let (grant, row) = world.vault.present(&meera, id, nth).await.unwrap();
    assert_eq!(world.vault.certify(&meera, &grant, row.person).await.unwrap().cwt, first.cwt);
}

#[tokio::test]
async fn downloads_side_by_side_agree() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let reveals = world.count(Kind::Reveal).await;
    let all = join_all((0..6).map(|_| certified(&world, &token, asha.person()))).await;
    assert!(all.iter().all(|one| one.certificate.version == 1 && one.certificate.id == all[0].certificate.id));
    assert_eq!(world.count(Kind::Reveal).await, reveals + 6);
    let (id, version) = (all[0].certificate.id, all[0].certificate.version);
    assert_eq!(world.vault.standing(id, version).await.unwrap(), Standing::Current);
}

#[tokio::test]
async fn without_a_dose_there_is_no_certificate_and_no_look() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let reveals = world.count(Kind::Reveal).await;
    let outcome = world.vault.certify(&citizen, &citizen.grant(asha.person()).unwrap(), asha.person()).await;
    assert!(matches!(outcome, Err(Refused::NotFound)));
    assert_eq!(world.count(Kind::Reveal).await, reveals);
    let evidence = Evidence::Card("00000000".into());
    let meera = world.staff("meera").await;
    assert!(world.vault.check_in(&meera, world.session, &asha.reference, &evidence).await.is_err());
}
