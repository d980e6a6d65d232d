//! What is kept about looks and sign-ins, for those who watch over them.

/// What is kept beside the entry of a look, in its transaction.
#[derive(Debug, Clone)]
pub struct Beside {
    /// The day of the look, counted from the epoch: whose key the fact is sealed to.
    pub day: u32,
    /// Who looked at which fields, sealed for the breach desk.
    pub fact: Vec<u8>,
    /// Keyed hash of the organisation that looks, where she is told of its first look.
    pub organisation: Option<[u8; 16]>,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// See [`Effect::Browser`](super::Effect::Browser).
#[derive(Debug, Clone)]
pub struct Browser {
    /// Index of the phone.
    pub phone: [u8; 32],
    /// Keyed hash of what the browser keeps.
    pub hash: [u8; 32],
    /// Who is told if it is new.
    pub tell: Option<registry::PersonId>,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// What came of comparing the facts of a day with the looks in its part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The day, counted from the epoch.
    pub day: u32,
    /// Looks in the log.
    pub looks: u64,
    /// Looks without a fact.
    pub missing: u64,
    /// Facts that are another's than the log says, that open with no key, or that have no look.
    pub wrong: u64,
    /// Facts whose content fell with an erased person.
    pub fallen: u64,
    /// Facts by the right of the look, by the grant's number on the wire.
    pub by_grant: [u64; 6],
}

impl Compared {
    /// Whether every look has its own fact.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.missing == 0 && self.wrong == 0
    }
}

/// An audit that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// By which auditor.
    pub auditor: String,
    /// Entries under the checkpoint that was audited.
    pub size: u64,
    /// Whether nothing was found broken.
    pub stands: bool,
    /// The report, as JSON.
    pub report: String,
}
