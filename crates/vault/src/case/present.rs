//! A case that she files in person: she stands before a vaccinator, who writes down what she says.

use super::Filing;
use crate::caller::Staff;
use crate::{Refused, Vault};
use ledger::GrantKind;
use registry::AppointmentId;
use registry::case::{CaseNumber, Claim};
use store::command::Filer;
use store::rows::{AppointmentRow, CaseRow};

impl Vault {
    /// Files a case for the person who was checked in here today. Whoever holds her phone is told that a letter waits.
    /// The same key files it once.
    ///
    /// # Errors
    /// As [`Vault::present`] and [`Vault::file_case`].
    pub async fn file_case_present(
        &self,
        staff: &Staff,
        (appointment, nth): (AppointmentId, usize),
        claim: &Claim,
        said: &str,
        once: &[u8; 16],
    ) -> Result<CaseNumber, Refused> {
        let (_, row) = self.present(staff, appointment, nth).await?;
        self.file(&staff.actor(), &in_person(&row), claim, said, once).await
    }

    /// A case of the person who is there, whose number she brings: its kind, its days and what became of it, and nothing
    /// of what she said.
    ///
    /// # Errors
    /// As [`Vault::present`]; [`Refused::NotFound`] for any other case.
    pub async fn case_present(
        &self,
        staff: &Staff,
        (appointment, nth): (AppointmentId, usize),
        number: CaseNumber,
    ) -> Result<CaseRow, Refused> {
        let (_, there) = self.present(staff, appointment, nth).await?;
        let row = self.store.read(move |store| store.case_numbered(number)).await?;
        row.filter(|row: &CaseRow| row.person == there.person).ok_or(Refused::NotFound)
    }
}

/// She files it herself, where she was checked in.
pub(super) fn in_person(there: &AppointmentRow) -> Filing {
    let by = Filer::Present { appointment: there.id, centre: there.centre };
    Filing { person: there.person, grant: GrantKind::Presence, by }
}
