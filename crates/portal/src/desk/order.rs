//! Lawful orders at the officers' desk: the list, one order, its confirming, a look. The list knows whose order it is and until when;
//! whoever confirms it has the paper in hand, for its number is on no page of another officer.

pub(super) mod file;

use super::{Desk, Pairs, one};
use crate::page::{
    Form, Tone, banner, button, buttons, confirmation, empty_state, field, inset, link_button, look_recorded,
    post_form, summary_list, table, tag,
};
use crate::words::Words;
use crate::{Failure, cases, citizen, orders};
use axum::Form as Posted;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::IdKind;
use registry::order::{NUMBER_MOST, OrderNumber};
use vault::{OrderFile, OrderSeen, Refused};

/// `GET /desk/orders`.
pub(super) async fn list(desk: Desk) -> Result<Markup, Failure> {
    let (w, rows) = (desk.w, desk.vault().orders(&desk.staff).await?);
    Ok(desk.shell(w.t("order-title"), "/desk/orders").back("/desk").wide().page(html! {
        p.lead { (w.t("order-lead")) }
        (buttons(link_button("/desk/orders/new", &w.t("order-new"))))
        @if rows.is_empty() { (empty_state(&w.t("order-none"), html! { p { (w.t("order-none-text")) } })) }
        @else {
            (table(w.t("order-caption"))
                .column(w.t("case-number")).column(w.t("order-authority")).column(w.t("case-state")).column(w.t("order-until"))
                .rows(rows.iter().map(|seen| cells(&desk, seen))))
        }
    }))
}

fn cells(desk: &Desk, seen: &OrderSeen) -> Vec<Markup> {
    let (w, (tone, state)) = (desk.w, state(desk, seen));
    vec![
        html! { a href={ "/desk/orders/" (seen.case) } { (seen.case) } },
        html! { (orders::authority(&desk.portal, &seen.order.authority)) },
        html! { (tag(tone, &w.t(state))) },
        html! { (cases::day(w, seen.order.until_ms - 1)) },
    ]
}

fn state(desk: &Desk, seen: &OrderSeen) -> (Tone, &'static str) {
    match seen.second {
        None if seen.first == desk.staff.id => (Tone::Info, "order-waits"),
        None => (Tone::Warn, "order-to-confirm"),
        Some(_) if seen.may_look(desk.staff.id) => (Tone::Good, "order-to-look"),
        Some(_) => (Tone::Plain, "order-confirmed"),
    }
}

/// `GET /desk/orders/{number}`.
pub(super) async fn show(desk: Desk, Path(text): Path<String>, Query(query): Query<Pairs>) -> Result<Markup, Failure> {
    let seen = desk.vault().order_at_desk(&desk.staff, one::number(&text)?).await?;
    let said = Form::from(query).value("said").to_owned();
    Ok(page(&desk, &seen, &said, &Form::empty()))
}

fn page(desk: &Desk, seen: &OrderSeen, said: &str, form: &Form) -> Markup {
    let (w, path) = (desk.w, format!("/desk/orders/{}", seen.case));
    let (tone, state) = state(desk, seen);
    let filed = seen.first == desk.staff.id;
    let shell = desk.shell(title(w, seen), &path).back("/desk/orders").form(form);
    let shell = if said == "filed" { shell.question() } else { shell };
    shell.page(html! {
        @if said == "filed" {
            (confirmation(&w.t("order-said-filed"), html! { p { (w.t("case-number")) } p.figure { (seen.case) } }))
            p { (w.t("order-next")) }
        }
        @if said == "confirmed" { (banner(w, Tone::Good, html! { p { (w.t("order-said-confirmed")) } })) }
        p { (tag(tone, &w.t(state))) }
        (orders::facts(w, &desk.portal, seen))
        @if seen.held { (inset(html! { p { (w.t("order-held")) } })) }
        @if seen.may_look(desk.staff.id) {
            p { (w.t("order-look-text")) }
            (post_form(&format!("{path}/look"), button(w.t("order-look"))))
        } @else if seen.second.is_none() && !filed {
            p { (w.t("order-confirm-text")) }
            (post_form(&format!("{path}/confirm"), html! {
                (field(w, form, "order_number", w.t("order-number")).hint(w.t("order-number-again")).characters(NUMBER_MOST))
                (button(w.t("order-confirm")))
            }))
        } @else if seen.second.is_none() {
            (inset(html! { p { (w.t("order-other-officer")) } }))
        }
    })
}

fn title(w: Words, seen: &OrderSeen) -> String {
    w.with("order-of-number", [("number", seen.case.to_string().into())])
}

/// `POST /desk/orders/{number}/confirm`.
pub(super) async fn confirm(
    desk: Desk,
    Path(text): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let (case, mut form) = (one::number(&text)?, Form::from(pairs));
    let seen = desk.vault().order_at_desk(&desk.staff, case).await?;
    if seen.second.is_some() || seen.first == desk.staff.id {
        return Err(Failure::not_found());
    }
    let confirmed = match form.value("order_number").parse::<OrderNumber>() {
        Ok(number) => desk.vault().confirm_order(&desk.staff, case, &number).await,
        Err(malformed) => Err(malformed.into()),
    };
    match confirmed {
        Ok(()) => Ok(Redirect::to(&format!("/desk/orders/{case}?said=confirmed")).into_response()),
        Err(Refused::Malformed(_)) => {
            form.problem("order_number", desk.w.t("order-number-differs"));
            Ok(page(&desk, &seen, "", &form).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /desk/orders/{number}/look`: the one look of this officer.
pub(super) async fn look(desk: Desk, Path(text): Path<String>) -> Result<Markup, Failure> {
    let case = one::number(&text)?;
    let file = desk.vault().order_file(&desk.staff, case).await?;
    let seen = desk.vault().order_at_desk(&desk.staff, case).await?;
    let (w, path) = (desk.w, format!("/desk/orders/{case}"));
    Ok(desk.shell(title(w, &seen), &path).back(path.as_str()).page(html! {
        (banner(w, Tone::Info, html! { p { (look_recorded(w)) " " (w.t("order-look-once")) } }))
        (opened(w, &file))
        @if seen.held { (inset(html! { p { (w.t("order-held")) } })) }
    }))
}

fn opened(w: Words, file: &OrderFile) -> Markup {
    let rows = [
        ("desk-name", file.name.clone()),
        ("add-born", file.birth_year.map(|year| year.to_string())),
        ("add-gender", file.gender.map(|one| citizen::gender(w, one))),
        ("looks-field-phone", file.phone.clone()),
        (
            "add-check-document",
            file.id_document.as_ref().map(|(kind, last)| {
                let kind =
                    IdKind::from_id(*kind).map_or_else(|_| w.t("document-other"), |kind| citizen::document(w, kind));
                w.with("document-ends", [("kind", kind.into()), ("last", last.as_str().into())])
            }),
        ),
    ];
    let rows: Vec<_> = rows.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    html! {
        @if rows.is_empty() { p { (w.t("order-nothing")) } }
        (rows.into_iter().fold(summary_list(w), |list, (key, value)| list.row(w.t(key), value)))
    }
}
