//! Copies that go on from earlier ones: what a copy says of itself, what is remembered of it where it was made, and a whole that is put
//! together of several.

use super::blocks::{self, Hash};
use super::{STORE, copy_folder, copy_private, names};
use crate::keys;
use anyhow::{Context, bail, ensure};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a copy says of itself, and the blocks of the store in an increment.
pub(super) const SAYS: &str = "copy.json";
pub(super) const CHANGED: &str = "teeka.db.changed";

/// Where it is remembered in a data folder what was copied, and of how many copies.
const COPIED: &str = "copied";
const REMEMBERED: usize = 8;

/// How much of a copy's name is shown, and asked for, at least.
const SHOWN: usize = 12;

/// What a copy says of itself.
#[derive(Serialize, Deserialize)]
pub(super) struct Copied {
    /// Its name: the hash of everything that it is a copy of.
    name: String,
    /// The copy from which it goes on; a whole one goes on from none.
    since: Option<String>,
    /// How long the store's file is.
    bytes: u64,
    /// Files of the log that are in the copy before, and are gone.
    gone: Vec<String>,
}

/// What is known of a copy without having it: the hashes of its store, and the names of its log's files, which never change.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) store: Vec<Hash>,
    pub(super) log: BTreeSet<String>,
}

impl Copied {
    pub(super) fn of(now: &Known, before: Option<&Known>, bytes: u64) -> Self {
        let gone = before.map(|before| before.log.difference(&now.log).cloned().collect());
        Self { name: now.name(), since: before.map(Known::name), bytes, gone: gone.unwrap_or_default() }
    }

    pub(super) fn text(&self) -> anyhow::Result<Vec<u8>> {
        Ok(serde_json::to_vec(self)?)
    }

    pub(super) fn shown(&self) -> &str {
        &self.name[..SHOWN]
    }

    /// What the copy in a folder says; nothing, if it was made before copies did, or did not end.
    fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join(SAYS);
        let text = path.exists().then(|| fs::read(&path)).transpose()?;
        text.map(|text| serde_json::from_slice(&text).with_context(|| format!("the file {}", path.display())))
            .transpose()
    }
}

impl Known {
    fn name(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.store.len().to_be_bytes());
        self.store.iter().for_each(|one| hash.update(one));
        self.log.iter().for_each(|name| hash.update([name.as_bytes(), b"\n"].concat()));
        HEXLOWER.encode(&hash.finalize())
    }

    /// Remembers it in the data folder, beside some that were made before.
    pub(super) fn remember(&self, data: &Path, now_ms: i64) -> anyhow::Result<()> {
        let folder = data.join(COPIED);
        keys::make_private_folder(&folder)?;
        let half = folder.join("half");
        keys::write_anew(&half, &[])?;
        let mut file = BufWriter::new(File::options().write(true).open(&half)?);
        writeln!(file, "{}", self.store.len())?;
        self.store.iter().try_for_each(|one| writeln!(file, "{}", HEXLOWER.encode(one)))?;
        self.log.iter().try_for_each(|name| writeln!(file, "{name}"))?;
        file.into_inner()?.sync_all()?;
        fs::rename(half, folder.join(format!("{now_ms:015}-{}", self.name())))?;
        let all = remembered(data)?;
        for old in all.iter().rev().skip(REMEMBERED) {
            fs::remove_file(old)?;
        }
        Ok(())
    }

    /// What is remembered of a copy that is known by the beginning of its name, or of the `last` one.
    pub(super) fn find(data: &Path, wanted: &str) -> anyhow::Result<Self> {
        let all = remembered(data)?;
        let is_it = |path: &&PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split_once('-'));
            wanted == "last" || wanted.len() >= SHOWN && name.is_some_and(|(_, name)| name.starts_with(wanted))
        };
        let found = all.iter().rev().find(is_it);
        let found =
            found.with_context(|| format!("{} remembers no copy {wanted}: make a whole one", data.display()))?;
        Self::read(found).with_context(|| format!("the file {}", found.display()))
    }

    fn read(path: &Path) -> anyhow::Result<Self> {
        let mut lines = BufReader::new(File::open(path)?).lines();
        let blocks: usize = lines.next().context("it is empty")??.parse()?;
        let mut store = Vec::with_capacity(blocks);
        for line in lines.by_ref().take(blocks) {
            let hash = HEXLOWER.decode(line?.as_bytes())?;
            store.push(hash.try_into().map_err(|_| anyhow::anyhow!("it holds what is no hash"))?);
        }
        Ok(Self { store, log: lines.collect::<Result<_, _>>()? })
    }
}

/// The files in which copies are remembered, oldest first.
fn remembered(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(data.join(COPIED)) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?,
        Err(_) => Vec::new(),
    };
    let mut all: Vec<PathBuf> = entries.into_iter().filter(|path| !path.ends_with("half")).collect();
    all.sort();
    Ok(all)
}

/// What was put together of a copy and its increments, as far as they have come.
pub(super) struct Whole {
    folder: PathBuf,
    known: Known,
    /// The copy that came last, as whoever restores named it.
    last: PathBuf,
}

impl Whole {
    /// Brings the copy that lies in `from` into a folder; `named` is what whoever restores calls it. Of data on a server there are no
    /// rows in it.
    pub(super) fn begin(from: &Path, named: &Path, into: &Path, has_rows: bool) -> anyhow::Result<Self> {
        let said = Copied::read(from)?;
        if let Some(Copied { since: Some(since), .. }) = &said {
            bail!("{} goes on from the copy {}, which has to be named before it", named.display(), &since[..SHOWN]);
        }
        let rows = into.join(STORE);
        let store = if has_rows {
            copy_private(&from.join(STORE), &rows)?;
            blocks::compare(&rows, &[], std::io::sink())?
        } else {
            ensure!(
                !from.join(STORE).exists(),
                "{} has rows of its own: bring it back without --store",
                named.display()
            );
            Vec::new()
        };
        copy_folder(&from.join("log"), &into.join("log"))?;
        let known = Known { store, log: names(&into.join("log"))? };
        let whole = Self { folder: into.to_owned(), known, last: named.to_owned() };
        if let Some(said) = said {
            whole.is(&said)?;
        }
        Ok(whole)
    }

    /// Goes on with the increment that lies in `from`.
    pub(super) fn and(mut self, from: &Path, named: &Path) -> anyhow::Result<Self> {
        let said = Copied::read(from)?;
        let said = said.with_context(|| format!("{} is no increment, or was not ended", named.display()))?;
        let (name, before) = (self.known.name(), said.since.as_deref());
        let before = before.with_context(|| format!("{} is a whole copy, and no increment", named.display()))?;
        ensure!(
            before == name,
            "{} goes on from the copy {}, and {} is the copy {}: one is missing between them, or they are not in their order",
            named.display(),
            &before[..SHOWN],
            self.last.display(),
            &name[..SHOWN]
        );
        named.clone_into(&mut self.last);
        if self.folder.join(STORE).exists() {
            blocks::put(&from.join(CHANGED), &self.folder.join(STORE), &mut self.known.store, said.bytes)
                .with_context(|| format!("the increment {}", named.display()))?;
        }
        let log = self.folder.join("log");
        for name in &said.gone {
            if self.known.log.remove(name) {
                fs::remove_file(log.join(name))?;
            }
        }
        copy_folder(&from.join("log"), &log)?;
        self.known.log.extend(names(&from.join("log"))?);
        self.is(&said)?;
        Ok(self)
    }

    /// Refuses what is not what was copied.
    fn is(&self, said: &Copied) -> anyhow::Result<()> {
        ensure!(
            self.known.name() == said.name,
            "{} is not what was copied: it was changed, or cut short",
            self.last.display()
        );
        Ok(())
    }
}
