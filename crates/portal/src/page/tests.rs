//! What must hold of every page, whatever is on it.

use maud::{Markup, html};

use super::*;
use crate::words::{Language, Words};

fn page(shell: impl FnOnce(Shell<'static>) -> Shell<'static>) -> String {
    let w = Words::default();
    shell(Shell::new(w, "A title & more", "/find?pin=560001")).page(html! { p { "content" } }).0
}

#[test]
fn a_page_is_a_whole_document_in_the_readers_language() {
    for language in Language::ALL {
        let w = Words::new(language);
        let page = Shell::new(w, "A title", "/find").page(html! {}).0;
        assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{}\">", language.code())));
        for other in Language::ALL.into_iter().filter(|other| *other != language) {
            let name = Words::new(other).t("language-name");
            assert!(page.contains(&format!("lang=\"{0}\" hreflang=\"{0}\"", other.code())) && page.contains(&name));
        }
    }
    let page = page(|shell| shell.back("/"));
    for part in ["<a class=\"skip\" href=\"#main\">", "<h1>A title &amp; more</h1>", "<a class=\"back\" href=\"/\">"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(page.contains("back=/find%3Fpin%3D560001"), "the switch returns here");
    assert!(!page.contains("/sign-out"), "nobody is signed in");
}

#[test]
fn the_navigation_marks_where_the_reader_is() {
    let manager =
        |path: &'static str| Shell::new(Words::default(), "Staff", path).signed_in(Who::Manager, 60).page(html! {}).0;
    let staff = manager("/manager/staff");
    assert!(staff.contains("href=\"/manager/staff\" aria-current=\"page\""));
    assert_eq!(staff.matches("aria-current").count(), 1);
    assert!(manager("/manager/staff/7").contains("href=\"/manager/staff\" aria-current=\"true\""));
    assert_eq!(manager("/manager/staffing").matches("aria-current").count(), 0);
    assert!(staff.contains("action=\"/sign-out\""));
    assert!(staff.contains("<dialog id=\"time-out\" data-seconds=\"60\""));
}

#[test]
fn a_problem_stands_at_the_top_and_beside_its_field() {
    let w = Words::default();
    let mut form = Form::empty().with("pin", "\"><script>");
    form.problem("pin", "Enter 6 digits");
    let input = html! { (field(w, &form, "pin", "PIN code").hint("Of the place").digits(6)) };
    let page = Shell::new(w, "Find", "/find").form(&form).page(input).0;
    assert!(page.contains("<title>Error: Find – Teeka</title>"));
    assert!(page.contains("<a href=\"#pin\">Enter 6 digits</a>"));
    assert!(page.contains("aria-describedby=\"pin-hint pin-error\" aria-invalid=\"true\""));
    assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;\""), "what was typed is kept and harmless");
}

#[test]
fn a_summary_link_finds_dates_and_choices() {
    let w = Words::default();
    let form = Form::empty().with("gender", "f");
    let date = html! { (date_field(w, &form, "born", "Born")) }.0;
    assert!(date.contains("id=\"born\" name=\"born-day\"") && date.contains("id=\"born-year\" name=\"born-year\""));
    let gender = html! { (radios(w, &form, "gender", "Gender").option("m", "Male").option("f", "Female")) }.0;
    assert!(gender.contains("id=\"gender\" name=\"gender\" type=\"radio\" value=\"m\">"));
    assert!(gender.contains("id=\"gender-1\" name=\"gender\" type=\"radio\" value=\"f\" checked>"));
}

#[test]
fn a_password_is_never_sent_back() {
    let w = Words::default();
    let form = Form::empty().with("password", "open sesame");
    assert!(!html! { (field(w, &form, "password", "Password").password()) }.0.contains("sesame"));
}

#[test]
fn no_page_needs_more_than_the_policy_allows() {
    let w = Words::default();
    let form = Form::empty();
    let parts: Markup = html! {
        (field(w, &form, "code", "Code").scan()) (timer(w, 60, "until")) (near_me(w, "/find", &[])) (progress(w, 1, 2))
    };
    let page = Shell::new(w, "All", "/").signed_in(Who::Citizen, 60).page(parts).0;
    for banned in ["style=", "<style", "onclick", "javascript:", "http:", "https:", "<script>"] {
        assert!(!page.contains(banned), "{banned}");
    }
    assert_eq!(page.matches("<script src=\"/assets/").count(), 4);
}

const CSS: &str = include_str!("../../assets/teeka.css");

#[test]
fn the_style_is_small_and_a_simple_page_light() {
    assert!(CSS.len() < 18_432, "{}", CSS.len());
    let page = page(|shell| shell);
    assert!(page.len() + CSS.len() < 30_000, "{}", page.len() + CSS.len());
}

/// The tokens of the first or second `:root` block: light, then dark, which takes the rest from light.
fn colour(scheme: usize, token: &str) -> [f64; 3] {
    let blocks: Vec<&str> = CSS.split(":root {").skip(1).map(|block| block.split('}').next().unwrap()).collect();
    let hex = blocks[scheme].split(&format!("--{token}: #")).nth(1).expect(token);
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |part: f64| {
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[test]
fn colours_can_be_told_apart_by_everybody() {
    let text = [
        "ink paper",
        "ink sheet",
        "ink tint",
        "soft paper",
        "soft sheet",
        "soft tint",
        "accent paper",
        "accent sheet",
        "accent tint",
        "accent-deep tint",
        "on-accent accent",
        "on-accent accent-deep",
        "good good-tint",
        "warn warn-tint",
        "bad bad-tint",
        "bad paper",
        "bad sheet",
        "ink good-tint",
        "ink warn-tint",
        "ink bad-tint",
        "paper bad",
        "paper good",
    ];
    let shapes = ["edge paper", "edge sheet", "focus paper", "focus sheet", "accent line"];
    for scheme in [0, 1] {
        for (pairs, least) in [(&text[..], 4.5), (&shapes[..], 3.0)] {
            for pair in pairs {
                let (one, other) = pair.split_once(' ').unwrap();
                let (a, b) = (luminance(colour(scheme, one)), luminance(colour(scheme, other)));
                let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(ratio >= least, "{pair} in scheme {scheme}: {ratio:.2}");
            }
        }
    }
}
