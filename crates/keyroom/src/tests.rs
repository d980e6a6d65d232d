//! Every way to ask for too much is refused by name.

use super::*;
use ledger::Fields;
use ledger::checkpoint::Checkpoint;
use ledger::consent::Terms;
use ledger::note::{Algorithm, Note};
use ledger::tree::{self, Completed, Edge, Hash, Subtrees, consistency_proof, inclusion_proof, leaf_hash};
use ledger::{Channel, Entry, Field, GrantKind, Kind, LEAF_BYTES, Purpose, actor_tag, subject_tag};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::convert::Infallible;

#[derive(Default)]
struct Drawer {
    keys: std::sync::Mutex<HashMap<Person, Wrapped>>,
    followed: std::sync::Mutex<HashMap<Person, u64>>,
    spent: std::sync::Mutex<BTreeMap<u64, u16>>,
    seen: std::sync::Mutex<Option<Seen>>,
    held: std::sync::Mutex<HashMap<Person, hold::Held>>,
    is_full: std::sync::atomic::AtomicBool,
}

impl Shelf for Drawer {
    async fn enrol(&self, person: Person, keys: Wrapped, _: i64) -> Result<(), Refused> {
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
    async fn note(&self, exchange: Exchange) -> Result<Vec<bool>, Refused> {
        if self.is_full.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(Refused::Shelf);
        }
        *self.seen.lock().unwrap() = exchange.seen;
        self.followed.lock().unwrap().extend(exchange.followed);
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
        Receipt { salt: SALT, entry: entry.to_cbor(), subject: Some((HER, count)), leaves, ground, wanted }
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
        Receipt { salt: SALT, entry: entry(kind).to_cbor(), subject: None, leaves, ground: None, wanted }
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
async fn who_leaves_is_held_for_the_law_alone() {
    let (room, mut log, tag) = room().await;
    let sealing = room.sealing_keys(HER, &[NAME, YEAR]).await.unwrap();
    let versions = [(NAME, sealing[0].salt)];
    // A hold that cannot be written destroys nothing.
    room.shelf.is_full.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(room.leave(HER, &versions, NOW).await, Err(Refused::Shelf));
    assert!(room.sealing_keys(HER, &[NAME]).await.is_ok());
    room.shelf.is_full.store(false, std::sync::atomic::Ordering::SeqCst);
    room.leave(HER, &versions, NOW).await.unwrap();
    room.leave(HER, &[], NOW + 1).await.unwrap();

    // Nothing goes out any more, neither to open nor to seal.
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let late = log.receipt(&shown, 1, &[0, at], keys(NAME));
    assert_eq!(asked(&room, &log, late, NOW).await.err(), Some(Refused::NoKeys));
    assert_eq!(room.sealing_keys(HER, &[NAME]).await.err(), Some(Refused::NoKeys));

    // With the root and the file in hand: exactly the versions that are held, and her tag key.
    let held = room.shelf.held.lock().unwrap()[&HER].clone();
    assert_eq!(held.until_ms, NOW);
    let opened = hold::open(&room.roots().now, &held).unwrap();
    assert_eq!(opened.tag.0, tag.0);
    let fields: Vec<_> = opened.fields.iter().map(|(opening, key)| (*opening, *key.bytes())).collect();
    assert_eq!(fields, [(NAME, *sealing[0].key.bytes())]);
    assert!(hold::open(&Root::new(&[99; 32]), &held).is_none());
    let later = Root::next(&[10; 32], &Root::new(&[9; 32]).legacy());
    assert!(hold::open(&later, &held).is_some(), "also when the root has changed");
    // The shelf's own root opens nothing of it, and one version's key is not another's.
    assert!(room.roots().now.unwrap(&held.tag, &HER, "tag").is_none());
    let moved = hold::Held { fields: vec![(YEAR, held.fields[0].1.clone())], ..held };
    assert!(hold::open(&room.roots().now, &moved).is_none());
    room.end_hold(HER).await.unwrap();
    assert!(room.shelf.held.lock().unwrap().is_empty());
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

#[tokio::test]
async fn an_officers_look_rests_on_the_case_that_she_filed() {
    let (room, mut log, tag) = room().await;
    let (day, evidence) = (24 * 3_600_000, [5; 16]);
    let case = |at_ms, grant| Entry {
        at_ms,
        grant,
        evidence,
        purpose: Purpose::Case,
        openings: Vec::new(),
        ..entry(Kind::Case)
    };
    let old = log.enter(&case(NOW - 90 * day - 1, GrantKind::CitizenOtp), &tag, 1);
    let filed = log.enter(&case(NOW - 90 * day, GrantKind::CitizenOtp), &tag, 2);
    let at_the_centre = log.enter(&case(NOW - day, GrantKind::Presence), &tag, 3);
    let taken = log.enter(&case(NOW - day, GrantKind::Case), &tag, 4);
    let revoked = log.enter(&Entry { kind: Kind::Revoke, ..case(NOW, GrantKind::CitizenOtp) }, &tag, 5);
    let other = log.enter(&Entry { evidence: [6; 16], ..case(NOW, GrantKind::CitizenOtp) }, &tag, 6);
    let sign_in = Entry { purpose: Purpose::SignIn, openings: Vec::new(), ..entry(Kind::OtpVerify) };
    let signed_in = log.enter(&sign_in, &tag, 7);
    let strange = log.enter(&case(NOW, GrantKind::CitizenOtp), &TagKey([8; 32]), 2);
    let look = Entry { grant: GrantKind::Case, evidence, purpose: Purpose::Case, ..entry(Kind::Reveal) };
    let cases = [
        ("no ground", None, false),
        ("one filed too long ago", Some((old, case(NOW - 90 * day - 1, GrantKind::CitizenOtp))), false),
        ("an old one said to be fresh", Some((old, case(NOW, GrantKind::CitizenOtp))), false),
        ("an officer's own entry", Some((taken, case(NOW - day, GrantKind::Case))), false),
        (
            "that she took it back",
            Some((revoked, Entry { kind: Kind::Revoke, ..case(NOW, GrantKind::CitizenOtp) })),
            false,
        ),
        ("another case of hers", Some((other, Entry { evidence: [6; 16], ..case(NOW, GrantKind::CitizenOtp) })), false),
        ("her sign-in", Some((signed_in, sign_in)), false),
        ("another's case", Some((strange, case(NOW, GrantKind::CitizenOtp))), false),
        ("the case she filed", Some((filed, case(NOW - 90 * day, GrantKind::CitizenOtp))), true),
        ("one she filed at a centre", Some((at_the_centre, case(NOW - day, GrantKind::Presence))), true),
    ];
    let mut mine = vec![0, old, filed, at_the_centre, taken, revoked, other, signed_in];
    let mut looks = Vec::new();
    for (count, (name, ground, good)) in (8..).zip(cases) {
        mine.push(log.enter(&look, &tag, count));
        looks.push((name, count, mine.clone(), ground, good));
    }
    for (name, count, positions, ground, good) in looks {
        let ground = ground.map(|(at, entry)| log.ground(at, at, &entry));
        let receipt = Receipt { ground, ..log.receipt(&look, count, &positions, keys(NAME)) };
        let outcome = asked(&room, &log, receipt, NOW).await.map(|_| ());
        assert_eq!(outcome, if good { Ok(()) } else { Err(Refused::Groundless) }, "{name}");
    }
}

#[tokio::test]
async fn a_look_rests_on_her_own_sign_in_or_check_in() {
    let (room, mut log, tag) = room().await;
    let hour = 3_600_000;
    let sign_in = |at_ms| Entry { at_ms, purpose: Purpose::SignIn, openings: Vec::new(), ..entry(Kind::OtpVerify) };
    let check_in = |evidence| Entry {
        grant: GrantKind::Presence,
        purpose: Purpose::CheckIn,
        evidence: [evidence; 16],
        ..entry(Kind::Write)
    };
    let shown = |grant, evidence| Entry { grant, evidence: [evidence; 16], ..entry(Kind::Reveal) };
    let old = log.enter(&sign_in(NOW - hour - 1), &tag, 1);
    let fresh = log.enter(&sign_in(NOW - hour), &tag, 2);
    let there = log.enter(&check_in(3), &tag, 3);
    let looked = log.enter(&entry(Kind::Reveal), &tag, 4);
    let booked = log.enter(&Entry { purpose: Purpose::Booking, ..entry(Kind::Write) }, &tag, 5);
    let strange = log.enter(&sign_in(NOW), &TagKey([8; 32]), 2);
    let citizen = shown(GrantKind::CitizenOtp, 3);
    let nurse = shown(GrantKind::Presence, 3);
    let later = log.enter(&sign_in(NOW), &tag, 6);
    let mut mine = vec![0, old, fresh, there, looked, booked, later];
    let mut table = Vec::new();
    let booking = Entry { purpose: Purpose::Booking, ..entry(Kind::Write) };
    let cases = [
        ("no ground", &citizen, None, false),
        ("an old sign-in", &citizen, Some((old, sign_in(NOW - hour - 1))), false),
        ("an old one said to be fresh", &citizen, Some((old, sign_in(NOW))), false),
        ("another look", &citizen, Some((looked, entry(Kind::Reveal))), false),
        ("a booking", &citizen, Some((booked, booking)), false),
        ("another's sign-in", &citizen, Some((strange, sign_in(NOW))), false),
        ("a check-in", &citizen, Some((there, check_in(3))), false),
        ("her sign-in", &citizen, Some((fresh, sign_in(NOW - hour))), true),
        ("her registration", &citizen, Some((0, registration())), true),
        ("a vaccinator on a sign-in", &nurse, Some((fresh, sign_in(NOW - hour))), false),
        ("a vaccinator on another check-in", &shown(GrantKind::Presence, 4), Some((there, check_in(3))), false),
        ("a vaccinator on her check-in", &nurse, Some((there, check_in(3))), true),
    ];
    for (count, (case, look, ground, good)) in (7..).zip(cases) {
        mine.push(log.enter(look, &tag, count));
        table.push((case, look.clone(), count, mine.clone(), ground, good));
    }
    for (case, look, count, positions, ground, good) in table {
        // In this log nobody but she has entries, and one stranger: her counts are where her entries stand.
        let count_of = |at: u64| if at > strange { at - 1 } else { at };
        let ground = ground.map(|(at, entry)| log.ground(count_of(at), at, &entry));
        let receipt = Receipt { ground, ..log.receipt(&look, count, &positions, keys(NAME)) };
        let outcome = asked(&room, &log, receipt, NOW).await.map(|_| ());
        assert_eq!(outcome, if good { Ok(()) } else { Err(Refused::Groundless) }, "{case}");
    }
}

#[tokio::test]
async fn the_root_is_changed_while_the_room_works() {
    let (room, mut log, tag) = room().await;
    let sealing = room.sealing_keys(HER, &[NAME]).await.unwrap().remove(0);
    let (first, value) = (Root::new(&[9; 32]), room.roots().now.index(Index::Phone, b"98"));
    let next = Root::next(&[10; 32], &first.legacy());
    assert_ne!(first.name(), next.name());
    room.turn_over(next, first);
    let mut receipts = Vec::new();
    for count in 1..4 {
        let at = log.enter(&entry(Kind::Reveal), &tag, count);
        receipts.push((count, at));
    }
    let opens = async |room: &KeyRoom<Drawer>, (count, at): (u64, u64)| {
        let from = if count == 1 { 0 } else { at };
        let receipt = log.receipt(
            &entry(Kind::Reveal),
            count,
            &(from..=at).collect::<Vec<_>>(),
            Wanted::Keys(vec![(NAME, sealing.salt)]),
        );
        match asked(room, &log, receipt, NOW).await {
            Ok(Released::Keys(keys)) => keys[0].bytes() == sealing.key.bytes(),
            _ => false,
        }
    };
    assert!(opens(&room, receipts[0]).await, "under the old root");
    room.enrol([2; 16], NOW).await.unwrap();
    let last = room.rewrap(None).await.unwrap();
    assert!(room.rotated(NOW).is_none(), "not yet everywhere");
    assert_eq!((last, room.rewrap(last).await.unwrap()), (Some([2; 16]), None));
    let told = Rotation::of(&room.rotated(NOW).unwrap(), room.cosigner()).unwrap();
    room.rotation_told();
    assert_eq!((told.root, false), room.root());
    assert!(room.rotated(NOW).is_none(), "told once");
    let drawer = Drawer { keys: std::sync::Mutex::new(room.shelf.keys.lock().unwrap().clone()), ..Drawer::default() };
    assert!(opens(&room, receipts[1]).await, "under the new root");
    // After a restart the old root is not needed, and cannot open anything.
    let (random, verifier) = (Arc::clone(&room.random), room.log.clone());
    let alone = |root, drawer| KeyRoom::new(root, drawer, Arc::clone(&random), verifier.clone());
    let stale = alone(
        Root::new(&[9; 32]),
        Drawer { keys: std::sync::Mutex::new(drawer.keys.lock().unwrap().clone()), ..Drawer::default() },
    );
    assert_eq!(stale.sealing_keys(HER, &[NAME]).await.err(), Some(Refused::NoKeys));
    let fresh = alone(Root::next(&[10; 32], &Root::new(&[9; 32]).legacy()), drawer);
    assert_eq!(fresh.cosigner(), room.cosigner());
    assert_eq!(fresh.roots().now.index(Index::Phone, b"98"), value);
    assert!(fresh.sealing_keys(HER, &[NAME]).await.is_ok());
    assert!(fresh.sealing_keys([2; 16], &[NAME]).await.is_ok());
}

#[tokio::test]
async fn a_room_behind_a_socket_answers_as_one_at_hand_and_after_a_break_too() {
    let (room, mut log, tag) = room().await;
    let (room, cosigner) = (Arc::new(room), log.key.verifier().clone());
    let served: Arc<dyn Room> = Arc::clone(&room) as _;
    let lines = Arc::new(std::sync::Mutex::new(Vec::new()));
    let opened = Arc::clone(&lines);
    let connect: Connect = Box::new(move || {
        let (here, there) = tokio::io::duplex(1 << 16);
        let line = tokio::spawn(serve(Arc::clone(&served), Box::new(there), Arc::new(|| NOW)));
        opened.lock().unwrap().push(line.abort_handle());
        Box::pin(async move { Ok(Box::new(here) as Box<dyn Stream>) })
    });
    let keys = Arc::new(Keys::new(cosigner, Arc::new(Remote::new(connect))));
    let sealing = keys.sealing_keys(HER, &[NAME]).await.unwrap().remove(0);
    let at = log.enter(&entry(Kind::Reveal), &tag, 1);
    let receipt = log.receipt(&entry(Kind::Reveal), 1, &[0, at], Wanted::Keys(vec![(NAME, sealing.salt)]));
    let (cosignature, mut answers) = keys.exchange(log.shows(0), vec![receipt.clone()], 0).await.unwrap();
    let Ok(Released::Keys(released)) = answers.remove(0) else { panic!("refused") };
    assert_eq!(released[0].bytes(), sealing.key.bytes());
    let mut note = log.shows(0).checkpoint;
    note.signatures.push(cosignature);
    assert!(note.vouched_by(room.cosigner()).is_some());
    let again = keys.exchange(log.shows(log.size()), vec![receipt], 0).await.unwrap().1.remove(0);
    assert_eq!(again.err(), Some(Refused::Replayed), "refusals come by name");
    let behind = keys.exchange(log.shows(0), Vec::new(), 0).await.err();
    assert_eq!(behind, Some(Refused::Unbelieved(witness::Refused::Conflict { size: log.size() })));
    assert_eq!(keys.released_between(0, 9).await.unwrap(), [(at, 1)]);
    assert!(Counters::of(&keys.counters(0).await.unwrap(), room.cosigner()).is_ok());
    // Many at once on one connection, each with its own answer.
    let each: Vec<_> = (50..250).map(|n| tokio::spawn(enrol(Arc::clone(&keys), n))).collect();
    for (n, one) in (50..250).zip(each) {
        assert_eq!(one.await.unwrap().unwrap().0, room.tag_key([n; 16]).await.0);
    }
    // The connection breaks: who waits is told, and the next question goes over a new one.
    lines.lock().unwrap().drain(..).for_each(|line| line.abort());
    while keys.counters(0).await == Err(Refused::Away) {}
    assert_eq!(lines.lock().unwrap().len(), 1);
}

async fn enrol(keys: Arc<Keys>, n: u8) -> Result<TagKey, Refused> {
    keys.enrol([n; 16], 0).await
}

impl KeyRoom<Drawer> {
    async fn tag_key(&self, person: Person) -> TagKey {
        let kept = self.shelf.find(person).await.unwrap();
        TagKey(*self.roots().unwrap(&kept.keys.tag, person, "tag").unwrap())
    }
}

#[tokio::test]
async fn a_desk_key_goes_out_for_the_day_that_its_entry_names() {
    let (room, mut log, _) = room().await;
    let day = 20_781_u32;
    let named = |day: u32, kind, purpose| {
        let evidence = u128::from(day).to_be_bytes();
        Entry { evidence, purpose, openings: Vec::new(), ..entry(kind) }
    };
    let private = |day: u32| (Index::Desk, day.to_be_bytes().to_vec());
    let cases = [
        ("another day", named(day + 1, Kind::Use, Purpose::Watching), vec![private(day)], Err(Refused::WiderThanEntry)),
        (
            "two",
            named(day, Kind::Use, Purpose::Watching),
            vec![private(day), private(day)],
            Err(Refused::WiderThanEntry),
        ),
        ("another purpose", named(day, Kind::Use, Purpose::SignIn), vec![private(day)], Err(Refused::WrongKind)),
        ("a look-up", named(day, Kind::Lookup, Purpose::Watching), vec![private(day)], Err(Refused::WrongKind)),
        (
            "a phone on the way",
            named(day, Kind::Use, Purpose::Watching),
            vec![(Index::Phone, b"98".to_vec())],
            Err(Refused::WrongKind),
        ),
        ("the night's test", named(day, Kind::Use, Purpose::Watching), vec![private(day)], Ok(())),
        ("a case", named(day, Kind::Case, Purpose::Watching), vec![private(day)], Ok(())),
    ];
    for (case, entry, values, outcome) in cases {
        let mut tag = [0xee; 32];
        tag[0] = u8::try_from(log.size()).unwrap();
        let at = log.push(entry.leaf(0, tag, [0; 32], &SALT).encode());
        let leaves = vec![log.proven(at)];
        let wanted = Wanted::Values(values);
        let receipt = Receipt { salt: SALT, entry: entry.to_cbor(), subject: None, leaves, ground: None, wanted };
        let released = asked(&room, &log, receipt, NOW).await;
        assert_eq!(released.as_ref().map(|_| ()).map_err(|refused| *refused), outcome, "{case}");
        if let Ok(Released::Values(values)) = released {
            assert_eq!(MontgomeryPoint::mul_base_clamped(values[0]).to_bytes(), room.desk(day), "its public half");
        }
    }
    assert_ne!(room.desk(day), room.desk(day + 1));
}

#[tokio::test]
async fn a_clients_look_rests_on_her_consent_and_keeps_its_terms() {
    let (room, mut log, tag) = room().await;
    let hour = 3_600_000;
    let terms =
        |until_ms| Terms { client: "clinic".into(), fields: Fields::of(&[Field::Name]), reads: 5, until_ms }.to_cbor();
    let given = |at_ms, until_ms| Entry {
        at_ms,
        purpose: Purpose::Consent,
        openings: Vec::new(),
        statement: terms(until_ms),
        ..entry(Kind::Consent)
    };
    let consent = given(NOW - hour, NOW);
    let over = given(NOW - hour, NOW - 1);
    let old = given(NOW - 24 * hour - 1, NOW);
    let shapeless = Entry { statement: Vec::new(), ..given(NOW - hour, NOW) };
    // What says the same, but is no consent of hers, or was not given by her.
    let written = Entry { kind: Kind::Write, ..consent.clone() };
    let by_client = Entry { grant: GrantKind::Consent, ..consent.clone() };
    let grounds = [&consent, &over, &old, &shapeless, &written, &by_client];
    let places: Vec<u64> = (1..).zip(grounds).map(|(count, ground)| log.enter(ground, &tag, count)).collect();
    let strange = log.enter(&consent, &TagKey([8; 32]), 1);
    let look = Entry { grant: GrantKind::Consent, actor: "client clinic".into(), ..entry(Kind::Reveal) };
    let wider = Entry { openings: vec![NAME, YEAR], ..look.clone() };
    let cases = [
        ("no consent", &look, None, false),
        ("her consent", &look, Some((places[0], &consent)), true),
        ("one that is over", &look, Some((places[1], &over)), false),
        ("one older than a day", &look, Some((places[2], &old)), false),
        ("one without terms", &look, Some((places[3], &shapeless)), false),
        ("a write", &look, Some((places[4], &written)), false),
        ("a client's word", &look, Some((places[5], &by_client)), false),
        ("another's consent", &look, Some((strange, &consent)), false),
        ("more fields", &wider, Some((places[0], &consent)), false),
        ("another client", &Entry { actor: "client other".into(), ..look.clone() }, Some((places[0], &consent)), false),
        ("a member of staff", &Entry { actor: "clinic".into(), ..look.clone() }, Some((places[0], &consent)), false),
        ("another consent", &Entry { evidence: [9; 16], ..look.clone() }, Some((places[0], &consent)), false),
        (
            "a sign-in's right",
            &Entry { grant: GrantKind::CitizenOtp, ..look.clone() },
            Some((places[0], &consent)),
            false,
        ),
    ];
    let mut mine: Vec<u64> = std::iter::once(0).chain(places.iter().copied()).collect();
    let mut table = Vec::new();
    for (count, (case, look, ground, good)) in (7..).zip(cases) {
        mine.push(log.enter(look, &tag, count));
        table.push((case, look.clone(), count, mine.clone(), ground, good));
    }
    for (case, look, count, positions, ground, good) in table {
        // Nobody but she has entries here, and one stranger last.
        let ground = ground.map(|(at, entry)| log.ground(at, at, entry));
        let receipt = Receipt { ground, ..log.receipt(&look, count, &positions, keys(NAME)) };
        let outcome = asked(&room, &log, receipt, NOW).await.map(|_| ());
        assert_eq!(outcome, if good { Ok(()) } else { Err(Refused::Groundless) }, "{case}");
    }
}
