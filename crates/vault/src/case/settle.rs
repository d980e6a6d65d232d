//! What is done when two officers agree: decided inside, from her sealed words, with a USE entry and nothing shown.

use super::right;
use crate::caller::Staff;
use crate::{Refused, Vault};
use ledger::{Field, Kind};
use registry::case::{Claim, FoundDose};
use registry::{DoseId, Factor, SessionId, Wrong};
use store::command::{NewDose, Settlement};
use store::rows::{CaseRow, PersonRow};

impl Vault {
    /// What settling this case does to her record.
    pub(super) async fn settlement(&self, staff: &Staff, case: &CaseRow) -> Result<Settlement, Refused> {
        if case.kind == registry::case::Kind::Duplicate {
            return Ok(Settlement::Merge);
        }
        if case.kind.moves() {
            return Ok(Settlement::Move);
        }
        if let Some(dose) = case.dose {
            return Ok(Settlement::Strike(dose));
        }
        let wanted = if case.found.is_some() { [Field::BirthYear, Field::Gender].as_slice() } else { &[] };
        let wanted = [wanted, &[Field::Case]].concat();
        let (mut fields, row) = self.open_case(&staff.actor(), &right(staff, case), Kind::Use, case, &wanted).await?;
        if let Some(found) = &case.found {
            let age = i32::from(found.day.year()) - i32::from(fields.birth_year());
            let (age, gender) = (u8::try_from(age).unwrap_or(0), fields.gender());
            let dose = self.found_dose(case, found, staff).await?;
            return Ok(Settlement::Add(Box::new(NewDose { age, gender, ..dose })));
        }
        let text = fields.take(Field::Case).ok_or(Refused::Unavailable)?;
        let (claim, words) = Claim::opened(case.kind, None, &text)?;
        // Her sealed words stand in the row in place of the newest; the other fields are the newest.
        match claim {
            Claim::Name(name) => self.correction(&row, Field::Name, name.text()).await,
            Claim::BirthYear(year) => self.correction(&row, Field::BirthYear, &year.year().to_string()).await,
            Claim::Gender(gender) => self.correction(&row, Field::Gender, &gender.id().to_string()).await,
            Claim::Aefi => Ok(Settlement::Report(self.seal_next(&row, Field::Aefi, &words).await?)),
            Claim::NotMine(_) | Claim::Missing(_) | Claim::Duplicate | Claim::NumberLost | Claim::OfAge => {
                Err(Refused::NotFound)
            }
        }
    }

    async fn correction(&self, row: &PersonRow, field: Field, plain: &str) -> Result<Settlement, Refused> {
        Ok(Settlement::Correction(self.seal_next(row, field, plain).await?))
    }

    /// The session at which a found dose was given, if our own plan and stock say that it can have been.
    pub(super) async fn session_of(&self, found: &FoundDose) -> Result<SessionId, Refused> {
        let (centre, day) = (found.centre, found.day);
        let (offers, batches) =
            self.store.read(move |store| Ok((store.agenda(Some(centre), day, day)?, store.batches(centre)?))).await?;
        let there = |session: &registry::Session| session.vaccine == found.vaccine && !session.cancelled;
        let offer = offers.into_iter().find(|offer| there(&offer.session));
        let batch = batches.iter().any(|batch| {
            (batch.vaccine, batch.number.as_str()) == (found.vaccine, found.batch.as_str()) && batch.expires >= day
        });
        let offer = offer.filter(|_| batch && self.is_past(day) && (1..=3).contains(&found.number));
        Ok(offer.ok_or(Wrong::Unknown.of("found"))?.session.id)
    }

    async fn found_dose(&self, case: &CaseRow, found: &FoundDose, staff: &Staff) -> Result<NewDose, Refused> {
        Ok(NewDose {
            id: DoseId::from_random(self.draw()),
            person: case.person,
            session: Some(self.session_of(found).await?),
            centre: found.centre,
            vaccine: found.vaccine,
            number: found.number,
            batch: found.batch.clone(),
            day: found.day,
            at_ms: self.now_ms(),
            // Who gave it, no register of ours knows: the officer who stands for it is named, and on no certificate.
            staff: staff.id,
            age: 0,
            gender: registry::Gender::Others,
            factor: Some(Factor::Case),
            early_reason: None,
        })
    }
}
