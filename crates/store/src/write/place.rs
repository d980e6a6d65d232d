//! What managers keep: places, staff, rosters, batches, sessions. The same row twice changes nothing.

use super::{Batch, Effected, one_row};
use crate::command::{Answer, NewSession, Refusal, StaffChange};
use crate::rows::{BatchRow, NewStaff};
use crate::sql::{Connection, params};
use registry::{Centre, District, Role, SessionId, StaffId, State, Vaccine};

fn count(rows: usize) -> Answer {
    Answer::Count(u32::try_from(rows).expect("one statement changes few rows"))
}

pub(super) fn geography(sql: &Connection, states: &[State], districts: &[District]) -> Effected {
    for state in states {
        sql.run(
            "INSERT INTO state VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET name = ?2, name_hi = ?3",
            params![state.id.0, state.name, state.name_hi],
        )?;
    }
    for district in districts {
        sql.run("INSERT INTO district VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET state = ?2, name = ?3, name_hi = ?4", params![district.id.0, district.state.0, district.name, district.name_hi])?;
    }
    Ok(count(states.len() + districts.len()))
}

pub(super) fn centre(batch: &mut Batch<'_>, centre: &Centre) -> Effected {
    if !batch.sql.any("SELECT 1 FROM district WHERE id = ?1", params![centre.district.0])? {
        return Err(Refusal::NotFound.into());
    }
    let changed = batch
        .sql.run("INSERT INTO centre VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO UPDATE SET
             district = ?2, name = ?3, address = ?4, block = ?5, pincode = ?6, latitude = ?7, longitude = ?8, opens = ?9,
             closes = ?10 WHERE (centre.district, centre.name, centre.address, centre.block, centre.pincode, centre.latitude,
             centre.longitude, centre.opens, centre.closes)
             <> (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", params![
            centre.id.0,
            centre.district.0,
            centre.name,
            centre.address,
            centre.block,
            centre.pincode.number(),
            centre.latitude,
            centre.longitude,
            centre.opens.to_string(),
            centre.closes.to_string()
        ])?;
    if changed == 1 {
        batch.touched.extend([
            crate::rows::View::Everywhere,
            crate::rows::View::Centre(centre.id),
            crate::rows::View::District(centre.district),
            crate::rows::View::Pincode(centre.pincode),
        ]);
    }
    Ok(count(changed))
}

pub(super) fn staff(sql: &Connection, new: &NewStaff) -> Effected {
    let made = sql.run("INSERT INTO staff (id, login, name, role, centre, active, password, totp) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7)
             ON CONFLICT DO NOTHING", params![
            new.id.bytes(),
            new.login,
            new.name,
            new.role.code(),
            new.centre.map(|centre| centre.0),
            new.password,
            new.totp
        ])?;
    one_row(made, Refusal::Conflict)?;
    Ok(count(made))
}

pub(super) fn staff_change(sql: &Connection, change: &StaffChange) -> Effected {
    let id = change.staff.bytes();
    let (password, totp) = change.credentials.clone().unzip();
    let done = sql.run("UPDATE staff SET role = COALESCE(?2, role), active = COALESCE(?3, active), password = COALESCE(?4, password),
             totp = COALESCE(?5, totp), centre = COALESCE(?6, centre), failures = 0, locked_ms = 0, step = CASE WHEN ?5 IS NULL THEN step ELSE 0 END
             WHERE id = ?1", params![id, change.role.map(Role::code), change.active, password, totp, change.centre.map(|centre| centre.0)])?;
    one_row(done, Refusal::NotFound)?;
    // A change of role, a reset or leaving ends what was opened under the old terms.
    sql.run("DELETE FROM sign_in WHERE staff = ?1", params![id])?;
    if change.active == Some(false) {
        sql.run("DELETE FROM roster WHERE staff = ?1", params![id])?;
    }
    Ok(count(done))
}

pub(super) fn roster(sql: &Connection, session: SessionId, staff: StaffId, on: bool) -> Effected {
    let key = params![*session.bytes(), *staff.bytes()];
    if !on {
        return Ok(count(sql.run("DELETE FROM roster WHERE session = ?1 AND staff = ?2", key)?));
    }
    let both = sql.any("SELECT 1 FROM session, staff WHERE session.id = ?1 AND staff.id = ?2 AND staff.active = 1 AND staff.role = 'vaccinator'", key)?;
    if !both {
        return Err(Refusal::NotFound.into());
    }
    Ok(count(sql.run("INSERT INTO roster VALUES (?1, ?2) ON CONFLICT DO NOTHING", key)?))
}

pub(super) fn batch(sql: &Connection, row: &BatchRow) -> Effected {
    if !sql.any("SELECT 1 FROM centre WHERE id = ?1", params![row.centre.0])? {
        return Err(Refusal::NotFound.into());
    }
    // A stopped batch stays stopped wherever it turns up next.
    let changed = sql.run("INSERT INTO batch (centre, vaccine, number, expires, doses, stopped)
             SELECT ?1, ?2, ?3, ?4, ?5, COALESCE(MAX(stopped), 0) FROM batch WHERE vaccine = ?2 AND number = ?3
             ON CONFLICT (centre, vaccine, number) DO UPDATE SET expires = ?4, doses = CASE WHEN ?5 < batch.given THEN batch.given ELSE ?5 END WHERE (batch.expires, batch.doses) <> (?4, ?5)", params![row.centre.0, row.vaccine.label(), row.number, row.expires.to_string(), row.doses])?;
    Ok(count(changed))
}

pub(super) fn stop_batch(sql: &Connection, vaccine: Vaccine, number: &str) -> Effected {
    let stopped =
        sql.run("UPDATE batch SET stopped = 1 WHERE vaccine = ?1 AND number = ?2", params![vaccine.label(), number])?;
    if stopped == 0 { Err(Refusal::NotFound.into()) } else { Ok(count(stopped)) }
}

pub(super) fn publish(batch: &mut Batch<'_>, new: &NewSession) -> Effected {
    let sql = batch.sql;
    if !sql.any("SELECT 1 FROM centre WHERE id = ?1", params![new.centre.0])? {
        return Err(Refusal::NotFound.into());
    }
    let slots = new.slots.iter().map(registry::Slot::text).collect::<Vec<_>>().join(" ");
    let (day, vaccine) = (new.day.to_string(), new.vaccine.label());
    let row = params![*new.id.bytes(), new.centre.0, day, vaccine, new.ages.min, new.ages.max, new.fee.paise, slots];
    let made = sql.run("INSERT INTO session VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0) ON CONFLICT DO NOTHING", row)?;
    if made == 0 {
        let same = sql.any(
            "SELECT 1 FROM session WHERE id = ?1 AND centre = ?2 AND day = ?3 AND vaccine = ?4 AND age_min = ?5
                 AND age_max IS NOT DISTINCT FROM ?6 AND fee = ?7 AND slots = ?8",
            row,
        )?;
        if !same {
            return Err(Refusal::Conflict.into());
        }
    }
    let capacities = std::iter::once(new.walk_in).chain(new.capacity);
    let mut changed = made;
    for (dose, capacity) in capacities.enumerate() {
        changed = changed.max(places(sql, new.id, dose, capacity)?);
    }
    if changed > 0 {
        batch.touch(new.id)?;
    }
    Ok(count(changed))
}

/// Sets how many places there are for a dose; never fewer than are taken. Answers how many rows it changed.
fn places(sql: &Connection, session: SessionId, dose: usize, capacity: u32) -> Effected<usize> {
    let changed = sql.run("INSERT INTO place (session, dose, capacity, open) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (session, dose) DO UPDATE
             SET open = place.open + ?3 - place.capacity, capacity = ?3
             WHERE place.capacity <> ?3 AND place.open + ?3 >= place.capacity", params![session.bytes(), dose, capacity])?;
    let so_many = "SELECT 1 FROM place WHERE session = ?1 AND dose = ?2 AND capacity = ?3";
    let stands = sql.any(so_many, params![session.bytes(), dose, capacity])?;
    if stands { Ok(changed) } else { Err(Refusal::Conflict.into()) }
}
