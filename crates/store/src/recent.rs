//! Leaves that this node committed last, at hand: a tree that is not far behind grows by them without a read.

use ledger::LEAF_BYTES;
use std::collections::VecDeque;
use std::sync::Mutex;

/// So many are kept, and sometimes a batch more.
const KEPT: usize = 4096;

/// Leaves in the order of their positions, without a gap.
#[derive(Default)]
pub(crate) struct Recent(Mutex<(u64, VecDeque<[u8; LEAF_BYTES]>)>);

impl Recent {
    /// Notes leaves that are durable, and the position of the first. Where another node wrote between, what is before it is
    /// forgotten.
    pub(crate) fn note(&self, begin: u64, committed: Vec<[u8; LEAF_BYTES]>) {
        let mut kept = self.0.lock().expect("nobody panics while holding it");
        let (first, leaves) = &mut *kept;
        if *first + leaves.len() as u64 != begin {
            leaves.clear();
            *first = begin;
        }
        let too_many = leaves.len().saturating_sub(KEPT);
        leaves.drain(..too_many);
        *first += too_many as u64;
        leaves.extend(committed);
    }

    /// The leaves from a position on; none where it is not at hand.
    pub(crate) fn from(&self, position: u64) -> Vec<[u8; LEAF_BYTES]> {
        let kept = self.0.lock().expect("nobody panics while holding it");
        let skipped = position.checked_sub(kept.0).and_then(|skipped| usize::try_from(skipped).ok());
        kept.1.iter().skip(skipped.unwrap_or(usize::MAX)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(n: u8) -> [u8; LEAF_BYTES] {
        [n; LEAF_BYTES]
    }

    #[test]
    fn what_follows_is_at_hand_and_nothing_is_across_a_gap() {
        let recent = Recent::default();
        recent.note(7, vec![leaf(7), leaf(8)]);
        recent.note(9, vec![leaf(9)]);
        let cases: [(u64, &[u8]); 5] = [(6, &[]), (7, &[7, 8, 9]), (9, &[9]), (10, &[]), (90, &[])];
        for (from, found) in cases {
            assert_eq!(recent.from(from), found.iter().copied().map(leaf).collect::<Vec<_>>(), "from {from}");
        }
        recent.note(12, vec![leaf(12)]);
        assert_eq!((recent.from(9), recent.from(12)), (Vec::new(), vec![leaf(12)]));
    }

    #[test]
    fn no_more_is_kept_than_is_of_use() {
        let recent = Recent::default();
        (0..3).for_each(|batch| recent.note(batch * 4096, vec![leaf(1); 4096]));
        assert_eq!((recent.from(4095).len(), recent.from(4096).len()), (0, 8192));
    }
}
