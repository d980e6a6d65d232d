//! In by a phone and the code it gets; out again; and a little longer.

use super::{Pairs, form};
use crate::caller::{Browser, Visitor, set_cookie};
use crate::page::{Form, Shell, Tone, button, buttons, details, field, hidden, own_path, post_form};
use crate::words::{Words, phone};
use crate::{Failure, Portal};
use axum::Form as Posted;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::{Phone, SessionId, TransactionId};
use vault::{Asked, Caller, CodeFor, Opened, Proof, Refusal, Refused};

pub(super) async fn ask_phone(Visitor(visitor): Visitor, w: Words, Query(query): Query<Pairs>) -> Response {
    match visitor {
        Some(Caller::Citizen(citizen)) if !citizen.public => Redirect::to("/family").into_response(),
        _ => phone_page(w, &form(query)).into_response(),
    }
}

fn phone_page(w: Words, form: &Form) -> Markup {
    Shell::new(w, w.t("sign-in-title"), "/sign-in").back("/").form(form).question().page(html! {
        (post_form("/sign-in", html! {
            (field(w, form, "mobile", w.t("sign-in-phone")).heading().hint(w.t("sign-in-phone-hint")).phone())
            (wish(form))
            (buttons(button(w.t("sign-in-send"))))
        }))
        p.quiet { (w.t("sign-in-no-phone")) }
    })
}

/// The session that was chosen before signing in, carried along.
fn wish(form: &Form) -> Markup {
    html! { @if let Some(session) = wished(form) { (hidden("session", &session.to_string())) } }
}

fn wished(form: &Form) -> Option<SessionId> {
    form.value("session").parse().ok()
}

pub(super) async fn send_code(
    State(portal): State<Portal>,
    browser: Browser,
    w: Words,
    Posted(pairs): Posted<Pairs>,
) -> Result<Markup, Failure> {
    let mut form = form(pairs);
    let Ok(mobile) = form.digits("mobile").parse::<Phone>() else {
        form.problem("mobile", w.t("sign-in-phone-wrong"));
        return Ok(phone_page(w, &form));
    };
    match send(&portal, browser.asked(&portal), w, &mobile).await? {
        Ok(transaction) => Ok(code_page(w, &carried(&form, &mobile, transaction), None)),
        Err(wait) => {
            form.problem("mobile", wait);
            Ok(phone_page(w, &form))
        }
    }
}

/// Sends a code; or says when the next can be asked for, alike for every number.
async fn send(
    portal: &Portal,
    asked: Asked,
    w: Words,
    mobile: &Phone,
) -> Result<Result<TransactionId, String>, Failure> {
    let vault = portal.vault();
    match vault.send_code(asked, mobile, CodeFor::SignIn, w.language().code()).await {
        Ok(transaction) => Ok(Ok(transaction)),
        Err(Refused::Rule(Refusal::OverBudget { until_ms })) => Ok(Err(again_at(w, vault.now_ms(), until_ms))),
        Err(other) => Err(other.into()),
    }
}

/// When the next code or try is possible: by the clock today, by the date later, and in person when it is years away.
pub(super) fn again_at(w: Words, now_ms: i64, until_ms: i64) -> String {
    let (now, until) = (vault::at(now_ms), vault::at(until_ms));
    if until_ms - now_ms > 7 * 86_400_000 {
        return w.t("sign-in-locked");
    }
    let time = if now.date() == until.date() { w.time_exact(until.time()) } else { w.date_time(until.datetime()) };
    w.with("sign-in-again-at", [("time", time.into())])
}

/// What the page with the code carries along.
fn carried(form: &Form, mobile: &Phone, transaction: TransactionId) -> Form {
    let new = Form::empty().with("mobile", mobile.digits()).with("txn", transaction.to_string());
    new.with("session", form.value("session"))
}

fn code_page(w: Words, form: &Form, said: Option<(Tone, String)>) -> Markup {
    let mobile = phone(form.value("mobile"));
    let mut shell = Shell::new(w, w.t("sign-in-code-title"), "/sign-in").back("/sign-in").form(form).question();
    if let Some((tone, text)) = said {
        shell = shell.flash(tone, text);
    }
    let kept = html! { (hidden("txn", form.value("txn"))) (hidden("mobile", form.value("mobile"))) (wish(form)) };
    let hint = w.with("sign-in-code-hint", [("mobile", mobile.into())]);
    shell.page(html! {
        (post_form("/sign-in/code", html! {
            (field(w, form, "code", w.t("sign-in-code")).heading().hint(hint).code(6))
            (kept)
            (buttons(button(w.t("sign-in"))))
        }))
        (details(&w.t("sign-in-no-code"), html! {
            p { (w.t("sign-in-no-code-text")) }
            (post_form("/sign-in/resend", html! { (kept) (button(w.t("sign-in-resend")).secondary()) }))
        }))
    })
}

pub(super) async fn resend_code(
    State(portal): State<Portal>,
    browser: Browser,
    w: Words,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let form = form(pairs);
    let Ok(mobile) = form.digits("mobile").parse::<Phone>() else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let page = match send(&portal, browser.asked(&portal), w, &mobile).await? {
        Ok(transaction) => {
            code_page(w, &carried(&form, &mobile, transaction), Some((Tone::Good, w.t("sign-in-resent"))))
        }
        // The code that was sent before is still good for its three minutes.
        Err(wait) => code_page(w, &form, Some((Tone::Warn, wait))),
    };
    Ok(page.into_response())
}

pub(super) async fn try_code(
    State(portal): State<Portal>,
    browser: Browser,
    w: Words,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let mut form = form(pairs);
    let Ok(transaction) = form.value("txn").parse::<TransactionId>() else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let vault = portal.vault();
    let typed = form.digits("code");
    if !matches!(typed.len(), 6 | 8) || !typed.bytes().all(|b| b.is_ascii_digit()) {
        // Not a code at all, so no try is spent on it.
        form.problem("code", w.t("sign-in-code-form"));
        return Ok(code_page(w, &without_code(&form), None).into_response());
    }
    match vault.sign_in(browser.asked(&portal), transaction, CodeFor::SignIn, &typed).await {
        Ok(opened) => Ok(signed_in(&portal, &browser, &opened, wished(&form))),
        Err(Refused::ProofNeeded(proof)) => {
            let form = Form::empty().with("proof", proof.0).with("session", form.value("session"));
            Ok(proof_page(w, &form).into_response())
        }
        Err(refused) => {
            form.problem("code", why_not(w, vault.now_ms(), refused)?);
            Ok(code_page(w, &without_code(&form), None).into_response())
        }
    }
}

/// The same form with an empty field for the code: a wrong one is not worth keeping.
fn without_code(form: &Form) -> Form {
    let kept = ["txn", "mobile", "session"];
    let mut fresh = kept.into_iter().fold(Form::empty(), |fresh, name| fresh.with(name, form.value(name)));
    if let Some(problem) = form.problem_of("code") {
        fresh.problem("code", problem);
    }
    fresh
}

fn why_not(w: Words, now_ms: i64, refused: Refused) -> Result<String, Failure> {
    match refused {
        Refused::Wrong { left: 0 } | Refused::Rule(Refusal::CodeGone) => Ok(w.t("sign-in-code-gone")),
        Refused::Wrong { left } => Ok(w.with("sign-in-code-wrong", [("left", left.into())])),
        Refused::Rule(Refusal::Locked { until_ms }) => Ok(again_at(w, now_ms, until_ms)),
        other => Err(other.into()),
    }
}

/// A right code: the cookie, and on to the family, to the chosen session, or to the first question of a new phone.
fn signed_in(portal: &Portal, browser: &Browser, opened: &Opened, session: Option<SessionId>) -> Response {
    let to = match (opened.is_new, session) {
        (true, Some(session)) => format!("/family/add?session={session}"),
        (true, None) => "/family/add".to_owned(),
        (false, Some(session)) => format!("/book/{session}"),
        (false, None) => "/family".to_owned(),
    };
    (set_cookie(portal, Some(&opened.token)), browser.set_cookie(opened), Redirect::to(&to)).into_response()
}

fn proof_page(w: Words, form: &Form) -> Markup {
    Shell::new(w, w.t("sign-in-proof-title"), "/sign-in").back("/sign-in").form(form).question().page(html! {
        (post_form("/sign-in/proof", html! {
            (field(w, form, "answer", w.t("sign-in-proof")).heading().hint(w.t("sign-in-proof-hint")).digits(6))
            (hidden("proof", form.value("proof"))) (wish(form))
            (buttons(button(w.t("continue"))))
        }))
        p.quiet { (w.t("sign-in-proof-why")) }
    })
}

pub(super) async fn try_proof(
    State(portal): State<Portal>,
    browser: Browser,
    w: Words,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let sent = form(pairs);
    let vault = portal.vault();
    let proof = Proof(sent.value("proof").to_owned());
    let mut form = Form::empty().with("session", sent.value("session"));
    match vault.prove(browser.asked(&portal), &proof, &sent.digits("answer")).await {
        Ok(opened) => return Ok(signed_in(&portal, &browser, &opened, wished(&form))),
        Err(Refused::ProofNeeded(next)) => {
            form = form.with("proof", next.0);
            form.problem("answer", w.t("sign-in-proof-wrong"));
            return Ok(proof_page(w, &form).into_response());
        }
        Err(Refused::Wrong { .. }) => form.problem("mobile", w.t("sign-in-proof-over")),
        Err(Refused::NotSignedIn) => form.problem("mobile", w.t("sign-in-proof-late")),
        Err(other) => return Err(other.into()),
    }
    Ok(phone_page(w, &form).into_response())
}

/// Ends whoever's sign-in it is, citizen or staff.
pub(super) async fn sign_out(State(portal): State<Portal>, Visitor(visitor): Visitor) -> Result<Response, Failure> {
    match &visitor {
        Some(Caller::Citizen(citizen)) => portal.vault().sign_out(citizen).await?,
        Some(Caller::Staff(staff)) => portal.vault().staff_sign_out(staff).await?,
        None => {}
    }
    Ok((set_cookie(&portal, None), Redirect::to("/")).into_response())
}

/// A little longer: having asked is enough, for a sign-in stays awake by every page.
pub(super) async fn extend(
    State(portal): State<Portal>,
    Visitor(visitor): Visitor,
    headers: HeaderMap,
    Posted(pairs): Posted<Pairs>,
) -> Response {
    let form = form(pairs);
    let expires_ms = match &visitor {
        Some(Caller::Citizen(citizen)) => citizen.expires_ms,
        Some(Caller::Staff(staff)) => staff.expires_ms,
        None => return Failure::signed_out().into_response(),
    };
    let is_script =
        headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if is_script {
        let seconds = (expires_ms - portal.vault().now_ms()).clamp(0, 900_000) / 1000;
        return (StatusCode::NO_CONTENT, [("session-seconds", seconds.to_string())]).into_response();
    }
    Redirect::to(own_path(form.value("back")).unwrap_or("/")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_wrong_code_says_what_to_do_and_how_many_tries_are_left() {
        let w = Words::new(Language::English);
        let said = |refused| why_not(w, 0, refused).unwrap();
        assert_eq!(
            said(Refused::Wrong { left: 2 }),
            "Enter the 6-digit code from the message. It is valid for 3 minutes. You have 2 more tries."
        );
        assert_eq!(
            said(Refused::Wrong { left: 1 }),
            "Enter the 6-digit code from the message. It is valid for 3 minutes. You have 1 more try."
        );
        assert_eq!(said(Refused::Wrong { left: 0 }), said(Refusal::CodeGone.into()));
        assert!(why_not(w, 0, Refused::Unavailable).is_err());
    }

    #[test]
    fn the_wait_is_said_by_the_clock_then_by_the_date_then_in_person() {
        let w = Words::new(Language::English);
        assert_eq!(again_at(w, 0, 60_000), "Too many codes were asked for. You can ask for a new one at 5:31:00 am.");
        assert_eq!(
            again_at(w, 0, 86_400_000),
            "Too many codes were asked for. You can ask for a new one at Fri 2 Jan 1970, 5:30 am."
        );
        assert_eq!(again_at(w, 0, 100 * 365 * 86_400_000), w.t("sign-in-locked"));
    }

    #[test]
    fn the_code_page_keeps_what_was_chosen_and_forgets_the_wrong_code() {
        let w = Words::new(Language::English);
        let mut form = Form::empty().with("txn", "t").with("mobile", "9876543210").with("code", "123456");
        form.problem("code", "wrong");
        let page = code_page(w, &without_code(&form), None).0;
        assert!(!page.contains("123456"));
        assert!(page.contains(r#"<input type="hidden" name="txn" value="t">"#));
        assert!(page.contains("98765 43210"));
        assert!(page.contains("autocomplete=\"one-time-code\""));
    }
}
