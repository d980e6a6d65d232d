//! Partners' programs: registered by the operator, known by a key, and each request signed. A client alone opens nobody.

use crate::caller::{Actor, Asked};
use crate::gate::{Act, Draft};
use crate::{Channel, Refused, Vault};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use ledger::consent::actor_of;
use ledger::{Kind, Purpose};
use registry::{ClientId, ClientState};
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::Reader;
use store::command::Effect;
use store::command::consent::ConsentEffect;
use store::rows::ClientRow;

/// How far the clock of a signed request may be off, seconds.
const CLOCK_SECONDS: i64 = 300;

/// A request as a client signed it.
pub struct Signed<'a> {
    /// Its id, from `X-Teeka-Client`.
    pub client: &'a str,
    /// Seconds since the epoch, from `X-Teeka-Time`.
    pub time: &'a str,
    /// 16 to 64 letters and digits that it sends once, from `X-Teeka-Nonce`.
    pub nonce: &'a str,
    /// Ed25519 over [`Signed::text`], in base64, from `X-Teeka-Signature`.
    pub signature: &'a str,
    /// The method.
    pub method: &'a str,
    /// Path and query as they were sent.
    pub path: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// What is signed: method, path with query, time, nonce, and the SHA-256 of the body in hex, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        let body = HEXLOWER.encode(&Sha256::digest(self.body));
        [self.method, self.path, self.time, self.nonce, &body].join("\n")
    }

    fn is_signed_by(&self, key: &[u8; 32]) -> bool {
        let parts = || {
            let key = VerifyingKey::from_bytes(key).ok()?;
            Some((key, Signature::from_slice(&BASE64.decode(self.signature.as_bytes()).ok()?).ok()?))
        };
        parts().is_some_and(|(key, signature)| key.verify_strict(self.text().as_bytes(), &signature).is_ok())
    }
}

/// A client whose signature was right.
pub struct Client {
    pub(crate) asked: Asked,
    pub(crate) row: ClientRow,
}

impl Client {
    /// The organisation, as people read it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.row.name
    }

    pub(crate) fn actor(&self) -> Actor {
        let holder = Sha256::new().chain_update(b"client").chain_update(self.row.id.text()).finalize().into();
        actor(&self.row, self.asked, holder)
    }
}

/// A client as it stands in entries, by the name it has now.
pub(crate) fn actor(row: &ClientRow, asked: Asked, holder: [u8; 32]) -> Actor {
    Actor {
        name: actor_of(row.id.text()),
        organisation: row.name.clone(),
        role: "client",
        holder,
        ..Actor::nobody(asked)
    }
}

/// The public half of an Ed25519 key, from the secret one.
#[must_use]
pub fn public_half(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

/// What a public entry says of a client: all but whom the operator calls.
#[derive(Serialize)]
struct Registered<'a> {
    client: &'a str,
    name: &'a str,
    key: String,
    fields: Vec<&'static str>,
    purpose: [&'a str; 3],
    consents_a_day: u32,
    state: &'static str,
}

impl<'a> Registered<'a> {
    fn of(row: &'a ClientRow) -> Self {
        Self {
            client: row.id.text(),
            name: &row.name,
            key: BASE64.encode(&row.key),
            fields: row.fields.iter().map(ledger::Field::code).collect(),
            purpose: [&row.purpose_code, &row.purpose_en, &row.purpose_hi],
            consents_a_day: row.consents_a_day,
            state: row.state.code(),
        }
    }
}

impl Vault {
    /// Registers a client or changes what is registered, from the command line. A public entry says what.
    ///
    /// # Errors
    /// [`Refused::Malformed`] for a key that is none, or a field that no client may ask for; rules of the store.
    pub async fn register_client(&self, row: ClientRow) -> Result<(), Refused> {
        VerifyingKey::from_bytes(&row.key).map_err(|_| registry::Wrong::Form.of("key"))?;
        if row.fields.0 == 0 || row.fields.0 & !crate::consent::ASKABLE.0 != 0 {
            return Err(registry::Wrong::Unknown.of("fields").into());
        }
        let mut statement = Vec::new();
        ciborium::into_writer(&Registered::of(&row), &mut statement).expect("writing to memory does not fail");
        let draft = Draft { statement, ..Draft::about_nobody(Kind::Config, Purpose::Consent) };
        let effect = Effect::Consent(Box::new(ConsentEffect::Client(row)));
        self.act_alone(&Actor::worker("command line", self.draw()), Act::new(vec![draft], effect)).await?;
        Ok(())
    }

    /// Stops a client at once, and what it was allowed with it.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn stop_client(&self, id: ClientId) -> Result<(), Refused> {
        let row = self.store.read(move |store| store.client(&id)).await?.ok_or(Refused::NotFound)?;
        self.register_client(ClientRow { state: ClientState::Stopped, ..row }).await
    }

    /// All clients, by id.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn clients(&self) -> Result<Vec<ClientRow>, Refused> {
        Ok(self.store.read(Reader::clients).await?)
    }

    /// The client that signed a request. Each nonce is good once, each signature for five minutes either way.
    ///
    /// # Errors
    /// [`Refused::NotSignedIn`], whatever is wrong with it.
    pub async fn client(&self, signed: &Signed<'_>) -> Result<Client, Refused> {
        let id: ClientId = signed.client.parse().map_err(|_| Refused::NotSignedIn)?;
        let time: i64 = signed.time.parse().map_err(|_| Refused::NotSignedIn)?;
        let is_nonce = (16..=64).contains(&signed.nonce.len())
            && signed.nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let now_ms = self.now_ms();
        if !is_nonce || (now_ms / 1000).abs_diff(time) > CLOCK_SECONDS.unsigned_abs() {
            return Err(Refused::NotSignedIn);
        }
        let known = id.clone();
        let row = self.store.read(move |store| store.client(&known)).await?;
        let row = row.filter(|row| signed.is_signed_by(&row.key)).ok_or(Refused::NotSignedIn)?;
        let nonce = Sha256::digest(signed.nonce).into();
        let once = Effect::Consent(Box::new(ConsentEffect::Signed { client: id, nonce, now_ms }));
        let client = Client { asked: self.asked(Channel::Api), row };
        match self.act_alone(&client.actor(), Act::new(Vec::new(), once)).await {
            Ok(_) => Ok(client),
            Err(Refused::Rule(store::Refusal::Conflict | store::Refusal::NotFound)) => Err(Refused::NotSignedIn),
            Err(other) => Err(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_five_lines() {
        let signed = Signed {
            client: "clinic",
            time: "1795494600",
            nonce: "0123456789abcdef",
            signature: "",
            method: "POST",
            path: "/api/v2/auth/generateOTP?x=1",
            body: b"{}",
        };
        let lines = "POST\n/api/v2/auth/generateOTP?x=1\n1795494600\n0123456789abcdef\n\
                     44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(signed.text(), lines);
    }
}
