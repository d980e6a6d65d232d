//! The Merkle tree of RFC 6962 and RFC 9162, as rules over hashes: roots, proofs, and their checks.
//!
//! A tree over `size` leaves is known by the hashes of its complete subtrees: at level 0 the leaves, at level *n* the
//! subtrees of 2ⁿ leaves, counted from the left. Where they are kept is the caller's matter ([`Subtrees`]).

use sha2::{Digest, Sha256};

/// A hash in the tree: SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf: SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Where the hashes of complete subtrees are found.
pub trait Subtrees {
    /// Why one was not found.
    type Error;

    /// The hash of the subtree of 2^`level` leaves that `index` others of its size stand to the left of.
    ///
    /// # Errors
    /// When it cannot be read.
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The root of the first `size` leaves.
///
/// # Errors
/// When a subtree cannot be read.
pub fn root<S: Subtrees>(subtrees: &S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(empty_root()) } else { span(subtrees, 0, size) }
}

/// The proof that leaf `index` is in the tree of `size` leaves, lowest hash first; `index` is below `size`.
///
/// # Errors
/// When a subtree cannot be read.
pub fn inclusion_proof<S: Subtrees>(subtrees: &S, index: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    assert!(index < size, "a leaf is within the tree");
    let (mut begin, mut end) = (0, size);
    let mut proof = Vec::new();
    while end - begin > 1 {
        let middle = begin + left_of(end - begin);
        if index < middle {
            proof.push(span(subtrees, middle, end)?);
            end = middle;
        } else {
            proof.push(span(subtrees, begin, middle)?);
            begin = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `old` leaves is the beginning of that of `new` leaves; 0 < `old` ≤ `new`.
///
/// # Errors
/// When a subtree cannot be read.
pub fn consistency_proof<S: Subtrees>(subtrees: &S, old: u64, new: u64) -> Result<Vec<Hash>, S::Error> {
    assert!(0 < old && old <= new, "an older tree that is not empty");
    let (mut begin, mut end) = (0, new);
    let mut proof = Vec::new();
    while end != old {
        let middle = begin + left_of(end - begin);
        if old <= middle {
            proof.push(span(subtrees, middle, end)?);
            end = middle;
        } else {
            proof.push(span(subtrees, begin, middle)?);
            begin = middle;
        }
    }
    // The old tree itself is known to whoever checks.
    if begin > 0 {
        proof.push(span(subtrees, begin, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The hash over leaves `begin` to `end`, a node on the way of a proof: `begin` is a multiple of the power of two that
/// is not below its length.
pub(crate) fn span<S: Subtrees>(subtrees: &S, begin: u64, end: u64) -> Result<Hash, S::Error> {
    let length = end - begin;
    if length.is_power_of_two() {
        let level = length.trailing_zeros();
        return subtrees.subtree(level, begin >> level);
    }
    let middle = begin + left_of(length);
    Ok(node_hash(&span(subtrees, begin, middle)?, &span(subtrees, middle, end)?))
}

/// Leaves to the left of the root of a tree of `size` leaves: the greatest power of two below `size`.
pub(crate) fn left_of(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// A proof does not prove what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not hold")]
pub struct Unproven;

/// Whether a proof shows that the leaf of this hash is number `index` in the tree of `size` leaves under `root`.
///
/// # Errors
/// [`Unproven`].
pub fn check_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), Unproven> {
    let (mut node, mut last) = (index, size.checked_sub(1).filter(|last| index <= *last).ok_or(Unproven)?);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(Unproven);
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A node that stands alone at the right edge moves up as it is.
            let alone = node.trailing_zeros().min(63);
            (node, last) = (node >> alone, last >> alone);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(Unproven) }
}

/// Whether a proof shows that the tree of `old` leaves under `old_root` is the beginning of that of `new` leaves under
/// `new_root`. Of an empty tree it shows nothing.
///
/// # Errors
/// [`Unproven`].
pub fn check_consistency(old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> Result<(), Unproven> {
    if old == 0 || old > new {
        return Err(Unproven);
    }
    if old == new {
        return if proof.is_empty() && old_root == new_root { Ok(()) } else { Err(Unproven) };
    }
    let whole = old.trailing_zeros();
    let (mut node, mut last) = ((old - 1) >> whole, (new - 1) >> whole);
    // An old tree that is one complete subtree is where the proof begins; otherwise the proof says where.
    let (first, rest) = if node == 0 { (old_root, proof) } else { proof.split_first().ok_or(Unproven)? };
    let (mut before, mut after) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(Unproven);
        }
        if node % 2 == 1 || node == last {
            before = node_hash(sibling, &before);
            after = node_hash(sibling, &after);
            let alone = node.trailing_zeros().min(63);
            (node, last) = (node >> alone, last >> alone);
        } else {
            after = node_hash(&after, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last == 0 && before == *old_root && after == *new_root { Ok(()) } else { Err(Unproven) }
}

/// The right edge of a tree: what is needed to add leaves and to know the root, and no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// The roots of the complete subtrees that the size's binary digits name, largest first.
    peaks: Vec<Hash>,
}

/// A subtree that a new leaf completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completed {
    /// It holds 2^`level` leaves.
    pub level: u32,
    /// How many of its size stand to its left.
    pub index: u64,
    /// Its root.
    pub hash: Hash,
}

impl Edge {
    /// The edge of a tree of `size` leaves.
    ///
    /// # Errors
    /// When a subtree cannot be read.
    pub fn of<S: Subtrees>(subtrees: &S, size: u64) -> Result<Self, S::Error> {
        let levels = (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1);
        let peaks = levels.map(|level| subtrees.subtree(level, (size >> level) - 1)).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Leaves in the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash; answers every subtree that it completed, the leaf itself first.
    pub fn push(&mut self, leaf: Hash) -> Vec<Completed> {
        let mut completed = vec![Completed { level: 0, index: self.size, hash: leaf }];
        let mut hash = leaf;
        for level in 1..=self.size.trailing_ones() {
            let left = self.peaks.pop().expect("each set digit of the size has its peak");
            hash = node_hash(&left, &hash);
            completed.push(Completed { level, index: self.size >> level, hash });
        }
        self.peaks.push(hash);
        self.size += 1;
        completed
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return empty_root() };
        peaks.fold(*smallest, |right, left| node_hash(left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::convert::Infallible;

    /// All complete subtrees of a small tree.
    #[derive(Default)]
    struct Grown {
        edge: Edge,
        subtrees: HashMap<(u32, u64), Hash>,
    }

    impl Grown {
        fn to(size: u64) -> Self {
            let mut tree = Self::default();
            for n in 0..size {
                for one in tree.edge.push(leaf_hash(&n.to_be_bytes())) {
                    tree.subtrees.insert((one.level, one.index), one.hash);
                }
            }
            tree
        }
    }

    impl Subtrees for Grown {
        type Error = Infallible;
        fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
            Ok(self.subtrees[&(level, index)])
        }
    }

    /// The root as RFC 6962 writes it, over the leaves themselves.
    fn plain_root(leaves: std::ops::Range<u64>) -> Hash {
        match leaves.end - leaves.start {
            0 => empty_root(),
            1 => leaf_hash(&leaves.start.to_be_bytes()),
            size => {
                let middle = leaves.start + left_of(size);
                node_hash(&plain_root(leaves.start..middle), &plain_root(middle..leaves.end))
            }
        }
    }

    const MOST: u64 = 70;

    #[test]
    fn roots_are_those_of_the_plain_definition() {
        for size in 0..MOST {
            let tree = Grown::to(size);
            assert_eq!(tree.edge.root(), plain_root(0..size), "{size}");
            let Ok(same) = root(&tree, size);
            assert_eq!(same, tree.edge.root());
            let Ok(edge) = Edge::of(&tree, size);
            assert_eq!(edge, tree.edge);
        }
    }

    #[test]
    fn every_leaf_of_every_tree_is_proven_and_no_other() {
        let tree = Grown::to(MOST);
        for size in 1..=MOST {
            let root = plain_root(0..size);
            for index in 0..size {
                let Ok(proof) = inclusion_proof(&tree, index, size);
                let leaf = leaf_hash(&index.to_be_bytes());
                assert_eq!(check_inclusion(index, size, &leaf, &proof, &root), Ok(()), "{index} of {size}");
                assert_eq!(check_inclusion(index, size, &leaf_hash(b"other"), &proof, &root), Err(Unproven));
                if size > 1 {
                    assert_eq!(check_inclusion((index + 1) % size, size, &leaf, &proof, &root), Err(Unproven));
                }
                let longer: Vec<_> = proof.iter().copied().chain([root]).collect();
                assert_eq!(check_inclusion(index, size, &leaf, &longer, &root), Err(Unproven));
            }
        }
    }

    #[test]
    fn every_tree_is_the_beginning_of_every_later_one_and_no_other_is() {
        let tree = Grown::to(MOST);
        for new in 1..=MOST {
            for old in 1..=new {
                let Ok(proof) = consistency_proof(&tree, old, new);
                let (before, after) = (plain_root(0..old), plain_root(0..new));
                assert_eq!(check_consistency(old, new, &before, &after, &proof), Ok(()), "{old} in {new}");
                let other = leaf_hash(b"another tree");
                assert_eq!(check_consistency(old, new, &other, &after, &proof), Err(Unproven));
                assert_eq!(check_consistency(old, new, &before, &other, &proof), Err(Unproven));
                for at in 0..proof.len() {
                    let mut bent = proof.clone();
                    bent[at][7] ^= 1;
                    assert_eq!(check_consistency(old, new, &before, &after, &bent), Err(Unproven));
                }
            }
        }
    }
}
