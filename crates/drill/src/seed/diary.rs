//! What happens when: evenings on which families book, and the hours at which people come.

use crate::world::{PersonPlan, World};
use jiff::ToSpan;
use jiff::civil::{Date, Time, time};
use jiff::tz::{Offset, TimeZone};
use std::collections::BTreeMap;

/// A wish for a place that a family has on an evening.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wish {
    /// Index into [`World::sessions`].
    pub(super) session: usize,
    /// Index into the session's slots.
    pub(super) slot: usize,
    /// Which dose.
    pub(super) dose: u8,
    /// Place in the family.
    pub(super) member: usize,
    /// Whether she will come on the day, or the day is still ahead.
    pub(super) comes: bool,
}

/// A family, as the plan has it: members follow each other.
pub(super) struct FamilyPlan {
    pub(super) members: Vec<PersonPlan>,
    /// Wishes by the evening on which they are booked.
    pub(super) evenings: BTreeMap<Date, Vec<Wish>>,
}

impl FamilyPlan {
    fn new(world: &World, members: Vec<PersonPlan>) -> Self {
        let mut evenings: BTreeMap<Date, Vec<Wish>> = BTreeMap::new();
        let eve = world.first_day() - 1.day();
        // Whoever has no history registers on the last evening.
        evenings.insert(eve, Vec::new());
        for (member, person) in members.iter().enumerate() {
            for (nth, session) in person.history.doses.iter().enumerate() {
                let plan = &world.sessions[*session];
                let slot =
                    usize::try_from(person.family).expect("families are fewer than people, a u32") % plan.slots.len();
                let dose = u8::try_from(nth + 1).expect("a history has two doses at most");
                evenings.entry(plan.date - 1.day()).or_default().push(Wish {
                    session: *session,
                    slot,
                    dose,
                    member,
                    comes: true,
                });
            }
            if let Some(booking) = person.history.booking {
                let wish =
                    Wish { session: booking.session, slot: booking.slot, dose: booking.dose, member, comes: false };
                evenings.entry(eve).or_default().push(wish);
            }
        }
        // Members who want the same place are booked together.
        for wishes in evenings.values_mut() {
            wishes.sort_unstable();
        }
        Self { members, evenings }
    }
}

/// All families of the world.
pub(super) fn families(world: &World) -> Vec<FamilyPlan> {
    let mut families: BTreeMap<u64, Vec<PersonPlan>> = BTreeMap::new();
    for person in world.people() {
        families.entry(person.family).or_default().push(person);
    }
    families.into_values().map(|members| FamilyPlan::new(world, members)).collect()
}

/// When families book: six in the evening at the centres, milliseconds since the epoch.
pub(super) fn evening_ms(day: Date) -> i64 {
    moment_ms(day, time(18, 0, 0, 0))
}

/// When people come: ten past nine.
pub(super) fn morning_ms(day: Date) -> i64 {
    moment_ms(day, time(9, 10, 0, 0))
}

fn moment_ms(day: Date, time: Time) -> i64 {
    let zone = TimeZone::fixed(Offset::from_seconds(19_800).expect("half past five is a zone"));
    let moment = day.to_datetime(time).to_zoned(zone).expect("a fixed zone has every time of every day");
    moment.timestamp().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn times_are_those_of_the_centres() {
        let text = |ms| jiff::Timestamp::from_millisecond(ms).unwrap().to_string();
        assert_eq!(text(evening_ms(date(2026, 11, 22))), "2026-11-22T12:30:00Z");
        assert_eq!(text(morning_ms(date(2026, 11, 22))), "2026-11-22T03:40:00Z");
    }

    #[test]
    fn everybody_books_before_she_comes_and_in_the_order_of_her_doses() {
        let world = World::generate(3, date(2026, 11, 22), 400);
        let families = families(&world);
        assert_eq!(families.iter().map(|family| family.members.len()).sum::<usize>(), 400);
        let (mut doses, mut bookings) = (0, 0);
        for family in &families {
            for (evening, wishes) in &family.evenings {
                for wish in wishes {
                    let session = &world.sessions[wish.session];
                    assert!(*evening < session.date && wish.slot < session.slots.len());
                    assert_eq!(wish.comes, session.date < world.first_day());
                    if wish.comes { doses += 1 } else { bookings += 1 }
                }
            }
        }
        let planned: usize = world.people().map(|person| person.history.doses.len()).sum();
        assert_eq!(doses, planned);
        assert_eq!(bookings, world.people().filter(|person| person.history.booking.is_some()).count());
    }
}
