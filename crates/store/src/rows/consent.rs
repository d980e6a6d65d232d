//! Clients, what they ask, and what they were allowed.

use ledger::Fields;
use registry::{ClientId, ClientState, PersonId, TransactionId};

/// A registered client. All of it is public but the contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// Its id.
    pub id: ClientId,
    /// The organisation, as people read it.
    pub name: String,
    /// Whom the operator calls.
    pub contact: String,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
    /// The fields it may ask for at most.
    pub fields: Fields,
    /// A short code of its purpose.
    pub purpose_code: String,
    /// Its purpose in English.
    pub purpose_en: String,
    /// Its purpose in Hindi.
    pub purpose_hi: String,
    /// How many consents it may ask for in a day.
    pub consents_a_day: u32,
    /// How far it may go.
    pub state: ClientState,
}

/// A client's request to the person at a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRequestRow {
    /// Its id, and that of the consent that comes of it.
    pub id: TransactionId,
    /// Who asks.
    pub client: ClientId,
    /// Index of the phone.
    pub phone: [u8; 32],
    /// The phone itself, sealed.
    pub contact: Vec<u8>,
    /// The transaction of the code that was sent last.
    pub code: TransactionId,
    /// The fields.
    pub fields: Fields,
    /// How many looks.
    pub reads: u8,
    /// How long a consent would last, milliseconds.
    pub lasts_ms: i64,
    /// Keyed hash of a name to be compared, for a request that asks nothing else.
    pub name: Option<[u8; 32]>,
    /// In which language the person was asked: `en`, `hi`.
    pub language: String,
    /// When it can no longer be answered, milliseconds since the epoch.
    pub expires_ms: i64,
}

/// A consent that a person gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// Its id.
    pub id: TransactionId,
    /// Whose.
    pub person: PersonId,
    /// To whom.
    pub client: ClientId,
    /// The fields.
    pub fields: Fields,
    /// How many looks it allows.
    pub reads: u8,
    /// How many were taken.
    pub used: u8,
    /// Which of her entries it is, counted from zero.
    pub entry: u64,
    /// When she gave it, milliseconds since the epoch.
    pub made_ms: i64,
    /// When it ends.
    pub until_ms: i64,
    /// When she revoked it.
    pub revoked_ms: Option<i64>,
    /// What its artefact says, sealed.
    pub artefact: Vec<u8>,
}

/// A client's token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientTokenRow {
    /// Whose it is.
    pub client: ClientId,
    /// For which consent; none where nobody stood behind the phone.
    pub consent: Option<ConsentRow>,
    /// What goes with it, sealed under a key that only the token carries.
    pub sealed: Vec<u8>,
    /// Its end, milliseconds since the epoch.
    pub expires_ms: i64,
}
