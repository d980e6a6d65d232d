//! House rules as one test: what compilers and lints do not see.

mod documents;
mod rooms;
mod source;

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::program::Program;
use crate::tally::Tally;

/// A committed (or about to be committed) text file.
struct File {
    /// Path from the repository's root, with forward slashes.
    path: String,
    text: String,
}

/// A rule by name, with the breaches that were found; none means that it holds.
struct Rule {
    name: &'static str,
    breaches: Vec<String>,
}

/// Checks every rule; one check a rule.
pub(crate) fn run(root: &Path) -> Result<Tally> {
    let files = files(root)?;
    let rules = [rooms::rules(root)?, source::rules(&files), documents::rules(&files)].concat();
    let mut tally = Tally::default();
    for Rule { name, breaches } in &rules {
        let verdict = if breaches.is_empty() { "ok     " } else { "FAILED " };
        println!("{verdict} tidy: {name}");
        for breach in breaches {
            println!("        {breach}");
        }
        tally += Tally::one(breaches.is_empty());
    }
    for note in source::long_files(&files) {
        println!("note    {note}");
    }
    Ok(tally)
}

/// Every text file that git tracks or would track.
fn files(root: &Path) -> Result<Vec<File>> {
    let list = Program::new("git", root).args(["ls-files", "--cached", "--others", "--exclude-standard"]).quiet()?;
    let readable = |path: &str| fs::read_to_string(root.join(path)).ok();
    Ok(list.lines().filter_map(|path| Some(File { path: path.to_owned(), text: readable(path)? })).collect())
}

impl Rule {
    fn new(name: &'static str, breaches: Vec<String>) -> Self {
        Self { name, breaches }
    }
}

impl Clone for Rule {
    fn clone(&self) -> Self {
        Self { name: self.name, breaches: self.breaches.clone() }
    }
}

impl File {
    #[cfg(test)]
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }

    fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The file's name without folders.
    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the whole file is test code.
    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.starts_with("tests/")
            || matches!(self.name(), "tests.rs" | "testing.rs")
    }

    /// Numbered lines that ship: no comments, and nothing from the module of tests on, which stands at the end.
    fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let before_tests = lines.take_while(|(_, line)| line.trim_start() != "#[cfg(test)]" || line.starts_with(' '));
        before_tests.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}
