//! The entry: who looked at or changed what, why, by what right. It names no person; her tag stands for her.

use crate::leaf::{Leaf, bucket, commitment};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant = $number),+ }

        impl $name {
            /// All of them, in wire order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The number on the wire.
            #[must_use]
            pub const fn wire(self) -> u8 {
                self as u8
            }

            /// The value with this wire number, if this build knows it.
            #[must_use]
            pub const fn from_wire(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// Stable short name: a key for words on pages and in files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u8(self.wire())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::from_wire(u8::deserialize(deserializer)?)
                    .ok_or_else(|| serde::de::Error::custom(concat!("no ", stringify!($name))))
            }
        }
    };
}
pub(crate) use wire_enum;

wire_enum!(
    /// What kind of act an entry records.
    Kind {
        /// Fields were shown to someone.
        Reveal = 1 "reveal",
        /// Fields were used inside the vault; only an outcome left it.
        Use = 2 "use",
        /// Something about the person was written.
        Write = 3 "write",
        /// A person was looked up by phone, reference or document.
        Lookup = 4 "lookup",
        /// An authenticated caller who named a person was refused.
        Refused = 5 "refused",
        /// Her contact went to the messenger.
        Notice = 6 "notice",
        /// A one-time code was sent.
        OtpSend = 7 "otp-send",
        /// A one-time code was tried.
        OtpVerify = 8 "otp-verify",
        /// She gave a consent.
        Consent = 9 "consent",
        /// She revoked one.
        Revoke = 10 "revoke",
        /// A case was opened.
        Case = 11 "case",
        /// An auditor opened a commitment.
        AuditOpen = 12 "audit-open",
        /// An export was made.
        Export = 13 "export",
        /// A key was rotated.
        KeyRotate = 14 "key-rotate",
        /// A person was erased.
        Erase = 15 "erase",
        /// A backup was restored.
        Restore = 16 "restore",
        /// Configuration changed.
        Config = 17 "config",
        /// The root of an index of tags.
        IndexRoot = 18 "index-root",
        /// A build was started.
        Software = 19 "software",
        /// Asked keys that were never released.
        Lapsed = 20 "lapsed",
        /// Another log's checkpoint.
        Checkpoint = 21 "checkpoint",
    }
);

impl Kind {
    /// Whether everyone may read what such an entry says: it is about the platform, never about a person.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self.wire(), 14..=21)
    }
}

wire_enum!(
    /// By what right an act was done: the five grants, or no grant at all.
    GrantKind {
        /// No grant: a look-up, a code, configuration.
        None = 0 "none",
        /// The citizen herself, by one-time code.
        CitizenOtp = 1 "citizen-otp",
        /// A rostered vaccinator, the person being present.
        Presence = 2 "presence",
        /// A client she consented to.
        Consent = 3 "consent",
        /// The contact field, to the messenger only.
        Notice = 4 "notice",
        /// A case of hers, or a numbered lawful order.
        Case = 5 "case",
    }
);

wire_enum!(
    /// What an act was for.
    Purpose {
        /// Signing in.
        SignIn = 1 "sign-in",
        /// Looking at one's own family.
        Family = 2 "family",
        /// Registering.
        Register = 3 "register",
        /// Booking, moving or cancelling an appointment.
        Booking = 4 "booking",
        /// The appointment slip.
        Slip = 5 "slip",
        /// The certificate.
        Certificate = 6 "certificate",
        /// The list of looks.
        AccessList = 7 "access-list",
        /// Check-in at a session.
        CheckIn = 8 "check-in",
        /// Health questions before the dose.
        Screening = 9 "screening",
        /// Giving the dose.
        Dose = 10 "dose",
        /// Correcting a dose on the same day.
        Correction = 11 "correction",
        /// Reporting an adverse event.
        Aefi = 12 "aefi",
        /// Printing the registration card.
        Card = 13 "card",
        /// Telling her about her booking.
        BookingNotice = 14 "booking-notice",
        /// Telling her that a session was called off.
        CancelledNotice = 15 "cancelled-notice",
        /// Reminding her.
        Reminder = 16 "reminder",
        /// Leaving the platform.
        Leaving = 17 "leaving",
        /// Adding or removing a member of the family.
        Membership = 18 "membership",
        /// Planning places, staff and sessions.
        Planning = 19 "planning",
        /// Auditing the log.
        Audit = 20 "audit",
        /// Giving, using or revoking a consent to a client.
        Consent = 21 "consent",
        /// A case of hers.
        Case = 22 "case",
        /// Downloading everything about her.
        Download = 23 "download",
        /// Telling her that a letter about her data waits.
        LetterNotice = 24 "letter-notice",
        /// Moving a member of a family to another phone.
        Move = 25 "move",
        /// Watching over who looks at whom.
        Watching = 26 "watching",
        /// A numbered lawful order about her.
        LawfulOrder = 27 "lawful-order",
    }
);

wire_enum!(
    /// A field of a person's record that is sealed under its own key.
    Field {
        /// Name.
        Name = 0 "name",
        /// Year of birth.
        BirthYear = 1 "birth-year",
        /// Gender.
        Gender = 2 "gender",
        /// Phone.
        Phone = 3 "phone",
        /// Identity document: kind and last four.
        IdDocument = 4 "id-document",
        /// Beneficiary reference.
        Reference = 5 "reference",
        /// Four-digit code of an appointment.
        BookingCode = 6 "booking-code",
        /// Answers before a dose.
        Screening = 7 "screening",
        /// Report of an adverse event.
        Aefi = 8 "aefi",
        /// Whether she has a condition that gives priority.
        Comorbidity = 9 "comorbidity",
        /// What she wrote in a case.
        Case = 10 "case",
    }
);

wire_enum!(
    /// Through which door the act came.
    Channel {
        /// The pages.
        Page = 1 "page",
        /// The API.
        Api = 2 "api",
        /// A worker inside the platform.
        Worker = 3 "worker",
        /// The command line.
        Command = 4 "command",
    }
);

/// A set of fields, as bits of their wire numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub u64);

impl Fields {
    /// No field.
    pub const NONE: Self = Self(0);

    /// The set of `fields`.
    #[must_use]
    pub const fn of(fields: &[Field]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < fields.len() {
            bits |= 1 << fields[i].wire();
            i += 1;
        }
        Self(bits)
    }

    /// Whether `field` is in the set.
    #[must_use]
    pub const fn has(self, field: Field) -> bool {
        self.0 >> field.wire() & 1 == 1
    }

    /// The fields, in wire order.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| self.has(*field))
    }
}

/// One sealed version of one field: which key an act asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Opening {
    /// The field.
    pub field: Field,
    /// Its version, counted from 1.
    pub version: u32,
}

/// What is written down about an act. Sealed under the person's tag key, or under the day's audit key where
/// there is no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// The request it belongs to.
    pub request: [u8; 16],
    /// What kind of act.
    pub kind: Kind,
    /// By what right.
    pub grant: GrantKind,
    /// The evidence of that right: a session, an appointment, a case; zero where there is none.
    pub evidence: [u8; 16],
    /// Who: a staff code, `self`, a client ([`actor_of`](crate::consent::actor_of)), or the name of a part of the platform.
    pub actor: String,
    /// For which organisation: a centre's number as text, a client's name, or empty.
    pub organisation: String,
    /// In which role, by its stable short name.
    pub role: String,
    /// What for.
    pub purpose: Purpose,
    /// Which versions of which fields are opened, in wire order of the fields.
    pub openings: Vec<Opening>,
    /// Through which door.
    pub channel: Channel,
    /// Which build did it.
    pub build: String,
    /// What a public entry says, in the CBOR of its kind ([`IndexRoot`](crate::index::IndexRoot)), what a person
    /// consents to ([`Terms`](crate::consent::Terms)), and what a lawful order allows ([`Order`](crate::order::Order)); empty in all
    /// others.
    pub statement: Vec<u8>,
}

/// The entry as it lies in CBOR: an array, so that it is short and its encoding unique.
type Wire = (
    i64,
    byte_string::Bytes<[u8; 16]>,
    u8,
    u8,
    byte_string::Bytes<[u8; 16]>,
    String,
    String,
    String,
    u8,
    u64,
    Vec<u32>,
    u8,
    String,
    byte_string::Bytes<Vec<u8>>,
);

impl Entry {
    /// The fields opened.
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.openings.iter().fold(Fields::NONE, |set, opening| Fields(set.0 | 1 << opening.field.wire()))
    }

    /// How many keys the entry entitles to.
    #[must_use]
    pub fn keys_asked(&self) -> u16 {
        u16::try_from(self.openings.len()).expect("an act opens few fields")
    }

    /// CBOR: one array of fourteen items in the order of the fields; openings as a bit set and a list of versions.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        let wire: Wire = (
            self.at_ms,
            byte_string::Bytes(self.request),
            self.kind.wire(),
            self.grant.wire(),
            byte_string::Bytes(self.evidence),
            self.actor.clone(),
            self.organisation.clone(),
            self.role.clone(),
            self.purpose.wire(),
            self.fields().0,
            self.openings.iter().map(|opening| opening.version).collect(),
            self.channel.wire(),
            self.build.clone(),
            byte_string::Bytes(self.statement.clone()),
        );
        let mut out = Vec::with_capacity(96);
        ciborium::into_writer(&wire, &mut out).expect("writing to memory does not fail");
        out
    }

    /// An entry from its CBOR; `None` if it is not one, or of a later build with numbers unknown to this one.
    #[must_use]
    pub fn from_cbor(bytes: &[u8]) -> Option<Self> {
        let wire: Wire = ciborium::from_reader(bytes).ok()?;
        let (
            at_ms,
            request,
            kind,
            grant,
            evidence,
            actor,
            organisation,
            role,
            purpose,
            fields,
            versions,
            channel,
            build,
            statement,
        ) = wire;
        let fields = Fields(fields);
        if fields.0.count_ones() as usize != versions.len() || fields.iter().count() != versions.len() {
            return None;
        }
        let openings = fields.iter().zip(versions).map(|(field, version)| Opening { field, version }).collect();
        let entry = Self {
            at_ms,
            request: request.0,
            kind: Kind::from_wire(kind)?,
            grant: GrantKind::from_wire(grant)?,
            evidence: evidence.0,
            actor,
            organisation,
            role,
            purpose: Purpose::from_wire(purpose)?,
            openings,
            channel: Channel::from_wire(channel)?,
            build,
            statement: statement.0,
        };
        // One entry, one encoding: whatever else reads alike is not ours.
        (entry.to_cbor() == bytes).then_some(entry)
    }

    /// The public leaf that commits to this entry.
    #[must_use]
    pub fn leaf(&self, shard: u16, subject_tag: [u8; 32], actor_tag: [u8; 32], salt: &[u8; 32]) -> Leaf {
        Leaf {
            kind: self.kind.wire(),
            shard,
            bucket: bucket(self.at_ms),
            subject_tag,
            commit: commitment(salt, &self.to_cbor()),
            actor_tag,
            keys_asked: self.keys_asked(),
        }
    }
}

/// Bytes as a CBOR byte string (serde would write an array of numbers).
pub(crate) mod byte_string {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
    use std::fmt;
    use std::marker::PhantomData;

    pub(crate) struct Bytes<T>(pub(crate) T);

    impl<T: AsRef<[u8]>> Serialize for Bytes<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(self.0.as_ref())
        }
    }

    impl<'de, T: for<'a> TryFrom<&'a [u8]>> Deserialize<'de> for Bytes<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor<T>(PhantomData<T>);
            impl<T: for<'a> TryFrom<&'a [u8]>> de::Visitor<'_> for Visitor<T> {
                type Value = Bytes<T>;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a byte string of the right length")
                }
                fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bytes<T>, E> {
                    T::try_from(bytes).map(Bytes).map_err(|_| E::invalid_length(bytes.len(), &self))
                }
            }
            // Our byte strings are short, and read from memory.
            deserializer.deserialize_byte_buf(Visitor(PhantomData))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            at_ms: 1_763_865_000_123,
            request: [7; 16],
            kind: Kind::Reveal,
            grant: GrantKind::Presence,
            evidence: [9; 16],
            actor: "1A2B3C4D".into(),
            organisation: "734893".into(),
            role: "vaccinator".into(),
            purpose: Purpose::CheckIn,
            openings: vec![Opening { field: Field::Name, version: 1 }, Opening { field: Field::Gender, version: 2 }],
            channel: Channel::Page,
            build: "0.1.0".into(),
            statement: Vec::new(),
        }
    }

    #[test]
    fn entries_round_trip_and_commit_to_every_byte() {
        let (entry, salt) = (entry(), [3; 32]);
        let cbor = entry.to_cbor();
        assert_eq!(Entry::from_cbor(&cbor).as_ref(), Some(&entry));
        let commit = commitment(&salt, &cbor);
        for at in 0..cbor.len() {
            let mut other = cbor.clone();
            other[at] ^= 1;
            assert_ne!(commitment(&salt, &other), commit);
        }
        assert_ne!(commitment(&[4; 32], &cbor), commit);
        assert_eq!(entry.leaf(0, [1; 32], [2; 32], &salt).keys_asked, 2);
    }

    #[test]
    fn wire_numbers_never_move() {
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| format!("{}={}", kind.wire(), kind.code())).collect();
        assert_eq!(
            kinds.join(" "),
            "1=reveal 2=use 3=write 4=lookup 5=refused 6=notice 7=otp-send 8=otp-verify 9=consent 10=revoke \
             11=case 12=audit-open 13=export 14=key-rotate 15=erase 16=restore 17=config 18=index-root \
             19=software 20=lapsed 21=checkpoint"
        );
        // The grants are closed: five, and none besides. A sixth must break this test and every match on them.
        let grants: Vec<_> = GrantKind::ALL.iter().map(|grant| grant.code()).collect();
        assert_eq!(grants, ["none", "citizen-otp", "presence", "consent", "notice", "case"]);
    }
}
