//! Staff, rosters, lists of a session.

use super::{APPOINTMENT, appointment_row, dose_row, uuid};
use crate::rows::{AppointmentRow, DoseRow, StaffRow};
use crate::{Reader, StoreError};
use jiff::civil::Date;
use registry::{CentreId, DoseId, Role, SessionId, StaffId};
use rusqlite::{OptionalExtension, Row, params};

impl Reader {
    /// A member of staff by log-in name.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn staff_by_login(&self, login: &str) -> Result<Option<StaffRow>, StoreError> {
        Ok(self.0.prepare_cached("SELECT * FROM staff WHERE login = ?1")?.query_row([login], staff_row).optional()?)
    }

    /// A member of staff by id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn staff(&self, id: StaffId) -> Result<Option<StaffRow>, StoreError> {
        Ok(self.0.prepare_cached("SELECT * FROM staff WHERE id = ?1")?.query_row([id.bytes()], staff_row).optional()?)
    }

    /// All staff, by log-in name.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn all_staff(&self) -> Result<Vec<StaffRow>, StoreError> {
        let mut list = self.0.prepare_cached("SELECT * FROM staff ORDER BY login")?;
        Ok(list.query_map([], staff_row)?.collect::<Result<_, _>>()?)
    }

    /// Whether she works at this session.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn is_rostered(&self, session: SessionId, staff: StaffId) -> Result<bool, StoreError> {
        Ok(self
            .0
            .prepare_cached("SELECT 1 FROM roster WHERE session = ?1 AND staff = ?2")?
            .exists(params![session.bytes(), staff.bytes()])?)
    }

    /// Who works at a session.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn roster(&self, session: SessionId) -> Result<Vec<StaffId>, StoreError> {
        let mut list = self.0.prepare_cached("SELECT staff FROM roster WHERE session = ?1")?;
        let rows = list.query_map([session.bytes()], |row| Ok(StaffId(uuid(row, "staff")?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sessions of a day that she works at and that stand.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn sessions_of(&self, staff: StaffId, day: Date) -> Result<Vec<SessionId>, StoreError> {
        let mut list = self.0.prepare_cached(
            "SELECT s.id FROM roster r JOIN session s ON s.id = r.session
             WHERE r.staff = ?1 AND s.day = ?2 AND NOT s.cancelled ORDER BY s.centre, s.vaccine, s.id",
        )?;
        let rows = list.query_map(params![staff.bytes(), day.to_string()], |row| Ok(SessionId(uuid(row, "id")?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The appointments of a session, by slot: random ids, last four digits, status.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn appointments_of(&self, session: SessionId) -> Result<Vec<AppointmentRow>, StoreError> {
        let sql = format!("SELECT {APPOINTMENT} WHERE a.session = ?1 ORDER BY a.slot, a.at_ms");
        let mut list = self.0.prepare_cached(&sql)?;
        Ok(list.query_map([session.bytes()], appointment_row)?.collect::<Result<_, _>>()?)
    }

    /// The doses given at a session that stand, newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn doses_of(&self, session: SessionId) -> Result<Vec<DoseRow>, StoreError> {
        let mut list = self
            .0
            .prepare_cached("SELECT * FROM dose WHERE session = ?1 AND corrected_by IS NULL ORDER BY at_ms DESC")?;
        Ok(list.query_map([session.bytes()], dose_row)?.collect::<Result<_, _>>()?)
    }

    /// One dose that stands.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn dose(&self, id: DoseId) -> Result<Option<DoseRow>, StoreError> {
        Ok(self
            .0
            .prepare_cached("SELECT * FROM dose WHERE id = ?1 AND corrected_by IS NULL")?
            .query_row([id.bytes()], dose_row)
            .optional()?)
    }
}

fn staff_row(row: &Row<'_>) -> rusqlite::Result<StaffRow> {
    let role: String = row.get("role")?;
    Ok(StaffRow {
        id: StaffId(uuid(row, "id")?),
        login: row.get("login")?,
        name: row.get("name")?,
        role: Role::from_code(&role).ok_or(rusqlite::Error::InvalidQuery)?,
        centre: row.get::<_, Option<u32>>("centre")?.map(CentreId),
        active: row.get("active")?,
        password: row.get("password")?,
        totp: row.get("totp")?,
        step: row.get("step")?,
        failures: row.get("failures")?,
        locked_ms: row.get("locked_ms")?,
    })
}
