//! What the store hands out: public rows, rows on random ids, ciphertext.

mod consent;
mod shard;

pub use consent::{ClientRow, ClientTokenRow, ConsentRequestRow, ConsentRow};
pub use shard::{ClaimRow, ClaimState, HoldRow, SeatRow};

use jiff::civil::Date;
use registry::case::{CaseNumber, FoundDose, Kind, Reason, State, Verdict};
use registry::{
    AppointmentId, CaseId, Centre, CentreId, DistrictId, DoseId, Factor, Gender, PersonId, Pincode, Role, Session,
    SessionId, Slot, StaffId, Vaccine,
};

/// One sealed version of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedField {
    /// Whose.
    pub person: PersonId,
    /// Which field, by its wire number.
    pub field: u8,
    /// Which version, counted from 1.
    pub version: u32,
    /// Salt of its key, drawn by the key room.
    pub salt: [u8; 16],
    /// Ciphertext.
    pub body: Vec<u8>,
}

/// A person as the store knows her.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Her id.
    pub id: PersonId,
    /// How many entries stand under her tags: the count of the next tag.
    pub entries: u64,
    /// Her tag key, wrapped.
    pub tag_key: Vec<u8>,
    /// Last four digits of her reference.
    pub reference_last_four: String,
    /// Language for messages.
    pub language: String,
    /// The newest version of each sealed field.
    pub fields: Vec<SealedField>,
    /// Her doses that stand, oldest first; with those of records joined to this one, counted anew.
    pub doses: Vec<DoseRow>,
    /// Her appointments, oldest first.
    pub appointments: Vec<AppointmentRow>,
    /// The record that this one was joined to: her doses are found there.
    pub merged_into: Option<PersonId>,
    /// Since when she is of age at a guardian's phone, milliseconds since the epoch.
    pub of_age_ms: Option<i64>,
}

/// A dose.
#[derive(Debug, Clone)]
pub struct DoseRow {
    /// Its id.
    pub id: DoseId,
    /// Who got it.
    pub person: PersonId,
    /// At which session.
    pub session: Option<SessionId>,
    /// Where.
    pub centre: CentreId,
    /// What.
    pub vaccine: Vaccine,
    /// 1, 2 or 3.
    pub number: u8,
    /// Batch number.
    pub batch: String,
    /// Local day.
    pub day: Date,
    /// Milliseconds since the epoch.
    pub at_ms: i64,
    /// Who gave it.
    pub staff: StaffId,
    /// How she showed presence; `None` is unattested.
    pub factor: Option<Factor>,
    /// Whether her observation has ended.
    pub observed: bool,
}

/// What stands in an appointment's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Booked.
    Booked,
    /// She is there.
    CheckedIn,
    /// She got her dose.
    Done,
    /// She is there, and asks for something else than a dose: it holds no place.
    Visiting,
    /// She gave it back.
    Cancelled,
    /// The centre called the session off.
    CalledOff,
}

impl Status {
    /// Stable short name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::CheckedIn => "checked-in",
            Self::Done => "done",
            Self::Visiting => "visiting",
            Self::Cancelled => "cancelled",
            Self::CalledOff => "called-off",
        }
    }

    pub(crate) fn from_code(code: &str) -> Self {
        [Self::Booked, Self::CheckedIn, Self::Done, Self::Visiting, Self::Cancelled]
            .into_iter()
            .find(|status| status.code() == code)
            .unwrap_or(Self::CalledOff)
    }
}

/// One person's part of an appointment.
#[derive(Debug, Clone)]
pub struct AppointmentRow {
    /// The appointment's id.
    pub id: AppointmentId,
    /// Whose.
    pub person: PersonId,
    /// Session.
    pub session: SessionId,
    /// The session's centre.
    pub centre: CentreId,
    /// The session's day.
    pub day: Date,
    /// The session's vaccine.
    pub vaccine: Vaccine,
    /// Window.
    pub slot: Slot,
    /// Dose number.
    pub dose: u8,
    /// Where it stands.
    pub status: Status,
    /// Version of the sealed code.
    pub code_version: u32,
    /// Keyed hash of the code.
    pub code_hash: [u8; 32],
    /// Wrong codes so far.
    pub wrong_codes: u8,
    /// How she showed presence, once she did.
    pub factor: Option<Factor>,
    /// Log position of her check-in.
    pub check_in: Option<u64>,
    /// Last four digits of her reference.
    pub reference_last_four: String,
}

/// A phone's family.
#[derive(Debug, Clone)]
pub struct FamilyRow {
    /// Moves with every change of members.
    pub version: u64,
    /// Last sign-in or change, milliseconds since the epoch.
    pub active_ms: i64,
    /// Its members, in the order they came.
    pub members: Vec<MemberRow>,
}

/// A member of a family.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// Who.
    pub person: PersonId,
    /// Where and when she was added, while she is pending.
    pub pending: Option<Pending>,
}

/// A member that the phone's holder has not confirmed.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Where she was added.
    pub centre: CentreId,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Wrong proofs so far.
    pub tries: u8,
}

/// A live sign-in.
#[derive(Debug, Clone)]
pub struct SignInRow {
    /// Who.
    pub who: crate::command::SignedIn,
    /// What it remembers, sealed.
    pub sealed: Vec<u8>,
    /// Log position of the sign-in.
    pub position: u64,
    /// When it began.
    pub since_ms: i64,
    /// Its end.
    pub expires_ms: i64,
    /// Its end if nothing happens.
    pub idle_ms: i64,
}

/// A member of staff.
#[derive(Debug, Clone)]
pub struct StaffRow {
    /// Her id.
    pub id: StaffId,
    /// Log-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Where she works, if at one centre.
    pub centre: Option<CentreId>,
    /// Whether she works here.
    pub active: bool,
    /// Password, argon2id in PHC form.
    pub password: String,
    /// TOTP secret, sealed.
    pub totp: Vec<u8>,
    /// Last time step used.
    pub step: u64,
    /// Wrong tries in a row.
    pub failures: u32,
    /// No try before this, milliseconds since the epoch.
    pub locked_ms: i64,
}

/// A member of staff to be added.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Her id.
    pub id: StaffId,
    /// Log-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Where she works, if at one centre.
    pub centre: Option<CentreId>,
    /// Password, argon2id in PHC form.
    pub password: String,
    /// TOTP secret, sealed.
    pub totp: Vec<u8>,
}

/// A batch at a centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// Where.
    pub centre: CentreId,
    /// What.
    pub vaccine: Vaccine,
    /// Number on the vial.
    pub number: String,
    /// Last day of use.
    pub expires: Date,
    /// Doses received.
    pub doses: u32,
    /// Doses given from it here.
    pub given: u32,
    /// Whether it was stopped.
    pub stopped: bool,
}

/// A session with its centre.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Where.
    pub centre: Centre,
    /// What.
    pub session: Session,
}

/// From where open places are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// A district.
    District(DistrictId),
    /// A postal code.
    Pincode(Pincode),
    /// A centre.
    Centre(CentreId),
    /// Everywhere.
    Everywhere,
}

/// What a certificate is worth today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateState {
    /// It stands.
    Current,
    /// A newer one with more doses was issued.
    Extended,
    /// Something it says was corrected.
    Corrected,
}

impl CertificateState {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Current => 0,
            Self::Extended => 1,
            Self::Corrected => 2,
        }
    }

    pub(crate) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Current,
            1 => Self::Extended,
            _ => Self::Corrected,
        }
    }
}

/// A certificate that was issued.
#[derive(Debug, Clone)]
pub struct CertificateRow {
    /// Its id.
    pub id: [u8; 16],
    /// Its version.
    pub version: u32,
    /// Digest of what it says.
    pub digest: [u8; 32],
    /// Seconds since the epoch.
    pub issued_s: i64,
    /// What it is worth.
    pub state: CertificateState,
}

/// A case of hers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its random id.
    pub id: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// What it is about.
    pub kind: Kind,
    /// Whose it is.
    pub person: PersonId,
    /// Which dose of hers it is about.
    pub dose: Option<DoseId>,
    /// Which version of her sealed words belongs to it.
    pub text_version: u32,
    /// Where it stands.
    pub state: State,
    /// When it was filed, milliseconds since the epoch.
    pub filed_ms: i64,
    /// By when she is answered.
    pub due_ms: i64,
    /// When it ends, whatever became of it.
    pub until_ms: i64,
    /// Log position of its filing.
    pub opened: u64,
    /// Its first officer.
    pub first: Option<StaffId>,
    /// Its second officer.
    pub second: Option<StaffId>,
    /// What was decided so far.
    pub verdict: Option<Verdict>,
    /// Why.
    pub reason: Option<Reason>,
    /// The dose that an officer found.
    pub found: Option<FoundDose>,
    /// When it was settled, refused or withdrawn.
    pub closed_ms: Option<i64>,
    /// The other of two records, once its holder has joined.
    pub other: Option<PersonId>,
    /// Log position of its joining.
    pub other_opened: u64,
    /// The centre at which she filed it in person.
    pub centre: Option<CentreId>,
}

impl CaseRow {
    /// Which officer has it now.
    #[must_use]
    pub fn holder(&self) -> Option<StaffId> {
        match self.state {
            State::First => self.first,
            State::Second => self.second,
            _ => None,
        }
    }
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// Its number.
    pub id: i64,
    /// To whom.
    pub person: PersonId,
    /// Why.
    pub cause: Cause,
    /// About which appointment; for a first look, the position of its entry as sixteen bytes; of a letter, about which case.
    pub appointment: AppointmentId,
    /// How often it was tried.
    pub attempts: u32,
}

/// A numbered lawful order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Its random id.
    pub id: [u8; 16],
    /// The number of its case here.
    pub number: CaseNumber,
    /// Whom it concerns.
    pub person: PersonId,
    /// Whether she had left when it was filed.
    pub held: bool,
    /// What it allows, as its entries say it.
    pub terms: Vec<u8>,
    /// When it was filed, milliseconds since the epoch.
    pub filed_ms: i64,
    /// When it ends and she is told, milliseconds since the epoch.
    pub until_ms: i64,
    /// Who filed it.
    pub first: StaffId,
    /// Who confirmed it.
    pub second: Option<StaffId>,
    /// The entry of its filing; the public one follows it.
    pub filed: Option<OrderEntry>,
    /// The entry of its confirming.
    pub confirmed: Option<OrderEntry>,
    /// When the first officer looked.
    pub first_look_ms: Option<i64>,
    /// When the second did.
    pub second_look_ms: Option<i64>,
}

/// Where an entry about her stands: in the log, and among hers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderEntry {
    /// Position.
    pub position: u64,
    /// Which of hers it is, counted from zero.
    pub count: u64,
}

/// What stays for a year of someone who left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// Who.
    pub person: PersonId,
    /// How many entries there are about her.
    pub entries: u64,
    /// Ciphertext of the versions whose keys are held.
    pub fields: Vec<SealedField>,
}

/// Why a notice is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// She booked or moved.
    Changed,
    /// The centre called the session off.
    Cancelled,
    /// Her phone signed in from a browser that it never used before.
    NewBrowser,
    /// An organisation looked at her for the first time.
    FirstLook,
    /// A letter about her data waits; it is about a case, not an appointment.
    Letter,
    /// She is about to move to another phone; what stands for the appointment is the move.
    Moving,
}

impl Cause {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Changed => 0,
            Self::Cancelled => 1,
            Self::NewBrowser => 2,
            Self::FirstLook => 3,
            Self::Letter => 4,
            Self::Moving => 5,
        }
    }

    pub(crate) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Changed,
            1 => Self::Cancelled,
            2 => Self::NewBrowser,
            3 => Self::FirstLook,
            4 => Self::Letter,
            _ => Self::Moving,
        }
    }
}

/// What is kept beside a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Position of the look.
    pub position: u64,
    /// Whom it is about; nobody any more, if she was erased.
    pub person: Option<PersonId>,
    /// Whose key it is sealed to.
    pub day: u32,
    /// Who looked at what, sealed; empty, if she was erased.
    pub sealed: Vec<u8>,
}

/// A row of the log that no tile has yet taken.
#[derive(Debug, Clone)]
pub struct LogRow {
    /// Position.
    pub position: u64,
    /// The leaf.
    pub leaf: [u8; ledger::LEAF_BYTES],
    /// The sealed entry.
    pub sealed: Vec<u8>,
}

/// A counter: so many doses of this sort.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// Where.
    pub centre: CentreId,
    /// When.
    pub day: Date,
    /// What.
    pub vaccine: Vaccine,
    /// 1, 2 or 3.
    pub number: u8,
    /// Lower end of the ten-year age band.
    pub age_from: u8,
    /// Gender.
    pub gender: Gender,
    /// Whether attested.
    pub attested: bool,
    /// How many.
    pub doses: u32,
}

/// What a session has seen so far: counts, no people.
#[derive(Debug, Clone, Copy, Default)]
pub struct SessionCounts {
    /// Booked and not yet there.
    pub booked: u32,
    /// There, not yet vaccinated.
    pub checked_in: u32,
    /// Vaccinated.
    pub done: u32,
}

/// Why the entry under a tag cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedTag {
    /// Position of the erasure.
    pub position: u64,
    /// Which of her tags it was.
    pub number: u64,
    /// All of them, and what blinds them.
    pub explained: crate::command::Explained,
}

/// A member on her way to another phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveRow {
    /// The move's id.
    pub id: [u8; 16],
    /// Who.
    pub person: PersonId,
    /// Index of the phone she leaves, if she was at one.
    pub from: Option<[u8; 32]>,
    /// Index of the phone she goes to.
    pub to: [u8; 32],
    /// The version under which her new phone was sealed.
    pub version: u32,
    /// When it was asked for, milliseconds since the epoch.
    pub made_ms: i64,
    /// When it happens, milliseconds since the epoch; none, where two officers decide.
    pub due_ms: Option<i64>,
    /// The case by which it was asked for in person.
    pub case: Option<CaseId>,
}
