//! Someone who left, and an order about her. Her keys are gone from the vault: the key room tells her next tags, and an entry about her
//! is sealed to its day's audit key, for the only reader it still has is an auditor. What is held opens to the look alone.

use crate::caller::Actor;
use crate::exchange::Entered;
use crate::gate::{Act, Draft, Place, openings_of};
use crate::grant::Grant;
use crate::record::Fields as Opened;
use crate::{Refused, Vault, seal};
use keyroom::Released;
use ledger::{Field, Kind, Purpose};
use registry::PersonId;
use std::sync::Arc;
use store::command::{Effect, Refusal};
use store::rows::{HeldRow, SealedField};

impl Vault {
    /// Writes a command about somebody who left: its entries about her stand under her next tags.
    pub(super) async fn act_on_held(
        &self,
        actor: &Actor,
        person: PersonId,
        plan: impl Fn(&HeldRow) -> Act,
    ) -> Result<(HeldRow, Vec<Entered>), Refused> {
        for _ in 0..8 {
            let now_ms = self.now_ms();
            let row = self.store.read(move |store| store.held(person, now_ms)).await?.ok_or(Refused::NotFound)?;
            let mut act = plan(&row);
            let hers = act.drafts.iter_mut().filter(|draft| draft.subject == Some(person)).collect::<Vec<_>>();
            let until = row.entries + hers.len() as u64;
            let tags = self.keys.held_tags(*person.bytes(), row.entries, until, now_ms).await?;
            for ((draft, tag), count) in hers.into_iter().zip(tags).zip(row.entries..) {
                (draft.subject, draft.held) = (None, Some(Place { person, count, tag }));
            }
            match self.write(actor, act, &mut []).await {
                Err(Refusal::Moved) => {}
                Err(refusal) => return Err(refusal.into()),
                Ok((_, entered)) => return Ok((row, entered)),
            }
        }
        Err(Refused::Unavailable)
    }

    /// Opens what is held of her, of these fields.
    pub(super) async fn open_held(
        &self,
        actor: &Actor,
        grant: &Grant,
        fields: &[Field],
        effect: Effect,
    ) -> Result<Opened, Refused> {
        let plan = |row: &HeldRow| {
            let draft = Draft::under(grant, Kind::Reveal, Purpose::LawfulOrder, openings_of(&row.fields, fields));
            Act::new(vec![draft], effect.clone())
        };
        let (row, mut entered) = self.act_on_held(actor, grant.evidence().subject, plan).await?;
        let entered = entered.remove(0);
        let entry = Arc::clone(&entered.entry);
        let sealed: Vec<&SealedField> = entry
            .openings
            .iter()
            .filter_map(|o| row.fields.iter().find(|f| (f.field, f.version) == (o.field.wire(), o.version)))
            .collect();
        let mut opened = Opened::default();
        if sealed.is_empty() {
            // Who had no dose left no field behind.
            return Ok(opened);
        }
        let wanted = entry.openings.iter().zip(&sealed).map(|(opening, field)| (*opening, field.salt)).collect();
        let Released::Keys(keys) = self.exchange_held(entered, wanted).await? else { return Err(Refused::Unavailable) };
        for ((opening, field), key) in entry.openings.iter().zip(sealed).zip(keys) {
            let plain =
                seal::open_field(&key, row.person.bytes(), *opening, &field.body).ok_or(Refused::Unavailable)?;
            opened.put(opening.field, plain);
        }
        Ok(opened)
    }
}
