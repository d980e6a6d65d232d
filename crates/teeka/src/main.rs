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
    let level = tracing_subscriber::EnvFilter::try_from_env("TEEKA_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr).init();
    match Teeka::parse().what {
        What::Demo(demo) => demo.run().await,
    }
}
