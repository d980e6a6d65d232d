//! What is asked in person, at a centre.

use super::{Stop, citizen};
use crate::command::{Filer, Refusal};
use registry::PersonId;
use rusqlite::{Connection, params};

/// Whoever files may: by a live sign-in, or by being there. Where, if it is in person.
pub(super) fn may_file(sql: &Connection, person: PersonId, by: &Filer) -> Result<Option<u32>, Stop> {
    match by {
        Filer::Family(hold) => citizen::hold_family(sql, hold).map(|()| None),
        Filer::Present { appointment, centre } => {
            let there = sql
                .prepare_cached(
                    "SELECT 1 FROM appointment WHERE id = ?1 AND person = ?2 AND status IN ('checked-in', 'done')",
                )?
                .exists(params![appointment.bytes(), person.bytes()])?;
            if there { Ok(Some(centre.0)) } else { Err(Refusal::NotFound.into()) }
        }
    }
}
