//! A vaccinator's work with a person who is there.

mod arrival;
mod floor;
mod visit;

pub use floor::GivenHere;

use crate::booking::past_doses;
use crate::caller::Staff;
use crate::gate::{Act, Draft, openings};
use crate::grant::{self, Grant, Ground};
use crate::record::Fields;
use crate::{Refused, Vault};
use ledger::{Field, Kind, Opening, Purpose};
use registry::{AppointmentId, DoseId, PersonId, Reference, Role, SessionId, Slot, TransactionId, eligibility};
use std::future::ready;
use std::sync::Arc;
use store::command::{Effect, NewDose, Refusal};
use store::rows::{AppointmentRow, BatchRow, DoseRow, Offer, PersonRow, Status};

/// How a person shows that she is there.
pub enum Evidence {
    /// The four-digit code of her slip.
    Code(String),
    /// A one-time code just sent to her phone.
    Otp {
        /// The sending.
        transaction: TransactionId,
        /// What she read out.
        code: String,
    },
    /// The eight digits of her printed card.
    Card(String),
}

/// A row of a session's list: nothing sealed, so nothing is opened.
pub struct ListRow {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Which person of it, counted from zero.
    pub nth: usize,
    /// Window.
    pub slot: Slot,
    /// Last four digits of her reference.
    pub reference_last_four: String,
    /// Which dose.
    pub dose: u8,
    /// Where it stands.
    pub status: Status,
}

/// Someone who waits after her dose.
pub struct Observation {
    /// The dose.
    pub dose: DoseId,
    /// Her appointment and her place in it, if she is on the list.
    pub place: Option<(AppointmentId, usize)>,
    /// Last four digits of her reference.
    pub reference_last_four: String,
    /// When the thirty minutes end, milliseconds since the epoch.
    pub until_ms: i64,
}

/// What is recorded of a dose.
pub struct Given {
    /// Batch number.
    pub batch: String,
    /// Why before its day, if it is.
    pub early_reason: Option<String>,
}

/// A dose that was recorded.
pub struct DoseGiven {
    /// Its id.
    pub id: DoseId,
    /// Whether it is attested, and so can be certified.
    pub attested: bool,
    /// When the observation ends, milliseconds since the epoch.
    pub observe_until_ms: i64,
}

/// Observation after a dose, milliseconds.
const OBSERVE_MS: i64 = 1_800_000;

impl Vault {
    /// Today's sessions of a vaccinator.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn sessions_today(&self, staff: &Staff) -> Result<Vec<Offer>, Refused> {
        staff.must_be(Role::Vaccinator)?;
        let (id, today) = (staff.id, self.today());
        let offers = self.store.read(move |store| {
            let ids = store.sessions_of(id, today)?;
            ids.into_iter().map(|session| store.session(session)).collect::<Result<Vec<_>, _>>()
        });
        Ok(offers.await?.into_iter().flatten().collect())
    }

    /// The session, if she is rostered to it and it is today.
    ///
    /// # Errors
    /// [`Refused::WrongRole`], [`Refused::NotRostered`].
    pub async fn at_work(&self, staff: &Staff, session: SessionId) -> Result<Offer, Refused> {
        staff.must_be(Role::Vaccinator)?;
        let id = staff.id;
        let (rostered, offer) =
            self.store.read(move |store| Ok((store.is_rostered(session, id)?, store.session(session)?))).await?;
        let offer = offer.filter(|offer| rostered && !offer.session.cancelled && offer.session.day == self.today());
        offer.ok_or(Refused::NotRostered)
    }

    /// A session's list.
    ///
    /// # Errors
    /// As [`Vault::at_work`].
    pub async fn session_list(&self, staff: &Staff, session: SessionId) -> Result<Vec<ListRow>, Refused> {
        self.at_work(staff, session).await?;
        let rows = self.store.read(move |store| store.appointments_of(session)).await?;
        let row = |row: &AppointmentRow| ListRow {
            appointment: row.id,
            nth: nth_in(&rows, row),
            slot: row.slot.clone(),
            reference_last_four: row.reference_last_four.clone(),
            dose: row.dose,
            status: row.status,
        };
        Ok(rows.iter().map(row).collect())
    }

    /// Batches at the session's centre that can be given now.
    ///
    /// # Errors
    /// As [`Vault::at_work`].
    pub async fn batches_at_hand(&self, staff: &Staff, session: SessionId) -> Result<Vec<BatchRow>, Refused> {
        let offer = self.at_work(staff, session).await?;
        let (centre, vaccine, today) = (offer.centre.id, offer.session.vaccine, self.today());
        let batches = self.store.read(move |store| store.batches(centre)).await?;
        let usable = |b: &BatchRow| b.vaccine == vaccine && !b.stopped && b.expires >= today && b.given < b.doses;
        Ok(batches.into_iter().filter(usable).collect())
    }

    /// The right over a person who was checked in here today: the nth of her appointment.
    ///
    /// # Errors
    /// [`Refused::NotRostered`]; [`Refused::NotFound`] unless she was checked in for a dose.
    pub async fn present(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
    ) -> Result<(Grant, AppointmentRow), Refused> {
        let row = self.there(staff, (appointment, nth)).await?;
        if row.status == Status::Visiting {
            return Err(Refused::NotFound);
        }
        Ok((presence(staff, appointment, row.person, row.check_in), row))
    }

    /// Keeps the answers to the health questions.
    ///
    /// # Errors
    /// As [`Vault::present`].
    pub async fn screen(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
        answers: &str,
    ) -> Result<(), Refused> {
        self.write_field(staff, appointment, nth, Field::Screening, Purpose::Screening, answers).await
    }

    /// Reports an adverse event after a dose. Sealed at once.
    ///
    /// # Errors
    /// As [`Vault::present`].
    pub async fn report_aefi(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
        report: &str,
    ) -> Result<(), Refused> {
        self.write_field(staff, appointment, nth, Field::Aefi, Purpose::Aefi, report).await
    }

    async fn write_field(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
        field: Field,
        purpose: Purpose,
        words: &str,
    ) -> Result<(), Refused> {
        let (grant, row) = self.present(staff, appointment, nth).await?;
        let grant = &grant;
        let plan = |rows: Arc<Vec<PersonRow>>| async move {
            let version = openings(&rows[0], &[field]).first().map_or(1, |newest| newest.version + 1);
            let sealed = self.seal_versions(row.person, &[Opening { field, version }], std::iter::once(words)).await?;
            let draft = Draft::under(grant, Kind::Write, purpose, Vec::new());
            Ok(Act::new(vec![draft], Effect::Seal(sealed)))
        };
        self.act(&staff.actor(), &[row.person], plan).await.map(|_| ())
    }

    /// Records her dose. The batch must be at hand; too early needs a reason.
    ///
    /// # Errors
    /// [`registry::Ineligible`]; [`Refusal::BatchUnusable`]; [`Refusal::AlreadyGiven`].
    pub async fn record_dose(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
        given: Given,
    ) -> Result<DoseGiven, Refused> {
        let (grant, row) = self.present(staff, appointment, nth).await?;
        let offer = self.session(row.session).await?;
        let (new, id) = self.new_dose(staff, &grant, &offer, &row, given).await?;
        self.write_about(&staff.actor(), &grant, Purpose::Dose, Effect::Dose(Box::new(new))).await?;
        Ok(DoseGiven { id, attested: row.factor.is_some(), observe_until_ms: self.now_ms() + OBSERVE_MS })
    }

    /// Replaces a dose that was recorded today with the wrong batch.
    ///
    /// # Errors
    /// As [`Vault::record_dose`]; [`Refused::NotFound`] unless it was recorded today.
    pub async fn correct_dose(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
        batch: String,
    ) -> Result<DoseGiven, Refused> {
        let (grant, row) = self.present(staff, appointment, nth).await?;
        let offer = self.session(row.session).await?;
        let session = row.session;
        let doses = self.store.read(move |store| store.doses_of(session)).await?;
        let wrong = doses.into_iter().find(|dose| dose.person == row.person).ok_or(Refused::NotFound)?;
        let given = Given { batch, early_reason: Some("correction".into()) };
        let (mut right, id) = self.new_dose_of(staff, &grant, &offer, &row, given, wrong.number).await?;
        right.early_reason = None;
        let effect = Effect::Correct { wrong: wrong.id, right: Box::new(right) };
        self.write_about(&staff.actor(), &grant, Purpose::Correction, effect).await?;
        Ok(DoseGiven { id, attested: row.factor.is_some(), observe_until_ms: wrong.at_ms + OBSERVE_MS })
    }

    async fn new_dose(
        &self,
        staff: &Staff,
        grant: &Grant,
        offer: &Offer,
        row: &AppointmentRow,
        given: Given,
    ) -> Result<(NewDose, DoseId), Refused> {
        let person = self.people(&[row.person]).await?.remove(0);
        let timing = eligibility::timing(&past_doses(&person), row.dose, offer.session.vaccine, offer.session.day)?;
        if let (eligibility::Timing::Early { from }, None) = (timing, &given.early_reason) {
            return Err(registry::Ineligible::TooEarly { from }.into());
        }
        self.new_dose_of(staff, grant, offer, row, given, row.dose).await
    }

    /// Uses her birth year and gender for the statistics of the dose; only age and gender at the dose stay.
    async fn new_dose_of(
        &self,
        staff: &Staff,
        grant: &Grant,
        offer: &Offer,
        row: &AppointmentRow,
        given: Given,
        number: u8,
    ) -> Result<(NewDose, DoseId), Refused> {
        let (mut fields, _): (Fields, _) =
            self.open(&staff.actor(), grant, Kind::Use, Purpose::Dose, &[Field::BirthYear, Field::Gender]).await?;
        let id = DoseId::from_random(self.draw());
        let born = fields.birth_year();
        let age = u8::try_from(i32::from(offer.session.day.year()) - i32::from(born)).unwrap_or(0);
        if !offer.session.ages.serves(age) {
            return Err(registry::Ineligible::Age.into());
        }
        let dose = NewDose {
            id,
            person: row.person,
            session: Some(row.session),
            centre: offer.centre.id,
            vaccine: offer.session.vaccine,
            number,
            batch: given.batch,
            day: offer.session.day,
            at_ms: self.now_ms(),
            staff: staff.id,
            age,
            gender: fields.gender(),
            factor: row.factor,
            early_reason: given.early_reason,
        };
        Ok((dose, id))
    }

    /// Records a dose for a reference alone, as CoWIN's vaccinator API does. Attested only if she was checked in at a
    /// session of this centre today with a factor; the answer is the same either way, also for a reference that is
    /// no one's.
    ///
    /// # Errors
    /// [`Refused::WrongRole`]; [`Refused::NotRostered`] when she works at no session of the centre today;
    /// [`Refusal::BatchUnusable`].
    pub async fn record_dose_by_reference(
        &self,
        staff: &Staff,
        reference: &Reference,
        wanted: &crate::presence::Reported,
    ) -> Result<(), Refused> {
        let sessions = self.sessions_today(staff).await?;
        let here = |offer: &&Offer| offer.centre.id == wanted.centre && offer.session.vaccine == wanted.vaccine;
        let offer = sessions.iter().find(here).ok_or(Refused::NotRostered)?;
        let usable = self.batches_at_hand(staff, offer.session.id).await?.iter().any(|b| b.number == wanted.batch);
        if !usable {
            return Err(Refusal::BatchUnusable.into());
        }
        let person = match self.find(&staff.actor(), reference).await {
            Ok(person) => person,
            Err(Refused::NotFound) => return Ok(()),
            Err(other) => return Err(other),
        };
        let row = self.people(&[person]).await?.remove(0);
        let there = row.appointments.iter().find(|a| a.session == offer.session.id && a.status == Status::CheckedIn);
        let given = || Given { batch: wanted.batch.clone(), early_reason: Some("reported through the API".into()) };
        match there {
            Some(there) => {
                let (id, nth) = self.place_in(there.id, person).await?;
                self.record_dose(staff, id, nth, given()).await.map(|_| ())
            }
            None => self.record_unattested(staff, offer, &row, wanted).await,
        }
    }

    /// An unattested dose opens nothing: nobody showed that she was there.
    async fn record_unattested(
        &self,
        staff: &Staff,
        offer: &Offer,
        row: &PersonRow,
        wanted: &Reported,
    ) -> Result<(), Refused> {
        let dose = NewDose {
            id: DoseId::from_random(self.draw()),
            person: row.id,
            session: Some(offer.session.id),
            centre: offer.centre.id,
            vaccine: offer.session.vaccine,
            number: wanted.dose,
            batch: wanted.batch.clone(),
            day: offer.session.day,
            at_ms: self.now_ms(),
            staff: staff.id,
            age: offer.session.ages.min,
            gender: registry::Gender::Others,
            factor: None,
            early_reason: None,
        };
        let plan = |_| {
            let draft = Draft::about(row.id, Kind::Write, Purpose::Dose);
            ready(Ok(Act::new(vec![draft], Effect::Dose(Box::new(dose.clone())))))
        };
        match self.act(&staff.actor(), &[row.id], plan).await {
            // Whether the dose was there already is hers to know.
            Ok(_) | Err(Refused::Rule(Refusal::AlreadyGiven)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Who waits after a dose at a session, the next to leave first.
    ///
    /// # Errors
    /// As [`Vault::at_work`].
    pub async fn observations(&self, staff: &Staff, session: SessionId) -> Result<Vec<Observation>, Refused> {
        self.at_work(staff, session).await?;
        let doses = self.store.read(move |store| store.doses_of(session)).await?;
        let waiting: Vec<DoseRow> = doses.into_iter().filter(|dose| !dose.observed).collect();
        let rows = self.people(&waiting.iter().map(|dose| dose.person).collect::<Vec<_>>()).await?;
        let list = self.store.read(move |store| store.appointments_of(session)).await?;
        let observation = |(dose, row): (&DoseRow, PersonRow)| Observation {
            dose: dose.id,
            place: list
                .iter()
                .find(|there| there.person == row.id && there.status == Status::Done)
                .map(|there| (there.id, nth_in(&list, there))),
            reference_last_four: row.reference_last_four,
            until_ms: dose.at_ms + OBSERVE_MS,
        };
        Ok(waiting.iter().zip(rows).map(observation).rev().collect())
    }

    /// Ends an observation.
    ///
    /// # Errors
    /// As [`Vault::at_work`].
    pub async fn end_observation(&self, staff: &Staff, dose: DoseId) -> Result<SessionId, Refused> {
        let row = self.store.read(move |store| store.dose(dose)).await?.ok_or(Refused::NotFound)?;
        let session = row.session.ok_or(Refused::NotFound)?;
        self.at_work(staff, session).await?;
        self.act_alone(&staff.actor(), Act::new(Vec::new(), Effect::Observed { dose })).await?;
        Ok(session)
    }
}

/// What CoWIN's vaccinator API reports of a dose.
pub struct Reported {
    /// Where.
    pub centre: registry::CentreId,
    /// What.
    pub vaccine: registry::Vaccine,
    /// From which batch.
    pub batch: String,
    /// 1, 2 or 3.
    pub dose: u8,
}

/// Which person of her appointment she is, counted from zero.
fn nth_in(list: &[AppointmentRow], row: &AppointmentRow) -> usize {
    list.iter().filter(|other| other.id == row.id && other.person < row.person).count()
}

/// The right over whoever is there, by the entry of her check-in once it is written.
fn presence(staff: &Staff, appointment: AppointmentId, person: PersonId, check_in: Option<u64>) -> Grant {
    let (on, ground) = (*appointment.bytes(), check_in.map(Ground::Position));
    Grant::Presence(grant::Evidence { subject: person, on, holder: staff.token, ground })
}
