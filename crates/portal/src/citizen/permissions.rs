//! Permissions we gave: to whom, for what, how far they are used, and the button that ends them at once.

use super::{Desk, Pairs, form, named};
use crate::Failure;
use crate::consent;
use crate::page::{Tone, button, card, details, look_recorded, moment, post_form, summary_list, tag};
use crate::words::Words;
use axum::extract::{Path, Query};
use axum::response::Redirect;
use maud::{Markup, html};
use registry::TransactionId;
use vault::Permission;

pub(super) async fn show(desk: Desk, Query(query): Query<Pairs>) -> Result<Markup, Failure> {
    let (w, now_ms) = (desk.w, desk.vault().now_ms());
    let mut family = Vec::new();
    for person in desk.citizen.members() {
        family.push(desk.vault().permissions(&desk.citizen, person).await?);
    }
    let mut shell = desk.shell(w.t("permissions-title"), "/permissions").back("/my-data");
    if form(query).value("said") == "stopped" {
        shell = shell.flash(Tone::Good, w.t("permissions-said-stopped"));
    }
    Ok(shell.page(html! {
        p.lead { (w.t("permissions-lead")) }
        @for one in &family {
            h2 { (w.with("permissions-of", [("name", one.name.as_str().into())])) }
            @if one.given.is_empty() { p { (w.t("permissions-none")) } }
            @for permission in &one.given { (given(w, now_ms, permission)) }
        }
        @if !family.is_empty() { p { (look_recorded(w)) } }
    }))
}

fn given(w: Words, now_ms: i64, one: &Permission) -> Markup {
    let stands = one.stands(now_ms);
    let (tone, state) = match (stands, one.revoked_ms) {
        (true, _) => (Tone::Good, "permissions-stands"),
        (_, Some(_)) => (Tone::Plain, "permissions-stopped"),
        _ if one.used >= one.reads => (Tone::Plain, "permissions-used-up"),
        _ => (Tone::Plain, "permissions-over"),
    };
    let used = w.with("permissions-used-of", [("used", one.used.into()), ("reads", one.reads.into())]);
    card(html! {
        h3 { (one.partner) }
        p { (tag(tone, &w.t(state))) }
        (summary_list(w)
            .row(w.t("consent-purpose"), one.purpose.as_str())
            .row(w.t("permissions-seen"), html! { (consent::named(w, &one.fields)) br; (w.t("consent-sees-doses")) })
            .row(w.t("permissions-used"), used)
            .row(w.t("permissions-made"), moment(w, one.made_ms))
            .row(w.t("permissions-until"), moment(w, one.revoked_ms.unwrap_or(one.until_ms))))
        @if stands {
            (post_form(&format!("/permissions/{}/stop", one.id), html! { (button(w.t("permissions-stop")).warning()) }))
        }
        (details(&w.t("permissions-proof"), html! {
            p { (w.t("permissions-proof-text")) }
            p { code lang="en" { (one.artefact) } }
        }))
    })
}

pub(super) async fn stop(desk: Desk, Path(id): Path<String>) -> Result<Redirect, Failure> {
    desk.vault().revoke_consent(&desk.citizen, named::<TransactionId>(&id)?).await?;
    Ok(Redirect::to("/permissions?said=stopped"))
}
