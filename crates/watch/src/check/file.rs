//! The file that she downloads: JSON in which every byte string is standard base64. This is its one definition; whoever
//! writes the file and whoever checks it use these structs.

use ledger::LEAF_BYTES;
use ledger::index::{self, Tag};
use ledger::tree::Hash;
use serde::{Deserialize, Serialize};

/// The only format there is so far.
pub const FORMAT: &str = "teeka-looks/v1";

/// Who looked at one person's data, with what proves it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Looks {
    /// [`FORMAT`].
    pub format: String,
    /// Whom the writer of the file proposes to believe, as C2SP tlog-policy.
    pub policy: String,
    /// The log's checkpoint with its cosignatures, as C2SP signed-note.
    pub checkpoint: String,
    /// Her tag key. It finds and reads her own entries and opens nothing else.
    #[serde(with = "base64")]
    pub tag_key: [u8; 32],
    /// Her entries under the checkpoint, in the order of her count: 0, 1, 2 and so on, none left out.
    pub entries: Vec<Row>,
    /// Entries of hers that are newer than the checkpoint.
    pub waiting: u64,
    /// The indexes over all whole days since her registration, the oldest first.
    pub indexes: Vec<Indexed>,
}

/// One entry of the log, opened.
#[derive(Clone, Serialize, Deserialize)]
pub struct Row {
    /// Number of its leaf in the log.
    pub position: u64,
    /// The public leaf.
    #[serde(with = "base64")]
    pub leaf: [u8; LEAF_BYTES],
    /// What the leaf's commitment was salted with.
    #[serde(with = "base64")]
    pub salt: [u8; 32],
    /// The entry's CBOR.
    #[serde(with = "base64")]
    pub entry: Vec<u8>,
    /// That the leaf is in the tree of the checkpoint, lowest hash first.
    #[serde(with = "base64::each")]
    pub inclusion: Vec<Hash>,
}

/// An `INDEX_ROOT` entry, and what its index answers about her.
#[derive(Clone, Serialize, Deserialize)]
pub struct Indexed {
    /// The entry; its statement is the CBOR of an [`IndexRoot`](ledger::index::IndexRoot).
    #[serde(flatten)]
    pub row: Row,
    /// What the index has around the **first tag of hers that comes after it**: the one whose number is the count of her
    /// entries before the index's `to`.
    pub found: Found,
}

/// An index's answer about a tag, as [`ledger::index::Found`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Found {
    /// The number of the first of `tags`.
    pub first: u64,
    /// The tag's neighbours.
    #[serde(with = "base64::each")]
    pub tags: Vec<Tag>,
    /// The subtrees beside them, from left to right.
    #[serde(with = "base64::each")]
    pub proof: Vec<Hash>,
}

impl From<index::Found> for Found {
    fn from(index::Found { first, tags, proof }: index::Found) -> Self {
        Self { first, tags, proof }
    }
}

impl From<Found> for index::Found {
    fn from(Found { first, tags, proof }: Found) -> Self {
        Self { first, tags, proof }
    }
}

/// Bytes as standard base64, of which each text has one spelling.
mod base64 {
    use data_encoding::BASE64;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(bytes.as_ref()))
    }

    pub(super) fn deserialize<'de, T: TryFrom<Vec<u8>>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        decode(&String::deserialize(deserializer)?)
    }

    fn decode<T: TryFrom<Vec<u8>>, E: de::Error>(text: &str) -> Result<T, E> {
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| E::custom("a byte string is not base64"))?;
        T::try_from(bytes).map_err(|_| E::custom("a byte string has not its length"))
    }

    /// A list of hashes.
    pub(super) mod each {
        use super::{BASE64, Deserialize, Deserializer, Serializer, decode};
        use ledger::tree::Hash;

        pub(in super::super) fn serialize<S: Serializer>(hashes: &[Hash], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(hashes.iter().map(|hash| BASE64.encode(hash)))
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Hash>, D::Error> {
            Vec::<String>::deserialize(deserializer)?.iter().map(|text| decode(text)).collect()
        }
    }
}
