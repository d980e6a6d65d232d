//! A fresh code for what weighs more than a sign-in: sent to the signed-in phone, typed on the next page.

use super::Desk;
use super::sign_in::again_at;
use crate::Failure;
use crate::page::{Button, Form, Tone, banner, buttons, field, hidden, post_form};
use crate::words::Words;
use maud::{Markup, html};
use registry::{PersonId, TransactionId};
use vault::{CodeFor, Refusal, Refused};

/// Sends the code; or says when the next can be asked for.
pub(super) async fn send(
    desk: &Desk,
    person: PersonId,
    what_for: CodeFor,
) -> Result<Result<TransactionId, String>, Failure> {
    let sent = desk.vault().send_fresh_code(&desk.citizen, person, what_for, desk.w.language().code()).await;
    sent_or_wait(desk, sent)
}

pub(super) fn sent_or_wait(
    desk: &Desk,
    sent: Result<TransactionId, Refused>,
) -> Result<Result<TransactionId, String>, Failure> {
    match sent {
        Ok(transaction) => Ok(Ok(transaction)),
        Err(Refused::Rule(Refusal::OverBudget { until_ms })) => {
            Ok(Err(again_at(desk.w, desk.vault().now_ms(), until_ms)))
        }
        Err(other) => Err(other.into()),
    }
}

/// The field for a code of so many digits, and what else the form carries.
pub(super) fn code_form(w: Words, form: &Form, action: &str, ask: Ask<'_>, kept: &[&str]) -> Markup {
    post_form(
        action,
        html! {
            (field(w, form, "code", ask.label).heading().hint(ask.hint).code(ask.digits))
            (hidden("txn", form.value("txn")))
            @for name in kept { (hidden(name, form.value(name))) }
            (buttons(ask.button))
        },
    )
}

/// What the page with the code asks.
pub(super) struct Ask<'a> {
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) digits: u8,
    pub(super) button: Button<'a>,
}

/// A code could not be sent yet.
pub(super) fn wait_banner(w: Words, wait: &str) -> Markup {
    banner(w, Tone::Warn, html! { p { (wait) } })
}

/// Transaction and code as they were typed; `None` leaves a problem in the form, and no try is spent.
pub(super) fn typed(w: Words, form: &mut Form, digits: u8) -> Option<(TransactionId, String)> {
    let code = form.digits("code");
    let is_code = matches!(code.len(), 6 | 8) && code.bytes().all(|byte| byte.is_ascii_digit());
    match form.value("txn").parse() {
        Ok(transaction) if is_code => Some((transaction, code)),
        _ => {
            form.problem("code", w.with("fresh-code-form", [("digits", digits.into())]));
            None
        }
    }
}

/// Why the code did not do; whatever else went wrong is a failure.
pub(super) fn why_not(w: Words, now_ms: i64, refused: Refused) -> Result<String, Failure> {
    match refused {
        Refused::Wrong { left: 0 } | Refused::Rule(Refusal::CodeGone) => Ok(w.t("fresh-code-gone")),
        Refused::Wrong { left } => Ok(w.with("fresh-code-wrong", [("left", left.into())])),
        Refused::Rule(Refusal::Locked { until_ms }) => Ok(again_at(w, now_ms, until_ms)),
        other => Err(other.into()),
    }
}

/// The same form without the code: a wrong one is not worth keeping.
pub(super) fn without_code(form: &Form, kept: &[&str]) -> Form {
    let mut fresh = kept
        .iter()
        .fold(Form::empty().with("txn", form.value("txn")), |fresh, name| fresh.with(name, form.value(name)));
    if let Some(problem) = form.problem_of("code") {
        fresh.problem("code", problem);
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_code_spends_no_try() {
        let w = Words::default();
        let txn = TransactionId::from_random([1; 16]).to_string();
        let form = |code: &str, txn: &str| Form::empty().with("code", code).with("txn", txn);
        for (code, transaction, good) in [
            ("1234 5678", txn.as_str(), true),
            ("१२३४५६", &txn, true),
            ("12345", &txn, false),
            ("12345678", "x", false),
        ] {
            let mut form = form(code, transaction);
            assert_eq!(typed(w, &mut form, 8).is_some(), good, "{code}");
            assert_eq!(form.problem_of("code").is_none(), good);
        }
        let mut wrong = form("12345", &txn);
        typed(w, &mut wrong, 8);
        let kept = without_code(&wrong, &[]);
        assert!(kept.value("code").is_empty() && kept.value("txn") == txn && kept.problem_of("code").is_some());
    }

    #[test]
    fn a_wrong_code_says_how_many_tries_are_left() {
        let w = Words::default();
        assert!(why_not(w, 0, Refused::Wrong { left: 2 }).unwrap().contains('2'));
        assert_eq!(why_not(w, 0, Refused::Wrong { left: 0 }).unwrap(), w.t("fresh-code-gone"));
        assert!(why_not(w, 0, Refused::NotFound).is_err());
    }
}
