//! `teeka drill failover`: a cluster loses its leader under load, again and again, and Teeka goes on over it without a restart.

mod cluster;

use super::reveal::audited;
use super::{Data, Ground, bar};
use anyhow::{bail, ensure};
use cluster::{Cluster, NODES, Programs};
use drill::failover::{Crowd, Outage, judge};
use drill::kill;
use drill::verdict::{Invariant, Verdict};
use indicatif::ProgressBar;
use std::time::Duration;
use store::rows::Status;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

/// How long there is load before a kill, at least.
const UNDER_LOAD: Duration = Duration::from_secs(5);

/// How long is waited for a booking after a kill.
const PATIENCE: Duration = Duration::from_mins(2);

/// The longest that one kill with all that follows may take, and what is before and after.
const EACH: Duration = Duration::from_mins(6);

/// How long the log may take to show everything that was written.
const PUBLISHES: Duration = Duration::from_secs(5);

pub(super) async fn failover(seed: u64, kills: u64) -> anyhow::Result<Verdict> {
    let (programs, bar) = (Programs::find()?, bar(kills)?);
    let mut terminated = signal(SignalKind::terminate())?;
    let verdict = tokio::select! {
        verdict = tried(programs, seed, kills, &bar) => verdict,
        // Whatever ends it, the processes of the cluster end with it.
        _ = tokio::signal::ctrl_c() => bail!("broken off"),
        _ = terminated.recv() => bail!("broken off"),
        () = sleep(EACH * u32::try_from(kills + 2)?) => bail!("it does not come to an end"),
    };
    bar.finish_and_clear();
    verdict
}

async fn tried(programs: Programs, seed: u64, kills: u64, bar: &ProgressBar) -> anyhow::Result<Verdict> {
    say!("seed {seed}: three servers, who says which of them leads, and a door, all on loopback");
    let mut cluster = Cluster::start(programs).await?;
    let ground = Ground::with("failover", Data { store: Some(cluster.url()) }).await?;
    let (session, slot) = ground.one_session(1_000_000).await?;
    // It says every second that the store is away; that is no part of the table.
    let says = format!("exec \"$0\" \"$@\" 2> '{}'", ground.path().join("service.log").display());
    let mut served = ground.serve(&[], &["sh", "-c", &says])?;
    let crowd = Crowd::start(served.address, session, slot.text());
    let mut outages = Vec::new();
    for round in 0..kills {
        let one = outage(&mut cluster, &crowd, kill::moment(seed, round), bar).await?;
        let goes_on = one.whole.is_some();
        outages.push(one);
        bar.inc(1);
        if !goes_on {
            break;
        }
    }
    let goes_on = served.process.try_wait()?.is_none();
    let (acknowledged, claims) = crowd.stop().await;
    ensure!(goes_on, "the service ended");
    sleep(PUBLISHES).await;
    let (_, stands) = audited(ground.path(), served.address.to_string(), None).await?;
    served.kill()?;

    bar.set_message("what was acknowledged is held against the data");
    let (folder, vault) = ground.open().await?;
    let rows = folder.store().read(move |store| store.appointments_of(session)).await?;
    let booked: Vec<String> =
        rows.iter().filter(|row| row.status == Status::Booked).map(|row| row.id.to_string()).collect();
    let mut findings = kill::Findings::default();
    findings.check(&vault, &claims, session, u32::try_from(booked.len())?).await?;
    let found = vault.compare_store().await?;
    let rows_match = Invariant {
        name: "the store is what its log says",
        held: found.faults.is_empty(),
        detail: found.faults.first().cloned().unwrap_or_else(|| format!("{} entries", found.entries)),
    };
    let lived = Invariant { name: "the service was not restarted", held: goes_on, detail: "one process".into() };
    let more = [findings.invariants(), vec![stands, rows_match, lived]].concat();
    Ok(judge(seed, &outages, &acknowledged, &booked, more))
}

/// Kills whoever leads, waits until a booking is taken again, and has the killed one come back.
async fn outage(cluster: &mut Cluster, crowd: &Crowd, moment: Duration, bar: &ProgressBar) -> anyhow::Result<Outage> {
    let before = crowd.acknowledged();
    bar.set_message("under load");
    sleep(UNDER_LOAD + moment).await;
    ensure!(crowd.acknowledged() > before, "no booking is taken, though nothing was killed");
    let leader = cluster.whole().await?;
    let killed = Instant::now();
    cluster.kill(leader)?;
    let mut back = None;
    while back.is_none() && killed.elapsed() < PATIENCE {
        bar.set_message(format!("{} was killed {} s ago", NODES[leader], killed.elapsed().as_secs()));
        sleep(Duration::from_millis(200)).await;
        back = crowd.back_since(killed);
    }
    let started = Instant::now();
    cluster.revive(leader)?;
    bar.set_message(format!("{} comes back", NODES[leader]));
    let (to, whole) = match cluster.whole().await {
        Ok(next) => (next, Some(started.elapsed())),
        Err(error) => {
            say!("{error:#}");
            (leader, None)
        }
    };
    Ok(Outage { from: NODES[leader].into(), to: NODES[to].into(), back, whole })
}
