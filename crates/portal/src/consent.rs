//! What a partner asks of a person: the request as she reads it, her code, her answer; and the page for partners.

use crate::citizen::looks;
use crate::page::{
    Form, Shell, Tone, button, buttons, confirmation, details, field, hidden, link_button, post_form, radios,
    summary_list, table,
};
use crate::routes::Access::Anyone;
use crate::routes::Shows::NoOne;
use crate::routes::{Entry, get, post};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::Form as Posted;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use maud::{Markup, html};
use registry::{ClientState, TransactionId};
use vault::rows::ClientRow;
use vault::{Channel, Chooser, ConsentRequest, Field, Noticed, Refusal, Refused};

const HOUR_MS: i64 = 3_600_000;

pub(crate) fn routes() -> Vec<Entry> {
    vec![
        get("/partners", Anyone, NoOne, partners),
        get("/consent/{request}", Anyone, NoOne, show),
        post("/consent/{request}", Anyone, NoOne, try_code),
        post("/consent/{request}/code", Anyone, NoOne, send_again),
        post("/consent/{request}/answer", Anyone, NoOne, answer),
    ]
}

/// What she reads before she says yes, in a message and on the page. Its hash stands in the signed consent.
#[must_use]
pub fn notice(w: Words, partner: &str, purpose: &str, fields: &[Field], reads: u8, lasts_ms: i64) -> String {
    let values = [
        ("partner", partner.to_owned().into()),
        ("fields", named(w, fields).into()),
        ("reads", reads.into()),
        ("time", lasting(w, lasts_ms).into()),
        ("purpose", purpose.to_owned().into()),
    ];
    w.with("consent-notice", values)
}

/// What was noticed of a request in these words.
pub(crate) fn noticed(w: Words, request: &ConsentRequest) -> Noticed {
    Noticed::new(w.language().code(), &notice_of(w, request))
}

fn notice_of(w: Words, request: &ConsentRequest) -> String {
    let purpose = request.purpose(w.language().code());
    notice(w, request.partner(), purpose, &request.fields(), request.reads(), request.lasts_ms())
}

/// Fields in words, one after the other.
pub(crate) fn named(w: Words, fields: &[Field]) -> String {
    fields.iter().map(|one| looks::field(w, *one)).collect::<Vec<_>>().join(", ")
}

fn lasting(w: Words, lasts_ms: i64) -> String {
    if lasts_ms % HOUR_MS == 0 {
        w.with("consent-hours", [("hours", (lasts_ms / HOUR_MS).into())])
    } else {
        w.with("consent-minutes", [("minutes", (lasts_ms / 60_000).into())])
    }
}

/// The request of a page's address, and its reader's language. One that is over and one that never was look the same.
struct Asked {
    portal: Portal,
    request: ConsentRequest,
    w: Words,
}

impl FromRequestParts<Portal> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let Ok(w) = Words::from_request_parts(parts, portal).await;
        let id = Path::<TransactionId>::from_request_parts(parts, portal).await;
        let Path(id) = id.map_err(|_| Failure::not_found())?;
        Ok(Self { portal: portal.clone(), request: portal.vault().consent_request(id).await?, w })
    }
}

async fn show(Asked { request, w, .. }: Asked) -> Markup {
    code_page(w, &request, &Form::empty(), None)
}

fn code_page(w: Words, request: &ConsentRequest, form: &Form, said: Option<(Tone, String)>) -> Markup {
    let path = format!("/consent/{}", request.id());
    let title = w.with("consent-title", [("partner", request.partner().into())]);
    let mut shell = Shell::new(w, title, &path).form(form);
    if let Some((tone, text)) = said {
        shell = shell.flash(tone, text);
    }
    shell.page(html! {
        (terms(w, request))
        h2 { (w.t("consent-code-title")) }
        (post_form(&path, html! {
            (field(w, form, "code", w.t("consent-code")).hint(w.t("consent-code-hint")).code(8))
            (buttons(button(w.t("continue"))))
        }))
        (details(&w.t("consent-again"), html! {
            p { (w.t("consent-again-text")) }
            (post_form(&format!("{path}/code"), html! { (button(w.t("consent-again-go")).secondary()) }))
        }))
    })
}

/// The request, as words and as a list.
fn terms(w: Words, request: &ConsentRequest) -> Markup {
    let sees = html! { (named(w, &request.fields())) br; (w.t("consent-sees-doses")) };
    html! {
        p.lead { (notice_of(w, request)) }
        (summary_list(w)
            .row(w.t("consent-who"), request.partner())
            .row(w.t("consent-purpose"), request.purpose(w.language().code()))
            .row(w.t("consent-sees"), sees)
            .row(w.t("consent-often"), w.with("consent-often-times", [("reads", request.reads().into())]))
            .row(w.t("consent-long"), lasting(w, request.lasts_ms())))
        p { (w.t("consent-not")) }
    }
}

async fn try_code(
    Asked { portal, request, w }: Asked,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Markup, Failure> {
    let (vault, sent) = (portal.vault(), Form::from(pairs));
    let (typed, mut form) = (sent.digits("code"), Form::empty());
    if typed.len() != 8 || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
        // Not a code at all, so no try is spent on it.
        form.problem("code", w.t("consent-code-form"));
        return Ok(code_page(w, &request, &form, None));
    }
    match vault.try_consent_code(vault.asked(Channel::Page), request.id(), &typed).await {
        Ok(chooser) => Ok(choice_page(w, &request, &chooser.proof, &chooser, &Form::empty())),
        Err(refused) => {
            form.problem("code", why_not(w, vault.now_ms(), refused)?);
            Ok(code_page(w, &request, &form, None))
        }
    }
}

fn why_not(w: Words, now_ms: i64, refused: Refused) -> Result<String, Failure> {
    match refused {
        Refused::Wrong { left: 0 } | Refused::Rule(Refusal::CodeGone) => Ok(w.t("consent-code-gone")),
        Refused::Wrong { left } => Ok(w.with("consent-code-wrong", [("left", left.into())])),
        Refused::Rule(Refusal::Locked { until_ms }) => Ok(wait(w, now_ms, until_ms)),
        other => Err(other.into()),
    }
}

fn wait(w: Words, now_ms: i64, until_ms: i64) -> String {
    let (now, until) = (vault::at(now_ms), vault::at(until_ms));
    let time = if now.date() == until.date() { w.time_exact(until.time()) } else { w.date_time(until.datetime()) };
    w.with("consent-again-wait", [("time", time.into())])
}

async fn send_again(Asked { portal, request, w }: Asked) -> Result<Markup, Failure> {
    let vault = portal.vault();
    let said = match vault.ask_consent_again(vault.asked(Channel::Page), request.id()).await {
        Ok(()) => (Tone::Good, w.t("consent-again-sent")),
        Err(Refused::Rule(Refusal::OverBudget { until_ms })) => (Tone::Warn, wait(w, vault.now_ms(), until_ms)),
        Err(other) => return Err(other.into()),
    };
    Ok(code_page(w, &request, &Form::empty(), Some(said)))
}

/// The same again, with who it is about, and the two answers.
fn choice_page(w: Words, request: &ConsentRequest, proof: &str, chooser: &Chooser, form: &Form) -> Markup {
    let path = format!("/consent/{}", request.id());
    if chooser.endings.is_empty() {
        let text = w.with("consent-nobody-text", [("partner", request.partner().into())]);
        return Shell::new(w, w.t("consent-nobody"), &path).page(html! {
            p.lead { (text) }
            (link_button("/sign-in", &w.t("nav-sign-in")))
        });
    }
    let who = radios(w, form, "who", w.t("consent-of-whom")).hint(w.t("consent-of-whom-hint"));
    let who = chooser.endings.iter().enumerate().fold(who, |who, (place, ending)| {
        who.option(place.to_string(), w.with("consent-ending", [("ending", ending.as_str().into())]))
    });
    Shell::new(w, w.t("consent-decide"), &path).form(form).page(html! {
        (terms(w, request))
        (post_form(&format!("{path}/answer"), html! {
            (hidden("proof", proof))
            @if chooser.endings.len() > 1 { (who) (hidden("of", &chooser.endings.join(","))) }
            @else { (hidden("who", "0")) }
            (buttons(html! {
                (button(w.t("consent-allow")).sends("answer", "yes"))
                (button(w.t("consent-refuse")).secondary().sends("answer", "no"))
            }))
        }))
    })
}

async fn answer(
    Asked { portal, request, w }: Asked,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Markup, Failure> {
    let (vault, sent) = (portal.vault(), Form::from(pairs));
    let (asked, proof) = (vault.asked(Channel::Page), sent.value("proof"));
    let partner = || [("partner", request.partner().into())];
    let path = format!("/consent/{}", request.id());
    if sent.value("answer") != "yes" {
        vault.decline_consent(asked, request.id(), proof).await?;
        return Ok(Shell::new(w, w.t("consent-refused"), &path)
            .question()
            .page(confirmation(&w.t("consent-refused"), html! { p { (w.with("consent-refused-text", partner())) } })));
    }
    let Ok(place) = sent.value("who").parse::<usize>() else {
        // Nobody was chosen: the same page again, with what it knew.
        let digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let endings = sent.value("of").split(',').filter(|text| digits(text)).map(str::to_owned).take(4).collect();
        let (mut form, chooser) = (Form::empty(), Chooser { proof: proof.to_owned(), endings });
        form.problem("who", w.t("consent-of-whom-missing"));
        return Ok(choice_page(w, &request, proof, &chooser, &form));
    };
    let until_ms = vault.give_consent(asked, request.id(), proof, place, &noticed(w, &request)).await?;
    let until = vault::at(until_ms);
    let values = [("partner", request.partner().into()), ("time", w.date_time(until.datetime()).into())];
    Ok(Shell::new(w, w.t("consent-given"), &path).question().page(html! {
        (confirmation(&w.t("consent-given"), html! { p { (w.with("consent-given-text", values)) } }))
        p { (w.t("consent-given-end")) }
        p { a href="/permissions" { (w.t("permissions-title")) } }
    }))
}

/// For organisations that people want to show their data to.
async fn partners(State(portal): State<Portal>, w: Words) -> Result<Markup, Failure> {
    let clients = portal.vault().clients().await?;
    let rules = ["person", "same", "limits", "log", "end", "key"];
    let rules = rules.map(|rule| match rule {
        "person" => w.t("partners-rule-person"),
        "same" => w.t("partners-rule-same"),
        "limits" => w.t("partners-rule-limits"),
        "log" => w.t("partners-rule-log"),
        "end" => w.t("partners-rule-end"),
        _ => w.t("partners-rule-key"),
    });
    let asked = ["partners-ask-name", "partners-ask-fields", "partners-ask-key", "partners-ask-contact"];
    Ok(Shell::new(w, w.t("partners-title"), "/partners").page(html! {
        p.lead { (w.t("partners-lead")) }
        h2 { (w.t("partners-rules")) }
        ul { @for rule in rules { li { (rule) } } }
        h2 { (w.t("partners-fields")) }
        p { (named(w, &vault::Vault::askable())) " · " (w.t("consent-sees-doses")) }
        h2 { (w.t("partners-asked")) }
        ul { @for key in asked { li { (w.t(key)) } } }
        h2 { (w.t("partners-how")) }
        p { (w.t("partners-how-sandbox")) }
        p { (w.t("partners-how-sign")) }
        p { (w.t("partners-headers")) ":" }
        ul lang="en" {
            @for header in ["X-Teeka-Client", "X-Teeka-Time", "X-Teeka-Nonce", "X-Teeka-Signature"] { li { code { (header) } } }
        }
        p { (w.t("partners-how-api")) " " a href="/api/docs" { (w.t("partners-api")) } }
        h2 { (w.t("partners-registered")) }
        (registered(w, &clients))
    }))
}

/// Everybody who may ask a person for something, and for what at most.
pub(crate) fn registered(w: Words, clients: &[ClientRow]) -> Markup {
    let rows = clients.iter().map(|client| {
        let purpose = if w.language().code() == "hi" { &client.purpose_hi } else { &client.purpose_en };
        let state = match client.state {
            ClientState::Sandbox => "partners-state-sandbox",
            ClientState::Live => "partners-state-live",
            ClientState::Stopped => "partners-state-stopped",
        };
        let fields: Vec<Field> = client.fields.iter().collect();
        vec![
            html! { (client.name) br; span.quiet { (w.t(state)) } },
            html! { (purpose) br; span.quiet { (named(w, &fields)) } },
        ]
    });
    html! {
        @if clients.is_empty() { p { (w.t("partners-registered-none")) } }
        @else {
            (table(w.t("partners-registered")).column(w.t("partners-name")).column(w.t("partners-purpose")).rows(rows))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn the_notice_says_who_what_how_often_how_long_and_what_for() {
        let fields = [Field::Name, Field::BirthYear];
        let said =
            |language, reads, lasts_ms| notice(Words::new(language), "City Clinic", "x", &fields, reads, lasts_ms);
        assert_eq!(
            said(Language::English, 5, 2 * HOUR_MS),
            "City Clinic asks to see your name, year of birth, your doses and your appointments, up to 5 times in 2 hours. \
             Purpose: x."
        );
        assert_eq!(
            said(Language::English, 1, 900_000),
            "City Clinic asks to see your name, year of birth, your doses and your appointments, once in 15 minutes. \
             Purpose: x."
        );
        assert!(said(Language::Hindi, 5, HOUR_MS).contains("अधिकतम 5 बार"));
    }
}
