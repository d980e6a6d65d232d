//! An honest log: everything holds, with and without a credential, and while it grows.

use crate::log::{FIRST_DAY, Flaws, Log, NOW_S, Place, Seen, key_room, policy, witness, write_tree};
use crate::{audited, check};
use watch::audit::{Terms, audit, saved_checkpoint};

#[test]
fn everything_holds() {
    let (place, log) = (Place::new(), Log::new(Flaws::default()));
    log.write(place.path());
    let first = log.checkpoint(300, &[key_room(), witness(1)]);
    let report = audited(&place, &log, Some(&first), |_| ());
    assert!(report.checks.iter().all(|check| check.held == Some(true)), "{}", report.table());
    assert_eq!(report.kinds["erase"], 2);
    assert!(report.kinds["kind 77"] > 2 && report.kinds["reveal"] > 200, "{:?}", report.kinds);
    assert_eq!(report.kinds.values().sum::<u64>(), log.leaves.len() as u64);
    assert_eq!((report.busiest.len(), report.last_day.as_deref()), (6, Some("2026-11-23")));
    assert!(report.busiest.is_sorted_by(|a, b| a.entries >= b.entries));
    assert!(check(&report, "keys").1.contains("3 lapsed"), "{}", report.table());
    assert!(check(&report, "openings").1.ends_with("erased") && !check(&report, "openings").1.contains(" 0 are"));
    assert_eq!(check(&report, "orders").1, "lawful orders filed: 1; 2026-11: 1 of high-court on court");
    // The report is where the next audit begins.
    let json = serde_json::to_string(&report).unwrap();
    let saved = saved_checkpoint(&json).unwrap();
    assert_eq!(saved, saved_checkpoint(&saved.to_string()).unwrap());
    assert_eq!(check(&audited(&place, &log, Some(&saved), |_| ()), "append-only").0, Some(true));
}

#[test]
fn without_a_credential_what_is_public_is_checked_and_the_rest_is_named() {
    let (place, log) = (Place::new(), Log::new(Flaws::default()));
    log.write(place.path());
    std::fs::remove_dir_all(place.path().join("tile/entries")).unwrap();
    let policy = policy();
    let seen = Seen { folder: place.path(), log: None, bend: &|_| () };
    let terms =
        Terms { policy: &policy, since: None, has_credential: false, open: 20, nonce: [3; 32], now_s: NOW_S + 3_000 };
    let report = audit(&seen, &terms, &mut |_, _| ()).unwrap();
    let held: Vec<_> = report.checks.iter().filter(|check| check.held == Some(true)).map(|check| check.name).collect();
    assert_eq!(held, ["checkpoint", "tree", "public entries", "indexes", "orders"], "{}", report.table());
    assert!(report.stands() && check(&report, "checkpoint").1.contains("STALE: nobody has cosigned it for 50 minutes"));
    assert!(check(&report, "entries").1.contains("credential"));
}

#[test]
fn a_log_that_grows_meanwhile_is_audited_as_it_was() {
    let (place, log) = (Place::new(), Log::new(Flaws::default()));
    let size = log.leaves.len() - 120;
    write_tree(place.path(), &log.leaves[..size]);
    log.write(place.path());
    // What was partial then is full now, and gone.
    std::fs::remove_dir_all(place.path().join("tile/0/002.p")).unwrap();
    std::fs::remove_dir_all(place.path().join("tile/entries/002.p")).unwrap();
    let size = u64::try_from(size).unwrap();
    let note = log.checkpoint(size, &[key_room(), witness(1)]);
    place.bend("checkpoint", |bytes| *bytes = note.to_string().into_bytes());
    let report = audited(&place, &log, None, |_| ());
    assert_eq!(check(&report, "tree").0, Some(true), "{}", report.table());
    assert_eq!(check(&report, "entries").0, Some(true), "{}", report.table());
    assert_eq!(report.kinds.values().sum::<u64>(), size);
}

#[test]
fn a_day_may_be_without_index_for_an_hour() {
    let log = Log::new(Flaws { unindexed: Some(FIRST_DAY + 5), ..Flaws::default() });
    let place = Place::new();
    log.write(place.path());
    let mut note = log.checkpoint(log.leaves.len() as u64, &[]);
    let midnight = NOW_S - 36_000;
    for (after, held) in [(3_000, true), (4_000, false)] {
        let cosigned = [key_room(), witness(1)].map(|one| one.sign(&note.text, midnight + after));
        note.signatures.truncate(1);
        note.signatures.extend(cosigned);
        place.bend("checkpoint", |bytes| *bytes = note.to_string().into_bytes());
        let report = audited(&place, &log, None, |_| ());
        assert_eq!(check(&report, "indexes").0, Some(held), "{}", report.table());
    }
}

#[test]
fn what_a_restore_lost_is_not_opened_and_a_public_entry_says_so() {
    let lost = |first, end| Flaws { restored: Some((first, end)), ..Flaws::default() };
    let unopened = Err(("openings", "it is not opened"));
    let (place, log) = (Place::new(), Log::new(Flaws::default()));
    log.write(place.path());
    let report = audited(&place, &log, None, Vec::clear);
    assert_eq!(
        check(&report, "openings").0,
        None,
        "what is said of it is newer than the checkpoint: {}",
        report.table()
    );
    for (flaws, says) in [
        (lost(20, 30), Ok("1 cannot be opened since a restore")),
        (lost(50, 60), unopened),
        (Flaws::default(), unopened),
        (lost(20, 9_999), Err(("public entries", "does not say which entries before it a restore lost"))),
    ] {
        let (place, log) = (Place::new(), Log::new(flaws));
        log.write(place.path());
        let report = audited(&place, &log, None, |openings| {
            let one = openings.iter_mut().find(|one| (20..30).contains(&one["position"].as_u64().unwrap())).unwrap();
            *one = serde_json::json!({ "position": one["position"] });
        });
        let (name, held, words) =
            says.map_or_else(|(name, words)| (name, false, words), |words| ("openings", true, words));
        let found = check(&report, name);
        assert!(found.0 == Some(held) && found.1.contains(words), "{}", report.table());
    }
}
