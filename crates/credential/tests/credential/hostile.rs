//! What strangers hand over. Nothing here may panic, and nothing may be believed.

use std::io::Write as _;

use credential::{Certificate, VerifyError, paper, qr, verify};
use flate2::{Compression, write::ZlibEncoder};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::paper::certificate_sheet;
use crate::sample::{certificate, issuer};

const SEED: u64 = 0x7ee_4a1;

fn text_of(certificate: &Certificate) -> String {
    qr::to_text(&issuer().issue(certificate).unwrap())
}

fn below(random: &mut ChaCha8Rng, end: usize) -> usize {
    usize::try_from(random.next_u64() % u64::try_from(end).unwrap()).unwrap()
}

/// Flips, cuts, repeats and inserts bytes.
fn spoil(original: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=below(random, 4) {
        let at = below(random, bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        match below(random, 4) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at.min(bytes.len()), random.next_u32().to_le_bytes()[0]),
            2 => bytes.extend_from_within(at..),
            _ => bytes[at..].iter_mut().take(1).for_each(|byte| *byte ^= 1 << (at % 8)),
        }
        bytes.truncate(1 << 20);
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}

fn spoil_often(original: &[u8], times: usize) {
    println!("seed {SEED:#x}");
    let keys = [issuer().key().clone()];
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let expected = certificate(1);
    let mut refused = 0;
    for _ in 0..times {
        match verify(&spoil(original, &mut random), &keys) {
            Ok(believed) => assert!(believed == expected, "believed something never issued"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0, "the spoiling spoils nothing");
}

#[test]
fn spoiled_texts() {
    spoil_often(text_of(&certificate(1)).as_bytes(), 20_000);
}

#[test]
fn spoiled_sheets() {
    let text = text_of(&certificate(1));
    let pdf = paper::typeset(&certificate_sheet(&certificate(1), &text)).unwrap();
    spoil_often(&pdf, 300);
}

#[test]
fn spoiled_pictures() {
    let code = qr::Code::of(&text_of(&certificate(1))).unwrap();
    spoil_often(&code.to_png(3), 300);
}

#[test]
fn noise_in_every_disguise() {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let keys = [issuer().key().clone()];
    for length in 0..600 {
        let mut noise = vec![0; length];
        random.fill_bytes(&mut noise);
        for start in [&b""[..], b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"TEEKA1:"] {
            assert!(verify(&[start, &noise].concat(), &keys).is_err());
        }
        let signed = qr::to_text(&noise);
        assert_ne!(verify(signed.as_bytes(), &keys), Err(VerifyError::NotOurs));
    }
}

#[test]
fn a_pdf_cut_anywhere_is_whole_or_refused() {
    let (certificate, keys) = (certificate(1), [issuer().key().clone()]);
    let pdf = paper::typeset(&certificate_sheet(&certificate, &text_of(&certificate))).unwrap();
    for length in (0..pdf.len()).step_by(97) {
        if let Ok(believed) = verify(&pdf[..length], &keys) {
            assert!(believed == certificate);
        }
    }
}

fn pdf_around(dictionary: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("%PDF-1.7\n1 0 obj\n<</Type /EmbeddedFile {dictionary}>>\nstream\n");
    [head.as_bytes(), body, b"\nendstream\nendobj\n"].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_sheet_saved_again_with_compression_still_verifies() {
    let (certificate, keys) = (certificate(2), [issuer().key().clone()]);
    let body = deflated(text_of(&certificate).as_bytes());
    let pdf = pdf_around("/Filter /FlateDecode", &body);
    assert!(verify(&pdf, &keys).unwrap() == certificate);
}

#[test]
fn two_different_certificates_in_one_pdf_are_refused() {
    let (one, two) = (text_of(&certificate(1)), text_of(&certificate(2)));
    let keys = [issuer().key().clone()];
    let pdf = [pdf_around("", one.as_bytes()), pdf_around("", two.as_bytes())].concat();
    assert_eq!(verify(&pdf, &keys), Err(VerifyError::Several));
    let pdf = [pdf_around("", one.as_bytes()), pdf_around("", one.as_bytes())].concat();
    assert!(verify(&pdf, &keys).is_ok());
}

#[test]
fn bombs_do_not_go_off() {
    let keys = [issuer().key().clone()];
    let huge = vec![b' '; 200 << 20];
    let bomb = pdf_around("/Filter /FlateDecode", &deflated(&huge));
    assert!(bomb.len() < 1 << 20);
    assert_eq!(verify(&bomb, &keys), Err(VerifyError::NotOurs));
    assert_eq!(verify(&huge, &keys), Err(VerifyError::TooLarge));
    let nested = qr::to_text(&[&[0xd2_u8][..], &[0x81; 2_000]].concat());
    assert_eq!(verify(nested.as_bytes(), &keys), Err(VerifyError::Altered));
    let streams = [&b"%PDF-1.7\n"[..], &b"obj stream\n".repeat(100_000)].concat();
    assert_eq!(verify(&streams, &keys), Err(VerifyError::NotOurs));
    let ends = [&b"%PDF-1.7\n"[..], &b" obj stream endstream".repeat(100_000)].concat();
    assert_eq!(verify(&ends, &keys), Err(VerifyError::NotOurs));
}

#[test]
fn a_picture_that_only_claims_to_be_vast_is_refused_by_its_header() {
    let keys = [issuer().key().clone()];
    for (width, height) in [(4_001, 1), (1, 4_001), (2_147_483_647, 2_147_483_647)] {
        let mut bytes = Vec::new();
        let writer = png::Encoder::new(&mut bytes, width, height).write_header().unwrap();
        drop(writer);
        assert_eq!(verify(&bytes, &keys), Err(VerifyError::TooLarge), "{width} x {height}");
    }
}

#[test]
fn random_names_are_set_and_signed() {
    println!("seed {SEED:#x}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let issuer = issuer();
    let keys = [issuer.key().clone()];
    for _ in 0..60 {
        let mut certificate = certificate(1);
        let letters = (0..=below(&mut random, 40)).map(|_| letter(&mut random));
        certificate.name = format!("A{}", letters.collect::<String>());
        let text = qr::to_text(&issuer.issue(&certificate).unwrap());
        let pdf = paper::typeset(&certificate_sheet(&certificate, &text)).unwrap();
        assert!(verify(&pdf, &keys).unwrap() == certificate, "{:?}", certificate.name);
    }
}

/// Half of them from the Indian blocks, the others from anywhere.
fn letter(random: &mut ChaCha8Rng) -> char {
    let code = if random.next_u32().is_multiple_of(2) {
        0x900 + random.next_u32() % 0x480
    } else {
        random.next_u32() % 0x11_0000
    };
    char::from_u32(code).unwrap_or('\u{200d}')
}
