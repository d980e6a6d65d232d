//! What anyone may know about the whole: counts without small cells, and the state of this installation.

use crate::{Refused, Vault};
use jiff::ToSpan;
use jiff::civil::Date;
use registry::{CentreId, DistrictId, StateId};
use std::collections::{BTreeMap, HashMap};

/// Fewer doses than this on one day in one state are not published: the fewer they are, the more they say of someone.
pub const SMALLEST_CELL: u32 = 10;

/// Doses given on one day in one state, [`SMALLEST_CELL`] or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicCount {
    /// Where.
    pub state: StateId,
    /// When.
    pub day: Date,
    /// How many.
    pub doses: u32,
}

impl Vault {
    /// Doses by state and day, of days that are over: a figure that grows while one watches would tell of single
    /// doses. A cell below [`SMALLEST_CELL`], zero included, is not there.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn public_counts(&self, from: Date, to: Date) -> Result<Vec<PublicCount>, Refused> {
        let to = to.min(self.today().saturating_sub(1.day()));
        let (tallies, centres, districts) = self
            .store
            .read(move |store| Ok((store.tallies(None, from, to)?, store.centres()?, store.districts(None)?)))
            .await?;
        let states: HashMap<DistrictId, StateId> =
            districts.iter().map(|district| (district.id, district.state)).collect();
        let places = centres.iter().filter_map(|centre| Some((centre.id, *states.get(&centre.district)?)));
        let places: HashMap<CentreId, StateId> = places.collect();
        let mut cells: BTreeMap<(StateId, Date), u32> = BTreeMap::new();
        for tally in tallies {
            if let Some(state) = places.get(&tally.centre) {
                *cells.entry((*state, tally.day)).or_default() += tally.doses;
            }
        }
        let large = cells.into_iter().filter(|(_, doses)| *doses >= SMALLEST_CELL);
        Ok(large.map(|((state, day), doses)| PublicCount { state, day, doses }).collect())
    }

    /// How many entries the log has.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn log_size(&self) -> Result<u64, Refused> {
        Ok(self.store.read(store::Reader::log_size).await?)
    }

    /// Which build this is, as it stands in every entry.
    #[must_use]
    pub fn build(&self) -> &str {
        &self.build
    }
}
