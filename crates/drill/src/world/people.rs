//! One person from seed and index alone: a world of a million people takes no more memory than one of fifty.

use jiff::civil::Date;

use super::World;
use super::chance::{Chance, Stream, scramble};
use super::documents::{Document, document};
use super::names::{self, Gender};
use super::scan::Secret;
use super::sessions::SessionPlan;

/// Sizes of four families that together have ten members; each block of ten people is cut by one of them.
const FAMILIES: [[u64; 4]; 6] = [[1, 2, 3, 4], [4, 3, 2, 1], [2, 4, 1, 3], [3, 1, 4, 2], [4, 4, 1, 1], [3, 2, 2, 3]];

/// A place booked in a coming session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingPlan {
    /// Index into [`World::sessions`].
    pub session: usize,
    /// Index into the session's slots.
    pub slot: usize,
    /// First or second dose.
    pub dose: u8,
}

/// What has been given to a person, and what is booked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Past sessions, by index into [`World::sessions`], of the first and the second dose; at most two.
    pub doses: Vec<usize>,
    /// A place in a coming session.
    pub booking: Option<BookingPlan>,
}

/// A synthetic citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonPlan {
    /// Her number in the world.
    pub index: u64,
    /// Her family's number; families share a phone.
    pub family: u64,
    /// Ten digits, the first 6–9.
    pub phone: String,
    /// Full name, NFC.
    pub name: String,
    /// The key of `names.csv` her name comes from.
    pub language: &'static str,
    /// Gender.
    pub gender: Gender,
    /// Year of birth.
    pub birth_year: i16,
    /// The full date, for the few who gave it for travel.
    pub birth_date: Option<Date>,
    /// Her identity document, complete as she would type it.
    pub document: Document,
    /// Index into [`World::districts`].
    pub district: usize,
    /// Doses and booking.
    pub history: History,
}

impl PersonPlan {
    /// What must never be seen where nobody was granted it: phone, full document number, name, full date of
    /// birth in the spellings of store and screen. A name of one word in Latin or Devanagari letters is left
    /// out, for such a word may stand in the name of a place.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        let secret = |what, text: String| Secret { person: self.index, what, text };
        let mut secrets = vec![secret("phone", self.phone.clone()), secret("document", self.document.number.clone())];
        if self.name.contains(' ') || !is_in_public_script(&self.name) {
            secrets.push(secret("name", self.name.clone()));
        }
        if let Some(date) = self.birth_date {
            secrets.push(secret("birth date", date.to_string()));
            secrets.push(secret("birth date", date.strftime("%d-%m-%Y").to_string()));
        }
        secrets
    }
}

/// Whether a name is written in one of the two scripts in which places and pages are.
fn is_in_public_script(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii() || ('\u{900}'..='\u{97f}').contains(&letter))
}

/// A person's family: its number, and her place in it, 0 for the one who owns the phone.
fn family_of(seed: u64, index: u64) -> (u64, u64) {
    let block = index / 10;
    let mut chance = Chance::new(seed, Stream::Family, block);
    let sizes = chance.pick(&FAMILIES);
    let mut member = index % 10;
    let mut family = block * 4;
    for size in sizes {
        if member < size {
            break;
        }
        member -= size;
        family += 1;
    }
    (family, member)
}

/// Person `index` of a world.
pub(super) fn person(world: &World, index: u64) -> PersonPlan {
    let (family, member) = family_of(world.seed, index);
    let (district, ordinal) = world.home(family);
    let mut chance = Chance::new(world.seed, Stream::Person, index);
    let language = language(world, district, &mut chance);
    let gender = gender(&mut chance);
    let name = names::person(language, gender, &mut chance);
    let age = if member == 0 { 19 + chance.below(60) } else { 12 + chance.below(78) };
    let birth_year = world.first_day.year() - i16::try_from(age).expect("ages are below 100");
    let birth_date = chance.percent(5).then(|| day_in(birth_year, &mut chance));
    PersonPlan {
        index,
        family,
        phone: (6_000_000_000 + scramble(family, world.seed, 4_000_000_000)).to_string(),
        name,
        language,
        gender,
        birth_year,
        birth_date,
        document: document(world.seed, index),
        district,
        history: history(world, district, ordinal, birth_year, &mut chance),
    }
}

/// Half of the names are of the state's language, four in ten in Latin letters, the rest Hindi or Urdu.
fn language(world: &World, district: usize, chance: &mut Chance) -> &'static str {
    let state_id = world.districts[district].state_id;
    match chance.below(20) {
        0..10 => world.states[usize::from(state_id) - 1].language,
        10..18 => "latin",
        18 => "hindi",
        _ => "urdu",
    }
}

fn gender(chance: &mut Chance) -> Gender {
    match chance.below(200) {
        0..99 => Gender::Male,
        99..198 => Gender::Female,
        _ => Gender::Others,
    }
}

/// A day of a year; never the 29th or later, so that every month has it.
fn day_in(year: i16, chance: &mut Chance) -> Date {
    let month = i8::try_from(1 + chance.below(12)).expect("months fit");
    let day = i8::try_from(1 + chance.below(28)).expect("days fit");
    Date::constant(year, month, day)
}

/// Of adults 30 % come with nothing, 25 % with one dose, 45 % with both, all at one centre of the district.
fn history(world: &World, district: usize, ordinal: usize, birth_year: i16, chance: &mut Chance) -> History {
    let wanted = match chance.below(20) {
        0..6 => 0,
        6..11 => 1,
        _ => 2,
    };
    let doses = doses(world, district, ordinal, birth_year, wanted, chance);
    let booking = booking(world, district, ordinal, birth_year, &doses, chance);
    History { doses, booking }
}

/// Up to two past sessions of one vaccine, the second no earlier than the vaccine's gap allows.
fn doses(
    world: &World,
    district: usize,
    ordinal: usize,
    birth_year: i16,
    wanted: usize,
    chance: &mut Chance,
) -> Vec<usize> {
    let centres = &world.centres_of[district];
    let centre = centres.start + ordinal % centres.len();
    let vaccine = chance.pick(&world.centres[centre].vaccines);
    let fits = |at: &usize| {
        let session = &world.sessions[*at];
        session.date < world.first_day && session.vaccine == vaccine && session.admits(session.date.year() - birth_year)
    };
    let sessions: Vec<_> = world.sessions_of[centre].clone().filter(fits).collect();
    if wanted == 0 || sessions.is_empty() {
        return Vec::new();
    }
    let first = if wanted == 1 { chance.pick(&sessions) } else { sessions[0] };
    let due = sessions.iter().find(|at| is_due(&world.sessions[first], &world.sessions[**at]));
    match due {
        Some(second) if wanted == 2 => vec![first, *second],
        _ => vec![first],
    }
}

/// Whether a second dose in `next` is late enough after `first`, and of the same vaccine.
fn is_due(first: &SessionPlan, next: &SessionPlan) -> bool {
    let days = (next.date - first.date).get_days();
    next.vaccine == first.vaccine && i64::from(days) >= first.vaccine.gap_days()
}

/// A place for those whose next dose may be given. Families take turns over the sessions of the district,
/// even ones over those of the first day and odd ones over the later days, and a slot takes whole families
/// only while it has online places for four of each dose: no plan overfills a session, however many people.
fn booking(
    world: &World,
    district: usize,
    ordinal: usize,
    birth_year: i16,
    doses: &[usize],
    chance: &mut Chance,
) -> Option<BookingPlan> {
    let turn = ordinal / 2;
    let coming = &world.coming[district][usize::from(ordinal % 2 == 1)];
    let at = *coming.get(turn % coming.len().max(1))?;
    let session = &world.sessions[at];
    let position = turn / coming.len();
    let slots = session.slots.len();
    let has_room = (position / slots + 1) * 4 <= session.online_places() / slots;
    let dose = match doses {
        [] => 1,
        [first] if is_due(&world.sessions[*first], session) && session.date > world.first_day => 2,
        _ => return None,
    };
    let comes = chance.percent(60) && session.admits(session.date.year() - birth_year);
    (has_room && comes).then(|| BookingPlan { session: at, slot: position % slots, dose })
}
