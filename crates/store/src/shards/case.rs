//! Cases over several shards: each lies with her. What a settled one changes elsewhere, the stock of a centre and the sign-ins of her phone,
//! is told. Two records that are joined, and who moves, may be of two shards, and have no steps yet.

use super::registration::claim_step;
use super::route::{Routed, Way};
use super::{AT_ONCE, HOLD_MS, Shards, counted};
use crate::StoreError;
use crate::command::{
    Applied, CaseStep, ClaimStep, Command, DoseDraw, Effect, FileCase, Filer, Give, Judge, Once, Refusal, Settlement,
    ShardStep, Staged,
};
use crate::engine::Engine;
use registry::{CaseId, PersonId};
use std::sync::Arc;

impl Shards {
    pub(super) async fn way_of_case(&self, step: &CaseStep) -> Routed {
        match step {
            CaseStep::File(_) => Ok(Way::Steps),
            CaseStep::Take(turn) | CaseStep::PutBack(turn) | CaseStep::Propose { turn, .. } => {
                self.case_at(turn.case).await.map(Way::At)
            }
            CaseStep::Withdraw { case, .. } => self.case_at(*case).await.map(Way::At),
            CaseStep::Judge(judge) => match judge.done {
                Settlement::Nothing | Settlement::Strike(_) | Settlement::Report(_) => {
                    self.case_at(judge.turn.case).await.map(Way::At)
                }
                Settlement::Add(_) | Settlement::Correction(_) => Ok(Way::Steps),
                Settlement::Drawn(_) | Settlement::Move | Settlement::Merge => Err(Refusal::Apart),
            },
            CaseStep::Join { .. } | CaseStep::Part { .. } => Err(Refusal::Apart),
        }
    }

    async fn case_at(&self, case: CaseId) -> Result<usize, Refusal> {
        let text = "SELECT 1 FROM case_file WHERE id = ?1";
        self.place_where(text, case.bytes().to_vec()).await?.ok_or(Refusal::NotFound)
    }

    pub(super) async fn case(&self, step: CaseStep, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        match step {
            CaseStep::File(new) => self.file(*new, once, entries).await,
            CaseStep::Judge(judge) => match judge.done.clone() {
                Settlement::Add(dose) => {
                    let now_ms = judge.turn.now_ms;
                    let draw =
                        DoseDraw { dose: *dose, comes_back: false, is_found: true, expires_ms: now_ms + HOLD_MS };
                    let decides = |give: Give| {
                        let judge = Judge { done: Settlement::Drawn(Box::new(give)), ..*judge };
                        Effect::Case(CaseStep::Judge(Box::new(judge)))
                    };
                    self.drawn(draw, None, decides, once, entries).await
                }
                Settlement::Correction(field) => {
                    let hers = self.hers(field.person);
                    let effect = Effect::Case(CaseStep::Judge(judge));
                    let done = hers.apply(Command { by: None, once, entries, effect }).await?;
                    // Where that fails, the sweeper does it.
                    self.tell_recalls(hers).await.ok();
                    Ok(done)
                }
                _ => Err(Refusal::Apart),
            },
            _ => Err(Refusal::Apart),
        }
    }

    async fn file(&self, new: FileCase, once: Option<Once>, entries: Vec<Staged>) -> Applied {
        let by = match new.by.clone() {
            Filer::Family(hold) => {
                self.ask(move |store| store.holds_family(&hold)).await??;
                Filer::Asked
            }
            Filer::Present { appointment, centre } => Filer::Present { appointment, centre },
            Filer::Asked => return Err(Refusal::Apart),
        };
        let hers = self.hers(new.person);
        let effect = Effect::Case(CaseStep::File(Box::new(FileCase { by, ..new })));
        hers.apply(Command { by: None, once, entries, effect }).await
    }

    /// Whether somebody has a guardian, the shard of her phone knows.
    pub(super) async fn of_age(
        &self,
        person: PersonId,
        now_ms: i64,
        once: Option<Once>,
        entries: Vec<Staged>,
    ) -> Applied {
        let has_kin = self.ask(move |store| store.has_kin(person)).await?;
        let effect = Effect::Shard(ShardStep::OfAge { person, has_kin, now_ms });
        self.hers(person).apply(Command { by: None, once, entries, effect }).await
    }

    /// Tells phones' shards of whom their sign-ins remember what is not right any more.
    pub(super) async fn tell_recalls(&self, shard: &Arc<Engine>) -> Result<usize, StoreError> {
        let mut tried = Vec::new();
        for recall in shard.read(|store| store.recalls(AT_ONCE)).await? {
            let told = claim_step(self.keys(&recall.phone), ClaimStep::Recall(recall)).await;
            tried.push(match told {
                Ok(_) => claim_step(shard, ClaimStep::Recalled(recall)).await,
                refused => refused,
            });
        }
        counted(&tried)
    }
}
