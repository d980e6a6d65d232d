//! People: registered, joined to a phone, removed.

use super::{Effected, Stop, one_row};
use crate::command::{Answer, FamilyHold, Joins, Membership, Refusal, Register};
use crate::rows::SealedField;
use crate::sql::{self, Connection, Param, Step, ToParam, params};
use registry::PersonId;

/// Members that a phone may have, and as many again may be pending.
pub(super) const FAMILY_LIMIT: u32 = 4;

/// Wrong proofs before a pending member can only be confirmed at a centre.
const PROOF_TRIES: u8 = 3;

pub(super) fn register(sql: &Connection, new: &Register) -> Effected {
    enter(sql, new)?;
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

/// Her row and all that lies with it.
pub(super) fn enter(sql: &Connection, new: &Register) -> Effected {
    let mut steps: Vec<Step<'_>> = newcomers(&[new]).into_iter().map(|(text, rows)| Step::Rows(text, rows)).collect();
    steps.retain(|step| !step.is_empty());
    steps.extend(sealed(&new.fields));
    one_row(sql.run_each(&steps)?[0], Refusal::Conflict)
}

/// Statements with a row for each of these people in every table that all of them are in; the first is that of people.
pub(super) fn newcomers<'a>(all: &[&'a Register]) -> [(&'static str, Vec<Vec<Param<'a>>>); 5] {
    let person = |new: &&'a Register| {
        vec![
            new.person.bytes().param(),
            Param::Text("registered"),
            Param::Int(1),
            new.tag_key.param(),
            new.reference_last_four.param(),
            new.language.param(),
            new.now_ms.param(),
            new.notice.param(),
        ]
    };
    let with = |new: &'a Register, value: Option<Param<'a>>| value.map(|value| vec![new.person.bytes().param(), value]);
    [
        (
            // `ON CONFLICT DO NOTHING`: where the sweeper wrote `void`, no person comes to be.
            "INSERT INTO person (id, standing, entries, tag_key, reference_last_four, language, registered_ms, notice) {rows}
             ON CONFLICT DO NOTHING",
            all.iter().map(person).collect(),
        ),
        (
            "INSERT INTO reference_index (person, reference) {rows}",
            all.iter().filter_map(|new| with(new, Some(new.reference.param()))).collect(),
        ),
        (
            "INSERT INTO id_index (person, token) {rows}",
            all.iter().filter_map(|new| with(new, new.id_token.as_ref().map(ToParam::param))).collect(),
        ),
        (
            "INSERT INTO card (person, hash) {rows}",
            all.iter().filter_map(|new| with(new, new.card.as_ref().map(ToParam::param))).collect(),
        ),
        (
            // Where a sweep noted that she is of age, that stands.
            "INSERT INTO guardianship (person, until_year) {rows} ON CONFLICT (person)
             DO UPDATE SET until_year = excluded.until_year WHERE guardianship.told_ms IS NULL",
            all.iter().filter_map(|new| with(new, new.guarded_until.as_ref().map(ToParam::param))).collect(),
        ),
    ]
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
    let pending_at = pending_at.map(Into::into).map_or(Param::Null, Param::whole);
    sql.run_each(&[Step::Rows(MEMBER, vec![vec![phone.param(), person.bytes().param(), now_ms.param(), pending_at]])])?;
    Ok(())
}

pub(super) const MEMBER: &str = "INSERT INTO member (phone, person, joined_ms, pending_at) {rows}";

/// Moves the family on: the session that did it learns the new state, every other one of the phone ends.
pub(super) fn move_family(sql: &Connection, hold: &FamilyHold, now_ms: i64) -> sql::Result<()> {
    let family = vec![hold.phone.param(), Param::Int(1), now_ms.param()];
    let mut steps = vec![Step::Rows(FAMILY, vec![family])];
    steps.extend(sign_ins(hold));
    sql.run_each(&steps).map(drop)
}

/// Moves families on; one that is new begins at version 1.
pub(super) const FAMILY: &str = "INSERT INTO family (phone, version, active_ms) {rows}
 ON CONFLICT (phone) DO UPDATE SET version = family.version + 1,
 active_ms = CASE WHEN family.active_ms < excluded.active_ms THEN excluded.active_ms ELSE family.active_ms END";

/// Ends every other sign-in of the phone; this one learns the new state.
pub(super) fn sign_ins(hold: &FamilyHold) -> Vec<Step<'_>> {
    let (phone, token) = (hold.phone.param(), hold.token.param());
    let mut steps = vec![Step::One("DELETE FROM sign_in WHERE phone = ?1 AND token <> ?2", vec![phone, token])];
    if let Some(sealed) = &hold.sealed {
        let values = vec![token, sealed.param(), Param::whole(hold.version + 1)];
        steps.push(Step::One("UPDATE sign_in SET sealed = ?2, version = ?3 WHERE token = ?1", values));
    }
    steps
}

/// Whether somebody may be confirmed, or not; answers how many proofs were wrong so far.
pub(super) fn may_confirm(sql: &Connection, membership: &Membership) -> Result<u8, Stop> {
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
    if membership.proven {
        room_for(sql, &membership.by.phone, false)?;
    }
    Ok(tries)
}

pub(super) fn membership(sql: &Connection, membership: &Membership) -> Effected {
    let tries = may_confirm(sql, membership)?;
    let key = params![membership.by.phone, *membership.person.bytes()];
    if !membership.proven {
        sql.run("UPDATE member SET tries = tries + 1 WHERE phone = ?1 AND person = ?2", key)?;
        return Ok(Answer::CodeWrong { left: PROOF_TRIES - tries - 1 });
    }
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
