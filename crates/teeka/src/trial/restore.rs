//! Everything is lost and brought back from copies, and held against what people were told: how fast, what was lost, and by
//! what the log says of itself.

use super::reveal::{audited, weigh};
use super::{Ground, Served, WITH_A_PAST};
use crate::{ambient, copies, doctor};
use anyhow::{Context, bail, ensure};
use drill::restore::{Family, amiss, families};
use drill::verdict::{Invariant, Row, Verdict};
use ledger::checkpoint::Checkpoint;
use ledger::note::Note;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Families that are told something before the older copy is made, and after it.
const EARLY: u64 = 12;
const LATE: u64 = 4;

/// How often a copy, a backup and a restore are timed; the median counts.
const TURNS: usize = 3;

/// What one person takes on disk with her share of log and keys, bytes: with a past, and without; and what a world has besides.
/// A drill holds seven of all: the data, two backups, a plain copy, three that are restored.
const PER_PAST: u64 = 40_000;
const PER_PERSON: u64 = 4_000;
const BESIDES: u64 = 30_000_000;
const COPIES: u64 = 7;

/// Signatures of a checkpoint that are the platform's own: of the log, and of the key room.
const OWN: usize = 2;

/// How long witnesses may take to see a new log, tenths of a second.
const UNTIL_WATCHED: u32 = 3000;

/// How much later families are asked again, milliseconds.
const LATER_MS: i64 = 120_000;

/// A backup of the drill: data and keys in two folders.
struct Backup {
    data: PathBuf,
    keys: PathBuf,
    /// As it said itself.
    name: String,
}

impl Backup {
    /// Made by `teeka backup`, while the data is in use.
    fn of(ground: &Ground, name: &str) -> anyhow::Result<Self> {
        Self::since(ground, name, None)
    }

    /// What is not in an earlier one, by the name that it has.
    fn since(ground: &Ground, name: &str, earlier: Option<&str>) -> anyhow::Result<Self> {
        let within = ground.path().join("drill").join(name);
        let mut backup = Self { data: within.join("data"), keys: within.join("keys"), name: String::new() };
        let (data, keys) = (backup.data.as_os_str(), backup.keys.as_os_str());
        let words = ["backup".as_ref(), data, "--data".as_ref(), ground.path().as_os_str(), "--keys-to".as_ref(), keys];
        let earlier = earlier.map(|name| ["--since".as_ref(), name.as_ref()]);
        let said = teeka(&[&words[..], earlier.as_ref().map_or(&[], |words| &words[..])].concat())?;
        good(&said)?;
        let said = String::from_utf8_lossy(&said.stdout);
        backup.name = said.rsplit_once("--since ").and_then(|(_, name)| name.lines().next()).unwrap_or_default().into();
        Ok(backup)
    }

    /// Brought back by `teeka restore`, with the keys of that backup.
    fn restore(&self, keys: &Self, to: &Path, accept: bool) -> anyhow::Result<Output> {
        self.restore_with(None, keys, to, accept)
    }

    /// The same, with an increment on it.
    fn restore_with(&self, more: Option<&Self>, keys: &Self, to: &Path, accept: bool) -> anyhow::Result<Output> {
        let (data, keys) = (self.data.as_os_str(), keys.keys.as_os_str());
        let mut words = vec!["restore".as_ref(), data];
        words.extend(more.map(|more| more.data.as_os_str()));
        words.extend(["--keys-from".as_ref(), keys, "--data".as_ref(), to.as_os_str()]);
        if accept {
            words.push("--accept-unreadable".as_ref());
        }
        teeka(&words)
    }

    fn bytes(&self) -> anyhow::Result<u64> {
        Ok(weigh(&self.data)? + weigh(&self.keys)?)
    }

    fn remove(self) -> anyhow::Result<()> {
        Ok(fs::remove_dir_all(self.data.parent().context("it lies in a folder of its own")?)?)
    }
}

/// The witnesses of the log are other bodies: a loss of ours is none of theirs.
fn witnessed(ground: &Ground, back: &Ground) -> anyhow::Result<()> {
    copies::copy_folder(&ground.path().join("witnesses"), &back.path().join("witnesses"))
}

/// The files of one folder of data that are not the same in another: the store, and everything in the log.
fn others(one: &Path, other: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = copies::names(&one.join("log"))?;
    names.extend(copies::names(&other.join("log"))?);
    let names = names.into_iter().map(|name| format!("log/{name}")).chain(["teeka.db".to_owned()]);
    Ok(names.filter(|name| fs::read(one.join(name)).ok() != fs::read(other.join(name)).ok()).collect())
}

/// Waits until witnesses have cosigned a log that was made without them: nobody is shown before.
async fn watched(data: &Path) -> anyhow::Result<()> {
    for _ in 0..UNTIL_WATCHED {
        if published(data).is_ok_and(|(note, _)| note.signatures.len() > OWN) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("no witness cosigns the log")
}

/// Waits until a log of so many entries has grown in public: by what is said of a restore, which comes first.
async fn says_what_it_lost(data: &Path, size: u64) -> anyhow::Result<()> {
    for _ in 0..UNTIL_WATCHED {
        if published(data)?.1 > size {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("what was lost is not said in public")
}

/// A data folder served some minutes later: one phone is sent one code a minute, also by what was brought back.
fn later(data: &Path) -> anyhow::Result<Served> {
    let now = jiff::Timestamp::from_millisecond(ambient::now_ms() + LATER_MS)?.to_string();
    Served::start(data, &["--now", &now], &[])
}

fn teeka(words: &[&std::ffi::OsStr]) -> anyhow::Result<Output> {
    Ok(Command::new(std::env::current_exe()?).args(words).stdin(Stdio::null()).output()?)
}

fn good(output: &Output) -> anyhow::Result<()> {
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim_end());
    Ok(())
}

/// The median seconds of some turns.
fn timed(mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut took = Vec::new();
    for _ in 0..TURNS {
        let begun = Instant::now();
        work()?;
        took.push(begun.elapsed().as_secs_f64());
    }
    took.sort_by(f64::total_cmp);
    Ok(took[TURNS / 2])
}

fn megabytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "some terabytes at most")]
    let bytes = bytes as f64;
    bytes / 1e6
}

/// The checkpoint that a data folder has published, and its size.
pub(super) fn published(data: &Path) -> anyhow::Result<(Note, u64)> {
    let note: Note = fs::read_to_string(data.join("log/checkpoint"))?.parse()?;
    let size = note.text.parse::<Checkpoint>()?.size;
    Ok((note, size))
}

fn held(name: &'static str, amiss: &[String], what: String) -> Invariant {
    let detail = amiss.first().map_or(what, |first| format!("{} amiss, as {first}", amiss.len()));
    Invariant { name, held: amiss.is_empty(), detail }
}

/// What was made since an older copy, and whether both are the same as a whole copy of now, page by page and file by file.
fn goes_on_from(older: &Backup, ground: &Ground) -> anyhow::Result<(Backup, Vec<String>)> {
    let again = Backup::since(ground, "again", Some(&older.name))?;
    let whole = Backup::of(ground, "whole")?;
    let [chained, at_once] = ["chained", "at-once"].map(|name| ground.path().join("drill").join(name));
    good(&older.restore_with(Some(&again), &whole, &chained, false)?)?;
    good(&whole.restore(&whole, &at_once, false)?)?;
    let others = others(&chained, &at_once)?;
    for folder in [chained, at_once] {
        fs::remove_dir_all(folder)?;
    }
    whole.remove()?;
    Ok((again, others))
}

pub(super) async fn restore(people: u32, seed: u64) -> anyhow::Result<Verdict> {
    let past = u64::from(people.min(WITH_A_PAST));
    let needed = COPIES * (BESIDES + past * PER_PAST + (u64::from(people) - past) * PER_PERSON);
    let free = doctor::free_kb(&std::env::temp_dir())? * 1024;
    say!("This takes about {:.0} MB of disk; {:.0} MB are free.", megabytes(needed), megabytes(free));
    ensure!(free > needed, "there is too little room");
    let ground = Ground::new("restore")?;
    let (session, slot) = ground.populate(seed, people).await?;
    let mut served = ground.serve(&[], &[])?;
    let address = served.address;
    watched(ground.path()).await?;
    let (id, slot) = (session.to_string(), slot.text().to_owned());
    let mut early = families(address, 0, EARLY, &id, &slot).await?;
    let older = Backup::of(&ground, "older")?;
    let since_older = Instant::now();
    early[0].removes_one(address).await?;
    let mut all = families(address, EARLY, LATE, &id, &slot).await?;
    let backup_s = timed(|| Backup::of(&ground, "timed")?.remove())?;
    let again_s = timed(|| Backup::since(&ground, "timed", Some(&older.name))?.remove())?;
    let newest = Backup::of(&ground, "newest")?;
    let lost_s = since_older.elapsed().as_secs_f64();
    served.kill()?;
    let (before, size) = published(ground.path())?;

    let (bytes, drill) = (newest.bytes()?, ground.path().join("drill"));
    let copy_s = timed(|| {
        copies::copy_folder(&newest.data, &drill.join("plain/data"))?;
        copies::copy_folder(&newest.keys, &drill.join("plain/keys"))?;
        Ok(fs::remove_dir_all(drill.join("plain"))?)
    })?;
    let restore_s = timed(|| {
        good(&newest.restore(&newest, &drill.join("timed"), false)?)?;
        Ok(fs::remove_dir_all(drill.join("timed"))?)
    })?;

    // The newest copy, with its own keys: whole.
    let back = Ground::over(drill.join("back"));
    good(&newest.restore(&newest, back.path(), false)?)?;
    witnessed(&ground, &back)?;
    let known = back.log_size().await?;
    let after = later(back.path())?;
    let gone: Vec<String> = {
        all.extend(early);
        amiss(after.address, &all).await?
    };
    let (_, stands) = audited(back.path(), after.address.to_string(), Some(&before)).await?;
    drop(after);
    let (vault, live) = back.after(session).await?;
    let places = vault.session(session).await?.session.places[0];
    let adds_up = places.capacity == places.open + places.held + places.booked && places.booked == live;

    let (again, others) = goes_on_from(&older, &ground)?;

    // An older copy, with keys and log that are newer: the log wins, who was erased stays so, and what is lost is known.
    let old = Ground::over(drill.join("old"));
    good(&older.restore(&newest, old.path(), false)?)?;
    let lost = size.saturating_sub(old.log_size().await?);
    fs::remove_dir_all(old.path().join("log"))?;
    copies::copy_folder(&ground.path().join("log"), &old.path().join("log"))?;
    witnessed(&ground, &old)?;
    let after = later(old.path())?;
    let early: Vec<Family> = all.drain(..).skip(usize::try_from(LATE)?).collect();
    let back_again = amiss(after.address, &early).await?;
    says_what_it_lost(old.path(), size).await?;
    let (_, goes_on) = audited(old.path(), after.address.to_string(), Some(&before)).await?;
    drop(after);
    ensure!(lost > 0, "nothing was written between the two copies");
    say!("Loss window of the older copy: {lost} entries in {lost_s:.1} s; they are in the log, and it says so.");

    let ratio = copy_s / restore_s;
    let speed = |case: &str, seconds: f64| Row::figure(case, megabytes(bytes) / seconds, "MB/s");
    #[expect(clippy::cast_precision_loss, reason = "some millions at most")]
    let rows = vec![
        speed("copy", copy_s),
        speed("backup", backup_s),
        speed("backup again", again_s),
        Row { ratio: Some(ratio), ratio_to: Some("copy".into()), ..speed("restore", restore_s) },
        Row::figure("bytes of the backup", megabytes(bytes), "MB"),
        Row::figure("bytes of the backup again, data", megabytes(weigh(&again.data)?), "MB"),
        Row::figure("bytes of the backup again, keys", megabytes(weigh(&again.keys)?), "MB"),
        Row::figure("loss window", lost as f64, ""),
        Row::figure("loss window lasted", lost_s, "s"),
    ];
    let says = |one: Invariant, what: &str| (!one.held).then(|| format!("{what}: {}", one.detail));
    let rowless = (known < size).then(|| format!("the data knows {known} of {size} entries"));
    let log: Vec<String> = [says(stands, "the audit"), says(goes_on, "the audit of the older copy"), rowless]
        .into_iter()
        .flatten()
        .collect();
    let sums = if adds_up { Vec::new() } else { vec![format!("{places:?} with {live} booked")] };
    let invariants = vec![
        held("nothing-acknowledged-lost", &gone, format!("{} families are told what they were told", EARLY + LATE)),
        held(
            "erased-stay-erased",
            &back_again,
            format!("{EARLY} families of the older copy, one with a member erased since"),
        ),
        held("log-matches-rows", &log, format!("{size} entries, audited since the checkpoint before the loss")),
        held(
            "increments-are-the-whole",
            &others,
            "an older copy and what was made since are a whole copy of now".into(),
        ),
        held("counts-conserve", &sums, format!("{live} of {} places booked", places.capacity)),
    ];
    Ok(Verdict { name: "restore", seed, rows, invariants })
}

/// Keys that are older than the data: it is said who is unreadable, nothing opens unless that is accepted, and then all
/// others are read.
pub(super) async fn old_keystore(seed: u64) -> anyhow::Result<Verdict> {
    let ground = Ground::new("old-keystore")?;
    let (session, slot) = ground.one_session(1000).await?;
    let (id, slot) = (session.to_string(), slot.text().to_owned());
    let many = 1 + seed % LATE;
    let served = ground.serve(&[], &[])?;
    let early = families(served.address, 0, EARLY, &id, &slot).await?;
    let older = Backup::of(&ground, "older")?;
    families(served.address, EARLY, many, &id, &slot).await?;
    // What it would write after the copy, the witnesses would know and the copy would not.
    drop(served);
    let newest = Backup::of(&ground, "newest")?;
    let back = Ground::over(ground.path().join("drill/back"));
    let refused = newest.restore(&older, back.path(), false)?;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    let expected = format!("{} of {} people cannot be read", 2 * many, 2 * (EARLY + many));
    let is_refused = !refused.status.success() && !back.path().exists();
    good(&newest.restore(&older, back.path(), true)?)?;
    witnessed(&ground, &back)?;
    let after = later(back.path())?;
    let others = amiss(after.address, &early).await?;
    let line = said.lines().next().unwrap_or_default().to_owned();
    let words = if said.contains(&expected) { Vec::new() } else { vec![line.clone()] };
    let open = if is_refused { Vec::new() } else { vec!["it was opened".to_owned()] };
    let invariants = vec![
        held("it is said who is unreadable, before anything opens", &words, line),
        held("nothing opens unless that is accepted", &open, "refused, and nothing was left".into()),
        held("everybody else is read", &others, format!("{EARLY} families are told what they were told")),
    ];
    Ok(Verdict { name: "old-keystore", seed, rows: Vec::new(), invariants })
}
