//! What the commands of a group decide on, read at once; and how each is decided when those before it were.

use super::super::booking::{Standing, has_slot, just_so};
use super::super::citizen::{FAMILY_LIMIT, holds};
use super::super::views;
use super::{Id, keys, phone_of, subjects};
use crate::command::{Answer, Book, Certify, Command, Effect, FamilyHold, Joins, NewDose, Refusal, Register};
use crate::rows::View;
use crate::sql::{self, Broken, Column, Connection, Param, Step, Value};
use std::collections::{HashMap, HashSet};

type Phone = [u8; 32];

/// A batch by its centre, its vaccine and its number.
pub(super) type Stock<'a> = (u32, &'a str, &'a str);

/// All that a group decides on.
#[derive(Default)]
pub(super) struct Known {
    entries: HashMap<Id, u64>,
    /// Who is there already of those who register.
    taken: HashSet<Id>,
    /// Phones by the tokens of their live sign-ins.
    phones: HashMap<[u8; 32], Option<Phone>>,
    versions: HashMap<Phone, u64>,
    /// How many members a phone has, pending or not; with those whose registration in another shard is under way.
    members: HashMap<(Phone, bool), u32>,
    /// Who comes to a phone.
    pub(super) joining: HashSet<Id>,
    standing: HashMap<(Id, u8), Standing>,
    /// Of each session its slots, whether it is off, and centre, district, pincode.
    sessions: HashMap<Id, (String, bool, Option<[u32; 3]>)>,
    /// Open places by session and dose.
    open: HashMap<(Id, u8), usize>,
    /// Until when a batch is good, and how many doses it has.
    left: HashMap<(u32, String, String), (String, u64)>,
    given: HashSet<(Id, u8)>,
    certified: HashSet<(Id, u32)>,
}

/// A row of what was found, column by column.
struct Columns<'a>(&'a [Value]);

impl Columns<'_> {
    fn at<T: Column>(&self, at: usize) -> sql::Result<T> {
        self.0[at].read(at)
    }
}

/// Takes a row of what was found.
type Take = fn(&mut Known, &Columns<'_>) -> sql::Result<()>;

/// What the commands of a group name.
#[derive(Default)]
struct Named<'a> {
    subjects: Vec<Id>,
    tokens: Vec<[u8; 32]>,
    phones: Vec<Phone>,
    /// To which somebody comes.
    joined: Vec<Phone>,
    new: Vec<Id>,
    booked: Vec<Id>,
    sessions: Vec<Id>,
    given: Vec<Id>,
    stocks: Vec<Stock<'a>>,
    certified: Vec<Id>,
}

impl<'a> Named<'a> {
    fn of(commands: &'a [Command]) -> Self {
        let mut named = Self::default();
        for command in commands {
            named.subjects.extend(subjects(command).map(|(person, _)| person));
            named.tokens.extend(command.by);
            named.joined.extend(phone_of(&command.effect));
            match &command.effect {
                Effect::Register(new) => {
                    named.new.push(*new.person.bytes());
                    if let Joins::Family(hold) = &new.joins {
                        named.hold(hold);
                    }
                }
                Effect::Book(book) => {
                    named.hold(&book.by);
                    named.booked.extend(book.people.iter().map(|one| one.person.bytes()));
                    named.sessions.push(*book.session.bytes());
                }
                Effect::Dose(dose) => {
                    named.given.push(*dose.person.bytes());
                    named.stocks.push(stock(dose));
                }
                Effect::Certify(new) => named.certified.push(*new.person.bytes()),
                _ => {}
            }
        }
        named.stocks.sort_unstable();
        named.stocks.dedup();
        named
    }

    fn hold(&mut self, hold: &FamilyHold) {
        self.tokens.push(hold.token);
        self.phones.push(hold.phone);
    }

    /// What is asked, each with what is done with its rows.
    fn asks(&self) -> Vec<(Step<'_>, Take)> {
        let stocks: Vec<Vec<Param<'_>>> = self.stocks.iter().map(stock_params).collect();
        let mut all: Vec<(Step<'_>, Take)> = vec![
            (keys("SELECT id, entries FROM person WHERE id {keys}", &self.subjects), |known, row| {
                known.entries.insert(row.at(0)?, row.at(1)?);
                Ok(())
            }),
            (keys("SELECT id FROM person WHERE id {keys}", &self.new), |known, row| {
                known.taken.insert(row.at(0)?);
                Ok(())
            }),
            (keys("SELECT token, phone FROM sign_in WHERE token {keys}", &self.tokens), |known, row| {
                known.phones.insert(row.at(0)?, row.at(1)?);
                Ok(())
            }),
            (keys("SELECT phone, version FROM family WHERE phone {keys}", &self.phones), |known, row| {
                known.versions.insert(row.at(0)?, row.at(1)?);
                Ok(())
            }),
            (
                keys(
                    "SELECT phone, CASE WHEN pending_at IS NULL THEN 0 ELSE 1 END AS pending, COUNT(*) AS many
                     FROM member WHERE phone {keys} GROUP BY 1, 2",
                    &self.joined,
                ),
                Known::joined,
            ),
            (
                keys(
                    "SELECT phone, CASE WHEN pending_at IS NULL THEN 0 ELSE 1 END AS pending, COUNT(*) AS many
                     FROM claim WHERE phone {keys} AND kind = 'phone' AND state = 'claimed' GROUP BY 1, 2",
                    &self.joined,
                ),
                Known::joined,
            ),
            (
                keys(
                    "SELECT person, dose, id, session, slot FROM appointment
                     WHERE person {keys} AND status IN ('booked', 'checked-in', 'done')",
                    &self.booked,
                ),
                |known, row| {
                    known.standing.insert((row.at(0)?, row.at(1)?), (row.at(2)?, row.at(3)?, row.at(4)?));
                    Ok(())
                },
            ),
            (
                keys(
                    "SELECT s.id, s.slots, s.cancelled, c.id AS centre, c.district, c.pincode FROM session s
                     LEFT JOIN centre c ON c.id = s.centre WHERE s.id {keys}",
                    &self.sessions,
                ),
                |known, row| {
                    let centre: Option<u32> = row.at(3)?;
                    let about = centre.map(|centre| Ok::<_, Broken>([centre, row.at(4)?, row.at(5)?])).transpose()?;
                    known.sessions.insert(row.at(0)?, (row.at(1)?, row.at(2)?, about));
                    Ok(())
                },
            ),
            (keys("SELECT session, dose, open FROM place WHERE session {keys}", &self.sessions), |known, row| {
                known.open.insert((row.at(0)?, row.at(1)?), row.at(2)?);
                Ok(())
            }),
            (
                keys("SELECT person, number FROM dose WHERE person {keys} AND corrected_by IS NULL", &self.given),
                |known, row| {
                    known.given.insert((row.at(0)?, row.at(1)?));
                    Ok(())
                },
            ),
            (
                Step::Rows(
                    "WITH named (centre, vaccine, number) AS ({rows})
                     SELECT b.centre, b.vaccine, b.number, b.expires, b.doses - b.given AS remaining FROM batch b
                     JOIN named n ON n.centre = b.centre AND n.vaccine = b.vaccine AND n.number = b.number
                     WHERE b.stopped = 0 AND b.given < b.doses",
                    stocks,
                ),
                |known, row| {
                    known.left.insert((row.at(0)?, row.at(1)?, row.at(2)?), (row.at(3)?, row.at(4)?));
                    Ok(())
                },
            ),
            (keys("SELECT person, version FROM certificate WHERE person {keys}", &self.certified), |known, row| {
                known.certified.insert((row.at(0)?, row.at(1)?));
                Ok(())
            }),
        ];
        all.retain(|(step, _)| !step.is_empty());
        all
    }
}

impl Known {
    pub(super) fn read(sql: &Connection, commands: &[Command]) -> sql::Result<Self> {
        let named = Named::of(commands);
        let (steps, takes): (Vec<_>, Vec<_>) = named.asks().into_iter().unzip();
        let mut known = Self::default();
        for (found, take) in sql.find_each(&steps)?.iter().zip(takes) {
            found.iter().try_for_each(|row| take(&mut known, &Columns(row)))?;
        }
        Ok(known)
    }

    fn joined(&mut self, row: &Columns<'_>) -> sql::Result<()> {
        *self.members.entry((row.at(0)?, row.at(1)?)).or_default() += row.at::<u32>(2)?;
        Ok(())
    }

    /// What a command answers, and whether it makes anything but its entries.
    pub(super) fn decide(&mut self, command: &Command) -> Result<(Answer, bool), Refusal> {
        if command.by.is_some_and(|token| !self.phones.contains_key(&token)) {
            return Err(Refusal::SignedOut);
        }
        if !subjects(command).all(|(person, count)| self.entries.get(&person) == Some(&count)) {
            return Err(Refusal::Moved);
        }
        match &command.effect {
            Effect::Register(new) => self.register(new)?,
            Effect::Book(book) => return self.book(book),
            Effect::Dose(dose) => self.dose(dose)?,
            Effect::Certify(new) => self.certify(new)?,
            Effect::Seal(_) => {}
            _ => return Ok((Answer::Nothing, false)),
        }
        Ok((Answer::Nothing, true))
    }

    fn register(&mut self, new: &Register) -> Result<(), Refusal> {
        if self.taken.contains(new.person.bytes()) {
            return Err(Refusal::Conflict);
        }
        let joins = match &new.joins {
            Joins::Family(hold) => {
                self.held(hold)?;
                let room = self.room_for(hold.phone, false);
                room.then_some(()).ok_or(Refusal::FamilyFull)?;
                // The family moves on, and every other sign-in of the phone ends.
                self.versions.insert(hold.phone, hold.version + 1);
                self.phones.retain(|token, phone| *phone != Some(hold.phone) || *token == hold.token);
                true
            }
            Joins::Pending { phone, .. } => self.room_for(*phone, true),
            Joins::Alone => false,
        };
        if joins {
            self.joining.insert(*new.person.bytes());
        }
        Ok(())
    }

    fn held(&self, hold: &FamilyHold) -> Result<(), Refusal> {
        let live = self.phones.get(&hold.token).is_some_and(|phone| *phone == Some(hold.phone));
        holds(hold, live, self.versions.get(&hold.phone).copied())
    }

    fn room_for(&self, phone: Phone, pending: bool) -> bool {
        self.members.get(&(phone, pending)).is_none_or(|many| *many < FAMILY_LIMIT)
    }

    fn book(&mut self, book: &Book) -> Result<(Answer, bool), Refusal> {
        self.held(&book.by)?;
        let stands = |person: &Id| self.standing.get(&(*person, book.dose)).cloned();
        let standing: Vec<_> = book.people.iter().map(|one| stands(one.person.bytes())).collect();
        if let Some(appointment) = just_so(book, &standing)? {
            return Ok((Answer::Appointment(appointment), false));
        }
        let session = self.sessions.get(book.session.bytes());
        has_slot(session.map(|(slots, off, _)| (slots.as_str(), *off)), &book.slot)?;
        let open = self.open.get_mut(&(*book.session.bytes(), book.dose)).ok_or(Refusal::Full)?;
        *open = open.checked_sub(book.people.len()).ok_or(Refusal::Full)?;
        Ok((Answer::Appointment(book.appointment), true))
    }

    fn dose(&mut self, dose: &NewDose) -> Result<(), Refusal> {
        let (centre, vaccine, number) = stock(dose);
        let left = self.left.get_mut(&(centre, vaccine.to_owned(), number.to_owned()));
        let (_, left) = left
            .filter(|(expires, left)| *expires >= dose.day.to_string() && *left > 0)
            .ok_or(Refusal::BatchUnusable)?;
        if self.given.contains(&(*dose.person.bytes(), dose.number)) {
            return Err(Refusal::AlreadyGiven);
        }
        *left -= 1;
        Ok(())
    }

    fn certify(&self, new: &Certify) -> Result<(), Refusal> {
        let is_there = self.certified.contains(&(*new.person.bytes(), new.version));
        if is_there { Err(Refusal::Conflict) } else { Ok(()) }
    }

    /// The views that show a place which one of these effects took.
    pub(super) fn views_of(&self, made: &[&Effect]) -> sql::Result<Vec<View>> {
        let session =
            |effect: &&Effect| if let Effect::Book(book) = effect { Some(*book.session.bytes()) } else { None };
        let mut sessions: Vec<Id> = made.iter().filter_map(session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        let mut all = Vec::new();
        for [centre, district, pincode] in sessions.iter().filter_map(|id| self.sessions.get(id)?.2) {
            all.extend(views(centre, district, pincode)?);
        }
        Ok(all)
    }
}

/// From which batch a dose is.
pub(super) fn stock(dose: &NewDose) -> Stock<'_> {
    (dose.centre.0, dose.vaccine.label(), &dose.batch)
}

pub(super) fn stock_params<'a>((centre, vaccine, number): &Stock<'a>) -> Vec<Param<'a>> {
    vec![Param::whole((*centre).into()), Param::Text(vaccine), Param::Text(number)]
}
