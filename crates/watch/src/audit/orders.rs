//! Lawful orders: how many were filed, whose and on what ground; and whether none is looked by that was not said in public.

use super::report::{Check, Faults, date};
use ledger::entry::{Entry, Kind, Purpose};
use ledger::order::{Filed, known_by};
use std::collections::{BTreeMap, HashSet};

/// What the public entries of a log say of orders.
#[derive(Default)]
pub(super) struct Orders {
    known: HashSet<[u8; 32]>,
    /// By month, authority and ground.
    filed: BTreeMap<(String, String, &'static str), u64>,
    faults: Faults,
}

impl Orders {
    /// What a public entry says, if it is about an order.
    pub(super) fn said(&mut self, position: u64, entry: &Entry) {
        if entry.purpose != Purpose::LawfulOrder {
            return;
        }
        let Some(filed) = Filed::from_text(&entry.statement) else {
            self.faults.add(format!("entry {position} does not say whose order was filed"));
            return;
        };
        if !self.known.insert(filed.order) {
            self.faults.add(format!("entry {position} says an order again that was said before"));
        }
        let day = u32::try_from(entry.at_ms.div_euclid(86_400_000)).unwrap_or(0);
        let month = date(day).chars().take(7).collect();
        *self.filed.entry((month, filed.authority, filed.ground.code())).or_default() += 1;
    }

    /// Whether an entry that was opened rests on an order, and on one that nothing public says.
    pub(super) fn is_hidden(&self, entry: &Entry) -> bool {
        let rests = entry.purpose == Purpose::LawfulOrder && matches!(entry.kind, Kind::Case | Kind::Reveal);
        rests && !self.known.contains(&known_by(&entry.evidence))
    }

    pub(super) fn check(&self) -> Check {
        let one = |((month, authority, ground), many): (&(String, String, &str), &u64)| {
            format!("{month}: {many} of {authority} on {ground}")
        };
        let listed: Vec<String> = self.filed.iter().map(one).collect();
        let many = self.known.len();
        self.faults.check(
            "orders",
            match many {
                0 => "no lawful order was filed".into(),
                _ => format!("lawful orders filed: {many}; {}", listed.join("; ")),
            },
        )
    }
}
