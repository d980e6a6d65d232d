//! A disk that does not keep what it was given. First some syncs fail under load, then all; what they were for is gone, or half
//! of it, from under whoever reads it again. When the disk is well again the process is started anew, and loses its power.
//! Between it and its files stand some lines of C, preloaded, which read from a file what is to come of a sync.

use super::restore::published;
use super::reveal::audited;
use super::{Data, Ground, Served, bar};
use anyhow::{Context, ensure};
use drill::client::{self, Connection};
use drill::kill::{self, Since, doubted};
use drill::verdict::{Invariant, Verdict};
use std::fs;
use std::process::Command;
use std::time::Duration;

const LIBRARY: &str = include_str!("fsync.c");

/// How long syncs hold at least, so that something was acknowledged.
const UNDER_LOAD: Duration = Duration::from_secs(1);

/// How long some syncs fail, before all do.
const SOME_FAIL: Duration = Duration::from_millis(500);

/// A process on a disk that fails, or has no power, ends in so long a time: something is synced twice a second.
const ENDS: Duration = Duration::from_secs(20);

/// The second load of a round has a number of its own.
const SECOND: u64 = 1 << 16;

/// What comes of a sync.
#[derive(Clone, Copy)]
enum Order {
    Holds,
    SomeFail,
    AllFail,
    PowerCut,
}

/// A disk that does as it is told.
struct Disk {
    ground: Ground,
    words: Vec<String>,
}

impl Disk {
    fn new(seed: u64) -> anyhow::Result<Self> {
        let ground = Ground::new("disk")?;
        let [text, library, orders] = ["fsync.c", "fsync.so", "orders"].map(|name| ground.path().join(name));
        fs::write(&text, LIBRARY)?;
        let built = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).args([&library, &text]).status();
        ensure!(built.context("this drill needs `cc`, a C compiler")?.success(), "the C compiler refused");
        let words = vec![
            "env".to_owned(),
            format!("LD_PRELOAD={}", library.display()),
            format!("TEEKA_SYNC_ORDERS={}", orders.display()),
            format!("TEEKA_SYNC_SEED={seed}"),
        ];
        Ok(Self { ground, words })
    }

    fn order(&self, order: Order) -> anyhow::Result<()> {
        let letter = match order {
            Order::Holds => "-",
            Order::SomeFail => "s",
            Order::AllFail => "a",
            Order::PowerCut => "c",
        };
        Ok(fs::write(self.ground.path().join("orders"), letter)?)
    }

    /// Serves what lies on it.
    fn serve(&self, ground: &Ground) -> anyhow::Result<Served> {
        ground.serve(&[], &self.words.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

/// What was found over some rounds.
#[derive(Default)]
struct Findings {
    /// Processes that ended by themselves, out of so many on a disk that failed.
    ended: (u64, u64),
    /// How many took something in while nothing could be kept.
    took: u64,
}

impl Findings {
    fn invariants(&self) -> [Invariant; 2] {
        let (all, ended) = (self.ended.1, self.ended.0);
        let of = |name, held, detail| Invariant { name, held: held && all > 0, detail };
        [
            of("whoever's sync failed ends, and does not go on", ended == all, format!("{ended} of {all} ended")),
            of(
                "nobody is let in while nothing is kept",
                self.took == 0,
                format!("{} of {all} took somebody in", self.took),
            ),
        ]
    }

    /// Serves on a disk of which no sync holds: whether it begins at all, lets somebody in, and ends.
    async fn tries(&mut self, disk: &Disk, ground: &Ground, number: u64) -> anyhow::Result<()> {
        // One that does not even begin has done right.
        let Ok(mut served) = disk.serve(ground) else { return Ok(()) };
        if let Ok(mut connection) = Connection::open(served.address).await {
            self.took += u64::from(client::new_citizen(&mut connection, &client::phone(number)).await.is_ok());
        }
        self.ends(&mut served).await
    }

    async fn ends(&mut self, served: &mut Served) -> anyhow::Result<()> {
        self.ended.1 += 1;
        self.ended.0 += u64::from(ended(served).await?);
        served.kill()
    }
}

/// Whether a process ends by itself.
async fn ended(served: &mut Served) -> anyhow::Result<bool> {
    let begun = tokio::time::Instant::now();
    while served.process.try_wait()?.is_none() {
        if begun.elapsed() > ENDS {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(true)
}

pub(super) async fn fsync(seed: u64, rounds: u64, data: Data) -> anyhow::Result<Verdict> {
    let (disk, ground) = (Disk::new(seed)?, Ground::with("fsync", data).await?);
    let (session, slot) = ground.one_session(100_000).await?;
    let (mut findings, mut kept, mut before) = (Findings::default(), kill::Findings::default(), None);
    let bar = bar(rounds)?;
    say!("seed {seed}: the same seed begins at the same moments");
    for round in 0..rounds {
        let mut served = disk.serve(&ground)?;
        let (moment, address) = (UNDER_LOAD + kill::moment(seed, round), served.address);
        bar.set_message(format!("round {round}, syncs fail after {} ms", moment.as_millis()));
        let failing = async {
            tokio::time::sleep(moment).await;
            disk.order(Order::SomeFail).expect("the folder is ours");
            tokio::time::sleep(SOME_FAIL).await;
            disk.order(Order::AllFail).expect("the folder is ours");
        };
        let early = kill::load(address, round, session, slot.text(), Since::Shown, failing).await;
        findings.ends(&mut served).await?;
        findings.tries(&disk, &ground, 2_000 + round).await?;
        disk.order(Order::Holds)?;

        let mut served = disk.serve(&ground)?;
        let (moment, address) = (kill::moment(seed, SECOND + round), served.address);
        bar.set_message(format!("round {round}, power cut after {} ms", moment.as_millis()));
        let cut = async {
            tokio::time::sleep(moment).await;
            before = published(ground.path()).ok().or(before.take());
            disk.order(Order::PowerCut).expect("the folder is ours");
        };
        let late = kill::load(address, SECOND + round, session, slot.text(), Since::Shown, cut).await;
        ensure!(ended(&mut served).await?, "it has power still");
        disk.order(Order::Holds)?;
        let (vault, live) = ground.after(session).await?;
        kept.check(&vault, &[doubted(early), late].concat(), session, live).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let served = ground.serve(&[], &[])?;
    let (before, _) = before.context("nothing was published")?;
    let (_, stands) = audited(ground.path(), served.address.to_string(), Some(&before)).await?;
    let invariants = findings.invariants().into_iter().chain(kept.invariants()).chain([stands]).collect();
    Ok(Verdict { name: "fsync", seed, rows: Vec::new(), invariants })
}
