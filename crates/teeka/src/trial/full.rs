//! The disk of a process becomes full and has room again. No file of the process may grow or change meanwhile: a limit on
//! its file size does it, which needs no rights, no second disk, and spares everybody else on the machine.

use super::{Ground, Served, bar};
use anyhow::{Context, ensure};
use drill::full::{Findings, Witness};
use drill::kill::{self, excused};
use drill::verdict::Verdict;
use std::process::Command;
use std::time::Duration;

/// How long there is room at least, so that something was acknowledged.
const UNDER_LOAD: Duration = Duration::from_secs(1);

/// How long nothing can be written.
const FULL: Duration = Duration::from_secs(3);

pub(super) async fn full(seed: u64, rounds: u64) -> anyhow::Result<Verdict> {
    let ground = Ground::new("disk-full")?;
    let (session, slot) = ground.one_session(100_000).await?;
    let search = ground.search()?;
    let (mut findings, mut kept) = (Findings::default(), kill::Findings::default());
    let bar = bar(rounds)?;
    for round in 0..rounds {
        let mut served = Served::start_with(ground.path(), &[], true)?;
        let (moment, address) = (kill::moment(seed, round), served.address);
        bar.set_message(format!("round {round}, full after {} ms", (UNDER_LOAD + moment).as_millis()));
        let mut witness =
            Witness::new(address, 1_000 + round, &session.to_string(), slot.text(), &search).await.context("before")?;
        let process = served.process.id();
        let filled = async {
            tokio::time::sleep(UNDER_LOAD + moment).await;
            room(process, false).expect("the child is ours to limit");
        };
        // Whoever is refused goes; what she was told before is held against the data afterwards.
        let claims = kill::load(address, round, session, slot.text(), filled).await;
        for n in 0..3 {
            witness.tries(2_000 + round * 10 + n, &mut findings).await.context("while the disk is full")?;
            tokio::time::sleep(FULL / 3).await;
        }
        room(process, true)?;
        witness.goes_on(&mut findings).await.context("after the disk was full")?;
        ensure!(served.process.try_wait()?.is_none(), "the process ended");
        served.kill()?;
        let (vault, live) = ground.after(session).await?;
        kept.check(&vault, &excused(claims), session, live).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let invariants = [findings.invariants(), kept.invariants()].concat();
    Ok(Verdict { name: "disk-full", seed, rows: Vec::new(), invariants })
}

/// Gives a process of ours room on its disk, or takes it.
fn room(process: u32, has: bool) -> anyhow::Result<()> {
    let limit = if has { "--fsize=unlimited:" } else { "--fsize=0:" };
    let ended = Command::new("prlimit").args(["--pid", &process.to_string(), limit]).status();
    ensure!(ended.context("this drill needs `prlimit`, of util-linux")?.success(), "prlimit refused");
    Ok(())
}
