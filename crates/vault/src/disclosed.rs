//! What may be shown.

use std::ops::Deref;

/// A record whose showing is written down. Made in one place, [`Vault::disclose`](crate::Vault::disclose); only
/// such a value and public types can become a response, so an unrecorded read cannot be shown.
///
/// ```compile_fail
/// // Nobody makes one outside the vault.
/// let forged = vault::Disclosed { value: "Asha" };
/// ```
pub struct Disclosed<T> {
    value: T,
}

impl<T> Disclosed<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value }
    }
}

impl<T> Deref for Disclosed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}
