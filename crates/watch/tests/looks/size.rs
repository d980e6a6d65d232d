//! How large the proofs of completeness are in a log of a nation's size.

use ledger::LEAF_BYTES;
use ledger::index::Span;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use watch::check::{FORMAT, Found, Indexed, Looks, Row};

/// Ten million entries on a day.
const A_DAY: u64 = 10_000_000;
const YEARS: u32 = 3;
const HASH_BYTES: usize = 32;

/// Fifty looks over three years: the tags and hashes that prove each span fit in twelve kilobytes.
#[test]
fn three_years_of_a_nation_are_proven_complete_in_twelve_kilobytes() {
    let mut chance = ChaCha8Rng::seed_from_u64(3);
    let (mut most, mut sum) = (0, 0);
    let days = 20_779..20_779 + 365;
    for today in days.clone() {
        let file = file(today, &mut chance);
        let bytes = found_bytes(&file);
        (most, sum) = (most.max(bytes), sum + bytes);
        if today == days.start {
            let whole = serde_json::to_string(&file).unwrap().len();
            let indexes = serde_json::to_string(&file.indexes).unwrap().len();
            println!(
                "{} spans: {bytes} bytes of tags and hashes; as JSON with the openings of the roots {indexes} bytes, \
                 the whole file {whole} bytes",
                file.indexes.len()
            );
        }
    }
    println!("over a year: {} bytes in the mean, {most} at most", sum / days.len());
    assert!(most <= 12_000, "{most} bytes");
}

fn found_bytes(file: &Looks) -> usize {
    file.indexes.iter().map(|index| HASH_BYTES * (index.found.tags.len() + index.found.proof.len())).sum()
}

/// A file of the right lengths, in which nothing is true.
fn file(today: u32, chance: &mut ChaCha8Rng) -> Looks {
    let leaves = u64::from(today) * A_DAY;
    let mut row = |entry: usize| {
        let position = chance.next_u64() % leaves;
        let inclusion = vec![[7; HASH_BYTES]; beside(0, leaves, position, position + 1)];
        Row { position, leaf: [0; LEAF_BYTES], salt: [0; 32], entry: vec![0; entry], inclusion }
    };
    let entries = (0..50).map(|_| row(110)).collect();
    let spans = Span::covering(today - YEARS * 365, today);
    let rows: Vec<Row> = spans.iter().map(|_| row(150)).collect();
    let found = |span: &Span| {
        let tags = A_DAY << span.log2_days;
        let first = chance.next_u64() % (tags - 1);
        let proof = vec![[7; HASH_BYTES]; beside(0, tags, first, first + 2)];
        Found { first, tags: vec![[7; HASH_BYTES]; 2], proof }
    };
    let found: Vec<Found> = spans.iter().map(found).collect();
    let indexes = rows.into_iter().zip(found).map(|(row, found)| Indexed { row, found }).collect();
    Looks {
        format: FORMAT.into(),
        policy: "x".repeat(500),
        checkpoint: "x".repeat(700),
        tag_key: [0; 32],
        entries,
        waiting: 0,
        indexes,
    }
}

/// How many subtrees of `low..high` a proof about the leaves `first..end` has.
fn beside(low: u64, high: u64, first: u64, end: u64) -> usize {
    if high <= first || end <= low {
        return 1;
    }
    if high - low == 1 {
        return 0;
    }
    let middle = low + (high - low).next_power_of_two() / 2;
    beside(low, middle, first, end) + beside(middle, high, first, end)
}
