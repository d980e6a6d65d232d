//! The officers' desk: two for each case, one subject, the fields of its kind, an end.

use super::{right, right_over_other};
use crate::caller::{Actor, Staff};
use crate::gate::{Act, Draft, openings};
use crate::grant::Grant;
use crate::record::Fields;
use crate::{Disclosed, Refused, Vault};
use jiff::civil::Date;
use ledger::{Field, Kind, Purpose};
use registry::case::{self, CaseNumber, Claim, Detail, FoundDose, Reason, State, Verdict};
use registry::{Gender, Role, Wrong};
use std::future::ready;
use std::sync::Arc;
use store::command::{CaseStep, CaseTurn, Effect, Judge, Settlement};
use store::rows::{CaseRow, DoseRow, PersonRow};

/// Cases that the queue shows at most.
const QUEUE: u32 = 200;

/// What an officer who has a case sees: what she wrote, and what the kind of the case allows.
pub struct CaseFile {
    /// What she says is right.
    pub claim: Claim,
    /// In her own words.
    pub words: String,
    /// Her name.
    pub name: Option<String>,
    /// Her year of birth, as it stands.
    pub birth_year: Option<u16>,
    /// Her gender, as it stands.
    pub gender: Option<Gender>,
    /// Her identity document: CoWIN's id of its kind, last four characters.
    pub id_document: Option<(u8, String)>,
    /// The dose it is about, or all of hers.
    pub doses: Vec<DoseRow>,
    /// The other of two records.
    pub other: Option<OtherRecord>,
}

/// What an officer sees of the other of two records: the same as of the first.
pub struct OtherRecord {
    /// Name.
    pub name: String,
    /// Year of birth.
    pub birth_year: u16,
    /// Gender.
    pub gender: Gender,
    /// Identity document: CoWIN's id of its kind, last four characters.
    pub id_document: Option<(u8, String)>,
    /// Doses.
    pub doses: Vec<DoseRow>,
}

/// What a first officer decides.
pub struct Decision {
    /// Whether she is right.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The dose that was found, where one was missing.
    pub found: Option<FoundDose>,
}

/// What a second officer decides of it.
pub enum Judgement {
    /// The same.
    Agree,
    /// She would not do it, and why.
    Against(Reason),
    /// She would not refuse it: others look at it afresh.
    Afresh,
}

impl Vault {
    /// Open cases, the first to be answered first. Nothing sealed, so nothing is opened.
    ///
    /// # Errors
    /// [`Refused::WrongRole`]; so for every verb here.
    pub async fn case_queue(&self, staff: &Staff) -> Result<Vec<CaseRow>, Refused> {
        staff.must_be(Role::Officer)?;
        let now_ms = self.now_ms();
        Ok(self.store.read(move |store| store.cases_open(now_ms, QUEUE)).await?)
    }

    /// A case as the queue shows it: open, or once in this officer's hands.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn case_at_desk(&self, staff: &Staff, number: CaseNumber) -> Result<CaseRow, Refused> {
        staff.must_be(Role::Officer)?;
        let (id, now_ms) = (Some(staff.id), self.now_ms());
        let row = self.store.read(move |store| store.case_numbered(number)).await?;
        let seen =
            |row: &CaseRow| (row.state.is_open() && row.until_ms > now_ms) || row.first == id || row.second == id;
        row.filter(seen).ok_or(Refused::NotFound)
    }

    /// Takes a case, as its first officer or as its second. She is told at once that a letter waits.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when it is taken, closed, or was hers already.
    pub async fn take_case(&self, staff: &Staff, number: CaseNumber) -> Result<(), Refused> {
        let row = self.case_at_desk(staff, number).await?;
        self.step(staff, &row, CaseStep::Take(self.turn(staff, &row))).await
    }

    /// Gives a case back undecided.
    ///
    /// # Errors
    /// [`Refused::NotFound`] unless she has it.
    pub async fn put_back_case(&self, staff: &Staff, number: CaseNumber) -> Result<(), Refused> {
        let row = self.case_in_hand(staff, number).await?;
        self.step(staff, &row, CaseStep::PutBack(self.turn(staff, &row))).await
    }

    /// Opens what the kind of the case allows, to the officer who has it: one look, written down under her tag; of two
    /// records, one under each.
    ///
    /// # Errors
    /// [`Refused::NotFound`] unless she has it, and after its end.
    pub async fn case_file(&self, staff: &Staff, number: CaseNumber) -> Result<Disclosed<CaseFile>, Refused> {
        let row = self.case_in_hand(staff, number).await?;
        let fields = fields_of(row.kind);
        let (fields, person) = self.open_case(&staff.actor(), &right(staff, &row), Kind::Reveal, &row, &fields).await?;
        let mut file = CaseFile::read(&row, fields, person)?;
        if let Some(grant) = right_over_other(staff, &row) {
            let fields = [Field::Name, Field::BirthYear, Field::Gender, Field::IdDocument];
            let (mut fields, person) = self.open(&staff.actor(), &grant, Kind::Reveal, Purpose::Case, &fields).await?;
            file.other = Some(OtherRecord {
                name: fields.take(Field::Name).unwrap_or_default(),
                birth_year: fields.birth_year(),
                gender: fields.gender(),
                id_document: fields.id_document(),
                doses: person.doses,
            });
        }
        Ok(Disclosed::new(file))
    }

    /// Decides as the first officer; a second one is then awaited.
    ///
    /// # Errors
    /// [`Refused::NotFound`] unless she has it; [`Refused::Malformed`] for a reason that is none of this kind, or a
    /// found dose that no session and batch of ours fit.
    pub async fn propose_case(&self, staff: &Staff, number: CaseNumber, decision: Decision) -> Result<(), Refused> {
        let row = self.case_in_hand(staff, number).await?;
        let Decision { verdict, reason, found } = decision;
        if row.state != State::First {
            return Err(Refused::NotFound);
        }
        if !row.kind.reasons(verdict).contains(&reason) {
            return Err(Wrong::Unknown.of("reason").into());
        }
        let found = match (row.kind, verdict) {
            (case::Kind::Missing, Verdict::Accept) => {
                let found = found.ok_or(Wrong::Missing.of("found"))?;
                self.session_of(&found).await?;
                Some(found)
            }
            _ => None,
        };
        let turn = self.turn(staff, &row);
        self.step(staff, &row, CaseStep::Propose { turn, verdict, reason, found }).await
    }

    /// Decides as the second officer. Only what both would do is done.
    ///
    /// # Errors
    /// [`Refused::NotFound`] unless she has it as the second; [`Refused::Malformed`] for a reason that is none of this
    /// kind; [`store::Refusal::Conflict`] where her record has changed meanwhile.
    pub async fn judge_case(&self, staff: &Staff, number: CaseNumber, judgement: Judgement) -> Result<State, Refused> {
        let row = self.case_in_hand(staff, number).await?;
        let proposed = row.verdict.filter(|_| row.state == State::Second).ok_or(Refused::NotFound)?;
        let (agrees, reason) = match (judgement, proposed) {
            (Judgement::Agree, _) => (true, None),
            (Judgement::Against(reason), Verdict::Accept) if row.kind.reasons(Verdict::Refuse).contains(&reason) => {
                (false, Some(reason))
            }
            (Judgement::Afresh, Verdict::Refuse) => (false, None),
            _ => return Err(Wrong::Unknown.of("reason").into()),
        };
        let next = row.state.after(case::Step::Judge { proposed, agrees }).ok_or(Refused::NotFound)?;
        let done = if next == State::Settled { self.settlement(staff, &row).await? } else { Settlement::Nothing };
        let judge = Judge { turn: self.turn(staff, &row), agrees, reason, done };
        self.step(staff, &row, CaseStep::Judge(Box::new(judge))).await?;
        Ok(next)
    }

    /// The case, if it is in this officer's hands.
    async fn case_in_hand(&self, staff: &Staff, number: CaseNumber) -> Result<CaseRow, Refused> {
        let row = self.case_at_desk(staff, number).await?;
        let in_hand = row.holder() == Some(staff.id) && row.until_ms > self.now_ms();
        if in_hand { Ok(row) } else { Err(Refused::NotFound) }
    }

    fn turn(&self, staff: &Staff, row: &CaseRow) -> CaseTurn {
        CaseTurn { case: row.id, officer: staff.id, now_ms: self.now_ms() }
    }

    /// Writes a step of an officer, with its entry under her tag; of two records, under both.
    async fn step(&self, staff: &Staff, row: &CaseRow, step: CaseStep) -> Result<(), Refused> {
        let grants: Vec<Grant> =
            [Some(right(staff, row)), right_over_other(staff, row)].into_iter().flatten().collect();
        let people: Vec<_> = grants.iter().map(|grant| grant.evidence().subject).collect();
        let plan = |_| {
            let drafts = grants.iter().map(|grant| Draft::under(grant, Kind::Case, Purpose::Case, Vec::new()));
            ready(Ok(Act::new(drafts.collect(), Effect::Case(step.clone()))))
        };
        self.act(&staff.actor(), &people, plan).await.map(|_| ())
    }

    /// Opens fields by a case, and of her sealed words the version that belongs to it.
    pub(super) async fn open_case(
        &self,
        actor: &Actor,
        grant: &Grant,
        kind: Kind,
        case: &CaseRow,
        fields: &[Field],
    ) -> Result<(Fields, PersonRow), Refused> {
        let (person, field, version) = (case.person, Field::Case.wire(), case.text_version);
        let text = self.store.read(move |store| store.sealed(person, field, version)).await?;
        let text = text.ok_or(Refused::NotFound)?;
        let of_this_case = |row: &PersonRow| {
            let mut row = row.clone();
            row.fields.retain(|sealed| sealed.field != field);
            row.fields.push(text.clone());
            row
        };
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let draft = Draft::under(grant, kind, Purpose::Case, openings(&of_this_case(&rows[0]), fields));
            ready(Ok(Act::new(vec![draft], Effect::Append)))
        };
        let mut written = self.act(actor, &[person], plan).await?;
        let row = of_this_case(&written.rows[0]);
        let opened = self.redeem(&row, written.entered.remove(0)).await?;
        Ok((opened, row))
    }

    /// Days on which a dose can have been found: none to come.
    pub(super) fn is_past(&self, day: Date) -> bool {
        day <= self.today()
    }
}

/// The sealed fields that a kind of case opens, and no more.
fn fields_of(kind: case::Kind) -> Vec<Field> {
    let field = |detail: &Detail| match detail {
        Detail::Name => Some(Field::Name),
        Detail::BirthYear => Some(Field::BirthYear),
        Detail::Gender => Some(Field::Gender),
        Detail::IdDocument => Some(Field::IdDocument),
        // Doses lie open, on a random id.
        Detail::Doses => None,
    };
    kind.details().iter().filter_map(field).chain([Field::Case]).collect()
}

impl CaseFile {
    fn read(case: &CaseRow, mut fields: Fields, row: PersonRow) -> Result<Self, Refused> {
        let text = fields.take(Field::Case).ok_or(Refused::Unavailable)?;
        let (claim, words) = Claim::opened(case.kind, case.dose, &text)?;
        let details = case.kind.details();
        let about = |dose: &DoseRow| case.dose.is_none_or(|id| id == dose.id) && details.contains(&Detail::Doses);
        Ok(Self {
            claim,
            words,
            name: fields.take(Field::Name),
            birth_year: details.contains(&Detail::BirthYear).then(|| fields.birth_year()),
            gender: details.contains(&Detail::Gender).then(|| fields.gender()),
            id_document: fields.id_document(),
            doses: row.doses.into_iter().filter(about).collect(),
            other: None,
        })
    }
}
