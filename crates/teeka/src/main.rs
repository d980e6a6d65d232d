//! The one binary: configuration, clock, sockets, and the words of the command line.
#![allow(clippy::disallowed_methods, reason = "clock, chance and environment enter here, and are handed on as values")]

#[macro_use]
mod say;

mod admin;
mod ambient;
mod audit;
mod check;
mod config;
mod copies;
mod demo;
mod doctor;
mod folder;
mod gateway;
mod keys;
mod listen;
mod operators;
mod partner;
mod room;
mod serve;
mod store;
mod trial;
mod verify;
mod witness;
mod witnesses;
mod workers;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// A look allocates some hundred times: the system's own allocator takes an eighth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Teeka: vaccination sessions, doses and certificates, and nobody looks without a trace.
#[derive(Parser)]
#[command(name = "teeka", version, arg_required_else_help = true)]
struct Teeka {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Try everything here, with a synthetic world.
    Demo(demo::Demo),
    /// Serve real people.
    Serve(serve::Serve),
    /// Make, change and keep root keys.
    #[command(subcommand)]
    Keys(KeyWork),
    /// Check keys, disk, clock and messenger.
    Doctor(doctor::Doctor),
    /// Copy data and keys, each to a new folder of its own.
    Backup(copies::Backup),
    /// Bring a copy back into a new data folder.
    Restore(copies::Restore),
    /// Make a database of a server, bring one forward, check it, or move data into it.
    #[command(subcommand)]
    Store(store::StoreWork),
    /// Set an installation up.
    Admin(admin::Admin),
    /// Check a certificate: our PDF, a picture of its code, or its text.
    Verify(verify::Verify),
    /// Cosign the checkpoints of logs that only grow, for whoever does not trust their operators.
    Witness(witness::Witness),
    /// Check a list of looks: that every row is in the log, and that none is missing.
    Check(check::Check),
    /// Audit a log: whether it is whole, in order, and true to what it says of itself.
    Audit(audit::Audit),
    /// Measure speed, over HTTP or of the store alone.
    Bench(trial::Bench),
    /// Try what must never fail.
    Drill(trial::Drill),
}

#[derive(Subcommand)]
enum KeyWork {
    /// Make root keys in a folder; keys that are there are never overwritten.
    Init {
        /// The folder.
        folder: PathBuf,
        /// Whose keys, where the key room has a process of its own.
        #[arg(long = "for", value_enum)]
        whose: Option<Whose>,
    },
    /// Say by which key the log is known, for `teeka keys serve`.
    Log {
        /// The folder with the vault's keys.
        folder: PathBuf,
    },
    /// Make a new root for the key room. A running teeka wraps all keys anew, while it works.
    Rotate {
        /// The folder with `keyroom.key`.
        folder: PathBuf,
    },
    /// Keep the keys in a process and an account of their own.
    Serve(Box<room::Serve>),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Whose {
    /// The key room's.
    KeyRoom,
    /// The vault's.
    Vault,
}

impl KeyWork {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Init { folder, whose } => {
                let names = match whose {
                    None => &keys::NAMES[..],
                    Some(Whose::KeyRoom) => &keys::NAMES[..1],
                    Some(Whose::Vault) => &keys::NAMES[1..],
                };
                keys::init(&folder, names)?;
                say!(
                    "{} lie in {}. Whoever has all three reads everything: keep a copy apart from the data.",
                    names.join(", "),
                    folder.display()
                );
            }
            Self::Log { folder } => say!("{}", keys::load(&folder)?.secrets().log_key().verifier()),
            Self::Rotate { folder } => {
                keys::rotate(&folder)?;
                say!("A new root lies in {}. The old one is taken away when nothing lies under it.", folder.display());
            }
            Self::Serve(serve) => serve.run().await?,
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Teeka::parse().what).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr(), "error: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn run(what: What) -> anyhow::Result<()> {
    let level = std::env::var("TEEKA_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO);
    tracing_subscriber::fmt().with_max_level(level).with_writer(|| LogLines).init();
    match what {
        What::Demo(demo) => demo.run().await,
        What::Serve(serve) => serve.run().await,
        What::Keys(keys) => keys.run().await,
        What::Doctor(doctor) => doctor.run().await,
        What::Backup(backup) => backup.run().await,
        What::Restore(restore) => restore.run().await,
        What::Store(work) => work.run().await,
        What::Admin(admin) => admin.run().await,
        What::Verify(verify) => verify.run(),
        What::Witness(witness) => witness.run().await,
        What::Check(check) => check.run(),
        What::Audit(audit) => audit.run().await,
        What::Bench(bench) => bench.run().await,
        What::Drill(drill) => drill.run().await,
    }
}

/// Where log lines go. One that cannot be written is lost: a disk that is full ends no service.
struct LogLines;

impl Write for LogLines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        std::io::stderr().write(line).or(Ok(line.len()))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
