//! What managers look at: sessions with what they have seen, hands, stock. Counts, never people.

use crate::caller::Staff;
use crate::{Refused, Vault};
use jiff::civil::Date;
use registry::{CentreId, Role, SessionId, Slot, Vaccine};
use std::collections::HashMap;
use store::rows::{BatchRow, Offer, SessionCounts};

/// A day over all centres.
pub struct DayAhead {
    /// Its sessions, called off or not, with what each has seen so far.
    pub sessions: Vec<(Offer, SessionCounts)>,
    /// How many are booked and have not come, for each window of each session.
    pub awaited: Vec<(SessionId, Slot, u32)>,
    /// How many vaccinators are on each roster; a session without any is not there.
    pub hands: HashMap<SessionId, u32>,
    /// The batches its sessions could draw from.
    pub batches: Vec<BatchRow>,
}

impl Vault {
    /// Sessions of a span of days, called off or not, at one centre or everywhere, with what each has seen so far.
    ///
    /// # Errors
    /// [`Refused::WrongRole`]; so for every verb here.
    pub async fn agenda(
        &self,
        staff: &Staff,
        centre: Option<CentreId>,
        from: Date,
        to: Date,
    ) -> Result<Vec<(Offer, SessionCounts)>, Refused> {
        staff.must_be(Role::Manager)?;
        let read = self
            .store
            .read(move |store| Ok((store.agenda(centre, from, to)?, store.session_counts(centre, from, to)?)));
        let (offers, counts) = read.await?;
        let counts: HashMap<_, _> = counts.into_iter().collect();
        let with_counts = |offer: Offer| {
            let seen = counts.get(&offer.session.id).copied().unwrap_or_default();
            (offer, seen)
        };
        Ok(offers.into_iter().map(with_counts).collect())
    }

    /// A day over all centres, with its hands and its stock.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn day_ahead(&self, staff: &Staff, day: Date) -> Result<DayAhead, Refused> {
        let sessions = self.agenda(staff, None, day, day).await?;
        let read =
            self.store.read(move |store| Ok((store.awaited(day)?, store.hands(day, day)?, store.batches_for(day)?)));
        let (awaited, hands, batches) = read.await?;
        Ok(DayAhead { sessions, awaited, hands: hands.into_iter().collect(), batches })
    }

    /// How many vaccinators are on the roster of each session of a span of days.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn hands(&self, staff: &Staff, from: Date, to: Date) -> Result<HashMap<SessionId, u32>, Refused> {
        staff.must_be(Role::Manager)?;
        Ok(self.store.read(move |store| store.hands(from, to)).await?.into_iter().collect())
    }

    /// One batch wherever it is, by centre.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn batch_everywhere(
        &self,
        staff: &Staff,
        vaccine: Vaccine,
        number: String,
    ) -> Result<Vec<BatchRow>, Refused> {
        staff.must_be(Role::Manager)?;
        Ok(self.store.read(move |store| store.batch_everywhere(vaccine, &number)).await?)
    }
}
