//! The notice before anything is collected: each datum, why, for how long, who sees it; and what everyone may ask for. It has a
//! version and a hash, so that what was shown can be shown again.

use crate::Portal;
use crate::caller::{Dress, Visitor};
use crate::page::{Shell, card, summary_list};
use crate::words::Words;
use axum::extract::State;
use data_encoding::HEXLOWER;
use maud::{Markup, html};
use sha2::{Digest, Sha256};

/// The day since which the notice reads as it does. Whoever changes a word of it changes this.
pub(crate) const VERSION: &str = "2026-11-22";

/// Each datum: what it is, why it is asked, for how long it is kept, who sees it.
const ITEMS: [[&str; 4]; 9] = [
    ["notice-name", "notice-name-why", "notice-long-held", "notice-who-session"],
    ["notice-born", "notice-born-why", "notice-long-held", "notice-who-session"],
    ["notice-phone", "notice-phone-why", "notice-long-held", "notice-who-nobody"],
    ["notice-document", "notice-document-why", "notice-long-leave", "notice-who-session"],
    ["notice-condition", "notice-condition-why", "notice-long-leave", "notice-who-you"],
    ["notice-reference", "notice-reference-why", "notice-long-leave", "notice-who-session"],
    ["notice-health", "notice-health-why", "notice-long-leave", "notice-who-session"],
    ["notice-doses", "notice-doses-why", "notice-long-number", "notice-who-session"],
    ["notice-looks", "notice-looks-why", "notice-long-log", "notice-who-you"],
];

/// What everyone may ask for.
const RIGHTS: [&str; 4] = ["notice-withdraw", "notice-correct", "notice-take", "notice-complain"];

/// What stands on the page besides.
const AROUND: [&str; 5] = ["notice-title", "notice-lead", "notice-why", "notice-long", "notice-who"];

/// What was shown, as a registration keeps it.
pub(crate) fn shown(w: Words) -> String {
    format!("{VERSION} {}", w.language().code())
}

/// The way to the notice, from wherever something is asked.
pub(crate) fn link(w: Words) -> Markup {
    html! { a href="/notice" { (w.with("notice-link-version", [("version", VERSION.into())])) } }
}

/// SHA-256 of every text of the notice in this language, each with a line end, in the order of the tables above.
fn digest(w: Words) -> String {
    let keys = AROUND.iter().chain(ITEMS.iter().flatten()).chain(&RIGHTS);
    let text = keys.fold(Sha256::new(), |hash, key| hash.chain_update(w.t(key)).chain_update("\n"));
    HEXLOWER.encode(&text.finalize())
}

/// `GET /notice`
pub(super) async fn show(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Markup {
    who.dress(&portal, Shell::new(w, w.t("notice-title"), "/notice")).page(page(w))
}

fn page(w: Words) -> Markup {
    html! {
        p.lead { (w.t("notice-lead")) }
        @for [what, why, long, who] in ITEMS {
            (card(html! {
                h2 { (w.t(what)) }
                (summary_list(w)
                    .row(w.t("notice-why"), w.t(why))
                    .row(w.t("notice-long"), w.t(long))
                    .row(w.t("notice-who"), w.t(who)))
            }))
        }
        h2 { (w.t("notice-rights")) }
        ul { @for key in RIGHTS { li { (w.t(key)) } } }
        p.quiet { (w.with("notice-version", [("version", VERSION.into())])) br; "SHA-256 " (digest(w)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn who_changes_a_word_changes_the_version() {
        let digests = Language::ALL.map(|language| digest(Words::new(language)));
        let begins: Vec<&str> = digests.iter().map(|digest| &digest[..16]).collect();
        assert_eq!((VERSION, begins), ("2026-11-22", vec!["d00192d3bc42b97a", "e9247f75e328ac71"]));
    }

    #[test]
    fn the_page_shows_every_datum_with_its_four_answers_and_its_hash() {
        for language in Language::ALL {
            let w = Words::new(language);
            let page = page(w).0;
            for key in ITEMS.iter().flatten().chain(&RIGHTS) {
                assert!(page.contains(&maud::html! { (w.t(key)) }.0), "{key}");
            }
            assert!(page.contains(&digest(w)) && page.contains(VERSION));
        }
    }
}
