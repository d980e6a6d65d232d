//! Build and test tasks: `cargo xtask test` on a fresh machine is the whole check.
//!
//! Nothing here is part of the product. It may read the clock and the environment, start programs
//! and install what the tests need; it stops only processes that it started, by their ids.
#![allow(clippy::disallowed_methods)]

mod demo;
mod licences;
mod metadata;
mod postgres;
mod program;
mod scratch;
mod setup;
mod stage;
mod tally;
mod tidy;
mod walkthrough;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use crate::stage::Stage;

/// Build and test tasks of Teeka.
#[derive(Parser)]
struct Command {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need, run every suite (or the stages named), and add up the results.
    Test {
        /// Stages to run; all of them when none is named.
        stages: Vec<Stage>,
    },
    /// Check the house rules.
    Tidy,
    /// Make the pictures of README's walkthrough and fail if one has changed.
    Walkthrough {
        /// Keep the new pictures instead of failing.
        #[arg(long)]
        update: bool,
    },
}

fn main() -> ExitCode {
    match run(&Command::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one task; answers whether everything passed.
fn run(task: &Task) -> Result<bool> {
    let root = root()?;
    match task {
        Task::Test { stages } => Ok(stage::run_all(&root, stages)),
        Task::Tidy => {
            let tally = tidy::run(&root)?;
            println!("{tally}");
            Ok(tally.failed == 0)
        }
        Task::Walkthrough { update } => walkthrough::run(&root, *update),
    }
}

/// The repository's folder: the parent of this crate's, and the current one when the binary was moved.
fn root() -> Result<PathBuf> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    match crate_folder.parent().filter(|folder| folder.join("Cargo.lock").is_file()) {
        Some(folder) => Ok(folder.to_path_buf()),
        None => std::env::current_dir().context("the current folder cannot be read"),
    }
}
