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

/// A page that asks for a code of so many digits.
pub(super) struct CodePage<'a> {
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) digits: u8,
    pub(super) button: Button<'a>,
    pub(super) action: String,
    pub(super) back: String,
    /// What else its form carries.
    pub(super) kept: &'a [&'a str],
    /// What is said below.
    pub(super) note: Option<String>,
}

/// Where a code went that was sent to the signed-in phone.
pub(super) fn sent_here(desk: &Desk) -> String {
    desk.w.with("fresh-code-hint", [("last", desk.citizen.phone_last_four().to_owned().into())])
}

impl CodePage<'_> {
    pub(super) fn show(self, desk: &Desk, form: &Form) -> Markup {
        let (w, note) = (desk.w, self.note);
        let shell = desk.shell(self.label.as_str(), "/my-data").back(self.back).form(form).question();
        shell.page(html! {
            (post_form(&self.action, html! {
                (field(w, form, "code", self.label).heading().hint(self.hint).code(self.digits))
                (hidden("txn", form.value("txn")))
                @for name in self.kept { (hidden(name, form.value(name))) }
                (buttons(self.button))
            }))
            @if let Some(note) = note { p.quiet { (note) } }
        })
    }

    /// Sends the code to the signed-in phone and asks for it; or says when the next can be had.
    pub(super) async fn send(self, desk: &Desk, person: PersonId, what_for: CodeFor) -> Result<Markup, Failure> {
        Ok(match send(desk, person, what_for).await? {
            Ok(transaction) => self.show(desk, &Form::empty().with("txn", transaction.to_string())),
            Err(wait) => desk.shell(self.label, "/my-data").back(self.back).page(banner(
                desk.w,
                Tone::Warn,
                html! {
                    p { (wait) }
                },
            )),
        })
    }

    /// Transaction and code as they were typed; `None` leaves a problem in the form, and no try is spent.
    pub(super) fn typed(&self, w: Words, form: &mut Form) -> Option<(TransactionId, String)> {
        let typed = typed(form);
        if typed.is_none() {
            form.problem("code", w.with("fresh-code-form", [("digits", self.digits.into())]));
        }
        typed
    }

    /// Once more, without what was typed: a wrong code is not worth keeping.
    pub(super) fn again(self, desk: &Desk, form: &Form) -> Markup {
        let form = without_code(form, self.kept);
        self.show(desk, &form)
    }

    /// Once more, with the reason for which the code did not do; whatever else went wrong is a failure.
    pub(super) fn refused(self, desk: &Desk, form: &mut Form, refused: Refused) -> Result<Markup, Failure> {
        form.problem("code", why_not(desk.w, desk.vault().now_ms(), refused)?);
        Ok(self.again(desk, form))
    }
}

fn typed(form: &Form) -> Option<(TransactionId, String)> {
    let code = form.digits("code");
    let is_code = matches!(code.len(), 6 | 8) && code.bytes().all(|byte| byte.is_ascii_digit());
    form.value("txn").parse().ok().filter(|_| is_code).map(|transaction| (transaction, code))
}

fn why_not(w: Words, now_ms: i64, refused: Refused) -> Result<String, Failure> {
    match refused {
        Refused::Wrong { left: 0 } | Refused::Rule(Refusal::CodeGone) => Ok(w.t("fresh-code-gone")),
        Refused::Wrong { left } => Ok(w.with("fresh-code-wrong", [("left", left.into())])),
        Refused::Rule(Refusal::Locked { until_ms }) => Ok(again_at(w, now_ms, until_ms)),
        other => Err(other.into()),
    }
}

fn without_code(form: &Form, kept: &[&str]) -> Form {
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
        let txn = TransactionId::from_random([1; 16]).to_string();
        let form = |code: &str, txn: &str| Form::empty().with("code", code).with("txn", txn);
        for (code, transaction, good) in [
            ("1234 5678", txn.as_str(), true),
            ("१२३४५६", &txn, true),
            ("12345", &txn, false),
            ("12345678", "x", false),
        ] {
            assert_eq!(typed(&form(code, transaction)).is_some(), good, "{code}");
        }
        let mut wrong = form("12345", &txn);
        wrong.problem("code", "why");
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
