//! A folder for what no test keeps.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::program::Program;

const MEMORY: &str = "/dev/shm";
/// Many times what is needed: the suites were seen with 18 MB on two cores, a demo with 17 MB.
const ENOUGH_MB: u64 = 1024;

/// In memory where there is room, as every commit waits for a disk; else with other temporary files. Gone when this is
/// dropped. What is tried against a disk, the drills, does not lie here.
pub(crate) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// A folder of this name, and of this process.
    pub(crate) fn new(root: &Path, name: &str) -> Result<Self> {
        let base = if free_mb(root) >= ENOUGH_MB { PathBuf::from(MEMORY) } else { std::env::temp_dir() };
        let folder = base.join(format!("teeka-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
        Ok(Self { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

/// What is free in memory's own folder; nothing where there is none.
fn free_mb(root: &Path) -> u64 {
    let told = Program::new("df", root).args(["--output=avail", "--block-size=1M", MEMORY]).quiet().unwrap_or_default();
    told.lines().last().and_then(|free| free.trim().parse().ok()).unwrap_or(0)
}
