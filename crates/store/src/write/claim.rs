//! Steps of a registration over several shards. Each is decided by the row that it finds, so that it may come twice or late.

use super::citizen::{self, hold_family, join, move_family, room_for};
use super::{Effected, Stop, one_row, rights};
use crate::command::{
    Answer, Claim, ClaimKeys, ClaimOn, ClaimStep, ClaimTold, Enter, FamilyHold, Joins, Recall, Refusal, Register, Word,
};
use crate::rows::ClaimState;
use crate::sql::{self, Connection, params};
use registry::PersonId;

pub(super) fn step(sql: &Connection, step: &ClaimStep) -> Effected {
    match step {
        ClaimStep::Claim(claim) => self::claim(sql, claim),
        ClaimStep::Enter(enter) => self::enter(sql, enter),
        ClaimStep::Part { person, by } => part(sql, *person, by),
        ClaimStep::Settle { person, keys } => settle(sql, *person, *keys),
        ClaimStep::Tell(told) => tell(sql, told),
        ClaimStep::Answered(told) => {
            let text = "DELETE FROM claim_outbox WHERE person = ?1 AND kind = ?2 AND word = ?3";
            sql.run(text, params![told.person.bytes(), told.on.code(), told.word.code()])?;
            Ok(Answer::Nothing)
        }
        ClaimStep::Recall(Recall { person, phone }) => {
            let text = "SELECT 1 FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NULL";
            if sql.any(text, params![phone, person.bytes()])? {
                rights::move_on(sql, phone)?;
            }
            Ok(Answer::Nothing)
        }
        ClaimStep::Recalled(Recall { person, phone }) => {
            sql.run("DELETE FROM recall WHERE person = ?1 AND phone = ?2", params![person.bytes(), phone])?;
            Ok(Answer::Nothing)
        }
    }
}

// In the shard of a key.

/// A claim, as far as it has come.
struct Found {
    state: ClaimState,
    joined_ms: i64,
    pending_at: Option<u32>,
    by: Option<FamilyHold>,
}

fn found(sql: &Connection, told: &ClaimTold) -> sql::Result<Option<Found>> {
    let text = "SELECT state, joined_ms, pending_at, token, version, sealed FROM claim WHERE person = ?1 AND kind = ?2";
    sql.one(text, params![told.person.bytes(), told.on.code()], |row| {
        let token: Option<[u8; 32]> = row.at(3)?;
        let by = match token {
            Some(token) => Some(FamilyHold { phone: told.key, token, version: row.at(4)?, sealed: row.at(5)? }),
            None => None,
        };
        let joined_ms: Option<i64> = row.at(1)?;
        let state = ClaimState::from_code(&row.at::<String>(0)?);
        Ok(Found { state, joined_ms: joined_ms.unwrap_or(0), pending_at: row.at(2)?, by })
    })
}

fn claim(sql: &Connection, claim: &Claim) -> Effected {
    let (person, kind, keys) = (claim.person, claim.on.code(), claim.keys);
    let text = "SELECT state FROM claim WHERE person = ?1 AND kind = ?2";
    let known: Option<String> = sql.one(text, params![person.bytes(), kind], |row| row.at(0))?;
    match known.map(|state| ClaimState::from_code(&state)) {
        Some(ClaimState::Released) => return Err(Refusal::Conflict.into()),
        Some(_) => return Ok(Answer::Nothing),
        None => {}
    }
    let (by, pending_at) = match (claim.on, &claim.joins) {
        (ClaimOn::Document, _) => {
            check_free(sql, keys.document.as_ref())?;
            (None, None)
        }
        (ClaimOn::Phone, Joins::Family(hold)) => {
            hold_family(sql, hold)?;
            room_for(sql, &hold.phone, false)?;
            (Some(hold), None)
        }
        (ClaimOn::Phone, Joins::Pending { phone, centre }) => {
            room_for(sql, phone, true)?;
            (None, Some(centre.0))
        }
        (ClaimOn::Phone, Joins::Alone) => return Err(Refusal::NotFound.into()),
    };
    sql.run(
        "INSERT INTO claim (person, kind, phone, document, state, expires_ms, joined_ms, pending_at, token, version, sealed)
             VALUES (?1, ?2, ?3, ?4, 'claimed', ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            person.bytes(),
            kind,
            keys.phone,
            keys.document,
            claim.expires_ms,
            claim.now_ms,
            pending_at,
            by.map(|hold| hold.token),
            by.map(|hold| hold.version),
            by.and_then(|hold| hold.sealed.as_ref())
        ],
    )?;
    Ok(Answer::Nothing)
}

/// A document that somebody has, or that is claimed for somebody, is not to be claimed.
fn check_free(sql: &Connection, token: Option<&[u8; 32]>) -> Result<(), Stop> {
    let taken = "SELECT 1 FROM id_index WHERE token = ?1 UNION ALL
                 SELECT 1 FROM claim WHERE document = ?1 AND kind = 'document' AND state = 'claimed'";
    if sql.any(taken, params![token])? { Err(Refusal::Conflict.into()) } else { Ok(()) }
}

fn part(sql: &Connection, person: PersonId, by: &FamilyHold) -> Effected {
    hold_family(sql, by)?;
    let noted = sql.run(
        "UPDATE claim SET token = ?2, version = ?3, sealed = ?4 WHERE person = ?1 AND kind = 'phone' AND state = 'confirmed'
             AND EXISTS (SELECT 1 FROM member WHERE phone = ?5 AND person = ?1 AND pending_at IS NULL)",
        params![person.bytes(), by.token, by.version, by.sealed, by.phone],
    )?;
    one_row(noted, Refusal::NotFound)
}

fn tell(sql: &Connection, told: &ClaimTold) -> Effected {
    let found = found(sql, told)?;
    let goes_on = match (told.word, found.as_ref().map(|it| it.state)) {
        (Word::Confirm, Some(ClaimState::Claimed)) => ClaimState::Confirmed,
        // What was never claimed here cannot be claimed any more.
        (Word::Release, None | Some(ClaimState::Claimed | ClaimState::Confirmed)) => ClaimState::Released,
        _ => return Ok(Answer::Nothing),
    };
    if let Some(found) = found {
        match (goes_on, told.on) {
            (ClaimState::Confirmed, ClaimOn::Phone) => comes(sql, told, &found)?,
            (ClaimState::Confirmed, ClaimOn::Document) => {
                sql.run("INSERT INTO id_index VALUES (?1, ?2)", params![told.key, told.person.bytes()])?;
            }
            (_, ClaimOn::Phone) => goes(sql, told, &found)?,
            (_, ClaimOn::Document) => {
                let text = "DELETE FROM id_index WHERE token = ?1 AND person = ?2";
                sql.run(text, params![told.key, told.person.bytes()])?;
            }
        }
    }
    sql.run(
        "INSERT INTO claim (person, kind, state, expires_ms) VALUES (?1, ?2, ?3, 0) ON CONFLICT (person, kind) DO UPDATE SET
             state = ?3, phone = NULL, document = NULL, token = NULL, version = NULL, sealed = NULL",
        params![told.person.bytes(), told.on.code(), goes_on.code()],
    )?;
    Ok(Answer::Nothing)
}

/// She comes to the phone, whose family is another one from now on; but not by somebody whom its holder has yet to confirm.
fn comes(sql: &Connection, told: &ClaimTold, found: &Found) -> Result<(), Stop> {
    join(sql, &told.key, told.person, found.joined_ms, found.pending_at)?;
    if found.pending_at.is_none() { move_on(sql, told, found) } else { Ok(()) }
}

fn goes(sql: &Connection, told: &ClaimTold, found: &Found) -> Result<(), Stop> {
    let text = "DELETE FROM member WHERE phone = ?1 AND person = ?2";
    let was_there = sql.run(text, params![told.key, told.person.bytes()])? == 1;
    if !was_there {
        return Ok(());
    }
    rights::forget_browsers(sql, &told.key)?;
    move_on(sql, told, found)
}

/// Who did it learns the new state, if what she knew is still so; every other sign-in of the phone ends.
fn move_on(sql: &Connection, told: &ClaimTold, found: &Found) -> Result<(), Stop> {
    if let Some(hold) = &found.by {
        match hold_family(sql, hold) {
            Ok(()) => return Ok(move_family(sql, hold, found.joined_ms)?),
            Err(Stop::Refused(_)) => {}
            Err(broken) => return Err(broken),
        }
    }
    Ok(rights::move_on(sql, &told.key)?)
}

// In her own shard.

fn enter(sql: &Connection, enter: &Enter) -> Effected {
    let Enter { new, has_phone, has_document } = enter;
    let keys = ClaimKeys::of(new);
    // The document lies in the shard of its own key.
    citizen::enter(sql, &Register { id_token: None, ..new.clone() })?;
    sql.run(
        "INSERT INTO registration (person, state, phone, document, may_be_same) VALUES (?1, 'registered', ?2, ?3, ?4)",
        params![new.person.bytes(), keys.phone, keys.document, keys.document.is_some() && !has_document],
    )?;
    put_out(sql, new.person, keys, |on| match on {
        ClaimOn::Phone if *has_phone => Word::Confirm,
        ClaimOn::Document if *has_document => Word::Confirm,
        // Another node may have claimed it for her since.
        _ => Word::Release,
    })?;
    Ok(Answer::Nothing)
}

/// What sign-ins at the phone that was claimed for her remember of her is not right any more.
pub(super) fn recall(sql: &Connection, person: PersonId) -> sql::Result<()> {
    let text = "INSERT INTO recall SELECT person, phone FROM registration
                WHERE person = ?1 AND phone IS NOT NULL ON CONFLICT DO NOTHING";
    sql.run(text, params![person.bytes()]).map(drop)
}

fn settle(sql: &Connection, person: PersonId, keys: ClaimKeys) -> Effected {
    let void = "INSERT INTO person (id, standing) VALUES (?1, 'void') ON CONFLICT DO NOTHING";
    sql.run(void, params![person.bytes()])?;
    // The sweeper of keys writes `void` under her id as well, and tells nobody: so this is decided by a row of its own.
    let text = "INSERT INTO registration (person, state) VALUES (?1, 'void') ON CONFLICT DO NOTHING";
    if sql.run(text, params![person.bytes()])? == 1 {
        put_out(sql, person, keys, |_| Word::Release)?;
    }
    Ok(Answer::Nothing)
}

/// Who leaves lets go of what was claimed for her, and of its keys here. Answers the keys.
pub(super) fn let_go(sql: &Connection, person: PersonId) -> Result<ClaimKeys, Stop> {
    let text = "SELECT phone, document FROM registration WHERE person = ?1 AND state = 'registered'";
    let keys =
        sql.one(text, params![person.bytes()], |row| Ok(ClaimKeys { phone: row.at(0)?, document: row.at(1)? }))?;
    let Some(keys) = keys else { return Ok(ClaimKeys { phone: None, document: None }) };
    let text =
        "UPDATE registration SET state = 'left', phone = NULL, document = NULL, may_be_same = 0 WHERE person = ?1";
    sql.run(text, params![person.bytes()])?;
    put_out(sql, person, keys, |_| Word::Release)?;
    Ok(keys)
}

fn put_out(sql: &Connection, person: PersonId, keys: ClaimKeys, word: impl Fn(ClaimOn) -> Word) -> Result<(), Stop> {
    for (on, key) in keys.each() {
        sql.run(
            "INSERT INTO claim_outbox (person, kind, word, key) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![person.bytes(), on.code(), word(on).code(), key],
        )?;
    }
    Ok(())
}
