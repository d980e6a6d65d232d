//! Steps of a registration whose phone, document and person are in several shards: `docs/adr/0019-two-shards.md`. Each may come twice.

use super::{FamilyHold, Joins, Register, Word};
use registry::PersonId;

/// See [`Effect::Claim`](super::Effect::Claim).
#[derive(Debug, Clone)]
pub enum ClaimStep {
    /// In the shard of a key: claims it for somebody, for a while. A phone or document that another has is refused.
    Claim(Claim),
    /// In her shard: decides the registration. She is registered, or the command is refused and nothing is written.
    Enter(Enter),
    /// In the shard of her phone: somebody may have her leave, and knows the family that she leaves. Nothing ends yet.
    Part {
        /// Who is to leave.
        person: PersonId,
        /// From which family, and by which sign-in.
        by: FamilyHold,
    },
    /// In her shard: a registration that was not decided never will be.
    Settle {
        /// Whose.
        person: PersonId,
        /// What may be claimed for her.
        keys: ClaimKeys,
    },
    /// In the shard of a key: what became of the claim on it.
    Tell(ClaimTold),
    /// In her shard: the key's shard has been told.
    Answered(ClaimTold),
    /// In the shard of her phone: every sign-in there ends, for what it remembers of her is not right any more.
    Recall(Recall),
    /// In her shard: the phone's shard has been told.
    Recalled(Recall),
}

/// The keys by which somebody may be found, each in the shard of its own first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimKeys {
    /// Index of her phone.
    pub phone: Option<[u8; 32]>,
    /// Token of her document.
    pub document: Option<[u8; 32]>,
}

impl ClaimKeys {
    /// What is to be claimed for a new person.
    #[must_use]
    pub fn of(new: &Register) -> Self {
        let phone = match &new.joins {
            Joins::Family(hold) => Some(hold.phone),
            Joins::Pending { phone, .. } => Some(*phone),
            Joins::Alone => None,
        };
        Self { phone, document: new.id_token }
    }

    /// Each that there is.
    pub fn each(self) -> impl Iterator<Item = (ClaimOn, [u8; 32])> {
        let both = [(ClaimOn::Phone, self.phone), (ClaimOn::Document, self.document)];
        both.into_iter().filter_map(|(on, key)| Some((on, key?)))
    }
}

/// What a claim is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimOn {
    /// A phone: so many may claim it as a family may have.
    Phone,
    /// A document: one may claim it.
    Document,
}

impl ClaimOn {
    /// Stable short name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Document => "document",
        }
    }

    pub(crate) fn from_code(code: &str) -> Self {
        if code == Self::Phone.code() { Self::Phone } else { Self::Document }
    }
}

/// A key to be claimed.
#[derive(Debug, Clone)]
pub struct Claim {
    /// For whom.
    pub person: PersonId,
    /// Which of the keys.
    pub on: ClaimOn,
    /// Both keys: who settles one claim releases the other, too.
    pub keys: ClaimKeys,
    /// How she joins the phone, where the claim is on it.
    pub joins: Joins,
    /// Now, milliseconds since the epoch.
    pub now_ms: i64,
    /// When the sweeper asks what became of it, milliseconds since the epoch.
    pub expires_ms: i64,
}

/// Somebody of whom sign-ins at a phone remember what is not right any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recall {
    /// Who.
    pub person: PersonId,
    /// Index of the phone.
    pub phone: [u8; 32],
}

/// A registration to be decided, with what could be claimed for it.
#[derive(Debug, Clone)]
pub struct Enter {
    /// Who.
    pub new: Register,
    /// Whether her phone is claimed.
    pub has_phone: bool,
    /// Whether her document is.
    pub has_document: bool,
}

/// What the shard of a key is told of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimTold {
    /// Whose.
    pub person: PersonId,
    /// On what.
    pub on: ClaimOn,
    /// Which.
    pub key: [u8; 32],
    /// What became of it.
    pub word: Word,
}
