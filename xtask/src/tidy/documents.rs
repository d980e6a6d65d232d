//! Rules about documents, decisions and the words of both languages.

use std::collections::BTreeSet;

use super::{File, Rule};

/// Documents that a reader looks for at the root.
const DOCUMENTS: [&str; 8] =
    ["README.md", "ARCHITECTURE.md", "STYLE.md", "SECURITY.md", "LICENSE", "deny.toml", "clippy.toml", ".ci/run"];
/// What every decision states, after Michael Nygard's form; the fifth heading is its title.
const HEADINGS: [&str; 4] = ["## Status", "## Context", "## Decision", "## Consequences"];

/// The rules about documents.
pub(super) fn rules(files: &[File]) -> Vec<Rule> {
    vec![
        Rule::new("the documents at the root are there", missing_documents(files)),
        Rule::new("every decision has its five headings", incomplete_decisions(files)),
        Rule::new("every message is there in every language", missing_messages(files)),
    ]
}

fn missing_documents(files: &[File]) -> Vec<String> {
    let there = |name: &&&str| !files.iter().any(|file| file.path == **name && !file.text.trim().is_empty());
    DOCUMENTS.iter().filter(there).map(|name| format!("{name} is missing")).collect()
}

fn incomplete_decisions(files: &[File]) -> Vec<String> {
    let decisions = files.iter().filter(|file| file.path.starts_with("docs/adr/") && file.extension() == "md");
    let mut breaches = Vec::new();
    for file in decisions {
        let missing = HEADINGS.iter().filter(|heading| !file.text.lines().any(|line| line.trim_end() == **heading));
        breaches.extend(missing.map(|heading| format!("{} has no heading “{heading}”", file.path)));
        if !file.text.starts_with("# ") {
            breaches.push(format!("{} has no title", file.path));
        }
    }
    breaches
}

/// Messages that one language has and another has not.
fn missing_messages(files: &[File]) -> Vec<String> {
    let all: BTreeSet<&str> = files.iter().filter(|file| language(file).is_some()).flat_map(messages).collect();
    let languages: BTreeSet<&str> = files.iter().filter_map(language).collect();
    let mut breaches = Vec::new();
    for wanted in languages {
        let has: BTreeSet<&str> =
            files.iter().filter(|file| language(file) == Some(wanted)).flat_map(messages).collect();
        breaches.extend(all.difference(&has).map(|message| format!("{wanted} has no “{message}”")));
    }
    breaches
}

/// The language of a Fluent file, from its folder: `…/locales/hi/card.ftl` is `hi`.
fn language(file: &File) -> Option<&str> {
    let (_, path) = file.path.split_once("locales/")?;
    (file.extension() == "ftl").then(|| path.split('/').next()).flatten()
}

/// The names of the messages in a Fluent file.
fn messages(file: &File) -> impl Iterator<Item = &str> {
    let names = file.text.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim_end());
    names.filter(|name| name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_in_one_language_only_is_found() {
        let files = [
            File::new(
                "crates/portal/locales/en/a.ftl",
                "both = x\nonly = y { $n ->\n    [one] a = b\n }\n# note = no\n",
            ),
            File::new("crates/portal/locales/hi/b.ftl", "both = य\n"),
        ];
        assert_eq!(missing_messages(&files), ["hi has no “only”"]);
    }

    #[test]
    fn a_missing_heading_is_found() {
        let text = "# Name\n## Status\n## Context\n## Decision\n";
        let missing = ["docs/adr/0001-a.md has no heading “## Consequences”"];
        assert_eq!(incomplete_decisions(&[File::new("docs/adr/0001-a.md", text)]), missing);
        let text = "## Status\n## Context\n## Decision\n## Consequences\n";
        let missing = ["docs/adr/0001-a.md has no title"];
        assert_eq!(incomplete_decisions(&[File::new("docs/adr/0001-a.md", text)]), missing);
    }

    #[test]
    fn an_empty_document_is_missing() {
        let missing = missing_documents(&[File::new("README.md", "\n"), File::new("LICENSE", "text")]);
        assert_eq!(missing.len(), DOCUMENTS.len() - 1);
    }
}
