//! What anyone may see: places and open sessions.

use crate::{Refused, Vault};
use jiff::civil::Date;
use registry::{Centre, CentreId, District, SessionId, State, StateId};
use store::rows::{Offer, View};

impl Vault {
    /// All states, by name.
    ///
    /// # Errors
    /// [`Refused::Unavailable`]; so for every verb here.
    pub async fn states(&self) -> Result<Vec<State>, Refused> {
        Ok(self.store.read(store::Reader::states).await?)
    }

    /// Districts of a state, or all, by name.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn districts(&self, state: Option<StateId>) -> Result<Vec<District>, Refused> {
        Ok(self.store.read(move |store| store.districts(state)).await?)
    }

    /// All centres, by number.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn centres(&self) -> Result<Vec<Centre>, Refused> {
        Ok(self.store.read(store::Reader::centres).await?)
    }

    /// One centre.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn centre(&self, id: CentreId) -> Result<Centre, Refused> {
        self.store.read(move |store| store.centre(id)).await?.ok_or(Refused::NotFound)
    }

    /// The centres nearest to a point, with their distance in metres, nearest first.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn nearest(&self, latitude: f64, longitude: f64, most: usize) -> Result<Vec<(Centre, f64)>, Refused> {
        let mut near: Vec<_> =
            self.centres().await?.into_iter().map(|c| (c.metres_to(latitude, longitude), c)).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        near.truncate(most);
        Ok(near.into_iter().map(|(metres, centre)| (centre, metres)).collect())
    }

    /// Sessions that stand, seen from `view`, over a span of days, both ends included; by centre and day.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn offers(&self, view: View, from: Date, to: Date) -> Result<Vec<Offer>, Refused> {
        Ok(self.store.read(move |store| store.offers(view, from, to)).await?)
    }

    /// How often the open places of a view changed: an answer made at this number is good while it stands.
    #[must_use]
    pub fn version(&self, view: View) -> u64 {
        self.store.version(view)
    }

    /// One session with its centre, called off or not.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn session(&self, id: SessionId) -> Result<Offer, Refused> {
        self.store.read(move |store| store.session(id)).await?.ok_or(Refused::NotFound)
    }
}
