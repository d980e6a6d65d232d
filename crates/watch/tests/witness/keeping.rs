//! What was cosigned is kept: through restarts, crashes and full disks, or the witness says that it cannot.

use crate::log::{Log, ORIGIN};
use crate::{FILE, NOW_S, Place, is_cosigned, seen, signer};
use ledger::checkpoint::Checkpoint;
use ledger::note::{Algorithm, Note, Signer, Verifier};
use std::fs;
use watch::witness::{OpenError, Witness};

fn refusal(place: &Place, own: Signer, logs: &[Verifier]) -> OpenError {
    Witness::open(&place.0, own, logs.to_vec()).err().expect("it does not open")
}

/// A witness has cosigned five leaves here, and ended.
fn begun(place: &Place, log: &Log) {
    let answer = place.witness(&[log.verifier()]).add_checkpoint(&log.asks(0, 5).to_string(), NOW_S);
    assert!(is_cosigned(&answer, &log.checkpoint(5), NOW_S), "{answer:?}");
}

#[test]
fn what_was_cosigned_is_known_after_a_restart() {
    let (place, log) = (Place::new(), Log::new(1, 3, 8));
    for (old, new) in [(0, 5), (5, 5), (5, 8)] {
        let answer = place.witness(&[log.verifier()]).add_checkpoint(&log.asks(old, new).to_string(), NOW_S);
        assert!(is_cosigned(&answer, &log.checkpoint(new), NOW_S), "{old} to {new}: {answer:?}");
        let witness = place.witness(&[log.verifier()]);
        assert_eq!(seen(&witness), Some(log.seen(new)));
        assert!(witness.checkpoint(FILE).unwrap().vouched_by(signer().verifier()).is_some());
        let forked = witness.add_checkpoint(&Log::new(2, 3, 8).asks(new, 8).to_string(), NOW_S);
        assert!([409, 422].contains(&forked.status), "{forked:?}");
    }
}

#[test]
fn a_folder_is_held_by_one_witness_and_made_as_needed() {
    let (place, log) = (Place::new(), Log::new(1, 0, 5));
    let deep = place.0.join("a/b");
    let first = Witness::open(&deep, signer(), [log.verifier()]).unwrap();
    let second = Witness::open(&deep, signer(), [log.verifier()]);
    assert!(matches!(second, Err(OpenError::Held(path)) if path == deep));
    drop(first);
    assert!(Witness::open(&deep, signer(), [log.verifier()]).is_ok());
    fs::write(place.0.join("file"), "").unwrap();
    let no_folder = Witness::open(&place.0.join("file/state"), signer(), [log.verifier()]);
    assert!(matches!(no_folder, Err(OpenError::Unusable { .. })));
}

#[test]
fn keys_are_of_their_kind_and_a_log_has_one() {
    let (place, log) = (Place::new(), Log::new(1, 0, 5).verifier());
    let no_witness = Signer::new("w.example", Algorithm::Ed25519, &[1; 32]).unwrap();
    assert!(matches!(refusal(&place, no_witness, &[]), OpenError::NotAWitness));
    let no_log = signer().verifier().clone();
    assert!(matches!(refusal(&place, signer(), &[no_log]), OpenError::NotALog(name) if name == "witness.example/w1"));
    assert!(matches!(refusal(&place, signer(), &[log.clone(), log]), OpenError::KnownTwice(name) if name == ORIGIN));
}

#[test]
fn a_damaged_state_is_never_taken_for_a_new_beginning() {
    let (place, log) = (Place::new(), Log::new(1, 0, 8));
    begun(&place, &log);
    let file = place.0.join(FILE);
    let good = fs::read_to_string(&file).unwrap();
    let stranger = Signer::new(ORIGIN, Algorithm::Ed25519, &[6; 32]).unwrap();
    let forged = Note { signatures: vec![stranger.sign(&log.checkpoint(5).text, 0)], ..log.checkpoint(5) };
    let elsewhere =
        Checkpoint { origin: "b.example".into(), size: 5, root: [1; 32], extensions: Vec::new() }.to_string();
    let foreign = Note { signatures: vec![signer().sign(&elsewhere, NOW_S)], text: elsewhere };
    let mut bad: Vec<Vec<u8>> = [
        "",
        "\n",
        "5\n",
        &good[..good.len() / 2],
        &good.replacen("\n5\n", "\n4\n", 1),
        &good.replacen("\n5\n", "\n0\n", 1),
        &format!("{good}\n"),
        &forged.to_string(),
        &foreign.to_string(),
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    bad.push(vec![0; good.len()]);
    bad.push(vec![0xff; 9]);
    for bytes in bad {
        fs::write(&file, &bytes).unwrap();
        let error = refusal(&place, signer(), &[log.verifier()]);
        assert!(
            matches!(&error, OpenError::Damaged { origin, file: at } if origin == ORIGIN && *at == file),
            "{error}"
        );
        assert!(error.to_string().contains(ORIGIN) && error.to_string().contains(FILE), "{error}");
        assert_eq!(fs::read(&file).unwrap(), bytes, "it is left as it is, for whoever looks into it");
    }
    fs::write(&file, good).unwrap();
    assert_eq!(seen(&place.witness(&[log.verifier()])), Some(log.seen(5)));
}

#[test]
fn one_key_at_a_time_may_be_replaced_and_nothing_is_forgotten() {
    let (place, log) = (Place::new(), Log::new(1, 0, 8));
    begun(&place, &log);
    let own = || Signer::new("witness.example/w2", Algorithm::Cosignature, &[9; 32]).unwrap();
    let logs = Signer::new(ORIGIN, Algorithm::Ed25519, &[6; 32]).unwrap();
    for (signer, key) in [(own(), log.verifier()), (signer(), logs.verifier().clone())] {
        assert_eq!(seen(&Witness::open(&place.0, signer, [key]).unwrap()), Some(log.seen(5)));
    }
    assert!(matches!(refusal(&place, own(), &[logs.verifier().clone()]), OpenError::Damaged { .. }));
}

#[test]
fn a_crash_before_the_new_state_has_its_name_leaves_the_old_one() {
    let (place, log) = (Place::new(), Log::new(1, 0, 8));
    begun(&place, &log);
    let whole = log.checkpoint(8).to_string();
    for begun in [0, 1, whole.len() / 2, whole.len()] {
        fs::write(place.0.join(FILE).with_extension("new"), &whole[..begun]).unwrap();
        assert_eq!(seen(&place.witness(&[log.verifier()])), Some(log.seen(5)), "{begun} bytes were written");
    }
    let answer = place.witness(&[log.verifier()]).add_checkpoint(&log.asks(5, 7).to_string(), NOW_S);
    assert!(is_cosigned(&answer, &log.checkpoint(7), NOW_S), "{answer:?}");
    assert_eq!(seen(&place.witness(&[log.verifier()])), Some(log.seen(7)));
}

/// Nothing is cosigned that cannot be kept; once it can be kept again, the witness goes on from where it was.
fn cannot_keep(spoil: impl Fn(&Place), mend: impl Fn(&Place)) {
    let (place, log) = (Place::new(), Log::new(1, 0, 8));
    let witness = place.witness(&[log.verifier()]);
    assert_eq!(witness.add_checkpoint(&log.asks(0, 5).to_string(), NOW_S).status, 200);
    let before = witness.checkpoint(FILE);
    spoil(&place);
    let answer = witness.add_checkpoint(&log.asks(5, 8).to_string(), NOW_S + 1);
    assert_eq!((answer.status, answer.body.contains('—')), (503, false), "{answer:?}");
    assert_eq!((seen(&witness), witness.checkpoint(FILE)), (Some(log.seen(5)), before));
    mend(&place);
    let answer = witness.add_checkpoint(&log.asks(5, 8).to_string(), NOW_S + 2);
    assert!(is_cosigned(&answer, &log.checkpoint(8), NOW_S + 2), "{answer:?}");
    drop(witness);
    assert_eq!(seen(&place.witness(&[log.verifier()])), Some(log.seen(8)));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_keeps_the_witness_from_cosigning() {
    let new = |place: &Place| place.0.join(FILE).with_extension("new");
    cannot_keep(
        |place| std::os::unix::fs::symlink("/dev/full", new(place)).unwrap(),
        |place| fs::remove_file(new(place)).unwrap(),
    );
}

#[test]
fn a_state_that_cannot_be_written_or_named_keeps_the_witness_from_cosigning() {
    let new = |place: &Place| place.0.join(FILE).with_extension("new");
    cannot_keep(|place| fs::create_dir(new(place)).unwrap(), |place| fs::remove_dir(new(place)).unwrap());
    let file = |place: &Place| place.0.join(FILE);
    cannot_keep(
        |place| {
            fs::remove_file(file(place)).unwrap();
            fs::create_dir(file(place)).unwrap();
        },
        |place| fs::remove_dir(file(place)).unwrap(),
    );
    let (place, log) = (Place::new(), Log::new(1, 0, 5));
    let witness = place.witness(&[log.verifier()]);
    fs::remove_dir_all(&place.0).unwrap();
    assert_eq!(witness.add_checkpoint(&log.asks(0, 5).to_string(), NOW_S).status, 503, "the folder is gone");
}
