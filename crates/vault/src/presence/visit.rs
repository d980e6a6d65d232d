//! Somebody comes to the counter for something else than a dose: she shows that she is there as for one, and takes no place.
//!
//! The right over her stays in the vault: by it she files what she asks for, and of her fields only her name is shown.

use super::arrival::{Judged, is_here};
use super::{Evidence, presence};
use crate::caller::Staff;
use crate::gate::{Act, Draft};
use crate::{Disclosed, Refused, Vault, Visitor};
use ledger::{Kind, Purpose};
use registry::{AppointmentId, PersonId, Reference, SessionId, TransactionId};
use std::sync::Arc;
use store::command::{Answer, CheckIn, Effect, Refusal, Visit};
use store::rows::{AppointmentRow, Offer, PersonRow, Status};

impl Vault {
    /// Lets somebody in who asks for something else than a dose, by her card or a code to her phone. Whoever was checked in
    /// here for a dose stays where she is.
    ///
    /// # Errors
    /// [`Refused::Wrong`] with the tries left; [`Refused::NotFound`] for a reference that is no one's, for someone without a
    /// card, and for any other evidence.
    pub async fn visit(
        &self,
        staff: &Staff,
        session: SessionId,
        reference: &Reference,
        evidence: &Evidence,
    ) -> Result<(AppointmentId, usize), Refused> {
        let offer = self.at_work(staff, session).await?;
        let person = self.find(&staff.actor(), reference).await?;
        self.come(staff, &offer, person, evidence).await
    }

    /// Lets the person in to whose phone a code was sent.
    ///
    /// # Errors
    /// As [`Vault::visit`]; [`Refusal::CodeGone`] for a code that ran out.
    pub async fn visit_by_code(
        &self,
        staff: &Staff,
        session: SessionId,
        transaction: TransactionId,
        code: &str,
    ) -> Result<(AppointmentId, usize), Refused> {
        let offer = self.at_work(staff, session).await?;
        let person = self.store.read(move |store| store.code_is_about(transaction)).await?.ok_or(Refusal::CodeGone)?;
        self.come(staff, &offer, person, &Evidence::Otp { transaction, code: code.to_owned() }).await
    }

    /// Who is there, for a dose or for something else. Opens nothing.
    ///
    /// # Errors
    /// [`Refused::NotRostered`]; [`Refused::NotFound`] unless she showed today that she is here.
    pub async fn there(
        &self,
        staff: &Staff,
        (appointment, nth): (AppointmentId, usize),
    ) -> Result<AppointmentRow, Refused> {
        let rows = self.store.read(move |store| store.appointment(appointment)).await?;
        let row = rows.into_iter().nth(nth).ok_or(Refused::NotFound)?;
        self.at_work(staff, row.session).await?;
        let is_there = matches!(row.status, Status::CheckedIn | Status::Done | Status::Visiting);
        if is_there && row.check_in.is_some() { Ok(row) } else { Err(Refused::NotFound) }
    }

    /// Her name and her doses, for who is there and asks for something about them.
    ///
    /// # Errors
    /// As [`Vault::there`].
    pub async fn visitor(&self, staff: &Staff, place: (AppointmentId, usize)) -> Result<Disclosed<Visitor>, Refused> {
        let row = self.there(staff, place).await?;
        self.disclose(staff, &presence(staff, row.id, row.person, row.check_in), row.person).await
    }

    async fn come(
        &self,
        staff: &Staff,
        offer: &Offer,
        person: PersonId,
        evidence: &Evidence,
    ) -> Result<(AppointmentId, usize), Refused> {
        // The four digits of a slip are of a booking: with them she is checked in for it.
        if matches!(evidence, Evidence::Code(_)) {
            return Err(Refused::NotFound);
        }
        self.try_presence_code(staff, person, evidence).await?;
        let (session, slot) = (offer.session.id, self.slot_of_now(offer)?);
        let fresh = AppointmentId::from_random(self.draw());
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let slot = slot.clone();
            async move {
                let factor = match self.judge(person, None, evidence).await? {
                    Judged::Right(factor) => factor,
                    Judged::Wrong(count) => {
                        return Ok(Act::new(vec![Draft::about(person, Kind::Refused, Purpose::CheckIn)], count));
                    }
                };
                let appointment = where_she_is(&rows[0], session).unwrap_or(fresh);
                let there = CheckIn { appointment, person, session, factor, staff: staff.id, now_ms: self.now_ms() };
                let effect = match rows[0].appointments.iter().find(|row| row.id == appointment) {
                    Some(row) if row.status == Status::Done => Effect::Append,
                    Some(row) if row.status == Status::CheckedIn => Effect::CheckIn(there),
                    _ => Effect::Visit(Visit { slot, there }),
                };
                let grant = presence(staff, appointment, person, None);
                Ok(Act::new(vec![Draft::under(&grant, Kind::Write, Purpose::CheckIn, Vec::new())], effect))
            }
        };
        let written = self.act(&staff.actor(), &[person], plan).await?;
        if let Answer::CodeWrong { left } = written.done.answer {
            return Err(Refused::Wrong { left });
        }
        self.place_in(where_she_is(&written.rows[0], session).unwrap_or(fresh), person).await
    }
}

/// Her check-in for a dose at this session, or else her earlier visit to it. A booking that she did not come for stays as it is.
fn where_she_is(row: &PersonRow, session: SessionId) -> Option<AppointmentId> {
    let checked_in = |one: &&AppointmentRow| is_here(one, session) && one.status != Status::Booked;
    let visiting = |one: &&AppointmentRow| one.session == session && one.status == Status::Visiting;
    let rows = &row.appointments;
    rows.iter().rfind(checked_in).or_else(|| rows.iter().rfind(visiting)).map(|one| one.id)
}
