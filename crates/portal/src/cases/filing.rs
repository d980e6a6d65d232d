//! A case is filed: a question a page, the answers kept in the form, everything checked before it is sent. By herself at her
//! page, or by a vaccinator before whom she stands: the questions are the same.

use crate::Failure;
use crate::citizen::{born_of, gender, gender_of, genders, name_of, name_problem};
use crate::open::sessions;
use crate::page::{Form, Shell, button, date_field, field, hidden, post_form, radios, select, summary_list};
use crate::words::Words;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::Vaccine;
use registry::case::{Claim, Kind, MissingDose, words};
use vault::Vault;

/// What is carried from page to page.
const KEPT: [&str; 12] = [
    "name",
    "born",
    "gender",
    "vaccine",
    "dose_number",
    "place",
    "day-day",
    "day-month",
    "day-year",
    "words",
    "dose",
    "once",
];

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    Name,
    Born,
    Gender,
    Dose,
    Place,
    Day,
    Words,
    Check,
}

impl Ask {
    const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Born => "born",
            Self::Gender => "gender",
            Self::Dose => "dose",
            Self::Place => "place",
            Self::Day => "day",
            Self::Words => "words",
            Self::Check => "check",
        }
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["name"],
            Self::Born => &["born"],
            Self::Gender => &["gender"],
            Self::Dose => &["vaccine", "dose_number"],
            Self::Place => &["place"],
            Self::Day => &["day-day", "day-month", "day-year"],
            Self::Words => &["words"],
            Self::Check => &[],
        }
    }

    /// The questions of a kind, in their order; the check comes after them.
    const fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::WrongName => &[Self::Name, Self::Words],
            Kind::WrongBirthYear => &[Self::Born, Self::Words],
            Kind::WrongGender => &[Self::Gender, Self::Words],
            Kind::Missing => &[Self::Dose, Self::Place, Self::Day, Self::Words],
            Kind::NotMine | Kind::Aefi | Kind::Duplicate | Kind::NumberLost | Kind::OfAge => &[Self::Words],
        }
    }
}

/// The questions of one kind, at one address.
pub(crate) struct Questions {
    pub(crate) w: Words,
    pub(crate) kind: Kind,
    /// Where answers are sent; below it, at `/save`, everything together.
    pub(crate) path: String,
    pub(crate) today: Date,
}

/// An empty form with a key of its own, so that what is sent twice is filed once.
pub(crate) fn begun(vault: &Vault) -> Form {
    Form::empty().with("once", HEXLOWER.encode(&vault.draw::<16>()))
}

/// That key.
pub(crate) fn once(form: &Form) -> Result<[u8; 16], Failure> {
    let once = HEXLOWER.decode(form.value("once").as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    once.ok_or_else(|| Failure::input("once"))
}

impl Questions {
    fn all(&self) -> &'static [Ask] {
        Ask::of(self.kind)
    }

    pub(crate) fn first(&self) -> Ask {
        self.all()[0]
    }

    /// The question after this one. Whoever came back from the check to change one answer goes to the check again.
    fn after(&self, ask: Ask, form: &Form) -> Ask {
        let at = self.all().iter().position(|one| *one == ask);
        let next = at.and_then(|at| self.all().get(at + 1)).copied();
        if form.value("checked").is_empty() { next.unwrap_or(Ask::Check) } else { Ask::Check }
    }

    /// Which question comes after what was sent: the same again if something is wrong with its answer, which is noted.
    pub(crate) fn next(&self, form: &mut Form) -> Ask {
        let named = |form: &Form, name: &str| self.all().iter().copied().find(|ask| ask.code() == form.value(name));
        if let Some(ask) = named(form, "goto") {
            return ask;
        }
        let asked = named(form, "asked").unwrap_or(self.first());
        self.note_problems(form, asked);
        if form.is_fine() { self.after(asked, form) } else { asked }
    }

    fn note_problems(&self, form: &mut Form, ask: Ask) {
        for (name, key) in problems(form, self.kind, ask, self.today) {
            form.problem(name, self.w.t(key));
        }
    }

    /// The first question with a mistake in its answer, which is noted.
    pub(crate) fn mistaken(&self, form: &mut Form) -> Option<Ask> {
        self.all().iter().copied().find(|ask| {
            self.note_problems(form, *ask);
            !form.is_fine()
        })
    }

    /// What she claims, once every answer is fine.
    pub(crate) fn claim(&self, form: &Form) -> Result<Claim, Failure> {
        claim(form, self.kind, self.today)
    }

    pub(crate) fn page(&self, shell: Shell<'_>, form: &Form, ask: Ask) -> Markup {
        match ask {
            Ask::Check => shell.page(self.check(form)),
            // Two small questions share a page, below one heading.
            Ask::Dose => shell.page(self.question(form, ask)),
            _ => shell.question().page(self.question(form, ask)),
        }
    }

    fn question(&self, form: &Form, ask: Ask) -> Markup {
        let w = self.w;
        post_form(
            &self.path,
            html! {
                (kept(form, ask))
                (hidden("asked", ask.code()))
                (fields(w, form, self.kind, ask))
                (button(w.t("continue")))
            },
        )
    }

    fn check(&self, form: &Form) -> Markup {
        let w = self.w;
        let answer = |ask: Ask| answer(w, form, ask);
        let change = |ask: Ask, label: &str| {
            html! {
                button.button-link name="goto" value=(ask.code()) {
                    span aria-hidden="true" { (w.t("change")) }
                    span.unseen { (w.with("change-what", [("what", label.into())])) }
                }
            }
        };
        let list = self.all().iter().fold(summary_list(w), |list, ask| {
            let label = label(w, *ask);
            let change = change(*ask, &label);
            list.row(label, html! { (answer(*ask)) " " (change) })
        });
        let days = w.with("file-promise", [("days", self.kind.days().into())]);
        post_form(
            &self.path,
            html! {
                (kept(form, Ask::Check))
                (hidden("checked", "yes"))
                (list)
                p { (days) }
                p { (w.t("file-who-sees")) }
                (button(w.t("file-send")).to(&format!("{}/save", self.path)))
            },
        )
    }
}

fn kept(form: &Form, ask: Ask) -> Markup {
    let own = |name: &&str| !ask.fields().contains(name) && !form.value(name).is_empty();
    html! {
        @for name in KEPT.into_iter().filter(own) { (hidden(name, form.value(name))) }
        @if ask != Ask::Check && !form.value("checked").is_empty() { (hidden("checked", "yes")) }
    }
}

fn label(w: Words, ask: Ask) -> String {
    w.t(match ask {
        Ask::Name => "file-name",
        Ask::Born => "file-born",
        Ask::Gender => "file-gender",
        Ask::Dose => "file-dose",
        Ask::Place => "file-place",
        Ask::Day => "file-day",
        Ask::Words | Ask::Check => "file-words",
    })
}

fn fields(w: Words, form: &Form, kind: Kind, ask: Ask) -> Markup {
    let label = label(w, ask);
    match ask {
        Ask::Name => html! { (field(w, form, "name", label).heading().hint(w.t("add-name-hint"))) },
        Ask::Born => html! { (field(w, form, "born", label).heading().hint(w.t("add-born-hint")).digits(4)) },
        Ask::Gender => html! { (genders(w, form, label).heading()) },
        Ask::Dose => html! {
            @let choice = select(w, form, "vaccine", w.t("file-vaccine"));
            (Vaccine::ALL.into_iter().fold(choice, |choice, one| choice.option(one.label(), sessions::vaccine(w, one))))
            @let choice = radios(w, form, "dose_number", label).tiles();
            ([1, 2, 3].into_iter().fold(choice, |choice, one: u8| choice.option(one.to_string(), dose(w, one))))
        },
        Ask::Place => html! { (field(w, form, "place", label).heading().hint(w.t("file-place-hint"))) },
        Ask::Day => html! { (date_field(w, form, "day", label).heading().hint(w.t("file-day-hint"))) },
        Ask::Words | Ask::Check => {
            let lines = field(w, form, "words", label).heading().lines(5);
            // Of a problem after a dose, her words are the report.
            let hint = w.t(if kind == Kind::Aefi { "file-words-hint-aefi" } else { "file-words-hint" });
            html! { (lines.hint(hint)) }
        }
    }
}

fn dose(w: Words, number: u8) -> String {
    w.with("file-dose-number", [("number", number.into())])
}

/// What she answered, as the check shows it.
fn answer(w: Words, form: &Form, ask: Ask) -> String {
    match ask {
        Ask::Name => form.value("name").to_owned(),
        Ask::Born => form.digits("born"),
        Ask::Gender => gender_of(form).map(|one| gender(w, one)).unwrap_or_default(),
        Ask::Dose => {
            let vaccine = form.value("vaccine").parse().map(|one| sessions::vaccine(w, one)).unwrap_or_default();
            let number = dose(w, form.value("dose_number").parse().unwrap_or_default());
            w.with("file-dose-of", [("vaccine", vaccine.into()), ("dose", number.into())])
        }
        Ask::Place => form.value("place").to_owned(),
        Ask::Day => form.date("day").map(|day| w.date(day)).unwrap_or_default(),
        Ask::Words | Ask::Check if form.value("words").is_empty() => w.t("file-words-none"),
        Ask::Words | Ask::Check => form.value("words").to_owned(),
    }
}

/// What is wrong with the answer to a question: the field and the words.
fn problems(form: &Form, kind: Kind, ask: Ask, today: Date) -> Vec<(&'static str, &'static str)> {
    let found = match ask {
        Ask::Name => [name_of(form).err().map(|wrong| ("name", name_problem(&wrong))), None],
        Ask::Born => [born_of(form, today.year()).err().map(|key| ("born", key)), None],
        Ask::Gender => [gender_of(form).is_none().then_some(("gender", "add-gender-missing")), None],
        Ask::Dose => [
            form.value("vaccine").parse::<Vaccine>().is_err().then_some(("vaccine", "file-vaccine-missing")),
            (!matches!(form.value("dose_number"), "1" | "2" | "3")).then_some(("dose_number", "file-dose-missing")),
        ],
        Ask::Place => [
            form.value("place").is_empty().then_some(("place", "file-place-missing")),
            (form.value("place").chars().count() > 200).then_some(("place", "file-place-long")),
        ],
        Ask::Day => [form.date("day").map_or(true, |day| day > today).then_some(("day", "file-day-wrong")), None],
        Ask::Words | Ask::Check => [
            words(form.value("words")).is_err().then_some(("words", "file-words-long")),
            (kind == Kind::Aefi && form.value("words").is_empty()).then_some(("words", "file-words-missing")),
        ],
    };
    found.into_iter().flatten().collect()
}

/// What she claims, once every answer is fine.
fn claim(form: &Form, kind: Kind, today: Date) -> Result<Claim, Failure> {
    Ok(match kind {
        Kind::WrongName => Claim::Name(name_of(form)?),
        Kind::WrongBirthYear => Claim::BirthYear(born_of(form, today.year()).map_err(Failure::input)?),
        Kind::WrongGender => Claim::Gender(gender_of(form).ok_or_else(|| Failure::input("gender"))?),
        Kind::NotMine => Claim::NotMine(form.value("dose").parse().map_err(|_| Failure::not_found())?),
        Kind::Missing => {
            let day = form.date("day").map_err(|_| Failure::input("day"))?;
            let number = form.value("dose_number").parse().map_err(|_| Failure::input("dose"))?;
            let vaccine = form.value("vaccine").parse()?;
            Claim::Missing(MissingDose::new(vaccine, number, day, form.value("place"), today)?)
        }
        Kind::Aefi => Claim::Aefi,
        Kind::Duplicate => Claim::Duplicate,
        Kind::NumberLost => Claim::NumberLost,
        Kind::OfAge => Claim::OfAge,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn every_question_of_every_kind_says_what_is_wrong_with_nothing() {
        for kind in Kind::ALL {
            for ask in Ask::of(*kind) {
                let told = problems(&Form::empty(), *kind, *ask, TODAY);
                let optional = *ask == Ask::Words && *kind != Kind::Aefi;
                assert_eq!(told.is_empty(), optional, "{} {}", kind.code(), ask.code());
                assert!(told.iter().all(|(name, key)| {
                    (ask.fields().contains(name) || *name == "day") && Words::default().t(key).len() > 10
                }));
            }
        }
    }

    #[test]
    fn answers_become_a_claim_of_the_kind() {
        let form = Form::empty()
            .with("name", "Asha Devi")
            .with("born", "१९६१")
            .with("gender", "2")
            .with("vaccine", "COVAXIN")
            .with("dose_number", "2")
            .with("place", "Civil Lines")
            .with_date("day", date(2026, 11, 3))
            .with("dose", "6ba7b810-9dad-41d1-80b4-00c04fd430c8")
            .with("words", "a rash");
        for kind in Kind::ALL {
            for ask in Ask::of(*kind) {
                assert!(problems(&form, *kind, *ask, TODAY).is_empty(), "{} {}", kind.code(), ask.code());
            }
            assert_eq!(claim(&form, *kind, TODAY).map(|claim| claim.kind()).ok(), Some(*kind));
        }
        let late = Form::empty().with_date("day", date(2026, 11, 25));
        assert_eq!(problems(&late, Kind::Missing, Ask::Day, TODAY), [("day", "file-day-wrong")]);
        let shown = answer(Words::default(), &form, Ask::Dose);
        assert!(shown.contains("COVAXIN") || shown.to_uppercase().contains("COVAXIN"), "{shown}");
    }
}
