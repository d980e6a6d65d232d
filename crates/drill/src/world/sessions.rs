//! Sessions and batches: sixteen sparse weeks behind the first day, and one full week from it.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use uuid::Uuid;

use super::centres::{CentrePlan, FeeType};
use super::chance::{Chance, Stream};

/// Vaccines under their names in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vaccine {
    /// COVISHIELD.
    Covishield,
    /// COVAXIN.
    Covaxin,
    /// CORBEVAX.
    Corbevax,
    /// SPUTNIK V.
    SputnikV,
}

impl Vaccine {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Covishield => "COVISHIELD",
            Self::Covaxin => "COVAXIN",
            Self::Corbevax => "CORBEVAX",
            Self::SputnikV => "SPUTNIK V",
        }
    }

    /// Days that this world leaves between first and second dose: the longest rule of 2021, so that no
    /// history is too early under a later one.
    #[must_use]
    pub fn gap_days(self) -> i64 {
        match self {
            Self::Covishield => 84,
            Self::Covaxin | Self::Corbevax => 28,
            Self::SputnikV => 21,
        }
    }

    /// The youngest age in years for which this world offers it.
    #[must_use]
    pub fn min_age(self) -> u8 {
        if self == Self::Corbevax { 12 } else { 18 }
    }

    /// What a paid centre asks for one dose.
    fn fee_paise(self) -> u32 {
        match self {
            Self::Covishield => 78_000,
            Self::Covaxin => 141_000,
            Self::Corbevax => 99_000,
            Self::SputnikV => 114_500,
        }
    }
}

/// Places of a session by dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// First doses.
    pub dose1: u32,
    /// Second doses.
    pub dose2: u32,
    /// Precaution doses.
    pub precaution: u32,
}

/// One vaccine on one day at one centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPlan {
    /// The id on the wire.
    pub id: Uuid,
    /// Index into [`super::World::centres`].
    pub centre: usize,
    /// The day at the centre.
    pub date: Date,
    /// What is given.
    pub vaccine: Vaccine,
    /// Youngest age in years.
    pub min_age: u8,
    /// Oldest age in years, where there is one.
    pub max_age: Option<u8>,
    /// Places by dose, the walk-in share included.
    pub capacity: Capacity,
    /// Share of each dose's places that is kept for people without a booking.
    pub walk_in_percent: u8,
    /// Slots in the contract's spelling, `09:00AM-11:00AM`.
    pub slots: Vec<&'static str>,
    /// Fee for one dose; nothing at a free centre.
    pub fee_paise: u32,
    /// Index into [`super::World::batches`] of the sound batch its doses come from.
    pub batch: usize,
}

impl SessionPlan {
    /// Places for bookings of either dose, the walk-in share left out.
    pub(super) fn online_places(&self) -> usize {
        let smallest = self.capacity.dose1.min(self.capacity.dose2);
        let online = smallest * (100 - u32::from(self.walk_in_percent)) / 100;
        usize::try_from(online).expect("a session has fewer places than memory")
    }

    /// Whether somebody of this age in years (year less birth year, as the contract counts) may come.
    #[must_use]
    pub fn admits(&self, age: i16) -> bool {
        age >= i16::from(self.min_age) && self.max_age.is_none_or(|oldest| age <= i16::from(oldest))
    }
}

/// A batch delivered to a centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchPlan {
    /// Index into [`super::World::centres`].
    pub centre: usize,
    /// What is in the vials.
    pub vaccine: Vaccine,
    /// The maker's number.
    pub number: String,
    /// Last day of use.
    pub expiry: Date,
    /// Doses delivered.
    pub doses: u32,
    /// Blocked by a manager.
    pub stopped: bool,
}

/// Weeks before the first day with a past session, by vaccine of the centre.
const PAST_WEEKS: [[i64; 4]; 2] = [[16, 12, 8, 4], [14, 10, 6, 2]];

const SLOTS: [&str; 4] = ["09:00AM-11:00AM", "11:00AM-01:00PM", "01:00PM-03:00PM", "03:00PM-05:00PM"];

/// The sessions of every centre, in the order of the centres, and for each centre the range of its own.
/// `past_places` are the places that a past session needs for the histories.
pub(super) fn generate(
    seed: u64,
    first_day: Date,
    centres: &[CentrePlan],
    past_places: &[u32],
) -> (Vec<SessionPlan>, Vec<Range<usize>>) {
    let mut sessions = Vec::new();
    let mut ranges = Vec::new();
    for (index, centre) in centres.iter().enumerate() {
        let begin = sessions.len();
        let mut chance = Chance::new(seed, Stream::Session, index as u64);
        past(index, centre, first_day, past_places[index], &mut chance, &mut sessions);
        for day in 0..7 {
            coming(index, centre, first_day, day, &mut chance, &mut sessions);
        }
        ranges.push(begin..sessions.len());
    }
    (sessions, ranges)
}

/// Eight past sessions, four of each vaccine.
fn past(
    index: usize,
    centre: &CentrePlan,
    first_day: Date,
    places: u32,
    chance: &mut Chance,
    sessions: &mut Vec<SessionPlan>,
) {
    for (kind, weeks) in PAST_WEEKS.iter().enumerate() {
        for week in weeks {
            let date = first_day - (week * 7).days();
            let mut session = plain(index, centre, kind, date, chance);
            session.capacity = Capacity { dose1: places, dose2: places, precaution: 0 };
            sessions.push(session);
        }
    }
}

/// The sessions of one day of the week: one, on some days both vaccines. Every second centre rests on
/// Sundays; the first of a district is always open.
fn coming(
    index: usize,
    centre: &CentrePlan,
    first_day: Date,
    day: i64,
    chance: &mut Chance,
    sessions: &mut Vec<SessionPlan>,
) {
    let date = first_day + day.days();
    if date.weekday() == Weekday::Sunday && centre.id.is_multiple_of(2) {
        return;
    }
    let kind = usize::from((day + i64::from(centre.id)) % 2 == 0);
    sessions.push(grouped(plain(index, centre, kind, date, chance), chance));
    if chance.percent(30) {
        sessions.push(grouped(plain(index, centre, 1 - kind, date, chance), chance));
    }
}

/// A session for all ages of its vaccine.
fn plain(index: usize, centre: &CentrePlan, kind: usize, date: Date, chance: &mut Chance) -> SessionPlan {
    let vaccine = centre.vaccines[kind];
    let sizes = [40, 50, 75, 100, 150];
    SessionPlan {
        id: uuid::Builder::from_random_bytes(chance.bytes()).into_uuid(),
        centre: index,
        date,
        vaccine,
        min_age: vaccine.min_age(),
        max_age: None,
        capacity: Capacity {
            dose1: chance.pick(&sizes),
            dose2: chance.pick(&sizes),
            precaution: chance.pick(&[0, 10, 20, 50]),
        },
        walk_in_percent: chance.pick(&[0, 10, 20, 30]),
        slots: SLOTS.to_vec(),
        fee_paise: if centre.fee_type == FeeType::Paid { vaccine.fee_paise() } else { 0 },
        batch: index * 2 + kind,
    }
}

/// Some sessions of the coming week are for an age group only.
fn grouped(mut session: SessionPlan, chance: &mut Chance) -> SessionPlan {
    if session.min_age == 18 {
        (session.min_age, session.max_age) = match chance.below(6) {
            0 => (45, None),
            1 => (18, Some(44)),
            _ => (18, None),
        };
    }
    session
}

/// Two sound batches for each centre, one for each of its vaccines and in that order, with doses for all its
/// sessions; after them one expired batch at the first centre and one stopped batch at the second.
pub(super) fn batches(first_day: Date, centres: &[CentrePlan], sessions: &[SessionPlan]) -> Vec<BatchPlan> {
    let mut batches: Vec<_> = centres
        .iter()
        .enumerate()
        .flat_map(|(index, centre)| centre.vaccines.map(|vaccine| (index, vaccine)))
        .enumerate()
        .map(|(number, (centre, vaccine))| BatchPlan {
            centre,
            vaccine,
            number: batch_number(vaccine, number),
            expiry: first_day + (90 + i64::try_from(number % 120).expect("below 120")).days(),
            doses: 0,
            stopped: false,
        })
        .collect();
    for session in sessions {
        let Capacity { dose1, dose2, precaution } = session.capacity;
        batches[session.batch].doses += dose1 + dose2 + precaution;
    }
    let number = batch_number(Vaccine::Covishield, batches.len());
    let expiry = first_day - 20.days();
    batches.push(BatchPlan { number, expiry, doses: 120, ..batches[0].clone() });
    let number = batch_number(Vaccine::Covishield, batches.len());
    batches.push(BatchPlan { number, doses: 200, stopped: true, ..batches[2].clone() });
    batches
}

/// A number in the manner of the maker, different for each rank.
fn batch_number(vaccine: Vaccine, rank: usize) -> String {
    match vaccine {
        Vaccine::Covishield => format!("4121Z{rank:04}"),
        Vaccine::Covaxin => format!("37G22{rank:04}A"),
        Vaccine::Corbevax => format!("CVX{rank:05}"),
        Vaccine::SputnikV => format!("II-{rank:05}21"),
    }
}
