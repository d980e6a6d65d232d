//! Numbered lawful orders: an officer files one about one person, another confirms it with the paper in hand, and then each of the
//! two sees once, until its end, the fields that it names. Nobody is searched for: she is known by her reference, or by the number of
//! an appointment that is hers alone. That it was filed is public; whom it concerns stands in her list from the first moment.

mod filing;
mod held;

use crate::caller::{Citizen, Staff};
use crate::gate::{Act, Draft, openings};
use crate::grant::{Evidence, Grant, Ground};
use crate::record::Fields as Opened;
use crate::{Disclosed, Refused, Vault};
use jiff::civil::Date;
use ledger::order::{LegalGround, Order};
use ledger::{Field, GrantKind, Kind, Purpose};
use registry::case::CaseNumber;
use registry::order::{Authority, OrderNumber};
use registry::{AppointmentId, Gender, PersonId, Reference, Role, StaffId, Wrong};
use std::future::ready;
use std::sync::Arc;
use store::command::{Effect, OrderStep, OrderTurn};
use store::rows::{OrderRow, PersonRow};

/// Orders that the desk shows at most.
const SHOWN: u32 = 200;

/// Whom an order concerns.
pub enum About {
    /// The person with this reference, also when she has left.
    Reference(Reference),
    /// The person whose appointment this is, and nobody else's.
    Appointment(AppointmentId),
}

/// An order as an officer enters it from the paper.
pub struct NewOrder {
    /// Whose.
    pub authority: Authority,
    /// Its number.
    pub number: OrderNumber,
    /// The day that stands on it.
    pub dated: Date,
    /// On what law it stands.
    pub ground: LegalGround,
    /// Whom it concerns.
    pub about: About,
    /// Which fields it names.
    pub fields: Vec<Field>,
    /// The last day on which they may be looked at; when it is over she is told.
    pub until: Date,
    /// SHA-256 of the document.
    pub document: [u8; 32],
}

/// An order as its officers and the person may know it: nothing sealed, so nothing is opened.
pub struct OrderSeen {
    /// The number of its case here.
    pub case: CaseNumber,
    /// What it says.
    pub order: Order,
    /// Whether she had left when it was filed.
    pub held: bool,
    /// When it was filed, milliseconds since the epoch.
    pub filed_ms: i64,
    /// Who filed it.
    pub first: StaffId,
    /// Who confirmed it.
    pub second: Option<StaffId>,
    /// When the first and the second officer looked, milliseconds since the epoch.
    pub looks_ms: [Option<i64>; 2],
}

impl OrderSeen {
    fn of(row: &OrderRow) -> Result<Self, Refused> {
        Ok(Self {
            case: row.number,
            order: Order::from_cbor(&row.terms).ok_or(Refused::Unavailable)?,
            held: row.held,
            filed_ms: row.filed_ms,
            first: row.first,
            second: row.second,
            looks_ms: [row.first_look_ms, row.second_look_ms],
        })
    }

    /// Whether this officer has a look left.
    #[must_use]
    pub fn may_look(&self, officer: StaffId) -> bool {
        let [first, second] = self.looks_ms;
        let is_first = self.first == officer && first.is_none();
        self.second.is_some() && (is_first || (self.second == Some(officer) && second.is_none()))
    }
}

/// What one of the two officers sees, once.
pub struct OrderFile {
    /// Name.
    pub name: Option<String>,
    /// Year of birth.
    pub birth_year: Option<u16>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Phone.
    pub phone: Option<String>,
    /// Identity document: CoWIN's id of its kind, last four characters.
    pub id_document: Option<(u8, String)>,
}

impl OrderFile {
    fn read(mut fields: Opened) -> Self {
        Self {
            birth_year: fields.has(Field::BirthYear).then(|| fields.birth_year()),
            gender: fields.has(Field::Gender).then(|| fields.gender()),
            id_document: fields.id_document(),
            name: fields.take(Field::Name),
            phone: fields.take(Field::Phone),
        }
    }
}

impl Vault {
    /// Orders that have not ended, the first to end first.
    ///
    /// # Errors
    /// [`Refused::WrongRole`]; so for every verb here.
    pub async fn orders(&self, staff: &Staff) -> Result<Vec<OrderSeen>, Refused> {
        staff.must_be(Role::Officer)?;
        let now_ms = self.now_ms();
        let rows = self.store.read(move |store| store.orders_open(now_ms, SHOWN)).await?;
        rows.iter().map(OrderSeen::of).collect()
    }

    /// An order that has not ended.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn order_at_desk(&self, staff: &Staff, case: CaseNumber) -> Result<OrderSeen, Refused> {
        OrderSeen::of(&self.order_row(staff, case).await?)
    }

    async fn order_row(&self, staff: &Staff, case: CaseNumber) -> Result<OrderRow, Refused> {
        staff.must_be(Role::Officer)?;
        let row = self.store.read(move |store| store.order_numbered(case)).await?;
        row.filter(|row| row.until_ms > self.now_ms()).ok_or(Refused::NotFound)
    }

    /// Confirms an order that another officer filed, by whoever has its paper: its number is entered again.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for the officer who filed it, and when it is confirmed; [`Refused::Malformed`] for another number.
    pub async fn confirm_order(&self, staff: &Staff, case: CaseNumber, number: &OrderNumber) -> Result<(), Refused> {
        let row = self.order_row(staff, case).await?;
        if row.first == staff.id || row.second.is_some() {
            return Err(Refused::NotFound);
        }
        let order = Order::from_cbor(&row.terms).ok_or(Refused::Unavailable)?;
        if order.number != number.text() {
            self.note_refusal(&staff.actor(), Purpose::LawfulOrder).await?;
            return Err(Wrong::Unknown.of("order_number").into());
        }
        let confirm = Effect::Order(OrderStep::Confirm(self.order_turn(staff, &row)));
        let act = || Act::new(vec![step_draft(row.person, &row.id, &order)], confirm.clone());
        self.act_by_order(staff, (row.person, row.held), act).await
    }

    /// Writes an officer's command about a person who is here, or who has left.
    async fn act_by_order(
        &self,
        staff: &Staff,
        (person, held): (PersonId, bool),
        act: impl Fn() -> Act,
    ) -> Result<(), Refused> {
        if held {
            self.act_on_held(&staff.actor(), person, |_| act()).await?;
        } else {
            self.act(&staff.actor(), &[person], |_| ready(Ok(act()))).await?;
        }
        Ok(())
    }

    /// Shows the fields that a confirmed order names, to each of its two officers once: one look, written down under her tag.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else, a second time, after its end, and when she has left since.
    pub async fn order_file(&self, staff: &Staff, case: CaseNumber) -> Result<Disclosed<OrderFile>, Refused> {
        let row = self.order_row(staff, case).await?;
        let (Some(filed), Some(confirmed)) = (row.filed, row.confirmed) else { return Err(Refused::NotFound) };
        if !OrderSeen::of(&row)?.may_look(staff.id) {
            return Err(Refused::NotFound);
        }
        let order = Order::from_cbor(&row.terms).ok_or(Refused::Unavailable)?;
        let fields: Vec<Field> = order.fields.iter().collect();
        let ground = Some(Ground::Order { filed, confirmed });
        let grant = Grant::Case(Evidence { subject: row.person, on: row.id, holder: staff.token, ground });
        let effect = Effect::Order(OrderStep::Look(self.order_turn(staff, &row)));
        if row.held {
            return Ok(Disclosed::new(OrderFile::read(self.open_held(&staff.actor(), &grant, &fields, effect).await?)));
        }
        let plan = |rows: Arc<Vec<PersonRow>>| {
            let draft = Draft::under(&grant, Kind::Reveal, Purpose::LawfulOrder, openings(&rows[0], &fields));
            ready(Ok(Act::new(vec![draft], effect.clone())))
        };
        let written = self.act(&staff.actor(), &[row.person], plan).await?;
        Ok(Disclosed::new(OrderFile::read(self.opened(written).await?.0)))
    }

    /// Orders about a member of the family, newest first. Opens nothing, and hides nothing: her list of looks has them too.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else.
    pub async fn orders_about(&self, citizen: &Citizen, person: PersonId) -> Result<Vec<OrderSeen>, Refused> {
        citizen.grant(person)?;
        let rows = self.store.read(move |store| store.orders_of(person)).await?;
        rows.iter().map(OrderSeen::of).collect()
    }

    fn order_turn(&self, staff: &Staff, row: &OrderRow) -> OrderTurn {
        OrderTurn { order: row.id, officer: staff.id, now_ms: self.now_ms() }
    }
}

/// An officer's entry of an order: filing and confirming say the same.
fn step_draft(person: PersonId, id: &[u8; 16], order: &Order) -> Draft {
    Draft {
        grant: GrantKind::Case,
        evidence: *id,
        statement: order.to_cbor(),
        ..Draft::about(person, Kind::Case, Purpose::LawfulOrder)
    }
}
