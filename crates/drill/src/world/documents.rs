//! Made-up identity documents: each number has the form and the check digit of its kind and belongs to nobody.

use super::chance::scramble;

/// An identity document as a citizen would type it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Id of the kind in the contract: 1 Aadhaar, 2 driving licence, 6 PAN, 8 passport, 12 voter id.
    pub kind: u8,
    /// The number, unique in its kind within one world.
    pub number: String,
}

const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The document of person `index`; six of ten have Aadhaar.
pub(super) fn document(seed: u64, index: u64) -> Document {
    let kind = match scramble(index, seed, 10) {
        0..6 => 1,
        6 => 2,
        7 => 6,
        8 => 8,
        _ => 12,
    };
    let number = match kind {
        1 => aadhaar(seed, index),
        2 => driving_licence(seed, index),
        6 => pan(seed, index),
        8 => passport(seed, index),
        _ => voter(seed, index),
    };
    Document { kind, number }
}

/// Twelve digits, the first 2–9, the last after Verhoeff.
fn aadhaar(seed: u64, index: u64) -> String {
    let body = (20_000_000_000 + scramble(index, seed, 80_000_000_000)).to_string();
    let check = verhoeff(&body);
    format!("{body}{check}")
}

/// State, office, year and seven digits.
fn driving_licence(seed: u64, index: u64) -> String {
    let state = ["MH", "DL", "KA", "TN", "KL", "UP", "BR", "WB"][(index % 8) as usize];
    let office = 1 + index % 40;
    format!("{state}{office:02}{}{:07}", 2000 + index % 20, scramble(index, seed, 10_000_000))
}

/// Three letters, `P` for a person, one letter, four digits, one letter.
fn pan(seed: u64, index: u64) -> String {
    let rank = scramble(index, seed, 26_u64.pow(3) * 10_000 * 26);
    let (rank, last) = (rank / 26, letter(rank));
    let (rank, digits) = (rank / 10_000, rank % 10_000);
    let surname = letter(index);
    format!("{}{}{}P{surname}{digits:04}{last}", letter(rank / 676), letter(rank / 26), letter(rank))
}

/// One letter and seven digits, the first of them not zero.
fn passport(seed: u64, index: u64) -> String {
    let rank = scramble(index, seed, 26 * 5_000_000);
    let first = letter(rank / 5_000_000);
    format!("{first}{}", 1_000_000 + rank % 5_000_000)
}

/// Three letters and seven digits.
fn voter(seed: u64, index: u64) -> String {
    let rank = scramble(index, seed, 26_u64.pow(3) * 10_000_000);
    let (series, digits) = (rank / 10_000_000, rank % 10_000_000);
    format!("{}{}{}{digits:07}", letter(series / 676), letter(series / 26), letter(series))
}

fn letter(rank: u64) -> char {
    char::from(LETTERS[(rank % 26) as usize])
}

/// The Verhoeff check digit of a number: multiplication in the dihedral group of ten elements, written as
/// arithmetic instead of as its table (J. Verhoeff, *Error Detecting Decimal Codes*, 1969).
pub(super) fn verhoeff(digits: &str) -> u8 {
    const FIRST: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut sum = 0;
    for (position, digit) in digits.bytes().rev().enumerate() {
        let mut permuted = digit - b'0';
        for _ in 0..(position + 1) % 8 {
            permuted = FIRST[usize::from(permuted)];
        }
        sum = times(sum, permuted);
    }
    (0..10).find(|check| times(sum, *check) == 0).expect("every element of a group has an inverse")
}

/// The product of two elements: 0–4 are turns, 5–9 are reflections.
fn times(left: u8, right: u8) -> u8 {
    match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right - 5) % 5,
        (false, true) => 5 + (left - 5 + 5 - right) % 5,
        (false, false) => (left + 10 - right) % 5,
    }
}
