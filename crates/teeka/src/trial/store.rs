//! `teeka bench store`: commands in batches, on either engine, against one statement and one commit a request.

mod world;

use super::cost::{Cost, Meter};
use super::{Ground, bar};
use crate::ambient;
use ::store::plain::{self, Grounds, Plain, SIDES};
use ::store::{Reader, Store};
use anyhow::Context;
use drill::verdict::{Invariant, Row, Verdict, percentile};
use indicatif::ProgressBar;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use world::{Case, Task, World};

/// Clients at a time.
const CLIENTS: usize = 64;

/// Runs of each case on each side, one side after the other; the median of them counts.
const RUNS: usize = 5;

/// How the bench is told what to do.
#[derive(clap::Args)]
pub(super) struct Measured {
    /// How many people live in the world before.
    #[arg(long, default_value_t = 2_000)]
    people: usize,
    /// Operations in each run of each case.
    #[arg(long, default_value_t = 2_000)]
    operations: usize,
    /// The address of a server's database, in which schemas are made and dropped.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
}

/// One of the ways that are measured.
#[derive(Clone)]
enum Side {
    Batched(Store),
    Plain(Arc<Plain>),
}

/// What one run of one case came to.
struct Sample {
    rate: f64,
    times_ms: Vec<f64>,
    cost: Cost,
}

/// Runs of all cases, as `[side][case][run]`, and how many operations were not done.
struct Findings {
    samples: Vec<Vec<Vec<Sample>>>,
    undone: u64,
}

pub(super) async fn store(measured: Measured, seed: u64) -> anyhow::Result<Verdict> {
    let Measured { people, operations, store } = measured;
    let url = store.or_else(|| std::env::var(plain::ADDRESS).ok()).filter(|url| !url.is_empty());
    let url = url.context(plain::NEEDS)?;
    let ground = Ground::new("bench-store")?;
    let grounds = Grounds::make(&url, &std::process::id().to_string()).await?;
    let measuring = measure(&ground, &grounds, (people, operations), seed).await;
    grounds.end().await?;
    measuring
}

async fn measure(
    ground: &Ground,
    grounds: &Grounds,
    (people, operations): (usize, usize),
    seed: u64,
) -> anyhow::Result<Verdict> {
    let (mut world, begins) = World::new(seed, CLIENTS, ambient::now_ms());
    let bar = bar((people + (RUNS + 1) * Case::ALL.len() * SIDES.len()) as u64)?;
    let [embedded, server, beside] =
        [Store::open(ground.path())?, grounds.store().await?, grounds.store_for_plain().await?];
    for (store, name) in [&embedded, &server, &beside].into_iter().zip(SIDES) {
        bar.set_message(format!("world of {name}"));
        for command in &begins {
            store.apply(command.clone()).await?;
        }
    }
    bar.set_message("people");
    let (mut chance, moving) = (world.chance(), bar.clone());
    let draw = move |bytes: &mut [u8]| chance.fill(bytes);
    grounds.settle(ground.path(), people, world.now_ms, draw, move |many| moving.set_position(many as u64)).await?;
    drop(beside);
    let plain = Arc::new(grounds.plain(CLIENTS).await?);
    let meter = Meter::of(plain.process().await?)?;
    let before = [embedded.read(Reader::log_size).await?, server.read(Reader::log_size).await?, plain.entries().await?];
    let sides = [Side::Batched(embedded), Side::Batched(server), Side::Plain(plain)];
    let mut findings = Findings { samples: Vec::new(), undone: 0 };
    findings.samples.resize_with(sides.len(), || Case::ALL.map(|_| Vec::new()).into());
    // The first run is not counted: statements are planned, caches filled.
    for run in 0..=RUNS {
        let people = world.people(operations);
        for (at, case) in Case::ALL.into_iter().enumerate() {
            let tasks: Vec<Task> =
                (0..).zip(&people).map(|(n, person)| world.task(case, person, n % CLIENTS)).collect();
            for step in 0..sides.len() {
                // Whatever one side leaves to be done in the background does not always meet the same neighbour.
                let side = (run + step) % sides.len();
                tell(&bar, run, case, SIDES[side]);
                let (sample, undone) = sides[side].run(&meter, &tasks, side > 0).await?;
                if run > 0 {
                    findings.samples[side][at].push(sample);
                }
                findings.undone += undone;
            }
        }
    }
    bar.finish_and_clear();
    let mut after = Vec::new();
    for side in &sides {
        after.push(side.entries().await?);
    }
    let written: Vec<u64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    let booked = sides[0].booked(world.hot).await?.zip(sides[1].booked(world.hot).await?);
    let places = (RUNS + 1) * operations;
    Ok(findings.judge(seed, &written, (places * Case::ALL.len()) as u64, booked, places as u64))
}

fn tell(bar: &ProgressBar, run: usize, case: Case, side: &str) {
    bar.inc(1);
    bar.set_message(format!("run {run} of {RUNS}: {}/{side}", case.name()));
}

impl Side {
    /// Every client does her part of the tasks, one after the other; how many were not done besides.
    async fn run(&self, meter: &Meter, tasks: &[Task], on_server: bool) -> anyhow::Result<(Sample, u64)> {
        let (gate, mut running) = (Arc::new(Semaphore::new(0)), JoinSet::new());
        for client in 0..CLIENTS {
            let (side, gate) = (self.clone(), Arc::clone(&gate));
            let own: Vec<Task> = tasks.iter().skip(client).step_by(CLIENTS).cloned().collect();
            running.spawn(async move {
                let _begun = gate.acquire().await?;
                let (mut times_ms, mut undone) = (Vec::with_capacity(own.len()), 0);
                for task in own {
                    let begun = Instant::now();
                    undone += u64::from(!side.once(client, task).await?);
                    times_ms.push(begun.elapsed().as_secs_f64() * 1000.0);
                }
                anyhow::Ok((times_ms, undone))
            });
        }
        let (before, begun) = (meter.read(on_server)?, Instant::now());
        gate.add_permits(CLIENTS);
        let (mut times_ms, mut undone) = (Vec::with_capacity(tasks.len()), 0);
        while let Some(done) = running.join_next().await {
            let (times, amiss) = done??;
            times_ms.extend(times);
            undone += amiss;
        }
        let (took, after) = (begun.elapsed().as_secs_f64(), meter.read(on_server)?);
        times_ms.sort_by(f64::total_cmp);
        Ok((
            Sample { rate: count(tasks.len()) / took, times_ms, cost: after.since(before).over(count(tasks.len())) },
            undone,
        ))
    }

    /// One operation; whether it was done.
    async fn once(&self, client: usize, task: Task) -> anyhow::Result<bool> {
        let Task { command, then } = task;
        match self {
            Self::Batched(store) => {
                let done = store.apply(command).await.is_ok();
                Ok(done
                    && match then {
                        world::Then::Nothing => true,
                        world::Then::Look(person) => {
                            store.read(move |rows| rows.person(person)).await?.is_some_and(|row| !row.fields.is_empty())
                        }
                        world::Then::Find(reference) => {
                            store.read(move |rows| rows.by_reference(&reference)).await?.is_some()
                        }
                    })
            }
            Self::Plain(plain) => {
                let done = plain.apply(client, &command).await?;
                Ok(done
                    && match then {
                        world::Then::Nothing => true,
                        world::Then::Look(person) => plain.look(client, person).await? > 0,
                        world::Then::Find(reference) => plain.find(client, &reference).await?,
                    })
            }
        }
    }

    async fn entries(&self) -> anyhow::Result<u64> {
        match self {
            Self::Batched(store) => Ok(store.read(Reader::log_size).await?),
            Self::Plain(plain) => Ok(plain.entries().await?),
        }
    }

    /// Places booked in a session, where the store counts them.
    async fn booked(&self, session: registry::SessionId) -> anyhow::Result<Option<u64>> {
        let Self::Batched(store) = self else { return Ok(None) };
        let row = store.read(move |rows| rows.session(session)).await?;
        Ok(row.map(|row| u64::from(row.session.places[0].booked)))
    }
}

impl Findings {
    fn judge(self, seed: u64, written: &[u64], every: u64, booked: Option<(u64, u64)>, places: u64) -> Verdict {
        let middle = |side: usize, case: usize, of: fn(&Sample) -> f64| median(self.samples[side][case].iter().map(of));
        let (rate, cpu) = (|s: &Sample| s.rate, |s: &Sample| s.cost.cpu_us);
        let mut rows = Vec::new();
        for (at, case) in Case::ALL.into_iter().enumerate() {
            for (side, name) in SIDES.into_iter().enumerate() {
                let case = format!("{}/{name}", case.name());
                rows.extend(self.rows(&case, side, at, middle(2, at, rate)));
            }
        }
        let (hot, plain) = (Case::ALL.iter().position(|case| *case == Case::BookHot).unwrap_or(0), 2);
        let faster = |side| middle(side, hot, rate) / middle(plain, hot, rate);
        let cheaper = |side| middle(plain, hot, cpu) / middle(side, hot, cpu);
        let goal = |name, ratio: f64, least: f64| Invariant {
            name,
            held: ratio >= least,
            detail: format!("{ratio:.1} times, at least {least}"),
        };
        let same = written.iter().all(|entries| *entries == every);
        let invariants = vec![
            Invariant {
                name: "every operation was done",
                held: self.undone == 0,
                detail: format!("{} were not", self.undone),
            },
            Invariant {
                name: "an entry for each, on every side",
                held: same,
                detail: format!("{written:?} of {every}"),
            },
            Invariant {
                name: "no place of the hot session is lost or sold twice",
                held: booked == Some((places, places)),
                detail: format!("{booked:?} of {places}"),
            },
            goal("one hot session on the server, batched, against plain", faster(1), 5.0),
            goal("one hot session embedded, against plain", faster(0), 10.0),
            goal("CPU of a booking on the server, plain against batched", cheaper(1), 3.0),
            goal("CPU of a booking embedded, plain against it", cheaper(0), 3.0),
        ];
        Verdict { name: "store", seed, rows, invariants }
    }

    /// The rows of one case on one side: its rate with its ratio to the plain way, the spread of the runs, what it cost.
    fn rows(&self, case: &str, side: usize, at: usize, plain: f64) -> Vec<Row> {
        let samples = &self.samples[side][at];
        let rates: Vec<f64> = samples.iter().map(|sample| sample.rate).collect();
        let value = median(rates.iter().copied());
        let mut times: Vec<f64> = samples.iter().flat_map(|sample| sample.times_ms.iter().copied()).collect();
        times.sort_by(f64::total_cmp);
        let ratio_to = case.split_once('/').filter(|_| side != 2).map(|(case, _)| format!("{case}/{}", SIDES[2]));
        let (least, most) =
            rates.iter().fold((f64::MAX, 0.0_f64), |(least, most), one| (least.min(*one), most.max(*one)));
        let mut rows = vec![
            Row {
                case: case.to_owned(),
                value,
                unit: "1/s",
                p50_ms: percentile(&times, 0.5),
                p99_ms: percentile(&times, 0.99),
                ratio: ratio_to.as_ref().map(|_| value / plain),
                ratio_to,
            },
            Row::figure(&format!("{case} slowest run"), least, "1/s"),
            Row::figure(&format!("{case} fastest run"), most, "1/s"),
            Row::figure(&format!("{case} CPU"), median(samples.iter().map(|sample| sample.cost.cpu_us)), "µs"),
        ];
        let written: Option<Vec<f64>> = samples.iter().map(|sample| sample.cost.written_bytes).collect();
        rows.extend(written.map(|bytes| Row::figure(&format!("{case} written"), median(bytes.into_iter()), "B")));
        rows
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "some millions at most")]
fn count(many: usize) -> f64 {
    many as f64
}
