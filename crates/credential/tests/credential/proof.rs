//! Certificates as they are issued, carried, changed and verified.

use credential::{IssuerKey, VerifyError, qr, verify};

use crate::sample::{certificate, issuer};

#[test]
fn a_text_form_verifies_and_says_what_was_issued() {
    let issuer = issuer();
    for doses in [1, 2, 5, 10] {
        let certificate = certificate(doses);
        let text = qr::to_text(&issuer.issue(&certificate).unwrap());
        let verified = verify(text.as_bytes(), &[issuer.key().clone()]).unwrap();
        assert!(verified == certificate, "{doses} doses");
    }
}

#[test]
fn the_published_key_reads_back_and_a_damaged_one_does_not() {
    let key = issuer().key().clone();
    let text = key.to_string();
    assert_eq!(text.parse::<IssuerKey>().unwrap(), key);
    for at in 0..text.len() {
        let mut damaged = text.clone().into_bytes();
        damaged[at] ^= 1;
        let damaged = String::from_utf8(damaged).unwrap();
        let same_key = damaged.parse::<IssuerKey>().is_ok_and(|parsed| parsed.id() == key.id() && parsed.name() == key.name());
        assert!(!same_key, "position {at} of {text}");
    }
}

#[test]
fn every_single_changed_byte_is_refused() {
    let issuer = issuer();
    let keys = [issuer.key().clone()];
    let cwt = issuer.issue(&certificate(1)).unwrap();
    let mut refused = 0_usize;
    for at in 0..cwt.len() {
        for change in 1..=255_u8 {
            let mut changed = cwt.clone();
            changed[at] ^= change;
            let outcome = verify(qr::to_text(&changed).as_bytes(), &keys);
            assert!(matches!(outcome, Err(VerifyError::Altered | VerifyError::UnknownIssuer)), "byte {at} ^ {change}");
            refused += 1;
        }
    }
    assert_eq!(refused, cwt.len() * 255);
}
