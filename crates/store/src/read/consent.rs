//! Clients, their requests, and consents.

use super::{parsed, uuid};
use crate::rows::{ClientRow, ClientTokenRow, ConsentRequestRow, ConsentRow};
use crate::sql::{self, Row, params};
use crate::{Reader, StoreError};
use ledger::Fields;
use registry::{ClientId, PersonId, TransactionId};

impl Reader {
    /// A client, stopped or not.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn client(&self, id: &ClientId) -> Result<Option<ClientRow>, StoreError> {
        Ok(self.first()?.one("SELECT * FROM client WHERE id = ?1", params![id.text()], client_row)?)
    }

    /// All clients, by id.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn clients(&self) -> Result<Vec<ClientRow>, StoreError> {
        Ok(self.first()?.all("SELECT * FROM client ORDER BY id", params![], client_row)?)
    }

    /// How many consents a client asked for on the day of `now_ms`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn asked_today(&self, client: &ClientId, now_ms: i64) -> Result<u32, StoreError> {
        let day = now_ms.div_euclid(86_400_000);
        let asked = self.first()?.one(
            "SELECT asked FROM client_day WHERE client = ?1 AND day = ?2",
            params![client.text(), day],
            |row| row.at(0),
        )?;
        Ok(asked.unwrap_or(0))
    }

    /// A request that can still be answered.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn consent_request(&self, id: TransactionId, now_ms: i64) -> Result<Option<ConsentRequestRow>, StoreError> {
        let sql = "SELECT * FROM consent_request WHERE id = ?1 AND answered = 0 AND expires_ms > ?2";
        let request = |row: &Row<'_>| {
            Ok(ConsentRequestRow {
                id: TransactionId(uuid(row, "id")?),
                client: parsed(row, "client")?,
                phone: row.get("phone")?,
                contact: row.get("contact")?,
                code: TransactionId(uuid(row, "code")?),
                fields: fields(row)?,
                reads: row.get("reads")?,
                lasts_ms: row.get("lasts_ms")?,
                name: row.get("name")?,
                language: row.get("language")?,
                expires_ms: row.get("expires_ms")?,
            })
        };
        Ok(self.one(sql, params![id.bytes(), now_ms], request)?)
    }

    /// A consent, ended or not.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn consent(&self, id: TransactionId) -> Result<Option<ConsentRow>, StoreError> {
        let sql = "SELECT * FROM consent WHERE id = ?1";
        Ok(self.one(sql, params![id.bytes()], consent_row)?)
    }

    /// A person's consents, newest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn consents_of(&self, person: PersonId, most: u32) -> Result<Vec<ConsentRow>, StoreError> {
        Ok(self.of_person(person)?.all(
            "SELECT * FROM consent WHERE person = ?1 ORDER BY made_ms DESC, id LIMIT ?2",
            params![person.bytes(), most],
            consent_row,
        )?)
    }

    /// A client's live token.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn client_token(&self, token: &[u8; 32], now_ms: i64) -> Result<Option<ClientTokenRow>, StoreError> {
        let sql = "SELECT client, consent, sealed, expires_ms FROM client_token WHERE token = ?1 AND expires_ms > ?2";
        let found = self.one(sql, params![token, now_ms], |row| {
            let consent: Option<[u8; 16]> = row.get("consent")?;
            let client: ClientId = parsed(row, "client")?;
            Ok((client, consent, row.get("sealed")?, row.get("expires_ms")?))
        });
        let Some((client, consent, sealed, expires_ms)) = found? else { return Ok(None) };
        let consent = match consent {
            // A consent that fell with its person: the token falls, too.
            Some(id) => match self.consent(TransactionId(uuid::Uuid::from_bytes(id)))? {
                None => return Ok(None),
                found => found,
            },
            None => None,
        };
        Ok(Some(ClientTokenRow { client, consent, sealed, expires_ms }))
    }
}

fn fields(row: &Row<'_>) -> sql::Result<Fields> {
    Ok(Fields(row.get::<i64>("fields")?.cast_unsigned()))
}

fn client_row(row: &Row<'_>) -> sql::Result<ClientRow> {
    Ok(ClientRow {
        id: parsed(row, "id")?,
        name: row.get("name")?,
        contact: row.get("contact")?,
        key: row.get("key")?,
        fields: fields(row)?,
        purpose_code: row.get("purpose_code")?,
        purpose_en: row.get("purpose_en")?,
        purpose_hi: row.get("purpose_hi")?,
        consents_a_day: row.get("consents_a_day")?,
        state: parsed(row, "state")?,
    })
}

fn consent_row(row: &Row<'_>) -> sql::Result<ConsentRow> {
    Ok(ConsentRow {
        id: TransactionId(uuid(row, "id")?),
        person: PersonId(uuid(row, "person")?),
        client: parsed(row, "client")?,
        fields: fields(row)?,
        reads: row.get("reads")?,
        used: row.get("used")?,
        entry: row.get("entry")?,
        made_ms: row.get("made_ms")?,
        until_ms: row.get("until_ms")?,
        revoked_ms: row.get("revoked_ms")?,
        artefact: row.get::<Option<Vec<u8>>>("artefact")?.unwrap_or_default(),
    })
}
