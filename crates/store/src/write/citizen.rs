//! People: registered, joined to a phone, removed.

use super::{Effected, Stop, one_row};
use crate::command::{Answer, FamilyHold, Guarded, Joins, Membership, Refusal, Register};
use crate::rows::SealedField;
use crate::sql::{self, Connection, Step, ToParam, params};
use registry::PersonId;

/// Members that a phone may have, and as many again may be pending.
const FAMILY_LIMIT: u32 = 4;

/// Wrong proofs before a pending member can only be confirmed at a centre.
const PROOF_TRIES: u8 = 3;

pub(super) fn register(sql: &Connection, new: &Register) -> Effected {
    enter(sql, new, new.id_token.as_ref())?;
    match &new.joins {
        Joins::Family(hold) => {
            hold_family(sql, hold)?;
            room_for(sql, &hold.phone, false)?;
            join(sql, &hold.phone, new.person, new.now_ms, None)?;
            move_family(sql, hold, new.now_ms)?;
        }
        Joins::Pending { phone, centre } => {
            // Whether the phone has room for one more pending member is nobody's business at the centre.
            if room_for(sql, phone, true).is_ok() {
                join(sql, phone, new.person, new.now_ms, Some(centre.0))?;
            }
        }
        Joins::Alone => {}
    }
    Ok(Answer::Nothing)
}

/// Her row and all that lies with it, and the document, where it lies with her.
pub(super) fn enter(sql: &Connection, new: &Register, id_token: Option<&[u8; 32]>) -> Effected {
    let id = new.person.bytes();
    let mut steps = vec![
        // `ON CONFLICT DO NOTHING`: where the sweeper wrote `void`, no person comes to be.
        Step::One(
            "INSERT INTO person (id, standing, entries, tag_key, reference_last_four, language, registered_ms, notice)
             VALUES (?1, 'registered', 1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            vec![
                id.param(),
                new.tag_key.param(),
                new.reference_last_four.param(),
                new.language.param(),
                new.now_ms.param(),
                new.notice.param(),
            ],
        ),
        Step::One("INSERT INTO reference_index VALUES (?1, ?2)", vec![new.reference.param(), id.param()]),
    ];
    if let Some(token) = id_token {
        steps.push(Step::One("INSERT INTO id_index VALUES (?1, ?2)", vec![token.param(), id.param()]));
    }
    if let Some(hash) = &new.card {
        steps.push(Step::One("INSERT INTO card (person, hash) VALUES (?1, ?2)", vec![id.param(), hash.param()]));
    }
    steps.extend(sealed(&new.fields));
    one_row(sql.run_each(&steps)?[0], Refusal::Conflict)?;
    if let Some(until_year) = new.guarded_until {
        let guarded = Guarded { person: new.person, until_year, is_under_age: true };
        super::present::guarded(sql, &[guarded])?;
    }
    Ok(Answer::Nothing)
}

pub(super) fn seal(sql: &Connection, fields: &[SealedField]) -> Effected {
    let steps: Vec<Step<'_>> = sealed(fields).into_iter().collect();
    sql.run_each(&steps)?;
    Ok(Answer::Nothing)
}

/// Writes sealed fields, if there are any.
pub(super) fn sealed<'a>(fields: impl IntoIterator<Item = &'a SealedField>) -> Option<Step<'a>> {
    let row = |field: &'a SealedField| {
        let SealedField { person, field, version, salt, body } = field;
        vec![person.bytes().param(), field.param(), version.param(), salt.param(), body.param()]
    };
    let rows: Vec<_> = fields.into_iter().map(row).collect();
    (!rows.is_empty()).then_some(Step::Rows("INSERT INTO sealed (person, field, version, salt, body) {rows}", rows))
}

/// The write is good only while the sign-in lives and knows the family as it is.
pub(super) fn hold_family(sql: &Connection, hold: &FamilyHold) -> Result<(), Stop> {
    let live = sql.any("SELECT 1 FROM sign_in WHERE token = ?1 AND phone = ?2", params![hold.token, hold.phone])?;
    let version: Option<u64> =
        sql.one("SELECT version FROM family WHERE phone = ?1", params![hold.phone], |row| row.at(0))?;
    Ok(holds(hold, live, version)?)
}

/// Whether a hold is good, with its sign-in live or not and the family at this version.
pub(super) fn holds(hold: &FamilyHold, live: bool, version: Option<u64>) -> Result<(), Refusal> {
    match version.unwrap_or(0) == hold.version {
        _ if !live => Err(Refusal::SignedOut),
        true => Ok(()),
        false => Err(Refusal::FamilyMoved),
    }
}

/// Whether a phone has room for one more, counting those whose registration in another shard is under way.
pub(super) fn room_for(sql: &Connection, phone: &[u8; 32], pending: bool) -> Result<(), Stop> {
    let members: u32 = sql.only(
        "SELECT (SELECT COUNT(*) FROM member WHERE phone = ?1 AND (pending_at IS NOT NULL) = ?2)
              + (SELECT COUNT(*) FROM claim WHERE phone = ?1 AND kind = 'phone' AND state = 'claimed'
                 AND (pending_at IS NOT NULL) = ?2)",
        params![phone, pending],
        |row| row.at(0),
    )?;
    if members < FAMILY_LIMIT { Ok(()) } else { Err(Refusal::FamilyFull.into()) }
}

pub(super) fn join(
    sql: &Connection,
    phone: &[u8; 32],
    person: PersonId,
    now_ms: i64,
    pending_at: Option<u32>,
) -> sql::Result<()> {
    sql.run("INSERT INTO family VALUES (?1, 0, ?2) ON CONFLICT DO NOTHING", params![phone, now_ms])?;
    sql.run(
        "INSERT INTO member (phone, person, joined_ms, pending_at) VALUES (?1, ?2, ?3, ?4)",
        params![phone, person.bytes(), now_ms, pending_at],
    )?;
    Ok(())
}

/// Moves the family on: the session that did it learns the new state, every other one of the phone ends.
pub(super) fn move_family(sql: &Connection, hold: &FamilyHold, now_ms: i64) -> sql::Result<()> {
    sql.run(
        "INSERT INTO family VALUES (?1, 1, ?2) ON CONFLICT (phone) DO UPDATE SET version = family.version + 1,
         active_ms = CASE WHEN family.active_ms < ?2 THEN ?2 ELSE family.active_ms END",
        params![hold.phone, now_ms],
    )?;
    sql.run("DELETE FROM sign_in WHERE phone = ?1 AND token <> ?2", params![hold.phone, hold.token])?;
    if let Some(sealed) = &hold.sealed {
        sql.run(
            "UPDATE sign_in SET sealed = ?2, version = ?3 WHERE token = ?1",
            params![hold.token, sealed, hold.version + 1],
        )?;
    }
    Ok(())
}

pub(super) fn membership(sql: &Connection, membership: &Membership) -> Effected {
    hold_family(sql, &membership.by)?;
    let key = params![membership.by.phone, *membership.person.bytes()];
    let tries: u8 = sql
        .one("SELECT tries FROM member WHERE phone = ?1 AND person = ?2 AND pending_at IS NOT NULL", key, |row| {
            row.at(0)
        })?
        .ok_or(Refusal::NotFound)?;
    if tries >= PROOF_TRIES {
        return Err(Refusal::Locked { until_ms: i64::MAX }.into());
    }
    if !membership.proven {
        sql.run("UPDATE member SET tries = tries + 1 WHERE phone = ?1 AND person = ?2", key)?;
        return Ok(Answer::CodeWrong { left: PROOF_TRIES - tries - 1 });
    }
    room_for(sql, &membership.by.phone, false)?;
    sql.run("UPDATE member SET pending_at = NULL WHERE phone = ?1 AND person = ?2", key)?;
    move_family(sql, &membership.by, 0)?;
    Ok(Answer::Nothing)
}

pub(super) fn void(sql: &Connection, person: PersonId) -> Effected {
    let fresh = sql
        .run("INSERT INTO person (id, standing) VALUES (?1, 'void') ON CONFLICT DO NOTHING", params![person.bytes()])?;
    let standing: String =
        sql.only("SELECT standing FROM person WHERE id = ?1", params![person.bytes()], |row| row.at(0))?;
    if fresh == 1 || standing == "void" { Ok(Answer::Nothing) } else { Err(Refusal::Conflict.into()) }
}
