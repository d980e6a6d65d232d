//! Many requests at once, over two histories of one log: one history is cosigned.

use crate::log::Log;
use crate::{NOW_S, Place, seen};
use std::collections::BTreeSet;
use std::sync::{Barrier, Mutex};
use std::thread;

const THREADS: u64 = 64;
/// The leaves that both histories share.
const FORK: u64 = 10;
const MOST: u64 = 300;

#[test]
fn threads_that_race_never_get_two_trees_that_do_not_continue_each_other() {
    let place = Place::new();
    let histories = [Log::new(1, FORK, MOST), Log::new(2, FORK, MOST)];
    let witness = place.witness(&[histories[0].verifier()]);
    assert_eq!(witness.add_checkpoint(&histories[0].asks(0, FORK).to_string(), NOW_S).status, 200);
    let (start, cosigned) = (Barrier::new(64), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (witness, start, cosigned) = (&witness, &start, &cosigned);
            let (which, log) = (thread % 2, &histories[usize::from(thread % 2 == 1)]);
            scope.spawn(move || {
                start.wait();
                // Each wants a size of its own, asks from where it is told that the witness is, and at last gives up.
                let (mut old, new) = (FORK, FORK + 1 + thread * 4);
                while old <= new {
                    let answer = witness.add_checkpoint(&log.asks(old, new).to_string(), NOW_S);
                    match answer.status {
                        200 => return cosigned.lock().unwrap().push((new, which)),
                        409 if answer.body != format!("{old}\n") => old = answer.body.trim_end().parse().unwrap(),
                        409 | 422 => return,
                        other => panic!("{other}: {}", answer.body),
                    }
                }
            });
        }
    });
    let cosigned = cosigned.into_inner().unwrap();
    let winners: BTreeSet<u64> = cosigned.iter().map(|(_, which)| *which).collect();
    assert_eq!(winners.len(), 1, "one history goes on: {cosigned:?}");
    // No tree was cosigned after a larger one: the largest is the last, here and on the disk.
    let (largest, which) = *cosigned.iter().max().unwrap();
    let last = histories[usize::from(which == 1)].seen(largest);
    assert_eq!(seen(&witness), Some(last));
    let key = histories[0].verifier();
    drop(witness);
    assert_eq!(seen(&place.witness(&[key])), Some(last));
}

#[test]
fn of_many_first_trees_one_is_cosigned() {
    for _ in 0..10 {
        let place = Place::new();
        let histories: Vec<Log> = (1..=8).map(|history| Log::new(history, 0, 4)).collect();
        let witness = place.witness(&[histories[0].verifier()]);
        let start = Barrier::new(8);
        let cosigned: usize = thread::scope(|scope| {
            let asking = |log| {
                let (witness, start) = (&witness, &start);
                scope.spawn(move || {
                    start.wait();
                    usize::from(witness.add_checkpoint(&Log::asks(log, 0, 4).to_string(), NOW_S).status == 200)
                })
            };
            let asked: Vec<_> = histories.iter().map(asking).collect();
            asked.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(cosigned, 1);
    }
}
