//! Checkpoints, as C2SP tlog-checkpoint writes them: which log, how many leaves, under which root.

use crate::note::Malformed;
use crate::tree::Hash;
use data_encoding::BASE64;
use std::fmt;
use std::str::FromStr;

/// What a log commits to. Its text is signed as a [`Note`](crate::note::Note).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Leaves in the tree.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
    /// Further lines, which say nothing to us.
    pub extensions: Vec<String>,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}\n{}\n{}", self.origin, self.size, BASE64.encode(&self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let read = || {
            let mut lines = text.strip_suffix('\n')?.split('\n').map(str::to_owned);
            let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
            let leaves: u64 = size.parse().ok()?;
            let root = BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?;
            let extensions: Vec<String> = lines.collect();
            let is_plain = !origin.is_empty() && leaves.to_string() == size && extensions.iter().all(|l| !l.is_empty());
            is_plain.then_some(Self { origin, size: leaves, root, extensions })
        };
        read().ok_or(Malformed("checkpoint"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_has_one_spelling() {
        let text = "example.com/log\n42\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\nmore\n";
        let checkpoint: Checkpoint = text.parse().unwrap();
        assert_eq!((checkpoint.size, checkpoint.root, checkpoint.extensions.len()), (42, [0xaa; 32], 1));
        assert_eq!(checkpoint.to_string(), text);
        for bad in [
            "",
            "\n42\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n",
            "o\n042\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n",
            "o\n-1\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n",
            "o\n42\nqqqq\n",
            "o\n42\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=",
            "o\n42\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n\n",
        ] {
            assert!(bad.parse::<Checkpoint>().is_err(), "{bad:?}");
        }
    }
}
