//! The vaccinators of the past: each signs in on the day, with her password and the code of her authenticator.

use super::people::{Stage, together};
use super::places::{LogIn, leads, session_id, state_of};
use crate::world::World;
use data_encoding::BASE32_NOPAD;
use portal::registry::Reference;
use portal::vault::{Caller, Channel, Evidence, Given, Refused, Staff, totp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Someone who comes to a session.
pub(super) struct Visit {
    /// Index into [`World::sessions`].
    pub(super) session: usize,
    pub(super) reference: Reference,
    /// The four digits on her slip.
    pub(super) code: String,
}

/// Tokens of those at work on one day, by state.
#[derive(Default)]
pub(super) struct Shift(HashMap<u16, String>);

impl Shift {
    /// Signs in the first vaccinator of every state in which somebody comes, side by side.
    pub(super) async fn begin(
        stage: &Arc<Stage>,
        world: &World,
        log_ins: &[LogIn],
        visits: &[Visit],
    ) -> Result<Self, Refused> {
        let leads = leads(world);
        let places: BTreeSet<u16> = visits.iter().map(|visit| state_of(world, visit.session)).collect();
        let tasks = places.into_iter().map(|place| {
            let log_in = log_ins.iter().find(|one| one.plan == leads[&place]).cloned();
            let stage = Arc::clone(stage);
            async move { Ok((place, sign_in(&stage, &log_in.ok_or(Refused::NotFound)?).await?)) }
        });
        Ok(Self(together(tasks).await?.into_iter().collect()))
    }

    /// Checks her in by the code on her slip, and records the dose.
    pub(super) async fn serve(&self, stage: &Stage, world: &World, visit: &Visit) -> Result<(), Refused> {
        let plan = &world.sessions[visit.session];
        let token = &self.0[&state_of(world, visit.session)];
        let staff = staff(stage, token).await?;
        let evidence = Evidence::Code(visit.code.clone());
        let (appointment, nth) = stage.vault.check_in(&staff, session_id(plan), &visit.reference, &evidence).await?;
        let given = Given { batch: world.batches[plan.batch].number.clone(), early_reason: None };
        stage.vault.record_dose(&staff, appointment, nth, given).await.map(|_| ())
    }
}

/// The first vaccinator of some state, signed in.
pub(super) async fn anyone(stage: &Stage, world: &World, log_ins: &[LogIn]) -> Result<Staff, Refused> {
    let leads = leads(world);
    let log_in = log_ins.iter().find(|one| leads.values().any(|lead| *lead == one.plan)).ok_or(Refused::NotFound)?;
    staff(stage, &sign_in(stage, log_in).await?).await
}

async fn sign_in(stage: &Stage, log_in: &LogIn) -> Result<String, Refused> {
    let secret = BASE32_NOPAD.decode(log_in.totp_secret.as_bytes()).map_err(|_| Refused::Unavailable)?;
    let step = u64::try_from(stage.vault.now_ms() / 30_000).map_err(|_| Refused::Unavailable)?;
    let asked = stage.vault.asked(Channel::Page);
    let opened = stage.vault.staff_sign_in(asked, &log_in.login, &log_in.password, &totp(&secret, step)).await?;
    Ok(opened.token)
}

async fn staff(stage: &Stage, token: &str) -> Result<Staff, Refused> {
    match stage.vault.caller(token, Channel::Page).await? {
        Caller::Staff(staff) => Ok(staff),
        Caller::Citizen(_) => Err(Refused::WrongRole),
    }
}
