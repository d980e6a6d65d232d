//! The small parts of a page: forms and buttons, banners, tags, progress, what is hidden and what is empty.

use maud::{Markup, Render, html};

use super::Script;
use crate::words::Words;

/// What a colour means, always beside words that say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// Worth knowing.
    Info,
    /// It went well, or is as it should be.
    Good,
    /// Take care.
    Warn,
    /// It failed, or stop.
    Bad,
}

impl Tone {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A form that posts to this path. That it came from our page, the browser proves by its own headers.
#[must_use]
pub fn post_form(action: &str, inner: impl Render) -> Markup {
    html! { form method="post" action=(action) novalidate { (inner) } }
}

/// A form that posts files to this path.
#[must_use]
pub fn upload_form(action: &str, inner: impl Render) -> Markup {
    html! {
        form method="post" action=(action) enctype="multipart/form-data" novalidate {
            (inner)
        }
    }
}

/// A form that only asks, and whose answer can be shared as an address: searches without personal data.
#[must_use]
pub fn get_form(action: &str, inner: impl Render) -> Markup {
    html! { form method="get" action=(action) novalidate { (inner) } }
}

/// A value the form carries along unseen.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A button of a form; see [`button`].
pub struct Button<'a> {
    label: String,
    class: &'static str,
    sends: Option<(&'a str, &'a str)>,
    action: Option<&'a str>,
}

/// The main button of a form. Its words say what happens: *Book this time*, not *Submit*.
#[must_use]
pub fn button<'a>(label: impl Into<String>) -> Button<'a> {
    Button { label: label.into(), class: "button", sends: None, action: None }
}

impl<'a> Button<'a> {
    /// Another way on, quieter than the main one.
    #[must_use]
    pub fn secondary(mut self) -> Self {
        self.class = "button secondary";
        self
    }

    /// Something that cannot be taken back.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.class = "button warning";
        self
    }

    /// A small act that looks like a link but changes something.
    #[must_use]
    pub fn link(mut self) -> Self {
        self.class = "button-link";
        self
    }

    /// Sends this name and value when it is the one pressed.
    #[must_use]
    pub fn sends(mut self, name: &'a str, value: &'a str) -> Self {
        self.sends = Some((name, value));
        self
    }

    /// Sends the form to another path than the form's own.
    #[must_use]
    pub fn to(mut self, action: &'a str) -> Self {
        self.action = Some(action);
        self
    }
}

impl Render for Button<'_> {
    fn render(&self) -> Markup {
        let (name, value) = self.sends.unzip();
        html! { button class=(self.class) name=[name] value=[value] formaction=[self.action] { (self.label) } }
    }
}

/// A link that looks like the main button: the one way on from a page that asks nothing.
#[must_use]
pub fn link_button(href: &str, label: &str) -> Markup {
    html! { a.button href=(href) { (label) } }
}

/// A link that looks like a quiet button.
#[must_use]
pub fn quiet_link_button(href: &str, label: &str) -> Markup {
    html! { a.button.secondary href=(href) { (label) } }
}

/// Buttons in one row, below each other on a phone.
#[must_use]
pub fn buttons(inner: impl Render) -> Markup {
    html! { div.buttons { (inner) } }
}

/// A short word for a state, with a colour that means the same.
#[must_use]
pub fn tag(tone: Tone, text: &str) -> Markup {
    html! { strong class={ "tag " (tone.class()) } { (text) } }
}

/// A notice across the page; good and bad ones are read out at once.
#[must_use]
pub fn banner(w: Words, tone: Tone, body: impl Render) -> Markup {
    let heading = match tone {
        Tone::Plain | Tone::Info => "banner-info",
        Tone::Good => "banner-good",
        Tone::Warn => "banner-warn",
        Tone::Bad => "banner-bad",
    };
    let role = if matches!(tone, Tone::Good | Tone::Bad) { "alert" } else { "region" };
    html! {
        div class={ "banner " (tone.class()) } role=(role) aria-label=(w.t(heading)) {
            p.banner-title { (w.t(heading)) }
            (body)
        }
    }
}

/// The end of a task: a heading and what people write down, such as a reference. It is the page's heading;
/// use it with [`Shell::question`](super::Shell::question).
#[must_use]
pub fn confirmation(title: &str, body: impl Render) -> Markup {
    html! { div.confirmation { h1 { (title) } (body) } }
}

/// Words set apart from the text around them.
#[must_use]
pub fn inset(body: impl Render) -> Markup {
    html! { div.inset { (body) } }
}

/// One thing among others: a centre, a person, a booking.
#[must_use]
pub fn card(body: impl Render) -> Markup {
    html! { section.card { (body) } }
}

/// More for those who want it, folded away.
#[must_use]
pub fn details(summary: &str, body: impl Render) -> Markup {
    html! { details { summary { (summary) } div.folded { (body) } } }
}

/// Where a person stands in a task of several pages: *Step 2 of 5*.
#[must_use]
pub fn progress(w: Words, step: u32, steps: u32) -> Markup {
    let label = w.with("progress-step", [("step", step.into()), ("steps", steps.into())]);
    html! { p.progress { (label) progress value=(step) max=(steps) aria-hidden="true" {} } }
}

/// Nothing to list, and what to do instead.
#[must_use]
pub fn empty_state(title: &str, body: impl Render) -> Markup {
    html! { div.empty { p.empty-title { (title) } (body) } }
}

/// Previous and next page. `address` makes the path of a page; nothing is drawn when there is one page only.
#[must_use]
pub fn pagination(w: Words, page: u32, pages: u32, address: impl Fn(u32) -> String) -> Markup {
    html! {
        @if pages > 1 {
            nav.pagination aria-label=(w.t("pagination")) {
                @if page > 1 { a rel="prev" href=(address(page - 1)) { (w.t("previous")) } }
                span { (w.with("page-of", [("page", page.into()), ("pages", pages.into())])) }
                @if page < pages { a rel="next" href=(address(page + 1)) { (w.t("next")) } }
            }
        }
    }
}

/// A value that is hidden until it is asked for. `covered` is what may be seen of it, such as `••••• •3210`; the
/// button posts to `action`, whose handler discloses and so records. `what` names the value for screen readers.
#[must_use]
pub fn masked(w: Words, covered: &str, what: &str, action: &str) -> Markup {
    html! {
        span.masked {
            span.value { (covered) }
            form method="post" action=(action) {
                button.button-link {
                    span aria-hidden="true" { (w.t("masked-show")) }
                    span.unseen { (w.with("masked-show-what", [("what", what.into())])) }
                }
            }
            span.quiet { (w.t("masked-hint")) }
        }
    }
}

/// A value that was disclosed, with the quiet line that says so.
#[must_use]
pub fn shown(w: Words, value: impl Render) -> Markup {
    html! { span.masked { span.value { (value) } (look_recorded(w)) } }
}

/// The quiet line *This look is recorded*, once for a page or a block that shows disclosed values.
#[must_use]
pub fn look_recorded(w: Words) -> Markup {
    html! { span.quiet { (w.t("look-recorded")) } }
}

/// A moment, in milliseconds since the epoch, by the clocks of India.
#[must_use]
pub fn moment(w: Words, at_ms: i64) -> Markup {
    let at = vault::at(at_ms);
    html! { time datetime=(at.timestamp()) { (w.date_time(at.datetime())) } }
}

/// Time that runs out: `until` is written by the server, and a script counts the seconds that were left when the
/// page was made, beside it.
#[must_use]
pub fn timer(w: Words, seconds_left: u32, until: &str) -> Markup {
    let left = w.with("timer-left", [("minutes", "{m}".into()), ("seconds", "{s}".into())]);
    html! {
        span.timer data-seconds=(seconds_left) data-left=(left) data-over=(w.t("timer-over")) {
            (until) " " span.left {}
        }
        (Script::Timer)
    }
}

/// A button that asks the browser where it is and then gets `action` with `lat` and `long`, rounded to two decimals,
/// and the values to keep. Without script or position it is not there, so offer it beside a search.
#[must_use]
pub fn near_me(w: Words, action: &str, keep: &[(&str, &str)]) -> Markup {
    html! {
        form.near method="get" action=(action) data-near data-waiting=(w.t("near-me-waiting"))
            data-refused=(w.t("near-me-refused")) hidden {
            @for (name, value) in keep { (hidden(name, value)) }
            (hidden("lat", "")) (hidden("long", ""))
            button.button.secondary aria-describedby="near-me-hint" { (w.t("near-me")) }
            p.hint #near-me-hint role="status" { (w.t("near-me-hint")) }
        }
        (Script::Near)
    }
}
