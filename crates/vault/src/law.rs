//! The law, watched all the time: no more keys go out than entries ask for. One beyond it is an alarm; keys that were asked
//! and never fetched are no harm, but many of them in an hour are a warning.

use crate::{Refused, Vault};
use ledger::audit::Counters;
use ledger::note::Note;
use ledger::{LEAF_BYTES, Leaf};
use std::collections::VecDeque;

const HOUR_MS: i64 = 3_600_000;

/// Keys of an entry can be fetched for thirty seconds; after this long it is settled what was.
const SETTLED_MS: i64 = 40_000;

/// Leaves that are read at once: so a long log is summed up over some minutes after a start.
const AT_ONCE: u64 = 200_000;

/// A share is said of so many keys or more.
const FEWEST: u64 = 100;

/// How the law stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Law {
    /// Keys that the log's entries have asked for.
    pub asked: u64,
    /// Keys that the key room says have gone out.
    pub released: u64,
    /// Keys asked in the last hour, and how many of them were never fetched.
    pub hour: (u64, u64),
    /// Whether more went out than were asked, once or now: it stays so until the process ends.
    pub is_broken: bool,
}

impl Law {
    /// Whether more than one in a hundred keys of the last hour were asked in vain.
    #[must_use]
    pub fn wastes(&self) -> bool {
        let (asked, lapsed) = self.hour;
        asked >= FEWEST && lapsed * 100 > asked
    }
}

/// What was summed up so far.
#[derive(Default)]
pub(crate) struct Watched {
    law: Option<Law>,
    /// Leaves that are summed up, and the keys that they ask.
    leaves: (u64, u64),
    /// How long the log was at moments of the last hour.
    sizes: VecDeque<(i64, u64)>,
}

impl Vault {
    /// How the law stands, as it was watched last; `None` until the whole log was summed up once.
    #[must_use]
    pub fn law(&self) -> Option<Law> {
        self.law.lock().expect("nobody panics while holding it").law
    }

    /// Looks whether the law holds, from the leaves and from what the key room signs; raises the alarm when it does not.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn watch_law(&self) -> Result<Option<Law>, Refused> {
        let now_ms = self.now_ms();
        // What went out first, then the log: an entry stands before its keys go.
        let note: Note = self.keys.counters(now_ms).await?;
        let (counters, _) = Counters::of(&note, self.keys.cosigner()).map_err(|_| Refused::Unavailable)?;
        let size = self.store.read(store::Reader::log_size).await?;
        let ((from, before), was_broken, oldest, settled) = {
            let mut watched = self.law.lock().expect("nobody panics while holding it");
            watched.sizes.push_back((now_ms, size));
            watched.sizes.retain(|(at_ms, _)| *at_ms > now_ms - HOUR_MS - SETTLED_MS);
            let settled = watched.sizes.iter().rev().find(|(at_ms, _)| *at_ms <= now_ms - SETTLED_MS);
            let oldest = watched.sizes.front().map_or(size, |(_, size)| *size);
            let was_broken = watched.law.is_some_and(|law| law.is_broken);
            (watched.leaves, was_broken, oldest, settled.map_or(oldest, |(_, size)| *size))
        };
        let to = size.min(from + AT_ONCE);
        let asked = before + self.log.leaves(from, to).await?.iter().map(asked_by).sum::<u64>();
        let (hour, is_within) = self.law_between(oldest, settled).await?;
        let is_whole = to == size;
        let over = is_whole && counters.released > asked;
        let law = Law { asked, released: counters.released, hour, is_broken: was_broken || over || !is_within };
        if law.is_broken {
            tracing::error!(asked, released = law.released, "ALARM: keys went out that no entry asked for");
        } else if law.wastes() {
            tracing::warn!(asked = hour.0, lapsed = hour.1, "many keys of the last hour were asked and never fetched");
        }
        let mut watched = self.law.lock().expect("nobody panics while holding it");
        (watched.leaves, watched.law) = ((to, asked), Some(law).filter(|_| is_whole || law.is_broken));
        Ok(watched.law)
    }

    /// Keys that entries between two positions asked and were never sent, and whether none was sent more than it asked.
    async fn law_between(&self, from: u64, to: u64) -> Result<((u64, u64), bool), Refused> {
        let mut asked: Vec<u64> = self.log.leaves(from, to).await?.iter().map(asked_by).collect();
        let all: u64 = asked.iter().sum();
        let mut is_within = true;
        for (position, keys) in self.keys.released_between(from, to).await? {
            let left =
                usize::try_from(position - from).ok().and_then(|at| asked.get_mut(at)).ok_or(Refused::Unavailable)?;
            is_within &= u64::from(keys) <= *left;
            *left = left.saturating_sub(u64::from(keys));
        }
        Ok(((all, asked.iter().sum()), is_within))
    }
}

fn asked_by(leaf: &[u8; LEAF_BYTES]) -> u64 {
    Leaf::decode(leaf).map_or(0, |leaf| leaf.keys_asked.into())
}
