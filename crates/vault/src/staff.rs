//! Staff sign-in: a password (argon2id) and a time-based code (RFC 6238), for now.

use crate::caller::{Actor, Asked};
use crate::gate::Act;
use crate::{Opened, Refused, Vault};
use argon2::password_hash::PasswordVerifier;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use registry::{CentreId, Role, StaffId};
use sha1::Sha1;
use store::command::{Effect, Refusal, SignedIn, StaffChange};
use store::rows::{NewStaff, StaffRow};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

/// So many passwords are weighed at a time: each takes 19 MiB, and anyone may send one.
static HASHING: Semaphore = Semaphore::const_new(4);

/// Seconds of one time step.
const STEP_SECONDS: i64 = 30;

/// New credentials of a member of staff: shown once, to whoever hands them over.
pub struct Enrolled {
    /// Her id.
    pub id: StaffId,
    /// The effect that stores her: hand it to [`Vault::plan`] or [`Vault::set_up`].
    pub effect: Effect,
    /// The password.
    pub password: String,
    /// The secret for her authenticator, base32.
    pub totp_secret: String,
}

impl Vault {
    /// Signs a member of staff in.
    ///
    /// # Errors
    /// [`Refused::Wrong`], alike for an unknown name, a wrong password and a wrong code; [`Refusal::Locked`].
    pub async fn staff_sign_in(
        &self,
        asked: Asked,
        login: &str,
        password: &str,
        code: &str,
    ) -> Result<Opened, Refused> {
        let wanted = login.trim().to_lowercase();
        let row = self.store.read(move |store| store.staff_by_login(&wanted)).await?;
        let now_ms = self.now_ms();
        if let Some(row) = row.as_ref().filter(|row| row.locked_ms > now_ms) {
            return Err(Refusal::Locked { until_ms: row.locked_ms }.into());
        }
        let step = self.check_credentials(row.as_ref(), password, code).await;
        match (row, step) {
            (Some(row), Some(step)) if row.active => {
                let opened = self.open_staff_sign_in(asked, SignedIn::Staff { staff: row.id, step }).await;
                // A code that was used before is a wrong code.
                opened.map_err(
                    |refused| if refused == Refusal::CodeGone.into() { Refused::Wrong { left: 0 } } else { refused },
                )
            }
            (row, _) => {
                if let Some(row) = row {
                    let failed = Effect::StaffFailed { staff: row.id, now_ms };
                    self.act_alone(&Actor::nobody(asked), Act::new(Vec::new(), failed)).await?;
                }
                Err(Refused::Wrong { left: 0 })
            }
        }
    }

    /// The time step of the code, if both password and code are right. An unknown name costs the same time.
    async fn check_credentials(&self, row: Option<&StaffRow>, password: &str, code: &str) -> Option<u64> {
        const NOBODY: &str =
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGhlcmU$Zm9yIHRpbWluZyBhbG9uZSwgbm8gc2VjcmV0IGhlcmU";
        let hash = row.map_or(NOBODY, |row| row.password.as_str()).to_owned();
        let password = password.to_owned();
        let _turn = HASHING.acquire().await.ok()?;
        let right =
            tokio::task::spawn_blocking(move || argon().verify_password(password.as_bytes(), hash.as_str()).is_ok());
        let right = right.await.unwrap_or(false);
        let row = row?;
        let secret = self.secrets.open_totp(row.id.bytes(), &row.totp)?;
        let step = u64::try_from(self.now_ms() / 1000 / STEP_SECONDS).ok()?;
        let typed = code.trim().as_bytes();
        let fits = |step: &u64| bool::from(totp(&secret, *step).as_bytes().ct_eq(typed));
        [step, step.saturating_sub(1), step + 1].into_iter().find(fits).filter(|_| right)
    }

    /// Makes credentials for a new member of staff.
    ///
    /// # Errors
    /// [`Refused::Unavailable`] when hashing fails.
    pub fn enrol_staff(
        &self,
        login: &str,
        name: &str,
        role: Role,
        centre: Option<CentreId>,
    ) -> Result<Enrolled, Refused> {
        let id = StaffId::from_random(self.draw());
        let (password, totp_secret) = (self.draw_password(), self.draw());
        let staff = NewStaff {
            id,
            login: login.trim().to_lowercase(),
            name: name.to_owned(),
            role,
            centre,
            password: self.hash_password(&password)?,
            totp: self.secrets.seal_totp(id.bytes(), self.draw(), &totp_secret),
        };
        let effect = Effect::Staff(Box::new(staff));
        Ok(Enrolled { id, effect, password, totp_secret: secret_text(&totp_secret) })
    }

    /// Makes new credentials for someone who lost hers.
    ///
    /// # Errors
    /// [`Refused::Unavailable`] when hashing fails.
    pub fn reset_staff(&self, id: StaffId) -> Result<Enrolled, Refused> {
        let (password, totp_secret) = (self.draw_password(), self.draw());
        let sealed = self.secrets.seal_totp(id.bytes(), self.draw(), &totp_secret);
        let credentials = Some((self.hash_password(&password)?, sealed));
        let effect =
            Effect::StaffChange(StaffChange { staff: id, role: None, centre: None, active: None, credentials });
        Ok(Enrolled { id, effect, password, totp_secret: secret_text(&totp_secret) })
    }

    fn draw_password(&self) -> String {
        let text = BASE32_NOPAD.encode(&self.draw::<10>()).to_lowercase();
        format!("{}-{}-{}-{}", &text[..4], &text[4..8], &text[8..12], &text[12..])
    }

    fn hash_password(&self, password: &str) -> Result<String, Refused> {
        let hash = argon().hash_password_with_salt(password.as_bytes(), &self.draw::<16>());
        hash.map(|hash| hash.to_string()).map_err(|_| Refused::Unavailable)
    }
}

fn secret_text(secret: &[u8; 20]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// Argon2id with 19 MiB, two passes, one lane (OWASP's first recommendation).
fn argon() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The six-digit code of a time step (RFC 4226 with HMAC-SHA-1, as authenticators expect).
#[must_use]
pub fn totp(secret: &[u8], step: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let bytes = [digest[offset] & 127, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::totp;

    #[test]
    fn codes_match_rfc_6238() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp(secret, seconds / 30), code);
        }
    }
}
