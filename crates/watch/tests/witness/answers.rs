//! The whole set of statuses; and that a request which is refused changes nothing.

use crate::log::{Log, ORIGIN};
use crate::{NOW_S, Place, is_cosigned, seen};
use ledger::checkpoint::Checkpoint;
use ledger::note::{Algorithm, Note, Signer};
use ledger::tree::empty_root;
use ledger::witness::Request;

/// What is refused by a witness that is at 5 of 8 leaves, and by which status.
fn refused() -> Vec<(&'static str, String, u16)> {
    let (log, fork) = (Log::new(1, 3, 70), Log::new(2, 3, 70));
    let grown = || log.asks(5, 8);
    let text = grown().to_string();
    let by = |name: &str, seed: u8| {
        let key = Signer::new(name, Algorithm::Ed25519, &[seed; 32]).unwrap();
        let note = grown().checkpoint;
        Request { checkpoint: Note { signatures: vec![key.sign(&note.text, 0)], text: note.text }, ..grown() }
    };
    let mut spoilt = grown();
    let bad_line = ledger::note::Signature { bytes: vec![0; 64], ..spoilt.checkpoint.signatures[0].clone() };
    spoilt.checkpoint.signatures.push(bad_line);
    let elsewhere = text.replace(ORIGIN, "elsewhere.example");
    let many = |count| Request { proof: vec![[0; 32]; count], ..grown() }.to_string();
    let mut shuffled = log.asks(5, 70);
    shuffled.proof.reverse();
    vec![
        ("nothing", String::new(), 400),
        ("no request", "hello\n".into(), 400),
        ("no empty line", text.replacen("\n\n", "\n", 1), 400),
        ("no old size", text.replacen("old 5\n", "", 1), 400),
        ("a zero before the old size", text.replacen("old 5", "old 05", 1), 400),
        ("a sign before the old size", text.replacen("old 5", "old +5", 1), 400),
        ("no decimal", text.replacen("old 5", "old five", 1), 400),
        ("a size beyond 64 bits", text.replacen("old 5", "old 18446744073709551616", 1), 400),
        ("a proof that is not base64", text.replacen("old 5\n", "old 5\n????\n", 1), 400),
        ("a proof of short hashes", text.replacen("old 5\n", "old 5\nAAAA\n", 1), 400),
        ("64 lines of proof", many(64), 400),
        ("carriage returns", text.replace('\n', "\r\n"), 400),
        ("cut short", text[..text.len() - 1].into(), 400),
        ("no signature", text.split_once("—").unwrap().0.into(), 400),
        ("a note that is no checkpoint", text.replacen("\n8\n", "\neight\n", 1), 400),
        ("an old size above the new one", log.asks(6, 5).to_string(), 400),
        ("signed by another key of the same name", by(ORIGIN, 6).to_string(), 403),
        ("signed by the same key under another name", by("other.example", 5).to_string(), 403),
        ("signed, with a bad line of the same key", spoilt.to_string(), 403),
        ("altered after signing", text.replacen("\n8\n", "\n9\n", 1), 403),
        ("a log that is not known", elsewhere, 404),
        ("rolled back", log.asks(3, 3).to_string(), 409),
        ("behind", log.asks(3, 8).to_string(), 409),
        ("from the beginning", log.asks(0, 8).to_string(), 409),
        ("ahead", log.asks(6, 8).to_string(), 409),
        ("forked at the same size", fork.asks(5, 5).to_string(), 422),
        ("forked and grown", fork.asks(5, 8).to_string(), 422),
        ("no proof", Request { proof: Vec::new(), ..grown() }.to_string(), 422),
        ("a proof of nothing", many(63), 422),
        ("a proof of something else", Request { proof: log.asks(4, 8).proof, ..grown() }.to_string(), 422),
        ("a proof in another order", shuffled.to_string(), 422),
        ("a proof of what is the same", Request { proof: vec![[0; 32]], ..log.asks(5, 5) }.to_string(), 422),
    ]
}

#[test]
fn every_refusal_has_its_status_and_changes_nothing() {
    let (place, log) = (Place::new(), Log::new(1, 3, 8));
    let witness = place.witness(&[log.verifier()]);
    assert!(is_cosigned(&witness.add_checkpoint(&log.asks(0, 5).to_string(), NOW_S), &log.checkpoint(5), NOW_S));
    let before = place.content();
    for (what, request, status) in refused() {
        let answer = witness.add_checkpoint(&request, NOW_S + 1);
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        let (content_type, body) = (answer.content_type, answer.body);
        assert_eq!(content_type == "text/x.tlog.size", status == 409, "{what}");
        assert!(if status == 409 { body == "5\n" } else { body.ends_with('\n') && !body.contains('—') }, "{what}");
        assert_eq!((seen(&witness), place.content()), (Some(log.seen(5)), before.clone()), "{what}");
    }
    let grown = witness.add_checkpoint(&log.asks(5, 8).to_string(), NOW_S + 2);
    assert!(is_cosigned(&grown, &log.checkpoint(8), NOW_S + 2), "{grown:?}");
}

#[test]
fn a_log_begins_at_any_size_without_proof_and_at_zero_with_the_empty_tree() {
    let log = Log::new(1, 0, 8);
    for first in [0, 1, 8] {
        let place = Place::new();
        let witness = place.witness(&[log.verifier()]);
        let proven = Request { proof: vec![[0; 32]], ..log.asks(0, first) }.to_string();
        assert_eq!(witness.add_checkpoint(&proven, NOW_S).status, 422, "{first}");
        assert_eq!(witness.add_checkpoint(&log.asks(1, 8).to_string(), NOW_S).body, "0\n");
        let answer = witness.add_checkpoint(&log.asks(0, first).to_string(), NOW_S);
        assert!(is_cosigned(&answer, &log.checkpoint(first), NOW_S), "{first}: {answer:?}");
        let answer = witness.add_checkpoint(&log.asks(first, 8).to_string(), NOW_S);
        assert!(is_cosigned(&answer, &log.checkpoint(8), NOW_S), "{first} to 8: {answer:?}");
    }
}

#[test]
fn an_empty_tree_has_one_root() {
    let (place, log) = (Place::new(), Log::new(1, 0, 1));
    let witness = place.witness(&[log.verifier()]);
    let key = Signer::new(ORIGIN, Algorithm::Ed25519, &[5; 32]).unwrap();
    for (root, is_good) in [([9; 32], false), (empty_root(), true)] {
        let text = Checkpoint { origin: ORIGIN.into(), size: 0, root, extensions: Vec::new() }.to_string();
        let checkpoint = Note { signatures: vec![key.sign(&text, 0)], text };
        let answer = witness.add_checkpoint(&Request { old: 0, proof: Vec::new(), checkpoint }.to_string(), NOW_S);
        assert_eq!(answer.status == 200, is_good, "{answer:?}");
    }
}

#[test]
fn the_same_tree_is_cosigned_again_at_a_later_time() {
    let (place, log) = (Place::new(), Log::new(1, 0, 5));
    let witness = place.witness(&[log.verifier()]);
    for (old, at_s) in [(0, NOW_S), (5, NOW_S + 10), (5, NOW_S + 20)] {
        let answer = witness.add_checkpoint(&log.asks(old, 5).to_string(), at_s);
        assert!(is_cosigned(&answer, &log.checkpoint(5), at_s), "{answer:?}");
    }
}

#[test]
fn what_the_log_adds_to_its_checkpoint_is_cosigned_with_it() {
    let (place, log) = (Place::new(), Log::new(1, 0, 5));
    let witness = place.witness(&[log.verifier()]);
    let (key, stranger) = (
        Signer::new(ORIGIN, Algorithm::Ed25519, &[5; 32]).unwrap(),
        Signer::new("stranger.example", Algorithm::Cosignature, &[8; 32]).unwrap(),
    );
    let text = format!("{}time 7\n", log.checkpoint(5).text);
    let signatures = vec![stranger.sign("something else\n", 0), key.sign(&text, 0)];
    let request = Request { old: 0, proof: Vec::new(), checkpoint: Note { text, signatures } };
    let answer = witness.add_checkpoint(&request.to_string(), NOW_S);
    assert!(is_cosigned(&answer, &request.checkpoint, NOW_S), "{answer:?}");
    assert_eq!(answer.body.lines().count(), 1, "only its own line");
}

#[test]
fn a_witness_without_the_time_cosigns_nothing() {
    let (place, log) = (Place::new(), Log::new(1, 0, 5));
    let witness = place.witness(&[log.verifier()]);
    let before = place.content();
    for wrong_s in [0, 1 << 63, u64::MAX] {
        assert_eq!(witness.add_checkpoint(&log.asks(0, 5).to_string(), wrong_s).status, 503);
    }
    assert_eq!((seen(&witness), place.content()), (None, before));
}
