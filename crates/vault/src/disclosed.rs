//! What may be shown.

use crate::Specimen;
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

/// What an answer may be made of: a record whose showing is written down, or one of nobody.
pub trait Shown<T>: Deref<Target = T> + sealed::Sealed {}
impl<T> Shown<T> for Disclosed<T> {}
impl<T> Shown<T> for Specimen<T> {}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::Disclosed<T> {}
    impl<T> Sealed for super::Specimen<T> {}
}
