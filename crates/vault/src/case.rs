//! Her rights as cases: what she files, sees of it and takes back. What officers do stands in `case/desk.rs`.

mod desk;
mod present;
mod settle;

pub use desk::{CaseFile, Decision, Judgement, OtherRecord};

use crate::caller::{Actor, Citizen, Staff};
use crate::gate::{Act, Draft, openings};
use crate::grant::{Evidence, Grant, Ground};
use crate::{Refused, Vault};
use ledger::{Field, GrantKind, Kind, Opening, Purpose};
use registry::case::{CaseNumber, Claim, OPEN_DAYS, State, words};
use registry::{CaseId, PersonId};
use std::future::ready;
use std::sync::Arc;
use store::command::{CaseStep, Effect, FileCase, Filer};
use store::rows::{CaseRow, PersonRow};

const DAY_MS: i64 = 86_400_000;

impl Vault {
    /// Files a case about a member of the family, with what she says in her own words. The same key files it once.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else, or a dose that does not stand; [`store::Refusal::Conflict`] while another
    /// case of this kind is open; [`Refused::Malformed`] for more words than fit.
    pub async fn file_case(
        &self,
        citizen: &Citizen,
        person: PersonId,
        claim: &Claim,
        said: &str,
        once: &[u8; 16],
    ) -> Result<CaseNumber, Refused> {
        citizen.grant(person)?;
        let filing = Filing { person, grant: GrantKind::CitizenOtp, by: Filer::Family(citizen.hold()) };
        self.file(&citizen.actor(), &filing, claim, said, once).await
    }

    /// Writes a case down, with the entry on which every look by it rests.
    async fn file(
        &self,
        actor: &Actor,
        filing: &Filing,
        claim: &Claim,
        said: &str,
        once: &[u8; 16],
    ) -> Result<CaseNumber, Refused> {
        let person = filing.person;
        let text = claim.sealed_with(words(said)?);
        let chance = self.secrets.code_hash(&[b"case", &actor.holder], once);
        let id = CaseId::from_random(chance[..16].try_into().expect("sixteen of thirty-two"));
        let number = CaseNumber::from_random(chance[16..24].try_into().expect("eight of thirty-two"));
        if self.store.read(move |store| store.case(id)).await?.is_some_and(|row| row.person == person) {
            return Ok(number);
        }
        let now_ms = self.now_ms();
        let (claim, text) = (claim, text.as_str());
        let plan = |rows: Arc<Vec<PersonRow>>| async move {
            let sealed = self.seal_next(&rows[0], Field::Case, text).await?;
            let file = FileCase {
                id,
                number,
                begins: claim.kind().begins(),
                kind: claim.kind(),
                person,
                dose: claim.dose(),
                text: sealed,
                now_ms,
                due_ms: now_ms + claim.kind().days() * DAY_MS,
                until_ms: now_ms + OPEN_DAYS * DAY_MS,
                by: filing.by.clone(),
            };
            let draft = Draft { grant: filing.grant, ..hers(person, Kind::Case, id) };
            Ok(Act::new(vec![draft], Effect::Case(CaseStep::File(Box::new(file)))))
        };
        self.act(actor, &[person], plan).await.map(|_| number)
    }

    /// Cases of a member of the family, newest first. Opens nothing.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else.
    pub async fn cases(&self, citizen: &Citizen, person: PersonId) -> Result<Vec<CaseRow>, Refused> {
        citizen.grant(person)?;
        Ok(self.store.read(move |store| store.cases_of(person)).await?)
    }

    /// One case of a member of the family.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else's.
    pub async fn case(&self, citizen: &Citizen, person: PersonId, number: CaseNumber) -> Result<CaseRow, Refused> {
        let cases = self.cases(citizen, person).await?;
        cases.into_iter().find(|row| row.number == number).ok_or(Refused::NotFound)
    }

    /// Takes a case back while it is open: from now on nobody looks by it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else's and for one that is closed.
    pub async fn withdraw_case(&self, citizen: &Citizen, person: PersonId, number: CaseNumber) -> Result<(), Refused> {
        let id = self.case(citizen, person, number).await?.id;
        let step = CaseStep::Withdraw { case: id, person, now_ms: self.now_ms() };
        let plan = |_| {
            // Not a CASE entry: what takes a right back must never serve as the ground of a look.
            let draft = hers(person, Kind::Revoke, id);
            ready(Ok(Act::new(vec![draft], Effect::Case(step.clone()))))
        };
        self.act(&citizen.actor(), &[person], plan).await.map(|_| ())
    }

    /// Joins a case from the other of two records: with this sign-in, both have shown that they are hers.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else, and for a number under which no case waits to be joined.
    pub async fn join_case(&self, citizen: &Citizen, person: PersonId, number: CaseNumber) -> Result<(), Refused> {
        citizen.grant(person)?;
        let row = self.store.read(move |store| store.case_numbered(number)).await?;
        let waits = |row: &CaseRow| row.state == State::Joining && row.until_ms > self.now_ms() && row.person != person;
        let Some(row) = row.filter(waits) else {
            self.note_refusal(&citizen.actor(), Purpose::Case).await?;
            return Err(Refused::NotFound);
        };
        let step = CaseStep::Join { case: row.id, person, by: citizen.hold(), now_ms: self.now_ms() };
        let plan = |_| {
            let draft = hers(person, Kind::Case, row.id);
            ready(Ok(Act::new(vec![draft], Effect::Case(step.clone()))))
        };
        self.act(&citizen.actor(), &[person], plan).await.map(|_| ())
    }

    /// How a member's record stands to others of hers. Opens nothing.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else.
    pub async fn joined(&self, citizen: &Citizen, person: PersonId) -> Result<Joined, Refused> {
        citizen.grant(person)?;
        let pairs = self.store.read(move |store| store.merged_with(person)).await?;
        Ok(match pairs.first() {
            None => Joined::No,
            Some((from, _)) if *from == person => Joined::Elsewhere,
            Some(_) => Joined::With,
        })
    }

    /// Takes joined records apart again, from either of them. What was given since stays where it was written down.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else, and where nothing was joined.
    pub async fn part_records(&self, citizen: &Citizen, person: PersonId) -> Result<(), Refused> {
        let grant = citizen.grant(person)?;
        let pairs = self.store.read(move |store| store.merged_with(person)).await?;
        let others = pairs.iter().map(|(from, into)| if *from == person { *into } else { *from });
        let people: Vec<PersonId> = std::iter::once(person).chain(others).collect();
        let step = CaseStep::Part { person, by: citizen.hold() };
        let plan = |_| {
            let own = Draft::under(&grant, Kind::Write, Purpose::Case, Vec::new());
            // The others learn of it from their lists; what was looked at, nothing was.
            let theirs = people[1..].iter().map(|other| Draft::about(*other, Kind::Write, Purpose::Case));
            ready(Ok(Act::new(std::iter::once(own).chain(theirs).collect(), Effect::Case(step.clone()))))
        };
        self.act(&citizen.actor(), &people, plan).await.map(|_| ())
    }

    /// Seals the next version of a field of hers.
    pub(crate) async fn seal_next(
        &self,
        row: &PersonRow,
        field: Field,
        plain: &str,
    ) -> Result<store::rows::SealedField, Refused> {
        let version = openings(row, &[field]).first().map_or(1, |newest| newest.version + 1);
        let mut sealed = self.seal_versions(row.id, &[Opening { field, version }], std::iter::once(plain)).await?;
        Ok(sealed.remove(0))
    }
}

/// Her own act on a case, whose id is the evidence: a look by the case rests on the one by which she filed it.
fn hers(person: PersonId, kind: Kind, case: CaseId) -> Draft {
    Draft { grant: GrantKind::CitizenOtp, evidence: *case.bytes(), ..Draft::about(person, kind, Purpose::Case) }
}

/// Who files a case about whom, and by what right.
struct Filing {
    person: PersonId,
    grant: GrantKind,
    by: Filer,
}

/// How a record stands to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// It stands alone.
    No,
    /// Its doses are found in another.
    Elsewhere,
    /// The doses of another are found in it.
    With,
}

/// An officer's right by a case. It never leaves the vault: what is opened by it is what the case's kind allows.
fn right(staff: &Staff, row: &CaseRow) -> Grant {
    right_over(staff, row, row.person, row.opened)
}

/// Of two records, the right over the other: it rests on the joining of its own holder.
fn right_over_other(staff: &Staff, row: &CaseRow) -> Option<Grant> {
    Some(right_over(staff, row, row.other?, row.other_opened))
}

fn right_over(staff: &Staff, row: &CaseRow, subject: PersonId, position: u64) -> Grant {
    let ground = Some(Ground::Position(position));
    Grant::Case(Evidence { subject, on: *row.id.bytes(), holder: staff.token, ground })
}
