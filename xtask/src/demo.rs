//! A running `teeka demo` for the length of a stage: its own port, its own folder, ended when dropped.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::program::{self, Program};
use crate::scratch::Scratch;

/// How long a small world may take to be seeded by a binary of the dev profile.
const READY_WITHIN: Duration = Duration::from_mins(6);

/// The moment at which journeys begin: a Monday morning in India, so that today's sessions are open at any hour.
pub(crate) const MONDAY_MORNING: &str = "2026-11-23T09:00:00+05:30";

/// The binary that the `build` stage has made, where cargo puts it.
pub(crate) fn binary(root: &Path) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
    let binary = target.join("debug/teeka");
    if binary.is_file() { Ok(binary) } else { bail!("the teeka binary is not built") }
}

/// A running demo. Dropping it ends the process and removes its data.
pub(crate) struct Demo {
    child: Child,
    address: SocketAddr,
    scratch: Scratch,
}

impl Demo {
    /// Starts the built binary on a free port with a world of 300 people, and waits until it serves sessions.
    pub(crate) fn start(root: &Path, stage: &str, extra: &[&str]) -> Result<Self> {
        let binary = binary(root)?;
        let scratch = Scratch::new(root, stage)?;
        let folder = scratch.folder();
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let program = Program::new(&binary, folder)
            .args(["demo", "--listen", &address.to_string(), "--people", "300", "--data"])
            .args([folder.join("data")])
            .args(extra);
        let mut demo = Self { child: program.start(&folder.join("log"))?, address, scratch };
        demo.wait()?;
        Ok(demo)
    }

    /// Its address, as a URL without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The file in which the demo keeps the log-ins of its staff.
    pub(crate) fn staff(&self) -> PathBuf {
        self.scratch.folder().join("data/demo-staff.json")
    }

    /// The file with the secret key of its partner.
    pub(crate) fn partner(&self) -> PathBuf {
        self.scratch.folder().join("data/partner.pem")
    }

    /// Whether it is still running; when it is not, says how it ended.
    pub(crate) fn still_running(&mut self) -> Result<bool> {
        let ended = self.child.try_wait()?;
        if let Some(status) = ended {
            println!("the demo ended by itself with {status}; its last lines:\n{}", self.last_lines());
        }
        Ok(ended.is_none())
    }

    /// Waits until everybody lives in the world and the front page answers.
    fn wait(&mut self) -> Result<()> {
        let end = Instant::now() + READY_WITHIN;
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the demo ended with {status}; its last lines:\n{}", self.last_lines());
            }
            if self.is_seeded() && answers(self.address, "/").unwrap_or(false) {
                return Ok(());
            }
            if Instant::now() > end {
                bail!(
                    "the demo did not become ready within {} s; its last lines:\n{}",
                    READY_WITHIN.as_secs(),
                    self.last_lines()
                );
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// The demo says *Ready* when the last of its people is in.
    fn is_seeded(&self) -> bool {
        fs::read_to_string(self.scratch.folder().join("log"))
            .is_ok_and(|log| log.lines().any(|line| line.starts_with("Ready.")))
    }

    fn last_lines(&self) -> String {
        let log = fs::read_to_string(self.scratch.folder().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Err(error) = program::stop(&mut self.child) {
            eprintln!("the demo could not be ended: {error:#}");
        }
    }
}

/// Whether a GET of this path answers 200.
fn answers(address: SocketAddr, path: &str) -> Result<bool> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).context("no answer")?;
    Ok(head.ends_with(b" 200"))
}
