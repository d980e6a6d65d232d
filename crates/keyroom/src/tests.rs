//! Every way to ask for too much is refused by name.

mod frames;
mod grounds;
mod keeping;
mod orders;

use super::*;
use ledger::Fields;
use ledger::checkpoint::Checkpoint;
use ledger::consent::Terms;
use ledger::note::{Algorithm, Note};
use ledger::tree::{self, Completed, Edge, Hash, Subtrees, consistency_proof, inclusion_proof, leaf_hash};
use ledger::witness::{Request, Seen};
use ledger::{Channel, Entry, Field, GrantKind, Kind, LEAF_BYTES, Purpose, actor_tag, subject_tag};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

#[derive(Default)]
struct Drawer {
    keys: std::sync::Mutex<HashMap<Person, Wrapped>>,
    followed: std::sync::Mutex<HashMap<Person, u64>>,
    consented: std::sync::Mutex<HashSet<Consented>>,
    spent: std::sync::Mutex<BTreeMap<u64, u16>>,
    seen: std::sync::Mutex<Option<Seen>>,
    held: std::sync::Mutex<HashMap<Person, hold::Held>>,
    is_full: std::sync::atomic::AtomicBool,
    /// Whoever is enrolled waits for it before she is in the drawer.
    slow: std::sync::Mutex<Option<Arc<tokio::sync::Notify>>>,
}

impl Shelf for Drawer {
    async fn enrol(&self, person: Person, keys: Wrapped, _: i64) -> Result<(), Refused> {
        let slow = self.slow.lock().unwrap().take();
        if let Some(slow) = slow {
            slow.notified().await;
        }
        self.keys.lock().unwrap().insert(person, keys);
        Ok(())
    }
    async fn find(&self, person: Person) -> Result<Kept, Refused> {
        let keys = self.keys.lock().unwrap().get(&person).cloned().ok_or(Refused::NoKeys)?;
        Ok(Kept { keys, followed: self.followed.lock().unwrap().get(&person).copied().unwrap_or(0) })
    }
    async fn seen(&self) -> Result<Option<Seen>, Refused> {
        Ok(*self.seen.lock().unwrap())
    }
    async fn looks_beside(&self, look: Consented) -> Result<u8, Refused> {
        let beside = |one: &&Consented| {
            (one.person, one.consent) == (look.person, look.consent) && one.position != look.position
        };
        Ok(u8::try_from(self.consented.lock().unwrap().iter().filter(beside).count()).unwrap())
    }
    async fn note(&self, exchange: Exchange) -> Result<Vec<bool>, Refused> {
        if self.is_full.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(Refused::Shelf);
        }
        *self.seen.lock().unwrap() = exchange.seen;
        self.followed.lock().unwrap().extend(exchange.followed);
        self.consented.lock().unwrap().extend(exchange.consented);
        let mut spent = self.spent.lock().unwrap();
        let mut spend = |(position, keys): &(u64, u16)| match spent.entry(*position) {
            Place::Vacant(free) => free.insert(*keys) == keys,
            Place::Occupied(_) => false,
        };
        Ok(exchange.spent.iter().map(&mut spend).collect())
    }
    async fn released(&self) -> Result<u64, Refused> {
        Ok(self.spent.lock().unwrap().values().map(|keys| u64::from(*keys)).sum())
    }
    async fn released_between(&self, from: u64, to: u64) -> Result<Vec<(u64, u16)>, Refused> {
        Ok(self.spent.lock().unwrap().range(from..to).map(|(position, keys)| (*position, *keys)).collect())
    }
    async fn erase(&self, person: Person) -> Result<(), Refused> {
        self.keys.lock().unwrap().remove(&person);
        Ok(())
    }
    async fn made_between(&self, _: i64, _: i64) -> Result<Vec<Person>, Refused> {
        Ok(self.keys.lock().unwrap().keys().copied().collect())
    }
    async fn forget_spent(&self, _: i64) -> Result<(), Refused> {
        Ok(())
    }
    async fn page(&self, after: Option<Person>, many: u32) -> Result<Vec<(Person, Wrapped)>, Refused> {
        let keys = self.keys.lock().unwrap();
        let mut page: Vec<_> = keys.iter().map(|(person, keys)| (*person, keys.clone())).collect();
        page.retain(|(person, _)| after.is_none_or(|after| *person > after));
        page.sort_by_key(|(person, _)| *person);
        page.truncate(many as usize);
        Ok(page)
    }
    async fn rewrap(&self, keys: Vec<(Person, Wrapped, Wrapped)>) -> Result<(), Refused> {
        self.keys.lock().unwrap().extend(keys.into_iter().map(|(person, _, new)| (person, new)));
        Ok(())
    }
    async fn gone(&self) -> Result<Vec<Person>, Refused> {
        Ok(Vec::new())
    }
    async fn copy(&self, _: &str) -> Result<(), Refused> {
        Ok(())
    }
    async fn hold(&self, held: hold::Held) -> Result<(), Refused> {
        if self.is_full.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(Refused::Shelf);
        }
        self.held.lock().unwrap().insert(held.person, held);
        Ok(())
    }
    async fn held(&self, person: Person) -> Result<Option<hold::Held>, Refused> {
        Ok(self.held.lock().unwrap().get(&person).cloned())
    }
    async fn follow_held(&self, person: Person, count: u64) -> Result<(), Refused> {
        if let Some(held) = self.held.lock().unwrap().get_mut(&person) {
            held.followed = held.followed.max(count);
        }
        Ok(())
    }
    async fn end_hold(&self, person: Person) -> Result<(), Refused> {
        self.held.lock().unwrap().remove(&person);
        Ok(())
    }
}

const NOW: i64 = 1_763_865_000_000;
const HER: Person = [1; 16];
const NAME: Opening = Opening { field: Field::Name, version: 1 };
const YEAR: Opening = Opening { field: Field::BirthYear, version: 1 };
const SALT: [u8; 32] = [4; 32];

/// A log that anything can be put into.
struct Log {
    key: Signer,
    leaves: Vec<[u8; LEAF_BYTES]>,
    edge: Edge,
    subtrees: Vec<Completed>,
}

impl Subtrees for Log {
    type Error = Infallible;
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        let is_it = |one: &&Completed| (one.level, one.index) == (level, index);
        Ok(self.subtrees.iter().find(is_it).expect("the tree is large enough").hash)
    }
}

impl Log {
    fn new() -> Self {
        let key = Signer::new("log.example", Algorithm::Ed25519, &[5; 32]).unwrap();
        Self { key, leaves: Vec::new(), edge: Edge::default(), subtrees: Vec::new() }
    }

    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn push(&mut self, leaf: [u8; LEAF_BYTES]) -> u64 {
        self.subtrees.extend(self.edge.push(leaf_hash(&leaf)));
        self.leaves.push(leaf);
        self.size() - 1
    }

    /// Puts an entry under a tag of this key.
    fn enter(&mut self, entry: &Entry, tag_key: &TagKey, count: u64) -> u64 {
        let tags = (subject_tag(tag_key, count), actor_tag(&TagKey([5; 32]), b"self"));
        self.push(entry.leaf(0, tags.0, tags.1, &SALT).encode())
    }

    fn shows(&self, old: u64) -> Request {
        let Ok(root) = tree::root(self, self.size());
        let checkpoint = Checkpoint { origin: "log.example".into(), size: self.size(), root, extensions: Vec::new() };
        let text = checkpoint.to_string();
        let Ok(proof) = if old == 0 { Ok(Vec::new()) } else { consistency_proof(self, old, self.size()) };
        Request { old, proof, checkpoint: Note { signatures: vec![self.key.sign(&text, 0)], text } }
    }

    fn proven(&self, position: u64) -> Proven {
        let Ok(inclusion) = inclusion_proof(self, position, self.size());
        Proven { position, leaf: self.leaves[usize::try_from(position).unwrap()], inclusion }
    }

    /// The receipt of an entry that has this count of hers, with the leaves at these positions.
    fn receipt(&self, entry: &Entry, count: u64, positions: &[u64], wanted: Wanted) -> Receipt {
        let leaves = positions.iter().map(|position| self.proven(*position)).collect();
        let ground = Some(self.ground(0, 0, &registration()));
        Receipt {
            salt: SALT,
            entry: entry.to_cbor(),
            subject: Some((HER, count)),
            leaves,
            ground,
            by_order: None,
            wanted,
        }
    }

    fn ground(&self, count: u64, position: u64, entry: &Entry) -> Ground {
        Ground { count, leaf: self.proven(position), salt: SALT, entry: entry.to_cbor() }
    }
}

/// How she came into the log.
fn registration() -> Entry {
    Entry { purpose: Purpose::Register, ..entry(Kind::Write) }
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
        openings: if kind == Kind::Write { Vec::new() } else { vec![NAME] },
        channel: Channel::Api,
        build: "test".into(),
        statement: Vec::new(),
    }
}

fn keys(opening: Opening) -> Wanted {
    Wanted::Keys(vec![(opening, [0; 16])])
}

/// A room with her in it, a log that it follows, and her tag key; her registration is in the log.
async fn room() -> (KeyRoom<Drawer>, Log, TagKey) {
    let counter = std::sync::Mutex::new(0_u8);
    let random: Random = Arc::new(move |bytes| {
        let mut counter = counter.lock().unwrap();
        *counter = counter.wrapping_add(1);
        bytes.fill(*counter);
    });
    let mut log = Log::new();
    let room = KeyRoom::new(Root::new(&[9; 32]), Drawer::default(), random, log.key.verifier().clone());
    let tag = room.enrol(HER, NOW).await.unwrap();
    log.enter(&registration(), &tag, 0);
    (room, log, tag)
}

/// What the room answers to one receipt, under a checkpoint that continues what it has seen.
async fn asked(room: &KeyRoom<Drawer>, log: &Log, receipt: Receipt, now_ms: i64) -> Result<Released, Refused> {
    let old = room.shelf.seen.lock().unwrap().map_or(0, |seen| seen.size);
    room.exchange(&log.shows(old), &[receipt], now_ms).await.map(|(_, mut answers)| answers.remove(0))?
}

#[tokio::test]
async fn a_receipt_releases_exactly_the_sealing_key_and_once() {
    let (room, mut log, tag) = room().await;
    let sealing = room.sealing_keys(HER, &[NAME]).await.unwrap().remove(0);
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let good = log.receipt(&shown, 1, &[0, at], Wanted::Keys(vec![(NAME, sealing.salt)]));
    let Ok(Released::Keys(keys)) = asked(&room, &log, good.clone(), NOW + 1000).await else { panic!("refused") };
    assert_eq!(keys[0].bytes(), sealing.key.bytes());
    assert_eq!(asked(&room, &log, good, NOW + 1000).await.err(), Some(Refused::Replayed));
}

#[tokio::test]
async fn too_much_is_refused_by_name() {
    let (room, mut log, tag) = room().await;
    let plain = entry(Kind::Reveal);
    let at = log.enter(&plain, &tag, 1);
    let written = log.enter(&entry(Kind::Write), &tag, 2);
    let strange = log.enter(&plain, &TagKey([8; 32]), 1);
    let random = log.push(plain.leaf(0, [0xee; 32], [0; 32], &SALT).encode());
    let told = log.enter(&entry(Kind::Notice), &tag, 3);
    let good = log.receipt(&plain, 1, &[0, at], keys(NAME));
    let not_hers = |position| log.receipt(&plain, 1, &[0, position], keys(NAME));
    let mut unlogged = good.clone();
    unlogged.leaves[1].leaf = plain.leaf(0, subject_tag(&tag, 1), [7; 32], &SALT).encode();
    let mut elsewhere = good.clone();
    elsewhere.leaves[1].position += 1;
    let forged = Receipt { entry: Entry { purpose: Purpose::Dose, ..plain.clone() }.to_cbor(), ..good.clone() };
    let more = Entry { openings: vec![NAME, YEAR], ..plain.clone() };
    let cases = [
        ("wider fields", Receipt { wanted: keys(YEAR), ..good.clone() }, NOW, Refused::WiderThanEntry),
        ("forged opening", forged, NOW, Refused::WrongOpening),
        (
            "more fields than the leaf says",
            Receipt { entry: more.to_cbor(), ..good.clone() },
            NOW,
            Refused::WrongOpening,
        ),
        ("under another person's tag", not_hers(strange), NOW, Refused::WrongSubject),
        ("under a random tag", not_hers(random), NOW, Refused::WrongSubject),
        ("of nobody", Receipt { subject: None, ..good.clone() }, NOW, Refused::WrongKind),
        (
            "a count of hers that is another's",
            Receipt { subject: Some((HER, 2)), ..good.clone() },
            NOW,
            Refused::Behind { count: 0 },
        ),
        ("no leaf", Receipt { leaves: Vec::new(), ..good.clone() }, NOW, Refused::NotIncluded),
        ("without the log", unlogged, NOW, Refused::NotIncluded),
        ("elsewhere in the log", elsewhere, NOW, Refused::NotIncluded),
        ("a skipped counter", log.receipt(&plain, 1, &[at], keys(NAME)), NOW, Refused::Behind { count: 0 }),
        (
            "a write releases nothing",
            log.receipt(&entry(Kind::Write), 2, &[0, at, written], keys(NAME)),
            NOW,
            Refused::WrongKind,
        ),
        (
            "a message needs no name",
            log.receipt(&entry(Kind::Notice), 3, &[0, at, written, told], keys(NAME)),
            NOW,
            Refused::WrongKind,
        ),
        ("too late", good.clone(), NOW + 30_001, Refused::Expired),
        ("too early", good.clone(), NOW - 5_001, Refused::Expired),
        ("nobody's person", Receipt { subject: Some(([7; 16], 1)), ..good.clone() }, NOW, Refused::NoKeys),
    ];
    for (case, receipt, now_ms, refused) in cases {
        assert_eq!(asked(&room, &log, receipt, now_ms).await.err(), Some(refused), "{case}");
    }
    assert!(asked(&room, &log, good, NOW).await.is_ok(), "and nothing of it spent the good one");
}

#[tokio::test]
async fn her_count_is_followed_whole_and_an_earlier_entry_still_has_its_keys() {
    let (room, mut log, tag) = room().await;
    let shown = entry(Kind::Reveal);
    let first = log.enter(&shown, &tag, 1);
    let second = log.enter(&shown, &tag, 2);
    let late = log.receipt(&shown, 2, &[first, second], keys(NAME));
    assert_eq!(asked(&room, &log, late, NOW).await.err(), Some(Refused::Behind { count: 0 }));
    let whole = log.receipt(&shown, 2, &[0, first, second], keys(NAME));
    assert!(asked(&room, &log, whole, NOW).await.is_ok());
    assert_eq!(room.shelf.followed.lock().unwrap()[&HER], 3);
    // Two looks at once: the earlier one arrives after the later one.
    assert!(asked(&room, &log, log.receipt(&shown, 1, &[first], keys(NAME)), NOW).await.is_ok());
    assert_eq!(room.shelf.followed.lock().unwrap()[&HER], 3);
    // Another look under a tag that is taken: hidden behind an entry that she is shown.
    let hidden = log.enter(&shown, &tag, 1);
    let again = log.receipt(&shown, 1, &[hidden], keys(NAME));
    assert_eq!(asked(&room, &log, again, NOW).await.err(), Some(Refused::WrongSubject));
    let late = Entry { at_ms: NOW + 40_000, ..shown };
    let hidden = log.enter(&late, &tag, 2);
    let again = log.receipt(&late, 2, &[hidden], keys(NAME));
    assert_eq!(asked(&room, &log, again, NOW + 40_000).await.err(), Some(Refused::WrongSubject), "also much later");
}

#[tokio::test]
async fn a_tree_that_does_not_continue_the_last_is_refused() {
    let (room, mut log, tag) = room().await;
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let receipt = log.receipt(&shown, 1, &[0, at], keys(NAME));
    let refused = async |request: Request, receipt: Receipt| room.exchange(&request, &[receipt], NOW).await.err();
    let mut unsigned = log.shows(0);
    unsigned.checkpoint.signatures =
        vec![Signer::new("log.example", Algorithm::Ed25519, &[6; 32]).unwrap().sign(&unsigned.checkpoint.text, 0)];
    assert_eq!(refused(unsigned, receipt.clone()).await, Some(Refused::Unbelieved(witness::Refused::NotSigned)));
    let (cosignature, _) = room.exchange(&log.shows(0), &[], NOW).await.unwrap();
    let mut note = log.shows(0).checkpoint;
    note.signatures.push(cosignature);
    assert!(note.vouched_by(room.cosigner()).is_some(), "a cosignature as every witness makes it");

    // A tree for the key room alone: the look is in it, the rest is not what was shown before.
    let mut fork = Log::new();
    fork.enter(&registration(), &tag, 0);
    fork.push([0; LEAF_BYTES]);
    let hidden = fork.enter(&shown, &tag, 1);
    let from_fork = fork.receipt(&shown, 1, &[0, hidden], keys(NAME));
    assert_eq!(refused(fork.shows(2), from_fork).await, Some(Refused::Unbelieved(witness::Refused::Inconsistent)));
    let mut shorter = Log::new();
    shorter.enter(&registration(), &tag, 0);
    let rolled_back = Some(Refused::Unbelieved(witness::Refused::Conflict { size: 2 }));
    assert_eq!(refused(shorter.shows(1), receipt.clone()).await, rolled_back);
    assert!(asked(&room, &log, receipt, NOW).await.is_ok());
}

#[tokio::test]
async fn nothing_goes_out_that_is_not_noted() {
    let (room, mut log, tag) = room().await;
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let receipt = log.receipt(&shown, 1, &[0, at], keys(NAME));
    room.shelf.is_full.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(asked(&room, &log, receipt.clone(), NOW).await.err(), Some(Refused::Shelf));
    room.shelf.is_full.store(false, std::sync::atomic::Ordering::SeqCst);
    assert!(asked(&room, &log, receipt, NOW).await.is_ok());
}

#[tokio::test]
async fn index_values_need_a_look_up() {
    let (room, mut log, _) = room().await;
    let value = |index, text: &[u8]| (index, text.to_vec());
    let both = Wanted::Values(vec![value(Index::Phone, b"98"), value(Index::Reference, b"98")]);
    let receipt = |log: &Log, kind, at, wanted| {
        let leaves = vec![log.proven(at)];
        Receipt {
            salt: SALT,
            entry: entry(kind).to_cbor(),
            subject: None,
            leaves,
            ground: None,
            by_order: None,
            wanted,
        }
    };
    let at = log.push(entry(Kind::Lookup).leaf(0, [0xee; 32], [0; 32], &SALT).encode());
    let shown = log.push(entry(Kind::Reveal).leaf(0, [0xef; 32], [0; 32], &SALT).encode());
    let look = receipt(&log, Kind::Lookup, at, both);
    let Ok(Released::Values(values)) = asked(&room, &log, look.clone(), NOW).await else { panic!("refused") };
    assert_ne!(values[0], values[1], "kinds never meet");
    assert_eq!(asked(&room, &log, look, NOW).await.err(), Some(Refused::Replayed));
    let five = Wanted::Values(vec![value(Index::Phone, b"98"); 5]);
    let wide = receipt(&log, Kind::Lookup, at, five.clone());
    assert_eq!(asked(&room, &log, wide, NOW).await.err(), Some(Refused::WiderThanEntry));
    let wrong = receipt(&log, Kind::Reveal, shown, five);
    assert_eq!(asked(&room, &log, wrong, NOW).await.err(), Some(Refused::WrongKind));
}

#[tokio::test]
async fn what_was_erased_stays_shut() {
    let (room, mut log, tag) = room().await;
    room.erase(HER).await.unwrap();
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let late = log.receipt(&shown, 1, &[0, at], keys(NAME));
    assert_eq!(asked(&room, &log, late, NOW).await.err(), Some(Refused::NoKeys));
}

#[tokio::test]
async fn the_room_counts_what_it_releases_and_signs_it() {
    let (room, mut log, tag) = room().await;
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    log.enter(&shown, &tag, 2);
    assert!(asked(&room, &log, log.receipt(&shown, 1, &[0, at], keys(NAME)), NOW).await.is_ok());
    let (counters, at_s) = Counters::of(&room.counters(NOW).await.unwrap(), room.cosigner()).unwrap();
    assert_eq!((counters.size, counters.released, at_s), (3, 1, 1_763_865_000));
    assert_eq!(room.released_between(0, 3).await.unwrap(), [(at, 1)], "the third entry's key lapsed");
}
