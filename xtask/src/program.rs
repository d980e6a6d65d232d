//! Running other programs: their output is shown as it comes and kept, and each has a time limit.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// What ended badly so far, in the words of [`gist`]: a long run's output scrolls away, or is cut by whoever keeps it.
static ENDED_BADLY: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A program to run, in a folder, for at most some minutes.
pub(crate) struct Program {
    name: String,
    command: Command,
    limit: Duration,
}

/// What a program left: everything it printed, and whether it ended well and in time.
pub(crate) struct Ended {
    /// Standard output and standard error, line by line as they came.
    pub(crate) output: String,
    /// Exit status 0 within the time limit.
    pub(crate) success: bool,
}

impl Program {
    /// The program `name`, to run in `folder`, with a limit of ten minutes.
    pub(crate) fn new(name: impl AsRef<OsStr>, folder: &Path) -> Self {
        let mut command = Command::new(name.as_ref());
        command.current_dir(folder).stdin(Stdio::null());
        let name = name.as_ref().to_string_lossy().into_owned();
        Self { name, command, limit: Duration::from_mins(10) }
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the time limit.
    pub(crate) fn minutes(mut self, minutes: u64) -> Self {
        self.limit = Duration::from_mins(minutes);
        self
    }

    /// Runs it, showing and keeping its output.
    pub(crate) fn run(mut self) -> Result<Ended> {
        let end = Instant::now() + self.limit;
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().with_context(|| format!("{} cannot be started", self.name))?;
        let (sender, lines) = mpsc::channel();
        forward(child.stdout.take().context("no standard output")?, sender.clone());
        forward(child.stderr.take().context("no standard error")?, sender);
        let mut output = String::new();
        let in_time = loop {
            match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    println!("{line}");
                    output.push_str(&line);
                    output.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => break true,
                Err(RecvTimeoutError::Timeout) => break false,
            }
        };
        if !in_time {
            println!("{} ran for {} minutes and is ended", self.name, self.limit.as_secs() / 60);
            stop(&mut child)?;
        }
        let success = child.wait()?.success() && in_time;
        if !success && let Ok(mut told) = ENDED_BADLY.lock() {
            told.push(format!("{}\n{}", self.said(), gist(&output)));
        }
        Ok(Ended { output, success })
    }

    /// The program and its arguments, as one would type them.
    fn said(&self) -> String {
        let words = self.command.get_args().map(|word| format!(" {}", word.to_string_lossy()));
        std::iter::once(self.name.clone()).chain(words).collect()
    }

    /// Runs it and fails unless it ended well.
    pub(crate) fn must(self) -> Result<Ended> {
        let name = self.name.clone();
        let ended = self.run()?;
        ensure!(ended.success, "{name} ended badly");
        Ok(ended)
    }

    /// Runs it without showing anything, and answers what it wrote to standard output.
    pub(crate) fn quiet(mut self) -> Result<String> {
        let output = self.command.output().with_context(|| format!("{} cannot be started", self.name))?;
        if !output.status.success() {
            bail!("{} ended badly: {}", self.name, String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts it in the background with all its output in the file `log`.
    pub(crate) fn start(mut self, log: &Path) -> Result<Child> {
        let file = std::fs::File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
        self.command.stdout(file.try_clone()?).stderr(file);
        self.command.spawn().with_context(|| format!("{} cannot be started", self.name))
    }
}

/// Says again what ended badly, once all has run.
pub(crate) fn say_what_ended_badly() {
    for one in ENDED_BADLY.lock().into_iter().flat_map(|mut told| std::mem::take(&mut *told)) {
        println!("\nended badly: {one}");
    }
}

/// What of a bad end's output is worth reading: what follows each line that tells of a failure, and the last lines.
fn gist(output: &str) -> String {
    const AFTER: usize = 8;
    const LAST: usize = 25;
    const MOST: usize = 200;
    let lines: Vec<&str> = output.lines().collect();
    let tells = |line: &str| ["FAILED", "panicked at", "error:"].iter().any(|word| line.contains(word));
    let told = lines.iter().enumerate().filter(|(_, line)| tells(line)).flat_map(|(at, _)| at..=at + AFTER);
    let mut kept: Vec<usize> = told.filter(|at| *at < lines.len()).take(MOST).collect();
    kept.extend(lines.len().saturating_sub(LAST)..lines.len());
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|at| ["| ", lines[at], "\n"].concat()).collect::<Vec<_>>().concat()
}

/// Whether a program of this name can be found and started.
pub(crate) fn exists(name: &str) -> bool {
    let mut command = Command::new("sh");
    command.args(["-c", "command -v \"$1\"", "sh", name]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Asks a child and everything that it started to end, by their ids, and insists after ten seconds.
///
/// They are in our own process group, so that an interrupt at the keyboard ends them with us.
pub(crate) fn stop(child: &mut Child) -> Result<()> {
    signal("-TERM", &tree(child.id()));
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    signal("-KILL", &tree(child.id()));
    child.wait()?;
    Ok(())
}

/// A process and its descendants, parents first.
fn tree(id: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let below = children.split_whitespace().filter_map(|child| child.parse().ok()).flat_map(tree);
    std::iter::once(id).chain(below).collect()
}

/// Sends a signal by the shell's own `kill`, which is there even where the program is not.
fn signal(signal: &str, ids: &[u32]) {
    let mut command = Command::new("sh");
    command.args(["-c", "kill \"$@\"", "sh", signal]).args(ids.iter().map(u32::to_string));
    // A process that is already gone is what was wanted.
    let _gone = command.stderr(Stdio::null()).status();
}

/// Sends each line of a pipe to the channel, on a thread of its own.
fn forward(pipe: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n') {
            let Ok(line) = line else { return };
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_and_status_are_kept() {
        let ended =
            Program::new("sh", Path::new("/")).args(["-c", "echo one; echo two >&2; exit 3"]).run().expect("runs");
        assert!(ended.output.contains("one\n") && ended.output.contains("two\n"));
        assert!(!ended.success);
    }

    #[test]
    fn of_a_bad_end_the_failures_and_the_last_lines_are_said_again() {
        let quiet = vec!["ok"; 100].join("\n");
        let told = gist(&format!("{quiet}\nFAILED  one\nits cause\n{quiet}\nlast"));
        assert!(told.starts_with("| FAILED  one\n| its cause\n") && told.ends_with("| ok\n| last\n"), "{told}");
        assert_eq!(told.lines().count(), 9 + 25);
    }

    #[test]
    fn a_background_program_is_stopped_with_what_it_started() {
        let log = std::env::temp_dir().join(format!("xtask-program-{}", std::process::id()));
        let mut child = Program::new("sh", Path::new("/")).args(["-c", "sleep 60 & wait"]).start(&log).expect("starts");
        thread::sleep(Duration::from_millis(200));
        let ids = tree(child.id());
        assert_eq!(ids.len(), 2);
        stop(&mut child).expect("stops");
        assert!(child.try_wait().expect("known").is_some());
        let ended = || {
            // What has ended is gone, or a zombie until whoever inherited it looks.
            let state = std::fs::read_to_string(format!("/proc/{}/stat", ids[1])).unwrap_or_default();
            state.is_empty() || state.contains(") Z ")
        };
        assert!((0..100).any(|_| ended() || {
            thread::sleep(Duration::from_millis(20));
            false
        }));
        std::fs::remove_file(log).expect("the log was written");
    }
}
