//! The log's files, fetched many at a time.

use super::openings::Public;
use super::report::Faults;
use super::{Source, Unreachable};
use ledger::LEAF_BYTES;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Kind;
use ledger::tile::{Bundle, Tile, WIDTH, unbundle};
use ledger::tree::{Hash, Subtrees, check_consistency, consistency_proof};
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// Tiles that are fetched at once.
const AT_ONCE: u64 = 32;

/// The files of a log of some size.
pub(super) struct Files<'a> {
    source: &'a dyn Source,
    size: u64,
    /// Tiles that a proof has used.
    at_hand: RefCell<HashMap<Tile, Vec<Hash>>>,
}

/// Tiles of the lowest row with their bundles, one after the other.
pub(super) struct Batch {
    first: u64,
    pub(super) tiles: Vec<Lowest>,
}

/// A tile of the lowest row.
pub(super) struct Lowest {
    pub(super) path: String,
    /// `None` when it is missing or cut short.
    pub(super) hashes: Option<Vec<Hash>>,
    /// `None` where entries are not read.
    pub(super) bundle: Option<Filed>,
}

/// A bundle's bytes, if it is there.
pub(super) struct Filed {
    path: String,
    bytes: Option<Vec<u8>>,
    /// Entries in the file, and of those how many belong to the tree.
    holds: u64,
    width: usize,
}

/// A file, if it is there, and how many items it should have.
type Read = (Option<Vec<u8>>, u64);

/// Why a proof cannot be made.
pub(super) enum Lost {
    Unreachable(Unreachable),
    Tile(String),
}

impl<'a> Files<'a> {
    pub(super) fn new(source: &'a dyn Source, size: u64) -> Self {
        Self { source, size, at_hand: RefCell::default() }
    }

    pub(super) fn source(&self) -> &'a dyn Source {
        self.source
    }

    /// The files from this position on, which is the first of a tile.
    pub(super) fn batch(&self, first: u64, with_entries: bool) -> Result<Batch, Unreachable> {
        let numbers = first / WIDTH..self.size.div_ceil(WIDTH).min(first / WIDTH + AT_ONCE);
        let tiles: Vec<Tile> = numbers.clone().map(|index| Tile::holding(0, index * WIDTH, self.size)).collect();
        let bundles = numbers.map(|index| Bundle::holding(index * WIDTH, self.size));
        let bundles = if with_entries { self.bundles(bundles.collect())? } else { Vec::new() };
        let mut bundles = bundles.into_iter();
        let hashes = self.tiles(&tiles)?;
        let lowest = |(tile, hashes): (Tile, _)| Lowest { path: tile.path(), hashes, bundle: bundles.next() };
        Ok(Batch { first, tiles: tiles.into_iter().zip(hashes).map(lowest).collect() })
    }

    /// The hashes of tiles; `None` where one is missing or cut short.
    pub(super) fn tiles(&self, tiles: &[Tile]) -> Result<Vec<Option<Vec<Hash>>>, Unreachable> {
        let full = |tile: &Tile| Tile { width: 256, ..*tile }.path();
        let files = self.read(tiles.iter().map(|tile| (tile.path(), full(tile), tile.width)).collect())?;
        let hashes = files.into_iter().zip(tiles).map(|((bytes, holds), tile)| {
            let bytes = bytes?;
            let (hashes, rest) = bytes.as_chunks::<32>();
            let whole = rest.is_empty() && hashes.len() as u64 == holds;
            whole.then(|| hashes[..tile.width as usize].to_vec())
        });
        Ok(hashes.collect())
    }

    fn bundles(&self, bundles: Vec<Bundle>) -> Result<Vec<Filed>, Unreachable> {
        let full = |bundle: &Bundle| Bundle { width: 256, ..*bundle }.path();
        let files = self.read(bundles.iter().map(|one| (one.path(), full(one), one.width)).collect())?;
        let filed = files.into_iter().zip(bundles).map(|((bytes, holds), bundle)| {
            let width = bundle.width as usize;
            Filed { path: bundle.path(), bytes, holds, width }
        });
        Ok(filed.collect())
    }

    /// The files at the first paths; where one is gone, because it was filled meanwhile, that at the second.
    fn read(&self, paths: Vec<(String, String, u32)>) -> Result<Vec<Read>, Unreachable> {
        let own: Vec<String> = paths.iter().map(|(own, ..)| own.clone()).collect();
        let files = self.source.get_each(&own)?.into_iter().zip(paths);
        let or_full = |(file, (own, full, width)): (Option<Vec<u8>>, (String, String, u32))| match file {
            None if own != full => Ok((self.source.get(&full)?, WIDTH)),
            file => Ok((file, u64::from(width))),
        };
        files.map(or_full).collect()
    }

    /// Public openings at these positions; `None` where there is none.
    pub(super) fn openings(&self, positions: impl Iterator<Item = u64>) -> Result<Public, Unreachable> {
        let positions: Vec<u64> = positions.collect();
        let paths: Vec<String> = positions.iter().map(|position| format!("opening/{position}")).collect();
        Ok(positions.into_iter().zip(self.source.get_each(&paths)?).collect())
    }

    /// Whether the older tree is the beginning of the newer one, by a proof from the tiles; or why not.
    pub(super) fn continues(&self, old: &Checkpoint, new: &Checkpoint) -> Result<Result<(), String>, Unreachable> {
        if old.size == 0 {
            return Ok(Ok(()));
        }
        let proof = match consistency_proof(self, old.size, new.size) {
            Ok(proof) => proof,
            Err(Lost::Tile(path)) => return Ok(Err(format!("{path} is missing or cut short"))),
            Err(Lost::Unreachable(error)) => return Err(error),
        };
        let proven = check_consistency(old.size, new.size, &old.root, &new.root, &proof);
        Ok(proven.map_err(|error| error.to_string()))
    }
}

impl Subtrees for Files<'_> {
    type Error = Lost;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Lost> {
        let tile = Tile::holding(level, index, self.size);
        let mut at_hand = self.at_hand.borrow_mut();
        let hashes = match at_hand.entry(tile) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let hashes = self.tiles(&[tile]).map_err(Lost::Unreachable)?.pop().flatten();
                free.insert(hashes.ok_or_else(|| Lost::Tile(tile.path()))?)
            }
        };
        tile.subtree(hashes, level, index).ok_or_else(|| Lost::Tile(tile.path()))
    }
}

impl Batch {
    /// All positions in it.
    pub(super) fn positions(&self) -> Range<u64> {
        let widths = self.tiles.iter().filter_map(|tile| tile.hashes.as_ref());
        self.first..self.first + widths.map(|hashes| hashes.len() as u64).sum::<u64>()
    }

    /// The positions whose entries say that they are of a public kind.
    pub(super) fn public_positions(&self) -> impl Iterator<Item = u64> {
        let bundles = (self.first..).step_by(256).zip(&self.tiles);
        bundles.flat_map(|(first, tile)| {
            let entries = tile.bundle.as_ref().map(|bundle| bundle.entries(&mut Faults::default())).unwrap_or_default();
            let public =
                |entry: &[u8]| entry.len() == LEAF_BYTES && Kind::from_wire(entry[1]).is_some_and(Kind::is_public);
            let positions: Vec<u64> =
                (first..).zip(entries).filter(|(_, entry)| public(entry)).map(|(position, _)| position).collect();
            positions
        })
    }
}

impl Filed {
    /// Its entries, as far as they are there.
    pub(super) fn entries(&self, faults: &mut Faults) -> Vec<&[u8]> {
        let Some(bytes) = &self.bytes else {
            faults.add(format!("{} is missing", self.path));
            return Vec::new();
        };
        let Some(mut entries) = unbundle(bytes) else {
            faults.add(format!("{} is cut short", self.path));
            return Vec::new();
        };
        if entries.len() as u64 != self.holds {
            faults.add(format!("{} has {} entries and not {}", self.path, entries.len(), self.holds));
        }
        entries.truncate(self.width);
        entries
    }
}
