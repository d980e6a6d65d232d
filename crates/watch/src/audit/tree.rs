//! The tree, grown again from the hashes of its leaves.

use super::Unreachable;
use super::files::Files;
use super::report::{Check, Faults};
use ledger::checkpoint::Checkpoint;
use ledger::tile::{HEIGHT, Tile, WIDTH};
use ledger::tree::{Edge, Hash};

/// Upper tiles that are fetched at once.
const AT_ONCE: usize = 64;

#[derive(Default)]
pub(super) struct Tree {
    edge: Edge,
    /// The rows that tiles hold above the lowest one.
    rows: Vec<Vec<Hash>>,
    pub(super) faults: Faults,
}

impl Tree {
    pub(super) fn size(&self) -> u64 {
        self.edge.size()
    }

    pub(super) fn push(&mut self, leaf: Hash) {
        for one in self.edge.push(leaf).iter().filter(|one| one.level > 0 && one.level % HEIGHT == 0) {
            let row = (one.level / HEIGHT - 1) as usize;
            if row == self.rows.len() {
                self.rows.push(Vec::new());
            }
            self.rows[row].push(one.hash);
        }
    }

    /// Whether the tree has the claimed root, and whether the upper tiles say the same of it.
    pub(super) fn lead_to(&mut self, claim: &Checkpoint, files: &Files) -> Result<(), Unreachable> {
        if self.size() < claim.size {
            self.faults.add(format!("only {} of {} entries have their hashes", self.size(), claim.size));
            return Ok(());
        }
        for (level, row) in (1..).zip(&self.rows) {
            let tile = |index: u64| Tile::holding(HEIGHT * level, index, claim.size);
            let tiles: Vec<Tile> = (0..row.len() as u64).step_by(256).map(tile).collect();
            for some in tiles.chunks(AT_ONCE) {
                for (tile, said) in some.iter().zip(files.tiles(some)?) {
                    let first = usize::try_from(tile.index * WIDTH).expect("a row is in memory");
                    let own = &row[first..first + tile.width as usize];
                    let Some(said) = said else {
                        self.faults.add(format!("{} is missing or cut short", tile.path()));
                        continue;
                    };
                    for (index, _) in (tile.index * WIDTH..).zip(own.iter().zip(&said)).filter(|(_, (a, b))| a != b) {
                        let below = Tile { level: level - 1, index, width: 256 }.path();
                        self.faults.add(format!("{} and {below} contradict each other", tile.path()));
                    }
                }
            }
        }
        if self.edge.root() != claim.root {
            self.faults.add("the hashes do not lead to the checkpoint's root".into());
        }
        Ok(())
    }

    pub(super) fn check(&self) -> Check {
        self.faults.check("tree", format!("{} hashes and all tiles lead to the root", self.size()))
    }
}
