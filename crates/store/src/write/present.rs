//! What is asked in person, at a centre.

use super::{Effected, Stop, case, citizen, one_row, rights};
use crate::command::{Answer, AskMove, Filer, Guarded, Refusal, Visit};
use crate::sql::{Connection, params};
use registry::{CaseId, PersonId};

/// Whoever files may: by a live sign-in, or by being there. Where, if it is in person.
pub(super) fn may_file(sql: &Connection, person: PersonId, by: &Filer) -> Result<Option<u32>, Stop> {
    match by {
        Filer::Family(hold) => citizen::hold_family(sql, hold).map(|()| None),
        Filer::Asked => Ok(None),
        Filer::Present { appointment, centre } => {
            let there = sql.any(
                "SELECT 1 FROM appointment WHERE id = ?1 AND person = ?2 AND status IN ('checked-in', 'done', 'visiting')",
                params![appointment.bytes(), person.bytes()],
            )?;
            if there { Ok(Some(centre.0)) } else { Err(Refusal::NotFound.into()) }
        }
    }
}

/// It is about no dose, so it takes no place, and no booking of hers changes.
pub(super) fn visit(sql: &Connection, visit: &Visit) -> Effected {
    let there = &visit.there;
    let off: Option<bool> =
        sql.one("SELECT cancelled FROM session WHERE id = ?1", params![there.session.bytes()], |row| row.at(0))?;
    match off {
        None => return Err(Refusal::NotFound.into()),
        Some(true) => return Err(Refusal::CalledOff.into()),
        Some(false) => {}
    }
    let made = sql.run(
        "INSERT INTO appointment (id, person, session, slot, dose, place, status, code_version, code_hash, factor,
             checked_in_by, at_ms) VALUES (?1, ?2, ?3, ?4, 0, 0, 'visiting', 0, ?8, ?5, ?6, ?7)
             ON CONFLICT (id, person) DO UPDATE SET factor = ?5, checked_in_by = ?6
             WHERE appointment.status = 'visiting' AND appointment.session = ?3",
        params![
            there.appointment.bytes(),
            there.person.bytes(),
            there.session.bytes(),
            visit.slot.text(),
            there.factor.code(),
            there.staff.bytes(),
            there.now_ms,
            [0_u8; 32]
        ],
    )?;
    sql.run("UPDATE card SET wrong = 0 WHERE person = ?1", params![there.person.bytes()])?;
    one_row(made, Refusal::NotFound)
}

pub(super) fn ask_move(sql: &Connection, ask: &AskMove) -> Effected {
    let person = ask.file.person;
    if crate::read::present::phone_of(sql, person)? != ask.from || ask.from == Some(ask.to) {
        return Err(Refusal::Conflict.into());
    }
    citizen::room_for(sql, &ask.to, false)?;
    case::enter(sql, &ask.file)?;
    // What she asks for in person goes before a move that her phone began, and after one whose case is over.
    sql.run(
        "DELETE FROM move WHERE person = ?1 AND (case_id IS NULL
         OR EXISTS (SELECT 1 FROM case_file c WHERE c.id = case_id AND c.closed_ms IS NOT NULL))",
        params![person.bytes()],
    )?;
    let phone = &ask.phone;
    sql.run(
        "INSERT INTO move VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            ask.id,
            person.bytes(),
            ask.from,
            ask.to,
            phone.version,
            phone.salt,
            phone.body,
            ask.file.now_ms,
            ask.due_ms,
            ask.file.id.bytes()
        ],
    )?;
    match ask.due_ms {
        Some(_) => rights::tell(sql, person, &ask.id, ask.file.now_ms),
        None => case::letter(sql, person, ask.file.id, ask.file.now_ms),
    }
}

pub(super) fn object(sql: &Connection, id: &[u8; 16], phone: &[u8; 32], now_ms: i64) -> Effected {
    let case: Option<[u8; 16]> = sql.one(
        "SELECT case_id FROM move WHERE id = ?1 AND from_phone = ?2 AND case_id IS NOT NULL",
        params![id, phone],
        |row| row.at(0),
    )?;
    let row = case::object(sql, CaseId(uuid::Uuid::from_bytes(case.ok_or(Refusal::NotFound)?)), now_ms)?;
    if row.kind.waits_after_objection() {
        sql.run("UPDATE move SET due_ms = NULL WHERE id = ?1", params![id])?;
    }
    Ok(Answer::Nothing)
}

pub(super) fn guarded(sql: &Connection, guarded: &[Guarded]) -> Effected {
    for Guarded { person, until_year, is_under_age } in guarded {
        let text = if *is_under_age {
            "INSERT INTO guardianship (person, until_year) VALUES (?1, ?2)
             ON CONFLICT (person) DO UPDATE SET until_year = ?2 WHERE guardianship.told_ms IS NULL"
        } else {
            "UPDATE guardianship SET until_year = ?2 WHERE person = ?1 AND told_ms IS NULL"
        };
        sql.run(text, params![person.bytes(), until_year])?;
    }
    Ok(Answer::Nothing)
}

pub(super) fn of_age(sql: &Connection, person: PersonId, has_kin: bool, now_ms: i64) -> Effected {
    if !has_kin {
        let gone = sql.run("DELETE FROM guardianship WHERE person = ?1", params![person.bytes()])?;
        return one_row(gone, Refusal::NotFound);
    }
    let told = sql.run(
        "UPDATE guardianship SET told_ms = ?2 WHERE person = ?1 AND told_ms IS NULL",
        params![person.bytes(), now_ms],
    )?;
    one_row(told, Refusal::NotFound)?;
    // It is about no case: the page of her data says it.
    case::letter(sql, person, CaseId(uuid::Uuid::nil()), now_ms)
}
