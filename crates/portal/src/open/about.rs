//! The pages about this service: how data is protected, accessibility, help, status.

use super::audits;
use crate::caller::{Dress, Visitor};
use crate::page::{Shell, Tone, card, details, summary_list, table, tag};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use maud::{Markup, html};
use vault::Vault;

/// `GET /privacy`
pub(super) async fn privacy(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Markup {
    who.dress(&portal, Shell::new(w, w.t("privacy-title"), "/privacy")).page(privacy_page(w))
}

fn privacy_page(w: Words) -> Markup {
    let ways = [
        ("privacy-way-you", "privacy-way-you-text"),
        ("privacy-way-presence", "privacy-way-presence-text"),
        ("privacy-way-consent", "privacy-way-consent-text"),
        ("privacy-way-notice", "privacy-way-notice-text"),
    ];
    let absent = ["privacy-no-search", "privacy-no-manager", "privacy-no-key", "privacy-no-id", "privacy-no-log"];
    html! {
        p.lead { (w.t("privacy-lead")) }
        h2 { (w.t("privacy-ways")) }
        @for (heading, text) in ways { (card(html! { h3 { (w.t(heading)) } p { (w.t(text)) } })) }
        p { a href="/partners" { (w.t("privacy-partners")) } }
        h2 { (w.t("privacy-absent")) }
        ul { @for key in absent { li { (w.t(key)) } } }
        h2 { (w.t("privacy-recorded")) }
        p { (w.t("privacy-recorded-text")) }
        p { a href="/looks" { (w.t("home-looks")) } }
        h2 { (w.t("privacy-thief")) }
        p { (w.t("privacy-thief-text")) }
        (thief(w))
        h2 { (w.t("privacy-kept")) }
        p { (w.t("privacy-kept-text")) }
        p { a href="/notice" { (w.t("notice-link")) } }
    }
}

/// What each thing that can be stolen tells, as far as this version goes.
fn thief(w: Words) -> Markup {
    let rows = [
        ("privacy-steal-database", "privacy-learns-database"),
        ("privacy-steal-keys", "privacy-learns-keys"),
        ("privacy-steal-log", "privacy-learns-log"),
        ("privacy-steal-tablet", "privacy-learns-tablet"),
        ("privacy-steal-messages", "privacy-learns-messages"),
        ("privacy-steal-reference", "privacy-learns-reference"),
        ("privacy-steal-machine", "privacy-learns-machine"),
    ];
    let head = table(w.t("privacy-table")).column(w.t("privacy-steals")).column(w.t("privacy-learns"));
    html! {
        (rows.into_iter().fold(head, |table, (what, learns)| table.row(vec![html! { (w.t(what)) }, html! { (w.t(learns)) }])))
    }
}

/// `GET /accessibility`
pub(super) async fn accessibility(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Markup {
    let can = ["access-keyboard", "access-zoom", "access-reader", "access-script", "access-language", "access-colour"];
    who.dress(&portal, Shell::new(w, w.t("access-title"), "/accessibility")).page(html! {
        p.lead { (w.t("access-lead")) }
        h2 { (w.t("access-can")) }
        ul { @for key in can { li { (w.t(key)) } } }
        h2 { (w.t("access-standard")) }
        p { (w.t("access-standard-text")) }
        h2 { (w.t("access-person")) }
        p { (w.t("access-person-text")) }
    })
}

/// `GET /help`
pub(super) async fn help(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Markup {
    let questions = [
        ("help-code", "help-code-text"),
        ("help-phone", "help-phone-text"),
        ("help-family", "help-family-text"),
        ("help-change", "help-change-text"),
        ("help-bring", "session-bring"),
        ("help-certificate", "help-certificate-text"),
        ("help-looked", "help-looked-text"),
    ];
    who.dress(&portal, Shell::new(w, w.t("help-title"), "/help")).page(html! {
        p.lead { (w.t("help-lead")) }
        @for (question, answer) in questions { (details(&w.t(question), html! { p { (w.t(answer)) } })) }
        h2 { (w.t("help-unwell")) }
        p { (w.t("help-unwell-text")) }
    })
}

/// `GET /status`
pub(super) async fn status(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Result<Markup, Failure> {
    let vault = portal.vault();
    let now = vault.now();
    let clock = w.with("date-time", [("date", w.date(now.date()).into()), ("time", w.time_exact(now.time()).into())]);
    let list = summary_list(w)
        .row(w.t("status-version"), env!("CARGO_PKG_VERSION"))
        .row(w.t("status-build"), vault.build())
        .row(w.t("status-clock"), clock)
        .row(w.t("status-log"), w.with("status-log-entries", [("count", vault.log_size().await?.into())]))
        .row(w.t("status-log-published"), published(w, vault))
        .row(w.t("status-law"), law(w, vault))
        .row(w.t("status-audit"), last_audit(w, vault).await?)
        .row(w.t("status-facts"), facts(w, vault).await?);
    let demo = portal.demo().is_some();
    let shell = who.dress(&portal, Shell::new(w, w.t("status-title"), "/status"));
    Ok(shell.page(html! {
        p { (tag(Tone::Good, &w.t("status-open"))) }
        (list)
        p.quiet { (w.t("status-log-text")) }
        h2 { (w.t("status-witnesses")) }
        p { (w.t("status-witnesses-text")) }
        ul {
            @for one in vault.watch().outside() { li { (one.key.name()) } }
            @if vault.watch().outside().is_empty() { li.quiet { (w.t("status-witnesses-none")) } }
        }
        p { a href="/connected" { (w.t("connected-title")) } }
        p { a href="/log/checkpoint" { (w.t("status-checkpoint")) } " · " a href="/log/policy" { (w.t("status-policy")) } }
        @if demo { p { (w.t("home-demo")) } }
    }))
}

/// Whether keys go out only for what is written down.
fn law(w: Words, vault: &Vault) -> String {
    let Some(law) = vault.law() else { return w.t("status-law-soon") };
    let counts = [("asked", law.asked.into()), ("released", law.released.into())];
    let key = match (law.is_broken, law.wastes()) {
        (true, _) => "status-law-broken",
        (false, true) => "status-law-wastes",
        (false, false) => "status-law-holds",
    };
    w.with(key, counts)
}

/// The newest audit that was handed in.
async fn last_audit(w: Words, vault: &Vault) -> Result<Markup, Failure> {
    let audit = vault.audits(1).await?.pop();
    Ok(html! {
        @match &audit {
            Some(audit) => { (audits::line(w, audit)) " " (audits::verdict(w, audit)) " " }
            None => { (w.t("audits-none")) " " }
        }
        a href="/log/audits" { (w.t("audits-title")) }
    })
}

/// Whether every look of the last day that is over has its fact.
async fn facts(w: Words, vault: &Vault) -> Result<Markup, Failure> {
    let Some(day) = vault.compared(1).await?.pop() else { return Ok(html! { (w.t("status-facts-none")) }) };
    let date = w.date(vault::at(i64::from(day.day) * 86_400_000).date());
    let values = [("date", date.into()), ("looks", day.looks.into()), ("amiss", (day.missing + day.wrong).into())];
    Ok(if day.agrees() {
        html! { (tag(Tone::Good, &w.t("status-facts-good"))) " " (w.with("status-facts-text", values)) }
    } else {
        html! { (tag(Tone::Bad, &w.t("status-facts-alarm"))) " " (w.with("status-facts-amiss", values)) }
    })
}

/// How much of the log is published, and when enough witnesses had seen it last.
fn published(w: Words, vault: &Vault) -> String {
    let standing = vault.log_standing();
    if standing.published == 0 {
        return w.t("status-log-unpublished");
    }
    let seen = vault::at(standing.believed_ms);
    let time = w.with("date-time", [("date", w.date(seen.date()).into()), ("time", w.time_exact(seen.time()).into())]);
    w.with("status-log-seen", [("count", standing.published.into()), ("time", time.into())])
}
