//! Everything that is kept about her, to take along: one look at every field, after a fresh code.

use crate::caller::Citizen;
use crate::code::CodeFor;
use crate::consent::Permission;
use crate::proof::LooksFile;
use crate::{Disclosed, Refused, Vault};
use ledger::{Field, Kind, Purpose};
use registry::{PersonId, TransactionId};
use store::rows::{AppointmentRow, CertificateRow, DoseRow};

/// Everything that is kept about a person.
pub struct Everything {
    /// Every field she has, in wire order.
    pub fields: Vec<(Field, String)>,
    /// Doses that stand, by number.
    pub doses: Vec<DoseRow>,
    /// Appointments, oldest first.
    pub appointments: Vec<AppointmentRow>,
    /// Her newest certificate.
    pub certificate: Option<CertificateRow>,
    /// Which notice she was shown before she registered: version and language.
    pub notice: Option<String>,
    /// Language for messages.
    pub language: String,
    /// The permissions she gave, newest first.
    pub permissions: Vec<Permission>,
    /// Who looked, with the proofs; `None` while no log is published.
    pub looks: Option<LooksFile>,
}

impl Vault {
    /// Everything that is kept about a member of the family; `typed` is the code that her phone got for it.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Wrong`]; [`store::Refusal::CodeGone`], [`store::Refusal::Locked`].
    pub async fn download(
        &self,
        citizen: &Citizen,
        person: PersonId,
        transaction: TransactionId,
        typed: &str,
    ) -> Result<Disclosed<Everything>, Refused> {
        let grant = citizen.grant(person)?;
        self.take_fresh_code(citizen, person, CodeFor::Download, transaction, typed).await?;
        let (mut opened, row) =
            self.open(&citizen.actor(), &grant, Kind::Reveal, Purpose::Download, Field::ALL).await?;
        let fields = Field::ALL.iter().filter_map(|field| Some((*field, opened.take(*field)?))).collect();
        let looks = match self.looks_proven(&row).await {
            Err(Refused::NotFound) => None,
            looks => Some(looks?),
        };
        let (certificate, notice) =
            self.store.read(move |store| Ok((store.newest_certificate(person)?, store.notice_shown(person)?))).await?;
        Ok(Disclosed::new(Everything {
            permissions: self.given(&row).await?,
            fields,
            looks,
            certificate,
            notice,
            doses: row.doses,
            appointments: row.appointments,
            language: row.language,
        }))
    }
}
