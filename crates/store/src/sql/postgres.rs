//! A connection to PostgreSQL, for one thread at a time.

use super::{Broken, Param, Result, ToParam, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, NoTls, Row, Statement};

/// How long a server may take to let us in.
const KNOCKS: Duration = Duration::from_secs(10);

/// How long a line may be silent until it is tried, and how long a trial waits for its answer.
const SILENCE: Duration = Duration::from_secs(5);

/// What the driver waits for before it tries a silent line, where an address says nothing else.
const TWO_HOURS: Duration = Duration::from_hours(2);

/// Has a connection outlast the server at its other end no longer than some seconds, and lead to one that may be written. Where an
/// address names several servers, that is the one that leads. What the address says itself stands.
pub(super) fn outlast(config: &mut Config) {
    if config.get_target_session_attrs() == TargetSessionAttrs::Any {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(SILENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(3 * SILENCE);
    }
    if config.get_keepalives_idle() == TWO_HOURS {
        config.keepalives_idle(SILENCE).keepalives_interval(SILENCE).keepalives_retries(2);
    }
}

/// One session of the server's. It is used from threads that may wait, never from the runtime's own.
pub(crate) struct Session {
    client: Client,
    runtime: Handle,
    prepared: RefCell<HashMap<String, Statement>>,
}

impl Session {
    /// Opens a session; `runtime` carries its traffic.
    pub(crate) fn open(config: &Config, runtime: &Handle) -> Result<Self> {
        // A line that is open may lead to nobody: the server's own first word is waited for, too.
        let knocking = async { tokio::time::timeout(KNOCKS, config.connect(NoTls)).await };
        let (client, connection) = runtime.block_on(knocking).map_err(|_| Broken::silent())??;
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
            None => Self::silent(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_leads_to_whoever_may_be_written_and_a_silent_one_is_given_up() {
        let outlasting = |url: &str| {
            let mut config: Config = url.parse().unwrap();
            outlast(&mut config);
            config
        };
        let plain = outlasting("postgres://teeka@127.0.0.1,127.0.0.2/teeka");
        assert_eq!(plain.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!(plain.get_connect_timeout(), Some(&SILENCE));
        assert_eq!((plain.get_tcp_user_timeout(), plain.get_keepalives_idle()), (Some(&(3 * SILENCE)), SILENCE));
        let told =
            outlasting("postgres://teeka@127.0.0.1/teeka?connect_timeout=9&keepalives_idle=8&tcp_user_timeout=7");
        assert_eq!(told.get_connect_timeout(), Some(&Duration::from_secs(9)));
        assert_eq!(
            (told.get_tcp_user_timeout(), told.get_keepalives_idle()),
            (Some(&Duration::from_secs(7)), Duration::from_secs(8))
        );
    }
}
