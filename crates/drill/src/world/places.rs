//! States, districts and localities under the ids `CoWIN` gave them.

/// A state or union territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// `CoWIN` state id, 1–37.
    pub id: u16,
    /// English name.
    pub name: &'static str,
    /// Hindi name.
    pub name_hi: &'static str,
    /// The language whose names its people mostly bear, a key of `names.csv`.
    pub language: &'static str,
}

/// A district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// `CoWIN` district id.
    pub id: u16,
    /// `CoWIN` state id.
    pub state_id: u16,
    /// English name, as `CoWIN` spells it.
    pub name: &'static str,
    /// Hindi name.
    pub name_hi: &'static str,
}

impl District {
    /// The name in lower case with dashes, as it stands in log-ins.
    #[must_use]
    pub fn slug(&self) -> String {
        slug(self.name)
    }
}

/// A locality in which centres stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) district_id: u16,
    pub(super) name: &'static str,
    pub(super) name_hi: &'static str,
    pub(super) block: &'static str,
    pub(super) pincode: u32,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

/// Lower case ASCII letters and digits; everything between them becomes one dash.
pub(super) fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_lowercase()
}

/// All 37 states, by id.
pub(super) fn states() -> Vec<State> {
    rows(include_str!("../../data/states.csv"))
        .map(|[id, name, name_hi, language]| State { id: number(id), name, name_hi, language })
        .collect()
}

/// The districts of the world, by state and id.
pub(super) fn districts() -> Vec<District> {
    rows(include_str!("../../data/districts.csv"))
        .map(|[id, state_id, name, name_hi]| District { id: number(id), state_id: number(state_id), name, name_hi })
        .collect()
}

/// The localities of the world, in the order of the districts.
pub(super) fn places() -> Vec<Place> {
    rows(include_str!("../../data/places.csv"))
        .map(|[district_id, name, name_hi, block, pincode, latitude, longitude]| Place {
            district_id: number(district_id),
            name,
            name_hi,
            block,
            pincode: number(pincode),
            latitude: number(latitude),
            longitude: number(longitude),
        })
        .collect()
}

/// The rows below the heading of one of our own tables, which hold no quotes and no commas inside a field.
pub(super) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).map(|line| {
        let fields: Vec<_> = line.split(',').collect();
        fields.try_into().expect("our own tables have one number of fields in each row")
    })
}

/// A number in one of our own tables.
fn number<T: std::str::FromStr>(field: &str) -> T {
    field.parse().ok().expect("our own tables have numbers where numbers stand")
}
