//! Alike commands that stand side by side in a batch, all in a few statements: what they decide on is read at once, each is
//! decided by the rules by which it would be alone, and what they write is written at once.
//!
//! A group ends before a person, or the phone of somebody who registers, comes a second time. So of all that one command decides
//! on, another changes nothing but places, batches, families and sign-ins; and those are counted here. Nobody else writes meanwhile.

mod known;
mod made;

use super::Answered;
use crate::command::{Command, Effect, Joins, Refusal};
use crate::rows::View;
use crate::sql::{self, Broken, Connection, Step, ToParam};
use known::Known;
use std::collections::HashSet;

type Id = [u8; 16];
type Done = (Vec<Result<Answered, Refusal>>, Vec<View>);

/// How many of the first commands make a group; none, if the first does not belong in one or would gain nothing there.
pub(super) fn first_of(commands: &[Command]) -> usize {
    let (mut people, mut phones) = (HashSet::new(), HashSet::new());
    let fits = |command: &&Command| {
        let Some(about) = about(&command.effect) else { return false };
        let subjects: Vec<Id> =
            command.entries.iter().filter_map(|entry| entry.subject).map(|one| *one.person.bytes()).collect();
        let others = about.iter().filter(|person| !subjects.contains(person));
        let own: Vec<Id> = subjects.iter().chain(others).copied().collect();
        let twice = |all: &[Id]| all.iter().enumerate().any(|(at, one)| all[..at].contains(one));
        command.once.is_none()
            && !twice(&about)
            && !twice(&own)
            && own.into_iter().all(|person| people.insert(person))
            && phone_of(&command.effect).is_none_or(|phone| phones.insert(*phone))
    };
    let many = commands.iter().take_while(fits).count();
    let gains = many > 1 || commands.first().is_some_and(|first| !matches!(first.effect, Effect::Append));
    if gains { many } else { 0 }
}

/// About whom an effect is; nothing, if it does not belong in a group.
fn about(effect: &Effect) -> Option<Vec<Id>> {
    match effect {
        Effect::Append => Some(Vec::new()),
        Effect::Register(new) => Some(vec![*new.person.bytes()]),
        Effect::Book(book) if !book.people.is_empty() => {
            Some(book.people.iter().map(|one| *one.person.bytes()).collect())
        }
        Effect::Dose(dose) => Some(vec![*dose.person.bytes()]),
        Effect::Certify(new) => Some(vec![*new.person.bytes()]),
        Effect::Seal(fields) => {
            let mut people: Vec<Id> = fields.iter().map(|field| *field.person.bytes()).collect();
            people.dedup();
            Some(people)
        }
        _ => None,
    }
}

/// The phone to which somebody new comes.
fn phone_of(effect: &Effect) -> Option<&[u8; 32]> {
    let Effect::Register(new) = effect else { return None };
    match &new.joins {
        Joins::Family(hold) => Some(&hold.phone),
        Joins::Pending { phone, .. } => Some(phone),
        Joins::Alone => None,
    }
}

/// Does a group; `None` if a constraint of a table stands against it, and nothing of it was written.
pub(super) fn together(sql: &Connection, commands: &[Command]) -> sql::Result<Option<Done>> {
    let mut known = Known::read(sql, commands)?;
    let (mut answers, mut counted, mut made) = (Vec::with_capacity(commands.len()), Vec::new(), Vec::new());
    for command in commands {
        let decided = known.decide(command);
        if let Ok((_, is_new)) = decided {
            counted.extend(subjects(command).map(|(person, _)| person));
            made.extend(is_new.then_some(&command.effect));
        }
        answers.push(decided.map(|(answer, _)| Answered { answer, repeat: false }));
    }
    match made::write(sql, &counted, &made, &known) {
        Ok(()) => Ok(Some((answers, known.views_of(&made)?))),
        Err(Broken::Constraint) => {
            sql.script("ROLLBACK TO many")?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whose entries a command counts, and from where. Whoever is new is counted when her row is made.
fn subjects(command: &Command) -> impl Iterator<Item = (Id, u64)> {
    let new = if let Effect::Register(new) = &command.effect { Some(new.person) } else { None };
    let subjects = command.entries.iter().filter_map(|entry| entry.subject);
    subjects.filter(move |one| Some(one.person) != new).map(|one| (*one.person.bytes(), one.count))
}

fn keys<'a, const N: usize>(text: &'static str, keys: &'a [[u8; N]]) -> Step<'a> {
    Step::Keys(text, keys.iter().map(ToParam::param).collect())
}
