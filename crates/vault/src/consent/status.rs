//! Whether somebody is vaccinated, and nothing else (CoWIN's *KYC-VS*): a name is compared inside, and a number comes out.

use super::Wish;
use super::token::Memory;
use crate::client::Client;
use crate::code::CodeFor;
use crate::grant::{Evidence, Grant};
use crate::{Refused, Vault};
use ledger::{Field, Fields, Kind, Purpose};
use registry::{Name, Phone, TransactionId};
use store::command::Refusal;
use store::rows::DoseRow;

/// Such a token lives fifteen minutes.
const LIFE_MS: i64 = 900_000;

impl Vault {
    /// Asks the person of this name at a phone to let a client know whether she is vaccinated.
    ///
    /// # Errors
    /// [`Refusal::OverBudget`].
    pub async fn ask_status(
        &self,
        client: &Client,
        phone: &Phone,
        name: &Name,
        language: &str,
    ) -> Result<TransactionId, Refused> {
        let name = Some(name.text().to_owned());
        let wish = Wish { what_for: CodeFor::Status, fields: Fields::NONE, reads: 1, lasts_ms: LIFE_MS, name };
        self.ask(client, phone, wish, language).await
    }

    /// After the right code: compares the name with those of the phone's family, a USE entry each, and gives a token that
    /// says 0, 1 or 2. Somebody else's name and nobody's phone are not vaccinated.
    ///
    /// # Errors
    /// [`Refused::Wrong`], [`Refusal::CodeGone`], [`Refusal::Locked`].
    pub async fn confirm_status(&self, client: &Client, id: TransactionId, typed: &str) -> Result<String, Refused> {
        let request = self.own_request(client, id).await?;
        let name = request.row.name.ok_or(Refusal::CodeGone)?;
        let actor = client.actor();
        let holder = self.try_code(&actor, request.row.code, CodeFor::Status, None, typed).await?;
        let mut status = 0;
        for person in self.at_phone(request.row.phone).await? {
            let evidence = Evidence { subject: person, on: *id.bytes(), holder: actor.holder, ground: None };
            let grant = Grant::CitizenOtp(evidence);
            let (mut fields, row) = self.open(&actor, &grant, Kind::Use, Purpose::Consent, &[Field::Name]).await?;
            let hers = self.name_hash(id, &fields.take(Field::Name).unwrap_or_default());
            if hers == name {
                status = status.max(status_of(&row.doses));
            }
        }
        self.close(&actor, id).await?;
        let memory = Memory { last_four: holder.digits[holder.digits.len() - 4..].to_owned(), status: Some(status) };
        self.open_token(client, None, &memory, self.now_ms() + LIFE_MS).await
    }

    /// A keyed hash of a name as people mean it: capitals and spaces do not count.
    pub(super) fn name_hash(&self, request: TransactionId, name: &str) -> [u8; 32] {
        let plain: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        self.secrets.code_hash(&[b"name", request.bytes()], plain.join(" ").as_bytes())
    }
}

/// 0 not vaccinated, 1 partly, 2 fully. A dose that nobody attested counts for nothing.
fn status_of(doses: &[DoseRow]) -> u8 {
    match doses.iter().rfind(|dose| dose.factor.is_some()) {
        None => 0,
        Some(last) if last.number >= last.vaccine.primary_doses() => 2,
        Some(_) => 1,
    }
}
