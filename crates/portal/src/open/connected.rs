//! Who is connected, on what ground, to which fields, and how often.

use crate::caller::{Dress, Visitor};
use crate::citizen::field;
use crate::page::{Shell, summary_list, table};
use crate::words::Words;
use crate::{Connected, Failure, Portal, consent};
use axum::extract::State;
use maud::{Markup, html};
use vault::{Card, Field, GrantKind, Patient, Record, SMALLEST_CELL, Vault};

/// Days over which looks are counted.
const DAYS: u32 = 30;

/// `GET /connected`
pub(super) async fn connected(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
) -> Result<Markup, Failure> {
    let looks = portal.vault().looks_by_grant(DAYS).await?;
    let clients = portal.vault().clients().await?;
    let parties = parties(w, portal.vault(), portal.who_is_connected());
    let shell = who.dress(&portal, Shell::new(w, w.t("connected-title"), "/connected"));
    Ok(shell.page(html! {
        p.lead { (w.t("connected-lead")) }
        h2 { (w.t("connected-looks")) }
        (grants(w, &looks))
        p.quiet { (w.with("connected-looks-how", [("days", DAYS.into())])) }
        h2 { (w.t("connected-parties")) }
        (parties)
        h2 { (w.t("connected-clients")) }
        (consent::registered(w, &clients))
        p { a href="/status" { (w.t("status-title")) } " · " a href="/log/audits" { (w.t("audits-title")) } }
    }))
}

/// Every right by which anybody can see a person: there is no other.
fn grants(w: Words, looks: &[u64; 6]) -> Markup {
    let named = |fields: &[Field]| fields.iter().map(|one| field(w, *one)).collect::<Vec<_>>().join(", ");
    let rows = [
        (GrantKind::CitizenOtp, "connected-you", "connected-you-ground", named(Card::FIELDS)),
        (GrantKind::Presence, "connected-vaccinator", "connected-vaccinator-ground", named(Patient::FIELDS)),
        (GrantKind::Consent, "connected-client", "connected-client-ground", w.t("connected-client-fields")),
        (GrantKind::Case, "connected-officer", "connected-officer-ground", w.t("connected-officer-fields")),
    ];
    let head = table(w.t("connected-looks")).column(w.t("connected-who")).column(w.t("connected-ground"));
    let head = head.column(w.t("connected-fields")).figures(w.t("connected-count"));
    html! {
        (rows.into_iter().fold(head, |table, (grant, who, ground, fields)| {
            let count = figure(w, looks[usize::from(grant.wire())]);
            table.row(vec![html! { (w.t(who)) }, html! { (w.t(ground)) }, html! { (fields) }, html! { (count) }])
        }))
    }
}

/// A figure that is too small says too much.
fn figure(w: Words, count: u64) -> String {
    if count < u64::from(SMALLEST_CELL) {
        w.with("counts-fewer", [("smallest", SMALLEST_CELL.into())])
    } else {
        w.number(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

fn parties(w: Words, vault: &Vault, connected: &Connected) -> Markup {
    let keys = vault.watch().key_room();
    let mut witnesses: Vec<String> = vault.watch().outside().iter().map(|one| one.key.name().to_owned()).collect();
    let mut auditors = connected.auditors.clone();
    let mut authorities: Vec<String> = connected.authorities.iter().map(|one| one.name().to_owned()).collect();
    for names in [&mut witnesses, &mut auditors, &mut authorities] {
        if names.is_empty() {
            names.push(w.t("connected-nobody"));
        }
    }
    let or_nobody = |name: &Option<String>| name.clone().unwrap_or_else(|| w.t("connected-nobody"));
    let list = summary_list(w)
        .row(w.t("connected-key-holder"), keys)
        .row(w.t("connected-witnesses"), witnesses.join(", "))
        .row(w.t("connected-auditors"), auditors.join(", "))
        .row(w.t("connected-messenger"), or_nobody(&connected.messenger))
        .row(w.t("connected-identity"), w.t("connected-nobody"))
        .row(w.t("order-authorities"), authorities.join(", "))
        .row(w.t("connected-backup"), or_nobody(&connected.backup));
    html! { (list) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_figures_are_not_told_and_every_right_has_its_row() {
        let page = grants(Words::default(), &[0, 12_345, 9, 10, 0, 0]).0;
        assert!(page.contains("12,345") && page.matches("under 10").count() == 2, "{page}");
        assert_eq!(page.matches("<tr").count(), 5, "four rights by which somebody sees a person, and the head");
    }
}
