//! What an operation costs besides time: the processor's time and the bytes written to disk, of this process and of the
//! server's processes on this machine, as the kernel counts them under `/proc`.

use anyhow::Context;
use std::fs;

/// The kernel counts a process's time in hundredths of a second, on every machine.
const TICK_US: f64 = 10_000.0;

/// Who is measured.
pub(super) struct Meter {
    /// The server's first process, whose children are the others.
    server: u32,
}

/// What was used. Bytes are unknown where the kernel does not let them be read.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub(super) cpu_us: f64,
    pub(super) written_bytes: Option<f64>,
}

impl Meter {
    /// Of a server one of whose sessions has this process.
    pub(super) fn of(session: u32) -> anyhow::Result<Self> {
        let (server, _) =
            stat(&session.to_string()).context("the server must run on this machine for its CPU to be seen")?;
        Ok(Self { server })
    }

    /// What this process has used so far, and the server's if asked.
    pub(super) fn read(&self, with_server: bool) -> anyhow::Result<Cost> {
        let own = Cost { cpu_us: stat("self").context("no /proc")?.1, written_bytes: written("self") };
        if !with_server {
            return Ok(own);
        }
        let mut all = own;
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let Some((parent, cpu_us)) = name.parse::<u32>().ok().and_then(|_| stat(&name)) else { continue };
            if parent == self.server || name == self.server.to_string() {
                all.cpu_us += cpu_us;
                all.written_bytes = all.written_bytes.zip(written(&name)).map(|(one, other)| one + other);
            }
        }
        Ok(all)
    }
}

impl Cost {
    pub(super) fn since(self, before: Self) -> Self {
        let written = self.written_bytes.zip(before.written_bytes);
        Self { cpu_us: self.cpu_us - before.cpu_us, written_bytes: written.map(|(after, before)| after - before) }
    }

    pub(super) fn over(self, operations: f64) -> Self {
        Self { cpu_us: self.cpu_us / operations, written_bytes: self.written_bytes.map(|bytes| bytes / operations) }
    }
}

/// The processor's time that a process has used so far, microseconds; none of one that is gone.
pub(super) fn cpu_us(process: u32) -> f64 {
    stat(&process.to_string()).map_or(0.0, |(_, cpu_us)| cpu_us)
}

/// A process's parent, and the processor's time that it and its children that ended have used.
fn stat(process: &str) -> Option<(u32, f64)> {
    parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// Fields are counted from after the name, which may hold anything: the second is the parent, the twelfth to fifteenth are times.
fn parse(stat: &str) -> Option<(u32, f64)> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11..15)?.iter().filter_map(|field| field.parse::<f64>().ok()).sum();
    Some((fields.get(1)?.parse().ok()?, ticks * TICK_US))
}

fn written(process: &str) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/io")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("write_bytes: "))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_have_any_name() {
        let text = "77 (a) b (c)) S 12 77 77 0 -1 0 1 0 0 0 5 6 7 8 20 0 1 0 100";
        assert_eq!(parse(text), Some((12, 26.0 * TICK_US)));
        assert_eq!(parse("77 (gone"), None);
    }
}
