//! The third way in: a client asks the person at a phone, she sees who and what, and a code of hers says yes. Whatever a
//! client asks, it gets the same answer until she has typed the code: it learns of nobody whether we know her.

mod artefact;
mod permissions;
mod status;
mod token;

pub use artefact::{ConsentKey, Noticed};
pub use permissions::{Permission, Permissions};
pub use token::{Confirmed, Consented, Shared};

use crate::caller::{Actor, Asked};
use crate::client::Client;
use crate::code::{CodeFor, Counted, Fresh};
use crate::gate::{Act, Draft};
use crate::grant::{Evidence, Grant};
use crate::notice::Message;
use crate::{Refused, Vault, seal};
use data_encoding::BASE64URL_NOPAD;
use keyroom::Index;
use ledger::consent::{LONGEST_MS, MOST_READS, Terms};
use ledger::{Field, Fields, Kind, Purpose};
use registry::{ClientState, PersonId, Phone, TransactionId, Wrong};
use std::future::ready;
use std::sync::Arc;
use store::command::consent::ConsentEffect;
use store::command::{Effect, Refusal};
use store::rows::{ClientRow, ConsentRequestRow, ConsentRow, PersonRow};

/// What a client may ask for at all: not her phone, and nothing of her health beyond her doses.
pub(crate) const ASKABLE: Fields = Fields::of(&[
    Field::Name,
    Field::BirthYear,
    Field::Gender,
    Field::IdDocument,
    Field::Reference,
    Field::BookingCode,
    Field::Comorbidity,
]);

/// How long a request can be answered; each code for it is good for its three minutes.
const REQUEST_MS: i64 = 900_000;
/// A consent lasts at least so long.
const SHORTEST_MS: i64 = 60_000;

/// What a client asks.
pub struct ConsentAsk {
    /// The person at which phone.
    pub phone: Phone,
    /// What it wants to see.
    pub fields: Fields,
    /// How often: one to five times.
    pub reads: u8,
    /// For how long, milliseconds: a minute to a day.
    pub lasts_ms: i64,
    /// In which language she is asked: `en`, `hi`.
    pub language: String,
}

/// A request as whoever has its address sees it. It says nothing of whom it is to.
pub struct ConsentRequest {
    client: ClientRow,
    row: ConsentRequestRow,
}

impl ConsentRequest {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> TransactionId {
        self.row.id
    }

    /// Who asks: the organisation's name.
    #[must_use]
    pub fn partner(&self) -> &str {
        &self.client.name
    }

    /// What for, in this language.
    #[must_use]
    pub fn purpose(&self, language: &str) -> &str {
        purpose(&self.client, language)
    }

    /// What it would see.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        self.row.fields.iter().collect()
    }

    /// How often.
    #[must_use]
    pub fn reads(&self) -> u8 {
        self.row.reads
    }

    /// For how long, milliseconds.
    #[must_use]
    pub fn lasts_ms(&self) -> i64 {
        self.row.lasts_ms
    }

    /// In which language the message was.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.row.language
    }
}

/// A code was right: who can consent, and the proof that carries this to the next step.
pub struct Chooser {
    /// Opaque; good as long as the request.
    pub proof: String,
    /// Last four digits of the reference of each confirmed member of the phone.
    pub endings: Vec<String>,
}

fn purpose<'a>(client: &'a ClientRow, language: &str) -> &'a str {
    if language == "hi" { &client.purpose_hi } else { &client.purpose_en }
}

/// What a request says besides to whom.
struct Wish {
    what_for: CodeFor,
    fields: Fields,
    reads: u8,
    lasts_ms: i64,
    name: Option<String>,
}

impl Vault {
    /// The fields that any client may be registered for.
    #[must_use]
    pub fn askable() -> Vec<Field> {
        ASKABLE.iter().collect()
    }

    /// The fields that a client may ask for at most.
    #[must_use]
    pub fn may_ask(client: &Client) -> Fields {
        client.row.fields
    }

    /// Asks the person at a phone for a consent. Known and unknown phones are answered alike.
    ///
    /// # Errors
    /// [`Refused::Malformed`] for terms beyond the client's; [`Refusal::OverBudget`] for the phone's or the client's day.
    pub async fn ask_consent(&self, client: &Client, ask: ConsentAsk) -> Result<TransactionId, Refused> {
        if ask.fields.0 == 0 || ask.fields.0 & !client.row.fields.0 != 0 {
            return Err(Wrong::Unknown.of("fields").into());
        }
        if !(1..=MOST_READS).contains(&ask.reads) {
            return Err(Wrong::Range.of("reads").into());
        }
        if !(SHORTEST_MS..=LONGEST_MS).contains(&ask.lasts_ms) {
            return Err(Wrong::Range.of("minutes").into());
        }
        let ConsentAsk { phone, fields, reads, lasts_ms, language } = ask;
        self.ask(client, &phone, Wish { what_for: CodeFor::Consent, fields, reads, lasts_ms, name: None }, &language)
            .await
    }

    /// Writes a request down and sends its code; that of a client in the sandbox reaches nobody.
    async fn ask(&self, client: &Client, phone: &Phone, wish: Wish, language: &str) -> Result<TransactionId, Refused> {
        let (actor, now_ms, id) = (client.actor(), self.now_ms(), client.row.id.clone());
        // Before anything is written: a client over its day costs nothing.
        let known = id.clone();
        if self.store.read(move |store| store.asked_today(&known, now_ms)).await? >= client.row.consents_a_day {
            return Err(Refusal::OverBudget { until_ms: (now_ms.div_euclid(LONGEST_MS) + 1) * LONGEST_MS }.into());
        }
        let known = self.known_budget(b"consent", phone);
        self.check_budget(&known)?;
        let values = [(Index::Phone, phone.digits().as_bytes())];
        let index = self.look_up(&actor, Kind::OtpSend, Purpose::Consent, &values).await?[0];
        let Fresh { code, send } = self.fresh_code(self.budget_of(index), phone, (wish.what_for, None)).await?;
        let request = TransactionId::from_random(self.draw());
        let row = ConsentRequestRow {
            id: request,
            client: id,
            phone: index,
            contact: self.secrets.seal_contact(request.bytes(), self.draw(), phone.digits()),
            code: send.transaction,
            fields: wish.fields,
            reads: wish.reads,
            lasts_ms: wish.lasts_ms,
            name: wish.name.as_deref().map(|name| self.name_hash(request, name)),
            language: language.to_owned(),
            expires_ms: now_ms + REQUEST_MS,
        };
        let message = message(&client.row, &row, code);
        let mut effects = vec![Effect::Consent(Box::new(ConsentEffect::Ask { request: row, now_ms }))];
        let is_live = client.row.state == ClientState::Live;
        effects.extend(is_live.then_some(Effect::SendCode(send)));
        let asked = self.act_alone(&actor, Act::new(Vec::new(), Effect::All(effects))).await;
        self.within_budget(known, asked)?;
        if is_live {
            self.hand_over(phone, message, language).await;
        }
        Ok(request)
    }

    /// Codes for partners have a budget and a lock of their own, so that no partner can keep her from signing in.
    fn budget_of(&self, phone: [u8; 32]) -> Counted {
        Counted::for_anyone(self.secrets.code_hash(&[b"consent"], &phone))
    }

    /// A request that can still be answered, for whoever has its address.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn consent_request(&self, id: TransactionId) -> Result<ConsentRequest, Refused> {
        let request = self.asked_for(id).await?;
        if request.row.name.is_some() { Err(Refused::NotFound) } else { Ok(request) }
    }

    async fn asked_for(&self, id: TransactionId) -> Result<ConsentRequest, Refused> {
        let now_ms = self.now_ms();
        let read = move |store: &store::Reader| {
            let Some(row) = store.consent_request(id, now_ms)? else { return Ok(None) };
            Ok(store.client(&row.client)?.filter(|one| one.state != ClientState::Stopped).map(|client| (client, row)))
        };
        let (client, row) = self.store.read(read).await?.ok_or(Refused::NotFound)?;
        Ok(ConsentRequest { client, row })
    }

    /// Sends another code for a request, within the phone's budget.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refusal::OverBudget`].
    pub async fn ask_consent_again(&self, asked: Asked, id: TransactionId) -> Result<(), Refused> {
        let ConsentRequest { client, row } = self.consent_request(id).await?;
        let digits = self.secrets.open_contact(row.id.bytes(), &row.contact).ok_or(Refused::Unavailable)?;
        let phone: Phone = digits.parse()?;
        let Fresh { code, send } = self.fresh_code(self.budget_of(row.phone), &phone, (CodeFor::Consent, None)).await?;
        let again = ConsentEffect::AskedAgain { request: id, code: send.transaction, now_ms: self.now_ms() };
        let message = message(&client, &row, code);
        let effects = vec![Effect::Consent(Box::new(again)), Effect::SendCode(send)];
        if client.state == ClientState::Live {
            let sent = Draft::about_nobody(Kind::OtpSend, Purpose::Consent);
            self.act_alone(&Actor::nobody(asked), Act::new(vec![sent], Effect::All(effects))).await?;
            self.hand_over(&phone, message, &row.language).await;
        }
        Ok(())
    }

    /// Tries the code of a request, on our page.
    ///
    /// # Errors
    /// [`Refused::Wrong`], [`Refusal::CodeGone`], [`Refusal::Locked`]; [`Refused::NotFound`].
    pub async fn try_consent_code(&self, asked: Asked, id: TransactionId, typed: &str) -> Result<Chooser, Refused> {
        let ConsentRequest { row, .. } = self.consent_request(id).await?;
        self.try_code(&Actor::nobody(asked), row.code, CodeFor::Consent, None, typed).await?;
        let people = self.at_phone(row.phone).await?;
        let endings = self.people(&people).await?.into_iter().map(|one| one.reference_last_four).collect();
        Ok(Chooser { proof: self.proof_of(&row, &people), endings })
    }

    /// The confirmed members of a phone; nobody, if it was silent for so long that it may have a new holder.
    async fn at_phone(&self, phone: [u8; 32]) -> Result<Vec<PersonId>, Refused> {
        let family = self.store.read(move |store| store.family(&phone)).await?;
        if family.active_ms < self.now_ms() - crate::sign_in::DORMANT_MS {
            return Ok(Vec::new());
        }
        Ok(family.members.into_iter().filter(|one| one.pending.is_none()).map(|one| one.person).collect())
    }

    /// That the code was right, and between whom she chooses: a place on the page stays whose it was, whoever comes or leaves.
    fn proof_of(&self, row: &ConsentRequestRow, people: &[PersonId]) -> String {
        let key = self.secrets.token_mac(b"consent");
        let plain = serde_json::to_vec(people).expect("plain data");
        BASE64URL_NOPAD.encode(&seal::seal_with_nonce(&key, self.draw(), row.id.bytes(), &plain))
    }

    fn proven(&self, id: TransactionId, proof: &str) -> Option<Vec<PersonId>> {
        let key = self.secrets.token_mac(b"consent");
        let sealed = BASE64URL_NOPAD.decode(proof.as_bytes()).ok()?;
        serde_json::from_slice(&seal::open_with_nonce(&key, id.bytes(), &sealed)?).ok()
    }

    /// The member at this place of the phone consents; returns until when, milliseconds since the epoch.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for a request that was answered or ran out, a proof that is none, a place with nobody.
    pub async fn give_consent(
        &self,
        asked: Asked,
        id: TransactionId,
        proof: &str,
        place: usize,
        noticed: &Noticed,
    ) -> Result<i64, Refused> {
        let request = self.consent_request(id).await?;
        let people = self.proven(id, proof).ok_or(Refused::NotFound)?;
        let person = *people.get(place).ok_or(Refused::NotFound)?;
        if !self.at_phone(request.row.phone).await?.contains(&person) {
            return Err(Refused::NotFound);
        }
        Ok(self.give(asked, &request, person, noticed).await?.until_ms)
    }

    /// She said no: the request is over, and its client is told nothing.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn decline_consent(&self, asked: Asked, id: TransactionId, proof: &str) -> Result<(), Refused> {
        self.proven(id, proof).ok_or(Refused::NotFound)?;
        self.close(&Actor::nobody(asked), id).await
    }

    async fn close(&self, actor: &Actor, request: TransactionId) -> Result<(), Refused> {
        let close = ConsentEffect::Close { request, now_ms: self.now_ms() };
        let act = Act::new(Vec::new(), Effect::Consent(Box::new(close)));
        match self.act_alone(actor, act).await {
            Err(Refused::Rule(Refusal::NotFound)) => Err(Refused::NotFound),
            other => other.map(|_| ()),
        }
    }

    /// Writes her consent, all of it or nothing: the entry with its terms, the row, and what both sides can show.
    async fn give(
        &self,
        asked: Asked,
        request: &ConsentRequest,
        person: PersonId,
        noticed: &Noticed,
    ) -> Result<ConsentRow, Refused> {
        let ConsentRequest { client, row } = request;
        let actor = Actor { name: "self".into(), role: "citizen", ..Actor::nobody(asked) };
        let evidence = Evidence { subject: person, on: *row.id.bytes(), holder: [0; 32], ground: None };
        let grant = Grant::CitizenOtp(evidence);
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let made_ms = self.now_ms();
            let until_ms = made_ms + row.lasts_ms;
            let mut consent = ConsentRow {
                id: row.id,
                person,
                client: row.client.clone(),
                fields: row.fields,
                reads: row.reads,
                used: 0,
                entry: rows[0].entries,
                made_ms,
                until_ms,
                revoked_ms: None,
                artefact: Vec::new(),
            };
            match self.said_of(client, &consent, &rows[0], noticed) {
                Ok(said) => consent.artefact = said,
                Err(refused) => return ready(Err(refused)),
            }
            let client = row.client.text().to_owned();
            let terms = Terms { client, fields: row.fields, reads: row.reads, until_ms };
            let draft = Draft {
                statement: terms.to_cbor(),
                ..Draft::under(&grant, Kind::Consent, Purpose::Consent, Vec::new())
            };
            ready(Ok(Act::new(vec![draft], Effect::Consent(Box::new(ConsentEffect::Give(consent))))))
        };
        self.act(&actor, &[person], plan).await?;
        let id = row.id;
        self.store.read(move |store| store.consent(id)).await?.ok_or(Refused::Unavailable)
    }
}

fn message(client: &ClientRow, row: &ConsentRequestRow, code: String) -> Message {
    let partner = client.name.clone();
    if row.name.is_some() {
        return Message::Status { code, partner };
    }
    Message::Consent {
        code,
        partner,
        purpose: purpose(client, &row.language).to_owned(),
        fields: row.fields.iter().collect(),
        reads: row.reads,
        lasts_ms: row.lasts_ms,
    }
}
