//! What outsiders may have of the log: checkpoints, hash tiles and public openings, anyone; entry bundles and the openings
//! that chance draws, auditors.

use crate::caller::Actor;
use crate::gate::{Act, Draft, open_entry};
use crate::log::Kept;
use crate::{Channel, Refused, Vault};
use data_encoding::HEXLOWER;
use ledger::audit::drawn;
use ledger::checkpoint::Checkpoint;
use ledger::erasure::Explained;
use ledger::leaf::{Leaf, tag_of};
use ledger::tile::{Bundle, Tile};
use ledger::{Kind, Purpose, TagKey, subject_tag};
use registry::PersonId;
use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::sync::atomic::Ordering;
use store::command::{Effect, Refusal, Spend};
use subtle::ConstantTimeEq;

const DAY_MS: i64 = 86_400_000;

/// The most entries that are opened at once.
const MOST_DRAWN: u32 = 64;

/// The most that one auditor has opened in a day: enough to find a hundredth of the log amiss, too few to read it all.
const DRAWN_A_DAY: u32 = 1_000;

/// A file of the log, and whether it can ever change.
pub struct LogFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether its bytes stand for ever under this path.
    pub is_final: bool,
    /// Whether anyone may have it.
    pub is_open: bool,
}

/// What an auditor is given of an entry that was drawn: what opens its commitment.
pub struct Drawn {
    /// Its position.
    pub position: u64,
    /// The salt and the CBOR; nothing where its keys are destroyed.
    pub opening: Option<([u8; 32], Vec<u8>)>,
    /// Where they are: by which erasure, at this position, with the proof that the entry was hers.
    pub erased: Option<(u64, Explained)>,
}

impl Vault {
    /// The file at a path of the log.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::NotSignedIn`] for an entry bundle without an auditor's credential.
    pub async fn log_file(&self, path: &str, credential: Option<&str>) -> Result<LogFile, Refused> {
        if path == "policy" {
            return Ok(LogFile { bytes: self.watch().text().into(), is_final: false, is_open: true });
        }
        let is_bundle = Bundle::from_path(path).is_some();
        if is_bundle {
            self.auditor(credential)?;
        }
        let is_opening = path.strip_prefix("opening/").is_some_and(|position| position.parse::<u64>().is_ok());
        let is_final = is_bundle || is_opening || Tile::from_path(path).is_some();
        if !is_final && path != "checkpoint" {
            return Err(Refused::NotFound);
        }
        let (files, path) = (self.log.files(), path.to_owned());
        let read = tokio::task::spawn_blocking(move || files.read(&path)).await.map_err(|_| Refused::Unavailable)?;
        Ok(LogFile { bytes: read?.ok_or(Refused::NotFound)?, is_final, is_open: !is_bundle })
    }

    /// Opens entries that a checkpoint and the auditor's nonce draw. Of each that is about a person, she sees that it was
    /// opened; what is opened names nobody.
    ///
    /// # Errors
    /// [`Refused::NotSignedIn`] without an auditor's credential; [`Refused::NotFound`] for a checkpoint that is not ours;
    /// [`Refusal::OverBudget`] after a thousand entries in a day; [`Refusal::Moved`] for a checkpoint that is older than what is
    /// said of a restore: under it nobody would know why an entry cannot be opened any more.
    pub async fn open_drawn(
        &self,
        credential: Option<&str>,
        checkpoint: &str,
        nonce: &[u8; 32],
        how_many: u32,
    ) -> Result<Vec<Drawn>, Refused> {
        let auditor = self.auditor(credential)?;
        let known: Checkpoint = checkpoint.parse().map_err(|_| Refused::NotFound)?;
        if known.origin != self.log.key().name() || !self.log.has_published(known.size)? {
            return Err(Refused::NotFound);
        }
        if known.size < self.restored.load(Ordering::Acquire) {
            return Err(Refusal::Moved.into());
        }
        let how_many = how_many.min(MOST_DRAWN);
        self.take_draws(auditor, how_many).await?;
        let positions = drawn(checkpoint, nonce, known.size, how_many);
        let kept = self.log.entries(positions).await?;
        let subjects = self.subjects_of(&kept).await?;
        let name = format!("auditor {auditor}");
        let actor = Actor { name, role: "auditor", ..Actor::nobody(self.asked(Channel::Api)) };
        let mut opened = Vec::with_capacity(kept.len());
        for Kept { position, leaf, sealed } in kept {
            let subject = subjects.get(&tag_of(&leaf));
            match subject {
                Some((person, _)) => {
                    let seen = |_| {
                        let draft = Draft::about(*person, Kind::AuditOpen, Purpose::Audit);
                        ready(Ok(Act::new(vec![draft], Effect::Append)))
                    };
                    self.act(&actor, &[*person], seen).await?;
                }
                None => {
                    let draft = Draft::about_nobody(Kind::AuditOpen, Purpose::Audit);
                    self.act_alone(&actor, Act::new(vec![draft], Effect::Append)).await?;
                }
            }
            let day = Leaf::decode(&leaf).map_or(0, |leaf| leaf.day());
            let key = subject.map_or_else(|| self.secrets.audit_key(day.into()), |(_, key)| key.clone());
            let opening = open_entry(&key, &leaf, &sealed).map(|(salt, entry)| (salt, entry.to_cbor()));
            let erased = if opening.is_none() { self.explained(&leaf).await? } else { None };
            opened.push(Drawn { position, opening, erased });
        }
        Ok(opened)
    }

    /// Counts what an auditor draws in a day.
    async fn take_draws(&self, auditor: &str, how_many: u32) -> Result<(), Refused> {
        let spend = Spend { much: how_many, ..self.one_of(DRAWN_A_DAY, DAY_MS, &[b"draws", auditor.as_bytes()]) };
        let nobody = Actor::nobody(self.asked(Channel::Api));
        self.act_alone(&nobody, Act::new(Vec::new(), Effect::Spend(spend))).await.map(drop)
    }

    /// Whose entries these are, by their tags; those about nobody are not in it.
    async fn subjects_of(&self, kept: &[Kept]) -> Result<HashMap<[u8; 32], (PersonId, TagKey)>, Refused> {
        let wanted: HashSet<[u8; 32]> = kept.iter().map(|one| tag_of(&one.leaf)).collect();
        let mut found = HashMap::new();
        for (person, wrapped, entries) in self.store.read(store::Reader::threads).await? {
            let key = self.secrets.unwrap_tag_key(&wrapped, person.bytes()).ok_or(Refused::Unavailable)?;
            for tag in (0..entries).map(|count| subject_tag(&key, count)).filter(|tag| wanted.contains(tag)) {
                found.insert(tag, (person, key.clone()));
            }
        }
        Ok(found)
    }

    /// A credential for an auditor of this name: `name.proof`, good until the vault's keys change.
    #[must_use]
    pub fn auditor_credential(&self, name: &str) -> String {
        format!("{name}.{}", HEXLOWER.encode(&self.secrets.auditor_mac(name)))
    }

    /// The name in an auditor's credential.
    pub(crate) fn auditor<'c>(&self, credential: Option<&'c str>) -> Result<&'c str, Refused> {
        let credential = credential.ok_or(Refused::NotSignedIn)?;
        let (name, _) = credential.rsplit_once('.').ok_or(Refused::NotSignedIn)?;
        let good: bool = self.auditor_credential(name).as_bytes().ct_eq(credential.as_bytes()).into();
        if good { Ok(name) } else { Err(Refused::NotSignedIn) }
    }
}
