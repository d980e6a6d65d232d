//! A vaccinator's work with a person who is there.

use crate::booking::past_doses;
use crate::caller::{Actor, Staff};
use crate::code::CodeFor;
use crate::gate::{Act, Draft, openings};
use crate::grant::{Evidence as Ground, Grant};
use crate::record::Fields;
use crate::{Refused, Vault, at};
use keyroom::Index;
use ledger::{Field, Kind, Opening, Purpose};
use registry::{
    AppointmentId, DoseId, Factor, PersonId, Phone, Reference, Role, SessionId, Slot, TransactionId, eligibility,
};
use std::sync::Arc;
use store::command::{Answer, CheckIn, Effect, NewDose, Refusal, WalkIn};
use store::rows::{AppointmentRow, BatchRow, DoseRow, Offer, PersonRow, Status};
use subtle::ConstantTimeEq;

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
    /// Her appointment and place in it, if she is on the list.
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

/// Wrong codes or cards before only another factor helps.
const TRIES: u8 = 3;

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
        let nth = |row: &AppointmentRow| {
            rows.iter().filter(|other| other.id == row.id && other.person < row.person).count()
        };
        let row = |row: &AppointmentRow| ListRow {
            appointment: row.id,
            nth: nth(row),
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

    /// Sends a code to the phone of the person with this reference, so that she can show she is there.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for a reference that is no one's, or someone's without a phone.
    pub async fn send_presence_code(&self, staff: &Staff, session: SessionId, reference: &Reference) -> Result<TransactionId, Refused> {
        self.at_work(staff, session).await?;
        let person = self.find(&staff.actor(), reference).await?;
        let grant = Grant::Notice(Ground { subject: person, on: *session.bytes(), holder: [0; 32] });
        let (mut fields, row) =
            self.open(&staff.actor(), &grant, Kind::OtpSend, Purpose::CheckIn, &[Field::Phone]).await?;
        let phone: Phone = fields.take(Field::Phone).ok_or(Refused::NotFound)?.parse()?;
        // The budget of such codes hangs on the person, not on the phone's own sign-ins.
        let index = self.secrets.code_hash(&[b"presence"], person.bytes());
        self.dispatch(&staff.actor(), index, &phone, CodeFor::Presence, Some(person), &row.language).await
    }

    /// Finds the person with a reference: a look-up under a random tag, and on a hit one under hers.
    async fn find(&self, actor: &Actor, reference: &Reference) -> Result<PersonId, Refused> {
        let draft = Draft::about_nobody(Kind::Lookup, Purpose::CheckIn);
        let (_, mut receipts) = self.act_alone(actor, Act::new(vec![draft], Effect::Append)).await?;
        let digits = reference.digits();
        let index = self.index(&receipts.remove(0), &[(Index::Reference, digits.as_bytes())]).await?[0];
        let person = self.store.read(move |store| store.by_reference(&index)).await?.ok_or(Refused::NotFound)?;
        let hit = async |_| Ok(Act::new(vec![Draft::about(person, Kind::Lookup, Purpose::CheckIn)], Effect::Append));
        self.act(actor, &[person], hit).await?;
        Ok(person)
    }

    /// Checks a person in. Without a booking here, a card or a code to her phone takes a walk-in place.
    ///
    /// # Errors
    /// [`Refused::Wrong`] with the tries left; [`Refused::NotFound`] for a reference that is no one's or has no
    /// booking here; [`Refusal::Full`] when no walk-in place is left.
    pub async fn check_in(
        &self,
        staff: &Staff,
        session: SessionId,
        reference: &Reference,
        evidence: &Evidence,
    ) -> Result<(AppointmentId, usize), Refused> {
        let offer = self.at_work(staff, session).await?;
        let person = self.find(&staff.actor(), reference).await?;
        let row = self.people(&[person]).await?.remove(0);
        let here = row.appointments.iter().rfind(|a| a.session == session && matches!(a.status, Status::Booked | Status::CheckedIn));
        let factor = self.weigh(staff, person, here, evidence).await?;
        let appointment = here.map_or_else(|| AppointmentId::from_random(self.draw()), |row| row.id);
        let check_in =
            CheckIn { appointment, person, session, factor, staff: staff.id, now_ms: self.now_ms() };
        let effect = match here {
            Some(_) => Effect::CheckIn(check_in),
            None => Effect::WalkIn(self.walk_in(&offer, &row, check_in)?),
        };
        let grant = presence(staff, appointment, person);
        self.write_about(&staff.actor(), &grant, Purpose::CheckIn, effect).await?;
        self.place_in(appointment, person).await
    }

    /// Registers nothing and checks nothing but that she just got her card: a walk-in, right after registration.
    ///
    /// # Errors
    /// As [`Vault::check_in`].
    pub async fn admit(&self, staff: &Staff, session: SessionId, registered: &crate::Registered) -> Result<(AppointmentId, usize), Refused> {
        let card = registered.card.clone().ok_or(Refused::NotFound)?;
        self.check_in(staff, session, &registered.reference, &Evidence::Card(card)).await
    }

    fn walk_in(&self, offer: &Offer, row: &PersonRow, check_in: CheckIn) -> Result<WalkIn, Refused> {
        let dose = eligibility::next_dose(&past_doses(row)).ok_or(registry::Ineligible::NoSuchDose)?;
        let minute = at(self.now_ms()).time();
        let minute = u16::try_from(i16::from(minute.hour()) * 60 + i16::from(minute.minute())).unwrap_or(0);
        let slots = &offer.session.slots;
        let now = slots.iter().find(|slot| minute < slot.minutes().1).or(slots.last());
        Ok(WalkIn { dose, slot: now.ok_or(Refusal::NoSuchSlot)?.clone(), check_in })
    }

    /// Weighs the evidence. A wrong one counts, and stands in her list.
    async fn weigh(
        &self,
        staff: &Staff,
        person: PersonId,
        here: Option<&AppointmentRow>,
        evidence: &Evidence,
    ) -> Result<Factor, Refused> {
        match evidence {
            Evidence::Code(code) => {
                let row = here.ok_or(Refused::NotFound)?;
                if row.wrong_codes >= TRIES {
                    return Err(Refused::Wrong { left: 0 });
                }
                let hash = self.booking_code_hash(row.id, person, code.trim());
                if row.code_version > 0 && bool::from(hash.ct_eq(&row.code_hash)) {
                    return Ok(Factor::Code);
                }
                self.refuse(staff, person, Effect::WrongCode { appointment: row.id, person }).await
            }
            Evidence::Otp { transaction, code } => {
                self.try_code(&staff.actor(), *transaction, CodeFor::Presence, Some(person), code).await?;
                Ok(Factor::Otp)
            }
            Evidence::Card(digits) => {
                let card = self.store.read(move |store| store.card(person)).await?;
                let (hash, wrong) = card.ok_or(Refused::NotFound)?;
                if wrong >= TRIES {
                    return Err(Refused::Wrong { left: 0 });
                }
                let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
                if bool::from(self.card_hash(person, &digits).ct_eq(&hash)) {
                    return Ok(Factor::Card);
                }
                self.refuse(staff, person, Effect::WrongCard { person }).await
            }
        }
    }

    async fn refuse(&self, staff: &Staff, person: PersonId, count: Effect) -> Result<Factor, Refused> {
        let refused = async |_| Ok(Act::new(vec![Draft::about(person, Kind::Refused, Purpose::CheckIn)], count.clone()));
        match self.act(&staff.actor(), &[person], refused).await?.done.answer {
            Answer::CodeWrong { left } => Err(Refused::Wrong { left }),
            _ => Err(Refused::Unavailable),
        }
    }

    async fn place_in(&self, appointment: AppointmentId, person: PersonId) -> Result<(AppointmentId, usize), Refused> {
        let rows = self.store.read(move |store| store.appointment(appointment)).await?;
        let nth = rows.iter().position(|row| row.person == person).ok_or(Refused::NotFound)?;
        Ok((appointment, nth))
    }

    /// The right over a person who was checked in here today: the nth of her appointment.
    ///
    /// # Errors
    /// [`Refused::NotRostered`]; [`Refused::NotFound`] unless she was checked in.
    pub async fn present(&self, staff: &Staff, appointment: AppointmentId, nth: usize) -> Result<(Grant, AppointmentRow), Refused> {
        let rows = self.store.read(move |store| store.appointment(appointment)).await?;
        let row = rows.into_iter().nth(nth).ok_or(Refused::NotFound)?;
        self.at_work(staff, row.session).await?;
        match row.status {
            Status::CheckedIn | Status::Done => Ok((presence(staff, appointment, row.person), row)),
            _ => Err(Refused::NotFound),
        }
    }

    /// Keeps the answers to the health questions.
    ///
    /// # Errors
    /// As [`Vault::present`].
    pub async fn screen(&self, staff: &Staff, appointment: AppointmentId, nth: usize, answers: &str) -> Result<(), Refused> {
        self.write_field(staff, appointment, nth, Field::Screening, Purpose::Screening, answers).await
    }

    /// Reports an adverse event after a dose. Sealed at once.
    ///
    /// # Errors
    /// As [`Vault::present`].
    pub async fn report_aefi(&self, staff: &Staff, appointment: AppointmentId, nth: usize, report: &str) -> Result<(), Refused> {
        self.write_field(staff, appointment, nth, Field::Aefi, Purpose::Aefi, report).await
    }

    async fn write_field(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
        field: Field,
        purpose: Purpose,
        plain: &str,
    ) -> Result<(), Refused> {
        let (grant, row) = self.present(staff, appointment, nth).await?;
        let plan = async |rows: Arc<Vec<PersonRow>>| {
            let version = openings(&rows[0], &[field]).first().map_or(1, |newest| newest.version + 1);
            let sealed = self.seal_versions(row.person, &[Opening { field, version }], std::iter::once(plain)).await?;
            let draft = Draft::under(&grant, Kind::Write, purpose, Vec::new());
            Ok(Act::new(vec![draft], Effect::Seal(sealed)))
        };
        self.act(&staff.actor(), &[row.person], plan).await.map(|_| ())
    }

    /// Records her dose. The batch must be at hand; too early needs a reason.
    ///
    /// # Errors
    /// [`registry::Ineligible`]; [`Refusal::BatchUnusable`]; [`Refusal::AlreadyGiven`].
    pub async fn record_dose(&self, staff: &Staff, appointment: AppointmentId, nth: usize, given: Given) -> Result<DoseGiven, Refused> {
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
    pub async fn correct_dose(&self, staff: &Staff, appointment: AppointmentId, nth: usize, batch: String) -> Result<DoseGiven, Refused> {
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

    async fn new_dose(&self, staff: &Staff, grant: &Grant, offer: &Offer, row: &AppointmentRow, given: Given) -> Result<(NewDose, DoseId), Refused> {
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
    pub async fn record_dose_by_reference(&self, staff: &Staff, reference: &Reference, wanted: &crate::presence::Reported) -> Result<(), Refused> {
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
    async fn record_unattested(&self, staff: &Staff, offer: &Offer, row: &PersonRow, wanted: &Reported) -> Result<(), Refused> {
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
        let plan = async |_| {
            let draft = Draft::about(row.id, Kind::Write, Purpose::Dose);
            Ok(Act::new(vec![draft], Effect::Dose(Box::new(dose.clone()))))
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
        let observation = |(dose, row): (&DoseRow, PersonRow)| Observation {
            dose: dose.id,
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

fn presence(staff: &Staff, appointment: AppointmentId, person: PersonId) -> Grant {
    Grant::Presence(Ground { subject: person, on: *appointment.bytes(), holder: staff.token })
}
