//! What the key file was asked for lately: of one person come several looks.

use super::{Change, Exchange, WrappedKeys};
use registry::PersonId;
use std::collections::HashMap;
use std::sync::Mutex;

/// The most people who are kept at hand.
const MOST: usize = 100_000;

/// A person's row, or that it is being read, and by which read.
enum Hers {
    Read(u64),
    Known(WrappedKeys, u64),
}

/// People's wrapped keys, and how many of their entries are followed, exactly as the file has them.
#[derive(Default)]
pub(super) struct AtHand(Mutex<(HashMap<PersonId, Hers>, u64)>);

impl AtHand {
    /// A person's row: at hand, or by `read`.
    pub(super) fn find<E>(
        &self,
        person: PersonId,
        read: impl FnOnce() -> Result<Option<(WrappedKeys, u64)>, E>,
    ) -> Result<Option<(WrappedKeys, u64)>, E> {
        let turn = {
            let (people, reads) = &mut *self.0.lock().expect("nobody panics while holding it");
            if let Some(Hers::Known(keys, count)) = people.get(&person) {
                return Ok(Some((keys.clone(), *count)));
            }
            if people.len() >= MOST {
                people.clear();
            }
            *reads += 1;
            people.insert(person, Hers::Read(*reads));
            *reads
        };
        let found = read();
        let (people, _) = &mut *self.0.lock().expect("nobody panics while holding it");
        // Whoever wrote of her meanwhile took the mark away.
        if matches!(people.get(&person), Some(Hers::Read(mark)) if *mark == turn) {
            match &found {
                Ok(Some((keys, count))) => people.insert(person, Hers::Known(keys.clone(), *count)),
                _ => people.remove(&person),
            };
        }
        found
    }

    /// What was written: counts go on, and of whose keys changed nothing is kept. Of what failed nobody knows what the file has.
    pub(super) fn note(&self, changes: &[Change], is_written: bool) {
        let (people, _) = &mut *self.0.lock().expect("nobody panics while holding it");
        if !is_written {
            people.clear();
        }
        for change in changes {
            match change {
                Change::Note(Exchange { followed, .. }) => {
                    for (person, count) in followed {
                        match people.get_mut(person) {
                            Some(Hers::Known(_, known)) => *known = (*known).max(*count),
                            _ => drop(people.remove(person)),
                        }
                    }
                }
                Change::Enrol(keys) => drop(people.remove(&keys.person)),
                Change::Erase(person) => drop(people.remove(person)),
                Change::Rewrap(all) => all.iter().for_each(|one| drop(people.remove(&one.old.person))),
                Change::Forget { .. } => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(count: u64) -> (WrappedKeys, u64) {
        let person = PersonId::from_random([7; 16]);
        (WrappedKeys { person, data: vec![1], tag: vec![2], made_ms: 3 }, count)
    }

    fn followed(person: PersonId, count: u64) -> [Change; 1] {
        [Change::Note(Exchange { followed: vec![(person, count)], ..Exchange::default() })]
    }

    #[test]
    fn what_was_written_meanwhile_is_read_again() {
        let (at_hand, person) = (AtHand::default(), PersonId::from_random([7; 16]));
        let find = |count: Option<u64>| at_hand.find(person, || Ok::<_, ()>(count.map(row)));
        // An erasure, and another read, while the file was read: the row of before is not kept.
        let before = at_hand.find(person, || {
            at_hand.note(&[Change::Erase(person)], true);
            assert_eq!(find(None), Ok(None));
            Ok::<_, ()>(Some(row(1)))
        });
        assert_eq!(before, Ok(Some(row(1))));
        assert_eq!(find(None), Ok(None));
        assert_eq!(find(Some(2)), Ok(Some(row(2))));
        at_hand.note(&followed(person, 5), true);
        at_hand.note(&followed(person, 4), true);
        assert_eq!(find(None), Ok(Some(row(5))), "at hand, and followed as far as the file says");
        at_hand.note(&followed(person, 6), false);
        assert_eq!(find(None), Ok(None), "what failed is read again");
        assert_eq!(find(Some(5)), Ok(Some(row(5))));
        at_hand.note(&[Change::Erase(person)], true);
        assert_eq!(find(None), Ok(None), "erased");
    }
}
