//! The key room: in this process, or in one of its own under another account (`teeka keys serve`).

mod figures;
mod link;

pub(crate) use link::Link;

use crate::folder::hold;
use crate::{ambient, keys};
use anyhow::Context;
use clap::Args;
use figures::Counted;
use keyroom::{KeyRoom, Room};
use ledger::note::Verifier;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::KeyFile;
use vault::KeyShelf;

/// How often the folder of the root is looked at for a new one.
const LOOK: Duration = Duration::from_secs(2);

/// Keep the keys in a process and an account of their own.
#[derive(Args)]
pub(crate) struct Serve {
    /// The folder with `keyroom.key`, which nobody else may read.
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The folder of the wrapped keys, `keys.db`.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The key of the log whose receipts are honoured: `teeka keys log` says it.
    #[arg(long, value_name = "VKEY")]
    log: Verifier,
    /// A file for figures, which Prometheus's node exporter collects; it has to end in `.prom` there.
    #[arg(long, value_name = "FILE")]
    figures: Option<PathBuf>,
    #[command(flatten)]
    at: link::At,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        keys::make_private_folder(&self.data)?;
        let _lock = hold(&self.data, "keys.lock")?;
        let room = open(&self.data, &self.keys, &self.log)?;
        let door = self.at.open().await?;
        say!("Key room of {}: {}", self.log.name(), door.place());
        say!("Cosigner: {}", room.cosigner());
        let counted = Arc::new(Counted::new(Arc::clone(&room) as Arc<dyn Room>));
        self.figures.as_deref().map(|file| counted.write(file)).transpose()?;
        say!("Ready.");
        tokio::select! {
            served = door.serve(Arc::clone(&counted) as Arc<dyn Room>) => served,
            () = keep_root(&room, &self.keys) => Ok(()),
            () = counted.keep(self.figures.as_deref()) => Ok(()),
        }
    }
}

/// The key room over a folder's key file.
pub(crate) fn open(data: &Path, keys: &Path, log: &Verifier) -> anyhow::Result<Arc<KeyRoom<KeyShelf>>> {
    let (now, before) = keys::roots(keys)?;
    let shelf = KeyShelf::new(KeyFile::open(data)?);
    let room = KeyRoom::new(now, shelf, ambient::random(), log.clone());
    if before.is_some() {
        turn_over(&room, keys)?;
    }
    Ok(Arc::new(room))
}

/// Goes over to a new root when there is one: everything is wrapped anew while the room works, the log is told, and the old
/// root is taken away.
pub(crate) async fn keep_root(room: &KeyRoom<KeyShelf>, keys: &Path) {
    loop {
        if let Err(error) = change_root(room, keys).await {
            tracing::error!("the root of the key room cannot be changed: {error:#}");
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn change_root(room: &KeyRoom<KeyShelf>, keys: &Path) -> anyhow::Result<()> {
    let (now, Some(_)) = keys::roots(keys)? else { return Ok(()) };
    if room.root().0 != now.name() {
        turn_over(room, keys)?;
    }
    let mut after = None;
    loop {
        after = room.rewrap(after).await?;
        if after.is_none() {
            break;
        }
    }
    while room.root().1 {
        tokio::time::sleep(LOOK).await;
    }
    tracing::info!(root = room.root().0, "all keys lie under the new root");
    keys::forget_old_root(keys)
}

fn turn_over(room: &KeyRoom<KeyShelf>, keys: &Path) -> anyhow::Result<()> {
    let (now, before) = keys::roots(keys)?;
    room.turn_over(now, before.context("the old root is gone before its time")?);
    Ok(())
}
