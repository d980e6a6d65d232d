//! The log's files: plain, whole or absent, and never changed once they are full. A mirror, a backup and an auditor need
//! only copy them.

use crate::{Fuse, StoreError};
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A folder of log files, named by their paths in the log.
pub struct LogFiles {
    folder: PathBuf,
    fuse: Fuse,
}

impl LogFiles {
    /// The files below `folder`, which is made as needed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_until(folder, Fuse::default())
    }

    /// Opens them for a test that ends them at a step.
    ///
    /// # Errors
    /// As [`LogFiles::open`].
    pub fn open_until(folder: &Path, fuse: Fuse) -> Result<Self, StoreError> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(StoreError::new)?;
        Ok(Self { folder: folder.to_owned(), fuse })
    }

    /// A file's bytes; `None` if there is none at this path. The caller has parsed the path: it leads nowhere else.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match fs::read(self.folder.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(StoreError::new(error)),
        }
    }

    /// Writes files so that each is on the disk whole, or not there at all, when this returns.
    ///
    /// # Errors
    /// When one cannot be written; those before it may stand.
    pub fn write(&self, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let _turn = self.turn()?;
        self.write_all(files).map_err(StoreError::new)
    }

    /// Writes a file in the place of another, as [`LogFiles::write`], unless the one that stands there must stay.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn replace(
        &self,
        path: &str,
        bytes: Vec<u8>,
        may_replace: impl FnOnce(&[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let _turn = self.turn()?;
        if self.read(path)?.is_some_and(|known| !may_replace(&known)) {
            return Ok(());
        }
        self.write_all(&[(path.to_owned(), bytes)]).map_err(StoreError::new)
    }

    /// One process writes here at a time; the others wait while this is held.
    fn turn(&self) -> Result<File, StoreError> {
        let folder = File::open(&self.folder).map_err(StoreError::new)?;
        folder.lock().map_err(StoreError::new)?;
        Ok(folder)
    }

    fn write_all(&self, files: &[(String, Vec<u8>)]) -> std::io::Result<()> {
        // Folders are made below it, and not itself: a log that is gone does not begin anew by itself.
        if !self.folder.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        let (mut folders, mut halves) = (Vec::new(), Vec::with_capacity(files.len()));
        for (path, bytes) in files {
            let path = self.folder.join(path);
            let folder = path.parent().expect("it lies below the folder").to_owned();
            DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
            let half = path.with_extension("half");
            let mut file = File::create(&half)?;
            file.write_all(&bytes[..if self.fuse.step() { bytes.len() } else { bytes.len() / 2 }])?;
            halves.push((file, half, path));
            folders.extend(folder.ancestors().take_while(|one| one.starts_with(&self.folder)).map(Path::to_owned));
        }
        // All are written before the first is waited for: the disk takes them together.
        halves.iter().try_for_each(|(file, _, _)| file.sync_data())?;
        for (_, half, path) in &halves {
            self.burns_on()?;
            fs::rename(half, path)?;
            self.burns_on()?;
        }
        folders.sort_unstable();
        folders.dedup();
        folders.iter().try_for_each(|folder| File::open(folder)?.sync_all())
    }

    /// Tries whether a file can be written here; none is left. Several may try at once.
    ///
    /// # Errors
    /// When none can.
    pub fn try_out(&self) -> Result<(), StoreError> {
        let path = self.folder.join("trial.half");
        fs::write(&path, [0; 512]).map_err(StoreError::new)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::new(error)),
            _ => Ok(()),
        }
    }

    fn burns_on(&self) -> std::io::Result<()> {
        if self.fuse.step() { Ok(()) } else { Err(ErrorKind::Interrupted.into()) }
    }

    /// Takes away the folder of partial files whose full file stands.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove_partials(&self, full: &str) -> Result<(), StoreError> {
        let _turn = self.turn()?;
        self.burns_on().map_err(StoreError::new)?;
        match fs::remove_dir_all(self.folder.join(format!("{full}.p"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::new(error)),
            _ => Ok(()),
        }
    }
}
