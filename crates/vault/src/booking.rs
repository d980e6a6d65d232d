//! Appointments: booked, moved, given back, shown on a slip.

use crate::caller::Citizen;
use crate::gate::{Act, Draft};
use crate::record::booked;
use crate::{Disclosed, Refused, Slip, Vault};
use ledger::{Field, Kind, Opening, Purpose};
use registry::{AppointmentId, PastDose, PersonId, Session, SessionId, Slot, eligibility};
use std::future::ready;
use std::sync::Arc;
use store::command::{Answer, Book, Booked, Effect, Move, Refusal};
use store::rows::{AppointmentRow, PersonRow, Status};

/// A wish for places.
pub struct BookingRequest {
    /// For whom: one to four members of the family.
    pub people: Vec<PersonId>,
    /// Where and when.
    pub session: SessionId,
    /// Which window.
    pub slot: Slot,
    /// Which dose.
    pub dose: u8,
}

impl Vault {
    /// Books places for members of the family, all or none. The same wish twice is one booking.
    ///
    /// # Errors
    /// [`registry::Ineligible`]; [`Refusal::Full`], [`Refusal::NoSuchSlot`], [`Refusal::CalledOff`],
    /// [`Refusal::AlreadyBooked`], [`Refusal::FamilyMoved`], [`Refusal::SignedOut`].
    pub async fn book(&self, citizen: &Citizen, wish: BookingRequest) -> Result<AppointmentId, Refused> {
        let session = self.bookable(wish.session).await?;
        let grants = wish.people.iter().map(|person| citizen.grant(*person)).collect::<Result<Vec<_>, _>>()?;
        let appointment = AppointmentId::from_random(self.draw());
        let (grants, session, wish) = (&grants, &session, &wish);
        let written = self
            .act(&citizen.actor(), &wish.people, |rows: Arc<Vec<PersonRow>>| async move {
                let mut people = Vec::with_capacity(rows.len());
                for row in rows.iter() {
                    stands_alone(row)?;
                    let born = citizen.remembered(row.id)?.born();
                    eligibility::may_book(born, &past_doses(row), wish.dose, session)?;
                    people.push(self.draw_booking_code(appointment, row).await?);
                }
                let drafts = grants.iter().map(|grant| Draft::under(grant, Kind::Write, Purpose::Booking, Vec::new()));
                let book = Book {
                    appointment,
                    session: wish.session,
                    slot: wish.slot.clone(),
                    dose: wish.dose,
                    people,
                    by: citizen.hold(),
                    now_ms: self.now_ms(),
                };
                Ok(Act::new(drafts.collect(), Effect::Book(book)))
            })
            .await?;
        match written.done.answer {
            Answer::Appointment(standing) => Ok(standing),
            _ => Err(Refused::Unavailable),
        }
    }

    async fn bookable(&self, session: SessionId) -> Result<Session, Refused> {
        let offer = self.session(session).await?;
        if offer.session.cancelled || offer.session.day < self.today() {
            return Err(Refusal::CalledOff.into());
        }
        Ok(offer.session)
    }

    async fn draw_booking_code(&self, appointment: AppointmentId, row: &PersonRow) -> Result<Booked, Refused> {
        let code = self.draw_digits(4);
        let newest =
            row.fields.iter().find(|field| field.field == Field::BookingCode.wire()).map_or(0, |field| field.version);
        let opening = Opening { field: Field::BookingCode, version: newest + 1 };
        let mut sealed = self.seal_versions(row.id, &[opening], std::iter::once(code.as_str())).await?;
        Ok(Booked {
            person: row.id,
            code: sealed.remove(0),
            code_hash: self.booking_code_hash(appointment, row.id, &code),
        })
    }

    pub(crate) fn booking_code_hash(&self, appointment: AppointmentId, person: PersonId, code: &str) -> [u8; 32] {
        self.secrets.code_hash(&[b"booking", appointment.bytes(), person.bytes()], code.as_bytes())
    }

    /// The family's part of an appointment; another family's and no one's look the same.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn appointment(&self, citizen: &Citizen, id: AppointmentId) -> Result<Vec<AppointmentRow>, Refused> {
        let rows = self.store.read(move |store| store.appointment(id)).await?;
        let own = citizen.members();
        let mut rows = booked(rows);
        rows.retain(|row| own.contains(&row.person));
        if rows.is_empty() { Err(Refused::NotFound) } else { Ok(rows) }
    }

    /// Moves an appointment, for everyone in it, to another session or window of the same vaccine rules.
    ///
    /// # Errors
    /// As [`Vault::book`]; [`Refused::NotFound`] when it can no longer be changed.
    pub async fn reschedule(
        &self,
        citizen: &Citizen,
        id: AppointmentId,
        session: SessionId,
        slot: Slot,
    ) -> Result<(), Refused> {
        let rows = self.appointment(citizen, id).await?;
        let live: Vec<_> = rows.into_iter().filter(|row| row.status == Status::Booked).collect();
        let dose = live.first().ok_or(Refused::NotFound)?.dose;
        let people: Vec<PersonId> = live.iter().map(|row| row.person).collect();
        let target = self.bookable(session).await?;
        let now_ms = self.now_ms();
        let effect = Effect::Move(Move { appointment: id, people: people.clone(), session, slot, now_ms });
        let plan = |rows: &[PersonRow]| {
            for row in rows {
                eligibility::may_book(citizen.remembered(row.id)?.born(), &past_doses(row), dose, &target)?;
            }
            Ok(Act::new(booking_drafts(citizen, &people)?, effect.clone()))
        };
        self.act(&citizen.actor(), &people, |rows: Arc<Vec<PersonRow>>| ready(plan(&rows))).await.map(|_| ())
    }

    /// Gives back the places of some members.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when one of them has no place to give back.
    pub async fn cancel(
        &self,
        citizen: &Citizen,
        appointment: AppointmentId,
        people: &[PersonId],
    ) -> Result<(), Refused> {
        let effect = Effect::Cancel { appointment, people: people.to_vec() };
        let plan = || Ok(Act::new(booking_drafts(citizen, people)?, effect.clone()));
        self.act(&citizen.actor(), people, |_| ready(plan())).await.map(|_| ())
    }

    /// The slips of an appointment: one for each member in it.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn slips(&self, citizen: &Citizen, id: AppointmentId) -> Result<Vec<Disclosed<Slip>>, Refused> {
        let rows = self.appointment(citizen, id).await?;
        let grants = rows.iter().map(|row| citizen.grant(row.person)).collect::<Result<Vec<_>, _>>()?;
        self.disclose_each(citizen, &grants).await
    }
}

/// A record that was joined to another is booked for under that other.
fn stands_alone(row: &PersonRow) -> Result<(), Refused> {
    if row.merged_into.is_some() { Err(Refusal::Conflict.into()) } else { Ok(()) }
}

fn booking_drafts(citizen: &Citizen, people: &[PersonId]) -> Result<Vec<Draft>, Refused> {
    let draft =
        |person: &PersonId| Ok(Draft::under(&citizen.grant(*person)?, Kind::Write, Purpose::Booking, Vec::new()));
    people.iter().map(draft).collect()
}

/// Her doses as the rules see them.
pub(crate) fn past_doses(row: &PersonRow) -> Vec<PastDose> {
    row.doses.iter().map(|dose| PastDose { number: dose.number, vaccine: dose.vaccine, day: dose.day }).collect()
}
