//! Restores: which entries of the log the data that came back did not know. The public `RESTORE` entry says it.

use std::ops::Range;

/// The statement of a `RESTORE` entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Positions of the entries that the log has, and the data had not.
    pub lost: Range<u64>,
}

impl Restored {
    /// CBOR: one array `[first, end]`, the end not included.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut out = Vec::new();
        ciborium::into_writer(&(self.lost.start, self.lost.end), &mut out).expect("writing to memory does not fail");
        out
    }

    /// The statement from its CBOR; `None` if it is not one, or not in its one encoding.
    #[must_use]
    pub fn from_cbor(bytes: &[u8]) -> Option<Self> {
        let (first, end): (u64, u64) = ciborium::from_reader(bytes).ok()?;
        let said = Self { lost: first..end };
        (said.to_cbor() == bytes && first < end).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use super::Restored;

    #[test]
    fn a_statement_has_one_encoding_and_loses_something() {
        let said = Restored { lost: 7..53 };
        assert_eq!(Restored::from_cbor(&said.to_cbor()), Some(said));
        assert_eq!(Restored::from_cbor(&Restored { lost: 7..7 }.to_cbor()), None);
        for other in [&[0x82, 0x18, 0x07, 0x18, 0x35][..], &[0x82, 0x07], b"", &[0x82, 0x07, 0x18, 0x35, 0x00]] {
            assert_eq!(Restored::from_cbor(other), None, "{other:?}");
        }
    }
}
