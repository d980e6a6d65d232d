//! Conservation: no key goes out that no entry asked for.

use super::report::{Check, Faults, instant};
use ledger::audit::{Counters, lapsed_from_cbor};
use ledger::note::{Note, Verifier};
use ledger::policy::Policy;
use std::collections::BTreeMap;

/// How the key room's name ends.
const KEY_ROOM: &str = "/keyroom";

pub(super) struct Keys {
    key_room: Option<Verifier>,
    origin: String,
    /// Of each leaf, how many keys it asked for.
    asked: Vec<u16>,
    /// Positions of which keys lapsed, with how many: what `LAPSED` entries list.
    lapsed: BTreeMap<u64, u16>,
    /// What the key room said last, where and when.
    newest: Option<(u64, u64, Counters)>,
    faults: Faults,
}

impl Keys {
    pub(super) fn new(policy: &Policy, origin: &str) -> Self {
        let mut keys = policy.witnesses().map(|witness| &witness.key);
        let key_room = keys.find(|key| key.name().ends_with(KEY_ROOM)).cloned();
        Self {
            key_room,
            origin: origin.to_owned(),
            asked: Vec::new(),
            lapsed: BTreeMap::new(),
            newest: None,
            faults: Faults::default(),
        }
    }

    /// The next leaf asked for so many.
    pub(super) fn asked(&mut self, keys: u16) {
        self.asked.push(keys);
    }

    /// What a `CONFIG` entry says, which may be counters.
    pub(super) fn said(&mut self, position: u64, statement: &[u8]) {
        let note: Option<Note> = std::str::from_utf8(statement).ok().and_then(|text| text.parse().ok());
        let Some(note) = note.filter(|note| note.text.parse::<Counters>().is_ok()) else { return };
        let Some(key_room) = &self.key_room else { return };
        match Counters::of(&note, key_room) {
            Ok((counters, at_s)) => self.compare(position, at_s, counters),
            Err(_) => self.faults.add(format!("the counters of entry {position} are not signed by the key room")),
        }
    }

    /// What a `LAPSED` entry says: of each position, how many of the keys it asked were never fetched.
    pub(super) fn said_lapsed(&mut self, position: u64, statement: &[u8]) {
        let Some(lapsed) = lapsed_from_cbor(statement) else {
            self.faults.add(format!("entry {position} does not say what lapsed"));
            return;
        };
        for (at, keys) in lapsed {
            if at >= position {
                self.faults.add(format!("entry {position} lists keys of entry {at}, which stands after it"));
            } else if self.lapsed.insert(at, keys).is_some() {
                self.faults.add(format!("the lapsed keys of entry {at} are listed twice"));
            }
        }
    }

    /// Whether what is listed as lapsed was asked for, and leaves room for what was released.
    fn compare_lapsed(&mut self, unfetched: u64, leaves: usize) {
        for (at, keys) in &self.lapsed {
            let asked = usize::try_from(*at).ok().and_then(|at| self.asked.get(at)).copied().unwrap_or(0);
            if *keys > asked {
                self.faults.add(format!("{keys} keys of entry {at} are listed as lapsed, and it asked for {asked}"));
            }
        }
        let within = self.lapsed.range(..leaves as u64).map(|(_, keys)| u64::from(*keys));
        let listed: u64 = within.sum();
        if listed > unfetched {
            self.faults.add(format!("{listed} keys are listed as lapsed, and only {unfetched} were not released"));
        }
    }

    fn compare(&mut self, position: u64, at_s: u64, counters: Counters) {
        if counters.origin != self.origin {
            self.faults.add(format!("the counters of entry {position} are of another log"));
        } else if counters.size > position {
            self.faults.add(format!("the counters of entry {position} are of {} entries", counters.size));
        } else {
            if self.newest.as_ref().is_some_and(|(.., before)| before.released > counters.released) {
                self.faults.add(format!("the counters of entry {position} went back"));
            }
            self.newest = Some((position, at_s, counters));
        }
    }

    pub(super) fn check(&mut self) -> Check {
        let name = "keys";
        let all: u64 = self.asked.iter().map(|keys| u64::from(*keys)).sum();
        if self.key_room.is_none() {
            return Check::unchecked(name, format!("{all} asked for; the policy names no key room"));
        }
        let Some((position, at_s, counters)) = self.newest.take() else {
            let none_said = format!("{all} asked for; the key room has not said what it released");
            return if self.faults.none() {
                Check::unchecked(name, none_said)
            } else {
                self.faults.check(name, String::new())
            };
        };
        let leaves = usize::try_from(counters.size).unwrap_or(usize::MAX).min(self.asked.len());
        let asked: u64 = self.asked[..leaves].iter().map(|keys| u64::from(*keys)).sum();
        let released = counters.released;
        let Some(lapsed) = asked.checked_sub(released) else {
            self.faults.add(format!("{released} released and {asked} asked for, by entry {position}"));
            return self.faults.check(name, String::new());
        };
        self.compare_lapsed(lapsed, leaves);
        let hundredths = (lapsed * 10_000).checked_div(asked).unwrap_or(0);
        let share = format!("{}.{:02} %", hundredths / 100, hundredths % 100);
        let warning = if hundredths > 100 { "; WARNING: more than 1 % lapsed" } else { "" };
        let size = counters.size;
        let of = format!("of the first {size} entries at {}", instant(at_s));
        self.faults
            .check(name, format!("{asked} asked for, {released} released, {lapsed} lapsed ({share}), {of}{warning}"))
    }
}
