//! Messages in words, under the template ids that Indian operators register.

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
                CodeFor::SignIn => "sms-code-sign-in",
                CodeFor::Certificate => "sms-code-certificate",
                CodeFor::Presence => "sms-code-presence",
                CodeFor::Leaving => "sms-code-leaving",
                CodeFor::Download => "sms-code-download",
                CodeFor::MoveAway => "sms-code-move-away",
                CodeFor::MoveHere => "sms-code-move-here",
            };
            Sms { template, text: w.with(template, [("code", code.clone().into())]) }
        }
        Message::Appointment { centre, day, slot } => {
            let values = [
                ("centre", centre.clone().into()),
                ("day", w.date(*day).into()),
                ("slot", slot.text().to_owned().into()),
            ];
            Sms { template: "sms-appointment", text: w.with("sms-appointment", values) }
        }
        Message::CalledOff { centre, day } => {
            let values = [("centre", centre.clone().into()), ("day", w.date(*day).into())];
            Sms { template: "sms-called-off", text: w.with("sms-called-off", values) }
        }
        Message::Moving { until_ms } => {
            let until = w.date_time(vault::at(*until_ms).datetime());
            Sms { template: "sms-moving", text: w.with("sms-moving", [("until", until.into())]) }
        }
    }
}
