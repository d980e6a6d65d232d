//! Counting: what a suite printed, as passed and failed checks.

use std::fmt;
use std::iter::Sum;
use std::ops::AddAssign;

/// How many checks of a suite passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Checks that passed.
    pub(crate) passed: u64,
    /// Checks that failed.
    pub(crate) failed: u64,
}

impl Tally {
    /// One check and its outcome.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed) }
    }

    /// Adds up the `test result:` lines of `cargo test`.
    pub(crate) fn of_cargo_test(output: &str) -> Self {
        let lines = output.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
        sum(lines.map(|line| line.split_once(". ").map_or(line, |(_verdict, counts)| counts)))
    }

    /// Adds up the closing lines (`suite: 3 passed, 0 failed`) of our own suites.
    pub(crate) fn of_suites(output: &str) -> Self {
        sum(output.lines().filter_map(|line| line.split_once(": ")).map(|(_suite, counts)| counts))
    }

    /// Adds up the `testsuite` heads of a `JUnit` report; errors count as failures.
    pub(crate) fn of_junit(report: &str) -> Self {
        let mut total = Self::default();
        for head in report.split("<testsuite ").skip(1) {
            let head = head.split_once('>').map_or(head, |(head, _rest)| head);
            let failed = attribute(head, "failures") + attribute(head, "errors");
            let run = attribute(head, "tests").saturating_sub(attribute(head, "skipped"));
            total += Self { passed: run.saturating_sub(failed), failed };
        }
        total
    }

    /// The suite's verdict is its exit status: one that ended badly without a failed check has failed once,
    /// and so has one that checked nothing.
    pub(crate) fn with_status(mut self, success: bool) -> Self {
        if self.failed == 0 && (!success || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |mut total, one| {
            total += one;
            total
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Adds up texts like `3 passed; 1 failed; 0 ignored` and `3 passed, 1 failed`; others count nothing.
fn sum<'a>(lines: impl Iterator<Item = &'a str>) -> Tally {
    let mut total = Tally::default();
    for line in lines {
        let mut parts = line.split([';', ',']).map(str::trim);
        let passed = parts.next().and_then(|part| count(part, " passed"));
        let failed = parts.next().and_then(|part| count(part, " failed"));
        if let (Some(passed), Some(failed)) = (passed, failed) {
            total += Tally { passed, failed };
        }
    }
    total
}

fn count(part: &str, word: &str) -> Option<u64> {
    part.strip_suffix(word)?.parse().ok()
}

/// An XML attribute that holds a whole number; 0 when absent.
fn attribute(head: &str, name: &str) -> u64 {
    let opening = format!("{name}=\"");
    let value = head.split_once(&opening).and_then(|(_before, rest)| rest.split('"').next());
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_test_lines_are_added_up() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            noise\n\
            test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(Tally::of_cargo_test(output), Tally { passed: 7, failed: 1 });
    }

    #[test]
    fn suite_lines_are_added_up_and_others_ignored() {
        let output = "ok      strict client: slip\nstrict client: 20 passed, 1 failed\nnpm cowin: 5 passed, 0 failed\n";
        assert_eq!(Tally::of_suites(output), Tally { passed: 25, failed: 1 });
    }

    #[test]
    fn junit_errors_fail_and_skipped_ones_do_not_pass() {
        let report = r#"<testsuites><testsuite name="a" tests="9" failures="1" errors="2" skipped="3"></testsuite></testsuites>"#;
        assert_eq!(Tally::of_junit(report), Tally { passed: 3, failed: 3 });
    }

    #[test]
    fn a_suite_that_died_or_checked_nothing_has_failed() {
        let three = Tally { passed: 3, failed: 0 };
        assert_eq!(three.with_status(true), three);
        assert_eq!(three.with_status(false), Tally { passed: 3, failed: 1 });
        assert_eq!(Tally::default().with_status(true), Tally { passed: 0, failed: 1 });
        assert_eq!(Tally { passed: 1, failed: 2 }.with_status(false).failed, 2);
    }
}
