//! A partner with a key: registered at a world, signing its requests.
#![allow(dead_code, reason = "the stories of each room use a part of it")]

use crate::world::World;
use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use registry::{ClientState, TransactionId};
use vault::rows::ClientRow;
use vault::{Client, ConsentAsk, Field, Fields, Message, Noticed, Refused, Signed};

pub(crate) const HOUR: i64 = 3_600_000;

/// All that a client may ask for.
pub(crate) const ALL: Fields = Fields::of(&[
    Field::Name,
    Field::BirthYear,
    Field::Gender,
    Field::IdDocument,
    Field::Reference,
    Field::BookingCode,
    Field::Comorbidity,
]);

pub(crate) struct Partner {
    pub(crate) id: String,
    key: SigningKey,
}

/// Headers of a signed request: client, time, nonce, signature.
pub(crate) type Headers = [(&'static str, String); 4];

impl Partner {
    pub(crate) async fn new(world: &World, id: &str) -> Self {
        Self::with(world, id, ALL, ClientState::Live).await
    }

    pub(crate) async fn with(world: &World, id: &str, fields: Fields, state: ClientState) -> Self {
        let partner = Self { id: id.into(), key: SigningKey::from_bytes(&world.vault.draw()) };
        world.vault.register_client(partner.row(fields, state, 50)).await.unwrap();
        partner
    }

    pub(crate) fn row(&self, fields: Fields, state: ClientState, consents_a_day: u32) -> ClientRow {
        ClientRow {
            id: self.id.parse().unwrap(),
            name: format!("The {} Trust", self.id),
            contact: "desk@partner.example".into(),
            key: self.key.verifying_key().to_bytes(),
            fields,
            purpose_code: "CAREMGT".into(),
            purpose_en: "To plan your next dose".into(),
            purpose_hi: "आपकी अगली खुराक तय करने के लिए".into(),
            consents_a_day,
            state,
        }
    }

    pub(crate) fn headers(&self, world: &World, method: &str, path: &str, body: &[u8]) -> Headers {
        let nonce = data_encoding::HEXLOWER.encode(&world.vault.draw::<16>());
        self.headers_at(world.vault.now_ms() / 1000, &nonce, method, path, body)
    }

    pub(crate) fn headers_at(&self, seconds: i64, nonce: &str, method: &str, path: &str, body: &[u8]) -> Headers {
        let time = seconds.to_string();
        let signed = Signed { client: &self.id, time: &time, nonce, signature: "", method, path, body };
        let signature = BASE64.encode(&self.key.sign(signed.text().as_bytes()).to_bytes());
        [
            ("x-teeka-client", self.id.clone()),
            ("x-teeka-time", time),
            ("x-teeka-nonce", nonce.to_owned()),
            ("x-teeka-signature", signature),
        ]
    }

    /// This partner, by a request that it just signed.
    pub(crate) async fn client(&self, world: &World) -> Client {
        self.signs(world).await.unwrap()
    }

    /// The same, where it may fail.
    pub(crate) async fn signs(&self, world: &World) -> Result<Client, Refused> {
        let (method, path, body) = ("POST", "/", b"{}");
        let [client, time, nonce, signature] = self.headers(world, method, path, body).map(|(_, value)| value);
        let signed = Signed { client: &client, time: &time, nonce: &nonce, signature: &signature, method, path, body };
        world.vault.client(&signed).await
    }

    /// Asks the person at a phone, after the minute in which one code went out.
    pub(crate) async fn asks(&self, world: &World, phone: &str, fields: Fields) -> TransactionId {
        world.pass(crate::world::MINUTE + 1);
        let ask = ask(phone, fields, 5, HOUR);
        world.vault.ask_consent(&self.client(world).await, ask).await.unwrap()
    }
}

pub(crate) fn ask(phone: &str, fields: Fields, reads: u8, lasts_ms: i64) -> ConsentAsk {
    ConsentAsk { phone: phone.parse().unwrap(), fields, reads, lasts_ms, language: "en".into() }
}

pub(crate) fn noticed() -> Noticed {
    Noticed::new("en", "what she read")
}

fn newest(world: &World, phone: &str) -> Option<String> {
    let sent = world.outbox.sent.lock().unwrap();
    sent.iter().rev().find_map(|(to, message)| match message {
        Message::Consent { code, .. } | Message::Status { code, .. } if to == phone => Some(code.clone()),
        _ => None,
    })
}

/// The newest code for a consent or a status that arrived at a phone.
pub(crate) async fn arrived(world: &World, phone: &str) -> String {
    for _ in 0..2000 {
        if let Some(code) = newest(world, phone) {
            return code;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    panic!("no code came");
}
