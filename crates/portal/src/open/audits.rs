//! What auditors found, for everybody to read.

use super::log::credential;
use crate::caller::{Dress, Visitor};
use crate::page::{Shell, Tone, card, tag};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use vault::{AuditCheck, Audited};

/// Audits that are shown.
const SHOWN: u32 = 10;

/// `POST /log/audits`: the report of `teeka audit --json`, by an auditor.
pub(super) async fn hand_in(
    State(portal): State<Portal>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    portal.vault().hand_in_audit(credential(&headers), &body).await?;
    Ok(StatusCode::CREATED)
}

/// `GET /log/audits`
pub(super) async fn list(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Result<Markup, Failure> {
    let audits = portal.vault().audits(SHOWN).await?;
    Ok(who.dress(&portal, Shell::new(w, w.t("audits-title"), "/log/audits")).back("/status").page(page(w, &audits)))
}

fn page(w: Words, audits: &[Audited]) -> Markup {
    html! {
        p.lead { (w.t("audits-lead")) }
        @if audits.is_empty() { p { (w.t("audits-none")) } }
        @for audit in audits {
            (card(html! {
                h2 { (line(w, audit)) }
                p { (verdict(w, audit)) }
                ul { @for check in &audit.checks { li { (checked(w, check)) } } }
            }))
        }
        p.quiet { (w.t("audits-how")) }
    }
}

fn checked(w: Words, check: &AuditCheck) -> Markup {
    let held = match check.held {
        Some(true) => tag(Tone::Good, &w.t("audits-held")),
        Some(false) => tag(Tone::Bad, &w.t("audits-broken")),
        None => tag(Tone::Warn, &w.t("audits-unchecked")),
    };
    // An auditor's own words, in the language in which they were written.
    html! { (held) " " span lang="en" { b { (check.name) } ": " (check.detail) } }
}

/// Who audited, when, and how much.
pub(super) fn line(w: Words, audit: &Audited) -> String {
    let at = vault::at(audit.at_ms);
    let values =
        [("auditor", audit.auditor.clone().into()), ("date", w.date(at.date()).into()), ("count", audit.size.into())];
    w.with("audits-line", values)
}

/// What came of it.
pub(super) fn verdict(w: Words, audit: &Audited) -> Markup {
    if audit.stands { tag(Tone::Good, &w.t("audits-stands")) } else { tag(Tone::Bad, &w.t("audits-falls")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_broken_is_said_in_words_and_what_was_not_checked_is_no_good_news() {
        let check = |held| AuditCheck { name: "tree".into(), held, detail: "<b>seen</b>".into() };
        let audit = |held| Audited {
            at_ms: 1_795_494_600_000,
            auditor: "Court of Audit".into(),
            size: 1_200,
            stands: held != Some(false),
            checks: vec![check(held)],
        };
        let page = |held| page(Words::default(), &[audit(held)]).0;
        assert!(page(Some(false)).contains("BROKEN") && page(Some(false)).contains("Something is not as it should be"));
        assert!(page(Some(true)).contains("Nothing was found broken") && !page(Some(true)).contains("BROKEN"));
        assert!(page(None).contains("not checked") && page(None).contains("Court of Audit"));
        assert!(page(None).contains("&lt;b&gt;seen"), "an auditor writes text, not a page");
        assert!(super::page(Words::default(), &[]).0.contains("No audit"));
    }
}
