//! Tampering, one way after the other: with the files, and with what was signed.

use crate::log::{FIRST_DAY, Flaws, Log, NOW_S, ORIGIN, Place, Seen, key_room, policy, witness};
use crate::{audited, check};
use data_encoding::BASE64;
use ledger::tile::{bundle, unbundle};
use ledger::{Kind, LEAF_BYTES};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use watch::audit::{Terms, audit};

/// The first position of an entry of this kind.
fn first(log: &Log, kind: Kind) -> usize {
    log.leaves.iter().position(|leaf| leaf[1] == kind.wire()).unwrap()
}

#[test]
fn what_is_done_to_the_files_is_named() {
    type Tamper = fn(&Place, &Log);
    let table: &[(&str, Tamper, &str, &str)] = &[
        (
            "an entry removed",
            |place, _| {
                place.bend("tile/entries/001", |bytes| {
                    let mut entries = unbundle(bytes).unwrap();
                    entries.remove(17);
                    *bytes = bundle(entries);
                });
            },
            "entries",
            "tile/entries/001 has 255 entries and not 256; entry 273 (112 bytes) is not the one",
        ),
        (
            "an entry altered",
            |place, _| place.bend("tile/entries/000", |bytes| bytes[40 * (LEAF_BYTES + 2) + 50] ^= 1),
            "entries",
            "entry 40 (112 bytes) is not the one of the tree",
        ),
        (
            "a bundle cut",
            |place, _| place.bend("tile/entries/002", |bytes| bytes.truncate(1000)),
            "entries",
            "tile/entries/002 is cut short",
        ),
        ("a bundle missing", |place, _| place.remove("tile/entries/001"), "entries", "tile/entries/001 is missing"),
        (
            "a tile altered",
            |place, _| place.bend("tile/0/001", |bytes| bytes[100] ^= 1),
            "tree",
            "tile/1/000.p/3 and tile/0/001 contradict each other; the hashes do not lead",
        ),
        (
            "an upper tile altered",
            |place, _| place.bend("tile/1/000.p/3", |bytes| bytes[70] ^= 1),
            "tree",
            "tile/1/000.p/3 and tile/0/002 contradict each other",
        ),
        ("a tile missing", |place, _| place.remove("tile/0/002"), "tree", "tile/0/002 is missing or cut short"),
        (
            "an opening altered",
            |place, log| {
                place.bend(&format!("opening/{}", first(log, Kind::IndexRoot)), |bytes| {
                    let mut opening: Value = serde_json::from_slice(bytes).unwrap();
                    opening["salt"] = json!(BASE64.encode(&[0; 32]));
                    *bytes = opening.to_string().into_bytes();
                });
            },
            "public entries",
            "entry 120: its opening is not what was committed to",
        ),
        (
            "an opening of another entry",
            |place, log| {
                let other = std::fs::read(place.path().join(format!("opening/{}", first(log, Kind::Erase)))).unwrap();
                place.bend("opening/120", |bytes| *bytes = other);
            },
            "public entries",
            "entry 120: its opening is that of another entry",
        ),
        (
            "an opening missing",
            |place, _| place.remove("opening/120"),
            "indexes",
            "the index of 2026-11-18 follows that of",
        ),
        (
            "a checkpoint without quorum",
            |place, log| {
                let note = log.checkpoint(log.leaves.len() as u64, &[witness(1), witness(2)]);
                place.bend("checkpoint", |bytes| *bytes = note.to_string().into_bytes());
            },
            "checkpoint",
            "too few witnesses signed it",
        ),
        (
            "a checkpoint of another key",
            |place, _| {
                place.bend("checkpoint", |bytes| {
                    let text = String::from_utf8(bytes.clone()).unwrap();
                    *bytes = text.replace(ORIGIN, "other.example").into_bytes();
                });
            },
            "checkpoint",
            "no known log signed it",
        ),
    ];
    let log = Log::new(Flaws::default());
    for (what, tamper, name, says) in table {
        let place = Place::new();
        log.write(place.path());
        tamper(&place, &log);
        let report = audited(&place, &log, None, |_| ());
        let (held, detail) = check(&report, name);
        assert!(held == Some(false) && !report.stands(), "{what}: {}", report.table());
        assert!(detail.contains(says) || *what == "an opening missing", "{what}: {detail}");
    }
}

fn lapsed(more: &[(u64, u16)]) -> Flaws {
    Flaws { lapsed: more.to_vec(), ..Flaws::default() }
}

#[test]
fn what_the_operator_has_signed_is_named() {
    let table = [
        (Flaws { backdated: Some(200), ..Flaws::default() }, "time", "entry 200 is backdated: 50 minutes before"),
        (Flaws { ahead: Some(780), ..Flaws::default() }, "time", "entry 780 is dated ahead of"),
        (
            Flaws { left_out: Some(FIRST_DAY + 2), ..Flaws::default() },
            "indexes",
            "the index of 2026-11-19 has 124 tags, its entries make 125; the tag",
        ),
        (
            Flaws { unindexed: Some(FIRST_DAY + 3), ..Flaws::default() },
            "indexes",
            "2026-11-20 is over and has no index",
        ),
        (
            Flaws { unindexed: Some(FIRST_DAY + 5), ..Flaws::default() },
            "indexes",
            "2026-11-22 is over and has no index",
        ),
        (Flaws { released_more: 4, ..Flaws::default() }, "keys", "released and"),
        // An index entry asks no key; keys cannot lapse twice, nor before they were asked, nor more than were not fetched.
        (lapsed(&[(2, 1)]), "keys", "1 keys of entry 2 are listed as lapsed, and it asked for 0"),
        (lapsed(&[(0, 2)]), "keys", "the lapsed keys of entry 0 are listed twice"),
        (lapsed(&[(700, 1)]), "keys", "lists keys of entry 700, which stands after it"),
        (lapsed(&[(3, 2)]), "keys", "4 keys are listed as lapsed, and only 3 were not released"),
        (
            Flaws { not_erased: true, ..Flaws::default() },
            "openings",
            ": it is said to be erased by an entry that is no erasure",
        ),
    ];
    let other = "teeka/order/v1\nhigh-court\ncourt\n0000000000000000000000000000000000000000000000000000000000000000\n";
    for (said, name, says) in [
        (other, "openings", ": it rests on a lawful order that no public entry says"),
        ("", "orders", "does not say whose order was filed"),
    ] {
        let (place, log) = (Place::new(), Log::new(Flaws { order_said: Some(said), ..Flaws::default() }));
        log.write(place.path());
        let report = audited(&place, &log, None, |_| ());
        let (held, detail) = check(&report, name);
        assert!(held == Some(false) && detail.contains(says), "{says}: {}", report.table());
    }
    let empty = Flaws { empty_erasure: true, ..Flaws::default() };
    let (place, log) = (Place::new(), Log::new(empty));
    log.write(place.path());
    let report = audited(&place, &log, None, |_| ());
    let (held, detail) = check(&report, "public entries");
    assert!(held == Some(false) && detail.contains("does not commit to what it erased"), "{}", report.table());
    for (flaws, name, says) in table {
        let (place, log) = (Place::new(), Log::new(flaws));
        log.write(place.path());
        let report = audited(&place, &log, None, |_| ());
        let broken: Vec<_> = report.checks.iter().filter(|check| check.held == Some(false)).collect();
        assert!(broken.len() == 1 && broken[0].name == name, "{says}: {}", report.table());
        assert!(broken[0].detail.contains(says), "{says}: {}", broken[0].detail);
    }
}

#[test]
fn the_tag_that_was_left_out_is_named_with_its_entry() {
    let (place, log) = (Place::new(), Log::new(Flaws { left_out: Some(FIRST_DAY), ..Flaws::default() }));
    log.write(place.path());
    let report = audited(&place, &log, None, |_| ());
    assert!(check(&report, "indexes").1.contains("of entry 0 was left out"), "{}", report.table());
}

#[test]
fn a_log_that_was_truncated_and_grown_again_is_another_one() {
    let (place, old) = (Place::new(), Log::new(Flaws::default()));
    let before = old.checkpoint(600, &[key_room(), witness(1)]);
    let fork = Log::new(Flaws { fork: Some(500), ..Flaws::default() });
    fork.write(place.path());
    let report = audited(&place, &fork, Some(&before), |_| ());
    let broken: Vec<_> = report.checks.iter().filter(|check| check.held == Some(false)).collect();
    assert_eq!(broken.len(), 1, "{}", report.table());
    assert!(broken[0].name == "append-only" && broken[0].detail.contains("the tree of 600 entries was another"));
    // What the fork left alone is still its beginning.
    let before = old.checkpoint(500, &[key_room(), witness(1)]);
    assert!(audited(&place, &fork, Some(&before), |_| ()).stands());
    // A log that shrank, and one that somebody else signed.
    let longer = Log::new(Flaws::default());
    let shrunk = longer.checkpoint(300, &[key_room(), witness(1)]);
    place.bend("checkpoint", |bytes| *bytes = shrunk.to_string().into_bytes());
    let report = audited(&place, &fork, Some(&longer.checkpoint(301, &[])), |_| ());
    assert_eq!(check(&report, "append-only"), (Some(false), "the log had 301 entries and has 300"));
    let mut stranger = longer.checkpoint(100, &[]);
    stranger.signatures = vec![witness(1).sign(&stranger.text, NOW_S)];
    assert_eq!(check(&audited(&place, &fork, Some(&stranger), |_| ()), "append-only").0, None);
}

#[test]
fn entries_that_came_since_the_last_audit_are_not_older_than_it() {
    let (place, log) = (Place::new(), Log::new(Flaws::default()));
    log.write(place.path());
    let mut before = log.checkpoint(300, &[]);
    before.signatures.push(witness(1).sign(&before.text, u64::from(FIRST_DAY + 4) * 86_400));
    let report = audited(&place, &log, Some(&before), |_| ());
    assert!(check(&report, "time").1.contains("entry 300 is backdated"), "{}", report.table());
}

/// The explanation of an entry that is erased: at this position, or at any.
fn erased_mut(openings: &mut [Value], position: u64) -> &mut Value {
    let hers = |one: &&mut Value| one.get("erased").is_some() && (position == 0 || one["position"] == position);
    &mut openings.iter_mut().find(hers).unwrap()["erased"]
}

#[test]
fn openings_that_are_wrong_or_missing_are_named() {
    type Bend = fn(&mut Vec<Value>, &Log);
    let table: &[(Bend, &str)] = &[
        (|openings, _| openings[3]["salt"] = json!(BASE64.encode(&[1; 32])), "not what was committed to"),
        (|openings, _| openings.truncate(5), "it is missing in the answer"),
        (|openings, _| openings.swap(0, 1), "it is missing in the answer"),
        (|openings, _| openings[4] = json!({ "position": openings[4]["position"] }), "no erasure is named"),
        (|openings, _| erased_mut(openings, 0)["position"] = json!(1), "by an entry that is no erasure"),
        // An entry that could be opened is hidden behind somebody's erasure.
        (
            |openings, log| {
                let at = openings.iter().position(|one| one["position"] == 11).unwrap();
                openings[at] = json!({ "position": 11, "erased": log.explains(&log.also_erased, 0) });
            },
            "the erasure that is named does not contain it",
        ),
        // Another person's erasure, with the proof of hers, and with the proof of his.
        (
            |openings, log| erased_mut(openings, 7)["position"] = json!(log.also_erased.1),
            "entry 7: the erasure that is named does not contain it",
        ),
        (
            |openings, log| *erased_mut(openings, 7) = log.explains(&log.also_erased, 0),
            "entry 7: the erasure that is named does not contain it",
        ),
        (|openings, _| erased_mut(openings, 7)["number"] = json!(2), "entry 7: the erasure that is named does not"),
        (|openings, _| erased_mut(openings, 7)["proof"] = json!([]), "entry 7: the erasure that is named does not"),
        (|openings, _| erased_mut(openings, 7)["proof"] = json!(["x"]), "entry 7: the proof that it is erased has"),
        (|openings, _| erased_mut(openings, 7)["nonce"] = json!("x"), "entry 7: the proof that it is erased has no"),
    ];
    let (place, log) = (Place::new(), Log::new(Flaws::default()));
    log.write(place.path());
    for (bend, says) in table {
        let report = audited(&place, &log, None, |openings| bend(openings, &log));
        let (held, detail) = check(&report, "openings");
        assert!(held == Some(false) && detail.contains(says), "{says}: {detail}");
    }
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn every_byte_of_every_file_counts() {
    let (place, log, mut chance) = (Place::new(), Log::new(Flaws::default()), ChaCha8Rng::seed_from_u64(31));
    log.write(place.path());
    let mut files = files(place.path());
    // A checkpoint may do without some of its signatures.
    files.retain(|file| !file.ends_with("checkpoint"));
    files.sort();
    let policy = policy();
    let terms = Terms { policy: &policy, since: None, has_credential: true, open: 0, nonce: [0; 32], now_s: NOW_S };
    let seen = Seen { folder: place.path(), log: None, bend: &|_| () };
    for n in 0..60 {
        let file = &files[n % files.len()];
        let whole = std::fs::read(file).unwrap();
        let mut bent = whole.clone();
        let at = usize::try_from(chance.next_u64() % whole.len() as u64).unwrap();
        bent[at] ^= 1 << (chance.next_u64() % 8);
        std::fs::write(file, &bent).unwrap();
        let report = audit(&seen, &terms, &mut |_, _| ()).unwrap();
        assert!(!report.stands(), "byte {at} of {}: {}", file.display(), report.table());
        std::fs::write(file, &whole).unwrap();
    }
    assert!(audit(&seen, &terms, &mut |_, _| ()).unwrap().stands());
}
