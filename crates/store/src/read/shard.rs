//! Reads for a booking over two shards.

use super::{session_id, uuid};
use crate::command::{Answer, AttemptId, FamilyHold, Membership, Once, Refusal, Told, Word};
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
        Ok(self.of_person(person)?.all(
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
        Ok(self.any("SELECT 1 FROM attempt WHERE id = ?1 AND state = 'booked'", params![attempt])?)
    }

    /// Holds and drawn doses that have run out, with the district of their session or stock, the longest ago first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn holds_due(&self, now_ms: i64, most: u32) -> Result<Vec<HoldRow>, StoreError> {
        Ok(self.all(
            "SELECT h.attempt, h.person, c.district, h.expires_ms FROM hold h JOIN session s ON s.id = h.session
                 JOIN centre c ON c.id = s.centre WHERE h.state = 'held' AND h.expires_ms <= ?1
             UNION ALL
             SELECT d.dose, d.person, c.district, d.expires_ms FROM draw d JOIN centre c ON c.id = d.centre
                 WHERE d.state = 'held' AND d.expires_ms <= ?1
             ORDER BY expires_ms LIMIT ?2",
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

    /// What was answered to a command under this key, if it was done.
    pub(crate) fn answered(&self, once: &Once) -> Result<Option<Answer>, StoreError> {
        Ok(self.first_that(|_, shard| crate::write::answered(shard, once))?)
    }

    /// How many entries somebody has, if she is anybody.
    pub(crate) fn entries_of(&self, person: PersonId) -> Result<Option<u64>, StoreError> {
        let text = "SELECT entries FROM person WHERE id = ?1";
        Ok(self.of_person(person)?.one(text, params![person.bytes()], |row| row.at(0))?)
    }

    /// Whether a sign-in lives and knows its family as it is.
    pub(crate) fn holds_family(&self, hold: &FamilyHold) -> Result<Result<(), Refusal>, StoreError> {
        Ok(crate::write::holds_family(self.of_key(&hold.phone)?, hold)?)
    }

    /// Whether somebody may be confirmed at her phone, or not.
    pub(crate) fn may_confirm(&self, membership: &Membership) -> Result<Result<(), Refusal>, StoreError> {
        Ok(crate::write::may_confirm(self.of_key(&membership.by.phone)?, membership)?)
    }

    /// The position that the next entry of a log will take.
    pub(crate) fn log_next(&self) -> Result<u64, StoreError> {
        Ok(self.first()?.only("SELECT next FROM log_head", params![], |row| row.at(0))?)
    }

    /// What sessions' shards are still to be told of her attempts.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn outbox_of(&self, person: PersonId) -> Result<Vec<Told>, StoreError> {
        Ok(self.of_person(person)?.all("SELECT * FROM outbox WHERE person = ?1", params![person.bytes()], told_row)?)
    }

    /// What sessions' shards are still to be told.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn outbox(&self, most: u32) -> Result<Vec<Told>, StoreError> {
        Ok(self.all("SELECT * FROM outbox LIMIT ?1", params![most], told_row)?)
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
