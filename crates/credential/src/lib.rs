//! Certificates: issue and verify bytes, draw and read QR codes, set the sheets of paper.
//!
//! A pure room: no clock, no randomness, no files, no network. Values in, values out; keys, times
//! and words are arguments. Whoever has an issuer's public key can verify offline with this crate alone.

pub mod certificate;
mod cwt;
pub mod paper;
mod pdf;
pub mod qr;
pub mod verify;

pub use certificate::{Certificate, Dose, Gender, IdDocument, IssueError, Issuer, IssuerKey, IssuerKeyError};
pub use verify::{VerifyError, verify};
