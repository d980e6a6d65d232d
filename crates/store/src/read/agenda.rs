//! What a manager looks at over a day: sessions, hands and stock. Counts, never people.

use super::places::{OFFER, batch_row};
use super::session_id;
use crate::rows::{BatchRow, Offer};
use crate::sql::params;
use crate::{Reader, StoreError};
use jiff::civil::Date;
use registry::{CentreId, SessionId, Slot};

impl Reader {
    /// Sessions with `from <= day <= to`, called off or not, at one centre or everywhere, by centre and day.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn agenda(&self, centre: Option<CentreId>, from: Date, to: Date) -> Result<Vec<Offer>, StoreError> {
        let sql = format!(
            "{OFFER} WHERE s.centre = COALESCE(?1, s.centre) AND s.day BETWEEN ?2 AND ?3 ORDER BY c.id, s.day, s.vaccine, s.id"
        );
        let key = (centre.map(|centre| centre.0), from.to_string(), to.to_string());
        self.offers_of((&sql, params![key.0, key.1, key.2]), |offer| {
            (offer.centre.id, offer.session.day, offer.session.vaccine.label(), offer.session.id)
        })
    }

    /// How many are booked and have not come, for each window of each session of a day.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn awaited(&self, day: Date) -> Result<Vec<(SessionId, Slot, u32)>, StoreError> {
        let rows = self.all(
            "SELECT a.session, a.slot, COUNT(*) AS people FROM session s JOIN appointment a ON a.session = s.id
             WHERE s.day = ?1 AND s.cancelled = 0 AND a.status = 'booked' GROUP BY a.session, a.slot",
            params![day.to_string()],
            |row| Ok((session_id(row)?, super::parsed::<Slot>(row, "slot")?, row.get("people")?)),
        )?;
        Ok(self.added_up(rows, |(session, slot, _)| (*session, slot.text().to_owned()), |sum, one| sum.2 += one.2))
    }

    /// How many vaccinators are on the roster of each session of a span of days; a session without any is not there.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn hands(&self, from: Date, to: Date) -> Result<Vec<(SessionId, u32)>, StoreError> {
        let rows = self.all(
            "SELECT r.session, COUNT(*) AS hands FROM session s JOIN roster r ON r.session = s.id
             WHERE s.day BETWEEN ?1 AND ?2 GROUP BY r.session",
            params![from.to_string(), to.to_string()],
            |row| Ok((session_id(row)?, row.get("hands")?)),
        )?;
        Ok(rows)
    }

    /// The batches that sessions of a day could draw from: same centre, same vaccine.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn batches_for(&self, day: Date) -> Result<Vec<BatchRow>, StoreError> {
        let text = "SELECT * FROM batch WHERE (centre, vaccine) IN
             (SELECT centre, vaccine FROM session WHERE day = ?1 AND cancelled = 0) ORDER BY centre, vaccine, expires";
        let order = |batch: &BatchRow| (batch.centre, batch.vaccine.label(), batch.expires);
        Ok(self.all_at_home((text, params![day.to_string()]), batch_row, |batch| batch.centre, order)?)
    }

    /// One batch wherever it is, by centre.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn batch_everywhere(&self, vaccine: registry::Vaccine, number: &str) -> Result<Vec<BatchRow>, StoreError> {
        let text = "SELECT * FROM batch WHERE vaccine = ?1 AND number = ?2 ORDER BY centre";
        let centre = |batch: &BatchRow| batch.centre;
        Ok(self.all_at_home((text, params![vaccine.label(), number]), batch_row, centre, centre)?)
    }
}
