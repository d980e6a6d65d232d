//! `teeka backup` and `teeka restore`. Data and keys lie in two folders, so that neither opens anything alone.

mod sealed;
mod unreadable;

use crate::config::Config;
use crate::folder::{Folder, is_held};
use crate::{ambient, keys};
use anyhow::{Context, bail, ensure};
use clap::Args;
use sealed::Sealed;
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What lies in a data folder beside the store and is as secret as a key.
const SECRETS: [&str; 2] = ["demo-staff.json", "demo-phones.txt"];

/// How long a copy waits for the log to be published.
const SETTLING_SECONDS: u32 = 15;

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
    /// The configuration of `teeka serve`, where the key room is apart: it copies its own part, beside itself.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Seal both copies to this recipient of age; once for each.
    #[arg(long = "to", value_name = "age1…")]
    recipients: Vec<String>,
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
    /// The file with the age identity that opens sealed copies.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Open the data also when the keys are older and cannot read everybody.
    #[arg(long)]
    accept_unreadable: bool,
}

impl Backup {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let root = self.keys.unwrap_or_else(|| self.data.join("keys"));
        let keys = keys::load(&root)?;
        ensure!(self.data.join("teeka.db").exists(), "there is no data in {}", self.data.display());
        let (to, keys_to) = (new_folder(&self.to)?, new_folder(&self.keys_to)?);
        if to.starts_with(&keys_to) || keys_to.starts_with(&to) {
            bail!("data and keys go to two folders, neither within the other: whoever finds one has nothing");
        }
        let recipients = sealed::recipients(&self.recipients)?;
        let mut copies = Target::new(&to, "data", &recipients)?;
        let mut key_copies = Target::new(&keys_to, "keys", &recipients)?;
        let link = self.config.as_deref().map(Config::read).transpose()?.and_then(|mut config| config.key_room.take());
        let is_apart = link.is_some();
        let folder = Folder::look(&self.data)?.with_keys_at(link);
        let vault = folder.vault(&keys, "backup", ambient::clock(), std::sync::Arc::new(crate::folder::Nowhere))?;
        // Data first, keys after: so nobody who is in the copy lacks her keys.
        let (name, staged) = (format!("{}", ambient::now_ms()), self.data.join("copies"));
        keys::make_private_folder(&staged)?;
        let taken = async {
            let seen = vault.backup(&copies.store(&staged), &name).await?;
            copies.take_store(&staged)?;
            for file in ["keys.db", "hold.db"] {
                key_copies.put(file, &staged.join(&name).join(file))?;
            }
            anyhow::Ok(seen)
        };
        let taken = taken.await;
        fs::remove_dir_all(staged)?;
        let seen = taken?;
        if is_apart {
            say!("The key room has copied its keys to copies/{name} beside them: take that to the place of its root.");
        }
        // The log last, when it is published as far as the keys have seen it: what was shown must be in the copy.
        settled(&self.data, seen).await?;
        copies.log(&self.data.join("log"))?;
        for name in keys::files(&root) {
            key_copies.put(name, &root.join(name))?;
        }
        for name in SECRETS {
            key_copies.put(name, &self.data.join(name))?;
        }
        copies.finish()?;
        key_copies.finish()?;
        say!("Data: {}   Keys: {}   Keep them in two places.", to.display(), keys_to.display());
        let identity = if recipients.is_empty() { "" } else { " --identity FILE" };
        say!("To bring it back: teeka restore {} --keys-from {} --data NEW{identity}", to.display(), keys_to.display());
        Ok(())
    }
}

impl Restore {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let empty = !self.data.exists() || fs::read_dir(&self.data)?.next().is_none();
        ensure!(empty, "{} is not empty: a copy is never brought back over data", self.data.display());
        let mut name = self.data.file_name().context("the new folder has no name")?.to_owned();
        name.push(".unfinished");
        let half = self.data.with_file_name(name);
        ensure!(!half.exists(), "{} is left from a restore that did not finish; remove it", half.display());
        let opened = half.with_extension("opened");
        let brought = self.bring(&half, &opened).await;
        fs::remove_dir_all(&opened).ok();
        if let Err(error) = brought {
            fs::remove_dir_all(&half).ok();
            return Err(error);
        }
        // A rename is all or nothing, so nobody ever opens half of a copy.
        fs::rename(&half, &self.data).with_context(|| format!("cannot make {}", self.data.display()))?;
        say!("Restored into {}.", self.data.display());
        Ok(())
    }
}

impl Restore {
    /// Brings the copies into the folder `half`; sealed ones are opened in another, which is removed afterwards.
    async fn bring(&self, half: &Path, opened: &Path) -> anyhow::Result<()> {
        let (mut from, mut keys_from) = (self.from.clone(), self.keys_from.clone());
        if let Some(identity) = &self.identity {
            let place = |name: &str, folder: &Path| (folder.join(format!("{name}{SEALED}")), opened.join(name));
            keys::make_private_folder(opened)?;
            for (folder, name) in [(&mut from, "data"), (&mut keys_from, "keys")] {
                let (file, to) = place(name, folder);
                sealed::open(&file, identity, &to)?;
                *folder = to;
            }
        } else if from.join(format!("data{SEALED}")).exists() {
            bail!("this copy is sealed: --identity names the file of the age identity that opens it");
        }
        bring(&from, &keys_from, half, self.accept_unreadable).await
    }
}

/// What the name of a sealed copy ends in.
const SEALED: &str = ".tar.age";

/// Where a copy goes: files in a folder, or one sealed file.
enum Target {
    Plain(PathBuf),
    Sealed(Box<Sealed>),
}

impl Target {
    fn new(folder: &Path, name: &str, recipients: &[age::x25519::Recipient]) -> anyhow::Result<Self> {
        if recipients.is_empty() {
            return Ok(Self::Plain(folder.to_owned()));
        }
        Ok(Self::Sealed(Box::new(Sealed::begin(folder.join(format!("{name}{SEALED}")), recipients)?)))
    }

    /// Where the store writes its own copy: in place, or beside the data until it is sealed.
    fn store(&self, staged: &Path) -> PathBuf {
        match self {
            Self::Plain(folder) => folder.join("teeka.db"),
            Self::Sealed(_) => staged.join("teeka.db"),
        }
    }

    fn take_store(&mut self, staged: &Path) -> anyhow::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Sealed(sealed) => sealed.file("teeka.db", &staged.join("teeka.db")),
        }
    }

    /// Adds a file; what is not there needs no copy.
    fn put(&mut self, name: &str, from: &Path) -> anyhow::Result<()> {
        match self {
            Self::Plain(folder) if from.exists() => copy_private(from, &folder.join(name)),
            Self::Plain(_) => Ok(()),
            Self::Sealed(sealed) => sealed.file(name, from),
        }
    }

    fn log(&mut self, from: &Path) -> anyhow::Result<()> {
        match self {
            Self::Plain(folder) => copy_log(from, &folder.join("log")),
            Self::Sealed(sealed) => sealed.log(from),
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Plain(folder) => settle(&folder),
            Self::Sealed(sealed) => sealed.finish(),
        }
    }
}

/// Brings a copy into a folder that nobody uses yet, and opens it once to see that keys and data fit.
async fn bring(data: &Path, keys_from: &Path, into: &Path, is_accepted: bool) -> anyhow::Result<()> {
    let root = into.join("keys");
    DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
    copy_private(&data.join("teeka.db"), &into.join("teeka.db"))?;
    copy_folder(&data.join("log"), &into.join("log"))?;
    // A key room apart has its own copy.
    if keys::files(keys_from).contains(&keys::NAMES[0]) {
        copy_private(&keys_from.join("keys.db"), &into.join("keys.db"))?;
        // Copies that were made before anything was held have none.
        if keys_from.join("hold.db").exists() {
            copy_private(&keys_from.join("hold.db"), &into.join("hold.db"))?;
        }
    }
    for name in keys::files(keys_from) {
        copy_private(&keys_from.join(name), &root.join(name))?;
    }
    for name in SECRETS.iter().filter(|name| keys_from.join(name).exists()) {
        copy_private(&keys_from.join(name), &into.join(name))?;
    }
    keys::load(&root)?;
    // A key room apart says by itself whom it knows.
    if into.join("keys.db").exists() {
        unreadable::check(into, is_accepted).await?;
    }
    Folder::open(into)?;
    settle(into)
}

/// Copies a file, of whatever length, to a new one that only its owner may read.
fn copy_private(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut source = File::open(from).with_context(|| format!("the copy lacks {}", from.display()))?;
    keys::write_private(to, &[])?;
    let mut copy = File::options().write(true).open(to)?;
    std::io::copy(&mut source, &mut copy).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(copy.sync_all()?)
}

/// Waits until the log of a folder in use is published as far as a copy of its keys has seen it.
async fn settled(data: &Path, seen: u64) -> anyhow::Result<()> {
    for _ in 0..SETTLING_SECONDS {
        let text = fs::read_to_string(data.join("log/checkpoint")).unwrap_or_default();
        let published = text.lines().nth(1).and_then(|size| size.parse::<u64>().ok()).unwrap_or(0);
        // Where nobody writes, what is not published is staged in the copy of the data.
        if published >= seen || !is_held(data) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    bail!(
        "too few witnesses cosign the log, so a copy made now would be behind what its keys have seen; see the log output"
    )
}

/// Copies a log that may grow meanwhile: the files of the checkpoint that stood first are all in the copy.
fn copy_log(from: &Path, to: &Path) -> anyhow::Result<()> {
    let checkpoint = fs::read(from.join("checkpoint")).ok();
    copy_folder(from, to)?;
    if let Some(checkpoint) = checkpoint {
        fs::write(to.join("checkpoint"), checkpoint)?;
    }
    if to.exists() { settle(to) } else { Ok(()) }
}

/// Copies a folder of plain files; what is not there needs no copy.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    keys::make_private_folder(to)?;
    for entry in fs::read_dir(from)? {
        let (from, to) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            // A file that is being replaced goes away under its old name.
            match fs::copy(&from, &to) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                copied => {
                    copied.with_context(|| format!("cannot copy {}", from.display()))?;
                }
            }
        }
    }
    settle(to)
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
