//! Our trees, tiles and proofs against two implementations that others wrote.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use ledger::checkpoint::Checkpoint;
use ledger::tile::{HEIGHT, Tile};
use ledger::tree::{
    Edge, Hash, Subtrees, check_consistency, check_inclusion, consistency_proof, inclusion_proof, leaf_hash, root,
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use sha2::Sha256;
use std::collections::HashMap;
use std::convert::Infallible;
use tlog_tiles::{Error, HashReader, TileHashReader, TileReader};

const SEED: u64 = 29;

/// A tree with all its subtrees.
#[derive(Default)]
struct Grown {
    edge: Edge,
    subtrees: HashMap<(u32, u64), Hash>,
}

impl Grown {
    fn to(size: u64) -> Self {
        let mut tree = Self::default();
        for n in 0..size {
            let completed = tree.edge.push(leaf_hash(&leaf(n)));
            tree.subtrees.extend(completed.into_iter().map(|one| ((one.level, one.index), one.hash)));
        }
        tree
    }

    /// The bytes of the tiles of its first `size` leaves, by their paths.
    fn tiles(&self, size: u64) -> HashMap<String, Vec<u8>> {
        let bytes = |tile: &Tile| {
            let first = tile.index * 256;
            let hashes =
                (first..first + u64::from(tile.width)).map(|index| self.subtrees[&(HEIGHT * tile.level, index)]);
            hashes.collect::<Vec<_>>().concat()
        };
        Tile::added(0, size).iter().map(|tile| (tile.path(), bytes(tile))).collect()
    }

    fn root(&self, size: u64) -> Hash {
        let Ok(root) = root(self, size);
        root
    }
}

impl Subtrees for Grown {
    type Error = Infallible;
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.subtrees[&(level, index)])
    }
}

fn leaf(n: u64) -> [u8; 8] {
    n.to_be_bytes()
}

fn below(chance: &mut ChaCha8Rng, bound: u64) -> u64 {
    chance.next_u64() % bound
}

/// Our tiles as the other implementation reads them. Its paths are those of Go's checksum database, with the height.
struct Tiles(HashMap<String, Vec<u8>>);

impl TileReader for Tiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let bytes = |tile: &tlog_tiles::Tile| self.0[&tile.path().replacen("tile/8/", "tile/", 1)].clone();
        Ok(tiles.iter().map(bytes).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

fn theirs(hashes: &[Hash]) -> Vec<tlog_tiles::Hash> {
    hashes.iter().map(|hash| tlog_tiles::Hash(*hash)).collect()
}

fn ours(hashes: &[tlog_tiles::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| hash.0).collect()
}

#[test]
fn tlog_tiles_proves_from_our_tiles_what_we_prove() {
    const MOST: u64 = 70_000;
    let (tree, mut chance) = (Grown::to(MOST), ChaCha8Rng::seed_from_u64(SEED));
    let mut sizes = vec![1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, MOST];
    sizes.extend((0..20).map(|_| 1 + below(&mut chance, MOST)));
    for size in sizes {
        let own_root = tree.root(size);
        let root = tlog_tiles::Hash(own_root);
        let tiles = Tiles(tree.tiles(size));
        let reader = TileHashReader::new(size, root, &tiles);
        assert_eq!(tlog_tiles::tree_hash(size, &reader).unwrap(), root, "{size}");
        for _ in 0..20 {
            let index = below(&mut chance, size);
            let Ok(own) = inclusion_proof(&tree, index, size);
            let proof = tlog_tiles::prove_record(size, index, &reader).unwrap();
            assert_eq!(ours(&proof), own, "{index} of {size}");
            let hash = leaf_hash(&leaf(index));
            assert_eq!(tlog_tiles::record_hash(&leaf(index)).0, hash);
            check_inclusion(index, size, &hash, &ours(&proof), &own_root).unwrap();
            tlog_tiles::check_record(&theirs(&own), size, root, index, tlog_tiles::Hash(hash)).unwrap();

            let old = 1 + below(&mut chance, size);
            let old_root = tree.root(old);
            let Ok(own) = consistency_proof(&tree, old, size);
            let proof = tlog_tiles::prove_tree(size, old, &reader).unwrap();
            assert_eq!(ours(&proof), own, "{old} in {size}");
            check_consistency(old, size, &old_root, &own_root, &ours(&proof)).unwrap();
            tlog_tiles::check_tree(&theirs(&own), size, root, old, tlog_tiles::Hash(old_root)).unwrap();
        }
    }
}

/// In this tree each peak lies in a tile of its own. Of others, `tlog_tiles` 0.2.0 leaves some tiles unchecked: it takes
/// the number of peaks for the number of their tiles.
const CHECKED: u64 = 65_536 + 256 + 1;

#[test]
fn tlog_tiles_believes_no_tile_of_ours_that_is_bent() {
    let (tree, mut chance) = (Grown::to(CHECKED), ChaCha8Rng::seed_from_u64(SEED));
    let root = tlog_tiles::Hash(tree.root(CHECKED));
    let mut tiles = Tiles(tree.tiles(CHECKED));
    for tile in Tile::added(0, CHECKED).into_iter().filter(|tile| tile.level > 0 || tile.index % 16 == 0) {
        let leaf = (tile.index * 256) << (HEIGHT * tile.level);
        let read = |tiles: &Tiles| {
            let reader = TileHashReader::new(CHECKED, root, tiles);
            reader.read_hashes(&[tlog_tiles::stored_hash_index(0, leaf)]).is_ok()
        };
        let at = usize::try_from(below(&mut chance, 32 * u64::from(tile.width))).unwrap();
        assert!(read(&tiles), "{}", tile.path());
        tiles.0.get_mut(&tile.path()).unwrap()[at] ^= 1;
        assert!(!read(&tiles), "{}", tile.path());
        tiles.0.get_mut(&tile.path()).unwrap()[at] ^= 1;
    }
}

#[test]
fn names_of_tiles_and_checkpoints_are_read_alike() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    for _ in 0..1000 {
        let (old, new) = (below(&mut chance, 1 << 20), below(&mut chance, 1 << 24));
        let (old, new) = (old.min(new), old.max(new).min(old.min(new) + 4000));
        let mut own: Vec<String> = Tile::added(old, new).iter().map(Tile::path).collect();
        let other = tlog_tiles::Tile::new_tiles(8, old, new);
        let mut other: Vec<String> = other.iter().map(|tile| tile.path().replacen("tile/8/", "tile/", 1)).collect();
        own.sort();
        other.sort();
        assert_eq!(own, other, "{old} to {new}");
    }
    let own = Checkpoint { origin: "log.example".into(), size: 77, root: [9; 32], extensions: vec!["more".into()] };
    let other = tlog_tiles::Checkpoint::from_bytes(own.to_string().as_bytes()).unwrap();
    assert_eq!((other.origin(), other.size(), other.hash().0), ("log.example", 77, [9; 32]));
    assert_eq!(String::from_utf8(other.to_bytes()).unwrap(), own.to_string());
}

#[test]
fn ct_merkle_agrees_on_roots_and_proofs() {
    const MOST: u64 = 1_200;
    let (tree, mut chance) = (Grown::to(MOST), ChaCha8Rng::seed_from_u64(SEED));
    let mut other: MemoryBackedTree<Sha256, [u8; 8]> = MemoryBackedTree::new();
    let mut roots: Vec<RootHash<Sha256>> = vec![other.root()];
    for n in 0..MOST {
        other.push(leaf(n));
        let size = n + 1;
        roots.push(other.root());
        assert_eq!(other.root().as_bytes().as_slice(), tree.root(size), "{size}");
        if size > 40 && below(&mut chance, 10) > 0 {
            continue;
        }
        let index = below(&mut chance, size);
        let Ok(own) = inclusion_proof(&tree, index, size);
        let proof = other.prove_inclusion(usize::try_from(index).unwrap());
        assert_eq!(proof.as_bytes(), own.concat(), "{index} of {size}");
        let proof = InclusionProof::<Sha256>::from_bytes(own.concat());
        other.root().verify_inclusion(&leaf(index), index, &proof).unwrap();
        assert!(other.root().verify_inclusion(&leaf(index + 1), index, &proof).is_err());

        let old = 1 + below(&mut chance, size);
        let Ok(own) = consistency_proof(&tree, old, size);
        let proof = other.prove_consistency(usize::try_from(size - old).unwrap());
        assert_eq!(proof.as_bytes(), own.concat(), "{old} in {size}");
        let proof = ConsistencyProof::<Sha256>::try_from_bytes(own.concat()).unwrap();
        other.root().verify_consistency(&roots[usize::try_from(old).unwrap()], &proof).unwrap();
    }
}
