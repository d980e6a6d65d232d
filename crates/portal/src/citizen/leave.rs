//! Leaving Teeka: what goes, what the law holds, a long code, and then it is done.

use super::fresh::{CodePage, sent_here};
use super::{Desk, Pairs, form};
use crate::Failure;
use crate::page::{button, buttons, confirmation, look_recorded, post_form, quiet_link_button};
use axum::Form as Posted;
use axum::extract::Path;
use maud::{Markup, html};
use vault::CodeFor;

/// Digits of a code that erases for good.
const DIGITS: u8 = 8;

pub(super) async fn show(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let one = desk.card(person).await?;
    let (w, path) = (desk.w, format!("/family/{place}/leave"));
    let title = w.with("leave-title", [("name", one.name.as_str().into())]);
    let has_doses = !one.doses.is_empty();
    Ok(desk.shell(title, &path).back(format!("/family/{place}")).page(html! {
        p.lead { (w.t("leave-lead")) }
        h2 { (w.t("leave-goes")) }
        ul { @for key in ["leave-goes-fields", "leave-goes-phone", "leave-goes-bookings"] { li { (w.t(key)) } } }
        h2 { (w.t("leave-stays")) }
        ul {
            @if has_doses {
                li { (w.t("leave-held-fields")) }
                li { (w.t("leave-doses")) }
                li { (w.t("leave-certificate")) " " a href={ "/family/" (place) "/certificate" } { (w.t("leave-certificate-save")) } }
            }
            li { (w.t("leave-log")) }
        }
        p { (look_recorded(w)) }
        (post_form(&path, buttons(html! {
            (button(w.t("leave-send")).warning())
            (quiet_link_button("/my-data", &w.t("remove-keep")))
        })))
    }))
}

pub(super) async fn send(desk: Desk, Path(place): Path<String>) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    code_page(&desk, place).send(&desk, person, CodeFor::Leaving).await
}

fn code_page(desk: &Desk, place: usize) -> CodePage<'static> {
    let w = desk.w;
    CodePage {
        label: w.t("leave-code"),
        hint: sent_here(desk),
        digits: DIGITS,
        button: button(w.t("leave-go")).warning(),
        action: format!("/family/{place}/leave/code"),
        back: format!("/family/{place}/leave"),
        kept: &[],
        note: Some(w.t("leave-final")),
    }
}

pub(super) async fn take(
    desk: Desk,
    Path(place): Path<String>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Markup, Failure> {
    let (place, person) = desk.member(&place)?;
    let (page, mut form) = (code_page(&desk, place), form(pairs));
    let Some((transaction, code)) = page.typed(desk.w, &mut form) else { return Ok(page.again(&desk, &form)) };
    match desk.vault().leave(&desk.citizen, person, transaction, &code).await {
        Ok(()) => Ok(left(&desk)),
        Err(refused) => page.refused(&desk, &mut form, refused),
    }
}

fn left(desk: &Desk) -> Markup {
    let w = desk.w;
    let title = w.t("leave-done");
    desk.shell(title.as_str(), "/my-data").question().page(html! {
        (confirmation(&title, html! { p { (w.t("leave-done-text")) } }))
        p { a href="/" { (w.t("failure-home")) } }
    })
}
