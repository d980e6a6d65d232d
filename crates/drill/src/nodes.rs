//! Two nodes serve one database, and one of them dies: whoever asks the other goes on as before.

use crate::client::{Citizen, Connection};
use crate::verdict::{Invariant, Row, percentile};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The longest that a look may wait while another node takes over.
const LONGEST: Duration = Duration::from_secs(3);

/// What those who asked the node that stayed met.
#[derive(Default)]
pub struct Steady {
    /// Times of looks that were answered, milliseconds.
    times: Vec<f64>,
    /// What was not answered, or not as it must be.
    amiss: Vec<String>,
    /// From each kill to the next checkpoint that another node published, seconds.
    taken_over: Vec<f64>,
    lasted: Duration,
}

/// Everybody looks at her card at `address`, over and over on one connection, until `ends` says so.
pub async fn look_on(address: SocketAddr, citizens: &[Citizen], ends: &watch::Receiver<bool>) -> Steady {
    let (mut looking, begun) = (JoinSet::new(), Instant::now());
    for token in citizens.iter().map(|one| one.token.clone()) {
        let ends = ends.clone();
        looking.spawn(async move {
            let (mut times, mut amiss) = (Vec::new(), Vec::new());
            let mut connection = Connection::open(address).await;
            while !*ends.borrow() {
                let start = Instant::now();
                let answer = match &mut connection {
                    Ok(open) => open.get("/api/v2/appointment/beneficiaries", Some(&token)).await,
                    Err(error) => Err(std::io::Error::other(error.to_string())),
                };
                match answer.and_then(crate::client::Answer::good) {
                    Ok(_) => times.push(start.elapsed().as_secs_f64() * 1000.0),
                    Err(error) => {
                        amiss.push(error.to_string());
                        connection = Connection::open(address).await;
                    }
                }
            }
            (times, amiss)
        });
    }
    let mut steady = Steady::default();
    while let Some(Ok((times, amiss))) = looking.join_next().await {
        steady.times.extend(times);
        steady.amiss.extend(amiss);
    }
    steady.lasted = begun.elapsed();
    steady
}

impl Steady {
    /// Adds another round, after whose kill it took so long until the log was published again.
    pub fn add(&mut self, round: Self, taken_over: Duration) {
        self.times.extend(round.times);
        self.amiss.extend(round.amiss);
        self.taken_over.push(taken_over.as_secs_f64());
        self.lasted += round.lasted;
    }

    /// The figures, and what must hold of them.
    #[must_use]
    pub fn judge(mut self) -> (Vec<Row>, Vec<Invariant>) {
        self.times.sort_by(f64::total_cmp);
        let longest_ms = self.times.last().copied().unwrap_or(f64::INFINITY);
        let taken_over = self.taken_over.iter().copied().fold(0.0, f64::max);
        let row = |case: &str, value, unit| Row {
            case: case.into(),
            value,
            unit,
            p50_ms: None,
            p99_ms: None,
            ratio: None,
            ratio_to: None,
        };
        #[expect(clippy::cast_precision_loss, reason = "a few million looks at most")]
        let speed = self.times.len() as f64 / self.lasted.as_secs_f64();
        let (p50_ms, p99_ms) = (percentile(&self.times, 0.5), percentile(&self.times, 0.99));
        let rows = vec![
            Row { p50_ms, p99_ms, ..row("looks at the node that stayed", speed, "1/s") },
            row("the longest look", longest_ms, "ms"),
            row("published again after, at most", taken_over, "s"),
        ];
        let told =
            self.amiss.first().map_or_else(String::new, |first| format!(", {} amiss, as {first}", self.amiss.len()));
        let invariants = vec![
            Invariant {
                name: "no request of the other node failed",
                held: self.amiss.is_empty() && !self.times.is_empty(),
                detail: format!("{} looks{told}", self.times.len()),
            },
            Invariant {
                name: "no look waited longer than 3 s",
                held: longest_ms <= LONGEST.as_secs_f64() * 1000.0,
                detail: format!("{longest_ms:.0} ms at most"),
            },
        ];
        (rows, invariants)
    }
}
