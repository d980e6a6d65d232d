//! Clients' looks: each rests on a consent of hers that stands above it, and keeps its terms. How many of them there are is
//! seen here, whatever the operator counts.

use ledger::consent::Terms;
use ledger::{Entry, GrantKind, Kind, Purpose};
use std::collections::HashMap;

/// A look may be written down so long after it was weighed, milliseconds.
const LATE_MS: i64 = 60_000;

/// The first look, counted from 0, that no consent above it allows, or that is one too many. What is said twice under one
/// consent's id gives nothing more.
pub(super) fn first_beyond<'a>(looks: impl Iterator<Item = &'a Entry>) -> Option<usize> {
    let mut given: HashMap<[u8; 16], Terms> = HashMap::new();
    for (number, look) in looks.enumerate() {
        let is_given =
            (look.kind, look.grant, look.purpose) == (Kind::Consent, GrantKind::CitizenOtp, Purpose::Consent);
        if let Some(terms) = Terms::from_cbor(&look.statement).filter(|_| is_given) {
            given.entry(look.evidence).or_insert(terms);
        }
        if (look.kind, look.grant) == (Kind::Reveal, GrantKind::Consent) {
            let allows = |terms: &&mut Terms| terms.reads > 0 && terms.allow(look, LATE_MS);
            match given.get_mut(&look.evidence).filter(allows) {
                Some(terms) => terms.reads -= 1,
                None => return Some(number),
            }
        }
    }
    None
}
