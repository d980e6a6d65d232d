//! One-time codes: drawn from the system's chance, kept as a keyed hash, bound to transaction, purpose and person,
//! good once and for three minutes. Nothing here depends on whether the phone is known to us.

use crate::caller::{Actor, Asked};
use crate::gate::{Act, Draft};
use crate::notice::Message;
use crate::{Keepsake, Refused, Vault};
use keyroom::Index;
use ledger::{Kind, Purpose};
use registry::{PersonId, Phone, TransactionId};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use store::command::{Answer, Effect, Lane, Refusal, SendCode, TryCode};

/// How long a code is good, milliseconds.
pub(crate) const LIFE_MS: i64 = 180_000;

/// How long an answer waits for the operator's gateway.
const PATIENCE: Duration = Duration::from_millis(200);

/// What a code is for. A code for one thing is no good for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFor {
    /// Signing in with the whole family.
    SignIn,
    /// Downloading one's certificate, and nothing else.
    Certificate,
    /// Showing at a session that one is there.
    Presence,
    /// Consenting to what a client asks.
    Consent,
    /// Letting a client know whether one is vaccinated.
    Status,
    /// Leaving for good.
    Leaving,
    /// Taking along everything that is kept.
    Download,
    /// Moving a member to another phone: from the one she leaves.
    MoveAway,
    /// Moving a member to another phone: from the one she goes to.
    MoveHere,
}

/// Who holds a phone, as a right code shows.
pub(crate) struct Holder {
    pub(crate) index: [u8; 32],
    /// The lane of the code.
    pub(crate) lane: [u8; 32],
    pub(crate) digits: String,
}

impl CodeFor {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::SignIn => 1,
            Self::Certificate => 2,
            Self::Presence => 3,
            // Apart from the others, as their purpose is numbered in the log.
            Self::Consent => 21,
            Self::Status => 121,
            Self::Leaving => 31,
            Self::Download => 32,
            Self::MoveAway => 33,
            Self::MoveHere => 34,
        }
    }

    /// What an entry says that a code is for.
    pub(crate) const fn purpose(self) -> Purpose {
        match self {
            Self::SignIn | Self::Certificate | Self::Presence => Purpose::SignIn,
            Self::Consent | Self::Status => Purpose::Consent,
            Self::Leaving => Purpose::Leaving,
            Self::Download => Purpose::Download,
            Self::MoveAway | Self::MoveHere => Purpose::Move,
        }
    }

    /// Whether it opens a person to somebody else: such a code has eight digits always.
    const fn is_for_others(self) -> bool {
        matches!(self, Self::Consent | Self::Status)
    }
}

/// Where a code goes: the phone as the store knows it, and in whose count.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    pub(crate) index: [u8; 32],
    pub(crate) lane: Lane,
}

impl Counted {
    pub(crate) const fn for_anyone(index: [u8; 32]) -> Self {
        Self { index, lane: Lane::Anyone }
    }
}

/// A code that was drawn, and what notes it.
pub(crate) struct Fresh {
    pub(crate) code: String,
    pub(crate) send: SendCode,
}

impl Vault {
    /// Sends a code to a phone, whoever it belongs to. A browser that signed in there before has a budget of its own.
    ///
    /// # Errors
    /// [`Refusal::OverBudget`], alike for known and unknown numbers.
    pub async fn send_code(
        &self,
        asked: Asked,
        phone: &Phone,
        what_for: CodeFor,
        language: &str,
    ) -> Result<TransactionId, Refused> {
        let marked = self.marked(asked, phone);
        self.send_code_to(&Actor::nobody(asked), phone, marked, (what_for, None), language).await
    }

    /// Sends a code to a phone that is not shown to be anybody's yet. Its budget is asked before anything is written.
    pub(crate) async fn send_code_to(
        &self,
        actor: &Actor,
        phone: &Phone,
        marked: Option<Keepsake>,
        about: (CodeFor, Option<PersonId>),
        language: &str,
    ) -> Result<TransactionId, Refused> {
        let known = self.known_budget(marked.as_ref().map_or(b"phone", |keepsake| &keepsake.name), phone);
        self.check_budget(&known)?;
        let values = [(Index::Phone, phone.digits().as_bytes())];
        let index = self.look_up(actor, Kind::OtpSend, about.0.purpose(), &values).await?[0];
        let counted = Counted { index, lane: self.lane(marked.as_ref(), &index) };
        let sent = self.dispatch(actor, counted, phone, about, language).await;
        self.within_budget(known, sent)
    }

    /// Draws a code, notes it within the lane's budget, and hands it to the messenger.
    pub(crate) async fn dispatch(
        &self,
        actor: &Actor,
        counted: Counted,
        phone: &Phone,
        about: (CodeFor, Option<PersonId>),
        language: &str,
    ) -> Result<TransactionId, Refused> {
        let what_for = about.0;
        let Fresh { code, send } = self.fresh_code(counted, phone, about).await?;
        let transaction = send.transaction;
        self.act_alone(actor, Act::new(Vec::new(), Effect::SendCode(send))).await?;
        self.hand_over(phone, Message::Code { code, what_for }, language).await;
        Ok(transaction)
    }

    /// Under what it is remembered, for as long as this process lives, that a phone is over one of its budgets.
    pub(crate) fn known_budget(&self, of: &[u8], phone: &Phone) -> [u8; 32] {
        self.secrets.code_hash(&[b"budget", of], phone.digits().as_bytes())
    }

    /// Draws a code for a phone.
    pub(crate) async fn fresh_code(
        &self,
        counted: Counted,
        phone: &Phone,
        (what_for, person): (CodeFor, Option<PersonId>),
    ) -> Result<Fresh, Refused> {
        let transaction = TransactionId::from_random(self.draw());
        let code = self.draw_code(what_for).await?;
        let now_ms = self.now_ms();
        let send = SendCode {
            transaction,
            phone: counted.index,
            lane: counted.lane,
            purpose: what_for.number(),
            person,
            hash: self.code_hash(transaction, what_for, &hex_of(&code)),
            contact: self.secrets.seal_contact(transaction.bytes(), self.draw(), phone.digits()),
            now_ms,
            expires_ms: now_ms + LIFE_MS,
        };
        Ok(Fresh { code, send })
    }

    /// Hands a message to the messenger.
    pub(crate) async fn hand_over(&self, phone: &Phone, message: Message, language: &str) {
        let (messenger, phone, language) = (Arc::clone(&self.messenger), phone.clone(), language.to_owned());
        let figures = self.figures.clone();
        let sending = tokio::spawn(async move {
            let sent = messenger.send(phone, message, language).await;
            figures.sent("code", sent.is_ok());
            if let Err(undelivered) = sent {
                tracing::warn!(%undelivered, "a code was not delivered");
            }
        });
        // Most gateways take a message at once; a slow one is not waited for. Nothing of it depends on whose phone it is.
        let _ = tokio::time::timeout(PATIENCE, sending).await;
    }

    /// Tries a code: `typed` is the digits, or the SHA-256 of them in hex, as CoWIN clients send it.
    pub(crate) async fn try_code(
        &self,
        actor: &Actor,
        transaction: TransactionId,
        what_for: CodeFor,
        person: Option<PersonId>,
        typed: &str,
    ) -> Result<Holder, Refused> {
        let typed = typed.trim();
        let hex = if typed.len() == 64 { typed.to_ascii_lowercase() } else { hex_of(typed) };
        let attempt = TryCode {
            transaction,
            purpose: what_for.number(),
            person,
            hash: self.code_hash(transaction, what_for, &hex),
            now_ms: self.now_ms(),
        };
        let draft = Draft::about_nobody(Kind::OtpVerify, what_for.purpose());
        match self.act_alone(actor, Act::new(vec![draft], Effect::TryCode(attempt))).await?.0.answer {
            Answer::CodeRight { phone, lane, contact } => {
                let digits = self.secrets.open_contact(transaction.bytes(), &contact).ok_or(Refused::Unavailable)?;
                Ok(Holder { index: phone, lane, digits })
            }
            Answer::CodeWrong { left } => Err(Refused::Wrong { left }),
            _ => Err(Refused::Unavailable),
        }
    }

    fn code_hash(&self, transaction: TransactionId, what_for: CodeFor, hex: &str) -> [u8; 32] {
        self.secrets.code_hash(&[b"otp", transaction.bytes(), &[what_for.number()]], hex.as_bytes())
    }

    /// Six digits; eight for somebody else's sake and for what cannot be undone, and on a day with more wrong codes than guessing by chance would need.
    async fn draw_code(&self, what_for: CodeFor) -> Result<String, Refused> {
        let now_ms = self.now_ms();
        let wrong = self.store.read(move |store| store.wrong_codes_today(now_ms)).await?;
        let digits = if what_for.is_for_others() || what_for == CodeFor::Leaving || wrong > self.wrong_codes_a_day {
            8
        } else {
            6
        };
        Ok(self.draw_digits(digits))
    }

    /// Decimal digits, uniform: draws that would favour some are thrown away.
    pub(crate) fn draw_digits(&self, digits: u32) -> String {
        let span = 10_u64.pow(digits);
        let fair = u64::MAX - u64::MAX % span;
        loop {
            let drawn = u64::from_be_bytes(self.draw());
            if drawn < fair {
                return format!("{:0width$}", drawn % span, width = digits as usize);
            }
        }
    }

    pub(crate) fn check_budget(&self, known: &[u8; 32]) -> Result<(), Refused> {
        let over = self.over_budget.lock().expect("nobody panics while holding it").get(known).copied();
        match over.filter(|until| *until > self.now_ms()) {
            Some(until_ms) => Err(Refusal::OverBudget { until_ms }.into()),
            None => Ok(()),
        }
    }

    /// What came of sending; a budget that is used up is remembered.
    pub(crate) fn within_budget<T>(&self, known: [u8; 32], sent: Result<T, Refused>) -> Result<T, Refused> {
        if let Err(Refused::Rule(Refusal::OverBudget { until_ms })) = sent {
            self.note_over_budget(known, until_ms);
        }
        sent
    }

    fn note_over_budget(&self, known: [u8; 32], until_ms: i64) {
        let mut over = self.over_budget.lock().expect("nobody panics while holding it");
        if over.len() > 100_000 {
            let now_ms = self.now_ms();
            over.retain(|_, until| *until > now_ms);
        }
        over.insert(known, until_ms);
    }
}

fn hex_of(code: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(code.as_bytes()))
}
