//! A data folder: held by one process at a time.

use crate::ambient;
use crate::keys::Keys;
use crate::room::{self, Link};
use anyhow::{Context, bail};
use keyroom::{KeyRoom, Keys as Way};
use ledger::policy::Witness;
use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use store::{LogFiles, Store};
use vault::{Clock, KeyShelf, Log, Messenger, Parts, Vault, Watch};

/// Wrong codes in a day, over all phones, beyond which new codes have eight digits.
const WRONG_CODES_A_DAY: u64 = 10_000;

/// A data folder that this process holds until it ends.
pub(crate) struct Folder {
    path: PathBuf,
    /// Whether there was no data in it.
    pub(crate) is_new: bool,
    store: Store,
    witnesses: Vec<Witness>,
    least: usize,
    link: Option<Link>,
    shared: OnceLock<Shared>,
    _lock: Option<File>,
}

impl Folder {
    /// Opens the folder, making it as needed. A second process is refused.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let lock = make(path, Hold::Alone)?;
        let is_new = !path.join("teeka.db").exists();
        let store = Store::open(path)?;
        Ok(Self::over(path, is_new, store, Some(lock)))
    }

    /// Opens the folder with its data in a PostgreSQL database, where one is named: log, keys and lock lie in the folder.
    /// Several nodes share it where their key room is a process apart; without one, people's keys lie in the folder, too.
    pub(crate) async fn open_at(path: &Path, database: Option<&str>, keys_apart: bool) -> anyhow::Result<Self> {
        let Some(url) = database else { return Self::open(path) };
        let lock = make(path, if keys_apart { Hold::Shared } else { Hold::Alone })?;
        anyhow::ensure!(!path.join("teeka.db").exists(), "{} has data of its own", path.display());
        let store = Store::connect(url).await?;
        let is_new = store.read(store::Reader::log_size).await? == 0;
        Ok(Self::over(path, is_new, store, Some(lock)))
    }

    /// Opens the folder to read from it, also while another process works on it.
    pub(crate) fn look(path: &Path) -> anyhow::Result<Self> {
        let is_new = !path.join("teeka.db").exists();
        anyhow::ensure!(!is_new, "there is no data in {}", path.display());
        Ok(Self::over(path, is_new, Store::open(path)?, None))
    }

    /// The same, with its data in a PostgreSQL database, where one is named.
    pub(crate) async fn look_at(path: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        let Some(url) = database else { return Self::look(path) };
        anyhow::ensure!(path.join("log").exists(), "there is no log in {}", path.display());
        Ok(Self::over(path, false, Store::connect(url).await?, None))
    }

    fn over(path: &Path, is_new: bool, store: Store, lock: Option<File>) -> Self {
        let path = path.to_owned();
        Self { path, is_new, store, witnesses: Vec::new(), least: 0, link: None, shared: OnceLock::new(), _lock: lock }
    }

    /// The store, for what needs no key.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The path of the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A vault over the folder's data. Several of them may work side by side: they share the log and the key room.
    pub(crate) fn vault(
        &self,
        keys: &Keys,
        issuer: &str,
        clock: Clock,
        messenger: Arc<dyn Messenger>,
    ) -> anyhow::Result<Arc<Vault>> {
        let shared = match self.shared.get() {
            Some(shared) => shared,
            None => {
                let shared = self.share(keys)?;
                self.shared.get_or_init(|| shared)
            }
        };
        Ok(Arc::new(Vault::new(Parts {
            store: self.store.clone(),
            log: Arc::clone(&shared.log),
            keys: Arc::clone(&shared.keys),
            watch: Arc::clone(&shared.watch),
            secrets: keys.secrets(),
            issuer: keys.issuer(issuer)?,
            clock,
            random: ambient::random(),
            messenger,
            build: concat!("teeka ", env!("CARGO_PKG_VERSION")).into(),
            wrong_codes_a_day: WRONG_CODES_A_DAY,
        })))
    }

    /// Has the log shown to these witnesses, of which so many must cosign; before the first vault.
    pub(crate) fn witnessed_by(mut self, witnesses: Vec<Witness>, least: usize) -> Self {
        (self.witnesses, self.least) = (witnesses, least);
        self
    }

    /// Has the keys kept by a key room in another process; before the first vault.
    pub(crate) fn with_keys_at(mut self, link: Option<Link>) -> Self {
        self.link = link;
        self
    }

    /// Keeps the root of the key room, where that is in this process: for ever, beside the work of a vault.
    pub(crate) async fn keep_root(&self, keys: &Keys) {
        match self.shared.get().and_then(|shared| shared.room.as_ref()) {
            Some(room) => room::keep_root(room, keys.folder()).await,
            None => std::future::pending().await,
        }
    }

    fn share(&self, keys: &Keys) -> anyhow::Result<Shared> {
        let log = Log::open(self.store.clone(), LogFiles::open(&self.path.join("log"))?, keys.secrets().log_key())?;
        let (way, room) = match &self.link {
            Some(link) => {
                let cosigner = link.cosigner.parse().context("the cosigner of the key room")?;
                (Way::new(cosigner, Arc::new(link.remote()?)), None)
            }
            None => {
                let room = room::open(&self.path, keys.folder(), log.key())?;
                (Way::new(room.cosigner().clone(), Arc::clone(&room) as _), Some(room))
            }
        };
        let watch = Watch::new(log.key(), way.cosigner(), self.witnesses.clone(), self.least)
            .context("the witnesses of the log")?;
        Ok(Shared { log: Arc::new(log), keys: Arc::new(way), watch: Arc::new(watch), room })
    }
}

/// Makes the folder as needed, and holds it.
fn make(path: &Path, how: Hold) -> anyhow::Result<File> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("cannot make {}", path.display()))?;
    hold_as(how, path, "lock")
}

/// What all vaults over one folder share.
struct Shared {
    log: Arc<Log>,
    keys: Arc<Way>,
    watch: Arc<Watch>,
    /// The key room, where it is in this process.
    room: Option<Arc<KeyRoom<KeyShelf>>>,
}

/// Who else may hold a folder.
#[derive(Clone, Copy)]
enum Hold {
    Alone,
    Shared,
}

/// Holds a folder for one purpose until the process ends.
pub(crate) fn hold(path: &Path, name: &str) -> anyhow::Result<File> {
    hold_as(Hold::Alone, path, name)
}

fn hold_as(how: Hold, path: &Path, name: &str) -> anyhow::Result<File> {
    let file = path.join(name);
    let lock = File::options()
        .create(true)
        .append(true)
        .open(&file)
        .with_context(|| format!("cannot open {}", file.display()))?;
    let held = match how {
        Hold::Alone => lock.try_lock(),
        Hold::Shared => lock.try_lock_shared(),
    };
    match held {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => bail!("another teeka works on {} already", path.display()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", file.display())),
    }
}

/// A messenger for commands that send nothing.
pub(crate) struct Nowhere;

impl Messenger for Nowhere {
    fn send(&self, _phone: registry::Phone, _message: vault::Message, _language: String) -> vault::Sending<'_> {
        Box::pin(async { Err(vault::Undelivered("this command sends no messages".into())) })
    }
}

/// Whether some process works on a folder now.
pub(crate) fn is_held(path: &Path) -> bool {
    File::open(path.join("lock")).is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}
