//! Tiles of a log, as C2SP tlog-tiles names them: plain files of 256 hashes or entries that never change once full.

use crate::tree::Hash;

/// Levels of the tree that one tile spans.
pub const HEIGHT: u32 = 8;

/// Hashes in a full tile.
pub const WIDTH: u64 = 1 << HEIGHT;

/// A tile of hashes: those of level `8 × level` of the tree, from number `256 × index` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Counted in tiles, from the leaves up.
    pub level: u32,
    /// Counted in tiles, from the left.
    pub index: u64,
    /// Hashes in it, 1 to 256; fewer than 256 only at the right edge.
    pub width: u32,
}

impl Tile {
    /// The tiles that a tree of `size` leaves has and one of `before` leaves has not, widest form only, lowest first.
    #[must_use]
    pub fn added(before: u64, size: u64) -> Vec<Self> {
        let mut tiles = Vec::new();
        let (mut old, mut new) = (before, size);
        for level in 0.. {
            if new == 0 {
                break;
            }
            if new > old {
                let ends = old / WIDTH..new.div_ceil(WIDTH);
                tiles.extend(ends.map(|index| Self { level, index, width: width(new, index) }));
            }
            (old, new) = (old / WIDTH, new / WIDTH);
        }
        tiles
    }

    /// The tile of a tree of `size` leaves that holds the subtree of 2^`level` leaves with this index, or what it is made
    /// of: the highest tile level that is not above it.
    #[must_use]
    pub fn holding(level: u32, index: u64, size: u64) -> Self {
        let (tile_level, within) = (level / HEIGHT, level % HEIGHT);
        let first = index << within;
        let index = first / WIDTH;
        Self { level: tile_level, index, width: width(size >> (HEIGHT * tile_level), index) }
    }

    /// The root of the subtree of 2^`level` leaves with this index, from this tile's hashes.
    ///
    /// Answers `None` when the tile does not hold it.
    #[must_use]
    pub fn subtree(&self, hashes: &[Hash], level: u32, index: u64) -> Option<Hash> {
        let within = level.checked_sub(HEIGHT * self.level).filter(|within| *within <= HEIGHT)?;
        let first = usize::try_from((index << within).checked_sub(self.index * WIDTH)?).ok()?;
        let mut row = hashes.get(first..first.checked_add(1 << within)?)?.to_vec();
        while row.len() > 1 {
            row = row.chunks(2).map(|pair| crate::tree::node_hash(&pair[0], &pair[1])).collect();
        }
        row.pop()
    }

    /// Its path below the log's prefix, such as `tile/0/x001/234.p/17`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, numbered(self.index, self.width))
    }

    /// Reads such a path.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = plain_number(level).filter(|level| *level < 8)?;
        let (index, width) = read_number(rest)?;
        Some(Self { level: u32::try_from(level).ok()?, index, width })
    }
}

/// A bundle of entries: those from number `256 × index` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bundle {
    /// Counted in bundles.
    pub index: u64,
    /// Entries in it, 1 to 256.
    pub width: u32,
}

impl Bundle {
    /// The bundles that a log of `size` entries has and one of `before` has not.
    #[must_use]
    pub fn added(before: u64, size: u64) -> Vec<Self> {
        if size <= before {
            return Vec::new();
        }
        (before / WIDTH..size.div_ceil(WIDTH)).map(|index| Self { index, width: width(size, index) }).collect()
    }

    /// The bundle of a log of `size` entries that has the entry at a position below `size`.
    #[must_use]
    pub fn holding(position: u64, size: u64) -> Self {
        let index = position / WIDTH;
        Self { index, width: width(size, index) }
    }

    /// Its path below the log's prefix, such as `tile/entries/067`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/entries/{}", numbered(self.index, self.width))
    }

    /// Reads such a path.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let (index, width) = read_number(path.strip_prefix("tile/entries/")?)?;
        Some(Self { index, width })
    }
}

/// Puts entries into a bundle's bytes: each with its length in two bytes before it.
///
/// # Panics
/// When an entry is longer than 65,535 bytes.
#[must_use]
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend(u16::try_from(entry.len()).expect("an entry is short").to_be_bytes());
        bytes.extend(entry);
    }
    bytes
}

/// The entries of a bundle; `None` when its bytes end in the middle of one.
#[must_use]
pub fn unbundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bytes = rest;
    }
    Some(entries)
}

/// How wide tile `index` of a row of `length` is.
fn width(length: u64, index: u64) -> u32 {
    u32::try_from(length.saturating_sub(index * WIDTH).min(WIDTH)).expect("at most 256")
}

/// Groups of three digits, all but the last behind an `x`; a partial one says how wide it is.
fn numbered(index: u64, width: u32) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    if u64::from(width) == WIDTH { path } else { format!("{path}.p/{width}") }
}

fn read_number(text: &str) -> Option<(u64, u32)> {
    let (number, width) = match text.split_once(".p/") {
        Some((number, width)) => (number, plain_number(width).filter(|width| (1..WIDTH).contains(width))?),
        None => (text, WIDTH),
    };
    let mut index: u64 = 0;
    let groups: Vec<&str> = number.split('/').collect();
    let (last, upper) = groups.split_last()?;
    for group in upper.iter().map(|group| group.strip_prefix('x')).chain([Some(*last)]) {
        let digits = group.filter(|digits| digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()))?;
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    let width = u32::try_from(width).ok()?;
    // One spelling for each number: no leading group of zeros.
    (numbered(index, width) == text).then_some((index, width))
}

/// A decimal number without sign or leading zero.
fn plain_number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Edge, leaf_hash, node_hash};

    #[test]
    fn paths_are_written_as_the_specification_says_and_read_in_that_spelling_alone() {
        let table = [
            (Tile { level: 0, index: 0, width: 256 }, "tile/0/000"),
            (Tile { level: 3, index: 1_234_067, width: 256 }, "tile/3/x001/x234/067"),
            (Tile { level: 0, index: 5, width: 17 }, "tile/0/005.p/17"),
            (Tile { level: 1, index: 1000, width: 1 }, "tile/1/x001/000.p/1"),
        ];
        for (tile, path) in table {
            assert_eq!(tile.path(), path);
            assert_eq!(Tile::from_path(path), Some(tile));
        }
        for path in [
            "tile/0/00",
            "tile/0/0000",
            "tile/00/000",
            "tile/8/000",
            "tile/0/x000/001",
            "tile/0/001/x002",
            "tile/0/000.p/256",
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/0/+01",
            "tile//000",
            "tile/0/",
            "/tile/0/000",
        ] {
            assert_eq!(Tile::from_path(path), None, "{path}");
        }
        assert_eq!(Bundle { index: 67, width: 256 }.path(), "tile/entries/067");
        assert_eq!(Bundle::from_path("tile/entries/x001/002.p/9"), Some(Bundle { index: 1002, width: 9 }));
    }

    #[test]
    fn tiles_that_are_added_are_those_that_grew() {
        let names = |before, size| Tile::added(before, size).iter().map(Tile::path).collect::<Vec<_>>();
        assert_eq!(names(0, 0), [""; 0]);
        assert_eq!(names(0, 1), ["tile/0/000.p/1"]);
        assert_eq!(names(1, 256), ["tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(names(256, 257), ["tile/0/001.p/1"]);
        assert_eq!(names(255, 600), ["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"]);
        assert_eq!(names(600, 600), [""; 0]);
    }

    #[test]
    fn every_subtree_is_found_in_its_tile() {
        const SIZE: u64 = 700;
        let mut edge = Edge::default();
        let mut all = Vec::new();
        for n in 0..SIZE {
            all.extend(edge.push(leaf_hash(&n.to_be_bytes())));
        }
        let row =
            |level: u32| -> Vec<Hash> { all.iter().filter(|one| one.level == level).map(|one| one.hash).collect() };
        for one in &all {
            let tile = Tile::holding(one.level, one.index, SIZE);
            let first = usize::try_from(tile.index * WIDTH).unwrap();
            let hashes = row(HEIGHT * tile.level)[first..first + tile.width as usize].to_vec();
            assert_eq!(tile.subtree(&hashes, one.level, one.index), Some(one.hash), "{one:?} in {tile:?}");
        }
        let tile = Tile { level: 0, index: 0, width: 2 };
        let pair = [leaf_hash(b"a"), leaf_hash(b"b")];
        assert_eq!(tile.subtree(&pair, 1, 0), Some(node_hash(&pair[0], &pair[1])));
        assert_eq!(tile.subtree(&pair, 1, 1), None);
        assert_eq!(tile.subtree(&pair, 9, 0), None);
    }

    #[test]
    fn a_bundle_gives_back_its_entries() {
        let bytes = bundle([b"one".as_slice(), b"", b"three"]);
        assert_eq!(bytes[..5], [0, 3, b'o', b'n', b'e']);
        assert_eq!(unbundle(&bytes).unwrap(), [b"one".as_slice(), b"", b"three"]);
        assert_eq!(unbundle(&bytes[..bytes.len() - 1]), None);
        assert_eq!(unbundle(&[0]), None);
    }
}
