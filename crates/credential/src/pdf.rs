//! Finds the text that rides along in our PDF sheets.
//!
//! No object table is followed: attached files are stream objects, which every program that saves a
//! PDF again must leave in the open, so a search for them finds ours in files that others have
//! re-saved too, and a hostile file can at most hide something from it.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::verify::MAX_TEXT_BYTES;

/// A PDF may have a few bytes before its header.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some()
}

/// The texts of all attached files that are short enough to be a certificate.
pub(crate) fn attached_texts(bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = bytes;
    while let Some((dictionary, body, after)) = next_stream(rest) {
        if find(dictionary, b"/EmbeddedFile").is_some() {
            texts.extend(text_of(dictionary, body));
        }
        rest = after;
    }
    texts
}

/// The dictionary and the raw bytes of the first stream in `bytes`, and what follows it.
fn next_stream(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let keyword = find(bytes, b"stream")?;
    let body = &bytes[keyword + b"stream".len()..];
    let end = find(body, b"endstream")?;
    let before = &bytes[..keyword];
    let dictionary = &before[rfind(before, b" obj").unwrap_or(0)..];
    Some((dictionary, &body[..end], &body[end + b"endstream".len()..]))
}

fn text_of(dictionary: &[u8], body: &[u8]) -> Option<String> {
    let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n"))?;
    let mut text = Vec::new();
    if find(dictionary, b"/FlateDecode").is_some() {
        // What inflates beyond a certificate's size is none, however small it came.
        let limit = u64::try_from(MAX_TEXT_BYTES).ok()?;
        ZlibDecoder::new(body).take(limit).read_to_end(&mut text).ok()?;
    } else {
        text.extend_from_slice(body.get(..body.len().min(MAX_TEXT_BYTES))?);
    }
    String::from_utf8(text).ok()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}
