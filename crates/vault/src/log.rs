//! The log as a tree: entries that are committed become leaves, in their order; the tree becomes signed checkpoints and
//! plain files.
//!
//! The tree is a function of the positions alone. Whoever needs it grown grows it from the committed rows, so it can be
//! grown anew after any crash, and by several at once, and is the same.

mod writing;

use crate::Refused;
use crate::exchange::{Entered, Errand, Rest};
use keyroom::{ByOrder, Ground, Keys, Proven, Receipt, Released, Stated};
use ledger::checkpoint::Checkpoint;
use ledger::note::{Note, Signer, Verifier};
use ledger::tile::{Bundle, HEIGHT, Tile, WIDTH, bundle, unbundle};
use ledger::tree::{Edge, Hash, Subtrees, consistency_proof, inclusion_proof, leaf_hash, node_hash};
use ledger::witness::{self, Request};
use ledger::{LEAF_BYTES, Leaf};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use store::rows::LogRow;
use store::{LogFiles, Store, StoreError};
use tokio::sync::Mutex;
use writing::Writing;

/// Where the newest checkpoint lies.
pub(crate) const CHECKPOINT: &str = "checkpoint";

/// Hashes of each level that are kept at hand, counted from the right edge; older ones are read from tiles.
const AT_HAND: u64 = 4096;

/// Tiles that are kept at hand when they were read: 16 kB each.
const READ: usize = 2048;

/// How often an exchange is tried again when another node was faster.
const TURNS: usize = 16;

/// Rows that are read at once.
const ROWS: u32 = 4096;

/// The log of one shard.
pub struct Log {
    store: Store,
    writing: Writing,
    key: Arc<Signer>,
    tree: Mutex<Tree>,
    /// Leaves under the published checkpoint, as far as is known: another node may have published more.
    published: AtomicU64,
    /// The bucket of time of the newest leaf that was seen.
    newest: AtomicU32,
}

/// The tree as far as it was grown.
pub(crate) struct Tree {
    files: Arc<LogFiles>,
    edge: Edge,
    at_hand: HashMap<(u32, u64), Hash>,
    /// Tiles that were read last.
    read: std::sync::Mutex<HashMap<(u32, u64), Rows>>,
    /// Leaves that the files have; no fewer than were published.
    written: u64,
    /// Leaves that the key room has cosigned, as far as is known.
    cosigned: u64,
}

/// An entry as the log keeps it.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) position: u64,
    pub(crate) leaf: [u8; LEAF_BYTES],
    pub(crate) sealed: Vec<u8>,
}

/// A checkpoint whose tiles are written, and which the key room has cosigned: to be shown to the witnesses.
pub struct Fresh {
    /// The checkpoint, with the signatures it has.
    pub note: Note,
    /// Leaves under it.
    pub size: u64,
}

impl Log {
    /// The log in these files, signed by `key`, whose name is the log's origin.
    ///
    /// # Errors
    /// When the files contradict their own checkpoint.
    pub fn open(store: Store, files: LogFiles, key: Signer) -> Result<Self, StoreError> {
        let files = Arc::new(files);
        let tree = Tree::of(&files, &key)?;
        let published = AtomicU64::new(tree.size());
        Ok(Self {
            store,
            writing: Writing::new(files),
            key: Arc::new(key),
            tree: Mutex::new(tree),
            published,
            newest: AtomicU32::new(0),
        })
    }

    /// Grows the tree by every entry that is committed, has the key room take its checkpoint, and exchanges what is
    /// shown under it. Answers the cosigned checkpoint, and each errand in its order.
    pub(crate) async fn exchange(
        &self,
        keys: &Keys,
        errands: &[Arc<Errand>],
        now_ms: i64,
    ) -> Result<(Fresh, Vec<Result<Released, keyroom::Refused>>), Refused> {
        let mut tree = self.tree.lock().await;
        for _ in 0..TURNS {
            self.grow_to(&mut tree, errands).await?;
            let mut note = self.checkpoint(&tree);
            let request = Request {
                old: tree.cosigned,
                proof: tree.consistency(tree.cosigned, tree.size())?,
                checkpoint: note.clone(),
            };
            // One that cannot be shown fails nobody beside it.
            let shown: Vec<Option<Receipt>> = errands.iter().map(|one| Self::receipt(&tree, one).ok()).collect();
            let is_shown: Vec<bool> = shown.iter().map(Option::is_some).collect();
            match keys.exchange(request, shown.into_iter().flatten().collect(), now_ms).await {
                Ok((cosignature, released)) => {
                    tree.cosigned = tree.size();
                    note.signatures.push(cosignature);
                    let mut released = released.into_iter();
                    let answer = |is_shown: bool| {
                        let answer = if is_shown { released.next() } else { None };
                        answer.unwrap_or(Err(keyroom::Refused::NotIncluded))
                    };
                    let answers = is_shown.into_iter().map(answer).collect();
                    return Ok((Fresh { note, size: tree.size() }, answers));
                }
                // Another node was there, or this one has just begun.
                Err(keyroom::Refused::Unbelieved(witness::Refused::Conflict { size })) if size != tree.cosigned => {
                    tree.cosigned = size;
                }
                Err(refused) => return Err(refused.into()),
            }
        }
        Err(Refused::Unavailable)
    }

    /// Grows the tree until it has what is to be shown, and what the key room has seen of another node: by what was committed a
    /// moment ago, if that is enough.
    async fn grow_to(&self, tree: &mut Tree, errands: &[Arc<Errand>]) -> Result<(), Refused> {
        for leaf in self.store.recent_leaves(tree.size()) {
            tree.push(&leaf);
        }
        let shown = errands.iter().map(|errand| errand.entered.position).max();
        let is_enough = tree.cosigned <= tree.size() && shown.is_some_and(|last| last < tree.size());
        if is_enough { Ok(()) } else { self.grow(tree).await }
    }

    async fn grow(&self, tree: &mut Tree) -> Result<(), Refused> {
        loop {
            let from = tree.size();
            let leaves = self.store.read(move |store| store.leaves_from(from, ROWS)).await?;
            if leaves.first().is_some_and(|(position, _)| *position > from) {
                // Another node has put them into the files meanwhile.
                *tree = Tree { cosigned: tree.cosigned, ..Tree::of(self.writing.files(), &self.key)? };
                self.published.fetch_max(tree.size(), Ordering::AcqRel);
                if tree.size() <= from {
                    return Err(broken("the log has a gap").into());
                }
                continue;
            }
            for (_, leaf) in &leaves {
                tree.push(leaf);
                self.saw(Leaf::decode(leaf).map_or(0, |leaf| leaf.bucket));
            }
            if leaves.len() < ROWS as usize {
                return Ok(());
            }
        }
    }

    fn checkpoint(&self, tree: &Tree) -> Note {
        let origin = self.key.verifier().name().to_owned();
        let text = Checkpoint { origin, size: tree.size(), root: tree.edge.root(), extensions: Vec::new() }.to_string();
        Note { signatures: vec![self.key.sign(&text, 0)], text }
    }

    fn receipt(tree: &Tree, errand: &Errand) -> Result<Receipt, Refused> {
        let mut leaves = Vec::with_capacity(errand.before.len() + 1);
        for Kept { position, leaf, .. } in &errand.before {
            leaves.push(tree.proven(*position, *leaf)?);
        }
        let Entered { position, leaf, salt, entry, .. } = &errand.entered;
        leaves.push(tree.proven(*position, *leaf)?);
        let shown = |rest: &Rest| {
            let leaf = tree.proven(rest.kept.position, rest.kept.leaf)?;
            Ok::<_, Refused>(Ground { count: rest.count, leaf, salt: rest.salt, entry: rest.entry.clone() })
        };
        let ground = errand.ground.as_deref().map(shown).transpose()?;
        let by_order = match errand.by_order.as_deref() {
            Some((confirmed, public)) => {
                let Ground { leaf, salt, entry, .. } = shown(public)?;
                Some(Box::new(ByOrder { confirmed: shown(confirmed)?, stated: Stated { leaf, salt, entry } }))
            }
            None => None,
        };
        let subject = errand.entered.counted().map(|(person, count)| (*person.bytes(), count));
        let (salt, entry, wanted) = (*salt, entry.to_cbor(), errand.wanted.clone());
        Ok(Receipt { salt, entry, subject, leaves, ground, by_order, wanted })
    }

    /// The entries at these positions, in their order: from the rows that are staged, the rest from the files.
    pub(crate) async fn entries(&self, positions: Vec<u64>) -> Result<Vec<Kept>, Refused> {
        let (Some(first), Some(last)) = (positions.iter().min(), positions.iter().max()) else { return Ok(Vec::new()) };
        let (first, many) = (*first, last - first + 1);
        let wanted = positions.clone();
        let staged = self.store.read(move |store| match u32::try_from(many).ok().filter(|many| *many <= ROWS) {
            Some(many) => store.log_from(first, many),
            None => Ok(wanted
                .iter()
                .map(|at| store.log_row(*at))
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
                .collect()),
        });
        let staged: HashMap<u64, LogRow> = staged.await?.into_iter().map(|row| (row.position, row)).collect();
        let is_filed = |position: &u64| *position >= self.published() && !staged.contains_key(position);
        if positions.iter().any(is_filed) {
            self.catch_up()?;
        }
        let (published, mut bundles) = (self.published(), HashMap::new());
        let mut entries = Vec::with_capacity(positions.len());
        for position in positions {
            entries.push(match staged.get(&position) {
                Some(row) => Kept { position, leaf: row.leaf, sealed: row.sealed.clone() },
                None => self.filed(Bundle::holding(position, published), position, &mut bundles)?,
            });
        }
        Ok(entries)
    }

    /// An entry that the files have. Bundles that were read already are at hand.
    fn filed(&self, bundle: Bundle, position: u64, bundles: &mut HashMap<String, Vec<u8>>) -> Result<Kept, StoreError> {
        let within = usize::try_from(position % WIDTH).expect("below 256");
        let full = Bundle { width: 256, ..bundle };
        let mut read = |path: String, full: String| {
            if !bundles.contains_key(&path) {
                bundles.insert(path.clone(), read_either(self.writing.files(), &path, &full)?);
            }
            let entry = unbundle(&bundles[&path]).and_then(|entries| entries.get(within).map(|entry| entry.to_vec()));
            entry.ok_or_else(|| broken("a bundle of the log is cut short"))
        };
        let leaf =
            read(bundle.path(), full.path())?.try_into().map_err(|_| broken("a leaf of the log has another length"))?;
        Ok(Kept { position, leaf, sealed: read(sealed_path(bundle), sealed_path(full))? })
    }

    /// The leaves from one position to another.
    pub(crate) async fn leaves(&self, from: u64, to: u64) -> Result<Vec<[u8; LEAF_BYTES]>, Refused> {
        let mut leaves = Vec::new();
        let published = self.published();
        for index in from / WIDTH..to.min(published).div_ceil(WIDTH) {
            let bundle = Bundle::holding(index * WIDTH, published);
            let bytes = read_either(self.writing.files(), &bundle.path(), &Bundle { width: 256, ..bundle }.path())?;
            let bundle = unbundle(&bytes).ok_or_else(|| broken("a bundle of the log is cut short"))?;
            let within = (index * WIDTH..).zip(bundle).filter(|(at, _)| (from..to).contains(at));
            for (_, leaf) in within {
                leaves.push(leaf.try_into().map_err(|_| broken("a leaf of the log has another length"))?);
            }
        }
        let mut next = from.max(published);
        while next < to {
            let rows = self.store.read(move |store| store.leaves_from(next, ROWS)).await?;
            let (first, last) = (rows.first().map(|row| row.0), rows.last().map(|row| row.0));
            if first != Some(next) {
                self.catch_up()?;
                if self.published() <= next {
                    return Err(broken("staged entries of the log are missing").into());
                }
                leaves.extend(Box::pin(self.leaves(next, to)).await?);
                return Ok(leaves);
            }
            leaves.extend(rows.into_iter().filter(|(at, _)| *at < to).map(|(_, leaf)| leaf));
            next = last.map_or(to, |last| last + 1);
        }
        Ok(leaves)
    }

    /// Writes the tiles and bundles of a tree of `size` leaves that the files have not, and what of them is open to all.
    pub(crate) async fn write_tiles(
        &self,
        size: u64,
        opened: impl Fn(&Kept) -> Option<(String, Vec<u8>)>,
    ) -> Result<(), Refused> {
        let (before, mut files) = {
            let tree = self.tree.lock().await;
            (tree.written, tree.tiles(size)?)
        };
        for one in Bundle::added(before, size) {
            let first = one.index * WIDTH;
            let entries = self.entries((first..first + u64::from(one.width)).collect()).await?;
            files.push((one.path(), bundle(entries.iter().map(|entry| entry.leaf.as_slice()))));
            files.push((sealed_path(one), bundle(entries.iter().map(|entry| entry.sealed.as_slice()))));
            files.extend(entries.iter().filter(|entry| entry.position >= before).filter_map(&opened));
        }
        self.writing.write(files).await?;
        self.tree.lock().await.written = size;
        Ok(())
    }

    /// What a witness is asked that has cosigned `old` leaves last.
    pub(crate) async fn request(&self, fresh: &Fresh, old: u64) -> Result<Request, Refused> {
        let proof = self.tree.lock().await.consistency(old, fresh.size)?;
        Ok(Request { old, proof, checkpoint: fresh.note.clone() })
    }

    /// Publishes a checkpoint whose tiles are written; answers from which position on and below which one entries need not
    /// be staged any more.
    pub(crate) async fn publish(&self, fresh: &Fresh) -> Result<(u64, u64), Refused> {
        let (key, size) = (Arc::clone(&self.key), fresh.size);
        // Another node may lead by now, and have published more.
        let is_no_longer = move |known: &[u8]| {
            let known = note_of(known).and_then(|note| checkpoint_of(&note, &key));
            !known.is_ok_and(|known| known.size > size)
        };
        self.writing.publish(fresh.note.to_string(), is_no_longer).await?;
        self.tree.lock().await.forget();
        let before = self.published.fetch_max(fresh.size, Ordering::AcqRel).min(fresh.size);
        for tile in Tile::added(before, fresh.size).iter().filter(|tile| u64::from(tile.width) == WIDTH) {
            self.writing.files().remove_partials(&tile.path())?;
        }
        for one in Bundle::added(before, fresh.size).iter().filter(|one| u64::from(one.width) == WIDTH) {
            self.writing.files().remove_partials(&one.path())?;
            self.writing.files().remove_partials(&sealed_path(*one))?;
        }
        Ok((before / WIDTH * WIDTH, fresh.size / WIDTH * WIDTH))
    }

    /// Learns what another node has published; answers the checkpoint.
    pub(crate) async fn follow(&self) -> Result<Option<Note>, Refused> {
        let note = self.catch_up()?;
        let mut tree = self.tree.lock().await;
        tree.written = tree.written.max(self.published());
        tree.forget();
        Ok(note)
    }

    fn catch_up(&self) -> Result<Option<Note>, StoreError> {
        let note = read_checkpoint(self.writing.files())?;
        if let Some(note) = &note {
            self.published.fetch_max(checkpoint_of(note, &self.key)?.size, Ordering::AcqRel);
        }
        Ok(note)
    }

    /// Whether so many leaves are published, by whatever node.
    pub(crate) fn has_published(&self, size: u64) -> Result<bool, StoreError> {
        if size > self.published() {
            self.catch_up()?;
        }
        Ok(size <= self.published())
    }

    /// Notes that an entry of this bucket of time stands in the log.
    pub(crate) fn saw(&self, bucket: u32) {
        self.newest.fetch_max(bucket, Ordering::AcqRel);
    }

    /// The bucket of time of the newest entry that was seen, of whatever node.
    pub(crate) fn newest_bucket(&self) -> u32 {
        self.newest.load(Ordering::Acquire)
    }

    /// The proof that a leaf is in the tree of so many leaves, which is published.
    pub(crate) async fn inclusion(&self, position: u64, size: u64) -> Result<Vec<Hash>, Refused> {
        let mut tree = self.tree.lock().await;
        if tree.size() < size {
            self.grow(&mut tree).await?;
        }
        tree.inclusion(position, size)
    }

    /// Leaves under the published checkpoint.
    pub(crate) fn published(&self) -> u64 {
        self.published.load(Ordering::Acquire)
    }

    /// Whether what is committed now can be published. If not, nothing is to be written down, and nobody shown.
    pub(crate) async fn takes_files(&self, now_ms: i64) -> bool {
        self.writing.takes_files(now_ms).await
    }

    /// Whether files of the log could not be written, and wait.
    pub(crate) fn waits_for_files(&self) -> bool {
        self.writing.has_failed()
    }

    pub(crate) fn files(&self) -> Arc<LogFiles> {
        Arc::clone(self.writing.files())
    }

    /// The key that its checkpoints are checked with.
    pub fn key(&self) -> &Verifier {
        self.key.verifier()
    }
}

impl Tree {
    /// The tree of the published checkpoint.
    fn of(files: &Arc<LogFiles>, key: &Signer) -> Result<Self, StoreError> {
        let note = read_checkpoint(files)?;
        let published = note.map(|note| checkpoint_of(&note, key)).transpose()?;
        let size = published.as_ref().map_or(0, |checkpoint| checkpoint.size);
        let mut tree = Self {
            files: Arc::clone(files),
            edge: Edge::default(),
            at_hand: HashMap::new(),
            written: size,
            read: std::sync::Mutex::default(),
            cosigned: 0,
        };
        tree.edge = Edge::of(&tree, size)?;
        match published {
            Some(checkpoint) if checkpoint.root != tree.edge.root() => {
                Err(broken("the tiles of the log do not lead to its checkpoint"))
            }
            _ => Ok(tree),
        }
    }

    /// Leaves in it.
    fn size(&self) -> u64 {
        self.edge.size()
    }

    fn proven(&self, position: u64, leaf: [u8; LEAF_BYTES]) -> Result<Proven, Refused> {
        Ok(Proven { position, leaf, inclusion: self.inclusion(position, self.size())? })
    }

    fn inclusion(&self, position: u64, size: u64) -> Result<Vec<Hash>, Refused> {
        if position >= size || size > self.size() {
            return Err(broken("an entry of the log is ahead of its tree").into());
        }
        Ok(inclusion_proof(self, position, size)?)
    }

    /// The proof that the tree of `old` leaves is the beginning of that of `new`; from nothing on, none is needed.
    fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, Refused> {
        Ok(if old == 0 || old > new { Vec::new() } else { consistency_proof(self, old, new)? })
    }

    fn push(&mut self, leaf: &[u8; LEAF_BYTES]) {
        let completed = self.edge.push(leaf_hash(leaf));
        self.at_hand.extend(completed.into_iter().map(|one| ((one.level, one.index), one.hash)));
    }

    /// The tiles of a tree of `size` leaves that the files have not.
    fn tiles(&self, size: u64) -> Result<Vec<(String, Vec<u8>)>, Refused> {
        let bytes = |tile: Tile| {
            let first = tile.index * WIDTH;
            let hashes = (first..first + u64::from(tile.width)).map(|at| self.subtree(HEIGHT * tile.level, at));
            Ok((tile.path(), hashes.collect::<Result<Vec<_>, StoreError>>()?.concat()))
        };
        Tile::added(self.written, size).into_iter().map(bytes).collect()
    }

    /// Keeps at hand what stands near the right edge, and what no file has.
    fn forget(&mut self) {
        let (size, written) = (self.edge.size(), self.written);
        self.at_hand.retain(|(level, index), _| index + AT_HAND >= size >> level || (index + 1) << level > written);
    }
}

impl Subtrees for Tree {
    type Error = StoreError;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, StoreError> {
        if let Some(hash) = self.at_hand.get(&(level, index)) {
            return Ok(*hash);
        }
        let tile = Tile::holding(level, index, self.written);
        let within = (level - HEIGHT * tile.level) as usize;
        let first = (tile.index * WIDTH) >> within;
        let at = usize::try_from(index - first).expect("within a tile");
        let of = |rows: &Rows| rows.get(within).and_then(|row| row.get(at)).copied();
        // What a tile has it keeps while it grows: one that was read when it was narrower is good for what it had then.
        let kept =
            self.read.lock().expect("nobody panics while holding it").get(&(tile.level, tile.index)).and_then(of);
        match kept {
            Some(hash) => Ok(hash),
            None => of(&self.read_tile(tile)?).ok_or_else(|| broken("a tile of the log is cut short")),
        }
    }
}

/// A tile with the subtrees above its hashes, row by row.
type Rows = Arc<Vec<Vec<Hash>>>;

impl Tree {
    /// A tile of the files, which is kept at hand.
    fn read_tile(&self, tile: Tile) -> Result<Rows, StoreError> {
        let bytes = read_either(&self.files, &tile.path(), &Tile { width: 256, ..tile }.path())?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(broken("a tile of the log is cut short"));
        }
        let mut rows = vec![hashes.to_vec()];
        while let Some(row) = rows.last().filter(|row| row.len() > 1) {
            rows.push(row.as_chunks().0.iter().map(|[left, right]| node_hash(left, right)).collect());
        }
        let rows = Arc::new(rows);
        let mut read = self.read.lock().expect("nobody panics while holding it");
        if read.len() >= READ {
            read.clear();
        }
        read.insert((tile.level, tile.index), Arc::clone(&rows));
        Ok(rows)
    }
}

/// A partial file of the log, or the full one that took its place.
fn read_either(files: &LogFiles, partial: &str, full: &str) -> Result<Vec<u8>, StoreError> {
    match files.read(partial)? {
        Some(bytes) => Ok(bytes),
        None => files.read(full)?.ok_or_else(|| broken("a file of the log is missing")),
    }
}

/// The sealed entries of a bundle lie apart: the leaves are for auditors, these for their subjects.
pub(crate) fn sealed_path(bundle: Bundle) -> String {
    bundle.path().replacen("tile/entries", "sealed", 1)
}

/// The checkpoint that was published last.
pub(crate) fn read_checkpoint(files: &LogFiles) -> Result<Option<Note>, StoreError> {
    files.read(CHECKPOINT)?.as_deref().map(note_of).transpose()
}

fn note_of(bytes: &[u8]) -> Result<Note, StoreError> {
    let note = std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok());
    note.ok_or_else(|| broken("the checkpoint of the log is not a note"))
}

fn checkpoint_of(note: &Note, key: &Signer) -> Result<Checkpoint, StoreError> {
    let ours = note.vouched_by(key.verifier()).and_then(|_| note.text.parse::<Checkpoint>().ok());
    ours.filter(|one| one.origin == key.verifier().name())
        .ok_or_else(|| broken("the checkpoint of the log is not signed by its key"))
}

fn broken(what: &str) -> StoreError {
    StoreError::because(what)
}
