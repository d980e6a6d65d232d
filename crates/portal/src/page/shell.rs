//! The page around the page: head, header, navigation, language switch and footer.

use maud::{DOCTYPE, Markup, Render, html};

use super::{Form, Script, Tone, asset_path, banner, css_path, hidden};
use crate::words::{Language, Words};

/// Who is reading, which decides the navigation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    #[default]
    SignedOut,
    /// Signed in by phone.
    Citizen,
    /// On duty at a session.
    Vaccinator,
    /// Runs centres and sessions.
    Manager,
    /// Settles cases.
    Officer,
}

/// Path and message key of each entry of the navigation.
type Nav = &'static [(&'static str, &'static str)];

impl Who {
    const fn navigation(self) -> Nav {
        match self {
            Self::SignedOut => &[("/find", "nav-find"), ("/verify", "nav-verify"), ("/sign-in", "nav-sign-in")],
            Self::Citizen => &[("/family", "nav-family"), ("/find", "nav-find"), ("/looks", "nav-looks")],
            Self::Vaccinator => &[("/vaccinator", "nav-sessions-today")],
            Self::Officer => &[("/desk", "nav-desk")],
            Self::Manager => &[
                ("/manager", "nav-today"),
                ("/manager/centres", "nav-centres"),
                ("/manager/sessions", "nav-sessions"),
                ("/manager/staff", "nav-staff"),
                ("/manager/batches", "nav-batches"),
                ("/manager/import", "nav-import"),
            ],
        }
    }
}

const FOOTER: Nav = &[
    ("/privacy", "footer-privacy"),
    ("/accessibility", "footer-accessibility"),
    ("/verify", "footer-verify"),
    ("/help", "footer-help"),
    ("/status", "footer-status"),
];

/// A whole page, made step by step and ended by [`Shell::page`].
pub struct Shell<'a> {
    w: Words,
    title: String,
    path: &'a str,
    who: Who,
    seconds_left: u32,
    back: Option<String>,
    flash: Option<(Tone, String)>,
    form: Option<&'a Form>,
    wide: bool,
    question: bool,
    apart: bool,
}

impl<'a> Shell<'a> {
    /// A page for anybody. `path` is where this page can be had again by GET; it marks the place in the
    /// navigation, and the language switch returns to it.
    #[must_use]
    pub fn new(w: Words, title: impl Into<String>, path: &'a str) -> Self {
        Self {
            w,
            title: title.into(),
            path,
            who: Who::SignedOut,
            seconds_left: 0,
            back: None,
            flash: None,
            form: None,
            wide: false,
            question: false,
            apart: false,
        }
    }

    /// The page of somebody signed in: their navigation, *Sign out*, and a warning two minutes before
    /// the session's end, which is so many seconds away.
    #[must_use]
    pub fn signed_in(mut self, who: Who, seconds_left: u32) -> Self {
        (self.who, self.seconds_left) = (who, seconds_left);
        self
    }

    /// A link back to where the reader came from.
    #[must_use]
    pub fn back(mut self, href: impl Into<String>) -> Self {
        self.back = Some(href.into());
        self
    }

    /// A notice at the top, said once after an act.
    #[must_use]
    pub fn flash(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.flash = Some((tone, text.into()));
        self
    }

    /// The form on this page: its problems stand at the top, and the title says that there are some.
    #[must_use]
    pub fn form(mut self, form: &'a Form) -> Self {
        self.form = Some(form);
        self
    }

    /// A wide column, for a manager's tables.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The page brings its own heading (`.heading()` of a field, or a confirmation): the shell sets none.
    #[must_use]
    pub fn question(mut self) -> Self {
        self.question = true;
        self
    }

    /// A page of another listener: nothing of what is on the door for everybody is linked to.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.apart = true;
        self
    }

    /// The complete document around this content.
    #[must_use]
    pub fn page(self, content: impl Render) -> Markup {
        let w = self.w;
        html! {
            (DOCTYPE)
            html lang=(w.language().code()) {
                (self.head())
                body {
                    a.skip href="#main" { (w.t("skip-to-content")) }
                    (self.header())
                    div.column.wide[self.wide] {
                        main #main tabindex="-1" {
                            @if let Some(href) = &self.back { a.back href=(href) { (w.t("back")) } }
                            @if let Some(form) = self.form { (form.summary(w)) }
                            @if let Some((tone, text)) = &self.flash { (banner(w, *tone, html! { p { (text) } })) }
                            @if !self.question { h1 { (self.title) } }
                            (content)
                        }
                    }
                    @if !self.apart { (self.footer()) }
                    @if self.seconds_left > 0 { (self.time_out()) }
                }
            }
        }
    }

    fn head(&self) -> Markup {
        let has_problems = self.form.is_some_and(|form| !form.is_fine());
        let key = if has_problems { "page-title-error" } else { "page-title" };
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (self.w.with(key, [("title", self.title.as_str().into())])) }
                link rel="stylesheet" href=(css_path());
                link rel="icon" type="image/svg+xml" href=(asset_path("mark.svg"));
            }
        }
    }

    fn header(&self) -> Markup {
        let w = self.w;
        html! {
            header.top {
                div.column.wide {
                    a.brand href=(if self.apart { self.path } else { "/" }) {
                        span lang="en" { (w.t("brand")) } " " span lang="hi" { (w.t("brand-devanagari")) }
                    }
                    div.languages {
                        @if self.who != Who::SignedOut { (self.sign_out()) }
                        (self.languages())
                    }
                }
                @if !self.apart {
                    nav.places aria-label=(w.t("navigation")) {
                        ul.column.wide {
                            @for (path, key) in self.who.navigation() {
                                li { a href=(path) aria-current=[self.place(path)] { (w.t(key)) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// How a navigation entry relates to this page: the page itself, or a page under it.
    fn place(&self, path: &str) -> Option<&'static str> {
        let here = self.path.split('?').next().unwrap_or_default();
        let under = here.strip_prefix(path)?;
        match (under, path) {
            ("", _) => Some("page"),
            // A manager's start page is above all others of his and is not marked for them.
            (_, "/manager") => None,
            (rest, _) => rest.starts_with('/').then_some("true"),
        }
    }

    fn sign_out(&self) -> Markup {
        html! {
            form method="post" action="/sign-out" {
                button.button-link { (self.w.t("nav-sign-out")) }
            }
        }
    }

    fn languages(&self) -> Markup {
        let others = Language::ALL.into_iter().filter(|language| *language != self.w.language());
        html! {
            nav aria-label=(self.w.t("language-switch")) {
                @for language in others {
                    @let code = language.code();
                    a href=(super::language::address(language, self.path)) lang=(code) hreflang=(code) rel="nofollow" {
                        (Words::new(language).t("language-name"))
                    }
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        let w = self.w;
        html! {
            footer.foot {
                div.column.wide {
                    p { (w.t("footer-note")) }
                    nav aria-label=(w.t("footer-navigation")) {
                        ul { @for (path, key) in FOOTER { li { a href=(path) { (w.t(key)) } } } }
                    }
                }
            }
        }
    }

    /// The warning before the session ends; a closed dialog until the script opens it.
    fn time_out(&self) -> Markup {
        let w = self.w;
        let time = w.with("timer-left", [("minutes", "{m}".into()), ("seconds", "{s}".into())]);
        html! {
            dialog #time-out data-seconds=(self.seconds_left) data-over=(w.t("timeout-over")) data-time=(time)
                aria-labelledby="time-out-title" {
                form method="post" action="/session/extend" {
                    h2 #time-out-title { (w.t("timeout-title")) }
                    p role="status" data-text=(w.with("timeout-text", [("time", "{time}".into())])) {}
                    (hidden("back", self.path))
                    div.buttons {
                        button.button { (w.t("timeout-stay")) }
                        button.button.secondary formaction="/sign-out" { (w.t("timeout-sign-out")) }
                    }
                }
            }
            (Script::TimeOut)
        }
    }
}
