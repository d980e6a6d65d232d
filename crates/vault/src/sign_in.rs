//! Sign-ins: tokens that carry an opaque id and an end, and nothing else.

use crate::caller::{Actor, Asked, Citizen, Memory, Remembered, Staff};
use crate::code::{CodeFor, Holder};
use crate::gate::{Act, Draft, openings};
use crate::grant::{Evidence, Grant};
use crate::{Channel, Keepsake, Refused, Vault, seal};
use data_encoding::BASE64URL_NOPAD;
use ledger::{Field, Kind, Purpose};
use registry::{PersonId, TransactionId};
use sha2::{Digest, Sha256};
use std::future::ready;
use std::sync::Arc;
use store::command::{Answer, Browser, Effect, Refusal, SignIn, SignedIn, Spend};
use store::rows::{FamilyRow, PersonRow};
use subtle::ConstantTimeEq;

/// Life of a token of the API: fifteen minutes, as CoWIN clients expect.
const API_LIFE_MS: i64 = 900_000;
/// Life of a sign-in on the pages, and how long it may lie idle.
const PAGE_LIFE_MS: i64 = 3_600_000;
const PAGE_IDLE_MS: i64 = 900_000;
/// A shift, and how long a device at a session may lie idle.
const STAFF_LIFE_MS: i64 = 10 * 3_600_000;
const STAFF_IDLE_MS: i64 = 1_800_000;
/// A phone silent for so long may have a new holder.
pub(crate) const DORMANT_MS: i64 = 90 * 86_400_000;
/// A second proof is awaited for so long.
const PROOF_MS: i64 = 600_000;

/// A sign-in that was opened.
pub struct Opened {
    /// The token: give it to the caller, keep nothing.
    pub token: String,
    /// When it ends, milliseconds since the epoch.
    pub expires_ms: i64,
    /// Whether nobody is registered at the phone yet.
    pub is_new: bool,
    /// What the browser keeps from now on, where it is one.
    pub keepsake: Option<Keepsake>,
}

/// A sign-in that awaits a second proof. Opaque, and good for ten minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof(pub String);

/// Tries that a second proof bears.
const PROOF_TRIES: u32 = 3;

/// A right code whose sign-in is not open yet.
struct Awaiting {
    id: [u8; 16],
    until_ms: i64,
    holder: Holder,
    public: bool,
}

/// A token's 32 random bytes.
pub(crate) struct Token([u8; 32]);

impl Token {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Under which the store knows the sign-in.
    pub(crate) fn id(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The key that only the token carries.
    pub(crate) fn key(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"teeka/memory/v1").chain_update(self.0).finalize().into()
    }

    pub(crate) fn open_memory(&self, sealed: &[u8]) -> Option<Memory> {
        serde_json::from_slice(&seal::open_with_nonce(&self.key(), b"memory", sealed)?).ok()
    }
}

impl Vault {
    /// Opens a sign-in for the holder of a phone, who typed the code.
    ///
    /// # Errors
    /// [`Refused::Wrong`], [`store::Refusal::CodeGone`], [`store::Refusal::Locked`]; [`Refused::ProofNeeded`] for a
    /// phone that was silent for 90 days.
    pub async fn sign_in(
        &self,
        asked: Asked,
        transaction: TransactionId,
        what_for: CodeFor,
        typed: &str,
    ) -> Result<Opened, Refused> {
        let actor = Actor::nobody(asked);
        let holder = self.try_code(&actor, transaction, what_for, None, typed).await?;
        let until_ms = self.now_ms() + PROOF_MS;
        let awaiting = Awaiting { id: self.draw(), until_ms, holder, public: what_for == CodeFor::Certificate };
        let family = self.family_of(&awaiting.holder).await?;
        if !family.members.is_empty() && family.active_ms < self.now_ms() - DORMANT_MS {
            return Err(Refused::ProofNeeded(self.await_proof(&awaiting)));
        }
        self.open_sign_in(asked, &awaiting, family).await
    }

    /// Opens a sign-in that awaited a second proof: the last six digits of a member's reference, or a birth year.
    ///
    /// # Errors
    /// [`Refused::Wrong`]; [`Refused::NotSignedIn`] for a continuation that has run out.
    pub async fn prove(&self, asked: Asked, proof: &Proof, typed: &str) -> Result<Opened, Refused> {
        let awaiting = self.read_proof(proof).ok_or(Refused::NotSignedIn)?;
        let left = self.take_proof_try(asked, &awaiting).await?;
        let family = self.family_of(&awaiting.holder).await?;
        if self.proves(asked, &family, typed.trim()).await? {
            return self.open_sign_in(asked, &awaiting, family).await;
        }
        let wrong = Effect::WrongProof { phone: awaiting.holder.index, now_ms: self.now_ms() };
        self.act_alone(&Actor::nobody(asked), Act::new(Vec::new(), wrong)).await?;
        if left == 0 { Err(Refused::Wrong { left: 0 }) } else { Err(Refused::ProofNeeded(self.await_proof(&awaiting))) }
    }

    /// Counts a try before it is weighed, so that neither showing a continuation again nor trying side by side, at this node and
    /// another, has more of them. Answers how many are left.
    async fn take_proof_try(&self, asked: Asked, awaiting: &Awaiting) -> Result<u32, Refused> {
        let spend = Spend {
            budget: self.secrets.budget(&[b"proof", &awaiting.id]),
            much: 1,
            most: PROOF_TRIES,
            until_ms: awaiting.until_ms,
            now_ms: self.now_ms(),
        };
        let spent = self.act_alone(&Actor::nobody(asked), Act::new(Vec::new(), Effect::Spend(spend))).await;
        match spent.map(|(done, _)| done.answer) {
            Ok(Answer::Count(used)) => Ok(PROOF_TRIES.saturating_sub(used)),
            Ok(_) => Err(Refused::Unavailable),
            Err(Refused::Rule(Refusal::OverBudget { .. })) => Err(Refused::Wrong { left: 0 }),
            Err(refused) => Err(refused),
        }
    }

    async fn family_of(&self, holder: &Holder) -> Result<FamilyRow, Refused> {
        let phone = holder.index;
        Ok(self.store.find(move |store| store.family(&phone)).await?)
    }

    async fn proves(&self, asked: Asked, family: &FamilyRow, typed: &str) -> Result<bool, Refused> {
        let actor = Actor::nobody(asked);
        let mut proven = false;
        for member in family.members.iter().filter(|member| member.pending.is_none()) {
            let grant = own(member.person, [0; 32]);
            let fields = [Field::BirthYear, Field::Reference];
            let (mut fields, _) = self.open(&actor, &grant, Kind::Use, Purpose::SignIn, &fields).await?;
            let reference = fields.take(Field::Reference).unwrap_or_default();
            proven |= typed == fields.birth_year().to_string();
            proven |= typed.len() == 6 && reference.ends_with(typed);
        }
        Ok(proven)
    }

    fn await_proof(&self, awaiting: &Awaiting) -> Proof {
        let Holder { index, lane, digits } = &awaiting.holder;
        let body = (awaiting.id, awaiting.until_ms, awaiting.public, index, lane, digits);
        let body = serde_json::to_vec(&body).expect("plain data");
        let key = self.secrets.token_mac(b"proof");
        Proof(BASE64URL_NOPAD.encode(&seal::seal_with_nonce(&key, self.draw(), b"proof", &body)))
    }

    fn read_proof(&self, proof: &Proof) -> Option<Awaiting> {
        let sealed = BASE64URL_NOPAD.decode(proof.0.as_bytes()).ok()?;
        let body = seal::open_with_nonce(&self.secrets.token_mac(b"proof"), b"proof", &sealed)?;
        let (id, until_ms, public, index, lane, digits) =
            serde_json::from_slice::<([u8; 16], i64, bool, [u8; 32], [u8; 32], String)>(&body).ok()?;
        let holder = Holder { index, lane, digits };
        (until_ms > self.now_ms()).then_some(Awaiting { id, until_ms, holder, public })
    }

    async fn open_sign_in(&self, asked: Asked, awaiting: &Awaiting, family: FamilyRow) -> Result<Opened, Refused> {
        let token = Token(self.draw());
        let (members, position) = self.remember(asked, &family, token.id()).await?;
        let members = members.into_iter().map(Some).collect();
        let memory = Memory { phone: awaiting.holder.digits.clone(), members };
        let now_ms = self.now_ms();
        let (life, idle) = match asked.channel {
            Channel::Page => (PAGE_LIFE_MS, PAGE_IDLE_MS),
            _ => (API_LIFE_MS, API_LIFE_MS),
        };
        let tell = memory.remembered().next().map(|member| member.person);
        let is_new = tell.is_none();
        let sign_in = SignIn {
            token: token.id(),
            who: SignedIn::Family { phone: awaiting.holder.index, version: family.version, public: awaiting.public },
            lane: Some(awaiting.holder.lane),
            sealed: self.seal_memory(&token.key(), &memory),
            position,
            now_ms,
            expires_ms: now_ms + life,
            idle_ms: now_ms + idle,
        };
        let mut effects = vec![Effect::SignIn(sign_in)];
        let guarded = self.guarded(&memory.members);
        if !guarded.is_empty() {
            effects.push(Effect::Guarded(guarded));
        }
        if let Some(keepsake) = &asked.browser {
            let phone = awaiting.holder.index;
            let hash = self.browser_hash(keepsake, &phone);
            effects.push(Effect::Browser(Browser { phone, hash, tell, now_ms }));
        }
        self.act_alone(&Actor::nobody(asked), Act::new(Vec::new(), Effect::All(effects))).await?;
        let keepsake = asked.browser.map(|keepsake| self.marks(keepsake, &awaiting.holder.digits));
        Ok(Opened { token: self.token_text(&token, now_ms + life), expires_ms: now_ms + life, is_new, keepsake })
    }

    /// Opens what booking will need of each member, once, in an entry of hers: the leaf of her sign-in.
    async fn remember(
        &self,
        asked: Asked,
        family: &FamilyRow,
        holder: [u8; 32],
    ) -> Result<(Vec<Remembered>, u64), Refused> {
        let actor = Actor { name: "self".into(), role: "citizen", ..Actor::nobody(asked) };
        let confirmed: Vec<PersonId> =
            family.members.iter().filter(|m| m.pending.is_none()).map(|m| m.person).collect();
        let opened = confirmed.iter().map(|person| self.remember_one(&actor, *person, holder));
        let opened = futures_util::future::try_join_all(opened).await?;
        let position = opened.first().map_or(0, |one| one.1);
        Ok((opened.into_iter().map(|one| one.0).collect(), position))
    }

    async fn remember_one(
        &self,
        actor: &Actor,
        person: PersonId,
        holder: [u8; 32],
    ) -> Result<(Remembered, u64), Refused> {
        let grant = own(person, holder);
        let wanted = [Field::BirthYear, Field::Gender, Field::Reference];
        let written = self
            .act(actor, &[person], |rows: Arc<Vec<PersonRow>>| {
                let draft = Draft::under(&grant, Kind::OtpVerify, Purpose::SignIn, openings(&rows[0], &wanted));
                ready(Ok(Act::new(vec![draft], Effect::Append)))
            })
            .await?;
        let position = written.done.position;
        let (mut fields, row) = self.opened(written).await?;
        let remembered = Remembered {
            person,
            birth_year: fields.birth_year(),
            gender: fields.gender().id(),
            reference: fields.take(Field::Reference).unwrap_or_default(),
            ground: row.entries,
        };
        Ok((remembered, position))
    }

    pub(crate) fn seal_memory(&self, key: &[u8; 32], memory: &Memory) -> Vec<u8> {
        let plain = serde_json::to_vec(memory).expect("a memory is plain data");
        seal::seal_with_nonce(key, self.draw(), b"memory", &plain)
    }

    /// Opens a sign-in for a member of staff whose password and code were right.
    pub(crate) async fn open_staff_sign_in(&self, asked: Asked, who: SignedIn) -> Result<Opened, Refused> {
        let token = Token(self.draw());
        let now_ms = self.now_ms();
        let sign_in = SignIn {
            token: token.id(),
            who,
            lane: None,
            sealed: Vec::new(),
            position: 0,
            now_ms,
            expires_ms: now_ms + STAFF_LIFE_MS,
            idle_ms: now_ms + STAFF_IDLE_MS,
        };
        self.act_alone(&Actor::nobody(asked), Act::new(Vec::new(), Effect::SignIn(sign_in))).await?;
        let expires_ms = now_ms + STAFF_LIFE_MS;
        Ok(Opened { token: self.token_text(&token, expires_ms), expires_ms, is_new: false, keepsake: None })
    }

    /// Ends a citizen's sign-in.
    ///
    /// # Errors
    /// [`Refused::Rule`] when the store cannot write.
    pub async fn sign_out(&self, citizen: &Citizen) -> Result<(), Refused> {
        self.end(citizen.actor(), citizen.token).await
    }

    /// Ends a member of staff's sign-in.
    ///
    /// # Errors
    /// [`Refused::Rule`] when the store cannot write.
    pub async fn staff_sign_out(&self, staff: &Staff) -> Result<(), Refused> {
        self.end(staff.actor(), staff.token).await
    }

    async fn end(&self, actor: Actor, token: [u8; 32]) -> Result<(), Refused> {
        self.act_alone(&actor.beyond_its_end(), Act::new(Vec::new(), Effect::SignOut { token })).await.map(|_| ())
    }

    /// Puts off the idle end of a sign-in on the pages; writes at most once a minute.
    ///
    /// # Errors
    /// [`Refused::Rule`] when the store cannot write.
    pub async fn keep_awake(&self, caller: &crate::Caller) -> Result<(), Refused> {
        let (actor, idle_ms, life) = match caller {
            crate::Caller::Citizen(citizen) => (citizen.actor(), citizen.idle_ms, PAGE_IDLE_MS),
            crate::Caller::Staff(staff) => (staff.actor(), staff.idle_ms, STAFF_IDLE_MS),
        };
        let later = self.now_ms() + life;
        if later - idle_ms < 60_000 {
            return Ok(());
        }
        let touch = Effect::Touch { token: actor.holder, idle_ms: later };
        self.act_alone(&actor, Act::new(Vec::new(), touch)).await.map(|_| ())
    }

    /// A token as CoWIN clients read it: the form of a JWT, whose claims are an opaque id and an end.
    pub(crate) fn token_text(&self, token: &Token, expires_ms: i64) -> String {
        let claims = serde_json::json!({ "exp": expires_ms / 1000, "jti": BASE64URL_NOPAD.encode(&token.0) });
        let head = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
        let body = format!("{head}.{}", BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
        format!("{body}.{}", BASE64URL_NOPAD.encode(&self.secrets.token_mac(body.as_bytes())))
    }

    pub(crate) fn read_token(&self, text: &str) -> Option<Token> {
        let (body, mac) = text.rsplit_once('.')?;
        let mac = BASE64URL_NOPAD.decode(mac.as_bytes()).ok()?;
        if !bool::from(mac.ct_eq(&self.secrets.token_mac(body.as_bytes()))) {
            return None;
        }
        let claims = BASE64URL_NOPAD.decode(body.split_once('.')?.1.as_bytes()).ok()?;
        let claims: serde_json::Value = serde_json::from_slice(&claims).ok()?;
        let id = BASE64URL_NOPAD.decode(claims.get("jti")?.as_str()?.as_bytes()).ok()?;
        id.try_into().ok().map(Token)
    }
}

/// The right of a phone's holder, who just typed the code, before her sign-in has a name.
fn own(person: PersonId, holder: [u8; 32]) -> Grant {
    Grant::CitizenOtp(Evidence { subject: person, on: [0; 16], holder, ground: None })
}
