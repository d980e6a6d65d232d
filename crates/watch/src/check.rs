//! A citizen's own check of *Who looked at my data*: that every row of her file is in the log, and that none is missing.
//!
//! **What a good verdict rests on.** The checkpoint is signed by the log and by as many witnesses as the policy asks for.
//! Each row opens its leaf's commitment, and the leaf is in the tree of that checkpoint. The *n*-th row bears her *n*-th
//! tag, so that no row between two others is left out. The indexes, roots of which are in the same tree, cover every
//! leaf from her registration to the end of the last whole day without a gap, and none has the first tag of hers that
//! comes after it, so that none is left out at the end either.
//!
//! **Why that tag, and not the next one of today.** An operator may hide a look of an earlier day by writing something
//! harmless under the same tag later, and listing that. Her next tag is then truly absent everywhere. But the hidden
//! look's tag stands in an index that closed before the harmless row was written, and that is the tag this asks for.
//!
//! **Why each index must have as many tags as its days have leaves.** The same tricks within one span: a tag used twice
//! stands in a sorted index once, and a tag left out is missing in the sum.
//!
//! **Clients.** Each look of a client names the consent that it rests on; that consent is a row above it with the terms that
//! she agreed to, and this counts: no look without a consent, none beyond its terms, none more than it allows.
//!
//! **What a cheating operator could still do**, and who would see it:
//!
//! - *Today.* Looks after the last index's `to` are proven to be there; that there are no others is provable when their
//!   day is over. [`Verdict::closed`] says how many rows lie before it. An entry is of the span in which it stands in the
//!   log: what is written under a time of yesterday after yesterday's index is refused, and if it is not shown, it is of
//!   today. An index dated before the end of its days is refused, for it would say more than it covers.
//! - *An old file.* It is true of its own time. [`Verdict::cosigned_s`] and [`Verdict::complete_until_day`] say of which;
//!   `waiting` is the operator's word alone. A chain that ends more than a day before the newest cosignature is refused,
//!   whatever its reason.
//! - *Another thread.* A tag key of somebody who does not exist, with a harmless history written in advance. The key is hers
//!   if it is the one that she was first given: [`Verdict::key_id`] is to be the same on every list of hers.
//! - *A lying index*, which has a made-up tag in place of hers, or two `INDEX_ROOT` entries for the same days, one of them
//!   for her. Whoever has the leaves makes every index again and compares: the auditor, every day, every one.
//! - *A tag far ahead.* A look under a number that she is not at yet stands in no place where this looks. What bars it is a
//!   key room that releases keys in the order of her count only; that cannot be seen from here.
//! - *A tag used twice in different spans*, the harmless use first. A longer index comes to cover both, and then has a
//!   tag too few; the auditor sees it at once. What bars it is a key room that takes one leaf only under each tag.
//! - *Another log*, or a look that was never logged. What bars them is the public map of logs, and a key room that opens
//!   nothing that is not in the log; that cannot be seen from here either.
//! - *A policy of the operator's own.* Without a policy from another hand the file is judged by the one that came with it,
//!   and [`Verdict::policy`] says so. The same holds of a checking program that comes from the operator.

mod consent;
mod file;

pub use file::{FORMAT, Found, Indexed, Looks, Row};

use data_encoding::HEXLOWER;
use ledger::checkpoint::Checkpoint;
use ledger::index::{self, IndexRoot, Span};
use ledger::leaf::{BUCKET_SECONDS, bucket, commitment};
use ledger::note::Note;
use ledger::policy::{BadLine, Policy, Unbelieved};
use ledger::tree::{check_inclusion, leaf_hash};
use ledger::{Entry, Kind, Leaf, TagKey, subject_tag};
use sha2::{Digest, Sha256};
use std::fmt;

const SECONDS_A_DAY: i64 = 86_400;
const BUCKETS_A_DAY: i64 = SECONDS_A_DAY / BUCKET_SECONDS;

/// What was written down at midnight may come into the log just after it, and on two machines midnight is not the same
/// moment: so many buckets are given.
const GRACE_BUCKETS: i64 = 1;

/// What was found: every row is in the log, and none is missing before the end of the last whole day that is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What the rows say, oldest first; each is in the log.
    pub looks: Vec<Entry>,
    /// How many of them lie in the days that are proven complete.
    pub closed: usize,
    /// The day, counted from the epoch in UTC, before which no row is missing; `None` while no day of hers is over.
    pub complete_until_day: Option<u32>,
    /// Rows newer than the checkpoint, by the file's own word.
    pub waiting: u64,
    /// The log's name.
    pub origin: String,
    /// Leaves in the log under the checkpoint.
    pub size: u64,
    /// Names of the policy's witnesses that signed the checkpoint.
    pub cosigners: Vec<String>,
    /// When the last of them signed, in seconds since the epoch.
    pub cosigned_s: Option<u64>,
    /// Whose policy it was.
    pub policy: Source,
    /// Her tag key's fingerprint: see [`key_id`].
    pub key_id: String,
}

/// Where the policy came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From whoever checks.
    Held,
    /// From the file itself: the same hand that wrote the rows says whom to believe.
    File,
}

/// A file is not good: where, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{place}{wrong}")]
pub struct Fault {
    /// Where in the file.
    pub place: Place,
    /// What is wrong there.
    pub wrong: Wrong,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The whole.
    File,
    /// A row of the list, counted from 1, the oldest first.
    Row(usize),
    /// An index, counted from 1, the oldest first.
    Index(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Row(number) => write!(out, "row {number}: "),
            Self::Index(number) => write!(out, "index {number}: "),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Another format.
    #[error("this is not a list of looks in the form {FORMAT}")]
    Format,
    /// The file's own policy.
    #[error("{0}")]
    Policy(BadLine),
    /// The checkpoint.
    #[error("the checkpoint is not believed: {0}")]
    Checkpoint(Unbelieved),
    /// Not one row.
    #[error("not even the registration is in the log yet")]
    Empty,
    /// Whole days are over and not indexed.
    #[error("indexes are missing for days that were over when the witnesses signed")]
    Overdue,
    /// Not a leaf.
    #[error("its leaf is not in a form that this program knows")]
    Leaf,
    /// The commitment does not open.
    #[error("what it says is not what the log committed to")]
    Commitment,
    /// Not an entry, or of a later build.
    #[error("what it says cannot be read; a newer program may know it")]
    Entry,
    /// Leaf and entry say different things.
    #[error("its public leaf says another kind, time or number of keys than the entry")]
    Contradiction,
    /// Not in the tree.
    #[error("it is not in the log at the place that the file gives")]
    Inclusion,
    /// Not the tag of this number.
    #[error("it does not bear the tag of this number: it is another person's, or one before it is missing")]
    Tag,
    /// Before the row that comes before it.
    #[error("it stands in the log before the row that it follows")]
    Order,
    /// Not of the days among whose leaves it stands.
    #[error("its time is not of the days among whose leaves it stands in the log")]
    Days,
    /// Not a root of an index.
    #[error("it is not the root of an index over whole days")]
    Statement,
    /// The first index is too late.
    #[error("it begins after the first row")]
    Start,
    /// Not the continuation of the index before it.
    #[error("it does not begin where the one before it ends")]
    Gap,
    /// Made too early.
    #[error("it was made before its days were over, or stands in the log before leaves that it speaks of")]
    Early,
    /// Not one tag for each leaf.
    #[error("it has not as many tags as its days have leaves: one was left out, or used twice")]
    Size,
    /// A client's look beyond what she consented to.
    #[error("a client looked here without a consent of this person, beyond its terms, or once too often")]
    Consent,
    /// There is a row that the file does not show.
    #[error("there is an entry about this person in its days that the file does not show")]
    Missing,
    /// It is not proven that there is none.
    #[error("it is not proven that its days have no further entry about this person")]
    Unproven,
}

impl Wrong {
    /// Stable short name: a key for words on pages.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Policy(_) => "policy",
            Self::Checkpoint(Unbelieved::Malformed) => "checkpoint",
            Self::Checkpoint(Unbelieved::UnknownLog) => "log",
            Self::Checkpoint(Unbelieved::NoQuorum) => "quorum",
            Self::Empty => "empty",
            Self::Overdue => "overdue",
            Self::Leaf => "leaf",
            Self::Commitment => "commitment",
            Self::Entry => "entry",
            Self::Contradiction => "contradiction",
            Self::Inclusion => "inclusion",
            Self::Tag => "tag",
            Self::Order => "order",
            Self::Days => "days",
            Self::Statement => "statement",
            Self::Start => "start",
            Self::Gap => "gap",
            Self::Early => "early",
            Self::Size => "size",
            Self::Consent => "consent",
            Self::Missing => "missing",
            Self::Unproven => "unproven",
        }
    }

    fn in_file(self) -> Fault {
        Fault { place: Place::File, wrong: self }
    }

    fn in_row(self, number: usize) -> Fault {
        Fault { place: Place::Row(number), wrong: self }
    }

    fn in_index(self, number: usize) -> Fault {
        Fault { place: Place::Index(number), wrong: self }
    }
}

/// The fingerprint of a tag key, for people to compare: the first half of its SHA-256, in hex.
#[must_use]
pub fn key_id(tag_key: &[u8; 32]) -> String {
    HEXLOWER.encode(&Sha256::digest(tag_key)[..16])
}

/// Checks a file under the policy that the checker holds; without one, under the file's own.
///
/// # Errors
/// [`Fault`]: the first that is met.
pub fn check(file: &Looks, held: Option<&Policy>) -> Result<Verdict, Fault> {
    if file.format != FORMAT {
        return Err(Wrong::Format.in_file());
    }
    let (policy, source) = match held {
        Some(policy) => (policy.clone(), Source::Held),
        None => (file.policy.parse().map_err(|bad| Wrong::Policy(bad).in_file())?, Source::File),
    };
    let unbelieved = |why| Wrong::Checkpoint(why).in_file();
    let note: Note = file.checkpoint.parse().map_err(|_| unbelieved(Unbelieved::Malformed))?;
    let checkpoint = policy.believes(&note).map_err(unbelieved)?;
    let cosigned: Vec<_> = policy
        .witnesses()
        .filter_map(|witness| Some((witness.key.name().to_owned(), note.vouched_by(&witness.key)?.at_s?)))
        .collect();
    let cosigned_s = cosigned.iter().map(|(_, at_s)| *at_s).max();

    let thread = thread(file, &checkpoint)?;
    if let Some(beyond) = consent::first_beyond(thread.iter().map(|proven| &proven.entry)) {
        return Err(Wrong::Consent.in_row(beyond + 1));
    }
    let registered = thread.first().ok_or(Wrong::Empty.in_file())?.leaf.bucket;
    let indexed = indexed(file, &thread, &checkpoint)?;
    let complete_until_day = indexed.map(|last| last.span.end_day());
    if let Some(at_s) = cosigned_s {
        let at_bucket = i64::try_from(at_s).unwrap_or(i64::MAX) / BUCKET_SECONDS;
        let until_day = complete_until_day.map_or(i64::from(registered) / BUCKETS_A_DAY, i64::from);
        // The index of a day is made on the next; a day of grace is for the night on which it is late.
        if at_bucket / BUCKETS_A_DAY > until_day + 1 {
            return Err(Wrong::Overdue.in_file());
        }
        if at_bucket + GRACE_BUCKETS < until_day * BUCKETS_A_DAY {
            return Err(Wrong::Early.in_index(file.indexes.len()));
        }
    }
    Ok(Verdict {
        closed: indexed.map_or(0, |last| before(&thread, last.to)),
        looks: thread.into_iter().map(|proven| proven.entry).collect(),
        complete_until_day,
        waiting: file.waiting,
        origin: checkpoint.origin,
        size: checkpoint.size,
        cosigners: cosigned.into_iter().map(|(name, _)| name).collect(),
        cosigned_s,
        policy: source,
        key_id: key_id(&file.tag_key),
    })
}

/// A row that opens its leaf, and is in the log.
struct Proven {
    position: u64,
    leaf: Leaf,
    entry: Entry,
}

impl Row {
    fn proven(&self, checkpoint: &Checkpoint) -> Result<Proven, Wrong> {
        let leaf = Leaf::decode(&self.leaf).ok_or(Wrong::Leaf)?;
        if commitment(&self.salt, &self.entry) != leaf.commit {
            return Err(Wrong::Commitment);
        }
        let entry = Entry::from_cbor(&self.entry).ok_or(Wrong::Entry)?;
        if (leaf.kind, leaf.bucket, leaf.keys_asked) != (entry.kind.wire(), bucket(entry.at_ms), entry.keys_asked()) {
            return Err(Wrong::Contradiction);
        }
        check_inclusion(self.position, checkpoint.size, &leaf_hash(&self.leaf), &self.inclusion, &checkpoint.root)
            .map_err(|_| Wrong::Inclusion)?;
        Ok(Proven { position: self.position, leaf, entry })
    }
}

/// Her rows: each in the log, under her tags in their order.
fn thread(file: &Looks, checkpoint: &Checkpoint) -> Result<Vec<Proven>, Fault> {
    let key = TagKey(file.tag_key);
    let mut thread: Vec<Proven> = Vec::with_capacity(file.entries.len());
    for (number, row) in (1..).zip(&file.entries) {
        let proven = row.proven(checkpoint).map_err(|wrong| wrong.in_row(number))?;
        if proven.leaf.subject_tag != subject_tag(&key, thread.len() as u64) {
            return Err(Wrong::Tag.in_row(number));
        }
        if thread.last().is_some_and(|before| proven.position <= before.position) {
            return Err(Wrong::Order.in_row(number));
        }
        thread.push(proven);
    }
    Ok(thread)
}

/// How many of her rows stand before a position.
fn before(thread: &[Proven], position: u64) -> usize {
    thread.partition_point(|proven| proven.position < position)
}

/// The last of the indexes, if all of them together show that no row is missing before its `to`.
fn indexed(file: &Looks, thread: &[Proven], checkpoint: &Checkpoint) -> Result<Option<IndexRoot>, Fault> {
    let key = TagKey(file.tag_key);
    let mut last: Option<IndexRoot> = None;
    for (number, index) in (1..).zip(&file.indexes) {
        let fault = |wrong: Wrong| wrong.in_index(number);
        let (said, made) = index.row.states(checkpoint).map_err(fault)?;
        match last {
            // That it begins on her first day or before follows: her rows are of the days of their index.
            None if thread.first().is_some_and(|first| first.position < said.from) => return Err(fault(Wrong::Start)),
            Some(last) if (last.to, last.span.end_day()) != (said.from, said.span.first_day) => {
                return Err(fault(Wrong::Gap));
            }
            _ => {}
        }
        let (begin, end) = (before(thread, said.from), before(thread, said.to));
        if let Some(row) = (begin..end).find(|row| !is_between(thread[*row].leaf.bucket, said.span, made)) {
            return Err(Wrong::Days.in_row(row + 1));
        }
        let after = subject_tag(&key, end as u64);
        match index::Found::from(index.found.clone()).is_in(&after, &said.head) {
            Ok(false) => last = Some(said),
            Ok(true) => return Err(fault(Wrong::Missing)),
            Err(_) => return Err(fault(Wrong::Unproven)),
        }
    }
    Ok(last)
}

impl Row {
    /// What an `INDEX_ROOT` entry says of its index, where that can be, and the bucket in which it was made.
    fn states(&self, checkpoint: &Checkpoint) -> Result<(IndexRoot, u32), Wrong> {
        let proven = self.proven(checkpoint)?;
        let said = IndexRoot::from_cbor(&proven.entry.statement).ok_or(Wrong::Statement)?;
        if proven.entry.kind != Kind::IndexRoot || !is_whole(said.span) {
            return Err(Wrong::Statement);
        }
        let over = i64::from(said.span.end_day()) * BUCKETS_A_DAY;
        if proven.position < said.to || i64::from(proven.leaf.bucket) + GRACE_BUCKETS < over {
            return Err(Wrong::Early);
        }
        if said.to.checked_sub(said.from) != Some(said.head.size) {
            return Err(Wrong::Size);
        }
        Ok((said, proven.leaf.bucket))
    }
}

/// Whether a span begins at a multiple of its length, and its days can be counted.
fn is_whole(span: Span) -> bool {
    let days = 1_u32.checked_shl(span.log2_days.into());
    days.is_some_and(|days| span.first_day.is_multiple_of(days) && span.first_day.checked_add(days).is_some())
}

/// Whether a bucket lies between the begin of a span and the bucket in which its index was made.
fn is_between(bucket: u32, span: Span, made: u32) -> bool {
    let first = i64::from(span.first_day) * BUCKETS_A_DAY;
    (first - GRACE_BUCKETS..=i64::from(made) + GRACE_BUCKETS).contains(&i64::from(bucket))
}
