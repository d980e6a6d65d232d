//! Permissions she gave: shown to her, and ended by her at once.

use super::artefact::said;
use crate::caller::Citizen;
use crate::gate::{Act, Draft};
use crate::{Disclosed, Refused, Vault};
use ledger::{Field, Kind, Purpose};
use registry::{PersonId, TransactionId};
use std::future::ready;
use store::command::consent::ConsentEffect;
use store::command::{Effect, Refusal};
use store::rows::PersonRow;

/// The newest that are listed.
const MOST: u32 = 100;

/// A consent as its giver sees it.
pub struct Permission {
    /// Its id.
    pub id: TransactionId,
    /// To whom: the organisation's name then.
    pub partner: String,
    /// What for, in the words that she read.
    pub purpose: String,
    /// What it may see.
    pub fields: Vec<Field>,
    /// How often.
    pub reads: u8,
    /// How often it did.
    pub used: u8,
    /// When she gave it, milliseconds since the epoch.
    pub made_ms: i64,
    /// When it ends.
    pub until_ms: i64,
    /// When she ended it.
    pub revoked_ms: Option<i64>,
    /// The signed artefact.
    pub artefact: String,
}

impl Permission {
    /// Whether a look under it is possible at this moment.
    #[must_use]
    pub fn stands(&self, now_ms: i64) -> bool {
        self.revoked_ms.is_none() && self.until_ms > now_ms && self.used < self.reads
    }
}

/// The permissions that a member of the family gave.
pub struct Permissions {
    /// Her name.
    pub name: String,
    /// Newest first.
    pub given: Vec<Permission>,
}

impl Vault {
    /// The permissions that a member of one's family gave.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else.
    pub async fn permissions(&self, citizen: &Citizen, person: PersonId) -> Result<Disclosed<Permissions>, Refused> {
        let grant = citizen.grant(person)?;
        let (mut fields, row) =
            self.open(&citizen.actor(), &grant, Kind::Reveal, Purpose::Consent, &[Field::Name]).await?;
        let given = self.given(&row).await?;
        Ok(Disclosed::new(Permissions { name: fields.take(Field::Name).unwrap_or_default(), given }))
    }

    /// The permissions of someone whose row was read under an entry that lets her see them.
    pub(crate) async fn given(&self, row: &PersonRow) -> Result<Vec<Permission>, Refused> {
        let person = row.id;
        let rows = self.store.read(move |store| store.consents_of(person, MOST)).await?;
        let mut given = Vec::with_capacity(rows.len());
        for consent in rows {
            let artefact = self.artefact(&consent, row).await?;
            let (partner, purpose) = said(&artefact).unwrap_or((consent.client.to_string(), String::new()));
            given.push(Permission {
                id: consent.id,
                partner,
                purpose,
                fields: consent.fields.iter().collect(),
                reads: consent.reads,
                used: consent.used,
                made_ms: consent.made_ms,
                until_ms: consent.until_ms,
                revoked_ms: consent.revoked_ms,
                artefact,
            });
        }
        Ok(given)
    }

    /// Ends a permission of a member of one's family: the very next look under it is refused.
    ///
    /// # Errors
    /// [`Refused::NotFound`], alike for another's and no one's, and for one that she ended before.
    pub async fn revoke_consent(&self, citizen: &Citizen, id: TransactionId) -> Result<(), Refused> {
        let consent = self.store.read(move |store| store.consent(id)).await?;
        let hers = consent.filter(|consent| citizen.members().contains(&consent.person));
        let Some(consent) = hers else {
            self.note_refusal(&citizen.actor(), Purpose::Consent).await?;
            return Err(Refused::NotFound);
        };
        let (person, grant) = (consent.person, citizen.grant(consent.person)?);
        let plan = |_| {
            let draft =
                Draft { evidence: *id.bytes(), ..Draft::under(&grant, Kind::Revoke, Purpose::Consent, Vec::new()) };
            let revoke = ConsentEffect::Revoke { consent: id, person, now_ms: self.now_ms() };
            ready(Ok(Act::new(vec![draft], Effect::Consent(Box::new(revoke)))))
        };
        match self.act(&citizen.actor(), &[person], plan).await {
            Err(Refused::Rule(Refusal::NotFound)) => Err(Refused::NotFound),
            other => other.map(|_| ()),
        }
    }
}
