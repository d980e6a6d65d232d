//! Where a database is, and how a connection to it is opened.

use super::wal::LONGEST;
use super::{Broken, Carrier, Connection, Line, Peers, Result, Session, params};
use crate::moving::Marker;
use crate::versions::Versions;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// The schema's steps, oldest first, in words of both engines; the database knows how many were taken.
const MIGRATIONS: &[&str] = &[
    include_str!("../schema/0001-skeleton.sql"),
    include_str!("../schema/0002-log.sql"),
    include_str!("../schema/0003-consent.sql"),
    include_str!("../schema/0004-cases.sql"),
    include_str!("../schema/0005-rights.sql"),
    include_str!("../schema/0006-facts.sql"),
    include_str!("../schema/0007-person.sql"),
    include_str!("../schema/0008-orders.sql"),
    include_str!("../schema/0009-shards.sql"),
    include_str!("../schema/0010-budgets.sql"),
    include_str!("../schema/0011-floor.sql"),
    include_str!("../schema/0012-claims.sql"),
    include_str!("../schema/0013-lanes.sql"),
    include_str!("../schema/0014-draws.sql"),
    include_str!("../schema/0015-recall.sql"),
];

/// The table that marks the target of a move that has not ended.
pub(crate) const UNFINISHED: &str = "unfinished_move";

/// The schema's steps, oldest first: their numbers, and what each says of itself.
pub(crate) fn steps() -> Vec<(usize, String)> {
    let about = |text: &str| text.lines().next().unwrap_or_default().trim_start_matches("-- ").to_owned();
    (1..).zip(MIGRATIONS.iter().map(|text| about(text))).collect()
}

/// Where a database is.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(Box<Line>, Handle),
}

impl Place {
    /// A database of a server, from its address; `runtime` carries the traffic.
    pub(crate) fn at(url: &str, runtime: Handle) -> Result<Self> {
        Ok(Self::Postgres(Box::new(Line::at(url)?), runtime))
    }

    /// Whether it lies across a wire.
    pub(crate) fn is_far(&self) -> bool {
        matches!(self, Self::Postgres(..))
    }

    /// A connection that writes, and makes the database where there is none.
    pub(crate) fn writer(&self) -> Result<Connection> {
        match self {
            Self::Sqlite(file) => {
                let connection = rusqlite::Connection::open(file)?;
                tune(&connection)?;
                Ok(Connection::Sqlite(connection))
            }
            Self::Postgres(line, runtime) => Ok(Connection::Postgres(Session::open(line, runtime)?)),
        }
    }

    /// Who keeps its files short, where it has files.
    pub(crate) fn carrier(&self) -> Result<Option<Carrier>> {
        match self {
            Self::Sqlite(file) => Ok(Some(Carrier::start(file)?)),
            Self::Postgres(..) => Ok(None),
        }
    }

    /// The other nodes over it, where there can be any: what they touch is noted in `versions`.
    pub(crate) fn peers(&self, versions: &Arc<Versions>) -> Option<Peers> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(line, runtime) => Some(Peers::listen(line.as_ref().clone(), runtime, Arc::clone(versions))),
        }
    }

    /// A connection that only reads.
    pub(crate) fn reader(&self) -> Result<Connection> {
        match self {
            Self::Sqlite(file) => Ok(Connection::Sqlite(reader(file)?)),
            Self::Postgres(line, runtime) => {
                let session = Session::open(line, runtime)?;
                session.script("SET default_transaction_read_only = on")?;
                Ok(Connection::Postgres(session))
            }
        }
    }

    /// Writes a consistent copy to a file, without live sessions and one-time codes.
    pub(crate) fn copy(&self, file: &Path) -> Result<()> {
        let Self::Sqlite(from) = self else {
            return Err(Broken::Engine("a PostgreSQL database is copied by its own tools".into()));
        };
        super::copy::write(&reader(from)?, file)
    }
}

impl Connection {
    /// How many steps of the schema were taken; none where there is no table.
    pub(crate) fn taken(&self) -> Result<usize> {
        match self {
            Self::Sqlite(sql) => Ok(sql.query_row("PRAGMA user_version", [], |row| row.get(0))?),
            Self::Postgres(_) if self.has_table("schema_steps")? => {
                self.only("SELECT taken FROM schema_steps", params![], |row| row.at(0))
            }
            Self::Postgres(_) => Ok(0),
        }
    }

    /// How many steps a binary must know to work with these tables. A newer one that only added to them leaves older ones at work.
    fn floor(&self) -> Result<usize> {
        self.only("SELECT steps FROM schema_floor", params![], |row| row.at(0))
    }

    fn has_table(&self, name: &str) -> Result<bool> {
        let catalogue = match self {
            Self::Sqlite(_) => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1",
            Self::Postgres(_) => "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?1",
        };
        self.any(catalogue, params![name])
    }

    /// The marker of a move into this database that has not ended.
    pub(crate) fn marker(&self) -> Result<Option<Marker>> {
        if !self.has_table(UNFINISHED)? {
            return Ok(None);
        }
        self.one(&format!("SELECT folder, entries, verified FROM {UNFINISHED}"), params![], |row| {
            Ok(Marker { folder: row.at(0)?, entries: row.at(1)?, verified: row.at(2)? })
        })
    }

    /// Marks this empty database as the target of a move, and takes away the one row that a schema begins with.
    pub(crate) fn mark(&self, marker: &Marker) -> Result<()> {
        let Marker { folder, entries, verified } = marker;
        self.begin()?;
        self.script(&format!(
            "CREATE TABLE {UNFINISHED} (folder TEXT NOT NULL, entries {whole} NOT NULL, verified {whole} NOT NULL);
             DELETE FROM log_head",
            whole = match self {
                Self::Sqlite(_) => "INTEGER",
                Self::Postgres(_) => "bigint",
            }
        ))?;
        self.run(&format!("INSERT INTO {UNFINISHED} VALUES (?1, ?2, ?3)"), params![folder, entries, verified])?;
        self.script("COMMIT")
    }

    /// Takes the steps of the schema that are still to be taken.
    pub(crate) fn migrate(&mut self) -> Result<()> {
        self.begin_alone()?;
        let migrated = self.steps();
        self.script(if migrated.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        migrated
    }

    fn steps(&self) -> Result<()> {
        let taken = self.taken()?;
        if self.has_table(UNFINISHED)? {
            return Err(Broken::Engine("a move into this database has not ended: end it by `teeka store move`".into()));
        }
        if taken > MIGRATIONS.len() && self.floor()? > MIGRATIONS.len() {
            return Err(Broken::Engine("this database was taken forward by a later version of Teeka".into()));
        }
        for (step, text) in MIGRATIONS.iter().enumerate().skip(taken) {
            match self {
                Self::Sqlite(sql) => {
                    sql.execute_batch(text)?;
                    sql.pragma_update(None, "user_version", step + 1)?;
                }
                Self::Postgres(session) => {
                    // Of a message that makes an index, Citus hands all of it on as if it were one statement.
                    in_postgres(text).split_inclusive(";\n").try_for_each(|one| session.script(one))?;
                    self.run("UPDATE schema_steps SET taken = ?1", params![step + 1])?;
                }
            }
        }
        Ok(())
    }

    /// Begins a transaction for the schema; whoever else begins one waits.
    fn begin_alone(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => self.script("BEGIN IMMEDIATE"),
            Self::Postgres(_) => self.script(
                "BEGIN; SELECT pg_advisory_xact_lock(7305);
                 CREATE TABLE IF NOT EXISTS schema_steps (one bigint PRIMARY KEY CHECK (one = 1), taken bigint NOT NULL);
                 INSERT INTO schema_steps VALUES (1, 0) ON CONFLICT DO NOTHING",
            ),
        }
    }
}

/// What every SQLite connection of ours is set to: write-ahead log, a full sync at every commit.
pub(crate) fn tune(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", LONGEST)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What is deleted is overwritten where its page is written anyway: a copy has pages as they are.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    prepare_once(connection)
}

/// A statement is parsed and planned once. Otherwise SQLite plans it anew whenever a value is bound that its statistics could
/// speak to, and that is at every look.
fn prepare_once(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

fn reader(file: &Path) -> rusqlite::Result<rusqlite::Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    prepare_once(&connection)?;
    Ok(connection)
}

/// The types of the schema as PostgreSQL names them.
fn in_postgres(text: &str) -> String {
    [
        ("id INTEGER PRIMARY KEY", "id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
        ("INTEGER", "bigint"),
        ("BLOB", "bytea"),
        ("REAL", "double precision"),
        ("x''", "''::bytea"),
        (" WITHOUT ROWID", ""),
    ]
    .iter()
    .fold(text.to_owned(), |text, (ours, theirs)| text.replace(ours, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_takes_something_away_raises_the_floor() {
        for (number, text) in (1..).zip(MIGRATIONS).skip(11) {
            let takes_away = ["DROP ", "RENAME ", "DELETE "].iter().any(|word| text.contains(word));
            let raises = text.contains(&format!("UPDATE schema_floor SET steps = {number}"));
            assert!(raises || !takes_away, "step {number}");
        }
    }
}
