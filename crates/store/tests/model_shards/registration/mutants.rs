//! The protocol with one rule left out: the check must find what the rule is for.

use super::{Registration, Wrong, at_centre, keys_swept, last_in_family, one_document};
use crate::explore::explore;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mutant {
    /// The row is written before anything is claimed.
    PersonFirst,
    /// The sweeper releases a claim and does not write `void` first.
    ReleaseBeforeVoid,
    /// Nobody counts the claims on a phone.
    NoLimit,
    /// Only confirmed claims are counted.
    CountsConfirmedOnly,
    /// A document may be claimed twice.
    DocumentNotUnique,
    /// Who finds the document taken has her row say that it is hers.
    TakenIsNotSeen,
    /// Who finds no room at the phone has her row say that there was.
    FullIsNotSeen,
    /// A row tells of what was claimed for it, and does not release what was not.
    TellsWhatIsHers,
    /// Wherever `void` stands, the shards of the claims are taken to have been told.
    AnyVoidWasTold,
    /// Unconfirmed claims stay.
    NoSweeper,
    /// A released claim is forgotten.
    NoTombstone,
    /// Who leaves leaves her claims behind.
    LeavesWithoutOutbox,
    /// A row that stands tells the shards of the claims anew whenever the sweeper asks.
    TellsAgain,
    /// She is told when her phone is claimed.
    ToldAtClaim,
}

#[test]
fn a_rule_left_out_is_missed() {
    type World = fn(Option<Mutant>) -> Registration;
    let cases: &[(Mutant, World, Wrong)] = &[
        (Mutant::PersonFirst, last_in_family, Wrong::PersonWithoutClaim),
        (Mutant::ReleaseBeforeVoid, last_in_family, Wrong::PersonWithoutClaim),
        (Mutant::NoLimit, last_in_family, Wrong::FamilyTooLarge),
        (Mutant::CountsConfirmedOnly, last_in_family, Wrong::FamilyTooLarge),
        (Mutant::DocumentNotUnique, one_document, Wrong::TwoForOneDocument),
        (Mutant::TakenIsNotSeen, one_document, Wrong::PersonWithoutClaim),
        (Mutant::FullIsNotSeen, at_centre, Wrong::PersonWithoutClaim),
        (Mutant::TellsWhatIsHers, one_document, Wrong::ClaimLost),
        (Mutant::AnyVoidWasTold, keys_swept, Wrong::ClaimLost),
        (Mutant::NoSweeper, last_in_family, Wrong::ClaimLost),
        (Mutant::NoTombstone, last_in_family, Wrong::ClaimLost),
        (Mutant::LeavesWithoutOutbox, last_in_family, Wrong::ClaimLost),
        (Mutant::TellsAgain, last_in_family, Wrong::Endless),
        (Mutant::ToldAtClaim, last_in_family, Wrong::ToldWrongly),
    ];
    for (mutant, world, wrong) in cases {
        let found = explore(&world(Some(*mutant))).err().unwrap_or_else(|| panic!("{mutant:?} is not missed"));
        println!("{mutant:?}: {:?} after {} steps: {:?}", found.wrong, found.way.len(), found.way);
        assert_eq!(found.wrong, *wrong, "{mutant:?}");
    }
}
