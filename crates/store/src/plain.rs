//! The measure that `teeka bench store` holds the store against, and nothing else: bookings as they are commonly written, one
//! statement and one commit a request, from a connection for every client, with the session's row locked. Each statement
//! writes the same rows as the store does, with the same sealed entry in the same transaction; only its position comes from a
//! sequence, which leaves gaps and no order of commits, so no log could be made of it. It is the best that can be said for that
//! way: everything in one message, nothing awaited while the lock is held but the commit.
//!
//! It works in schemas of its own, which it makes and drops: there is no way to point it at anybody's data.

mod crowd;
mod text;

pub use crowd::{ENTRY_BYTES, FIELD_BYTES, FIELDS, TAG_KEY_BYTES};

use crate::command::{Beside, Book, Command, Effect, NewDose, Register, Staged};
use crate::engine::Engine;
use crate::sql::{Line, Param, Place, params};
use crate::{EMBEDDED, Fuse, Store, StoreError};
use futures_util::future::try_join_all;
use registry::{Factor, PersonId};
use std::path::Path;
use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement};

/// The variable of the environment in which an address of a server is looked for.
pub const ADDRESS: &str = "TEEKA_POSTGRES_URL";

/// What whoever measures is told where there is none.
pub const NEEDS: &str = "a PostgreSQL server is needed, on this machine, in a database of which schemas may be made: name it by \
                         --store postgres://… or by TEEKA_POSTGRES_URL";

/// What is measured, by name: the embedded store, the store on a server, and the plain way on that server.
pub const SIDES: [&str; 3] = ["sqlite", "postgres", "plain"];

/// Two schemas of a server for one measurement: one for the store, one for the plain way.
pub struct Grounds {
    line: Line,
    names: [String; 2],
}

/// The plain way: a connection for every client.
pub struct Plain(Vec<Lane>);

/// A client's connection, with its statements prepared.
struct Lane {
    client: Client,
    register: Statement,
    book: Statement,
    dose: Statement,
    look: Statement,
    lookup: Statement,
    person: Vec<Statement>,
    reference: Statement,
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        crate::sql::Broken::from(error).into()
    }
}

impl Grounds {
    /// Makes the schemas; `name` tells them from those of other measurements.
    ///
    /// # Errors
    /// When the address is none, the server does not answer, or the schemas are there already.
    pub async fn make(url: &str, name: &str) -> Result<Self, StoreError> {
        let line = Line::at(url)?;
        let grounds = Self { line, names: ["grouped", "plain"].map(|side| format!("teeka_bench_{name}_{side}")) };
        for name in &grounds.names {
            grounds.administer(&format!("CREATE SCHEMA \"{name}\"")).await?;
        }
        Ok(grounds)
    }

    /// The store in the first schema.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn store(&self) -> Result<Store, StoreError> {
        self.open(&self.names[0]).await
    }

    /// A store in the second schema, by which its world is made before the plain way works in it.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn store_for_plain(&self) -> Result<Store, StoreError> {
        self.open(&self.names[1]).await
    }

    /// Puts so many people who are nobody into the embedded store of `folder`, which nobody lives in, and the same into both
    /// schemas, when all of them are made. `draw` fills bytes by chance; `progress` hears how many are there.
    ///
    /// # Errors
    /// When an engine fails, or somebody lives there.
    pub async fn settle(
        &self,
        folder: &Path,
        many: usize,
        now_ms: i64,
        mut draw: impl FnMut(&mut [u8]) + Send + 'static,
        mut progress: impl FnMut(usize) + Send + 'static,
    ) -> Result<(), StoreError> {
        let [grouped, plain] = &self.names;
        let embedded = Place::Sqlite(folder.join(EMBEDDED));
        let server = Place::Postgres(Box::new(self.within(grouped)), Handle::current());
        let settling =
            move || crowd::settle(&[embedded.writer()?, server.writer()?], many, now_ms, &mut draw, &mut progress);
        tokio::task::spawn_blocking(settling).await.map_err(StoreError::new)??;
        for (table, columns) in crowd::TABLES {
            let copy =
                format!("INSERT INTO \"{plain}\".{table} ({columns}) SELECT {columns} FROM \"{grouped}\".{table}");
            self.administer(&copy).await?;
            for name in &self.names {
                self.administer(&format!("VACUUM (ANALYZE) \"{name}\".{table}")).await?;
            }
        }
        let heads = format!("UPDATE \"{plain}\".log_head SET next = (SELECT next FROM \"{grouped}\".log_head)");
        self.administer(&heads).await
    }

    /// The plain way in the second schema, when its world is made, for so many clients.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn plain(&self, clients: usize) -> Result<Plain, StoreError> {
        let line = self.within(&self.names[1]);
        let (client, connection) = line.connect().await?;
        tokio::spawn(connection);
        client.batch_execute(text::SEQUENCE).await?;
        let mut lanes = Vec::with_capacity(clients);
        for _ in 0..clients {
            lanes.push(Lane::open(&line).await?);
        }
        Ok(Plain(lanes))
    }

    /// Drops the schemas.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn end(self) -> Result<(), StoreError> {
        for name in &self.names {
            self.administer(&format!("DROP SCHEMA \"{name}\" CASCADE")).await?;
        }
        Ok(())
    }

    async fn open(&self, name: &str) -> Result<Store, StoreError> {
        let place = Place::Postgres(Box::new(self.within(name)), Handle::current());
        let opened = tokio::task::spawn_blocking(move || Engine::open(place, Fuse::default())).await;
        Ok(Store::of(opened.map_err(StoreError::new)??))
    }

    fn within(&self, name: &str) -> Line {
        self.line.clone().within(name)
    }

    async fn administer(&self, statement: &str) -> Result<(), StoreError> {
        let (client, connection) = self.line.connect().await?;
        tokio::spawn(connection);
        Ok(client.batch_execute(statement).await?)
    }
}

impl Plain {
    /// Does a command of one of the kinds that are measured, about one person, in one statement; whether it was done.
    ///
    /// # Errors
    /// When the engine fails, or the command is of another kind.
    pub async fn apply(&self, client: usize, command: &Command) -> Result<bool, StoreError> {
        let (lane, entry) = (&self.0[client], command.entries.first());
        let entry = entry.ok_or_else(|| StoreError::because("every write has an entry"))?;
        let done = match &command.effect {
            Effect::Register(new) => lane.register(new, entry).await?,
            Effect::Book(book) => lane.book(book, entry).await?,
            Effect::Dose(dose) => lane.dose(dose, entry).await?,
            Effect::Append => lane.append(entry).await?,
            _ => return Err(StoreError::because("this is not measured")),
        };
        Ok(done == 1)
    }

    /// The rows of a person, sealed as they lie, when the entry of the look stands; how many fields there are.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn look(&self, client: usize, person: PersonId) -> Result<usize, StoreError> {
        let lane = &self.0[client];
        let id: &[u8] = person.bytes();
        let key: [&(dyn ToSql + Sync); 1] = [&id];
        let found = try_join_all(lane.person.iter().map(|one| lane.client.query(one, &key))).await?;
        let (about, fields) = (&found[0], &found[1]);
        Ok(if about.len() == 1 { fields.len() } else { 0 })
    }

    /// Whether anyone has the reference with this index, when the entry of the look-up stands.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn find(&self, client: usize, reference: &[u8; 32]) -> Result<bool, StoreError> {
        let lane = &self.0[client];
        Ok(lane.client.query_opt(&lane.reference, &[&&reference[..]]).await?.is_some())
    }

    /// One of the server's own processes, which lives as long as this.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn process(&self) -> Result<u32, StoreError> {
        let id: i32 = self.0[0].client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
        u32::try_from(id).map_err(StoreError::new)
    }

    /// How many entries were written.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn entries(&self) -> Result<u64, StoreError> {
        let row = self.0[0].client.query_one("SELECT COUNT(*) FROM log_stage", &[]).await?;
        u64::try_from(row.get::<_, i64>(0)).map_err(StoreError::new)
    }
}

impl Lane {
    async fn open(line: &Line) -> Result<Self, StoreError> {
        let (client, connection) = line.connect().await?;
        tokio::spawn(connection);
        client.batch_execute("SET plan_cache_mode = force_generic_plan").await?;
        let mut person = Vec::new();
        // It reads what the store reads.
        for text in crate::read::people::texts() {
            person.push(client.prepare(&text.replace('?', "$")).await?);
        }
        Ok(Self {
            register: client.prepare(text::REGISTER).await?,
            book: client.prepare(text::BOOK).await?,
            dose: client.prepare(text::DOSE).await?,
            look: client.prepare(text::LOOK).await?,
            lookup: client.prepare(text::LOOKUP).await?,
            person,
            reference: client.prepare(text::REFERENCE).await?,
            client,
        })
    }

    /// Runs a statement with these values, these lists, and what its entry needs: leaf, sealed entry, tag.
    async fn run(
        &self,
        statement: &Statement,
        values: &[Param<'_>],
        lists: &[&(dyn ToSql + Sync)],
        entry: &Staged,
    ) -> Result<u64, StoreError> {
        let tag = ledger::leaf::tag_of(&entry.leaf);
        let last = params![entry.leaf, entry.sealed, tag];
        let [values, last] = [values, last].map(|some| some.iter().map(|one| one as &(dyn ToSql + Sync)));
        let all: Vec<_> = values.chain(lists.iter().copied()).chain(last).collect();
        Ok(self.client.execute(statement, &all).await?)
    }

    async fn register(&self, new: &Register, entry: &Staged) -> Result<u64, StoreError> {
        let id = new.person.bytes();
        let numbers: Vec<i64> = new.fields.iter().map(|field| i64::from(field.field)).collect();
        let versions: Vec<i64> = new.fields.iter().map(|field| i64::from(field.version)).collect();
        let salts: Vec<&[u8]> = new.fields.iter().map(|field| &field.salt[..]).collect();
        let bodies: Vec<&[u8]> = new.fields.iter().map(|field| &field.body[..]).collect();
        self.run(
            &self.register,
            params![
                id,
                new.tag_key,
                new.reference_last_four,
                new.language,
                new.now_ms,
                new.notice,
                new.reference,
                new.card
            ],
            &[&numbers, &versions, &salts, &bodies],
            entry,
        )
        .await
    }

    async fn book(&self, book: &Book, entry: &Staged) -> Result<u64, StoreError> {
        let (Some(subject), [one]) = (entry.subject, &book.people[..]) else {
            return Err(StoreError::because("one person is booked at a time"));
        };
        let code = &one.code;
        self.run(
            &self.book,
            params![
                book.session.bytes(),
                book.dose,
                book.slot.text(),
                book.by.token,
                book.by.phone,
                book.by.version,
                one.person.bytes(),
                subject.count,
                book.appointment.bytes(),
                code.version,
                one.code_hash,
                book.now_ms,
                code.field,
                code.salt,
                code.body,
                crate::rows::Cause::Changed.number()
            ],
            &[],
            entry,
        )
        .await
    }

    async fn dose(&self, dose: &NewDose, entry: &Staged) -> Result<u64, StoreError> {
        let count = entry.subject.map(|subject| subject.count);
        let (day, session) = (dose.day.to_string(), dose.session.map(|session| session.bytes().to_vec()));
        self.run(
            &self.dose,
            params![
                dose.id.bytes(),
                dose.person.bytes(),
                session,
                dose.centre.0,
                dose.vaccine.label(),
                dose.number,
                dose.batch,
                day,
                dose.at_ms,
                dose.staff.bytes(),
                dose.age,
                dose.gender.id(),
                dose.factor.map(Factor::code),
                dose.early_reason,
                count
            ],
            &[],
            entry,
        )
        .await
    }

    async fn append(&self, entry: &Staged) -> Result<u64, StoreError> {
        let (Some(subject), Some(beside)) = (entry.subject, &entry.beside) else {
            return self.run(&self.lookup, &[], &[], entry).await;
        };
        let Beside { day, fact, .. } = &**beside;
        self.run(&self.look, params![subject.person.bytes(), subject.count, day, fact], &[], entry).await
    }
}
