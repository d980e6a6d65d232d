//! What a witness may cosign, as C2SP tlog-witness says it: a tree that only grows.

use crate::checkpoint::Checkpoint;
use crate::note::{Malformed, Note, Verifier};
use crate::tree::{Hash, check_consistency};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a log asks of a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The size that the log believes the witness has cosigned last.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// The new checkpoint, signed by the log.
    pub checkpoint: Note,
}

impl fmt::Display for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(out, "{}", BASE64.encode(hash)))?;
        write!(out, "\n{}", self.checkpoint)
    }
}

impl FromStr for Request {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let read = || {
            let (head, checkpoint) = text.split_once("\n\n")?;
            let mut lines = head.split('\n');
            let digits = lines.next()?.strip_prefix("old ")?;
            let old: u64 = digits.parse().ok()?;
            let hash = |line: &str| BASE64.decode(line.as_bytes()).ok()?.try_into().ok();
            let proof = lines.map(hash).collect::<Option<Vec<Hash>>>()?;
            let is_plain = old.to_string() == digits && proof.len() < 64;
            is_plain.then_some(Self { old, proof, checkpoint: checkpoint.parse().ok()? })
        };
        read().ok_or(Malformed("request to a witness"))
    }
}

/// What a witness remembers of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Leaves in the tree that it cosigned last.
    pub size: u64,
    /// Root of that tree.
    pub root: Hash,
}

/// Why a witness does not cosign; each with the HTTP status of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refused {
    /// 400: the request is not one, or its old size is greater than its new one.
    #[error("the request is malformed")]
    Malformed,
    /// 404: the witness does not know this log.
    #[error("this log is not known here")]
    UnknownLog,
    /// 403: the log's own signature is not on it.
    #[error("the log did not sign it")]
    NotSigned,
    /// 409: the witness has cosigned another size last.
    #[error("the last tree cosigned here has {size} leaves")]
    Conflict {
        /// That size, which the answer tells.
        size: u64,
    },
    /// 422: the proof does not hold, or the same size has another root.
    #[error("the new tree does not continue the old one")]
    Inconsistent,
}

impl Refused {
    /// The HTTP status of the protocol.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::NotSigned => 403,
            Self::UnknownLog => 404,
            Self::Conflict { .. } => 409,
            Self::Inconsistent => 422,
        }
    }
}

/// Whether a request may be cosigned by a witness that knows this key of the log and has seen so much of it. What it
/// answers is to be remembered, durably and against what was seen, before the cosignature goes out.
///
/// # Errors
/// [`Refused`].
pub fn consider(request: &Request, log: &Verifier, seen: Option<Seen>) -> Result<Seen, Refused> {
    let checkpoint: Checkpoint = request.checkpoint.text.parse().map_err(|_| Refused::Malformed)?;
    if checkpoint.origin != log.name() {
        return Err(Refused::UnknownLog);
    }
    request.checkpoint.vouched_by(log).ok_or(Refused::NotSigned)?;
    if request.old > checkpoint.size {
        return Err(Refused::Malformed);
    }
    let seen = seen.unwrap_or(Seen { size: 0, root: crate::tree::empty_root() });
    if request.old != seen.size {
        return Err(Refused::Conflict { size: seen.size });
    }
    if seen.size == checkpoint.size && seen.root != checkpoint.root {
        return Err(Refused::Inconsistent);
    }
    match seen.size {
        // Everything continues nothing, and needs no proof of it.
        0 if request.proof.is_empty() => {}
        0 => return Err(Refused::Inconsistent),
        size => check_consistency(size, checkpoint.size, &seen.root, &checkpoint.root, &request.proof)
            .map_err(|_| Refused::Inconsistent)?,
    }
    Ok(Seen { size: checkpoint.size, root: checkpoint.root })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{Algorithm, Signer};
    use crate::tree::{Completed, Edge, Subtrees, consistency_proof, leaf_hash};
    use std::convert::Infallible;

    /// A log that shows whatever tree it is asked to.
    struct Log {
        key: Signer,
        subtrees: Vec<Completed>,
    }

    impl Subtrees for Log {
        type Error = Infallible;
        fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
            let is_it = |one: &&Completed| (one.level, one.index) == (level, index);
            Ok(self.subtrees.iter().find(is_it).expect("the tree is large enough").hash)
        }
    }

    impl Log {
        fn of(leaves: &[&[u8]]) -> Self {
            let mut edge = Edge::default();
            let subtrees = leaves.iter().flat_map(|leaf| edge.push(leaf_hash(leaf))).collect();
            Self { key: Signer::new("log.example", Algorithm::Ed25519, &[5; 32]).unwrap(), subtrees }
        }

        fn asks(&self, old: u64, new: u64) -> Request {
            let Ok(root) = crate::tree::root(self, new);
            let text = Checkpoint { origin: "log.example".into(), size: new, root, extensions: Vec::new() }.to_string();
            let checkpoint = Note { signatures: vec![self.key.sign(&text, 0)], text };
            let proof = if old == 0 || old > new { Ok(Vec::new()) } else { consistency_proof(self, old, new) };
            let Ok(proof) = proof;
            Request { old, proof, checkpoint }
        }
    }

    const LEAVES: [&[u8]; 6] = [b"a", b"b", b"c", b"d", b"e", b"f"];

    #[test]
    fn a_witness_follows_a_log_that_grows_and_no_other() {
        let log = Log::of(&LEAVES);
        let fork = Log::of(&[b"a", b"b", b"x", b"d", b"e", b"f"]);
        let key = log.key.verifier();
        let first = consider(&log.asks(0, 3), key, None).unwrap();
        assert_eq!(first.size, 3);
        let second = consider(&log.asks(3, 5), key, Some(first)).unwrap();
        assert_eq!(consider(&log.asks(5, 5), key, Some(second)), Ok(second), "the same again");
        let conflict = Err(Refused::Conflict { size: 5 });
        let table = [
            ("rolled back", log.asks(3, 3), conflict),
            ("behind", log.asks(3, 6), conflict),
            ("ahead", log.asks(6, 6), conflict),
            ("forked at the same size", fork.asks(5, 5), Err(Refused::Inconsistent)),
            ("forked and grown", fork.asks(5, 6), Err(Refused::Inconsistent)),
            ("no proof", Request { proof: Vec::new(), ..log.asks(5, 6) }, Err(Refused::Inconsistent)),
            ("old above new", log.asks(6, 5), Err(Refused::Malformed)),
        ];
        for (what, request, outcome) in table {
            assert_eq!(consider(&request, key, Some(second)), outcome, "{what}");
        }
        let proven = Request { proof: vec![[0; 32]], ..log.asks(0, 3) };
        assert_eq!(consider(&proven, key, None), Err(Refused::Inconsistent));
    }

    #[test]
    fn who_signed_and_for_which_log_is_looked_at_first() {
        let log = Log::of(&LEAVES);
        let key = log.key.verifier();
        let other = Signer::new("log.example", Algorithm::Ed25519, &[6; 32]).unwrap();
        assert_eq!(consider(&log.asks(0, 3), other.verifier(), None), Err(Refused::NotSigned));
        let elsewhere = Signer::new("elsewhere.example", Algorithm::Ed25519, &[5; 32]).unwrap();
        assert_eq!(consider(&log.asks(0, 3), elsewhere.verifier(), None), Err(Refused::UnknownLog));
        let mut altered = log.asks(0, 3);
        altered.checkpoint.text = altered.checkpoint.text.replace("\n3\n", "\n2\n");
        assert_eq!(consider(&altered, key, None), Err(Refused::NotSigned));
    }

    #[test]
    fn a_request_is_carried_as_text() {
        let request = Log::of(&LEAVES).asks(3, 5);
        assert_eq!(request.to_string().parse(), Ok(request.clone()));
        for bad in [
            request.to_string().replace("old 3", "old 03"),
            request.to_string().replace("old 3", "new 3"),
            request.to_string().replacen("\n\n", "\n", 1),
            request.to_string().replacen("old 3\n", "old 3\n!!!!\n", 1),
        ] {
            assert!(bad.parse::<Request>().is_err(), "{bad}");
        }
    }
}
