//! People and their past: each evening of the past families sign in, register and book; each day they come.

use super::desk::{Shift, Visit};
use super::diary::{self, FamilyPlan, Wish};
use super::places::{LogIn, session_id};
use super::post::Post;
use crate::world::{self, PersonPlan, World};
use jiff::ToSpan;
use jiff::civil::Date;
use portal::registry::{BirthYear, Gender, IdDocument, IdKind, PersonId, Phone, Slot};
use portal::vault::{BookingRequest, Caller, Card, Channel, Citizen, CodeFor, NewPerson, Refused, Vault};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// So many people are at it at the same time, so that their writes share a sync to disk.
const AT_ONCE: usize = 256;

/// A vault whose clock can be put back, and where its messages go.
pub struct Stage {
    /// The vault.
    pub vault: Arc<Vault>,
    /// Its messenger.
    pub post: Arc<Post>,
    /// Puts the vault's clock to a time, milliseconds since the epoch.
    pub put_clock: Box<dyn Fn(i64) + Send + Sync>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Seeded {
    /// People registered.
    pub people: AtomicU64,
    /// Doses recorded.
    pub doses: AtomicU64,
    /// Places booked on days that are still ahead.
    pub bookings: AtomicU64,
    /// Wishes that a rule of the programme stood against.
    pub refused: AtomicU64,
}

impl Seeded {
    /// Everything that is done.
    #[must_use]
    pub fn done(&self) -> u64 {
        [&self.people, &self.doses, &self.bookings, &self.refused]
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .sum()
    }

    /// Everything that there is to do in a world.
    #[must_use]
    pub fn all(world: &World) -> u64 {
        let of = |person: PersonPlan| 1 + person.history.doses.len() + usize::from(person.history.booking.is_some());
        world.people().map(|person| of(person) as u64).sum()
    }
}

/// A family on its way through the diary.
struct Family {
    plan: FamilyPlan,
    phone: Phone,
    people: Vec<PersonId>,
}

/// Enters everybody, from the earliest evening on, and leaves the clock at the last. `seeded` counts along.
///
/// # Errors
/// [`Refused::Unavailable`] and whatever else is no rule of the programme: then the world is unfinished.
pub async fn people(
    stage: &Arc<Stage>,
    world: &Arc<World>,
    log_ins: &[LogIn],
    seeded: &Arc<Seeded>,
) -> Result<(), Refused> {
    let mut families: Vec<Family> = diary::families(world).into_iter().map(Family::new).collect::<Result<_, _>>()?;
    let evenings: BTreeSet<Date> = families.iter().flat_map(|family| family.plan.evenings.keys().copied()).collect();
    for evening in evenings {
        (stage.put_clock)(diary::evening_ms(evening));
        // The days before are over: the log indexes them, as it does night by night.
        stage.vault.fresh_checkpoint().await?;
        let (next, visits) = book_all(stage, world, seeded, families, evening).await?;
        families = next;
        come_all(stage, world, seeded, log_ins, evening + 1.day(), visits).await?;
        while stage.vault.send_notices().await? > 0 {}
    }
    Ok(())
}

/// Every family with something to do on this evening does it.
async fn book_all(
    stage: &Arc<Stage>,
    world: &Arc<World>,
    seeded: &Arc<Seeded>,
    families: Vec<Family>,
    evening: Date,
) -> Result<(Vec<Family>, Vec<Visit>), Refused> {
    let (busy, mut families): (Vec<_>, Vec<_>) =
        families.into_iter().partition(|family| family.plan.evenings.contains_key(&evening));
    let tasks = busy.into_iter().map(|mut family| {
        let (stage, world, seeded) = (Arc::clone(stage), Arc::clone(world), Arc::clone(seeded));
        async move {
            let visits = family.spend(&stage, &world, &seeded, evening).await?;
            Ok((family, visits))
        }
    });
    let mut visits = Vec::new();
    for (family, own) in together(tasks).await? {
        families.push(family);
        visits.extend(own);
    }
    Ok((families, visits))
}

/// When this world begins, milliseconds since the epoch: an hour before anybody does anything. Places are there then.
#[must_use]
pub fn begins_ms(world: &World) -> Option<i64> {
    let evenings = diary::families(world).into_iter().filter_map(|family| family.evenings.keys().next().copied());
    evenings.min().map(|first| diary::evening_ms(first) - 3_600_000)
}

/// Everybody who booked for this day comes, in the morning: the work waits for nobody's slot here.
async fn come_all(
    stage: &Arc<Stage>,
    world: &Arc<World>,
    seeded: &Arc<Seeded>,
    log_ins: &[LogIn],
    day: Date,
    visits: Vec<Visit>,
) -> Result<(), Refused> {
    // Nobody comes on the day that has begun, and it may not be morning yet: nothing is dated ahead.
    if visits.is_empty() {
        return Ok(());
    }
    (stage.put_clock)(diary::morning_ms(day));
    let shift = Arc::new(Shift::begin(stage, world, log_ins, &visits).await?);
    let tasks = visits.into_iter().map(|visit| {
        let (stage, world, seeded, shift) =
            (Arc::clone(stage), Arc::clone(world), Arc::clone(seeded), Arc::clone(&shift));
        async move { seeded.note(&seeded.doses, 1, shift.serve(&stage, &world, &visit).await).map(|_| ()) }
    });
    together(tasks).await.map(|_| ())
}

/// Runs tasks side by side, not all at once; the first that fails ends them all.
pub(super) async fn together<T: Send + 'static>(
    tasks: impl Iterator<Item = impl Future<Output = Result<T, Refused>> + Send + 'static>,
) -> Result<Vec<T>, Refused> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for task in tasks {
        let turns = Arc::clone(&turns);
        running.spawn(async move {
            let _turn = turns.acquire_owned().await.map_err(|_| Refused::Unavailable)?;
            task.await
        });
    }
    let mut done = Vec::with_capacity(running.len());
    while let Some(ended) = running.join_next().await {
        done.push(ended.map_err(|_| Refused::Unavailable)??);
    }
    Ok(done)
}

impl Seeded {
    /// Counts what was done; a rule that stood against it is counted too, and anything else is an error.
    fn note<T>(&self, count: &AtomicU64, by: u64, done: Result<T, Refused>) -> Result<Option<T>, Refused> {
        match done {
            Ok(done) => {
                count.fetch_add(by, Ordering::Relaxed);
                Ok(Some(done))
            }
            Err(Refused::Rule(_) | Refused::Ineligible(_)) => {
                self.refused.fetch_add(by, Ordering::Relaxed);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

impl Family {
    fn new(plan: FamilyPlan) -> Result<Self, Refused> {
        let phone = plan.members[0].phone.parse()?;
        Ok(Self { plan, phone, people: Vec::new() })
    }

    /// An evening: sign in, on the first one register everybody, book what is wished for. Returns who will come.
    async fn spend(
        &mut self,
        stage: &Stage,
        world: &World,
        seeded: &Seeded,
        evening: Date,
    ) -> Result<Vec<Visit>, Refused> {
        let token = self.sign_in(stage).await?;
        while self.people.len() < self.plan.members.len() {
            let citizen = citizen(stage, &token).await?;
            let registered = stage.vault.register(&citizen, new_person(&self.plan.members[self.people.len()])?).await?;
            self.people.push(registered.person());
            seeded.people.fetch_add(1, Ordering::Relaxed);
        }
        let citizen = citizen(stage, &token).await?;
        let wishes = self.plan.evenings.remove(&evening).unwrap_or_default();
        let mut visits = Vec::new();
        for together in wishes.chunk_by(|a, b| (a.session, a.slot, a.dose) == (b.session, b.slot, b.dose)) {
            visits.extend(self.book(stage, world, seeded, &citizen, together).await?);
        }
        Ok(visits)
    }

    /// Books one place for each of these wishes, which differ in the member alone, and reads the codes on the slips.
    async fn book(
        &self,
        stage: &Stage,
        world: &World,
        seeded: &Seeded,
        citizen: &Citizen,
        wishes: &[Wish],
    ) -> Result<Vec<Visit>, Refused> {
        let Wish { session, slot: at, dose, comes, .. } = wishes[0];
        let people = wishes.iter().map(|wish| self.people[wish.member]).collect();
        let request = BookingRequest {
            people,
            session: session_id(&world.sessions[session]),
            slot: slot(world, session, at),
            dose,
        };
        let booked = stage.vault.book(citizen, request).await;
        let (none, count) = (AtomicU64::new(0), wishes.len() as u64);
        let Some(appointment) = seeded.note(if comes { &none } else { &seeded.bookings }, count, booked)? else {
            return Ok(Vec::new());
        };
        if !comes {
            return Ok(Vec::new());
        }
        let slips = stage.vault.slips(citizen, appointment).await?;
        let visit = |slip: &portal::vault::Slip| {
            Some(Visit { session, reference: slip.reference.parse().ok()?, code: slip.code.clone()? })
        };
        slips.iter().map(|slip| visit(slip)).collect::<Option<_>>().ok_or(Refused::Unavailable)
    }

    async fn sign_in(&self, stage: &Stage) -> Result<String, Refused> {
        let (vault, code) = (&stage.vault, stage.post.expect(&self.phone));
        let transaction = vault.send_code(vault.asked(Channel::Api), &self.phone, CodeFor::SignIn, "en").await?;
        let code = code.await.map_err(|_| Refused::Unavailable)?;
        let opened = match vault.sign_in(vault.asked(Channel::Api), transaction, CodeFor::SignIn, &code).await {
            // The phone was silent for long: she gives her year of birth as well.
            Err(Refused::ProofNeeded(proof)) => {
                let born = self.plan.members[0].birth_year.to_string();
                vault.prove(vault.asked(Channel::Api), &proof, &born).await?
            }
            other => other?,
        };
        Ok(opened.token)
    }
}

/// Registers the first member of the world's first family, and has her look at her card so many times, evenly over a year
/// of which every day is indexed. Answers her list of looks, as JSON.
///
/// # Errors
/// When the vault refuses something.
pub async fn year_of_looks(stage: &Stage, world: &World, looks: u32) -> Result<Vec<u8>, Refused> {
    const DAY_MS: i64 = 86_400_000;
    let family = Family::new(diary::families(world).swap_remove(0))?;
    let start_ms = stage.vault.now_ms() - 366 * DAY_MS;
    let put = |day: i64| (stage.put_clock)(start_ms + day * DAY_MS);
    put(0);
    let token = family.sign_in(stage).await?;
    let new = new_person(&family.plan.members[0])?;
    let person = stage.vault.register(&citizen(stage, &token).await?, new).await?.person();
    for look in 1..=i64::from(looks) {
        put(look * 365 / i64::from(looks));
        let her = citizen(stage, &family.sign_in(stage).await?).await?;
        stage.vault.disclose::<Card>(&her, &her.grant(person)?, person).await?;
        publish(stage).await?;
    }
    put(366);
    let her = citizen(stage, &family.sign_in(stage).await?).await?;
    publish(stage).await?;
    let file = stage.vault.looks_file(&her, person).await?;
    Ok(serde_json::to_vec(&*file).expect("a list of looks is JSON"))
}

pub(super) async fn publish(stage: &Stage) -> Result<(), Refused> {
    let fresh = stage.vault.fresh_checkpoint().await?;
    stage.vault.publish(fresh, Vec::new()).await.map(drop)
}

async fn citizen(stage: &Stage, token: &str) -> Result<Citizen, Refused> {
    match stage.vault.caller(token, Channel::Api).await? {
        Caller::Citizen(citizen) => Ok(citizen),
        Caller::Staff(_) => Err(Refused::WrongRole),
    }
}

fn slot(world: &World, session: usize, at: usize) -> Slot {
    world.sessions[session].slots[at].parse().expect("the world writes slots as the contract does")
}

pub(super) fn new_person(plan: &PersonPlan) -> Result<NewPerson, Refused> {
    let kind = IdKind::from_id(plan.document.kind)?;
    let born = u16::try_from(plan.birth_year).expect("nobody was born before the year zero");
    Ok(NewPerson {
        name: plan.name.parse()?,
        born: BirthYear::new(born)?,
        gender: match plan.gender {
            world::Gender::Male => Gender::Male,
            world::Gender::Female => Gender::Female,
            world::Gender::Others => Gender::Others,
        },
        id_document: Some(IdDocument::parse(kind, &plan.document.number)?),
        comorbidity: false,
        language: if plan.index.is_multiple_of(3) { "hi" } else { "en" }.into(),
        notice: None,
        once: None,
    })
}
