//! Reads: plain functions on a view of one moment.

mod agenda;
pub(super) mod case;
mod claim;
mod consent;
mod facts;
mod log;
mod order;
pub(super) mod people;
mod places;
pub(super) mod present;
mod rights;
mod shard;
mod whole;
mod work;

use crate::sql::{self, Broken, Row};
use jiff::civil::Date;
use registry::{AppointmentId, CentreId, DoseId, Factor, SessionId, Slot, StaffId, Vaccine};
use uuid::Uuid;

/// A column's text parsed; a value that is not ours is a broken database.
fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: &str) -> sql::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| Broken::Column(column.to_owned()))
}

fn uuid(row: &Row<'_>, column: &str) -> sql::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

fn vaccine(row: &Row<'_>) -> sql::Result<Vaccine> {
    parsed(row, "vaccine")
}

fn day(row: &Row<'_>) -> sql::Result<Date> {
    parsed(row, "day")
}

fn session_id(row: &Row<'_>) -> sql::Result<SessionId> {
    uuid(row, "session").map(SessionId)
}

fn factor(row: &Row<'_>) -> sql::Result<Option<Factor>> {
    Ok(row.get::<Option<String>>("factor")?.and_then(|code| Factor::from_code(&code)))
}

fn dose_row(row: &Row<'_>) -> sql::Result<crate::rows::DoseRow> {
    Ok(crate::rows::DoseRow {
        id: DoseId(uuid(row, "id")?),
        person: registry::PersonId(uuid(row, "person")?),
        session: row.get::<Option<[u8; 16]>>("session")?.map(|id| SessionId(Uuid::from_bytes(id))),
        centre: CentreId(row.get("centre")?),
        vaccine: vaccine(row)?,
        number: row.get("number")?,
        batch: row.get("batch")?,
        day: day(row)?,
        at_ms: row.get("at_ms")?,
        staff: StaffId(uuid(row, "staff")?),
        factor: factor(row)?,
        observed: row.get("observed")?,
    })
}

/// The columns that [`appointment_row`] reads.
const APPOINTMENT: &str = "a.*, s.centre, s.day, s.vaccine, p.reference_last_four
FROM appointment a JOIN session s ON s.id = a.session JOIN person p ON p.id = a.person";

fn appointment_row(row: &Row<'_>) -> sql::Result<crate::rows::AppointmentRow> {
    Ok(crate::rows::AppointmentRow {
        id: AppointmentId(uuid(row, "id")?),
        person: registry::PersonId(uuid(row, "person")?),
        session: session_id(row)?,
        centre: CentreId(row.get("centre")?),
        day: day(row)?,
        vaccine: vaccine(row)?,
        slot: parsed::<Slot>(row, "slot")?,
        dose: row.get("dose")?,
        status: crate::rows::Status::from_code(&row.get::<String>("status")?),
        code_version: row.get("code_version")?,
        code_hash: row.get("code_hash")?,
        wrong_codes: row.get("wrong_codes")?,
        factor: factor(row)?,
        check_in: row.get("check_in")?,
        reference_last_four: row.get("reference_last_four")?,
    })
}
