//! Fields in which people choose: radios, checkboxes and a drop-down list.

use maud::{Markup, Render, html};

use super::Form;
use super::field::{aside, described_by};
use crate::words::Words;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Radios,
    Checkboxes,
    Select,
}

struct Choice {
    value: String,
    label: String,
    hint: Option<String>,
}

/// A group of choices; see [`radios`], [`checkboxes`] and [`select`]. Draw it by putting it into `html!`.
pub struct Choices<'a> {
    w: Words,
    form: &'a Form,
    name: &'a str,
    legend: String,
    hint: Option<String>,
    heading: bool,
    tiles: bool,
    kind: Kind,
    offered: Vec<Choice>,
}

/// One of a few: radio buttons under a question.
#[must_use]
pub fn radios<'a>(w: Words, form: &'a Form, name: &'a str, legend: impl Into<String>) -> Choices<'a> {
    choices(w, form, name, legend.into(), Kind::Radios)
}

/// Any of a few: checkboxes under a question. Each ticked one sends the name with its value.
#[must_use]
pub fn checkboxes<'a>(w: Words, form: &'a Form, name: &'a str, legend: impl Into<String>) -> Choices<'a> {
    choices(w, form, name, legend.into(), Kind::Checkboxes)
}

/// One of many, such as a district: a drop-down list that starts with nothing chosen.
#[must_use]
pub fn select<'a>(w: Words, form: &'a Form, name: &'a str, label: impl Into<String>) -> Choices<'a> {
    choices(w, form, name, label.into(), Kind::Select)
}

fn choices<'a>(w: Words, form: &'a Form, name: &'a str, legend: String, kind: Kind) -> Choices<'a> {
    Choices { w, form, name, legend, hint: None, heading: false, tiles: false, kind, offered: Vec::new() }
}

impl Choices<'_> {
    /// Adds a choice: the value that is sent and the words that are read.
    #[must_use]
    pub fn option(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.offered.push(Choice { value: value.into(), label: label.into(), hint: None });
        self
    }

    /// Adds a choice with a line that explains it; a drop-down list leaves the line out.
    #[must_use]
    pub fn option_with_hint(
        mut self,
        value: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        self.offered.push(Choice { value: value.into(), label: label.into(), hint: Some(hint.into()) });
        self
    }

    /// A line under the question.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The question is the heading of the page.
    #[must_use]
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// Says after the question that nothing need be chosen.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.legend = self.w.with("optional", [("label", self.legend.into())]);
        self
    }

    /// Short choices side by side as tiles: times of day, days, yes and no.
    #[must_use]
    pub fn tiles(mut self) -> Self {
        self.tiles = true;
        self
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.form.values(self.name).any(|value| value == choice.value)
    }

    fn drop_down(&self) -> Markup {
        let problem = self.form.problem_of(self.name);
        let described = described_by(self.name, self.hint.is_some(), problem.is_some());
        html! {
            div.field.wrong[problem.is_some()] {
                @if self.heading { h1 { label for=(self.name) { (self.legend) } } }
                @else { label for=(self.name) { (self.legend) } }
                (aside(self.w, self.name, self.hint.as_deref(), problem))
                select id=(self.name) name=(self.name) aria-describedby=[described]
                    aria-invalid=[problem.map(|_| "true")] {
                    option value="" { (self.w.t("choose-one")) }
                    @for choice in &self.offered {
                        option value=(choice.value) selected[self.is_chosen(choice)] { (choice.label) }
                    }
                }
            }
        }
    }

    fn group(&self, input_type: &str) -> Markup {
        let problem = self.form.problem_of(self.name);
        let described = described_by(self.name, self.hint.is_some(), problem.is_some());
        html! {
            fieldset.field.wrong[problem.is_some()] aria-describedby=[described] {
                legend { @if self.heading { h1 { (self.legend) } } @else { (self.legend) } }
                (aside(self.w, self.name, self.hint.as_deref(), problem))
                div.choices.tiles[self.tiles] {
                    @for (at, choice) in self.offered.iter().enumerate() { (self.single(at, choice, input_type)) }
                }
            }
        }
    }

    fn single(&self, at: usize, choice: &Choice, input_type: &str) -> Markup {
        // The error summary links to the name, so the first choice carries it as its id.
        let id = if at == 0 { self.name.to_owned() } else { format!("{}-{at}", self.name) };
        let hint = choice.hint.as_ref().map(|_| format!("{id}-says"));
        html! {
            div.choice {
                input id=(id) name=(self.name) type=(input_type) value=(choice.value) checked[self.is_chosen(choice)]
                    aria-describedby=[hint.as_deref()];
                label for=(id) { (choice.label) }
                @if let (Some(text), Some(hint_id)) = (&choice.hint, &hint) { p.hint id=(hint_id) { (text) } }
            }
        }
    }
}

impl Render for Choices<'_> {
    fn render(&self) -> Markup {
        match self.kind {
            Kind::Radios => self.group("radio"),
            Kind::Checkboxes => self.group("checkbox"),
            Kind::Select => self.drop_down(),
        }
    }
}
