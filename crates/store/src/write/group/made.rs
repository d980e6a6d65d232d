//! What the commands of a group write, when all of them are decided.

use super::super::citizen::{FAMILY, MEMBER, newcomers, sealed, sign_ins};
use super::super::facts::notices;
use super::super::work::{CERTIFICATE, DOSE, certificate_values, dose_values};
use super::known::{Known, Stock, stock, stock_params};
use super::{Id, keys};
use crate::command::{Book, Certify, Effect, FamilyHold, Joins, NewDose, Register};
use crate::rows::{Cause, SealedField};
use crate::sql::{self, Broken, Connection, Param, Step, ToParam};
use std::collections::BTreeMap;

/// What is written, by kind.
#[derive(Default)]
struct Made<'a> {
    new: Vec<&'a Register>,
    booked: Vec<&'a Book>,
    given: Vec<&'a NewDose>,
    certified: Vec<&'a Certify>,
    sealed: Vec<&'a SealedField>,
}

/// Statements, and how many rows each must change, where that is decided.
#[derive(Default)]
struct Steps<'a>(Vec<(Step<'a>, Option<usize>)>);

/// Writes what was decided, in a savepoint that stands when a constraint is against it.
pub(super) fn write(sql: &Connection, counted: &[Id], effects: &[&Effect], known: &Known) -> sql::Result<()> {
    let made = Made::of(effects);
    let days: Vec<String> = made.given.iter().map(|dose| dose.day.to_string()).collect();
    let mut steps = Steps::default();
    steps.rows("INSERT INTO appointment (id, person, session, slot, dose, place, status, code_version, code_hash, at_ms) {rows}", made.appointments());
    made.register(known, &mut steps);
    let told = made.notices();
    let many = told.len();
    steps.0.extend(notices(sql, told)?.map(|step| (step, Some(many))));
    steps.0.extend(sealed(made.sealed.iter().copied()).map(|step| (step, None)));
    made.take(&mut steps);
    made.give(&days, &mut steps);
    made.certify(&mut steps);
    if !counted.is_empty() {
        steps.add(keys("UPDATE person SET entries = entries + 1 WHERE id {keys}", counted), counted.len());
    }
    steps.run(sql)
}

impl<'a> Steps<'a> {
    fn add(&mut self, step: Step<'a>, rows: usize) {
        self.0.push((step, Some(rows)));
    }

    /// New rows, each of which must come to be.
    fn rows(&mut self, text: &'static str, rows: Vec<Vec<Param<'a>>>) {
        if !rows.is_empty() {
            let many = rows.len();
            self.add(Step::Rows(text, rows), many);
        }
    }

    /// Changes by rows of which any may find nothing to change.
    fn changes(&mut self, text: &'static str, rows: Vec<Vec<Param<'a>>>) {
        if !rows.is_empty() {
            self.0.push((Step::Rows(text, rows), None));
        }
    }

    fn run(self, sql: &Connection) -> sql::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let (mut steps, mut expected) = (vec![Step::One("SAVEPOINT many", Vec::new())], vec![None]);
        for (step, rows) in self.0 {
            steps.push(step);
            expected.push(rows);
        }
        steps.push(Step::One("RELEASE many", Vec::new()));
        let changed = sql.run_each(&steps)?;
        if changed.iter().zip(expected).all(|(rows, expected)| expected.is_none_or(|expected| *rows == expected)) {
            Ok(())
        } else {
            // Nobody but this writer writes: what was read a moment ago stands.
            Err(Broken::Engine("a group wrote something else than was decided".into()))
        }
    }
}

impl<'a> Made<'a> {
    fn of(effects: &[&'a Effect]) -> Self {
        let mut made = Self::default();
        for effect in effects {
            match effect {
                Effect::Register(new) => {
                    made.sealed.extend(&new.fields);
                    made.new.push(new);
                }
                Effect::Book(book) => {
                    made.sealed.extend(book.people.iter().map(|one| &one.code));
                    made.booked.push(book);
                }
                Effect::Dose(dose) => made.given.push(dose),
                Effect::Certify(new) => made.certified.push(new),
                Effect::Seal(fields) => made.sealed.extend(fields),
                _ => {}
            }
        }
        made
    }

    fn register(&self, known: &Known, steps: &mut Steps<'a>) {
        let [people, others @ ..] = newcomers(&self.new);
        steps.rows(people.0, people.1);
        for (text, rows) in others {
            steps.changes(text, rows);
        }
        let (mut pending, mut moved, mut members) = (Vec::new(), Vec::new(), Vec::new());
        for new in self.new.iter().filter(|new| known.joining.contains(new.person.bytes())) {
            let (phone, version, centre, family) = match &new.joins {
                Joins::Family(FamilyHold { phone, .. }) => (phone, 1, Param::Null, &mut moved),
                Joins::Pending { phone, centre } => (phone, 0, Param::whole(centre.0.into()), &mut pending),
                Joins::Alone => continue,
            };
            family.push(vec![phone.param(), Param::Int(version), new.now_ms.param()]);
            members.push(vec![phone.param(), new.person.bytes().param(), new.now_ms.param(), centre]);
        }
        steps.changes("INSERT INTO family (phone, version, active_ms) {rows} ON CONFLICT DO NOTHING", pending);
        steps.rows(FAMILY, moved);
        steps.rows(MEMBER, members);
        for new in &self.new {
            if let Joins::Family(hold) = &new.joins {
                steps.0.extend(sign_ins(hold).into_iter().map(|step| (step, None)));
            }
        }
    }

    fn appointments(&self) -> Vec<Vec<Param<'a>>> {
        let mut all = Vec::new();
        for book in &self.booked {
            for one in &book.people {
                let (id, person) = (book.appointment.bytes().param(), one.person.bytes().param());
                let (session, slot, dose) = (book.session.bytes().param(), book.slot.text().param(), book.dose.param());
                let (version, hash) = (one.code.version.param(), one.code_hash.param());
                let status = Param::Text("booked");
                all.push(vec![id, person, session, slot, dose, dose, status, version, hash, book.now_ms.param()]);
            }
        }
        all
    }

    fn notices(&self) -> Vec<Vec<Param<'a>>> {
        let cause = Param::whole(Cause::Changed.number().into());
        let of = |book: &&'a Book| {
            let (id, now_ms, people) = (book.appointment.bytes().param(), book.now_ms.param(), &book.people);
            people.iter().map(move |one| vec![one.person.bytes().param(), cause, id, now_ms])
        };
        self.booked.iter().flat_map(of).collect()
    }

    /// Places of sessions.
    fn take(&self, steps: &mut Steps<'a>) {
        let mut taken: BTreeMap<(&'a Id, u8), u64> = BTreeMap::new();
        for book in &self.booked {
            *taken.entry((book.session.bytes(), book.dose)).or_default() += book.people.len() as u64;
        }
        let row = |((session, dose), many): ((&'a Id, u8), u64)| {
            vec![session.param(), Param::whole(dose.into()), Param::whole(many)]
        };
        steps.rows(
            "WITH taken (session, dose, booked) AS ({rows})
             UPDATE place SET open = place.open - taken.booked, booked = place.booked + taken.booked FROM taken
             WHERE place.session = taken.session AND place.dose = taken.dose AND place.open >= taken.booked",
            taken.into_iter().map(row).collect(),
        );
    }

    /// Doses, drawn from their batches, counted, and each with its appointment.
    fn give(&self, days: &'a [String], steps: &mut Steps<'a>) {
        let (mut drawn, mut counted): (BTreeMap<Stock<'_>, u64>, BTreeMap<_, u64>) = Default::default();
        for (dose, day) in self.given.iter().zip(days) {
            *drawn.entry(stock(dose)).or_default() += 1;
            let about = [dose.number, dose.age / 10 * 10, dose.gender.id(), u8::from(dose.factor.is_some())];
            *counted.entry((dose.centre.0, day.as_str(), dose.vaccine.label(), about)).or_default() += 1;
        }
        let with = |mut values: Vec<Param<'a>>, many: u64| {
            values.push(Param::whole(many));
            values
        };
        steps.rows(
            "WITH drawn (centre, vaccine, number, given) AS ({rows})
             UPDATE batch SET given = batch.given + drawn.given FROM drawn
             WHERE batch.centre = drawn.centre AND batch.vaccine = drawn.vaccine AND batch.number = drawn.number",
            drawn.into_iter().map(|(stock, many)| with(stock_params(&stock), many)).collect(),
        );
        steps.rows(DOSE, self.given.iter().zip(days).map(|(dose, day)| dose_values(dose, day)).collect());
        let tally = |((centre, day, vaccine, about), many): ((u32, &'a str, &'a str, [u8; 4]), u64)| {
            let whole = |number: u8| Param::whole(number.into());
            let [number, age_from, gender, attested] = about.map(whole);
            let (centre, day, vaccine) = (Param::whole(centre.into()), Param::Text(day), Param::Text(vaccine));
            with(vec![centre, day, vaccine, number, age_from, gender, attested], many)
        };
        steps.rows(
            "INSERT INTO tally (centre, day, vaccine, number, age_from, gender, attested, doses) {rows}
             ON CONFLICT (centre, day, vaccine, number, age_from, gender, attested)
             DO UPDATE SET doses = tally.doses + excluded.doses",
            counted.into_iter().map(tally).collect(),
        );
        let at = |dose: &&'a NewDose| {
            dose.session.as_ref().map(|session| vec![dose.person.bytes().param(), session.bytes().param()])
        };
        // `COALESCE`, as where one dose is given: by the person's index, never by the session's.
        steps.changes(
            "WITH given (person, session) AS ({rows})
             UPDATE appointment SET status = 'done' FROM given
             WHERE appointment.person = given.person AND COALESCE(appointment.session, given.session) = given.session
             AND appointment.status IN ('booked', 'checked-in')",
            self.given.iter().filter_map(at).collect(),
        );
    }

    fn certify(&self, steps: &mut Steps<'a>) {
        steps.rows(CERTIFICATE, self.certified.iter().map(|new| certificate_values(new)).collect());
        let older = |new: &&'a Certify| {
            vec![new.person.bytes().param(), new.version.param(), Param::whole(new.older.number().into())]
        };
        steps.changes(
            "WITH newer (person, version, state) AS ({rows})
             UPDATE certificate SET state = newer.state FROM newer WHERE certificate.person = newer.person
             AND certificate.version < newer.version AND certificate.state < newer.state",
            self.certified.iter().map(older).collect(),
        );
    }
}
