//! The pages of an import: choose, send, look, confirm. Nothing is done while any row is bad, and the file as it was
//! looked at is sent again with the confirmation and looked at again.

use super::compare::{Compared, compare};
use super::known::known;
use super::row::StaffLine;
use super::{FileProblem, Kind, MOST_BYTES, MOST_ROWS, RowProblem, parse, text_of};
use crate::page::{
    Form, Tone, banner, button, buttons, confirmation, details, field, hidden, link_button, quiet_link_button, table,
    upload_form,
};
use crate::plan::counts::{attachment, harmless};
use crate::plan::{Desk, Frame, figure, staff::authenticator_address, trouble};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::{FromRequest, Multipart, Path, Request};
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use std::sync::Arc;
use vault::{Effect, Enrolled, Refusal, Refused, Vault};

/// The most new staff of one file: each password is hashed slowly, on purpose.
const MOST_NEW_STAFF: usize = 200;

/// Bad rows that are shown at once.
const MOST_SHOWN: usize = 100;

fn title(w: Words, kind: Kind) -> String {
    w.t(match kind {
        Kind::Centres => "manager-import-centres",
        Kind::Staff => "manager-import-staff",
        Kind::Sessions => "manager-import-sessions",
        Kind::Rosters => "manager-import-rosters",
        Kind::Batches => "manager-import-batches",
    })
}

fn kind(path: &str) -> Result<Kind, Failure> {
    Kind::from_code(path).ok_or_else(Failure::not_found)
}

/// `GET /manager/import`.
pub(in crate::plan) async fn index(desk: Desk) -> Markup {
    index_page(desk.frame)
}

fn index_page(frame: Frame) -> Markup {
    let w = frame.w;
    let row = |kind: Kind| {
        let code = kind.code();
        vec![
            html! { a href={ "/manager/import/" (code) } { (title(w, kind)) } },
            html! { a href={ "/manager/import/" (code) "/template" } { (w.t("manager-import-template")) " (" (code) ".csv)" } },
        ]
    };
    frame.wide(w.t("manager-import-title"), "/manager/import").page(html! {
        p.lead { (w.t("manager-import-lead")) }
        (table(w.t("manager-import-kinds")).column(w.t("manager-import-what")).column(w.t("manager-import-template"))
            .rows(Kind::ALL.map(row)))
    })
}

/// `GET /manager/import/{kind}/template`.
pub(in crate::plan) async fn template(_desk: Desk, Path(path): Path<String>) -> Result<Response, Failure> {
    let kind = kind(&path)?;
    Ok(attachment(&format!("{}.csv", kind.code()), &kind.template()))
}

/// `GET /manager/import/{kind}`.
pub(in crate::plan) async fn start(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    Ok(start_page(desk.frame, kind(&path)?, &Form::empty()))
}

fn start_page(frame: Frame, kind: Kind, form: &Form) -> Markup {
    let (w, code) = (frame.w, kind.code());
    let path = format!("/manager/import/{code}");
    frame.narrow(title(w, kind), &path).back("/manager/import").form(form).page(html! {
        p { a href={ (path) "/template" } { (w.t("manager-import-template")) " (" (code) ".csv)" } }
        (upload_form(&path, html! {
            (field(w, form, "file", w.t("manager-import-file"))
                .hint(w.with("manager-import-file-hint", [("rows", MOST_ROWS.into())])).file(".csv,text/csv"))
            (button(w.t("manager-import-look")))
        }))
        (details(&w.t("manager-import-columns"), html! {
            ul {
                @for column in kind.columns() {
                    li { code { (column.name) } @if !column.needed { " – " (w.t("manager-import-may")) } }
                }
            }
        }))
    })
}

/// What was sent: a file to be looked at, or the text that was looked at with the word to go on.
pub(crate) struct Sent {
    bytes: Vec<u8>,
    confirmed: bool,
    too_large: bool,
}

impl FromRequest<Portal> for Sent {
    type Rejection = Failure;
    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Failure> {
        let broken = |_| Failure::input("The body is not a form with a file");
        let mut parts = Multipart::from_request(request, portal)
            .await
            .map_err(|_| Failure::input("The body is not a form with a file"))?;
        let mut sent = Self { bytes: Vec::new(), confirmed: false, too_large: false };
        while let Some(mut part) = parts.next_field().await.map_err(broken)? {
            match part.name() {
                Some("file" | "text") if sent.bytes.is_empty() => {
                    while let Some(chunk) = part.chunk().await.map_err(broken)? {
                        if sent.bytes.len() + chunk.len() > MOST_BYTES {
                            sent.too_large = true;
                            return Ok(sent);
                        }
                        sent.bytes.extend_from_slice(&chunk);
                    }
                }
                Some("confirmed") => sent.confirmed = true,
                _ => {}
            }
        }
        Ok(sent)
    }
}

/// `POST /manager/import/{kind}`.
pub(in crate::plan) async fn confirm_or_preview(
    desk: Desk,
    Path(path): Path<String>,
    sent: Sent,
) -> Result<Markup, Failure> {
    let kind = kind(&path)?;
    let read = if sent.too_large { Err(FileProblem::TooLarge) } else { text_of(&sent.bytes) };
    let lines = match read.and_then(|text| Ok((text, parse(kind, text)?))) {
        Ok((text, lines)) => (text.to_owned(), lines),
        Err(problem) => return Ok(refused_page(desk.frame, kind, &problem)),
    };
    let (text, lines) = lines;
    let known = known(desk.vault(), &desk.staff, kind, &lines).await?;
    let compared = compare(lines, &known);
    if compared.problems.is_empty() && compared.new_staff.len() > MOST_NEW_STAFF {
        let mut form = Form::empty();
        let most = [("most", MOST_NEW_STAFF.into())];
        form.problem("file", desk.frame.w.with("manager-import-many-staff", most));
        return Ok(start_page(desk.frame, kind, &form));
    }
    let nothing = compared.added + compared.changed == 0;
    if sent.confirmed && compared.problems.is_empty() && !nothing {
        return carry_out(&desk, kind, compared).await;
    }
    Ok(preview_page(desk.frame, kind, &text, &compared))
}

fn refused_page(frame: Frame, kind: Kind, problem: &FileProblem) -> Markup {
    let mut form = Form::empty();
    form.problem("file", trouble::file(frame.w, problem));
    start_page(frame, kind, &form)
}

fn counts(w: Words, compared: &Compared) -> Markup {
    let count = |number: usize| figure(w, i64::try_from(number).unwrap_or(i64::MAX));
    html! {
        (table(w.t("manager-import-result")).column(w.t("manager-import-rows")).figures(w.t("manager-import-count"))
            .row(vec![html! { (w.t("manager-import-added")) }, count(compared.added)])
            .row(vec![html! { (w.t("manager-import-changed")) }, count(compared.changed)])
            .row(vec![html! { (w.t("manager-import-unchanged")) }, count(compared.unchanged)])
            .row(vec![html! { (w.t("manager-import-bad")) }, count(compared.problems.len())]))
    }
}

fn preview_page(frame: Frame, kind: Kind, text: &str, compared: &Compared) -> Markup {
    let (w, path) = (frame.w, format!("/manager/import/{}", kind.code()));
    let nothing = compared.added + compared.changed == 0;
    frame.wide(w.t("manager-import-preview"), &path).back(&*path).page(html! {
        @if !compared.problems.is_empty() {
            (banner(w, Tone::Bad, html! { p { (w.with("manager-import-bad-rows", [("count", compared.problems.len().into())])) } }))
        } @else if nothing {
            (banner(w, Tone::Info, html! { p { (w.t("manager-import-nothing")) } }))
        } @else {
            (banner(w, Tone::Info, html! { p { (w.t("manager-import-not-yet")) } }))
        }
        (counts(w, compared))
        @if !compared.problems.is_empty() {
            (problem_list(w, &compared.problems))
            (upload_form(&path, html! {
                (field(w, &Form::empty(), "file", w.t("manager-import-again")).file(".csv,text/csv"))
                (button(w.t("manager-import-look")))
            }))
        } @else if !nothing {
            (upload_form(&path, html! {
                (hidden("confirmed", "yes"))
                // The break after the tag is the parser's; a second one would be the text's.
                textarea name="text" hidden aria-hidden="true" { (PreEscaped("\n")) (text) }
                @if kind == Kind::Staff && !compared.new_staff.is_empty() { p { (w.t("manager-import-staff-hint")) } }
                (buttons(html! {
                    (button(w.with("manager-import-do", [("count", (compared.added + compared.changed).into())])))
                    (quiet_link_button("/manager/import", &w.t("manager-keep")))
                }))
            }))
        }
    })
}

fn problem_list(w: Words, problems: &[RowProblem]) -> Markup {
    html! {
        h2 { (w.t("manager-import-problems")) }
        ul { @for problem in problems.iter().take(MOST_SHOWN) { li { (trouble::row(w, problem)) } } }
        @if problems.len() > MOST_SHOWN {
            p { (w.with("manager-import-more", [("count", (problems.len() - MOST_SHOWN).into())])) }
        }
    }
}

/// New credentials for each new member of staff, hashed off the threads that serve others.
async fn enrol(vault: Arc<Vault>, staff: Vec<StaffLine>) -> Result<Vec<(StaffLine, Enrolled)>, Refused> {
    let work = move || {
        let enrol = |line: StaffLine| {
            let enrolled = vault.enrol_staff(&line.login, &line.name, line.role, line.centre)?;
            Ok((line, enrolled))
        };
        staff.into_iter().map(enrol).collect()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::Unavailable)?
}

async fn carry_out(desk: &Desk, kind: Kind, mut compared: Compared) -> Result<Markup, Failure> {
    let enrolled = enrol(Arc::clone(desk.portal.vault()), std::mem::take(&mut compared.new_staff)).await?;
    let mut effects = std::mem::take(&mut compared.effects);
    effects.extend(enrolled.iter().map(|(_, enrolled)| enrolled.effect.clone()));
    match desk.vault().plan(&desk.staff, Effect::All(effects)).await {
        Ok(_) => Ok(done_page(desk.frame, kind, &compared, &enrolled)),
        // Somebody else changed the same rows between the look and the word: look again.
        Err(Refused::Rule(Refusal::Conflict | Refusal::NotFound)) => Err(Failure::from(Refusal::Conflict)),
        Err(refused) => Err(refused.into()),
    }
}

/// A row of the file of credentials: who, how to sign in.
fn credentials(enrolled: &[(StaffLine, Enrolled)]) -> String {
    let mut text = csv::Writer::from_writer(Vec::new());
    text.write_record(["login", "name", "role", "password", "totp_secret", "otpauth"])
        .expect("a vector takes every byte");
    for (line, new) in enrolled {
        let address = authenticator_address(&line.login, &new.totp_secret);
        let (login, name) = (harmless(&line.login), harmless(&line.name));
        let cells = [&*login, &*name, line.role.code(), &*new.password, &*new.totp_secret, &*address];
        text.write_record(cells).expect("a vector takes every byte");
    }
    String::from_utf8(text.into_inner().expect("a vector takes every byte")).expect("our cells are text")
}

fn done_page(frame: Frame, kind: Kind, compared: &Compared, enrolled: &[(StaffLine, Enrolled)]) -> Markup {
    let (w, path) = (frame.w, format!("/manager/import/{}", kind.code()));
    let title = w.with("manager-import-done", [("count", (compared.added + compared.changed).into())]);
    frame.wide(&*title, &path).question().page(html! {
        (confirmation(&title, html! { p { (self::title(w, kind)) } }))
        (counts(w, compared))
        @if !enrolled.is_empty() {
            (banner(w, Tone::Warn, html! { p { (w.t("manager-import-credentials")) } }))
            @let file = data_encoding::BASE64.encode(credentials(enrolled).as_bytes());
            p { a.button download="credentials.csv" href={ "data:text/csv;charset=utf-8;base64," (file) } { (w.t("manager-import-save")) } }
            (table(w.t("manager-credentials-title"))
                .column(w.t("manager-login")).column(w.t("manager-name")).column(w.t("manager-password")).column(w.t("manager-secret"))
                .rows(enrolled.iter().map(|(line, new)| vec![
                    html! { (line.login) }, html! { (line.name) }, html! { code { (new.password) } }, html! { code { (new.totp_secret) } },
                ])))
        }
        (buttons(html! {
            (link_button("/manager/import", &w.t("manager-import-another")))
            (quiet_link_button("/manager", &w.t("nav-today")))
        }))
    })
}
