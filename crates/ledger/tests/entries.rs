//! Entries, leaves and tags over many seeded values: what is written reads back as it was, in one form only.

use ledger::leaf::commitment;
use ledger::{Channel, Entry, Field, GrantKind, Kind, Leaf, Opening, Purpose, TagKey, actor_tag, subject_tag};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::BTreeSet;

const SEED: u64 = 11;

fn pick<T: Copy>(chance: &mut ChaCha8Rng, all: &[T]) -> T {
    all[usize::try_from(chance.next_u64() % all.len() as u64).expect("an index fits")]
}

fn bytes<const N: usize>(chance: &mut ChaCha8Rng) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill_bytes(&mut bytes);
    bytes
}

fn entry(chance: &mut ChaCha8Rng) -> Entry {
    let openings = Field::ALL.iter().filter_map(|field| {
        let draw = chance.next_u32();
        draw.is_multiple_of(2).then_some(Opening { field: *field, version: draw / 2 })
    });
    let openings = openings.collect();
    Entry {
        at_ms: i64::from(chance.next_u32()) * 1000,
        request: bytes(chance),
        kind: pick(chance, Kind::ALL),
        grant: pick(chance, GrantKind::ALL),
        evidence: bytes(chance),
        actor: pick(chance, &["self", "nobody", "C8BAC378", "डाकिया"]).into(),
        organisation: pick(chance, &["", "601"]).into(),
        role: pick(chance, &["citizen", "vaccinator"]).into(),
        purpose: pick(chance, Purpose::ALL),
        openings,
        channel: pick(chance, Channel::ALL),
        build: "story".into(),
        statement: Vec::new(),
    }
}

#[test]
fn an_entry_reads_back_as_it_was_written() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    for _ in 0..2_000 {
        let entry = entry(&mut chance);
        let cbor = entry.to_cbor();
        assert_eq!(Entry::from_cbor(&cbor), Some(entry.clone()));
        assert_eq!(usize::from(entry.keys_asked()), entry.fields().iter().count());
    }
}

#[test]
fn a_damaged_entry_is_refused_or_is_another_one_and_never_a_crash() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let entry = entry(&mut chance);
    let cbor = entry.to_cbor();
    for at in 0..cbor.len() {
        assert_eq!(Entry::from_cbor(&cbor[..at]), None, "cut at {at}");
        for bit in 0..8 {
            let mut other = cbor.clone();
            other[at] ^= 1 << bit;
            assert_ne!(Entry::from_cbor(&other), Some(entry.clone()), "bit {bit} of byte {at}");
        }
    }
    for _ in 0..2_000 {
        let _ = Entry::from_cbor(&bytes::<64>(&mut chance));
    }
}

#[test]
fn a_leaf_says_what_its_entry_says_and_commits_to_it_alone() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let mut commits = BTreeSet::new();
    for _ in 0..500 {
        let (entry, salt) = (entry(&mut chance), bytes(&mut chance));
        let leaf = entry.leaf(7, bytes(&mut chance), bytes(&mut chance), &salt);
        assert_eq!(Leaf::decode(&leaf.encode()), Some(leaf));
        assert_eq!((leaf.kind(), leaf.keys_asked, leaf.shard), (Some(entry.kind), entry.keys_asked(), 7));
        assert_eq!(leaf.commit, commitment(&salt, &entry.to_cbor()));
        assert!(commits.insert(leaf.commit));
        // The same entry under another salt shows nothing of being the same.
        assert!(commits.insert(commitment(&bytes(&mut chance), &entry.to_cbor())));
    }
}

#[test]
fn tags_of_people_counts_actors_and_days_never_meet() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let mut tags = BTreeSet::new();
    for _ in 0..20 {
        let key = TagKey(bytes(&mut chance));
        assert_eq!(format!("{key:?}"), "TagKey(..)");
        for count in 0..50 {
            assert!(tags.insert(subject_tag(&key, count)));
        }
        for actor in ["self", "C8BAC378", ""] {
            assert!(tags.insert(actor_tag(&key, actor.as_bytes())));
        }
        // Parts are told apart: moving a letter over a border makes another value.
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        assert_ne!(key.mac(&[b"ab"]), key.mac(&[b"ab", b""]));
    }
}

#[test]
fn wire_numbers_are_one_to_one() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_wire(kind.wire()), Some(*kind));
    }
    for field in Field::ALL {
        assert_eq!(Field::from_wire(field.wire()), Some(*field));
    }
    assert_eq!(Kind::ALL.iter().map(|kind| kind.code()).collect::<BTreeSet<_>>().len(), Kind::ALL.len());
    assert_eq!((Kind::from_wire(0), Kind::from_wire(22), Field::from_wire(11)), (None, None, None));
}
