//! Names by language: given names by gender and family names, from `data/names.csv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::chance::Chance;
use super::places::rows;

/// Gender under the ids of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Gender {
    /// Id 1.
    Male = 1,
    /// Id 2.
    Female = 2,
    /// Id 3.
    Others = 3,
}

type Table = BTreeMap<(&'static str, &'static str), Vec<&'static str>>;

static NAMES: LazyLock<Table> = LazyLock::new(|| {
    rows(include_str!("../../data/names.csv"))
        .map(|[language, kind, names]| ((language, kind), names.split('|').collect()))
        .collect()
});

/// Every name of the table, for tests of the table itself.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    NAMES.values().flatten().copied()
}

/// One of the names of a language and a kind.
fn draw(language: &'static str, kind: &'static str, chance: &mut Chance) -> &'static str {
    let names = NAMES.get(&(language, kind));
    chance.pick(names.expect("names.csv has every language of states.csv in three kinds"))
}

/// A whole name. One in sixteen is a single word; in the south and in Latin letters some have initials
/// instead of a family name, and some people bear two given names.
pub(super) fn person(language: &'static str, gender: Gender, chance: &mut Chance) -> String {
    let kind = match gender {
        Gender::Male => "male",
        Gender::Female => "female",
        Gender::Others => chance.pick(&["male", "female"]),
    };
    let given = draw(language, kind, chance);
    match chance.below(16) {
        0 => given.to_owned(),
        1 | 2 if language == "latin" => format!("{}{given}", initials(chance)),
        3 => format!("{given} {} {}", draw(language, kind, chance), draw(language, "family", chance)),
        _ => format!("{given} {}", draw(language, "family", chance)),
    }
}

/// A name of a member of staff, from lists of their own: the whole name of a citizen can then never stand
/// in a page by way of a colleague who happens to be called the same.
pub(super) fn staff(chance: &mut Chance) -> String {
    let kind = chance.pick(&["male", "female"]);
    format!("{} {}", draw("staff", kind, chance), draw("staff", "family", chance))
}

/// One to three initials, each with a dot and a space.
fn initials(chance: &mut Chance) -> String {
    const LETTERS: [&str; 12] = ["A", "B", "C", "G", "J", "K", "M", "N", "P", "R", "S", "V"];
    let mut initials = String::new();
    for _ in 0..=chance.below(3) {
        initials.push_str(chance.pick(&LETTERS));
        initials.push_str(". ");
    }
    initials
}
