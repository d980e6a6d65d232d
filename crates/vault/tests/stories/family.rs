//! A phone's family: joined, confirmed, left.

use crate::world::{CENTRE, DAY, MINUTE, World, last_six, person};
use registry::{PersonId, SessionId};
use std::sync::atomic::Ordering;
use store::keys::WrappedKeys;
use vault::{Card, Channel, Effect, Evidence, Field, Kind, Purpose, Refusal, Refused};

#[tokio::test]
async fn a_pending_member_shows_nothing_until_the_holder_proves_her_card() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    let meera = world.staff("meera").await;
    let phone = "9876543210".parse().unwrap();
    let ravi = world.vault.register_at(&meera, CENTRE, Some(phone), person("Ravi Kumar", 1950)).await.unwrap();
    let citizen = world.citizen(&token).await;
    let family = world.vault.family(&citizen).await.unwrap();
    let pending = family.iter().find(|member| member.person == ravi.person()).unwrap();
    assert_eq!(pending.pending.unwrap().0, CENTRE);
    assert_eq!(citizen.members().len(), 1);
    assert!(matches!(citizen.grant(ravi.person()), Err(Refused::NotFound)));

    let tries = async |typed: &str| world.vault.confirm_member(&citizen, ravi.person(), typed).await;
    let six = last_six(&ravi.reference);
    let bad = if six == "000000" { "111111" } else { "000000" };
    assert_eq!(tries(bad).await.unwrap_err(), Refused::Wrong { left: 2 });
    // Fewer digits that fit are no proof.
    assert_eq!(tries(&six[2..]).await.unwrap_err(), Refused::Wrong { left: 1 });
    tries(&six).await.unwrap();
    let citizen = world.citizen(&token).await;
    let grant = citizen.grant(ravi.person()).unwrap();
    let card = world.vault.disclose::<Card>(&citizen, &grant, ravi.person()).await.unwrap();
    assert_eq!(card.name, "Ravi Kumar");
    // Each try was an entry of his.
    let looks = world.vault.looks(&citizen, ravi.person(), 99).await.unwrap();
    let uses = looks.looks.iter().filter(|look| look.kind == Kind::Use && look.purpose == Purpose::Membership);
    assert_eq!(uses.count(), 3);
}

#[tokio::test]
async fn three_wrong_proofs_and_only_a_centre_helps() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    let meera = world.staff("meera").await;
    let ravi = world
        .vault
        .register_at(&meera, CENTRE, Some("9876543210".parse().unwrap()), person("Ravi", 1950))
        .await
        .unwrap();
    let citizen = world.citizen(&token).await;
    for _ in 0..3 {
        assert!(world.vault.confirm_member(&citizen, ravi.person(), "x").await.is_err());
    }
    let right = world.vault.confirm_member(&citizen, ravi.person(), &last_six(&ravi.reference)).await;
    assert!(matches!(right.unwrap_err(), Refused::Rule(Refusal::Locked { .. })));
    // Nobody else's pending member can be asked about at all.
    let (other, _) = world.family("9876543211", "Sita").await;
    let stranger = world.citizen(&other).await;
    let outcome = world.vault.confirm_member(&stranger, ravi.person(), &last_six(&ravi.reference)).await;
    assert_eq!(outcome.unwrap_err(), Refused::NotFound);
}

#[tokio::test]
async fn a_change_of_the_family_ends_the_sign_in_of_every_other_device() {
    let world = World::new().await;
    let (_, asha) = world.family("9876543210", "Asha Devi").await;
    let old = world.signs_in("9876543210").await.token;
    let new = world.signs_in("9876543210").await.token;
    let behind = world.citizen(&old).await;
    let citizen = world.citizen(&new).await;
    world.vault.register(&citizen, person("Ravi", 1950)).await.unwrap();
    assert!(matches!(world.vault.caller(&old, Channel::Page).await, Err(Refused::NotSignedIn)));
    // A request that was under way with the old sign-in writes nothing.
    let wish = vault::BookingRequest {
        people: vec![asha.person()],
        session: world.session,
        slot: crate::world::slot(),
        dose: 1,
    };
    assert_eq!(world.vault.book(&behind, wish).await.unwrap_err(), Refusal::SignedOut.into());
    assert_eq!(world.citizen(&new).await.members().len(), 2);
}

#[tokio::test]
async fn a_registration_sent_twice_is_one() {
    let world = World::new().await;
    let token = world.signs_in("9876543210").await.token;
    let citizen = world.citizen(&token).await;
    let new = || {
        let mut new = person("Asha Devi", 1983);
        new.once = Some([5; 16]);
        new
    };
    let first = world.vault.register(&citizen, new()).await.unwrap();
    let again = world.vault.register(&citizen, new()).await.unwrap();
    assert_eq!((first.reference, first.person()), (again.reference, again.person()));
    assert_eq!(world.citizen(&token).await.members(), [first.person()]);
}

#[tokio::test]
async fn who_leaves_takes_her_keys_along() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi", 1950)).await.unwrap();
    let citizen = world.citizen(&token).await;
    assert!(world.keys().find(ravi.person()).unwrap().is_some());
    world.vault.remove_member(&citizen, ravi.person()).await.unwrap();

    assert!(world.keys().find(ravi.person()).unwrap().is_none());
    assert_eq!(world.count(Kind::Erase).await, 1);
    // The grant she held is worth nothing any more.
    let grant = citizen.grant(ravi.person()).unwrap();
    assert!(world.vault.disclose::<Card>(&citizen, &grant, ravi.person()).await.is_err());
    let citizen = world.citizen(&token).await;
    assert_eq!(citizen.members(), [asha.person()]);
    // His reference finds no one.
    let meera = world.staff("meera").await;
    let outcome = world.vault.check_in(&meera, world.session, &ravi.reference, &Evidence::Code("1234".into())).await;
    assert_eq!(outcome.unwrap_err(), Refused::NotFound);
    // Who has a dose stays.
    world.vaccinates(&token, &asha).await;
    let citizen = world.citizen(&token).await;
    assert_eq!(world.vault.remove_member(&citizen, asha.person()).await.unwrap_err(), Refusal::HasDoses.into());
}

#[tokio::test]
async fn keys_whose_registration_never_came_are_swept_and_nobody_comes_to_be_under_them() {
    let world = World::new().await;
    let (_, asha) = world.family("9876543210", "Asha Devi").await;
    // A process died between the key and the person.
    let lost = PersonId::from_random([9; 16]);
    let keys = WrappedKeys { person: lost, data: vec![1; 60], tag: vec![2; 60], made_ms: world.vault.now_ms() };
    world.keys().enrol(keys).await.unwrap();
    assert_eq!(world.vault.sweep().await.unwrap(), 0, "a registration may still be under way");
    world.pass(11 * MINUTE);
    assert_eq!(world.reopened().sweep().await.unwrap(), 1);
    assert!(world.keys().find(lost).unwrap().is_none() && world.keys().find(asha.person()).unwrap().is_some());
    let standing = world.store.read(move |store| store.standing(lost)).await.unwrap();
    assert_eq!(standing.as_deref(), Some("void"));
    assert_eq!(world.vault.sweep().await.unwrap(), 0);
}

#[tokio::test]
async fn nobody_opens_anothers_data() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let appointment = world.books(&token, vec![asha.person()]).await;
    let (other, _) = world.family("9876543211", "Sita").await;
    let (asha_in, sita_in) = (world.citizen(&token).await, world.citizen(&other).await);
    let reveals = world.count(Kind::Reveal).await;

    // Neither with a grant of her own for another person, nor with another's grant.
    assert!(matches!(sita_in.grant(asha.person()), Err(Refused::NotFound)));
    let (grant, own) = (asha_in.grant(asha.person()).unwrap(), sita_in.grant(sita_in.members()[0]).unwrap());
    assert!(matches!(world.vault.disclose::<Card>(&sita_in, &grant, asha.person()).await, Err(Refused::NotFound)));
    assert!(matches!(world.vault.disclose::<Card>(&sita_in, &own, asha.person()).await, Err(Refused::NotFound)));
    assert!(matches!(world.vault.certify(&sita_in, &grant, asha.person()).await, Err(Refused::NotFound)));
    assert!(world.vault.looks(&sita_in, asha.person(), 9).await.is_err());
    assert!(world.vault.appointment(&sita_in, appointment).await.is_err());
    assert!(world.vault.slips(&sita_in, appointment).await.is_err());
    let two = [asha.person()];
    assert!(world.vault.cancel(&sita_in, appointment, &two).await.is_err());
    let later = SessionId::from_random([2; 16]);
    let manager = world.staff("manager").await;
    let publish = Effect::Publish(Box::new(crate::world::new_session(later, DAY)));
    world.vault.plan(&manager, publish).await.unwrap();
    assert!(world.vault.reschedule(&sita_in, appointment, later, crate::world::slot()).await.is_err());
    assert!(world.vault.remove_member(&sita_in, asha.person()).await.is_err());
    assert_eq!(world.count(Kind::Reveal).await, reveals);
    world.vault.reschedule(&asha_in, appointment, later, crate::world::slot()).await.unwrap();
    assert_eq!(world.clock.load(Ordering::SeqCst), world.vault.now_ms());
}

#[tokio::test]
async fn what_a_card_opens_is_what_its_entry_says() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let grant = citizen.grant(asha.person()).unwrap();
    world.vault.disclose::<Card>(&citizen, &grant, asha.person()).await.unwrap();
    let looks = world.vault.looks(&citizen, asha.person(), 2).await.unwrap();
    // She showed no document: its key was not asked for.
    let opened = [Field::Name, Field::BirthYear, Field::Gender, Field::Reference, Field::Comorbidity];
    assert_eq!(looks.looks[1].fields, opened);
    assert_eq!(looks.looks[0].fields, [], "the list of looks opens no field");
}
