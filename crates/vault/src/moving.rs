//! Moving a member to another phone: a code from each, a notice to the old one, a day in which either can stop it, then both
//! families are others and every sign-in of both phones ends.

use crate::caller::{Actor, Citizen};
use crate::code::CodeFor;
use crate::gate::{Act, Draft, openings};
use crate::grant::{Evidence, Grant};
use crate::notice::Message;
use crate::{Proof, Refused, Vault, seal};
use data_encoding::BASE64URL_NOPAD;
use ledger::{Field, Kind, Opening, Purpose};
use registry::case::{self, State};
use registry::{PersonId, Phone, TransactionId};
use serde::{Deserialize, Serialize};
use std::future::ready;
use std::sync::Arc;
use store::command::{Effect, EndMove, Refusal, StartMove};
use store::rows::{CaseRow, MoveRow, NoticeRow, PersonRow};

/// How long either phone can stop a move, milliseconds.
pub(crate) const HOLD_MS: i64 = 24 * 3_600_000;

/// How long the new phone is taken as proven, milliseconds.
const PROVEN_MS: i64 = 600_000;

/// A phone whose code was right.
#[derive(Serialize, Deserialize)]
struct Proven {
    index: [u8; 32],
    digits: String,
    until_ms: i64,
}

/// A move under way, as either phone sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moving {
    /// Its id.
    pub id: [u8; 16],
    /// Who leaves the signed-in phone; `None` where somebody comes to it.
    pub leaves: Option<PersonId>,
    /// When it happens, milliseconds since the epoch; none, where two officers decide.
    pub due_ms: Option<i64>,
    /// The kind of the case and where it stands, if it was asked for in person: then the phone on record can object.
    pub case: Option<(case::Kind, State)>,
}

impl Vault {
    /// Sends a code to the phone that a member is to move to, whoever it belongs to.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone who is not a confirmed member; [`Refusal::Conflict`] for her own phone;
    /// [`Refusal::OverBudget`], alike for known and unknown numbers.
    pub async fn send_move_code(
        &self,
        citizen: &Citizen,
        person: PersonId,
        phone: &Phone,
        language: &str,
    ) -> Result<TransactionId, Refused> {
        citizen.remembered(person)?;
        if phone.digits() == citizen.memory.phone {
            return Err(Refusal::Conflict.into());
        }
        self.send_code_to(&citizen.actor(), phone, None, (CodeFor::MoveHere, Some(person)), language).await
    }

    /// Tries that code: the phone it went to is in the hands of whoever types it. What is answered goes on to
    /// [`Vault::start_move`], sealed, and is good for ten minutes.
    ///
    /// # Errors
    /// [`Refused::Wrong`]; [`Refusal::CodeGone`], [`Refusal::Locked`].
    pub async fn prove_move(
        &self,
        citizen: &Citizen,
        person: PersonId,
        transaction: TransactionId,
        typed: &str,
    ) -> Result<Proof, Refused> {
        citizen.remembered(person)?;
        let holder = self.try_code(&citizen.actor(), transaction, CodeFor::MoveHere, Some(person), typed).await?;
        let proven = Proven { index: holder.index, digits: holder.digits, until_ms: self.now_ms() + PROVEN_MS };
        let plain = serde_json::to_vec(&proven).expect("plain data");
        let sealed = seal::seal_with_nonce(&self.move_key(citizen), self.draw(), person.bytes(), &plain);
        Ok(Proof(BASE64URL_NOPAD.encode(&sealed)))
    }

    /// Has a member move to the phone that was proven, in a day, if nobody stops it; `typed` is the code that the old one got.
    /// Answers when she moves, milliseconds since the epoch.
    ///
    /// # Errors
    /// [`Refused::Wrong`]; [`Refusal::CodeGone`], [`Refusal::Locked`]; [`Refusal::FamilyFull`]; [`Refusal::Conflict`] while
    /// another move of hers is under way; [`Refused::NotFound`] for a proof that ran out, and for her own phone.
    pub async fn start_move(
        &self,
        citizen: &Citizen,
        person: PersonId,
        proof: &Proof,
        transaction: TransactionId,
        typed: &str,
    ) -> Result<i64, Refused> {
        let proven = self.read_proven(citizen, person, proof).ok_or(Refused::NotFound)?;
        self.take_fresh_code(citizen, person, CodeFor::MoveAway, transaction, typed).await?;
        let (grant, id, now_ms) = (citizen.grant(person)?, self.draw(), self.now_ms());
        let due_ms = now_ms + HOLD_MS;
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let (grant, proven) = (&grant, &proven);
            async move {
                let next = Opening { field: Field::Phone, version: phone_version(&rows[0]) + 1 };
                let digits = std::iter::once(proven.digits.as_str());
                let phone = self.seal_versions(person, &[next], digits).await?.remove(0);
                let start = StartMove { id, person, by: citizen.hold(), to: proven.index, phone, now_ms, due_ms };
                let draft = Draft::under(grant, Kind::Write, Purpose::Move, Vec::new());
                Ok(Act::new(vec![draft], Effect::StartMove(Box::new(start))))
            }
        };
        self.act(&citizen.actor(), &[person], plan).await?;
        Ok(due_ms)
    }

    /// Bound to the sign-in: a proof is nothing to another.
    fn move_key(&self, citizen: &Citizen) -> [u8; 32] {
        self.secrets.code_hash(&[b"move"], &citizen.token)
    }

    fn read_proven(&self, citizen: &Citizen, person: PersonId, proof: &Proof) -> Option<Proven> {
        let sealed = BASE64URL_NOPAD.decode(proof.0.as_bytes()).ok()?;
        let plain = seal::open_with_nonce(&self.move_key(citizen), person.bytes(), &sealed)?;
        serde_json::from_slice::<Proven>(&plain).ok().filter(|proven| proven.until_ms > self.now_ms())
    }

    /// Moves from and to the signed-in phone that are under way.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn moves(&self, citizen: &Citizen) -> Result<Vec<Moving>, Refused> {
        let phone = citizen.phone_index;
        let rows = self.store.read(move |store| {
            let with_case = |row: MoveRow| Ok((row.case.map(|id| store.case(id)).transpose()?.flatten(), row));
            store.moves_of(&phone)?.into_iter().map(with_case).collect::<Result<Vec<_>, _>>()
        });
        let seen = |(case, row): (Option<CaseRow>, MoveRow)| Moving {
            id: row.id,
            leaves: (row.from == Some(phone)).then_some(row.person),
            due_ms: row.due_ms,
            case: case.map(|case| (case.kind, case.state)),
        };
        Ok(rows.await?.into_iter().map(seen).collect())
    }

    /// Stops a move from or to the signed-in phone. To one that was asked for in person the phone on record objects, once: two
    /// officers look at it then.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for any other, and for one that has happened.
    pub async fn stop_move(&self, citizen: &Citizen, id: [u8; 16]) -> Result<(), Refused> {
        let row = self.store.read(move |store| store.move_of(&id)).await?.ok_or(Refused::NotFound)?;
        let phone = citizen.phone_index;
        if row.from != Some(phone) && phone != row.to {
            return Err(Refused::NotFound);
        }
        let now_ms = self.now_ms();
        let effect = match row.case {
            Some(_) if phone != row.to => Effect::ObjectMove { id, phone, now_ms },
            _ => Effect::StopMove { id, phone: Some(phone), now_ms },
        };
        self.note_move(&citizen.actor(), row.person, effect).await
    }

    /// Makes the moves whose day is over. One that no longer fits (no room, another phone meanwhile) ends without one.
    pub(crate) async fn end_moves(&self) -> Result<(), Refused> {
        let now_ms = self.now_ms();
        for row in self.store.read(move |store| store.moves_due(now_ms)).await? {
            let actor = Actor::worker("mover", self.draw());
            match self.end_move(&actor, &row, now_ms).await {
                Err(Refused::Rule(Refusal::FamilyFull | Refusal::NotFound | Refusal::Conflict)) => {
                    let stop = Effect::StopMove { id: row.id, phone: None, now_ms };
                    self.note_move(&actor, row.person, stop).await?;
                }
                ended => ended?,
            }
        }
        Ok(())
    }

    async fn end_move(&self, actor: &Actor, row: &MoveRow, now_ms: i64) -> Result<(), Refused> {
        let person = row.person;
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let fits = phone_version(&rows[0]) + 1 == row.version;
            let draft = Draft::about(person, Kind::Write, Purpose::Move);
            let act = Act::new(vec![draft], Effect::EndMove(EndMove { id: row.id, person, now_ms }));
            ready(if fits { Ok(act) } else { Err(Refusal::Conflict.into()) })
        };
        self.act(actor, &[person], plan).await.map(|_| ())
    }

    async fn note_move(&self, actor: &Actor, person: PersonId, effect: Effect) -> Result<(), Refused> {
        let plan = |_| {
            let draft = Draft::about(person, Kind::Write, Purpose::Move);
            ready(Ok(Act::new(vec![draft], effect.clone())))
        };
        self.act(actor, &[person], plan).await.map(|_| ())
    }

    /// Tells the old phone that a member is moved, and how to object: not who, and not where to.
    pub(crate) async fn tell_of_move(&self, notice: &NoticeRow) -> Result<(), Refused> {
        let id = *notice.appointment.bytes();
        let Some(row) = self.store.read(move |store| store.move_of(&id)).await? else { return Ok(()) };
        // Nothing is opened for a move that was put off meanwhile.
        let Some(until_ms) = row.due_ms else { return Ok(()) };
        let case = match row.case {
            Some(case) => self.store.read(move |store| store.case(case)).await?,
            None => None,
        };
        let grant = Grant::Notice(Evidence { subject: notice.person, on: id, holder: [0; 32], ground: None });
        let actor = Actor::worker("messenger", self.draw());
        let (mut fields, person) = self.open(&actor, &grant, Kind::Notice, Purpose::Move, &[Field::Phone]).await?;
        let Some(phone) = fields.take(Field::Phone) else { return Ok(()) };
        let message = match case.map(|case| case.kind.waits_after_objection()) {
            Some(false) => Message::MovesOfAge { until_ms },
            _ => Message::Moving { until_ms },
        };
        self.messenger.send(phone.parse()?, message, person.language).await.map_err(|_| Refused::Unavailable)
    }
}

/// The newest version of her phone; none is zero.
fn phone_version(row: &PersonRow) -> u32 {
    openings(row, &[Field::Phone]).first().map_or(0, |opening| opening.version)
}
