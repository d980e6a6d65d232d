//! Who asks. A caller is a value that only the vault makes, from a token it issued.

use crate::grant::{Evidence, Grant, Ground};
use crate::{Channel, Keepsake, Purpose, Refused, Vault};
use registry::{BirthYear, CentreId, PersonId, Reference, Role, StaffId};
use serde::{Deserialize, Serialize};
use store::command::{FamilyHold, SignedIn};
use store::rows::SignInRow;

/// A request and the door it came through.
#[derive(Clone, Copy)]
pub struct Asked {
    pub(crate) request: [u8; 16],
    pub(crate) channel: Channel,
    /// What the browser keeps that asks, where it is one.
    pub(crate) browser: Option<Keepsake>,
}

impl Asked {
    /// The same request, from a browser that keeps this between its visits.
    #[must_use]
    pub fn from_browser(self, keepsake: Keepsake) -> Self {
        Self { browser: Some(keepsake), ..self }
    }
}

/// Who asks.
pub enum Caller {
    /// The holder of a phone.
    Citizen(Citizen),
    /// A member of staff.
    Staff(Staff),
}

/// The holder of a phone, signed in by a one-time code.
pub struct Citizen {
    pub(crate) asked: Asked,
    pub(crate) token: [u8; 32],
    pub(crate) key: [u8; 32],
    pub(crate) phone_index: [u8; 32],
    pub(crate) version: u64,
    pub(crate) position: u64,
    pub(crate) memory: Memory,
    /// Whether the sign-in is good for the public certificate alone.
    pub public: bool,
    /// When the sign-in ends, milliseconds since the epoch.
    pub expires_ms: i64,
    /// When it ends if nothing happens.
    pub idle_ms: i64,
}

/// What a citizen's sign-in remembers, sealed under a key that only her token carries.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Memory {
    pub(crate) phone: String,
    /// By their places. Who leaves while it lasts leaves hers empty: an address never comes to mean somebody else.
    pub(crate) members: Vec<Option<Remembered>>,
}

impl Memory {
    pub(crate) fn remembered(&self) -> impl Iterator<Item = &Remembered> {
        self.members.iter().flatten()
    }
}

/// What is needed of a member to book without opening anything again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub(crate) person: PersonId,
    pub(crate) birth_year: u16,
    pub(crate) gender: u8,
    pub(crate) reference: String,
    /// Which of her entries shows that she is of this family: of the sign-in, of her registration, of her confirmation.
    pub(crate) ground: u64,
}

impl Remembered {
    pub(crate) fn born(&self) -> BirthYear {
        BirthYear::new(self.birth_year).expect("it was parsed when she registered")
    }
}

impl Citizen {
    /// The confirmed members of her family, in the order they joined.
    #[must_use]
    pub fn members(&self) -> Vec<PersonId> {
        self.memory.remembered().map(|member| member.person).collect()
    }

    /// Their places, in the same order.
    #[must_use]
    pub fn places(&self) -> Vec<usize> {
        (0..).zip(&self.memory.members).filter(|(_, member)| member.is_some()).map(|(place, _)| place).collect()
    }

    /// The place that the next member gets.
    #[must_use]
    pub fn next_place(&self) -> usize {
        self.memory.members.len()
    }

    /// The place of a member.
    #[must_use]
    pub fn place_of(&self, person: PersonId) -> Option<usize> {
        self.memory.members.iter().position(|member| member.as_ref().is_some_and(|member| member.person == person))
    }

    /// The member at this place of the family, counted from zero; of who left while the sign-in lasts, nobody.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub fn member(&self, place: usize) -> Result<PersonId, Refused> {
        let member = self.memory.members.get(place).and_then(Option::as_ref);
        member.map(|member| member.person).ok_or(Refused::NotFound)
    }

    /// The last four digits of her phone.
    #[must_use]
    pub fn phone_last_four(&self) -> &str {
        &self.memory.phone[self.memory.phone.len() - 4..]
    }

    /// The right to open a member's data.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone who is not a confirmed member.
    pub fn grant(&self, person: PersonId) -> Result<Grant, Refused> {
        let ground = Some(Ground::Count(self.remembered(person)?.ground));
        Ok(Grant::CitizenOtp(Evidence { subject: person, on: self.on(), holder: self.token, ground }))
    }

    /// The sign-in, as evidence names it: the position of its first entry.
    pub(crate) fn on(&self) -> [u8; 16] {
        u128::from(self.position).to_be_bytes()
    }

    pub(crate) fn remembered(&self, person: PersonId) -> Result<&Remembered, Refused> {
        self.memory.remembered().find(|member| member.person == person).ok_or(Refused::NotFound)
    }

    pub(crate) fn hold(&self) -> FamilyHold {
        FamilyHold { phone: self.phone_index, token: self.token, version: self.version, sealed: None }
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor {
            name: "self".into(),
            organisation: String::new(),
            role: "citizen",
            asked: self.asked,
            holder: self.token,
            sign_in: Some(self.token),
        }
    }
}

/// A member of staff, signed in.
pub struct Staff {
    pub(crate) asked: Asked,
    pub(crate) token: [u8; 32],
    /// Her id.
    pub id: StaffId,
    /// Her name.
    pub name: String,
    /// Her role.
    pub role: Role,
    /// Where she works, if at one centre.
    pub centre: Option<CentreId>,
    /// When the sign-in ends, milliseconds since the epoch.
    pub expires_ms: i64,
    /// When it ends if nothing happens.
    pub idle_ms: i64,
}

impl Staff {
    /// Goes on only for this role.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub fn must_be(&self, role: Role) -> Result<(), Refused> {
        if self.role == role { Ok(()) } else { Err(Refused::WrongRole) }
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor {
            name: self.id.code(),
            organisation: self.centre.map(|centre| centre.to_string()).unwrap_or_default(),
            role: self.role.code(),
            asked: self.asked,
            holder: self.token,
            sign_in: Some(self.token),
        }
    }
}

/// Who stands in an entry as having acted.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) name: String,
    pub(crate) organisation: String,
    pub(crate) role: &'static str,
    pub(crate) asked: Asked,
    pub(crate) holder: [u8; 32],
    /// The sign-in that acts: when it ends, nothing more is written or shown by it, not even by what is under way.
    pub(crate) sign_in: Option<[u8; 32]>,
}

impl Actor {
    /// Somebody who has not shown who they are.
    pub(crate) fn nobody(asked: Asked) -> Self {
        let (organisation, holder) = (String::new(), [0; 32]);
        Self { name: "nobody".into(), organisation, role: "none", asked, holder, sign_in: None }
    }

    /// The same, for what is to be done even if the sign-in has ended since.
    pub(crate) fn beyond_its_end(self) -> Self {
        Self { sign_in: None, ..self }
    }

    /// A worker of the platform.
    pub(crate) fn worker(name: &str, request: [u8; 16]) -> Self {
        let asked = Asked { request, channel: Channel::Worker, browser: None };
        Self { name: name.into(), role: "worker", ..Self::nobody(asked) }
    }
}

/// Anyone who can open a person's data with a grant.
pub trait Calls: sealed::Calls {}
impl Calls for Citizen {}
impl Calls for Staff {}

pub(crate) mod sealed {
    pub trait Calls {
        #[doc(hidden)]
        fn as_actor(&self) -> super::Acting;
    }
}

/// An actor, handed between the sealed trait and the gate.
pub struct Acting(pub(crate) Actor);

impl sealed::Calls for Citizen {
    fn as_actor(&self) -> Acting {
        Acting(self.actor())
    }
}

impl sealed::Calls for Staff {
    fn as_actor(&self) -> Acting {
        Acting(self.actor())
    }
}

impl Vault {
    /// A new request through `channel`.
    #[must_use]
    pub fn asked(&self, channel: Channel) -> Asked {
        Asked { request: self.draw(), channel, browser: None }
    }

    /// Who holds this token.
    ///
    /// # Errors
    /// [`Refused::NotSignedIn`] for a token that is not ours, has run out, or was ended.
    pub async fn caller(&self, token: &str, channel: Channel) -> Result<Caller, Refused> {
        let token = self.read_token(token).ok_or(Refused::NotSignedIn)?;
        let (id, now_ms) = (token.id(), self.now_ms());
        let row = self.store.find(move |store| store.sign_in(&id, now_ms)).await?.ok_or(Refused::NotSignedIn)?;
        let asked = self.asked(channel);
        match row.who {
            SignedIn::Family { phone, version, public } => {
                let memory = token.open_memory(&row.sealed).ok_or(Refused::NotSignedIn)?;
                Ok(Caller::Citizen(Citizen {
                    asked,
                    token: id,
                    key: token.key(),
                    phone_index: phone,
                    version,
                    position: row.position,
                    memory,
                    public,
                    expires_ms: row.expires_ms,
                    idle_ms: row.idle_ms,
                }))
            }
            SignedIn::Staff { staff, .. } => self.staff_caller(staff, asked, id, &row).await.map(Caller::Staff),
        }
    }

    /// The member of her family with this reference; another's reference and no one's look the same, and are noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn named_member(&self, citizen: &Citizen, reference: &Reference) -> Result<PersonId, Refused> {
        let digits = reference.digits();
        match citizen.memory.remembered().find(|member| member.reference == digits) {
            Some(member) => Ok(member.person),
            None => {
                self.note_refusal(&citizen.actor(), Purpose::Family).await?;
                Err(Refused::NotFound)
            }
        }
    }

    async fn staff_caller(
        &self,
        staff: StaffId,
        asked: Asked,
        token: [u8; 32],
        row: &SignInRow,
    ) -> Result<Staff, Refused> {
        let who = self.store.find(move |store| store.staff(staff)).await?;
        let who = who.filter(|who| who.active).ok_or(Refused::NotSignedIn)?;
        Ok(Staff {
            asked,
            token,
            id: staff,
            name: who.name,
            role: who.role,
            centre: who.centre,
            expires_ms: row.expires_ms,
            idle_ms: row.idle_ms,
        })
    }
}
