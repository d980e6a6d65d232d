//! The one binary: configuration, clock, sockets, and the words of the command line.
#![allow(clippy::disallowed_methods, reason = "clock, chance and environment enter here, and are handed on as values")]

mod ambient;
mod demo;
mod folder;
mod keys;
mod listen;
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
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let level = std::env::var("TEEKA_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO);
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
    match Teeka::parse().what {
        What::Demo(demo) => demo.run().await,
    }
}
