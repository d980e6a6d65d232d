//! The key file: wrapped keys and spent receipts, beside the data and never in the same backup. It knows no
//! key either: what it holds is wrapped under the key room's root.

use crate::batch::Batcher;
use crate::hold::{HeldKeys, HoldFile};
use crate::sql::{Carrier, carry_all, end_if_unsynced};
use crate::{Fuse, StoreError};
use registry::PersonId;
use rusqlite::{Connection, OptionalExtension, params};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Mutex;

/// A person's two keys, each wrapped under the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKeys {
    /// Whose.
    pub person: PersonId,
    /// Data key.
    pub data: Vec<u8>,
    /// Tag key.
    pub tag: Vec<u8>,
    /// When they were made, milliseconds since the epoch.
    pub made_ms: i64,
}

/// An exchange of receipts, durable before its keys are handed out.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    /// The tree under which they were shown: its size and root.
    pub seen: Option<(u64, [u8; 32])>,
    /// Log positions of the entries, with how many keys go out for each.
    pub spent: Vec<(u64, u16)>,
    /// How many entries of these people are followed.
    pub followed: Vec<(PersonId, u64)>,
    /// Looks under consents.
    pub consented: Vec<Consented>,
    /// Now, milliseconds since the epoch.
    pub at_ms: i64,
}

/// A look under a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consented {
    /// Whose.
    pub person: PersonId,
    /// Which of her entries is the consent.
    pub consent: u64,
    /// Position of the look.
    pub position: u64,
}

enum Change {
    Enrol(WrappedKeys),
    Note(Exchange),
    Erase(PersonId),
    Forget { before_ms: i64 },
    Rewrap(Vec<Rewrapped>),
}

/// A person's keys, wrapped anew.
#[derive(Debug, Clone)]
pub struct Rewrapped {
    /// As they lay here.
    pub old: WrappedKeys,
    /// Data key, under another root.
    pub data: Vec<u8>,
    /// Tag key, under another root.
    pub tag: Vec<u8>,
}

/// The key file. Its writes are grouped as the data's are.
pub struct KeyFile {
    writer: Batcher<Change, Option<Vec<bool>>>,
    reader: Mutex<Connection>,
    file: std::path::PathBuf,
    hold: HoldFile,
    _carrier: Carrier,
}

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS person_key (
  person BLOB PRIMARY KEY, data BLOB NOT NULL, tag BLOB NOT NULL, made_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS person_key_made ON person_key (made_ms);
CREATE TABLE IF NOT EXISTS released (position INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, keys INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS followed (person BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS counter (one INTEGER PRIMARY KEY CHECK (one = 1), released INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS consented (
  person BLOB NOT NULL, consent INTEGER NOT NULL, position INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (person, consent, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased (person BLOB PRIMARY KEY) WITHOUT ROWID;
INSERT OR IGNORE INTO counter VALUES (1, 0);
";

impl KeyFile {
    /// Opens `keys.db` in `folder`, making it as needed.
    ///
    /// # Errors
    /// When the file cannot be opened or written.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_until(folder, Fuse::default())
    }

    /// Opens it for a test that ends it at a step.
    ///
    /// # Errors
    /// As [`KeyFile::open`].
    pub fn open_until(folder: &Path, fuse: Fuse) -> Result<Self, StoreError> {
        let file = folder.join("keys.db");
        let writer = connect(&file)?;
        writer.execute_batch(SCHEMA)?;
        let (reader, carrier) = (connect(&file)?, Carrier::start(&file)?);
        let writer = Batcher::start("keys", {
            let mut connection = writer;
            move |changes: &[Change]| {
                let applied =
                    if fuse.step() { apply(&mut connection, changes).inspect_err(end_if_unsynced).ok() } else { None };
                applied.filter(|_| fuse.step()).unwrap_or_else(|| changes.iter().map(|_| None).collect())
            }
        });
        Ok(Self { writer, reader: Mutex::new(reader), file, hold: HoldFile::open(folder)?, _carrier: carrier })
    }

    /// Puts by what is held of a person who leaves, in a file of its own. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn hold(&self, keys: HeldKeys) -> Result<(), StoreError> {
        self.hold.put(keys).await
    }

    /// What is held of a person.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn held(&self, person: PersonId) -> Result<Option<HeldKeys>, StoreError> {
        self.hold.find(person)
    }

    /// Notes how many entries of someone who left are followed. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn follow_held(&self, person: PersonId, count: u64) -> Result<(), StoreError> {
        self.hold.follow(person, count).await
    }

    /// Destroys what is held of a person.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end_hold(&self, person: PersonId) -> Result<(), StoreError> {
        self.hold.end(person).await
    }

    /// Everyone whose keys were destroyed: a restore removes them before it opens.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn erased(&self) -> Result<Vec<PersonId>, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        let mut list = reader.prepare_cached("SELECT person FROM erased")?;
        let rows = list.query_map([], |row| Ok(crate::id(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a new person's keys. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written, or the person was erased.
    pub async fn enrol(&self, keys: WrappedKeys) -> Result<(), StoreError> {
        match self.writer.apply(Change::Enrol(keys)).await.flatten() {
            Some(fresh) if fresh == [true] => Ok(()),
            Some(_) => Err(StoreError::new("these keys exist, or were erased")),
            None => Err(StoreError::new("the key file cannot be written")),
        }
    }

    /// Notes an exchange. Durable when it returns; `false` for each position that was spent before.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note(&self, exchange: Exchange) -> Result<Vec<bool>, StoreError> {
        let fresh = self.writer.apply(Change::Note(exchange)).await.flatten();
        fresh.ok_or_else(|| StoreError::new("the key file cannot be written"))
    }

    /// Destroys a person's keys and notes her random id, which a restore applies before it opens.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn erase(&self, person: PersonId) -> Result<(), StoreError> {
        let done = self.writer.apply(Change::Erase(person)).await.flatten();
        done.map(|_| ()).ok_or_else(|| StoreError::new("the key file cannot be written"))
    }

    /// How many looks at other positions were noted under the consent of this one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn looks_beside(&self, look: Consented) -> Result<u8, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        let sql = "SELECT MIN(COUNT(*), 255) FROM consented WHERE person = ?1 AND consent = ?2 AND position <> ?3";
        let Consented { person, consent, position } = look;
        let mut count = reader.prepare_cached(sql)?;
        Ok(count.query_row(params![person.bytes().as_slice(), consent, position], |row| row.get(0))?)
    }

    /// Forgets receipts that were used before a moment: older than a receipt's life they are refused by their age, and looks
    /// under consents with them, which last a day.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_spent(&self, before_ms: i64) -> Result<(), StoreError> {
        let done = self.writer.apply(Change::Forget { before_ms }).await.flatten();
        done.map(|_| ()).ok_or_else(|| StoreError::new("the key file cannot be written"))
    }

    /// A person's wrapped keys, and how many of her entries are followed.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find(&self, person: PersonId) -> Result<Option<(WrappedKeys, u64)>, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        let mut find = reader.prepare_cached(
            "SELECT data, tag, made_ms, COALESCE(count, 0) FROM person_key LEFT JOIN followed USING (person)
             WHERE person = ?1",
        )?;
        let row = find.query_row([person.bytes().as_slice()], |row| {
            Ok((WrappedKeys { person, data: row.get(0)?, tag: row.get(1)?, made_ms: row.get(2)? }, row.get(3)?))
        });
        Ok(row.optional()?)
    }

    /// Wrapped keys in the order of their people, after one person.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn page(&self, after: Option<PersonId>, many: u32) -> Result<Vec<WrappedKeys>, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        let sql = "SELECT person, data, tag, made_ms FROM person_key WHERE person > ?1 ORDER BY person LIMIT ?2";
        let after = after.map_or(Vec::new(), |person| person.bytes().to_vec());
        let mut list = reader.prepare_cached(sql)?;
        let rows = list.query_map(params![after, many], |row| {
            let person = crate::id(row.get(0)?);
            Ok(WrappedKeys { person, data: row.get(1)?, tag: row.get(2)?, made_ms: row.get(3)? })
        });
        Ok(rows?.collect::<Result<_, _>>()?)
    }

    /// Puts keys that were wrapped anew in the place of the old. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn rewrap(&self, keys: Vec<Rewrapped>) -> Result<(), StoreError> {
        let done = self.writer.apply(Change::Rewrap(keys)).await.flatten();
        done.map(|_| ()).ok_or_else(|| StoreError::new("the key file cannot be written"))
    }

    /// Size and root of the tree that was seen last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn seen(&self) -> Result<Option<(u64, [u8; 32])>, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        Ok(reader.query_row("SELECT size, root FROM seen", [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Everyone whose keys were made in this time, milliseconds since the epoch, the end excluded.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn made_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<PersonId>, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        let mut list = reader.prepare_cached("SELECT person FROM person_key WHERE made_ms >= ?1 AND made_ms < ?2")?;
        let rows = list.query_map([from_ms, to_ms], |row| Ok(crate::id(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many field keys were ever released.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn released(&self) -> Result<u64, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        Ok(reader.query_row("SELECT released FROM counter", [], |row| row.get(0))?)
    }

    /// How many field keys went out for each position from one to another; none for those that are not named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn released_between(&self, from: u64, to: u64) -> Result<Vec<(u64, u16)>, StoreError> {
        let reader = self.reader.lock().expect("no reader panics while it holds the connection");
        let sql = "SELECT position, keys FROM released WHERE position >= ?1 AND position < ?2";
        let mut list = reader.prepare_cached(sql)?;
        let rows = list.query_map([from, to], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes a consistent copy to the folder `copies/NAME` beside the file.
    ///
    /// # Errors
    /// When the name is no plain name, or was used, or the copy cannot be written.
    pub fn copy(&self, name: &str) -> Result<(), StoreError> {
        let is_plain = !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
        let folder = self.file.with_file_name("copies").join(name);
        if !is_plain || folder.exists() {
            return Err(StoreError::new("a copy needs a new, plain name"));
        }
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|error| StoreError::new(format!("cannot make a folder: {error}")))?;
        self.backup(&folder.join("keys.db"))
    }

    /// Writes a consistent copy to `file`, and beside it one of the hold, in whose name `hold` stands for `keys`.
    ///
    /// # Errors
    /// When a copy cannot be written.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let source = connect(&self.file)?;
        source.execute("VACUUM INTO ?1", [file.to_string_lossy()])?;
        let name = file.file_name().map(|name| name.to_string_lossy().replace("keys", "hold")).unwrap_or_default();
        self.hold.backup(&file.with_file_name(name))
    }
}

pub(crate) fn connect(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    crate::sql::tune(&connection)?;
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(connection)
}

/// One transaction for all of them; nothing is done unless all are durable, and no file has what was erased.
fn apply(connection: &mut Connection, changes: &[Change]) -> rusqlite::Result<Vec<Option<Vec<bool>>>> {
    let transaction = connection.transaction()?;
    let outcomes = changes
        .iter()
        .map(|change| match change {
            Change::Enrol(keys) => enrol(&transaction, keys).map(|fresh| Some(vec![fresh])),
            Change::Note(exchange) => note(&transaction, exchange).map(Some),
            Change::Erase(person) => erase(&transaction, *person).map(|()| Some(Vec::new())),
            Change::Rewrap(keys) => rewrap(&transaction, keys).map(|()| Some(Vec::new())),
            Change::Forget { before_ms } => forget(&transaction, *before_ms).map(|()| Some(Vec::new())),
        })
        .collect::<rusqlite::Result<Vec<_>>>()?;
    transaction.commit()?;
    if changes.iter().any(|change| matches!(change, Change::Erase(_))) {
        carry_all(connection)?;
    }
    Ok(outcomes)
}

fn forget(transaction: &Connection, before_ms: i64) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM released WHERE at_ms < ?1", [before_ms])?;
    transaction.execute("DELETE FROM consented WHERE at_ms < ?1", [before_ms]).map(|_| ())
}

fn enrol(transaction: &Connection, keys: &WrappedKeys) -> rusqlite::Result<bool> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO person_key (person, data, tag, made_ms) SELECT ?1, ?2, ?3, ?4
         WHERE NOT EXISTS (SELECT 1 FROM erased WHERE person = ?1) ON CONFLICT DO NOTHING",
    )?;
    Ok(insert.execute(params![keys.person.bytes().as_slice(), keys.data, keys.tag, keys.made_ms])? == 1)
}

/// Only what still lies there as it was read: an erased person stays erased.
fn rewrap(transaction: &Connection, keys: &[Rewrapped]) -> rusqlite::Result<()> {
    let mut put =
        transaction.prepare_cached("UPDATE person_key SET data = ?3, tag = ?4 WHERE person = ?1 AND data = ?2")?;
    for Rewrapped { old, data, tag } in keys {
        put.execute(params![old.person.bytes().as_slice(), old.data, data, tag])?;
    }
    Ok(())
}

fn note(transaction: &Connection, exchange: &Exchange) -> rusqlite::Result<Vec<bool>> {
    if let Some((size, root)) = exchange.seen {
        let sql = "INSERT INTO seen VALUES (1, ?1, ?2)
                   ON CONFLICT DO UPDATE SET size = ?1, root = ?2 WHERE size < ?1";
        transaction.prepare_cached(sql)?.execute(params![size, root])?;
    }
    let mut follow = transaction
        .prepare_cached("INSERT INTO followed VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = MAX(count, ?2)")?;
    for (person, count) in &exchange.followed {
        follow.execute(params![person.bytes().as_slice(), count])?;
    }
    let mut look =
        transaction.prepare_cached("INSERT INTO consented VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?;
    for Consented { person, consent, position } in &exchange.consented {
        look.execute(params![person.bytes().as_slice(), consent, position, exchange.at_ms])?;
    }
    let mut spend = transaction.prepare_cached("INSERT INTO released VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    let mut released = 0;
    let mut once = |(position, keys): &(u64, u16)| {
        let fresh = spend.execute(params![position, exchange.at_ms, keys])? == 1;
        released += if fresh { u64::from(*keys) } else { 0 };
        Ok(fresh)
    };
    let fresh = exchange.spent.iter().map(&mut once).collect::<rusqlite::Result<_>>()?;
    transaction.prepare_cached("UPDATE counter SET released = released + ?1")?.execute([released])?;
    Ok(fresh)
}

fn erase(transaction: &Connection, person: PersonId) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM person_key WHERE person = ?1", [person.bytes().as_slice()])?;
    transaction.execute("DELETE FROM followed WHERE person = ?1", [person.bytes().as_slice()])?;
    transaction.execute("DELETE FROM consented WHERE person = ?1", [person.bytes().as_slice()])?;
    transaction.execute("INSERT OR IGNORE INTO erased VALUES (?1)", [person.bytes().as_slice()])?;
    Ok(())
}
