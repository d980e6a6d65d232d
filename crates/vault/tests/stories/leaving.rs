//! Leaving: what goes, what the law holds, and how an auditor is told why entries cannot be opened.

use crate::log::{mirrored, policy_of};
use crate::world::{DAY_MS, World, last_six, person};
use keyroom::{Root, hold};
use ledger::erasure::Erasure;
use ledger::leaf::tag_of;
use ledger::{Entry, Field, Kind, Leaf, Opening};
use registry::PersonId;
use store::Reader;
use store::command::{Command, Erase, Explained};
use store::hold::HoldFile;
use vault::{Card, Channel, CodeFor, Effect, Evidence, Refusal, Refused, Standing, Vault};

const PHONE: &str = "9876543210";

/// She leaves, with the code that her phone gets.
pub(crate) async fn leaves(world: &World, token: &str, person: PersonId) {
    let citizen = world.citizen(token).await;
    world.pass(60_001);
    let transaction = world.vault.send_fresh_code(&citizen, person, CodeFor::Leaving, "en").await.unwrap();
    let code = world.arrived(PHONE).await;
    assert_eq!(code.len(), 8, "what cannot be undone has a long code");
    world.vault.leave(&citizen, person, transaction, &code).await.unwrap();
}

fn held(world: &World, person: PersonId) -> Option<hold::Held> {
    let row = HoldFile::open(world.folder()).unwrap().find(person).unwrap()?;
    let field =
        |(field, version, key): (u8, u32, Vec<u8>)| (Opening { field: Field::from_wire(field).unwrap(), version }, key);
    let fields = row.fields.into_iter().map(field).collect();
    Some(hold::Held { person: *person.bytes(), tag: row.tag, fields, followed: row.followed, until_ms: row.until_ms })
}

#[tokio::test]
async fn who_leaves_after_a_dose_is_gone_and_her_dose_is_a_number() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let citizen = world.citizen(&token).await;
    let grant = citizen.grant(asha.person()).unwrap();
    let certified = world.vault.certify(&citizen, &grant, asha.person()).await.unwrap();
    let (id, version) = (certified.certificate.id, certified.certificate.version);
    let sealed = world.store.read({
        let person = asha.person();
        move |store| store.person(person)
    });
    let sealed = sealed.await.unwrap().unwrap().fields;
    leaves(&world, &token, asha.person()).await;

    // Nothing opens: not with the grant she held, not with the keys, not by her reference, card or phone.
    assert!(world.keys().find(asha.person()).unwrap().is_none());
    assert!(world.vault.disclose::<Card>(&citizen, &grant, asha.person()).await.is_err());
    assert!(world.vault.certify(&citizen, &grant, asha.person()).await.is_err());
    assert_eq!(world.citizen(&token).await.members(), []);
    let meera = world.staff("meera").await;
    let outcome = world.vault.check_in(&meera, world.session, &asha.reference, &Evidence::Code("1234".into())).await;
    assert_eq!(outcome.unwrap_err(), Refused::NotFound);
    assert!(world.signs_in(PHONE).await.is_new, "her phone is nobody's");
    // The dose stays counted, and the certificate she took along still verifies.
    let doses: u32 = world
        .store
        .read(|s| s.tallies(None, crate::world::DAY, crate::world::DAY))
        .await
        .unwrap()
        .iter()
        .map(|t| t.doses)
        .sum();
    assert_eq!(doses, 1);
    assert_eq!(world.vault.standing(id, version).await.unwrap(), Standing::Current);
    // Lists of the day still come, without her.
    world.vault.session_list(&meera, world.session).await.unwrap();

    // The hold has exactly four fields, openable with its root and the file in hand, and with nothing else.
    let hers = held(&world, asha.person()).unwrap();
    let named: Vec<Field> = hers.fields.iter().map(|(opening, _)| opening.field).collect();
    assert_eq!(named, [Field::Name, Field::BirthYear, Field::Gender, Field::Phone]);
    let opened = hold::open(&Root::new(&[7; 32]), &hers).unwrap();
    assert!(hold::open(&Root::new(&[8; 32]), &hers).is_none());
    for (opening, key) in &opened.fields {
        let row = sealed.iter().find(|row| row.field == opening.field.wire()).unwrap();
        let plain = open_field(key.bytes(), asha.person(), *opening, &row.body).unwrap();
        let expected = match opening.field {
            Field::Name => "Asha Devi",
            Field::BirthYear => "1983",
            Field::Phone => PHONE,
            _ => "2",
        };
        assert_eq!(plain, expected);
    }
    // What is not held lies nowhere any more.
    let person = asha.person();
    for row in sealed.iter().filter(|row| !named.iter().any(|field| field.wire() == row.field)) {
        let (field, version) = (row.field, row.version);
        assert!(world.store.read(move |store| store.sealed(person, field, version)).await.unwrap().is_none());
    }
}

/// As the vault seals a field: AES-256-GCM-SIV under a key of its own, bound to person, field and version.
fn open_field(key: &[u8; 32], person: PersonId, opening: Opening, body: &[u8]) -> Option<String> {
    use aes_gcm_siv::aead::{Aead, Payload};
    use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};
    let aad = [b"sealed".as_slice(), person.bytes(), &[opening.field.wire()], &opening.version.to_be_bytes()].concat();
    let cipher = Aes256GcmSiv::new_from_slice(key).unwrap();
    let plain = cipher.decrypt(&Nonce::from([0; 12]), Payload { msg: body, aad: &aad }).ok()?;
    String::from_utf8(plain).ok()
}

#[tokio::test]
async fn the_hold_is_swept_when_its_year_is_over() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    leaves(&world, &token, asha.person()).await;
    let person = asha.person();
    world.pass(365 * DAY_MS);
    world.vault.sweep().await.unwrap();
    assert!(held(&world, person).is_some(), "a year has its leap day");
    world.pass(2 * DAY_MS);
    world.vault.sweep().await.unwrap();
    assert!(held(&world, person).is_none());
    assert!(world.store.read(move |store| store.sealed(person, 0, 1)).await.unwrap().is_none());
    let doses = world.store.read(Reader::leavers).await.unwrap();
    assert_eq!(doses, []);
}

#[tokio::test]
async fn who_has_no_dose_leaves_no_field_behind() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi Kumar", 1950)).await.unwrap();
    leaves(&world, &token, ravi.person()).await;
    assert_eq!(world.citizen(&token).await.members(), [asha.person()]);
    assert_eq!(held(&world, ravi.person()).unwrap().fields, []);
    let gone = ravi.person();
    assert!(world.store.read(move |store| store.sealed(gone, 0, 1)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_code_is_for_one_person_one_act_and_one_phone() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi Kumar", 1950)).await.unwrap();
    let (other, _) = world.family("9876543211", "Sita").await;
    let (citizen, stranger) = (world.citizen(&token).await, world.citizen(&other).await);
    let refused = world.vault.send_fresh_code(&stranger, asha.person(), CodeFor::Leaving, "en").await;
    assert_eq!(refused.err(), Some(Refused::NotFound));
    let transaction = world.vault.send_fresh_code(&citizen, asha.person(), CodeFor::Leaving, "en").await.unwrap();
    let code = world.arrived(PHONE).await;
    let leave = async |who, person, code: &str| world.vault.leave(who, person, transaction, code).await.unwrap_err();
    assert_eq!(leave(&citizen, ravi.person(), &code).await, Refusal::CodeGone.into(), "another member");
    assert_eq!(leave(&stranger, asha.person(), &code).await, Refused::NotFound);
    let wrong = if code == "00000000" { "11111111" } else { "00000000" };
    assert_eq!(leave(&citizen, asha.person(), wrong).await, Refused::Wrong { left: 2 });
    // A code to take data along erases nobody.
    world.pass(60_001);
    let download = world.vault.send_fresh_code(&citizen, asha.person(), CodeFor::Download, "en").await.unwrap();
    let code = world.arrived(PHONE).await;
    let used = world.vault.leave(&citizen, asha.person(), download, &code).await;
    assert_eq!(used.unwrap_err(), Refusal::CodeGone.into());
    assert_eq!(citizen.members().len(), 2);
    assert_eq!(world.count(Kind::Erase).await, 0);
}

/// The published log's size, its text, and its leaves.
async fn published(vault: &Vault) -> (String, u64) {
    let fresh = vault.fresh_checkpoint().await.unwrap();
    let (text, size) = (fresh.note.text.clone(), fresh.size);
    assert!(vault.publish(fresh, Vec::new()).await.unwrap());
    (text, size)
}

/// What the erasure at a position says to everyone.
async fn said(vault: &Vault, position: u64) -> Erasure {
    let file = vault.log_file(&format!("opening/{position}"), None).await.unwrap().bytes;
    let opening: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let entry = data_encoding::BASE64.decode(opening["entry"].as_str().unwrap().as_bytes()).unwrap();
    Erasure::from_cbor(&Entry::from_cbor(&entry).unwrap().statement).unwrap()
}

/// Opens what is drawn, and checks of each entry that it is opened or explained; answers how many were explained.
pub(crate) async fn all_opened_or_explained(world: &World, vault: &Vault) -> usize {
    let (text, _) = published(vault).await;
    let (_, leaves) = mirrored(&world.folder().join("log"), &policy_of(vault));
    let credential = vault.auditor_credential("Court of Audit");
    let mut explained = 0;
    for nonce in 0..6 {
        for one in vault.open_drawn(Some(&credential), &text, &[nonce; 32], 64).await.unwrap() {
            let leaf = leaves[usize::try_from(one.position).unwrap()];
            match (one.opening, one.erased) {
                (Some((salt, entry)), None) => {
                    assert_eq!(ledger::leaf::commitment(&salt, &entry), Leaf::decode(&leaf).unwrap().commit);
                }
                (None, Some((erasure, proof))) => {
                    proof.check(&tag_of(&leaf), &said(vault, erasure).await).unwrap();
                    assert!(proof.check(&[1; 32], &said(vault, erasure).await).is_err());
                    explained += 1;
                }
                _ => panic!("entry {} is neither opened nor explained", one.position),
            }
        }
    }
    explained
}

#[tokio::test]
async fn every_entry_of_who_left_is_explained_to_an_auditor() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let (_, _) = world.family("9876543211", "Sita").await;
    assert_eq!(all_opened_or_explained(&world, &world.vault).await, 0);
    let count = world.store.read(Reader::threads).await.unwrap();
    let count = count.iter().find(|(person, ..)| *person == asha.person()).unwrap().2;
    let token = world.signs_in(PHONE).await.token;
    leaves(&world, &token, asha.person()).await;
    assert!(all_opened_or_explained(&world, &world.vault).await > 20);
    let (_, leaves) = mirrored(&world.folder().join("log"), &policy_of(&world.vault));
    let at = leaves.iter().position(|leaf| leaf[1] == Kind::Erase.wire()).unwrap();
    let erasure = said(&world.vault, u64::try_from(at).unwrap()).await;
    // Besides those: the audits of hers, her sign-in, the code, and her last.
    assert!(erasure.tags > count + 2, "{} of {count}", erasure.tags);
}

#[tokio::test]
async fn keys_that_could_not_be_destroyed_at_once_are_destroyed_by_the_sweeper() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let person = asha.person();
    // A process died between her rows and her keys.
    let row = world.store.read(move |store| store.person(person)).await.unwrap().unwrap();
    let explained = Explained { tags: vec![[1; 32]], blind: [2; 32] };
    let until_ms = world.vault.now_ms() + 366 * DAY_MS;
    let erase = Erase { person, by: None, explained, held: vec![(0, row.fields[0].version)], until_ms };
    let command = Command { by: None, once: None, entries: Vec::new(), effect: Effect::Erase(Box::new(erase)) };
    world.store.apply(command).await.unwrap();
    assert!(world.keys().find(person).unwrap().is_some());
    world.reopened().sweep().await.unwrap();
    assert!(world.keys().find(person).unwrap().is_none());
    assert_eq!(held(&world, person).unwrap().fields.len(), 1);
    assert_eq!(world.store.read(Reader::leavers).await.unwrap(), []);
}

#[tokio::test]
async fn who_left_does_not_come_back_with_an_older_copy_of_the_data() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let (other, sita) = world.family("9876543211", "Sita").await;
    published(&world.vault).await;
    let old = world.data();
    let token = world.signs_in(PHONE).await.token;
    leaves(&world, &token, asha.person()).await;
    published(&world.vault).await;
    drop(other);

    let back = world.restored(old);
    let person = asha.person();
    assert!(back.store.read(move |store| store.person(person)).await.unwrap().is_some(), "the copy knows her");
    back.vault.begin_log().await.unwrap();
    assert!(back.store.read(move |store| store.person(person)).await.unwrap().is_none());
    let held = back.store.read(move |store| store.held_fields(person)).await.unwrap();
    assert_eq!(held.len(), 4, "what the law holds is held on");
    assert!(back.signs_in(PHONE).await.is_new);
    // Her entries are still explained; and whoever did not leave is there.
    let token = back.signs_in("9876543211").await.token;
    assert_eq!(back.citizen(&token).await.members(), [sita.person()]);
    assert!(all_opened_or_explained(&back, &back.vault).await > 20);
}

#[tokio::test]
async fn the_last_six_of_who_left_prove_nothing() {
    let world = World::new().await;
    let (token, asha) = world.family(PHONE, "Asha Devi").await;
    leaves(&world, &token, asha.person()).await;
    let citizen = world.citizen(&world.signs_in(PHONE).await.token).await;
    let proof = world.vault.confirm_member(&citizen, asha.person(), &last_six(&asha.reference)).await;
    assert_eq!(proof.unwrap_err(), Refused::NotFound);
    assert!(world.vault.caller(&token, Channel::Page).await.is_ok(), "the sign-in that did it goes on");
}
