//! Where each effect is done. What one shard decides goes there as it is; what several must, by its steps; what has no steps yet is
//! refused with [`Refusal::Apart`]. A new effect has to say here where it belongs.

use super::{NUMBER_BITS, REMEMBERED, Shards, bare};
use crate::command::consent::ConsentEffect;
use crate::command::{
    Answer, Applied, CaseStep, Command, Done, Effect, OrderStep, Refusal, Settlement, SignedIn, Staged, TryCode,
};
use crate::sql::{Connection, Param};
use registry::PersonId;
use std::collections::HashMap;
use std::sync::MutexGuard;

/// Where an effect is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In one shard.
    At(usize),
    /// In every shard: one decides, and the others do as it did.
    Everywhere(usize),
    /// By its own steps.
    Steps,
}

pub(super) type Routed = Result<Way, Refusal>;

impl Shards {
    pub(crate) async fn apply(&self, command: Command) -> Applied {
        let _waits = self.0.figures.waits();
        self.route(command).await.inspect_err(|refusal| self.0.figures.refused(refusal))
    }

    async fn route(&self, command: Command) -> Applied {
        let signed_in = self.check_sign_in(command.by).await?;
        let way = self.way(&command.effect, &command.entries).await?;
        self.count_asked(&command.effect).await?;
        match way {
            Way::At(at) => self.at(at, signed_in, command).await,
            Way::Everywhere(first) => self.everywhere(first, signed_in, command).await,
            Way::Steps => self.by_steps(command).await,
        }
    }

    /// In which shard the sign-in lives that a command rests on.
    async fn check_sign_in(&self, by: Option<[u8; 32]>) -> Result<Option<usize>, Refusal> {
        let Some(token) = by else { return Ok(None) };
        let found = self.place_where("SELECT 1 FROM sign_in WHERE token = ?1", token.to_vec()).await?;
        found.map(Some).ok_or(Refusal::SignedOut)
    }

    /// The shard in which a statement finds something by this key: where it was last is asked first.
    pub(super) async fn place_where(&self, text: &'static str, key: Vec<u8>) -> Result<Option<usize>, Refusal> {
        let last = self.places().get(&key).copied().unwrap_or(0);
        let asked = key.clone();
        let find = move |at, shard: &Connection| Ok(shard.any(text, &[Param::Blob(&asked)])?.then_some(at));
        let found = self.ask(move |store| Ok(store.first_from(last, find)?)).await?;
        if let Some(at) = found.filter(|at| *at != last) {
            let mut places = self.places();
            if places.len() >= REMEMBERED {
                places.clear();
            }
            places.insert(key, at);
        }
        Ok(found)
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Vec<u8>, usize>> {
        self.0.places.lock().expect("nobody panics while holding it")
    }

    /// All of it in one shard, in one transaction. A sign-in that lives there is asked there, and one that lives elsewhere was.
    pub(super) async fn at(&self, at: usize, signed_in: Option<usize>, mut command: Command) -> Applied {
        let subjects = command.entries.iter().filter_map(|entry| entry.subject);
        if subjects.into_iter().any(|subject| self.place_of_person(subject.person) != at) {
            return Err(Refusal::Apart);
        }
        command.by = command.by.filter(|_| signed_in == Some(at));
        if let Effect::NoticeSent { notice, .. } | Effect::NoticeFailed { notice, .. } = &mut command.effect {
            *notice &= (1 << NUMBER_BITS) - 1;
        }
        let person = match &command.effect {
            Effect::Forget { person, .. } => Some(*person),
            _ => None,
        };
        let done = self.engines()[at].apply(command).await?;
        if let Some(person) = person {
            self.tell_of(person).await;
            self.tell_claims_of(person).await;
        }
        Ok(done)
    }

    /// Whoever does it again where a shard did not answer does it in all. One that is away keeps no other from being swept.
    async fn everywhere(&self, first: usize, signed_in: Option<usize>, command: Command) -> Applied {
        let effect = command.effect.clone();
        let mut done = match self.at(first, signed_in, command).await {
            // A member of staff is made once, and perhaps was not everywhere.
            Err(Refusal::Conflict) if self.is_same_staff(&effect).await? => Err(Refusal::Conflict),
            Err(Refusal::Storage) if matches!(effect, Effect::Sweep { .. }) => Err(Refusal::Storage),
            done => Ok(done?),
        };
        for (_, shard) in self.engines().iter().enumerate().filter(|(at, _)| *at != first) {
            let there = match bare(shard, effect.clone()).await {
                Err(Refusal::Storage) => {
                    done = Err(Refusal::Storage);
                    continue;
                }
                // What the first has done, the others have, or do.
                Err(_) => continue,
                Ok(there) => there.answer,
            };
            if let (Effect::Recount, Answer::Count(there), Ok(Done { answer: Answer::Count(sum), .. })) =
                (&effect, there, &mut done)
            {
                *sum += there;
            }
        }
        if let Effect::Sweep { now_ms } = effect {
            self.sweep(now_ms).await.map_err(|_| Refusal::Storage)?;
        }
        done
    }

    async fn is_same_staff(&self, effect: &Effect) -> Result<bool, Refusal> {
        let Effect::Staff(new) = effect else { return Ok(false) };
        let (id, login) = (new.id, new.login.clone());
        Ok(self.ask(move |store| store.staff(id)).await?.is_some_and(|known| known.login == login))
    }

    /// As in one store: a repeat is answered from the first time, and a stale count is refused, before anything else is looked at.
    async fn by_steps(&self, command: Command) -> Applied {
        let Command { once, entries, effect, .. } = command;
        if let Some(once) = once
            && let Some(answer) = self.ask(move |store| store.answered(&once)).await?
        {
            return Ok(Done { position: 0, answer });
        }
        if !matches!(effect, Effect::Register(_)) {
            self.check_counts(&entries).await?;
        }
        self.check_subjects(&effect, &entries)?;
        match effect {
            Effect::Book(book) => self.book_all(&book, once, entries).await,
            Effect::Move(change) => self.change_all(&change, once, entries).await,
            Effect::Cancel { appointment, people } => self.give_back_all(appointment, &people, once, entries).await,
            Effect::Register(new) => self.enter(*new, entries, once).await,
            Effect::Erase(erase) => self.leave_once(*erase, entries, once).await,
            Effect::WalkIn(walk_in) => self.walk_in(&walk_in, once, entries).await,
            Effect::Visit(visit) => self.visit(&visit, once, entries).await,
            Effect::Dose(dose) => self.dose(&dose, None, once, entries).await,
            Effect::Correct { wrong, right } => self.dose(&right, Some(wrong), once, entries).await,
            Effect::CallOff { session, now_ms } => self.call_off(session, now_ms, once, entries).await,
            Effect::Guarded(guarded) => self.guarded(guarded, &entries).await,
            Effect::Membership(membership) => self.membership(membership, once, entries).await,
            Effect::Case(step) => self.case(step, once, entries).await,
            Effect::OfAge { person, now_ms } => self.of_age(person, now_ms, once, entries).await,
            Effect::Consent(effect) => match *effect {
                ConsentEffect::Give(consent) => self.give(consent, once, entries).await,
                _ => Err(Refusal::Apart),
            },
            _ => Err(Refusal::Apart),
        }
    }

    async fn check_counts(&self, entries: &[Staged]) -> Result<(), Refusal> {
        for subject in entries.iter().filter_map(|entry| entry.subject) {
            let count = self.ask(move |store| store.entries_of(subject.person)).await?;
            if count != Some(subject.count) {
                return Err(Refusal::Moved);
            }
        }
        Ok(())
    }

    /// Entries about somebody whose shard decides nothing here would be in no transaction of the act.
    fn check_subjects(&self, effect: &Effect, entries: &[Staged]) -> Result<(), Refusal> {
        let whose = match effect {
            Effect::Register(new) => Some(self.place_of_person(new.person)),
            Effect::Erase(erase) => Some(self.place_of_person(erase.person)),
            Effect::WalkIn(walk_in) => Some(self.place_of_person(walk_in.check_in.person)),
            Effect::Visit(visit) => Some(self.place_of_person(visit.there.person)),
            Effect::Dose(dose) | Effect::Correct { right: dose, .. } => Some(self.place_of_person(dose.person)),
            Effect::Consent(effect) => match &**effect {
                ConsentEffect::Give(consent) => Some(self.place_of_person(consent.person)),
                _ => None,
            },
            Effect::OfAge { person, .. } => Some(self.place_of_person(*person)),
            Effect::Membership(membership) => Some(self.place_of_person(membership.person)),
            Effect::Case(step) => match step {
                CaseStep::File(new) => Some(self.place_of_person(new.person)),
                CaseStep::Judge(judge) => match &judge.done {
                    Settlement::Add(dose) => Some(self.place_of_person(dose.person)),
                    Settlement::Correction(field) => Some(self.place_of_person(field.person)),
                    _ => None,
                },
                _ => None,
            },
            // Those of a booking are shared out; a session is about nobody.
            _ => None,
        };
        let subjects = entries.iter().filter_map(|entry| entry.subject);
        let mut places = subjects.map(|subject| self.place_of_person(subject.person));
        let is_here = match (whose, effect) {
            (Some(whose), _) => places.all(|place| place == whose),
            (None, Effect::CallOff { .. } | Effect::Guarded(_)) => places.next().is_none(),
            (None, _) => true,
        };
        if is_here { Ok(()) } else { Err(Refusal::Apart) }
    }

    /// What is noted of several people is noted of each; the same again changes nothing.
    async fn guarded(&self, guarded: Vec<crate::command::Guarded>, entries: &[Staged]) -> Applied {
        if !entries.is_empty() {
            return Err(Refusal::Apart);
        }
        for one in guarded {
            bare(self.hers(one.person), Effect::Guarded(vec![one])).await?;
        }
        Ok(Done { position: 0, answer: Answer::Nothing })
    }

    /// Where an effect is done.
    async fn way(&self, effect: &Effect, entries: &[Staged]) -> Routed {
        let Effect::All(effects) = effect else { return self.way_of_one(effect, entries).await };
        let mut ways = Vec::new();
        for one in effects {
            ways.push(self.way_of_one(one, &[]).await?);
        }
        match ways.split_first() {
            None => Ok(Way::At(0)),
            Some((first, others)) if *first != Way::Steps && others.iter().all(|way| way == first) => Ok(*first),
            Some(_) => Err(Refusal::Apart),
        }
    }

    async fn way_of_one(&self, effect: &Effect, entries: &[Staged]) -> Routed {
        match effect {
            Effect::Append => Ok(Way::At(self.place_of_subject(entries))),
            Effect::Book(_)
            | Effect::Move(_)
            | Effect::Cancel { .. }
            | Effect::Register(_)
            | Effect::Erase(_)
            | Effect::WalkIn(_)
            | Effect::Visit(_)
            | Effect::Dose(_)
            | Effect::Correct { .. }
            | Effect::Guarded(_)
            | Effect::OfAge { .. }
            | Effect::CallOff { .. } => Ok(Way::Steps),
            Effect::SendCode(_)
            | Effect::TryCode(_)
            | Effect::WrongProof { .. }
            | Effect::Spend(_)
            | Effect::SignIn(_)
            | Effect::Browser(_)
            | Effect::SignOut { .. }
            | Effect::Touch { .. } => self.way_by_key(effect).await,
            Effect::Membership(membership) => {
                let (at, hers) = (self.place_of_key(&membership.by.phone), self.place_of_subject(entries));
                Ok(if entries.is_empty() || at == hers { Way::At(at) } else { Way::Steps })
            }
            Effect::Forget { person, .. }
            | Effect::KeysGone { person }
            | Effect::HoldEnded { person }
            | Effect::Void { person }
            | Effect::WrongCode { person, .. }
            | Effect::WrongCard { person }
            | Effect::Attest { person, .. } => Ok(self.with(*person)),
            Effect::CheckIn(check_in) => Ok(self.with(check_in.person)),
            Effect::Certify(certificate) => Ok(self.with(certificate.person)),
            Effect::Seal(fields) => self.with_all(fields.iter().map(|field| field.person)),
            Effect::Observed { dose } => {
                self.found("SELECT 1 FROM dose WHERE id = ?1", dose.bytes().to_vec(), Refusal::NotFound).await
            }
            Effect::Order(OrderStep::File(order)) => Ok(self.with(order.person)),
            Effect::Order(OrderStep::Confirm(turn) | OrderStep::Look(turn)) => {
                let text = "SELECT 1 FROM lawful_order WHERE id = ?1";
                self.found(text, turn.order.to_vec(), Refusal::NotFound).await
            }
            Effect::Compared(_) | Effect::Audit(_) | Effect::StaffFailed { .. } => Ok(Way::At(0)),
            Effect::Geography { .. }
            | Effect::Centre(_)
            | Effect::Staff(_)
            | Effect::StaffChange(_)
            | Effect::Batch(_)
            | Effect::StopBatch { .. }
            | Effect::Publish(_)
            | Effect::Roster { .. } => self.way_of_place(effect).await,
            Effect::NoticeSent { notice, .. } | Effect::NoticeFailed { notice, .. } => {
                Ok(Way::At(self.place_of_position(notice.cast_unsigned())))
            }
            Effect::Tiled { below } => Ok(Way::At(self.place_of_position(*below))),
            Effect::Sweep { .. } | Effect::Recount => Ok(Way::Everywhere(0)),
            Effect::Consent(effect) => self.way_of_consent(effect).await,
            Effect::Case(step) => self.way_of_case(step).await,
            // Without steps: another phone. And what is done to one shard's own log, or is itself a step.
            Effect::StartMove(_)
            | Effect::StopMove { .. }
            | Effect::AskMove(_)
            | Effect::ObjectMove { .. }
            | Effect::EndMove(_)
            | Effect::All(_)
            | Effect::Indexed(_)
            | Effect::Resume(_)
            | Effect::Shard(_)
            | Effect::Claim(_)
            | Effect::Specimens(_) => Err(Refusal::Apart),
        }
    }

    /// What is done where a phone's index, or another key, is known.
    async fn way_by_key(&self, effect: &Effect) -> Routed {
        let key = match effect {
            Effect::SendCode(send) => &send.phone,
            Effect::WrongProof { phone, .. } => phone,
            Effect::Spend(spend) => &spend.budget,
            Effect::Browser(browser) => &browser.phone,
            Effect::SignIn(sign_in) => match &sign_in.who {
                SignedIn::Family { phone, .. } => phone,
                SignedIn::Staff { .. } => return Ok(Way::At(0)),
            },
            Effect::TryCode(TryCode { transaction, .. }) => {
                let text = "SELECT 1 FROM otp WHERE id = ?1";
                return self.found(text, transaction.bytes().to_vec(), Refusal::CodeGone).await;
            }
            Effect::SignOut { token } | Effect::Touch { token, .. } => {
                let found = self.place_where("SELECT 1 FROM sign_in WHERE token = ?1", token.to_vec()).await?;
                return Ok(Way::At(found.unwrap_or(0)));
            }
            _ => return Err(Refusal::Apart),
        };
        Ok(Way::At(self.place_of_key(key)))
    }

    /// What managers keep. What every shard needs is everywhere; a session, its roster and the stock are with their district.
    async fn way_of_place(&self, effect: &Effect) -> Routed {
        match effect {
            Effect::Centre(centre) => {
                let id = centre.id;
                let known = self.ask(move |store| store.centre(id)).await?.map(|known| known.district);
                let moves =
                    known.is_some_and(|known| self.place_of_district(known) != self.place_of_district(centre.district));
                // Its sessions would be left behind.
                if moves { Err(Refusal::Conflict) } else { Ok(Way::Everywhere(0)) }
            }
            Effect::Batch(batch) => Ok(Way::Everywhere(self.place_of_centre(batch.centre).await?)),
            Effect::Publish(new) => {
                let id = new.id;
                match self.ask(move |store| store.session(id)).await? {
                    Some(known) => Ok(Way::At(self.place_of_district(known.centre.district))),
                    None => Ok(Way::At(self.place_of_centre(new.centre).await?)),
                }
            }
            Effect::Roster { session, .. } => {
                let id = *session;
                let offer = self.ask(move |store| store.session(id)).await?;
                Ok(Way::At(offer.map_or(0, |offer| self.place_of_district(offer.centre.district))))
            }
            _ => Ok(Way::Everywhere(0)),
        }
    }

    async fn place_of_centre(&self, id: registry::CentreId) -> Result<usize, Refusal> {
        let centre = self.ask(move |store| store.centre(id)).await?;
        Ok(centre.map_or(0, |centre| self.place_of_district(centre.district)))
    }

    pub(super) async fn found(&self, text: &'static str, key: Vec<u8>, otherwise: Refusal) -> Routed {
        self.place_where(text, key).await?.map(Way::At).ok_or(otherwise)
    }

    pub(super) fn with(&self, person: PersonId) -> Way {
        Way::At(self.place_of_person(person))
    }

    fn with_all(&self, people: impl Iterator<Item = PersonId>) -> Routed {
        let mut places = people.map(|person| self.place_of_person(person));
        let first = places.next().unwrap_or(0);
        if places.all(|place| place == first) { Ok(Way::At(first)) } else { Err(Refusal::Apart) }
    }

    /// Where entries go that are all there is: to the shard of whom they are about, else to the first.
    pub(super) fn place_of_subject(&self, entries: &[Staged]) -> usize {
        let subject = entries.iter().find_map(|entry| entry.subject);
        subject.map_or(0, |subject| self.place_of_person(subject.person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[tokio::test]
    async fn a_place_that_is_remembered_wrongly_is_slower_and_not_wrong() {
        let folder = std::env::temp_dir().join(format!("teeka-places-{}", std::process::id()));
        let stores = (0..3).map(|at| {
            let of = folder.join(at.to_string());
            std::fs::create_dir_all(&of).unwrap();
            Store::open(&of).unwrap()
        });
        let shards = Shards::new(stores.collect());
        let text = "SELECT 1 FROM person WHERE id = ?1";
        for first in [0, 100, 200] {
            let person = PersonId::from_random([first; 16]);
            let (key, at) = (person.bytes().to_vec(), shards.place_of_person(person));
            assert_eq!(shards.place_where(text, key.clone()).await, Ok(None));
            bare(&shards.engines()[at], Effect::Void { person }).await.unwrap();
            for wrong in [0, 1, 2] {
                shards.places().insert(key.clone(), wrong);
                assert_eq!(shards.place_where(text, key.clone()).await, Ok(Some(at)), "{wrong}");
                assert_eq!(shards.places().get(&key), Some(&at), "what was wrong is remembered rightly");
            }
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
