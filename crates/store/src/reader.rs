//! Whose rows a read is about. In one store all of them lie behind one connection; over shards every verb names where it reads.

use crate::engine::Engine;
use crate::shards::Shards;
use crate::sql::{self, Connection, Param, Row, params};
use registry::{CentreId, DistrictId, PersonId, SessionId};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Connections that only read. Its verbs live in the engine's `read` files.
pub struct Reader(Lines);

enum Lines {
    One(Box<Connection>),
    Over(Over),
}

/// A connection to each shard, opened when it is asked for.
struct Over {
    shards: Shards,
    lines: Vec<OnceCell<Connection>>,
}

impl Over {
    fn line(&self, at: usize) -> sql::Result<&Connection> {
        if let Some(line) = self.lines[at].get() {
            return Ok(line);
        }
        let opened = self.engine(at).line()?;
        Ok(self.lines[at].get_or_init(|| opened))
    }

    fn engine(&self, at: usize) -> &Arc<Engine> {
        &self.shards.engines()[at]
    }
}

impl Drop for Over {
    fn drop(&mut self) {
        for (at, line) in std::mem::take(&mut self.lines).into_iter().enumerate() {
            if let Some(line) = line.into_inner() {
                self.engine(at).keep(line);
            }
        }
    }
}

impl Reader {
    pub(crate) fn one_store(line: Connection) -> Self {
        Self(Lines::One(Box::new(line)))
    }

    pub(crate) fn over(shards: Shards) -> Self {
        let lines = shards.engines().iter().map(|_| OnceCell::new()).collect();
        Self(Lines::Over(Over { shards, lines }))
    }

    /// The connection of a reader of one store, for the next one.
    pub(crate) fn into_line(self) -> Option<Connection> {
        match self.0 {
            Lines::One(line) => Some(*line),
            Lines::Over(_) => None,
        }
    }

    fn at(&self, place: impl FnOnce(&Shards) -> usize) -> sql::Result<&Connection> {
        match &self.0 {
            Lines::One(line) => Ok(line),
            Lines::Over(over) => over.line(place(&over.shards)),
        }
    }

    /// Where a person's rows are.
    pub(crate) fn of_person(&self, person: PersonId) -> sql::Result<&Connection> {
        self.at(|shards| shards.place_of_person(person))
    }

    /// Where a keyed index, such as a phone's, is known.
    pub(crate) fn of_key(&self, key: &[u8; 32]) -> sql::Result<&Connection> {
        self.at(|shards| shards.place_of_key(key))
    }

    /// Where a district's sessions are, and its stock.
    pub(crate) fn of_district(&self, district: DistrictId) -> sql::Result<&Connection> {
        self.at(|shards| shards.place_of_district(district))
    }

    /// In whose log a position is.
    pub(crate) fn of_log(&self, position: u64) -> sql::Result<&Connection> {
        self.at(|shards| shards.place_of_position(position))
    }

    /// Where what every shard has is read.
    pub(crate) fn first(&self) -> sql::Result<&Connection> {
        self.at(|_| 0)
    }

    pub(crate) fn is_over_shards(&self) -> bool {
        matches!(self.0, Lines::Over(_))
    }

    /// Every shard.
    pub(crate) fn each(&self) -> impl Iterator<Item = sql::Result<&Connection>> {
        (0..self.many()).map(|at| self.at(|_| at))
    }

    fn many(&self) -> usize {
        match &self.0 {
            Lines::One(_) => 1,
            Lines::Over(over) => over.lines.len(),
        }
    }

    /// Where the sessions and the stock of a centre are.
    pub(crate) fn of_centre(&self, centre: CentreId) -> sql::Result<&Connection> {
        if !self.is_over_shards() {
            return self.first();
        }
        let text = "SELECT district FROM centre WHERE id = ?1";
        match self.first()?.one(text, params![centre.0], |row| row.at(0))? {
            Some(district) => self.of_district(DistrictId(district)),
            None => self.first(),
        }
    }

    /// Where a session is, and not only a copy of what it says.
    pub(crate) fn of_session(&self, session: SessionId) -> sql::Result<&Connection> {
        if !self.is_over_shards() {
            return self.first();
        }
        let text = "SELECT c.district FROM session s JOIN centre c ON c.id = s.centre WHERE s.id = ?1";
        match self.one(text, params![session.bytes()], |row| row.at(0))? {
            Some(district) => self.of_district(DistrictId(district)),
            None => self.first(),
        }
    }

    /// What the first shard answers that has an answer: each is asked in its turn. One that is away keeps nobody from what lies in
    /// another; only what no other has may be there.
    pub(crate) fn first_that<T>(
        &self,
        ask: impl FnMut(usize, &Connection) -> sql::Result<Option<T>>,
    ) -> sql::Result<Option<T>> {
        self.first_from(0, ask)
    }

    /// The same, in a circle from one shard on.
    pub(crate) fn first_from<T>(
        &self,
        first: usize,
        mut ask: impl FnMut(usize, &Connection) -> sql::Result<Option<T>>,
    ) -> sql::Result<Option<T>> {
        let (many, mut away) = (self.many(), None);
        for at in (first..many).chain(0..first.min(many)) {
            match self.at(|_| at).and_then(|shard| ask(at, shard)) {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(error) => away = Some(error),
            }
        }
        away.map_or(Ok(None), Err)
    }

    /// The row that a statement finds, in whichever shard.
    pub(crate) fn one<T>(
        &self,
        text: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> sql::Result<T>,
    ) -> sql::Result<Option<T>> {
        self.first_that(|_, shard| shard.one(text, params, &mut read))
    }

    /// Whether a statement finds anything, in whichever shard.
    pub(crate) fn any(&self, text: &str, params: &[Param<'_>]) -> sql::Result<bool> {
        Ok(self.one(text, params, |_| Ok(()))?.is_some())
    }

    /// All rows that a statement finds, one shard's after the other's.
    pub(crate) fn all<T>(
        &self,
        text: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> sql::Result<T>,
    ) -> sql::Result<Vec<T>> {
        let mut shards = self.each();
        let first = shards.next().expect("people are somewhere")?;
        let mut rows = first.all(text, params, &mut read)?;
        for shard in shards {
            rows.extend(shard?.all(text, params, &mut read)?);
        }
        Ok(rows)
    }

    /// All rows that a statement finds, in the order in which each shard has its own, and no more than so many.
    pub(crate) fn all_by<T, K: Ord>(
        &self,
        (text, params): (&str, &[Param<'_>]),
        read: impl FnMut(&Row<'_>) -> sql::Result<T>,
        key: impl FnMut(&T) -> K,
        most: u32,
    ) -> sql::Result<Vec<T>> {
        let mut rows = self.all(text, params, read)?;
        if self.is_over_shards() {
            rows.sort_by_cached_key(key);
            rows.truncate(most as usize);
        }
        Ok(rows)
    }

    /// All rows that a statement finds about centres, each in the shard of its centre; another shard has copies of some.
    pub(crate) fn all_at_home<T, K: Ord>(
        &self,
        (text, params): (&str, &[Param<'_>]),
        mut read: impl FnMut(&Row<'_>) -> sql::Result<T>,
        centre_of: impl Fn(&T) -> CentreId,
        key: impl FnMut(&T) -> K,
    ) -> sql::Result<Vec<T>> {
        let Lines::Over(over) = &self.0 else { return self.first()?.all(text, params, read) };
        let districts = self.first()?.all("SELECT id, district FROM centre", params![], |row| {
            Ok((CentreId(row.at(0)?), over.shards.place_of_district(DistrictId(row.at(1)?))))
        })?;
        let homes: HashMap<CentreId, usize> = districts.into_iter().collect();
        let mut rows = Vec::new();
        for at in 0..over.lines.len() {
            let theirs = over.line(at)?.all(text, params, &mut read)?;
            rows.extend(theirs.into_iter().filter(|row| homes.get(&centre_of(row)) == Some(&at)));
        }
        rows.sort_by_cached_key(key);
        Ok(rows)
    }

    /// Rows of several shards about the same are one row, in the order of what they are about.
    pub(crate) fn added_up<T, K: Ord>(
        &self,
        mut rows: Vec<T>,
        about: impl Fn(&T) -> K,
        mut add: impl FnMut(&mut T, &T),
    ) -> Vec<T> {
        if self.is_over_shards() {
            rows.sort_by_cached_key(&about);
            rows.dedup_by(|later, kept| {
                let same = about(later) == about(kept);
                if same {
                    add(kept, later);
                }
                same
            });
        }
        rows
    }

    /// A number of each shard, added up.
    pub(crate) fn sum(&self, text: &str, params: &[Param<'_>]) -> sql::Result<u64> {
        let numbers: Vec<u64> = self.all(text, params, |row| row.at(0))?;
        Ok(numbers.into_iter().sum())
    }

    /// The number under which a shard's own number is known over all shards.
    pub(crate) fn numbered(&self, at: usize, number: i64) -> i64 {
        match &self.0 {
            Lines::One(_) => number,
            Lines::Over(_) => Shards::numbered(at, number),
        }
    }
}
