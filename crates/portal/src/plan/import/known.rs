//! What is there already, read as far as a file names it.

use super::compare::Known;
use super::row::Row;
use super::{Kind, Line, RowProblem};
use crate::Failure;
use jiff::civil::Date;
use registry::CentreId;
use std::collections::{BTreeMap, HashSet};
use vault::{Staff, Vault};

/// Reads what the rows of a file are to be compared with.
///
/// # Errors
/// What the vault refuses.
pub(super) async fn known(
    vault: &Vault,
    staff: &Staff,
    kind: Kind,
    lines: &[Result<Line, RowProblem>],
) -> Result<Known, Failure> {
    let mut known = Known { today: vault.today(), myself: Some(staff.id), ..Known::default() };
    known.centres = vault.centres().await?.into_iter().map(|centre| (centre.id, centre)).collect();
    let rows = lines.iter().flatten().map(|line| &line.row);
    match kind {
        Kind::Centres => known.districts = vault.districts(None).await?.into_iter().map(|one| one.id).collect(),
        Kind::Staff => {}
        Kind::Sessions | Kind::Rosters => sessions(vault, staff, rows, &mut known).await?,
        Kind::Batches => batches(vault, staff, rows, &mut known).await?,
    }
    if matches!(kind, Kind::Staff | Kind::Rosters) {
        known.staff = vault.all_staff(staff).await?.into_iter().map(|row| (row.login.clone(), row)).collect();
    }
    if kind == Kind::Rosters {
        for session in known.sessions.keys().copied().collect::<Vec<_>>() {
            let roster: HashSet<_> = vault.roster(staff, session).await?.into_iter().collect();
            known.rosters.insert(session, roster);
        }
    }
    Ok(known)
}

async fn sessions(
    vault: &Vault,
    staff: &Staff,
    rows: impl Iterator<Item = &Row>,
    known: &mut Known,
) -> Result<(), Failure> {
    let mut spans: BTreeMap<CentreId, (Date, Date)> = BTreeMap::new();
    let mut named = HashSet::new();
    for row in rows {
        let (centre, day) = match row {
            Row::Session(session, _) => {
                named.insert(session.id);
                (session.centre, session.day)
            }
            Row::Roster(line) => (line.centre, line.day),
            _ => continue,
        };
        let span = spans.entry(centre).or_insert((day, day));
        *span = (span.0.min(day), span.1.max(day));
    }
    for (centre, (from, to)) in spans {
        let there = vault.agenda(staff, Some(centre), from, to).await?;
        known.sessions.extend(there.into_iter().map(|(offer, _)| (offer.session.id, offer.session)));
    }
    // An id that a file names may belong to a session of another centre or day.
    for id in named.into_iter().filter(|id| !known.sessions.contains_key(id)).collect::<Vec<_>>() {
        match vault.session(id).await {
            Ok(offer) => {
                known.sessions.insert(id, offer.session);
            }
            Err(vault::Refused::NotFound) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(())
}

async fn batches(
    vault: &Vault,
    staff: &Staff,
    rows: impl Iterator<Item = &Row>,
    known: &mut Known,
) -> Result<(), Failure> {
    let centres: HashSet<CentreId> =
        rows.filter_map(|row| if let Row::Batch(batch) = row { Some(batch.centre) } else { None }).collect();
    for centre in centres {
        let there = vault.batches(staff, centre).await?;
        known.batches.extend(there.into_iter().map(|row| ((centre, row.vaccine, row.number.clone()), row)));
    }
    Ok(())
}
