//! What managers do. They see no personal data: nothing here touches a person.

use crate::caller::{Actor, Staff};
use crate::gate::{Act, Draft};
use crate::{Refused, Vault};
use jiff::civil::Date;
use ledger::{Kind, Purpose};
use registry::{CentreId, District, Role, SessionId, StaffId, State};
use store::command::{Answer, Effect};
use store::rows::{BatchRow, Offer, SessionCounts, StaffRow, Tally, View};

/// How many rows a change touched: zero for a change that was made already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed(pub u32);

impl Vault {
    /// Carries out a manager's change, all of it or nothing; it leaves a CONFIG entry.
    ///
    /// # Errors
    /// [`Refused::WrongRole`] for anyone but a manager, and for effects that are not a manager's; rules of the store.
    pub async fn plan(&self, staff: &Staff, effect: Effect) -> Result<Changed, Refused> {
        staff.must_be(Role::Manager)?;
        if !is_managers(&effect) {
            return Err(Refused::WrongRole);
        }
        self.configure(&staff.actor(), effect).await
    }

    /// Sets up a new installation from the command line: geography, the first manager.
    ///
    /// # Errors
    /// Rules of the store; [`Refused::WrongRole`] for effects that are not a manager's.
    pub async fn set_up(&self, effect: Effect) -> Result<Changed, Refused> {
        if !is_managers(&effect) {
            return Err(Refused::WrongRole);
        }
        self.configure(&Actor::worker("command line", self.draw()), effect).await
    }

    async fn configure(&self, actor: &Actor, effect: Effect) -> Result<Changed, Refused> {
        let draft = Draft::about_nobody(Kind::Config, Purpose::Planning);
        let (done, _) = self.act_alone(actor, Act::new(vec![draft], effect)).await?;
        Ok(Changed(if let Answer::Count(rows) = done.answer { rows } else { 1 }))
    }

    /// All staff, by log-in name.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn all_staff(&self, staff: &Staff) -> Result<Vec<StaffRow>, Refused> {
        staff.must_be(Role::Manager)?;
        Ok(self.store.read(store::Reader::all_staff).await?)
    }

    /// Batches at a centre.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn batches(&self, staff: &Staff, centre: CentreId) -> Result<Vec<BatchRow>, Refused> {
        staff.must_be(Role::Manager)?;
        Ok(self.store.read(move |store| store.batches(centre)).await?)
    }

    /// Who works at a session.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn roster(&self, staff: &Staff, session: SessionId) -> Result<Vec<StaffId>, Refused> {
        staff.must_be(Role::Manager)?;
        Ok(self.store.read(move |store| store.roster(session)).await?)
    }

    /// Sessions of a centre over a span of days, with what each has seen so far.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn calendar(
        &self,
        staff: &Staff,
        centre: CentreId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(Offer, SessionCounts)>, Refused> {
        staff.must_be(Role::Manager)?;
        let offers = self.offers(View::Centre(centre), from, to).await?;
        let counts = self.store.read(move |store| store.session_counts(Some(centre), from, to)).await?;
        let seen = |offer: &Offer| {
            counts.iter().find(|(id, _)| *id == offer.session.id).map(|(_, counts)| *counts).unwrap_or_default()
        };
        Ok(offers
            .into_iter()
            .map(|offer| {
                let seen = seen(&offer);
                (offer, seen)
            })
            .collect())
    }

    /// Doses by place and day.
    ///
    /// # Errors
    /// [`Refused::WrongRole`].
    pub async fn tallies(
        &self,
        staff: &Staff,
        centre: Option<CentreId>,
        from: Date,
        to: Date,
    ) -> Result<Vec<Tally>, Refused> {
        staff.must_be(Role::Manager)?;
        Ok(self.store.read(move |store| store.tallies(centre, from, to)).await?)
    }

    /// Rebuilds the counters from the doses; returns how many there are.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn recount(&self) -> Result<Changed, Refused> {
        self.configure(&Actor::worker("command line", self.draw()), Effect::Recount).await
    }
}

/// States and districts, for [`Vault::set_up`].
#[must_use]
pub fn geography(states: Vec<State>, districts: Vec<District>) -> Effect {
    Effect::Geography { states, districts }
}

/// A manager's effects touch places, staff, rosters, batches and sessions; never a person.
fn is_managers(effect: &Effect) -> bool {
    match effect {
        Effect::All(effects) => effects.iter().all(is_managers),
        Effect::Geography { .. }
        | Effect::Centre(_)
        | Effect::Staff(_)
        | Effect::StaffChange(_)
        | Effect::Roster { .. }
        | Effect::Batch(_)
        | Effect::StopBatch { .. }
        | Effect::Publish(_)
        | Effect::CallOff { .. }
        | Effect::Specimens(_) => true,
        _ => false,
    }
}
