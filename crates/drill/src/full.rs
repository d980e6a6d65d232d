//! The disk is full, or the log can only be read: whatever would have to be written down is refused and says so, what is
//! public goes on, and when it can be written again everything goes on by itself.

use crate::client::{self, Connection};
use crate::verdict::Invariant;
use hyper::StatusCode;
use serde_json::json;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// The service may take so many turns of this length to go on by itself: half a minute.
const TURN: Duration = Duration::from_millis(100);
const TURNS: u32 = 300;

/// What anyone may see, which needs no entry.
const PUBLIC: [&str; 8] = [
    "/",
    "/find",
    "/find/pin?pincode=110001",
    "/counts",
    "/verify",
    "/verify/key",
    "/log/checkpoint",
    "/api/v2/admin/location/states",
];

/// Somebody who signed in while there was room.
pub struct Witness {
    connection: Connection,
    token: String,
    reference: String,
    wish: serde_json::Value,
    search: String,
}

/// What was found over some rounds.
#[derive(Debug, Default)]
pub struct Findings {
    /// Answers that should be refusals, and those that were none.
    refused: (u64, Vec<String>),
    /// Public answers, and those that were not given.
    public: (u64, Vec<String>),
    /// How long it took until a person was shown again, each time.
    resumed: Vec<Option<Duration>>,
}

impl Witness {
    /// Signs in at a phone that nobody has; `wish` is for a place in this session.
    ///
    /// # Errors
    /// When an answer is not what the contract says.
    pub async fn new(address: SocketAddr, number: u64, session: &str, slot: &str, search: &str) -> io::Result<Self> {
        let mut connection = Connection::open(address).await?;
        let citizen = client::new_citizen(&mut connection, &client::phone(number)).await?;
        let wish = client::wish(session, slot, &citizen.reference);
        let (token, reference, search) = (citizen.token, citizen.reference, search.to_owned());
        let mut witness = Self { connection, token, reference, wish, search };
        witness.shown().await?.good()?;
        // The log is published about once a second.
        for _ in 0..TURNS {
            if witness.connection.get("/log/checkpoint", None).await?.status == StatusCode::OK {
                return Ok(witness);
            }
            tokio::time::sleep(TURN).await;
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "the log is not published"))
    }

    async fn shown(&mut self) -> io::Result<client::Answer> {
        self.connection.get("/api/v2/appointment/beneficiaries", Some(&self.token)).await
    }

    /// Asks for everything while nothing can be written.
    ///
    /// # Errors
    /// When somebody does not answer at all.
    pub async fn tries(&mut self, number: u64, findings: &mut Findings) -> io::Result<()> {
        let mobile = json!({ "mobile": client::phone(number) });
        let slip = format!("/api/v2/appointment/appointmentslip/download?appointment_id={}", "0".repeat(32));
        let asked = [
            ("a look", self.shown().await?),
            ("a code", self.connection.post("/api/v2/auth/generateMobileOTP", None, &mobile).await?),
            (
                "a booking",
                self.connection.post("/api/v2/appointment/schedule", Some(&self.token), &self.wish.clone()).await?,
            ),
        ];
        for (what, answer) in asked {
            findings.refused.0 += 1;
            let is_clear = answer.json()["errorCode"] == "GERR503" && !answer.json()["error"].is_null();
            if answer.status != StatusCode::SERVICE_UNAVAILABLE || !is_clear {
                let said = String::from_utf8_lossy(&answer.body).into_owned();
                findings.refused.1.push(format!("{what} answered {}: {said}", answer.status));
            }
        }
        // What shows nobody may be refused in its own way, and shows nobody.
        if self.connection.get(&slip, Some(&self.token)).await?.status == StatusCode::OK {
            findings.refused.1.push("a slip was shown".into());
        }
        let search = self.search.clone();
        for path in PUBLIC.into_iter().chain([search.as_str()]) {
            findings.public.0 += 1;
            let status = self.connection.get(path, None).await?.status;
            if status != StatusCode::OK {
                findings.public.1.push(format!("{path} answered {status}"));
            }
        }
        Ok(())
    }

    /// Waits until she is shown again, and books.
    ///
    /// # Errors
    /// When what was acknowledged is gone, or somebody does not answer at all.
    pub async fn goes_on(&mut self, findings: &mut Findings) -> io::Result<()> {
        for waited in 0..TURNS {
            let answer = self.shown().await?;
            if answer.status == StatusCode::OK {
                let family = answer.json().to_string();
                if !family.contains(&self.reference) {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "whoever was registered is gone"));
                }
                findings.resumed.push(Some(TURN * waited));
                let wish = self.wish.clone();
                self.connection.post("/api/v2/appointment/schedule", Some(&self.token), &wish).await?.good()?;
                return Ok(());
            }
            tokio::time::sleep(TURN).await;
        }
        findings.resumed.push(None);
        Ok(())
    }
}

impl Findings {
    /// What must hold.
    #[must_use]
    pub fn invariants(&self) -> Vec<Invariant> {
        let of = |name, (all, wrong): &(u64, Vec<String>), what: &str| Invariant {
            name,
            held: wrong.is_empty() && *all > 0,
            detail: wrong.first().map_or_else(
                || format!("{all} {what}"),
                |first| format!("{} of {all} {what} amiss, as {first}", wrong.len()),
            ),
        };
        let slowest = self.resumed.iter().flatten().max();
        vec![
            of("nobody is shown and nothing is taken while nothing can be written down", &self.refused, "refusals"),
            of("what is public goes on", &self.public, "public answers"),
            Invariant {
                name: "when it can be written again, it goes on by itself",
                held: !self.resumed.is_empty() && self.resumed.iter().all(Option::is_some),
                detail: format!(
                    "{} times, after {} ms at most",
                    self.resumed.len(),
                    slowest.map_or(0, Duration::as_millis)
                ),
            },
        ]
    }
}
