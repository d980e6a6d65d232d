//! A database that nobody serves now: made, brought forward, and moved from the embedded engine to a server.
//!
//! A move goes table by table, each in ranges of its key, and each range is in the target whole or not at all. So the target
//! itself says how far it has come: a move that was cut short goes on after the last key that is there. A marker stands in the
//! target until every table was found the same on both sides; nobody serves a database with a marker.

use crate::sql::{Broken, Connection, Place, Table, UNFINISHED, Value, params, steps};
use crate::{EMBEDDED, Fuse, MOVED, StoreError};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::runtime::Handle;

/// Rows that are read and written at once.
const ROWS: u32 = 4096;

/// A database that nobody serves now. Its verbs wait for the engine: they are for threads that may.
pub struct Base {
    place: Place,
    fuse: Fuse,
}

/// A step of the schema: its number, and what it is for.
pub type Step = (usize, String);

/// A table that was moved: how many rows, and the hash of all of them in the order of its key, which is the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// The SHA-256 of its rows.
    pub digest: [u8; 32],
}

/// Called with how many rows are done, of how many.
type Progress<'a> = &'a mut dyn FnMut(u64, u64);

impl Base {
    /// The embedded store in a folder.
    #[must_use]
    pub fn embedded(folder: &Path) -> Self {
        Self { place: Place::Sqlite(folder.join(EMBEDDED)), fuse: Fuse::default() }
    }

    /// A database of a server; `runtime` carries the traffic.
    ///
    /// # Errors
    /// When the address is none.
    pub fn at(url: &str, runtime: Handle) -> Result<Self, StoreError> {
        Ok(Self { place: Place::at(url, runtime)?, fuse: Fuse::default() })
    }

    /// The same for a test that ends a move at a range.
    #[must_use]
    pub fn until(self, fuse: Fuse) -> Self {
        Self { fuse, ..self }
    }

    /// How many steps of the schema were taken, and those that are still to be taken.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn steps(&self) -> Result<(usize, Vec<Step>), StoreError> {
        let taken = self.place.writer()?.taken()?;
        Ok((taken, steps().into_iter().skip(taken).collect()))
    }

    /// Makes the tables, or takes the steps of the schema that are still to be taken; all of them, or none.
    ///
    /// # Errors
    /// When the engine fails, or the tables are of a later version, or of a move that has not ended.
    pub fn migrate(&self) -> Result<(), StoreError> {
        Ok(self.place.writer()?.migrate()?)
    }

    /// The names of its tables.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn tables(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.place.writer()?.table_names()?)
    }

    /// Moves the embedded store of `folder`, which nobody serves, into this database. Afterwards its file has another name, and
    /// the folder is served with this database alone. Answers every table that was moved.
    ///
    /// # Errors
    /// When this database has data of its own, or those of another move; when the folder was served since this move began; when
    /// a table is not the same on both sides; when an engine fails. After a failure of an engine the same call goes on.
    pub fn take_over(&self, folder: &Path, progress: Progress<'_>) -> Result<Vec<Moved>, StoreError> {
        let (file, aside) = (folder.join(EMBEDDED), folder.join(MOVED));
        let name = folder.canonicalize().map_err(StoreError::new)?.to_string_lossy().into_owned();
        let target = self.place.writer()?;
        if !file.exists() {
            // Everything was found the same, and only the marker is left.
            let verified = target.marker()?.is_some_and(|marker| marker.folder == name && marker.verified);
            if !(aside.exists() && verified) {
                return Err(StoreError::because("there is no embedded store in this folder"));
            }
            target.script(&format!("DROP TABLE {UNFINISHED}"))?;
            return Ok(Vec::new());
        }
        let source = Place::Sqlite(file.clone()).writer()?;
        if source.taken()? != steps().len() {
            return Err(StoreError::because(
                "the tables in this folder are of an older version: bring them forward first",
            ));
        }
        let entries = source.only("SELECT next FROM log_head", params![], |row| row.at(0))?;
        self.begin(&target, &Marker { folder: name, entries, verified: false })?;
        let known = target.table_names()?;
        // What a schema does not have is no data: a measurement left it.
        let names = source.table_names()?.into_iter().filter(|name| known.contains(name));
        let tables = names.map(|name| source.table(&name)).collect::<Result<Vec<_>, _>>()?;
        let rows = tables.iter().map(|table| source.rows_of(&table.name)).sum::<Result<u64, _>>()?;
        // Each row is read to be moved, and again on both sides to be compared.
        let mut done = Done { rows: 0, all: 3 * rows, progress };
        for table in &tables {
            self.copy(&source, &target, table, &mut done)?;
        }
        let moved =
            tables.iter().map(|table| same(&source, &target, table, &mut done)).collect::<Result<Vec<_>, _>>()?;
        target.go_on_drawing()?;
        target.script(&format!("UPDATE {UNFINISHED} SET verified = 1"))?;
        set_aside(source, &file, &aside)?;
        target.script(&format!("DROP TABLE {UNFINISHED}"))?;
        Ok(moved)
    }

    /// Makes sure that the target is empty, or this move's own.
    fn begin(&self, target: &Connection, marker: &Marker) -> Result<(), StoreError> {
        if let Some(begun) = target.marker()? {
            return if begun.folder != marker.folder {
                Err(StoreError::because("another folder is being moved into this database"))
            } else if begun.entries != marker.entries {
                Err(StoreError::because(
                    "the folder was served since its move began: empty the database, and move it again",
                ))
            } else {
                Ok(())
            };
        }
        self.migrate()?;
        for name in target.table_names()? {
            let has_data = match name.as_str() {
                // Its one row stands from the beginning.
                "log_head" => target.any("SELECT 1 FROM log_head WHERE next > 0", params![])?,
                name => target.any(&format!("SELECT 1 FROM \"{name}\" LIMIT 1"), params![])?,
            };
            if has_data {
                return Err(StoreError::because("this database has data of its own: a move goes into an empty one"));
            }
        }
        target.mark(marker)?;
        Ok(())
    }

    fn copy(
        &self,
        source: &Connection,
        target: &Connection,
        table: &Table,
        done: &mut Done<'_>,
    ) -> Result<(), StoreError> {
        if !table.has_key() {
            target.script(&format!("DELETE FROM \"{}\"", table.name))?;
        }
        let mut after = target.last_key(table)?;
        done.by(target.rows_of(&table.name)?);
        loop {
            let rows = source.page(table, after.as_deref(), ROWS)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(table.key_of(last));
            if !self.fuse.step() {
                return Err(StoreError::because("the test ends here"));
            }
            target.fill(table, &rows)?;
            done.by(rows.len() as u64);
        }
    }
}

/// What stands in a target until its move has ended.
pub(crate) struct Marker {
    pub(crate) folder: String,
    /// Entries of the log at the move's beginning: a folder that was served since has more.
    pub(crate) entries: u64,
    pub(crate) verified: bool,
}

/// How far a move is.
struct Done<'a> {
    rows: u64,
    all: u64,
    progress: Progress<'a>,
}

impl Done<'_> {
    fn by(&mut self, rows: u64) {
        self.rows += rows;
        (self.progress)(self.rows, self.all);
    }
}

/// A table that is the same on both sides.
fn same(source: &Connection, target: &Connection, table: &Table, done: &mut Done<'_>) -> Result<Moved, StoreError> {
    let there = digest(source, table, done)?;
    if digest(target, table, done)? != there {
        return Err(StoreError(format!("the table {} is not the same on both sides", table.name)));
    }
    let (rows, digest) = there;
    Ok(Moved { table: table.name.clone(), rows, digest })
}

fn digest(sql: &Connection, table: &Table, done: &mut Done<'_>) -> Result<(u64, [u8; 32]), Broken> {
    let (mut hash, mut many, mut after) = (Sha256::new(), 0, None);
    loop {
        let rows = sql.page(table, after.as_deref(), ROWS)?;
        let Some(last) = rows.last() else { return Ok((many, hash.finalize().into())) };
        after = Some(table.key_of(last));
        let mut bytes = Vec::new();
        rows.iter().flatten().for_each(|value: &Value| value.write_to(&mut bytes));
        hash.update(&bytes);
        many += rows.len() as u64;
        done.by(rows.len() as u64);
    }
}

/// Gives the file another name, with everything that was written to it.
fn set_aside(source: Connection, file: &Path, aside: &Path) -> Result<(), StoreError> {
    source.script("PRAGMA wal_checkpoint(TRUNCATE)")?;
    drop(source);
    let beside = PathBuf::from(format!("{}-wal", file.display()));
    if beside.metadata().is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::because("somebody still has the embedded store open"));
    }
    std::fs::rename(file, aside).map_err(StoreError::new)
}
