//! What the tests of another witness ask of it (FiloSottile/torchwood, `cmd/litewitness/testdata`), with the answers
//! that tlog-witness v1.0.0 wants. Signatures and hashes are theirs; the log is a Sigsum log with a published test key.

use crate::{NOW_S, Place, is_cosigned};
use ledger::note::{Note, Verifier};
use watch::witness::Answer;

const ORIGIN: &str = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
/// The same origin but for its last letter.
const OTHER_ORIGIN: &str = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e563";
const KEY: &str = "+5202289b+Af/cLU2Y5BJNP+r3iMDC+av9eWCD0fBJVDfzAux5zxAP";

const ROOT_1: &str = "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const ROOT_3: &str = "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=";
const ROOT_5: &str = "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=";

const SIGNED_1: &str = "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=";
const SIGNED_3: &str = "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=";
const SIGNED_5: &str = "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=";
/// That of 3 with its last byte changed.
const BADLY_SIGNED_3: &str =
    "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6gs=";
/// That of 3 with bits after its end that no byte has: no base64 as RFC 4648 wants it.
const MISSPELT_3: &str = "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6gx=";

const NONE: &[&str] = &[];
const PROOF_1_3: &[&str] =
    &["KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="];
const WRONG_PROOF_1_3: &[&str] =
    &["KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABA="];
const PROOF_1_5: &[&str] = &[
    "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=",
    "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
];
const PROOF_3_5: &[&str] = &[
    "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "KgMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=",
    "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
];

#[test]
fn the_published_walk_of_a_log_is_answered_as_published() {
    let place = Place::new();
    let key: Verifier = format!("{ORIGIN}{KEY}").parse().unwrap();
    let witness = place.witness(&[key]);
    // Their witness says 403 where the log is unknown, and reads base64 with loose ends: 404 and 400 here.
    for (what, origin, (old, proof), (size, root, signed), status, body) in [
        ("the first tree", ORIGIN, (0, NONE), (1, ROOT_1, SIGNED_1), 200, None),
        ("a bad signature", ORIGIN, (1, PROOF_1_3), (3, ROOT_3, BADLY_SIGNED_3), 403, None),
        ("a signature with loose ends", ORIGIN, (1, PROOF_1_3), (3, ROOT_3, MISSPELT_3), 400, None),
        ("an unknown log", OTHER_ORIGIN, (1, PROOF_1_3), (3, ROOT_3, SIGNED_3), 404, None),
        ("no proof", ORIGIN, (1, NONE), (3, ROOT_3, SIGNED_3), 422, None),
        ("a wrong proof", ORIGIN, (1, WRONG_PROOF_1_3), (3, ROOT_3, SIGNED_3), 422, None),
        ("growth", ORIGIN, (1, PROOF_1_3), (3, ROOT_3, SIGNED_3), 200, None),
        ("growth from what is no longer the last", ORIGIN, (1, PROOF_1_5), (5, ROOT_5, SIGNED_5), 409, Some("3\n")),
        ("growth again", ORIGIN, (3, PROOF_3_5), (5, ROOT_5, SIGNED_5), 200, None),
        ("from the beginning", ORIGIN, (0, NONE), (5, ROOT_5, SIGNED_5), 409, Some("5\n")),
    ] {
        let proof = proof.iter().flat_map(|hash| [hash, "\n"]).collect::<String>();
        let checkpoint = format!("{origin}\n{size}\n{root}\n\n— {origin} {signed}\n");
        let answer: Answer = witness.add_checkpoint(&format!("old {old}\n{proof}\n{checkpoint}"), NOW_S);
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        let cosigned = checkpoint.parse().is_ok_and(|note: Note| is_cosigned(&answer, &note, NOW_S));
        assert_eq!(cosigned, status == 200, "{what}: {answer:?}");
        assert!(body.is_none_or(|body| answer.body == body), "{what}: {answer:?}");
    }
}

#[test]
fn another_published_log_is_cosigned_beside_it() {
    let place = Place::new();
    let origin = "sigsum.org/v1/tree/985ea163f5af026723561354f51f2ebcdcf2af809ce254ccfb64aa9aadd80f90";
    let key = format!("{origin}+ec1293d2+AVLAXtrRv1/v+oE1T6rlmmVdmpoaeT7S9iw5wmwL4q7N");
    let logs: [Verifier; 2] = [format!("{ORIGIN}{KEY}").parse().unwrap(), key.parse().unwrap()];
    let signed = "7BKT0gOfNZ1J0So9unY3BZtm2YkPIoNYM/dce0Z2avJDs8dxN6ts9bOSwwrVrbjm6P9K3ZxpK6jJngOG6YvGGzV/lwo=";
    let checkpoint = format!("{origin}\n1\n{ROOT_1}\n\n— {origin} {signed}\n");
    let witness = place.witness(&logs);
    let answer = witness.add_checkpoint(&format!("old 0\n\n{checkpoint}"), NOW_S);
    assert!(is_cosigned(&answer, &checkpoint.parse().unwrap(), NOW_S), "{answer:?}");
    let sizes: Vec<_> = witness.logs().map(|(_, seen)| seen.map(|seen| seen.size)).collect();
    assert_eq!(sizes, [None, Some(1)]);
    let first = format!("{ORIGIN}\n1\n{ROOT_1}\n\n— {ORIGIN} {SIGNED_1}\n");
    let answer = witness.add_checkpoint(&format!("old 0\n\n{first}"), NOW_S);
    assert!(is_cosigned(&answer, &first.parse().unwrap(), NOW_S), "each log has a state of its own: {answer:?}");
}
