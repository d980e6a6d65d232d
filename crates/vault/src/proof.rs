//! Her list of looks as a file that proves itself: each row is in the log, and up to the last day that is indexed no row
//! is missing.

use crate::caller::Citizen;
use crate::gate::open_entry;
use crate::log::{Kept, read_checkpoint};
use crate::{Disclosed, Refused, Vault};
use data_encoding::BASE64;
use ledger::checkpoint::Checkpoint;
use ledger::index::{Index, IndexRoot, Span};
use ledger::leaf::{Leaf, tag_of};
use ledger::tree::Hash;
use ledger::{TagKey, subject_tag};
use registry::PersonId;
use serde::Serialize;
use std::sync::Arc;
use store::rows::PersonRow;

/// Indexes that are kept at hand.
const INDEXES: usize = 12;

/// The file. Bytes are base64; see the check that reads it for what each part proves.
#[derive(Serialize)]
pub struct LooksFile {
    format: &'static str,
    policy: String,
    checkpoint: String,
    tag_key: String,
    /// In the order of her count.
    entries: Vec<Row>,
    /// Rows that are newer than the checkpoint.
    waiting: u64,
    /// Of the days since her registration, oldest first.
    indexes: Vec<Indexed>,
}

#[derive(Serialize)]
struct Row {
    position: u64,
    leaf: String,
    salt: String,
    entry: String,
    inclusion: Vec<String>,
}

#[derive(Serialize)]
struct Indexed {
    #[serde(flatten)]
    row: Row,
    found: Found,
}

/// That the first tag of hers that comes after the index is not in it. Were it her next tag of today, a look could be hidden by
/// writing something harmless under its tag later.
#[derive(Serialize)]
struct Found {
    first: u64,
    tags: Vec<String>,
    proof: Vec<String>,
}

fn base64(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| BASE64.encode(hash)).collect()
}

impl Vault {
    /// The list of looks at a member of one's family, with its proofs. Taking it is a look, and stands in it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else, and while nothing is published.
    pub async fn looks_file(&self, citizen: &Citizen, person: PersonId) -> Result<Disclosed<LooksFile>, Refused> {
        let written = self.looks_at_looks(citizen, person).await?;
        Ok(Disclosed::new(self.looks_proven(&written.rows[0]).await?))
    }

    /// The list of someone whose row was read just before the entry that looks at it.
    pub(crate) async fn looks_proven(&self, row: &PersonRow) -> Result<LooksFile, Refused> {
        let key = self.thread(row)?.tag_key;
        let note = read_checkpoint(&self.log.files())?.ok_or(Refused::NotFound)?;
        let size = note.text.parse::<Checkpoint>().map_err(|_| Refused::Unavailable)?.size;
        let count = row.entries + 1;
        let tags: Vec<_> = (0..count).map(|n| subject_tag(&key, n)).collect();
        let positions = self.store.read(move |store| store.log_positions(&tags)).await?;
        let shown: Vec<u64> = positions.into_iter().take_while(|position| *position < size).collect();
        let waiting = count - shown.len() as u64;
        let kept = self.log.entries(shown.clone()).await?;
        let since = kept.first().and_then(|one| Leaf::decode(&one.leaf)).map_or(0, |leaf| leaf.day());
        let mut entries = Vec::with_capacity(kept.len());
        for one in kept {
            entries.push(self.proven_row(one, &key, size).await?);
        }
        let file = LooksFile {
            format: "teeka-looks/v1",
            policy: self.watch().text().to_owned(),
            checkpoint: note.to_string(),
            tag_key: BASE64.encode(&key.0),
            entries,
            waiting,
            indexes: self.indexed(since, &key, &shown, size).await?,
        };
        Ok(file)
    }

    async fn proven_row(&self, kept: Kept, key: &TagKey, size: u64) -> Result<Row, Refused> {
        let (salt, entry) = open_entry(key, &kept.leaf, &kept.sealed).ok_or(Refused::Unavailable)?;
        Ok(Row {
            position: kept.position,
            leaf: BASE64.encode(&kept.leaf),
            salt: BASE64.encode(&salt),
            entry: BASE64.encode(&entry.to_cbor()),
            inclusion: base64(&self.log.inclusion(kept.position, size).await?),
        })
    }

    /// The fewest indexes that cover the days since `since`, each with the proof that her rows, which stand at `shown`, are
    /// all that it has of her.
    async fn indexed(&self, since: u32, key: &TagKey, shown: &[u64], size: u64) -> Result<Vec<Indexed>, Refused> {
        let mut known = self.store.read(store::Reader::log_indexes).await?;
        // An index that was made just now is not published yet: the days before it are proven, this one soon.
        known.retain(|(_, position)| *position < size);
        let Some(end) = known.iter().map(|(root, _)| root.span.end_day()).max() else { return Ok(Vec::new()) };
        let mut indexed = Vec::new();
        for span in Span::covering(since, end) {
            let Some((root, position)) = known.iter().find(|(root, _)| root.span == span) else { continue };
            let after = shown.partition_point(|one| *one < root.to) as u64;
            let found = self.index(root).await?.find(&subject_tag(key, after));
            let kept = self.log.entries(vec![*position]).await?.pop().ok_or(Refused::Unavailable)?;
            let day = Leaf::decode(&kept.leaf).map_or(0, |leaf| leaf.day());
            let row = self.proven_row(kept, &self.secrets.audit_key(day.into()), size).await?;
            let found = Found { first: found.first, tags: base64(&found.tags), proof: base64(&found.proof) };
            indexed.push(Indexed { row, found });
        }
        Ok(indexed)
    }

    /// An index, whole: made from the log's leaves, and kept at hand.
    async fn index(&self, root: &IndexRoot) -> Result<Arc<Index>, Refused> {
        let at_hand = |kept: &mut Vec<(Span, Arc<Index>)>| {
            let known = kept.iter().find(|(span, _)| *span == root.span);
            known.map(|(_, index)| Arc::clone(index))
        };
        if let Some(index) = at_hand(&mut self.indexes.lock().expect("nobody panics while holding it")) {
            return Ok(index);
        }
        let tags = self.log.leaves(root.from, root.to).await?.iter().map(tag_of).collect();
        let index = tokio::task::spawn_blocking(move || Arc::new(Index::of(tags)));
        let index = index.await.map_err(|_| Refused::Unavailable)?;
        if index.head() != root.head {
            tracing::error!(first_day = root.span.first_day, "an index of the log is not what was published");
            return Err(Refused::Unavailable);
        }
        let mut kept = self.indexes.lock().expect("nobody panics while holding it");
        if kept.len() >= INDEXES {
            kept.remove(0);
        }
        kept.push((root.span, Arc::clone(&index)));
        Ok(index)
    }
}
