//! What a person typed, and what is wrong with it: one value that goes from handler to page and back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::words::Words;

/// The values of a form and its problems. A handler fills it from the request, notes problems, and gives it to
/// the same page function that drew the form: every field finds its value and its message by name.
///
/// It has no `Debug`, because what people type is personal.
#[derive(Clone, Default)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    problems: Vec<(String, String)>,
}

/// The pairs of a submitted form or query, as `axum::Form` and `axum::extract::Query` give them.
impl From<Vec<(String, String)>> for Form {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.values.entry(name).or_default().push(value);
        }
        form
    }
}

/// Why three fields are not a date. [`DateProblem::message`] says it to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// All three fields are empty.
    Missing,
    /// A part is empty or no number, or the year has not four digits.
    Incomplete,
    /// Three numbers that name no day, such as 31 2 2026.
    Impossible,
}

impl DateProblem {
    /// The message to put beside the field.
    #[must_use]
    pub fn message(self, w: Words) -> String {
        w.t(match self {
            Self::Missing => "date-missing",
            Self::Incomplete => "date-incomplete",
            Self::Impossible => "date-impossible",
        })
    }
}

impl Form {
    /// A form nobody has filled yet.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The same form with a value already filled in.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// The first value of this name without spaces around it, or nothing.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Every value of this name, as checkboxes send them.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.get(name).into_iter().flatten().map(String::as_str)
    }

    /// The value with the digits of any Indian script as 0–9 and without spaces, hyphens and brackets: for
    /// phones, codes, PINs and references, which people group and type as they please.
    #[must_use]
    pub fn digits(&self, name: &str) -> String {
        self.value(name).chars().filter(|letter| !" -–()\u{a0}".contains(*letter)).map(latin_digit).collect()
    }

    /// The date of the three fields drawn by [`date_field`](super::date_field).
    ///
    /// # Errors
    /// Why they are no date.
    pub fn date(&self, name: &str) -> Result<Date, DateProblem> {
        let parts = ["day", "month", "year"].map(|part| self.digits(&format!("{name}-{part}")));
        if parts.iter().all(String::is_empty) {
            return Err(DateProblem::Missing);
        }
        let [day, month, year] = &parts;
        if year.len() != 4 {
            return Err(DateProblem::Incomplete);
        }
        let (Ok(day), Ok(month), Ok(year)) = (day.parse(), month.parse(), year.parse()) else {
            return Err(DateProblem::Incomplete);
        };
        Date::new(year, month, day).map_err(|_| DateProblem::Impossible)
    }

    /// The same form with the three fields of a date filled in.
    #[must_use]
    pub fn with_date(self, name: &str, value: Date) -> Self {
        self.with(&format!("{name}-day"), value.day().to_string())
            .with(&format!("{name}-month"), value.month().to_string())
            .with(&format!("{name}-year"), value.year().to_string())
    }

    /// Notes what is wrong with a field and what to do next, in the reader's language.
    pub fn problem(&mut self, name: &str, message: impl Into<String>) {
        self.problems.push((name.to_owned(), message.into()));
    }

    /// The first problem of this field.
    #[must_use]
    pub fn problem_of(&self, name: &str) -> Option<&str> {
        self.problems.iter().find(|(field, _)| field == name).map(|(_, message)| message.as_str())
    }

    /// Whether nothing is wrong, so that the handler may go on.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }

    /// The summary of all problems with a link to each field; nothing when the form is fine. The shell draws it.
    pub(super) fn summary(&self, w: Words) -> Markup {
        html! {
            @if !self.is_fine() {
                div.errors role="alert" tabindex="-1" autofocus aria-labelledby="errors-title" {
                    h2 #errors-title { (w.t("error-summary-title")) }
                    ul { @for (name, message) in &self.problems { li { a href={ "#" (name) } { (message) } } } }
                }
            }
        }
    }
}

/// A digit of an Indian script as its Latin one. Each block holds its ten digits in order.
fn latin_digit(letter: char) -> char {
    const ZEROS: [char; 10] = ['०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '۰'];
    ZEROS
        .into_iter()
        .filter_map(|zero| u32::from(letter).checked_sub(u32::from(zero)))
        .find(|distance| *distance < 10)
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn born(day: &str, month: &str, year: &str) -> Result<Date, DateProblem> {
        Form::empty().with("born-day", day).with("born-month", month).with("born-year", year).date("born")
    }

    #[test]
    fn a_date_is_read_from_three_fields_in_any_script() {
        assert_eq!(born("5", "03", "1961"), Ok(date(1961, 3, 5)));
        assert_eq!(born("०५", "३", "१९६१"), Ok(date(1961, 3, 5)));
        assert_eq!(born("", "", " "), Err(DateProblem::Missing));
        assert_eq!(born("5", "", "1961"), Err(DateProblem::Incomplete));
        assert_eq!(born("5", "3", "61"), Err(DateProblem::Incomplete));
        assert_eq!(born("5", "March", "1961"), Err(DateProblem::Incomplete));
        assert_eq!(born("31", "2", "2026"), Err(DateProblem::Impossible));
        let kept = Form::empty().with_date("born", date(2026, 11, 23));
        assert_eq!(kept.date("born"), Ok(date(2026, 11, 23)));
    }

    #[test]
    fn digits_are_read_as_people_write_them() {
        let form = Form::from(vec![("phone".to_owned(), " (98765) ४३-210 ".to_owned())]);
        assert_eq!(form.digits("phone"), "9876543210");
        assert_eq!(form.digits("absent"), "");
    }

    #[test]
    fn problems_stand_in_the_summary_in_their_order() {
        let w = Words::default();
        let mut form = Form::empty();
        assert_eq!(form.summary(w).0, "");
        form.problem("phone", "Enter a number & go on");
        form.problem("name", "Enter a name");
        assert_eq!(form.problem_of("name"), Some("Enter a name"));
        let summary = form.summary(w).0;
        assert!(summary.contains("<li><a href=\"#phone\">Enter a number &amp; go on</a></li><li><a href=\"#name\">"));
    }
}
