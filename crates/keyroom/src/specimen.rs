//! Keys of nobody, for measuring what a receipt costs.

use crate::{FieldKey, field_key};
use ledger::Opening;
use zeroize::Zeroizing;

/// A data key that is no person's: what it opens was sealed with it, and with nothing else.
pub struct Specimens(Zeroizing<[u8; 32]>);

impl Specimens {
    /// From fresh random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// The key of one version of a field, derived as a person's is.
    #[must_use]
    pub fn key(&self, opening: Opening, salt: &[u8; 16]) -> FieldKey {
        field_key(&self.0, opening, salt)
    }
}
