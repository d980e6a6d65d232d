//! Audits that were handed in: whoever audits the log says in public what was found.

use crate::caller::Actor;
use crate::gate::{Act, Draft};
use crate::{Channel, Refused, Vault};
use data_encoding::HEXLOWER;
use ledger::checkpoint::Checkpoint;
use ledger::note::Note;
use ledger::{Kind, Purpose};
use registry::Wrong;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::command::{Effect, HandedIn};

/// The most checks that a report has, and the most bytes of a check's words, and of the checkpoint with its signatures.
const MOST_CHECKS: usize = 40;
const MOST_BYTES: usize = 2_000;
const MOST_NOTE_BYTES: usize = 10_000;

/// A report, as `teeka audit --json` writes it; what else stands there is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditReport {
    /// The checkpoint that was audited.
    pub checkpoint: String,
    /// What was looked at.
    pub checks: Vec<AuditCheck>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCheck {
    /// What.
    pub name: String,
    /// Whether it holds; nothing where it was not checked.
    pub held: Option<bool>,
    /// What was seen.
    pub detail: String,
}

/// An audit that stands here for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// When it was handed in, milliseconds since the epoch.
    pub at_ms: i64,
    /// By whom.
    pub auditor: String,
    /// How many entries were audited.
    pub size: u64,
    /// Whether nothing was found broken.
    pub stands: bool,
    /// What was looked at.
    pub checks: Vec<AuditCheck>,
}

impl Vault {
    /// Takes an audit of this log from an auditor, and says in the log that it did.
    ///
    /// # Errors
    /// [`Refused::NotSignedIn`] without an auditor's credential; [`Refused::NotFound`] for a checkpoint that is not ours;
    /// [`Refused::Malformed`] for a report that is none, or too long.
    pub async fn hand_in_audit(&self, credential: Option<&str>, report: &[u8]) -> Result<(), Refused> {
        let auditor = self.auditor(credential)?.to_owned();
        let malformed = || Refused::from(Wrong::Form.of("report"));
        let report: AuditReport = serde_json::from_slice(report).map_err(|_| malformed())?;
        let too_long = |check: &AuditCheck| check.name.len() + check.detail.len() > MOST_BYTES;
        let is_short = report.checkpoint.len() <= MOST_NOTE_BYTES && !report.checks.iter().any(too_long);
        if !is_short || report.checks.is_empty() || report.checks.len() > MOST_CHECKS {
            return Err(malformed());
        }
        let note: Note = report.checkpoint.parse().map_err(|_| malformed())?;
        note.vouched_by(self.log.key()).ok_or(Refused::NotFound)?;
        let audited: Checkpoint = note.text.parse().map_err(|_| malformed())?;
        if !self.log.has_published(audited.size)? {
            return Err(Refused::NotFound);
        }
        let stands = report.checks.iter().all(|check| check.held != Some(false));
        let text = serde_json::to_string(&report).expect("a report is plain data");
        let (digest, word) = (HEXLOWER.encode(&Sha256::digest(&text)), if stands { "stands" } else { "broken" });
        let statement = format!("teeka/audit/v1\n{auditor}\n{}\n{word}\n{digest}\n", audited.size).into_bytes();
        let said = Draft { statement, ..Draft::about_nobody(Kind::Config, Purpose::Audit) };
        let name = format!("auditor {auditor}");
        let actor = Actor { name, role: "auditor", ..Actor::nobody(self.asked(Channel::Api)) };
        let audit = HandedIn { at_ms: self.now_ms(), auditor, size: audited.size, stands, report: text };
        self.act_alone(&actor, Act::new(vec![said], Effect::Audit(Box::new(audit)))).await?;
        Ok(())
    }

    /// The audits that were handed in, the newest first: of each auditor the last, and every one that found something broken, so
    /// that nobody pushes another's finding out of sight.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn audits(&self, most: u32) -> Result<Vec<Audited>, Refused> {
        let kept = self.store.read(move |store| store.audits(most)).await?;
        let audited = |HandedIn { at_ms, auditor, size, stands, report }: HandedIn| {
            let report: AuditReport = serde_json::from_str(&report).map_err(|_| Refused::Unavailable)?;
            Ok(Audited { at_ms, auditor, size, stands, checks: report.checks })
        };
        kept.into_iter().map(audited).collect()
    }
}
