//! Record kinds: which fields are opened together, for what, and what they become. Sealed: a new view of a person
//! is a new kind here, seen in review.

use ledger::{Field, Purpose};
use registry::{Gender, PersonId};
use std::collections::BTreeMap;
use store::rows::{AppointmentRow, DoseRow, PersonRow, Status};

/// Opened fields, inside the vault only.
#[derive(Default)]
pub struct Fields(BTreeMap<Field, String>);

impl Fields {
    pub(crate) fn put(&mut self, field: Field, plain: String) {
        self.0.insert(field, plain);
    }

    pub(crate) fn take(&mut self, field: Field) -> Option<String> {
        self.0.remove(&field)
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.0.contains_key(&field)
    }

    fn text(&mut self, field: Field) -> String {
        self.take(field).unwrap_or_default()
    }

    pub(crate) fn birth_year(&mut self) -> u16 {
        self.text(Field::BirthYear).parse().unwrap_or(0)
    }

    pub(crate) fn gender(&mut self) -> Gender {
        self.text(Field::Gender).parse().ok().and_then(|id| Gender::from_id(id).ok()).unwrap_or(Gender::Others)
    }

    /// Kind and last four, as they were sealed: `1:9999`.
    pub(crate) fn id_document(&mut self) -> Option<(u8, String)> {
        let text = self.take(Field::IdDocument)?;
        let (kind, last_four) = text.split_once(':')?;
        Some((kind.parse().ok()?, last_four.to_owned()))
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A kind of record that can be disclosed.
pub trait Record: sealed::Sealed + Sized {
    /// The fields it opens, if she has them.
    const FIELDS: &'static [Field];
    /// What for.
    const PURPOSE: Purpose;
    #[doc(hidden)]
    fn read(fields: Fields, row: PersonRow) -> Self;
}

/// A member of one's own family, with her doses and appointments.
pub struct Card {
    /// Who.
    pub person: PersonId,
    /// Beneficiary reference, 14 digits.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Year of birth.
    pub birth_year: u16,
    /// Gender.
    pub gender: Gender,
    /// Identity document: CoWIN's id of its kind, last four characters.
    pub id_document: Option<(u8, String)>,
    /// Whether she said that she has a condition that gives priority.
    pub comorbidity: bool,
    /// Doses that stand, by number.
    pub doses: Vec<DoseRow>,
    /// Appointments, oldest first.
    pub appointments: Vec<AppointmentRow>,
    /// Whether this record was joined to another of hers, where her doses and bookings now are.
    pub is_joined: bool,
}

impl sealed::Sealed for Card {}
impl Record for Card {
    const FIELDS: &'static [Field] =
        &[Field::Name, Field::BirthYear, Field::Gender, Field::IdDocument, Field::Reference, Field::Comorbidity];
    const PURPOSE: Purpose = Purpose::Family;

    fn read(mut fields: Fields, row: PersonRow) -> Self {
        Self {
            person: row.id,
            reference: fields.text(Field::Reference),
            name: fields.text(Field::Name),
            birth_year: fields.birth_year(),
            gender: fields.gender(),
            id_document: fields.id_document(),
            comorbidity: fields.text(Field::Comorbidity) == "Y",
            doses: row.doses,
            appointments: booked(row.appointments),
            is_joined: row.merged_into.is_some(),
        }
    }
}

/// What an appointment slip says of a person.
pub struct Slip {
    /// Name.
    pub name: String,
    /// Beneficiary reference.
    pub reference: String,
    /// The live appointment's four-digit code, if there is a live one.
    pub code: Option<String>,
    /// Appointments, oldest first.
    pub appointments: Vec<AppointmentRow>,
}

impl sealed::Sealed for Slip {}
impl Record for Slip {
    const FIELDS: &'static [Field] = &[Field::Name, Field::Reference, Field::BookingCode];
    const PURPOSE: Purpose = Purpose::Slip;

    fn read(mut fields: Fields, row: PersonRow) -> Self {
        let newest = row.fields.iter().find(|f| f.field == Field::BookingCode.wire()).map(|f| f.version);
        let live = |a: &AppointmentRow| a.status == Status::Booked && Some(a.code_version) == newest;
        let code = fields.take(Field::BookingCode).filter(|_| row.appointments.iter().any(live));
        Self {
            name: fields.text(Field::Name),
            reference: fields.text(Field::Reference),
            code,
            appointments: booked(row.appointments),
        }
    }
}

/// Whom the vaccinator has before her.
pub struct Patient {
    /// Name.
    pub name: String,
    /// Year of birth.
    pub birth_year: u16,
    /// Gender.
    pub gender: Gender,
    /// Identity document: CoWIN's id of its kind, last four characters.
    pub id_document: Option<(u8, String)>,
    /// Last four digits of the reference.
    pub reference_last_four: String,
    /// Answers to the health questions, if they were asked: `question=answer` pairs joined by `&`.
    pub screening: Option<String>,
    /// Doses that stand, by number.
    pub doses: Vec<DoseRow>,
}

impl sealed::Sealed for Patient {}
impl Record for Patient {
    const FIELDS: &'static [Field] =
        &[Field::Name, Field::BirthYear, Field::Gender, Field::IdDocument, Field::Screening];
    const PURPOSE: Purpose = Purpose::CheckIn;

    fn read(mut fields: Fields, row: PersonRow) -> Self {
        Self {
            name: fields.text(Field::Name),
            birth_year: fields.birth_year(),
            gender: fields.gender(),
            id_document: fields.id_document(),
            reference_last_four: row.reference_last_four,
            screening: fields.take(Field::Screening),
            doses: row.doses,
        }
    }
}

/// Of her appointments those for a dose: a visit for something else was never booked, and stands among her looks.
pub(crate) fn booked(mut rows: Vec<AppointmentRow>) -> Vec<AppointmentRow> {
    rows.retain(|row| row.status != Status::Visiting);
    rows
}

/// Who asks for something about her record, before a vaccinator.
pub struct Visitor {
    /// Name.
    pub name: String,
    /// Doses that stand, by number.
    pub doses: Vec<DoseRow>,
}

impl sealed::Sealed for Visitor {}
impl Record for Visitor {
    const FIELDS: &'static [Field] = &[Field::Name];
    const PURPOSE: Purpose = Purpose::Case;

    fn read(mut fields: Fields, row: PersonRow) -> Self {
        Self { name: fields.text(Field::Name), doses: row.doses }
    }
}
