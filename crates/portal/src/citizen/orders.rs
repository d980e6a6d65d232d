//! Lawful orders about a member: each stands here, as in her list of looks, from the moment at which it is filed.

use super::Desk;
use crate::page::{Tone, moment};
use crate::page::{card, empty_state, tag};
use crate::words::Words;
use crate::{Failure, Portal, orders};
use axum::extract::Path;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use maud::{Markup, html};
use vault::OrderSeen;

/// `GET /family/{n}/orders`.
pub(super) async fn show(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let rows = desk.vault().orders_about(&desk.citizen, person).await?;
    let (w, path) = (desk.w, format!("/family/{place}/orders"));
    Ok(desk.shell(w.t("order-about-you"), &path).back(format!("/family/{place}/data")).page(html! {
        p.lead { (w.with("data-of", [("place", (place + 1).to_string().into())])) }
        p { (w.t("order-about-you-text")) }
        @if rows.is_empty() { (empty_state(&w.t("order-about-you-none"), html! { p { (w.t("order-about-you-none-text")) } })) }
        @for seen in &rows { (one(w, &desk.portal, seen, desk.vault().now_ms())) }
        p { a href={ "/family/" (place) "/looks" } { (w.t("member-looks")) } }
    }))
}

fn one(w: Words, portal: &Portal, seen: &OrderSeen, now_ms: i64) -> Markup {
    let order = &seen.order;
    let (tone, state) = match seen.second {
        _ if order.until_ms <= now_ms => (Tone::Plain, "order-over"),
        None => (Tone::Info, "order-unconfirmed"),
        Some(_) => (Tone::Warn, "order-stands"),
    };
    let looks: Vec<_> = [(Some(seen.first), seen.looks_ms[0]), (seen.second, seen.looks_ms[1])]
        .into_iter()
        .filter_map(|(officer, at_ms)| Some((officer?.code(), at_ms?)))
        .collect();
    let dated = Timestamp::from_second(i64::from(order.dated_day) * 86_400)
        .map(|at| w.date(vault::at(at.as_millisecond()).date()));
    card(html! {
        h2 { (w.with("order-of-number", [("number", seen.case.to_string().into())])) }
        p { (tag(tone, &w.t(state))) }
        (orders::facts(w, portal, seen)
            .row(w.t("order-number"), order.number.as_str())
            .row(w.t("order-dated"), dated.unwrap_or_default())
            .row(w.t("order-document"), html! { code lang="en" { (HEXLOWER.encode(&order.document)) } })
            .row(w.t("order-looks"), html! {
                @if looks.is_empty() { (w.t("order-looks-none")) }
                @for (officer, at_ms) in &looks { (officer) ", " (moment(w, *at_ms)) br; }
            }))
    })
}
