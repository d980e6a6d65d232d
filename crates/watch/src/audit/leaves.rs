//! The leaves, one after the other: their form, their time, and how many there are of what.

use super::report::{Busy, Check, Faults, Report, date};
use data_encoding::HEXLOWER;
use ledger::entry::Kind;
use ledger::leaf::{BUCKET_SECONDS, Leaf};
use std::collections::{BTreeMap, HashMap};

/// Buckets of a day.
const BUCKETS: u32 = 144;

/// Actors that are named.
const BUSIEST: usize = 10;

#[derive(Default)]
pub(super) struct Leaves {
    count: u64,
    form: Faults,
    time: Faults,
    kinds: BTreeMap<u8, u64>,
    /// The latest bucket so far.
    latest: u32,
    /// The last bucket that a leaf may have when the checkpoint was cosigned.
    last: Option<u32>,
    /// Leaves from this position on came after this bucket had begun.
    since: Option<(u64, u32)>,
    first_day: Option<u32>,
    day: u32,
    /// Entries of that day, by the tags of their actors.
    actors: HashMap<[u8; 32], u64>,
}

impl Leaves {
    /// Of a log that was cosigned at this second, and before with so many entries at that one.
    pub(super) fn new(cosigned_s: Option<u64>, since: Option<(u64, u64)>) -> Self {
        let since = since.map(|(size, at_s)| (size, bucket(at_s)));
        Self { last: cosigned_s.map(|at_s| bucket(at_s).saturating_add(1)), since, ..Self::default() }
    }

    /// The next leaf, if it is one.
    pub(super) fn take(&mut self, position: u64, bytes: &[u8]) -> Option<Leaf> {
        let leaf = bytes.try_into().ok().and_then(Leaf::decode);
        let Some(leaf) = leaf else {
            self.form.add(format!("entry {position} is not a leaf"));
            return None;
        };
        self.count += 1;
        *self.kinds.entry(leaf.kind).or_default() += 1;
        self.timely(position, leaf.bucket);
        let day = leaf.bucket / BUCKETS;
        self.first_day.get_or_insert(day);
        if day > self.day {
            (self.day, self.actors) = (day, HashMap::new());
        }
        if day == self.day {
            *self.actors.entry(leaf.actor_tag).or_default() += 1;
        }
        Some(leaf)
    }

    fn timely(&mut self, position: u64, bucket: u32) {
        if let Some((_, seen)) = self.since.filter(|(size, _)| position >= *size) {
            self.latest = self.latest.max(seen);
            self.since = None;
        }
        if self.last.is_some_and(|last| bucket > last) {
            self.time.add(format!("entry {position} is dated ahead of the checkpoint's cosignatures"));
        } else if bucket.saturating_add(1) < self.latest {
            let minutes = (self.latest - bucket) * 10;
            self.time.add(format!("entry {position} is backdated: {minutes} minutes before what stands before it"));
        } else {
            self.latest = self.latest.max(bucket);
        }
    }

    pub(super) fn form(&self) -> Check {
        let unknown: u64 =
            self.kinds.iter().filter(|(kind, _)| Kind::from_wire(**kind).is_none()).map(|(_, many)| many).sum();
        self.form.check("leaves", format!("{} leaves, {unknown} of a kind that is not known here", self.count))
    }

    pub(super) fn time(&self) -> Check {
        self.time.check("time", "no entry is backdated, and none is ahead of the cosignatures".into())
    }

    /// The day of the first leaf.
    pub(super) fn first_day(&self) -> Option<u32> {
        self.first_day
    }

    pub(super) fn count(&self, report: &mut Report) {
        let name =
            |kind: u8| Kind::from_wire(kind).map_or_else(|| format!("kind {kind}"), |kind| kind.code().to_owned());
        report.kinds = self.kinds.iter().map(|(kind, many)| (name(*kind), *many)).collect();
        report.last_day = self.first_day.map(|_| date(self.day));
        let mut busiest: Vec<(u64, &[u8; 32])> = self.actors.iter().map(|(tag, entries)| (*entries, tag)).collect();
        busiest.sort_unstable_by(|a, b| b.cmp(a));
        let busy = |(entries, tag): &(u64, &[u8; 32])| Busy { actor_tag: HEXLOWER.encode(*tag), entries: *entries };
        report.busiest = busiest.iter().take(BUSIEST).map(busy).collect();
    }
}

fn bucket(at_s: u64) -> u32 {
    u32::try_from(at_s / BUCKET_SECONDS.unsigned_abs()).unwrap_or(u32::MAX)
}
