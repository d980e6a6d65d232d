//! What every world must hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::civil::{Date, date};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use super::scan::{Scanner, encodings};
use super::{Role, World, documents, names, places};

const DAY: Date = date(2026, 11, 22);

fn world() -> World {
    World::generate(7, DAY, 3000)
}

#[test]
fn geography_is_that_of_the_shared_vectors() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/geography/districts.json");
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("no shared vectors beside the repository: geography is not compared");
        return;
    };
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let world = world();
    let states: BTreeSet<_> = rows
        .iter()
        .map(|row| (&row["state_id"], &row["state_name"]))
        .map(|(id, name)| (id.as_u64().unwrap(), name.as_str().unwrap()))
        .collect();
    let ours = world.states.iter().map(|state| (u64::from(state.id), state.name)).collect();
    assert_eq!(states, ours);
    for district in &world.districts {
        let row = rows.iter().find(|row| row["district_id"] == district.id).unwrap();
        assert_eq!(row["district_name"], district.name);
        assert_eq!(row["state_id"], district.state_id);
    }
}

#[test]
fn there_are_all_states_and_some_fifty_districts() {
    let world = world();
    let ids: Vec<_> = world.states.iter().map(|state| state.id).collect();
    assert_eq!(ids, (1..=37).collect::<Vec<_>>());
    let used: BTreeSet<_> = world.districts.iter().map(|district| district.state_id).collect();
    assert!(world.districts.len() >= 50 && used.len() >= 15);
    for id in [363, 395] {
        assert!(world.districts.iter().any(|district| district.id == id));
    }
}

#[test]
fn centres_stand_in_india_with_a_pin() {
    let world = world();
    for centre in &world.centres {
        assert!((100_000..=999_999).contains(&centre.pincode));
        assert!((6.5..=37.1).contains(&centre.latitude), "{}", centre.name);
        assert!((68.1..=97.4).contains(&centre.longitude), "{}", centre.name);
        assert!(!centre.name.contains('{') && !centre.name_hi.contains('{'));
    }
    let ids: BTreeSet<_> = world.centres.iter().map(|centre| centre.id).collect();
    assert_eq!(ids.len(), world.centres.len());
    for district in 0..world.districts.len() {
        let count = world.centres.iter().filter(|centre| centre.district == district).count();
        assert!((2..=4).contains(&count));
    }
}

#[test]
fn every_place_is_near_the_others_of_its_district() {
    for place in places::places() {
        for other in places::places().iter().filter(|other| other.district_id == place.district_id) {
            let away = (place.latitude - other.latitude).hypot(place.longitude - other.longitude);
            assert!(away < 1.0, "{} and {} are {away} degrees apart", place.name, other.name);
            assert_eq!(place.pincode / 100_000, other.pincode / 100_000);
        }
    }
}

#[test]
fn one_seed_makes_one_world() {
    let (one, same, other) = (world(), world(), World::generate(8, DAY, 3000));
    assert_eq!(one.centres, same.centres);
    assert_eq!(one.sessions, same.sessions);
    assert_eq!(one.batches, same.batches);
    assert_eq!(one.staff, same.staff);
    assert!(one.people().eq(same.people()));
    assert_ne!(one.sessions, other.sessions);
    assert!(one.people().zip(other.people()).all(|(mine, yours)| mine.phone != yours.phone));
}

#[test]
fn a_phone_belongs_to_one_family_of_one_to_four() {
    let mut families: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    let mut sizes: BTreeMap<u64, usize> = BTreeMap::new();
    for person in world().people() {
        assert_eq!(person.phone.len(), 10);
        assert!(b"6789".contains(&person.phone.as_bytes()[0]));
        families.entry(person.phone).or_default().insert(person.family);
        *sizes.entry(person.family).or_default() += 1;
    }
    assert!(families.values().all(|family| family.len() == 1));
    assert_eq!(sizes.values().copied().collect::<BTreeSet<_>>(), BTreeSet::from([1, 2, 3, 4]));
}

#[test]
fn documents_have_the_form_of_their_kind() {
    assert_eq!(documents::verhoeff("236"), 3);
    assert_eq!(documents::verhoeff("12345"), 1);
    let mut numbers = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for person in world().people() {
        let number = person.document.number;
        if person.document.kind == 1 {
            assert_eq!(number.len(), 12);
            assert!(number.as_bytes()[0] >= b'2');
            assert_eq!(documents::verhoeff(&number[..11]), number.as_bytes()[11] - b'0');
        }
        let length = match person.document.kind {
            1 => 12,
            2 => 15,
            8 => 8,
            6 | 12 => 10,
            other => panic!("kind {other} is not made here"),
        };
        assert_eq!(number.len(), length);
        kinds.insert(person.document.kind);
        assert!(numbers.insert((person.document.kind, number)));
    }
    assert_eq!(kinds, BTreeSet::from([1, 2, 6, 8, 12]));
}

#[test]
fn names_are_whole_and_normalised() {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let clean = |name: &str| !name.is_empty() && name.trim() == name && nfc.is_normalized(name);
    assert!(names::all().all(clean));
    let world = world();
    assert!(world.people().all(|person| clean(&person.name)));
    assert!(world.staff.iter().all(|member| clean(&member.name)));
    for table in [
        include_str!("../../data/states.csv"),
        include_str!("../../data/districts.csv"),
        include_str!("../../data/places.csv"),
        include_str!("../../data/centres.csv"),
        include_str!("../../data/roads.csv"),
    ] {
        assert!(nfc.is_normalized(table));
    }
    let all: Vec<_> = world.people().map(|person| person.name).collect();
    for shape in [" ", "'", "-", ". "] {
        assert!(all.iter().any(|name| name.contains(shape)), "no name with {shape:?}");
    }
    assert!(all.iter().any(|name| !name.contains(' ')));
}

#[test]
fn histories_fit_their_sessions() {
    let world = world();
    let (mut none, mut one, mut two, mut today) = (0, 0, 0, 0);
    let mut taken: BTreeMap<(usize, u8), u32> = BTreeMap::new();
    let mut slots: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for person in world.people() {
        for (nth, session) in (1..).zip(&person.history.doses) {
            let plan = &world.sessions[*session];
            assert!(plan.date < DAY && plan.admits(plan.date.year() - person.birth_year));
            assert_eq!(world.centres[plan.centre].district, person.district);
            *taken.entry((*session, nth)).or_default() += 1;
        }
        if let [first, second] = person.history.doses[..] {
            let (first, second) = (&world.sessions[first], &world.sessions[second]);
            assert_eq!(first.vaccine, second.vaccine);
            let days = (second.date - first.date).get_days();
            assert!(i64::from(days) >= first.vaccine.gap_days());
        }
        if let Some(booking) = person.history.booking {
            let plan = &world.sessions[booking.session];
            assert!(plan.date >= DAY && plan.admits(plan.date.year() - person.birth_year));
            assert_eq!(usize::from(booking.dose), person.history.doses.len() + 1);
            *taken.entry((booking.session, booking.dose)).or_default() += 1;
            *slots.entry((booking.session, booking.slot)).or_default() += 1;
            today += usize::from(plan.date == DAY);
        }
        match person.history.doses.len() {
            0 => none += 1,
            1 => one += 1,
            _ => two += 1,
        }
    }
    assert!(none > 300 && one > 300 && two > 300 && today > 50, "{none} {one} {two} {today}");
    for ((session, dose), count) in taken {
        let capacity = world.sessions[session].capacity;
        assert!(count <= if dose == 1 { capacity.dose1 } else { capacity.dose2 });
    }
    for ((session, _), count) in slots {
        let plan = &world.sessions[session];
        assert!(count * 4 <= plan.capacity.dose1.min(plan.capacity.dose2));
    }
}

#[test]
fn the_sound_batch_of_a_session_is_its_own() {
    let world = world();
    for session in &world.sessions {
        let batch = &world.batches[session.batch];
        assert_eq!((batch.centre, batch.vaccine), (session.centre, session.vaccine));
        assert!(!batch.stopped && batch.expiry >= session.date);
    }
    assert_eq!(world.batches.iter().filter(|batch| batch.stopped).count(), 1);
    assert_eq!(world.batches.iter().filter(|batch| batch.expiry < DAY).count(), 1);
    let numbers: BTreeSet<_> = world.batches.iter().map(|batch| &batch.number).collect();
    assert_eq!(numbers.len(), world.batches.len());
}

#[test]
fn every_session_has_a_vaccinator_and_every_role_somebody() {
    let world = world();
    let rostered: BTreeSet<_> = world.staff.iter().flat_map(|member| &member.roster).collect();
    assert_eq!(rostered.len(), world.sessions.len());
    for role in [Role::Manager, Role::Vaccinator, Role::ColdChainHandler, Role::Auditor, Role::Operator, Role::Officer]
    {
        assert!(world.staff.iter().any(|member| member.role == role));
    }
    let logins: BTreeSet<_> = world.staff.iter().map(|member| member.login.as_str()).collect();
    assert_eq!(logins.len(), world.staff.len());
    assert!(logins.contains("vaccinator.pune.1") && logins.contains("manager.maharashtra"));
}

#[test]
fn the_last_of_a_million_is_as_cheap_as_the_first() {
    let world = World::generate(7, DAY, 1_000_000);
    let last = world.person(999_999);
    assert_eq!(last.index, 999_999);
    assert_eq!(last.family, 399_999);
    assert_ne!(last.phone, world.person(0).phone);
}

#[test]
fn the_scanner_finds_every_encoding_of_every_secret() {
    let world = world();
    let people: Vec<_> = world.people().take(200).collect();
    let scanner = Scanner::new(people.iter().flat_map(super::PersonPlan::secrets)).unwrap();
    let mut used = BTreeSet::new();
    for person in &people {
        for secret in person.secrets().iter().filter(|secret| secret.text.len() >= 6) {
            for (encoding, pattern) in encodings(&secret.text) {
                if pattern.len() < 6 {
                    continue;
                }
                let planted = [b"(\x00", pattern.as_slice(), b"\xff)"].concat();
                let hits = scanner.scan(&planted);
                let found = hits.iter().any(|hit| hit.what == secret.what && hit.offset <= 2);
                assert!(found, "{} {encoding}", secret.text);
                used.insert(encoding);
            }
        }
    }
    assert_eq!(used.len(), 21, "{used:?}");
}

#[test]
fn base64_is_found_at_any_offset_in_a_longer_text() {
    let world = world();
    let person = world.person(0);
    let scanner = Scanner::new(person.secrets()).unwrap();
    for before in 0..6 {
        let text = [&b"abcdefgh"[..before], person.phone.as_bytes(), b"tail"].concat();
        let hits = scanner.scan(data_encoding::BASE64.encode(&text).as_bytes());
        assert_eq!(hits.iter().map(|hit| hit.what).collect::<Vec<_>>(), ["phone"]);
    }
    let dressed = format!("tel:+91{}", person.phone);
    assert_eq!(scanner.scan(dressed.as_bytes())[0].encoding, "utf-8");
}

#[test]
fn chance_finds_nobody() {
    let secrets = world().people().take(1000).flat_map(|person| person.secrets()).collect::<Vec<_>>();
    let scanner = Scanner::new(secrets).unwrap();
    let mut noise = vec![0; 20 << 20];
    ChaCha8Rng::seed_from_u64(1).fill_bytes(&mut noise);
    assert_eq!(scanner.scan(&noise), []);
}

#[test]
fn public_text_of_the_world_names_nobody() {
    let world = world();
    let scanner = Scanner::new(world.people().flat_map(|person| person.secrets())).unwrap();
    let public = format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}",
        world.states, world.districts, world.centres, world.sessions, world.batches, world.staff
    );
    assert_eq!(scanner.scan(public.as_bytes()), []);
}
