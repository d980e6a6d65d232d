//! `teeka store`, as an operator meets it. What needs a server is tried where `TEEKA_POSTGRES_URL` names one.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

#[path = "../../store/tests/conformance/engine.rs"]
mod engine;

use engine::{Engine, Folder, Ground};
use std::path::Path;
use std::process::{Command, Output};

fn teeka(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_teeka")).args(arguments).env("RUST_BACKTRACE", "0").output().unwrap()
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
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A data folder with a manager in it.
fn installation() -> (Folder, String) {
    let folder = Folder::new();
    let data = folder.0.to_str().unwrap().to_owned();
    good(&["keys", "init", &format!("{data}/keys")]);
    good(&["admin", "first-manager", "--data", &data, "asha", "Asha Rao"]);
    (folder, data)
}

#[test]
fn tables_of_an_older_version_are_brought_forward_and_what_will_be_done_is_said() {
    let (folder, data) = installation();
    assert!(good(&["store", "migrate", "--data", &data]).contains("nothing to do"));
    let nowhere = folder.0.join("nowhere");
    assert!(refused(&["store", "migrate", "--data", nowhere.to_str().unwrap()]).contains("no data"));
    assert!(!nowhere.exists());
    // A file of before the first step.
    std::fs::remove_file(folder.0.join("teeka.db")).unwrap();
    std::fs::File::create(folder.0.join("teeka.db")).unwrap();
    let said = good(&["store", "migrate", "--data", &data]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "0 steps are taken. Now, all together or none:");
    assert_eq!(
        lines[1],
        "    1  Persons are known by random ids. What identifies one is sealed; what finds one is a keyed index."
    );
    assert_eq!(*lines.last().unwrap(), format!("Done: {} steps are taken.", lines.len() - 2));
    assert!(good(&["store", "migrate", "--data", &data]).contains("nothing to do"));
}

#[test]
fn a_store_is_checked_against_its_log() {
    let (folder, data) = installation();
    assert!(good(&["store", "check", "--data", &data]).contains("what the log says"));
    let rows = rusqlite::Connection::open(folder.0.join("teeka.db")).unwrap();
    rows.execute_batch("UPDATE log_head SET next = next + 1").unwrap();
    drop(rows);
    let said = refused(&["store", "check", "--data", &data]);
    assert!(said.contains("WRONG") && said.contains("not one"), "{said}");
}

#[test]
fn an_installation_moves_to_a_server_once() {
    let engine @ Engine::Postgres(_) = Engine::of_this_run() else { return };
    let (folder, data) = installation();
    let (first, to) = (Ground::new(engine.clone()), Ground::new(engine));
    let (first, url) = (first.url().unwrap(), to.url().unwrap());
    assert!(good(&["store", "init", &first]).contains("tables stand"));
    assert!(refused(&["store", "init", &first]).contains("tables in this database already"));
    assert!(good(&["store", "migrate", &first]).contains("nothing to do"));
    assert!(refused(&["store", "check", &first, "--data", &data]).contains("data of its own"));

    let held = std::fs::File::open(folder.0.join("lock")).unwrap();
    held.lock().unwrap();
    assert!(refused(&["store", "move", "--from", &data, "--to", &url]).contains("must stop before"));
    drop(held);
    let said = good(&["store", "move", "--from", &data, "--to", &url]);
    assert!(said.contains("found the same on both sides") && line(&said, "staff").contains(" 1 "), "{said}");
    assert!(refused(&["store", "move", "--from", &data, "--to", &first]).contains("no embedded store"));
    assert!(good(&["store", "check", &url, "--data", &data]).contains("what the log says"));
    // Without the address the folder begins nothing anew.
    assert!(refused(&["admin", "recount", "--data", &data]).contains("moved to a server"));
    assert!(!Path::new(&data).join("teeka.db").exists());
    let (_other, there) = installation();
    assert!(refused(&["store", "move", "--from", &there, "--to", &url]).contains("data of its own"));
}

#[test]
fn beside_a_server_the_log_and_the_keys_are_copied_and_come_back_over_its_rows() {
    let engine @ Engine::Postgres(_) = Engine::of_this_run() else { return };
    let (folder, data) = installation();
    let to = Ground::new(engine);
    let url = to.url().unwrap();
    good(&["store", "move", "--from", &data, "--to", &url]);
    let at = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let (copy, keys, next, next_keys, back) = (at("copy"), at("copied-keys"), at("next"), at("next-keys"), at("back"));
    assert!(refused(&["backup", &copy, "--data", &data, "--keys-to", &keys]).contains("there is no data"));
    let said = good(&["backup", &copy, "--data", &data, "--keys-to", &keys, "--store", &url]);
    assert!(said.contains("--store URL"), "{said}");
    assert!(!Path::new(&copy).join("teeka.db").exists() && Path::new(&keys).join("keys.db").exists());
    good(&["backup", &next, "--data", &data, "--keys-to", &next_keys, "--store", &url, "--since", "last"]);

    let without = ["restore", &copy, "--keys-from", &keys, "--data", &back];
    assert!(refused(&without).contains("the copy lacks") && !Path::new(&back).exists());
    let with = ["restore", &copy, &next, "--keys-from", &next_keys, "--data", &back, "--store", &url];
    assert!(good(&with).contains("Restored"));
    assert!(!Path::new(&back).join("teeka.db").exists());
    assert!(good(&["store", "check", &url, "--data", &back]).contains("what the log says"));
    // The doctor asks the server what it does before it answers; the suites' own syncs nothing.
    let config = at("teeka.toml");
    std::fs::write(&config, format!("data = {data:?}\nkeys = \"{data}/keys\"\nstore = {url:?}\n")).unwrap();
    let said = refused(&["doctor", "--config", &config]);
    assert!(said.contains("`fsync` is off") || said.contains("what is acknowledged"), "{said}");
    // A copy with rows of its own is no copy of what lay beside a server.
    let (_other, there) = installation();
    let (whole, whole_keys, nowhere) = (at("whole"), at("whole-keys"), at("nowhere"));
    good(&["backup", &whole, "--data", &there, "--keys-to", &whole_keys]);
    let wrong = ["restore", &whole, "--keys-from", &whole_keys, "--data", &nowhere, "--store", &url];
    assert!(refused(&wrong).contains("rows of its own"));
}

/// The line about a table.
fn line<'a>(said: &'a str, table: &str) -> &'a str {
    said.lines().find(|line| line.starts_with(table)).unwrap()
}
