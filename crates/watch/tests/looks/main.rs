//! The check of a list of looks: what an honest file proves, what each way of tampering is called, and how large the
//! proofs are.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod size;
mod synthetic;

use synthetic::Case;
use watch::check::{Looks, Source, Verdict, check};

#[test]
fn every_case_ends_as_it_should() {
    for Case { name, policy, file, outcome } in synthetic::cases() {
        let policy = policy.map(|text| text.parse().unwrap());
        let found = match serde_json::from_value::<Looks>(file) {
            Err(_) => "format".to_owned(),
            Ok(file) => match check(&file, policy.as_ref()) {
                Ok(verdict) => said(&verdict),
                Err(fault) => format!("{}{}", fault.place, fault.wrong.code()),
            },
        };
        assert_eq!(found, outcome, "{name}");
    }
}

/// A good verdict in one line, as the check in JavaScript writes it, too.
fn said(verdict: &Verdict) -> String {
    let Verdict { looks, closed, complete_until_day, waiting, cosigners, cosigned_s, policy, .. } = verdict;
    let complete = complete_until_day.map_or("first day".into(), |day| format!("{closed} of them before day {day}"));
    let policy = if *policy == Source::Held { "held" } else { "own" };
    let signed = cosigned_s.map_or("nobody".into(), |at_s| format!("{} at {at_s}", cosigners.join(" ")));
    format!("good: {} rows, {complete}, {waiting} waiting, {policy} policy, {signed}", looks.len())
}

#[test]
fn the_file_of_cases_is_what_the_generator_makes() {
    let is_same = include_str!("cases.json") == synthetic::json();
    assert!(is_same, "run: cargo run -p watch --example looks > crates/watch/tests/looks/cases.json");
}
