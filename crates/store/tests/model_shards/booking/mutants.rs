//! The protocol with one rule left out: the check must find what the rule is for.

use super::{Booking, Wrong, last_place, moving, same_person};
use crate::explore::explore;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mutant {
    /// The sweeper releases a hold and does not write `void` first.
    ReleaseBeforeVoid,
    /// The seat is confirmed when it is held, before the row is committed.
    ConfirmBeforeCommit,
    /// The row is committed without a hold.
    NoHold,
    /// A person and a dose may have two bookings.
    NoUniqueKey,
    /// A refused attempt is released, and leaves no `void`.
    RefusalReleases,
    /// A hold that comes twice takes two seats.
    HoldsTwice,
    /// A hold is taken where no place is open.
    HoldsBlindly,
    /// A confirmation that comes late revives what was released.
    ConfirmRevives,
    /// A released hold is forgotten.
    NoTombstone,
    /// The place that was given back is told of from a node's memory.
    CancelWithoutOutbox,
    /// The relay forgets what it has sent before it is answered.
    OutboxForgets,
    /// Expired holds stay.
    NoSweeper,
    /// Who moves gives back the old place before the new one is hers.
    MoveReleasesFirst,
    /// Who moves keeps the old booking as well.
    MoveKeepsOld,
    /// A release that comes twice gives two seats back.
    GivesBackTwice,
    /// A row that stands tells the session's shard anew whenever the sweeper asks.
    TellsAgain,
    /// She is told when the seat is held.
    ToldAtHold,
}

#[test]
fn a_rule_left_out_is_missed() {
    type World = fn(Option<Mutant>) -> Booking;
    let cases: &[(Mutant, World, Wrong)] = &[
        (Mutant::ReleaseBeforeVoid, last_place, Wrong::NoSeat),
        (Mutant::ConfirmBeforeCommit, last_place, Wrong::SeatLost),
        (Mutant::NoHold, last_place, Wrong::NoSeat),
        (Mutant::NoUniqueKey, same_person, Wrong::TwoBookings),
        (Mutant::RefusalReleases, same_person, Wrong::NoSeat),
        (Mutant::HoldsTwice, same_person, Wrong::SeatLost),
        (Mutant::HoldsBlindly, last_place, Wrong::Oversold),
        (Mutant::ConfirmRevives, last_place, Wrong::SeatLost),
        (Mutant::NoTombstone, last_place, Wrong::SeatLost),
        (Mutant::CancelWithoutOutbox, last_place, Wrong::SeatLost),
        (Mutant::OutboxForgets, last_place, Wrong::SeatLost),
        (Mutant::NoSweeper, last_place, Wrong::SeatLost),
        (Mutant::MoveReleasesFirst, moving, Wrong::NoSeat),
        (Mutant::MoveKeepsOld, moving, Wrong::TwoBookings),
        (Mutant::GivesBackTwice, last_place, Wrong::Miscounted),
        (Mutant::TellsAgain, last_place, Wrong::Endless),
        (Mutant::ToldAtHold, last_place, Wrong::ToldWrongly),
    ];
    for (mutant, world, wrong) in cases {
        let found = explore(&world(Some(*mutant))).err().unwrap_or_else(|| panic!("{mutant:?} is not missed"));
        println!("{mutant:?}: {:?} after {} steps: {:?}", found.wrong, found.way.len(), found.way);
        assert_eq!(found.wrong, *wrong, "{mutant:?}");
    }
}
