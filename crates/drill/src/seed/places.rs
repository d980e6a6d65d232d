//! What is public: places, posts, batches and sessions.

use crate::world::{self, CentrePlan, SessionPlan, StaffPlan, World};
use portal::registry::{
    AgeBand, Centre, CentreId, District, DistrictId, Fee, Pincode, Role, SessionId, StaffId, State, StateId, Vaccine,
};
use portal::vault::rows::BatchRow;
use portal::vault::{Effect, Enrolled, NewSession, Refused, Vault, geography};
use std::collections::HashMap;
use std::sync::Arc;

/// A member of staff with her new credentials, shown once.
#[derive(Clone)]
pub struct LogIn {
    /// Index into [`World::staff`].
    pub plan: usize,
    /// Log-in name.
    pub login: String,
    /// Role and place, in words.
    pub about: String,
    /// Password.
    pub password: String,
    /// Secret of the authenticator, base32.
    pub totp_secret: String,
}

/// Enters geography, centres, staff, batches, sessions and rosters. Done twice, it fails on the staff, whose names
/// are taken; then nothing of the second time stands.
///
/// # Errors
/// Rules of the store; [`Refused::Unavailable`].
pub async fn places(vault: &Arc<Vault>, world: &World) -> Result<Vec<LogIn>, Refused> {
    map(vault, world).await?;
    let enrolled = enrol(vault, world).await?;
    vault.set_up(Effect::All(enrolled.iter().map(|(_, one)| one.effect.clone()).collect())).await?;
    vault.set_up(Effect::All(batches(world))).await?;
    vault.set_up(Effect::All(world.sessions.iter().map(|plan| publish(world, plan)).collect())).await?;
    vault.set_up(Effect::All(rosters(world, &enrolled))).await?;
    Ok(enrolled.into_iter().map(|(plan, one)| log_in(world, plan, one)).collect())
}

/// Enters geography and centres alone.
///
/// # Errors
/// Rules of the store; [`Refused::Unavailable`].
pub async fn map(vault: &Vault, world: &World) -> Result<(), Refused> {
    vault.set_up(geography(states(world), districts(world))).await?;
    let centres = world.centres.iter().map(|plan| Effect::Centre(centre(world, plan)));
    vault.set_up(Effect::All(centres.collect())).await.map(|_| ())
}

/// The id of a centre in the registry.
pub(super) fn centre_id(world: &World, centre: usize) -> CentreId {
    CentreId(world.centres[centre].id)
}

/// The id of a session in the registry.
pub(super) fn session_id(plan: &SessionPlan) -> SessionId {
    SessionId(plan.id)
}

/// All states of the world.
#[must_use]
pub fn states(world: &World) -> Vec<State> {
    let state = |plan: &world::State| State {
        id: StateId(plan.id.into()),
        name: plan.name.into(),
        name_hi: plan.name_hi.into(),
    };
    world.states.iter().map(state).collect()
}

/// The districts of the world.
#[must_use]
pub fn districts(world: &World) -> Vec<District> {
    let district = |plan: &world::District| District {
        id: DistrictId(plan.id.into()),
        state: StateId(plan.state_id.into()),
        name: plan.name.into(),
        name_hi: plan.name_hi.into(),
    };
    world.districts.iter().map(district).collect()
}

fn centre(world: &World, plan: &CentrePlan) -> Centre {
    Centre {
        id: CentreId(plan.id),
        district: DistrictId(world.districts[plan.district].id.into()),
        name: plan.name.clone(),
        address: plan.address.clone(),
        block: plan.block.into(),
        pincode: Pincode::new(plan.pincode).expect("our own places have six-digit codes"),
        latitude: plan.latitude,
        longitude: plan.longitude,
        opens: plan.opens,
        closes: plan.closes,
    }
}

fn vaccine(plan: world::Vaccine) -> Vaccine {
    plan.name().parse().expect("the world gives vaccines of the programme")
}

fn batches(world: &World) -> Vec<Effect> {
    let row = |plan: &world::BatchPlan| BatchRow {
        centre: centre_id(world, plan.centre),
        vaccine: vaccine(plan.vaccine),
        number: plan.number.clone(),
        expires: plan.expiry,
        doses: plan.doses,
        given: 0,
        stopped: false,
    };
    let added = world.batches.iter().map(|plan| Effect::Batch(row(plan)));
    let stopped = world.batches.iter().filter(|plan| plan.stopped);
    let stopped = stopped.map(|plan| Effect::StopBatch { vaccine: vaccine(plan.vaccine), number: plan.number.clone() });
    added.chain(stopped).collect()
}

fn publish(world: &World, plan: &SessionPlan) -> Effect {
    let all = [plan.capacity.dose1, plan.capacity.dose2, plan.capacity.precaution];
    let online = all.map(|places| places * (100 - u32::from(plan.walk_in_percent)) / 100);
    Effect::Publish(Box::new(NewSession {
        id: session_id(plan),
        centre: centre_id(world, plan.centre),
        day: plan.date,
        vaccine: vaccine(plan.vaccine),
        ages: AgeBand { min: plan.min_age, max: plan.max_age },
        fee: Fee { paise: plan.fee_paise },
        slots: plan
            .slots
            .iter()
            .map(|slot| slot.parse().expect("the world writes slots as the contract does"))
            .collect(),
        capacity: online,
        walk_in: all.iter().sum::<u32>() - online.iter().sum::<u32>(),
    }))
}

/// So many passwords are hashed at a time: each takes a while and a good deal of memory, as it should.
const HASHED_AT_ONCE: usize = 2;

async fn enrol(vault: &Arc<Vault>, world: &World) -> Result<Vec<(usize, Enrolled)>, Refused> {
    let hands = (0..HASHED_AT_ONCE).map(|hand| {
        let (vault, members) = (Arc::clone(vault), members(world, hand));
        tokio::task::spawn_blocking(move || {
            let enrol = |(plan, one, centre): (usize, StaffPlan, Option<CentreId>)| {
                Ok((plan, vault.enrol_staff(&one.login, &one.name, role(one.role), centre)?))
            };
            members.into_iter().map(enrol).collect::<Result<Vec<_>, Refused>>()
        })
    });
    let mut enrolled = Vec::with_capacity(world.staff.len());
    for hand in hands.collect::<Vec<_>>() {
        enrolled.extend(hand.await.map_err(|_| Refused::Unavailable)??);
    }
    enrolled.sort_by_key(|(plan, _)| *plan);
    Ok(enrolled)
}

/// Every so many-th of those in office, beginning at `hand`. Of the roles that have no work here yet, the first few.
fn members(world: &World, hand: usize) -> Vec<(usize, StaffPlan, Option<CentreId>)> {
    let has_work = |role| matches!(role, world::Role::Manager | world::Role::Vaccinator);
    let rank = |at: usize| world.staff[..at].iter().filter(|other| other.role == world.staff[at].role).count();
    let wanted = (0..world.staff.len()).filter(|at| has_work(world.staff[*at].role) || rank(*at) < 2);
    let one = |at: usize| (at, world.staff[at].clone(), world.staff[at].centre.map(|centre| centre_id(world, centre)));
    wanted.skip(hand).step_by(HASHED_AT_ONCE).map(one).collect()
}

fn role(role: world::Role) -> Role {
    match role {
        world::Role::Manager => Role::Manager,
        world::Role::Vaccinator => Role::Vaccinator,
        world::Role::ColdChainHandler => Role::ColdChainHandler,
        world::Role::Auditor => Role::Auditor,
        world::Role::Operator => Role::Operator,
        world::Role::Officer => Role::Officer,
    }
}

/// Each at the sessions of her plan; at past sessions also the first of the state, who gave the doses there.
fn rosters(world: &World, enrolled: &[(usize, Enrolled)]) -> Vec<Effect> {
    let ids: HashMap<usize, StaffId> = enrolled.iter().map(|(plan, one)| (*plan, one.id)).collect();
    let on = |session: usize, plan: usize| Effect::Roster {
        session: session_id(&world.sessions[session]),
        staff: ids[&plan],
        on: true,
    };
    let planned =
        enrolled.iter().flat_map(|(plan, _)| world.staff[*plan].roster.iter().map(|session| on(*session, *plan)));
    let leads = leads(world);
    let past = (0..world.sessions.len()).filter(|at| world.sessions[*at].date < world.first_day());
    let past = past.map(|at| on(at, leads[&state_of(world, at)]));
    planned.chain(past).collect()
}

/// The first vaccinator of each state, by index into [`World::staff`].
pub(super) fn leads(world: &World) -> HashMap<u16, usize> {
    let mut leads = HashMap::new();
    for (at, member) in world.staff.iter().enumerate().filter(|(_, member)| member.role == world::Role::Vaccinator) {
        leads.entry(member.state_id.expect("a vaccinator works in a state")).or_insert(at);
    }
    leads
}

/// The state in which a session is held.
pub(super) fn state_of(world: &World, session: usize) -> u16 {
    world.districts[world.centres[world.sessions[session].centre].district].state_id
}

fn log_in(world: &World, plan: usize, enrolled: Enrolled) -> LogIn {
    let member = &world.staff[plan];
    LogIn {
        plan,
        login: member.login.clone(),
        about: about(world, member),
        password: enrolled.password,
        totp_secret: enrolled.totp_secret,
    }
}

fn about(world: &World, member: &StaffPlan) -> String {
    let place = match (member.centre, member.district, member.state_id) {
        (Some(centre), _, _) => world.centres[centre].name.as_str(),
        (None, Some(district), _) => world.districts[district].name,
        (None, None, Some(state)) => world.states[usize::from(state) - 1].name,
        (None, None, None) => "India",
    };
    format!("{}, {place}", role(member.role).code())
}
