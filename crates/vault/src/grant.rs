//! By what right a person's data is opened. Closed: five variants, each names one subject and carries evidence.
//! There is no service, admin, partner, trusted, white-listed or break-glass variant.

use ledger::{Field, Fields, GrantKind};
use registry::{PersonId, TransactionId};
use store::command::Effect;
use store::command::consent::ConsentEffect;
use store::rows::OrderEntry;
use uuid::Uuid;

/// A right to open one person's data. Its evidence is private: a grant can only be had from the vault, which
/// checks what it rests on.
pub enum Grant {
    /// She is of the signed-in phone's family.
    CitizenOtp(Evidence),
    /// A rostered vaccinator, this session, and she showed that she is there.
    Presence(Evidence),
    /// A named client, named fields, a purpose, a number of reads, an end.
    Consent(Evidence),
    /// Her contact, straight to the messenger.
    Notice(Evidence),
    /// A case of hers, or a numbered lawful order: two officers.
    Case(Evidence),
}

/// What a grant rests on.
pub struct Evidence {
    pub(crate) subject: PersonId,
    /// The sign-in, the appointment, the consent or the case.
    pub(crate) on: [u8; 16],
    /// Whose hands it is good in: the hash of a token, or nobody's.
    pub(crate) holder: [u8; 32],
    /// Her entry that it rests on: of her sign-in, her check-in, her consent, her case.
    pub(crate) ground: Option<Ground>,
}

/// Where an entry of hers is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Ground {
    /// By its place among her entries.
    Count(u64),
    /// By its position in the log.
    Position(u64),
    /// Two of them: by which one officer filed an order, and another confirmed it.
    Order {
        /// The filing, which the public entry follows.
        filed: OrderEntry,
        /// The confirming.
        confirmed: OrderEntry,
    },
}

impl Grant {
    /// What a look under it costs: of a consent one of the looks that it allows, in the transaction of the look's entry.
    pub(crate) fn toll(&self, fields: &[Field], now_ms: i64) -> Effect {
        match self {
            Self::Consent(evidence) => {
                let (consent, token) = (TransactionId(Uuid::from_bytes(evidence.on)), evidence.holder);
                Effect::Consent(Box::new(ConsentEffect::Use { consent, token, fields: Fields::of(fields), now_ms }))
            }
            _ => Effect::Append,
        }
    }

    pub(crate) fn kind(&self) -> GrantKind {
        match self {
            Self::CitizenOtp(_) => GrantKind::CitizenOtp,
            Self::Presence(_) => GrantKind::Presence,
            Self::Notice(_) => GrantKind::Notice,
            Self::Consent(_) => GrantKind::Consent,
            Self::Case(_) => GrantKind::Case,
        }
    }

    pub(crate) fn evidence(&self) -> &Evidence {
        match self {
            Self::CitizenOtp(evidence)
            | Self::Presence(evidence)
            | Self::Consent(evidence)
            | Self::Notice(evidence)
            | Self::Case(evidence) => evidence,
        }
    }
}
