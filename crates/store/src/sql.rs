//! SQL as this room speaks it, to either engine: the same text with numbered parameters (`?1`), values of four kinds, rows
//! by the names of their columns. What the two engines do not both understand is not written here at all.

mod copy;
mod line;
mod many;
mod peers;
mod place;
mod postgres;
mod tables;
mod value;
mod wal;

pub(crate) use line::Line;
pub(crate) use many::{Found, Step};
pub(crate) use peers::Peers;
pub(crate) use place::{Place, UNFINISHED, steps, tune};
pub(crate) use postgres::Session;
pub(crate) use tables::{Table, Value};
pub(crate) use value::{Cell, Column, Param, ToParam};
pub(crate) use wal::{Carrier, carry_all, end_if_unsynced};

use rusqlite::OptionalExtension;

/// Why a statement failed. It never quotes a value: engines name rows in their details.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    /// A constraint of a table stands against it.
    #[error("a constraint of a table stands against it")]
    Constraint,
    /// A column does not hold what we wrote.
    #[error("the column {0} does not hold what Teeka writes")]
    Column(String),
    /// The engine itself: its file, its connection, its disk.
    #[error("{0}")]
    Engine(String),
}

/// What a statement answers.
pub(crate) type Result<T> = std::result::Result<T, Broken>;

impl From<rusqlite::Error> for Broken {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(cause, _) if cause.code == rusqlite::ErrorCode::ConstraintViolation => {
                Self::Constraint
            }
            // SQLite's messages name tables and columns only.
            other => {
                end_if_unsynced(&other);
                Self::Engine(other.to_string())
            }
        }
    }
}

/// Values for a statement's parameters, in their order.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::ToParam::param(&$value)),*] as &[$crate::sql::Param<'_>] };
}
pub(crate) use params;

/// A connection to one of the engines.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(Session),
}

/// A row that a statement found.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Connection {
    /// Begins a transaction that writes. One batch is written at a time, however many nodes there are.
    pub(crate) fn begin(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => self.script("BEGIN IMMEDIATE"),
            Self::Postgres(_) => self.script("BEGIN; SELECT next FROM log_head FOR UPDATE"),
        }
    }

    /// Has the other nodes told, at the commit, what this transaction touched.
    pub(crate) fn tell(&self, touched: &str) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => {
                session.run("SELECT pg_notify('teeka ' || current_schema(), ?1)", params![touched]).map(drop)
            }
        }
    }

    /// Whether it can still be used.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(session) => !session.is_closed(),
        }
    }

    /// What is done before it is answered that something is done, in words for an operator; an error, if that is too little.
    pub(crate) fn keeps(&self) -> Result<&'static str> {
        let Self::Postgres(_) = self else { return Ok("what is acknowledged is on this disk") };
        let settings = ["fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names"];
        let columns = settings.map(|name| format!("current_setting('{name}')")).join(", ");
        let set: [String; 4] = self.only(&format!("SELECT {columns}"), params![], |row| {
            Ok([row.at(0)?, row.at(1)?, row.at(2)?, row.at(3)?])
        })?;
        kept(set.each_ref().map(String::as_str)).map_err(|said| Broken::Engine(said.into()))
    }

    /// Reads what stands at one moment, where several statements do not go in one message anyway: the file is locked once.
    pub(crate) fn at_one_moment<T, E: From<Broken>>(
        &self,
        read: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let Self::Sqlite(_) = self else { return read() };
        self.run("BEGIN", params![])?;
        let answer = read();
        self.run("COMMIT", params![])?;
        answer
    }

    /// Runs a statement; answers how many rows it changed.
    pub(crate) fn run(&self, text: &str, params: &[Param<'_>]) -> Result<usize> {
        if params.iter().any(Param::has_zero) {
            return Err(Broken::Constraint);
        }
        match self {
            Self::Sqlite(sql) => Ok(sql.prepare_cached(text)?.execute(rusqlite::params_from_iter(params))?),
            Self::Postgres(session) => session.run(text, params),
        }
    }

    /// The row that a statement finds, if there is one.
    pub(crate) fn one<T>(
        &self,
        text: &str,
        params: &[Param<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        if params.iter().any(Param::has_zero) {
            return Ok(None);
        }
        match self {
            Self::Sqlite(sql) => {
                let mut statement = sql.prepare_cached(text)?;
                let row = statement.query_row(rusqlite::params_from_iter(params), |row| Ok(read(&Row::Sqlite(row))));
                row.optional()?.transpose()
            }
            Self::Postgres(session) => {
                session.rows(text, params)?.first().map(|row| read(&Row::Postgres(row))).transpose()
            }
        }
    }

    /// The one row that a statement must find.
    pub(crate) fn only<T>(
        &self,
        text: &str,
        params: &[Param<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.one(text, params, read)?.ok_or_else(|| Broken::Engine("a row is missing that is always there".into()))
    }

    /// All rows that a statement finds.
    pub(crate) fn all<T>(
        &self,
        text: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        if params.iter().any(Param::has_zero) {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(sql) => {
                let mut statement = sql.prepare_cached(text)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.push(read(&Row::Sqlite(row))?);
                }
                Ok(all)
            }
            Self::Postgres(session) => {
                session.rows(text, params)?.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }

    /// All rows that several statements find, asked in one message: `read` is told of which statement each is.
    pub(crate) fn all_of(
        &self,
        asked: &[(&str, &[Param<'_>])],
        mut read: impl FnMut(usize, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(_) => {
                for (at, (text, params)) in asked.iter().enumerate() {
                    self.all(text, params, |row| read(at, row))?;
                }
            }
            Self::Postgres(session) => {
                for (at, rows) in session.rows_of_each(asked)?.iter().enumerate() {
                    rows.iter().try_for_each(|row| read(at, &Row::Postgres(row)))?;
                }
            }
        }
        Ok(())
    }

    /// Whether a statement finds anything.
    pub(crate) fn any(&self, text: &str, params: &[Param<'_>]) -> Result<bool> {
        Ok(self.one(text, params, |_| Ok(()))?.is_some())
    }

    /// Runs statements without parameters, one after the other.
    pub(crate) fn script(&self, text: &str) -> Result<()> {
        match self {
            Self::Sqlite(sql) => Ok(sql.execute_batch(text)?),
            Self::Postgres(session) => session.script(text),
        }
    }
}

impl Row<'_> {
    /// How many columns it has.
    fn width(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.as_ref().column_count(),
            Self::Postgres(row) => row.len(),
        }
    }

    /// A column, by its name.
    pub(crate) fn get<T: Column>(&self, name: &str) -> Result<T> {
        let broken = || Broken::Column(name.to_owned());
        match self {
            Self::Sqlite(row) => T::of(row.get_ref(name)?.into()),
            Self::Postgres(row) => T::of(row.try_get::<_, Cell<'_>>(name).map_err(|_| broken())?),
        }
        .ok_or_else(broken)
    }

    /// A column, by its place.
    pub(crate) fn at<T: Column>(&self, place: usize) -> Result<T> {
        let broken = || Broken::Column(place.to_string());
        match self {
            Self::Sqlite(row) => T::of(row.get_ref(place)?.into()),
            Self::Postgres(row) => T::of(row.try_get::<_, Cell<'_>>(place).map_err(|_| broken())?),
        }
        .ok_or_else(broken)
    }
}

/// What a server with these settings does before it answers.
fn kept(
    [fsync, full_page_writes, synchronous_commit, standbys]: [&str; 4],
) -> std::result::Result<&'static str, &'static str> {
    match (fsync, full_page_writes, synchronous_commit) {
        ("off", ..) => Err("`fsync` is off on the server: a loss of power loses its data"),
        (_, "off", _) => Err("`full_page_writes` is off on the server: a loss of power may leave half of a page"),
        (.., "off") => Err("`synchronous_commit` is off on the server: it answers before anything is on its disk"),
        (.., "local") => Ok("what is acknowledged is on the server's disk; no standby is waited for"),
        _ if standbys.is_empty() => Ok("what is acknowledged is on the server's disk; it has no synchronous standby"),
        (.., "remote_write") => Ok("what is acknowledged is on the server's disk, and in the memory of a standby"),
        _ => Ok("what is acknowledged is on two machines' disks"),
    }
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn a_server_that_answers_too_early_is_told_from_one_that_waits() {
        let cases = [
            (["off", "on", "on", "*"], Err("fsync")),
            (["on", "off", "on", "*"], Err("full_page_writes")),
            (["on", "on", "off", "*"], Err("synchronous_commit")),
            (["on", "on", "on", ""], Ok("no synchronous standby")),
            (["on", "on", "local", "*"], Ok("no standby is waited for")),
            (["on", "on", "remote_write", "*"], Ok("memory of a standby")),
            (["on", "on", "remote_apply", "*"], Ok("two machines")),
            (["on", "on", "on", "ANY 1 (db2, db3)"], Ok("two machines")),
        ];
        for (settings, expected) in cases {
            let said = kept(settings);
            let (said, word) = match (said, expected) {
                (Ok(said), Ok(word)) | (Err(said), Err(word)) => (said, word),
                other => panic!("{settings:?}: {other:?}"),
            };
            assert!(said.contains(word), "{settings:?}: {said}");
        }
    }
}
