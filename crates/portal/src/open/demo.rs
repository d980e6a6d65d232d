//! `/demo`: the inbox and the staff log-ins of a demonstration. Elsewhere these pages do not exist.

use crate::caller::{Dress, Visitor};
use crate::page::{self, Form, Shell, button, card, empty_state, hidden, post_form, summary_list, timer};
use crate::words::Words;
use crate::{DemoStaff, Failure, Portal};
use axum::extract::State;
use data_encoding::BASE32_NOPAD;
use maud::{Markup, html};
use registry::Phone;

/// Seconds for which a code of an authenticator stands (RFC 6238).
const STEP_SECONDS: u64 = 30;

/// `GET /demo/inbox`: asks for a number.
pub(super) async fn inbox(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Result<Markup, Failure> {
    portal.demo().ok_or_else(Failure::not_found)?;
    let form = Form::empty();
    Ok(who.dress(&portal, Shell::new(w, w.t("demo-inbox-title"), "/demo/inbox")).page(inbox_page(w, &form, None)))
}

/// `POST /demo/inbox`: the messages of a number, newest first. Numbers stay out of addresses even here.
pub(super) async fn read(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Markup, Failure> {
    let demo = portal.demo().ok_or_else(Failure::not_found)?;
    let mut form = Form::from(pairs);
    let messages = match form.digits("mobile").parse::<Phone>() {
        Ok(phone) => Some(demo.inbox.of(&phone)),
        Err(_) => {
            form.problem("mobile", w.t("demo-mobile-wrong"));
            None
        }
    };
    let shell = Shell::new(w, w.t("demo-inbox-title"), "/demo/inbox").form(&form);
    Ok(who.dress(&portal, shell).page(inbox_page(w, &form, messages.as_deref())))
}

fn inbox_page(w: Words, form: &Form, messages: Option<&[(i64, String)]>) -> Markup {
    html! {
        p.lead { (w.t("demo-inbox-lead")) }
        (post_form("/demo/inbox", html! {
            (page::field(w, form, "mobile", w.t("demo-mobile")).phone())
            (button(w.t("demo-look")))
        }))
        @if let Some(messages) = messages {
            @if messages.is_empty() {
                (empty_state(&w.t("demo-no-messages"), html! { p { (w.t("demo-no-messages-text")) } }))
            }
            @for (at_ms, text) in messages {
                (card(html! {
                    p.quiet { (moment(w, *at_ms)) }
                    p { (text) }
                }))
            }
        }
    }
}

fn moment(w: Words, at_ms: i64) -> String {
    let at = vault::at(at_ms);
    w.with("date-time", [("date", w.date(at.date()).into()), ("time", w.time_exact(at.time()).into())])
}

/// `GET /demo/staff`: who works here, with passwords and the codes of this half minute.
pub(super) async fn staff(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Result<Markup, Failure> {
    let demo = portal.demo().ok_or_else(Failure::not_found)?;
    let shell = who.dress(&portal, Shell::new(w, w.t("demo-staff-title"), "/demo/staff"));
    Ok(shell.page(staff_page(w, &demo.staff, portal.vault().now_ms())))
}

fn staff_page(w: Words, staff: &[DemoStaff], now_ms: i64) -> Markup {
    let seconds = u64::try_from(now_ms / 1000).unwrap_or_default();
    let left = STEP_SECONDS - seconds % STEP_SECONDS;
    let until = vault::at(now_ms - now_ms.rem_euclid(1000) + i64::try_from(left * 1000).unwrap_or_default());
    let until = w.with("demo-codes-until", [("time", w.time_exact(until.time()).into())]);
    html! {
        p.lead { (w.t("demo-staff-lead")) }
        p { (timer(w, u32::try_from(left).unwrap_or_default(), &until)) " " a href="/demo/staff" { (w.t("demo-codes-fresh")) } }
        @for one in staff { (one_login(w, one, seconds / STEP_SECONDS)) }
    }
}

fn one_login(w: Words, one: &DemoStaff, step: u64) -> Markup {
    // A secret that cannot be read has no code: the sign-in then says that it was wrong.
    let secret = BASE32_NOPAD.decode(one.totp_secret.as_bytes()).unwrap_or_default();
    let code = vault::totp(&secret, step);
    card(html! {
        h2 { (one.about) }
        (summary_list(w)
            .row(w.t("staff-login"), html! { code { (one.login) } })
            .row(w.t("staff-password"), html! { code { (one.password) } })
            .row(w.t("staff-code"), html! { code { (code) } }))
        (post_form("/staff", html! {
            (hidden("login", &one.login)) (hidden("password", &one.password)) (hidden("code", &code))
            (button(w.with("demo-sign-in-as", [("login", one.login.as_str().into())])).secondary())
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_shown_are_those_of_the_moment() {
        let one = DemoStaff {
            login: "asha".into(),
            about: "Vaccinator".into(),
            password: "abcd-efgh".into(),
            totp_secret: BASE32_NOPAD.encode(b"12345678901234567890"),
        };
        // 59 seconds after the epoch, the moment of the first test vector of RFC 6238.
        let page = staff_page(Words::default(), &[one], 59_000).0;
        assert!(page.contains("<code>287082</code>") && page.contains("data-seconds=\"1\""));
        assert!(page.contains("<code>asha</code>") && page.contains("5:31:00 am"));
    }
}
