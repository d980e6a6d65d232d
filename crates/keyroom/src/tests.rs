//! Every way to ask for too much is refused by name.

use super::*;
use ledger::{Channel, Entry, Field, GrantKind, Kind, Purpose, actor_tag, subject_tag};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

#[derive(Default)]
struct Drawer {
    keys: Mutex<HashMap<Person, Wrapped>>,
    spent: Mutex<HashSet<u64>>,
}

impl Shelf for Drawer {
    async fn enrol(&self, person: Person, keys: Wrapped, _: i64) -> Result<(), Refused> {
        self.keys.lock().unwrap().insert(person, keys);
        Ok(())
    }
    async fn find(&self, person: Person) -> Result<Wrapped, Refused> {
        self.keys.lock().unwrap().get(&person).cloned().ok_or(Refused::NoKeys)
    }
    async fn spend(&self, positions: Vec<(u64, u16)>, _: i64) -> Result<Vec<bool>, Refused> {
        Ok(positions.iter().map(|(position, _)| self.spent.lock().unwrap().insert(*position)).collect())
    }
    async fn erase(&self, person: Person) -> Result<(), Refused> {
        self.keys.lock().unwrap().remove(&person);
        Ok(())
    }
}

const NOW: i64 = 1_763_865_000_000;
const HER: Person = [1; 16];
const NAME: Opening = Opening { field: Field::Name, version: 1 };
const YEAR: Opening = Opening { field: Field::BirthYear, version: 1 };

fn room() -> KeyRoom<Drawer> {
    let counter = Mutex::new(0_u8);
    let random: Random = Arc::new(move |bytes| {
        let mut counter = counter.lock().unwrap();
        *counter = counter.wrapping_add(1);
        bytes.fill(*counter);
    });
    KeyRoom::new(Root::new(&[9; 32]), Drawer::default(), random)
}

fn entry(kind: Kind) -> Entry {
    Entry {
        at_ms: NOW,
        request: [2; 16],
        kind,
        grant: GrantKind::CitizenOtp,
        evidence: [3; 16],
        actor: "self".into(),
        organisation: String::new(),
        role: "citizen".into(),
        purpose: Purpose::Family,
        openings: vec![NAME],
        channel: Channel::Api,
        build: "test".into(),
        statement: Vec::new(),
    }
}

fn receipt(entry: &Entry, tag_key: &TagKey, count: u64, wanted: Vec<Wanted>) -> Receipt {
    let salt = [4; 32];
    let leaf = entry.leaf(0, subject_tag(tag_key, count), actor_tag(&TagKey([5; 32]), b"self"), &salt).encode();
    Receipt { position: 7, leaf, salt, entry: entry.to_cbor(), subject: Some((HER, count)), wanted }
}

fn wanted(opening: Opening, salt: [u8; 16]) -> Vec<Wanted> {
    vec![Wanted { opening, salt }]
}

async fn asked(room: &KeyRoom<Drawer>, receipt: Receipt, now_ms: i64) -> Result<Vec<FieldKey>, Refused> {
    room.release(&[receipt], now_ms).await.remove(0)
}

#[tokio::test]
async fn a_receipt_releases_exactly_the_sealing_key_and_once() {
    let room = room();
    let tag = room.enrol(HER, NOW).await.unwrap();
    let sealing = room.sealing_keys(HER, &[NAME]).await.unwrap().remove(0);
    let good = receipt(&entry(Kind::Reveal), &tag, 1, wanted(NAME, sealing.salt));
    let keys = asked(&room, good.clone(), NOW + 1000).await.unwrap();
    assert_eq!(keys[0].bytes(), sealing.key.bytes());
    assert_eq!(asked(&room, good, NOW + 1000).await.err(), Some(Refused::Replayed));
}

#[tokio::test]
async fn too_much_is_refused_by_name() {
    let room = room();
    let tag = room.enrol(HER, NOW).await.unwrap();
    let want = wanted(NAME, [0; 16]);
    let plain = entry(Kind::Reveal);
    let mut narrower = receipt(&plain, &tag, 1, wanted(YEAR, [0; 16]));
    let mut forged = receipt(&plain, &tag, 1, want.clone());
    forged.entry = Entry { purpose: Purpose::Dose, ..plain.clone() }.to_cbor();
    narrower.position = 8;
    let other = TagKey([8; 32]);
    let cases = [
        ("wider fields", narrower, NOW, Refused::WiderThanEntry),
        ("forged opening", forged, NOW, Refused::WrongOpening),
        ("wrong subject", receipt(&plain, &other, 1, want.clone()), NOW, Refused::WrongSubject),
        ("a write releases nothing", receipt(&entry(Kind::Write), &tag, 1, want.clone()), NOW, Refused::WrongKind),
        ("too late", receipt(&plain, &tag, 1, want.clone()), NOW + 30_001, Refused::Expired),
        ("too early", receipt(&plain, &tag, 1, want.clone()), NOW - 5_001, Refused::Expired),
    ];
    for (case, receipt, now_ms, refused) in cases {
        assert_eq!(asked(&room, receipt, now_ms).await.err(), Some(refused), "{case}");
    }
    let mut wrong_count = receipt(&plain, &tag, 1, want);
    wrong_count.subject = Some((HER, 2));
    assert_eq!(asked(&room, wrong_count, NOW).await.err(), Some(Refused::WrongSubject));
}

#[tokio::test]
async fn index_values_need_a_look_up() {
    let room = room();
    let tag = room.enrol(HER, NOW).await.unwrap();
    let look = receipt(&entry(Kind::Lookup), &tag, 1, Vec::new());
    let values = room.index(&look, &[(Index::Phone, b"98"), (Index::Reference, b"98")], NOW).await.unwrap();
    assert_ne!(values[0], values[1], "kinds never meet");
    assert_eq!(room.index(&look, &[(Index::Phone, b"98")], NOW).await, Err(Refused::Replayed));
    let shown = receipt(&entry(Kind::Reveal), &tag, 2, Vec::new());
    assert_eq!(room.index(&shown, &[(Index::Phone, b"98")], NOW).await, Err(Refused::WrongKind));
}

#[tokio::test]
async fn what_was_erased_stays_shut() {
    let room = room();
    let tag = room.enrol(HER, NOW).await.unwrap();
    room.erase(HER).await.unwrap();
    let late = receipt(&entry(Kind::Reveal), &tag, 1, wanted(NAME, [0; 16]));
    assert_eq!(asked(&room, late, NOW).await.err(), Some(Refused::NoKeys));
}
