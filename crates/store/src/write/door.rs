//! Codes and sign-ins.

use super::{Effected, one_row};
use crate::command::{Answer, Lane, Refusal, SendCode, SignIn, SignedIn, Spend, TryCode};
use crate::sql::{self, Connection, params};
use registry::StaffId;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// At most so many codes of one lane to a phone in so long.
const SEND_BUDGET: [(i64, i64); 3] = [(1, MINUTE_MS), (5, HOUR_MS), (10, DAY_MS)];

/// Wrong tries that one code bears.
const TRIES_PER_CODE: u8 = 3;

/// How many browsers of a phone have a lane of their own: those that signed in last.
const LANES: i64 = 4;

/// Wrong tries in a row, over all codes of a lane, after which waiting begins; and after which there is one code a day. Of a
/// phone's second proofs, after which there is none any more: only a centre helps.
const FREE_FAILURES: u32 = 10;
const LAST_FAILURE: u32 = 50;

pub(super) fn send_code(sql: &Connection, send: &SendCode) -> Effected {
    let lane = lane_of(sql, send)?;
    if let Some(until_ms) = locked_until(sql, &lane, &send.phone)?.filter(|until| *until > send.now_ms) {
        return Err(Refusal::OverBudget { until_ms }.into());
    }
    for (most, window) in SEND_BUDGET {
        // When the budget is full, the next may go once the oldest of the last `most` leaves the window.
        let oldest: Option<i64> = sql.one(
            "SELECT at_ms FROM otp_sent WHERE phone = ?1 AND at_ms > ?2 ORDER BY at_ms DESC LIMIT 1 OFFSET ?3",
            params![lane, send.now_ms - window, most - 1],
            |row| row.at(0),
        )?;
        if let Some(at) = oldest {
            return Err(Refusal::OverBudget { until_ms: at + window }.into());
        }
    }
    sql.run("INSERT INTO otp_sent VALUES (?1, ?2)", params![lane, send.now_ms])?;
    // One live code for a lane, purpose and person: the newer one ends the older, and none of somebody else's.
    sql.run(
        "UPDATE otp SET spent = 1 WHERE phone = ?1 AND purpose = ?2 AND person IS NOT DISTINCT FROM ?3
             AND COALESCE(lane, phone) = ?4",
        params![send.phone, send.purpose, person(send.person), lane],
    )?;
    sql.run(
        "INSERT INTO otp (id, phone, purpose, person, hash, contact, expires_ms, lane)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            send.transaction.bytes(),
            send.phone,
            send.purpose,
            person(send.person),
            send.hash,
            send.contact,
            send.expires_ms,
            lane
        ],
    )?;
    Ok(Answer::Nothing)
}

/// Anyone's lane has the phone's own index.
fn lane_of(sql: &Connection, send: &SendCode) -> sql::Result<[u8; 32]> {
    let lane = match send.lane {
        Lane::Anyone => send.phone,
        Lane::Own(lane) => lane,
        Lane::Browser(hash) => {
            let last =
                "SELECT 1 FROM (SELECT hash FROM browser WHERE phone = ?1 ORDER BY seen_ms DESC, hash LIMIT ?3) AS last
                 WHERE hash = ?2";
            if sql.any(last, params![send.phone, hash, LANES])? { hash } else { send.phone }
        }
    };
    Ok(lane)
}

fn person(id: Option<registry::PersonId>) -> Option<Vec<u8>> {
    id.map(|id| id.bytes().to_vec())
}

/// Until when a lane waits, for its own wrong codes or for wrong proofs at its phone.
fn locked_until(sql: &Connection, lane: &[u8; 32], phone: &[u8; 32]) -> sql::Result<Option<i64>> {
    sql.only(
        "SELECT MAX(locked_ms) FROM (SELECT locked_ms FROM otp_wrong WHERE phone = ?1
             UNION ALL SELECT locked_ms FROM proof_wrong WHERE phone = ?2) AS waits",
        params![lane, phone],
        |row| row.at(0),
    )
}

struct Sent {
    phone: [u8; 32],
    lane: [u8; 32],
    contact: Vec<u8>,
    hash: [u8; 32],
    wrong: u8,
}

pub(super) fn try_code(sql: &Connection, attempt: &TryCode) -> Effected {
    let sent = sql.one("SELECT phone, COALESCE(lane, phone), hash, wrong, contact FROM otp WHERE id = ?1 AND purpose = ?2 AND person IS NOT DISTINCT FROM ?3 AND spent = 0
             AND expires_ms > ?4", params![attempt.transaction.bytes(), attempt.purpose, person(attempt.person), attempt.now_ms], |row| Ok(Sent { phone: row.at(0)?, lane: row.at(1)?, hash: row.at(2)?, wrong: row.at(3)?, contact: row.at(4)? }))?
        .ok_or(Refusal::CodeGone)?;
    if let Some(until_ms) = locked_until(sql, &sent.lane, &sent.phone)?.filter(|until| *until > attempt.now_ms) {
        return Err(Refusal::Locked { until_ms }.into());
    }
    // Both are outputs of a keyed hash, so the time of a comparison says nothing that a guesser could steer.
    if sent.hash == attempt.hash {
        spend(sql, attempt)?;
        // A code about one person is the whole of its purpose; one for the family has won when the sign-in opens.
        if attempt.person.is_some() {
            forgive(sql, CODES, &sent.lane)?;
        }
        return Ok(Answer::CodeRight { phone: sent.phone, lane: sent.lane, contact: sent.contact });
    }
    note_failure(sql, CODES, &sent.lane, 1, attempt.now_ms)?;
    let wrong = sent.wrong + 1;
    sql.run("UPDATE otp SET wrong = ?2 WHERE id = ?1", params![attempt.transaction.bytes(), wrong])?;
    if wrong >= TRIES_PER_CODE {
        spend(sql, attempt)?;
    }
    Ok(Answer::CodeWrong { left: TRIES_PER_CODE.saturating_sub(wrong) })
}

fn spend(sql: &Connection, attempt: &TryCode) -> sql::Result<usize> {
    sql.run("UPDATE otp SET spent = 1 WHERE id = ?1", params![attempt.transaction.bytes()])
}

/// There are few birth years: a wrong one weighs as several wrong codes.
const WRONG_PROOF: u32 = 5;

pub(super) fn wrong_proof(sql: &Connection, phone: &[u8; 32], now_ms: i64) -> Effected {
    // It was tried by whoever has the phone in hand, and no stranger: it counts for all lanes, and a lock for good shuts nobody else out.
    if note_failure(sql, PROOFS, phone, WRONG_PROOF, now_ms)? >= LAST_FAILURE {
        lock(sql, PROOFS, phone, now_ms.saturating_add(100 * 365 * DAY_MS))?;
    }
    Ok(Answer::Nothing)
}

/// Where wrong codes are counted, by lane, and where wrong proofs, by phone.
const CODES: &str = "otp_wrong";
const PROOFS: &str = "proof_wrong";

fn lock(sql: &Connection, table: &str, whose: &[u8; 32], until_ms: i64) -> sql::Result<usize> {
    sql.run(&format!("UPDATE {table} SET locked_ms = ?2 WHERE phone = ?1"), params![whose, until_ms])
}

fn forgive(sql: &Connection, table: &str, whose: &[u8; 32]) -> sql::Result<usize> {
    sql.run(&format!("DELETE FROM {table} WHERE phone = ?1"), params![whose])
}

/// A failure counts against the lane or the phone, whatever codes were asked for between, and against the day.
fn note_failure(sql: &Connection, table: &str, whose: &[u8; 32], weight: u32, now_ms: i64) -> sql::Result<u32> {
    let in_a_row: u32 = sql.only(
        &format!(
            "INSERT INTO {table} VALUES (?1, ?2, 0) ON CONFLICT (phone) DO UPDATE SET in_a_row = {table}.in_a_row + ?2
             RETURNING in_a_row"
        ),
        params![whose, weight],
        |row| row.at(0),
    )?;
    if let Some(wait) = wait_after(in_a_row) {
        lock(sql, table, whose, now_ms.saturating_add(wait))?;
    }
    sql.run(
        "INSERT INTO otp_day VALUES (?1, 1) ON CONFLICT (day) DO UPDATE SET wrong = otp_day.wrong + 1",
        params![now_ms / DAY_MS],
    )?;
    Ok(in_a_row)
}

/// Thirty seconds, doubled with every further failure, up to an hour; then a day. Not for ever: whoever knows a number can fail
/// with it, and would shut out for good whoever comes by a browser that is new. One guess a day finds a code of six digits in no lifetime.
fn wait_after(failures: u32) -> Option<i64> {
    match failures {
        0..FREE_FAILURES => None,
        FREE_FAILURES..LAST_FAILURE => Some((30_000_i64 << (failures - FREE_FAILURES).min(7)).min(HOUR_MS)),
        _ => Some(DAY_MS),
    }
}

pub(super) fn sign_in(sql: &Connection, new: &SignIn) -> Effected {
    let (phone, version, public, staff) = match new.who {
        SignedIn::Family { phone, version, public } => {
            sql.run("UPDATE family SET active_ms = ?2 WHERE phone = ?1", params![phone, new.now_ms])?;
            forgive(sql, PROOFS, &phone)?;
            (Some(phone), Some(version), Some(public), None)
        }
        SignedIn::Staff { staff, step } => {
            let fresh = sql.run(
                "UPDATE staff SET step = ?2, failures = 0, locked_ms = 0 WHERE id = ?1 AND step < ?2 AND active = 1",
                params![staff.bytes(), step],
            )?;
            one_row(fresh, Refusal::CodeGone)?;
            (None, None, None, Some(staff.bytes().to_vec()))
        }
    };
    if let Some(lane) = new.lane {
        forgive(sql, CODES, &lane)?;
    }
    sql.run(
        "INSERT INTO sign_in VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            new.token,
            phone,
            version,
            public,
            staff,
            new.sealed,
            new.position,
            new.now_ms,
            new.expires_ms,
            new.idle_ms
        ],
    )?;
    Ok(Answer::Nothing)
}

pub(super) fn sign_out(sql: &Connection, token: &[u8; 32]) -> Effected {
    sql.run("DELETE FROM sign_in WHERE token = ?1", params![token])?;
    Ok(Answer::Nothing)
}

pub(super) fn touch(sql: &Connection, token: &[u8; 32], idle_ms: i64) -> Effected {
    sql.run(
        "UPDATE sign_in SET idle_ms = CASE WHEN ?2 < expires_ms THEN ?2 ELSE expires_ms END WHERE token = ?1",
        params![token, idle_ms],
    )?;
    Ok(Answer::Nothing)
}

pub(super) fn staff_failed(sql: &Connection, staff: StaffId, now_ms: i64) -> Effected {
    let failures: u32 = sql
        .one(
            "UPDATE staff SET failures = failures + 1 WHERE id = ?1 RETURNING failures",
            params![staff.bytes()],
            |row| row.at(0),
        )?
        .ok_or(Refusal::NotFound)?;
    if failures >= 5 {
        let wait = (30_000_i64 << (failures - 5).min(7)).min(HOUR_MS);
        sql.run("UPDATE staff SET locked_ms = ?2 WHERE id = ?1", params![staff.bytes(), now_ms + wait])?;
    }
    Ok(Answer::Nothing)
}

pub(super) fn sweep(sql: &Connection, now_ms: i64) -> Effected {
    let before = |sql_text: &str, limit: i64| sql.run(sql_text, params![limit]);
    before("DELETE FROM otp WHERE expires_ms < ?1", now_ms - HOUR_MS)?;
    before("DELETE FROM otp_sent WHERE at_ms < ?1", now_ms - DAY_MS)?;
    before("DELETE FROM budget WHERE until_ms < ?1", now_ms)?;
    before("DELETE FROM sign_in WHERE expires_ms < ?1 OR idle_ms < ?1", now_ms)?;
    before("DELETE FROM done WHERE at_ms < ?1", now_ms - DAY_MS)?;
    super::consent::sweep(sql, now_ms)?;
    before("DELETE FROM notice WHERE sent_ms < ?1", now_ms - 30 * DAY_MS)?;
    // A pending member whom nobody confirmed in thirty days leaves the phone; her record stays hers, by card.
    before("DELETE FROM member WHERE pending_at IS NOT NULL AND joined_ms < ?1", now_ms - 30 * DAY_MS)?;
    Ok(Answer::Nothing)
}

pub(super) fn spend_of(sql: &Connection, spend: &Spend) -> Effected {
    let Spend { budget, much, most, until_ms, now_ms } = spend;
    sql.run("DELETE FROM budget WHERE id = ?1 AND until_ms <= ?2", params![budget, now_ms])?;
    sql.run("INSERT INTO budget VALUES (?1, 0, ?2) ON CONFLICT (id) DO NOTHING", params![budget, until_ms])?;
    sql.run("UPDATE budget SET spent = spent + ?2 WHERE id = ?1", params![budget, much])?;
    let stands = "SELECT spent, until_ms FROM budget WHERE id = ?1";
    let (spent, until_ms): (u32, i64) = sql.only(stands, params![budget], |row| Ok((row.at(0)?, row.at(1)?)))?;
    if spent > *most { Err(Refusal::OverBudget { until_ms }.into()) } else { Ok(Answer::Count(spent)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_to_an_hour_and_ends_at_a_day() {
        assert_eq!(wait_after(9), None);
        assert_eq!(wait_after(10), Some(30_000));
        assert_eq!(wait_after(11), Some(60_000));
        assert_eq!(wait_after(17), Some(HOUR_MS));
        assert_eq!(wait_after(49), Some(HOUR_MS));
        assert_eq!((wait_after(50), wait_after(u32::MAX)), (Some(DAY_MS), Some(DAY_MS)));
    }
}
