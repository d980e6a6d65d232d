//! The public leaf: 112 bytes, always.

use crate::entry::Kind;
use sha2::{Digest, Sha256};

/// Length of a leaf. Fixed, so that length says nothing.
pub const LEAF_BYTES: usize = 112;

/// Version of the leaf's layout.
const VERSION: u8 = 1;

/// Seconds in a leaf's time bucket.
pub const BUCKET_SECONDS: i64 = 600;

/// A leaf, field by field. Integers are big-endian on the wire, in this order, then six reserved zero bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// What happened, by wire number; unknown numbers are kept and counted.
    pub kind: u8,
    /// Shard whose log holds it.
    pub shard: u16,
    /// Ten-minute bucket since the epoch.
    pub bucket: u32,
    /// The subject's tag; random bytes where there is no subject.
    pub subject_tag: [u8; 32],
    /// Commitment to the entry.
    pub commit: [u8; 32],
    /// The actor's tag for the day.
    pub actor_tag: [u8; 32],
    /// How many field keys the entry entitles to.
    pub keys_asked: u16,
}

impl Leaf {
    /// The wire form.
    #[must_use]
    pub fn encode(&self) -> [u8; LEAF_BYTES] {
        let mut out = [0; LEAF_BYTES];
        out[0] = VERSION;
        out[1] = self.kind;
        out[2..4].copy_from_slice(&self.shard.to_be_bytes());
        out[4..8].copy_from_slice(&self.bucket.to_be_bytes());
        out[8..40].copy_from_slice(&self.subject_tag);
        out[40..72].copy_from_slice(&self.commit);
        out[72..104].copy_from_slice(&self.actor_tag);
        out[104..106].copy_from_slice(&self.keys_asked.to_be_bytes());
        out
    }

    /// A leaf from its wire form; `None` if the version or the reserved bytes are not ours.
    #[must_use]
    pub fn decode(bytes: &[u8; LEAF_BYTES]) -> Option<Self> {
        let array = |at: usize| -> [u8; 32] { bytes[at..at + 32].try_into().expect("32 bytes lie there") };
        (bytes[0] == VERSION && bytes[106..] == [0; 6]).then(|| Self {
            kind: bytes[1],
            shard: u16::from_be_bytes([bytes[2], bytes[3]]),
            bucket: u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
            subject_tag: array(8),
            commit: array(40),
            actor_tag: array(72),
            keys_asked: u16::from_be_bytes([bytes[104], bytes[105]]),
        })
    }

    /// The day that its bucket lies in, counted from the epoch.
    #[must_use]
    pub fn day(&self) -> u32 {
        self.bucket / 144
    }

    /// What happened, if this build knows the kind.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_wire(self.kind)
    }
}

/// The subject's tag in a leaf's wire form.
#[must_use]
pub fn tag_of(leaf: &[u8; LEAF_BYTES]) -> [u8; 32] {
    leaf[8..40].try_into().expect("32 bytes lie there")
}

/// The commitment to an entry's CBOR under a random salt: SHA-256(domain ‖ salt ‖ CBOR).
#[must_use]
pub fn commitment(salt: &[u8; 32], cbor: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(b"teeka/entry/v1").chain_update(salt).chain_update(cbor).finalize().into()
}

/// The ten-minute bucket of a time in milliseconds since the epoch.
#[must_use]
pub fn bucket(at_ms: i64) -> u32 {
    u32::try_from(at_ms / 1000 / BUCKET_SECONDS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_112_bytes_in_the_written_order() {
        let leaf = Leaf {
            kind: 1,
            shard: 0x0203,
            bucket: 0x0405_0607,
            subject_tag: [0xaa; 32],
            commit: [0xbb; 32],
            actor_tag: [0xcc; 32],
            keys_asked: 0x0809,
        };
        let bytes = leaf.encode();
        assert_eq!(bytes[..8], [1, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(bytes[104..], [8, 9, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Leaf::decode(&bytes), Some(leaf));
        for at in [0, 106, 111] {
            let mut other = bytes;
            other[at] ^= 1;
            assert_eq!(Leaf::decode(&other), None, "byte {at}");
        }
    }
}
