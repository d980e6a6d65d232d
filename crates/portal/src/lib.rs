//! HTTP: the route table, one file a resource, pages and JSON, languages.
//!
//! A handler is *parse → ask the vault → render*. Pages are pure functions of [`Disclosed`](vault::Disclosed) and
//! public values, so they cannot be fed by an unrecorded read.

pub mod api;
mod body;
mod caller;
mod cases;
pub mod citizen;
pub mod consent;
pub mod desk;
mod failure;
pub mod inbox;
pub mod open;
pub mod operators;
mod orders;
pub mod page;
pub mod papers;
pub mod plan;
pub mod routes;
pub mod sms;
pub mod words;
pub mod work;

pub use failure::Failure;
pub use inbox::Inbox;
pub use routes::{router, specimens};
// The drills enter by the same doors as everybody, and need the words for what they hand in.
pub use {registry, vault};

use std::sync::Arc;
use vault::Vault;

/// What the handlers share.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    vault: Arc<Vault>,
    demo: Option<Demo>,
    secure: bool,
    connected: Connected,
    answers: api::Answers,
    figures: operators::Figures,
}

/// Who is connected besides those whom the log names: for everybody to read, from the configuration.
#[derive(Debug, Clone, Default)]
pub struct Connected {
    /// Who sends the messages.
    pub messenger: Option<String>,
    /// Who audits.
    pub auditors: Vec<String>,
    /// Where copies of the data are kept.
    pub backup: Option<String>,
    /// Whose lawful orders are taken.
    pub authorities: registry::order::Authorities,
}

/// What only `teeka demo` has: an inbox in memory, and the log-ins of its staff.
pub struct Demo {
    /// Messages that were sent.
    pub inbox: Arc<Inbox>,
    /// Staff log-ins, for the page that shows them.
    pub staff: Vec<DemoStaff>,
}

/// A log-in of the demonstration world.
pub struct DemoStaff {
    /// Log-in name.
    pub login: String,
    /// Role and place, in words.
    pub about: String,
    /// Password.
    pub password: String,
    /// Secret of the authenticator, base32.
    pub totp_secret: String,
}

impl Portal {
    /// The portal over a vault. `secure` is set when people reach it by TLS.
    #[must_use]
    pub fn new(vault: Arc<Vault>, demo: Option<Demo>, secure: bool) -> Self {
        Self::connected(vault, demo, secure, Connected::default())
    }

    /// The portal over a vault, that says in public who is connected.
    #[must_use]
    pub fn connected(vault: Arc<Vault>, demo: Option<Demo>, secure: bool, connected: Connected) -> Self {
        let (answers, figures) = (api::Answers::default(), operators::Figures::default());
        Self(Arc::new(Inner { vault, demo, secure, connected, answers, figures }))
    }

    pub(crate) fn who_is_connected(&self) -> &Connected {
        &self.0.connected
    }

    /// The vault.
    #[must_use]
    pub fn vault(&self) -> &Arc<Vault> {
        &self.0.vault
    }

    pub(crate) fn demo(&self) -> Option<&Demo> {
        self.0.demo.as_ref()
    }

    pub(crate) fn secure(&self) -> bool {
        self.0.secure
    }

    pub(crate) fn figures(&self) -> &operators::Figures {
        &self.0.figures
    }

    pub(crate) fn answers(&self) -> &api::Answers {
        &self.0.answers
    }
}
