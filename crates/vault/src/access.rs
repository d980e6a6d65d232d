//! Who looked at my data: her own entries, found by her tags and opened with her tag key.

use crate::caller::Citizen;
use crate::gate::{Act, Draft, Written, open_entry};
use crate::log::Kept;
use crate::{Disclosed, Refused, Vault};
use ledger::{Channel, Field, GrantKind, Kind, Purpose, subject_tag};
use registry::PersonId;
use std::future::ready;
use store::command::Effect;

/// One entry about her.
pub struct Look {
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// What kind of act.
    pub kind: Kind,
    /// By what right.
    pub grant: GrantKind,
    /// Who: a stable staff code, `self`, or a part of the platform.
    pub actor: String,
    /// For which organisation: a centre's number, or empty.
    pub organisation: String,
    /// In which role.
    pub role: String,
    /// What for.
    pub purpose: Purpose,
    /// Which fields were opened.
    pub fields: Vec<Field>,
    /// Through which door.
    pub channel: Channel,
    /// Position in the log.
    pub position: u64,
}

/// Her list, newest first; and how many entries there should be.
pub struct Looks {
    /// The newest, at most as many as asked for.
    pub looks: Vec<Look>,
    /// Her count of entries.
    pub count: u64,
}

impl Vault {
    /// The list of looks at a member of one's family. Looking at it is a look, and stands in it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else.
    pub async fn looks(&self, citizen: &Citizen, person: PersonId, most: u64) -> Result<Disclosed<Looks>, Refused> {
        let written = self.looks_at_looks(citizen, person).await?;
        let row = &written.rows[0];
        let key = self.thread(row)?.tag_key;
        let count = row.entries + 1;
        let tags: Vec<_> = (count.saturating_sub(most)..count).rev().map(|n| subject_tag(&key, n)).collect();
        let positions = self.store.read(move |store| store.log_positions(&tags)).await?;
        let look = |kept: Kept| {
            let (_, entry) = open_entry(&key, &kept.leaf, &kept.sealed)?;
            Some(Look {
                at_ms: entry.at_ms,
                kind: entry.kind,
                grant: entry.grant,
                fields: entry.fields().iter().collect(),
                actor: entry.actor,
                organisation: entry.organisation,
                role: entry.role,
                purpose: entry.purpose,
                channel: entry.channel,
                position: kept.position,
            })
        };
        let kept = self.log.entries(positions).await?;
        let looks = kept.into_iter().map(look).collect::<Option<_>>().ok_or(Refused::Unavailable)?;
        Ok(Disclosed::new(Looks { looks, count }))
    }

    /// Writes down that the list is looked at.
    pub(crate) async fn looks_at_looks(&self, citizen: &Citizen, person: PersonId) -> Result<Written, Refused> {
        let grant = citizen.grant(person)?;
        let plan = |_| {
            let draft = Draft::under(&grant, Kind::Reveal, Purpose::AccessList, Vec::new());
            ready(Ok(Act::new(vec![draft], Effect::Append)))
        };
        self.act(&citizen.actor(), &[person], plan).await
    }
}
