//! `teeka store`: makes, brings forward, checks and moves a database that nobody serves now.

use crate::folder::{Folder, Nowhere, hold};
use crate::{ambient, keys};
use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use data_encoding::HEXLOWER;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Base;
use tokio::runtime::Handle;

/// Databases: made, brought forward, checked, moved.
#[derive(Subcommand)]
pub(crate) enum StoreWork {
    /// Make the tables in an empty database of a server.
    Init {
        /// Its address, `postgres://…`.
        url: String,
    },
    /// Bring tables of an older version forward; what will be done is said before.
    Migrate {
        /// The address of a server's database; without one, the database in the data folder.
        url: Option<String>,
        /// The data folder.
        #[arg(long, value_name = "DIR", default_value = "teeka-data")]
        data: PathBuf,
    },
    /// Compare a database with the files of its log.
    Check {
        /// The address of a server's database; without one, the database in the data folder.
        url: Option<String>,
        /// The data folder, in which the log lies.
        #[arg(long, value_name = "DIR", default_value = "teeka-data")]
        data: PathBuf,
        /// Folder of the root keys; by default `keys` in the data folder.
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
    },
    /// Move the data of a folder that nobody serves into an empty database of a server. Log and keys stay in the folder. The
    /// same command goes on where one was cut short.
    Move {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// The address of the database, `postgres://…`.
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

impl StoreWork {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Init { url } => init(Base::at(&url, Handle::current())?).await,
            Self::Migrate { url, data } => migrate(url.as_deref(), &data).await,
            Self::Check { url, data, keys } => check(url.as_deref(), &data, keys).await,
            Self::Move { from, to } => move_(from, Base::at(&to, Handle::current())?).await,
        }
    }
}

async fn init(base: Base) -> anyhow::Result<()> {
    let tables = waiting(move || {
        let (taken, _) = base.steps()?;
        ensure!(taken == 0, "there are tables in this database already: `teeka store migrate` brings them forward");
        base.migrate()?;
        Ok(base.tables()?.len())
    });
    say!("{} tables stand.", tables.await?);
    Ok(())
}

async fn migrate(url: Option<&str>, data: &Path) -> anyhow::Result<()> {
    let (base, _held) = match url {
        Some(url) => (Base::at(url, Handle::current())?, None),
        None => {
            ensure!(data.join("teeka.db").exists(), "there is no data in {}", data.display());
            (Base::embedded(data), Some(hold(data, "lock")?))
        }
    };
    waiting(move || {
        let (taken, ahead) = base.steps()?;
        if ahead.is_empty() {
            say!("All {taken} steps are taken: there is nothing to do.");
            return Ok(());
        }
        say!("{taken} steps are taken. Now, all together or none:");
        for (number, about) in &ahead {
            say!("  {number:>3}  {about}");
        }
        base.migrate()?;
        say!("Done: {} steps are taken.", taken + ahead.len());
        Ok(())
    })
    .await
}

async fn check(url: Option<&str>, data: &Path, root: Option<PathBuf>) -> anyhow::Result<()> {
    let keys = keys::load(&root.unwrap_or_else(|| data.join("keys")))?;
    ensure!(url.is_some() || data.join("teeka.db").exists(), "there is no data in {}", data.display());
    let folder = Folder::open_at(data, url, false).await?;
    ensure!(!folder.is_new, "there is no data here to be checked");
    let vault = folder.vault(&keys, "check", ambient::clock(), Arc::new(Nowhere))?;
    let found = vault.compare_store().await?;
    say!("{} entries in the log, {} of them waiting for its files.", found.entries, found.staged);
    say!(
        "{} people, whose entries were found by their tags; {} sessions, whose seats were counted.",
        found.people,
        found.sessions
    );
    for fault in &found.faults {
        say!("WRONG  {fault}");
    }
    if !found.faults.is_empty() {
        bail!("the store and the log are not one");
    }
    say!("The store is what the log says.");
    Ok(())
}

async fn move_(from: PathBuf, to: Base) -> anyhow::Result<()> {
    ensure!(from.is_dir(), "there is no data in {}", from.display());
    let _held = hold(&from, "lock").context("whoever serves the folder must stop before")?;
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} rows {eta}")?);
    let moved = waiting({
        let (from, bar) = (from.clone(), bar.clone());
        move || {
            Ok(to.take_over(&from, &mut |done, all| {
                bar.set_length(all);
                bar.set_position(done);
            })?)
        }
    });
    let moved = moved.await;
    bar.finish_and_clear();
    for one in moved? {
        say!("{:<20}{:>12}  {}", one.table, one.rows, HEXLOWER.encode(&one.digest[..8]));
    }
    say!("Moved, and found the same on both sides. Log and keys stay in {}.", from.display());
    say!("What was moved is kept there as teeka.db.moved: remove it when the server's data have a copy.");
    say!("Serve it with `data` as before, and `store` with the address of the database.");
    Ok(())
}

/// Does what waits for a database off the threads that serve.
async fn waiting<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("the work was broken off")?
}
