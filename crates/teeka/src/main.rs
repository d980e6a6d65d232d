//! The one binary: configuration, clock, sockets, and the words of the command line.
#![allow(clippy::disallowed_methods, reason = "clock, chance and environment enter here, and are handed on as values")]

mod admin;
mod ambient;
mod copies;
mod demo;
mod doctor;
mod folder;
mod keys;
mod listen;
mod messenger;
mod serve;
mod verify;
mod workers;

use clap::{Parser, Subcommand};

/// Teeka: vaccination sessions, doses and certificates, and nobody looks without a trace.
#[derive(Parser)]
#[command(name = "teeka", version, arg_required_else_help = true)]
struct Teeka {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Run everything here, with a synthetic world to try it on.
    Demo(demo::Demo),
    /// Serve real people.
    Serve(serve::Serve),
    /// Root keys.
    #[command(subcommand)]
    Keys(KeyTask),
    /// Look whether an installation is well: keys, disk, clock, messenger.
    Doctor(doctor::Doctor),
    /// Copy data and keys to two folders.
    Backup(copies::Backup),
    /// Bring a copy back.
    Restore(copies::Restore),
    /// Set up and mend an installation.
    Admin(admin::Admin),
    /// Check a certificate, offline.
    Verify(verify::Verify),
}

#[derive(Subcommand)]
enum KeyTask {
    /// Make the three root keys in a new folder; never overwrites.
    Init {
        /// The folder.
        folder: std::path::PathBuf,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let level = std::env::var("TEEKA_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO);
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
    match Teeka::parse().what {
        What::Demo(demo) => demo.run().await,
        What::Serve(serve) => serve.run().await,
        What::Keys(KeyTask::Init { folder }) => {
            keys::init(&folder)?;
            println!("Three keys in {}. Copy them to a safe place now: without them nothing can be opened.", folder.display());
            Ok(())
        }
        What::Doctor(doctor) => doctor.run().await,
        What::Backup(backup) => backup.run(),
        What::Restore(restore) => restore.run(),
        What::Admin(admin) => admin.run().await,
        What::Verify(verify) => verify.run(),
    }
}
