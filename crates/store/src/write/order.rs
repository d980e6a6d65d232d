//! Lawful orders: one row each, from filed to confirmed to looked at.

use super::{Effected, one_row};
use crate::command::{Answer, Command, FileOrder, OrderStep, OrderTurn, Refusal};
use crate::rows::Cause;
use crate::sql::{self, Connection, params};

pub(super) fn step(sql: &Connection, step: &OrderStep) -> Effected {
    match step {
        OrderStep::File(new) => file(sql, new),
        OrderStep::Confirm(turn) => turned(
            sql,
            *turn,
            "UPDATE lawful_order SET second = ?2 WHERE id = ?1 AND second IS NULL AND first <> ?2 AND until_ms > ?3",
        ),
        // Whose look it is, one row says for both.
        OrderStep::Look(turn) => turned(
            sql,
            *turn,
            "UPDATE lawful_order SET
               first_look_ms = CASE WHEN first = ?2 THEN ?3 ELSE first_look_ms END,
               second_look_ms = CASE WHEN second = ?2 THEN ?3 ELSE second_look_ms END
             WHERE id = ?1 AND confirmed_at IS NOT NULL AND until_ms > ?3
               AND ((first = ?2 AND first_look_ms IS NULL) OR (second = ?2 AND second_look_ms IS NULL))",
        ),
    }
}

fn file(sql: &Connection, new: &FileOrder) -> Effected {
    let standing = if new.held { "erased" } else { "registered" };
    let stands = sql.any("SELECT 1 FROM person p WHERE id = ?1 AND standing = ?2
             AND (standing = 'registered' OR EXISTS (SELECT 1 FROM leaver WHERE person = p.id AND keys_gone = 1 AND until_ms > ?3))", params![new.person.bytes(), standing, new.now_ms])?;
    if !stands {
        return Err(Refusal::NotFound.into());
    }
    let made = sql.run(
        "INSERT INTO lawful_order (id, number, person, held, paper, terms, filed_ms, until_ms, first)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        params![
            new.id,
            new.number.to_string(),
            new.person.bytes(),
            new.held,
            new.paper,
            new.terms,
            new.now_ms,
            new.until_ms,
            new.officer.bytes()
        ],
    )?;
    one_row(made, Refusal::Conflict)?;
    if !new.held {
        sql.run(
            "INSERT INTO notice (person, cause, appointment, due_ms) VALUES (?1, ?2, ?3, ?4)",
            params![new.person.bytes(), Cause::Letter.number(), new.id, new.until_ms],
        )?;
    }
    Ok(Answer::Nothing)
}

fn turned(sql: &Connection, turn: OrderTurn, text: &str) -> Effected {
    let done = sql.run(text, params![turn.order, turn.officer.bytes(), turn.now_ms])?;
    one_row(done, Refusal::NotFound)
}

/// Where the entries of both officers stand, in the log and among hers: every look rests on them.
pub(super) fn note_position(sql: &Connection, step: &OrderStep, command: &Command, position: u64) -> sql::Result<()> {
    let (text, order) = match step {
        OrderStep::File(new) => ("UPDATE lawful_order SET filed_at = ?2, filed_count = ?3 WHERE id = ?1", new.id),
        OrderStep::Confirm(turn) => {
            ("UPDATE lawful_order SET confirmed_at = ?2, confirmed_count = ?3 WHERE id = ?1", turn.order)
        }
        OrderStep::Look(_) => return Ok(()),
    };
    let count = command.entries.first().and_then(|entry| entry.subject).map(|subject| subject.count);
    sql.run(text, params![order, position, count]).map(|_| ())
}
