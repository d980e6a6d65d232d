//! `teeka backup` and `teeka restore`. Data and keys lie in two folders, so that neither opens anything alone.

use crate::folder::Folder;
use crate::{ambient, keys};
use anyhow::{Context, bail, ensure};
use clap::Args;
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// What lies in a data folder beside the store and is as secret as a key.
const SECRETS: [&str; 2] = ["demo-staff.json", "demo-phones.txt"];

/// How a copy is brought back, as every start says it.
pub(crate) const BRING_BACK: &str = "To bring it back: teeka restore COPY --keys-from KEYS --data NEW";

/// Copy data and keys, each to a new folder of its own.
#[derive(Args)]
pub(crate) struct Backup {
    /// New folder for the copy of the data.
    #[arg(value_name = "COPY")]
    to: PathBuf,
    /// The data folder. It may be in use.
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// Folder of the root keys; by default `keys` in the data folder.
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// New folder for the copy of the keys: keep it in another place.
    #[arg(long, value_name = "KEYS")]
    keys_to: PathBuf,
}

/// Bring a copy back into a new data folder.
#[derive(Args)]
pub(crate) struct Restore {
    /// Folder with the copy of the data.
    #[arg(value_name = "COPY")]
    from: PathBuf,
    /// The new data folder; the root keys go to `keys` in it.
    #[arg(long, value_name = "NEW")]
    data: PathBuf,
    /// Folder with the copy of the keys.
    #[arg(long, value_name = "KEYS")]
    keys_from: PathBuf,
}

impl Backup {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let root = self.keys.unwrap_or_else(|| self.data.join("keys"));
        let keys = keys::load(&root)?;
        ensure!(self.data.join("teeka.db").exists(), "there is no data in {}", self.data.display());
        let (to, keys_to) = (new_folder(&self.to)?, new_folder(&self.keys_to)?);
        if to.starts_with(&keys_to) || keys_to.starts_with(&to) {
            bail!("data and keys go to two folders, neither within the other: whoever finds one has nothing");
        }
        let folder = Folder::look(&self.data)?;
        let vault = folder.vault(&keys, "backup", ambient::clock(), std::sync::Arc::new(crate::folder::Nowhere))?;
        // Data first, keys after: so nobody who is in the copy lacks her keys.
        vault.backup(&to.join("teeka.db"), &keys_to.join("keys.db"))?;
        for name in keys::NAMES {
            keys::write_private(&keys_to.join(name), &fs::read(root.join(name))?)?;
        }
        for name in SECRETS.iter().filter(|name| self.data.join(name).exists()) {
            keys::write_private(&keys_to.join(name), &fs::read(self.data.join(name))?)?;
        }
        [&to, &keys_to].into_iter().try_for_each(|folder| settle(folder))?;
        println!("Data: {}   Keys: {}   Keep them in two places.", to.display(), keys_to.display());
        println!("To bring it back: teeka restore {} --keys-from {} --data NEW", to.display(), keys_to.display());
        Ok(())
    }
}

impl Restore {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let empty = !self.data.exists() || fs::read_dir(&self.data)?.next().is_none();
        ensure!(empty, "{} is not empty: a copy is never brought back over data", self.data.display());
        let mut name = self.data.file_name().context("the new folder has no name")?.to_owned();
        name.push(".unfinished");
        let half = self.data.with_file_name(name);
        ensure!(!half.exists(), "{} is left from a restore that did not finish; remove it", half.display());
        let brought = bring(&self.from, &self.keys_from, &half);
        if let Err(error) = brought {
            fs::remove_dir_all(&half).ok();
            return Err(error);
        }
        // A rename is all or nothing, so nobody ever opens half of a copy.
        fs::rename(&half, &self.data).with_context(|| format!("cannot make {}", self.data.display()))?;
        println!("Restored into {}.", self.data.display());
        Ok(())
    }
}

/// Brings a copy into a folder that nobody uses yet, and opens it once to see that keys and data fit.
fn bring(data: &Path, keys_from: &Path, into: &Path) -> anyhow::Result<()> {
    let root = into.join("keys");
    DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
    let copy = |from: &Path, to: &Path| {
        let bytes = fs::read(from).with_context(|| format!("the copy lacks {}", from.display()))?;
        keys::write_private(to, &bytes)
    };
    copy(&data.join("teeka.db"), &into.join("teeka.db"))?;
    copy(&keys_from.join("keys.db"), &into.join("keys.db"))?;
    for name in keys::NAMES {
        copy(&keys_from.join(name), &root.join(name))?;
    }
    for name in SECRETS.iter().filter(|name| keys_from.join(name).exists()) {
        copy(&keys_from.join(name), &into.join(name))?;
    }
    keys::load(&root)?;
    Folder::open(into)?;
    settle(into)
}

/// A new or empty folder that only its owner may read, by its full path.
fn new_folder(path: &Path) -> anyhow::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make {}", path.display()))?;
    ensure!(fs::read_dir(path)?.next().is_none(), "{} is not empty", path.display());
    Ok(path.canonicalize()?)
}

/// Waits until a folder and its files are on the disk.
fn settle(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        match File::open(entry?.path()) {
            Ok(file) => file.sync_all()?,
            // The store that was opened to try the copy takes its write-ahead log away when it ends.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(File::open(folder)?.sync_all()?)
}
