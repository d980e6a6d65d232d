//! An order is filed: entered from its paper, about one person who is looked up and never searched for.

use super::{About, NewOrder, step_draft};
use crate::caller::Staff;
use crate::gate::{Act, Draft};
use crate::{Refused, Vault};
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use keyroom::Index;
use ledger::order::{Filed, LONGEST_MS, Order};
use ledger::{Fields, Kind, Purpose};
use registry::case::CaseNumber;
use registry::{PersonId, Role, Wrong};
use store::command::{Effect, FileOrder, OrderStep};

impl Vault {
    /// Files an order. That it is filed is said in public with the same command; the same key files it once.
    ///
    /// # Errors
    /// [`Refused::WrongRole`]; [`Refused::Malformed`] for fields that its ground does not open, a day to come on the paper, or an
    /// end that is over or more than ninety days away; [`Refused::NotFound`] for a reference or appointment that leads to nobody, or
    /// to several; [`store::Refusal::Conflict`] for an order that was filed about her before.
    pub async fn file_order(&self, staff: &Staff, new: &NewOrder, once: &[u8; 16]) -> Result<CaseNumber, Refused> {
        staff.must_be(Role::Officer)?;
        let now_ms = self.now_ms();
        let order = self.order_of(new, now_ms)?;
        let chance = self.secrets.code_hash(&[b"order", &staff.token], once);
        let id: [u8; 16] = chance[..16].try_into().expect("sixteen of thirty-two");
        let number = CaseNumber::from_random(chance[16..24].try_into().expect("eight of thirty-two"));
        if self.store.read(move |store| store.order(id)).await?.is_some() {
            return Ok(number);
        }
        let (person, held) = self.concerned(staff, &new.about).await?;
        // The same paper opens her once: while she is here, or after she left.
        let (authority, number_on_it) = (order.authority.as_bytes(), order.number.as_bytes());
        let paper = [authority, b"\n", number_on_it, b"\n", person.bytes(), &[u8::from(held)]].concat();
        let file = FileOrder {
            id,
            number,
            person,
            held,
            paper: self.secrets.code_hash(&[b"paper"], &paper),
            terms: order.to_cbor(),
            officer: staff.id,
            now_ms,
            until_ms: order.until_ms,
        };
        let statement = Filed::of(&id, &order).to_text().into_bytes();
        let drafts = || {
            let public =
                Draft { statement: statement.clone(), ..Draft::about_nobody(Kind::Config, Purpose::LawfulOrder) };
            vec![step_draft(person, &id, &order), public]
        };
        let effect = || Effect::Order(OrderStep::File(Box::new(file.clone())));
        self.act_by_order(staff, (person, held), || Act::new(drafts(), effect())).await?;
        Ok(number)
    }

    fn order_of(&self, new: &NewOrder, now_ms: i64) -> Result<Order, Refused> {
        let until_ms = end_of(new.until)?;
        if until_ms <= now_ms || until_ms - now_ms > LONGEST_MS {
            return Err(Wrong::Range.of("until").into());
        }
        if new.dated > self.today() {
            return Err(Wrong::Range.of("dated").into());
        }
        let dated_day =
            u32::try_from(end_of(new.dated)?.div_euclid(86_400_000)).map_err(|_| Wrong::Range.of("dated"))?;
        let order = Order {
            authority: new.authority.code().to_owned(),
            number: new.number.text().to_owned(),
            dated_day,
            ground: new.ground,
            fields: Fields::of(&new.fields),
            until_ms,
            document: new.document,
        };
        let missing = if new.fields.is_empty() { Wrong::Missing } else { Wrong::Unknown };
        if order.is_within_its_ground() { Ok(order) } else { Err(missing.of("fields").into()) }
    }

    /// Whom an order concerns, and whether she has left: looked up under a random tag first, and on a hit under hers. What leads to nobody is noted.
    async fn concerned(&self, staff: &Staff, about: &About) -> Result<(PersonId, bool), Refused> {
        let (actor, now_ms) = (staff.actor(), self.now_ms());
        let found = match about {
            About::Reference(reference) => {
                let digits = reference.digits();
                let values = [(Index::Reference, digits.as_bytes())];
                let index = self.look_up(&actor, Kind::Lookup, Purpose::LawfulOrder, &values).await?[0];
                let found = self.store.read(move |store| {
                    let left = store.held_by_reference(&index, now_ms)?.map(|person| (person, true));
                    Ok(store.by_reference(&index)?.map(|person| (person, false)).or(left))
                });
                found.await?
            }
            About::Appointment(appointment) => {
                let look_up = Draft::about_nobody(Kind::Lookup, Purpose::LawfulOrder);
                self.act_alone(&actor, Act::new(vec![look_up], Effect::Append)).await?;
                let id = *appointment;
                let rows = self.store.read(move |store| store.appointment(id)).await?;
                // Of several people an order names none.
                rows.first().filter(|_| rows.len() == 1).map(|row| (row.person, false))
            }
        };
        let Some(found) = found else {
            self.note_refusal(&actor, Purpose::LawfulOrder).await?;
            return Err(Refused::NotFound);
        };
        let hit = || Draft::about(found.0, Kind::Lookup, Purpose::LawfulOrder);
        self.act_by_order(staff, found, || Act::new(vec![hit()], Effect::Append)).await?;
        Ok(found)
    }
}

/// When a day is over at the centres, milliseconds since the epoch.
fn end_of(day: Date) -> Result<i64, Refused> {
    let zone = TimeZone::fixed(Offset::from_seconds(crate::ZONE_SECONDS).expect("half past five is a zone"));
    let next = day.tomorrow().and_then(|next| next.to_zoned(zone)).map_err(|_| Wrong::Range.of("until"))?;
    Ok(next.timestamp().as_millisecond())
}
