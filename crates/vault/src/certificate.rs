//! Certificates: of attested doses only, signed here, known by id and version.

use crate::caller::{Actor, Calls, Citizen};
use crate::gate::{held_by, openings};
use crate::record::Fields;
use crate::{Disclosed, Grant, Refused, Vault};
use credential::{Certificate, Dose, IdDocument};
use ledger::{Field, Kind, Purpose};
use registry::{DoseId, Factor, Gender, IdKind, PersonId};
use sha2::{Digest, Sha256};
use store::command::{Certify, Effect, Refusal};
use store::rows::{CertificateRow, CertificateState, DoseRow, PersonRow};

/// A certificate and its signed bytes.
pub struct Certified {
    /// What it says.
    pub certificate: Certificate,
    /// The signed CWT.
    pub cwt: Vec<u8>,
}

/// What a genuine certificate is worth today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It stands.
    Current,
    /// Superseded: a newer one shows more doses.
    Extended,
    /// Superseded: something it says was corrected.
    Corrected,
    /// Not on our list: signed with our key, but not issued by this installation.
    Unknown,
}

impl Vault {
    /// Her certificate over all attested doses. The same doses give the same certificate.
    ///
    /// # Errors
    /// [`Refused::NotFound`] without an attested dose, or under a grant that is not the caller's.
    pub async fn certify(
        &self,
        caller: &impl Calls,
        grant: &Grant,
        person: PersonId,
    ) -> Result<Disclosed<Certified>, Refused> {
        let actor = held_by(caller, grant, person)?;
        let row = self.people(&[person]).await?.remove(0);
        if !row.doses.iter().any(|dose| dose.factor.is_some()) {
            return Err(Refused::NotFound);
        }
        let fields = [Field::Name, Field::BirthYear, Field::Gender, Field::IdDocument];
        let (fields, row) = self.open(&actor, grant, Kind::Reveal, Purpose::Certificate, &fields).await?;
        let issued = self.issue_number(&actor, grant, &row).await?;
        let certificate = self.describe(fields, &row, &issued).await?;
        let cwt = self.issuer.issue(&certificate).map_err(|error| {
            tracing::error!(%error, "a certificate cannot be issued");
            Refused::Unavailable
        })?;
        Ok(Disclosed::new(Certified { certificate, cwt }))
    }

    /// The number under which this state of her record is certified: the newest if it says the same, else the next.
    async fn issue_number(&self, actor: &Actor, grant: &Grant, row: &PersonRow) -> Result<CertificateRow, Refused> {
        let person = row.id;
        let digest = digest(row);
        let newest = self.store.read(move |store| store.newest_certificate(person)).await?;
        if let Some(newest) =
            newest.as_ref().filter(|newest| newest.digest == digest && newest.state == CertificateState::Current)
        {
            return Ok(newest.clone());
        }
        let next = CertificateRow {
            id: newest.as_ref().map_or_else(|| self.draw(), |newest| newest.id),
            version: newest.map_or(1, |newest| newest.version + 1),
            digest,
            issued_s: self.now_ms() / 1000,
            state: CertificateState::Current,
        };
        let effect = Effect::Certify(Certify {
            id: next.id,
            person,
            version: next.version,
            digest,
            issued_s: next.issued_s,
            older: CertificateState::Extended,
        });
        match self.write_about(actor, grant, Purpose::Certificate, effect).await {
            Ok(_) => Ok(next),
            // Two downloads at once: the other one drew the number.
            Err(Refused::Rule(Refusal::Conflict)) => {
                let drawn = self.store.read(move |store| store.newest_certificate(person)).await?;
                drawn.ok_or(Refused::Unavailable)
            }
            Err(other) => Err(other),
        }
    }

    async fn describe(
        &self,
        mut fields: Fields,
        row: &PersonRow,
        issued: &CertificateRow,
    ) -> Result<Certificate, Refused> {
        let mut doses = Vec::new();
        for dose in row.doses.iter().filter(|dose| dose.factor.is_some()) {
            doses.push(self.describe_dose(dose).await?);
        }
        let id_document = fields
            .id_document()
            .and_then(|(kind, last4)| Some(IdDocument { kind: IdKind::from_id(kind).ok()?.label().to_owned(), last4 }));
        Ok(Certificate {
            id: issued.id,
            version: issued.version,
            name: fields.take(Field::Name).unwrap_or_default(),
            birth_year: fields.birth_year(),
            gender: match fields.gender() {
                Gender::Male => credential::Gender::Male,
                Gender::Female => credential::Gender::Female,
                Gender::Others => credential::Gender::Other,
            },
            reference_last4: row.reference_last_four.clone(),
            id_document,
            doses,
            issued_at: issued.issued_s,
        })
    }

    async fn describe_dose(&self, dose: &DoseRow) -> Result<Dose, Refused> {
        let (centre, staff) = (dose.centre, dose.staff);
        let (centre, staff, districts, states) = self
            .store
            .read(move |store| {
                Ok((store.centre(centre)?, store.staff(staff)?, store.districts(None)?, store.states()?))
            })
            .await?;
        let centre = centre.ok_or(Refused::Unavailable)?;
        let district = districts.into_iter().find(|d| d.id == centre.district).ok_or(Refused::Unavailable)?;
        let state = states.into_iter().find(|s| s.id == district.state).ok_or(Refused::Unavailable)?;
        Ok(Dose {
            vaccine: dose.vaccine.label().to_owned(),
            manufacturer: dose.vaccine.manufacturer().to_owned(),
            batch: dose.batch.clone(),
            number: dose.number,
            total: dose.vaccine.primary_doses().max(dose.number),
            date: dose.day,
            centre: centre.name,
            district: district.name,
            state: state.name,
            // A dose that was found in a register names no vaccinator.
            vaccinated_by: staff.filter(|_| dose.factor != Some(Factor::Case)).map(|staff| staff.name),
        })
    }

    /// What a certificate that verified is worth today. Public: its id is random and names nobody.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn standing(&self, id: [u8; 16], version: u32) -> Result<Standing, Refused> {
        let state = self.store.read(move |store| store.certificate_state(&id, version)).await?;
        Ok(match state {
            Some(CertificateState::Current) => Standing::Current,
            Some(CertificateState::Extended) => Standing::Extended,
            Some(CertificateState::Corrected) => Standing::Corrected,
            None => Standing::Unknown,
        })
    }

    /// The person herself confirms an unattested dose: from now on it can be certified.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn attest(&self, citizen: &Citizen, person: PersonId, dose: DoseId) -> Result<(), Refused> {
        let grant = citizen.grant(person)?;
        let effect = Effect::Attest { dose, person, factor: Factor::Otp };
        self.write_about(&citizen.actor(), &grant, Purpose::Dose, effect).await.map(|_| ())
    }
}

/// What a certificate depends on: the attested doses and the versions of the fields it shows.
fn digest(row: &PersonRow) -> [u8; 32] {
    let mut hash = Sha256::new();
    for opening in openings(row, &[Field::Name, Field::BirthYear, Field::Gender, Field::IdDocument]) {
        hash.update([opening.field.wire()]);
        hash.update(opening.version.to_be_bytes());
    }
    for dose in row.doses.iter().filter(|dose| dose.factor.is_some()) {
        hash.update(dose.id.bytes());
    }
    hash.finalize().into()
}
