//! The append-only log's forms: what an entry says, the public leaf that commits to it, and the tags by which
//! only the right people find it. Pure: no clock, no randomness, no I/O.
//!
//! The leaf is public and says nothing about whom: its tag and its commitment are keyed or salted. The entry is
//! sealed. Tree, tiles, checkpoints and proofs are built over these leaves.

pub mod audit;
pub mod checkpoint;
pub mod consent;
pub mod entry;
pub mod erasure;
pub mod index;
pub mod leaf;
pub mod note;
pub mod order;
pub mod policy;
pub mod proof;
pub mod restored;
pub mod tag;
pub mod tile;
pub mod tree;
pub mod witness;

pub use entry::{Channel, Entry, Field, Fields, GrantKind, Kind, Opening, Purpose};
pub use leaf::{LEAF_BYTES, Leaf};
pub use tag::{TagKey, actor_tag, subject_tag};
