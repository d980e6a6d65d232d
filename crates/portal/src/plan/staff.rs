//! Staff: find, add, change role and centre, new credentials, leave at once.

use super::import::{Kind, Row, Trouble, from_form};
use super::{Cut, Desk, Frame, Posted, centres::query_part, cut, holds, role_name, search, staff_id, trouble};
use crate::Failure;
use crate::page::{
    Form, Tone, banner, button, buttons, empty_state, field, link_button, pagination, post_form, quiet_link_button,
    radios, summary_list, table, tag,
};
use crate::words::Words;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use credential::qr::Code;
use maud::{Markup, PreEscaped, html};
use registry::{CentreId, Role, StaffId};
use std::sync::Arc;
use vault::rows::StaffRow;
use vault::{Effect, Enrolled, Refusal, Refused, StaffChange};

/// `GET /manager/staff`.
pub(super) async fn list(desk: Desk) -> Result<Markup, Failure> {
    let (wanted, centre) = (desk.query.value("q"), desk.centre_asked());
    let fits = |row: &StaffRow| holds(&[&row.login, &row.name], wanted) && (centre.is_none() || row.centre == centre);
    let staff = desk.vault().all_staff(&desk.staff).await?.into_iter().filter(fits).collect();
    Ok(list_page(desk.frame, &desk.query, centre, &cut(staff, desk.page_asked())))
}

fn list_page(frame: Frame, query: &Form, centre: Option<CentreId>, staff: &Cut<StaffRow>) -> Markup {
    let w = frame.w;
    let centre = centre.map(|centre| centre.to_string()).unwrap_or_default();
    let row = |row: &StaffRow| {
        vec![
            html! { a href={ "/manager/staff/" (row.id) } { (row.name) } },
            html! { (row.login) },
            html! { (role_name(w, row.role)) },
            html! { @if let Some(centre) = row.centre { a href={ "/manager/centres/" (centre) } { (centre) } } },
            standing(w, row.active),
        ]
    };
    let wanted = query_part(query.value("q"));
    frame.wide(w.t("nav-staff"), "/manager/staff").page(html! {
        div.buttons { (link_button(&format!("/manager/staff/new?centre={centre}"), &w.t("manager-staff-add"))) }
        (search(w, "/manager/staff", query, w.t("manager-staff-search"), w.t("manager-staff-search-hint")))
        @if staff.rows.is_empty() {
            (empty_state(&w.t("manager-staff-empty"), html! { p { a href="/manager/staff" { (w.t("manager-show-all")) } } }))
        } @else {
            (table(w.t("nav-staff"))
                .column(w.t("manager-name")).column(w.t("manager-login")).column(w.t("manager-role"))
                .column(w.t("manager-centre")).column(w.t("manager-state")).rows(staff.rows.iter().map(row)))
            (pagination(w, staff.page, staff.pages, |page| format!("/manager/staff?q={wanted}&centre={centre}&page={page}")))
        }
    })
}

fn standing(w: Words, active: bool) -> Markup {
    if active { tag(Tone::Good, &w.t("manager-staff-active")) } else { tag(Tone::Plain, &w.t("manager-staff-left")) }
}

/// The member of staff that a path names.
async fn named(desk: &Desk, path: &str) -> Result<StaffRow, Failure> {
    let id = staff_id(path)?;
    let all = desk.vault().all_staff(&desk.staff).await?;
    all.into_iter().find(|row| row.id == id).ok_or_else(Failure::not_found)
}

/// `GET /manager/staff/{id}`.
pub(super) async fn one(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let row = named(&desk, &path).await?;
    Ok(one_page(desk.frame, &filled(&row), &row, row.id == desk.staff.id, desk.query.value("done") == "saved"))
}

fn filled(row: &StaffRow) -> Form {
    let centre = row.centre.map(|centre| centre.to_string()).unwrap_or_default();
    Form::empty().with("role", row.role.code()).with("centre_id", centre)
}

fn one_page(frame: Frame, form: &Form, row: &StaffRow, myself: bool, saved: bool) -> Markup {
    let w = frame.w;
    let path = format!("/manager/staff/{}", row.id);
    let mut shell = frame.narrow(&*row.name, &path).back("/manager/staff").form(form);
    if saved {
        shell = shell.flash(Tone::Good, w.t("manager-saved"));
    }
    let centre = row.centre.map(|centre| centre.to_string()).unwrap_or_default();
    shell.page(html! {
        (summary_list(w)
            .row(w.t("manager-login"), html! { (row.login) })
            .row(w.t("manager-staff-code"), html! { (row.id.code()) })
            .row(w.t("manager-role"), html! { (role_name(w, row.role)) })
            .row(w.t("manager-centre-number"), html! { (centre) })
            .row(w.t("manager-state"), standing(w, row.active)))
        @if myself {
            p { (w.t("manager-staff-yourself")) }
        } @else if row.active {
            h2 { (w.t("manager-staff-change")) }
            (post_form(&path, html! { (role_field(w, form)) (centre_field(w, form)) (button(w.t("manager-staff-save"))) }))
            h2 { (w.t("manager-staff-access")) }
            p { (w.t("manager-staff-access-hint")) }
            (buttons(html! {
                (quiet_link_button(&format!("{path}/reset"), &w.t("manager-staff-reset")))
                (quiet_link_button(&format!("{path}/leave"), &w.t("manager-staff-leave")))
            }))
        } @else {
            (post_form(&format!("{path}/return"), html! { (button(w.t("manager-staff-return")).secondary()) }))
        }
    })
}

fn role_field(w: Words, form: &Form) -> Markup {
    let choice = radios(w, form, "role", w.t("manager-role"));
    let choice = Role::ALL.into_iter().fold(choice, |choice, role| choice.option(role.code(), role_name(w, role)));
    html! { (choice) }
}

fn centre_field(w: Words, form: &Form) -> Markup {
    html! {
        (field(w, form, "centre_id", w.t("manager-centre-number")).hint(w.t("manager-staff-centre-hint")).digits(8).optional())
    }
}

/// `POST /manager/staff/{id}`: another role, another centre.
pub(super) async fn change(desk: Desk, Path(path): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let row = named(&desk, &path).await?;
    if row.id == desk.staff.id {
        return Err(Failure::forbidden());
    }
    let w = desk.frame.w;
    let mut form = posted.after([("login", row.login.clone()), ("name", row.name.clone())]);
    let problems = match from_form(Kind::Staff, &form) {
        Ok(Row::Staff(line)) => {
            if has_centre(&desk, line.centre).await? {
                let role = Some(line.role).filter(|role| *role != row.role);
                let centre = line.centre.filter(|centre| row.centre != Some(*centre));
                if role.is_some() || centre.is_some() {
                    let change = StaffChange { staff: row.id, role, centre, active: None, credentials: None };
                    desk.vault().plan(&desk.staff, Effect::StaffChange(change)).await?;
                }
                return Ok(Redirect::to(&format!("/manager/staff/{}?done=saved", row.id)).into_response());
            }
            vec![("centre_id", Trouble::NoCentre)]
        }
        Ok(_) => unreachable!("a form of staff gives staff"),
        Err(problems) => problems,
    };
    trouble::note(w, &mut form, problems);
    Ok(one_page(desk.frame, &form, &row, false, false).into_response())
}

async fn has_centre(desk: &Desk, centre: Option<CentreId>) -> Result<bool, Failure> {
    let Some(centre) = centre else { return Ok(true) };
    match desk.vault().centre(centre).await {
        Ok(_) => Ok(true),
        Err(Refused::NotFound) => Ok(false),
        Err(refused) => Err(refused.into()),
    }
}

/// `GET /manager/staff/new`.
pub(super) async fn new(desk: Desk) -> Markup {
    let form = Form::empty().with("role", Role::Vaccinator.code()).with("centre_id", desk.query.value("centre"));
    new_page(desk.frame, &form)
}

fn new_page(frame: Frame, form: &Form) -> Markup {
    let w = frame.w;
    let path = "/manager/staff/new";
    frame.narrow(w.t("manager-staff-add"), path).back("/manager/staff").form(form).page(post_form(
        path,
        html! {
            (field(w, form, "name", w.t("manager-name")))
            (field(w, form, "login", w.t("manager-login")).hint(w.t("manager-login-hint")).characters(16))
            (role_field(w, form))
            (centre_field(w, form))
            (button(w.t("manager-staff-add")))
        },
    ))
}

/// `POST /manager/staff/new`.
pub(super) async fn add(desk: Desk, posted: Posted) -> Result<Markup, Failure> {
    let mut form = posted.form();
    let w = desk.frame.w;
    match from_form(Kind::Staff, &form) {
        Ok(Row::Staff(line)) if has_centre(&desk, line.centre).await? => {
            let (vault, login) = (Arc::clone(desk.portal.vault()), line.login.clone());
            let enrolled = hashing(move || vault.enrol_staff(&line.login, &line.name, line.role, line.centre)).await?;
            match desk.vault().plan(&desk.staff, enrolled.effect.clone()).await {
                Ok(_) => return Ok(credentials_page(desk.frame, &login, &enrolled)),
                Err(Refused::Rule(Refusal::Conflict)) => form.problem("login", w.t("manager-login-taken")),
                Err(refused) => return Err(refused.into()),
            }
        }
        Ok(_) => form.problem("centre_id", trouble::text(w, &Trouble::NoCentre)),
        Err(problems) => trouble::note(w, &mut form, problems),
    }
    Ok(new_page(desk.frame, &form))
}

/// Hashes a password off the threads that serve others.
async fn hashing(work: impl FnOnce() -> Result<Enrolled, Refused> + Send + 'static) -> Result<Enrolled, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| Refused::Unavailable)??)
}

/// The address that authenticators read: issuer, account and secret.
pub(super) fn authenticator_address(login: &str, secret: &str) -> String {
    format!("otpauth://totp/Teeka:{}?secret={secret}&issuer=Teeka", query_part(login))
}

/// New credentials, shown this once.
fn credentials_page(frame: Frame, login: &str, enrolled: &Enrolled) -> Markup {
    let w = frame.w;
    let address = authenticator_address(login, &enrolled.totp_secret);
    let grouped: Vec<&str> =
        enrolled.totp_secret.as_bytes().chunks(4).filter_map(|four| str::from_utf8(four).ok()).collect();
    frame.narrow(w.t("manager-credentials-title"), "/manager/staff").page(html! {
        (banner(w, Tone::Warn, html! { p { (w.t("manager-credentials-once")) } }))
        (summary_list(w)
            .row(w.t("manager-login"), html! { (login) })
            .row(w.t("manager-password"), html! { code { (enrolled.password) } })
            .row(w.t("manager-secret"), html! { code { (grouped.join(" ")) } }))
        @if let Ok(code) = Code::of(&address) {
            div.qr { (PreEscaped(code.to_svg(&w.t("manager-secret-qr")))) }
            p.hint { (w.t("manager-secret-hint")) }
        }
        (details_address(w, &address))
        (buttons(html! {
            (link_button(&format!("/manager/staff/{}", enrolled.id), &w.t("manager-credentials-done")))
        }))
    })
}

fn details_address(w: Words, address: &str) -> Markup {
    crate::page::details(&w.t("manager-secret-address"), html! { p { code { (address) } } })
}

/// A page that asks before an act that cannot be taken back.
pub(super) fn ask(frame: Frame, title: &str, path: &str, back: &str, body: &Markup, label: String) -> Markup {
    frame.narrow(title, path).back(back).page(post_form(
        path,
        html! {
            (body)
            (buttons(html! { (button(label).warning()) (quiet_link_button(back, &frame.w.t("manager-keep"))) }))
        },
    ))
}

/// `GET /manager/staff/{id}/reset`.
pub(super) async fn ask_reset(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let row = named(&desk, &path).await?;
    let (w, back) = (desk.frame.w, format!("/manager/staff/{}", row.id));
    let title = w.with("manager-reset-title", [("name", row.name.as_str().into())]);
    let body = html! { p { (w.t("manager-reset-text")) } };
    Ok(ask(desk.frame, &title, &format!("{back}/reset"), &back, &body, w.t("manager-staff-reset")))
}

/// `POST /manager/staff/{id}/reset`.
pub(super) async fn reset(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let row = others(&desk, &path).await?;
    let (vault, id) = (Arc::clone(desk.portal.vault()), row.id);
    let enrolled = hashing(move || vault.reset_staff(id)).await?;
    desk.vault().plan(&desk.staff, enrolled.effect.clone()).await?;
    Ok(credentials_page(desk.frame, &row.login, &enrolled))
}

/// `GET /manager/staff/{id}/leave`.
pub(super) async fn ask_leave(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let row = named(&desk, &path).await?;
    let (w, back) = (desk.frame.w, format!("/manager/staff/{}", row.id));
    let title = w.with("manager-leave-title", [("name", row.name.as_str().into())]);
    let body = html! { p { (w.t("manager-leave-text")) } };
    Ok(ask(desk.frame, &title, &format!("{back}/leave"), &back, &body, w.t("manager-staff-leave")))
}

/// `POST /manager/staff/{id}/leave`.
pub(super) async fn leave(desk: Desk, Path(path): Path<String>) -> Result<Redirect, Failure> {
    let row = others(&desk, &path).await?;
    set_active(&desk, row.id, false).await
}

/// `POST /manager/staff/{id}/return`.
pub(super) async fn come_back(desk: Desk, Path(path): Path<String>) -> Result<Redirect, Failure> {
    let row = others(&desk, &path).await?;
    set_active(&desk, row.id, true).await
}

/// Someone else: nobody takes away or changes their own access, so that a district never loses its last manager.
async fn others(desk: &Desk, path: &str) -> Result<StaffRow, Failure> {
    let row = named(desk, path).await?;
    if row.id == desk.staff.id { Err(Failure::forbidden()) } else { Ok(row) }
}

async fn set_active(desk: &Desk, staff: StaffId, active: bool) -> Result<Redirect, Failure> {
    let change = StaffChange { staff, role: None, centre: None, active: Some(active), credentials: None };
    desk.vault().plan(&desk.staff, Effect::StaffChange(change)).await?;
    Ok(Redirect::to(&format!("/manager/staff/{staff}?done=saved")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authenticator_reads_login_and_secret() {
        assert_eq!(
            authenticator_address("asha.more", "ABCD"),
            "otpauth://totp/Teeka:asha.more?secret=ABCD&issuer=Teeka"
        );
    }
}
