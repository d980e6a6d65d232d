//! The leader of a cluster of databases dies under load: how long until a booking is taken again, and whether everything that was
//! acknowledged is there.

use crate::client::{self, Connection};
use crate::kill::{Claim, Known};
use crate::verdict::{Invariant, Row, Verdict};
use hyper::StatusCode;
use portal::registry::SessionId;
use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Clients at a time.
const CLIENTS: u64 = 8;

/// Between two citizens of one client, and between two tries of one that was refused.
const PAUSE: Duration = Duration::from_millis(300);
const AGAIN: Duration = Duration::from_millis(200);

/// The longest that a failover may take.
const LONGEST: Duration = Duration::from_secs(45);

/// What is asked within this time of a kill may still have been answered by the one that was killed.
const LAST_BREATH: Duration = Duration::from_secs(1);

/// How long a sign-in is good for what is asked afterwards: less than the life of its token.
const FRESH: Duration = Duration::from_mins(12);

/// A booking that was acknowledged.
struct Booking {
    appointment: String,
    asked: Instant,
    answered: Instant,
}

/// What all clients were told.
#[derive(Default)]
struct Told {
    claims: Mutex<Vec<(Instant, Claim)>>,
    bookings: Mutex<Vec<Booking>>,
}

/// Clients that register, look and book until they are stopped. A refusal is tried again, and so is a broken line.
pub struct Crowd {
    told: Arc<Told>,
    stop: watch::Sender<bool>,
    clients: JoinSet<()>,
}

/// What a client asks for.
#[derive(Clone)]
struct Wanted {
    address: SocketAddr,
    session: String,
    slot: String,
}

fn held<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Crowd {
    /// Starts them, at places of this session.
    #[must_use]
    pub fn start(address: SocketAddr, session: SessionId, slot: &str) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (told, mut clients) = (Arc::new(Told::default()), JoinSet::new());
        for number in 0..CLIENTS {
            let wanted = Wanted { address, session: session.to_string(), slot: slot.to_owned() };
            clients.spawn(busy(wanted, 50_000 + number, Arc::clone(&told), stopped.clone()));
        }
        Self { told, stop, clients }
    }

    /// How long after `killed` a booking was acknowledged that was asked for when nobody led any more; none where there is none yet.
    #[must_use]
    pub fn back_since(&self, killed: Instant) -> Option<Duration> {
        let bookings = held(&self.told.bookings);
        let later = bookings.iter().filter(|one| one.asked >= killed + LAST_BREATH);
        later.map(|one| one.answered - killed).min()
    }

    /// Bookings acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        held(&self.told.bookings).len()
    }

    /// Stops them. Answers the appointments that were acknowledged, and what those were told who signed in a short while ago.
    pub async fn stop(mut self) -> (BTreeSet<String>, Vec<Claim>) {
        self.stop.send_replace(true);
        while self.clients.join_next().await.is_some() {}
        let appointments = held(&self.told.bookings).iter().map(|one| one.appointment.clone()).collect();
        let claims = std::mem::take(&mut *held(&self.told.claims));
        let fresh = claims.into_iter().filter(|(signed_in, _)| signed_in.elapsed() < FRESH);
        (appointments, fresh.map(|(_, claim)| claim).collect())
    }
}

/// One citizen after another, each at a phone of her own.
async fn busy(wanted: Wanted, first: u64, told: Arc<Told>, stopped: watch::Receiver<bool>) {
    let mut connection = None;
    for number in (first..).step_by(usize::try_from(CLIENTS).expect("they are few")) {
        if *stopped.borrow() {
            return;
        }
        let (begun, mut claim) = (Instant::now(), Claim::default());
        let ended = citizen(&wanted, &mut connection, &client::phone(number), &told, &stopped, &mut claim).await;
        let is_well = ended.is_ok();
        if let Err(error) = ended {
            connection = None;
            // That nothing can be written down is said by a 503; any other refusal has no reason.
            let is_amiss = error.kind() == io::ErrorKind::InvalidData && !error.to_string().contains("GERR503");
            claim.amiss = is_amiss.then(|| error.to_string());
        }
        if claim.token.is_some() || claim.amiss.is_some() {
            held(&told.claims).push((begun, claim));
        }
        tokio::time::sleep(if is_well { PAUSE } else { AGAIN }).await;
    }
}

/// Registers, looks, books, and looks. A booking is asked for until its answer is known: the same wish is one booking.
async fn citizen(
    wanted: &Wanted,
    connection: &mut Option<Connection>,
    phone: &str,
    told: &Told,
    stopped: &watch::Receiver<bool>,
    claim: &mut Claim,
) -> io::Result<()> {
    let citizen = client::new_citizen(open(connection, wanted.address).await?, phone).await?;
    claim.token = Some(citizen.token.clone());
    claim.shown.insert(citizen.reference.clone(), 0);
    claim.appointment = Known::None;
    look(open(connection, wanted.address).await?, &citizen.token, claim).await?;
    claim.appointment = Known::Open;
    let wish = client::wish(&wanted.session, &wanted.slot, &citizen.reference);
    while !*stopped.borrow() {
        let asked = Instant::now();
        let answer = match open(connection, wanted.address).await {
            Ok(open) => open.post("/api/v2/appointment/schedule", Some(&citizen.token), &wish).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) if answer.status != StatusCode::SERVICE_UNAVAILABLE => {
                let booked = answer.good()?.json();
                let appointment = booked["appointment_confirmation_no"].as_str().unwrap_or_default().to_owned();
                claim.appointment = Known::Booked(appointment.clone());
                held(&told.bookings).push(Booking { appointment, asked, answered: Instant::now() });
                return look(open(connection, wanted.address).await?, &citizen.token, claim).await;
            }
            Ok(_) => (),
            Err(_) => *connection = None,
        }
        tokio::time::sleep(AGAIN).await;
    }
    Ok(())
}

async fn open(connection: &mut Option<Connection>, address: SocketAddr) -> io::Result<&mut Connection> {
    let there = match connection.take() {
        Some(open) => open,
        None => Connection::open(address).await?,
    };
    Ok(connection.insert(there))
}

async fn look(connection: &mut Connection, token: &str, claim: &mut Claim) -> io::Result<()> {
    let family = connection.get("/api/v2/appointment/beneficiaries", Some(token)).await?.good()?.json();
    for one in family["beneficiaries"].as_array().into_iter().flatten() {
        let reference = one["beneficiary_reference_id"].as_str().unwrap_or_default();
        *claim.shown.entry(reference.to_owned()).or_default() += 1;
    }
    Ok(())
}

/// One death of a leader.
pub struct Outage {
    /// Who led, and who led afterwards.
    pub from: String,
    /// The one that took over.
    pub to: String,
    /// From the kill until a booking was acknowledged again.
    pub back: Option<Duration>,
    /// From its start until the killed one followed the new leader, and all were whole.
    pub whole: Option<Duration>,
}

/// What must hold of some outages; `booked` are the appointments that stand afterwards.
#[must_use]
pub fn judge(
    seed: u64,
    outages: &[Outage],
    acknowledged: &BTreeSet<String>,
    booked: &[String],
    more: Vec<Invariant>,
) -> Verdict {
    let stand: BTreeSet<&String> = booked.iter().collect();
    let lost = acknowledged.iter().filter(|one| !stand.contains(one)).count();
    let slowest = outages.iter().filter_map(|one| one.back).max().unwrap_or_default();
    let taken_over = outages.iter().filter(|one| one.from != one.to).count();
    let whole = outages.iter().filter(|one| one.whole.is_some()).count();
    let row = |case: String, time: Option<Duration>| Row {
        case,
        value: time.map_or(f64::NAN, |time| time.as_secs_f64()),
        unit: "s",
        p50_ms: None,
        p99_ms: None,
        ratio: None,
        ratio_to: None,
    };
    let rows = (1..).zip(outages).flat_map(|(round, one)| {
        [
            row(format!("kill {round}: {} to {}, a booking is taken again", one.from, one.to), one.back),
            row(format!("kill {round}: {} follows", one.from), one.whole),
        ]
    });
    let mut invariants = vec![
        Invariant {
            name: "every booking that was acknowledged stands, once",
            held: lost == 0 && !acknowledged.is_empty() && stand.len() == booked.len(),
            detail: format!("{} acknowledged, {} stand, {lost} lost", acknowledged.len(), booked.len()),
        },
        Invariant {
            name: "another leads each time",
            held: taken_over == outages.len() && !outages.is_empty(),
            detail: format!("{taken_over} of {}", outages.len()),
        },
        Invariant {
            name: "a booking is taken again within 45 s",
            held: outages.iter().all(|one| one.back.is_some_and(|back| back <= LONGEST)),
            detail: format!("after {:.1} s at the slowest", slowest.as_secs_f64()),
        },
        Invariant {
            name: "whoever was killed follows the new leader by itself",
            held: whole == outages.len(),
            detail: format!("{whole} of {}", outages.len()),
        },
    ];
    invariants.extend(more);
    Verdict { name: "failover", seed, rows: rows.collect(), invariants }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(outage: (&str, &str, u64), acknowledged: &[&str], booked: &[&str]) -> Vec<&'static str> {
        let (from, to, back) = outage;
        let back = Some(Duration::from_secs(back));
        let outages = [Outage { from: from.into(), to: to.into(), back, whole: back }];
        let acknowledged = acknowledged.iter().map(|&one| one.to_owned()).collect();
        let booked: Vec<String> = booked.iter().map(|&one| one.to_owned()).collect();
        let verdict = judge(1, &outages, &acknowledged, &booked, Vec::new());
        verdict.invariants.iter().filter(|one| !one.held).map(|one| one.name).collect()
    }

    #[test]
    fn a_loss_a_slow_failover_and_a_leader_that_stayed_are_found() {
        let lost = "every booking that was acknowledged stands, once";
        // Leaders and seconds, acknowledged, standing, what is broken.
        let table: &[(_, &[&str], &[&str], &[&str])] = &[
            (("db1", "db2", 30), &["a", "b"], &["a", "b"], &[]),
            // More may stand than was acknowledged: an answer was lost.
            (("db1", "db2", 45), &["a"], &["a", "b"], &[]),
            (("db1", "db2", 30), &["a", "b"], &["a"], &[lost]),
            (("db1", "db2", 30), &[], &[], &[lost]),
            (("db1", "db2", 30), &["a"], &["a", "a"], &[lost]),
            (("db1", "db1", 30), &["a"], &["a"], &["another leads each time"]),
            (("db1", "db2", 46), &["a"], &["a"], &["a booking is taken again within 45 s"]),
        ];
        for (outage, acknowledged, booked, expected) in table {
            assert_eq!(broken(*outage, acknowledged, booked), *expected, "{outage:?} {acknowledged:?} {booked:?}");
        }
    }
}
