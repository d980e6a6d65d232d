//! A connection to PostgreSQL, for one thread at a time.

use super::many::{lists, whole};
use super::{Broken, Found, Line, Param, Result, Row as AnyRow, Step, ToParam, Value};
use futures_util::TryStreamExt;
use futures_util::future::join_all;
use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, Statement};

/// A statement and its values.
type Asked<'a> = (Statement, Vec<Box<dyn ToSql + Sync + 'a>>);

/// Statements that are sent before an answer is waited for: so many are polled, and so sent, in their order.
const TOGETHER: usize = 30;

/// So many numbers are drawn ahead: a batch seldom waits for them.
const AHEAD: usize = 500;

/// How long a server may take to let us in.
const KNOCKS: Duration = Duration::from_secs(10);

/// One session of the server's. It is used from threads that may wait, never from the runtime's own.
pub(crate) struct Session {
    client: Client,
    runtime: Handle,
    prepared: RefCell<HashMap<String, Statement>>,
    /// Numbers of messages that were drawn, and that nobody has yet.
    drawn: RefCell<Vec<i64>>,
}

impl Session {
    /// Opens a session; `runtime` carries its traffic.
    pub(crate) fn open(line: &Line, runtime: &Handle) -> Result<Self> {
        // A line that is open may lead to nobody: the server's own first word is waited for, too.
        let knocking = async { tokio::time::timeout(KNOCKS, line.connect()).await };
        let (client, connection) = runtime.block_on(knocking).map_err(|_| Broken::silent())??;
        // It ends with its client; what broke it is told to whoever asks next.
        runtime.spawn(async move { connection.await.ok() });
        Ok(Self { client, runtime: runtime.clone(), prepared: RefCell::default(), drawn: RefCell::default() })
    }

    /// Whether the server has gone away.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(crate) fn run(&self, text: &str, params: &[Param<'_>]) -> Result<usize> {
        let statement = self.prepared(text)?;
        let changed =
            self.runtime.block_on(self.client.execute_raw(&statement, params.iter().map(|one| one as &dyn ToSql)))?;
        usize::try_from(changed).map_err(|_| Broken::Engine("more rows than can be counted".into()))
    }

    pub(crate) fn rows(&self, text: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        let statement = self.prepared(text)?;
        self.runtime.block_on(async {
            let rows = self.client.query_raw(&statement, params.iter().map(|one| one as &dyn ToSql)).await?;
            Ok(pin!(rows).try_collect().await?)
        })
    }

    /// The rows that each of some statements finds, sent without waiting.
    pub(crate) fn rows_of_each(&self, asked: &[(&str, &[Param<'_>])]) -> Result<Vec<Vec<Row>>> {
        let statements = asked.iter().map(|(text, _)| self.prepared(text)).collect::<Result<Vec<_>>>()?;
        let sent = statements.iter().zip(asked).map(|(statement, (_, params))| async {
            let rows = self.client.query_raw(statement, params.iter().map(|one| one as &dyn ToSql)).await?;
            pin!(rows).try_collect().await
        });
        self.runtime.block_on(join_all(sent)).into_iter().map(|rows| Ok(rows?)).collect()
    }

    pub(crate) fn script(&self, text: &str) -> Result<()> {
        Ok(self.runtime.block_on(self.client.batch_execute(text))?)
    }

    /// Sends statements one after the other without waiting, and waits for all of their answers.
    pub(crate) fn run_each(&self, steps: &[Step<'_>]) -> Result<Vec<usize>> {
        let mut changed = Vec::with_capacity(steps.len());
        for some in steps.chunks(TOGETHER) {
            let asked = self.lowered(some)?;
            let sent = asked
                .iter()
                .map(|(statement, values)| self.client.execute_raw(statement, values.iter().map(|one| &**one)));
            for answer in self.runtime.block_on(join_all(sent)) {
                changed.push(
                    usize::try_from(answer?).map_err(|_| Broken::Engine("more rows than can be counted".into()))?,
                );
            }
        }
        Ok(changed)
    }

    /// The same, of statements that find something.
    pub(crate) fn find_each(&self, steps: &[Step<'_>]) -> Result<Vec<Found>> {
        let mut found = Vec::with_capacity(steps.len());
        for some in steps.chunks(TOGETHER) {
            let asked = self.lowered(some)?;
            let sent = asked.iter().map(|(statement, values)| async {
                let rows = self.client.query_raw(statement, values.iter().map(|one| &**one)).await?;
                pin!(rows).try_collect::<Vec<Row>>().await
            });
            for rows in self.runtime.block_on(join_all(sent)) {
                found.push(rows?.iter().map(|row| whole(&AnyRow::Postgres(row))).collect::<Result<_>>()?);
            }
        }
        Ok(found)
    }

    /// Each step as this server takes it.
    fn lowered<'a>(&self, steps: &'a [Step<'a>]) -> Result<Vec<Asked<'a>>> {
        let lower = |step: &'a Step<'a>| -> Result<_> {
            let lists = lists(step).into_iter().map(|list| Box::new(list) as Box<dyn ToSql + Sync>);
            Ok(match step {
                Step::One(text, values) => {
                    let values = values.iter().map(|one| Box::new(*one) as Box<dyn ToSql + Sync>);
                    (self.prepared(text)?, values.collect())
                }
                Step::Keys(text, _) => {
                    (self.prepared_as(text, |text| Ok(text.replace("{keys}", "= ANY ($1)")))?, lists.collect())
                }
                Step::Rows(text, _) => (self.prepared_as(text, |text| self.with_lists(text))?, lists.collect()),
            })
        };
        steps.iter().map(lower).collect()
    }

    /// A statement with `{rows}`, with a list for each column that it names, of that column's type.
    fn with_lists(&self, text: &str) -> Result<String> {
        let named = || {
            let table = ["INSERT INTO ", "UPDATE ", "FROM "].iter().find_map(|word| text.split_once(word))?.1;
            let columns = text.split_once(" (")?.1.split_once(')')?.0;
            Some((table.split(' ').next()?, columns))
        };
        let (table, columns) = named().expect("a text with rows names a table and its columns");
        let shape = self.prepared(&format!("SELECT {columns} FROM {table}"))?;
        let lists: Vec<String> =
            (1..).zip(shape.columns()).map(|(at, column)| format!("${at}::{}[]", column.type_().name())).collect();
        let rows = format!("SELECT rows.* FROM unnest({}) AS rows", lists.join(", "));
        // Where no table is named, Citus' coordinator works it out itself, and then counts wrongly and does not say what stood against
        // it; so one with a single row is.
        let whole = if text.starts_with("INSERT") { format!("{rows} CROSS JOIN schema_floor") } else { rows };
        Ok(text.replace("{rows}", &whole))
    }

    /// Numbers for so many messages. Drawn by the statement that puts them in, they would have Citus' coordinator work it out itself,
    /// and commit in two phases.
    pub(crate) fn numbers(&self, many: usize) -> Result<Vec<i64>> {
        let mut drawn = self.drawn.borrow_mut();
        if drawn.len() < many {
            let draw = "SELECT nextval(pg_get_serial_sequence('notice', 'id')) FROM generate_series(1::bigint, ?1)";
            for row in self.rows(draw, &[(many + AHEAD).param()])? {
                drawn.push(row.try_get(0)?);
            }
        }
        let kept = drawn.len() - many;
        Ok(drawn.split_off(kept))
    }

    /// Puts rows into these columns of a table: all of them, or none.
    pub(crate) fn copy_in(&self, table: &str, columns: &str, rows: &[Vec<Value>]) -> Result<()> {
        let shape = self.prepared(&format!("SELECT {columns} FROM \"{table}\""))?;
        let types: Vec<Type> = shape.columns().iter().map(|column| column.type_().clone()).collect();
        self.runtime.block_on(async {
            let sink = self.client.copy_in(&format!("COPY \"{table}\" ({columns}) FROM STDIN (FORMAT binary)")).await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
            for row in rows {
                writer.as_mut().write_raw(row.iter().map(ToParam::param)).await?;
            }
            writer.finish().await?;
            Ok(())
        })
    }

    fn prepared(&self, text: &str) -> Result<Statement> {
        self.prepared_as(text, |text| Ok(numbered(text)))
    }

    /// A statement, prepared once under its text as we write it.
    fn prepared_as(&self, text: &str, theirs: impl FnOnce(&str) -> Result<String>) -> Result<Statement> {
        if let Some(known) = self.prepared.borrow().get(text) {
            return Ok(known.clone());
        }
        let statement = self.runtime.block_on(self.client.prepare(&theirs(text)?))?;
        self.prepared.borrow_mut().insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// The text with parameters as PostgreSQL numbers them. No text of ours has a question mark but for those.
fn numbered(text: &str) -> String {
    text.replace('?', "$")
}

impl Broken {
    fn silent() -> Self {
        Self::Engine("PostgreSQL does not answer".into())
    }
}

impl From<tokio_postgres::Error> for Broken {
    fn from(error: tokio_postgres::Error) -> Self {
        // The server's details quote values: only the kind of an error is told.
        match error.code() {
            // What stands against a constraint, is no value of its column, or is longer than an index takes: that is the matter of
            // the one command that brought it.
            Some(code) if ["22", "23", "54"].iter().any(|class| code.code().starts_with(class)) => Self::Constraint,
            Some(code) => Self::Engine(format!("PostgreSQL: SQLSTATE {}", code.code())),
            None => super::line::refused(&error).unwrap_or_else(Self::silent),
        }
    }
}
