//! `teeka witness` as its operator and a log meet it, and what it remembers when it is killed.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

#[path = "../../watch/tests/witness/log.rs"]
mod log;

use ledger::note::{Note, Verifier};
use ledger::witness::Request;
use log::Log;
use std::fs::{Permissions, metadata, set_permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// A folder of its own for each test, removed at its end, with the arguments for a witness in it.
struct Place {
    path: PathBuf,
    arguments: Vec<String>,
}

impl Place {
    fn new(name: &str, log: &Log) -> Self {
        let path = std::env::temp_dir().join(format!("teeka-test-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).expect("a new folder");
        let at = |name: &str| path.join(name).to_str().unwrap().to_owned();
        let log = log.verifier().to_string();
        let arguments =
            ["witness", "--listen", "127.0.0.1:0", "--state", &at("state"), "--key", &at("key"), "--log", &log];
        Self { arguments: arguments.map(str::to_owned).into(), path }
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_teeka"));
        command.args(&self.arguments).args(more);
        command
    }

    fn refused(&self, more: &[&str]) -> String {
        let output = self.command(more).output().unwrap();
        assert!(!output.status.success(), "{more:?} was not refused");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    fn start(&self) -> Witness {
        let mut process = self.command(&["--make-key", "w.example/1"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = Vec::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap) {
            said.push(line);
            if said.last().is_some_and(|line| line == "Ready.") {
                return Witness { process, said };
            }
        }
        process.wait().unwrap();
        panic!("the witness does not start: {said:?}")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.path).ok();
    }
}

/// A witness in a process of its own, ended as a power cut would when dropped.
struct Witness {
    process: Child,
    said: Vec<String>,
}

impl Witness {
    fn key(&self) -> Verifier {
        self.said[1].parse().unwrap()
    }

    fn url(&self) -> String {
        let (_, address) = self.said[0].split_once("http://").unwrap();
        format!("http://{address}add-checkpoint")
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The answer to a request; nothing if the witness is gone.
fn ask(url: &str, request: &Request) -> Option<(u16, String)> {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut response = agent.post(url).send(request.to_string()).ok()?;
    Some((response.status().as_u16(), response.body_mut().read_to_string().ok()?))
}

#[test]
fn a_witness_makes_its_key_once_and_cosigns_under_it() {
    let log = Log::new(1, 3, 8);
    let place = Place::new("witness", &log);
    let (state, key) = (place.path.join("state"), place.path.join("key"));
    assert!(place.refused(&[]).contains("--make-key") && !state.exists());
    assert!(place.refused(&["--make-key", "two words"]).contains("name of a key") && !key.exists());
    let witness = place.start();
    assert_eq!(metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(witness.said.contains(&"Cosigned of log.example: nothing yet".into()), "{:?}", witness.said);
    let (status, cosignature) = ask(&witness.url(), &log.asks(0, 5)).unwrap();
    let cosigned = Note { signatures: vec![cosignature.trim_end().parse().unwrap()], ..log.checkpoint(5) };
    assert!(status == 200 && cosigned.vouched_by(&witness.key()).is_some(), "{cosignature}");
    assert!(place.refused(&[]).contains("another witness"), "the folder is held");
    let own = witness.key();
    drop(witness);
    let witness = place.start();
    assert_eq!(witness.key(), own, "the key that is there");
    assert!(witness.said.contains(&"Cosigned of log.example: a tree of size 5".into()), "{:?}", witness.said);
    assert_eq!(ask(&witness.url(), &Log::new(2, 3, 8).asks(5, 8)).unwrap().0, 422, "a fork");
    drop(witness);
    assert!(place.refused(&["--make-key", "w.example/2"]).contains("never overwritten"));
    set_permissions(&key, Permissions::from_mode(0o640)).unwrap();
    assert!(place.refused(&[]).contains("others may read"));
}

#[test]
fn nothing_cosigned_is_forgotten_when_the_witness_is_killed() {
    const MOST: u64 = 4_000;
    let log = Log::new(1, 0, MOST);
    let place = Place::new("witness-killed", &log);
    let mut acknowledged = 0;
    for round in 0..8 {
        let witness = place.start();
        let url = witness.url();
        // It is asked one leaf after the other until it is gone; the last it did may have been on its way to us.
        let (status, told) = ask(&url, &log.asks(MOST, MOST)).unwrap();
        let known: u64 = told.trim_end().parse().unwrap();
        assert!(status == 409 && (known == acknowledged || known == acknowledged + 1), "{known}, {acknowledged}");
        let (log, first) = (&log, &AtomicU64::new(0));
        acknowledged = thread::scope(|scope| {
            let asking = scope.spawn(move || {
                let took = |old: &u64| {
                    let told = matches!(ask(&url, &log.asks(*old, old + 1)), Some((200, _)));
                    first.fetch_add(u64::from(told), Ordering::Relaxed);
                    told
                };
                (known..MOST).take_while(took).last().map_or(known, |old| old + 1)
            });
            // However busy the machine is, something was cosigned before the kill.
            while first.load(Ordering::Relaxed) == 0 && !asking.is_finished() {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(40 + 13 * round));
            drop(witness);
            asking.join().unwrap()
        });
    }
    assert!(acknowledged > 8, "it came some way between the kills");
}
