//! Staff roles and the factors by which a person shows that she is present.

use serde::{Deserialize, Serialize};

/// What a member of staff may do. No role may search for people, and no role but the vaccinator meets one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Checks people in and gives doses at sessions she is rostered to.
    Vaccinator,
    /// Plans places, staff, sessions and batches; sees no personal data.
    Manager,
    /// Keeps stock and cold chain; sees no personal data.
    ColdChainHandler,
    /// Checks the log; sees no personal data.
    Auditor,
    /// Runs the machines; sees no personal data.
    Operator,
    /// Settles cases that people filed about their own data, two officers to a case.
    Officer,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] =
        [Self::Vaccinator, Self::Manager, Self::ColdChainHandler, Self::Auditor, Self::Operator, Self::Officer];

    /// Stable short name, used in stores, files and the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vaccinator => "vaccinator",
            Self::Manager => "manager",
            Self::ColdChainHandler => "cold-chain-handler",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::Officer => "officer",
        }
    }

    /// The role with this short name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// How a person showed that she was there. A dose without one is *unattested* and certifies nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Factor {
    /// The four-digit code of her slip.
    Code,
    /// A one-time code sent to her phone.
    Otp,
    /// The card printed at her registration.
    Card,
    /// Two officers found it in a case of hers.
    Case,
}

impl Factor {
    /// Stable short name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Otp => "otp",
            Self::Card => "card",
            Self::Case => "case",
        }
    }

    /// The factor with this short name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Code, Self::Otp, Self::Card, Self::Case].into_iter().find(|factor| factor.code() == code)
    }
}
