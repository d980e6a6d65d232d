//! Nothing can be written for a while: the disk of a process becomes full, or the folder of its log can only be read. Then
//! it can be written again.

use super::{Data, Ground, Served, bar};
use anyhow::{Context, ensure};
use drill::full::{Findings, Witness};
use drill::kill::{self, Since, excused};
use drill::verdict::Verdict;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// How long there is room at least, so that something was acknowledged.
const UNDER_LOAD: Duration = Duration::from_secs(1);

/// How long nothing can be written.
const TROUBLED: Duration = Duration::from_secs(3);

/// What keeps a process from writing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No file of it may grow or change: a limit on its file size, which needs no rights, no second disk, and spares
    /// everybody else on the machine.
    DiskFull,
    /// The folder of its log, and all within, may be read and not written: by the rights of its files, as they bind every
    /// account. Root is bound by them when it gives up the right to override them, which this process does for its child.
    ReadOnlyLog,
}

/// Words before a command of root's that is bound by the rights of files.
const BOUND: [&str; 3] = ["setpriv", "--bounding-set=-dac_override", "--"];

impl Trouble {
    fn name(self) -> &'static str {
        match self {
            Self::DiskFull => "disk-full",
            Self::ReadOnlyLog => "read-only-log",
        }
    }

    /// The words before the command of whoever is to be troubled.
    fn wrapped(self, data: &Path) -> anyhow::Result<&'static [&'static str]> {
        Ok(match self {
            // It hears that a write failed, and is not ended by it.
            Self::DiskFull => &["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""],
            Self::ReadOnlyLog if fs::metadata(data)?.uid() == 0 => &BOUND,
            Self::ReadOnlyLog => &[],
        })
    }

    fn begins(self, served: &Served, data: &Path) -> anyhow::Result<()> {
        match self {
            Self::DiskFull => room(served.process.id(), false),
            Self::ReadOnlyLog => {
                rights(&data.join("log"), 0o500)?;
                let mut tried = self.wrapped(data)?.to_vec();
                tried.push("test");
                let writes = Command::new(tried[0]).args(&tried[1..]).arg("-w").arg(data.join("log")).status();
                ensure!(!writes.context("`setpriv`, of util-linux")?.success(), "the log can still be written");
                Ok(())
            }
        }
    }

    fn ends(self, served: &Served, data: &Path) -> anyhow::Result<()> {
        match self {
            Self::DiskFull => room(served.process.id(), true),
            Self::ReadOnlyLog => rights(&data.join("log"), 0o700),
        }
    }
}

pub(super) async fn full(trouble: Trouble, data: Data, seed: u64, rounds: u64) -> anyhow::Result<Verdict> {
    let ground = Ground::with(trouble.name(), data).await?;
    let (session, slot) = ground.one_session(100_000).await?;
    let (search, log) = (ground.search().await?, ground.path().join("log"));
    let (mut findings, mut kept) = (Findings::default(), kill::Findings::default());
    let bar = bar(rounds)?;
    for round in 0..rounds {
        let mut served = ground.serve(&[], trouble.wrapped(ground.path())?)?;
        let (moment, address) = (kill::moment(seed, round), served.address);
        bar.set_message(format!("round {round}, {} after {} ms", trouble.name(), (UNDER_LOAD + moment).as_millis()));
        let mut witness =
            Witness::new(address, 1_000 + round, &session.to_string(), slot.text(), &search).await.context("before")?;
        let troubled = async {
            tokio::time::sleep(UNDER_LOAD + moment).await;
            trouble.begins(&served, ground.path()).expect("the child and its folder are ours");
        };
        // Whoever is refused goes; what she was told before is held against the data afterwards.
        let claims = kill::load(address, round, session, slot.text(), Since::Shown, troubled).await;
        let published = fs::read(log.join("checkpoint"))?;
        for n in 0..3 {
            witness.tries(2_000 + round * 10 + n, &mut findings).await.context("while nothing can be written")?;
            tokio::time::sleep(TROUBLED / 3).await;
        }
        ensure!(fs::read(log.join("checkpoint"))? == published, "something was written meanwhile");
        trouble.ends(&served, ground.path())?;
        witness.goes_on(&mut findings).await.context("afterwards")?;
        ensure!(served.process.try_wait()?.is_none(), "the process ended");
        served.kill()?;
        let (vault, live) = ground.after(session).await?;
        kept.check(&vault, &excused(claims), session, live).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let invariants = [findings.invariants(), kept.invariants()].concat();
    Ok(Verdict { name: trouble.name(), seed, rows: Vec::new(), invariants })
}

/// Gives a process of ours room on its disk, or takes it.
fn room(process: u32, has: bool) -> anyhow::Result<()> {
    let limit = if has { "--fsize=unlimited:" } else { "--fsize=0:" };
    let ended = Command::new("prlimit").args(["--pid", &process.to_string(), limit]).status();
    ensure!(ended.context("this drill needs `prlimit`, of util-linux")?.success(), "prlimit refused");
    Ok(())
}

/// Gives a folder and all folders within the same rights.
fn rights(folder: &Path, mode: u32) -> anyhow::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(mode))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rights(&path, mode)?;
        }
    }
    Ok(())
}
