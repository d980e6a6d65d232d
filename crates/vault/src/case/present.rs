//! A case that she files in person: she stands before a vaccinator, who writes down what she says.

use super::{DAY_MS, Filing, hers};
use crate::caller::Staff;
use crate::code::{CodeFor, Counted};
use crate::gate::{Act, Draft};
use crate::moving::HOLD_MS;
use crate::{Refused, Vault};
use keyroom::Index;
use ledger::{Field, GrantKind, Kind, Purpose};
use registry::case::{CaseNumber, Claim, OPEN_DAYS, State, words};
use registry::{AppointmentId, CaseId, Factor, Phone, TransactionId};
use std::sync::Arc;
use store::command::{AskMove, Effect, FileCase, Filer, Lane};
use store::rows::{AppointmentRow, CaseRow, PersonRow};

impl Vault {
    /// Files a case for the person who showed today that she is here. Whoever holds her phone is told that a letter waits.
    /// The same key files it once.
    ///
    /// # Errors
    /// As [`Vault::there`] and [`Vault::file_case`].
    pub async fn file_case_present(
        &self,
        staff: &Staff,
        place: (AppointmentId, usize),
        claim: &Claim,
        said: &str,
        once: &[u8; 16],
    ) -> Result<CaseNumber, Refused> {
        let row = self.there(staff, place).await?;
        self.file(&staff.actor(), &in_person(&row), claim, said, once).await
    }

    /// A case of the person who is there, whose number she brings: its kind, its days and what became of it, and nothing
    /// of what she said.
    ///
    /// # Errors
    /// As [`Vault::there`]; [`Refused::NotFound`] for any other case.
    pub async fn case_present(
        &self,
        staff: &Staff,
        place: (AppointmentId, usize),
        number: CaseNumber,
    ) -> Result<CaseRow, Refused> {
        let there = self.there(staff, place).await?;
        let row = self.store.read(move |store| store.case_numbered(number)).await?;
        row.filter(|row: &CaseRow| row.person == there.person).ok_or(Refused::NotFound)
    }

    /// Sends a code to the phone that the person who is there names as hers, whoever it belongs to.
    ///
    /// # Errors
    /// As [`Vault::there`]; [`store::Refusal::OverBudget`], alike for known and unknown numbers.
    pub async fn send_code_to_new_phone(
        &self,
        staff: &Staff,
        place: (AppointmentId, usize),
        phone: &Phone,
    ) -> Result<TransactionId, Refused> {
        let there = self.there(staff, place).await?;
        let language = self.people(&[there.person]).await?.remove(0).language;
        let (actor, values) = (staff.actor(), [(Index::Phone, phone.digits().as_bytes())]);
        let index = self.look_up(&actor, Kind::OtpSend, Purpose::Move, &values).await?[0];
        // A vaccinator asks, before whom she stands: what strangers waste of that phone's codes does not keep her from it.
        let lane = Lane::Own(self.secrets.code_hash(&[b"centre"], &index));
        self.dispatch(&actor, Counted { index, lane }, phone, (CodeFor::MoveHere, Some(there.person)), &language).await
    }

    /// Files that the person who is there has another phone, whose code was `typed`. Who showed her card, or a code of the phone
    /// on record, moves in a day unless that phone objects; who showed a slip alone, or has no phone on record that could object,
    /// moves when two officers agree. The same transaction files it once.
    ///
    /// # Errors
    /// As [`Vault::there`]; [`Refused::Wrong`]; [`store::Refusal::CodeGone`], [`store::Refusal::Locked`];
    /// [`store::Refusal::FamilyFull`]; [`store::Refusal::Conflict`] for the phone on record, and while another such case of hers
    /// is open.
    pub async fn ask_move(
        &self,
        staff: &Staff,
        place: (AppointmentId, usize),
        transaction: TransactionId,
        typed: &str,
        said: &str,
    ) -> Result<CaseNumber, Refused> {
        let there = self.there(staff, place).await?;
        let (person, said) = (there.person, words(said)?);
        let chance = self.secrets.code_hash(&[b"move-case", &staff.token], transaction.bytes());
        let id = CaseId::from_random(chance[..16].try_into().expect("sixteen of thirty-two"));
        let number = CaseNumber::from_random(chance[16..24].try_into().expect("eight of thirty-two"));
        if self.store.read(move |store| store.case(id)).await?.is_some_and(|row| row.person == person) {
            return Ok(number);
        }
        let proven = self.try_code(&staff.actor(), transaction, CodeFor::MoveHere, Some(person), typed).await?;
        let (move_id, now_ms, by) = (self.draw(), self.now_ms(), in_person(&there).by);
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let (proven, there, by) = (&proven, &there, by.clone());
            async move {
                let from = self.store.read(move |store| store.phone_of(person)).await?;
                let claim = if rows[0].of_age_ms.is_some() { Claim::OfAge } else { Claim::NumberLost };
                let by_itself = from.is_some() && matches!(there.factor, Some(Factor::Card | Factor::Otp));
                let kind = claim.kind();
                let file = FileCase {
                    id,
                    number,
                    begins: if by_itself { State::Holding } else { kind.begins() },
                    kind,
                    person,
                    dose: None,
                    text: self.seal_next(&rows[0], Field::Case, &claim.sealed_with(said)).await?,
                    now_ms,
                    due_ms: now_ms + kind.days() * DAY_MS,
                    until_ms: now_ms + OPEN_DAYS * DAY_MS,
                    by,
                };
                let phone = self.seal_next(&rows[0], Field::Phone, &proven.digits).await?;
                let due_ms = by_itself.then_some(now_ms + HOLD_MS);
                let ask = AskMove { id: move_id, file, from, to: proven.index, phone, due_ms };
                let draft = Draft { grant: GrantKind::Presence, ..hers(person, Kind::Case, id) };
                Ok(Act::new(vec![draft], Effect::AskMove(Box::new(ask))))
            }
        };
        self.act(&staff.actor(), &[person], plan).await.map(|_| number)
    }
}

/// She files it herself, where she was checked in.
fn in_person(there: &AppointmentRow) -> Filing {
    let by = Filer::Present { appointment: there.id, centre: there.centre };
    Filing { person: there.person, grant: GrantKind::Presence, by }
}
