//! Two nodes serve one database, and one of them dies: whoever asks the other goes on as before.

use crate::client::{Answer, Citizen, Connection};
use crate::verdict::{Invariant, Row, percentile};
use std::io;
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

/// Everybody looks at her card, over and over on one connection, until `ends` says so. Where there are several addresses, one
/// whose connection breaks asks the next once more, as a proxy in front does.
pub async fn look_on(addresses: &[SocketAddr], citizens: &[Citizen], ends: &watch::Receiver<bool>) -> Steady {
    let (mut looking, begun) = (JoinSet::new(), Instant::now());
    for (n, token) in citizens.iter().map(|one| one.token.clone()).enumerate() {
        let (ends, addresses) = (ends.clone(), addresses.to_vec());
        looking.spawn(async move {
            let (mut steady, mut connection, mut at) = (Steady::default(), None, n % addresses.len());
            while !*ends.borrow() {
                let start = Instant::now();
                let mut answer = look(&mut connection, addresses[at], &token).await;
                if answer.is_err() && addresses.len() > 1 {
                    at = (at + 1) % addresses.len();
                    answer = look(&mut connection, addresses[at], &token).await;
                }
                match answer.and_then(Answer::good) {
                    Ok(_) => steady.times.push(start.elapsed().as_secs_f64() * 1000.0),
                    Err(error) => steady.amiss.push(error.to_string()),
                }
            }
            steady
        });
    }
    let mut all = Steady::default();
    while let Some(Ok(one)) = looking.join_next().await {
        all.times.extend(one.times);
        all.amiss.extend(one.amiss);
    }
    all.lasted = begun.elapsed();
    all
}

/// One look, on a connection that stays open while it works.
async fn look(kept: &mut Option<Connection>, address: SocketAddr, token: &str) -> io::Result<Answer> {
    let mut connection = match kept.take() {
        Some(connection) => connection,
        None => Connection::open(address).await?,
    };
    let answer = connection.get("/api/v2/appointment/beneficiaries", Some(token)).await?;
    *kept = Some(connection);
    Ok(answer)
}

impl Steady {
    /// Adds another round, after whose kill it took so long until the log was published again.
    pub fn add(&mut self, round: Self, taken_over: Duration) {
        self.times.extend(round.times);
        self.amiss.extend(round.amiss);
        self.taken_over.push(taken_over.as_secs_f64());
        self.lasted += round.lasted;
    }

    /// What must hold where every node is ended with grace and started again, one after the other.
    #[must_use]
    pub fn rolled(&self) -> Invariant {
        Invariant { name: "a rolling restart fails no request", held: self.is_good(), detail: self.told() }
    }

    fn is_good(&self) -> bool {
        self.amiss.is_empty() && !self.times.is_empty()
    }

    fn told(&self) -> String {
        let amiss = self.amiss.first().map(|first| format!(", {} amiss, as {first}", self.amiss.len()));
        format!("{} looks{}", self.times.len(), amiss.unwrap_or_default())
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
        let invariants = vec![
            Invariant { name: "no request of the other node failed", held: self.is_good(), detail: self.told() },
            Invariant {
                name: "no look waited longer than 3 s",
                held: longest_ms <= LONGEST.as_secs_f64() * 1000.0,
                detail: format!("{longest_ms:.0} ms at most"),
            },
        ];
        (rows, invariants)
    }
}
