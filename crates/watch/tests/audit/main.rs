//! The auditor over real files: an honest log holds, and every tampering is named.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod foreign;
mod honest;
mod log;
mod tampered;

use crate::log::{Log, NOW_S, Place, Seen, policy};
use ledger::note::Note;
use serde_json::Value;
use watch::audit::{Report, Terms, audit};

/// What an auditor with a credential finds.
fn audited(place: &Place, log: &Log, since: Option<&Note>, bend: impl Fn(&mut Vec<Value>)) -> Report {
    let policy = policy();
    let terms = Terms { policy: &policy, since, has_credential: true, open: 2_000, nonce: [3; 32], now_s: NOW_S };
    audit(&Seen { folder: place.path(), log: Some(log), bend: &bend }, &terms, &mut |_, _| ()).unwrap()
}

/// Whether a check held, and what it says.
fn check<'a>(report: &'a Report, name: &str) -> (Option<bool>, &'a str) {
    let check = report.checks.iter().find(|check| check.name == name).unwrap();
    (check.held, &check.detail)
}
