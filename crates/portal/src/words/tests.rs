//! Both languages say everything, and nothing is said that nobody asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use axum::http::HeaderMap;
use jiff::civil::{date, time};

use super::*;

/// Each message of a language with its variables and the messages it refers to. Our files keep to the plain part of
/// the syntax: a key starts its line, and what belongs to it is indented.
fn messages(language: Language) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let mut messages: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    let mut current = String::new();
    for line in language.sources().iter().flat_map(|source| source.lines()) {
        let starts = line.starts_with(|letter: char| letter.is_ascii_lowercase());
        if let (true, Some((key, _))) = (starts, line.split_once(" =")) {
            key.clone_into(&mut current);
            assert!(!messages.contains_key(key), "{key} stands twice in {}", language.code());
            messages.insert(current.clone(), Default::default());
        } else if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let (variables, references) = messages.get_mut(&current).expect("a file starts with a key");
        for placed in line.split('{').skip(1) {
            let name = placed.trim().split([' ', '}']).next().unwrap();
            match name.strip_prefix('$') {
                Some(variable) => variables.insert(variable.to_owned()),
                None => references.insert(name.to_owned()),
            };
        }
    }
    messages
}

/// Every Rust source of the workspace, as one text.
fn sources() -> String {
    fn collect(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, text);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut text = String::new();
    for room in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap() {
        let folder = room.unwrap().path().join("src");
        if folder.is_dir() {
            collect(&folder, &mut text);
        }
    }
    text
}

#[test]
fn every_message_stands_in_every_language_with_the_same_variables() {
    let english = messages(Language::English);
    assert!(english.len() > 80, "the files were read");
    for language in Language::ALL {
        let (code, theirs) = (language.code(), messages(language));
        let (here, there): (BTreeSet<_>, BTreeSet<_>) = (english.keys().collect(), theirs.keys().collect());
        assert_eq!(here, there, "keys of en and {code}");
        for (key, (variables, _)) in &theirs {
            assert_eq!(variables, &english[key].0, "variables of {key} in {code}");
            let message = language.bundle().get_message(key);
            // Fluent takes an empty message for a mistake and leaves it out.
            assert!(message.is_some_and(|message| message.value().is_some()), "{key} in {code}");
        }
    }
}

#[test]
fn every_key_in_the_sources_is_a_message() {
    let (sources, messages) = (sources(), messages(Language::English));
    let mut seen = 0;
    for call in [".t(", ".with("] {
        for rest in sources.split(call).skip(1) {
            let Some((key, after)) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
                continue;
            };
            let is_words = call == ".t(" || after.trim_start_matches([',', ' ', '\n']).starts_with('[');
            if is_words && !key.contains(|letter: char| !letter.is_ascii_graphic()) {
                assert!(messages.contains_key(key), "{key} is asked for and stands nowhere");
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "the sources were read");
}

#[test]
fn every_message_is_used() {
    let (sources, messages) = (sources(), messages(Language::English));
    let referred: BTreeSet<&String> = messages.values().flat_map(|(_, references)| references).collect();
    let unused = |key: &&String| !referred.contains(key) && !sources.contains(&format!("\"{key}\""));
    let unused: Vec<_> = messages.keys().filter(unused).collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
}

#[test]
fn dates_and_times_are_written_as_people_say_them() {
    let (english, hindi) = Language::ALL.map(Words::new).into();
    let day = date(2026, 11, 23);
    assert_eq!(english.date(day), "Mon 23 Nov 2026");
    assert_eq!(hindi.date(day), "सोम 23 नवंबर 2026");
    assert_eq!(english.day(date(2027, 1, 3)), "Sun 3 Jan");
    assert_eq!(english.time(time(0, 5, 0, 0)), "12:05 am");
    assert_eq!(english.time(time(12, 0, 0, 0)), "12:00 pm");
    assert_eq!(english.time_exact(time(16, 2, 17, 0)), "4:02:17 pm");
    assert_eq!(hindi.time(time(16, 2, 0, 0)), "शाम 4:02 बजे");
    assert_eq!(hindi.time(time(2, 0, 0, 0)), "रात 2:00 बजे");
    assert_eq!(english.time_span(time(9, 0, 0, 0), time(11, 30, 0, 0)), "9:00 am to 11:30 am");
    assert_eq!(english.date_time(day.at(16, 2, 0, 0)), "Mon 23 Nov 2026, 4:02 pm");
}

#[test]
fn figures_are_grouped_the_indian_way() {
    let w = Words::default();
    let grouped = [0, 999, 1_000, 99_999, 100_000, 1_234_567, -1_234_567].map(|number| w.number(number));
    assert_eq!(grouped, ["0", "999", "1,000", "99,999", "1,00,000", "12,34,567", "-12,34,567"]);
    let step = w.with("progress-step", [("step", 1.into()), ("steps", 123_456.into())]);
    assert_eq!(step, "Step 1 of 1,23,456");
    assert_eq!([0, 25_000, 125_050, 1_205].map(|paise| w.fee(paise)), ["Free", "₹250", "₹1,250.50", "₹12.05"]);
    assert_eq!(["9876543210", "98765", "९876543210"].map(phone), ["98765 43210", "98765", "९876543210"]);
    assert_eq!([850, 2_449, 9_960, 31_400].map(|metres| w.distance(metres)), ["850 m", "2.4 km", "10 km", "31 km"]);
}

#[test]
fn the_cookie_comes_before_the_browser_and_english_last() {
    let chosen = |cookie: &'static str, accept: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        Language::of(&headers)
    };
    assert_eq!(chosen("a=b; lang=hi", "en"), Language::Hindi);
    assert_eq!(chosen("slang=hi", "en-IN,hi;q=0.9"), Language::English);
    assert_eq!(chosen("lang=xx", "ta,hi-IN;q=0.8,en;q=0.5"), Language::Hindi);
    assert_eq!(chosen("", "hi;q=0,*"), Language::English);
    assert_eq!(Language::of(&HeaderMap::new()), Language::English);
}
