//! Messages in words, under the template ids that Indian operators register.

use crate::citizen::purpose_key;
use crate::consent::notice;
use crate::words::Words;
use vault::{CodeFor, Message};

/// A message ready for an operator's gateway.
pub struct Sms {
    /// Key of the registered template.
    pub template: &'static str,
    /// The text.
    pub text: String,
}

/// Puts a message into words.
#[must_use]
pub fn compose(w: Words, message: &Message) -> Sms {
    match message {
        Message::Code { code, what_for } => {
            let template = match what_for {
                CodeFor::Certificate => "sms-code-certificate",
                CodeFor::Presence => "sms-code-presence",
                // Such a code comes with who asks and what for: see below.
                CodeFor::SignIn | CodeFor::Consent | CodeFor::Status => "sms-code-sign-in",
                CodeFor::Leaving => "sms-code-leaving",
                CodeFor::Download => "sms-code-download",
                CodeFor::MoveAway => "sms-code-move-away",
                CodeFor::MoveHere => "sms-code-move-here",
            };
            Sms { template, text: w.with(template, [("code", code.clone().into())]) }
        }
        Message::Consent { code, partner, purpose, fields, reads, lasts_ms } => {
            let notice = notice(w, partner, purpose, fields, *reads, *lasts_ms);
            let values = [("notice", notice.into()), ("code", code.clone().into())];
            Sms { template: "sms-consent", text: w.with("sms-consent", values) }
        }
        Message::Status { code, partner } => {
            let values = [("partner", partner.clone().into()), ("code", code.clone().into())];
            Sms { template: "sms-status", text: w.with("sms-status", values) }
        }
        Message::Appointment { centre, day, slot } => {
            let values = [
                ("centre", centre.clone().into()),
                ("day", w.date(*day).into()),
                ("slot", slot.text().to_owned().into()),
            ];
            Sms { template: "sms-appointment", text: w.with("sms-appointment", values) }
        }
        Message::NewBrowser => Sms { template: "sms-new-browser", text: w.t("sms-new-browser") },
        Message::FirstLook { organisation, purpose } => {
            let values =
                [("organisation", organisation.clone().into()), ("purpose", w.t(purpose_key(*purpose)).into())];
            Sms { template: "sms-first-look", text: w.with("sms-first-look", values) }
        }
        Message::CalledOff { centre, day } => {
            let values = [("centre", centre.clone().into()), ("day", w.date(*day).into())];
            Sms { template: "sms-called-off", text: w.with("sms-called-off", values) }
        }
        Message::Letter => Sms { template: "sms-letter", text: w.t("sms-letter") },
        Message::Moving { until_ms } => {
            let until = w.date_time(vault::at(*until_ms).datetime());
            Sms { template: "sms-moving", text: w.with("sms-moving", [("until", until.into())]) }
        }
        Message::MovesOfAge { until_ms } => {
            let until = w.date_time(vault::at(*until_ms).datetime());
            Sms { template: "sms-moves-of-age", text: w.with("sms-moves-of-age", [("until", until.into())]) }
        }
    }
}
