//! Chance against a model: long walks of requests good and bad, and requests with damage.

use crate::log::Log;
use crate::{NOW_S, Place, is_cosigned, seen};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

const SEED: u64 = 17;
const FORK: u64 = 12;
const MOST: u64 = 90;

fn below(chance: &mut ChaCha8Rng, bound: u64) -> u64 {
    chance.next_u64() % bound
}

/// The model knows size and history; the witness only what it can check.
#[test]
fn a_witness_does_what_the_model_does() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let logs = [Log::new(1, FORK, MOST), Log::new(2, FORK, MOST)];
    for _ in 0..30 {
        let place = Place::new();
        let mut witness = place.witness(&[logs[0].verifier()]);
        let (mut at, mut cosigned) = (0, 0_u32);
        // To which histories what was cosigned belongs.
        let mut open = [true, true];
        for step in 0..60 {
            let which = usize::from(below(&mut chance, 4) == 0);
            let old = if below(&mut chance, 4) == 0 { below(&mut chance, MOST) } else { at };
            let new = (old + below(&mut chance, 9)).saturating_sub(below(&mut chance, 3)).min(MOST);
            let mut request = logs[which].asks(old, new);
            let is_proven = match below(&mut chance, 6) {
                0 if !request.proof.is_empty() => {
                    let hash = usize::try_from(below(&mut chance, request.proof.len() as u64)).unwrap();
                    request.proof[hash][usize::try_from(below(&mut chance, 32)).unwrap()] ^= 1;
                    false
                }
                1 => {
                    request.proof.push([3; 32]);
                    false
                }
                _ => true,
            };
            let expected = match () {
                () if old > new => 400,
                () if old != at => 409,
                () if !is_proven || !open[which] => 422,
                () => 200,
            };
            let at_s = NOW_S + step;
            let answer = witness.add_checkpoint(&request.to_string(), at_s);
            assert_eq!(answer.status, expected, "{which}: {at}, {old} to {new}: {answer:?}");
            assert_eq!(is_cosigned(&answer, &request.checkpoint, at_s), expected == 200);
            if expected == 200 {
                (at, cosigned) = (new, cosigned + 1);
                open[1 - which] &= new <= FORK;
            }
            if below(&mut chance, 20) == 0 {
                drop(witness);
                witness = place.witness(&[logs[0].verifier()]);
            }
            let expected = (cosigned > 0).then(|| logs[usize::from(!open[0])].seen(at));
            assert_eq!(seen(&witness), expected);
        }
        assert!(cosigned > 3, "the walk came some way");
    }
}

#[test]
fn a_damaged_request_gets_no_cosignature_but_for_what_the_log_signed() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let log = Log::new(1, 0, MOST);
    let start = || {
        let place = Place::new();
        let witness = place.witness(&[log.verifier()]);
        assert_eq!(witness.add_checkpoint(&log.asks(0, 33).to_string(), NOW_S).status, 200);
        (place, witness)
    };
    let mut place = start();
    for _ in 0..5_000 {
        let request = damaged(&log.asks(33, 77).to_string(), &mut chance);
        let answer = place.1.add_checkpoint(&request, NOW_S);
        if answer.status == 200 {
            // The damage undid itself: the log signed exactly this.
            assert!(is_cosigned(&answer, &log.checkpoint(77), NOW_S), "{request}");
            place = start();
        }
        assert!([200, 400, 403, 404, 409, 422].contains(&answer.status), "{answer:?}");
        assert_eq!(seen(&place.1), Some(log.seen(33)));
    }
}

/// A text with up to four bytes changed, added, taken out, or cut off from.
fn damaged(text: &str, chance: &mut ChaCha8Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=below(chance, 4) {
        let at = usize::try_from(below(chance, bytes.len() as u64)).unwrap();
        let any = u8::try_from(below(chance, 256)).unwrap();
        match below(chance, 7) {
            0 => bytes.truncate(at + 1),
            1 | 2 => bytes[at] = any,
            3 | 4 => bytes.insert(at, any),
            _ if bytes.len() > 1 => drop(bytes.remove(at)),
            _ => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
