//! Cases in words, for her and for the officers.

pub(crate) mod filing;

use crate::page::Tone;
use crate::words::Words;
use registry::case::{Kind, Reason, State};
use vault::rows::CaseRow;

/// What a case is about.
pub(crate) fn kind(w: Words, kind: Kind) -> String {
    w.t(match kind {
        Kind::WrongName => "case-wrong-name",
        Kind::WrongBirthYear => "case-wrong-birth-year",
        Kind::WrongGender => "case-wrong-gender",
        Kind::NotMine => "case-not-mine",
        Kind::Missing => "case-missing",
        Kind::Aefi => "case-aefi",
        Kind::Duplicate => "case-duplicate",
        Kind::NumberLost => "case-number-lost",
        Kind::OfAge => "case-of-age",
    })
}

/// Where a case stands.
pub(crate) fn state(w: Words, row: &CaseRow, now_ms: i64) -> (Tone, String) {
    let (tone, key) = match row.state {
        open if open.is_open() && row.until_ms <= now_ms => (Tone::Warn, "case-ended"),
        State::Joining => (Tone::Warn, "case-joining"),
        State::Holding => (Tone::Info, "case-holding"),
        State::Filed => (Tone::Info, "case-filed"),
        State::First => (Tone::Info, "case-first"),
        State::Proposed => (Tone::Info, "case-proposed"),
        State::Second => (Tone::Info, "case-second"),
        State::Settled => (Tone::Good, "case-settled"),
        State::Refused => (Tone::Warn, "case-refused"),
        State::Withdrawn => (Tone::Plain, "case-withdrawn"),
    };
    (tone, w.t(key))
}

/// Why it was decided so, said to her.
pub(crate) fn reason(w: Words, reason: Reason) -> String {
    w.t(match reason {
        Reason::Document => "case-reason-document",
        Reason::Register => "case-reason-register",
        Reason::NothingAgainst => "case-reason-nothing-against",
        Reason::DocumentDiffers => "case-reason-document-differs",
        Reason::RegisterDiffers => "case-reason-register-differs",
        Reason::HolderObjects => "case-reason-holder-objects",
        Reason::Unclear => "case-reason-unclear",
    })
}

/// A day of a moment, as it is read.
pub(crate) fn day(w: Words, ms: i64) -> String {
    w.date(vault::at(ms).date())
}
