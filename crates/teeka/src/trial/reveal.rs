//! `teeka bench reveal`: what a look costs, and what it costs to check looks.

use super::cost::cpu_us;
use super::{Ground, bar};
use crate::audit::Site;
use crate::folder::Folder;
use crate::{ambient, demo, keys};
use anyhow::{Context, ensure};
use clap::Args;
use drill::client;
use drill::reveal::{GOAL_AT, Reveal, Subject};
use drill::seed::{Post, Stage, year_of_looks};
use drill::verdict::{Invariant, Row, Verdict};
use drill::world::World;
use ledger::note::Note;
use ledger::policy::Policy;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use watch::audit::{Terms, audit};
use watch::check::{Looks, check};

/// Looks whose list is checked.
const LOOKS: u32 = 50;

/// How often a list is checked, for a time that can be told.
const CHECKS: u32 = 20;

#[derive(Args)]
pub(super) struct Measured {
    /// How long each case runs, in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How many look at a time, one case after the other; 64 is among them, for the goals are set there.
    #[arg(long, value_delimiter = ',', default_value = "1,8,64,256")]
    connections: Vec<usize>,
}

pub(super) async fn reveal(measured: &Measured, seed: u64) -> anyhow::Result<Verdict> {
    let (levels, lasts) = (&measured.connections, Duration::from_secs(measured.seconds));
    ensure!(levels.contains(&GOAL_AT), "--connections needs {GOAL_AT} among them");
    let ground = Ground::new("reveal")?;
    ground.course(seed, lasts).await?;
    let bar = bar(4 * levels.len() as u64 + 2)?;
    let starts = |case: &str| {
        bar.inc(1);
        bar.set_message(case.to_owned());
    };
    let mut reveal = Reveal::default();
    let many = *levels.iter().max().context("there are levels")?;
    let specimens = many.to_string();
    let served = ground.serve(&["--specimens", &specimens], &[])?;
    let citizens = client::new_citizens(served.address, many).await?;
    let process = served.process.id();
    let spent_us = || cpu_us(process);
    let subject = Subject { way: "in-process", address: served.address, spent_us: &spent_us };
    reveal.measure(&subject, &citizens, levels, lasts, starts).await?;
    drop(served);
    let room = KeyRoom::start(ground.path())?;
    let socket = ground.path().join(SOCKET);
    let socket = socket.to_str().context("a path of ours is text")?;
    let served = ground.serve(&["--specimens", &specimens, "--key-room", socket], &[])?;
    let processes = [served.process.id(), room.0.id()];
    let spent_us = || processes.into_iter().map(cpu_us).sum();
    let subject = Subject { way: "split", address: served.address, spent_us: &spent_us };
    reveal.measure(&subject, &citizens, levels, lasts, starts).await?;
    starts("audit");
    let (audited, stands) = audited(ground.path(), served.address.to_string(), None).await?;
    drop((served, room));
    starts("a year of looks");
    let checked = checked(&Ground::new("year")?, seed).await?;
    bar.finish_and_clear();
    let (mut rows, mut invariants) = reveal.judge();
    rows.extend(tiles(&ground.path().join("log"))?);
    rows.extend(audited);
    rows.extend(checked);
    invariants.push(stands);
    Ok(Verdict { name: "reveal", seed, rows, invariants })
}

/// Where the key room of a trial listens, in its data folder.
pub(super) const SOCKET: &str = "keyroom.socket";

/// A key room in a process of its own.
pub(super) struct KeyRoom(Child);

impl KeyRoom {
    pub(super) fn start(data: &Path) -> anyhow::Result<Self> {
        let keys = data.join("keys");
        let log = keys::load(&keys)?.secrets().log_key().verifier().to_string();
        let mut process = Command::new(std::env::current_exe()?)
            .args(["keys", "serve", "--log", &log, "--socket"])
            .arg(data.join(SOCKET))
            .arg("--keys")
            .arg(&keys)
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let said = BufReader::new(process.stdout.take().context("its output is ours to read")?);
        let ready = said.lines().map_while(Result::ok).any(|line| line.starts_with("Ready"));
        let room = Self(process);
        ensure!(ready, "the key room does not start");
        Ok(room)
    }
}

impl Drop for KeyRoom {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// An audit of everything that the bench has looked at, over HTTP.
pub(super) async fn audited(
    data: &Path,
    address: String,
    since: Option<&Note>,
) -> anyhow::Result<([Row; 2], Invariant)> {
    let since = since.cloned();
    let [policy, credential] = ["policy.txt", "auditor.txt"].map(|name| std::fs::read_to_string(data.join(name)));
    let (policy, credential): (Policy, String) = (policy?.parse()?, credential?);
    let auditing = move || {
        let site = Site::new(&format!("http://{address}"), Some(credential.trim()))?;
        let now_s = u64::try_from(ambient::now_ms() / 1000)?;
        let terms =
            Terms { policy: &policy, since: since.as_ref(), has_credential: true, open: 20, nonce: [7; 32], now_s };
        let begun = Instant::now();
        let mut size = 0;
        let report = audit(&site, &terms, &mut |_, all| size = all)?;
        anyhow::Ok((report, size, begun.elapsed().as_secs_f64()))
    };
    let (report, size, took_s) = tokio::task::spawn_blocking(auditing).await??;
    #[expect(clippy::cast_precision_loss, reason = "some millions at most")]
    let size = size as f64;
    let rows = [
        Row::figure("entries audited over HTTP", size, ""),
        Row::figure("per million entries", took_s / size * 1e6, "s"),
    ];
    let detail =
        report.checks.iter().filter(|check| check.held == Some(false)).map(|check| check.name).collect::<Vec<_>>();
    Ok((rows, Invariant { name: "the audit stands", held: report.stands(), detail: detail.join(", ") }))
}

/// The public bytes of each entry: hash tiles. Auditors fetch the leaves, besides.
fn tiles(log: &Path) -> anyhow::Result<[Row; 2]> {
    let text = std::fs::read_to_string(log.join("checkpoint"))?;
    let size: f64 = text.lines().nth(1).context("a checkpoint has a size")?.parse()?;
    let tile = log.join("tile");
    let (mut hashes, mut leaves) = (0, 0);
    for entry in std::fs::read_dir(&tile)? {
        let entry = entry?;
        let bytes = weigh(&entry.path())?;
        if entry.file_name() == "entries" { leaves += bytes } else { hashes += bytes }
    }
    #[expect(clippy::cast_precision_loss, reason = "some gigabytes at most")]
    let each = |bytes: u64| bytes as f64 / size;
    Ok([Row::figure("public bytes per look", each(hashes), "B"), Row::figure("leaf bytes per look", each(leaves), "B")])
}

pub(super) fn weigh(path: &Path) -> anyhow::Result<u64> {
    if !path.is_dir() {
        return Ok(path.metadata()?.len());
    }
    std::fs::read_dir(path)?.map(|entry| weigh(&entry?.path())).sum()
}

/// A list of looks over a year, and its check.
async fn checked(ground: &Ground, seed: u64) -> anyhow::Result<[Row; 3]> {
    let folder = Folder::open(ground.path())?;
    let (clock, post) = (ambient::Settable::at(ambient::now_ms()), Arc::new(Post::default()));
    let keys = keys::load(&ground.path().join("keys"))?;
    let vault = folder.vault(&keys, demo::ISSUER, clock.clock(), Arc::clone(&post) as _)?;
    let put = clock.clone();
    let stage = Stage { vault, post, put_clock: Box::new(move |ms| put.set(ms)) };
    let world = World::generate(seed, stage.vault.today(), 1);
    let file = year_of_looks(&stage, &world, LOOKS).await?;
    let looks: Looks = serde_json::from_slice(&file)?;
    let begun = Instant::now();
    for _ in 0..CHECKS {
        check(&looks, None)?;
    }
    let took_ms = begun.elapsed().as_secs_f64() * 1000.0 / f64::from(CHECKS);
    #[expect(clippy::cast_precision_loss, reason = "some kilobytes")]
    let [size, rows] = [file.len(), looks.entries.len()].map(|many| many as f64);
    Ok([
        Row::figure("rows of a list over a year", rows, ""),
        Row::figure("the list with its proofs", size / 1024.0, "kiB"),
        Row::figure("the list checked", took_ms, "ms"),
    ])
}
