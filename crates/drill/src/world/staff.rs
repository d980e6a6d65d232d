//! People in office: a manager for each state in use, vaccinators and their roster, cold-chain handlers,
//! auditors, operators and officers.

use super::centres::CentrePlan;
use super::chance::{Chance, Stream};
use super::names;
use super::places::{District, State, slug};
use super::sessions::SessionPlan;

/// What somebody does in office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Programme manager of a state.
    Manager,
    /// Vaccinator at a centre.
    Vaccinator,
    /// Cold-chain handler of a district.
    ColdChainHandler,
    /// Auditor of the whole programme.
    Auditor,
    /// Operator of the system.
    Operator,
    /// Officer who settles people's cases.
    Officer,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPlan {
    /// Readable and the same for every world of these places, for example `vaccinator.pune.1`.
    pub login: String,
    /// Full name in Latin letters.
    pub name: String,
    /// What she does.
    pub role: Role,
    /// The state she works in; none for those who work for the whole programme.
    pub state_id: Option<u16>,
    /// Index into [`super::World::districts`].
    pub district: Option<usize>,
    /// Index into [`super::World::centres`], for a vaccinator.
    pub centre: Option<usize>,
    /// Indexes into [`super::World::sessions`] at which she works, for a vaccinator.
    pub roster: Vec<usize>,
}

/// All staff: managers, vaccinators by centre, cold-chain handlers, two auditors, two operators, two officers.
pub(super) fn generate(
    seed: u64,
    states: &[State],
    districts: &[District],
    centres: &[CentrePlan],
    sessions: &[SessionPlan],
) -> Vec<StaffPlan> {
    let mut staff = Vec::new();
    for state in states {
        if districts.iter().any(|district| district.state_id == state.id) {
            let login = format!("manager.{}", slug(state.name));
            staff.push(StaffPlan { state_id: Some(state.id), ..nobody(login, Role::Manager) });
        }
    }
    for (index, district) in districts.iter().enumerate() {
        vaccinators(index, district, centres, sessions, &mut staff);
        let login = format!("coldchain.{}", district.slug());
        staff.push(StaffPlan {
            state_id: Some(district.state_id),
            district: Some(index),
            ..nobody(login, Role::ColdChainHandler)
        });
    }
    for (role, word) in [(Role::Auditor, "auditor"), (Role::Operator, "operator"), (Role::Officer, "officer")] {
        staff.extend((1..=2).map(|number| nobody(format!("{word}.{number}"), role)));
    }
    for (index, member) in staff.iter_mut().enumerate() {
        member.name = names::staff(&mut Chance::new(seed, Stream::Staff, index as u64));
    }
    staff
}

/// Two vaccinators at the first centre of a district and one at each other; each session has one of them.
fn vaccinators(
    index: usize,
    district: &District,
    centres: &[CentrePlan],
    sessions: &[SessionPlan],
    staff: &mut Vec<StaffPlan>,
) {
    let mut number = 0;
    for (centre, _) in centres.iter().enumerate().filter(|(_, centre)| centre.district == index) {
        let count = if number == 0 { 2 } else { 1 };
        let held: Vec<_> = (0..sessions.len()).filter(|at| sessions[*at].centre == centre).collect();
        for shift in 0..count {
            number += 1;
            let login = format!("vaccinator.{}.{number}", district.slug());
            staff.push(StaffPlan {
                state_id: Some(district.state_id),
                district: Some(index),
                centre: Some(centre),
                roster: held.iter().copied().skip(shift).step_by(count).collect(),
                ..nobody(login, Role::Vaccinator)
            });
        }
    }
}

/// A post without a name, place or roster yet.
fn nobody(login: String, role: Role) -> StaffPlan {
    StaffPlan { login, name: String::new(), role, state_id: None, district: None, centre: None, roster: Vec::new() }
}
