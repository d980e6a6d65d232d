//! What a file would change, against what is there. Pure.

use super::row::{RosterLine, Row, StaffLine};
use super::{Line, RowProblem, Trouble};
use jiff::civil::Date;
use registry::{AgeBand, Centre, CentreId, DistrictId, Role, Session, SessionId, StaffId, Vaccine};
use std::collections::{HashMap, HashSet};
use vault::rows::{BatchRow, StaffRow};
use vault::{Effect, NewSession, StaffChange};

/// What is there already, as far as the file names it.
#[derive(Default)]
pub(super) struct Known {
    pub(super) today: Date,
    pub(super) myself: Option<StaffId>,
    pub(super) districts: HashSet<DistrictId>,
    pub(super) centres: HashMap<CentreId, Centre>,
    pub(super) staff: HashMap<String, StaffRow>,
    pub(super) sessions: HashMap<SessionId, Session>,
    pub(super) rosters: HashMap<SessionId, HashSet<StaffId>>,
    pub(super) batches: HashMap<(CentreId, Vaccine, String), BatchRow>,
}

/// What a file would do.
#[derive(Default)]
pub(super) struct Compared {
    /// Rows that are new.
    pub(super) added: usize,
    /// Rows that change something.
    pub(super) changed: usize,
    /// Rows that stand already.
    pub(super) unchanged: usize,
    /// Rows that cannot be taken.
    pub(super) problems: Vec<RowProblem>,
    /// What is to be done for the rows that are new or change something, new staff left out.
    pub(super) effects: Vec<Effect>,
    /// New staff, who need credentials.
    pub(super) new_staff: Vec<StaffLine>,
}

/// One row's part.
enum Step {
    Add(Effect),
    Hire(StaffLine),
    Change(Effect),
    Nothing,
}

type Judged = Result<Step, (&'static str, Trouble)>;

/// Compares the rows of a file with what is there.
pub(super) fn compare(lines: Vec<Result<Line, RowProblem>>, known: &Known) -> Compared {
    let mut all = Compared::default();
    for line in lines {
        let step = line.and_then(|Line { number, row }| {
            judge(row, known).map_err(|(column, trouble)| RowProblem { line: number, column, trouble })
        });
        match step {
            Ok(Step::Add(effect)) => {
                all.added += 1;
                all.effects.push(effect);
            }
            Ok(Step::Hire(line)) => {
                all.added += 1;
                all.new_staff.push(line);
            }
            Ok(Step::Change(effect)) => {
                all.changed += 1;
                all.effects.push(effect);
            }
            Ok(Step::Nothing) => all.unchanged += 1,
            Err(problem) => all.problems.push(problem),
        }
    }
    all
}

fn judge(row: Row, known: &Known) -> Judged {
    match row {
        Row::Centre(centre) => judge_centre(centre, known),
        Row::Staff(line) => judge_staff(line, known),
        Row::Session(session, named) => judge_session(session, named, known),
        Row::Roster(line) => judge_roster(&line, known),
        Row::Batch(batch) => judge_batch(batch, known),
    }
}

fn judge_centre(centre: Centre, known: &Known) -> Judged {
    if !known.districts.contains(&centre.district) {
        return Err(("district_id", Trouble::NoDistrict));
    }
    Ok(match known.centres.get(&centre.id) {
        None => Step::Add(Effect::Centre(centre)),
        Some(old) if *old == centre => Step::Nothing,
        Some(_) => Step::Change(Effect::Centre(centre)),
    })
}

fn must_have_centre(centre: CentreId, known: &Known) -> Result<(), (&'static str, Trouble)> {
    if known.centres.contains_key(&centre) { Ok(()) } else { Err(("centre_id", Trouble::NoCentre)) }
}

fn judge_staff(line: StaffLine, known: &Known) -> Judged {
    if let Some(centre) = line.centre {
        must_have_centre(centre, known)?;
    }
    let Some(old) = known.staff.get(&line.login) else { return Ok(Step::Hire(line)) };
    if !old.active {
        return Err(("login", Trouble::Left));
    }
    if old.name != line.name {
        return Err(("login", Trouble::OtherName { name: old.name.clone() }));
    }
    // An empty cell leaves her where she is.
    let centre = line.centre.filter(|centre| old.centre != Some(*centre));
    let role = Some(line.role).filter(|role| old.role != *role);
    if (role, centre) == (None, None) {
        return Ok(Step::Nothing);
    }
    if known.myself == Some(old.id) {
        return Err(("login", Trouble::Yourself));
    }
    Ok(Step::Change(Effect::StaffChange(StaffChange { staff: old.id, role, centre, active: None, credentials: None })))
}

fn judge_session(session: Box<NewSession>, named: bool, known: &Known) -> Judged {
    must_have_centre(session.centre, known)?;
    let same_kind = |old: &&Session| {
        !old.cancelled && same(old, session.centre, session.day, session.vaccine) && old.ages == session.ages
    };
    let by_id = known.sessions.get(&session.id);
    // A session that was planned on a page has another id, and is the same session all the same.
    let old = if named { by_id } else { known.sessions.values().find(same_kind).or(by_id) };
    match old {
        None if session.day < known.today => Err(("date", Trouble::Past)),
        None => Ok(Step::Add(Effect::Publish(session))),
        Some(old) if old.cancelled => Err(("id", Trouble::CalledOff)),
        Some(old) if !same_terms(old, &session) => Err(("id", Trouble::Differs)),
        Some(old) if same_places(old, &session) => Ok(Step::Nothing),
        Some(old) => match fewer_than_taken(old, &session) {
            Some(trouble) => Err(trouble),
            None => Ok(Step::Change(Effect::Publish(Box::new(NewSession { id: old.id, ..*session })))),
        },
    }
}

fn same(old: &Session, centre: CentreId, day: Date, vaccine: Vaccine) -> bool {
    (old.centre, old.day, old.vaccine) == (centre, day, vaccine)
}

/// What people were promised when they booked.
fn same_terms(old: &Session, new: &NewSession) -> bool {
    let ages = |ages: AgeBand| (ages.min, ages.max);
    same(old, new.centre, new.day, new.vaccine)
        && ages(old.ages) == ages(new.ages)
        && old.fee == new.fee
        && old.slots == new.slots
}

fn same_places(old: &Session, new: &NewSession) -> bool {
    old.places.map(|places| places.capacity) == new.capacity && old.walk_in.capacity == new.walk_in
}

/// Places may grow, and shrink to what is taken.
fn fewer_than_taken(old: &Session, new: &NewSession) -> Option<(&'static str, Trouble)> {
    let [first, second, third] = old.places;
    let columns = [("dose1", first), ("dose2", second), ("dose3", third), ("walk_in", old.walk_in)];
    let wanted = new.capacity.into_iter().chain([new.walk_in]);
    columns.into_iter().zip(wanted).find_map(|((column, places), wanted)| {
        let taken = places.capacity - places.open;
        (wanted < taken).then_some((column, Trouble::FewerThanTaken { taken }))
    })
}

fn judge_roster(line: &RosterLine, known: &Known) -> Judged {
    must_have_centre(line.centre, known)?;
    let staff = known.staff.get(&line.login).ok_or(("login", Trouble::NoStaff))?;
    if !staff.active {
        return Err(("login", Trouble::Left));
    }
    if staff.role != Role::Vaccinator {
        return Err(("login", Trouble::NotVaccinator));
    }
    let fits = |old: &&Session| {
        let wanted = line.session.map_or(!old.cancelled, |id| old.id == id);
        wanted && same(old, line.centre, line.day, line.vaccine)
    };
    let mut found = known.sessions.values().filter(fits);
    let session = match (found.next(), found.next()) {
        (None, _) => return Err(("date", Trouble::NoSession)),
        (Some(_), Some(_)) => return Err(("session_id", Trouble::ManySessions)),
        (Some(session), None) => session,
    };
    if session.cancelled {
        return Err(("session_id", Trouble::CalledOff));
    }
    if known.rosters.get(&session.id).is_some_and(|roster| roster.contains(&staff.id)) {
        return Ok(Step::Nothing);
    }
    Ok(Step::Add(Effect::Roster { session: session.id, staff: staff.id, on: true }))
}

fn judge_batch(batch: BatchRow, known: &Known) -> Judged {
    must_have_centre(batch.centre, known)?;
    match known.batches.get(&(batch.centre, batch.vaccine, batch.number.clone())) {
        None => Ok(Step::Add(Effect::Batch(batch))),
        Some(old) if batch.doses < old.given => Err(("doses", Trouble::FewerThanGiven { given: old.given })),
        Some(old) if (old.expires, old.doses) == (batch.expires, batch.doses) => Ok(Step::Nothing),
        Some(_) => Ok(Step::Change(Effect::Batch(batch))),
    }
}
