//! A day at a centre over shards: who comes without a booking, a dose from the stock of the centre, a session called off.

use super::booking::{Part, Seat, wish};
use super::{HOLD_MS, Shards, step};
use crate::command::{
    Answer, Applied, Command, Done, DoseDraw, Effect, Give, NewDose, Once, Refusal, SeatAct, ShardStep, Staged, Visit,
    WalkIn,
};
use registry::{DoseId, SessionId};

impl Shards {
    /// A seat of the walk-in share, as a booking takes one of its own.
    pub(super) async fn walk_in(&self, walk_in: &WalkIn, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        let there = &walk_in.check_in;
        let seat: Seat = self.seat(there.session, &walk_in.slot).await?;
        let wish = wish(there.appointment, there.person, &seat, there.now_ms, &entries);
        let act = SeatAct::WalkIn(walk_in.clone());
        self.take(vec![Part { wish, place: Some(0), act, entries, once }]).await
    }

    /// Her visit is hers alone, but that it needs a session that stands.
    pub(super) async fn visit(&self, visit: &Visit, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        let place = self.place_of_person(visit.there.person);
        self.copy_to(place, visit.there.session).await?;
        let command = Command { by: None, once, entries, effect: Effect::Visit(visit.clone()) };
        self.engines()[place].apply(command).await
    }

    /// A dose: drawn from the stock, then written, or not. A dose that it replaces goes back.
    pub(super) async fn dose(
        &self,
        dose: &NewDose,
        replaces: Option<DoseId>,
        once: Option<Once>,
        entries: Vec<Staged>,
    ) -> Applied {
        let person = dose.person;
        let wrong = match replaces {
            Some(wrong) => self.ask(move |store| store.dose(wrong)).await?,
            None => None,
        };
        let is_hers = wrong.as_ref().is_some_and(|wrong| (wrong.person, wrong.day) == (person, dose.day));
        if replaces.is_some() && !is_hers {
            return Err(Refusal::NotFound);
        }
        let from = (dose.centre, dose.vaccine, dose.batch.as_str());
        let comes_back = wrong.is_some_and(|wrong| (wrong.centre, wrong.vaccine, wrong.batch.as_str()) == from);
        let draw = DoseDraw { dose: dose.clone(), comes_back, is_found: false, expires_ms: dose.at_ms + HOLD_MS };
        let decides = |give| Effect::Shard(ShardStep::Give(Box::new(give)));
        self.drawn(draw, replaces, decides, once, entries).await
    }

    /// A dose that is drawn from its stock, for a while, is decided in her shard; then the stock is told.
    pub(super) async fn drawn(
        &self,
        draw: DoseDraw,
        replaces: Option<DoseId>,
        decides: impl FnOnce(Give) -> Effect,
        once: Option<Once>,
        entries: Vec<Staged>,
    ) -> Applied {
        let dose = draw.dose.clone();
        let (attempt, person, centre) = (*dose.id.bytes(), dose.person, dose.centre);
        let found = self.ask(move |store| store.centre(centre)).await?;
        let district = found.ok_or(Refusal::BatchUnusable)?.district;
        step(self.districts(district), ShardStep::Draw(Box::new(draw))).await?;
        let effect = decides(Give { dose, replaces, district });
        let decided = self.hers(person).apply(Command { by: None, once, entries, effect }).await;
        // A repeat of the same command under its key may have been another dose's.
        let is_idle = match &decided {
            Ok(done) => once.is_some() && done.position == 0,
            Err(refusal) => *refusal != Refusal::Storage,
        };
        if is_idle {
            step(self.hers(person), ShardStep::Settle { attempt, person, district }).await.ok();
        }
        self.tell_of(person).await;
        decided
    }

    /// Everybody is told in her own shard, and the session's own shard is the last: who does it again goes on where it was cut off.
    pub(super) async fn call_off(
        &self,
        session: SessionId,
        now_ms: i64,
        once: Option<Once>,
        entries: Vec<Staged>,
    ) -> Applied {
        let offer = self.ask(move |store| store.session(session)).await?.ok_or(Refusal::NotFound)?;
        if offer.session.cancelled {
            return Err(Refusal::NotFound);
        }
        let home = self.place_of_district(offer.centre.district);
        let mut told = 0;
        for (at, shard) in self.engines().iter().enumerate().filter(|(at, _)| *at != home) {
            let off = ShardStep::Off { session: Box::new(offer.session.clone()), now_ms };
            match step(shard, off).await?.answer {
                Answer::Count(there) => told += there,
                other => unreachable!("shard {at} counts whom it told, and not {other:?}"),
            }
        }
        let effect = Effect::CallOff { session, now_ms };
        let done = self.engines()[home].apply(Command { by: None, once, entries, effect }).await?;
        match done.answer {
            Answer::Count(there) => Ok(Done { answer: Answer::Count(told + there), ..done }),
            _ => Ok(done),
        }
    }
}
