//! The command line as an operator meets it, and the drills in short.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A folder of its own for each test, removed at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("teeka-test-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).expect("a new folder");
        Self(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn teeka(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_teeka"))
        .args(arguments)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("the binary runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("our own names are text")
}

fn good(arguments: &[&str]) -> String {
    let output = teeka(arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn refused(arguments: &[&str]) -> String {
    let output = teeka(arguments);
    assert!(!output.status.success(), "{arguments:?} was not refused");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn keys_are_made_once_and_read_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new("keys");
    let (data, keys) = (place.at("data"), place.at("data").join("keys"));
    good(&["keys", "init", text(&keys)]);
    assert!(refused(&["keys", "init", text(&keys)]).contains("never overwritten"));
    good(&["admin", "geography", "--data", text(&data)]);
    std::fs::set_permissions(keys.join("vault.key"), std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(refused(&["admin", "recount", "--data", text(&data)]).contains("others may read"));
}

#[test]
fn there_is_one_first_manager() {
    let place = Place::new("manager");
    let data = place.at("data");
    good(&["keys", "init", text(&data.join("keys"))]);
    let said = good(&["admin", "first-manager", "--data", text(&data), "asha", "Asha Rao"]);
    assert!(said.contains("Password") && said.contains("Authenticator"));
    assert!(
        refused(&["admin", "first-manager", "--data", text(&data), "ravi", "Ravi Rao"]).contains("a manager already")
    );
}

#[test]
fn a_client_is_registered_listed_changed_and_stopped() {
    let place = Place::new("client");
    let (data, key) = (place.at("data"), place.at("partner.pub"));
    good(&["keys", "init", text(&data.join("keys"))]);
    std::fs::write(&key, "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n").unwrap();
    let register = |id: &str, fields: &str, more: &[&str]| {
        let words =
            ["admin", "client", "register", "--data", text(&data), "--name", "City Clinic", "--contact", "desk"];
        let rest = ["--key", text(&key), "--purpose-en", "Care", "--purpose-hi", "देखभाल", "--a-day", "10", "--fields"];
        let all: Vec<&str> = words.iter().chain(&rest).chain(&[fields, id]).chain(more).copied().collect();
        teeka(&all)
    };
    let list = || good(&["admin", "client", "list", "--data", text(&data)]);
    for (id, fields) in [("clinic", "phone"), ("clinic", "nothing"), ("X", "name")] {
        assert!(!register(id, fields, &[]).status.success(), "{id} {fields}");
    }
    assert_eq!(list(), "");
    assert!(register("clinic", "name,birth-year", &[]).status.success());
    let said = list();
    assert!(
        said.contains("sandbox") && said.contains("name,birth-year") && said.contains("City Clinic (desk)"),
        "{said}"
    );
    assert!(register("clinic", "name", &["--state", "live"]).status.success());
    assert!(list().contains("live"));
    good(&["admin", "client", "stop", "clinic", "--data", text(&data)]);
    assert!(list().contains("stopped"));
    refused(&["admin", "client", "stop", "nobody", "--data", text(&data)]);
}

#[test]
fn a_copy_lies_in_two_folders_and_comes_back_whole_or_not_at_all() {
    let place = Place::new("copy");
    let (data, copy, keys, back) = (place.at("data"), place.at("copy"), place.at("keys"), place.at("back"));
    good(&["keys", "init", text(&data.join("keys"))]);
    good(&["admin", "first-manager", "--data", text(&data), "asha", "Asha Rao"]);
    let within = place.at("copy").join("keys");
    assert!(
        refused(&["backup", text(&copy), "--data", text(&data), "--keys-to", text(&within)]).contains("two folders")
    );
    std::fs::remove_dir_all(&copy).unwrap();
    good(&["backup", text(&copy), "--data", text(&data), "--keys-to", text(&keys)]);
    assert!(!copy.join("keys.db").exists() && !keys.join("teeka.db").exists());
    let restore = ["restore", text(&copy), "--keys-from", text(&keys), "--data", text(&back)];
    std::fs::rename(keys.join("vault.key"), place.at("aside")).unwrap();
    assert!(refused(&restore).contains("vault.key") && !back.exists());
    std::fs::rename(place.at("aside"), keys.join("vault.key")).unwrap();
    good(&restore);
    assert!(refused(&restore).contains("not empty"));
    // The copy knows the manager.
    assert!(
        refused(&["admin", "first-manager", "--data", text(&back), "ravi", "Ravi Rao"]).contains("a manager already")
    );
    // What the doctor says of the disk's speed is this machine's matter.
    let doctor = teeka(&["doctor", "--data", text(&back)]);
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("three keys"));
}

/// Has a client registered in the data of a place, with this id.
fn writes(place: &Place, id: &str) {
    let (data, key) = (place.at("data"), place.at("partner.pub"));
    std::fs::write(&key, "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n").unwrap();
    let words =
        ["admin", "client", "register", id, "--data", text(&data), "--name", "City Clinic", "--contact", "desk"];
    let rest =
        ["--key", text(&key), "--purpose-en", "Care", "--purpose-hi", "देखभाल", "--a-day", "10", "--fields", "name"];
    good(&[&words[..], &rest].concat());
}

#[test]
fn copies_that_go_on_from_one_another_are_the_whole_in_their_order_alone() {
    let place = Place::new("since");
    let data = place.at("data");
    let identity = age::x25519::Identity::generate();
    std::fs::write(place.at("identity"), age::secrecy::ExposeSecret::expose_secret(&identity.to_string())).unwrap();
    let us = identity.to_public().to_string();
    good(&["keys", "init", text(&data.join("keys"))]);
    good(&["admin", "first-manager", "--data", text(&data), "asha", "Asha Rao"]);
    let backup = |name: &str, more: &[&str]| {
        let (to, keys) = (place.at(name), place.at(&format!("{name}-keys")));
        let words = ["backup", text(&to), "--data", text(&data), "--keys-to", text(&keys), "--to", &us];
        good(&[&words[..], more].concat())
    };
    let nothing = ["backup", "to", "--data", text(&data), "--keys-to", "keys", "--since", "last"];
    assert!(refused(&nothing).contains("remembers no copy last"));
    let said = backup("first", &[]);
    let name = said.split("--since ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    writes(&place, "one");
    backup("second", &["--since", &name]);
    writes(&place, "two");
    backup("third", &["--since", "last"]);
    backup("whole", &[]);
    let size = |name: &str| std::fs::metadata(place.at(name).join("data.tar.age")).unwrap().len();
    assert!(size("second") * 2 < size("whole") && size("third") * 2 < size("whole"), "an increment is short");

    let (back, identity) = (place.at("back"), place.at("identity"));
    let restore = |copies: &[&str], to: &Path| {
        let copies: Vec<PathBuf> = copies.iter().map(|name| place.at(name)).collect();
        let mut words = vec!["restore"];
        words.extend(copies.iter().map(|copy| text(copy)));
        let keys = place.at("whole-keys");
        words.extend(["--keys-from", text(&keys), "--identity", text(&identity), "--data", text(to)]);
        let output = teeka(&words);
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    for (copies, why) in [
        (&["first", "third"][..], "one is missing between them"),
        (&["first", "third", "second"], "not in their order"),
        (&["first", "second", "second"], "not in their order"),
        (&["second", "third"], "has to be named before it"),
        (&["first", "whole"], "is a whole copy, and no increment"),
    ] {
        let said = restore(copies, &back);
        assert!(said.contains(why), "{copies:?}: {said}");
        assert!(!back.exists(), "nothing is left of what was refused");
    }
    assert_eq!(restore(&["first", "second", "third"], &back), "");
    let whole = place.at("back-whole");
    assert_eq!(restore(&["whole"], &whole), "");
    for file in ["teeka.db", "log/checkpoint"] {
        assert!(std::fs::read(back.join(file)).ok() == std::fs::read(whole.join(file)).ok(), "{file}");
    }
    good(&["store", "check", "--data", text(&back)]);
}

#[test]
fn an_increment_of_which_a_byte_is_another_is_refused() {
    let place = Place::new("changed");
    let (data, back) = (place.at("data"), place.at("back"));
    good(&["keys", "init", text(&data.join("keys"))]);
    good(&["admin", "first-manager", "--data", text(&data), "asha", "Asha Rao"]);
    for (name, more) in [("one", &[][..]), ("two", &["--since", "last"][..])] {
        let (to, keys) = (place.at(name), place.at(&format!("{name}-keys")));
        good(&[&["backup", text(&to), "--data", text(&data), "--keys-to", text(&keys)], more].concat());
        writes(&place, name);
    }
    let (one, two, keys) = (place.at("one"), place.at("two"), place.at("two-keys"));
    let restore = ["restore", text(&one), text(&two), "--keys-from", text(&keys), "--data", text(&back)];
    for file in [two.join("teeka.db.changed"), one.join("teeka.db")] {
        let whole = std::fs::read(&file).unwrap();
        let mut changed = whole.clone();
        changed[5000] ^= 1;
        std::fs::write(&file, changed).unwrap();
        assert!(refused(&restore).contains("was changed, or cut short"), "{}", file.display());
        std::fs::write(&file, whole).unwrap();
    }
    good(&restore);
}

#[test]
fn a_sealed_copy_opens_to_its_identity_alone_and_only_whole() {
    let place = Place::new("sealed");
    let (data, copy, keys, back) = (place.at("data"), place.at("copy"), place.at("keys"), place.at("back"));
    good(&["keys", "init", text(&data.join("keys"))]);
    good(&["admin", "first-manager", "--data", text(&data), "asha", "Asha Rao"]);
    let [ours, others] = ["ours", "others"].map(|name| {
        let identity = age::x25519::Identity::generate();
        std::fs::write(place.at(name), age::secrecy::ExposeSecret::expose_secret(&identity.to_string())).unwrap();
        identity.to_public().to_string()
    });
    let backup = ["backup", text(&copy), "--data", text(&data), "--keys-to", text(&keys), "--to"];
    assert!(refused(&[&backup[..], &["age1nobody"]].concat()).contains("no recipient"));
    for half in [&copy, &keys] {
        std::fs::remove_dir_all(half).unwrap();
    }
    good(&[&backup[..], &[&ours]].concat());
    for (folder, file) in [(&copy, "data.tar.age"), (&keys, "keys.tar.age")] {
        let names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [file], "nothing lies open beside it");
        assert!(std::fs::read(folder.join(file)).unwrap().starts_with(b"age-encryption.org/v1"));
    }
    assert!(!data.join("copies").exists() && !others.is_empty());
    let restore = ["restore", text(&copy), "--keys-from", text(&keys), "--data", text(&back)];
    assert!(refused(&restore).contains("--identity"));
    assert!(refused(&[&restore[..], &["--identity", text(&place.at("others"))]].concat()).contains("sealed copy"));
    let (whole, file) = (std::fs::read(copy.join("data.tar.age")).unwrap(), copy.join("data.tar.age"));
    // Cut short by its last bytes, which hold nothing but the end; and with one byte changed.
    std::fs::write(&file, &whole[..whole.len() - 20]).unwrap();
    refused(&[&restore[..], &["--identity", text(&place.at("ours"))]].concat());
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    std::fs::write(&file, changed).unwrap();
    refused(&[&restore[..], &["--identity", text(&place.at("ours"))]].concat());
    assert!(!back.exists());
    std::fs::write(&file, whole).unwrap();
    good(&[&restore[..], &["--identity", text(&place.at("ours"))]].concat());
    assert!(
        refused(&["admin", "first-manager", "--data", text(&back), "ravi", "Ravi Rao"]).contains("a manager already")
    );
    let left = std::fs::read_dir(&place.0).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("unfinished")
    });
    assert_eq!(left.count(), 0, "what was opened on the way is gone");
}

#[test]
fn whose_keys_are_missing_is_said_before_anything_opens() {
    let said = good(&["drill", "old-keystore"]);
    assert!(said.contains("of 32 people cannot be read"), "{said}");
}

#[test]
fn serving_real_people_wants_a_messenger_keys_and_tls() {
    let place = Place::new("serve");
    let file = place.at("teeka.toml");
    let refusal = |config: String| {
        std::fs::write(&file, config).unwrap();
        refused(&["serve", "--config", text(&file)])
    };
    let data = place.at("data");
    let base =
        format!("listen = \"127.0.0.1:0\"\nissuer = \"a.example\"\ndata = {data:?}\nkeys = {:?}\n", place.at("keys"));
    let messenger = "[messenger]\nurl = \"http://127.0.0.1:9/\"\nheader = \"TEEKAX\"\n[messenger.templates]\n\
        sms-code-sign-in = \"1\"\nsms-code-certificate = \"2\"\nsms-code-presence = \"3\"\nsms-consent = \"8\"\nsms-status = \"9\"\nsms-appointment = \"4\"\nsms-called-off = \"5\"\nsms-new-browser = \"6\"\nsms-first-look = \"7\"\nsms-letter = \"10\"\n";
    assert!(refusal(format!("{base}proxy = \"stated\"\n")).contains("messenger"));
    assert!(refusal(format!("{base}{messenger}")).contains("in the clear"));
    assert!(refusal(format!("{base}proxy = \"stated\"\n{messenger}")).contains("keys init"));
    assert!(!data.exists(), "nothing is made before all is there");
}

#[test]
fn the_demonstration_listens_on_this_machine_only() {
    let place = Place::new("outside");
    assert!(
        refused(&["demo", "--listen", "0.0.0.0:0", "--data", text(&place.at("data"))]).contains("this machine only")
    );
}

#[test]
fn it_serves_on_when_whoever_read_its_words_is_gone() {
    let place = Place::new("unread");
    let data = place.at("data");
    let mut served = Command::new(env!("CARGO_BIN_EXE_teeka"))
        .args(["demo", "--listen", "127.0.0.1:0", "--people", "20", "--data", text(&data)])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(served.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let address = first.trim().trim_start_matches("Teeka demonstration: http://").trim_end_matches('/').to_owned();
    // Between this file and the work of a day it says five more lines, to nobody.
    let said = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        data.join("policy.txt").exists()
    });
    std::thread::sleep(Duration::from_secs(1));
    let answers = TcpStream::connect(&address).is_ok();
    let lives = served.try_wait().unwrap().is_none();
    served.kill().unwrap();
    served.wait().unwrap();
    assert!(said && lives && answers, "{first}");
}

#[test]
fn what_is_no_certificate_is_not_genuine() {
    let place = Place::new("verify");
    std::fs::write(place.at("file"), "TK1:AAAA").unwrap();
    assert!(refused(&["verify", text(&place.at("file"))]).contains("--key"));
}

#[test]
fn a_list_of_looks_is_proven_whole_or_refused_in_one_line() {
    let place = Place::new("check");
    let (file, policy) = (place.at("looks.json"), place.at("policy"));
    let cases: serde_json::Value =
        serde_json::from_str(include_str!("../../watch/tests/looks/cases.json")).expect("the cases of the check");
    let put = |name: &str| {
        let case = cases.as_array().unwrap().iter().find(|case| case["name"] == name).unwrap();
        std::fs::write(&file, case["file"].to_string()).unwrap();
        std::fs::write(&policy, case["file"]["policy"].as_str().unwrap()).unwrap();
    };
    put("an honest file");
    let said = good(&["check", text(&file), "--policy", text(&policy)]);
    assert!(said.contains("C8BAC378, vaccinator, 601") && said.contains("reveal: check-in"), "{said}");
    assert!(said.contains("every row (6)") && said.contains("no row is missing before 2026-11-26 05:30:00"), "{said}");
    assert!(good(&["check", text(&file)]).contains("chose whom to believe"));
    put("the newest rows left out");
    let refusal = refused(&["check", text(&file), "--policy", text(&policy)]);
    assert_eq!(refusal.lines().count(), 1, "{refusal}");
    assert!(refusal.contains("index 3: there is an entry about this person"), "{refusal}");
    std::fs::write(&file, "{}").unwrap();
    assert!(refused(&["check", text(&file)]).contains("is not a list of looks"));
}

#[test]
fn as_many_get_a_place_as_there_are_though_the_process_dies() {
    assert!(good(&["drill", "fight"]).contains("100 told yes, 100 booked"));
}

#[test]
fn a_log_that_can_only_be_read_stops_looks_and_writes_and_nothing_else() {
    assert!(good(&["drill", "read-only-log", "--rounds", "1"]).contains("it goes on by itself: 1 times"));
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    assert!(good(&["drill", "kill", "--rounds", "5"]).contains("after 5 rounds"));
}
