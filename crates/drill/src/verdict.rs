//! What a drill found, as a table and as JSON.

use serde::Serialize;
use std::fmt::Write;

/// One measured case.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Name of the case.
    pub case: String,
    /// What was measured.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Median time of one operation, milliseconds.
    pub p50_ms: Option<f64>,
    /// Ninety-nine in a hundred were faster, milliseconds.
    pub p99_ms: Option<f64>,
    /// The value over that of another case.
    pub ratio: Option<f64>,
    /// Which one.
    pub ratio_to: Option<String>,
}

impl Row {
    /// A figure without times.
    #[must_use]
    pub fn figure(case: &str, value: f64, unit: &'static str) -> Self {
        Self { case: case.to_owned(), value, unit, p50_ms: None, p99_ms: None, ratio: None, ratio_to: None }
    }
}

/// Something that must hold.
#[derive(Debug, Clone, Serialize)]
pub struct Invariant {
    /// What must hold.
    pub name: &'static str,
    /// Whether it did.
    pub held: bool,
    /// What was seen.
    pub detail: String,
}

/// What a drill found.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Name of the drill.
    pub name: &'static str,
    /// Its seed: the same seed tries the same things.
    pub seed: u64,
    /// Measured cases.
    pub rows: Vec<Row>,
    /// What must hold.
    pub invariants: Vec<Invariant>,
}

impl Verdict {
    /// Whether everything held.
    #[must_use]
    pub fn held(&self) -> bool {
        self.invariants.iter().all(|invariant| invariant.held)
    }

    /// As a table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = format!("{} (seed {})\n", self.name, self.seed);
        let wide = self.rows.iter().map(|row| row.case.len()).max().unwrap_or(0);
        let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
        for row in &self.rows {
            let ratio = row
                .ratio
                .zip(row.ratio_to.as_ref())
                .map_or_else(String::new, |(ratio, to)| format!("   {ratio:.2} of {to}"));
            let times = match row.p50_ms {
                Some(_) => format!("   p50 {:>8} ms   p99 {:>8} ms", figure(row.p50_ms), figure(row.p99_ms)),
                None => String::new(),
            };
            writeln!(text, "  {:<wide$} {:>10.1} {:<4}{times}{ratio}", row.case, row.value, row.unit)
                .expect("text takes text");
        }
        for invariant in &self.invariants {
            let held = if invariant.held { "held  " } else { "BROKEN" };
            writeln!(text, "  {held} {}: {}", invariant.name, invariant.detail).expect("text takes text");
        }
        text
    }
}

/// The time at or below which this share of `times` lies; they must be sorted.
#[must_use]
pub fn percentile(times: &[f64], share: f64) -> Option<f64> {
    let last = times.len().checked_sub(1)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a list of times"
    )]
    let at = (last as f64 * share).ceil() as usize;
    times.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_a_hundred() {
        let times: Vec<f64> = (1..=101).map(f64::from).collect();
        assert_eq!(
            (percentile(&times, 0.5), percentile(&times, 0.99), percentile(&[], 0.5)),
            (Some(51.0), Some(100.0), None)
        );
    }
}
