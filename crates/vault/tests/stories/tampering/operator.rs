//! An operator who cheats. He has the machine and the vault's keys: he puts what he likes into the log, signs whatever tree
//! he likes, changes files, and lies to whoever asks. What he has not is the key room's root and a witness's key.

use crate::world::World;
use ledger::checkpoint::Checkpoint;
use ledger::note::{Note, Signer};
use ledger::tile::{Bundle, Tile, bundle};
use ledger::tree::{Edge, Hash, Subtrees, consistency_proof, inclusion_proof, leaf_hash};
use ledger::witness::Request;
use ledger::{Channel, Entry, GrantKind, Kind, LEAF_BYTES, Opening, Purpose, TagKey, actor_tag};
use std::collections::HashMap;
use std::convert::Infallible;
use std::path::Path;
use store::command::{Command, Effect};
use store::{Reader, Staged};
use vault::Secrets;

/// Salt of every commitment of his.
pub(crate) const SALT: [u8; 32] = [4; 32];

/// A tree of his own making.
pub(crate) struct Tree {
    key: Signer,
    pub(crate) leaves: Vec<[u8; LEAF_BYTES]>,
    edge: Edge,
    subtrees: HashMap<(u32, u64), Hash>,
}

impl Subtrees for Tree {
    type Error = Infallible;
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.subtrees[&(level, index)])
    }
}

impl Tree {
    /// The tree of the first so many entries of a log that is short enough to be staged whole.
    pub(crate) async fn of(world: &World, size: u64) -> Self {
        let leaves = world.store.read(|store| store.leaves_from(0, 4096)).await.unwrap();
        assert!(leaves.first().is_some_and(|(position, _)| *position == 0), "the log outgrew what is staged");
        let mut tree = Self {
            key: Secrets::new(&crate::world::SECRET).log_key(),
            leaves: Vec::new(),
            edge: Edge::default(),
            subtrees: HashMap::new(),
        };
        for (_, leaf) in leaves.into_iter().take(usize::try_from(size).unwrap()) {
            tree.push(leaf);
        }
        tree
    }

    /// The tree as it stands in truth.
    pub(crate) async fn whole(world: &World) -> Self {
        Self::of(world, world.store.read(Reader::log_size).await.unwrap()).await
    }

    pub(crate) fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    /// Adds a leaf, and says where.
    pub(crate) fn push(&mut self, leaf: [u8; LEAF_BYTES]) -> u64 {
        let completed = self.edge.push(leaf_hash(&leaf));
        self.subtrees.extend(completed.into_iter().map(|one| ((one.level, one.index), one.hash)));
        self.leaves.push(leaf);
        self.size() - 1
    }

    pub(crate) fn checkpoint(&self) -> Note {
        let origin = self.key.verifier().name().to_owned();
        let text = Checkpoint { origin, size: self.size(), root: self.edge.root(), extensions: Vec::new() }.to_string();
        Note { signatures: vec![self.key.sign(&text, 0)], text }
    }

    /// What he asks of a witness that has seen `old` leaves: with the best proof that this tree gives.
    pub(crate) fn shown_to(&self, old: u64) -> Request {
        let proof =
            if old == 0 || old > self.size() { Ok(Vec::new()) } else { consistency_proof(self, old, self.size()) };
        let Ok(proof) = proof;
        Request { old, proof, checkpoint: self.checkpoint() }
    }

    /// Writes it over a log's files, the checkpoint excepted.
    pub(crate) fn write(&self, folder: &Path) {
        let put = |path: String, bytes: Vec<u8>| {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        for tile in Tile::added(0, self.size()) {
            let first = tile.index * 256;
            let hashes = (first..first + u64::from(tile.width)).map(|index| self.subtrees[&(8 * tile.level, index)]);
            put(tile.path(), hashes.collect::<Vec<Hash>>().concat());
        }
        for one in Bundle::added(0, self.size()) {
            let first = usize::try_from(one.index * 256).unwrap();
            put(
                one.path(),
                bundle(self.leaves[first..first + one.width as usize].iter().map(<[u8; LEAF_BYTES]>::as_slice)),
            );
        }
    }

    pub(crate) fn proven(&self, position: u64) -> keyroom::Proven {
        let Ok(inclusion) = inclusion_proof(self, position, self.size());
        keyroom::Proven { position, leaf: self.leaves[usize::try_from(position).unwrap()], inclusion }
    }
}

/// An entry of his, in his own words.
pub(crate) fn entry(at_ms: i64, kind: Kind, openings: Vec<Opening>) -> Entry {
    Entry {
        at_ms,
        request: [2; 16],
        kind,
        grant: GrantKind::None,
        evidence: [0; 16],
        actor: "log".into(),
        organisation: String::new(),
        role: "worker".into(),
        purpose: Purpose::Planning,
        openings,
        channel: Channel::Worker,
        build: "story".into(),
        statement: Vec::new(),
    }
}

/// Its leaf under a tag.
pub(crate) fn leaf(entry: &Entry, tag: [u8; 32]) -> [u8; LEAF_BYTES] {
    entry.leaf(0, tag, actor_tag(&TagKey([5; 32]), entry.actor.as_bytes()), &SALT).encode()
}

/// Puts an entry into the log behind the vault's back, and says where.
pub(crate) async fn stages(world: &World, entry: &Entry, effect: Effect) -> u64 {
    let leaf = leaf(entry, world.vault.draw());
    let staged = Staged { subject: None, leaf, sealed: world.vault.draw::<60>().to_vec(), beside: None };
    world.store.apply(Command { by: None, once: None, entries: vec![staged], effect }).await.unwrap().position
}

/// Publishes the opening of a public entry of his.
pub(crate) fn opens(world: &World, position: u64, entry: &Entry, leaf: &[u8; LEAF_BYTES]) {
    let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let opening = serde_json::json!({
        "position": position, "leaf": base64(leaf), "salt": base64(&SALT), "entry": base64(&entry.to_cbor()),
    });
    let folder = world.folder().join("log/opening");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(position.to_string()), opening.to_string()).unwrap();
}
