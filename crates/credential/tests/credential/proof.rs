//! Certificates as they are issued, carried, changed and verified.

use credential::{Certificate, IssueError, Issuer, IssuerKey, VerifyError, qr, verify};

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
        let same_key =
            damaged.parse::<IssuerKey>().is_ok_and(|parsed| parsed.id() == key.id() && parsed.name() == key.name());
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

/// Bytes that say the same in another way, or say more, are not what was signed.
#[test]
fn other_encodings_of_the_same_certificate_are_refused() {
    let issuer = issuer();
    let keys = [issuer.key().clone()];
    let cwt = issuer.issue(&certificate(1)).unwrap();
    let refused = |bytes: &[u8]| verify(qr::to_text(bytes).as_bytes(), &keys) == Err(VerifyError::Altered);
    assert_eq!(cwt[..3], [0xd2, 0x84, 0x4d], "tag 18, array of four, 13 bytes of protected header");
    let header_end = 3 + 13;
    assert_eq!(cwt[header_end], 0xa0, "the unprotected header is the empty map");
    let spliced = |at: usize, remove: usize, insert: &[u8]| [&cwt[..at], insert, &cwt[at + remove..]].concat();
    assert!(refused(&cwt[1..]), "without its tag");
    assert!(refused(&spliced(0, 1, &[0xd8, 0x12])), "tag in two bytes");
    assert!(refused(&spliced(0, 1, &[0xd1])), "another tag");
    assert!(refused(&[&[0xd8, 0x3d][..], &cwt].concat()), "tagged as CWT besides");
    assert!(refused(&[&cwt[..], &[0]].concat()), "a trailing byte");
    assert!(refused(&[&spliced(1, 1, &[0x9f])[..], &[0xff]].concat()), "array of indefinite length");
    assert!(refused(&spliced(2, 1, &[0x58, 13])), "length in two bytes");
    assert!(refused(&spliced(header_end, 1, &[0xbf, 0xff])), "map of indefinite length");
    assert!(refused(&spliced(header_end, 1, &[0xa1, 0x04, 0x40])), "a key id in the unprotected header");
    assert!(refused(&spliced(header_end, 1, &[0xa1, 0x20, 0x01])), "an unknown unprotected entry");
}

#[test]
fn text_survives_the_mail_but_not_a_second_spelling() {
    let issuer = issuer();
    let keys = [issuer.key().clone()];
    let text = qr::to_text(&issuer.issue(&certificate(1)).unwrap());
    let lines: Vec<&str> = text.as_bytes().chunks(60).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let wrapped = lines.join("\r\n");
    assert!(verify(format!("\n\t {wrapped} \n").as_bytes(), &keys).is_ok());
    // 'Z' is 35 and '0' is 0: a pair may say 35 + 45 * 7 = 350, which is not a byte.
    assert_eq!(verify(format!("{text}Z7").as_bytes(), &keys), Err(VerifyError::Altered));
    assert_eq!(verify(text.to_lowercase().as_bytes(), &keys), Err(VerifyError::NotOurs));
    assert_eq!(verify(b"", &keys), Err(VerifyError::NotOurs));
    assert_eq!(verify(&[0xff, 0xfe], &keys), Err(VerifyError::NotReadable));
}

#[test]
fn only_the_named_issuer_counts() {
    let certificate = certificate(1);
    let text = qr::to_text(&issuer().issue(&certificate).unwrap());
    let stranger = Issuer::from_seed(&[8; 32], "teeka.example").unwrap();
    assert_eq!(verify(text.as_bytes(), &[stranger.key().clone()]), Err(VerifyError::UnknownIssuer));
    assert_eq!(verify(text.as_bytes(), &[]), Err(VerifyError::UnknownIssuer));
    let renamed = Issuer::from_seed(&[7; 32], "other.example").unwrap();
    assert_eq!(verify(text.as_bytes(), &[renamed.key().clone()]), Err(VerifyError::Altered));
    assert!(verify(text.as_bytes(), &[stranger.key().clone(), issuer().key().clone()]).is_ok());
}

#[test]
fn what_no_verifier_would_take_is_not_issued() {
    let issuer = issuer();
    let spoiled = |spoil: fn(&mut Certificate)| {
        let mut certificate = certificate(1);
        spoil(&mut certificate);
        issuer.issue(&certificate).unwrap_err()
    };
    assert_eq!(spoiled(|c| c.version = 0), IssueError::Field("version"));
    assert_eq!(spoiled(|c| c.name = " ".to_owned()), IssueError::Field("name"));
    assert_eq!(spoiled(|c| c.doses.clear()), IssueError::Field("doses"));
    assert_eq!(spoiled(|c| c.doses[0].number = 2), IssueError::Field("doses"));
    assert!(matches!(spoiled(|c| c.name = "x".repeat(2_300)), IssueError::TooLong { .. }));
    assert!(Issuer::from_seed(&[7; 32], "a+b").is_err());
}

#[test]
fn nothing_personal_is_in_a_debug_line() {
    let line = format!("{:?}", certificate(1));
    assert_eq!(line, "Certificate { id: \"30313233343536373839616263646566\", version: 1, .. }");
}

/// What an ADR says about sizes is measured here. Columns: doses, CWT bytes, characters, QR side.
#[test]
fn the_size_table() {
    let measured = [1, 2, 3, 5, 10].map(|doses| {
        let cwt = issuer().issue(&certificate(doses)).unwrap();
        let text = qr::to_text(&cwt);
        (doses, cwt.len(), text.len(), qr::Code::of(&text).unwrap().side())
    });
    assert_eq!(measured, SIZES);
}

const SIZES: [(u8, usize, usize, usize); 5] =
    [(1, 378, 574, 77), (2, 409, 621, 81), (3, 440, 667, 85), (5, 502, 760, 89), (10, 657, 993, 101)];
