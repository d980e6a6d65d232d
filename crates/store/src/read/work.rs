//! Staff, rosters, lists of a session.

use super::{APPOINTMENT, appointment_row, dose_row, uuid};
use crate::rows::{AppointmentRow, DoseRow, StaffRow};
use crate::sql::{self, Broken, Row, params};
use crate::{Reader, StoreError};
use jiff::civil::Date;
use registry::{CentreId, DoseId, Role, SessionId, StaffId};
use std::cmp::Reverse;

impl Reader {
    /// A member of staff by log-in name.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn staff_by_login(&self, login: &str) -> Result<Option<StaffRow>, StoreError> {
        Ok(self.first()?.one("SELECT * FROM staff WHERE login = ?1", params![login], staff_row)?)
    }

    /// A member of staff by id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn staff(&self, id: StaffId) -> Result<Option<StaffRow>, StoreError> {
        Ok(self.first()?.one("SELECT * FROM staff WHERE id = ?1", params![id.bytes()], staff_row)?)
    }

    /// All staff, by log-in name.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn all_staff(&self) -> Result<Vec<StaffRow>, StoreError> {
        Ok(self.first()?.all("SELECT * FROM staff ORDER BY login", params![], staff_row)?)
    }

    /// Whether she works at this session.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn is_rostered(&self, session: SessionId, staff: StaffId) -> Result<bool, StoreError> {
        Ok(self
            .any("SELECT 1 FROM roster WHERE session = ?1 AND staff = ?2", params![session.bytes(), staff.bytes()])?)
    }

    /// Who works at a session.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn roster(&self, session: SessionId) -> Result<Vec<StaffId>, StoreError> {
        let rows = self.all("SELECT staff FROM roster WHERE session = ?1", params![session.bytes()], |row| {
            Ok(StaffId(uuid(row, "staff")?))
        })?;
        Ok(rows)
    }

    /// Sessions of a day that she works at and that stand.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn sessions_of(&self, staff: StaffId, day: Date) -> Result<Vec<SessionId>, StoreError> {
        let text = "SELECT s.id, s.centre, s.vaccine FROM roster r JOIN session s ON s.id = r.session
             WHERE r.staff = ?1 AND s.day = ?2 AND s.cancelled = 0 ORDER BY s.centre, s.vaccine, s.id";
        let place = |row: &Row<'_>| Ok((row.get("centre")?, row.get("vaccine")?, SessionId(uuid(row, "id")?)));
        let order = |it: &(u32, String, SessionId)| it.clone();
        let sessions = self.all_by((text, params![staff.bytes(), day.to_string()]), place, order, u32::MAX)?;
        Ok(sessions.into_iter().map(|(.., session)| session).collect())
    }

    /// The appointments of a session, by slot: random ids, last four digits, status.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn appointments_of(&self, session: SessionId) -> Result<Vec<AppointmentRow>, StoreError> {
        let sql = format!("SELECT {APPOINTMENT} WHERE a.session = ?1 ORDER BY a.slot, a.at_ms");
        let row = |row: &Row<'_>| Ok((row.get::<i64>("at_ms")?, appointment_row(row)?));
        let order = |(at_ms, row): &(i64, AppointmentRow)| (row.slot.text().to_owned(), *at_ms);
        let rows = self.all_by((&sql, params![session.bytes()]), row, order, u32::MAX)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// The doses given at a session that stand, newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn doses_of(&self, session: SessionId) -> Result<Vec<DoseRow>, StoreError> {
        let text = "SELECT * FROM dose WHERE session = ?1 AND corrected_by IS NULL ORDER BY at_ms DESC";
        let order = |dose: &DoseRow| Reverse(dose.at_ms);
        Ok(self.all_by((text, params![session.bytes()]), dose_row, order, u32::MAX)?)
    }

    /// One dose that stands.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn dose(&self, id: DoseId) -> Result<Option<DoseRow>, StoreError> {
        Ok(self.one("SELECT * FROM dose WHERE id = ?1 AND corrected_by IS NULL", params![id.bytes()], dose_row)?)
    }
}

fn staff_row(row: &Row<'_>) -> sql::Result<StaffRow> {
    let role: String = row.get("role")?;
    Ok(StaffRow {
        id: StaffId(uuid(row, "id")?),
        login: row.get("login")?,
        name: row.get("name")?,
        role: Role::from_code(&role).ok_or_else(|| Broken::Column("role".into()))?,
        centre: row.get::<Option<u32>>("centre")?.map(CentreId),
        active: row.get("active")?,
        password: row.get("password")?,
        totp: row.get("totp")?,
        step: row.get("step")?,
        failures: row.get("failures")?,
        locked_ms: row.get("locked_ms")?,
    })
}
