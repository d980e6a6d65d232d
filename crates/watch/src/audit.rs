//! An auditor of a log: whether it is what its witnesses cosigned, whole and in order, and whether what it says of itself is
//! true. Whatever the operator may say, everything here is computed again from the log's files.
//!
//! Entries are streamed. What is kept of each is 34 bytes: its subject tag, from which the indexes are made again, and how
//! many keys it asked for.

mod days;
mod files;
mod keys;
mod leaves;
mod openings;
mod orders;
mod report;
mod tree;

pub use report::{Busy, Check, Report};

use days::Days;
use files::{Batch, Files};
use keys::Keys;
use leaves::Leaves;
use ledger::checkpoint::Checkpoint;
use ledger::entry::{Entry, Kind};
use ledger::erasure::Erasure;
use ledger::index::IndexRoot;
use ledger::note::{Malformed, Note, Verifier};
use ledger::policy::Policy;
use ledger::restored::Restored;
use ledger::tree::{Hash, leaf_hash};
use openings::{Draw, Erasures, Public};
use orders::Orders;
use report::{Faults, instant};
use tree::Tree;

/// A checkpoint that nobody has cosigned for longer is stale, in seconds.
const FRESH_S: u64 = 600;

/// Without entries nobody says which positions have a public opening: in a log that is no longer than this, all are tried.
const TRIED: u64 = 20_000;

/// Where a log's files are had from.
pub trait Source {
    /// The file at a path below the log's address; `None` when there is none.
    ///
    /// # Errors
    /// When nobody can say.
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Unreachable>;

    /// The files at these paths, in their order.
    ///
    /// # Errors
    /// When nobody can say of one.
    fn get_each(&self, paths: &[String]) -> Result<Vec<Option<Vec<u8>>>, Unreachable> {
        paths.iter().map(|path| self.get(path)).collect()
    }

    /// What the log answers to a draw of entries that it is to open; both are JSON. `None` where it says that it was restored, and
    /// that the checkpoint of the draw is older than what it says of that.
    ///
    /// # Errors
    /// When it does not answer, or refuses.
    fn open(&self, draw: &str) -> Result<Option<Vec<u8>>, Unreachable>;
}

/// Why a log was not reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// What an audit is told.
pub struct Terms<'a> {
    /// Whom the auditor believes.
    pub policy: &'a Policy,
    /// The checkpoint of an earlier audit.
    pub since: Option<&'a Note>,
    /// Whether the source has a credential for entries.
    pub has_credential: bool,
    /// How many entries are to be opened.
    pub open: u32,
    /// Random bytes that draw them.
    pub nonce: [u8; 32],
    /// Seconds since the epoch.
    pub now_s: u64,
}

/// The checkpoint in a file: a note by itself, or the report of an earlier audit.
///
/// # Errors
/// When it is neither.
pub fn saved_checkpoint(text: &str) -> Result<Note, Malformed> {
    let report: Option<serde_json::Value> = serde_json::from_str(text).ok();
    match report.as_ref().map(|report| report["checkpoint"].as_str().ok_or(Malformed("report of an audit"))) {
        Some(note) => note?.parse(),
        None => text.parse(),
    }
}

/// Audits a log; `progress` is told how many entries of how many are read.
///
/// # Errors
/// [`Unreachable`] when the log cannot be read. What is wrong with it is no error, but in the report.
pub fn audit(source: &dyn Source, terms: &Terms, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, Unreachable> {
    let bytes = source.get("checkpoint")?.ok_or_else(|| Unreachable("the log has no checkpoint".into()))?;
    let note = String::from_utf8(bytes).ok().and_then(|text| text.parse::<Note>().ok());
    let note = note.ok_or_else(|| Unreachable("what is called the log's checkpoint is not a signed note".into()))?;
    let claim: Checkpoint = note.text.parse().map_err(|error: Malformed| Unreachable(error.to_string()))?;
    let mut audit = Audit::new(source, terms, &note, &claim);
    let mut report = Report::new(&note, claim.size);
    report.checks.push(audit.believed());
    report.checks.push(audit.append_only()?);
    audit.read(progress)?;
    audit.conclude(&mut report);
    Ok(report)
}

/// An audit under way.
struct Audit<'a> {
    terms: &'a Terms<'a>,
    note: &'a Note,
    claim: &'a Checkpoint,
    files: Files<'a>,
    tree: Tree,
    entries: Faults,
    leaves: Leaves,
    public: Faults,
    public_count: u64,
    erasures: Erasures,
    restores: Vec<Restored>,
    orders: Orders,
    days: Days,
    keys: Keys,
    draw: Draw,
}

impl<'a> Audit<'a> {
    fn new(source: &'a dyn Source, terms: &'a Terms<'a>, note: &'a Note, claim: &'a Checkpoint) -> Self {
        let cosigned_s = cosigned(terms.policy, note).into_iter().map(|(_, at_s)| at_s).max();
        let since = terms.since.and_then(|since| {
            let size = since.text.parse::<Checkpoint>().ok()?.size;
            let at_s = cosigned(terms.policy, since).into_iter().map(|(_, at_s)| at_s).min()?;
            Some((size, at_s))
        });
        let how_many = if terms.has_credential { terms.open } else { 0 };
        Self {
            terms,
            note,
            claim,
            files: Files::new(source, claim.size),
            tree: Tree::default(),
            entries: Faults::default(),
            leaves: Leaves::new(cosigned_s, since),
            public: Faults::default(),
            public_count: 0,
            erasures: Erasures::new(),
            restores: Vec::new(),
            orders: Orders::default(),
            days: Days::new(terms.has_credential, cosigned_s.unwrap_or(terms.now_s)),
            keys: Keys::new(terms.policy, &claim.origin),
            draw: Draw::new(note, &terms.nonce, claim.size, how_many),
        }
    }

    fn believed(&self) -> Check {
        let cosigned = cosigned(self.terms.policy, self.note);
        let mut detail = format!("{} entries", self.claim.size);
        for (name, at_s) in &cosigned {
            detail = format!("{detail}; {name} cosigned it at {}", instant(*at_s));
        }
        if let Some(newest) = cosigned.iter().map(|(_, at_s)| *at_s).max() {
            let age_s = self.terms.now_s.saturating_sub(newest);
            if age_s > FRESH_S {
                detail = format!("{detail}; STALE: nobody has cosigned it for {} minutes", age_s / 60);
            }
        }
        match self.terms.policy.believes(self.note) {
            Ok(_) => Check::held("checkpoint", detail),
            Err(why) => Check::broken("checkpoint", format!("{why}; {detail}")),
        }
    }

    fn append_only(&self) -> Result<Check, Unreachable> {
        let name = "append-only";
        let Some(note) = self.terms.since else {
            return Ok(Check::unchecked(name, "no earlier checkpoint was given"));
        };
        let Ok(since) = note.text.parse::<Checkpoint>() else {
            return Ok(Check::unchecked(name, "what was given is not a checkpoint"));
        };
        let is_theirs = |log: &Verifier| log.name() == since.origin && note.vouched_by(log).is_some();
        if since.origin != self.claim.origin || !self.terms.policy.logs().iter().any(is_theirs) {
            return Ok(Check::unchecked(name, "the earlier checkpoint is not signed by this log"));
        }
        if since.size > self.claim.size {
            let detail = format!("the log had {} entries and has {}", since.size, self.claim.size);
            return Ok(Check::broken(name, detail));
        }
        let grown = format!("{} entries since the tree of {}", self.claim.size - since.size, since.size);
        Ok(match self.files.continues(&since, self.claim)? {
            Ok(()) => Check::held(name, grown),
            Err(why) => Check::broken(name, format!("{why}: the tree of {} entries was another", since.size)),
        })
    }

    /// Reads everything, in the order of the log.
    fn read(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Unreachable> {
        while self.tree.size() < self.claim.size {
            let batch = self.files.batch(self.tree.size(), self.terms.has_credential)?;
            if !self.take(&batch)? {
                break;
            }
            progress(self.tree.size(), self.claim.size);
        }
        self.tree.lead_to(self.claim, &self.files)
    }

    /// Whether the tree goes on after this.
    fn take(&mut self, batch: &Batch) -> Result<bool, Unreachable> {
        let mut public = self.public_openings(batch)?;
        for tile in &batch.tiles {
            let Some(hashes) = &tile.hashes else {
                self.tree.faults.add(format!("{} is missing or cut short", tile.path));
                return Ok(false);
            };
            let bundle = tile.bundle.as_ref().map(|bundle| bundle.entries(&mut self.entries));
            for (at, hash) in hashes.iter().enumerate() {
                let position = self.tree.size();
                if let Some(entries) = &bundle {
                    self.entry(position, entries.get(at).copied(), hash);
                }
                if let Some(opening) = public.remove(&position) {
                    self.public_entry(position, hash, opening.as_deref());
                }
                self.tree.push(*hash);
            }
        }
        Ok(true)
    }

    fn entry(&mut self, position: u64, entry: Option<&[u8]>, hash: &Hash) {
        if let Some(entry) = entry.filter(|entry| leaf_hash(entry) != *hash) {
            self.entries.add(format!("entry {position} ({} bytes) is not the one of the tree", entry.len()));
        }
        let leaf = self.leaves.take(position, entry.unwrap_or_default());
        self.days.tag(leaf.map_or([0; 32], |leaf| leaf.subject_tag));
        self.draw.see(position, leaf);
        self.keys.asked(leaf.map_or(0, |leaf| leaf.keys_asked));
    }

    /// The openings of a batch's public entries, by position; `None` where one is missing.
    fn public_openings(&self, batch: &Batch) -> Result<Public, Unreachable> {
        if self.terms.has_credential {
            return self.files.openings(batch.public_positions());
        }
        let mut public =
            if self.claim.size > TRIED { Public::new() } else { self.files.openings(batch.positions())? };
        public.retain(|_, opening| opening.is_some());
        Ok(public)
    }

    fn public_entry(&mut self, position: u64, hash: &Hash, opening: Option<&[u8]>) {
        self.public_count += 1;
        match openings::public(position, hash, opening) {
            Ok(entry) => self.statement(position, &entry),
            Err(why) => self.public.add(format!("entry {position}: {why}")),
        }
    }

    fn statement(&mut self, position: u64, entry: &Entry) {
        match entry.kind {
            Kind::IndexRoot => match IndexRoot::from_cbor(&entry.statement) {
                Some(root) => self.days.said(position, &root),
                None => self.days.faults.add(format!("entry {position} does not say what its index is")),
            },
            Kind::Erase => match Erasure::from_cbor(&entry.statement) {
                Some(erasure) => {
                    self.erasures.insert(position, erasure);
                }
                None => self.public.add(format!("entry {position} does not commit to what it erased")),
            },
            Kind::Restore => match Restored::from_cbor(&entry.statement) {
                Some(restored) if restored.lost.end <= position => self.restores.push(restored),
                _ => self.public.add(format!("entry {position} does not say which entries before it a restore lost")),
            },
            Kind::Config => {
                self.keys.said(position, &entry.statement);
                self.orders.said(position, entry);
            }
            Kind::Lapsed => self.keys.said_lapsed(position, &entry.statement),
            _ => {}
        }
    }

    fn conclude(mut self, report: &mut Report) {
        let (has_entries, read) = (self.terms.has_credential, self.tree.size());
        let without = "entries are read with an auditor's credential only";
        report.checks.push(self.tree.check());
        let is_tried = has_entries || self.claim.size <= TRIED;
        let public =
            format!("{} public entries are open to everybody and are what was committed to", self.public_count);
        if has_entries {
            report.checks.push(self.entries.check("entries", format!("{read} are those of the tree")));
            report.checks.push(self.leaves.form());
            report.checks.push(self.leaves.time());
        } else {
            report.checks.extend(["entries", "leaves", "time"].map(|name| Check::unchecked(name, without)));
        }
        if is_tried {
            report.checks.push(self.public.check("public entries", public));
            report.checks.push(self.days.check(self.leaves.first_day()));
            report.checks.push(self.orders.check());
        } else {
            let where_ = "without entries it is not known which ones are public, and the log is too long to try all";
            report.checks.extend(["public entries", "indexes", "orders"].map(|name| Check::unchecked(name, where_)));
        }
        if has_entries {
            report.checks.push(self.keys.check());
            report.checks.push(self.draw.check(self.files.source(), &self.erasures, &self.restores, &self.orders));
            self.leaves.count(report);
        } else {
            report.checks.extend(["keys", "openings"].map(|name| Check::unchecked(name, without)));
        }
    }
}

/// Which witnesses of a policy cosigned a note, and when, in seconds since the epoch.
fn cosigned(policy: &Policy, note: &Note) -> Vec<(String, u64)> {
    let named = policy.witnesses().map(|witness| (witness.key.name().to_owned(), note.vouched_by(&witness.key)));
    named.filter_map(|(name, vouched)| Some((name, vouched?.at_s?))).collect()
}
