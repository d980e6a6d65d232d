//! The gate: entries written, receipts had, fields opened. Everything personal passes through here.

use crate::caller::{Actor, Calls};
use crate::exchange::Entered;
use crate::facts::Desk;
use crate::grant::Ground;
use crate::record::{Fields, Record};
use crate::{Disclosed, Grant, Refused, Vault, seal};
use ledger::leaf::bucket;
use ledger::{Entry, Field, GrantKind, Kind, Opening, Purpose, TagKey, actor_tag, subject_tag};
use registry::PersonId;
use std::future::ready;
use std::sync::Arc;
use store::command::{Command, Done, Effect, Once, Refusal, Spend, Staged, Subject};
use store::rows::{PersonRow, SealedField};

const HOUR_MS: i64 = 3_600_000;

/// Refusals of a caller that become entries in an hour: more would only fill the disk.
const NOTED_AN_HOUR: u32 = 20;

/// An entry to be written.
pub(crate) struct Draft {
    pub(crate) subject: Option<PersonId>,
    pub(crate) kind: Kind,
    pub(crate) grant: GrantKind,
    pub(crate) evidence: [u8; 16],
    pub(crate) purpose: Purpose,
    pub(crate) openings: Vec<Opening>,
    pub(crate) statement: Vec<u8>,
    pub(crate) ground: Option<Ground>,
    /// Where it stands, if it is about somebody who left.
    pub(crate) held: Option<Place>,
}

/// The next place in the log of somebody who left: whose tag it is, the key room told.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) person: PersonId,
    pub(crate) count: u64,
    pub(crate) tag: [u8; 32],
}

impl Draft {
    /// An entry about nobody that the log may name.
    pub(crate) fn about_nobody(kind: Kind, purpose: Purpose) -> Self {
        Self {
            subject: None,
            kind,
            grant: GrantKind::None,
            evidence: [0; 16],
            purpose,
            openings: Vec::new(),
            statement: Vec::new(),
            ground: None,
            held: None,
        }
    }

    /// An entry about a person, under a grant.
    pub(crate) fn under(grant: &Grant, kind: Kind, purpose: Purpose, openings: Vec<Opening>) -> Self {
        let evidence = grant.evidence();
        Self {
            subject: Some(evidence.subject),
            grant: grant.kind(),
            evidence: evidence.on,
            openings,
            ground: evidence.ground,
            ..Self::about_nobody(kind, purpose)
        }
    }

    /// Whether fields are shown: then a fact stands beside the entry.
    fn is_look(&self) -> bool {
        self.kind == Kind::Reveal && !self.openings.is_empty()
    }

    /// An entry about a person, without a grant: a look-up, a refusal.
    pub(crate) fn about(person: PersonId, kind: Kind, purpose: Purpose) -> Self {
        Self { subject: Some(person), ..Self::about_nobody(kind, purpose) }
    }
}

/// What one command will write.
pub(crate) struct Act {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) effect: Effect,
    pub(crate) once: Option<Once>,
}

impl Act {
    pub(crate) fn new(drafts: Vec<Draft>, effect: Effect) -> Self {
        Self { drafts, effect, once: None }
    }
}

/// What one command wrote.
pub(crate) struct Written {
    pub(crate) done: Done,
    pub(crate) entered: Vec<Entered>,
    pub(crate) rows: Arc<Vec<PersonRow>>,
}

/// A person's place in the log: her tag key, and a count of her entries.
#[derive(Clone)]
pub(crate) struct Thread {
    pub(crate) person: PersonId,
    pub(crate) tag_key: TagKey,
    pub(crate) count: u64,
    /// Whether she is of age at a guardian's phone: what its holder does is the guardian's then.
    pub(crate) is_of_age: bool,
}

impl Vault {
    /// Opens a record of a person to a caller: the one way out.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when the grant is not this caller's or not of this person; [`Refused::Unavailable`]
    /// when the entry cannot be made durable or the key room stays shut. Then nothing was shown.
    pub async fn disclose<R: Record>(
        &self,
        caller: &impl Calls,
        grant: &Grant,
        person: PersonId,
    ) -> Result<Disclosed<R>, Refused> {
        let actor = held_by(caller, grant, person)?;
        let purpose = if grant.kind() == GrantKind::Consent { Purpose::Consent } else { R::PURPOSE };
        let (fields, row) = self.open(&actor, grant, Kind::Reveal, purpose, R::FIELDS).await?;
        Ok(Disclosed::new(R::read(fields, row)))
    }

    /// Opens several people's records side by side: one entry each, one batch.
    ///
    /// # Errors
    /// As [`Vault::disclose`].
    pub async fn disclose_each<R: Record>(
        &self,
        caller: &impl Calls,
        grants: &[Grant],
    ) -> Result<Vec<Disclosed<R>>, Refused> {
        let one = |grant| self.disclose(caller, grant, Grant::evidence(grant).subject);
        futures_util::future::try_join_all(grants.iter().map(one)).await
    }

    /// Writes the entry, gets the keys for exactly it, opens. Whoever calls this shows the fields to nobody but
    /// by [`Disclosed`], or uses them and lets only an outcome out.
    pub(crate) async fn open(
        &self,
        actor: &Actor,
        grant: &Grant,
        kind: Kind,
        purpose: Purpose,
        fields: &[Field],
    ) -> Result<(Fields, PersonRow), Refused> {
        let person = grant.evidence().subject;
        let written = self
            .act(actor, &[person], |rows: Arc<Vec<PersonRow>>| {
                let draft = Draft::under(grant, kind, purpose, openings(&rows[0], fields));
                ready(Ok(Act::new(vec![draft], grant.toll(fields, self.now_ms()))))
            })
            .await;
        if let Err(Refused::Rule(Refusal::ConsentOver)) = written {
            self.note_refusal_of(actor, person, purpose).await?;
        }
        self.opened(written?).await
    }

    /// Redeems the first entry of an act on one person.
    pub(crate) async fn opened(&self, mut written: Written) -> Result<(Fields, PersonRow), Refused> {
        let row = written.rows[0].clone();
        let fields = self.redeem(&row, written.entered.remove(0)).await?;
        Ok((fields, row))
    }

    /// Exchanges an entry for the fields it names.
    pub(crate) async fn redeem(&self, row: &PersonRow, entered: Entered) -> Result<Fields, Refused> {
        let entry = Arc::clone(&entered.entry);
        let version_of = |opening: &Opening| {
            row.fields.iter().find(|f| f.field == opening.field.wire() && f.version == opening.version)
        };
        let sealed: Vec<_> = entry.openings.iter().filter_map(|o| version_of(o).map(|field| (*o, field))).collect();
        let wanted = sealed.iter().map(|(opening, field)| (*opening, field.salt)).collect();
        let keys = self.field_keys(entered, wanted).await?;
        let mut fields = Fields::default();
        for ((opening, field), key) in sealed.into_iter().zip(keys) {
            let plain = seal::open_field(&key, row.id.bytes(), opening, &field.body).ok_or(Refused::Unavailable)?;
            fields.put(opening.field, plain);
        }
        Ok(fields)
    }

    /// Plans and writes a command about some people: reads them, lets `plan` say what is written, tags the entries,
    /// and starts over if another node was faster.
    pub(crate) async fn act<P: Future<Output = Result<Act, Refused>> + Send>(
        &self,
        actor: &Actor,
        people: &[PersonId],
        plan: impl Fn(Arc<Vec<PersonRow>>) -> P,
    ) -> Result<Written, Refused> {
        let mut lanes: Vec<usize> = people.iter().copied().map(lane).collect();
        lanes.sort_unstable();
        lanes.dedup();
        let mut held = Vec::with_capacity(lanes.len());
        for lane in lanes {
            held.push(self.lanes[lane].lock().await);
        }
        for _ in 0..8 {
            let rows = Arc::new(self.people(people).await?);
            let act = plan(Arc::clone(&rows)).await?;
            let mut threads = rows.iter().map(|row| self.thread(row)).collect::<Result<Vec<_>, _>>()?;
            match self.write(actor, act, &mut threads).await {
                Err(Refusal::Moved) => {}
                Err(refusal) => return Err(refusal.into()),
                Ok((done, entered)) => return Ok(Written { done, entered, rows }),
            }
        }
        Err(Refused::Unavailable)
    }

    /// Writes a command about nobody.
    pub(crate) async fn act_alone(&self, actor: &Actor, act: Act) -> Result<(Done, Vec<Entered>), Refused> {
        Ok(self.write(actor, act, &mut []).await?)
    }

    /// Tags and seals the entries and hands the command in. A subject that has a thread is found by it.
    pub(crate) async fn write(
        &self,
        actor: &Actor,
        act: Act,
        threads: &mut [Thread],
    ) -> Result<(Done, Vec<Entered>), Refusal> {
        let (at_ms, writes) = (self.now_ms(), !act.drafts.is_empty());
        let backdates = writes && self.is_before_the_log(at_ms);
        if backdates || self.watch.is_contradicted() || !self.log.takes_files(at_ms).await {
            return Err(Refusal::Storage);
        }
        let desk = if act.drafts.iter().any(Draft::is_look) {
            Some(self.desk(at_ms).await.map_err(|_| Refusal::Storage)?)
        } else {
            None
        };
        let mut entries = Vec::with_capacity(act.drafts.len());
        let mut entered = Vec::with_capacity(act.drafts.len());
        for draft in act.drafts {
            let thread = draft.subject.map(|person| {
                threads.iter_mut().find(|thread| thread.person == person).expect("a draft's subject was read")
            });
            let (staged, one) = self.stage(actor, at_ms, desk.as_deref(), draft, thread);
            entries.push(staged);
            entered.push(one);
        }
        let done = self.store.apply(Command { by: actor.sign_in, once: act.once, entries, effect: act.effect }).await?;
        if writes {
            self.log.saw(bucket(at_ms));
        }
        for (n, one) in (0..).zip(&mut entered) {
            one.position = done.position + n;
        }
        Ok((done, entered))
    }

    /// Whether the clock was put back: an entry of now would be dated before what stands in the log, by more than the bucket
    /// that auditors allow. Then nothing is written down, and so nobody is shown and nothing is taken.
    pub(crate) fn is_before_the_log(&self, at_ms: i64) -> bool {
        bucket(at_ms).saturating_add(1) < self.log.newest_bucket()
    }

    fn stage(
        &self,
        actor: &Actor,
        at_ms: i64,
        desk: Option<&Desk>,
        draft: Draft,
        thread: Option<&mut Thread>,
    ) -> (Staged, Entered) {
        let (ground, held, desk) = (draft.ground, draft.held, desk.filter(|_| draft.is_look()));
        let is_guardian = actor.role == "citizen" && thread.as_ref().is_some_and(|thread| thread.is_of_age);
        let entry = Entry {
            at_ms,
            request: actor.asked.request,
            kind: draft.kind,
            grant: draft.grant,
            evidence: draft.evidence,
            actor: actor.name.clone(),
            organisation: actor.organisation.clone(),
            role: if is_guardian { "guardian" } else { actor.role }.to_owned(),
            purpose: draft.purpose,
            openings: draft.openings,
            channel: actor.asked.channel,
            build: self.build.clone(),
            statement: draft.statement,
        };
        let audit = self.secrets.audit_key(at_ms.div_euclid(86_400_000));
        let (tag, key, subject) = match thread {
            Some(thread) => {
                let own = thread.clone();
                thread.count += 1;
                (subject_tag(&own.tag_key, own.count), own.tag_key.clone(), Some(own))
            }
            None => (held.map_or_else(|| self.draw(), |place| place.tag), audit.clone(), None),
        };
        let counted = subject.as_ref().map(|own| Subject { person: own.person, count: own.count });
        let counted = counted.or(held.map(|place| Subject { person: place.person, count: place.count }));
        let salt: [u8; 32] = self.draw();
        let cbor = entry.to_cbor();
        let leaf = entry.leaf(0, tag, actor_tag(&audit, actor.name.as_bytes()), &salt).encode();
        let sealed = seal_entry(&key, self.draw(), &leaf, &salt, &cbor);
        let beside = counted.zip(desk).map(|(own, desk)| Box::new(self.beside(desk, &entry, own.person.bytes())));
        let staged = Staged { subject: counted, leaf, sealed, beside };
        (staged, Entered { position: 0, leaf, salt, entry: Arc::new(entry), subject, held, ground })
    }

    /// Notes that an authenticated caller named somebody and was refused: under a random tag, so that strangers cannot
    /// fill anyone's list; twenty an hour, so that nobody can fill the disk.
    pub(crate) async fn note_refusal(&self, actor: &Actor, purpose: Purpose) -> Result<(), Refused> {
        let refused = Draft::about_nobody(Kind::Refused, purpose);
        noted(self.act_alone(actor, Act::new(vec![refused], self.refusal_of(actor))).await)
    }

    /// Notes that a client wanted to look again at somebody who had allowed it once: in her list, for she should know.
    pub(crate) async fn note_refusal_of(
        &self,
        actor: &Actor,
        person: PersonId,
        purpose: Purpose,
    ) -> Result<(), Refused> {
        let refused = || Draft::about(person, Kind::Refused, purpose);
        let act = |_| ready(Ok(Act::new(vec![refused()], self.refusal_of(actor))));
        noted(self.act(actor, &[person], act).await)
    }

    /// One of the refusals of this caller that become entries.
    fn refusal_of(&self, actor: &Actor) -> Effect {
        Effect::Spend(self.one_of(NOTED_AN_HOUR, HOUR_MS, &[b"refusals", &actor.holder]))
    }

    /// One of so many that may be had in each stretch of so many milliseconds, by all nodes together.
    pub(crate) fn one_of(&self, most: u32, stretch_ms: i64, what: &[&[u8]]) -> Spend {
        let now_ms = self.now_ms();
        let until_ms = (now_ms.div_euclid(stretch_ms) + 1) * stretch_ms;
        Spend { budget: self.secrets.budget(what), much: 1, most, until_ms, now_ms }
    }

    pub(crate) async fn people(&self, people: &[PersonId]) -> Result<Vec<PersonRow>, Refused> {
        let people = people.to_vec();
        let rows = self.store.find(move |store| people.iter().map(|person| store.person(*person)).collect()).await?;
        let rows: Vec<Option<PersonRow>> = rows;
        rows.into_iter().collect::<Option<_>>().ok_or(Refused::NotFound)
    }

    pub(crate) fn thread(&self, row: &PersonRow) -> Result<Thread, Refused> {
        let tag_key = self.secrets.unwrap_tag_key(&row.tag_key, row.id.bytes()).ok_or(Refused::Unavailable)?;
        Ok(Thread { person: row.id, tag_key, count: row.entries, is_of_age: row.of_age_ms.is_some() })
    }
}

/// The caller as an actor, if the grant is hers and of this person. Another's and no one's look the same.
pub(crate) fn held_by(caller: &impl Calls, grant: &Grant, person: PersonId) -> Result<Actor, Refused> {
    let (actor, evidence) = (caller.as_actor().0, grant.evidence());
    if evidence.subject == person && evidence.holder == actor.holder { Ok(actor) } else { Err(Refused::NotFound) }
}

/// What is over the budget of refusals is not noted.
fn noted<T>(written: Result<T, Refused>) -> Result<(), Refused> {
    match written {
        Ok(_) | Err(Refused::Rule(Refusal::OverBudget { .. })) => Ok(()),
        Err(refused) => Err(refused),
    }
}

fn lane(person: PersonId) -> usize {
    usize::from(u16::from_be_bytes([person.bytes()[0], person.bytes()[1]]))
}

/// The newest versions of the wanted fields that she has, in wire order.
pub(crate) fn openings(row: &PersonRow, fields: &[Field]) -> Vec<Opening> {
    openings_of(&row.fields, fields)
}

/// The versions of the wanted fields that are among these, in wire order.
pub(crate) fn openings_of(sealed: &[SealedField], fields: &[Field]) -> Vec<Opening> {
    let newest = |field: &Field| {
        let sealed = sealed.iter().find(|sealed| sealed.field == field.wire())?;
        Some(Opening { field: *field, version: sealed.version })
    };
    let mut openings: Vec<_> = fields.iter().filter_map(newest).collect();
    openings.sort_by_key(|opening| opening.field);
    openings
}

/// An entry is sealed with the salt of its commitment, under its subject's tag key or the day's audit key.
fn seal_entry(key: &TagKey, nonce: [u8; 12], leaf: &[u8], salt: &[u8; 32], cbor: &[u8]) -> Vec<u8> {
    seal::seal_with_nonce(&key.mac(&[b"entry"]), nonce, leaf, &[salt.as_slice(), cbor].concat())
}

/// The salt and the entry, if `key` sealed them for this leaf.
pub(crate) fn open_entry(key: &TagKey, leaf: &[u8], sealed: &[u8]) -> Option<([u8; 32], Entry)> {
    let plain = seal::open_with_nonce(&key.mac(&[b"entry"]), leaf, sealed)?;
    let (salt, cbor) = plain.split_first_chunk::<32>()?;
    Some((*salt, Entry::from_cbor(cbor)?))
}
