//! What it costs that every look is written down and proven first: a card over HTTP, against the same card of nobody.

use crate::bench::{Task, load};
use crate::client::Citizen;
use crate::verdict::{Invariant, Row};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// At so many connections the goals are set.
pub const GOAL_AT: usize = 64;

/// What was measured so far.
#[derive(Default)]
pub struct Reveal {
    rows: Vec<Row>,
    wrong: u64,
}

/// A service whose looks are measured.
pub struct Subject<'a> {
    /// Where it keeps its key room: `in-process` or `split`.
    pub way: &'a str,
    /// Where it listens.
    pub address: SocketAddr,
    /// The processor's time that it has used so far, key room and all, microseconds.
    pub spent_us: &'a dyn Fn() -> f64,
}

impl Reveal {
    /// Looks at cards, so many connections at a time, each level beside its baseline: the same handler on specimens.
    ///
    /// # Errors
    /// When the service cannot be reached.
    pub async fn measure(
        &mut self,
        subject: &Subject<'_>,
        citizens: &[Citizen],
        levels: &[usize],
        lasts: Duration,
        starts: impl Fn(&str),
    ) -> io::Result<()> {
        let way = subject.way;
        for &clients in levels {
            let beside = if way == "in-process" { String::new() } else { format!(" beside {way}") };
            let (case, baseline) = (format!("{way}/{clients}"), format!("baseline/{clients}{beside}"));
            for (case, path) in [(&baseline, "/bench/specimens"), (&case, "/api/v2/appointment/beneficiaries")] {
                starts(case);
                let task = |one: &Citizen| Task::Get { path: path.to_owned(), token: Some(one.token.clone()) };
                let tasks: Vec<Task> = citizens.iter().map(task).collect();
                let before_us = (subject.spent_us)();
                let (mut row, wrong) = load(subject.address, case.clone(), clients, &tasks, lasts).await?;
                let answers = row.value * lasts.as_secs_f64();
                let cpu = Row::figure(&format!("{case} CPU"), ((subject.spent_us)() - before_us) / answers, "µs");
                if let Some(base) = self.rows.iter().find(|row| row.case == baseline) {
                    (row.ratio, row.ratio_to) = (Some(row.value / base.value), Some(base.case.clone()));
                }
                self.rows.extend([row, cpu]);
                self.wrong += wrong;
            }
        }
        Ok(())
    }

    /// The rows, and what must hold of them.
    #[must_use]
    pub fn judge(self) -> (Vec<Row>, Vec<Invariant>) {
        let goal = |way: &str| {
            let at = |case: &str| self.rows.iter().find(|row| row.case == case);
            let row = at(&format!("{way}/{GOAL_AT}"));
            let base = row.and_then(|row| at(row.ratio_to.as_ref()?));
            let (ratio, [p99, most]) =
                (row.and_then(|row| row.ratio).unwrap_or(0.0), [row, base].map(|row| row.and_then(|row| row.p99_ms)));
            let (p99, most) = (p99.unwrap_or(f64::INFINITY), most.unwrap_or(0.0) + 10.0);
            [
                (ratio >= 0.5, format!("{way}: {ratio:.2} of baseline")),
                (p99 <= most, format!("{way}: p99 {p99:.1} ms, at most {most:.1}")),
            ]
        };
        let mut invariants = vec![Invariant {
            name: "every answer is the right one",
            held: self.wrong == 0,
            detail: format!("{} were not", self.wrong),
        }];
        for way in ["in-process", "split"] {
            let [(fast, speed), (even, tail)] = goal(way);
            invariants.push(Invariant { name: "half of baseline at 64", held: fast, detail: speed });
            invariants.push(Invariant { name: "at most 10 ms more at 64", held: even, detail: tail });
        }
        (self.rows, invariants)
    }
}
