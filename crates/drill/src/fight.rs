//! Many fight for one session, and the process dies in the middle: as many get a place as there are places.

use crate::client::{self, Connection};
use crate::verdict::{Invariant, Verdict};
use hyper::StatusCode;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Clients at a time.
pub const CLIENTS: u64 = 64;

/// Members at each phone: so many wishes has a client.
const MEMBERS: usize = 4;

/// A client with its sign-in and its members.
struct Fighter {
    token: String,
    references: Vec<String>,
}

/// Everybody's preparations: phones, sign-ins, four members each.
pub struct Crowd(Vec<Fighter>);

impl Crowd {
    /// Signs everybody in.
    ///
    /// # Errors
    /// When an answer is not what the contract says.
    pub async fn gather(address: SocketAddr) -> io::Result<Self> {
        let mut gathering = JoinSet::new();
        for number in 0..CLIENTS {
            gathering.spawn(async move {
                let mut connection = Connection::open(address).await?;
                let token = client::sign_in(&mut connection, &client::phone(number)).await?;
                let mut references = Vec::new();
                for _ in 0..MEMBERS {
                    references.push(client::register(&mut connection, &token).await?);
                }
                io::Result::Ok(Fighter { token, references })
            });
        }
        let mut crowd = Vec::new();
        while let Some(fighter) = gathering.join_next().await {
            crowd.push(fighter.map_err(io::Error::other)??);
        }
        Ok(Self(crowd))
    }

    /// Everybody tries to book a place for each member. `address` moves when the process is started again; `won`
    /// counts along. Returns how many wishes ended with each status and error code.
    ///
    /// # Errors
    /// When a client cannot get an answer at all.
    pub async fn fight(
        self,
        address: watch::Receiver<SocketAddr>,
        session: &str,
        slot: &str,
        won: &Arc<AtomicU64>,
    ) -> io::Result<BTreeMap<(u16, String), u64>> {
        let mut fighting = JoinSet::new();
        for fighter in self.0 {
            let (address, won) = (address.clone(), Arc::clone(won));
            let (session, slot) = (session.to_owned(), slot.to_owned());
            fighting.spawn(async move { fighter.fight(address, &session, &slot, &won).await });
        }
        let mut ends = BTreeMap::new();
        while let Some(own) = fighting.join_next().await {
            for end in own.map_err(io::Error::other)?? {
                *ends.entry(end).or_default() += 1;
            }
        }
        Ok(ends)
    }
}

impl Fighter {
    async fn fight(
        &self,
        mut address: watch::Receiver<SocketAddr>,
        session: &str,
        slot: &str,
        won: &AtomicU64,
    ) -> io::Result<Vec<(u16, String)>> {
        let mut ends = Vec::new();
        let mut connection = None;
        for reference in &self.references {
            let answer = loop {
                if let Ok(answer) = self.try_once(&mut connection, &mut address, session, slot, reference).await {
                    break answer;
                }
                // The process died with our wish in its hands: ask again, the same wish is one booking.
                connection = None;
                tokio::time::sleep(Duration::from_millis(20)).await;
            };
            won.fetch_add(u64::from(answer.status == StatusCode::OK), Ordering::Relaxed);
            let code = answer.json()["errorCode"].as_str().unwrap_or_default().to_owned();
            ends.push((answer.status.as_u16(), code));
        }
        Ok(ends)
    }

    async fn try_once(
        &self,
        connection: &mut Option<Connection>,
        address: &mut watch::Receiver<SocketAddr>,
        session: &str,
        slot: &str,
        reference: &str,
    ) -> io::Result<client::Answer> {
        if connection.is_none() {
            let there = *address.borrow_and_update();
            *connection = Some(Connection::open(there).await?);
        }
        let open = connection.as_mut().expect("it was opened just now");
        open.post("/api/v2/appointment/schedule", Some(&self.token), &client::wish(session, slot, reference)).await
    }
}

/// What must hold of a fight for `places`: `ends` by status and code, and what the store counts afterwards.
#[must_use]
pub fn judge(seed: u64, places: u64, ends: &BTreeMap<(u16, String), u64>, booked: u64, open: u64) -> Verdict {
    let won = ends.get(&(200, String::new())).copied().unwrap_or_default();
    let others: Vec<String> = ends
        .iter()
        .filter(|((status, code), _)| *status != 200 && (*status, code.as_str()) != (409, "APPOIN0040"))
        .map(|((status, code), count)| format!("{count} × {status} {code}"))
        .collect();
    let refused: u64 = ends.iter().filter(|((status, _), _)| *status == 409).map(|(_, count)| count).sum();
    let invariants = vec![
        Invariant {
            name: "as many are booked as there are places",
            held: won == places && booked == places && open == 0,
            detail: format!("{places} places; {won} told yes, {booked} booked in the store, {open} left"),
        },
        Invariant {
            name: "each refusal is the contract's 409",
            held: others.is_empty() && won + refused == CLIENTS * MEMBERS as u64,
            detail: if others.is_empty() {
                format!("{refused} refusals, all 409 APPOIN0040")
            } else {
                others.join(", ")
            },
        },
    ];
    Verdict { name: "fight", seed, rows: Vec::new(), invariants }
}
