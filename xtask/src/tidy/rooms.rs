//! The rooms of the house and the directions between them, read from the manifests.

use std::path::Path;

use anyhow::Result;

use super::Rule;
use crate::metadata::{self, Package};

/// Each room, and the rooms that it may import. Nothing else may import anything of ours.
const ROOMS: [(&str, &[&str]); 14] = [
    ("registry", &[]),
    ("ledger", &[]),
    ("inquiry", &[]),
    ("shield", &[]),
    ("credential", &["registry"]),
    ("schedule", &["registry"]),
    ("supply", &["registry"]),
    ("store", &["registry", "ledger"]),
    ("keyroom", &["ledger"]),
    ("watch", &["ledger"]),
    ("vault", &["store", "keyroom", "registry", "credential", "ledger", "schedule", "supply", "inquiry"]),
    ("portal", &["vault", "shield", "registry", "credential"]),
    ("drill", &["portal"]),
    (
        "teeka",
        &[
            "registry",
            "ledger",
            "inquiry",
            "shield",
            "credential",
            "schedule",
            "supply",
            "store",
            "keyroom",
            "watch",
            "vault",
            "portal",
            "drill",
        ],
    ),
];

/// Rooms of values in, values out.
const PURE: [&str; 6] = ["registry", "ledger", "credential", "schedule", "supply", "inquiry"];
/// What would bring a clock, chance, files or HTTP into a pure room.
const IMPURE: [&str; 10] =
    ["tokio", "getrandom", "rand", "axum", "hyper", "tower", "ureq", "reqwest", "tracing-subscriber", "tempfile"];
/// Database drivers.
const DRIVERS: [&str; 8] =
    ["rusqlite", "libsqlite3-sys", "tokio-postgres", "postgres", "sqlx", "diesel", "sea-orm", "redb"];

/// The rules about rooms.
pub(super) fn rules(root: &Path) -> Result<Vec<Rule>> {
    let rooms = metadata::ours(root)?;
    Ok(vec![
        Rule::new("rooms import only what the directions allow", directions(&rooms)),
        Rule::new("pure rooms stay pure", banned(&rooms, |room| PURE.contains(&room), &IMPURE)),
        Rule::new("only the store links a database driver", banned(&rooms, |room| room != "store", &DRIVERS)),
    ])
}

/// Imports between rooms that no direction allows. What only tests use is not part of the house.
fn directions(rooms: &[Package]) -> Vec<String> {
    let names: Vec<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    let mut breaches = Vec::new();
    for room in rooms.iter().filter(|room| room.name != "xtask") {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room.name) else {
            breaches.push(format!("{} is no room of the house", room.name));
            continue;
        };
        let ours = room.needs.iter().filter(|need| !need.tests_only && names.contains(&need.name.as_str()));
        let foreign = ours.filter(|need| !allowed.contains(&need.name.as_str()));
        breaches.extend(foreign.map(|need| format!("{} may not import {}", room.name, need.name)));
    }
    breaches
}

/// Uses of banned crates by the rooms of which `applies` holds.
fn banned(rooms: &[Package], applies: impl Fn(&str) -> bool, banned: &[&str]) -> Vec<String> {
    let mut breaches = Vec::new();
    for room in rooms.iter().filter(|room| applies(&room.name)) {
        let uses = room.needs.iter().filter(|need| !need.tests_only && banned.contains(&need.name.as_str()));
        breaches.extend(uses.map(|need| format!("{} may not use {}", room.name, need.name)));
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Need;

    fn room(name: &str, needs: &[(&str, bool)]) -> Package {
        let needs = needs.iter().map(|(name, tests_only)| Need { name: (*name).to_owned(), tests_only: *tests_only });
        Package { name: name.to_owned(), version: String::new(), licence: None, ours: true, needs: needs.collect() }
    }

    #[test]
    fn a_foreign_import_is_found_and_a_test_import_is_not() {
        let rooms = [room("store", &[]), room("portal", &[("store", false)]), room("drill", &[("store", true)])];
        assert_eq!(directions(&rooms), ["portal may not import store"]);
    }

    #[test]
    fn an_unknown_room_is_found() {
        assert_eq!(directions(&[room("common", &[])]), ["common is no room of the house"]);
    }

    #[test]
    fn a_driver_outside_the_store_is_found() {
        let rooms = [room("store", &[("rusqlite", false)]), room("keyroom", &[("rusqlite", false)])];
        assert_eq!(banned(&rooms, |room| room != "store", &DRIVERS), ["keyroom may not use rusqlite"]);
    }
}
