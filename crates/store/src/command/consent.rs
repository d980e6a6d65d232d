//! What is written of clients and consents.

use crate::rows::{ClientRow, ConsentRequestRow, ConsentRow};
use ledger::Fields;
use registry::{ClientId, PersonId, TransactionId};

/// An effect about clients and consents.
#[derive(Debug, Clone)]
pub enum ConsentEffect {
    /// Registers a client, or replaces what is registered under its id. One that is stopped loses its tokens and what it
    /// asked.
    Client(ClientRow),
    /// Takes a signed request of a client, each nonce once, while the client is not stopped.
    Signed {
        /// Who signed.
        client: ClientId,
        /// Hash of the nonce.
        nonce: [u8; 32],
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Notes a request, within what the client may ask in a day.
    Ask {
        /// The request.
        request: ConsentRequestRow,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Notes that another code was sent for a request that can still be answered.
    AskedAgain {
        /// The request.
        request: TransactionId,
        /// Transaction of the new code.
        code: TransactionId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Answers a request: a confirmed member of the phone's family consents. A request is answered once.
    Give(ConsentRow),
    /// What a request or a consent takes over shards.
    Step(ConsentStep),
    /// Answers a request with no, or without a person; it cannot be answered again.
    Close {
        /// The request.
        request: TransactionId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Opens a token; an earlier one for the same consent ends.
    Token {
        /// Hash of the token.
        token: [u8; 32],
        /// Whose it is.
        client: ClientId,
        /// For which consent.
        consent: Option<TransactionId>,
        /// What goes with it, sealed.
        sealed: Vec<u8>,
        /// Its end, milliseconds since the epoch.
        expires_ms: i64,
    },
    /// Takes one of the looks that a consent allows: by a live token for it, for these fields, before its end, not
    /// revoked, its client not stopped.
    Use {
        /// Which consent.
        consent: TransactionId,
        /// Hash of the token.
        token: [u8; 32],
        /// At what.
        fields: Fields,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Ends a consent at once.
    Revoke {
        /// Which.
        consent: TransactionId,
        /// Whose.
        person: PersonId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
}

/// A step of what several shards do about a consent: the first has what clients may, the shard of the phone the request, hers the consent.
#[derive(Debug, Clone)]
pub enum ConsentStep {
    /// Counts a request of a client among those of the day.
    Count {
        /// Whose.
        client: ClientId,
        /// Now, milliseconds since the epoch.
        now_ms: i64,
    },
    /// Closes the request, if this consent is what it asks for.
    Answer(ConsentRow),
    /// Keeps the consent. Its request is closed.
    Keep(ConsentRow),
    /// The consent was refused: its request can be answered again.
    Reopen {
        /// Which.
        request: TransactionId,
    },
}
