//! A dose whose stock and whose person are in two shards: drawn, decided, and what became of it. It goes as a seat does.

use super::shard::put_out;
use super::{Batch, Effected, Stop, one_row, work};
use crate::command::{Answer, AttemptId, DoseDraw, Give, NewDose, Refusal, Told, Word};
use crate::sql::{Connection, params};
use registry::{DistrictId, DoseId};

// In the shard of the stock.

pub(super) fn draw(sql: &Connection, draw: &DoseDraw) -> Effected {
    let dose = &draw.dose;
    match state(sql, *dose.id.bytes())?.as_deref() {
        Some("released") => return Err(Refusal::Conflict.into()),
        Some(_) => return Ok(Answer::Nothing),
        None => {}
    }
    if draw.is_found {
        work::draw_found(sql, dose)?;
    } else {
        let day = dose.day.to_string();
        one_row(sql.run_each(&[work::drawing(dose, &day, u8::from(draw.comes_back))])?[0], Refusal::BatchUnusable)?;
    }
    sql.run(
        "INSERT INTO draw (dose, person, centre, vaccine, number, expires_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'held')",
        params![
            dose.id.bytes(),
            dose.person.bytes(),
            dose.centre.0,
            dose.vaccine.label(),
            dose.batch,
            draw.expires_ms
        ],
    )?;
    Ok(Answer::Nothing)
}

fn state(sql: &Connection, dose: AttemptId) -> Result<Option<String>, Stop> {
    Ok(sql.one("SELECT state FROM draw WHERE dose = ?1", params![dose], |row| row.at(0))?)
}

/// What became of it: it is given, or it lies in its batch again.
pub(super) fn tell(sql: &Connection, told: &Told) -> Effected {
    let goes_on = match (state(sql, told.attempt)?.as_deref(), told.word) {
        (Some("held"), Word::Confirm) => "confirmed",
        (Some("held" | "confirmed"), Word::Release) => {
            sql.run(
                "UPDATE batch SET given = given - 1 WHERE (centre, vaccine, number) =
                     (SELECT centre, vaccine, number FROM draw WHERE dose = ?1)",
                params![told.attempt],
            )?;
            "released"
        }
        // What was never drawn here cannot come back.
        _ => return Ok(Answer::Nothing),
    };
    sql.run("UPDATE draw SET state = ?2 WHERE dose = ?1", params![told.attempt, goes_on])?;
    Ok(Answer::Nothing)
}

// In her shard.

pub(super) fn give(batch: &Batch<'_>, give: &Give) -> Effected {
    let Give { dose, replaces, .. } = give;
    let attempt = *dose.id.bytes();
    let decided: Option<String> =
        batch.sql.one("SELECT state FROM attempt WHERE id = ?1", params![attempt], |row| row.at(0))?;
    match decided.as_deref() {
        Some("booked") if replaces.is_none() => return Err(Refusal::AlreadyGiven.into()),
        // What was corrected does not stand.
        Some("booked") => return Err(Refusal::NotFound.into()),
        Some(_) => return Err(Refusal::Conflict.into()),
        None => {}
    }
    match replaces {
        Some(wrong) => take_back(batch, *wrong, dose)?,
        None => _ = batch.sql.run_each(work::ends(dose).as_slice())?,
    }
    add(batch, give)
}

/// Writes a dose that was drawn.
pub(super) fn add(batch: &Batch<'_>, Give { dose, district, .. }: &Give) -> Effected {
    let attempt = *dose.id.bytes();
    work::insert_dose(batch.sql, dose)?;
    note(batch, attempt, dose, *district)?;
    put_out(batch, attempt, Word::Confirm, dose.person, *district)?;
    Ok(Answer::Nothing)
}

fn note(batch: &Batch<'_>, attempt: AttemptId, dose: &NewDose, district: DistrictId) -> Result<(), Stop> {
    batch.sql.run(
        "INSERT INTO attempt (id, person, district, state) VALUES (?1, ?2, ?3, 'booked')",
        params![attempt, dose.person.bytes(), district.0],
    )?;
    Ok(())
}

/// The wrong one goes back to its batch, if it came from one.
fn take_back(batch: &Batch<'_>, wrong: DoseId, right: &NewDose) -> Result<(), Stop> {
    work::replace(batch.sql, wrong, right)?;
    let drawn: Option<u32> = batch.sql.one(
        "UPDATE attempt SET state = 'ended' WHERE id = ?1 AND state = 'booked' RETURNING district",
        params![wrong.bytes()],
        |row| row.at(0),
    )?;
    match drawn {
        Some(district) => put_out(batch, *wrong.bytes(), Word::Release, right.person, DistrictId(district)),
        None => Ok(()),
    }
}
