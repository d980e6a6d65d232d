//! `/demo`: the inbox and the staff log-ins of a demonstration. Elsewhere these pages do not exist.

use crate::caller::{Dress, Visitor};
use crate::page::{self, Form, Shell, button, card, empty_state, get_form, hidden, post_form, summary_list, timer};
use crate::words::Words;
use crate::{DemoStaff, Failure, Portal};
use axum::extract::{Query, State};
use data_encoding::BASE32_NOPAD;
use maud::{Markup, html};
use registry::Phone;
use std::collections::HashMap;

/// Seconds for which a code of an authenticator stands (RFC 6238).
const STEP_SECONDS: u64 = 30;

/// Log-ins on one page, and of each role when nobody was looked for.
const SHOWN: usize = 20;
const OF_A_ROLE: usize = 4;

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
    let messages = form.digits("mobile").parse::<Phone>().ok().map(|phone| demo.inbox.of(&phone));
    if messages.is_none() {
        form.problem("mobile", w.t("demo-mobile-wrong"));
    }
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
                    p.quiet { (second(w, *at_ms)) }
                    p { (text) }
                }))
            }
        }
    }
}

fn second(w: Words, at_ms: i64) -> String {
    let at = vault::at(at_ms);
    w.with("date-time", [("date", w.date(at.date()).into()), ("time", w.time_exact(at.time()).into())])
}

/// `GET /demo/staff?find=guntur`: who works here, with passwords and the codes of this half minute.
pub(super) async fn staff(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Markup, Failure> {
    let demo = portal.demo().ok_or_else(Failure::not_found)?;
    let form = Form::from(pairs);
    let shell = who.dress(&portal, Shell::new(w, w.t("demo-staff-title"), "/demo/staff"));
    Ok(shell.page(staff_page(w, &form, &demo.staff, portal.vault().now_ms())))
}

/// Those whose log-in or place holds the text; without one, the first of each role.
fn chosen<'a>(staff: &'a [DemoStaff], text: &str) -> Vec<&'a DemoStaff> {
    let text = text.to_lowercase();
    let role = |one: &DemoStaff| one.about.split(',').next().unwrap_or_default().to_owned();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let holds = |one: &&DemoStaff| one.login.contains(&text) || one.about.to_lowercase().contains(&text);
    let mut is_first = |one: &&DemoStaff| {
        let count = seen.entry(role(one)).or_default();
        *count += 1;
        *count <= OF_A_ROLE
    };
    staff.iter().filter(|one| if text.is_empty() { is_first(one) } else { holds(one) }).take(SHOWN).collect()
}

fn staff_page(w: Words, form: &Form, staff: &[DemoStaff], now_ms: i64) -> Markup {
    let seconds = u64::try_from(now_ms / 1000).unwrap_or_default();
    let left = STEP_SECONDS - seconds % STEP_SECONDS;
    let until = vault::at(now_ms - now_ms.rem_euclid(1000) + i64::try_from(left * 1000).unwrap_or_default());
    let until = w.with("demo-codes-until", [("time", w.time_exact(until.time()).into())]);
    let chosen = chosen(staff, form.value("find"));
    html! {
        p.lead { (w.t("demo-staff-lead")) }
        (get_form("/demo/staff", html! {
            (page::field(w, form, "find", w.t("demo-staff-find")).hint(w.t("demo-staff-find-hint")))
            (button(w.t("demo-staff-look")).secondary())
        }))
        p { (timer(w, u32::try_from(left).unwrap_or_default(), &until)) " " a href="/demo/staff" { (w.t("demo-codes-fresh")) } }
        @if chosen.is_empty() { p { (w.t("demo-staff-none")) } }
        @for one in chosen { (one_login(w, one, seconds / STEP_SECONDS)) }
        p.quiet { (w.with("demo-staff-count", [("count", staff.len().into())])) }
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

    fn one(login: &str, about: &str) -> DemoStaff {
        DemoStaff {
            login: login.into(),
            about: about.into(),
            password: "abcd-efgh".into(),
            totp_secret: BASE32_NOPAD.encode(b"12345678901234567890"),
        }
    }

    #[test]
    fn the_codes_shown_are_those_of_the_moment() {
        // 59 seconds after the epoch, the moment of the first test vector of RFC 6238.
        let page = staff_page(Words::default(), &Form::empty(), &[one("asha", "vaccinator, CHC Guntur")], 59_000).0;
        assert!(page.contains("<code>287082</code>") && page.contains("data-seconds=\"1\""));
        assert!(page.contains("<code>asha</code>") && page.contains("5:31:00 am"));
    }

    #[test]
    fn a_few_of_each_role_are_shown_and_everyone_can_be_found() {
        let mut staff: Vec<DemoStaff> = (0..300).map(|n| one(&format!("manager.{n}"), "manager, Goa")).collect();
        staff.push(one("vaccinator.guntur.1", "vaccinator, CHC Guntur"));
        let logins = |text| chosen(&staff, text).into_iter().map(|one| one.login.as_str()).collect::<Vec<_>>();
        assert_eq!(logins("").len(), OF_A_ROLE + 1);
        assert_eq!(logins("GUNTUR"), ["vaccinator.guntur.1"]);
        assert_eq!(logins("manager.299"), ["manager.299"]);
        assert!(logins("nobody").is_empty());
    }
}
