//! What a vaccinator sees of a session's floor without opening anything: counts, batches, who waits.

use super::OBSERVE_MS;
use crate::caller::Staff;
use crate::{Refused, Vault};
use registry::{AppointmentId, SessionId, Vaccine};

/// The dose that was given here today to someone on the list.
pub struct GivenHere {
    /// Last four digits of her reference.
    pub reference_last_four: String,
    /// 1, 2 or 3.
    pub number: u8,
    /// What.
    pub vaccine: Vaccine,
    /// From which batch.
    pub batch: String,
    /// Whether she showed that she was there, so that it can be certified.
    pub attested: bool,
    /// Whether her observation was ended.
    pub observed: bool,
    /// When the thirty minutes end, milliseconds since the epoch.
    pub until_ms: i64,
}

impl Vault {
    /// The dose that the nth person of an appointment got here; `None` before it.
    ///
    /// # Errors
    /// As [`Vault::present`].
    pub async fn given_here(
        &self,
        staff: &Staff,
        appointment: AppointmentId,
        nth: usize,
    ) -> Result<Option<GivenHere>, Refused> {
        let (_, row) = self.present(staff, appointment, nth).await?;
        let session = row.session;
        let doses = self.store.read(move |store| store.doses_of(session)).await?;
        let given = doses.into_iter().find(|dose| dose.person == row.person).map(|dose| GivenHere {
            reference_last_four: row.reference_last_four,
            number: dose.number,
            vaccine: dose.vaccine,
            batch: dose.batch,
            attested: dose.factor.is_some(),
            observed: dose.observed,
            until_ms: dose.at_ms + OBSERVE_MS,
        });
        Ok(given)
    }

    /// The batch she gave last at this session.
    ///
    /// # Errors
    /// As [`Vault::at_work`].
    pub async fn last_batch(&self, staff: &Staff, session: SessionId) -> Result<Option<String>, Refused> {
        self.at_work(staff, session).await?;
        let doses = self.store.read(move |store| store.doses_of(session)).await?;
        Ok(doses.into_iter().find(|dose| dose.staff == staff.id).map(|dose| dose.batch))
    }
}
