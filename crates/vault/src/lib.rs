//! The door. The only room that may use the store and the key room together.
//!
//! Personal data leaves by [`Vault::disclose`] alone: append the entry, commit it durably, get the field keys for
//! exactly that receipt, open, hand out. If the commit fails there is no data. Writes are named verbs, each one
//! transaction that leaves its own entry. Verbs may *use* fields inside and return an outcome, never the field.

mod access;
mod agenda;
mod audits;
mod booking;
mod caller;
mod case;
mod certificate;
mod checkpoint;
mod client;
mod code;
mod compare;
mod consent;
mod disclosed;
mod download;
mod exchange;
mod facts;
mod family;
mod figures;
mod fresh;
mod gate;
mod grant;
mod guardian;
mod health;
mod keepsake;
mod law;
mod leaving;
mod log;
mod moving;
mod notice;
mod offer;
mod order;
mod outsider;
mod plan;
mod presence;
mod proof;
mod public;
mod record;
mod seal;
mod secrets;
mod shelf;
mod sign_in;
mod specimen;
mod staff;

pub use access::{Look, Looks};
pub use agenda::DayAhead;
pub use audits::{AuditCheck, AuditReport, Audited};
pub use booking::BookingRequest;
pub use caller::{Asked, Caller, Calls, Citizen, Staff};
pub use case::{CaseFile, Decision, Joined, Judgement, OtherRecord};
pub use certificate::{Certified, Standing};
pub use checkpoint::{Standing as LogStanding, Watch};
pub use client::{Client, Signed, public_half};
pub use code::CodeFor;
pub use compare::Comparison;
pub use consent::{
    Chooser, Confirmed, ConsentAsk, ConsentKey, ConsentRequest, Consented, Noticed, Permission, Permissions, Shared,
};
pub use disclosed::{Disclosed, Shown};
pub use download::Everything;
pub use family::{Member, NewPerson, Registered};
pub use grant::Grant;
pub use health::Health;
pub use keepsake::Keepsake;
pub use keyroom::Random;
pub use law::Law;
pub use ledger::erasure::Explained;
pub use ledger::order::{LegalGround, Order};
pub use ledger::{Channel, Field, Fields, GrantKind, Kind, Purpose};
pub use log::{Fresh, Log};
pub use moving::Moving;
pub use notice::{Message, Messenger, Sending, Undelivered};
pub use order::{About, NewOrder, OrderFile, OrderSeen};
pub use outsider::{Drawn, LogFile};
pub use plan::{Changed, geography};
pub use presence::{DoseGiven, Evidence, Given, GivenHere, ListRow, Observation, Reported};
pub use proof::LooksFile;
pub use public::{PublicCount, SMALLEST_CELL};
pub use record::{Card, Patient, Record, Slip, Visitor};
pub use secrets::Secrets;
pub use shelf::KeyShelf;
pub use sign_in::{Opened, Proof};
pub use specimen::{Specimen, Specimens};
pub use staff::{Enrolled, totp};
pub use store::command::{Compared, NewSession, StaffChange};
pub use store::figures::Stopwatch;
pub use store::rows;
pub use store::{Effect, Refusal};

use credential::{Issuer, IssuerKey};
use exchange::Exchanges;
use figures::Figures;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use keyroom::Keys;
use prometheus_client::registry::Registry;
use registry::{Ineligible, Malformed};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex};
use store::Store;

/// Time, handed in: milliseconds since the epoch.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The zone of every centre so far: Indian Standard Time, five and a half hours ahead.
const ZONE_SECONDS: i32 = 19_800;

/// Why the vault did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nobody is signed in, or not any more.
    #[error("not signed in")]
    NotSignedIn,
    /// The caller's role may not do this.
    #[error("not for this role")]
    WrongRole,
    /// It does not exist, or not for this caller: the two look the same.
    #[error("not found")]
    NotFound,
    /// The caller is not on the roster of this session today.
    #[error("not on the roster of this session")]
    NotRostered,
    /// A value has the wrong form.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A rule of the programme stands against it.
    #[error(transparent)]
    Ineligible(#[from] Ineligible),
    /// A rule of the store stands against it.
    #[error(transparent)]
    Rule(#[from] Refusal),
    /// The code, card or proof was wrong.
    #[error("wrong, with {left} tries left")]
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// The phone was silent for 90 days: a second proof is asked, under this continuation.
    #[error("a second proof is asked")]
    ProofNeeded(Proof),
    /// The log, the store or the key room cannot do its part; nothing was shown and nothing was written.
    #[error("not available just now")]
    Unavailable,
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        tracing::error!(%error, "store");
        Self::Unavailable
    }
}

impl From<keyroom::Refused> for Refused {
    fn from(refused: keyroom::Refused) -> Self {
        tracing::error!(%refused, "key room");
        Self::Unavailable
    }
}

/// What the vault is made of.
pub struct Parts {
    /// Rows and ciphertext.
    pub store: Store,
    /// The log: one for all vaults over one store in this process.
    pub log: Arc<Log>,
    /// The key room: one for all vaults over one key file in this process.
    pub keys: Arc<Keys>,
    /// Whom the log is shown to.
    pub watch: Arc<Watch>,
    /// The vault's own keys.
    pub secrets: Secrets,
    /// Signs certificates.
    pub issuer: Issuer,
    /// Time.
    pub clock: Clock,
    /// Chance.
    pub random: Random,
    /// Where messages go.
    pub messenger: Arc<dyn Messenger>,
    /// Which build this is: stands in every entry.
    pub build: String,
    /// Wrong codes in a day, over all phones, beyond which new codes have eight digits.
    pub wrong_codes_a_day: u64,
}

/// The vault.
pub struct Vault {
    store: Store,
    log: Arc<Log>,
    keys: Arc<Keys>,
    exchanges: Exchanges,
    figures: Figures,
    watch: Arc<Watch>,
    secrets: Secrets,
    issuer: Issuer,
    clock: Clock,
    random: Random,
    messenger: Arc<dyn Messenger>,
    build: String,
    wrong_codes_a_day: u64,
    /// At most one command in flight per person: a lane by the first two bytes of her id, so that hardly anybody waits for
    /// somebody else.
    lanes: Vec<tokio::sync::Mutex<()>>,
    /// Phones over their budget, under a key that dies with the process: asked again, they cost nothing.
    over_budget: Mutex<HashMap<[u8; 32], i64>>,
    /// Keys made before this moment were looked at by the sweeper.
    swept_ms: AtomicI64,
    /// Whether no more keys go out than are asked.
    law: Mutex<law::Watched>,
    /// The day before which all days are indexed, counted from the epoch.
    indexed_day: AtomicI64,
    /// So many entries of the log end with the newest that says what a restore lost, if it was not published at the start.
    restored: AtomicU64,
    /// Indexes of the log that were asked for last.
    indexes: Mutex<Vec<(ledger::index::Span, Arc<ledger::index::Index>)>>,
    /// What facts are sealed with just now.
    desk: Mutex<Option<Arc<facts::Desk>>>,
}

impl Vault {
    /// The vault over its parts. It lives on the async runtime that it is made on.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let figures = Figures::beside(Arc::clone(parts.store.figures()));
        let (log, keys, clock) = (Arc::clone(&parts.log), Arc::clone(&parts.keys), Arc::clone(&parts.clock));
        Self {
            store: parts.store,
            exchanges: Exchanges::open(log, keys, clock, figures.clone()),
            figures,
            log: parts.log,
            keys: parts.keys,
            watch: parts.watch,
            secrets: parts.secrets,
            issuer: parts.issuer,
            clock: parts.clock,
            random: parts.random,
            messenger: parts.messenger,
            build: parts.build,
            wrong_codes_a_day: parts.wrong_codes_a_day,
            lanes: (0..=u16::MAX).map(|_| tokio::sync::Mutex::new(())).collect(),
            over_budget: Mutex::new(HashMap::new()),
            swept_ms: AtomicI64::new(0),
            law: Mutex::default(),
            indexed_day: AtomicI64::new(0),
            restored: AtomicU64::new(0),
            indexes: Mutex::default(),
            desk: Mutex::default(),
        }
    }

    /// Now, milliseconds since the epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Now, at the centres.
    #[must_use]
    pub fn now(&self) -> Zoned {
        at(self.now_ms())
    }

    /// Today, at the centres.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// The public key that verifies our certificates.
    #[must_use]
    pub fn issuer_key(&self) -> &IssuerKey {
        self.issuer.key()
    }

    /// Random bytes.
    #[must_use]
    pub fn draw<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// Adds what the vault and its store count to a registry, their times by this stopwatch.
    pub fn register_figures(&self, registry: &mut Registry, stopwatch: Stopwatch) {
        self.figures.store().time_by(stopwatch);
        self.figures.register(registry);
    }

    /// Copies the data to `data`, unless a server's own tools have done it, then has the key room copy the keys, beside them and
    /// under this name: in this order, so that nobody restored lacks a key. Answers how many leaves of the log the copy of the keys
    /// has seen, at most.
    ///
    /// # Errors
    /// When a copy cannot be written.
    pub async fn backup(&self, data: Option<&std::path::Path>, name: &str) -> Result<u64, Refused> {
        data.map(|data| self.store.backup(data)).transpose()?;
        Ok(self.keys.copy(name).await?)
    }
}

/// A moment at the centres.
#[must_use]
pub fn at(ms: i64) -> Zoned {
    Timestamp::from_millisecond(ms)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::fixed(Offset::from_seconds(ZONE_SECONDS).expect("half past five is a zone")))
}
