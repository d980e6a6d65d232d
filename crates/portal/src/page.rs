//! The page kit: the shell around every page and the components in it. This text is all a page author needs.
//!
//! A page is a pure function: [`Words`](crate::words::Words) first, then values, and [`maud::Markup`] out. It writes
//! no text of its own, only keys of the `.ftl` files, in both languages.
//!
//! ```
//! use maud::{Markup, html};
//! use portal::page::{Form, Shell, Tone, button, field, post_form};
//! use portal::words::Words;
//!
//! pub fn sign_in(w: Words, form: &Form) -> Markup {
//!     Shell::new(w, w.t("nav-sign-in"), "/sign-in").back("/").form(form).page(post_form("/sign-in", html! {
//!         (field(w, form, "mobile", w.t("nav-find")).hint(w.t("near-me-hint")).phone())
//!         (button(w.t("continue")))
//!     }))
//! }
//! # let page = sign_in(Words::default(), &Form::empty());
//! # assert!(page.0.starts_with("<!DOCTYPE html>"));
//! ```
//!
//! **Handler.** `w: Words` is an extractor. A posted form is `axum::Form<Vec<(String, String)>>` and becomes
//! [`Form`] by `.into()`; read it by [`Form::value`], [`Form::values`], [`Form::digits`] (phones, codes, PINs: any Indian
//! digits, spaces and hyphens dropped) and [`Form::date`]. For each mistake `form.problem("name", w.t("…"))`; unless
//! [`Form::is_fine`], answer with the same page function and the same form: values, messages beside the fields and
//! the summary with links follow by themselves.
//!
//! **Shell.** [`Shell::new`]`(w, title, path)` and then any of `.signed_in(`[`Who`]`, seconds_left)`, `.back(href)`,
//! `.flash(tone, text)`, `.form(&form)`, `.wide()`, `.question()`, ended by `.page(content)`. The shell sets `<h1>` from the title;
//! on a page that asks one thing say `.question()` and give the field `.heading()`. Sections below start at `<h2>`.
//!
//! **Fields** — put into `html!` as `(field(…))`; `name` is the form name, the id, and where a problem is noted:
//!
//! | call | and then |
//! |---|---|
//! | [`field`]`(w, &form, name, label)` | `.hint(s)` `.optional()` `.heading()` `.phone()` `.digits(n)` `.code(n)` `.password()` `.lines(rows)` `.file(accept)` `.clock()` `.autocomplete(s)` `.characters(n)` `.prefix(s)` `.suffix(s)` `.scan()` `.focused()` |
//! | [`date_field`]`(w, &form, name, legend)` | `.hint(s)` `.heading()` `.birthday()`; read by `form.date(name)`, filled by `form.with_date(name, date)` |
//! | [`radios`], [`checkboxes`], [`select`]`(w, &form, name, legend)` | `.option(value, label)` `.option_with_hint(value, label, hint)` `.hint(s)` `.optional()` `.heading()` `.tiles()` |
//!
//! **Forms and buttons**: [`post_form`]`(action, html)`, [`upload_form`], [`get_form`]`(action, html)`, [`hidden`]`(name, value)`;
//! [`button`]`(label)` with `.secondary()` `.warning()` `.link()` `.sends(name, value)` `.to(action)`; [`link_button`]`(href, label)`,
//! [`quiet_link_button`]; [`buttons`]`(html)` for a row.
//!
//! **Lists**: [`summary_list`]`(w).row(name, value).row_to_change(name, value, href)`; [`task_list`]`().task(title, href, tone,
//! state).later(title, hint, state)`; [`table`]`(caption).column(head).figures(head).row(vec![html!{…}, …])`.
//!
//! **Parts**: [`tag`]`(tone, text)`, [`banner`]`(w, tone, html)`, [`confirmation`]`(title, html)` (brings the `<h1>`), [`inset`]`(html)`,
//! [`card`]`(html)`, [`details`]`(summary, html)`, [`progress`]`(w, step, steps)`, [`empty_state`]`(title, html)`,
//! [`pagination`]`(w, page, pages, |page| path)`, [`timer`]`(w, seconds_left, until)`, [`near_me`]`(w, action, keep)` (gets
//! `action?lat=12.97&long=77.59`), [`moment`]`(w, at_ms)`.
//!
//! **Personal data**: [`masked`]`(w, covered, what, action)` hides a value behind a button that posts; [`shown`]`(w, value)` and
//! [`look_recorded`]`(w)` say quietly *This look is recorded*. Every block that shows disclosed values carries one of them.
//!
//! **Style**: plain elements are styled as they are. Classes to use by hand: `lead` (opening paragraph), `quiet` (small and
//! muted), `figure` (a large number), `grid` (cards side by side where there is room), `no-print`, `only-print`, `unseen` (for
//! screen readers only), `qr` (a picture on white). No inline style and no inline script: the policy forbids both.
//!
//! **Shell paths** the lead mounts besides [`routes`]: `POST /sign-out`; `POST /session/extend` (field
//! `back`; answers 204 with header `session-seconds: N` to the script, which sends `accept: application/json`, else 303 to
//! [`own_path`]`(back)`); `/find /verify /sign-in /family /looks /vaccinator /manager /manager/{centres, sessions, staff, batches,
//! import} /privacy /accessibility /help /status`. Every response goes through [`with_security_headers`].

mod asset;
mod choice;
mod field;
mod form;
mod language;
mod lists;
mod parts;
mod shell;
#[cfg(test)]
mod tests;

use asset::asset_path;
pub use asset::{CONTENT_SECURITY_POLICY, Script, asset, css_path, routes, with_security_headers};
pub use choice::{Choices, checkboxes, radios, select};
pub use field::{DateField, Field, date_field, field};
pub use form::{DateProblem, Form};
pub use language::{language, own_path};
pub use lists::{SummaryList, Table, TaskList, summary_list, table, task_list};
pub use parts::{
    Button, Tone, banner, button, buttons, card, confirmation, details, empty_state, get_form, hidden, inset,
    link_button, look_recorded, masked, moment, near_me, pagination, post_form, progress, quiet_link_button, shown,
    tag, timer, upload_form,
};
pub use shell::{Shell, Who};
