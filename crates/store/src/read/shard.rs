//! Reads for a booking over two shards.

use super::{session_id, uuid};
use crate::command::{AttemptId, Told, Word};
use crate::rows::{HoldRow, SeatRow, Status};
use crate::sql::{Row, params};
use crate::{Reader, StoreError};
use registry::{AppointmentId, DistrictId, PersonId, Slot};

impl Reader {
    /// Her appointments, as her own shard has them.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn seats_of(&self, person: PersonId) -> Result<Vec<SeatRow>, StoreError> {
        Ok(self.0.all(
            "SELECT id, session, slot, dose, status FROM appointment WHERE person = ?1 ORDER BY id",
            params![person.bytes()],
            |row| {
                Ok(SeatRow {
                    appointment: AppointmentId(uuid(row, "id")?),
                    session: session_id(row)?,
                    slot: super::parsed::<Slot>(row, "slot")?,
                    dose: row.get("dose")?,
                    status: Status::from_code(&row.get::<String>("status")?),
                })
            },
        )?)
    }

    /// Whether an attempt was decided for her, and its seat is still hers.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn is_booked(&self, attempt: AttemptId) -> Result<bool, StoreError> {
        Ok(self.0.any("SELECT 1 FROM attempt WHERE id = ?1 AND state = 'booked'", params![attempt])?)
    }

    /// Holds that have run out, with the district of their session, the longest ago first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn holds_due(&self, now_ms: i64, most: u32) -> Result<Vec<HoldRow>, StoreError> {
        Ok(self.0.all(
            "SELECT h.attempt, h.person, c.district FROM hold h JOIN session s ON s.id = h.session
                 JOIN centre c ON c.id = s.centre
                 WHERE h.state = 'held' AND h.expires_ms <= ?1 ORDER BY h.expires_ms LIMIT ?2",
            params![now_ms, most],
            |row| {
                Ok(HoldRow {
                    attempt: row.get::<AttemptId>("attempt")?,
                    person: PersonId(uuid(row, "person")?),
                    district: DistrictId(row.get("district")?),
                })
            },
        )?)
    }

    /// What sessions' shards are still to be told of her attempts.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn outbox_of(&self, person: PersonId) -> Result<Vec<Told>, StoreError> {
        Ok(self.0.all("SELECT * FROM outbox WHERE person = ?1", params![person.bytes()], told_row)?)
    }

    /// What sessions' shards are still to be told.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn outbox(&self, most: u32) -> Result<Vec<Told>, StoreError> {
        Ok(self.0.all("SELECT * FROM outbox LIMIT ?1", params![most], told_row)?)
    }
}

fn told_row(row: &Row<'_>) -> crate::sql::Result<Told> {
    Ok(Told {
        attempt: row.get("attempt")?,
        person: PersonId(uuid(row, "person")?),
        district: DistrictId(row.get("district")?),
        word: Word::from_code(&row.get::<String>("word")?),
    })
}
