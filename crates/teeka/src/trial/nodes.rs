//! Two nodes over one database, with one key room and the same witnesses: the node that leads is killed under load. Whoever asks
//! the other goes on, the log is published by it, and nothing is lost that anybody was told.

use super::restore::published;
use super::reveal::{KeyRoom, SOCKET, audited};
use super::{Data, Ground, bar};
use crate::{ambient, demo, keys, listen};
use anyhow::Context;
use drill::client::new_citizens;
use drill::kill::{self, Findings, Since};
use drill::nodes::{Steady, look_on};
use drill::verdict::Verdict;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Where a node may listen that nobody knows yet.
const ANYWHERE: &str = "127.0.0.1:0";

/// Clients of the node that stays.
const CLIENTS: usize = 16;

/// How long they go on after a kill.
const AFTER: Duration = Duration::from_secs(3);

/// How long nobody may publish.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn nodes(store: String, seed: u64, rounds: u64) -> anyhow::Result<Verdict> {
    let ground = Ground::with("nodes", Data { store: Some(store) }).await?;
    let (session, slot) = ground.one_session(100_000).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let there = format!("http://{}", listener.local_addr()?);
    let log = keys::load(&ground.path().join("keys"))?.secrets().log_key();
    let witnesses = demo::witness_router(ground.path(), log.verifier(), &ambient::clock())?;
    let watching = tokio::spawn(listen::serve(listener, witnesses, None));
    let room = KeyRoom::start(ground.path())?;
    let socket = ground.path().join(SOCKET);
    let socket = socket.to_str().context("a path of ours is text")?;
    let start =
        |address: &str| ground.serve(&["--key-room", socket, "--witnesses-at", &there, "--listen", address], &[]);
    // The elder leads.
    let (mut elder, mut younger) = (start(ANYWHERE)?, start(ANYWHERE)?);
    let citizens = new_citizens(elder.address, CLIENTS).await?;
    let (mut steady, mut claims, bar) = (Steady::default(), Vec::new(), bar(rounds)?);
    say!("seed {seed}: the same seed kills at the same moments");
    for round in 0..rounds {
        let moment = kill::moment(seed, round);
        bar.set_message(format!("round {round}, killed after {} ms", moment.as_millis()));
        let (ends, until) = watch::channel(false);
        let (victim, stays) = (elder.address, [younger.address]);
        let mut taken_over = Ok(Duration::ZERO);
        let killing = async {
            tokio::time::sleep(Duration::from_secs(1) + moment).await;
            elder.kill().expect("the child is ours to kill");
            taken_over = published_again(ground.path()).await;
            tokio::time::sleep(AFTER).await;
            ends.send(true).ok();
        };
        let load = kill::load(victim, round, session, slot.text(), Since::Shown, killing);
        let (told, met) = tokio::join!(load, look_on(&stays, &citizens, &until));
        claims.push(told);
        steady.add(met, taken_over?);
        (elder, younger) = (younger, start(ANYWHERE)?);
        bar.inc(1);
    }
    let (ends, until) = watch::channel(false);
    let addresses = [elder.address, younger.address];
    let rolling = async {
        for node in [&mut elder, &mut younger] {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let address = node.address.to_string();
            node.terminate().await?;
            *node = start(&address)?;
        }
        ends.send(true).ok();
        anyhow::Ok(())
    };
    let (rolled, met) = tokio::join!(rolling, look_on(&addresses, &citizens, &until));
    rolled?;
    bar.finish_and_clear();
    let (figures, stands) = audited(ground.path(), younger.address.to_string(), None).await?;
    drop((elder, younger, room));
    watching.abort();
    let (vault, live) = ground.after(session).await?;
    let mut findings = Findings::default();
    for told in &claims {
        findings.check(&vault, told, session, live).await?;
    }
    let (mut rows, mut invariants) = steady.judge();
    rows.extend(figures);
    invariants.extend(findings.invariants());
    invariants.extend([met.rolled(), stands]);
    Ok(Verdict { name: "nodes", seed, rows, invariants })
}

/// How long it takes until more of the log is published.
async fn published_again(data: &Path) -> anyhow::Result<Duration> {
    let (begun, before) = (Instant::now(), published(data)?.1);
    while begun.elapsed() < PATIENCE {
        if published(data).is_ok_and(|(_, size)| size > before) {
            return Ok(begun.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    anyhow::bail!("nobody published the log for {} s", PATIENCE.as_secs())
}
