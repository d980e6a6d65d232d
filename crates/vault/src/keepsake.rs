//! What a browser keeps of us between its sign-ins: random bytes by which it is known again, and a mark for each of the last
//! phones that signed in there. A mark shows, before anything is looked up, that codes to that phone go on a count of this
//! browser's own, which no stranger can use up. It is no factor: nobody is let in for it.

use crate::Vault;
use crate::caller::Asked;
use registry::Phone;
use store::command::Lane;
use subtle::{Choice, ConstantTimeEq};

const NAME: usize = 32;
const MARK: usize = 16;
/// A phone that a family shares with its neighbours: more of them lose the oldest.
const MARKS: usize = 4;

/// What a browser keeps. Its length says nothing: a place without a mark is filled by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keepsake {
    pub(crate) name: [u8; NAME],
    marks: [[u8; MARK]; MARKS],
}

impl Keepsake {
    /// Bytes that it takes.
    pub const LENGTH: usize = NAME + MARKS * MARK;

    /// What a browser shows. Where that is nothing of ours it keeps `fresh`, random bytes, from now on; a name that it was given
    /// before there were marks stays its name.
    #[must_use]
    pub fn read(shown: &[u8], mut fresh: [u8; Self::LENGTH]) -> Self {
        if matches!(shown.len(), NAME | Self::LENGTH) {
            fresh[..shown.len()].copy_from_slice(shown);
        }
        let (name, rest) = fresh.split_first_chunk().expect("a name is shorter than the whole");
        let mut marks = [[0; MARK]; MARKS];
        marks.as_flattened_mut().copy_from_slice(rest);
        Self { name: *name, marks }
    }

    /// What the browser is given to keep.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        [&self.name, self.marks.as_flattened()].concat()
    }

    fn bears(&self, mark: &[u8; MARK]) -> bool {
        // All are compared, so that the time does not say which.
        self.marks.iter().fold(Choice::from(0), |found, one| found | one.ct_eq(mark)).into()
    }

    /// The same with this mark as its newest.
    fn with(mut self, mark: [u8; MARK]) -> Self {
        let place = self.marks.iter().position(|one| *one == mark).unwrap_or(MARKS - 1);
        self.marks[..=place].rotate_right(1);
        self.marks[0] = mark;
        self
    }
}

impl Vault {
    /// The browser that asks, if it bears the mark of this phone.
    pub(crate) fn marked(&self, asked: Asked, phone: &Phone) -> Option<Keepsake> {
        asked.browser.filter(|keepsake| keepsake.bears(&self.mark(keepsake, phone.digits())))
    }

    /// The keepsake of a browser from which a phone signed in.
    pub(crate) fn marks(&self, keepsake: Keepsake, digits: &str) -> Keepsake {
        keepsake.with(self.mark(&keepsake, digits))
    }

    fn mark(&self, keepsake: &Keepsake, digits: &str) -> [u8; MARK] {
        let mac = self.secrets.code_hash(&[b"mark", &keepsake.name], digits.as_bytes());
        *mac.first_chunk().expect("sixteen of thirty-two")
    }

    /// Under which the store knows a browser at a phone, and its lane there.
    pub(crate) fn browser_hash(&self, keepsake: &Keepsake, index: &[u8; 32]) -> [u8; 32] {
        self.secrets.code_hash(&[b"browser", index], &keepsake.name)
    }

    /// In whose count a code goes to the phone with this index.
    pub(crate) fn lane(&self, marked: Option<&Keepsake>, index: &[u8; 32]) -> Lane {
        marked.map_or(Lane::Anyone, |keepsake| Lane::Browser(self.browser_hash(keepsake, index)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keepsake() -> Keepsake {
        Keepsake::read(&[], std::array::from_fn(|at| u8::try_from(at).unwrap()))
    }

    #[test]
    fn what_is_shown_is_kept_and_what_is_not_ours_is_replaced_by_chance() {
        let (fresh, whole) = ([9; Keepsake::LENGTH], [7; Keepsake::LENGTH]);
        for (shown, name, mark) in [
            (&whole[..], [7; NAME], [7; MARK]),
            (&[7; NAME][..], [7; NAME], [9; MARK]),
            (&[], [9; NAME], [9; MARK]),
            (&[7; Keepsake::LENGTH - 1], [9; NAME], [9; MARK]),
            (&[7; Keepsake::LENGTH + 1], [9; NAME], [9; MARK]),
        ] {
            let kept = Keepsake::read(shown, fresh);
            assert_eq!(kept, Keepsake { name, marks: [mark; MARKS] }, "{} bytes", shown.len());
            assert_eq!(Keepsake::read(&kept.bytes(), whole), kept);
        }
    }

    #[test]
    fn the_last_four_phones_have_their_marks_however_often_each_comes() {
        // The phones that signed in one after the other, and those whose marks are left, newest first.
        for (signed_in, left) in [
            (&[1][..], &[1][..]),
            (&[1, 1, 1], &[1]),
            (&[1, 2, 1], &[1, 2]),
            (&[1, 2, 3, 4], &[4, 3, 2, 1]),
            (&[1, 2, 3, 4, 5], &[5, 4, 3, 2]),
            (&[1, 2, 3, 4, 1, 5], &[5, 1, 4, 3]),
        ] {
            let kept = signed_in.iter().fold(keepsake(), |kept, phone| kept.with([100 + phone; MARK]));
            let marks: Vec<_> = left.iter().map(|phone| [100 + phone; MARK]).collect();
            assert_eq!(&kept.marks[..marks.len()], marks, "{signed_in:?}");
            assert!((1..=5).all(|phone| kept.bears(&[100 + phone; MARK]) == left.contains(&phone)));
            assert_eq!(kept.name, keepsake().name);
        }
    }
}
