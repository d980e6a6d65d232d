//! Lists of facts and of tasks, and tables.

use maud::{Markup, Render, html};

use super::{Tone, tag};
use crate::words::Words;

/// A list of names and values, with a link to change each: the page *check your answers* and every overview.
pub struct SummaryList {
    w: Words,
    rows: Vec<(String, Markup, Option<String>)>,
}

/// An empty list of names and values.
#[must_use]
pub fn summary_list(w: Words) -> SummaryList {
    SummaryList { w, rows: Vec::new() }
}

impl SummaryList {
    /// Adds a name and its value.
    #[must_use]
    pub fn row(mut self, name: impl Into<String>, value: impl Render) -> Self {
        self.rows.push((name.into(), value.render(), None));
        self
    }

    /// Adds a name and its value with a link where it can be changed.
    #[must_use]
    pub fn row_to_change(mut self, name: impl Into<String>, value: impl Render, href: impl Into<String>) -> Self {
        self.rows.push((name.into(), value.render(), Some(href.into())));
        self
    }
}

impl Render for SummaryList {
    fn render(&self) -> Markup {
        html! {
            dl.summary {
                @for (name, value, href) in &self.rows {
                    div {
                        dt { (name) }
                        dd { (value) }
                        @if let Some(href) = href {
                            dd.change {
                                a href=(href) {
                                    span aria-hidden="true" { (self.w.t("change")) }
                                    span.unseen { (self.w.with("change-what", [("what", name.into())])) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Tasks of one thing or one person and how far each is; see [`task_list`].
#[derive(Default)]
pub struct TaskList {
    tasks: Vec<Task>,
}

struct Task {
    title: String,
    href: Option<String>,
    hint: Option<String>,
    tone: Tone,
    state: String,
}

/// An empty list of tasks.
#[must_use]
pub fn task_list() -> TaskList {
    TaskList::default()
}

impl TaskList {
    /// Adds a task that can be done or seen at `href`, with its state in words.
    #[must_use]
    pub fn task(
        mut self,
        title: impl Into<String>,
        href: impl Into<String>,
        tone: Tone,
        state: impl Into<String>,
    ) -> Self {
        let (title, href) = (title.into(), Some(href.into()));
        self.tasks.push(Task { title, href, hint: None, tone, state: state.into() });
        self
    }

    /// Adds a task that cannot be done yet; `hint` says what comes first.
    #[must_use]
    pub fn later(mut self, title: impl Into<String>, hint: impl Into<String>, state: impl Into<String>) -> Self {
        let (title, hint) = (title.into(), Some(hint.into()));
        self.tasks.push(Task { title, href: None, hint, tone: Tone::Plain, state: state.into() });
        self
    }
}

impl Render for TaskList {
    fn render(&self) -> Markup {
        html! {
            ul.tasks {
                @for task in &self.tasks {
                    li {
                        div {
                            @if let Some(href) = &task.href { a href=(href) { (task.title) } }
                            @else { (task.title) }
                            @if let Some(hint) = &task.hint { p.hint { (hint) } }
                        }
                        (tag(task.tone, &task.state))
                    }
                }
            }
        }
    }
}

/// A table with a caption; see [`table`].
pub struct Table {
    caption: String,
    heads: Vec<(String, bool)>,
    rows: Vec<Vec<Markup>>,
}

/// A table with this caption, without columns yet.
#[must_use]
pub fn table(caption: impl Into<String>) -> Table {
    Table { caption: caption.into(), heads: Vec::new(), rows: Vec::new() }
}

impl Table {
    /// Adds a column of words.
    #[must_use]
    pub fn column(mut self, head: impl Into<String>) -> Self {
        self.heads.push((head.into(), false));
        self
    }

    /// Adds a column of figures, set to the right.
    #[must_use]
    pub fn figures(mut self, head: impl Into<String>) -> Self {
        self.heads.push((head.into(), true));
        self
    }

    /// Adds a row: one cell a column, the first naming the row.
    ///
    /// # Panics
    /// When there are more or fewer cells than columns, which is a mistake of the page's author.
    #[must_use]
    pub fn row(mut self, cells: Vec<Markup>) -> Self {
        assert_eq!(cells.len(), self.heads.len(), "a row has one cell for each column");
        self.rows.push(cells);
        self
    }

    /// Adds rows.
    #[must_use]
    pub fn rows(self, rows: impl IntoIterator<Item = Vec<Markup>>) -> Self {
        rows.into_iter().fold(self, Self::row)
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        // A wide table scrolls in its own frame, which the keyboard must be able to reach.
        html! {
            div.table-frame tabindex="0" role="region" aria-label=(self.caption) {
                table {
                    caption { (self.caption) }
                    thead { tr { @for (head, figure) in &self.heads { th scope="col" .figure[*figure] { (head) } } } }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (at, (cell, (_, figure))) in row.iter().zip(&self.heads).enumerate() {
                                    @if at == 0 { th scope="row" .figure[*figure] { (cell) } }
                                    @else { td .figure[*figure] { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
