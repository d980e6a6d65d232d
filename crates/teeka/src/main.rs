//! The one binary: configuration, clock, sockets, and the words of the command line.
#![allow(clippy::disallowed_methods, reason = "clock, chance and environment enter here, and are handed on as values")]

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
mod serve;
mod trial;
mod verify;
mod witness;
mod witnesses;
mod workers;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

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
    /// Make root keys.
    #[command(subcommand)]
    Keys(Keys),
    /// Check keys, disk, clock and messenger.
    Doctor(doctor::Doctor),
    /// Copy data and keys, each to a new folder of its own.
    Backup(copies::Backup),
    /// Bring a copy back into a new data folder.
    Restore(copies::Restore),
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
    /// Measure speed over HTTP.
    Bench(trial::Bench),
    /// Try what must never fail.
    Drill(trial::Drill),
}

#[derive(Subcommand)]
enum Keys {
    /// Make the three root keys in a folder; keys that are there are never overwritten.
    Init {
        /// The folder.
        folder: std::path::PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Teeka::parse().what).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
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
        What::Keys(Keys::Init { folder }) => {
            keys::init(&folder)?;
            println!(
                "Three keys lie in {}. Whoever has them reads everything: keep a copy apart from the data.",
                folder.display()
            );
            Ok(())
        }
        What::Doctor(doctor) => doctor.run().await,
        What::Backup(backup) => backup.run().await,
        What::Restore(restore) => restore.run(),
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

impl std::io::Write for LogLines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        std::io::stderr().write(line).or(Ok(line.len()))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
