//! The other nodes over one database: what they touch is heard of, and one of all leads.
//!
//! Both hang on one session that does nothing else. Who holds the lock of the leader's session leads; when a node dies, the
//! server ends its session, and the next that asks has the lock. No clock of any node is asked.

use super::{Line, Result};
use crate::versions::Versions;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_postgres::{AsyncMessage, Client, Notification};

/// How often the leader looks whether it still leads, and the others whether they may.
const BEAT: Duration = Duration::from_millis(500);

/// How long the server may take to answer, before this node holds itself for alone and does not lead.
const PATIENCE: Duration = Duration::from_secs(2);

/// The first half of the key of the leader's lock; the second is of the schema.
const LEADER: i32 = 7306;

/// A node's ear and voice among the others.
pub(crate) struct Peers {
    state: Arc<State>,
    listening: AbortHandle,
}

struct State {
    versions: Arc<Versions>,
    leads: AtomicBool,
}

impl Peers {
    /// Begins to listen; until it does, whatever another node may have changed counts as changed.
    pub(crate) fn listen(line: Line, runtime: &Handle, versions: Arc<Versions>) -> Self {
        let state = Arc::new(State { versions, leads: AtomicBool::new(false) });
        state.versions.listens(false);
        let listening = runtime.spawn(Arc::clone(&state).attend(line)).abort_handle();
        Self { state, listening }
    }

    /// Whether this node leads, as far as it knows.
    pub(crate) fn leads(&self) -> bool {
        self.state.leads.load(Ordering::Acquire)
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl State {
    async fn attend(self: Arc<Self>, line: Line) {
        loop {
            // Why it ended is of no use to anyone: whatever it was, the session is opened anew.
            self.session(&line).await.ok();
            self.leads.store(false, Ordering::Release);
            self.versions.listens(false);
            tokio::time::sleep(BEAT).await;
        }
    }

    /// One session, until it breaks.
    async fn session(&self, line: &Line) -> Result<()> {
        let (client, mut connection) = in_time(line.connect()).await?;
        let (tells, mut told) = mpsc::unbounded_channel::<Notification>();
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(notification) = message {
                    tells.send(notification).ok();
                }
            }
        });
        let schema: String = in_time(client.query_one("SELECT current_schema()::text", &[])).await?.try_get(0)?;
        let begin = format!(
            "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; LISTEN \"teeka {}\"",
            schema.replace('"', "\"\"")
        );
        in_time(client.batch_execute(&begin)).await?;
        self.versions.listens(true);
        let mut beat = tokio::time::interval(BEAT);
        loop {
            tokio::select! {
                heard = told.recv() => match heard {
                    // What this node told itself is heard, too: it costs a cached answer.
                    Some(notification) => self.versions.hear(notification.payload()),
                    None => return Ok(()),
                },
                _ = beat.tick() => self.ask(&client).await?,
            }
        }
    }

    async fn ask(&self, client: &Client) -> Result<()> {
        let leads = if self.leads.load(Ordering::Acquire) {
            in_time(client.batch_execute("SELECT 1")).await.map(|()| true)
        } else {
            let lock = "SELECT pg_try_advisory_lock($1, hashtext(current_schema()::text))";
            in_time(client.query_one(lock, &[&LEADER])).await.and_then(|row| Ok(row.try_get(0)?))
        };
        self.leads.store(leads.clone().unwrap_or(false), Ordering::Release);
        leads.map(drop)
    }
}

async fn in_time<T>(answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>) -> Result<T> {
    let late = |_| super::Broken::Engine("PostgreSQL does not answer in time".into());
    Ok(tokio::time::timeout(PATIENCE, answer).await.map_err(late)??)
}
