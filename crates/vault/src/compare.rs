//! The store held against the log: whether each knows of the other exactly what it must. Nobody is shown, and nothing opened but
//! the tag keys, which open no field.

use crate::{Refused, Vault};
use ledger::leaf::tag_of;
use ledger::subject_tag;
use store::Reader;

/// Entries that are read at once.
const ROWS: u32 = 4096;

/// What was compared, and what is not as it must be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Entries of the log.
    pub entries: u64,
    /// Those of them that the store still has, until the log's files hold them for good.
    pub staged: u64,
    /// People whose entries were counted by their tags.
    pub people: u64,
    /// Sessions whose seats were counted.
    pub sessions: u64,
    /// A sentence for everything that is wrong; it names nobody.
    pub faults: Vec<String>,
}

impl Vault {
    /// Compares the store with the log: positions without a gap, every staged entry the same as in the files, every entry found
    /// by its tag and no tag besides, everyone's count the number of her tags, taken seats those of live bookings. Nobody may
    /// serve meanwhile.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn compare_store(&self) -> Result<Comparison, Refused> {
        let (size, published) = (self.store.read(Reader::log_size).await?, self.log.published());
        let mut found = Comparison { entries: size, ..Comparison::default() };
        if published > size {
            found.faults.push(format!("the log's files have {published} entries, and the store knows of {size}"));
        }
        let mut from = 0;
        while from < size {
            let to = size.min(from + u64::from(ROWS));
            self.compare_entries(from, to, published, &mut found).await?;
            from = to;
        }
        let tags = self.store.read(Reader::tags_known).await?;
        if tags != size {
            found.faults.push(format!("{tags} tags stand for {size} entries"));
        }
        self.compare_counts(&mut found).await?;
        let (sessions, astray) = self.store.read(Reader::seats).await?;
        found.sessions = sessions;
        if astray > 0 {
            found.faults.push(format!("in {astray} sessions the taken seats are not those of live bookings"));
        }
        Ok(found)
    }

    async fn compare_entries(&self, from: u64, to: u64, published: u64, found: &mut Comparison) -> Result<(), Refused> {
        let mut staged = self.store.read(move |store| store.leaves_from(from, ROWS)).await?;
        staged.retain(|(position, _)| *position < to);
        found.staged += staged.len() as u64;
        // The log's own way to read: from the files as far as they are published, and from there on what is staged.
        let Ok(leaves) = self.log.leaves(from, to).await else {
            found.faults.push(format!("of the entries {from} to {} some are neither staged nor in a file", to - 1));
            return Ok(());
        };
        for (position, leaf) in staged.into_iter().filter(|(position, _)| *position < published) {
            let at = usize::try_from(position - from).expect("a few thousand at once");
            if leaves[at] != leaf {
                found.faults.push(format!("the staged entry {position} is not the one in the log's files"));
            }
        }
        let tags: Vec<_> = leaves.iter().map(tag_of).collect();
        let positions = self.store.read(move |store| store.log_positions(&tags)).await?;
        if !positions.into_iter().eq(from..to) {
            found.faults.push(format!("of the entries {from} to {} not each is found by its tag", to - 1));
        }
        Ok(())
    }

    async fn compare_counts(&self, found: &mut Comparison) -> Result<(), Refused> {
        let mut astray = 0;
        for (person, wrapped, entries) in self.store.read(Reader::threads).await? {
            found.people += 1;
            let Some(key) = self.secrets.unwrap_tag_key(&wrapped, person.bytes()) else {
                astray += 1;
                continue;
            };
            let tags: Vec<_> = (0..entries).map(|count| subject_tag(&key, count)).collect();
            let next = [subject_tag(&key, entries)];
            let (all, beyond) = self
                .store
                .read(move |store| {
                    Ok((store.log_positions(&tags)?.len() as u64, !store.log_positions(&next)?.is_empty()))
                })
                .await?;
            astray += u64::from(all != entries || beyond);
        }
        if astray > 0 {
            found.faults.push(format!("the counts of {astray} people are not the number of their tags"));
        }
        Ok(())
    }
}
