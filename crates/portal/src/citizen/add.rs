//! A person joins the family: a question a page, the answers kept in the form, everything checked before it is sent.

use super::{Desk, Pairs, form, gender};
use crate::Failure;
use crate::open::notice;
use crate::page::{Choices, Form, Shell, button, field, hidden, post_form, progress, radios, select, summary_list};
use crate::words::Words;
use axum::Form as Posted;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use maud::{Markup, html};
use registry::{BirthYear, Gender, IdDocument, IdKind, Malformed, Name, SessionId, Wrong};
use vault::NewPerson;

/// What is carried from page to page.
const KEPT: [&str; 8] = ["name", "born", "gender", "document", "number", "condition", "once", "session"];

/// The pages of the question, in their order. The last two are asked for by the check page alone: who has no
/// document and no condition answers nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Name,
    About,
    Document,
    Condition,
    Check,
}

impl Ask {
    const ALL: [Self; 5] = [Self::Name, Self::About, Self::Document, Self::Condition, Self::Check];

    const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::About => "about",
            Self::Document => "document",
            Self::Condition => "condition",
            Self::Check => "check",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.code() == code)
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["name"],
            Self::About => &["born", "gender"],
            Self::Document => &["document", "number"],
            Self::Condition => &["condition"],
            Self::Check => &[],
        }
    }
}

pub(super) async fn start(desk: Desk, Query(query): Query<Pairs>) -> Markup {
    let session = form(query).value("session").parse::<SessionId>().map(|id| id.to_string()).unwrap_or_default();
    let once = HEXLOWER.encode(&desk.vault().draw::<16>());
    page(&desk, &Form::empty().with("once", once).with("session", session), Ask::Name)
}

/// An answer came: the same question again if something is wrong with it, else the next one.
pub(super) async fn answer(desk: Desk, Posted(pairs): Posted<Pairs>) -> Markup {
    let mut form = form(pairs);
    if let Some(ask) = Ask::from_code(form.value("goto")) {
        return page(&desk, &form, ask);
    }
    let asked = Ask::from_code(form.value("asked")).unwrap_or(Ask::Name);
    note_problems(&mut form, desk.w, asked, desk.vault().today().year());
    let next = if form.is_fine() { open_question(&form) } else { asked };
    page(&desk, &form, next)
}

/// The first question that has no answer; the check when all have one.
fn open_question(form: &Form) -> Ask {
    let open = |ask: &Ask| ask.fields().iter().any(|name| form.value(name).is_empty());
    [Ask::Name, Ask::About].into_iter().find(open).unwrap_or(Ask::Check)
}

fn note_problems(form: &mut Form, w: Words, asked: Ask, year: i16) {
    for (name, key) in problems(form, asked, year) {
        form.problem(name, w.t(key));
    }
}

/// What is wrong with the answers to a question: the field and the words.
fn problems(form: &Form, asked: Ask, year: i16) -> Vec<(&'static str, &'static str)> {
    let found = match asked {
        Ask::Name => [name_of(form).err().map(|wrong| ("name", name_problem(&wrong))), None],
        Ask::About => [
            born_of(form, year).err().map(|key| ("born", key)),
            gender_of(form).is_none().then_some(("gender", "add-gender-missing")),
        ],
        Ask::Document => [document_of(form).err().map(|wrong| ("number", document_problem(&wrong))), None],
        Ask::Condition => [form.value("condition").is_empty().then_some(("condition", "add-condition-missing")), None],
        Ask::Check => [None, None],
    };
    found.into_iter().flatten().collect()
}

pub(crate) fn name_of(form: &Form) -> Result<Name, Malformed> {
    form.value("name").parse()
}

pub(crate) fn name_problem(malformed: &Malformed) -> &'static str {
    match malformed.wrong {
        Wrong::Missing => "add-name-missing",
        Wrong::TooLong => "add-name-long",
        _ => "add-name-wrong",
    }
}

pub(crate) fn born_of(form: &Form, year: i16) -> Result<BirthYear, &'static str> {
    let born: BirthYear = form.digits("born").parse().map_err(|_| "add-born-wrong")?;
    born.age_in(year).map(|_| born).ok_or("add-born-range")
}

pub(crate) fn gender_of(form: &Form) -> Option<Gender> {
    Gender::from_id(form.value("gender").parse().ok()?).ok()
}

/// The document, if one is shown: nothing chosen, or *no document*, is none.
fn document_of(form: &Form) -> Result<Option<IdDocument>, Malformed> {
    match form.value("document") {
        "" | "none" => Ok(None),
        kind => {
            let kind = IdKind::from_id(kind.parse().map_err(|_| Wrong::Unknown.of("photo_id_type"))?)?;
            IdDocument::parse(kind, &form.digits("number")).map(Some)
        }
    }
}

fn document_problem(malformed: &Malformed) -> &'static str {
    match malformed.wrong {
        Wrong::CheckDigit => "add-number-mistyped",
        Wrong::Missing | Wrong::Form => "add-number-short",
        _ => "add-number-wrong",
    }
}

fn page(desk: &Desk, form: &Form, ask: Ask) -> Markup {
    let w = desk.w;
    let title = if ask == Ask::Check { "add-check-title" } else { "add-title" };
    let shell = desk.shell(w.t(title), "/family/add").back("/family").form(form);
    match ask {
        Ask::Check => shell.page(check(w, form)),
        // Two small questions share a page, so that page needs a heading above both.
        Ask::About => Shell::page(shell, question(w, form, ask)),
        _ => shell.question().page(question(w, form, ask)),
    }
}

fn question(w: Words, form: &Form, ask: Ask) -> Markup {
    let step = match ask {
        Ask::Name => Some(1),
        Ask::About => Some(2),
        _ => None,
    };
    html! {
        @if let Some(step) = step { (progress(w, step, 3)) }
        @if ask == Ask::Name { p { (notice::link(w)) } }
        (post_form("/family/add", html! {
            (kept(form, ask))
            (hidden("asked", ask.code()))
            (fields(w, form, ask))
            (button(w.t("continue")))
        }))
    }
}

fn fields(w: Words, form: &Form, ask: Ask) -> Markup {
    match ask {
        Ask::Name => html! {
            (field(w, form, "name", w.t("add-name")).heading().hint(w.t("add-name-hint")).autocomplete("name"))
        },
        Ask::About => html! {
            (field(w, form, "born", w.t("add-born")).hint(w.t("add-born-hint")).digits(4).autocomplete("bday-year"))
            (genders(w, form, w.t("add-gender")))
        },
        Ask::Document => html! {
            (documents(w, form))
            (field(w, form, "number", w.t("add-number")).hint(w.t("add-number-hint")))
        },
        Ask::Condition => html! {
            (radios(w, form, "condition", w.t("add-condition")).heading().hint(w.t("add-condition-hint")).tiles()
                .option("yes", w.t("add-yes")).option("no", w.t("add-no")))
        },
        Ask::Check => html! {},
    }
}

pub(crate) fn genders(w: Words, form: &Form, legend: String) -> Choices<'_> {
    let ask = radios(w, form, "gender", legend).tiles();
    [Gender::Female, Gender::Male, Gender::Others]
        .into_iter()
        .fold(ask, |ask, one| ask.option(one.id().to_string(), gender(w, one)))
}

fn documents(w: Words, form: &Form) -> Choices<'_> {
    let ask = select(w, form, "document", w.t("add-document")).heading().hint(w.t("add-document-hint"));
    let ask = ask.option("none", w.t("add-document-none"));
    IdKind::ALL.into_iter().fold(ask, |ask, kind| ask.option(kind.id().to_string(), document(w, kind)))
}

/// The kind of a document, in words.
pub(super) fn document(w: Words, kind: IdKind) -> String {
    w.t(match kind {
        IdKind::Aadhaar => "document-aadhaar",
        IdKind::DrivingLicence => "document-driving-licence",
        IdKind::HealthInsuranceCard => "document-health-insurance",
        IdKind::MnregaJobCard => "document-mnrega",
        IdKind::OfficialIdentityCard => "document-official",
        IdKind::Pan => "document-pan",
        IdKind::Passbook => "document-passbook",
        IdKind::Passport => "document-passport",
        IdKind::PensionDocument => "document-pension",
        IdKind::ServiceIdentityCard => "document-service",
        IdKind::NprSmartCard => "document-npr",
        IdKind::VoterId => "document-voter",
        IdKind::Other => "document-other",
    })
}

/// Everything answered so far but what this page asks.
fn kept(form: &Form, ask: Ask) -> Markup {
    html! {
        @for name in KEPT.into_iter().filter(|name| !ask.fields().contains(name)) {
            @if !form.value(name).is_empty() { (hidden(name, form.value(name))) }
        }
    }
}

fn check(w: Words, form: &Form) -> Markup {
    let document = match document_of(form) {
        Ok(Some(id)) => {
            let values = [("kind", document(w, id.kind()).into()), ("last", id.last_four().to_owned().into())];
            w.with("document-ends", values)
        }
        _ => w.t("add-document-none"),
    };
    let condition = w.t(if form.value("condition") == "yes" { "add-yes" } else { "add-no" });
    let rows = [
        ("add-check-name", form.value("name").to_owned(), Ask::Name),
        ("add-born", form.digits("born"), Ask::About),
        ("add-gender", gender_of(form).map(|one| gender(w, one)).unwrap_or_default(), Ask::About),
        ("add-check-document", document, Ask::Document),
        ("add-check-condition", condition, Ask::Condition),
    ];
    html! {
        (progress(w, 3, 3))
        (post_form("/family/add", html! {
            (kept(form, Ask::Check))
            @let list = rows.into_iter().fold(summary_list(w), |list, (key, value, ask)| {
                list.row(w.t(key), html! { (value) " " (change(w, key, ask)) })
            });
            (list)
            p { (w.t("add-check-promise")) }
            p { (notice::link(w)) }
            (button(w.t("add-save")).to("/family/add/save"))
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

pub(super) async fn save(desk: Desk, Posted(pairs): Posted<Pairs>) -> Result<Response, Failure> {
    let mut form = form(pairs);
    let year = desk.vault().today().year();
    for ask in [Ask::Name, Ask::About, Ask::Document] {
        note_problems(&mut form, desk.w, ask, year);
        if !form.is_fine() {
            return Ok(page(&desk, &form, ask).into_response());
        }
    }
    let place = desk.citizen.next_place();
    desk.vault().register(&desk.citizen, new_person(&form, desk.w, year)?).await?;
    let session = form.value("session").parse::<SessionId>();
    let session = session.map(|id| format!("?session={id}")).unwrap_or_default();
    Ok(Redirect::to(&format!("/family/{place}/registered{session}")).into_response())
}

fn new_person(form: &Form, w: Words, year: i16) -> Result<NewPerson, Failure> {
    let once = HEXLOWER.decode(form.value("once").as_bytes()).ok();
    Ok(NewPerson {
        name: name_of(form)?,
        born: born_of(form, year).map_err(Failure::input)?,
        gender: gender_of(form).ok_or_else(|| Failure::input("gender"))?,
        id_document: document_of(form)?,
        comorbidity: form.value("condition") == "yes",
        language: w.language().code().to_owned(),
        notice: Some(notice::shown(w)),
        once: once.and_then(|bytes| bytes.try_into().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Form {
        Form::empty().with("name", "Asha Devi").with("born", "१९६१").with("gender", "2").with("once", "00")
    }

    #[test]
    fn the_first_open_question_is_asked_and_then_the_check() {
        assert_eq!(open_question(&Form::empty()), Ask::Name);
        assert_eq!(open_question(&Form::empty().with("name", "Asha")), Ask::About);
        assert_eq!(open_question(&filled()), Ask::Check);
    }

    #[test]
    fn each_mistake_has_its_message() {
        let w = Words::default();
        let noted = |name: &str, value: &str, ask| {
            let mut form = Form::empty().with(name, value);
            note_problems(&mut form, w, ask, 2026);
            form.problem_of(name).unwrap_or_default().to_owned()
        };
        assert_eq!(noted("name", " ", Ask::Name), w.t("add-name-missing"));
        assert_eq!(noted("name", "<b>", Ask::Name), w.t("add-name-wrong"));
        assert_eq!(noted("born", "61", Ask::About), w.t("add-born-wrong"));
        assert_eq!(noted("born", "2027", Ask::About), w.t("add-born-range"));
        assert_eq!(noted("born", "1961", Ask::About), "");
        assert_eq!(noted("condition", "", Ask::Condition), w.t("add-condition-missing"));
        let mut form = Form::empty().with("document", "1").with("number", "2345 6789 0123");
        note_problems(&mut form, w, Ask::Document, 2026);
        assert_eq!(form.problem_of("number"), Some(w.t("add-number-mistyped").as_str()));
    }

    #[test]
    fn the_check_shows_every_answer_and_the_end_of_the_number_only() {
        let form = filled().with("document", "6").with("number", "ABCDE1234F");
        let drawn = check(Words::default(), &form).0;
        for part in ["Asha Devi", "1961", "Female", "PAN card, ending 234F", r#"name="goto" value="condition""#] {
            assert!(drawn.contains(part), "{part}");
        }
        let seen = drawn.replace(r#"<input type="hidden" name="number" value="ABCDE1234F">"#, "");
        assert!(!seen.contains("ABCDE1234F"));
        let links: Vec<&str> = drawn.split("href=").skip(1).collect();
        assert!(links.len() == 1 && links[0].starts_with("\"/notice\">"), "no answer can slip into an address");
    }
}
