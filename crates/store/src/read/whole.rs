//! Reads over everything, for whoever compares the store with the log.

use crate::sql::params;
use crate::{Reader, StoreError};

impl Reader {
    /// By how many tags entries of the log are found.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn tags_known(&self) -> Result<u64, StoreError> {
        Ok(self.0.only("SELECT COUNT(*) FROM log_tag", params![], |row| row.at(0))?)
    }

    /// How many sessions are not called off, and in how many of them the seats that are taken are not those of live bookings and
    /// of people who left after their dose there.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn seats(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN taken <> live + gone THEN 1 ELSE 0 END), 0) FROM (
               SELECT (SELECT COALESCE(SUM(booked), 0) FROM place WHERE session = s.id) AS taken,
                 (SELECT COUNT(*) FROM appointment
                  WHERE session = s.id AND status IN ('booked', 'checked-in', 'done')) AS live,
                 (SELECT COUNT(DISTINCT d.person) FROM dose d WHERE d.session = s.id AND NOT EXISTS (
                  SELECT 1 FROM appointment a WHERE a.session = d.session AND a.person = d.person)) AS gone
               FROM session s WHERE s.cancelled = 0) AS counted";
        Ok(self.0.only(sql, params![], |row| Ok((row.at(0)?, row.at(1)?)))?)
    }
}
