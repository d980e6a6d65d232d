//! A client's token: for one person, for what she allowed, worth nothing without the client's own signature.

use super::{ConsentRequest, Noticed};
use crate::caller::{Acting, Actor, Asked, Calls, sealed};
use crate::client::{self, Client};
use crate::code::CodeFor;
use crate::gate::{Act, Draft};
use crate::grant::{Evidence, Grant, Ground};
use crate::record::Fields as Opened;
use crate::sign_in::Token;
use crate::{Disclosed, Refused, Vault, seal};
use keyroom::Index;
use ledger::{Field, Kind, Purpose};
use registry::{AppointmentId, PersonId, Reference, TransactionId};
use serde::{Deserialize, Serialize};
use std::future::ready;
use store::command::consent::ConsentEffect;
use store::command::{Effect, Refusal};
use store::rows::{AppointmentRow, ClientRow, ConsentRow, DoseRow};

/// What goes with a token, sealed under a key that only it carries.
#[derive(Serialize, Deserialize)]
pub(super) struct Memory {
    /// The last four digits of the phone that the client asked.
    pub(super) last_four: String,
    /// What a client was let know.
    pub(super) status: Option<u8>,
}

/// A client with a token.
pub struct Consented {
    asked: Asked,
    token: [u8; 32],
    client: ClientRow,
    consent: Option<ConsentRow>,
    memory: Memory,
}

/// What a client was told after a right code.
pub enum Confirmed {
    /// A token, and whether nobody is registered at the phone.
    Token {
        /// The token.
        token: String,
        /// Nobody stands behind it.
        is_new: bool,
    },
    /// Several people are at the phone: she chooses on our page.
    Several,
}

/// What a person lets a client see.
pub struct Shared {
    /// Field by field, as it is kept.
    pub fields: Vec<(Field, String)>,
    /// Her doses that stand, oldest first.
    pub doses: Vec<DoseRow>,
}

impl Calls for Consented {}
impl sealed::Calls for Consented {
    fn as_actor(&self) -> Acting {
        Acting(self.actor())
    }
}

impl Consented {
    fn actor(&self) -> Actor {
        client::actor(&self.client, self.asked, self.token)
    }

    /// Whom she allowed it to see; nobody for a phone at which nobody is.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.consent.as_ref().map(|consent| consent.person)
    }

    /// The right to look at her.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where nobody is.
    pub fn grant(&self) -> Result<Grant, Refused> {
        let consent = self.consent.as_ref().ok_or(Refused::NotFound)?;
        let ground = Some(Ground::Count(consent.entry));
        Ok(Grant::Consent(Evidence { subject: consent.person, on: *consent.id.bytes(), holder: self.token, ground }))
    }

    /// What it was let know: 0 not vaccinated, 1 partly, 2 fully; `None` for a token of another sort.
    #[must_use]
    pub fn status(&self) -> Option<u8> {
        self.memory.status
    }

    /// The last four digits of the phone that was asked.
    #[must_use]
    pub fn phone_last_four(&self) -> &str {
        &self.memory.last_four
    }
}

impl Vault {
    /// A client brings the code that the person read to it.
    ///
    /// # Errors
    /// [`Refused::Wrong`], [`Refusal::CodeGone`] also for another client's request, [`Refusal::Locked`].
    pub async fn confirm_consent(
        &self,
        client: &Client,
        id: TransactionId,
        typed: &str,
        noticed: &Noticed,
    ) -> Result<Confirmed, Refused> {
        let request = self.own_request(client, id).await?;
        if request.row.name.is_some() {
            return Err(Refusal::CodeGone.into());
        }
        let holder = self.try_code(&client.actor(), request.row.code, CodeFor::Consent, None, typed).await?;
        let memory = Memory { last_four: holder.digits[holder.digits.len() - 4..].to_owned(), status: None };
        match self.at_phone(request.row.phone).await?.as_slice() {
            [] => {
                self.close(&client.actor(), id).await?;
                let token = self.open_token(client, None, &memory, self.now_ms() + request.row.lasts_ms).await?;
                Ok(Confirmed::Token { token, is_new: true })
            }
            [person] => {
                let consent = self.give(client.asked, &request, *person, noticed).await?;
                let token = self.open_token(client, Some(id), &memory, consent.until_ms).await?;
                Ok(Confirmed::Token { token, is_new: false })
            }
            _ => Ok(Confirmed::Several),
        }
    }

    /// A request of this client; another's and none look the same, and like a code that has run out.
    pub(super) async fn own_request(&self, client: &Client, id: TransactionId) -> Result<ConsentRequest, Refused> {
        match self.asked_for(id).await {
            Ok(request) if request.row.client == client.row.id => Ok(request),
            Ok(_) | Err(Refused::NotFound) => Err(Refusal::CodeGone.into()),
            Err(other) => Err(other),
        }
    }

    /// The token for a request that she answered with yes on our page, with the signed consent; before that, and if she
    /// never does, nothing. A token that was given out before ends.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn consent_token(&self, client: &Client, id: TransactionId) -> Result<Option<(String, String)>, Refused> {
        let now_ms = self.now_ms();
        let consent = self.store.read(move |store| store.consent(id)).await?;
        let stands = |one: &ConsentRow| {
            one.client == client.row.id && one.revoked_ms.is_none() && one.until_ms > now_ms && one.used < one.reads
        };
        let Some(consent) = consent.filter(stands) else { return Ok(None) };
        let row = self.people(&[consent.person]).await?.remove(0);
        let signed = self.artefact(&consent, &row).await?;
        let memory = Memory { last_four: String::new(), status: None };
        Ok(Some((self.open_token(client, Some(id), &memory, consent.until_ms).await?, signed)))
    }

    pub(super) async fn open_token(
        &self,
        client: &Client,
        consent: Option<TransactionId>,
        memory: &Memory,
        expires_ms: i64,
    ) -> Result<String, Refused> {
        let token = Token::new(self.draw());
        let plain = serde_json::to_vec(memory).expect("a memory is plain data");
        let sealed = seal::seal_with_nonce(&token.key(), self.draw(), b"client", &plain);
        let client_id = client.row.id.clone();
        let open = ConsentEffect::Token { token: token.id(), client: client_id, consent, sealed, expires_ms };
        self.act_alone(&client.actor(), Act::new(Vec::new(), Effect::Consent(Box::new(open)))).await?;
        Ok(self.token_text(&token, expires_ms))
    }

    /// What stands behind a client's token.
    ///
    /// # Errors
    /// [`Refused::NotSignedIn`] for a token that is not this client's, has run out, or was ended.
    pub async fn consented(&self, client: Client, token: &str) -> Result<Consented, Refused> {
        let token = self.read_token(token).ok_or(Refused::NotSignedIn)?;
        let (id, now_ms) = (token.id(), self.now_ms());
        let row = self.store.read(move |store| store.client_token(&id, now_ms)).await?;
        let row = row.filter(|row| row.client == client.row.id).ok_or(Refused::NotSignedIn)?;
        let memory = seal::open_with_nonce(&token.key(), b"client", &row.sealed);
        let memory = memory.and_then(|plain| serde_json::from_slice(&plain).ok()).ok_or(Refused::NotSignedIn)?;
        Ok(Consented { asked: client.asked, token: id, client: client.row, consent: row.consent, memory })
    }

    /// All that a consent allows, at one look.
    ///
    /// # Errors
    /// [`Refusal::ConsentOver`]; [`Refused::NotFound`] where nobody is.
    pub async fn shared(&self, consented: &Consented) -> Result<Disclosed<Shared>, Refused> {
        let consent = consented.consent.as_ref().ok_or(Refused::NotFound)?;
        let (grant, fields) = (consented.grant()?, consent.fields.iter().collect::<Vec<_>>());
        let (mut opened, row): (Opened, _) =
            self.open(&consented.actor(), &grant, Kind::Reveal, Purpose::Consent, &fields).await?;
        let fields = fields.into_iter().filter_map(|field| Some((field, opened.take(field)?))).collect();
        Ok(Disclosed::new(Shared { fields, doses: row.doses }))
    }

    /// The part of an appointment that is the consenting person's; another's and no one's look the same.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn appointment_in_consent(
        &self,
        consented: &Consented,
        id: AppointmentId,
    ) -> Result<Vec<AppointmentRow>, Refused> {
        let rows = self.store.read(move |store| store.appointment(id)).await?;
        let rows: Vec<_> = rows.into_iter().filter(|row| Some(row.person) == consented.person()).collect();
        if rows.is_empty() {
            self.note_refusal(&consented.actor(), Purpose::Consent).await?;
            return Err(Refused::NotFound);
        }
        Ok(rows)
    }

    /// The person of a consent, named by her reference; whoever else is named learns that a client tried.
    ///
    /// # Errors
    /// [`Refused::NotFound`], alike for another's reference and no one's.
    pub async fn named_in_consent(&self, consented: &Consented, reference: &Reference) -> Result<PersonId, Refused> {
        let (actor, digits) = (consented.actor(), reference.digits());
        let values = [(Index::Reference, digits.as_bytes())];
        let index = self.look_up(&actor, Kind::Lookup, Purpose::Consent, &values).await?[0];
        match self.store.read(move |store| store.by_reference(&index)).await? {
            Some(person) if consented.person() == Some(person) => {
                let hit = || Draft::about(person, Kind::Lookup, Purpose::Consent);
                self.act(&actor, &[person], |_| ready(Ok(Act::new(vec![hit()], Effect::Append)))).await?;
                Ok(person)
            }
            Some(other) => {
                self.note_refusal_of(&actor, other, Purpose::Consent).await?;
                Err(Refused::NotFound)
            }
            None => {
                self.note_refusal(&actor, Purpose::Consent).await?;
                Err(Refused::NotFound)
            }
        }
    }
}
