//! What an audit found, as a table and as JSON.

use jiff::Timestamp;
use ledger::note::Note;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Faults of one check that are named; the others are counted.
const NAMED: usize = 5;

/// Seconds in a day.
pub(super) const DAY_S: u64 = 86_400;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// Whether it holds; `None` where it was not checked.
    pub held: Option<bool>,
    /// What was seen, or why it was not looked at.
    pub detail: String,
}

/// What an audit found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `audit`.
    pub name: &'static str,
    /// The checkpoint with its signatures: the next audit begins with it.
    pub checkpoint: String,
    /// Entries under it.
    pub size: u64,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// How many entries there are of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// The day of the last entry.
    pub last_day: Option<String>,
    /// Whose tags stand at the most entries of that day.
    pub busiest: Vec<Busy>,
    /// How long it took, in seconds, if whoever ran it has a clock.
    pub seconds: Option<f64>,
}

/// An actor on a day, known by a tag alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Busy {
    /// The tag, in hex.
    pub actor_tag: String,
    /// Entries of that day under it.
    pub entries: u64,
}

impl Check {
    pub(super) fn held(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, held: Some(true), detail: detail.into() }
    }

    pub(super) fn broken(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, held: Some(false), detail: detail.into() }
    }

    pub(super) fn unchecked(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, held: None, detail: why.into() }
    }
}

impl Report {
    pub(super) fn new(note: &Note, size: u64) -> Self {
        Self {
            name: "audit",
            checkpoint: note.to_string(),
            size,
            checks: Vec::new(),
            kinds: BTreeMap::new(),
            last_day: None,
            busiest: Vec::new(),
            seconds: None,
        }
    }

    /// Whether nothing is broken.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.checks.iter().all(|check| check.held != Some(false))
    }

    /// As a table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = String::from("audit\n");
        for Check { name, held, detail } in &self.checks {
            let word = match held {
                Some(true) => "held",
                Some(false) => "BROKEN",
                None => "not checked",
            };
            writeln!(text, "  {word:<11}  {name:<14}  {detail}").expect("text takes text");
        }
        if !self.kinds.is_empty() {
            let kinds: Vec<String> = self.kinds.iter().map(|(kind, many)| format!("{many} {kind}")).collect();
            writeln!(text, "  entries by kind: {}", kinds.join(", ")).expect("text takes text");
        }
        if let Some(day) = &self.last_day {
            writeln!(text, "  busiest actors of {day}:").expect("text takes text");
        }
        for Busy { actor_tag, entries } in &self.busiest {
            writeln!(text, "  {entries:>11}  {}…", &actor_tag[..16]).expect("text takes text");
        }
        if let Some(seconds) = self.seconds {
            #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
            let rate = self.size as f64 / seconds.max(0.001);
            writeln!(text, "  {} entries in {seconds:.1} s: {rate:.0}/s", self.size).expect("text takes text");
        }
        text
    }
}

/// What is wrong with one thing: the first few by name.
#[derive(Default)]
pub(super) struct Faults {
    named: Vec<String>,
    count: u64,
}

impl Faults {
    pub(super) fn add(&mut self, fault: String) {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(fault);
        }
    }

    pub(super) fn none(&self) -> bool {
        self.count == 0
    }

    /// The check, with what is to be said where nothing is wrong.
    pub(super) fn check(&self, name: &'static str, held: String) -> Check {
        let others = self.count - self.named.len() as u64;
        match (self.named.join("; "), others) {
            _ if self.none() => Check::held(name, held),
            (named, 0) => Check::broken(name, named),
            (named, others) => Check::broken(name, format!("{named}; and {others} more")),
        }
    }
}

/// A second since the epoch, for people.
pub(super) fn instant(at_s: u64) -> String {
    let stamp = i64::try_from(at_s).ok().and_then(|at_s| Timestamp::from_second(at_s).ok());
    stamp.map_or_else(|| format!("second {at_s}"), |stamp| stamp.to_string())
}

/// A day since the epoch, for people.
pub(super) fn date(day: u32) -> String {
    let stamp = Timestamp::from_second(i64::from(day) * 86_400);
    stamp.map_or_else(|_| format!("day {day}"), |stamp| stamp.strftime("%F").to_string())
}
