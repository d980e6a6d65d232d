//! A phone's family: registering, confirming, leaving.

use crate::caller::{Actor, Citizen, Memory, Remembered, Staff};
use crate::gate::{Act, Draft, Thread};
use crate::grant::{Evidence, Grant};
use crate::{Refused, Vault, seal};
use keyroom::Index;
use ledger::{Field, Kind, Opening, Purpose, TagKey};
use registry::{BirthYear, CentreId, Gender, IdDocument, Name, PersonId, Phone, Reference, Role};
use std::future::ready;
use std::sync::atomic::Ordering;
use store::command::{Answer, Effect, FamilyHold, Joins, Membership, Register};
use store::rows::SealedField;
use uuid::Uuid;

/// What a new person tells us.
pub struct NewPerson {
    /// Name.
    pub name: Name,
    /// Year of birth.
    pub born: BirthYear,
    /// Gender.
    pub gender: Gender,
    /// Identity document, if she shows one.
    pub id_document: Option<IdDocument>,
    /// Whether she has a condition that gives priority.
    pub comorbidity: bool,
    /// Language for messages: `en`, `hi`.
    pub language: String,
    /// Which notice she was shown before: its version, a space, its language.
    pub notice: Option<String>,
    /// Client-made key: the same registration sent twice registers once.
    pub once: Option<[u8; 16]>,
}

/// A person who was registered.
pub struct Registered {
    /// Her beneficiary reference.
    pub reference: Reference,
    /// The eight digits on her printed card, if one was made: shown once, kept as a keyed hash.
    pub card: Option<String>,
    /// Her id, inside.
    pub(crate) person: PersonId,
}

impl Registered {
    /// Her id: never shown.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// A member of a family as pages list them before anything is opened.
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Where and when she was added, while the phone's holder has not confirmed her.
    pub pending: Option<(CentreId, i64)>,
}

/// Who registers a person, and to which phone she goes.
enum By<'a> {
    Holder(&'a Citizen),
    Staff { staff: &'a Staff, centre: CentreId, phone: Option<Phone> },
}

impl Vault {
    /// The members of the signed-in phone, confirmed and pending. Opens nothing.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn family(&self, citizen: &Citizen) -> Result<Vec<Member>, Refused> {
        let phone = citizen.phone_index;
        let family = self.store.read(move |store| store.family(&phone)).await?;
        let member = |row: store::rows::MemberRow| Member {
            person: row.person,
            pending: row.pending.map(|pending| (pending.centre, pending.at_ms)),
        };
        Ok(family.members.into_iter().map(member).collect())
    }

    /// Registers a member of the signed-in phone's family.
    ///
    /// # Errors
    /// [`store::Refusal::FamilyFull`], [`store::Refusal::FamilyMoved`], [`store::Refusal::SignedOut`].
    pub async fn register(&self, citizen: &Citizen, new: NewPerson) -> Result<Registered, Refused> {
        self.enrol_person(&citizen.actor(), By::Holder(citizen), new).await
    }

    /// Registers a person at a centre, with a printed card; at her phone she stays pending until its holder confirms.
    ///
    /// # Errors
    /// [`Refused::WrongRole`] for anyone but a vaccinator.
    pub async fn register_at(
        &self,
        staff: &Staff,
        centre: CentreId,
        phone: Option<Phone>,
        new: NewPerson,
    ) -> Result<Registered, Refused> {
        staff.must_be(Role::Vaccinator)?;
        self.enrol_person(&staff.actor(), By::Staff { staff, centre, phone }, new).await
    }

    async fn enrol_person(&self, actor: &Actor, by: By<'_>, new: NewPerson) -> Result<Registered, Refused> {
        let chance = self.chance_for(actor, new.once);
        let reference = Reference::from_random(chance(b"reference")[..8].try_into().expect("eight of thirty-two"));
        let person = PersonId::from_random(chance(b"person")[..16].try_into().expect("sixteen of thirty-two"));
        let card = matches!(by, By::Staff { .. }).then(|| digits_of(&chance(b"card")));
        // The same registration sent again: it stands, and is answered as the first time.
        if self.store.read(move |store| store.standing(person)).await?.is_some_and(|standing| standing == "registered")
        {
            return Ok(Registered { reference, card, person });
        }
        let (indexes, joins) = self.indexes_for(actor, &by, &reference, &new, person).await?;
        // The key first, then the person: a key without a person is swept, the other way round cannot be.
        let tag_key = self.keys.enrol(*person.bytes(), self.now_ms()).await?;
        self.exchanges.follow(person, 0);
        let phone = by.phone_digits();
        let register = Register {
            person,
            tag_key: self.secrets.wrap_tag_key(&tag_key, person.bytes(), self.draw()),
            reference: indexes.reference,
            reference_last_four: reference.last_four(),
            language: new.language.clone(),
            notice: new.notice.clone(),
            fields: self.seal_first(person, first_fields(&new, reference, phone.as_deref())).await?,
            id_token: indexes.id_document,
            card: card.as_ref().map(|card| self.card_hash(person, card)),
            guarded_until: self.guarded_until(&new, &joins),
            joins,
            now_ms: self.now_ms(),
        };
        let draft = Draft::under(&by.grant(person), Kind::Write, Purpose::Register, Vec::new());
        let act = Act::new(vec![draft], Effect::Register(Box::new(register)));
        let mut threads = [Thread { person, tag_key, count: 0, is_of_age: false }];
        self.write(actor, act, &mut threads).await?;
        Ok(Registered { reference, card, person })
    }

    /// Chance for a new person: the system's, or for a repeatable registration what its caller and key always give.
    fn chance_for(&self, actor: &Actor, once: Option<[u8; 16]>) -> impl Fn(&[u8]) -> [u8; 32] {
        let seed =
            once.map_or_else(|| self.draw::<32>(), |key| self.secrets.code_hash(&[b"register", &actor.holder], &key));
        move |label| TagKey(seed).mac(&[label])
    }

    /// Draws the index values of the new person against one look-up, and says how she joins.
    async fn indexes_for(
        &self,
        actor: &Actor,
        by: &By<'_>,
        reference: &Reference,
        new: &NewPerson,
        person: PersonId,
    ) -> Result<(Indexes, Joins), Refused> {
        let digits = reference.digits();
        let document =
            new.id_document.as_ref().and_then(|d| Some(format!("{}:{}", d.kind().id(), d.complete_number()?)));
        let phone = match by {
            By::Staff { phone: Some(phone), .. } => Some(phone.digits().to_owned()),
            _ => None,
        };
        let mut values: Vec<(Index, &[u8])> = vec![(Index::Reference, digits.as_bytes())];
        values.extend(document.iter().map(|text| (Index::IdDocument, text.as_bytes())));
        values.extend(phone.iter().map(|text| (Index::Phone, text.as_bytes())));
        let mut drawn = self.look_up(actor, Kind::Lookup, Purpose::Register, &values).await?.into_iter();
        let reference = drawn.next().ok_or(Refused::Unavailable)?;
        let id_document = document.and_then(|_| drawn.next());
        let joins = match by {
            By::Holder(citizen) => Joins::Family(self.hold_with(citizen, &digits, new, person)),
            By::Staff { centre, .. } => match drawn.next() {
                Some(phone) => Joins::Pending { phone, centre: *centre },
                None => Joins::Alone,
            },
        };
        Ok((Indexes { reference, id_document }, joins))
    }

    /// The sign-in's hold on the family, with a memory that knows the new member.
    fn hold_with(&self, citizen: &Citizen, reference: &str, new: &NewPerson, person: PersonId) -> FamilyHold {
        let mut memory = citizen.memory.clone();
        memory.members.push(Some(Remembered {
            person,
            birth_year: new.born.year(),
            gender: new.gender.id(),
            reference: reference.to_owned(),
            ground: 0,
        }));
        self.hold_as(citizen, &memory)
    }

    pub(crate) fn hold_as(&self, citizen: &Citizen, memory: &Memory) -> FamilyHold {
        FamilyHold { sealed: Some(self.seal_memory(&citizen.key, memory)), ..citizen.hold() }
    }

    async fn seal_first(&self, person: PersonId, fields: Vec<(Field, String)>) -> Result<Vec<SealedField>, Refused> {
        let versions: Vec<Opening> = fields.iter().map(|(field, _)| Opening { field: *field, version: 1 }).collect();
        self.seal_versions(person, &versions, fields.iter().map(|(_, plain)| plain.as_str())).await
    }

    /// Seals new versions of fields.
    pub(crate) async fn seal_versions<'a>(
        &self,
        person: PersonId,
        versions: &[Opening],
        plain: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<SealedField>, Refused> {
        let sealings = self.keys.sealing_keys(*person.bytes(), versions).await?;
        let sealed = versions.iter().zip(plain).zip(sealings).map(|((opening, plain), sealing)| SealedField {
            person,
            field: opening.field.wire(),
            version: opening.version,
            salt: sealing.salt,
            body: seal::seal_field(&sealing.key, person.bytes(), *opening, plain),
        });
        Ok(sealed.collect())
    }

    pub(crate) fn card_hash(&self, person: PersonId, digits: &str) -> [u8; 32] {
        self.secrets.code_hash(&[b"card", person.bytes()], digits.as_bytes())
    }

    /// Confirms a pending member: the holder types the last six digits of the reference on her card.
    ///
    /// # Errors
    /// [`Refused::Wrong`]; [`store::Refusal::Locked`] after three wrong tries; [`store::Refusal::FamilyFull`].
    pub async fn confirm_member(&self, citizen: &Citizen, person: PersonId, last_six: &str) -> Result<(), Refused> {
        let pending = self.family(citizen).await?.into_iter().any(|m| m.person == person && m.pending.is_some());
        if !pending {
            return Err(Refused::NotFound);
        }
        let grant = own(citizen, person);
        let fields = [Field::BirthYear, Field::Gender, Field::Reference];
        let (mut fields, row) = self.open(&citizen.actor(), &grant, Kind::Use, Purpose::Membership, &fields).await?;
        let reference = fields.take(Field::Reference).unwrap_or_default();
        let proven = last_six.trim().len() == 6 && reference.ends_with(last_six.trim());
        let mut memory = citizen.memory.clone();
        memory.members.push(Some(Remembered {
            person,
            birth_year: fields.birth_year(),
            gender: fields.gender().id(),
            reference,
            ground: row.entries,
        }));
        let by = if proven { self.hold_as(citizen, &memory) } else { citizen.hold() };
        let effect = Effect::Membership(Membership { person, proven, by });
        let answer = self.write_about(&citizen.actor(), &grant, Purpose::Membership, effect).await?;
        if let Answer::CodeWrong { left } = answer { Err(Refused::Wrong { left }) } else { Ok(()) }
    }

    /// Writes one effect about one person, with its WRITE entry.
    pub(crate) async fn write_about(
        &self,
        actor: &Actor,
        grant: &Grant,
        purpose: Purpose,
        effect: Effect,
    ) -> Result<Answer, Refused> {
        let person = grant.evidence().subject;
        let written = self
            .act(actor, &[person], |_| {
                let draft = Draft::under(grant, Kind::Write, purpose, Vec::new());
                ready(Ok(Act::new(vec![draft], effect.clone())))
            })
            .await?;
        Ok(written.done.answer)
    }

    /// Sweeps keys whose registration never came: `void` under the id first, then the keys.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn sweep(&self) -> Result<u32, Refused> {
        let now_ms = self.now_ms();
        let actor = Actor::worker("sweeper", self.draw());
        self.act_alone(&actor, Act::new(Vec::new(), Effect::Sweep { now_ms })).await?;
        self.settle_leavers().await?;
        self.end_moves().await?;
        self.end_guardianships().await?;
        let until_ms = now_ms - 600_000;
        let old = self.keys.sweep(self.swept_ms.load(Ordering::Acquire), until_ms, now_ms).await?;
        let mut swept = 0;
        for person in old.into_iter().map(|person| PersonId(Uuid::from_bytes(person))) {
            if self
                .store
                .read(move |store| store.standing(person))
                .await?
                .is_none_or(|standing| standing != "registered")
            {
                self.act_alone(&actor, Act::new(Vec::new(), Effect::Void { person })).await.ok();
                self.keys.erase(*person.bytes()).await?;
                swept += 1;
            }
        }
        self.swept_ms.store(until_ms, Ordering::Release);
        Ok(swept)
    }
}

struct Indexes {
    reference: [u8; 32],
    id_document: Option<[u8; 32]>,
}

impl By<'_> {
    fn phone_digits(&self) -> Option<String> {
        match self {
            By::Holder(citizen) => Some(citizen.memory.phone.clone()),
            By::Staff { phone, .. } => phone.as_ref().map(|phone| phone.digits().to_owned()),
        }
    }

    fn grant(&self, person: PersonId) -> Grant {
        match self {
            By::Holder(citizen) => own(citizen, person),
            By::Staff { staff, centre, .. } => {
                let mut on = [0; 16];
                on[..4].copy_from_slice(&centre.0.to_be_bytes());
                Grant::Presence(Evidence { subject: person, on, holder: staff.token, ground: None })
            }
        }
    }
}

/// The holder's right over someone who is joining her family.
fn own(citizen: &Citizen, person: PersonId) -> Grant {
    Grant::CitizenOtp(Evidence { subject: person, on: citizen.on(), holder: citizen.token, ground: None })
}

/// Eight digits of a card.
fn digits_of(chance: &[u8; 32]) -> String {
    let number = u64::from_be_bytes(chance[..8].try_into().expect("eight of thirty-two"));
    format!("{:08}", number % 100_000_000)
}

fn first_fields(new: &NewPerson, reference: Reference, phone: Option<&str>) -> Vec<(Field, String)> {
    let mut fields = vec![
        (Field::Name, new.name.text().to_owned()),
        (Field::BirthYear, new.born.year().to_string()),
        (Field::Gender, new.gender.id().to_string()),
    ];
    fields.extend(phone.map(|digits| (Field::Phone, digits.to_owned())));
    let document = |d: &IdDocument| (Field::IdDocument, format!("{}:{}", d.kind().id(), d.last_four()));
    fields.extend(new.id_document.as_ref().map(document));
    fields.push((Field::Reference, reference.digits()));
    fields.push((Field::Comorbidity, if new.comorbidity { "Y" } else { "N" }.to_owned()));
    fields
}
