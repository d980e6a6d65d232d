//! `teeka bench` and `teeka drill`: a child process serves, this one asks, kills and counts.

mod cost;
mod crash;
mod failover;
mod fsync;
mod full;
mod nodes;
mod restore;
mod reveal;
mod store;

use crate::demo;
use crate::folder::{Folder, Nowhere};
use crate::{ambient, keys};
use ::store::rows::Status;
use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use drill::bench::{CASES, Course};
use drill::fight::{self, Crowd};
use drill::kill::{self, Findings, Since};
use drill::seed;
use drill::verdict::Verdict;
use drill::world::World;
use full::Trouble;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::ToSpan;
use registry::{AgeBand, Fee, SessionId, Slot};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use vault::{Effect, NewSession, Vault};

/// People in the world that is measured.
const PEOPLE: u32 = 200;

/// People of a world who have a past; whoever comes beyond them registers, and no more.
const WITH_A_PAST: u32 = 200;

/// Places that 64 clients fight for.
const PLACES: u32 = 100;

/// Measure speed.
#[derive(Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: Track,
}

#[derive(Subcommand)]
enum Track {
    /// A look at a card, with the key room in this process and apart, against the same card of nobody without the log.
    Reveal {
        #[command(flatten)]
        measured: reveal::Measured,
        #[command(flatten)]
        told: Told,
    },
    /// Files, searches, bookings of one session, one member shown, a certificate.
    Skeleton(Measured),
    /// The store alone: commands in batches, embedded and on a server, against one commit a request.
    Store {
        #[command(flatten)]
        measured: store::Measured,
        #[command(flatten)]
        told: Told,
    },
}

#[derive(Args)]
struct Measured {
    /// How long each case runs, in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    #[command(flatten)]
    told: Told,
}

/// What every trial is told.
#[derive(Args)]
struct Told {
    /// The same seed makes the same world and the same moments.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Write figures and verdict here, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Told {
    fn conclude(&self, verdict: &Verdict) -> anyhow::Result<()> {
        say!("{}", verdict.table().trim_end());
        if let Some(file) = &self.json {
            std::fs::write(file, serde_json::to_string_pretty(verdict)?).with_context(|| file.display().to_string())?;
        }
        ensure!(verdict.held(), "something that must hold did not");
        Ok(())
    }
}

/// Where the data of a drill are.
#[derive(Args)]
struct Data {
    /// An empty PostgreSQL database, `postgres://…`; without it they lie in a folder.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
}

/// Try what must never fail.
#[derive(Args)]
pub(crate) struct Drill {
    #[command(subcommand)]
    what: Ordeal,
}

#[derive(Subcommand)]
enum Ordeal {
    /// 64 clients fight for 100 places while the process is killed and started again.
    Fight {
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        told: Told,
    },
    /// The disk becomes full under load, and has room again.
    DiskFull {
        /// How often.
        #[arg(long, default_value_t = 3)]
        rounds: u64,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        told: Told,
    },
    /// Syncs to the disk fail under load, and what they were for is lost or torn; later the power is cut. It needs a C compiler.
    Fsync {
        /// How often.
        #[arg(long, default_value_t = 3)]
        rounds: u64,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        told: Told,
    },
    /// The folder of the log can only be read, under load, and is written again.
    ReadOnlyLog {
        /// How often.
        #[arg(long, default_value_t = 3)]
        rounds: u64,
        #[command(flatten)]
        told: Told,
    },
    /// Keys that are older than the data: who is unreadable is said, and nothing opens unless that is accepted.
    OldKeystore(Told),
    /// Two nodes serve one database; the one that leads is killed under load, again and again.
    Nodes {
        /// An empty PostgreSQL database, `postgres://…`.
        #[arg(long, value_name = "URL")]
        store: String,
        /// How often.
        #[arg(long, default_value_t = 3)]
        rounds: u64,
        #[command(flatten)]
        told: Told,
    },
    /// Everything is lost and brought back from copies, timed, audited and held against what people were told.
    Restore {
        /// How many people live in the world.
        #[arg(long, default_value_t = PEOPLE)]
        people: u32,
        #[command(flatten)]
        told: Told,
    },
    /// The process is killed under mixed load, half a write is left behind it, and its clock is put back.
    Crash {
        /// How often.
        #[arg(long, default_value_t = 10)]
        rounds: u64,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        told: Told,
    },
    /// A cluster of three database servers loses its leader under load, again and again. It is run by hand: it needs etcd,
    /// Patroni and `HAProxy` on this machine, starts its own on loopback, and ends them.
    Failover {
        /// How often.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=20))]
        kills: u64,
        #[command(flatten)]
        told: Told,
    },
    /// The process is killed at random points under mixed load.
    Kill {
        /// How often.
        #[arg(long, default_value_t = 100)]
        rounds: u64,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        told: Told,
    },
}

impl Bench {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self.what {
            Track::Skeleton(Measured { seconds, told }) => told.conclude(&skeleton(seconds, told.seed).await?),
            Track::Store { measured, told } => told.conclude(&store::store(measured, told.seed).await?),
            Track::Reveal { measured, told } => told.conclude(&reveal::reveal(&measured, told.seed).await?),
        }
    }
}

async fn skeleton(seconds: u64, seed: u64) -> anyhow::Result<Verdict> {
    let ground = Ground::new("bench")?;
    let course = ground.course(seed, Duration::from_secs(seconds)).await?;
    let served = ground.serve(&[], &[])?;
    let bar = bar(CASES.len() as u64)?;
    let verdict = Course { address: served.address, ..course };
    let verdict = verdict.run(|case| {
        bar.inc(1);
        bar.set_message(case);
    });
    let verdict = verdict.await?;
    bar.finish_and_clear();
    Ok(verdict)
}

impl Drill {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self.what {
            Ordeal::Fight { data, told } => told.conclude(&fight(told.seed, data).await?),
            Ordeal::DiskFull { rounds, data, told } => {
                told.conclude(&full::full(Trouble::DiskFull, data, told.seed, rounds).await?)
            }
            Ordeal::ReadOnlyLog { rounds, told } => {
                told.conclude(&full::full(Trouble::ReadOnlyLog, Data { store: None }, told.seed, rounds).await?)
            }
            Ordeal::Fsync { rounds, data, told } => told.conclude(&fsync::fsync(told.seed, rounds, data).await?),
            Ordeal::Nodes { store, rounds, told } => told.conclude(&nodes::nodes(store, told.seed, rounds).await?),
            Ordeal::OldKeystore(told) => told.conclude(&restore::old_keystore(told.seed).await?),
            Ordeal::Restore { people, told } => told.conclude(&restore::restore(people, told.seed).await?),
            Ordeal::Crash { rounds, data, told } => told.conclude(&crash::crash(told.seed, rounds, data).await?),
            Ordeal::Failover { kills, told } => told.conclude(&failover::failover(told.seed, kills).await?),
            Ordeal::Kill { rounds, data, told } => told.conclude(&kill(told.seed, rounds, data).await?),
        }
    }
}

async fn fight(seed: u64, data: Data) -> anyhow::Result<Verdict> {
    let ground = Ground::with("fight", data).await?;
    let (session, slot) = ground.one_session(PLACES).await?;
    let mut served = ground.serve(&[], &[])?;
    let crowd = Crowd::gather(served.address).await?;
    let (moved, address) = watch::channel(served.address);
    let (won, after) = (Arc::new(AtomicU64::new(0)), 20 + seed % 60);
    let text = session.to_string();
    let fighting = crowd.fight(address, &text, slot.text(), &won);
    let killing = async {
        while won.load(Ordering::Relaxed) < after {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        served.kill()?;
        served = ground.serve(&[], &[])?;
        say!("killed after {after} bookings, and started again");
        moved.send(served.address).context("nobody fights any more")
    };
    let (ends, killed) = tokio::join!(fighting, killing);
    killed?;
    served.kill()?;
    let (vault, booked) = ground.after(session).await?;
    let open = vault.session(session).await?.session.places[0].open;
    Ok(fight::judge(seed, u64::from(PLACES), &ends?, u64::from(booked), u64::from(open)))
}

async fn kill(seed: u64, rounds: u64, data: Data) -> anyhow::Result<Verdict> {
    let ground = Ground::with("kill", data).await?;
    let (session, slot) = ground.one_session(100_000).await?;
    let mut findings = Findings::default();
    let bar = bar(rounds)?;
    say!("seed {seed}: the same seed kills at the same moments");
    for round in 0..rounds {
        let mut served = ground.serve(&[], &[])?;
        let moment = kill::moment(seed, round);
        bar.set_message(format!("round {round}, killed after {} ms", moment.as_millis()));
        let address = served.address;
        let killed = async {
            tokio::time::sleep(moment).await;
            served.kill().expect("the child is ours to kill");
        };
        // Every other one from when there is something to lose: on a slow machine the first second is all beginning.
        let since = if round % 2 == 0 { Since::Answering } else { Since::Shown };
        let claims = kill::load(address, round, session, slot.text(), since, killed).await;
        let (vault, live) = ground.after(session).await?;
        findings.check(&vault, &claims, session, live).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Verdict { name: "kill", seed, rows: Vec::new(), invariants: findings.invariants() })
}

/// A folder for one drill, removed at its end.
struct Ground {
    path: PathBuf,
    /// The database of its data, if they are not in the folder.
    store: Option<String>,
}

impl Ground {
    fn new(name: &str) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("teeka-{name}-{}", std::process::id()));
        ensure!(!path.exists(), "{} is in the way", path.display());
        keys::init(&path.join("keys"), &keys::NAMES)?;
        Ok(Self::over(path))
    }

    /// A folder that something else makes, removed at the end.
    fn over(path: PathBuf) -> Self {
        Self { path, store: None }
    }

    /// A folder whose data lie in a database, where one is named: an empty one.
    async fn with(name: &str, data: Data) -> anyhow::Result<Self> {
        let mut ground = Self::new(name)?;
        ground.store = data.store;
        ensure!(ground.open().await?.0.is_new, "the database has data: a drill needs an empty one");
        Ok(ground)
    }

    /// Serves it in a process of its own, with more arguments, by a command whose words come before it.
    fn serve(&self, besides: &[&str], wrapped: &[&str]) -> anyhow::Result<Served> {
        let store = self.store.iter().flat_map(|url| ["--store", url.as_str()]);
        Served::start(&self.path, &store.chain(besides.iter().copied()).collect::<Vec<_>>(), wrapped)
    }

    fn path(&self) -> &Path {
        &self.path
    }

    /// Entries of the log that the data knows.
    async fn log_size(&self) -> anyhow::Result<u64> {
        Ok(Folder::look(&self.path)?.store().read(::store::Reader::log_size).await?)
    }

    async fn open(&self) -> anyhow::Result<(Folder, Arc<Vault>)> {
        let folder = Folder::open_at(&self.path, self.store.as_deref(), false).await?;
        let vault =
            folder.vault(&keys::load(&self.path.join("keys"))?, demo::ISSUER, ambient::clock(), Arc::new(Nowhere))?;
        Ok((folder, vault))
    }

    /// One centre with one session tomorrow, with so many places for first doses.
    async fn one_session(&self, places: u32) -> anyhow::Result<(SessionId, Slot)> {
        let (_folder, vault) = self.open().await?;
        let world = World::generate(1, vault.today(), 0);
        seed::map(&vault, &world).await?;
        demo::finish(&self.path, &[])?;
        publish(&vault, &world, places).await
    }

    /// A world of so many people, and a session with more places than will be booked.
    async fn populate(&self, seed: u64, people: u32) -> anyhow::Result<(SessionId, Slot)> {
        Ok(self.settle(seed, people).await?.1)
    }

    async fn settle(&self, seed: u64, people: u32) -> anyhow::Result<(Arc<World>, (SessionId, Slot))> {
        let (folder, clock) = (Folder::open(&self.path)?, ambient::Settable::at(ambient::now_ms()));
        let keys = keys::load(&self.path.join("keys"))?;
        let vault = folder.vault(&keys, demo::ISSUER, clock.clock(), Arc::new(Nowhere))?;
        let past = people.min(WITH_A_PAST);
        let world = Arc::new(World::generate(seed, vault.today(), past));
        // The log begins with the places, so they come when the world does.
        clock.set(seed::begins_ms(&world).unwrap_or_else(ambient::now_ms));
        let staff = demo::enter_places(&vault, &world).await?;
        clock.set(ambient::now_ms());
        demo::enter_people(&folder, &keys, &world, &staff, people - past).await?;
        demo::finish(&self.path, &staff)?;
        let hot = publish(&vault, &world, 1_000_000).await?;
        Ok((world, hot))
    }

    /// The world in which speed is measured.
    async fn course(&self, seed: u64, lasts: Duration) -> anyhow::Result<Course> {
        let (world, (session, slot)) = self.settle(seed, PEOPLE).await?;
        let today = vault::at(ambient::now_ms()).date();
        let certified = world.people().filter(|person| !person.history.doses.is_empty()).map(|person| person.phone);
        let mut certified: Vec<String> = certified.collect();
        certified.dedup();
        Ok(Course {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            lasts,
            seed,
            file: portal::page::css_path().to_owned(),
            search: format!(
                "/api/v2/appointment/sessions/public/calendarByDistrict?district_id={}&date={}",
                world.districts[0].id,
                today.strftime("%d-%m-%Y")
            ),
            hot: (session.to_string(), slot.text().to_owned()),
            certified,
        })
    }

    /// A search of the sessions around the one session.
    async fn search(&self) -> anyhow::Result<String> {
        let (_folder, vault) = self.open().await?;
        let district = World::generate(1, vault.today(), 0).districts[0].id;
        let date = (vault.today() + 1.day()).strftime("%d-%m-%Y").to_string();
        Ok(format!("/api/v2/appointment/sessions/public/findByDistrict?district_id={district}&date={date}"))
    }

    /// The vault after a kill, and how many bookings of the session stand, counted one by one.
    async fn after(&self, session: SessionId) -> anyhow::Result<(Arc<Vault>, u32)> {
        let (folder, vault) = self.open().await?;
        let rows = folder.store().read(move |store| store.appointments_of(session)).await?;
        let booked = rows.iter().filter(|row| row.status == Status::Booked).count();
        Ok((vault, u32::try_from(booked)?))
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // Not being able to tidy up is no finding.
        std::fs::remove_dir_all(&self.path).ok();
    }
}

async fn publish(vault: &Vault, world: &World, places: u32) -> anyhow::Result<(SessionId, Slot)> {
    let (id, slot) = (SessionId::from_random(vault.draw()), Slot::between(9 * 60, 11 * 60));
    let session = NewSession {
        id,
        centre: registry::CentreId(world.centres[0].id),
        day: vault.today() + 1.day(),
        vaccine: registry::Vaccine::Covishield,
        ages: AgeBand { min: 18, max: None },
        fee: Fee { paise: 0 },
        slots: vec![slot.clone()],
        capacity: [places, 0, 0],
        walk_in: 0,
    };
    vault.set_up(Effect::Publish(Box::new(session))).await?;
    Ok((id, slot))
}

/// A demonstration in a process of its own.
struct Served {
    process: Child,
    address: SocketAddr,
}

impl Served {
    /// Starts it, and waits until it is ready.
    fn start(data: &Path, besides: &[&str], wrapped: &[&str]) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut words: Vec<&OsStr> = wrapped.iter().map(OsStr::new).collect();
        words.push(program.as_os_str());
        let mut process = Command::new(words[0])
            .args(&words[1..])
            .arg("demo")
            .args(if besides.contains(&"--listen") { &[][..] } else { &["--listen", "127.0.0.1:0"] })
            .args(besides)
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", words[0].display()))?;
        let said = BufReader::new(process.stdout.take().context("its output is ours to read")?);
        let mut address = None;
        for line in said.lines() {
            let line = line?;
            if let Some(there) = line.strip_prefix(demo::GREETING) {
                address = there.trim_end_matches('/').parse().ok();
            }
            if let (Some(address), true) = (address, line.starts_with("Ready")) {
                return Ok(Self { process, address });
            }
        }
        process.kill().ok();
        process.wait().ok();
        bail!("the demonstration does not start")
    }

    /// Asks it to end with grace, and waits until it has: somewhat longer than its requests may take.
    async fn terminate(&mut self) -> anyhow::Result<()> {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status()?;
        ensure!(asked.success(), "it cannot be asked to end");
        for _ in 0..1500 {
            if let Some(status) = self.process.try_wait()? {
                ensure!(status.success(), "it ended with {status}");
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("it does not end")
    }

    /// Ends it as a power cut would: by SIGKILL, to this process alone.
    fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill().ok();
    }
}

fn bar(length: u64) -> anyhow::Result<ProgressBar> {
    Ok(ProgressBar::new(length).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?))
}
