//! A proof that can be carried away, as C2SP tlog-proof writes it: one leaf's place in a signed tree, checked offline.

use crate::checkpoint::Checkpoint;
use crate::note::{Malformed, Note};
use crate::tree::{Hash, Unproven, check_inclusion};
use data_encoding::BASE64;
use std::fmt;
use std::str::FromStr;

const HEAD: &str = "c2sp.org/tlog-proof@v1";

/// That a leaf is in a log, with everything that is needed to check it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Bytes of the application's own, which no signature covers.
    pub extra: Option<Vec<u8>>,
    /// The leaf's number.
    pub index: u64,
    /// The inclusion proof, lowest hash first.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl Proof {
    /// Whether the leaf of this hash is where the proof says. Who signed the checkpoint is for a
    /// [`Policy`](crate::policy::Policy) to say.
    ///
    /// # Errors
    /// [`Unproven`], also when the note is no checkpoint.
    pub fn check(&self, leaf: &Hash) -> Result<Checkpoint, Unproven> {
        let checkpoint: Checkpoint = self.checkpoint.text.parse().map_err(|_| Unproven)?;
        check_inclusion(self.index, checkpoint.size, leaf, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{HEAD}")?;
        if let Some(extra) = &self.extra {
            writeln!(out, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(out, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(out, "{}", BASE64.encode(hash)))?;
        write!(out, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let read = || {
            let (head, checkpoint) = text.split_once("\n\n")?;
            let mut lines = head.split('\n').peekable();
            lines.next().filter(|line| *line == HEAD)?;
            let extra = lines.next_if(|line| line.starts_with("extra ")).and_then(|line| line.strip_prefix("extra "));
            let extra = extra.map(|extra| BASE64.decode(extra.as_bytes())).transpose().ok()?;
            let digits = lines.next()?.strip_prefix("index ")?;
            let index: u64 = digits.parse().ok()?;
            let hash = |line: &str| BASE64.decode(line.as_bytes()).ok()?.try_into().ok();
            let hashes = lines.map(hash).collect::<Option<Vec<Hash>>>()?;
            let is_plain = index.to_string() == digits && hashes.len() < 64;
            is_plain.then_some(Self { extra, index, hashes, checkpoint: checkpoint.parse().ok()? })
        };
        read().ok_or(Malformed("transparency log proof"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{Algorithm, Signer};
    use crate::tree::{leaf_hash, node_hash};

    #[test]
    fn a_proof_is_carried_as_text_and_checked_from_it() {
        let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
        let root = node_hash(&left, &right);
        let text = Checkpoint { origin: "log.example".into(), size: 2, root, extensions: Vec::new() }.to_string();
        let log = Signer::new("log.example", Algorithm::Ed25519, &[3; 32]).unwrap();
        let checkpoint = Note { signatures: vec![log.sign(&text, 0)], text };
        let proof = Proof { extra: Some(b"salt".to_vec()), index: 1, hashes: vec![left], checkpoint };
        let read: Proof = proof.to_string().parse().unwrap();
        assert_eq!(read, proof);
        assert_eq!(read.check(&right).unwrap().size, 2);
        assert_eq!(read.check(&left), Err(Unproven));
        let plain = Proof { extra: None, ..proof };
        assert_eq!(plain.to_string().parse::<Proof>().unwrap(), plain);
        for bad in [
            plain.to_string().replace("proof@v1", "proof@v2"),
            plain.to_string().replace("index 1", "index 01"),
            plain.to_string().replacen('\n', "\nextra\n", 1),
            plain.to_string().replace("\n\n", "\n"),
        ] {
            assert!(bad.parse::<Proof>().is_err(), "{bad}");
        }
    }
}
