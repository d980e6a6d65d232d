//! `/staff`: staff sign in with a password and the code of an authenticator.

use crate::caller::{Dress, Visitor, set_cookie};
use crate::page::{self, Form, Shell, button, post_form};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::Role;
use vault::{Caller, Channel, Refusal, Refused};

/// `GET /staff`: the form; whoever is signed in as staff goes on to her work.
pub(super) async fn ask(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Response {
    match who {
        Some(Caller::Staff(staff)) => Redirect::to(desk(staff.role)).into_response(),
        other => other
            .dress(&portal, Shell::new(w, w.t("staff-title"), "/staff"))
            .page(form_page(w, &Form::empty()))
            .into_response(),
    }
}

/// `POST /staff`
pub(super) async fn sign_in(
    w: Words,
    State(portal): State<Portal>,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let mut form = Form::from(pairs);
    let vault = portal.vault();
    let code = form.digits("code");
    match vault.staff_sign_in(vault.asked(Channel::Page), form.value("login"), form.value("password"), &code).await {
        Ok(opened) => {
            let Caller::Staff(staff) = vault.caller(&opened.token, Channel::Page).await? else {
                return Err(Failure::forbidden());
            };
            Ok((set_cookie(&portal, Some(&opened.token)), Redirect::to(desk(staff.role))).into_response())
        }
        // A wrong name, password or code and a pause after wrong tries sound alike: none of them is a hint.
        Err(Refused::Wrong { .. } | Refused::Rule(Refusal::Locked { .. })) => {
            form.problem("login", w.t("staff-wrong"));
            Ok(Shell::new(w, w.t("staff-title"), "/staff").form(&form).page(form_page(w, &form)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Where a role begins its day; roles whose work has no pages yet begin at the first page.
const fn desk(role: Role) -> &'static str {
    match role {
        Role::Manager => "/manager",
        Role::Vaccinator => "/vaccinator",
        Role::Officer => "/desk",
        _ => "/",
    }
}

fn form_page(w: Words, form: &Form) -> Markup {
    let code = Form::empty();
    html! {
        p.lead { (w.t("staff-lead")) }
        (post_form("/staff", html! {
            (page::field(w, form, "login", w.t("staff-login")).autocomplete("username").characters(16))
            (page::field(w, form, "password", w.t("staff-password")).password())
            // A code is good once: what was typed is not offered again.
            (page::field(w, &code, "code", w.t("staff-code")).hint(w.t("staff-code-hint")).code(6))
            (button(w.t("nav-sign-in")))
            p.hint { (w.t("staff-lost")) }
        }))
    }
}
