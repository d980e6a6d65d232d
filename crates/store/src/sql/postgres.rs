//! A connection to PostgreSQL, for one thread at a time.

use super::{Broken, Param, Result, ToParam, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::pin;
use tokio::runtime::Handle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, NoTls, Row, Statement};

/// One session of the server's. It is used from threads that may wait, never from the runtime's own.
pub(crate) struct Session {
    client: Client,
    runtime: Handle,
    prepared: RefCell<HashMap<String, Statement>>,
}

impl Session {
    /// Opens a session; `runtime` carries its traffic.
    pub(crate) fn open(config: &Config, runtime: &Handle) -> Result<Self> {
        let (client, connection) = runtime.block_on(config.connect(NoTls))?;
        // It ends with its client; what broke it is told to whoever asks next.
        runtime.spawn(async move { connection.await.ok() });
        Ok(Self { client, runtime: runtime.clone(), prepared: RefCell::default() })
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
            use futures_util::TryStreamExt;
            let rows = self.client.query_raw(&statement, params.iter().map(|one| one as &dyn ToSql)).await?;
            Ok(pin!(rows).try_collect().await?)
        })
    }

    pub(crate) fn script(&self, text: &str) -> Result<()> {
        Ok(self.runtime.block_on(self.client.batch_execute(text))?)
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
        if let Some(known) = self.prepared.borrow().get(text) {
            return Ok(known.clone());
        }
        let statement = self.runtime.block_on(self.client.prepare(&numbered(text)))?;
        self.prepared.borrow_mut().insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// The text with parameters as PostgreSQL numbers them. No text of ours has a question mark but for those.
fn numbered(text: &str) -> String {
    text.replace('?', "$")
}

impl From<tokio_postgres::Error> for Broken {
    fn from(error: tokio_postgres::Error) -> Self {
        // The server's details quote values: only the kind of an error is told.
        match error.code() {
            // What stands against a constraint, is no value of its column, or is longer than an index takes: that is the matter of
            // the one command that brought it.
            Some(code) if ["22", "23", "54"].iter().any(|class| code.code().starts_with(class)) => Self::Constraint,
            Some(code) => Self::Engine(format!("PostgreSQL: SQLSTATE {}", code.code())),
            None => Self::Engine("PostgreSQL does not answer".into()),
        }
    }
}
