//! Reads over everything, for whoever compares the store with the log.

use super::session_id;
use crate::sql::params;
use crate::{Reader, StoreError};
use registry::SessionId;
use std::collections::HashMap;

impl Reader {
    /// What is done before it is answered that something is done, in words for an operator.
    ///
    /// # Errors
    /// When a server answers before what it answers is on its disk, or half of a page may be there; when the engine fails.
    pub fn keeps(&self) -> Result<&'static str, StoreError> {
        let each: Vec<_> = self.each().map(|shard| shard?.keeps()).collect::<Result<_, _>>()?;
        Ok(*each.last().expect("rows are somewhere"))
    }

    /// By how many tags entries of the log are found.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn tags_known(&self) -> Result<u64, StoreError> {
        Ok(self.sum("SELECT COUNT(*) FROM log_tag", params![])?)
    }

    /// How many sessions are not called off, and in how many of them the seats that are taken are not those of live bookings and
    /// of people who left after their dose there.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn seats(&self) -> Result<(u64, u64), StoreError> {
        if self.is_over_shards() {
            return self.seats_over_shards();
        }
        let sql = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN taken <> live + gone THEN 1 ELSE 0 END), 0) FROM (
               SELECT (SELECT COALESCE(SUM(booked), 0) FROM place WHERE session = s.id) AS taken,
                 (SELECT COUNT(*) FROM appointment
                  WHERE session = s.id AND status IN ('booked', 'checked-in', 'done')) AS live,
                 (SELECT COUNT(DISTINCT d.person) FROM dose d WHERE d.session = s.id AND NOT EXISTS (
                  SELECT 1 FROM appointment a WHERE a.session = d.session AND a.person = d.person)) AS gone
               FROM session s WHERE s.cancelled = 0) AS counted";
        Ok(self.first()?.only(sql, params![], |row| Ok((row.at(0)?, row.at(1)?)))?)
    }

    /// The same, where the seats of a session are in its own shard, and who has them in theirs.
    fn seats_over_shards(&self) -> Result<(u64, u64), StoreError> {
        let mut off = HashMap::new();
        for (session, is_off) in self.all("SELECT id AS session, cancelled FROM session", params![], |row| {
            Ok((session_id(row)?, row.get::<bool>("cancelled")?))
        })? {
            *off.entry(session).or_insert(false) |= is_off;
        }
        let mut even: HashMap<SessionId, i64> = HashMap::new();
        for text in [
            "SELECT session, CAST(SUM(booked) AS BIGINT) AS seats FROM place GROUP BY session",
            "SELECT session, -COUNT(*) AS seats FROM appointment WHERE status IN ('booked', 'checked-in', 'done') GROUP BY session",
            "SELECT session, -COUNT(DISTINCT person) AS seats FROM dose d WHERE session IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM appointment a WHERE a.session = d.session AND a.person = d.person) GROUP BY session",
        ] {
            for (session, seats) in self.all(text, params![], |row| Ok((session_id(row)?, row.get::<i64>("seats")?)))? {
                *even.entry(session).or_default() += seats;
            }
        }
        off.retain(|_, is_off| !*is_off);
        let uneven = off.keys().filter(|session| even.get(session).is_some_and(|left| *left != 0)).count();
        Ok((off.len() as u64, uneven as u64))
    }
}
