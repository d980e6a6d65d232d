//! Cases of hers: one row each, moved from state to state, and what is done when one is settled.

use super::work::{TALLY, draw_found, insert_dose};
use super::{Batch, Effected, Stop, citizen, claim, draw, one_row, present, rights};
use crate::command::{Answer, CaseStep, CaseTurn, FamilyHold, FileCase, Judge, Refusal, Settlement};
use crate::read::case::case;
use crate::rows::{CaseRow, Cause};
use crate::sql::{self, Connection, params};
use registry::case::{Reason, State, Step, Verdict};
use registry::{CaseId, DoseId, PersonId, StaffId};

pub(super) fn step(batch: &mut Batch<'_>, step: &CaseStep) -> Effected {
    let sql = batch.sql;
    match step {
        CaseStep::File(new) => file(sql, new),
        CaseStep::Take(turn) => take(sql, *turn),
        CaseStep::PutBack(turn) => put_back(sql, *turn),
        CaseStep::Propose { turn, verdict, reason, found } => {
            let (row, next) = held(sql, *turn, |_| Step::Propose)?;
            let found = found.as_ref().map(|found| serde_json::to_string(found).expect("it is plain data"));
            decided(sql, row.id, next, Some((*verdict, *reason)))?;
            sql.run("UPDATE case_file SET found = ?2 WHERE id = ?1", params![row.id.bytes(), found])?;
            Ok(Answer::Nothing)
        }
        CaseStep::Join { case, person, by, now_ms } => join(sql, *case, *person, by, *now_ms),
        CaseStep::Judge(judge) => self::judge(batch, judge),
        CaseStep::Part { person, by } => part(sql, *person, by),
        CaseStep::Withdraw { case, person, now_ms } => {
            let row = open(sql, *case, *now_ms)?;
            // The sign-in that would take it back is of the very phone that she leaves.
            let is_hers = (row.person == *person || row.other == Some(*person)) && !row.kind.moves();
            let next = row.state.after(Step::Withdraw).filter(|_| is_hers).ok_or(Refusal::NotFound)?;
            close(sql, row.id, next, *now_ms)
        }
    }
}

fn file(sql: &Connection, new: &FileCase) -> Effected {
    let centre = enter(sql, new)?;
    if centre.is_some() { letter(sql, new.person, new.id, new.now_ms) } else { Ok(Answer::Nothing) }
}

/// Writes a case down; answers at which centre, if it is filed in person.
pub(super) fn enter(sql: &Connection, new: &FileCase) -> Effected<Option<u32>> {
    let centre = present::may_file(sql, new.person, &new.by)?;
    if let Some(dose) = new.dose {
        let stands = sql.any(
            "SELECT 1 FROM dose WHERE id = ?1 AND person = ?2 AND corrected_by IS NULL",
            params![dose.bytes(), new.person.bytes()],
        )?;
        if !stands {
            return Err(Refusal::NotFound.into());
        }
    }
    // A case that ended without an answer makes room for the next of its kind.
    sql.run(
        "UPDATE case_file SET closed_ms = until_ms WHERE person = ?1 AND closed_ms IS NULL AND until_ms <= ?2",
        params![new.person.bytes(), new.now_ms],
    )?;
    citizen::seal(sql, std::slice::from_ref(&new.text))?;
    let made = sql.run(
        "INSERT INTO case_file (id, number, kind, person, dose, text_version, state, filed_ms, due_ms, until_ms,
             centre) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
        params![
            new.id.bytes(),
            new.number.to_string(),
            new.kind.code(),
            new.person.bytes(),
            new.dose.map(|dose| dose.bytes().to_vec()),
            new.text.version,
            new.begins.code(),
            new.now_ms,
            new.due_ms,
            new.until_ms,
            centre
        ],
    )?;
    one_row(made, Refusal::Conflict)?;
    Ok(centre)
}

/// Where its filing, or the joining of the other record, stands in the log: every look by it rests on that entry.
pub(super) fn note_position(sql: &Connection, step: &CaseStep, position: u64) -> sql::Result<()> {
    match step {
        CaseStep::File(new) => note_filing(sql, new.id, position),
        CaseStep::Join { case, .. } => {
            sql.run("UPDATE case_file SET other_opened = ?2 WHERE id = ?1", params![case.bytes(), position]).map(|_| ())
        }
        _ => Ok(()),
    }
}

pub(super) fn note_filing(sql: &Connection, case: CaseId, position: u64) -> sql::Result<()> {
    sql.run("UPDATE case_file SET opened = ?2 WHERE id = ?1", params![case.bytes(), position]).map(|_| ())
}

fn join(sql: &Connection, case: CaseId, person: PersonId, by: &FamilyHold, now_ms: i64) -> Effected {
    citizen::hold_family(sql, by)?;
    let row = open(sql, case, now_ms)?;
    let next = row.state.after(Step::Join).filter(|_| row.person != person).ok_or(Refusal::NotFound)?;
    let done = sql.run(
        "UPDATE case_file SET state = ?2, other = ?3 WHERE id = ?1",
        params![case.bytes(), next.code(), person.bytes()],
    )?;
    one_row(done, Refusal::NotFound)
}

/// Who joined a case is gone: nobody can decide it any more, so that it waits again for the other of two records.
pub(super) fn let_go(sql: &Connection, other: PersonId) -> sql::Result<()> {
    for sql_text in [
        "UPDATE case_file SET state = 'joining', first = NULL, second = NULL, verdict = NULL, reason = NULL, found = NULL
         WHERE other = ?1 AND closed_ms IS NULL",
        "UPDATE case_file SET other = NULL, other_opened = NULL WHERE other = ?1",
    ] {
        sql.run(sql_text, params![other.bytes()])?;
    }
    Ok(())
}

fn take(sql: &Connection, turn: CaseTurn) -> Effected {
    let row = open(sql, turn.case, turn.now_ms)?;
    let next = row.state.after(Step::Take).ok_or(Refusal::NotFound)?;
    let (first, second) = match next {
        State::First => (Some(turn.officer), None),
        _ => (row.first, Some(turn.officer)),
    };
    if first == second {
        return Err(Refusal::NotFound.into());
    }
    officers(sql, row.id, next, first, second)?;
    tell(sql, &row, turn.now_ms)
}

fn put_back(sql: &Connection, turn: CaseTurn) -> Effected {
    let (row, next) = held(sql, turn, |_| Step::PutBack)?;
    officers(sql, row.id, next, row.first.filter(|_| next == State::Proposed), None)
}

fn judge(batch: &mut Batch<'_>, judge: &Judge) -> Effected {
    let sql = batch.sql;
    let proposed =
        |row: &CaseRow| Step::Judge { proposed: row.verdict.unwrap_or(Verdict::Refuse), agrees: judge.agrees };
    let (row, next) = held(sql, judge.turn, proposed)?;
    let now_ms = judge.turn.now_ms;
    if next == State::Filed {
        decided(sql, row.id, next, None)?;
        sql.run("UPDATE case_file SET found = NULL WHERE id = ?1", params![row.id.bytes()])?;
        return officers(sql, row.id, next, None, None);
    }
    if let (State::Refused, Some(reason)) = (next, judge.reason) {
        decided(sql, row.id, next, Some((Verdict::Refuse, reason)))?;
    }
    if next == State::Settled {
        settle(batch, &row, judge)?;
    } else if row.kind.moves() {
        rights::drop_move(sql, row.id)?;
    }
    tell(sql, &row, now_ms)?;
    close(sql, row.id, next, now_ms)
}

fn settle(batch: &mut Batch<'_>, row: &CaseRow, judge: &Judge) -> Effected {
    let sql = batch.sql;
    match &judge.done {
        Settlement::Nothing => Ok(Answer::Nothing),
        Settlement::Correction(field) => {
            supersede(sql, row.person)?;
            end_sign_ins(sql, row.person)?;
            claim::recall(sql, row.person)?;
            citizen::seal(sql, std::slice::from_ref(field))
        }
        Settlement::Report(field) => citizen::seal(sql, std::slice::from_ref(field)),
        Settlement::Strike(dose) => strike(sql, row, *dose),
        Settlement::Add(dose) => {
            draw_found(sql, dose)?;
            insert_dose(sql, dose)?;
            Ok(Answer::Nothing)
        }
        Settlement::Drawn(give) => draw::add(batch, give),
        Settlement::Move => rights::move_by_case(sql, row.id, judge.turn.now_ms),
        Settlement::Merge => merge(batch, row, judge.turn.now_ms),
    }
}

/// The other record's rows stay as they are; a link says where its doses are found. No chains: a record that others
/// were joined to, or that was joined itself, is taken apart first.
fn merge(batch: &mut Batch<'_>, row: &CaseRow, now_ms: i64) -> Effected {
    let sql = batch.sql;
    let other = row.other.ok_or(Refusal::NotFound)?;
    let chained = sql.any(
        "SELECT 1 FROM merged WHERE person IN (?1, ?2) OR into_person = ?2",
        params![row.person.bytes(), other.bytes()],
    )?;
    if chained {
        return Err(Refusal::Conflict.into());
    }
    super::booking::release_all(batch, other)?;
    sql.run(
        "UPDATE appointment SET status = 'cancelled' WHERE person = ?1 AND status IN ('booked', 'checked-in')",
        params![other.bytes()],
    )?;
    sql.run(
        "INSERT INTO merged VALUES (?1, ?2, ?3, ?4)",
        params![other.bytes(), row.person.bytes(), row.id.bytes(), now_ms],
    )?;
    supersede(sql, other)?;
    supersede(sql, row.person)
}

fn part(sql: &Connection, person: PersonId, by: &FamilyHold) -> Effected {
    citizen::hold_family(sql, by)?;
    let parted: Vec<([u8; 16], [u8; 16])> = sql.all(
        "DELETE FROM merged WHERE person = ?1 OR into_person = ?1 RETURNING person, into_person",
        params![person.bytes()],
        |row| Ok((row.at(0)?, row.at(1)?)),
    )?;
    if parted.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    for one in parted.into_iter().flat_map(|(one, other)| [one, other]) {
        supersede(sql, PersonId(uuid::Uuid::from_bytes(one)))?;
    }
    Ok(Answer::Nothing)
}

/// The dose left its batch, whoever got it, so the batch takes nothing back; her counters do, and her place at that
/// session no longer stands for a dose of hers.
fn strike(sql: &Connection, row: &CaseRow, dose: DoseId) -> Effected {
    let stood = sql.run(
        "UPDATE dose SET corrected_by = ?2 WHERE id = ?1 AND person = ?3 AND corrected_by IS NULL",
        params![dose.bytes(), row.id.bytes(), row.person.bytes()],
    )?;
    one_row(stood, Refusal::NotFound)?;
    sql.run(TALLY, params![dose.bytes(), -1])?;
    sql.run(
        "UPDATE appointment SET status = 'cancelled' WHERE status = 'done'
         AND (person, session, dose) = (SELECT person, session, number FROM dose WHERE id = ?1)",
        params![dose.bytes()],
    )?;
    supersede(sql, row.person)
}

fn supersede(sql: &Connection, person: PersonId) -> Effected {
    sql.run("UPDATE certificate SET state = 2 WHERE person = ?1", params![person.bytes()])?;
    Ok(Answer::Nothing)
}

/// Ends every sign-in of the phones whose confirmed member she is: their memory is no longer right.
fn end_sign_ins(sql: &Connection, person: PersonId) -> sql::Result<()> {
    const HERS: &str = "phone IN (SELECT phone FROM member WHERE person = ?1 AND pending_at IS NULL)";
    sql.run(&format!("UPDATE family SET version = version + 1 WHERE {HERS}"), params![person.bytes()])?;
    sql.run(&format!("DELETE FROM sign_in WHERE {HERS}"), params![person.bytes()])?;
    Ok(())
}

/// A case that has not ended. Whether it may be gone on with, its state says.
fn open(sql: &Connection, id: CaseId, now_ms: i64) -> Result<CaseRow, Stop> {
    Ok(case(sql, id)?.filter(|row| row.until_ms > now_ms).ok_or(Refusal::NotFound)?)
}

/// The case that is in this officer's hands, and where it stands after her step.
fn held(sql: &Connection, turn: CaseTurn, step: impl Fn(&CaseRow) -> Step) -> Result<(CaseRow, State), Stop> {
    let row = open(sql, turn.case, turn.now_ms)?;
    let next = row.state.after(step(&row)).filter(|_| row.holder() == Some(turn.officer));
    Ok((row, next.ok_or(Refusal::NotFound)?))
}

fn officers(sql: &Connection, case: CaseId, state: State, first: Option<StaffId>, second: Option<StaffId>) -> Effected {
    let id = |staff: Option<StaffId>| staff.map(|staff| staff.bytes().to_vec());
    let done = sql.run(
        "UPDATE case_file SET state = ?2, first = ?3, second = ?4 WHERE id = ?1",
        params![case.bytes(), state.code(), id(first), id(second)],
    )?;
    one_row(done, Refusal::NotFound)
}

fn decided(sql: &Connection, case: CaseId, state: State, decided: Option<(Verdict, Reason)>) -> sql::Result<()> {
    let (verdict, reason) = decided.unzip();
    sql.run(
        "UPDATE case_file SET state = ?2, verdict = ?3, reason = ?4 WHERE id = ?1",
        params![case.bytes(), state.code(), verdict.map(Verdict::code), reason.map(Reason::code)],
    )
    .map(|_| ())
}

/// A case by which somebody moves ends with the move: it happened, or cannot any more.
pub(super) fn end_with_move(sql: &Connection, id: CaseId, step: Step, now_ms: i64) -> Effected {
    let row = case(sql, id)?.ok_or(Refusal::NotFound)?;
    match row.state.after(step) {
        Some(next) => {
            tell(sql, &row, now_ms)?;
            close(sql, id, next, now_ms)
        }
        None => Ok(Answer::Nothing),
    }
}

/// Brings a case of a move before officers.
pub(super) fn object(sql: &Connection, id: CaseId, now_ms: i64) -> Result<CaseRow, Stop> {
    let row = open(sql, id, now_ms)?;
    let next = row.state.after(Step::Object).ok_or(Refusal::NotFound)?;
    officers(sql, id, next, None, None)?;
    tell(sql, &row, now_ms)?;
    Ok(row)
}

fn close(sql: &Connection, case: CaseId, state: State, now_ms: i64) -> Effected {
    let done = sql.run(
        "UPDATE case_file SET state = ?2, closed_ms = ?3 WHERE id = ?1",
        params![case.bytes(), state.code(), now_ms],
    )?;
    one_row(done, Refusal::NotFound)
}

/// Queues the message that a letter waits.
fn tell(sql: &Connection, row: &CaseRow, now_ms: i64) -> Effected {
    for person in [Some(row.person), row.other].into_iter().flatten() {
        letter(sql, person, row.id, now_ms)?;
    }
    Ok(Answer::Nothing)
}

pub(super) fn letter(sql: &Connection, person: PersonId, case: CaseId, now_ms: i64) -> Effected {
    sql.run(
        "INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)",
        params![person.bytes(), Cause::Letter.number(), case.bytes(), now_ms],
    )?;
    Ok(Answer::Nothing)
}
