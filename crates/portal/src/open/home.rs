//! The first page.

use super::find::by_pin;
use crate::Portal;
use crate::caller::{Dress, Visitor};
use crate::page::{Form, Shell, card, inset, near_me};
use crate::words::Words;
use axum::extract::State;
use maud::{Markup, html};

/// What people come for: path, and key of its heading; the key with `-text` explains it.
const WAYS: [(&str, &str, &str); 5] = [
    ("/family", "home-family", "home-family-text"),
    ("/verify", "home-verify", "home-verify-text"),
    ("/looks", "home-looks", "home-looks-text"),
    ("/privacy", "home-privacy", "home-privacy-text"),
    ("/counts", "home-counts", "home-counts-text"),
];

/// `GET /`
pub(super) async fn home(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Markup {
    let shell = Shell::new(w, w.t("home-title"), "/").wide();
    who.dress(&portal, shell).page(first_page(w, portal.demo().is_some()))
}

fn first_page(w: Words, demo: bool) -> Markup {
    html! {
        p.lead { (w.t("home-lead")) }
        div.grid {
            (search(w))
            @for (path, heading, text) in WAYS {
                (card(html! {
                    h2 { a href=(path) { (w.t(heading)) } }
                    p { (w.t(text)) }
                }))
            }
        }
        p { a href="/staff" { (w.t("home-staff")) } }
        @if demo { (demonstration(w)) }
    }
}

/// Finding a session comes first, and needs no sign-in.
fn search(w: Words) -> Markup {
    html! {
        section.card.first {
            h2 { (w.t("home-book")) }
            p { (w.t("home-book-text")) }
            (by_pin(w, &Form::empty()))
            (near_me(w, "/find/near", &[]))
            p { a href="/find" { (w.t("home-by-district")) } }
        }
    }
}

fn demonstration(w: Words) -> Markup {
    inset(html! {
        p { (w.t("home-demo")) }
        ul {
            li { a href="/demo/inbox" { (w.t("demo-inbox-title")) } }
            li { a href="/demo/staff" { (w.t("demo-staff-title")) } }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn the_first_page_and_its_style_are_light_in_every_language() {
        let css = include_str!("../../assets/teeka.css").len();
        for language in Language::ALL {
            let w = Words::new(language);
            let page = Shell::new(w, w.t("home-title"), "/").wide().page(first_page(w, true)).0;
            let whole = page.len() + css;
            assert!(whole <= 50_000, "{whole} bytes in {}", language.code());
            for path in ["/find/pin", "/family", "/verify", "/looks", "/privacy"] {
                assert!(page.contains(&format!("\"{path}\"")), "{path}");
            }
        }
    }
}
