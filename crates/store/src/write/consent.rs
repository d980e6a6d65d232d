//! Clients, their requests, and the consents that come of them.

use super::{Effected, one_row};
use crate::command::consent::{ConsentEffect, ConsentStep};
use crate::command::{Answer, Refusal};
use crate::rows::{ClientRow, ConsentRequestRow, ConsentRow};
use crate::sql::{self, Connection, params};
use ledger::Fields;
use registry::{ClientId, ClientState, PersonId, TransactionId};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// So long a nonce is remembered: well beyond the minutes for which a signed request is taken.
const NONCE_MS: i64 = HOUR_MS;

pub(super) fn effect(sql: &Connection, effect: &ConsentEffect) -> Effected {
    match effect {
        ConsentEffect::Client(client) => register(sql, client),
        ConsentEffect::Signed { client, nonce, now_ms } => signed(sql, client, nonce, *now_ms),
        ConsentEffect::Ask { request, now_ms } => ask(sql, request, *now_ms),
        ConsentEffect::AskedAgain { request, code, now_ms } => asked_again(sql, *request, *code, *now_ms),
        ConsentEffect::Give(consent) => answer(sql, consent).and_then(|_| keep(sql, consent)),
        ConsentEffect::Step(step) => match step {
            ConsentStep::Count { client, now_ms } => count(sql, client, *now_ms),
            ConsentStep::Answer(consent) => answer(sql, consent),
            ConsentStep::Keep(consent) => keep(sql, consent),
            ConsentStep::Reopen { request } => reopen(sql, *request),
        },
        ConsentEffect::Close { request, now_ms } => close(sql, *request, *now_ms),
        ConsentEffect::Token { token, client, consent, sealed, expires_ms } => {
            open_token(sql, token, client, *consent, sealed, *expires_ms)
        }
        ConsentEffect::Use { consent, token, fields, now_ms } => take(sql, *consent, token, *fields, *now_ms),
        ConsentEffect::Revoke { consent, person, now_ms } => revoke(sql, *consent, *person, *now_ms),
    }
}

fn register(sql: &Connection, client: &ClientRow) -> Effected {
    let ClientRow { id, name, contact, key, fields, purpose_code, purpose_en, purpose_hi, consents_a_day, state } =
        client;
    sql.run(
        "INSERT INTO client VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO UPDATE SET
         name = ?2, contact = ?3, key = ?4, fields = ?5, purpose_code = ?6, purpose_en = ?7, purpose_hi = ?8,
         consents_a_day = ?9, state = ?10",
        params![
            id.text(),
            name,
            contact,
            key,
            number(*fields),
            purpose_code,
            purpose_en,
            purpose_hi,
            consents_a_day,
            state.code()
        ],
    )?;
    if *state == ClientState::Stopped {
        sql.run("DELETE FROM client_token WHERE client = ?1", params![id.text()])?;
        sql.run("DELETE FROM consent_request WHERE client = ?1", params![id.text()])?;
    }
    Ok(Answer::Nothing)
}

fn is_at_work(sql: &Connection, client: &ClientId) -> sql::Result<bool> {
    sql.any("SELECT 1 FROM client WHERE id = ?1 AND state <> 'stopped'", params![client.text()])
}

fn signed(sql: &Connection, client: &ClientId, nonce: &[u8; 32], now_ms: i64) -> Effected {
    if !is_at_work(sql, client)? {
        return Err(Refusal::NotFound.into());
    }
    let fresh = sql.run(
        "INSERT INTO client_nonce VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![client.text(), nonce, now_ms],
    )?;
    one_row(fresh, Refusal::Conflict)
}

/// One of the requests that a client may make in a day.
fn count(sql: &Connection, client: &ClientId, now_ms: i64) -> Effected {
    let (client, day) = (client.text(), now_ms.div_euclid(DAY_MS));
    let most: u32 = sql
        .one("SELECT consents_a_day FROM client WHERE id = ?1 AND state <> 'stopped'", params![client], |row| {
            row.at(0)
        })?
        .ok_or(Refusal::NotFound)?;
    let asked: u32 = sql.only(
        "INSERT INTO client_day VALUES (?1, ?2, 1) ON CONFLICT (client, day) DO UPDATE SET asked = client_day.asked + 1
             RETURNING asked",
        params![client, day],
        |row| row.at(0),
    )?;
    if asked > most {
        return Err(Refusal::OverBudget { until_ms: (day + 1) * DAY_MS }.into());
    }
    Ok(Answer::Nothing)
}

fn ask(sql: &Connection, request: &ConsentRequestRow, now_ms: i64) -> Effected {
    count(sql, &request.client, now_ms)?;
    sql.run("INSERT INTO consent_request (id, client, phone, contact, code, fields, reads, lasts_ms, name, language, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", params![
        request.id.bytes(),
        request.client.text(),
        request.phone,
        request.contact,
        request.code.bytes(),
        number(request.fields),
        request.reads,
        request.lasts_ms,
        request.name,
        request.language,
        request.expires_ms
    ])?;
    Ok(Answer::Nothing)
}

fn asked_again(sql: &Connection, request: TransactionId, code: TransactionId, now_ms: i64) -> Effected {
    let open = sql.run(
        "UPDATE consent_request SET code = ?2 WHERE id = ?1 AND answered = 0 AND expires_ms > ?3",
        params![request.bytes(), code.bytes(), now_ms],
    )?;
    one_row(open, Refusal::NotFound)
}

/// Whoever closes a request has typed its code rightly: what went wrong before is forgiven.
fn close(sql: &Connection, request: TransactionId, now_ms: i64) -> Effected {
    sql.run(
        "DELETE FROM otp_wrong WHERE phone IN (
           SELECT COALESCE(o.lane, o.phone) FROM otp o JOIN consent_request r ON r.code = o.id WHERE r.id = ?1)",
        params![request.bytes()],
    )?;
    let open = sql.run(
        "UPDATE consent_request SET answered = 1 WHERE id = ?1 AND answered = 0 AND expires_ms > ?2",
        params![request.bytes(), now_ms],
    )?;
    one_row(open, Refusal::NotFound)
}

/// The request says to whom, what and how often; whoever answers can only say who and until when.
fn answer(sql: &Connection, consent: &ConsentRow) -> Effected {
    if !is_at_work(sql, &consent.client)? {
        return Err(Refusal::NotFound.into());
    }
    let asked = sql.any(
        "SELECT 1 FROM consent_request r JOIN member m ON m.phone = r.phone AND m.pending_at IS NULL
             WHERE r.id = ?1 AND m.person = ?2 AND r.client = ?3 AND r.fields = ?4 AND r.reads = ?5
             AND r.lasts_ms >= ?6 AND r.name IS NULL",
        params![
            consent.id.bytes(),
            consent.person.bytes(),
            consent.client.text(),
            number(consent.fields),
            consent.reads,
            consent.until_ms - consent.made_ms
        ],
    )?;
    if !asked {
        return Err(Refusal::NotFound.into());
    }
    close(sql, consent.id, consent.made_ms)
}

fn keep(sql: &Connection, consent: &ConsentRow) -> Effected {
    sql.run(
        "INSERT INTO consent (id, person, client, fields, reads, entry, made_ms, until_ms, artefact)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            consent.id.bytes(),
            consent.person.bytes(),
            consent.client.text(),
            number(consent.fields),
            consent.reads,
            consent.entry,
            consent.made_ms,
            consent.until_ms,
            consent.artefact
        ],
    )?;
    Ok(Answer::Nothing)
}

fn reopen(sql: &Connection, request: TransactionId) -> Effected {
    sql.run("UPDATE consent_request SET answered = 0 WHERE id = ?1", params![request.bytes()])?;
    Ok(Answer::Nothing)
}

fn open_token(
    sql: &Connection,
    token: &[u8; 32],
    client: &ClientId,
    consent: Option<TransactionId>,
    sealed: &[u8],
    expires_ms: i64,
) -> Effected {
    if let Some(consent) = consent {
        sql.run("DELETE FROM client_token WHERE consent = ?1", params![consent.bytes()])?;
    }
    let consent = consent.map(|consent| *consent.bytes());
    sql.run(
        "INSERT INTO client_token VALUES (?1, ?2, ?3, ?4, ?5)",
        params![token, client.text(), consent, sealed, expires_ms],
    )?;
    Ok(Answer::Nothing)
}

/// The look and its entry are one transaction with this: whatever makes it stop, nothing was written and nothing opens.
fn take(sql: &Connection, consent: TransactionId, token: &[u8; 32], fields: Fields, now_ms: i64) -> Effected {
    let taken = sql.run(
        "UPDATE consent SET used = used + 1 WHERE id = ?1 AND (fields & ?3) = ?3 AND used < reads
             AND revoked_ms IS NULL AND until_ms > ?4 AND EXISTS (
               SELECT 1 FROM client_token t JOIN client c ON c.id = t.client AND c.state <> 'stopped'
               WHERE t.token = ?2 AND t.consent = ?1 AND t.client = consent.client AND t.expires_ms > ?4)",
        params![consent.bytes(), token, number(fields), now_ms],
    )?;
    one_row(taken, Refusal::ConsentOver)
}

fn revoke(sql: &Connection, consent: TransactionId, person: PersonId, now_ms: i64) -> Effected {
    let ended = sql.run(
        "UPDATE consent SET revoked_ms = ?3 WHERE id = ?1 AND person = ?2 AND revoked_ms IS NULL",
        params![consent.bytes(), person.bytes(), now_ms],
    )?;
    one_row(ended, Refusal::NotFound)?;
    sql.run("DELETE FROM client_token WHERE consent = ?1", params![consent.bytes()])?;
    Ok(Answer::Nothing)
}

pub(super) fn sweep(sql: &Connection, now_ms: i64) -> sql::Result<()> {
    sql.run("DELETE FROM client_nonce WHERE at_ms < ?1", params![now_ms - NONCE_MS])?;
    sql.run("DELETE FROM client_day WHERE day < ?1", params![now_ms.div_euclid(DAY_MS) - 1])?;
    sql.run("DELETE FROM consent_request WHERE expires_ms < ?1", params![now_ms - HOUR_MS])?;
    sql.run("DELETE FROM client_token WHERE expires_ms < ?1", params![now_ms])?;
    Ok(())
}

/// A set of fields as a column has it: the numbers of fields are far below the sign.
fn number(fields: Fields) -> i64 {
    fields.0.cast_signed()
}
