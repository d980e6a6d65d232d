//! Where a copy goes: files in a folder, or one sealed file.

use super::sealed::Sealed;
use super::{SEALED, copy_private, names, settle};
use crate::keys;
use age::x25519::Recipient;
use anyhow::Context;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The one file of a log that changes.
const CHECKPOINT: &str = "checkpoint";

pub(super) enum Target {
    Plain(PathBuf),
    Sealed(Box<Sealed>),
}

impl Target {
    pub(super) fn new(folder: &Path, name: &str, recipients: &[Recipient]) -> anyhow::Result<Self> {
        if recipients.is_empty() {
            return Ok(Self::Plain(folder.to_owned()));
        }
        Ok(Self::Sealed(Box::new(Sealed::begin(folder.join(format!("{name}{SEALED}")), recipients)?)))
    }

    /// Adds a file; what is not there needs no copy. Whether it was there.
    pub(super) fn put(&mut self, name: &str, from: &Path) -> anyhow::Result<bool> {
        match self {
            Self::Plain(folder) => {
                let to = folder.join(name);
                keys::make_private_folder(to.parent().context("it lies in a folder")?)?;
                if from.exists() { copy_private(from, &to).map(|()| true) } else { Ok(false) }
            }
            Self::Sealed(sealed) => sealed.file(name, from),
        }
    }

    pub(super) fn text(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::Plain(folder) => keys::write_private(&folder.join(name), bytes),
            Self::Sealed(sealed) => sealed.text(name, bytes),
        }
    }

    /// Adds a log that may grow meanwhile: the files of the checkpoint that stood first are all in the copy, but for those that
    /// are known of an earlier one. Answers the names of all.
    pub(super) fn log(&mut self, from: &Path, known: Option<&BTreeSet<String>>) -> anyhow::Result<BTreeSet<String>> {
        let checkpoint = fs::read(from.join(CHECKPOINT)).ok();
        let mut all = BTreeSet::new();
        for name in names(from)?.into_iter().filter(|name| name != CHECKPOINT) {
            let is_known = known.is_some_and(|known| known.contains(&name));
            // A file that is being replaced goes away under its old name.
            if is_known || self.put(&format!("log/{name}"), &from.join(&name))? {
                all.insert(name);
            }
        }
        if let Some(checkpoint) = checkpoint {
            self.text(&format!("log/{CHECKPOINT}"), &checkpoint)?;
            all.insert(CHECKPOINT.into());
        }
        Ok(all)
    }

    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Plain(folder) => settle(&folder),
            Self::Sealed(sealed) => sealed.finish(),
        }
    }
}
