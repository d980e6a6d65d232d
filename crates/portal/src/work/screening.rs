//! The health questions before a dose: asked aloud, answered with yes where it is yes. Kept sealed.

use crate::page::{Form, Tone, banner, checkboxes, field};
use crate::words::Words;
use jiff::civil::Date;
use maud::{Markup, html};

/// What a yes means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Weight {
    /// No dose here.
    Stop,
    /// Better on another day; a reason is kept.
    Defer,
    /// May be given, with care; a note is kept.
    Care,
}

/// A question: its name, the words that ask it, the words that follow a yes, what a yes means.
struct Question {
    name: &'static str,
    asks: &'static str,
    yes: &'static str,
    weight: Weight,
}

/// In the order in which they are asked (ministry of health, *Precautions and contraindications for COVID-19 vaccination*, 2021).
const QUESTIONS: [Question; 5] = [
    Question { name: "fever", asks: "work-ask-fever", yes: "work-yes-fever", weight: Weight::Defer },
    Question { name: "allergy", asks: "work-ask-allergy", yes: "work-yes-allergy", weight: Weight::Stop },
    Question { name: "pregnant", asks: "work-ask-pregnant", yes: "work-yes-pregnant", weight: Weight::Care },
    Question { name: "bleeding", asks: "work-ask-bleeding", yes: "work-yes-bleeding", weight: Weight::Care },
    Question { name: "covid", asks: "work-ask-covid", yes: "work-yes-covid", weight: Weight::Defer },
];

/// Name of the group of answers, and of the answer *none of these*.
const GROUP: &str = "yes";
const NONE: &str = "none";

/// Answers of one person on one day.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Screening {
    yes: Vec<&'static str>,
    /// What was decided, where an answer asked for a decision.
    why: String,
}

impl Screening {
    /// The answers of a form; problems are noted in it.
    pub(super) fn read(w: Words, form: &mut Form) -> Option<Self> {
        let ticked = |name: &str| form.values(GROUP).any(|value| value == name);
        let yes: Vec<_> = QUESTIONS.iter().map(|question| question.name).filter(|name| ticked(name)).collect();
        let key = match (yes.is_empty(), ticked(NONE)) {
            (true, false) => Some("work-screening-missing"),
            (false, true) => Some("work-screening-both"),
            _ => None,
        };
        if let Some(key) = key {
            form.problem(GROUP, w.t(key));
            return None;
        }
        let why = form.value("why").chars().filter(|letter| !letter.is_control()).take(300).collect();
        let answers = Self { yes, why };
        if answers.needs_why() && answers.why.is_empty() {
            form.problem("why", w.t("work-why-missing"));
            return None;
        }
        Some(answers)
    }

    fn weighs(&self, weight: Weight) -> bool {
        QUESTIONS.iter().any(|question| question.weight == weight && self.yes.contains(&question.name))
    }

    fn needs_why(&self) -> bool {
        !self.is_stop() && !self.yes.is_empty()
    }

    /// Whether no dose may be given here.
    pub(super) fn is_stop(&self) -> bool {
        self.weighs(Weight::Stop)
    }

    /// As it is kept: pairs, the free words last.
    pub(super) fn kept(&self, day: Date) -> String {
        let answer = |question: &Question| {
            let answer = if self.yes.contains(&question.name) { "yes" } else { "no" };
            format!("{}={answer}", question.name)
        };
        let answers = QUESTIONS.iter().map(answer).collect::<Vec<_>>().join("&");
        format!("day={day}&{answers}&why={}", self.why)
    }

    /// What was kept, if it was asked on this day.
    pub(super) fn of(kept: &str, day: Date) -> Option<Self> {
        let (answers, why) = kept.split_once("&why=")?;
        let mut pairs = answers.split('&').filter_map(|pair| pair.split_once('='));
        if pairs.next() != Some(("day", day.to_string().as_str())) {
            return None;
        }
        let said: Vec<_> = pairs.filter(|(_, answer)| *answer == "yes").map(|(name, _)| name).collect();
        let yes = QUESTIONS.iter().map(|question| question.name).filter(|name| said.contains(name)).collect();
        Some(Self { yes, why: why.to_owned() })
    }

    /// A form with these answers filled in.
    pub(super) fn fill(&self, form: Form) -> Form {
        let form = self.yes.iter().fold(form, |form, name| form.with(GROUP, *name)).with("why", self.why.as_str());
        if self.yes.is_empty() { form.with(GROUP, NONE) } else { form }
    }
}

/// The questions, and what follows from the answers that stand in the form.
pub(super) fn draw(w: Words, form: &Form) -> Markup {
    let group = checkboxes(w, form, GROUP, w.t("work-screening")).hint(w.t("work-screening-hint"));
    let group = QUESTIONS.iter().fold(group, |group, question| group.option(question.name, w.t(question.asks)));
    let is_yes = |question: &&Question| form.values(GROUP).any(|value| value == question.name);
    let yes: Vec<&Question> = QUESTIONS.iter().filter(is_yes).collect();
    let tone = if yes.iter().any(|question| question.weight == Weight::Stop) { Tone::Bad } else { Tone::Warn };
    html! {
        @if !yes.is_empty() { (banner(w, tone, html! { @for question in &yes { p { (w.t(question.yes)) } } })) }
        (group.option(NONE, w.t("work-screening-none")))
        @if !yes.is_empty() { (field(w, form, "why", w.t("work-why")).hint(w.t("work-why-hint"))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;
    use jiff::civil::date;

    fn form(pairs: &[(&str, &str)]) -> Form {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    #[test]
    fn all_no_is_one_tap_and_nothing_is_assumed() {
        let w = Words::default();
        let none = Screening::read(w, &mut form(&[("yes", "none")])).unwrap();
        assert!(none == Screening::default() && !none.is_stop());
        for (pairs, key) in [
            (&[][..], "work-screening-missing"),
            (&[("yes", "fever"), ("yes", "none")][..], "work-screening-both"),
            (&[("yes", "unheard-of")][..], "work-screening-missing"),
        ] {
            let mut form = form(pairs);
            assert!(Screening::read(w, &mut form).is_none());
            assert_eq!(form.problem_of("yes"), Some(w.t(key).as_str()));
        }
    }

    #[test]
    fn a_yes_wants_a_decision_and_an_allergy_ends_it() {
        let w = Words::default();
        let mut fever = form(&[("yes", "fever")]);
        assert!(Screening::read(w, &mut fever).is_none());
        assert!(fever.problem_of("why").is_some());
        let decided = Screening::read(w, &mut form(&[("yes", "fever"), ("why", "Dr Rao agrees")])).unwrap();
        assert!(!decided.is_stop());
        assert!(Screening::read(w, &mut form(&[("yes", "allergy")])).unwrap().is_stop());
    }

    #[test]
    fn answers_are_kept_and_read_on_their_day_alone() {
        let (day, w) = (date(2026, 11, 23), Words::default());
        let mut said = form(&[("yes", "bleeding"), ("yes", "covid"), ("why", "advised & asked; day=1&why=x")]);
        let answers = Screening::read(w, &mut said).unwrap();
        let kept = answers.kept(day);
        assert!(Screening::of(&kept, day) == Some(answers.clone()));
        assert!(Screening::of(&kept, date(2026, 11, 24)).is_none());
        assert!(Screening::of("", day).is_none());
        let mut again = answers.fill(Form::empty());
        assert!(Screening::read(w, &mut again) == Some(answers));
    }

    #[test]
    fn every_yes_is_answered_in_every_language() {
        for w in Language::ALL.map(Words::new) {
            for question in &QUESTIONS {
                let drawn = draw(w, &Form::empty().with("yes", question.name)).0;
                assert!(drawn.contains("banner") && drawn.contains("name=\"why\""), "{}", question.name);
            }
            assert!(!draw(w, &Form::empty()).0.contains("banner"));
        }
    }
}
