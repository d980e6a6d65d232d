//! What is written last of a batch: the positions of its entries, and all rows that name one.

use super::facts::Beside;
use super::{Answered, Written, case, order, rights};
use crate::command::{CheckIn, Command, Done, Effect, Refusal, SeatAct, ShardStep, Visit, WalkIn};
use crate::rows::View;
use crate::sql::{self, Connection, Param, Step, ToParam, params};
use ledger::index::IndexRoot;

/// Gives every entry of the commands that were done its position: gap-free, in commit order.
pub(super) fn place_entries(
    sql: &Connection,
    commands: &[Command],
    outcomes: Vec<Result<Answered, Refusal>>,
    touched: Vec<View>,
) -> sql::Result<Written> {
    let leaves_entries = |outcome: &Result<Answered, Refusal>| matches!(outcome, Ok(done) if !done.repeat);
    let staged: usize =
        commands.iter().zip(&outcomes).filter(|(_, o)| leaves_entries(o)).map(|(c, _)| c.entries.len()).sum();
    let mut position: u64 =
        sql.only("UPDATE log_head SET next = next + ?1 RETURNING next - ?1", params![staged], |row| row.at(0))?;
    let (begin, mut applied, mut entries) = (position, Vec::with_capacity(commands.len()), Vec::with_capacity(staged));
    for (command, outcome) in commands.iter().zip(outcomes) {
        applied.push(match outcome {
            Ok(done) if done.repeat => Ok(Done { position: 0, answer: done.answer }),
            Ok(done) => {
                let first = position;
                entries.extend(&command.entries);
                position += command.entries.len() as u64;
                note_position(sql, command, first..position)?;
                Ok(Done { position: first, answer: done.answer })
            }
            Err(refusal) => Err(refusal),
        });
    }
    let leaves: Vec<_> = entries.iter().map(|entry| entry.leaf).collect();
    if entries.is_empty() {
        return Ok(Written { applied, begin, leaves, touched });
    }
    let tags: Vec<[u8; 32]> = leaves.iter().map(ledger::leaf::tag_of).collect();
    let (mut stage, mut tagged, mut beside) = (Vec::new(), Vec::new(), Beside::default());
    for ((position, entry), tag) in (begin..).zip(&entries).zip(&tags) {
        stage.push(vec![Param::whole(position), entry.leaf.param(), entry.sealed.param()]);
        tagged.push(vec![tag.param(), Param::whole(position)]);
        beside.note(entry, position);
    }
    let mut steps = vec![
        Step::Rows("INSERT INTO log_stage (position, leaf, sealed) {rows}", stage),
        Step::Rows("INSERT INTO log_tag (tag, position) {rows}", tagged),
    ];
    steps.extend(beside.facts());
    sql.run_each(&steps)?;
    beside.tell(sql)?;
    Ok(Written { applied, begin, leaves, touched })
}

/// Writes the positions of a command's entries where its effect keeps one.
fn note_position(sql: &Connection, command: &Command, at: std::ops::Range<u64>) -> sql::Result<()> {
    let first = at.start;
    match &command.effect {
        Effect::CheckIn(there)
        | Effect::WalkIn(WalkIn { check_in: there, .. })
        | Effect::Visit(Visit { there, .. }) => {
            note_check_in(sql, there, first)?;
        }
        Effect::Shard(ShardStep::Commit(commit)) => {
            if let SeatAct::WalkIn(WalkIn { check_in, .. }) = &commit.act {
                note_check_in(sql, check_in, first)?;
            }
        }
        Effect::Case(step) => case::note_position(sql, step, first)?,
        Effect::Order(step) => order::note_position(sql, step, command, first)?,
        Effect::AskMove(ask) => case::note_filing(sql, ask.file.id, first)?,
        // The erasure is the command's last entry.
        Effect::Erase(erase) => rights::explain(sql, at.end.saturating_sub(1), &erase.explained)?,
        Effect::Indexed(roots) => at.zip(roots).try_for_each(|(position, root)| index(sql, root, position))?,
        _ => {}
    }
    Ok(())
}

fn note_check_in(sql: &Connection, there: &CheckIn, at: u64) -> sql::Result<()> {
    let text = "UPDATE appointment SET check_in = ?3 WHERE id = ?1 AND person = ?2";
    sql.run(text, params![there.appointment.bytes(), there.person.bytes(), at]).map(|_| ())
}

fn index(sql: &Connection, root: &IndexRoot, position: u64) -> sql::Result<()> {
    let IndexRoot { span, from, to, head } = root;
    let sql_text = "INSERT INTO log_index VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = params![span.first_day, span.log2_days, from, to, head.size, head.root, position];
    sql.run(sql_text, row).map(|_| ())
}
