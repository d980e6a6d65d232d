//! Checkpoints: the log goes into its files, the key room and the witnesses cosign, and what enough of them have seen is
//! published. Besides: indexes of the days that are over, and the log after a restore.

use crate::caller::Actor;
use crate::gate::{Act, Draft, open_entry};
use crate::log::{Fresh, Kept, read_checkpoint};
use crate::{Refused, Vault};
use data_encoding::BASE64;
use ledger::audit::lapsed_to_cbor;
use ledger::index::{Index, IndexRoot, Span};
use ledger::leaf::tag_of;
use ledger::note::{Note, Signature, Verifier};
use ledger::policy::{BadLine, Policy, Witness};
use ledger::restored::Restored;
use ledger::tile::WIDTH;
use ledger::witness::Request;
use ledger::{Kind, LEAF_BYTES, Leaf, Purpose, TagKey, subject_tag};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::command::{Effect, Resume};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// For how long staff and partners, and people themselves, look on while too few witnesses cosign, milliseconds.
const OTHERS_MS: i64 = 4 * HOUR_MS;
const OWN_MS: i64 = 24 * HOUR_MS;

/// Staged rows that are dropped at once.
const DROPPED: usize = 128;

/// Whom the log must have been shown to before anyone need believe it.
pub struct Watch {
    text: String,
    policy: Policy,
    outside: Vec<Witness>,
    /// How many of them must cosign.
    least: usize,
    /// So many of them have cosigned another tree that too few are left.
    is_contradicted: AtomicBool,
    /// When enough of them cosigned last, milliseconds since the epoch.
    believed_ms: AtomicI64,
}

/// How the log stands, for the operator's page and for everybody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Entries under the published checkpoint.
    pub published: u64,
    /// When enough witnesses cosigned last, milliseconds since the epoch.
    pub believed_ms: i64,
    /// Until when staff and partners, and people themselves, go on looking if no more cosign, milliseconds since the epoch;
    /// always, where no witness is asked.
    pub looks_until_ms: Option<[i64; 2]>,
}

impl Watch {
    /// The key room and `least` of these witnesses.
    ///
    /// # Errors
    /// When two of them share a key, or there are fewer than `least`.
    pub fn new(log: &Verifier, key_room: &Verifier, outside: Vec<Witness>, least: usize) -> Result<Self, BadLine> {
        let mut text = format!("log {log}\nwitness keyroom {key_room}\n");
        let names: Vec<String> = (1..=outside.len()).map(|n| format!("w{n}")).collect();
        for (name, Witness { key, url }) in names.iter().zip(&outside) {
            let url = url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
            let _ = writeln!(text, "witness {name} {key}{url}");
        }
        if least > 0 {
            let _ = writeln!(text, "group outside {least} {}", names.join(" "));
            text += "group everyone all keyroom outside\nquorum everyone\n";
        } else {
            text += "quorum keyroom\n";
        }
        let (is_contradicted, believed_ms) = (AtomicBool::new(false), AtomicI64::new(0));
        Ok(Self { policy: text.parse()?, text, outside, least, is_contradicted, believed_ms })
    }

    /// The policy, as C2SP tlog-policy writes it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the key room, which holds everybody's keys.
    #[must_use]
    pub fn key_room(&self) -> &str {
        self.policy.witnesses().map(|one| one.key.name()).find(|name| name.ends_with("/keyroom")).unwrap_or_default()
    }

    /// The witnesses besides the key room.
    #[must_use]
    pub fn outside(&self) -> &[Witness] {
        &self.outside
    }

    /// Notes how many of the witnesses outside have cosigned a tree that ours does not continue: a longer one, or another.
    /// When too few others are left, nothing that is written down here could ever be published, so nothing is taken and nobody
    /// is shown; answers whether it is so.
    pub fn contradicted_by(&self, witnesses: usize) -> bool {
        let is_over = witnesses > 0 && self.outside.len() < self.least + witnesses;
        self.is_contradicted.store(is_over, Ordering::Release);
        is_over
    }

    /// Whether too many witnesses have cosigned another tree.
    pub(crate) fn is_contradicted(&self) -> bool {
        self.is_contradicted.load(Ordering::Acquire)
    }

    fn believes(&self, note: &Note, at_ms: i64) -> bool {
        let believed = self.policy.believes(note).is_ok();
        if believed {
            self.believed_ms.fetch_max(at_ms, Ordering::AcqRel);
        }
        believed
    }

    /// When the checkpoint in the files was believed, by its witnesses' own clocks.
    fn recall(&self, note: &Note) {
        let said = self.policy.witnesses().filter_map(|one| note.vouched_by(&one.key)?.at_s).max();
        let at_ms = said.and_then(|at_s| i64::try_from(at_s * 1000).ok());
        self.believes(note, at_ms.unwrap_or(0));
    }
}

impl Vault {
    /// Whom the log is shown to.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// How the log stands.
    pub fn log_standing(&self) -> Standing {
        let believed_ms = self.watch.believed_ms.load(Ordering::Acquire);
        let looks_until_ms =
            (!self.watch.outside.is_empty()).then(|| [OTHERS_MS, OWN_MS].map(|limit_ms| believed_ms + limit_ms));
        Standing { published: self.log.published(), believed_ms, looks_until_ms }
    }

    /// Makes the log ready to be written on: after a restore the files win over the data, and counts are found again by
    /// their tags. Answers how many entries the data did not know.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn begin_log(&self) -> Result<u64, Refused> {
        match read_checkpoint(&self.log.files())? {
            Some(note) => self.watch.recall(&note),
            // Nothing was published yet: its time begins now.
            None => self.watch.believed_ms.store(self.now_ms(), Ordering::Release),
        }
        let (known, published) = (self.store.read(store::Reader::log_size).await?, self.log.published());
        self.recall_newest(known.max(published)).await?;
        let unknown = self.resume_log(known, published).await?;
        self.recall_restore(published).await?;
        self.forget_erased(known).await?;
        Ok(unknown)
    }

    /// Notes when the newest of the log's entries was written, of which there are so many.
    async fn recall_newest(&self, size: u64) -> Result<(), Refused> {
        let newest = self.log.leaves(size.saturating_sub(WIDTH), size).await?;
        newest.iter().filter_map(Leaf::decode).for_each(|leaf| self.log.saw(leaf.bucket));
        Ok(())
    }

    /// Notes where the newest entry stands that says what a restore lost, among those that are not published.
    async fn recall_restore(&self, published: u64) -> Result<(), Refused> {
        let size = self.store.read(store::Reader::log_size).await?;
        let leaves = self.log.leaves(published.min(size), size).await?;
        let is_restore =
            |leaf: &[u8; LEAF_BYTES]| Leaf::decode(leaf).and_then(|leaf| leaf.kind()) == Some(Kind::Restore);
        let newest = (published + 1..).zip(&leaves).filter(|(_, leaf)| is_restore(leaf)).map(|(ends, _)| ends).last();
        self.restored.store(newest.unwrap_or(0), Ordering::Release);
        Ok(())
    }

    async fn resume_log(&self, known: u64, published: u64) -> Result<u64, Refused> {
        if known >= published {
            return Ok(0);
        }
        let leaves = self.log.leaves(known, published).await?;
        let tags: HashMap<[u8; 32], u64> = leaves.iter().map(tag_of).zip(known..).collect();
        let mut counts = Vec::new();
        for (person, wrapped, entries) in self.store.read(store::Reader::threads).await? {
            let key: TagKey = self.secrets.unwrap_tag_key(&wrapped, person.bytes()).ok_or(Refused::Unavailable)?;
            let mut count = entries;
            while tags.contains_key(&subject_tag(&key, count)) {
                count += 1;
            }
            if count > entries {
                counts.push((person, count));
            }
        }
        let resume = Resume { next: published, tags: tags.into_iter().collect(), counts };
        let statement = Restored { lost: known..published }.to_cbor();
        let restored = Draft { statement, ..Draft::about_nobody(Kind::Restore, Purpose::Planning) };
        let actor = Actor::worker("restore", self.draw());
        self.act_alone(&actor, Act::new(Vec::new(), Effect::Resume(resume))).await?;
        self.act_alone(&actor, Act::new(vec![restored], Effect::Append)).await?;
        Ok(published - known)
    }

    /// Puts what is committed into the log's files, and has the key room cosign it. Days that are over are indexed
    /// before.
    ///
    /// # Errors
    /// [`Refused::Unavailable`]; then the next call does it.
    pub async fn fresh_checkpoint(&self) -> Result<Fresh, Refused> {
        // While files wait for their folder nothing more is written down, also by the log itself.
        if !self.log.waits_for_files() && !self.watch.is_contradicted() {
            self.index_days().await?;
            self.tell_rotation(&Actor::worker("log", self.draw())).await?;
        }
        let (fresh, _) = self.log.exchange(&self.keys, &[], self.now_ms()).await?;
        self.log.write_tiles(fresh.size, |row| self.public_opening(row)).await?;
        Ok(fresh)
    }

    /// The log as it stands, cosigned by the key room: for witnesses to say whether they know it, before anything is written.
    ///
    /// # Errors
    /// [`Refused::Unavailable`], also when the key room has seen more of the log, or another.
    pub async fn standing_checkpoint(&self) -> Result<Fresh, Refused> {
        Ok(self.log.exchange(&self.keys, &[], self.now_ms()).await?.0)
    }

    /// What a witness is asked that has cosigned `old` leaves last.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn ask_witness(&self, fresh: &Fresh, old: u64) -> Result<Request, Refused> {
        self.log.request(fresh, old).await
    }

    /// Publishes a checkpoint with the cosignatures that were had for it, if they are enough; answers whether they are.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn publish(&self, mut fresh: Fresh, cosignatures: Vec<Signature>) -> Result<bool, Refused> {
        fresh.note.signatures.extend(cosignatures);
        if !self.watch.believes(&fresh.note, self.now_ms()) {
            return Ok(false);
        }
        let (from, to) = self.log.publish(&fresh).await?;
        let worker = Actor::worker("log", self.draw());
        // A few rows at a time, so that nobody's look waits for all of them.
        for below in (from..to).step_by(DROPPED).skip(1).chain([to]) {
            self.act_alone(&worker, Act::new(Vec::new(), Effect::Tiled { below })).await?;
        }
        Ok(true)
    }

    /// Whether this node does the work that one node does for all.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.store.leads()
    }

    /// Learns what the leading node has published, for one that does not lead.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn follow_log(&self) -> Result<(), Refused> {
        if let Some(note) = self.log.follow().await? {
            self.watch.recall(&note);
        }
        Ok(())
    }

    /// A log that nobody outside has seen for long is not read from: her own reads wait a day, all others four hours.
    pub(crate) fn check_watched(&self, role: &str) -> Result<(), Refused> {
        if self.watch.is_contradicted() {
            return Err(Refused::Unavailable);
        }
        let limit_ms = if matches!(role, "citizen" | "none") { OWN_MS } else { OTHERS_MS };
        let unseen_ms = self.now_ms() - self.watch.believed_ms.load(Ordering::Acquire);
        if self.watch.outside.is_empty() || unseen_ms <= limit_ms {
            return Ok(());
        }
        tracing::debug!(unseen_ms, role, "too few witnesses have seen the log for too long");
        Err(Refused::Unavailable)
    }

    /// The opening of an entry whose kind is public, as a file of the log.
    fn public_opening(&self, row: &Kept) -> Option<(String, Vec<u8>)> {
        let leaf = Leaf::decode(&row.leaf).filter(|leaf| leaf.kind().is_some_and(Kind::is_public))?;
        let (salt, entry) = open_entry(&self.secrets.audit_key(leaf.day().into()), &row.leaf, &row.sealed)?;
        let opening = serde_json::json!({
            "position": row.position,
            "leaf": BASE64.encode(&row.leaf),
            "salt": BASE64.encode(&salt),
            "entry": BASE64.encode(&entry.to_cbor()),
        });
        Some((format!("opening/{}", row.position), opening.to_string().into_bytes()))
    }

    /// Writes the roots of the indexes of all days that are over and have none.
    async fn index_days(&self) -> Result<(), Refused> {
        let today = u32::try_from(self.now_ms() / DAY_MS).unwrap_or(0);
        if self.indexed_day.load(Ordering::Acquire) == i64::from(today) {
            return Ok(());
        }
        let known = self.store.read(store::Reader::log_indexes).await?;
        let mut known: Vec<IndexRoot> = known.into_iter().map(|(root, _)| root).collect();
        let size = self.store.read(store::Reader::log_size).await?;
        let Some(first_day) = self.first_day().await? else { return Ok(()) };
        let last = known.iter().rfind(|root| root.span.log2_days == 0).copied();
        let (mut day, mut from) = last.map_or((first_day, 0), |root| (root.span.end_day(), root.to));
        while day < today {
            let mut roots: Vec<IndexRoot> = Vec::new();
            for span in Span::ended_before(day + 1) {
                let begins = |root: &&IndexRoot| (root.span.first_day, root.span.log2_days) == (span.first_day, 0);
                let older = known.iter().find(begins).map_or(0, |root| root.from);
                let from = if span.log2_days == 0 { from } else { older };
                let tags = self.log.leaves(from, size).await?.iter().map(tag_of).collect();
                let index = tokio::task::spawn_blocking(move || Index::of(tags).head());
                let head = index.await.map_err(|_| Refused::Unavailable)?;
                roots.push(IndexRoot { span, from, to: size, head });
            }
            let draft = |root: &IndexRoot| Draft {
                statement: root.to_cbor(),
                ..Draft::about_nobody(Kind::IndexRoot, Purpose::Planning)
            };
            let mut drafts: Vec<Draft> = roots.iter().map(draft).collect();
            drafts.extend(self.lapsed(&known, day).await?);
            let act = Act::new(drafts, Effect::Indexed(roots.clone()));
            self.act_alone(&Actor::worker("log", self.draw()), act).await?;
            known.extend(roots);
            // What came since the last index was of the first day that had none; the others were quiet.
            (day, from) = (day + 1, size);
        }
        let statement = self.keys.counters(self.now_ms()).await?.to_string().into_bytes();
        let counted = Draft { statement, ..Draft::about_nobody(Kind::Config, Purpose::Planning) };
        self.act_alone(&Actor::worker("log", self.draw()), Act::new(vec![counted], Effect::Append)).await?;
        self.indexed_day.store(i64::from(today), Ordering::Release);
        Ok(())
    }

    /// The keys that the day before this one asked and nobody fetched: nothing of that day can be fetched any more.
    async fn lapsed(&self, known: &[IndexRoot], day: u32) -> Result<Option<Draft>, Refused> {
        let before = |root: &&IndexRoot| root.span.log2_days == 0 && root.span.end_day() == day;
        let Some(IndexRoot { from, to, .. }) = known.iter().find(before).copied() else { return Ok(None) };
        let mut lapsed: BTreeMap<u64, u16> = BTreeMap::new();
        for (position, leaf) in (from..).zip(self.log.leaves(from, to).await?) {
            lapsed.insert(position, Leaf::decode(&leaf).map_or(0, |leaf| leaf.keys_asked));
        }
        for (position, keys) in self.keys.released_between(from, to).await? {
            lapsed.entry(position).and_modify(|asked| *asked = asked.saturating_sub(keys));
        }
        let lapsed: Vec<(u64, u16)> = lapsed.into_iter().filter(|(_, keys)| *keys > 0).collect();
        if lapsed.is_empty() {
            return Ok(None);
        }
        let statement = lapsed_to_cbor(&lapsed);
        Ok(Some(Draft { statement, ..Draft::about_nobody(Kind::Lapsed, Purpose::Planning) }))
    }

    /// Writes down that all keys lie under another root, when the key room says so.
    async fn tell_rotation(&self, actor: &Actor) -> Result<(), Refused> {
        let Some(note) = self.keys.rotated(self.now_ms()).await? else { return Ok(()) };
        let statement = note.into_bytes();
        let rotated = Draft { statement, ..Draft::about_nobody(Kind::KeyRotate, Purpose::Planning) };
        self.act_alone(actor, Act::new(vec![rotated], Effect::Append)).await?;
        Ok(self.keys.rotation_told().await?)
    }

    /// The day of the log's first entry.
    async fn first_day(&self) -> Result<Option<u32>, Refused> {
        if self.store.read(store::Reader::log_size).await? == 0 {
            return Ok(None);
        }
        let first = self.log.leaves(0, 1).await?;
        first.first().and_then(Leaf::decode).map(|leaf| Some(leaf.day())).ok_or(Refused::Unavailable)
    }
}
