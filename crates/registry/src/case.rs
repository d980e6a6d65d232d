//! Her rights as cases: what she can have put right, how long it may take, what its two officers may see, and which
//! step follows which.

mod claim;
mod number;
#[cfg(test)]
mod tests;

pub use claim::{Claim, FoundDose, MissingDose, WORDS_MOST, words};
pub use number::CaseNumber;

/// Days after which nobody looks by a case any more, whatever became of it. The key room holds the same.
pub const OPEN_DAYS: i64 = 90;

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Stable short name, used in stores, addresses and for words.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The one with this short name.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

coded!(
    /// What a case is about.
    Kind {
        /// Her name is written wrong.
        WrongName = "wrong-name",
        /// Her year of birth is wrong.
        WrongBirthYear = "wrong-birth-year",
        /// Her gender is wrong.
        WrongGender = "wrong-gender",
        /// A dose stands in her record that she did not get.
        NotMine = "not-mine",
        /// A dose that she got is not in her record.
        Missing = "missing",
        /// Something was wrong with her after a dose.
        Aefi = "aefi",
        /// She has two records.
        Duplicate = "duplicate",
        /// She has another phone, and no way with the one on record: asked in person.
        NumberLost = "number-lost",
        /// She is of age, and goes to a phone of her own: asked in person.
        OfAge = "of-age",
    }
);

coded!(
    /// What of her record the officers of a case may see, besides what she wrote in it.
    Detail {
        /// Name.
        Name = "name",
        /// Year of birth.
        BirthYear = "birth-year",
        /// Gender.
        Gender = "gender",
        /// Kind of identity document and its last four characters.
        IdDocument = "id-document",
        /// Her doses.
        Doses = "doses",
    }
);

impl Kind {
    /// How many days it may take until she is answered.
    #[must_use]
    pub const fn days(self) -> i64 {
        match self {
            Self::Aefi | Self::NumberLost | Self::OfAge => 3,
            Self::WrongName | Self::WrongBirthYear | Self::WrongGender | Self::NotMine => 15,
            // The register of a centre may have to be fetched.
            Self::Missing | Self::Duplicate => 30,
        }
    }

    /// What its officers may see: as little as tells them whether she is right.
    #[must_use]
    pub const fn details(self) -> &'static [Detail] {
        match self {
            // Of another phone, who stood there against the document, and neither number.
            Self::WrongName | Self::NumberLost => &[Detail::Name, Detail::IdDocument],
            Self::WrongBirthYear | Self::OfAge => &[Detail::Name, Detail::BirthYear, Detail::IdDocument],
            Self::WrongGender => &[Detail::Name, Detail::Gender, Detail::IdDocument],
            Self::NotMine => &[Detail::Name, Detail::Doses],
            Self::Missing | Self::Aefi => &[Detail::Name, Detail::BirthYear, Detail::Gender, Detail::Doses],
            // Of both records the same.
            Self::Duplicate => &[Detail::Name, Detail::BirthYear, Detail::Gender, Detail::IdDocument, Detail::Doses],
        }
    }

    /// Where a case of this kind begins. Two records are two people until whoever holds each has shown it.
    #[must_use]
    pub const fn begins(self) -> State {
        if matches!(self, Self::Duplicate) { State::Joining } else { State::Filed }
    }

    /// Whether what is asked for is another phone.
    #[must_use]
    pub const fn moves(self) -> bool {
        matches!(self, Self::NumberLost | Self::OfAge)
    }

    /// Whether an objection of the earlier phone puts her move off until two officers agree. Who is of age moves on her day
    /// unless two officers refuse it before.
    #[must_use]
    pub const fn waits_after_objection(self) -> bool {
        matches!(self, Self::NumberLost)
    }

    /// Why an officer can decide so. The reasons are a closed list: they are read to her in her own language, and no
    /// officer writes about a person in the open.
    #[must_use]
    pub const fn reasons(self, verdict: Verdict) -> &'static [Reason] {
        match (verdict, self) {
            (Verdict::Accept, Self::WrongName | Self::WrongBirthYear | Self::WrongGender) => {
                &[Reason::Document, Reason::Register]
            }
            (Verdict::Accept, Self::NotMine) => &[Reason::Register, Reason::NothingAgainst],
            (Verdict::Accept, Self::Duplicate | Self::NumberLost | Self::OfAge) => {
                &[Reason::Document, Reason::NothingAgainst]
            }
            (Verdict::Accept, Self::Missing) => &[Reason::Register],
            (Verdict::Accept, Self::Aefi) => &[Reason::NothingAgainst],
            (Verdict::Refuse, Self::WrongName | Self::WrongBirthYear | Self::WrongGender | Self::Duplicate) => {
                &[Reason::DocumentDiffers, Reason::Unclear]
            }
            (Verdict::Refuse, Self::NotMine | Self::Missing) => &[Reason::RegisterDiffers, Reason::Unclear],
            (Verdict::Refuse, Self::NumberLost | Self::OfAge) => {
                &[Reason::DocumentDiffers, Reason::HolderObjects, Reason::Unclear]
            }
            (Verdict::Refuse, Self::Aefi) => &[Reason::Unclear],
        }
    }
}

coded!(
    /// What an officer decides.
    Verdict {
        /// She is right: it is done as she says.
        Accept = "accept",
        /// It stays as it is.
        Refuse = "refuse",
    }
);

coded!(
    /// Why.
    Reason {
        /// Her document shows it.
        Document = "document",
        /// The centre's register shows it.
        Register = "register",
        /// Nothing speaks against what she says.
        NothingAgainst = "nothing-against",
        /// Her document shows something else.
        DocumentDiffers = "document-differs",
        /// The centre's register shows something else.
        RegisterDiffers = "register-differs",
        /// Whoever holds the phone on record says, with reason, that it was not her.
        HolderObjects = "holder-objects",
        /// What she wrote is not enough to find it.
        Unclear = "unclear",
    }
);

coded!(
    /// Where a case stands.
    State {
        /// Filed from one of two records; the holder of the other has not joined it.
        Joining = "joining",
        /// A move to another phone, in the day in which the phone on record can object.
        Holding = "holding",
        /// Filed; nobody has taken it.
        Filed = "filed",
        /// With its first officer.
        First = "first",
        /// The first officer has decided; a second is awaited.
        Proposed = "proposed",
        /// With its second officer.
        Second = "second",
        /// Done as she said.
        Settled = "settled",
        /// Left as it was.
        Refused = "refused",
        /// Taken back by herself.
        Withdrawn = "withdrawn",
    }
);

/// A step of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The holder of the other record joins it.
    Join,
    /// An officer takes it.
    Take,
    /// The officer who has it gives it back undecided.
    PutBack,
    /// The first officer decides.
    Propose,
    /// The second officer agrees with the first or not.
    Judge {
        /// What the first decided.
        proposed: Verdict,
        /// Whether the second decides the same.
        agrees: bool,
    },
    /// She takes it back.
    Withdraw,
    /// The phone on record objects to a move.
    Object,
    /// What was asked for happens by itself, as its day is over; or cannot happen any more.
    End {
        /// Whether it happened.
        done: bool,
    },
}

impl State {
    /// Where it stands after a step; `None` where the step cannot be taken.
    ///
    /// Nothing is changed unless two agree on it. And nobody is refused by one alone: if the second would not refuse,
    /// it goes back to the queue.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Filed, Step::Take) => Some(Self::First),
            (Self::Proposed, Step::Take) => Some(Self::Second),
            (Self::Joining, Step::Join) | (Self::First, Step::PutBack) | (Self::Holding, Step::Object) => {
                Some(Self::Filed)
            }
            (Self::Second, Step::PutBack) | (Self::First, Step::Propose) => Some(Self::Proposed),
            (Self::Second, Step::Judge { proposed, agrees }) => Some(match (proposed, agrees) {
                (Verdict::Accept, true) => Self::Settled,
                (Verdict::Accept, false) | (Verdict::Refuse, true) => Self::Refused,
                (Verdict::Refuse, false) => Self::Filed,
            }),
            (open, Step::End { done }) if open.is_open() && !matches!(open, Self::Joining) => {
                Some(if done { Self::Settled } else { Self::Refused })
            }
            (open, Step::Withdraw) if open.is_open() => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether she still waits.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Joining | Self::Holding | Self::Filed | Self::First | Self::Proposed | Self::Second)
    }
}
