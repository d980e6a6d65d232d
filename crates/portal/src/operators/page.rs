//! How this node stands, as a page for whoever is woken at night.

use crate::page::{Shell, Table, Tone, banner, moment, summary_list, table, tag};
use crate::words::{Words, grouped};
use maud::{Markup, html};
use vault::{Health, Law, LogStanding};

/// Where it lies.
pub(super) const PATH: &str = "/node";

/// What the page says.
pub(super) struct Node {
    pub(super) now_ms: i64,
    pub(super) health: Health,
    pub(super) log: LogStanding,
    /// Entries that are committed; `None` when the store does not say.
    pub(super) entries: Option<u64>,
    pub(super) leads: bool,
    /// `None` until the log was summed up once.
    pub(super) law: Option<Law>,
    /// Notices that are due.
    pub(super) notices: Option<u64>,
    pub(super) free_bytes: Option<u64>,
}

/// The words for a part, and the nights of `docs/operate.md` that are about it.
const PARTS: [(&str, &str, &str); 5] = [
    ("store", "node-store", "1, 5"),
    ("key room", "node-key-room", "3"),
    ("log", "node-log-folder", "1, 2"),
    ("witnesses", "node-witnesses", "4"),
    ("clock", "node-clock", "6"),
];

pub(super) fn page(w: Words, node: &Node) -> Markup {
    let wrong = node.health.parts.iter().filter(|(_, wrong)| wrong.is_some()).count();
    Shell::new(w, w.t("node-title"), PATH).apart().page(html! {
        p.lead { (w.t("node-lead")) }
        @if wrong == 0 { p { (tag(Tone::Good, &w.t("node-ready"))) " " (w.t("node-well")) } }
        @else { (banner(w, Tone::Bad, html! { p { (w.with("node-unwell", [("count", wrong.into())])) } })) }
        (parts(w, &node.health))
        h2 { (w.t("node-watch")) }
        (watch(w, node))
        h2 { (w.t("node-log")) }
        (log(w, node))
        h2 { (w.t("node-work")) }
        (summary_list(w)
            .row(w.t("node-leads"), w.t(if node.leads { "node-leads-yes" } else { "node-leads-no" }))
            .row(w.t("node-notices"), figure(w, node.notices))
            .row(w.t("node-free"), figure(w, node.free_bytes.map(|bytes| bytes / 1_000_000_000))))
        p { a href=(PATH) { (w.t("node-again")) } " " a href="/metrics" { (w.t("node-figures")) } }
    })
}

fn parts(w: Words, health: &Health) -> Markup {
    let rows = health.parts.iter().zip(PARTS).map(|((_, wrong), (_, words, nights))| {
        // The vault's own words, in the language in which they were written.
        let state = match wrong {
            None => tag(Tone::Good, &w.t("node-ready")),
            Some(wrong) => html! { (tag(Tone::Bad, &w.t("node-not-ready"))) " " span lang="en" { (wrong) } },
        };
        vec![html! { (w.t(words)) }, state, html! { (w.with("node-nights", [("nights", nights.into())])) }]
    });
    let empty = table(w.t("node-parts")).column(w.t("node-part")).column(w.t("node-state")).column(w.t("node-help"));
    html! { (rows.fold(empty, Table::row)) }
}

/// What goes on for how long if no more witnesses cosign.
fn watch(w: Words, node: &Node) -> Markup {
    let until = |at_ms: i64| {
        let over = at_ms < node.now_ms;
        html! { (moment(w, at_ms)) @if over { " " (tag(Tone::Bad, &w.t("node-over"))) } }
    };
    let seen = summary_list(w).row(w.t("node-seen"), moment(w, node.log.believed_ms));
    let list = match node.log.looks_until_ms {
        Some([others, own]) => seen.row(w.t("node-others"), until(others)).row(w.t("node-own"), until(own)),
        None => seen.row(w.t("node-others"), w.t("node-unasked")).row(w.t("node-own"), w.t("node-unasked")),
    };
    html! { (list.row(w.t("node-bookings"), w.t("node-go-on"))) }
}

fn log(w: Words, node: &Node) -> Markup {
    let law = node.law.map(|law| {
        let (tone, said) = match (law.is_broken, law.wastes()) {
            (true, _) => (Tone::Bad, "node-law-broken"),
            (false, true) => (Tone::Warn, "node-law-wastes"),
            (false, false) => (Tone::Good, "node-law-holds"),
        };
        let counts = [("released", law.released.into()), ("asked", law.asked.into())];
        html! { (w.with("node-released", counts)) " " (tag(tone, &w.t(said))) }
    });
    let law = law.unwrap_or_else(|| html! { (w.t("node-law-unknown")) });
    html! {
        (summary_list(w)
            .row(w.t("node-entries"), figure(w, node.entries))
            .row(w.t("node-published"), figure(w, Some(node.log.published)))
            .row(w.t("node-keys"), law))
    }
}

fn figure(w: Words, value: Option<u64>) -> String {
    value.and_then(|value| i64::try_from(value).ok()).map_or_else(|| w.t("node-unknown"), grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_494_600_000;
    const HOUR_MS: i64 = 3_600_000;

    fn node(wrong: Option<&'static str>, unseen_ms: i64) -> Node {
        let believed_ms = NOW_MS - unseen_ms;
        let looks_until_ms = Some([believed_ms + 4 * HOUR_MS, believed_ms + 24 * HOUR_MS]);
        let parts = PARTS.map(|(part, ..)| (part, wrong.filter(|_| part == "witnesses")));
        Node {
            now_ms: NOW_MS,
            health: Health { parts },
            log: LogStanding { published: 1_234_567, believed_ms, looks_until_ms },
            entries: Some(1_234_570),
            leads: true,
            law: Some(Law { asked: 10, released: 9, hour: (10, 1), is_broken: false }),
            notices: None,
            free_bytes: Some(80_000_000_000),
        }
    }

    #[test]
    fn what_is_wrong_stands_with_the_night_to_open() {
        let w = Words::default();
        let well = page(w, &node(None, 0)).0;
        assert!(well.contains(&w.t("node-well")) && !well.contains(&w.t("node-not-ready")));
        assert!(well.contains("12,34,567") && well.contains(&w.t("node-unknown")), "{well}");
        let ill = page(w, &node(Some("too few"), 0)).0;
        assert!(ill.contains("too few") && ill.contains("Night 4") && !ill.contains(&w.t("node-well")), "{ill}");
    }

    #[test]
    fn looks_of_others_end_before_her_own() {
        let w = Words::default();
        let over = |unseen_ms| page(w, &node(None, unseen_ms)).0.matches(&w.t("node-over")).count();
        assert_eq!([0, 5, 25].map(|hours| over(hours * HOUR_MS)), [0, 1, 2]);
    }

    #[test]
    fn the_law_is_said_in_words() {
        let w = Words::default();
        let law = |is_broken, hour| Law { asked: 1000, released: 1000, hour, is_broken };
        for (law, said) in [
            (Some(law(false, (1000, 0))), "node-law-holds"),
            (Some(law(false, (1000, 11))), "node-law-wastes"),
            (Some(law(true, (1000, 11))), "node-law-broken"),
            (None, "node-law-unknown"),
        ] {
            assert!(page(w, &Node { law, ..node(None, 0) }).0.contains(&w.t(said)), "{said}");
        }
    }
}
