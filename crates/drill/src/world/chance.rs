//! Seeded chance. Every draw names its stream, so that adding a person never changes a centre.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// What a stream of chance is for; streams of one seed never overlap.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    /// Centres with their addresses.
    Centre = 1,
    /// Sessions and batches.
    Session = 2,
    /// Names of staff.
    Staff = 3,
    /// The sizes of the families in one block of people.
    Family = 4,
    /// One person.
    Person = 5,
}

/// Draws from one stream of one seed.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// The draws of `stream` number `index` under `seed`.
    pub(super) fn new(seed: u64, stream: Stream, index: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(((stream as u64) << 56) | index);
        Self(rng)
    }

    /// A number from 0 to `limit` - 1; the bias of the multiplication is below 2⁻³².
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * limit as u128;
        usize::try_from(wide >> 64).expect("the product shifted by 64 bits is below `limit`")
    }

    /// True in `percent` of 100 draws.
    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Sixteen bytes, for an id.
    pub(super) fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// A one-to-one shuffle of 0..`modulus` by a multiplier that shares no factor with it, so that numbers
/// made from different indexes are different without remembering any. `modulus` may have the prime factors
/// 2, 5 and 13 only (decimal digits and letters), which the multiplier has none of.
pub(super) fn scramble(index: u64, seed: u64, modulus: u64) -> u64 {
    const MULTIPLIER: u128 = 2_654_435_761;
    // Each modulus begins elsewhere, so that phones and documents of one seed do not share their digits.
    let begin = seed.wrapping_add(modulus).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let wide = (u128::from(index) * MULTIPLIER + u128::from(begin)) % u128::from(modulus);
    u64::try_from(wide).expect("a remainder is below its modulus")
}
