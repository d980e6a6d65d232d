//! Consents over several shards: what a client may lies in the first, its requests with the phone that they go to, and what somebody allowed
//! with her.

use super::route::{Routed, Way};
use super::{Shards, bare};
use crate::command::consent::{ConsentEffect, ConsentStep};
use crate::command::{Applied, Command, Effect, Once, Refusal, Staged};
use crate::rows::{ConsentRequestRow, ConsentRow};

impl Shards {
    pub(super) async fn way_of_consent(&self, effect: &ConsentEffect) -> Routed {
        let request = "SELECT 1 FROM consent_request WHERE id = ?1";
        let consent = "SELECT 1 FROM consent WHERE id = ?1";
        match effect {
            // What somebody allowed is asked of its client beside it.
            ConsentEffect::Client(_) => Ok(Way::Everywhere(0)),
            ConsentEffect::Signed { .. } | ConsentEffect::Token { consent: None, .. } => Ok(Way::At(0)),
            ConsentEffect::Ask { request, .. } => Ok(Way::At(self.place_of_key(&request.phone))),
            ConsentEffect::AskedAgain { request: id, .. } | ConsentEffect::Close { request: id, .. } => {
                self.found(request, id.bytes().to_vec(), Refusal::NotFound).await
            }
            ConsentEffect::Give(_) => Ok(Way::Steps),
            ConsentEffect::Token { consent: Some(id), .. } => {
                Ok(Way::At(self.place_where(consent, id.bytes().to_vec()).await?.unwrap_or(0)))
            }
            ConsentEffect::Use { consent: id, .. } => {
                self.found(consent, id.bytes().to_vec(), Refusal::ConsentOver).await
            }
            ConsentEffect::Revoke { person, .. } => Ok(self.with(*person)),
            ConsentEffect::Step(_) => Err(Refusal::Apart),
        }
    }

    /// A client may ask so many in a day of all phones together: those in other shards are counted in the first, before. One that is
    /// refused then stays counted.
    pub(super) async fn count_asked(&self, effect: &Effect) -> Result<(), Refusal> {
        let asked = match effect {
            Effect::All(effects) => effects.iter().find_map(asked_in),
            one => asked_in(one),
        };
        match asked {
            Some((request, now_ms)) if self.place_of_key(&request.phone) != 0 => {
                let count = ConsentStep::Count { client: request.client.clone(), now_ms };
                bare(&self.engines()[0], step(count)).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// The request is closed first: whoever is cut off after that has allowed nothing, and is asked anew.
    pub(super) async fn give(&self, consent: ConsentRow, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        let request = consent.id;
        let text = "SELECT 1 FROM consent_request WHERE id = ?1";
        let at = self.place_where(text, request.bytes().to_vec()).await?.ok_or(Refusal::NotFound)?;
        let asked = &self.engines()[at];
        bare(asked, step(ConsentStep::Answer(consent.clone()))).await?;
        let hers = self.hers(consent.person);
        let effect = step(ConsentStep::Keep(consent));
        let kept = hers.apply(Command { by: None, once, entries, effect }).await;
        // Of a shard that did not answer nobody knows what it did.
        if kept.as_ref().is_err_and(|refusal| *refusal != Refusal::Storage) {
            bare(asked, step(ConsentStep::Reopen { request })).await.ok();
        }
        kept
    }
}

fn step(step: ConsentStep) -> Effect {
    Effect::Consent(Box::new(ConsentEffect::Step(step)))
}

fn asked_in(effect: &Effect) -> Option<(&ConsentRequestRow, i64)> {
    let Effect::Consent(effect) = effect else { return None };
    match &**effect {
        ConsentEffect::Ask { request, now_ms } => Some((request, *now_ms)),
        _ => None,
    }
}
