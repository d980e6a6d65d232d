//! What families were told before a loss, and whether they are told the same afterwards, by the same doors.

use crate::client::{self, Connection};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;

/// A family of two that was acknowledged, and a booking of its first member.
pub struct Family {
    phone: String,
    token: String,
    references: BTreeSet<String>,
    first: String,
    appointment: String,
}

/// Registers and books so many families; the number of the first one's phone is `from`.
///
/// # Errors
/// When an answer is not what the contract says.
pub async fn families(address: SocketAddr, from: u64, many: u64, session: &str, slot: &str) -> io::Result<Vec<Family>> {
    let mut connection = Connection::open(address).await?;
    let mut families = Vec::new();
    for number in from..from + many {
        let phone = client::phone(number);
        let citizen = client::new_citizen(&mut connection, &phone).await?;
        let (token, first) = (citizen.token, citizen.reference);
        let second = client::register(&mut connection, &token).await?;
        let wish = client::wish(session, slot, &first);
        let booked = connection.post("/api/v2/appointment/schedule", Some(&token), &wish).await?.good()?.json();
        let appointment = booked["appointment_confirmation_no"].as_str().unwrap_or_default().to_owned();
        let references = BTreeSet::from([first.clone(), second]);
        families.push(Family { phone, token, references, first, appointment });
    }
    Ok(families)
}

impl Family {
    /// Has its second member removed, with her keys.
    ///
    /// # Errors
    /// When an answer is not what the contract says.
    pub async fn removes_one(&mut self, address: SocketAddr) -> io::Result<()> {
        let second = self.references.iter().find(|one| **one != self.first).cloned();
        let second = second.ok_or_else(|| io::Error::other("there is no second member"))?;
        let body = json!({ "beneficiary_reference_id": second });
        let mut connection = Connection::open(address).await?;
        let path = "/api/v2/registration/beneficiary/delete";
        connection.post(path, Some(&self.token), &body).await?.good()?;
        self.references.remove(&second);
        Ok(())
    }

    /// What it is told otherwise than it was, in words without a person; nothing where all stands.
    async fn amiss(&self, connection: &mut Connection) -> io::Result<Option<&'static str>> {
        let token = client::sign_in(connection, &self.phone).await?;
        let family = connection.get("/api/v2/appointment/beneficiaries", Some(&token)).await?.good()?.json();
        let members: Vec<&Value> = family["beneficiaries"].as_array().into_iter().flatten().collect();
        let reference = |one: &&Value| one["beneficiary_reference_id"].as_str().map(str::to_owned);
        let shown: BTreeSet<String> = members.iter().filter_map(reference).collect();
        let has_booking = |one: &&Value| {
            reference(one).as_ref() == Some(&self.first) && {
                let booked = one["appointments"].as_array().into_iter().flatten();
                booked.filter_map(|booked| booked["appointment_id"].as_str()).any(|id| id == self.appointment)
            }
        };
        Ok(if self.references.difference(&shown).next().is_some() {
            Some("a member is gone")
        } else if shown.difference(&self.references).next().is_some() {
            Some("a member who was removed is back")
        } else if !members.iter().any(has_booking) {
            Some("a booking is gone")
        } else {
            None
        })
    }
}

/// What these families are told otherwise than they were.
///
/// # Errors
/// When nobody listens.
pub async fn amiss(address: SocketAddr, families: &[Family]) -> io::Result<Vec<String>> {
    let mut connection = Connection::open(address).await?;
    let mut amiss = Vec::new();
    for (number, family) in families.iter().enumerate() {
        match family.amiss(&mut connection).await {
            Ok(None) => {}
            Ok(Some(what)) => amiss.push(format!("family {number}: {what}")),
            Err(error) => amiss.push(format!("family {number}: {error}")),
        }
    }
    Ok(amiss)
}
