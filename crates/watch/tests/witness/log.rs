//! Logs as a witness meets them: honest ones, and ones that tell another history.

use ledger::checkpoint::Checkpoint;
use ledger::note::{Algorithm, Note, Signer, Verifier};
use ledger::tree::{Completed, Edge, Hash, Subtrees, consistency_proof, leaf_hash, root};
use ledger::witness::{Request, Seen};
use std::collections::HashMap;
use std::convert::Infallible;

/// The origin of every log here.
pub(crate) const ORIGIN: &str = "log.example";

/// A log that shows every tree of its history up to some size.
pub(crate) struct Log {
    key: Signer,
    subtrees: HashMap<(u32, u64), Hash>,
}

impl Subtrees for Log {
    type Error = Infallible;
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.subtrees[&(level, index)])
    }
}

impl Log {
    /// A log of `size` leaves, of which those before `fork` are the same in every history.
    pub(crate) fn new(history: u8, fork: u64, size: u64) -> Self {
        let leaf = |n: u64| leaf_hash(&[&n.to_be_bytes()[..], &[if n < fork { 0 } else { history }]].concat());
        let mut edge = Edge::default();
        let completed = (0..size).flat_map(|n| edge.push(leaf(n)));
        let subtrees = completed.map(|Completed { level, index, hash }| ((level, index), hash)).collect();
        Self { key: Signer::new(ORIGIN, Algorithm::Ed25519, &[5; 32]).unwrap(), subtrees }
    }

    pub(crate) fn verifier(&self) -> Verifier {
        self.key.verifier().clone()
    }

    pub(crate) fn seen(&self, size: u64) -> Seen {
        let Ok(root) = root(self, size);
        Seen { size, root }
    }

    /// The signed checkpoint of the tree of `size` leaves.
    pub(crate) fn checkpoint(&self, size: u64) -> Note {
        let Seen { root, .. } = self.seen(size);
        let text = Checkpoint { origin: ORIGIN.into(), size, root, extensions: Vec::new() }.to_string();
        Note { signatures: vec![self.key.sign(&text, 0)], text }
    }

    /// What it asks of a witness that it believes to be at `old`.
    pub(crate) fn asks(&self, old: u64, new: u64) -> Request {
        let proof = if old == 0 || old > new { Ok(Vec::new()) } else { consistency_proof(self, old, new) };
        let Ok(proof) = proof;
        Request { old, proof, checkpoint: self.checkpoint(new) }
    }
}
