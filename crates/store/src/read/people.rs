//! People, families, codes, sign-ins.

use super::case::{MERGED, merged_row};
use super::{APPOINTMENT, appointment_row, dose_row, uuid};
use crate::command::SignedIn;
use crate::rows::{
    AppointmentRow, CertificateRow, CertificateState, DoseRow, FamilyRow, MemberRow, NoticeRow, Pending, PersonRow,
    SealedField, SignInRow,
};
use crate::sql::{self, Row, params};
use crate::{Reader, StoreError};
use registry::{AppointmentId, CentreId, PersonId, StaffId, TransactionId};

impl Reader {
    /// A registered person, with the newest version of each field.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn person(&self, person: PersonId) -> Result<Option<PersonRow>, StoreError> {
        self.whole(PERSON, FIELDS, person)
    }

    /// A specimen: nobody, in tables that only a bench makes, read as a person is.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn specimen(&self, id: PersonId) -> Result<Option<PersonRow>, StoreError> {
        self.whole(
            "SELECT *, NULL AS told_ms FROM specimen WHERE id = ?1 AND standing = 'registered'",
            "SELECT * FROM specimen_sealed WHERE person = ?1",
            id,
        )
    }

    fn whole(&self, one: &str, fields: &str, person: PersonId) -> Result<Option<PersonRow>, StoreError> {
        let key = params![*person.bytes()];
        let [.., merged, doses, appointments] = texts();
        let asked = [one, fields, &merged, &doses, &appointments].map(|text| (text, key));
        let (mut found, mut joined) = (None, Vec::new());
        let (mut fields, mut doses, mut appointments) = (Vec::new(), Vec::new(), Vec::new());
        self.of_person(person)?.all_of(&asked, |of, row| {
            match of {
                0 => found = Some(about(person, row)?),
                1 => fields.push(sealed_row(person, row)?),
                2 => joined.push(merged_row(row)?),
                3 => doses.push(dose_row(row)?),
                _ => appointments.push(appointment_row(row)?),
            }
            Ok(())
        })?;
        let Some(about) = found else { return Ok(None) };
        let merged_into = joined.iter().find(|(from, _)| *from == person).map(|(_, into)| *into);
        if merged_into.is_some() {
            doses.clear();
        }
        for (from, _) in joined.iter().filter(|(_, into)| *into == person) {
            doses.extend(self.doses_standing(*from)?);
        }
        if doses.iter().any(|dose| dose.person != person) {
            doses = counted_anew(doses);
        }
        Ok(Some(PersonRow { fields, doses, appointments, merged_into, ..about }))
    }

    fn doses_standing(&self, person: PersonId) -> Result<Vec<DoseRow>, StoreError> {
        Ok(self.of_person(person)?.all(DOSES, params![person.bytes()], dose_row)?)
    }

    /// One version of one of her fields.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn sealed(&self, person: PersonId, field: u8, version: u32) -> Result<Option<SealedField>, StoreError> {
        Ok(self.of_person(person)?.one(
            "SELECT field, version, salt, body FROM sealed WHERE person = ?1 AND field = ?2 AND version = ?3",
            params![person.bytes(), field, version],
            |row| sealed_row(person, row),
        )?)
    }

    /// Whether this id is taken: registered, erased or void.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn standing(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        Ok(self.of_person(person)?.one(
            "SELECT standing FROM person WHERE id = ?1",
            params![person.bytes()],
            |row| row.at(0),
        )?)
    }

    /// The family of a phone's index; empty for a phone nobody registered with.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn family(&self, phone: &[u8; 32]) -> Result<FamilyRow, StoreError> {
        let (version, active_ms) = self
            .of_key(phone)?
            .one("SELECT version, active_ms FROM family WHERE phone = ?1", params![phone], |row| {
                Ok((row.at(0)?, row.at(1)?))
            })?
            .unwrap_or((0, 0));
        let members = self.of_key(phone)?.all(
            "SELECT * FROM member WHERE phone = ?1 ORDER BY joined_ms, person",
            params![phone],
            |row| {
                let centre: Option<u32> = row.get("pending_at")?;
                let pending = match centre {
                    Some(centre) => Some(Pending {
                        centre: CentreId(centre),
                        at_ms: row.get("joined_ms")?,
                        tries: row.get("tries")?,
                    }),
                    None => None,
                };
                Ok(MemberRow { person: PersonId(uuid(row, "person")?), pending })
            },
        )?;
        Ok(FamilyRow { version, active_ms, members })
    }

    /// Who has the reference with this index; of a record that was joined to another, that other.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn by_reference(&self, reference: &[u8; 32]) -> Result<Option<PersonId>, StoreError> {
        Ok(self.one(
            "SELECT COALESCE(m.into_person, r.person) AS person FROM reference_index r
                 LEFT JOIN merged m ON m.person = r.person WHERE reference = ?1",
            params![reference],
            |row| Ok(PersonId(uuid(row, "person")?)),
        )?)
    }

    /// Her card's keyed hash, and how often a wrong one was shown.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn card(&self, person: PersonId) -> Result<Option<([u8; 32], u8)>, StoreError> {
        Ok(self.of_person(person)?.one(
            "SELECT hash, wrong FROM card WHERE person = ?1",
            params![person.bytes()],
            |row| Ok((row.at(0)?, row.at(1)?)),
        )?)
    }

    /// A live sign-in.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn sign_in(&self, token: &[u8; 32], now_ms: i64) -> Result<Option<SignInRow>, StoreError> {
        Ok(self.one(
            "SELECT s.*, t.step FROM sign_in s LEFT JOIN staff t ON t.id = s.staff
                 WHERE token = ?1 AND expires_ms > ?2 AND idle_ms > ?2",
            params![token, now_ms],
            sign_in_row,
        )?)
    }

    /// Whom a one-time code is about, where it is about one person.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn code_is_about(&self, transaction: TransactionId) -> Result<Option<PersonId>, StoreError> {
        let person: Option<Option<[u8; 16]>> =
            self.one("SELECT person FROM otp WHERE id = ?1", params![transaction.bytes()], |row| row.get("person"))?;
        Ok(person.flatten().map(|id| PersonId(uuid::Uuid::from_bytes(id))))
    }

    /// Wrong codes on the day of `now_ms`, over all phones.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn wrong_codes_today(&self, now_ms: i64) -> Result<u64, StoreError> {
        Ok(self.sum("SELECT wrong FROM otp_day WHERE day = ?1", params![now_ms / 86_400_000])?)
    }

    /// Everyone's part of an appointment, by person id: their order is their place in it.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn appointment(&self, id: AppointmentId) -> Result<Vec<AppointmentRow>, StoreError> {
        let text = format!("SELECT {APPOINTMENT} WHERE a.id = ?1 ORDER BY a.person");
        Ok(self.all_by((&text, params![id.bytes()]), appointment_row, |part| part.person, u32::MAX)?)
    }

    /// Her newest certificate.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn newest_certificate(&self, person: PersonId) -> Result<Option<CertificateRow>, StoreError> {
        Ok(self.of_person(person)?.one(
            "SELECT * FROM certificate WHERE person = ?1 ORDER BY version DESC LIMIT 1",
            params![person.bytes()],
            |row| {
                Ok(CertificateRow {
                    id: row.get("id")?,
                    version: row.get("version")?,
                    digest: row.get("digest")?,
                    issued_s: row.get("issued_s")?,
                    state: CertificateState::from_number(row.get("state")?),
                })
            },
        )?)
    }

    /// What this version of a certificate is worth, if we issued it.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn certificate_state(&self, id: &[u8; 16], version: u32) -> Result<Option<CertificateState>, StoreError> {
        Ok(self.one("SELECT state FROM certificate WHERE id = ?1 AND version = ?2", params![id, version], |row| {
            Ok(CertificateState::from_number(row.at(0)?))
        })?)
    }

    /// How many messages are due and not sent.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn notices_waiting(&self, now_ms: i64) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM notice WHERE sent_ms IS NULL AND due_ms <= ?1 AND attempts < 10";
        Ok(self.sum(sql, params![now_ms])?)
    }

    /// Notices that are due, oldest first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn notices_due(&self, now_ms: i64, most: u32) -> Result<Vec<NoticeRow>, StoreError> {
        let text =
            "SELECT * FROM notice WHERE sent_ms IS NULL AND due_ms <= ?1 AND attempts < 10 ORDER BY due_ms LIMIT ?2";
        let mut due: Vec<(i64, NoticeRow)> = Vec::new();
        for (at, shard) in self.each().enumerate() {
            due.extend(shard?.all(text, params![now_ms, most], |row| {
                let notice = NoticeRow {
                    id: self.numbered(at, row.get("id")?),
                    person: PersonId(uuid(row, "person")?),
                    cause: crate::rows::Cause::from_number(row.get("cause")?),
                    appointment: AppointmentId(uuid(row, "appointment")?),
                    attempts: row.get("attempts")?,
                };
                Ok((row.get("due_ms")?, notice))
            })?);
        }
        if self.is_over_shards() {
            due.sort_by_key(|(due_ms, _)| *due_ms);
        }
        Ok(due.into_iter().map(|(_, notice)| notice).take(most as usize).collect())
    }
}

/// What all that is known of somebody is read by.
pub(crate) fn texts() -> [String; 5] {
    let appointments = format!("SELECT {APPOINTMENT} WHERE a.person = ?1 ORDER BY a.at_ms");
    [PERSON.into(), FIELDS.into(), MERGED.into(), DOSES.into(), appointments]
}

const PERSON: &str = "SELECT p.*, g.told_ms FROM person p LEFT JOIN guardianship g ON g.person = p.id
 WHERE p.id = ?1 AND p.standing = 'registered'";

const FIELDS: &str = "SELECT * FROM sealed s WHERE person = ?1 AND version = (
     SELECT MAX(version) FROM sealed WHERE person = s.person AND field = s.field)";

const DOSES: &str = "SELECT * FROM dose WHERE person = ?1 AND corrected_by IS NULL ORDER BY number";

/// What her own row says.
fn about(person: PersonId, row: &Row<'_>) -> sql::Result<PersonRow> {
    Ok(PersonRow {
        id: person,
        entries: row.get("entries")?,
        tag_key: row.get("tag_key")?,
        reference_last_four: row.get("reference_last_four")?,
        language: row.get("language")?,
        fields: Vec::new(),
        doses: Vec::new(),
        appointments: Vec::new(),
        merged_into: None,
        of_age_ms: row.get("told_ms")?,
    })
}

/// Doses of several records of one person, by the day they were given. The same vaccine on the same day is one dose,
/// written down twice: the attested one stands for it.
fn counted_anew(mut doses: Vec<DoseRow>) -> Vec<DoseRow> {
    doses.sort_by_key(|dose| (dose.day, dose.vaccine, dose.factor.is_none(), dose.at_ms));
    doses.dedup_by_key(|dose| (dose.day, dose.vaccine));
    for (number, dose) in (1..).zip(&mut doses) {
        dose.number = number;
    }
    doses
}

pub(super) fn sealed_row(person: PersonId, row: &Row<'_>) -> sql::Result<SealedField> {
    Ok(SealedField {
        person,
        field: row.get("field")?,
        version: row.get("version")?,
        salt: row.get("salt")?,
        body: row.get("body")?,
    })
}

fn sign_in_row(row: &Row<'_>) -> sql::Result<SignInRow> {
    let staff: Option<[u8; 16]> = row.get("staff")?;
    let who = match staff {
        Some(id) => SignedIn::Staff { staff: StaffId(uuid::Uuid::from_bytes(id)), step: row.get("step")? },
        None => SignedIn::Family { phone: row.get("phone")?, version: row.get("version")?, public: row.get("public")? },
    };
    Ok(SignInRow {
        who,
        sealed: row.get("sealed")?,
        position: row.get("position")?,
        since_ms: row.get("since_ms")?,
        expires_ms: row.get("expires_ms")?,
        idle_ms: row.get("idle_ms")?,
    })
}
