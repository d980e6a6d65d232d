//! Her cases: filed, taken, decided by two, taken back.

use super::{FamilyHold, Filer, Give, NewDose};
use crate::rows::SealedField;
use registry::case::{CaseNumber, FoundDose, Kind, Reason, State, Verdict};
use registry::{CaseId, DoseId, PersonId, StaffId};

/// See [`Effect::Case`](super::Effect::Case). A step that the case's state does not allow, that comes from an officer
/// who does not have it, or that comes after its end is refused with [`Refusal::NotFound`](super::Refusal::NotFound).
#[derive(Debug, Clone)]
pub enum CaseStep {
    /// She files it.
    File(Box<FileCase>),
    /// The holder of the other of two records joins it.
    Join {
        /// Which.
        case: CaseId,
        /// The other record.
        person: PersonId,
        /// By which sign-in.
        by: FamilyHold,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// An officer takes it; never both places of one case. She is told that a letter waits.
    Take(CaseTurn),
    /// The officer who has it gives it back.
    PutBack(CaseTurn),
    /// The first officer decides.
    Propose {
        /// Which case, by whom.
        turn: CaseTurn,
        /// What.
        verdict: Verdict,
        /// Why.
        reason: Reason,
        /// The dose that was found, where it is about one that was missing.
        found: Option<FoundDose>,
    },
    /// The second officer decides; what both would do is done.
    Judge(Box<Judge>),
    /// Takes records apart that a case joined; whoever holds either of them may.
    Part {
        /// One of them.
        person: PersonId,
        /// By which sign-in.
        by: FamilyHold,
    },
    /// She takes it back, from whichever record.
    Withdraw {
        /// Which.
        case: CaseId,
        /// Who.
        person: PersonId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
}

/// A case to be filed.
#[derive(Debug, Clone)]
pub struct FileCase {
    /// Its random id.
    pub id: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Where it begins.
    pub begins: State,
    /// What it is about.
    pub kind: Kind,
    /// Whose it is.
    pub person: PersonId,
    /// Which dose of hers it is about; it must stand.
    pub dose: Option<DoseId>,
    /// What she wrote.
    pub text: SealedField,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
    /// By when she is answered.
    pub due_ms: i64,
    /// When it ends, whatever became of it.
    pub until_ms: i64,
    /// By whom. Whoever holds her phone is told of what was filed in person.
    pub by: Filer,
}

/// An officer's turn at a case.
#[derive(Debug, Clone, Copy)]
pub struct CaseTurn {
    /// Which.
    pub case: CaseId,
    /// Whose turn.
    pub officer: StaffId,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
}

/// The second officer's decision.
#[derive(Debug, Clone)]
pub struct Judge {
    /// Which case, by whom.
    pub turn: CaseTurn,
    /// Whether it is the first one's.
    pub agrees: bool,
    /// Why, where it is not.
    pub reason: Option<Reason>,
    /// What is done if that settles it.
    pub done: Settlement,
}

/// What is done when a case is settled.
#[derive(Debug, Clone)]
pub enum Settlement {
    /// Nothing.
    Nothing,
    /// A new version of a field of hers. A certificate shows it, so hers are superseded; a sign-in remembers it, so
    /// those of her family end.
    Correction(SealedField),
    /// A dose no longer stands in her record. Its row stays and points to the case.
    Strike(DoseId),
    /// A dose is added.
    Add(Box<NewDose>),
    /// The same over shards, where it is drawn from a batch in another one.
    Drawn(Box<Give>),
    /// A report is kept.
    Report(SealedField),
    /// She moves to the other phone now.
    Move,
    /// The other record of the case is joined to the first: its bookings are given back, and its doses are found there.
    Merge,
}
