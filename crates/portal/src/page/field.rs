//! Fields into which people write. Each shows its label, its hint, its problem and the value kept from last time.

use maud::{Markup, PreEscaped, Render, html};

use super::{Form, Script};
use crate::words::Words;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line,
    Lines(u8),
    Secret,
    File,
}

/// One field to write into; see [`field`]. Draw it by putting it into `html!`.
pub struct Field<'a> {
    w: Words,
    form: &'a Form,
    name: &'a str,
    label: String,
    hint: Option<String>,
    kind: Kind,
    heading: bool,
    input_type: &'a str,
    input_mode: Option<&'a str>,
    autocomplete: Option<&'a str>,
    accept: Option<&'a str>,
    prefix: Option<String>,
    suffix: Option<String>,
    characters: Option<u8>,
    scan: bool,
    focus: bool,
}

/// A field of one line with this name, its label a noun or a question.
#[must_use]
pub fn field<'a>(w: Words, form: &'a Form, name: &'a str, label: impl Into<String>) -> Field<'a> {
    Field {
        w,
        form,
        name,
        label: label.into(),
        hint: None,
        kind: Kind::Line,
        heading: false,
        input_type: "text",
        input_mode: None,
        autocomplete: None,
        accept: None,
        prefix: None,
        suffix: None,
        characters: None,
        scan: false,
        focus: false,
    }
}

impl<'a> Field<'a> {
    /// A line under the label that helps before a mistake is made.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The label is the heading of the page: for a page that asks one thing, with [`Shell::question`](super::Shell::question).
    #[must_use]
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// A mobile number: +91 before it, a number pad, the person's own number offered.
    #[must_use]
    pub fn phone(mut self) -> Self {
        self.prefix = Some("+91".to_owned());
        self.input_type = "tel";
        self.autocomplete("tel-national").characters(12).input_mode("numeric")
    }

    /// A number or code of so many digits, typed on a number pad and kept as text.
    #[must_use]
    pub fn digits(self, count: u8) -> Self {
        self.input_mode("numeric").characters(count)
    }

    /// A one-time code of so many digits, which phones offer from the message.
    #[must_use]
    pub fn code(self, count: u8) -> Self {
        self.digits(count).autocomplete("one-time-code")
    }

    /// A password. What was typed is never sent back.
    #[must_use]
    pub fn password(mut self) -> Self {
        self.kind = Kind::Secret;
        self.autocomplete("current-password")
    }

    /// Several lines of text.
    #[must_use]
    pub fn lines(mut self, rows: u8) -> Self {
        self.kind = Kind::Lines(rows);
        self
    }

    /// A file of these types, as in the `accept` attribute; the form must be [`upload_form`](super::upload_form).
    #[must_use]
    pub fn file(mut self, accept: &'a str) -> Self {
        self.kind = Kind::File;
        self.accept = Some(accept);
        self
    }

    /// A time of day; browsers show their own clock and send `HH:MM`.
    #[must_use]
    pub fn clock(mut self) -> Self {
        self.input_type = "time";
        self.characters(8)
    }

    /// What the browser may fill in, an HTML autofill name.
    #[must_use]
    pub fn autocomplete(mut self, name: &'a str) -> Self {
        self.autocomplete = Some(name);
        self
    }

    /// As wide as about so many characters, so that its size says what is expected.
    #[must_use]
    pub fn characters(mut self, count: u8) -> Self {
        self.characters = Some(count);
        self
    }

    /// A unit before the value, such as ₹.
    #[must_use]
    pub fn prefix(mut self, text: impl Into<String>) -> Self {
        self.prefix = Some(text.into());
        self
    }

    /// A unit after the value.
    #[must_use]
    pub fn suffix(mut self, text: impl Into<String>) -> Self {
        self.suffix = Some(text.into());
        self
    }

    /// Says after the label that the field may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.label = self.w.with("optional", [("label", self.label.into())]);
        self
    }

    /// Offers the camera, where the browser can read a QR code, and writes what it read into the field.
    #[must_use]
    pub fn scan(mut self) -> Self {
        self.scan = true;
        self
    }

    /// The keyboard is at this field when the page opens, unless the error summary takes it: for a page that asks one
    /// thing of somebody in a hurry.
    #[must_use]
    pub fn focused(mut self) -> Self {
        self.focus = true;
        self
    }

    fn input_mode(mut self, mode: &'a str) -> Self {
        self.input_mode = Some(mode);
        self
    }

    fn control(&self) -> Markup {
        let Self { form, name, .. } = self;
        let described = described_by(name, self.hint.is_some(), form.problem_of(name).is_some());
        let invalid = form.problem_of(name).map(|_| "true");
        let width = self.characters.map(|count| match count {
            0..=2 => "w2",
            3..=4 => "w4",
            5..=8 => "w8",
            _ => "w16",
        });
        html! {
            @match self.kind {
                Kind::Lines(rows) => textarea id=(name) name=(name) rows=(rows) aria-describedby=[described]
                    aria-invalid=[invalid] autocomplete=[self.autocomplete] { (PreEscaped("\n")) (form.value(name)) },
                Kind::File => input id=(name) name=(name) type="file" accept=[self.accept]
                    aria-describedby=[described] aria-invalid=[invalid];,
                Kind::Secret => input id=(name) name=(name) type="password" class=[width]
                    autocomplete=[self.autocomplete] aria-describedby=[described] aria-invalid=[invalid];,
                Kind::Line => input id=(name) name=(name) type=(self.input_type) class=[width]
                    value=(form.value(name)) inputmode=[self.input_mode] autocomplete=(self.autocomplete.unwrap_or("off"))
                    spellcheck="false" autofocus[self.focus && form.is_fine()] aria-describedby=[described]
                    aria-invalid=[invalid];,
            }
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let problem = self.form.problem_of(self.name);
        html! {
            div.field.wrong[problem.is_some()] {
                @if self.heading { h1 { label for=(self.name) { (self.label) } } }
                @else { label for=(self.name) { (self.label) } }
                (aside(self.w, self.name, self.hint.as_deref(), problem))
                @if self.prefix.is_some() || self.suffix.is_some() {
                    div.affixed {
                        @if let Some(prefix) = &self.prefix { span.affix { (prefix) } }
                        (self.control())
                        @if let Some(suffix) = &self.suffix { span.affix { (suffix) } }
                    }
                } @else { (self.control()) }
                @if self.scan { (camera(self.w, self.name)) }
            }
        }
    }
}

/// The ids that describe a control, for `aria-describedby`.
pub(super) fn described_by(name: &str, hint: bool, problem: bool) -> Option<String> {
    match (hint, problem) {
        (false, false) => None,
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (true, true) => Some(format!("{name}-hint {name}-error")),
    }
}

/// The hint and the problem of a field or a group, in this order.
pub(super) fn aside(w: Words, name: &str, hint: Option<&str>, problem: Option<&str>) -> Markup {
    html! {
        @if let Some(hint) = hint { p.hint id={ (name) "-hint" } { (hint) } }
        @if let Some(problem) = problem {
            p.error id={ (name) "-error" } { span.unseen { (w.t("error-prefix")) " " } (problem) }
        }
    }
}

/// The camera beside a field; hidden until the script finds that this browser can read codes.
fn camera(w: Words, name: &str) -> Markup {
    html! {
        div.scan data-scan=(name) data-looking=(w.t("scan-looking")) data-found=(w.t("scan-found"))
            data-refused=(w.t("scan-refused")) data-start=(w.t("scan-start")) data-stop=(w.t("scan-stop")) hidden {
            button.button.secondary type="button" { (w.t("scan-start")) }
            video playsinline muted hidden {}
            p.hint role="status" {}
        }
        (Script::Scan)
    }
}

/// A date in three fields named `{name}-day`, `{name}-month` and `{name}-year`; see [`date_field`].
pub struct DateField<'a> {
    w: Words,
    form: &'a Form,
    name: &'a str,
    legend: String,
    hint: Option<String>,
    heading: bool,
    birthday: bool,
}

/// A date in three fields, which [`Form::date`] reads. Note its problem under `{name}` itself.
#[must_use]
pub fn date_field<'a>(w: Words, form: &'a Form, name: &'a str, legend: impl Into<String>) -> DateField<'a> {
    DateField { w, form, name, legend: legend.into(), hint: None, heading: false, birthday: false }
}

impl DateField<'_> {
    /// A line under the legend, best with an example.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The legend is the heading of the page.
    #[must_use]
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// The birth date of the person at the keyboard, which the browser may fill in.
    #[must_use]
    pub fn birthday(mut self) -> Self {
        self.birthday = true;
        self
    }

    fn part(&self, part: &str, label: &str, width: &str) -> Markup {
        // The summary links to the name of the whole date, so the day carries it as its id.
        let id = if part == "day" { self.name.to_owned() } else { format!("{}-{part}", self.name) };
        let name = format!("{}-{part}", self.name);
        let fill = if self.birthday { format!("bday-{part}") } else { "off".to_owned() };
        let invalid = self.form.problem_of(self.name).map(|_| "true");
        html! {
            div {
                label for=(id) { (self.w.t(label)) }
                input id=(id) name=(name) type="text" class=(width) inputmode="numeric" autocomplete=(fill)
                    value=(self.form.value(&name)) aria-invalid=[invalid];
            }
        }
    }
}

impl Render for DateField<'_> {
    fn render(&self) -> Markup {
        let problem = self.form.problem_of(self.name);
        let described = described_by(self.name, self.hint.is_some(), problem.is_some());
        html! {
            fieldset.field.wrong[problem.is_some()] aria-describedby=[described] {
                legend { @if self.heading { h1 { (self.legend) } } @else { (self.legend) } }
                (aside(self.w, self.name, self.hint.as_deref(), problem))
                div.date {
                    (self.part("day", "date-day", "w2"))
                    (self.part("month", "date-month", "w2"))
                    (self.part("year", "date-year", "w4"))
                }
            }
        }
    }
}
