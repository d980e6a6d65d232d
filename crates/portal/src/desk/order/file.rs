//! An order is entered from its paper: a question a page, the answers kept in the form, everything checked before it is filed.

use super::super::{Desk, Pairs};
use crate::page::{
    Form, button, checkboxes, date_field, field, hidden, post_form, progress, radios, select, summary_list,
};
use crate::words::Words;
use crate::{Failure, orders};
use axum::Form as Posted;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::order::{NUMBER_MOST, OrderNumber, document};
use registry::{Malformed, Reference, Wrong};
use vault::{About, Field, LegalGround, NewOrder, Refusal, Refused};

const PATH: &str = "/desk/orders/new";

/// What is carried from page to page.
const KEPT: [&str; 13] = [
    "authority",
    "order_number",
    "dated-day",
    "dated-month",
    "dated-year",
    "document",
    "ground",
    "field",
    "until-day",
    "until-month",
    "until-year",
    "about",
    "once",
];

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Paper,
    Ground,
    What,
    Whom,
    Check,
}

impl Ask {
    const ALL: [Self; 5] = [Self::Paper, Self::Ground, Self::What, Self::Whom, Self::Check];

    const fn code(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Ground => "ground",
            Self::What => "what",
            Self::Whom => "whom",
            Self::Check => "check",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.code() == code)
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Paper => &["authority", "order_number", "dated-day", "dated-month", "dated-year", "document"],
            Self::Ground => &["ground"],
            Self::What => &["field", "until-day", "until-month", "until-year"],
            Self::Whom => &["about"],
            Self::Check => &[],
        }
    }

    /// Where what the vault found malformed was asked.
    fn of(field: &str) -> Self {
        match field {
            "fields" | "until" => Self::What,
            "about" => Self::Whom,
            "ground" => Self::Ground,
            _ => Self::Paper,
        }
    }
}

/// `GET /desk/orders/new`.
pub(in crate::desk) async fn start(desk: Desk) -> Markup {
    let once = HEXLOWER.encode(&desk.vault().draw::<16>());
    page(&desk, &Form::empty().with("once", once), Ask::Paper)
}

/// `POST /desk/orders/new`: the same question again if something is wrong with its answer, else the next one.
pub(in crate::desk) async fn answer(desk: Desk, Posted(pairs): Posted<Pairs>) -> Markup {
    let mut form = Form::from(pairs);
    if let Some(ask) = Ask::from_code(form.value("goto")) {
        return page(&desk, &form, ask);
    }
    let asked = Ask::from_code(form.value("asked")).unwrap_or(Ask::Paper);
    note_problems(&desk, &mut form, asked);
    let next = if form.is_fine() { open_question(&form) } else { asked };
    page(&desk, &form, next)
}

/// The first question without an answer; the check when all have one.
fn open_question(form: &Form) -> Ask {
    let open = |ask: &Ask| ask.fields().iter().any(|name| form.value(name).is_empty());
    Ask::ALL.into_iter().find(open).unwrap_or(Ask::Check)
}

fn note_problems(desk: &Desk, form: &mut Form, asked: Ask) {
    let today = desk.vault().today();
    let listed = &desk.portal.who_is_connected().authorities;
    let found: Vec<(&str, &str)> = match asked {
        Ask::Paper => vec![
            ("authority", listed.named(form.value("authority")).err().map(|_| "order-authority-missing")),
            ("order_number", number_of(form).err().map(|wrong| number_problem(&wrong))),
            ("dated", date_problem(form, "dated", today.saturating_sub(100.years()), today, "order-dated-wrong")),
            ("document", document(form.value("document")).err().map(|_| "order-document-wrong")),
        ],
        Ask::Ground => vec![("ground", ground_of(form).is_none().then_some("order-ground-missing"))],
        Ask::What => vec![
            ("field", fields_of(form).is_none().then_some("order-fields-missing")),
            ("until", date_problem(form, "until", today, today.saturating_add(89.days()), "order-until-wrong")),
        ],
        Ask::Whom => vec![("about", about_of(form).err().map(|_| "order-about-wrong"))],
        Ask::Check => Vec::new(),
    }
    .into_iter()
    .filter_map(|(name, key)| Some((name, key?)))
    .collect();
    for (name, key) in found {
        form.problem(name, desk.w.t(key));
    }
}

fn date_problem(form: &Form, name: &str, from: Date, to: Date, key: &'static str) -> Option<&'static str> {
    let fits = form.date(name).is_ok_and(|day| (from..=to).contains(&day));
    (!fits).then_some(key)
}

fn number_of(form: &Form) -> Result<OrderNumber, Malformed> {
    form.value("order_number").parse()
}

fn number_problem(malformed: &Malformed) -> &'static str {
    if malformed.wrong == Wrong::Missing { "order-number-missing" } else { "order-number-wrong" }
}

fn ground_of(form: &Form) -> Option<LegalGround> {
    LegalGround::ALL.iter().copied().find(|one| one.code() == form.value("ground"))
}

/// The fields that were ticked, if there are any and the ground opens them all.
fn fields_of(form: &Form) -> Option<Vec<Field>> {
    let opened = ground_of(form)?.fields();
    let field = |code: &str| opened.iter().copied().find(|one| one.code() == code);
    let fields: Vec<Field> = form.values("field").map(field).collect::<Option<_>>()?;
    (!fields.is_empty()).then_some(fields)
}

/// A reference has fourteen digits; the number of an appointment is longer.
fn about_of(form: &Form) -> Result<About, Malformed> {
    let digits = form.digits("about");
    if digits.len() <= Reference::DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits.parse().map(About::Reference).map_err(|wrong: Malformed| wrong.wrong.of("about"));
    }
    form.value("about").parse().map(About::Appointment).map_err(|wrong: Malformed| wrong.wrong.of("about"))
}

fn page(desk: &Desk, form: &Form, ask: Ask) -> Markup {
    let w = desk.w;
    let title = if ask == Ask::Check { "order-check" } else { "order-new" };
    desk.shell(w.t(title), PATH).back("/desk/orders").form(form).page(match ask {
        Ask::Check => check(desk, form),
        _ => question(desk, form, ask),
    })
}

fn question(desk: &Desk, form: &Form, ask: Ask) -> Markup {
    let (w, step) = (desk.w, Ask::ALL.into_iter().position(|one| one == ask).unwrap_or(0));
    html! {
        (progress(w, u32::try_from(step + 1).unwrap_or(1), 5))
        (post_form(PATH, html! {
            (kept(form, ask))
            (hidden("asked", ask.code()))
            (fields(desk, form, ask))
            (button(w.t("continue")))
        }))
    }
}

fn fields(desk: &Desk, form: &Form, ask: Ask) -> Markup {
    let w = desk.w;
    match ask {
        Ask::Paper => {
            let listed = &desk.portal.who_is_connected().authorities;
            let choice = select(w, form, "authority", w.t("order-authority"));
            let choice = listed.iter().fold(choice, |choice, one| choice.option(one.code(), one.name()));
            html! {
                (choice)
                (field(w, form, "order_number", w.t("order-number")).hint(w.t("order-number-hint")).characters(NUMBER_MOST))
                (date_field(w, form, "dated", w.t("order-dated")))
                (field(w, form, "document", w.t("order-document")).hint(w.t("order-document-hint")).characters(64))
            }
        }
        Ask::Ground => {
            let choice = radios(w, form, "ground", w.t("order-ground-ask"));
            let choice = LegalGround::ALL.iter().fold(choice, |choice, one| {
                choice.option_with_hint(
                    one.code(),
                    orders::ground(w, *one),
                    orders::fields(w, one.fields().iter().copied()),
                )
            });
            html! { (choice) }
        }
        Ask::What => {
            let opened = ground_of(form).map_or(&[][..], LegalGround::fields);
            let choice = checkboxes(w, form, "field", w.t("order-fields-ask")).hint(w.t("order-fields-hint"));
            let choice =
                opened.iter().fold(choice, |choice, one| choice.option(one.code(), crate::citizen::field(w, *one)));
            html! { (choice) (date_field(w, form, "until", w.t("order-until-ask")).hint(w.t("order-until-hint"))) }
        }
        Ask::Whom => html! {
            (field(w, form, "about", w.t("order-about")).hint(w.t("order-about-hint")).characters(36))
        },
        Ask::Check => html! {},
    }
}

/// Everything answered so far but what this page asks.
fn kept(form: &Form, ask: Ask) -> Markup {
    html! {
        @for name in KEPT.into_iter().filter(|name| !ask.fields().contains(name)) {
            @for value in form.values(name).filter(|value| !value.trim().is_empty()) { (hidden(name, value)) }
        }
    }
}

fn check(desk: &Desk, form: &Form) -> Markup {
    let w = desk.w;
    let date = |name| form.date(name).map(|day| w.date(day)).unwrap_or_default();
    let ground = ground_of(form).map(|one| orders::ground(w, one)).unwrap_or_default();
    let named = orders::fields(w, fields_of(form).unwrap_or_default().into_iter());
    let rows = [
        ("order-authority", orders::authority(&desk.portal, form.value("authority")), Ask::Paper),
        ("order-number", form.value("order_number").to_owned(), Ask::Paper),
        ("order-dated", date("dated"), Ask::Paper),
        ("order-document", form.value("document").to_owned(), Ask::Paper),
        ("order-ground", ground, Ask::Ground),
        ("order-fields", named, Ask::What),
        ("order-until", date("until"), Ask::What),
        ("order-about", form.value("about").to_owned(), Ask::Whom),
    ];
    html! {
        (progress(w, 5, 5))
        (post_form(PATH, html! {
            (kept(form, Ask::Check))
            (rows.into_iter().fold(summary_list(w), |list, (key, value, ask)| {
                list.row(w.t(key), html! { (value) " " (change(w, key, ask)) })
            }))
            p { (w.t("order-promise")) }
            (button(w.t("order-file")).to("/desk/orders/file"))
        }))
    }
}

/// A button that leads back to a question, with every answer in the form: none of them in an address.
fn change(w: Words, key: &str, ask: Ask) -> Markup {
    html! {
        button.button-link name="goto" value=(ask.code()) {
            span aria-hidden="true" { (w.t("change")) }
            span.unseen { (w.with("change-what", [("what", w.t(key).into())])) }
        }
    }
}

/// `POST /desk/orders/file`.
pub(in crate::desk) async fn file(desk: Desk, Posted(pairs): Posted<Pairs>) -> Result<Response, Failure> {
    let mut form = Form::from(pairs);
    for ask in Ask::ALL {
        note_problems(&desk, &mut form, ask);
        if !form.is_fine() {
            return Ok(page(&desk, &form, ask).into_response());
        }
    }
    let once = HEXLOWER.decode(form.value("once").as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    let once = once.ok_or_else(|| Failure::input("once"))?;
    let problem = match desk.vault().file_order(&desk.staff, &new_order(&desk, &form)?, &once).await {
        Ok(case) => return Ok(Redirect::to(&format!("/desk/orders/{case}?said=filed")).into_response()),
        Err(Refused::NotFound) => (Ask::Whom, "about", "order-about-nobody"),
        Err(Refused::Rule(Refusal::Conflict)) => (Ask::Paper, "order_number", "order-number-known"),
        Err(Refused::Malformed(Malformed { field: "until", .. })) => (Ask::What, "until", "order-until-wrong"),
        Err(Refused::Malformed(Malformed { field, .. })) => (Ask::of(field), field, "order-fields-missing"),
        Err(other) => return Err(other.into()),
    };
    let (ask, name, key) = problem;
    form.problem(name, desk.w.t(key));
    Ok(page(&desk, &form, ask).into_response())
}

fn new_order(desk: &Desk, form: &Form) -> Result<NewOrder, Failure> {
    let date = |name: &'static str| form.date(name).map_err(|_| Failure::input(name));
    Ok(NewOrder {
        authority: desk.portal.who_is_connected().authorities.named(form.value("authority"))?,
        number: number_of(form)?,
        dated: date("dated")?,
        ground: ground_of(form).ok_or_else(|| Failure::input("ground"))?,
        about: about_of(form)?,
        fields: fields_of(form).ok_or_else(|| Failure::input("field"))?,
        until: date("until")?,
        document: document(form.value("document"))?,
    })
}
