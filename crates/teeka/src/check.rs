//! `teeka check FILE`: whether a list of looks is in the log, and whole, offline.

use crate::verify::read_input;
use anyhow::Context;
use clap::Args;
use ledger::Entry;
use ledger::policy::Policy;
use std::fmt::Write;
use std::path::PathBuf;
use watch::check::{Looks, Source, Verdict, check};

/// Check a list of looks: that every row is in the log, and that none is missing.
#[derive(Args)]
pub(crate) struct Check {
    /// The file, as *Who looked at my data* gives it, or `-` for standard input.
    file: PathBuf,
    /// Whom you believe: a tlog-policy from a hand that you trust. Without it the file's own is taken.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

impl Check {
    /// Says what the list says and what is proven of it; fails unless all of it is.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let policy = self.policy.as_ref().map(|path| -> anyhow::Result<Policy> {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            text.parse().with_context(|| format!("{} is not a policy", path.display()))
        });
        let file: Looks = serde_json::from_slice(&read_input(&self.file)?)
            .with_context(|| format!("{} is not a list of looks", self.file.display()))?;
        let verdict = check(&file, policy.transpose()?.as_ref()).context("not proven")?;
        say!("{}\n{}", table(&verdict.looks), described(&verdict).trim_end());
        Ok(())
    }
}

/// The looks, a line each, the oldest first.
fn table(looks: &[Entry]) -> String {
    let head = ["row", "time in India", "who", "what for", "through", "fields opened"].map(String::from);
    let lines: Vec<[String; 6]> =
        std::iter::once(head).chain((1..).zip(looks).map(|(number, look)| line(number, look))).collect();
    let mut text = String::new();
    for line in &lines {
        let mut out = String::new();
        for (column, cell) in line.iter().enumerate() {
            let width = lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
            write!(out, "{cell:width$}  ").expect("text takes text");
        }
        writeln!(text, "{}", out.trim_end()).expect("text takes text");
    }
    text
}

fn line(number: usize, look: &Entry) -> [String; 6] {
    let who = [&look.actor, &look.role, &look.organisation].map(|part| plain(part));
    let fields: Vec<&str> = look.fields().iter().map(ledger::Field::code).collect();
    [
        number.to_string(),
        moment(look.at_ms),
        who.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", "),
        format!("{}: {}", look.kind.code(), look.purpose.code()),
        look.channel.code().to_owned(),
        if fields.is_empty() { "none".to_owned() } else { fields.join(", ") },
    ]
}

/// A text of the log, which must not steer a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// By the clocks of India.
fn moment(at_ms: i64) -> String {
    vault::at(at_ms).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn moment_s(at_s: u64) -> String {
    moment(i64::try_from(at_s).unwrap_or(i64::MAX).saturating_mul(1000))
}

/// What is proven, and what is not, in plain words.
fn described(verdict: &Verdict) -> String {
    let Verdict { looks, closed, complete_until_day, waiting, origin, size, cosigners, cosigned_s, policy, key_id } =
        verdict;
    let signed = cosigned_s.map_or("No witness has signed it.".into(), |at_s| {
        let names: Vec<_> = cosigners.iter().map(|name| plain(name)).collect();
        format!("Signed by {}, last at {}.", names.join(", "), moment_s(at_s))
    });
    let mut lines = vec![
        format!("In the log:  every row ({}), in {} of {size} entries. {signed}", looks.len(), plain(origin)),
        match complete_until_day {
            None => "Complete:    not proven yet. That no row is missing is provable when the day is over.".into(),
            Some(day) => {
                let until = moment_s(u64::from(*day) * 86_400);
                let later = looks.len() - closed;
                format!(
                    "Complete:    no row is missing before {until}. Later rows: {later}; that there are no others is \
                     provable when their day is over."
                )
            }
        },
    ];
    if *waiting > 0 {
        lines.push(format!("Waiting:     {waiting} newer, by the word of the operator; not in this list yet."));
    }
    lines.push(match policy {
        Source::Held => "Policy:      yours.".into(),
        Source::File => {
            "Policy:      the file's own: whoever wrote the rows also chose whom to believe. Give yours with --policy."
                .into()
        }
    });
    lines.push(format!("Key:         {key_id}; the same on every list of yours, or it is not your list."));
    lines.join("\n") + "\n"
}
