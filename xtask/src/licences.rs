//! Licences: every crate we stand on must be usable under one that we allow.
//!
//! `deny.toml` states the same list for users of cargo-deny; a test holds the two together.

use std::path::Path;

use anyhow::Result;

use crate::metadata;
use crate::tally::Tally;

/// SPDX identifiers that we accept. Exceptions (`WITH …`) to an accepted licence only widen it.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

/// Checks every crate of the lock file: one check, and one failure for each crate that may not stay.
pub(crate) fn run(root: &Path) -> Result<Tally> {
    let packages = metadata::all(root)?;
    let (mut seen, mut failed) = (0_u32, 0);
    for package in packages.iter().filter(|package| !package.ours) {
        seen += 1;
        let licence = package.licence.as_deref().unwrap_or("no licence stated");
        if !satisfied(licence) {
            failed += 1;
            println!("FAILED  licences: {} {} is {licence}", package.name, package.version);
        }
    }
    println!("licences: {seen} crates of others, {failed} under a licence that is not allowed");
    Ok(Tally { passed: u64::from(failed == 0), failed })
}

/// Whether an SPDX expression can be satisfied by allowed licences alone. The old form `MIT/Apache-2.0` means OR.
fn satisfied(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest) && rest.is_empty()
}

/// `all OR all OR …`
fn any(words: &mut &[&str]) -> bool {
    let mut satisfied = all(words);
    while take(words, "OR") {
        // Both sides must be read, whatever the first one was.
        satisfied |= all(words);
    }
    satisfied
}

/// `one AND one AND …`
fn all(words: &mut &[&str]) -> bool {
    let mut satisfied = one(words);
    while take(words, "AND") {
        satisfied &= one(words);
    }
    satisfied
}

/// A licence, with its exception if it has one, or an expression in brackets.
fn one(words: &mut &[&str]) -> bool {
    if take(words, "(") {
        let satisfied = any(words);
        return take(words, ")") && satisfied;
    }
    let Some((licence, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    if take(words, "WITH") {
        *words = words.get(1..).unwrap_or_default();
    }
    ALLOWED.contains(licence)
}

fn take(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if *first == word => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "(MIT OR GPL-2.0-only) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR MIT",
            "Apache-2.0 AND ISC",
        ] {
            assert!(satisfied(good), "{good}");
        }
        for bad in
            ["GPL-3.0-only", "MIT AND GPL-3.0-only", "", "(MIT", "MIT)", "MIT ISC", "OR", "no licence stated", "mit"]
        {
            assert!(!satisfied(bad), "{bad}");
        }
    }

    #[test]
    fn deny_toml_states_the_same_list() {
        let deny = include_str!("../../deny.toml");
        let list =
            deny.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list of licences").0;
        let stated: Vec<&str> =
            list.split(',').map(|item| item.trim().trim_matches('"')).filter(|item| !item.is_empty()).collect();
        assert_eq!(stated, ALLOWED);
    }
}
