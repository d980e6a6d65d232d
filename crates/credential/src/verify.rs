//! Verification, offline: whatever a person hands over, a certificate or a plain refusal comes out.

use crate::certificate::{Certificate, IssuerKey};
use crate::qr::{self, PictureError};
use crate::{cwt, pdf};

/// The largest file that is looked at.
pub const MAX_FILE_BYTES: usize = 10 << 20;

/// The longest text that is looked at, twice what the longest certificate needs.
pub const MAX_TEXT_BYTES: usize = 8 << 10;

/// Verifies our PDF, a PNG with our QR code, or our text form; which it is, is seen from the bytes.
///
/// `Ok` means that one of `keys` signed exactly this certificate. Whether it has been superseded is
/// not in it: compare its `id` and `version` with a list that is as fresh as it needs to be.
/// Show what the returned certificate says, never what the page around it says.
///
/// # Errors
/// [`VerifyError`], in the words of the person at the gate.
pub fn verify(bytes: &[u8], keys: &[IssuerKey]) -> Result<Certificate, VerifyError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(VerifyError::TooLarge);
    }
    if pdf::is_pdf(bytes) {
        return one_of(pdf::attached_texts(bytes), keys);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return one_of(texts_of_picture(bytes)?, keys);
    }
    if bytes.len() > MAX_TEXT_BYTES {
        return Err(VerifyError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| VerifyError::NotReadable)?;
    verify_text(text, keys)
}

fn verify_text(text: &str, keys: &[IssuerKey]) -> Result<Certificate, VerifyError> {
    if !is_ours(text) {
        return Err(VerifyError::NotOurs);
    }
    cwt::decode(&qr::from_text(text).ok_or(VerifyError::Altered)?, keys)
}

fn is_ours(text: &str) -> bool {
    text.trim_start().starts_with(qr::PREFIX)
}

fn texts_of_picture(bytes: &[u8]) -> Result<Vec<String>, VerifyError> {
    let texts = qr::read_png(bytes).map_err(|error| match error {
        PictureError::TooLarge => VerifyError::TooLarge,
        PictureError::Damaged => VerifyError::NotReadable,
    })?;
    if texts.is_empty() { Err(VerifyError::NotReadable) } else { Ok(texts) }
}

/// Verifies the one text of ours among `texts`. Two different ones in one file are refused: nobody
/// could tell which of them the paper shows.
fn one_of(mut texts: Vec<String>, keys: &[IssuerKey]) -> Result<Certificate, VerifyError> {
    texts.retain(|text| is_ours(text));
    texts.sort_unstable();
    texts.dedup();
    match texts.as_slice() {
        [] => Err(VerifyError::NotOurs),
        [text] => verify_text(text, keys),
        [..] => Err(VerifyError::Several),
    }
}

/// Why something handed over is not a certificate that can be relied on.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerifyError {
    /// It could be read, but holds no certificate of this kind.
    #[error("this holds no Teeka certificate")]
    NotOurs,
    /// It holds several different certificates.
    #[error("this holds several different certificates; check them one by one")]
    Several,
    /// It names an issuer whose key is not among the given ones.
    #[error("the issuer of this certificate is not known here")]
    UnknownIssuer,
    /// It was changed or damaged after it was signed.
    #[error("this certificate was altered or damaged after it was signed")]
    Altered,
    /// A picture in which no code can be seen, or a file that cannot be read.
    #[error("this cannot be read")]
    NotReadable,
    /// Larger than any certificate, or a picture larger than 4,000 pixels on a side.
    #[error("this is too large")]
    TooLarge,
}
