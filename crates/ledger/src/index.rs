//! The index of subject tags: who knows a tag can prove from it that the log has an entry under it, or that it has none.
//!
//! An index holds the tags of 2ⁿ whole days, sorted, as the leaves of a tree. Its root is a public entry of the log, and
//! anyone who has the log can make it again. A tag that is absent is proven so by its two neighbours.

use crate::entry::byte_string::Bytes;
use crate::tree::{Hash, Subtrees, Unproven, empty_root, leaf_hash, node_hash};
use std::convert::Infallible;

/// A subject's tag.
pub type Tag = [u8; 32];

/// Days that one index covers: 2^`log2_days` of them, from a multiple of their number since the epoch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first day, counted from the epoch.
    pub first_day: u32,
    /// How many days, as a power of two.
    pub log2_days: u8,
}

impl Span {
    /// The day after its last.
    #[must_use]
    pub fn end_day(self) -> u32 {
        self.first_day + (1 << self.log2_days)
    }

    /// The spans that end with the day before `today`: each is to be indexed when its last day is over.
    pub fn ended_before(today: u32) -> impl Iterator<Item = Self> {
        (0..=today.trailing_zeros().min(31)).filter_map(move |log2| {
            let first_day = today.checked_sub(1 << log2)?;
            Some(Self { first_day, log2_days: u8::try_from(log2).expect("at most 31") })
        })
    }

    /// The fewest spans that cover every day from `from` to the day before `today`, the longest and oldest first. The
    /// first may begin earlier, which costs nothing: there is no tag of hers.
    #[must_use]
    pub fn covering(from: u32, today: u32) -> Vec<Self> {
        let mut first_day = 0;
        let digits = (0..32_u8).rev().filter(|log2| today >> log2 & 1 == 1);
        let spans = digits.map(|log2_days| {
            let span = Self { first_day, log2_days };
            first_day = span.end_day();
            span
        });
        spans.filter(|span| span.end_day() > from).collect()
    }
}

/// An index, whole: for the log, the auditor, and whoever draws proofs from it.
pub struct Index {
    tags: Vec<Tag>,
    /// The hashes of complete subtrees, the leaves' row first.
    rows: Vec<Vec<Hash>>,
}

/// What the log says of an index, in a public entry. Both belong together: a root alone does not say how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Tags in the index.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// The statement of an `INDEX_ROOT` entry: which leaves an index is made of, and its head. The leaves of a day stand
/// between those of the day before and those of the day after: `to` of one span is `from` of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexRoot {
    /// Its days.
    pub span: Span,
    /// Position of the first leaf of these days.
    pub from: u64,
    /// Position after the last.
    pub to: u64,
    /// Its tags and root.
    pub head: Head,
}

impl IndexRoot {
    /// CBOR: one array `[first day, log2 of days, from, to, tags, root]`.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        let (Span { first_day, log2_days }, Head { size, root }) = (self.span, self.head);
        let mut out = Vec::with_capacity(56);
        let wire = (first_day, log2_days, self.from, self.to, size, Bytes(root));
        ciborium::into_writer(&wire, &mut out).expect("writing to memory does not fail");
        out
    }

    /// The statement from its CBOR; `None` if it is not one, or not in its one encoding.
    #[must_use]
    pub fn from_cbor(bytes: &[u8]) -> Option<Self> {
        let (first_day, log2_days, from, to, size, root): (u32, u8, u64, u64, u64, Bytes<Hash>) =
            ciborium::from_reader(bytes).ok()?;
        let said = Self { span: Span { first_day, log2_days }, from, to, head: Head { size, root: root.0 } };
        (said.to_cbor() == bytes).then_some(said)
    }
}

/// What an index answers about a tag: the leaves around it, and what is needed to find the root again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The number of the first of `tags`.
    pub first: u64,
    /// The tag alone, if it is there; otherwise its neighbours, of which one is missing at either end.
    pub tags: Vec<Tag>,
    /// The subtrees beside them, from left to right.
    pub proof: Vec<Hash>,
}

impl Index {
    /// The index of these tags, in any order.
    #[must_use]
    pub fn of(mut tags: Vec<Tag>) -> Self {
        tags.sort_unstable();
        tags.dedup();
        let mut rows = vec![tags.iter().map(|tag| leaf_hash(tag)).collect::<Vec<_>>()];
        while let Some(below) = rows.last().filter(|row| row.len() > 1) {
            rows.push(below.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect());
        }
        Self { tags, rows }
    }

    /// What the log is to say of it.
    #[must_use]
    pub fn head(&self) -> Head {
        let size = self.tags.len() as u64;
        let Ok(root) = crate::tree::root(self, size);
        Head { size, root }
    }

    /// Where a tag is, or where it would be.
    #[must_use]
    pub fn find(&self, tag: &Tag) -> Found {
        let (first, end) = match self.tags.binary_search(tag) {
            Ok(at) => (at, at + 1),
            Err(at) => (at.saturating_sub(1), (at + 1).min(self.tags.len())),
        };
        let mut proof = Vec::new();
        if !self.tags.is_empty() {
            self.beside(0, self.tags.len() as u64, first as u64, end as u64, &mut proof);
        }
        Found { first: first as u64, tags: self.tags[first..end].to_vec(), proof }
    }

    /// The subtrees of `low..high` that have none of the leaves `first..end`.
    fn beside(&self, low: u64, high: u64, first: u64, end: u64, proof: &mut Vec<Hash>) {
        if high <= first || end <= low {
            let Ok(hash) = crate::tree::span(self, low, high);
            proof.push(hash);
        } else if high - low > 1 {
            let middle = low + crate::tree::left_of(high - low);
            self.beside(low, middle, first, end, proof);
            self.beside(middle, high, first, end, proof);
        }
    }
}

impl Subtrees for Index {
    type Error = Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.rows[level as usize][usize::try_from(index).expect("an index is in memory")])
    }
}

impl Found {
    /// Whether the tag is in the index of this head: proven, either way.
    ///
    /// # Errors
    /// [`Unproven`] when this does not say it of this tag and this head.
    pub fn is_in(&self, tag: &Tag, head: &Head) -> Result<bool, Unproven> {
        self.leads_to(head).then_some(()).ok_or(Unproven)?;
        let end = self.first + self.tags.len() as u64;
        match self.tags[..] {
            [] if head.size == 0 => Ok(false),
            [one] if one == *tag => Ok(true),
            [one] if self.first == 0 && *tag < one => Ok(false),
            [one] if end == head.size && one < *tag => Ok(false),
            [left, right] if left < *tag && *tag < right => Ok(false),
            _ => Err(Unproven),
        }
    }

    fn leads_to(&self, head: &Head) -> bool {
        if head.size == 0 {
            return self.first == 0 && self.tags.is_empty() && self.proof.is_empty() && head.root == empty_root();
        }
        let within = self.first.checked_add(self.tags.len() as u64).is_some_and(|end| end <= head.size);
        let mut parts = (self.tags.iter(), self.proof.iter());
        within
            && self.fold(0, head.size, &mut parts) == Some(head.root)
            && parts.0.next().is_none()
            && parts.1.next().is_none()
    }

    /// The hash over `low..high`, from tags and proof in their order.
    fn fold<'a>(
        &self,
        low: u64,
        high: u64,
        parts: &mut (impl Iterator<Item = &'a Tag>, impl Iterator<Item = &'a Hash>),
    ) -> Option<Hash> {
        let end = self.first + self.tags.len() as u64;
        if high <= self.first || end <= low {
            return parts.1.next().copied();
        }
        if high - low == 1 {
            return parts.0.next().map(|tag| leaf_hash(tag));
        }
        let middle = low + crate::tree::left_of(high - low);
        Some(node_hash(&self.fold(low, middle, parts)?, &self.fold(middle, high, parts)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(n: u16) -> Tag {
        let mut tag = [0; 32];
        tag[..2].copy_from_slice(&n.to_be_bytes());
        tag
    }

    #[test]
    fn every_tag_is_proven_to_be_there_or_not() {
        for size in 0..18_u16 {
            // Even numbers are there; odd ones fall between, before and after.
            let index = Index::of((1..=size).rev().map(|n| tag(2 * n)).collect());
            let head = index.head();
            for n in 1..=2 * size + 3 {
                let found = index.find(&tag(n));
                let is_there = n % 2 == 0 && n <= 2 * size;
                assert_eq!(found.is_in(&tag(n), &head), Ok(is_there), "{n} of {size}");
                let another = Head { root: leaf_hash(b"another root"), ..head };
                assert_eq!(found.is_in(&tag(n), &another), Err(Unproven));
                // What it says of others, if it says anything, is true.
                for other in 1..=2 * size + 3 {
                    let is_there = other % 2 == 0 && other <= 2 * size;
                    assert_ne!(found.is_in(&tag(other), &head), Ok(!is_there));
                }
            }
        }
    }

    #[test]
    fn a_tag_cannot_be_hidden_between_others_than_its_neighbours() {
        let index = Index::of((1..=20).map(|n| tag(2 * n)).collect());
        let head = index.head();
        let honest = index.find(&tag(11));
        assert_eq!(honest.tags, [tag(10), tag(12)]);
        // As if twelve were not there: its neighbours on the right do not lead to the root.
        let wider = Found { tags: vec![tag(10), tag(14)], ..honest.clone() };
        let shifted = Found { first: honest.first + 1, ..honest.clone() };
        let mut longer = honest.clone();
        longer.proof.push(head.root);
        let overflow = Found { first: u64::MAX, ..honest.clone() };
        for forged in [wider, shifted, longer, overflow] {
            assert_eq!(forged.is_in(&tag(12), &head), Err(Unproven));
            assert_eq!(forged.is_in(&tag(11), &head), Err(Unproven));
        }
        // The last one is the last only where the log says how many there are.
        let last = index.find(&tag(41));
        assert_eq!(last.is_in(&tag(41), &head), Ok(false));
        assert_eq!(last.is_in(&tag(41), &Head { size: 21, ..head }), Err(Unproven));
    }

    #[test]
    fn the_statement_of_an_index_has_one_encoding() {
        let said = IndexRoot {
            span: Span { first_day: 20_779, log2_days: 2 },
            from: 3,
            to: 70_000,
            head: Head { size: 69_997, root: [7; 32] },
        };
        assert_eq!(IndexRoot::from_cbor(&said.to_cbor()), Some(said));
        let longer = [said.to_cbor(), vec![0]].concat();
        assert_eq!(IndexRoot::from_cbor(&longer), None);
    }

    #[test]
    fn spans_are_whole_and_cover_every_day_once() {
        let days = |log2: u8| 1_u32 << log2;
        for today in 1..200_u32 {
            for span in Span::ended_before(today) {
                assert_eq!((span.end_day(), span.first_day % days(span.log2_days)), (today, 0));
            }
            for from in 0..today {
                let spans = Span::covering(from, today);
                assert!(spans[0].first_day <= from);
                assert_eq!(spans.last().unwrap().end_day(), today);
                assert!(spans.windows(2).all(|pair| pair[0].end_day() == pair[1].first_day));
                let made = |span: &Span| Span::ended_before(span.end_day()).any(|ended| ended == *span);
                assert!(spans.iter().all(made), "every one of them was made in its time");
            }
        }
    }

    /// Three years of a nation, ten million tags on a day: a proof of each span, by the depth of its tree.
    #[test]
    fn three_years_are_proven_in_twelve_kilobytes() {
        let today = 20_779;
        let spans = Span::covering(today - 3 * 365, today);
        let bytes: u32 = spans
            .iter()
            .map(|span| {
                let depth = 24 + u32::from(span.log2_days);
                // Two neighbours, and beside them on average one subtree more than a single leaf has.
                32 * (2 + depth + 1) + 16
            })
            .sum();
        assert!(spans.len() <= 11 && bytes <= 12_000, "{} spans, {bytes} bytes", spans.len());
    }
}
