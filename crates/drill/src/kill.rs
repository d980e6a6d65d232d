//! The process is killed at a random point under mixed load. What it acknowledged is there afterwards, what it showed
//! has its entry, and nobody is without a key.

use crate::client::{self, Connection};
use crate::verdict::Invariant;
use hyper::StatusCode;
use portal::registry::{Reference, SessionId};
use portal::vault::rows::Status;
use portal::vault::{Caller, Card, Channel, Citizen, Kind, Purpose, Refused, Vault};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use serde_json::json;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;

/// Clients at a time.
const CLIENTS: u64 = 16;

/// What one client was told, and may insist on.
#[derive(Default, Clone)]
pub struct Claim {
    pub(crate) token: Option<String>,
    /// How often each member was shown to her.
    pub(crate) shown: BTreeMap<String, u64>,
    /// The appointment of her first member.
    pub(crate) appointment: Known,
    /// An answer that was none of the contract's.
    pub(crate) amiss: Option<String>,
    /// Her last request was to change her appointment, and was refused because nothing could be written.
    pub(crate) refused_a_change: bool,
}

/// What a client knows of an appointment.
#[derive(Default, Clone)]
pub(crate) enum Known {
    /// A request is under way: it may or may not be done.
    #[default]
    Open,
    /// She has none.
    None,
    /// She has this one.
    Booked(String),
}

/// The claims of a round.
pub type Claims = Vec<Claim>;

/// The claims without their refusals: where nothing can be written, every client is refused in the end.
#[must_use]
pub fn excused(mut claims: Claims) -> Claims {
    for claim in &mut claims {
        claim.amiss = claim.amiss.take().filter(|amiss| !amiss.contains("GERR503"));
    }
    claims
}

/// The same where a refusal may stand for something that was done: a sync failed, and what it was for may be on the disk. Until
/// the process has ended, what is gone from under it is not found, and whoever asks for it refused.
#[must_use]
pub fn doubted(claims: Claims) -> Claims {
    let mut claims = excused(claims);
    for claim in &mut claims {
        claim.amiss = claim.amiss.take().filter(|amiss| !amiss.contains("answered 4"));
        if claim.refused_a_change {
            claim.appointment = Known::Open;
        }
    }
    claims
}

/// When round `round` of a drill is killed: from nothing to eight hundred milliseconds after its load began.
#[must_use]
pub fn moment(seed: u64, round: u64) -> Duration {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    chance.set_stream(round);
    Duration::from_millis(chance.next_u64() % 800)
}

/// Chance for what else is done in round `round` of a drill.
#[must_use]
pub fn bytes(seed: u64, round: u64) -> [u8; 32] {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    chance.set_stream(1 << 32 | round);
    let mut bytes = [0; 32];
    chance.fill_bytes(&mut bytes);
    bytes
}

/// From when on the moment of a kill is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// From the first answer, however long a start takes.
    Answering,
    /// From when somebody was shown what she had registered, so that there is something to lose.
    Shown,
}

/// Loads the process at `address` until `killed` ends, and returns what each client was told till then.
pub async fn load(
    address: SocketAddr,
    round: u64,
    session: SessionId,
    slot: &str,
    since: Since,
    killed: impl Future<Output = ()>,
) -> Claims {
    answering(address).await;
    let mut clients = JoinSet::new();
    let mut claims = Vec::new();
    for number in 0..CLIENTS {
        let claim = Arc::new(Mutex::new(Claim::default()));
        claims.push(Arc::clone(&claim));
        let (slot, phone) = (slot.to_owned(), client::phone(10_000 + round * CLIENTS + number));
        clients.spawn(async move {
            // A client ends when its connection breaks: that is the kill. An answer that ends it is no kill.
            if let Err(error) = busy(address, &phone, session, &slot, &claim).await
                && error.kind() == io::ErrorKind::InvalidData
            {
                claim.lock().unwrap_or_else(PoisonError::into_inner).amiss = Some(error.to_string());
            }
        });
    }
    let shown = |claim: &Arc<Mutex<Claim>>| {
        claim.lock().unwrap_or_else(PoisonError::into_inner).shown.values().any(|times| *times > 0)
    };
    for _ in 0..6_000 {
        if since == Since::Answering || claims.iter().any(shown) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    killed.await;
    while clients.join_next().await.is_some() {}
    claims.iter().map(|claim| claim.lock().unwrap_or_else(PoisonError::into_inner).clone()).collect()
}

/// Waits until somebody answers at an address, for half a minute at most.
async fn answering(address: SocketAddr) {
    for _ in 0..6_000 {
        if let Ok(mut connection) = Connection::open(address).await
            && connection.get("/robots.txt", None).await.is_ok()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Registers, looks, books, looks, gives back, again and again. An answer is noted when it is whole, not before.
async fn busy(
    address: SocketAddr,
    phone: &str,
    session: SessionId,
    slot: &str,
    claim: &Mutex<Claim>,
) -> io::Result<()> {
    let note = |change: &mut dyn FnMut(&mut Claim)| change(&mut claim.lock().unwrap_or_else(PoisonError::into_inner));
    let mut connection = Connection::open(address).await?;
    let citizen = client::new_citizen(&mut connection, phone).await?;
    note(&mut |claim| {
        claim.token = Some(citizen.token.clone());
        claim.shown.insert(citizen.reference.clone(), 0);
        claim.appointment = Known::None;
    });
    for turn in 0_u32.. {
        if (1..4).contains(&turn) {
            let reference = client::register(&mut connection, &citizen.token).await?;
            note(&mut |claim| {
                claim.shown.insert(reference.clone(), 0);
            });
        }
        look(&mut connection, &citizen.token, &note).await?;
        note(&mut |claim| claim.appointment = Known::Open);
        let wish = client::wish(&session.to_string(), slot, &citizen.reference);
        let booked = connection.post("/api/v2/appointment/schedule", Some(&citizen.token), &wish).await?;
        // A refusal in words is an answer, too: nothing was done.
        if booked.status == StatusCode::SERVICE_UNAVAILABLE {
            note(&mut |claim| (claim.appointment, claim.refused_a_change) = (Known::None, true));
        }
        let booked = booked.good()?.json();
        let appointment = booked["appointment_confirmation_no"].as_str().unwrap_or_default().to_owned();
        note(&mut |claim| claim.appointment = Known::Booked(appointment.clone()));
        look(&mut connection, &citizen.token, &note).await?;
        note(&mut |claim| claim.appointment = Known::Open);
        let back = json!({ "appointment_id": appointment, "beneficiariesToCancel": [citizen.reference] });
        let given_back = connection.post("/api/v2/appointment/cancel", Some(&citizen.token), &back).await?;
        if given_back.status == StatusCode::SERVICE_UNAVAILABLE {
            let stands = Known::Booked(appointment.clone());
            note(&mut |claim| (claim.appointment, claim.refused_a_change) = (stands.clone(), true));
        }
        given_back.good()?;
        note(&mut |claim| claim.appointment = Known::None);
    }
    Ok(())
}

async fn look(connection: &mut Connection, token: &str, note: &impl Fn(&mut dyn FnMut(&mut Claim))) -> io::Result<()> {
    let answer = connection.get("/api/v2/appointment/beneficiaries", Some(token)).await?;
    if answer.status == StatusCode::OK {
        let family = answer.json();
        let shown = family["beneficiaries"].as_array().into_iter().flatten();
        let references: Vec<String> =
            shown.filter_map(|one| one["beneficiary_reference_id"].as_str().map(str::to_owned)).collect();
        note(&mut |claim| references.iter().for_each(|one| *claim.shown.entry(one.clone()).or_default() += 1));
    }
    Ok(())
}

/// What was found after some rounds.
#[derive(Debug, Default)]
pub struct Findings {
    /// Rounds that were killed.
    pub rounds: u64,
    /// Members whose registration was acknowledged, and how many of them were gone.
    pub registered: (u64, u64),
    /// Bookings and returns that were acknowledged, and how many did not stand.
    pub bookings: (u64, u64),
    /// Times that somebody was shown, and how many of them had no entry.
    pub shown: (u64, u64),
    /// People in the store, and how many of them had no key.
    pub keys: (u64, u64),
    /// Sessions whose places did not add up.
    pub places: u64,
    /// Answers that were not the right ones.
    pub amiss: Vec<String>,
}

impl Findings {
    /// Holds a round's claims against what the vault has after the kill. `live` are the bookings of the session
    /// that the store counts one by one.
    ///
    /// # Errors
    /// When the vault cannot work at all.
    pub async fn check(
        &mut self,
        vault: &Vault,
        claims: &Claims,
        session: SessionId,
        live: u32,
    ) -> Result<(), Refused> {
        self.rounds += 1;
        for claim in claims {
            self.amiss.extend(claim.amiss.clone());
            let Some(token) = &claim.token else { continue };
            match vault.caller(token, Channel::Api).await {
                Ok(Caller::Citizen(citizen)) => self.check_one(vault, &citizen, claim).await?,
                _ => self.registered.1 += claim.shown.len() as u64,
            }
        }
        let places = vault.session(session).await?.session.places[0];
        let adds_up = places.capacity == places.open + places.held + places.booked && places.booked == live;
        self.places += u64::from(!adds_up);
        Ok(())
    }

    async fn check_one(&mut self, vault: &Vault, citizen: &Citizen, claim: &Claim) -> Result<(), Refused> {
        for (reference, shown) in &claim.shown {
            self.registered.0 += 1;
            self.shown.0 += shown;
            let reference: Reference = reference.parse()?;
            let Ok(person) = vault.named_member(citizen, &reference).await else {
                self.registered.1 += 1;
                continue;
            };
            let looks = vault.looks(citizen, person, 1_000_000).await?;
            let entries =
                looks.looks.iter().filter(|look| look.kind == Kind::Reveal && look.purpose == Purpose::Family).count()
                    as u64;
            let is_whole = looks.looks.len() as u64 == looks.count;
            self.shown.1 += if is_whole { shown.saturating_sub(entries) } else { shown + 1 };
        }
        let mut booked = Vec::new();
        for member in vault.family(citizen).await? {
            self.keys.0 += 1;
            let Ok(grant) = citizen.grant(member.person) else { continue };
            match vault.disclose::<Card>(citizen, &grant, member.person).await {
                Ok(card) => booked.extend(
                    card.appointments.iter().filter(|one| one.status == Status::Booked).map(|one| one.id.to_string()),
                ),
                Err(_) => self.keys.1 += 1,
            }
        }
        let stands = match &claim.appointment {
            Known::Open => return Ok(()),
            Known::None => booked.is_empty(),
            Known::Booked(appointment) => booked == [appointment.clone()],
        };
        self.bookings.0 += 1;
        self.bookings.1 += u64::from(!stands);
        Ok(())
    }

    /// What must hold.
    #[must_use]
    pub fn invariants(&self) -> Vec<Invariant> {
        let of = |name, (all, wrong): (u64, u64), what: &str| Invariant {
            name,
            held: wrong == 0 && all > 0,
            detail: format!("{all} {what}, {wrong} amiss, after {} rounds", self.rounds),
        };
        vec![
            of("nobody who was registered is gone", self.registered, "members acknowledged"),
            of("no booking that was acknowledged is lost", self.bookings, "bookings known for certain"),
            of("nothing was shown without its entry", self.shown, "showings"),
            of("no person without a key", self.keys, "people"),
            Invariant {
                name: "every answer before a kill is the right one",
                held: self.amiss.is_empty(),
                detail: self
                    .amiss
                    .first()
                    .map_or_else(|| "none was amiss".into(), |first| format!("{} amiss, as {first}", self.amiss.len())),
            },
            Invariant {
                name: "places add up",
                held: self.places == 0,
                detail: format!("{} sessions amiss", self.places),
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_kills_at_the_same_moments() {
        let moments = |seed| (0..20).map(|round| moment(seed, round)).collect::<Vec<_>>();
        assert_eq!(moments(5), moments(5));
        assert_ne!(moments(5), moments(6));
        assert!(moments(5).iter().all(|moment| *moment < Duration::from_millis(800)));
    }

    #[test]
    fn on_a_disk_that_loses_what_it_has_a_refusal_is_no_wrong_answer() {
        let amiss = |said: &str| {
            let claim = Claim { amiss: Some(said.into()), ..Claim::default() };
            doubted(vec![claim]).remove(0).amiss.is_some()
        };
        assert!(!amiss("answered 401 Unauthorized: Unauthenticated access!"));
        assert!(!amiss("answered 503 Service Unavailable: GERR503"));
        assert!(amiss("answered 500 Internal Server Error: "));
    }
}
