//! How commands become rows. One transaction a batch; each command in a savepoint of its own, so that a refused
//! one leaves nothing; the log positions come last.

mod booking;
mod case;
mod citizen;
mod claim;
mod consent;
mod door;
mod draw;
mod facts;
mod group;
mod order;
mod place;
mod positions;
mod present;
mod rights;
mod shard;
mod work;

use crate::command::{Answer, Applied, ClaimStep, Command, Effect, FamilyHold, Membership, Once, Refusal, Resume};
use crate::rows::{SealedField, View};
use crate::sql::{self, Broken, Connection, params};
use crate::versions::told;
pub(crate) use booking::just_so;
use registry::{PersonId, SessionId};

/// Why an effect stopped.
enum Stop {
    /// By a rule: the caller is told.
    Refused(Refusal),
    /// By the engine.
    Broken(sql::Broken),
}

impl From<sql::Broken> for Stop {
    fn from(error: sql::Broken) -> Self {
        Self::Broken(error)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

type Effected<T = Answer> = Result<T, Stop>;

/// A batch under way: the transaction, and the views whose open places it changed.
struct Batch<'a> {
    sql: &'a Connection,
    touched: Vec<View>,
}

/// A batch that was written.
pub(crate) struct Written {
    /// What became of each command, in order.
    pub(crate) applied: Vec<Applied>,
    /// The position of the first new leaf.
    pub(crate) begin: u64,
    /// The new leaves, in the order of their positions.
    pub(crate) leaves: Vec<[u8; ledger::LEAF_BYTES]>,
    /// The views whose open places changed.
    pub(crate) touched: Vec<View>,
}

/// Applies a batch; durable when it returns.
pub(crate) fn batch(sql: &Connection, commands: &[Command]) -> sql::Result<Written> {
    sql.begin()?;
    let written = all(sql, commands).and_then(|written| {
        if !written.touched.is_empty() {
            sql.tell(&told(&written.touched))?;
        }
        Ok(written)
    });
    sql.script(if written.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    written
}

fn all(sql: &Connection, commands: &[Command]) -> sql::Result<Written> {
    let mut touched = Vec::new();
    let mut outcomes = Vec::with_capacity(commands.len());
    while outcomes.len() < commands.len() {
        let rest = &commands[outcomes.len()..];
        // To an engine across a wire, alike commands go together; what stands against one of them is then found one by one.
        let together = if sql.is_far() { group::first_of(rest) } else { 0 };
        if together > 0
            && let Some((done, views)) = group::together(sql, &rest[..together])?
        {
            outcomes.extend(done);
            touched.extend(views);
            continue;
        }
        for command in &rest[..together.max(1)] {
            outcomes.push(alone(sql, command, &mut touched)?);
        }
    }
    positions::place_entries(sql, commands, outcomes, touched)
}

/// A command in a savepoint of its own, if it needs one.
fn alone(sql: &Connection, command: &Command, touched: &mut Vec<View>) -> sql::Result<Result<Answered, Refusal>> {
    let mut batch = Batch { sql, touched: Vec::new() };
    let savepoint = !is_one_statement(command);
    if savepoint {
        sql.script("SAVEPOINT command")?;
    }
    let outcome = one(&mut batch, command);
    if savepoint {
        sql.script(if outcome.is_ok() { "RELEASE command" } else { "ROLLBACK TO command" })?;
    }
    match outcome {
        Ok(answer) => {
            touched.append(&mut batch.touched);
            Ok(Ok(answer))
        }
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        // A constraint that one command broke is that command's own matter.
        Err(Stop::Broken(Broken::Constraint)) if savepoint => Ok(Err(Refusal::Conflict)),
        Err(Stop::Broken(error)) => Err(error),
    }
}

/// A look: it counts one entry, or is refused and has changed nothing, so it needs no savepoint.
fn is_one_statement(command: &Command) -> bool {
    matches!(command.effect, Effect::Append) && command.once.is_none() && command.entries.len() <= 1
}

/// What one command answered, and whether it is a repeat whose entries stand already.
struct Answered {
    answer: Answer,
    repeat: bool,
}

fn one(batch: &mut Batch<'_>, command: &Command) -> Result<Answered, Stop> {
    if let Some(token) = command.by {
        // Writers wait for each other, so a sign-in that stands here stands until the batch is done.
        let lives = batch.sql.any("SELECT 1 FROM sign_in WHERE token = ?1", params![token])?;
        if !lives {
            return Err(Refusal::SignedOut.into());
        }
    }
    if let Some(answer) = command.once.and_then(|once| answered(batch.sql, &once).transpose()).transpose()? {
        return Ok(Answered { answer, repeat: true });
    }
    for subject in command.entries.iter().filter_map(|entry| entry.subject) {
        // A registration makes the row; its first tag is counted there.
        if registers(&command.effect) != Some(subject.person) {
            count_entry(batch.sql, subject.person, subject.count)?;
        }
    }
    let answer = effect(batch, &command.effect)?;
    if let Some(once) = command.once {
        let text = serde_json::to_string(&answer).expect("an answer is plain data");
        let sql = "INSERT INTO done (scope, key, at_ms, answer) VALUES (?1, ?2, ?3, ?4)";
        batch.sql.run(sql, params![once.scope, once.key, once.at_ms, text])?;
    }
    Ok(Answered { answer, repeat: false })
}

/// Whom a command registers.
fn registers(effect: &Effect) -> Option<PersonId> {
    match effect {
        Effect::Register(new) => Some(new.person),
        Effect::Claim(step) => match &**step {
            ClaimStep::Enter(enter) => Some(enter.new.person),
            _ => None,
        },
        _ => None,
    }
}

pub(crate) fn answered(sql: &Connection, once: &Once) -> sql::Result<Option<Answer>> {
    let text: Option<String> =
        sql.one("SELECT answer FROM done WHERE scope = ?1 AND key = ?2", params![once.scope, once.key], |row| {
            row.at(0)
        })?;
    Ok(text.map(|text| serde_json::from_str(&text).expect("an answer was written by us")))
}

/// Whether a sign-in lives and knows its family as it is, for whoever writes in another shard.
pub(crate) fn holds_family(sql: &Connection, hold: &FamilyHold) -> sql::Result<Result<(), Refusal>> {
    refused(citizen::hold_family(sql, hold))
}

/// Whether somebody may be confirmed at her phone, or not, for whoever writes it down in another shard first.
pub(crate) fn may_confirm(sql: &Connection, membership: &Membership) -> sql::Result<Result<(), Refusal>> {
    refused(citizen::may_confirm(sql, membership).map(drop))
}

fn refused(may: Result<(), Stop>) -> sql::Result<Result<(), Refusal>> {
    match may {
        Ok(()) => Ok(Ok(())),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Broken(error)) => Err(error),
    }
}

fn count_entry(sql: &Connection, person: PersonId, count: u64) -> Result<(), Stop> {
    if sql
        .run("UPDATE person SET entries = entries + 1 WHERE id = ?1 AND entries = ?2", params![person.bytes(), count])?
        == 1
    {
        Ok(())
    } else {
        Err(Refusal::Moved.into())
    }
}

fn tiled(sql: &Connection, below: u64) -> Effected {
    sql.run("DELETE FROM log_stage WHERE position < ?1", params![below])?;
    Ok(Answer::Nothing)
}

fn resume(sql: &Connection, resume: &Resume) -> Effected {
    let ahead = sql.run("UPDATE log_head SET next = ?1 WHERE next < ?1", params![resume.next])?;
    one_row(ahead, Refusal::Conflict)?;
    // How many looks were taken since is not known here: a new consent is asked.
    sql.run("UPDATE consent SET used = reads", params![])?;
    for (tag, position) in &resume.tags {
        sql.run("INSERT INTO log_tag VALUES (?1, ?2)", params![tag, position])?;
    }
    for (person, count) in &resume.counts {
        let sql_text = "UPDATE person SET entries = ?2 WHERE id = ?1 AND entries < ?2";
        sql.run(sql_text, params![person.bytes(), count])?;
    }
    Ok(Answer::Nothing)
}

fn effect(batch: &mut Batch<'_>, effect: &Effect) -> Effected {
    match effect {
        // The rows of indexes need the positions of their entries, and come with them.
        Effect::Append | Effect::Indexed(_) => Ok(Answer::Nothing),
        Effect::SendCode(send) => door::send_code(batch.sql, send),
        Effect::TryCode(attempt) => door::try_code(batch.sql, attempt),
        Effect::Spend(spend) => door::spend_of(batch.sql, spend),
        Effect::SignIn(sign_in) => door::sign_in(batch.sql, sign_in),
        Effect::Browser(browser) => facts::browser(batch.sql, browser),
        Effect::Compared(compared) => facts::compared(batch.sql, compared),
        Effect::Audit(audit) => facts::audit(batch.sql, audit),
        Effect::SignOut { token } => door::sign_out(batch.sql, token),
        Effect::Touch { token, idle_ms } => door::touch(batch.sql, token, *idle_ms),
        Effect::WrongProof { phone, now_ms } => door::wrong_proof(batch.sql, phone, *now_ms),
        Effect::StaffFailed { staff, now_ms } => door::staff_failed(batch.sql, *staff, *now_ms),
        Effect::Sweep { now_ms } => door::sweep(batch.sql, *now_ms),
        Effect::Consent(effect) => consent::effect(batch.sql, effect),
        Effect::Register(new) => citizen::register(batch.sql, new),
        Effect::Membership(membership) => citizen::membership(batch.sql, membership),
        Effect::Erase(erase) => rights::erase(batch, erase),
        Effect::Forget { person, erasure } => rights::forget(batch, *person, erasure.as_deref()),
        Effect::KeysGone { person } => rights::keys_gone(batch.sql, *person),
        Effect::HoldEnded { person } => rights::hold_ended(batch.sql, *person),
        Effect::StartMove(start) => rights::start_move(batch.sql, start),
        Effect::StopMove { id, phone, now_ms } => rights::stop_move(batch.sql, id, phone.as_ref(), *now_ms),
        Effect::AskMove(ask) => present::ask_move(batch.sql, ask),
        Effect::ObjectMove { id, phone, now_ms } => present::object(batch.sql, id, phone, *now_ms),
        Effect::Guarded(guarded) => present::guarded(batch.sql, guarded),
        Effect::OfAge { person, now_ms } => {
            let has_kin = batch.sql.any(crate::read::present::KIN, params![person.bytes()])?;
            present::of_age(batch.sql, *person, has_kin, *now_ms)
        }
        Effect::EndMove(end) => rights::end_move(batch.sql, end),
        Effect::Void { person } => citizen::void(batch.sql, *person),
        Effect::Seal(fields) => citizen::seal(batch.sql, fields),
        Effect::Book(book) => booking::book(batch, book),
        Effect::Move(change) => booking::change(batch, change),
        Effect::Cancel { appointment, people } => booking::cancel(batch, *appointment, people),
        Effect::CallOff { session, now_ms } => booking::call_off(batch, *session, *now_ms),
        Effect::WrongCode { appointment, person } => work::wrong_code(batch.sql, *appointment, *person),
        Effect::WrongCard { person } => work::wrong_card(batch.sql, *person),
        Effect::CheckIn(check_in) => work::check_in(batch.sql, check_in),
        Effect::WalkIn(walk_in) => work::walk_in(batch, walk_in),
        Effect::Visit(visit) => present::visit(batch.sql, visit),
        Effect::Dose(dose) => work::dose(batch.sql, dose),
        Effect::Correct { wrong, right } => work::correct(batch.sql, *wrong, right),
        Effect::Attest { dose, person, factor } => work::attest(batch.sql, *dose, *person, *factor),
        Effect::Observed { dose } => work::observed(batch.sql, *dose),
        Effect::Certify(certificate) => work::certify(batch.sql, certificate),
        Effect::Case(step) => case::step(batch, step),
        Effect::Order(step) => order::step(batch.sql, step),
        Effect::Shard(step) => shard::step(batch, step),
        Effect::Claim(step) => claim::step(batch.sql, step),
        Effect::Tiled { below } => tiled(batch.sql, *below),
        Effect::Resume(resume) => self::resume(batch.sql, resume),
        Effect::Recount => work::recount(batch.sql),
        Effect::Specimens(fields) => specimens(batch.sql, fields),
        Effect::Geography { states, districts } => place::geography(batch.sql, states, districts),
        Effect::Centre(centre) => place::centre(batch, centre),
        Effect::Staff(staff) => place::staff(batch.sql, staff),
        Effect::StaffChange(change) => place::staff_change(batch.sql, change),
        Effect::Roster { session, staff, on } => place::roster(batch.sql, *session, *staff, *on),
        Effect::Batch(row) => place::batch(batch.sql, row),
        Effect::StopBatch { vaccine, number } => place::stop_batch(batch.sql, *vaccine, number),
        Effect::Publish(session) => place::publish(batch, session),
        Effect::NoticeSent { notice, now_ms } => booking::notice_sent(batch.sql, *notice, *now_ms),
        Effect::NoticeFailed { notice, again_ms } => booking::notice_failed(batch.sql, *notice, *again_ms),
        Effect::All(effects) => {
            let mut changed = 0;
            for one in effects {
                match self::effect(batch, one)? {
                    Answer::Count(rows) => changed += rows,
                    _ => changed += 1,
                }
            }
            Ok(Answer::Count(changed))
        }
    }
}

/// The views that show a centre's sessions.
fn views(centre: u32, district: u32, pincode: u32) -> sql::Result<[View; 4]> {
    Ok([
        View::Everywhere,
        View::Centre(registry::CentreId(centre)),
        View::District(registry::DistrictId(district)),
        View::Pincode(registry::Pincode::new(pincode).map_err(|_| Broken::Column("pincode".into()))?),
    ])
}

impl Batch<'_> {
    /// Notes that a session's open places changed, for all views that show it.
    fn touch(&mut self, session: SessionId) -> sql::Result<()> {
        let sql = "SELECT c.id, c.district, c.pincode FROM session s JOIN centre c ON c.id = s.centre WHERE s.id = ?1";
        let views = self.sql.one(sql, params![session.bytes()], |row| views(row.at(0)?, row.at(1)?, row.at(2)?));
        self.touched.extend(views?.into_iter().flatten());
        Ok(())
    }
}

/// Tables beside those of people, which no migration makes.
fn specimens(sql: &Connection, fields: &[SealedField]) -> Effected {
    sql.script(
        "DROP TABLE IF EXISTS specimen;
         DROP TABLE IF EXISTS specimen_sealed;
         CREATE TABLE specimen (
           id BLOB PRIMARY KEY, standing TEXT NOT NULL DEFAULT 'registered', entries INTEGER NOT NULL DEFAULT 0,
           tag_key BLOB NOT NULL DEFAULT x'', reference_last_four TEXT NOT NULL DEFAULT '0000',
           language TEXT NOT NULL DEFAULT 'en'
         ) WITHOUT ROWID;
         CREATE TABLE specimen_sealed (
           person BLOB NOT NULL, field INTEGER NOT NULL, version INTEGER NOT NULL, salt BLOB NOT NULL, body BLOB NOT NULL,
           PRIMARY KEY (person, field, version)
         ) WITHOUT ROWID;",
    )?;
    for field in fields {
        sql.run("INSERT INTO specimen (id) VALUES (?1) ON CONFLICT DO NOTHING", params![field.person.bytes()])?;
        sql.run(
            "INSERT INTO specimen_sealed VALUES (?1, ?2, ?3, ?4, ?5)",
            params![field.person.bytes(), field.field, field.version, field.salt, field.body],
        )?;
    }
    Ok(Answer::Nothing)
}

/// Ends a statement that must have touched exactly one row.
fn one_row(changed: usize, otherwise: Refusal) -> Effected {
    if changed == 1 { Ok(Answer::Nothing) } else { Err(otherwise.into()) }
}
