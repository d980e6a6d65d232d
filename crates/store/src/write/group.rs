//! Looks and bookings that stand side by side in a batch, all in a few statements: what they decide on is read at once, each is
//! decided by the rules by which it would be alone, and what they write is written at once.
//!
//! A group ends before a person comes a second time, so of all that one command decides on, another changes nothing but the
//! places that are left; and those are counted here. Nobody else writes meanwhile.

use super::booking::{Standing, TAKE, has_slot, just_so};
use super::citizen::{holds, sealed};
use super::facts::NOTICES;
use super::{Answered, views};
use crate::command::{Answer, Book, Command, Effect, Refusal};
use crate::rows::{Cause, View};
use crate::sql::{self, Broken, Column, Connection, Found, Param, Step, ToParam, Value};
use std::collections::{BTreeMap, HashMap, HashSet};

type Id = [u8; 16];
type Done = (Vec<Result<Answered, Refusal>>, Vec<View>);

/// How many of the first commands make a group; none, if the first does not belong in one or would gain nothing there.
pub(super) fn first_of(commands: &[Command]) -> usize {
    let mut people = HashSet::new();
    let fits = |command: &&Command| {
        let booked = match &command.effect {
            Effect::Append => &[][..],
            Effect::Book(book) if !book.people.is_empty() => &book.people,
            _ => return false,
        };
        let subjects: Vec<Id> = subjects(command).map(|(person, _)| person).collect();
        let others = booked.iter().map(|one| *one.person.bytes()).filter(|person| !subjects.contains(person));
        let mut own: Vec<Id> = subjects.iter().copied().chain(others).collect();
        let all = own.len();
        own.sort_unstable();
        own.dedup();
        let twice = booked.iter().enumerate().any(|(at, one)| booked[..at].iter().any(|it| it.person == one.person));
        command.once.is_none() && !twice && own.len() == all && own.into_iter().all(|person| people.insert(person))
    };
    let many = commands.iter().take_while(fits).count();
    let gains = many > 1 || matches!(commands.first(), Some(Command { effect: Effect::Book(_), .. }));
    if gains { many } else { 0 }
}

/// Does a group; `None` if a constraint of a table stands against it, and nothing of it was written.
pub(super) fn together(sql: &Connection, commands: &[Command]) -> sql::Result<Option<Done>> {
    let mut known = Known::read(sql, commands)?;
    let (mut answers, mut counted, mut booked) = (Vec::with_capacity(commands.len()), Vec::new(), Vec::new());
    for command in commands {
        let decided = known.decide(command);
        if let Ok((_, is_new)) = decided {
            counted.extend(subjects(command).map(|(person, _)| person));
            booked.extend(match &command.effect {
                Effect::Book(book) if is_new => Some(book),
                _ => None,
            });
        }
        answers.push(decided.map(|(answer, _)| Answered { answer, repeat: false }));
    }
    match write(sql, &counted, &booked) {
        Ok(()) => Ok(Some((answers, known.views_of(&booked)?))),
        Err(Broken::Constraint) => {
            sql.script("ROLLBACK TO many")?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn subjects(command: &Command) -> impl Iterator<Item = (Id, u64)> {
    command.entries.iter().filter_map(|entry| entry.subject).map(|subject| (*subject.person.bytes(), subject.count))
}

/// All that a group decides on.
#[derive(Default)]
struct Known {
    entries: HashMap<Id, u64>,
    /// Phones by the tokens of their live sign-ins.
    phones: HashMap<[u8; 32], Option<[u8; 32]>>,
    versions: HashMap<[u8; 32], u64>,
    standing: HashMap<(Id, u8), Standing>,
    /// Of each session its slots, whether it is off, and centre, district, pincode.
    sessions: HashMap<Id, (String, bool, Option<[u32; 3]>)>,
    /// Open places by session and dose.
    open: HashMap<(Id, u8), usize>,
}

impl Known {
    fn read(sql: &Connection, commands: &[Command]) -> sql::Result<Self> {
        let subjects: Vec<Id> = commands.iter().flat_map(subjects).map(|(person, _)| person).collect();
        let books: Vec<&Book> = commands.iter().filter_map(book_of).collect();
        let mut steps = Vec::new();
        if !subjects.is_empty() {
            steps.push(keys("SELECT id, entries FROM person WHERE id {keys}", &subjects));
        }
        let tokens = commands.iter().flat_map(|one| one.by.into_iter().chain(book_of(one).map(|book| book.by.token)));
        let (tokens, phones): (Vec<_>, Vec<_>) = (tokens.collect(), books.iter().map(|book| book.by.phone).collect());
        let people: Vec<Id> = books.iter().flat_map(|book| &book.people).map(|one| *one.person.bytes()).collect();
        let sessions: Vec<Id> = books.iter().map(|book| *book.session.bytes()).collect();
        if !tokens.is_empty() {
            steps.push(keys("SELECT token, phone FROM sign_in WHERE token {keys}", &tokens));
        }
        if !books.is_empty() {
            steps.push(keys("SELECT phone, version FROM family WHERE phone {keys}", &phones));
            steps.push(keys(
                "SELECT person, dose, id, session, slot FROM appointment
                 WHERE person {keys} AND status IN ('booked', 'checked-in', 'done')",
                &people,
            ));
            steps.push(keys(
                "SELECT s.id, s.slots, s.cancelled, c.id AS centre, c.district, c.pincode FROM session s
                 LEFT JOIN centre c ON c.id = s.centre WHERE s.id {keys}",
                &sessions,
            ));
            steps.push(keys("SELECT session, dose, open FROM place WHERE session {keys}", &sessions));
        }
        let found = sql.find_each(&steps)?;
        let mut found = found.iter();
        let mut known = Self::default();
        if !subjects.is_empty() {
            each(found.next(), |row| Ok(known.entries.insert(row.at(0)?, row.at(1)?)))?;
        }
        if !tokens.is_empty() {
            each(found.next(), |row| Ok(known.phones.insert(row.at(0)?, row.at(1)?)))?;
        }
        each(found.next(), |row| Ok(known.versions.insert(row.at(0)?, row.at(1)?)))?;
        each(found.next(), |row| {
            Ok(known.standing.insert((row.at(0)?, row.at(1)?), (row.at(2)?, row.at(3)?, row.at(4)?)))
        })?;
        each(found.next(), |row| {
            let centre: Option<u32> = row.at(3)?;
            let about = centre.map(|centre| Ok::<_, Broken>([centre, row.at(4)?, row.at(5)?])).transpose()?;
            Ok(known.sessions.insert(row.at(0)?, (row.at(1)?, row.at(2)?, about)))
        })?;
        each(found.next(), |row| Ok(known.open.insert((row.at(0)?, row.at(1)?), row.at(2)?)))?;
        Ok(known)
    }

    /// What a command answers, and whether it makes anything but its entries.
    fn decide(&mut self, command: &Command) -> Result<(Answer, bool), Refusal> {
        if command.by.is_some_and(|token| !self.phones.contains_key(&token)) {
            return Err(Refusal::SignedOut);
        }
        if !subjects(command).all(|(person, count)| self.entries.get(&person) == Some(&count)) {
            return Err(Refusal::Moved);
        }
        let Some(book) = book_of(command) else { return Ok((Answer::Nothing, false)) };
        let live = self.phones.get(&book.by.token).is_some_and(|phone| *phone == Some(book.by.phone));
        holds(&book.by, live, self.versions.get(&book.by.phone).copied())?;
        let stands = |person: &Id| self.standing.get(&(*person, book.dose)).cloned();
        let standing: Vec<_> = book.people.iter().map(|one| stands(one.person.bytes())).collect();
        if let Some(appointment) = just_so(book, &standing)? {
            return Ok((Answer::Appointment(appointment), false));
        }
        let session = self.sessions.get(book.session.bytes());
        has_slot(session.map(|(slots, off, _)| (slots.as_str(), *off)), &book.slot)?;
        let open = self.open.get_mut(&place(book)).ok_or(Refusal::Full)?;
        *open = open.checked_sub(book.people.len()).ok_or(Refusal::Full)?;
        Ok((Answer::Appointment(book.appointment), true))
    }

    fn views_of(&self, booked: &[&Book]) -> sql::Result<Vec<View>> {
        let mut sessions: Vec<Id> = booked.iter().map(|book| *book.session.bytes()).collect();
        sessions.sort_unstable();
        sessions.dedup();
        let mut all = Vec::new();
        for [centre, district, pincode] in sessions.iter().filter_map(|id| self.sessions.get(id)?.2) {
            all.extend(views(centre, district, pincode)?);
        }
        Ok(all)
    }
}

/// Writes what was decided, in a savepoint that stands when a constraint is against it.
fn write(sql: &Connection, counted: &[Id], booked: &[&Book]) -> sql::Result<()> {
    if counted.is_empty() && booked.is_empty() {
        return Ok(());
    }
    let mut taken: BTreeMap<(Id, u8), usize> = BTreeMap::new();
    for book in booked {
        *taken.entry(place(book)).or_default() += book.people.len();
    }
    let mut steps = vec![Step::One("SAVEPOINT many", Vec::new())];
    let mut expected = vec![0];
    if !counted.is_empty() {
        steps.push(keys("UPDATE person SET entries = entries + 1 WHERE id {keys}", counted));
        expected.push(counted.len());
    }
    for ((session, dose), count) in &taken {
        steps.push(Step::One(TAKE, vec![session.param(), dose.param(), count.param()]));
        expected.push(1);
    }
    let many: usize = booked.iter().map(|book| book.people.len()).sum();
    if many > 0 {
        let [appointments, notices] = rows(booked);
        steps.push(Step::Rows(
            "INSERT INTO appointment (id, person, session, slot, dose, place, status, code_version, code_hash, at_ms) {rows}",
            appointments,
        ));
        steps.extend(sealed(booked.iter().flat_map(|book| &book.people).map(|one| &one.code)));
        steps.push(Step::Rows(NOTICES, notices));
        expected.extend([many; 3]);
    }
    steps.push(Step::One("RELEASE many", Vec::new()));
    expected.push(0);
    if sql.run_each(&steps)? == expected {
        Ok(())
    } else {
        // Nobody but this writer writes: what was read a moment ago stands.
        Err(Broken::Engine("a group wrote something else than was decided".into()))
    }
}

/// Appointments and notices of bookings.
fn rows<'a>(booked: &[&'a Book]) -> [Vec<Vec<Param<'a>>>; 2] {
    let mut all = [Vec::new(), Vec::new()];
    let (status, cause) = (Param::Text("booked"), Param::whole(Cause::Changed.number().into()));
    for book in booked {
        for one in &book.people {
            let (id, person) = (book.appointment.bytes().param(), one.person.bytes().param());
            let now_ms = book.now_ms.param();
            let (session, slot, dose) = (book.session.bytes().param(), book.slot.text().param(), book.dose.param());
            let (version, hash) = (one.code.version.param(), one.code_hash.param());
            all[0].push(vec![id, person, session, slot, dose, dose, status, version, hash, now_ms]);
            all[1].push(vec![person, cause, id, now_ms]);
        }
    }
    all
}

fn book_of(command: &Command) -> Option<&Book> {
    if let Effect::Book(book) = &command.effect { Some(book) } else { None }
}

fn place(book: &Book) -> (Id, u8) {
    (*book.session.bytes(), book.dose)
}

fn keys<'a, const N: usize>(text: &'static str, keys: &'a [[u8; N]]) -> Step<'a> {
    Step::Keys(text, keys.iter().map(ToParam::param).collect())
}

/// A row of what was found, column by column.
struct Columns<'a>(&'a [Value]);

impl Columns<'_> {
    fn at<T: Column>(&self, at: usize) -> sql::Result<T> {
        self.0[at].read(at)
    }
}

/// Takes every row of a step's answer, if the step was asked.
fn each<T>(found: Option<&Found>, mut take: impl FnMut(Columns<'_>) -> sql::Result<T>) -> sql::Result<()> {
    found.into_iter().flatten().try_for_each(|row| take(Columns(row)).map(|_| ()))
}
