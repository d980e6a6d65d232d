//! A vaccinator's work: presence, doses, certificates, and the counters made from doses.

use super::booking::take;
use super::{Batch, Effected, Stop, one_row};
use crate::command::{Answer, Certify, CheckIn, NewDose, Refusal, WalkIn};
use crate::sql::{Connection, Param, Step, ToParam, params};
use registry::{AppointmentId, DoseId, Factor, PersonId};

/// Wrong appointment codes before only another factor helps.
const CODE_TRIES: u8 = 3;

pub(super) fn wrong_code(sql: &Connection, appointment: AppointmentId, person: PersonId) -> Effected {
    let wrong: u8 = sql
        .one(
            "UPDATE appointment SET wrong_codes = wrong_codes + 1 WHERE id = ?1 AND person = ?2 RETURNING wrong_codes",
            params![appointment.bytes(), person.bytes()],
            |row| row.at(0),
        )?
        .ok_or(Refusal::NotFound)?;
    Ok(Answer::CodeWrong { left: CODE_TRIES.saturating_sub(wrong) })
}

pub(super) fn wrong_card(sql: &Connection, person: PersonId) -> Effected {
    let wrong: u8 = sql
        .one("UPDATE card SET wrong = wrong + 1 WHERE person = ?1 RETURNING wrong", params![person.bytes()], |row| {
            row.at(0)
        })?
        .ok_or(Refusal::NotFound)?;
    Ok(Answer::CodeWrong { left: CODE_TRIES.saturating_sub(wrong) })
}

pub(super) fn check_in(sql: &Connection, check_in: &CheckIn) -> Effected {
    let done = sql.run(
        "UPDATE appointment SET status = 'checked-in', factor = ?4, checked_in_by = ?5
             WHERE id = ?1 AND person = ?2 AND session = ?3 AND status IN ('booked', 'checked-in')",
        params![
            check_in.appointment.bytes(),
            check_in.person.bytes(),
            check_in.session.bytes(),
            check_in.factor.code(),
            check_in.staff.bytes()
        ],
    )?;
    sql.run("UPDATE card SET wrong = 0 WHERE person = ?1", params![check_in.person.bytes()])?;
    one_row(done, Refusal::NotFound)
}

pub(super) fn walk_in(batch: &mut Batch<'_>, walk_in: &WalkIn) -> Effected {
    let check_in = &walk_in.check_in;
    let off: Option<bool> =
        batch
            .sql
            .one("SELECT cancelled FROM session WHERE id = ?1", params![check_in.session.bytes()], |row| row.at(0))?;
    match off {
        None => return Err(Refusal::NotFound.into()),
        Some(true) => return Err(Refusal::CalledOff.into()),
        Some(false) => {}
    }
    take(batch, check_in.session, 0, 1)?;
    let_in(batch, walk_in)?;
    Ok(Answer::Appointment(check_in.appointment))
}

/// Her appointment, which begins with her being there.
pub(super) fn let_in(batch: &Batch<'_>, walk_in: &WalkIn) -> Effected {
    let check_in = &walk_in.check_in;
    let made = batch.sql.run(
        "INSERT INTO appointment (id, person, session, slot, dose, place, status, code_version, code_hash, factor,
             checked_in_by, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, 0, 'checked-in', 0, ?9, ?6, ?7, ?8)
             ON CONFLICT DO NOTHING",
        params![
            check_in.appointment.bytes(),
            check_in.person.bytes(),
            check_in.session.bytes(),
            walk_in.slot.text(),
            walk_in.dose,
            check_in.factor.code(),
            check_in.staff.bytes(),
            check_in.now_ms,
            [0_u8; 32]
        ],
    )?;
    one_row(made, Refusal::AlreadyBooked)
}

pub(super) fn dose(sql: &Connection, dose: &NewDose) -> Effected {
    give(sql, dose, ends(dose))?;
    Ok(Answer::Nothing)
}

/// A dose ends her appointment at its session.
pub(super) fn ends(dose: &NewDose) -> Option<Step<'_>> {
    dose.session.as_ref().map(|session| {
        // A person has few appointments and a session thousands: `COALESCE` keeps an engine from going by the session's index.
        let text = "UPDATE appointment SET status = 'done'
             WHERE person = ?1 AND COALESCE(session, ?2) = ?2 AND status IN ('booked', 'checked-in')";
        Step::One(text, vec![dose.person.bytes().param(), session.bytes().param()])
    })
}

/// Draws one dose from the batch, which is a hard stop where it is expired, stopped, unknown or exhausted; `coming_back` is how many
/// that were drawn are about to lie in it again.
pub(super) fn drawing<'a>(dose: &'a NewDose, day: &'a str, coming_back: u8) -> Step<'a> {
    Step::One(
        "UPDATE batch SET given = given + 1 WHERE centre = ?1 AND vaccine = ?2 AND number = ?3
             AND expires >= ?4 AND stopped = 0 AND given < doses + ?5",
        vec![
            Param::whole(dose.centre.0.into()),
            dose.vaccine.label().param(),
            dose.batch.param(),
            day.param(),
            Param::whole(coming_back.into()),
        ],
    )
}

/// A dose found in a register was drawn from its batch then, even if that was stopped later.
pub(super) fn draw_found(sql: &Connection, dose: &NewDose) -> Effected {
    let drawn = sql.run(
        "UPDATE batch SET given = given + 1 WHERE centre = ?1 AND vaccine = ?2 AND number = ?3
             AND expires >= ?4 AND given < doses",
        params![dose.centre.0, dose.vaccine.label(), dose.batch, dose.day.to_string()],
    )?;
    one_row(drawn, Refusal::BatchUnusable)
}

/// Draws a dose, writes it, counts it, and takes one step more.
fn give(sql: &Connection, dose: &NewDose, besides: Option<Step<'_>>) -> Result<(), Stop> {
    let day = dose.day.to_string();
    let mut steps = vec![drawing(dose, &day, 0)];
    steps.extend(writing(dose, &day));
    steps.extend(besides);
    let changed = sql.run_each(&steps)?;
    one_row(changed[0], Refusal::BatchUnusable)?;
    one_row(changed[1], Refusal::AlreadyGiven)?;
    Ok(())
}

pub(super) fn insert_dose(sql: &Connection, dose: &NewDose) -> Result<(), Stop> {
    one_row(sql.run_each(&writing(dose, &dose.day.to_string()))?[0], Refusal::AlreadyGiven).map(|_| ())
}

/// Writes a dose, and counts it.
fn writing<'a>(dose: &'a NewDose, day: &'a str) -> [Step<'a>; 2] {
    [Step::Rows(DOSE, vec![dose_values(dose, day)]), Step::One(TALLY, vec![dose.id.bytes().param(), Param::Int(1)])]
}

pub(super) const DOSE: &str =
    "INSERT INTO dose (id, person, session, centre, vaccine, number, batch, day, at_ms, staff, age,
 gender, factor, early_reason) {rows} ON CONFLICT DO NOTHING";

/// The columns of a dose, in their order.
pub(super) fn dose_values<'a>(dose: &'a NewDose, day: &'a str) -> Vec<Param<'a>> {
    vec![
        dose.id.bytes().param(),
        dose.person.bytes().param(),
        dose.session.as_ref().map_or(Param::Null, |session| session.bytes().param()),
        Param::whole(dose.centre.0.into()),
        dose.vaccine.label().param(),
        dose.number.param(),
        dose.batch.param(),
        day.param(),
        dose.at_ms.param(),
        dose.staff.bytes().param(),
        dose.age.param(),
        Param::whole(dose.gender.id().into()),
        dose.factor.map_or(Param::Null, |factor| Param::Text(factor.code())),
        dose.early_reason.param(),
    ]
}

/// Adds ?2 to the counter of the dose with id ?1.
pub(super) const TALLY: &str = "
INSERT INTO tally (centre, day, vaccine, number, age_from, gender, attested, doses)
SELECT centre, day, vaccine, number, age / 10 * 10, gender, CASE WHEN factor IS NULL THEN 0 ELSE 1 END,
    CAST(?2 AS BIGINT) FROM dose WHERE id = ?1
ON CONFLICT (centre, day, vaccine, number, age_from, gender, attested) DO UPDATE SET doses = tally.doses + ?2";

pub(super) fn recount(sql: &Connection) -> Effected {
    sql.run("DELETE FROM tally", params![])?;
    let rows = sql.run(
        "INSERT INTO tally (centre, day, vaccine, number, age_from, gender, attested, doses)
         SELECT centre, day, vaccine, number, age / 10 * 10, gender, CASE WHEN factor IS NULL THEN 0 ELSE 1 END, COUNT(*) FROM dose
         WHERE corrected_by IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7",
        params![],
    )?;
    Ok(Answer::Count(u32::try_from(rows).expect("counters are fewer than doses")))
}

/// The wrong dose keeps its row and points to the right one; its batch and counters take it back.
pub(super) fn correct(sql: &Connection, wrong: DoseId, right: &NewDose) -> Effected {
    replace(sql, wrong, right)?;
    sql.run("UPDATE batch SET given = given - 1 WHERE (centre, vaccine, number) = (SELECT centre, vaccine, batch FROM dose WHERE id = ?1)", params![wrong.bytes()])?;
    give(sql, right, None)?;
    Ok(Answer::Nothing)
}

/// All that the wrong dose changes in her own rows.
pub(super) fn replace(sql: &Connection, wrong: DoseId, right: &NewDose) -> Result<(), Stop> {
    let stood = sql.run(
        "UPDATE dose SET corrected_by = ?2 WHERE id = ?1 AND person = ?3 AND day = ?4 AND corrected_by IS NULL",
        params![wrong.bytes(), right.id.bytes(), right.person.bytes(), right.day.to_string()],
    )?;
    one_row(stood, Refusal::NotFound)?;
    sql.run(TALLY, params![wrong.bytes(), -1])?;
    sql.run("UPDATE certificate SET state = 2 WHERE person = ?1", params![right.person.bytes()])?;
    Ok(())
}

pub(super) fn attest(sql: &Connection, dose: DoseId, person: PersonId, factor: Factor) -> Effected {
    let open = sql.any(
        "SELECT 1 FROM dose WHERE id = ?1 AND person = ?2 AND factor IS NULL AND corrected_by IS NULL",
        params![dose.bytes(), person.bytes()],
    )?;
    if !open {
        return Err(Refusal::NotFound.into());
    }
    sql.run(TALLY, params![dose.bytes(), -1])?;
    sql.run("UPDATE dose SET factor = ?2 WHERE id = ?1", params![dose.bytes(), factor.code()])?;
    sql.run(TALLY, params![dose.bytes(), 1])?;
    Ok(Answer::Nothing)
}

pub(super) fn observed(sql: &Connection, dose: DoseId) -> Effected {
    let ended = sql.run("UPDATE dose SET observed = 1 WHERE id = ?1", params![dose.bytes()])?;
    one_row(ended, Refusal::NotFound)
}

pub(super) fn certify(sql: &Connection, new: &Certify) -> Effected {
    let made = sql.run_each(&[Step::Rows(CERTIFICATE, vec![certificate_values(new)])])?[0];
    one_row(made, Refusal::Conflict)?;
    sql.run(
        "UPDATE certificate SET state = ?3 WHERE person = ?1 AND version < ?2 AND state < ?3",
        params![new.person.bytes(), new.version, new.older.number()],
    )?;
    Ok(Answer::Nothing)
}

pub(super) const CERTIFICATE: &str =
    "INSERT INTO certificate (id, person, version, digest, issued_s) {rows} ON CONFLICT DO NOTHING";

/// The columns of a certificate, in their order.
pub(super) fn certificate_values(new: &Certify) -> Vec<Param<'_>> {
    vec![new.id.param(), new.person.bytes().param(), new.version.param(), new.digest.param(), new.issued_s.param()]
}
