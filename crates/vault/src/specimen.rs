//! What a look would cost without its entry: the same rows and the same decryption, of nobody. `teeka bench reveal` measures
//! looks against it. Specimens lie in tables of their own, which only a bench makes, under keys that open nothing else.

use crate::record::{Fields, Record};
use crate::{Refused, Vault, seal};
use ledger::{Field, Opening};
use registry::PersonId;
use std::ops::Deref;
use store::command::Effect;
use store::rows::SealedField;

/// What every specimen says, field by field.
const SAYS: [(Field, &str); 6] = [
    (Field::Name, "Nobody Specimen"),
    (Field::BirthYear, "1980"),
    (Field::Gender, "2"),
    (Field::IdDocument, "12:9999"),
    (Field::Reference, "10000000000000"),
    (Field::Comorbidity, "N"),
];

/// Specimens that were made, and what opens them.
pub struct Specimens {
    keys: keyroom::Specimens,
    ids: Vec<PersonId>,
}

/// A record of nobody.
pub struct Specimen<T>(T);

impl<T> Deref for Specimen<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl Vault {
    /// Makes so many specimens, in the place of all that were there.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn make_specimens(&self, many: usize) -> Result<Specimens, Refused> {
        let keys = keyroom::Specimens::new(self.draw());
        let ids: Vec<PersonId> = (0..many).map(|_| PersonId::from_random(self.draw())).collect();
        let sealed = |person: &PersonId| {
            let one = |(field, plain): (Field, &str)| {
                let (opening, salt) = (Opening { field, version: 1 }, self.draw());
                let body = seal::seal_field(&keys.key(opening, &salt), person.bytes(), opening, plain);
                SealedField { person: *person, field: field.wire(), version: 1, salt, body }
            };
            SAYS.map(one)
        };
        let fields = ids.iter().flat_map(sealed).collect();
        self.set_up(Effect::Specimens(fields)).await?;
        Ok(Specimens { keys, ids })
    }

    /// Opens one of them.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Unavailable`].
    pub async fn specimen<R: Record>(&self, of: &Specimens, number: usize) -> Result<Specimen<R>, Refused> {
        let id = of.ids[number % of.ids.len()];
        let row = self.store.find(move |store| store.specimen(id)).await?.ok_or(Refused::NotFound)?;
        let mut fields = Fields::default();
        for sealed in &row.fields {
            let field = Field::from_wire(sealed.field).filter(|field| R::FIELDS.contains(field));
            let Some(field) = field else { continue };
            let opening = Opening { field, version: sealed.version };
            let key = of.keys.key(opening, &sealed.salt);
            fields.put(field, seal::open_field(&key, id.bytes(), opening, &sealed.body).ok_or(Refused::Unavailable)?);
        }
        Ok(Specimen(R::read(fields, row)))
    }
}
