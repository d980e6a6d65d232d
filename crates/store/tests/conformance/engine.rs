//! What a test's store stands on: an engine, a folder of its own and, on PostgreSQL, a schema of its own beside it. The
//! vault's stories and the portal's walls stand on the same.
#![allow(dead_code, reason = "every suite uses a part of it")]

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, Once};
use store::{Base, Fuse, Moved, Store, StoreError};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

/// An engine to be tried.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    Sqlite,
    /// A database of a server, in which every test has a schema of its own. A Citus coordinator places each on one of its nodes.
    Postgres(String),
    /// Three shards on one of the others, as one store.
    Shards(Box<Self>),
}

/// So many shards make one store.
pub(crate) const SHARDS: usize = 3;

impl Engine {
    /// Every engine there is. PostgreSQL is tried where `TEEKA_POSTGRES_URL` names a database; `cargo xtask test` starts one. Where
    /// `TEEKA_CITUS_URL` names a coordinator, it is tried instead, and nothing else: `docs/citus.md`.
    pub(crate) fn all() -> Vec<Self> {
        let embedded = if citus().is_some() { None } else { Some(Self::Sqlite) };
        embedded.into_iter().chain(server().map(Self::Postgres)).collect()
    }

    /// Every engine, and shards on the engine of this run.
    pub(crate) fn all_and_shards() -> Vec<Self> {
        let shards = Self::Shards(Box::new(Self::of_this_run()));
        Self::all().into_iter().chain([shards]).collect()
    }

    /// The engine of this run, for suites that are run once for each: PostgreSQL where there is one.
    pub(crate) fn of_this_run() -> Self {
        server().map_or(Self::Sqlite, Self::Postgres)
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is told by its environment where a server is")]
pub(crate) fn told(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|told| !told.is_empty())
}

/// Where a Citus coordinator is.
pub(crate) fn citus() -> Option<String> {
    told("TEEKA_CITUS_URL")
}

/// Where a server is. That there is none is said once a suite, past the harness, which keeps what a passed test prints.
fn server() -> Option<String> {
    static SAID: Once = Once::new();
    let server = citus().or_else(|| told("TEEKA_POSTGRES_URL"));
    SAID.call_once(|| {
        let name = std::env::current_exe().ok().and_then(|file| Some(file.file_stem()?.to_str()?.to_owned()));
        let suite = name.as_deref().and_then(|name| name.rsplit_once('-')).map_or("tests", |(suite, _)| suite);
        let line = match &server {
            Some(_) if citus().is_some() => "Citus: run",
            Some(_) => "PostgreSQL: run",
            None => "PostgreSQL: not run, TEEKA_POSTGRES_URL is not set",
        };
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{suite}: {line}\n").as_bytes());
    });
    server
}

/// A folder that goes when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("ground-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder.0).unwrap();
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The ground of one store. It goes when the test ends.
pub(crate) struct Ground {
    engine: Engine,
    folder: Folder,
    shards: Vec<Self>,
    schema: String,
    /// Whether it has tables that nobody else can use.
    is_spoilt: AtomicBool,
}

/// Schemas of a cluster that a test has done with, and emptied: there one takes as long to make as many tests to run.
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Ground {
    pub(crate) fn new(engine: Engine) -> Self {
        let shards = match &engine {
            Engine::Shards(on) => (0..SHARDS).map(|_| Self::new((**on).clone())).collect(),
            _ => Vec::new(),
        };
        let folder = Folder::new();
        let schema = folder.0.file_name().unwrap().to_str().unwrap().replace('-', "_");
        let mut ground = Self { engine, folder, shards, schema, is_spoilt: AtomicBool::new(false) };
        if citus().is_none() {
            ground.administer(|schema| format!("CREATE SCHEMA {schema}"));
        } else if let Engine::Postgres(_) = ground.engine {
            ground.schema = LEFT.lock().unwrap().pop().unwrap_or_else(|| ground.distributed());
        }
        ground
    }

    /// A schema that a coordinator places on one of its nodes. What an earlier run left under its name goes.
    fn distributed(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("ground_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.administer(|_| {
            format!(
                "DROP SCHEMA IF EXISTS {schema} CASCADE; SET citus.enable_schema_based_sharding = on; CREATE SCHEMA {schema}"
            )
        });
        schema
    }

    /// Empties it for another test, where it can be: it is then as it was when its tables were made.
    fn leaves(&self) -> bool {
        let is_sound = !self.is_spoilt.load(Ordering::Relaxed) && !std::thread::panicking();
        if citus().is_none() || !is_sound || !matches!(self.engine, Engine::Postgres(_)) {
            return false;
        }
        self.administer(|schema| {
            format!(
                "DO $$ DECLARE name text; BEGIN
                   FOR name IN SELECT tablename FROM pg_tables
                       WHERE schemaname = '{schema}' AND tablename NOT IN ('schema_steps', 'schema_floor') LOOP
                     EXECUTE format('DELETE FROM {schema}.%I', name);
                     IF name = 'log_head' THEN INSERT INTO {schema}.log_head VALUES (1, 0); END IF;
                     IF name = 'notice' THEN PERFORM setval('{schema}.notice_id_seq', 1, false); END IF;
                   END LOOP;
                 END $$"
            )
        });
        LEFT.lock().unwrap().push(self.schema.clone());
        true
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// The store: the same again whenever it is opened.
    pub(crate) fn open(&self) -> Store {
        self.open_until(Fuse::default())
    }

    pub(crate) fn open_until(&self, fuse: Fuse) -> Store {
        if let Engine::Shards(_) = self.engine {
            let shards = self.shards.iter().map(|shard| shard.open_until(fuse.clone())).collect();
            return waits(async move { Store::over(shards).await.unwrap() });
        }
        let Some(url) = self.url() else { return Store::open_until(self.folder(), fuse).unwrap() };
        waits(async move { Store::connect_until(&url, fuse).await.unwrap() })
    }

    /// Moves the data of a ground on the embedded engine into this one, until the fuse has burnt down.
    pub(crate) fn takes_over(
        &self,
        from: &Self,
        fuse: Fuse,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Vec<Moved>, StoreError> {
        self.is_spoilt.store(true, Ordering::Relaxed);
        let base = match self.url() {
            Some(url) => Base::at(&url, TRAFFIC.handle().clone()).unwrap(),
            None => Base::embedded(self.folder()),
        };
        // On a thread that may wait, as a test's own may not.
        std::thread::scope(|scope| scope.spawn(|| base.until(fuse).take_over(from.folder(), progress)).join().unwrap())
    }

    /// Changes rows behind the store's back.
    pub(crate) fn tampers(&self, statement: &str) {
        let statement = statement.to_owned();
        self.is_spoilt.store(true, Ordering::Relaxed);
        match self.engine {
            Engine::Sqlite => {
                rusqlite::Connection::open(self.folder().join("teeka.db")).unwrap().execute_batch(&statement).unwrap();
            }
            Engine::Postgres(_) => self.administer(|schema| format!("SET search_path = {schema}; {statement}")),
            Engine::Shards(_) => self.shards.iter().for_each(|shard| shard.tampers(&statement)),
        }
    }

    /// Where the schema is, on a server.
    pub(crate) fn url(&self) -> Option<String> {
        let Engine::Postgres(server) = &self.engine else { return None };
        Some(format!("{server}?options=-csearch_path%3D{}", self.schema))
    }

    /// Another ground with a copy of what `store`, which stands on this one, holds now: as a backup has it, without live
    /// sessions and one-time codes.
    pub(crate) fn copied(&self, store: &Store) -> Self {
        let copy = Self::new(self.engine.clone());
        if let Engine::Sqlite = self.engine {
            store.backup(&copy.folder().join("teeka.db")).unwrap();
            return copy;
        }
        let from = &self.schema;
        copy.administer(|to| {
            format!(
                "DO $$ DECLARE name text; BEGIN
                   FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '{from}' LOOP
                     EXECUTE format('CREATE TABLE {to}.%I (LIKE {from}.%I INCLUDING ALL)', name, name);
                     IF name NOT IN ('sign_in', 'otp', 'client_token', 'consent_request') THEN
                       EXECUTE format('INSERT INTO {to}.%I SELECT * FROM {from}.%I', name, name);
                     END IF;
                   END LOOP;
                   PERFORM setval(pg_get_serial_sequence('{to}.notice', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM {to}.notice));
                 END $$"
            )
        });
        copy
    }

    /// Every table's rows as a server stores them, by their names; none of an engine whose rows lie in the folder.
    pub(crate) fn rows(&self) -> Vec<(String, Vec<u8>)> {
        let Engine::Postgres(server) = self.engine.clone() else { return Vec::new() };
        let schema = self.schema.clone();
        waits(async move {
            use futures_util::TryStreamExt;
            let client = connected(&server).await;
            let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = $1 ORDER BY 1";
            let mut rows = Vec::new();
            for table in client.query(tables, &[&schema]).await.unwrap() {
                let name: String = table.get(0);
                let sorted = format!("SELECT * FROM {schema}.{name} one ORDER BY one");
                let copy = client.copy_out(&format!("COPY ({sorted}) TO STDOUT (FORMAT binary)")).await.unwrap();
                let bytes: Vec<_> = pin!(copy).try_collect().await.unwrap();
                rows.push((name, bytes.concat()));
            }
            rows
        })
    }

    /// On which node a coordinator has put each shard: its host and its port.
    pub(crate) fn places(&self) -> Vec<[String; 2]> {
        let place = |shard: &Self| {
            let Engine::Postgres(server) = shard.engine.clone() else { panic!("a shard has no node of its own") };
            let text = format!(
                "SELECT nodename, nodeport::text FROM pg_dist_shard JOIN pg_dist_placement USING (shardid)
                 JOIN pg_dist_node USING (groupid) WHERE logicalrelid = '{}.person'::regclass",
                shard.schema
            );
            waits(async move {
                let row = connected(&server).await.query_one(&text, &[]).await.unwrap();
                [row.get(0), row.get(1)]
            })
        };
        self.shards.iter().map(place).collect()
    }

    /// Has the server do something about this schema, where there is a server.
    fn administer(&self, statement: impl FnOnce(&str) -> String) {
        let Engine::Postgres(server) = self.engine.clone() else { return };
        let statement = statement(&self.schema);
        waits(async move { connected(&server).await.batch_execute(&statement).await.unwrap() });
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if !self.leaves() {
            self.administer(|schema| format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

/// Carries the traffic of all tests' stores: a test's own runtime stands still while it waits for one to be opened.
static TRAFFIC: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

fn waits<T: Send + 'static>(done: impl Future<Output = T> + Send + 'static) -> T {
    std::thread::spawn(move || TRAFFIC.block_on(done)).join().unwrap()
}

async fn connected(server: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
