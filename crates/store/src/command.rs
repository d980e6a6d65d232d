//! Writes as values. A command names everything it needs: the store draws no key, no time and no chance.

mod case;
mod claim;
pub mod consent;
mod door;
mod facts;
mod order;
mod place;
mod present;
mod rights;
mod shard;
mod visit;

pub use case::{CaseStep, CaseTurn, FileCase, Judge, Settlement};
pub use claim::{Claim, ClaimKeys, ClaimOn, ClaimStep, ClaimTold, Enter, Recall};
pub use door::{FamilyHold, Joins, Lane, Membership, Register, SendCode, SignIn, SignedIn, Spend, TryCode};
pub use facts::{Beside, Browser, Compared, HandedIn};
pub use order::{FileOrder, OrderStep, OrderTurn};
pub use place::{NewSession, Resume, StaffChange};
pub use present::{AskMove, Filer, Guarded, Visit};
pub use rights::{EndMove, Erase, Erased, Explained, StartMove};
pub use shard::{AttemptId, Commit, DoseDraw, Give, SeatAct, SeatHold, ShardStep, Told, Word};
pub use visit::{Book, Booked, Certify, CheckIn, Move, NewDose, WalkIn};

use crate::rows::{BatchRow, NewStaff, SealedField};
use ledger::LEAF_BYTES;
use ledger::index::IndexRoot;
use registry::{AppointmentId, Centre, District, DoseId, Factor, PersonId, SessionId, StaffId, State, Vaccine};
use serde::{Deserialize, Serialize};

/// A write, with the log entries it leaves.
#[derive(Debug, Clone)]
pub struct Command {
    /// Hash of the token of the sign-in that it rests on, if it rests on one. When that has ended, the command is refused with
    /// [`Refusal::SignedOut`], however far its request had come.
    pub by: Option<[u8; 32]>,
    /// Under which key a repeat of it is answered from the first time.
    pub once: Option<Once>,
    /// The entries it leaves, in order.
    pub entries: Vec<Staged>,
    /// What it does besides.
    pub effect: Effect,
}

/// An idempotency key, scoped to its caller so that nobody can read another's answer.
#[derive(Debug, Clone, Copy)]
pub struct Once {
    /// Hash of who asks.
    pub scope: [u8; 32],
    /// The client-made key.
    pub key: [u8; 16],
    /// Now, milliseconds since the epoch: keys are swept after a day.
    pub at_ms: i64,
}

/// An entry ready for the log.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Whose entry it is; `None` where it has no subject.
    pub subject: Option<Subject>,
    /// The public leaf.
    pub leaf: [u8; LEAF_BYTES],
    /// The sealed entry.
    pub sealed: Vec<u8>,
    /// What is kept beside it, where it is a look.
    pub beside: Option<Box<Beside>>,
}

/// A person and how many entries she had when the tag was made.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// Who.
    pub person: PersonId,
    /// Her count; if it has moved on, the command is refused with [`Refusal::Moved`].
    pub count: u64,
}

/// What came of a command.
pub type Applied = Result<Done, Refusal>;

/// A command that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Log position of its first entry; the others follow. Zero for a repeat, whose entries stand already.
    pub position: u64,
    /// What it found out.
    pub answer: Answer,
}

/// What a command found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Nothing but that it was done.
    Nothing,
    /// The code was right.
    CodeRight {
        /// Index of the phone it was sent to.
        phone: [u8; 32],
        /// The lane in which it was sent.
        lane: [u8; 32],
        /// The phone itself, sealed.
        contact: Vec<u8>,
    },
    /// The code was wrong, with so many tries left for it.
    CodeWrong {
        /// Tries left.
        left: u8,
    },
    /// The appointment that stands: the new one, or the one that was there already.
    Appointment(AppointmentId),
    /// How many people or rows it touched.
    Count(u32),
}

/// Why a command was not done. Nothing of it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person's count of entries moved: make a new tag and try again.
    #[error("her count of entries moved")]
    Moved,
    /// The sign-in has ended.
    #[error("the sign-in has ended")]
    SignedOut,
    /// The family changed since the sign-in.
    #[error("the family changed since the sign-in")]
    FamilyMoved,
    /// The phone has as many members as it may have.
    #[error("the family is full")]
    FamilyFull,
    /// What it names does not exist, or not for this caller.
    #[error("not found")]
    NotFound,
    /// No place is left.
    #[error("no place is left")]
    Full,
    /// The session has no such slot.
    #[error("the session has no such slot")]
    NoSuchSlot,
    /// The session was called off.
    #[error("the session was called off")]
    CalledOff,
    /// The person has a booking for this dose already.
    #[error("there is a booking for this dose")]
    AlreadyBooked,
    /// The dose was recorded already.
    #[error("the dose was recorded already")]
    AlreadyGiven,
    /// The person has doses, which are kept; or one is being given, or decided by officers.
    #[error("a person with doses cannot be removed so")]
    HasDoses,
    /// The batch is not at the centre, expired, or stopped.
    #[error("the batch cannot be used")]
    BatchUnusable,
    /// Too many codes were sent; when the next may be.
    #[error("over the budget of codes")]
    OverBudget {
        /// Milliseconds since the epoch.
        until_ms: i64,
    },
    /// The code is too old, spent, or of another purpose.
    #[error("the code is no longer good")]
    CodeGone,
    /// Too many wrong codes; when the next try may be.
    #[error("locked after wrong codes")]
    Locked {
        /// Milliseconds since the epoch.
        until_ms: i64,
    },
    /// The consent has ended, is used up, was revoked, or does not go so far.
    #[error("the consent does not allow it, or not any more")]
    ConsentOver,
    /// It would overwrite something that differs.
    #[error("it is there already, and differs")]
    Conflict,
    /// It would have to write in several shards, and no steps between them are built for it.
    #[error("it touches several shards, and no steps are built for that")]
    Apart,
    /// The engine failed; nothing of the batch was written.
    #[error("the store cannot write")]
    Storage,
}

impl Refusal {
    /// Its name, without what it carries.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::SignedOut => "signed_out",
            Self::FamilyMoved => "family_moved",
            Self::FamilyFull => "family_full",
            Self::NotFound => "not_found",
            Self::Full => "full",
            Self::NoSuchSlot => "no_such_slot",
            Self::CalledOff => "called_off",
            Self::AlreadyBooked => "already_booked",
            Self::AlreadyGiven => "already_given",
            Self::HasDoses => "has_doses",
            Self::BatchUnusable => "batch_unusable",
            Self::OverBudget { .. } => "over_budget",
            Self::CodeGone => "code_gone",
            Self::Locked { .. } => "locked",
            Self::ConsentOver => "consent_over",
            Self::Conflict => "conflict",
            Self::Apart => "apart",
            Self::Storage => "storage",
        }
    }
}

/// What a command does.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Only its entries.
    Append,
    /// Notes a one-time code that is about to be sent, within the budgets.
    SendCode(SendCode),
    /// Tries a one-time code. A wrong one counts.
    TryCode(TryCode),
    /// Counts a wrong second proof of a phone whose code was right.
    WrongProof {
        /// Index of the phone.
        phone: [u8; 32],
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Spends of a budget; more than it holds is refused with [`Refusal::OverBudget`]. Answers how much is spent.
    Spend(Spend),
    /// Opens a sign-in. A phone's wrong tries in a row end here.
    SignIn(SignIn),
    /// Notes from which browser a phone signed in; the first time, she is told.
    Browser(Browser),
    /// Notes what came of comparing facts with looks.
    Compared(Compared),
    /// Keeps an audit that was handed in.
    Audit(Box<HandedIn>),
    /// Ends a sign-in.
    SignOut {
        /// Hash of its token.
        token: [u8; 32],
    },
    /// Puts off the idle end of a sign-in.
    Touch {
        /// Hash of its token.
        token: [u8; 32],
        /// New idle end, milliseconds since the epoch.
        idle_ms: i64,
    },
    /// Registers a person.
    Register(Box<Register>),
    /// Makes a pending member a full one; or counts a wrong proof.
    Membership(Membership),
    /// Removes a person for good; the command's last entry commits to her tags. Who has doses is removed only under a hold of
    /// what the law keeps.
    Erase(Box<Erase>),
    /// Removes a person whose keys were destroyed already, when older data came back.
    Forget {
        /// Who.
        person: PersonId,
        /// By which erasure, if the log shows it.
        erasure: Option<Box<Erased>>,
    },
    /// Notes that the keys of someone who left are destroyed.
    KeysGone {
        /// Who.
        person: PersonId,
    },
    /// Drops what the law held of someone who left.
    HoldEnded {
        /// Who.
        person: PersonId,
    },
    /// Notes that a member is to move to another phone.
    StartMove(Box<StartMove>),
    /// Stops a move, by either phone.
    StopMove {
        /// Which.
        id: [u8; 16],
        /// Index of a phone that it goes from or to; whoever stops it as a worker names none. What was asked in person, the
        /// phone on record cannot stop: it objects.
        phone: Option<[u8; 32]>,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Files a case by which somebody who is there asks for another phone, and notes the move.
    AskMove(Box<AskMove>),
    /// The phone on record objects to such a move: two officers look at it.
    ObjectMove {
        /// Which.
        id: [u8; 16],
        /// Index of the phone.
        phone: [u8; 32],
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Notes until when members of a phone are under age.
    Guarded(Vec<Guarded>),
    /// Somebody is of age: from now on a guardian's looks are noted as such. Whoever has her phone is told that a letter waits;
    /// who is alone at her phone never had a guardian there, and nothing is noted of her any more.
    OfAge {
        /// Who.
        person: PersonId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Makes a move, when its time has come.
    EndMove(EndMove),
    /// Books places.
    Book(Book),
    /// Moves an appointment to another session or slot.
    Move(Move),
    /// Gives places back.
    Cancel {
        /// The appointment.
        appointment: AppointmentId,
        /// For whom.
        people: Vec<PersonId>,
    },
    /// Counts a wrong appointment code.
    WrongCode {
        /// The appointment.
        appointment: AppointmentId,
        /// Whose code.
        person: PersonId,
    },
    /// Counts a wrong card.
    WrongCard {
        /// Whose card.
        person: PersonId,
    },
    /// Notes that a person is present at a session.
    CheckIn(CheckIn),
    /// Takes a walk-in place for a person who is present.
    WalkIn(WalkIn),
    /// Notes that a person is present at a session for something else than a dose.
    Visit(Visit),
    /// Writes sealed fields, and nothing else.
    Seal(Vec<SealedField>),
    /// Records a dose.
    Dose(Box<NewDose>),
    /// Replaces a dose recorded today.
    Correct {
        /// The dose that was wrong.
        wrong: DoseId,
        /// What was given.
        right: Box<NewDose>,
    },
    /// The person herself confirms a dose.
    Attest {
        /// Which.
        dose: DoseId,
        /// Who.
        person: PersonId,
        /// By which factor.
        factor: Factor,
    },
    /// Ends the observation after a dose.
    Observed {
        /// Which dose.
        dose: DoseId,
    },
    /// Notes the issue of a certificate; older ones of hers are superseded.
    Certify(Certify),
    /// States and districts.
    Geography {
        /// All states.
        states: Vec<State>,
        /// Districts.
        districts: Vec<District>,
    },
    /// Adds or changes a centre.
    Centre(Centre),
    /// Adds a member of staff.
    Staff(Box<NewStaff>),
    /// Changes a member of staff; what is `None` stays.
    StaffChange(StaffChange),
    /// Counts a wrong password or code of a member of staff.
    StaffFailed {
        /// Who.
        staff: StaffId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Puts a member of staff on a session's roster, or takes her off.
    Roster {
        /// Which session.
        session: SessionId,
        /// Who.
        staff: StaffId,
        /// On or off.
        on: bool,
    },
    /// Adds a batch to a centre, or changes its expiry and count.
    Batch(BatchRow),
    /// Stops a batch everywhere, at once.
    StopBatch {
        /// Whose.
        vaccine: Vaccine,
        /// Which.
        number: String,
    },
    /// Publishes a session. The same session twice changes nothing; with other capacities it changes those, never below
    /// what is taken.
    Publish(Box<NewSession>),
    /// Calls a session off; everyone booked gets a notice.
    CallOff {
        /// Which.
        session: SessionId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Several effects, all or none.
    All(Vec<Effect>),
    /// A notice went out.
    NoticeSent {
        /// Which.
        notice: i64,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// A notice did not go out; when to try again.
    NoticeFailed {
        /// Which.
        notice: i64,
        /// Milliseconds since the epoch.
        again_ms: i64,
    },
    /// Drops what has run out: codes, sign-ins, idempotency keys.
    Sweep {
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Writes `void` under a person id that was never registered, so that it never can be.
    Void {
        /// The id.
        person: PersonId,
    },
    /// Drops the staged entries below a position: the log's files have them.
    Tiled {
        /// The first that stays.
        below: u64,
    },
    /// Notes indexes of the log; the command's entries are theirs, one for each.
    Indexed(Vec<IndexRoot>),
    /// Goes on where the log's files end, when the data is older than they are.
    Resume(Resume),
    /// A step of a case of hers.
    Case(CaseStep),
    /// A step of a lawful order.
    Order(OrderStep),
    /// A step of a booking over two shards.
    Shard(ShardStep),
    /// A step of a registration over several shards.
    Claim(Box<ClaimStep>),
    /// Something about clients and consents.
    Consent(Box<consent::ConsentEffect>),
    /// Rebuilds the counters from the doses.
    Recount,
    /// Puts fields of nobody into tables of their own, in the place of all that were there: for a bench.
    Specimens(Vec<SealedField>),
}
