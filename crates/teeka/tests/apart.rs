//! The key room in a process of its own: it may go away and come back, and its root is changed while it works.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use drill::client::{self, Connection};
use hyper::StatusCode;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const LIST: &str = "/api/v2/appointment/beneficiaries";

/// A folder of its own, removed at its end.
struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A process of ours, ended with the test.
struct Running {
    child: Child,
    /// What it said until it was ready.
    said: Vec<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_teeka"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut running = Self { child, said: Vec::new() };
        for line in lines.map_while(Result::ok) {
            running.said.push(line.clone());
            if line.starts_with("Ready") {
                return running;
            }
        }
        panic!("{arguments:?} is not ready: {:?}", running.said);
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_teeka")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn key_room(data: &str, keys: &str, socket: &str) -> Running {
    let (log, figures) = (said(&["keys", "log", keys]), format!("{data}.prom"));
    let told = ["--log", log.trim(), "--socket", socket, "--figures", &figures];
    Running::start(&[&["keys", "serve", "--keys", keys, "--data", data], &told[..]].concat())
}

/// What the key room counts, once it has counted since it began.
async fn figures(data: &str) -> String {
    for _ in 0..300 {
        let text = std::fs::read_to_string(format!("{data}.prom")).unwrap();
        if text.contains("question=\"exchange\"") {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no exchange was counted");
}

#[tokio::test]
async fn a_key_room_apart_goes_and_comes_and_changes_its_root() {
    let place = Place(std::env::temp_dir().join(format!("teeka-apart-{}", std::process::id())));
    let data = place.0.join("data");
    let [keys, room, socket] = ["data/keys", "room", "room.socket"].map(|name| place.0.join(name));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let [data, keys, room, socket] = [&data, &keys, &room, &socket].map(|path| text(path));
    said(&["keys", "init", &keys]);
    let mut apart = key_room(&room, &keys, &socket);
    let second = Command::new(env!("CARGO_BIN_EXE_teeka"))
        .args(["keys", "serve", "--keys", &keys, "--data", &room, "--socket", &socket, "--log"])
        .arg(said(&["keys", "log", &keys]).trim())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("another teeka"), "one process to a key file");
    let demo =
        Running::start(&["demo", "--listen", "127.0.0.1:0", "--people", "0", "--data", &data, "--key-room", &socket]);
    assert!(!place.0.join("data/keys.db").exists(), "no key lies with the data");
    let address: SocketAddr =
        demo.said[0].strip_prefix("Teeka demonstration: http://").unwrap().trim_end_matches('/').parse().unwrap();
    let mut connection = Connection::open(address).await.unwrap();
    let her = client::new_citizen(&mut connection, &client::phone(1)).await.unwrap();
    let look = connection.get(LIST, Some(&her.token)).await.unwrap();
    assert_eq!((look.status, look.json()["beneficiaries"][0]["name"].as_str()), (StatusCode::OK, Some("Asha Drill")));

    // Without it nobody is shown, what shows nobody goes on, and it is the same service when it is back.
    apart.kill();
    let shut = connection.get(LIST, Some(&her.token)).await.unwrap();
    assert_eq!(shut.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(connection.get("/", None).await.unwrap().status, StatusCode::OK);
    let _apart = key_room(&room, &keys, &socket);
    assert_eq!(connection.get(LIST, Some(&her.token)).await.unwrap().status, StatusCode::OK);

    // It says how much it did, and nothing of whom.
    let said_of_it = figures(&room).await;
    let of = |name: &str| said_of_it.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
    assert!(of("teeka_room_keys_released_total ").is_some_and(|keys| keys > 0), "{said_of_it}");
    assert!(of("teeka_room_leaves_seen ").is_some_and(|leaves| leaves > 0), "{said_of_it}");
    for hers in [client::phone(1).as_str(), her.reference.as_str(), "Asha"] {
        assert!(!said_of_it.contains(hers), "{said_of_it}");
    }
    let mut connection = Connection::open(address).await.unwrap();

    // A new root: while it is made, and when the old one is gone, everything opens.
    said(&["keys", "rotate", &keys]);
    let old = place.0.join("data/keys/keyroom.old.key");
    for _ in 0..600 {
        assert_eq!(connection.get(LIST, Some(&her.token)).await.unwrap().status, StatusCode::OK);
        if !old.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!old.exists(), "the old root is taken away when nothing lies under it");
    assert_eq!(connection.get(LIST, Some(&her.token)).await.unwrap().status, StatusCode::OK);
}
