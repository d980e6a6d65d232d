//! The seeded world: places under their true `CoWIN` ids, and synthetic centres, staff, sessions, batches and
//! people. The same seed, day and number of people make the same world, on every machine.

mod centres;
mod chance;
mod documents;
mod names;
mod people;
mod places;
pub mod scan;
mod sessions;
mod staff;
#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::civil::Date;

pub use centres::{CentrePlan, FeeType};
pub use documents::Document;
pub use names::Gender;
pub use people::{BookingPlan, History, PersonPlan};
pub use places::{District, State};
pub use sessions::{BatchPlan, Capacity, SessionPlan, Vaccine};
pub use staff::{Role, StaffPlan};

/// People of the world that `demo` shows.
pub const DEMO_PEOPLE: u32 = 4000;

/// A plan of everything to be entered, in the order of its lists; one entry names another by its index.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    first_day: Date,
    people: u32,
    /// All 37 states, by id.
    pub states: Vec<State>,
    /// The districts in use, by state and id.
    pub districts: Vec<District>,
    /// Centres, in the order of the districts.
    pub centres: Vec<CentrePlan>,
    /// Sessions, in the order of the centres; of a centre the past ones first.
    pub sessions: Vec<SessionPlan>,
    /// Batches, two for each centre in their order, then one expired and one stopped.
    pub batches: Vec<BatchPlan>,
    /// Everybody in office.
    pub staff: Vec<StaffPlan>,
    /// Centres of each district.
    centres_of: Vec<Range<usize>>,
    /// Sessions of each centre.
    sessions_of: Vec<Range<usize>>,
    /// Of each district the sessions of the first day, and those of the six days after it.
    coming: Vec<[Vec<usize>; 2]>,
}

impl World {
    /// A world with a full week of sessions from `first_day`, sparse sessions in the sixteen weeks before it,
    /// and `people` citizens, who are made only when asked for.
    #[must_use]
    pub fn generate(seed: u64, first_day: Date, people: u32) -> Self {
        let states = places::states();
        let districts = places::districts();
        let centres = centres::generate(seed, &districts, &places::places());
        let centres_of = centres_of(&districts, &centres);
        let past_places = past_places(people, &centres, &centres_of);
        let (sessions, sessions_of) = sessions::generate(seed, first_day, &centres, &past_places);
        let batches = sessions::batches(first_day, &centres, &sessions);
        let staff = staff::generate(seed, &states, &districts, &centres, &sessions);
        let coming = coming(first_day, &districts, &centres, &sessions);
        Self {
            seed,
            first_day,
            people,
            states,
            districts,
            centres,
            sessions,
            batches,
            staff,
            centres_of,
            sessions_of,
            coming,
        }
    }

    /// The world of `demo`, with its week from today.
    #[must_use]
    pub fn demo(seed: u64, today: Date) -> Self {
        Self::generate(seed, today, DEMO_PEOPLE)
    }

    /// How many people live here.
    #[must_use]
    pub fn population(&self) -> u32 {
        self.people
    }

    /// The first day of the full week.
    #[must_use]
    pub fn first_day(&self) -> Date {
        self.first_day
    }

    /// Person `index`, counted from 0. Beyond [`Self::population`] her history may overfill past sessions.
    #[must_use]
    pub fn person(&self, index: u32) -> PersonPlan {
        people::person(self, u64::from(index))
    }

    /// Everybody, made one by one; members of a family follow each other.
    pub fn people(&self) -> impl Iterator<Item = PersonPlan> {
        (0..self.people).map(|index| self.person(index))
    }

    /// The sessions at a centre, by index into [`Self::sessions`].
    #[must_use]
    pub fn sessions_of(&self, centre: usize) -> Range<usize> {
        self.sessions_of[centre].clone()
    }

    /// Where a family lives: index of the district, and its number among the families there.
    fn home(&self, family: u64) -> (usize, usize) {
        let family = usize::try_from(family).expect("families are fewer than people, a u32");
        (family % self.districts.len(), family / self.districts.len())
    }
}

/// The centres of each district; they follow each other.
fn centres_of(districts: &[District], centres: &[CentrePlan]) -> Vec<Range<usize>> {
    let begin = |district| centres.partition_point(|centre| centre.district < district);
    (0..districts.len()).map(|district| begin(district)..begin(district + 1)).collect()
}

/// Places that a past session needs at each centre so that all families sent there, four members each, find one.
fn past_places(people: u32, centres: &[CentrePlan], centres_of: &[Range<usize>]) -> Vec<u32> {
    let families = people.div_ceil(10) * 4;
    let districts = u32::try_from(centres_of.len()).expect("some fifty districts");
    let in_district = families.div_ceil(districts);
    let places = |centre: &CentrePlan| {
        let centres = u32::try_from(centres_of[centre.district].len()).expect("at most four");
        (in_district.div_ceil(centres) * 4).max(100)
    };
    centres.iter().map(places).collect()
}

/// The sessions that can still be booked, of each district.
fn coming(
    first_day: Date,
    districts: &[District],
    centres: &[CentrePlan],
    sessions: &[SessionPlan],
) -> Vec<[Vec<usize>; 2]> {
    let mut coming = vec![[Vec::new(), Vec::new()]; districts.len()];
    for (index, session) in sessions.iter().enumerate() {
        if session.date >= first_day {
            let later = usize::from(session.date > first_day);
            coming[centres[session.centre].district][later].push(index);
        }
    }
    coming
}
