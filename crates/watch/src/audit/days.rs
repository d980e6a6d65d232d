//! Indexes of days: whether each day that is over has one, whether they follow each other without a gap, and whether each is
//! made of all the tags that it should be.

use super::report::{Check, DAY_S, Faults, date};
use data_encoding::HEXLOWER;
use ledger::index::{Head, Index, IndexRoot, Span, Tag};
use ledger::tree::{Edge, Hash, Subtrees, leaf_hash, node_hash, root};
use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;

/// How long after midnight a day may be without its index, in seconds.
const GRACE_S: u64 = 3_600;

pub(super) struct Days {
    /// Whether the leaves are at hand.
    has_leaves: bool,
    /// The first day that need not be indexed yet.
    today: u32,
    /// Tags from `from` on, which no day has taken yet.
    tags: Vec<Tag>,
    from: u64,
    /// Where each day that was indexed begins and ends.
    indexed: BTreeMap<u32, (u64, u64)>,
    /// Tags of days, sorted; neighbours are joined when an index over both is said.
    runs: Vec<Run>,
    said: HashSet<Span>,
    pub(super) faults: Faults,
}

/// The tags of some days, sorted.
struct Run {
    first_day: u32,
    end_day: u32,
    tags: Vec<Tag>,
}

impl Days {
    /// Of a log that was cosigned at this second.
    pub(super) fn new(has_leaves: bool, cosigned_s: u64) -> Self {
        let today = u32::try_from(cosigned_s.saturating_sub(GRACE_S) / DAY_S).unwrap_or(0);
        Self {
            has_leaves,
            today,
            tags: Vec::new(),
            from: 0,
            indexed: BTreeMap::new(),
            runs: Vec::new(),
            said: HashSet::new(),
            faults: Faults::default(),
        }
    }

    /// The next leaf's tag.
    pub(super) fn tag(&mut self, tag: Tag) {
        self.tags.push(tag);
    }

    /// What the `INDEX_ROOT` entry at a position says.
    pub(super) fn said(&mut self, position: u64, said: &IndexRoot) {
        let whole = said.span.log2_days < 32 && said.span.first_day.trailing_zeros() >= said.span.log2_days.into();
        if !whole || said.span.first_day.checked_add(1 << said.span.log2_days).is_none() {
            self.faults.add(format!("the index of entry {position} is not one of whole days"));
        } else if said.from > said.to || said.to > position {
            self.faults.add(format!("{} is of entries that it cannot know", named(said.span)));
        } else if !self.said.insert(said.span) {
            self.faults.add(format!("{} is said twice", named(said.span)));
        } else if said.span.log2_days == 0 {
            self.day(said);
        } else {
            self.longer(said);
        }
    }

    fn day(&mut self, said: &IndexRoot) {
        let IndexRoot { span, from, to, .. } = *said;
        if let Some((last, (_, end))) = self.indexed.last_key_value() {
            if span.first_day != last + 1 {
                self.faults.add(format!("{} follows that of {}", named(span), date(*last)));
            }
            if from != *end {
                self.faults.add(format!("{} begins at entry {from}, and the day before ended at {end}", named(span)));
            }
        } else if from != 0 {
            self.faults.add(format!("{} is the first and begins at entry {from}", named(span)));
        }
        self.indexed.insert(span.first_day, (from, to));
        if !self.has_leaves {
            return;
        }
        // Where a gap was named above, what lies in it is left out here.
        let within = |position: u64| usize::try_from(position.saturating_sub(self.from)).expect("tags are in memory");
        let (skipped, taken) = (within(from).min(within(to)), within(to));
        let own: Vec<Tag> = self.tags.drain(..taken).skip(skipped).collect();
        self.from = self.from.max(to);
        let mut sorted = own.clone();
        sorted.sort_unstable();
        sorted.dedup();
        self.compare(said, &sorted, |tag| own.iter().position(|own| own == tag).map(|at| from + at as u64));
        self.runs.push(Run { first_day: span.first_day, end_day: span.end_day(), tags: sorted });
    }

    fn longer(&mut self, said: &IndexRoot) {
        let IndexRoot { span, from, to, .. } = *said;
        let begins = self.indexed.get(&span.first_day).map_or(0, |day| day.0);
        let ends = self.indexed.get(&(span.end_day() - 1)).map(|day| day.1);
        if (from, Some(to)) != (begins, ends) {
            self.faults.add(format!("{} does not begin and end with its days", named(span)));
            return;
        }
        if !self.has_leaves {
            return;
        }
        let first = self.runs.iter().rposition(|run| run.first_day < span.first_day).map_or(0, |at| at + 1);
        if self.runs[..first].last().is_some_and(|run| run.end_day > span.first_day) {
            self.faults.add(format!("{} comes after a longer one", named(span)));
            return;
        }
        let tags = self.runs.drain(first..).rev().fold(Vec::new(), |later, run| merged(run.tags, later));
        self.compare(said, &tags, |_| None);
        self.runs.push(Run { first_day: span.first_day, end_day: span.end_day(), tags });
    }

    fn compare(&mut self, said: &IndexRoot, tags: &[Tag], position: impl Fn(&Tag) -> Option<u64>) {
        let head = head_of(tags);
        if head == said.head {
            return;
        }
        let mut fault = format!("{} has {} tags, its entries make {}", named(said.span), said.head.size, head.size);
        if head.size == said.head.size {
            fault = format!("{} has another root than its entries make", named(said.span));
        }
        if let Some(tag) = left_out(tags, &said.head) {
            let entry = position(&tag).map(|position| format!(" of entry {position}")).unwrap_or_default();
            fault = format!("{fault}; the tag {}{entry} was left out", HEXLOWER.encode(&tag));
        }
        self.faults.add(fault);
    }

    /// The check, of a log whose first leaf is of this day.
    pub(super) fn check(&mut self, first_leaf: Option<u32>) -> Check {
        let first_day = first_leaf.or_else(|| self.indexed.keys().next().copied()).unwrap_or(self.today);
        let last = self.indexed.keys().next_back().copied();
        for day in (first_day..self.today).filter(|day| !self.indexed.contains_key(day)) {
            self.faults.add(format!("{} is over and has no index", date(day)));
            if self.indexed.is_empty() || last.is_some_and(|last| day > last) {
                break;
            }
        }
        let ended = self.indexed.keys().flat_map(|day| Span::ended_before(day + 1));
        for span in ended.filter(|span| !self.said.contains(span)) {
            self.faults.add(format!("{} is missing", named(span)));
        }
        let (days, all) = (self.indexed.len(), self.said.len());
        let how = if self.has_leaves { "and the entries make the same ones" } else { "not made again without entries" };
        self.faults.check("indexes", format!("{days} days, {all} indexes, without a gap, {how}"))
    }
}

fn named(span: Span) -> String {
    match span.log2_days {
        0 => format!("the index of {}", date(span.first_day)),
        log2 => format!("the index of {} days from {}", 1_u64 << log2, date(span.first_day)),
    }
}

/// What the log should say of the index of these tags, which are sorted.
fn head_of(tags: &[Tag]) -> Head {
    let mut edge = Edge::default();
    for tag in tags {
        edge.push(leaf_hash(tag));
    }
    Head { size: edge.size(), root: edge.root() }
}

/// Two sorted lists as one.
#[expect(clippy::stable_sort_primitive, reason = "this one merges what is sorted already")]
fn merged(left: Vec<Tag>, right: Vec<Tag>) -> Vec<Tag> {
    if left.is_empty() || right.is_empty() {
        return if left.is_empty() { right } else { left };
    }
    let mut both = [left, right].concat();
    both.sort();
    both.dedup();
    both
}

/// The tag without which the others make this head, if there is one.
fn left_out(tags: &[Tag], head: &Head) -> Option<Tag> {
    if head.size + 1 != tags.len() as u64 {
        return None;
    }
    let (all, rest) = (Index::of(tags.to_vec()), Index::of(tags[1..].to_vec()));
    let without = |gap: u64| Without { before: &all, after: &rest, gap };
    let leads = |gap: &u64| root(&without(*gap), head.size).is_ok_and(|root| root == head.root);
    let gap = (0..tags.len() as u64).find(leads)?;
    Some(tags[usize::try_from(gap).ok()?])
}

/// The tree of an index without one of its tags: before the gap it is that of all tags, after it that of all but the
/// first.
struct Without<'a> {
    before: &'a Index,
    after: &'a Index,
    gap: u64,
}

impl Subtrees for Without<'_> {
    type Error = Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        match () {
            () if (index + 1) << level <= self.gap => self.before.subtree(level, index),
            () if index << level >= self.gap => self.after.subtree(level, index),
            () => Ok(node_hash(&self.subtree(level - 1, 2 * index)?, &self.subtree(level - 1, 2 * index + 1)?)),
        }
    }
}
