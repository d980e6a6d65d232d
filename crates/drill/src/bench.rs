//! Speed over HTTP: 64 clients on connections of their own ask as fast as they are answered.

use crate::client::{self, Citizen, Connection};
use crate::verdict::{Invariant, Row, Verdict, percentile};
use hyper::StatusCode;
use serde_json::json;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Clients at a time.
const CLIENTS: usize = 64;

/// The cases, in the order in which they are run.
pub const CASES: [&str; 5] = ["static", "search", "book-hot", "disclose", "certificate"];

/// What is asked, and of whom.
pub struct Course {
    /// Where the demonstration listens.
    pub address: SocketAddr,
    /// How long each case runs.
    pub lasts: Duration,
    /// Seed of the world.
    pub seed: u64,
    /// The path of a file that never changes.
    pub file: String,
    /// A search, with its query.
    pub search: String,
    /// A session with more places than will be booked, and one of its slots.
    pub hot: (String, String),
    /// Phones of people who have a certificate.
    pub certified: Vec<String>,
}

/// What one client does over and over: `round` counts her own operations.
#[derive(Clone)]
pub(crate) enum Task {
    Get { path: String, token: Option<String> },
    Book { citizen: Arc<Citizen>, session: String, slot: String },
}

/// Times of one client's operations in milliseconds, and how many were answered otherwise than they must be.
#[derive(Default)]
struct Run {
    times: Vec<f64>,
    wrong: u64,
}

impl Course {
    /// Runs every case; `starts` is told the name of each before it begins.
    ///
    /// # Errors
    /// When the demonstration cannot be reached or a client cannot sign in.
    pub async fn run(&self, starts: impl Fn(&'static str)) -> io::Result<Verdict> {
        let mut rows: Vec<Row> = Vec::new();
        let mut wrong = 0;
        let citizens = self.citizens().await?;
        for case in CASES {
            starts(case);
            let (mut row, amiss) =
                load(self.address, case.to_owned(), CLIENTS, &self.tasks(case, &citizens).await?, self.lasts).await?;
            if let (true, Some(base)) = (case == "search", rows.iter().find(|row| row.case == "static")) {
                (row.ratio, row.ratio_to) = (Some(row.value / base.value), Some("static".into()));
            }
            rows.push(row);
            wrong += amiss;
        }
        let ratio = rows.iter().find_map(|row| row.ratio).unwrap_or_default();
        let invariants = vec![
            Invariant { name: "every answer is the right one", held: wrong == 0, detail: format!("{wrong} were not") },
            Invariant {
                name: "a search costs at most two files",
                held: ratio >= 0.5,
                detail: format!("{ratio:.2} of static"),
            },
        ];
        Ok(Verdict { name: "skeleton", seed: self.seed, rows, invariants })
    }

    /// New citizens, one for each client.
    async fn citizens(&self) -> io::Result<Vec<Arc<Citizen>>> {
        let citizens = client::new_citizens(self.address, CLIENTS).await?;
        Ok(citizens.into_iter().map(Arc::new).collect())
    }

    async fn tasks(&self, case: &str, citizens: &[Arc<Citizen>]) -> io::Result<Vec<Task>> {
        let get =
            |path: &str, token: Option<&str>| Task::Get { path: path.to_owned(), token: token.map(str::to_owned) };
        Ok(match case {
            "static" => citizens.iter().map(|_| get(&self.file, None)).collect(),
            "search" => citizens.iter().map(|_| get(&self.search, None)).collect(),
            "disclose" => {
                citizens.iter().map(|one| get("/api/v2/appointment/beneficiaries", Some(&one.token))).collect()
            }
            "book-hot" => {
                let (session, slot) = self.hot.clone();
                let task = |citizen: &Arc<Citizen>| Task::Book {
                    citizen: Arc::clone(citizen),
                    session: session.clone(),
                    slot: slot.clone(),
                };
                citizens.iter().map(task).collect()
            }
            _ => self.certificates().await?,
        })
    }

    async fn certificates(&self) -> io::Result<Vec<Task>> {
        let mut connection = Connection::open(self.address).await?;
        let mut tasks = Vec::new();
        for phone in &self.certified {
            let token = client::sign_in(&mut connection, phone).await?;
            let family = connection.get("/api/v2/appointment/beneficiaries", Some(&token)).await?.good()?.json();
            let members = family["beneficiaries"].as_array().cloned().unwrap_or_default();
            let vaccinated =
                members.iter().find(|member| member["dose1_date"].as_str().is_some_and(|day| !day.is_empty()));
            if let Some(reference) = vaccinated.and_then(|member| member["beneficiary_reference_id"].as_str()) {
                let path = format!("/api/v2/registration/certificate/download?beneficiary_reference_id={reference}");
                tasks.push(Task::Get { path, token: Some(token) });
            }
        }
        if tasks.is_empty() { Err(io::Error::other("nobody has a certificate")) } else { Ok(tasks) }
    }
}

/// One case: every client has a connection and a task; the tasks go round if they are fewer. Answers how many answers were
/// not as they must be, too.
pub(crate) async fn load(
    address: SocketAddr,
    case: String,
    clients: usize,
    tasks: &[Task],
    lasts: Duration,
) -> io::Result<(Row, u64)> {
    let mut running = JoinSet::new();
    let start = Instant::now();
    for task in tasks.iter().cycle().take(clients).cloned() {
        running.spawn(task.run(address, start + lasts));
    }
    let (mut times, mut wrong) = (Vec::new(), 0);
    while let Some(run) = running.join_next().await {
        let run = run.map_err(io::Error::other)??;
        times.extend(run.times);
        wrong += run.wrong;
    }
    let took = start.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred thousand operations")]
    let value = times.len() as f64 / took;
    let (p50_ms, p99_ms) = (percentile(&times, 0.5), percentile(&times, 0.99));
    Ok((Row { case, value, unit: "1/s", p50_ms, p99_ms, ratio: None, ratio_to: None }, wrong))
}

impl Task {
    async fn run(self, address: SocketAddr, until: Instant) -> io::Result<Run> {
        let mut connection = Connection::open(address).await?;
        let mut run = Run::default();
        while Instant::now() < until {
            let start = Instant::now();
            let is_right = self.once(&mut connection).await?;
            run.times.push(start.elapsed().as_secs_f64() * 1000.0);
            run.wrong += u64::from(!is_right);
        }
        Ok(run)
    }

    /// One operation. A booking is given back, so that the same people can book again: both together are one.
    async fn once(&self, connection: &mut Connection) -> io::Result<bool> {
        match self {
            Self::Get { path, token } => {
                let answer = connection.get(path, token.as_deref()).await?;
                Ok(answer.status == StatusCode::OK && !answer.body.is_empty())
            }
            Self::Book { citizen, session, slot } => {
                let wish = client::wish(session, slot, &citizen.reference);
                let booked = connection.post("/api/v2/appointment/schedule", Some(&citizen.token), &wish).await?;
                let appointment = booked.json()["appointment_confirmation_no"].clone();
                let back = json!({ "appointment_id": appointment, "beneficiariesToCancel": [citizen.reference] });
                let given_back = connection.post("/api/v2/appointment/cancel", Some(&citizen.token), &back).await?;
                Ok(booked.status == StatusCode::OK && given_back.status == StatusCode::NO_CONTENT)
            }
        }
    }
}
