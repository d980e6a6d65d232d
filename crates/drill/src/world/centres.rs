//! Vaccination centres: two to four in each district, near real localities.

use jiff::civil::Time;

use super::chance::{Chance, Stream};
use super::places::{District, Place, rows};
use super::sessions::Vaccine;

/// Whether a centre asks a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeType {
    /// A public centre.
    Free,
    /// A private centre; the fee stands on each session.
    Paid,
}

/// A centre as a manager would enter it.
#[derive(Clone, Debug, PartialEq)]
pub struct CentrePlan {
    /// `CoWIN`-like integer id, `district id × 1000 + n`.
    pub id: u32,
    /// English name.
    pub name: String,
    /// Hindi name.
    pub name_hi: String,
    /// English postal address without the PIN.
    pub address: String,
    /// Hindi postal address without the PIN.
    pub address_hi: String,
    /// Index into [`super::World::districts`].
    pub district: usize,
    /// Block or ward.
    pub block: &'static str,
    /// Six digits.
    pub pincode: u32,
    /// Degrees north, four decimals.
    pub latitude: f64,
    /// Degrees east, four decimals.
    pub longitude: f64,
    /// Local opening time.
    pub opens: Time,
    /// Local closing time.
    pub closes: Time,
    /// Free or paid.
    pub fee_type: FeeType,
    /// The two vaccines given here; the first is always COVISHIELD.
    pub vaccines: [Vaccine; 2],
}

/// The centres of every district, in the order of the districts.
pub(super) fn generate(seed: u64, districts: &[District], places: &[Place]) -> Vec<CentrePlan> {
    let kinds: Vec<[&'static str; 3]> = rows(include_str!("../../data/centres.csv")).collect();
    let mut centres = Vec::new();
    for (index, district) in districts.iter().enumerate() {
        let mut chance = Chance::new(seed, Stream::Centre, index as u64);
        let near: Vec<_> = places.iter().filter(|place| place.district_id == district.id).collect();
        let first_kind = chance.below(kinds.len());
        for number in 0..2 + chance.below(3) {
            let kind = kinds[(first_kind + number) % kinds.len()];
            let place = near[number % near.len()];
            centres.push(centre(index, district, number, kind, place, &mut chance));
        }
    }
    centres
}

/// One centre of a kind at a place.
fn centre(
    index: usize,
    district: &District,
    number: usize,
    [name, name_hi, fee_type]: [&'static str; 3],
    place: &Place,
    chance: &mut Chance,
) -> CentrePlan {
    let roads: Vec<[&'static str; 2]> = rows(include_str!("../../data/roads.csv")).collect();
    let ward = (1 + chance.below(60)).to_string();
    let house = 1 + chance.below(240);
    let [road, road_hi] = chance.pick(&roads);
    let number = u32::try_from(number).expect("a district has at most four centres");
    CentrePlan {
        id: u32::from(district.id) * 1000 + number + 1,
        name: name.replace("{n}", &ward).replace("{place}", place.name),
        name_hi: name_hi.replace("{n}", &ward).replace("{place}", place.name_hi),
        address: format!("{house} {road}, {}, {}", place.name, district.name),
        address_hi: format!("{house} {road_hi}, {}, {}", place.name_hi, district.name_hi),
        district: index,
        block: place.block,
        pincode: place.pincode,
        latitude: near(place.latitude, chance),
        longitude: near(place.longitude, chance),
        opens: Time::constant(9, 0, 0, 0),
        closes: Time::constant(17, 0, 0, 0),
        fee_type: if fee_type == "Paid" { FeeType::Paid } else { FeeType::Free },
        vaccines: [
            Vaccine::Covishield,
            chance.pick(&[Vaccine::Covaxin, Vaccine::Covaxin, Vaccine::Corbevax, Vaccine::SputnikV]),
        ],
    }
}

/// Up to four hundred metres beside a coordinate, in ten-thousandths of a degree.
fn near(degrees: f64, chance: &mut Chance) -> f64 {
    let step = i32::try_from(chance.below(81)).expect("a draw below 81 fits") - 40;
    ((degrees * 10_000.0).round() + f64::from(step)) / 10_000.0
}
