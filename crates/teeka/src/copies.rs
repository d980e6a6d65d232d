//! `teeka backup` and `teeka restore`. Data and keys lie in two folders, so that neither opens anything alone.

mod blocks;
mod chain;
mod sealed;
mod target;
mod unreadable;

use crate::config::Config;
use crate::folder::{Folder, is_held};
use crate::{ambient, keys};
use anyhow::{Context, bail, ensure};
use chain::{CHANGED, Copied, Known, SAYS, Whole};
use clap::Args;
use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, sink};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use target::Target;

/// The store's file, in a data folder and in a copy.
const STORE: &str = "teeka.db";

/// What the name of a sealed copy ends in.
const SEALED: &str = ".tar.age";

/// What lies in a data folder beside the store and is as secret as a key.
const SECRETS: [&str; 2] = ["demo-staff.json", "demo-phones.txt"];

/// How long a copy waits for the log to be published.
const SETTLING_SECONDS: u32 = 15;

/// Says at the start how a copy is made, and brought back.
pub(crate) fn say_how(data: &Path, root: Option<&Path>, database: Option<&str>) {
    let (first, store) = match database {
        Some(_) => ("the rows by the server's own tools, then ", " --store URL"),
        None => ("", ""),
    };
    let root = root.map(|root| format!(" --keys {}", root.display())).unwrap_or_default();
    say!("To keep a copy: {first}teeka backup COPY --data {}{root} --keys-to KEYS{store}", data.display());
    say!("To bring it back: {first}teeka restore COPY --keys-from KEYS --data NEW{store}");
}

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
    /// Where the data lies in a PostgreSQL database, unless the configuration says it: its rows are copied by the server's own tools, and
    /// before; here the log is, and the keys.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// Seal both copies to this recipient of age; once for each.
    #[arg(long = "to", value_name = "age1…")]
    recipients: Vec<String>,
    /// Copy only what is not in an earlier copy of these data: its name as it was said, or `last`. The keys are copied whole.
    #[arg(long, value_name = "NAME")]
    since: Option<String>,
}

/// Bring a copy back into a new data folder.
#[derive(Args)]
pub(crate) struct Restore {
    /// Folder with the copy of the data.
    #[arg(value_name = "COPY")]
    from: PathBuf,
    /// Folders with the copies that go on from it, one from the other, in their order.
    #[arg(value_name = "INCREMENT")]
    increments: Vec<PathBuf>,
    /// The new data folder; the root keys go to `keys` in it.
    #[arg(long, value_name = "NEW")]
    data: PathBuf,
    /// Folder with the newest copy of the keys.
    #[arg(long, value_name = "KEYS")]
    keys_from: PathBuf,
    /// The database whose rows the server's own tools have brought back: the copies are of what lay beside them.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
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
        let before = self.since.as_deref().map(|name| Known::find(&self.data, name)).transpose()?;
        let mut config = self.config.as_deref().map(Config::read).transpose()?;
        let link = config.as_mut().and_then(|config| config.key_room.take());
        let database = self.store.or_else(|| config?.store().map(str::to_owned));
        let is_apart = link.is_some();
        let folder = Folder::look_at(&self.data, database.as_deref()).await?.with_keys_at(link);
        let (to, keys_to) = (new_folder(&self.to)?, new_folder(&self.keys_to)?);
        if to.starts_with(&keys_to) || keys_to.starts_with(&to) {
            bail!("data and keys go to two folders, neither within the other: whoever finds one has nothing");
        }
        let recipients = sealed::recipients(&self.recipients)?;
        let mut copies = Target::new(&to, "data", &recipients)?;
        let mut key_copies = Target::new(&keys_to, "keys", &recipients)?;
        let vault = folder.vault(&keys, "backup", ambient::clock(), std::sync::Arc::new(crate::folder::Nowhere))?;
        // Data first, keys after: so nobody who is in the copy lacks her keys.
        let now_ms = ambient::now_ms();
        let (name, staged) = (now_ms.to_string(), self.data.join("copies"));
        keys::make_private_folder(&staged)?;
        let taken = async {
            let store = database.is_none().then(|| staged.join(STORE));
            let seen = vault.backup(store.as_deref(), &name).await?;
            let rows = store.map(|store| put_store(&mut copies, &store, before.as_ref())).transpose()?;
            let (blocks, bytes) = rows.unwrap_or_default();
            for file in ["keys.db", "hold.db"] {
                key_copies.put(file, &staged.join(&name).join(file))?;
            }
            anyhow::Ok((seen, blocks, bytes))
        };
        let taken = taken.await;
        fs::remove_dir_all(staged)?;
        let (seen, store, bytes) = taken?;
        if is_apart {
            say!("The key room has copied its keys to copies/{name} beside them: take that to the place of its root.");
        }
        // The log last, when it is published as far as the keys have seen it: what was shown must be in the copy.
        settled(&self.data, seen).await?;
        let log = copies.log(&self.data.join("log"), before.as_ref().map(|before| &before.log))?;
        for name in keys::files(&root) {
            key_copies.put(name, &root.join(name))?;
        }
        for name in SECRETS {
            key_copies.put(name, &self.data.join(name))?;
        }
        let known = Known { store, log };
        let says = Copied::of(&known, before.as_ref(), bytes);
        copies.text(SAYS, &says.text()?)?;
        copies.finish()?;
        key_copies.finish()?;
        known.remember(&self.data, now_ms)?;
        say!("Data: {}   Keys: {}   Keep them in two places.", to.display(), keys_to.display());
        say!("Its name is {0}; what changes from now on: teeka backup NEXT --since {0}", says.shown());
        let identity = if recipients.is_empty() { "" } else { " --identity FILE" };
        let first = if before.is_some() { "COPY … " } else { "" };
        let beside = if database.is_some() { " --store URL" } else { "" };
        say!(
            "To bring it back: teeka restore {first}{} --keys-from {} --data NEW{identity}{beside}",
            to.display(),
            keys_to.display()
        );
        Ok(())
    }
}

/// Adds what the store wrote of itself to a copy: whole, or as the blocks that are not as they were before. Answers the hashes of all,
/// and how many bytes there are.
fn put_store(copies: &mut Target, store: &Path, before: Option<&Known>) -> anyhow::Result<(Vec<blocks::Hash>, u64)> {
    let hashes = match before {
        Some(before) => {
            let changed = store.with_file_name(CHANGED);
            let hashes = blocks::compare(store, &before.store, File::create(&changed)?)?;
            copies.put(CHANGED, &changed)?;
            hashes
        }
        None => {
            copies.put(STORE, store)?;
            blocks::compare(store, &[], sink())?
        }
    };
    Ok((hashes, fs::metadata(store)?.len()))
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
        let root = half.join("keys");
        DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
        let mut whole = Whole::begin(&self.open(&self.from, "data", opened)?, &self.from, half, self.store.is_none())?;
        for increment in &self.increments {
            whole = whole.and(&self.open(increment, "data", opened)?, increment)?;
        }
        bring_keys(&self.open(&self.keys_from, "keys", opened)?, half)?;
        keys::load(&root)?;
        let folder = Folder::open_at(half, self.store.as_deref(), false).await?;
        // A key room apart says by itself whom it knows.
        if half.join("keys.db").exists() {
            unreadable::check(folder.store(), half, self.accept_unreadable).await?;
        }
        drop(folder);
        settle(half)
    }

    /// Where a copy lies open: as it is, or unsealed in the folder `opened`, in the place of the one before.
    fn open(&self, copy: &Path, name: &str, opened: &Path) -> anyhow::Result<PathBuf> {
        let sealed = copy.join(format!("{name}{SEALED}"));
        let Some(identity) = &self.identity else {
            ensure!(
                !sealed.exists(),
                "this copy is sealed: --identity names the file of the age identity that opens it"
            );
            return Ok(copy.to_owned());
        };
        let to = opened.join(name);
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        keys::make_private_folder(opened)?;
        sealed::open(&sealed, identity, &to)?;
        Ok(to)
    }
}

/// Brings a copy of the keys into a folder that nobody uses yet.
fn bring_keys(from: &Path, into: &Path) -> anyhow::Result<()> {
    // A key room apart has its own copy.
    if keys::files(from).contains(&keys::NAMES[0]) {
        copy_private(&from.join("keys.db"), &into.join("keys.db"))?;
        // Copies that were made before anything was held have none.
        if from.join("hold.db").exists() {
            copy_private(&from.join("hold.db"), &into.join("hold.db"))?;
        }
    }
    for name in keys::files(from) {
        copy_private(&from.join(name), &into.join("keys").join(name))?;
    }
    for name in SECRETS.iter().filter(|name| from.join(name).exists()) {
        copy_private(&from.join(name), &into.join(name))?;
    }
    Ok(())
}

/// Copies a file, of whatever length, to a new one that only its owner may read.
fn copy_private(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut source = File::open(from).with_context(|| format!("the copy lacks {}", from.display()))?;
    let open = File::options().write(true).create_new(true).mode(0o600).open(to);
    let mut copy = open.with_context(|| format!("cannot make {}", to.display()))?;
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

/// The files below a folder, by their paths in it; none where there is no folder. Those that are being written are left out.
pub(crate) fn names(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries?,
    };
    let mut all = BTreeSet::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file of the log has no name of ours")?;
        if entry.path().is_dir() {
            all.extend(names(&entry.path())?.into_iter().map(|within| format!("{name}/{within}")));
        } else if Path::new(&name).extension().is_none_or(|end| end != "half") {
            all.insert(name);
        }
    }
    Ok(all)
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
                Err(error) if error.kind() == ErrorKind::NotFound => {}
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
        let path = entry?.path();
        match File::open(&path) {
            Ok(_) if path.is_dir() => settle(&path)?,
            Ok(file) => file.sync_all()?,
            // The store that was opened to try the copy takes its write-ahead log away when it ends.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(File::open(folder)?.sync_all()?)
}
