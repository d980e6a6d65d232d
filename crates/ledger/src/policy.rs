//! Whom one believes, as C2SP tlog-policy writes it: logs, witnesses, and how many of them must have signed.

use crate::checkpoint::Checkpoint;
use crate::note::{Algorithm, Note, Verifier};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// A policy, read from its file.
#[derive(Debug, Clone)]
pub struct Policy {
    logs: Vec<Verifier>,
    witnesses: BTreeMap<String, Witness>,
    groups: BTreeMap<String, Group>,
    /// Names that are in a group already: each counts in one way only.
    grouped: BTreeSet<String>,
    /// The witness or group that must have signed; `None` asks for nobody.
    quorum: Option<String>,
}

/// A witness: its key, and where it takes checkpoints.
#[derive(Debug, Clone)]
pub struct Witness {
    /// Its key.
    pub key: Verifier,
    /// Its address, where the file gives one.
    pub url: Option<String>,
}

#[derive(Debug, Clone)]
struct Group {
    least: usize,
    members: Vec<String>,
}

/// A line of a policy that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {what}")]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbelieved {
    /// It is no checkpoint.
    #[error("this is not a checkpoint")]
    Malformed,
    /// No log of the policy signed it, or not under its own name.
    #[error("no known log signed it")]
    UnknownLog,
    /// Too few witnesses signed it.
    #[error("too few witnesses signed it")]
    NoQuorum,
}

impl Policy {
    /// The checkpoint of a note, if the policy believes it.
    ///
    /// # Errors
    /// [`Unbelieved`].
    pub fn believes(&self, note: &Note) -> Result<Checkpoint, Unbelieved> {
        let checkpoint: Checkpoint = note.text.parse().map_err(|_| Unbelieved::Malformed)?;
        let signed = |log: &&Verifier| log.name() == checkpoint.origin && note.vouched_by(log).is_some();
        self.logs.iter().find(signed).ok_or(Unbelieved::UnknownLog)?;
        match &self.quorum {
            Some(name) if !self.has_signed(name, note) => Err(Unbelieved::NoQuorum),
            _ => Ok(checkpoint),
        }
    }

    /// The logs it knows.
    #[must_use]
    pub fn logs(&self) -> &[Verifier] {
        &self.logs
    }

    /// The witnesses it knows.
    pub fn witnesses(&self) -> impl Iterator<Item = &Witness> {
        self.witnesses.values()
    }

    /// Groups name only what stands above them, so that this ends.
    fn has_signed(&self, name: &str, note: &Note) -> bool {
        if let Some(witness) = self.witnesses.get(name) {
            return note.vouched_by(&witness.key).is_some();
        }
        let group = &self.groups[name];
        group.members.iter().filter(|member| self.has_signed(member, note)).count() >= group.least
    }

    fn read(&mut self, words: &[&str], quorum_said: &mut bool) -> Result<(), &'static str> {
        match words {
            ["log", key] | ["log", key, _] => {
                let key: Verifier = key.parse().map_err(|_| "this is not a log's key")?;
                if key.algorithm() != Algorithm::Ed25519 || self.logs.iter().any(|known| known.is_same_key(&key)) {
                    return Err("a log has a key of its own, of the kind that signs checkpoints");
                }
                self.logs.push(key);
            }
            ["witness", name, key, url @ ..] if url.len() <= 1 => {
                let key: Verifier = key.parse().map_err(|_| "this is not a witness's key")?;
                if key.algorithm() != Algorithm::Cosignature
                    || self.witnesses.values().any(|known| known.key.is_same_key(&key))
                {
                    return Err("a witness has a key of its own, of the kind that cosigns");
                }
                self.name_is_free(name)?;
                let url = url.first().map(|url| (*url).to_owned());
                self.witnesses.insert((*name).to_owned(), Witness { key, url });
            }
            ["group", name, least, members @ ..] if !members.is_empty() => {
                let least = match *least {
                    "all" => members.len(),
                    "any" => 1,
                    number => number.parse().map_err(|_| "a group says how many: a number, `any` or `all`")?,
                };
                if least == 0 || least > members.len() {
                    return Err("a group cannot ask for so many of its members");
                }
                if members.iter().any(|member| self.name_is_free(member).is_ok()) {
                    return Err("a group names only what stands above it");
                }
                self.name_is_free(name)?;
                let members: Vec<String> = members.iter().map(|member| (*member).to_owned()).collect();
                if !members.iter().all(|member| self.grouped.insert(member.clone())) {
                    return Err("each name is in one group, once");
                }
                self.groups.insert((*name).to_owned(), Group { least, members });
            }
            ["quorum", name] if !*quorum_said => {
                *quorum_said = true;
                if *name != "none" {
                    self.name_is_free(name).err().ok_or("the quorum names what stands above it, or `none`")?;
                    self.quorum = Some((*name).to_owned());
                }
            }
            _ => return Err("not `log`, `witness`, `group` or a single `quorum`"),
        }
        Ok(())
    }

    fn name_is_free(&self, name: &str) -> Result<(), &'static str> {
        if name == "none" || self.witnesses.contains_key(name) || self.groups.contains_key(name) {
            return Err("this name is taken");
        }
        Ok(())
    }
}

impl FromStr for Policy {
    type Err = BadLine;

    fn from_str(text: &str) -> Result<Self, BadLine> {
        let mut policy = Self {
            logs: Vec::new(),
            witnesses: BTreeMap::new(),
            groups: BTreeMap::new(),
            grouped: BTreeSet::new(),
            quorum: None,
        };
        let mut quorum_said = false;
        for (line, words) in (1..).zip(text.split('\n')) {
            if words.chars().any(|letter| letter.is_ascii_control() && letter != '\t') {
                return Err(BadLine { line, what: "there is a control character in it" });
            }
            let words: Vec<&str> = words.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            if words.first().is_some_and(|word| !word.starts_with('#')) {
                policy.read(&words, &mut quorum_said).map_err(|what| BadLine { line, what })?;
            }
        }
        let missing = BadLine { line: text.lines().count(), what: "the quorum is missing; `none` asks for nobody" };
        if quorum_said { Ok(policy) } else { Err(missing) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Signer;

    fn witness(n: u8) -> Signer {
        Signer::new(&format!("w{n}.example"), Algorithm::Cosignature, &[n; 32]).unwrap()
    }

    fn log() -> Signer {
        Signer::new("log.example", Algorithm::Ed25519, &[9; 32]).unwrap()
    }

    fn file(quorum: &str) -> String {
        let witness = |n: u8| format!("witness w{n} {}\n", witness(n).verifier());
        let witnesses = [1, 2, 3, 4].map(witness).concat();
        format!("# ours\nlog {} https://log.example/\n\n{witnesses}{quorum}", log().verifier())
    }

    fn signed_by(witnesses: &[u8]) -> Note {
        let text =
            Checkpoint { origin: "log.example".into(), size: 1, root: [1; 32], extensions: Vec::new() }.to_string();
        let mut signatures = vec![log().sign(&text, 0)];
        signatures.extend(witnesses.iter().map(|n| witness(*n).sign(&text, 1_795_000_000)));
        Note { text, signatures }
    }

    #[test]
    fn a_quorum_is_had_by_enough_of_the_right_ones() {
        let two_of_three = file("group three 2 w1 w2 w3\nquorum three\n");
        let with_the_keys = file("group three 2 w1 w2 w3\ngroup both all three w4\nquorum both\n");
        let table: &[(&str, &[u8], bool)] = &[
            (&two_of_three, &[1, 2], true),
            (&two_of_three, &[1, 4], false),
            (&two_of_three, &[1, 1], false),
            (&two_of_three, &[], false),
            (&with_the_keys, &[1, 2, 3], false),
            (&with_the_keys, &[1, 3, 4], true),
            (&file("group one any w1 w2\nquorum one\n"), &[2], true),
            (&file("quorum w3\n"), &[3], true),
            (&file("quorum none\n"), &[], true),
        ];
        for (policy, witnesses, believed) in table {
            let outcome = policy.parse::<Policy>().unwrap().believes(&signed_by(witnesses));
            assert_eq!(outcome.is_ok(), *believed, "{witnesses:?} under\n{policy}");
        }
    }

    #[test]
    fn a_log_signs_under_its_own_name() {
        let policy: Policy = file("quorum none\n").parse().unwrap();
        let text =
            Checkpoint { origin: "other.example".into(), size: 1, root: [1; 32], extensions: Vec::new() }.to_string();
        let foreign = Note { signatures: vec![log().sign(&text, 0)], text };
        assert_eq!(policy.believes(&foreign), Err(Unbelieved::UnknownLog));
        let song = Note { text: "song\n".into(), signatures: foreign.signatures };
        assert_eq!(policy.believes(&song), Err(Unbelieved::Malformed));
    }

    #[test]
    fn a_policy_that_says_less_than_it_seems_is_refused() {
        let w1 = witness(1);
        let w1 = w1.verifier();
        for (bad, line) in [
            (file(""), 7),
            (file("quorum w9\n"), 8),
            (file("quorum w1\nquorum w2\n"), 9),
            (file("group g 3 w1 w2\nquorum g\n"), 8),
            (file("group g 0 w1 w2\nquorum g\n"), 8),
            (file("group g 2 w1 w1\nquorum g\n"), 8),
            (file("group g 1 w1 w2\ngroup h 1 w2 w3\nquorum g\n"), 9),
            (file("quorum w1\r\n"), 8),
            (file("group g 1 h\ngroup h 1 w1\nquorum g\n"), 8),
            (file(&format!("witness again {w1}\nquorum none\n")), 8),
            (file(&format!("log {w1}\nquorum none\n")), 8),
            (file("believe everyone\n"), 8),
        ] {
            assert_eq!(bad.parse::<Policy>().unwrap_err().line, line, "{bad}");
        }
    }
}
