//! Arrivals: how a person shows that she is there, and what follows.
//!
//! The evidence is judged in the same breath in which its outcome is written: whoever tries codes side by side finds
//! the count of wrong ones moved, and her own try judged anew.

use super::{Evidence, presence};
use crate::booking::past_doses;
use crate::caller::{Actor, Staff};
use crate::code::{CodeFor, Counted};
use crate::gate::{Act, Draft};
use crate::grant::{self, Grant};
use crate::{Refused, Vault, at};
use keyroom::Index;
use ledger::{Field, Kind, Purpose};
use registry::{AppointmentId, Factor, PersonId, Phone, Reference, SessionId, Slot, TransactionId, eligibility};
use std::future::ready;
use std::sync::Arc;
use store::command::{Answer, CheckIn, Effect, Refusal, WalkIn};
use store::rows::{AppointmentRow, Offer, PersonRow, Status};
use subtle::ConstantTimeEq;

/// Wrong codes or cards before only another factor helps.
const TRIES: u8 = 3;

/// What the evidence was worth.
pub(super) enum Judged {
    Right(Factor),
    /// Wrong, and counted so.
    Wrong(Effect),
}

impl Vault {
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
        self.arrive(staff, &offer, person, evidence).await
    }

    /// Checks in the nth person of an appointment on the session's list. The evidence is the same as for a reference;
    /// only the typing of its fourteen digits is spared.
    ///
    /// # Errors
    /// As [`Vault::check_in`]; [`Refused::NotFound`] for an appointment that is not on this list.
    pub async fn check_in_listed(
        &self,
        staff: &Staff,
        session: SessionId,
        appointment: AppointmentId,
        nth: usize,
        evidence: &Evidence,
    ) -> Result<(AppointmentId, usize), Refused> {
        let offer = self.at_work(staff, session).await?;
        let person = self.listed(session, appointment, nth).await?;
        self.arrive(staff, &offer, person, evidence).await
    }

    /// Checks in the person to whose phone a code was sent.
    ///
    /// # Errors
    /// As [`Vault::check_in`]; [`Refusal::CodeGone`] for a code that ran out.
    pub async fn check_in_by_code(
        &self,
        staff: &Staff,
        session: SessionId,
        transaction: TransactionId,
        code: &str,
    ) -> Result<(AppointmentId, usize), Refused> {
        let offer = self.at_work(staff, session).await?;
        let person = self.store.read(move |store| store.code_is_about(transaction)).await?.ok_or(Refusal::CodeGone)?;
        self.arrive(staff, &offer, person, &Evidence::Otp { transaction, code: code.to_owned() }).await
    }

    /// Registers nothing and checks nothing but that she just got her card: a walk-in, right after registration.
    ///
    /// # Errors
    /// As [`Vault::check_in`].
    pub async fn admit(
        &self,
        staff: &Staff,
        session: SessionId,
        registered: &crate::Registered,
    ) -> Result<(AppointmentId, usize), Refused> {
        let card = registered.card.clone().ok_or(Refused::NotFound)?;
        self.check_in(staff, session, &registered.reference, &Evidence::Card(card)).await
    }

    /// Sends a code to the phone of the person with this reference, so that she can show she is there.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for a reference that is no one's, or someone's without a phone.
    pub async fn send_presence_code(
        &self,
        staff: &Staff,
        session: SessionId,
        reference: &Reference,
    ) -> Result<TransactionId, Refused> {
        self.at_work(staff, session).await?;
        let person = self.find(&staff.actor(), reference).await?;
        self.send_to(staff, session, person).await
    }

    /// Sends a code to the phone of the nth person of an appointment on the session's list.
    ///
    /// # Errors
    /// As [`Vault::send_presence_code`].
    pub async fn send_presence_code_listed(
        &self,
        staff: &Staff,
        session: SessionId,
        appointment: AppointmentId,
        nth: usize,
    ) -> Result<TransactionId, Refused> {
        self.at_work(staff, session).await?;
        let person = self.listed(session, appointment, nth).await?;
        self.send_to(staff, session, person).await
    }

    async fn send_to(&self, staff: &Staff, session: SessionId, person: PersonId) -> Result<TransactionId, Refused> {
        let grant =
            Grant::Notice(grant::Evidence { subject: person, on: *session.bytes(), holder: [0; 32], ground: None });
        let (mut fields, row) =
            self.open(&staff.actor(), &grant, Kind::OtpSend, Purpose::CheckIn, &[Field::Phone]).await?;
        let phone: Phone = fields.take(Field::Phone).ok_or(Refused::NotFound)?.parse()?;
        // The budget of such codes hangs on the person, not on the phone's own sign-ins.
        let index = self.secrets.code_hash(&[b"presence"], person.bytes());
        let (counted, about) = (Counted::for_anyone(index), (CodeFor::Presence, Some(person)));
        self.dispatch(&staff.actor(), counted, &phone, about, &row.language).await
    }

    /// The nth person of an appointment of this session that stands.
    async fn listed(&self, session: SessionId, appointment: AppointmentId, nth: usize) -> Result<PersonId, Refused> {
        let rows = self.store.read(move |store| store.appointment(appointment)).await?;
        let row = rows.into_iter().nth(nth).filter(|row| is_here(row, session));
        row.map(|row| row.person).ok_or(Refused::NotFound)
    }

    /// Finds the person with a reference: a look-up under a random tag, and on a hit one under hers.
    pub(super) async fn find(&self, actor: &Actor, reference: &Reference) -> Result<PersonId, Refused> {
        let digits = reference.digits();
        let values = [(Index::Reference, digits.as_bytes())];
        let index = self.look_up(actor, Kind::Lookup, Purpose::CheckIn, &values).await?[0];
        let person = self.store.find(move |store| store.by_reference(&index)).await?.ok_or(Refused::NotFound)?;
        let hit = |_| ready(Ok(Act::new(vec![Draft::about(person, Kind::Lookup, Purpose::CheckIn)], Effect::Append)));
        self.act(actor, &[person], hit).await?;
        Ok(person)
    }

    /// Judges the evidence and writes what follows from it, in one command. A person who had her dose here today is
    /// let in again: whoever sends the same form twice is not told that it failed.
    async fn arrive(
        &self,
        staff: &Staff,
        offer: &Offer,
        person: PersonId,
        evidence: &Evidence,
    ) -> Result<(AppointmentId, usize), Refused> {
        self.try_presence_code(staff, person, evidence).await?;
        let session = offer.session.id;
        let fresh = AppointmentId::from_random(self.draw());
        let plan = |rows: Arc<Vec<PersonRow>>| async move {
            let here = rows[0].appointments.iter().rfind(|row| is_here(row, session));
            match self.judge(person, here, evidence).await? {
                Judged::Wrong(count) => {
                    Ok(Act::new(vec![Draft::about(person, Kind::Refused, Purpose::CheckIn)], count))
                }
                Judged::Right(factor) => {
                    let appointment = here.map_or(fresh, |row| row.id);
                    let there =
                        CheckIn { appointment, person, session, factor, staff: staff.id, now_ms: self.now_ms() };
                    let effect = match here.map(|row| row.status) {
                        Some(Status::Done) => Effect::Append,
                        Some(_) => Effect::CheckIn(there),
                        None => Effect::WalkIn(self.walk_in(offer, &rows[0], there)?),
                    };
                    let grant = presence(staff, appointment, person, None);
                    Ok(Act::new(vec![Draft::under(&grant, Kind::Write, Purpose::CheckIn, Vec::new())], effect))
                }
            }
        };
        let written = self.act(&staff.actor(), &[person], plan).await?;
        if let Answer::CodeWrong { left } = written.done.answer {
            return Err(Refused::Wrong { left });
        }
        let here = written.rows[0].appointments.iter().rfind(|row| is_here(row, session));
        self.place_in(here.map_or(fresh, |row| row.id), person).await
    }

    /// Tries a code that was sent to her phone, where codes are kept; any other evidence is judged with what follows from it.
    pub(super) async fn try_presence_code(
        &self,
        staff: &Staff,
        person: PersonId,
        evidence: &Evidence,
    ) -> Result<(), Refused> {
        if let Evidence::Otp { transaction, code } = evidence {
            self.try_code(&staff.actor(), *transaction, CodeFor::Presence, Some(person), code).await?;
        }
        Ok(())
    }

    fn walk_in(&self, offer: &Offer, row: &PersonRow, check_in: CheckIn) -> Result<WalkIn, Refused> {
        let dose = eligibility::next_dose(&past_doses(row)).ok_or(registry::Ineligible::NoSuchDose)?;
        Ok(WalkIn { dose, slot: self.slot_of_now(offer)?, check_in })
    }

    /// The window of a session in which somebody comes now.
    pub(super) fn slot_of_now(&self, offer: &Offer) -> Result<Slot, Refused> {
        let minute = at(self.now_ms()).time();
        let minute = u16::try_from(i16::from(minute.hour()) * 60 + i16::from(minute.minute())).unwrap_or(0);
        let slots = &offer.session.slots;
        let now = slots.iter().find(|slot| minute < slot.minutes().1).or(slots.last());
        Ok(now.ok_or(Refusal::NoSuchSlot)?.clone())
    }

    /// Judges the evidence. A wrong one counts, and stands in her list.
    pub(super) async fn judge(
        &self,
        person: PersonId,
        here: Option<&AppointmentRow>,
        evidence: &Evidence,
    ) -> Result<Judged, Refused> {
        let (is_right, wrong, factor, count) = match evidence {
            // It was tried before, where codes are kept.
            Evidence::Otp { .. } => return Ok(Judged::Right(Factor::Otp)),
            Evidence::Code(code) => {
                let row = here.ok_or(Refused::NotFound)?;
                let hash = self.booking_code_hash(row.id, person, code.trim());
                let is_right = row.code_version > 0 && bool::from(hash.ct_eq(&row.code_hash));
                (is_right, row.wrong_codes, Factor::Code, Effect::WrongCode { appointment: row.id, person })
            }
            Evidence::Card(digits) => {
                let card = self.store.find(move |store| store.card(person)).await?;
                let (hash, wrong) = card.ok_or(Refused::NotFound)?;
                let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
                let is_right = bool::from(self.card_hash(person, &digits).ct_eq(&hash));
                (is_right, wrong, Factor::Card, Effect::WrongCard { person })
            }
        };
        match (wrong >= TRIES, is_right) {
            (true, _) => Err(Refused::Wrong { left: 0 }),
            (false, true) => Ok(Judged::Right(factor)),
            (false, false) => Ok(Judged::Wrong(count)),
        }
    }

    pub(super) async fn place_in(
        &self,
        appointment: AppointmentId,
        person: PersonId,
    ) -> Result<(AppointmentId, usize), Refused> {
        let rows = self.store.read(move |store| store.appointment(appointment)).await?;
        let nth = rows.iter().position(|row| row.person == person).ok_or(Refused::NotFound)?;
        Ok((appointment, nth))
    }
}

/// Whether this is an appointment at this session that was not given back or called off.
pub(super) fn is_here(row: &AppointmentRow, session: SessionId) -> bool {
    row.session == session && matches!(row.status, Status::Booked | Status::CheckedIn | Status::Done)
}
