//! What a power cut leaves: the process is gone at a random moment, half of a write stands at the end of the newest files, and
//! the clock of the machine that comes up again has gone back.

use super::{Data, Ground, bar};
use crate::ambient;
use drill::kill::{self, Findings, Since};
use drill::verdict::Verdict;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// The furthest that the clock goes back, seconds.
const BACK_SECONDS: u64 = 90;

/// The longest half of a write, bytes: more than a page of the store with its head.
const HALF_BYTES: u64 = 6_000;

pub(super) async fn crash(seed: u64, rounds: u64, data: Data) -> anyhow::Result<Verdict> {
    let ground = Ground::with("crash", data).await?;
    let (session, slot) = ground.one_session(100_000).await?;
    let (mut findings, bar) = (Findings::default(), bar(rounds)?);
    say!("seed {seed}: the same seed kills at the same moments, and leaves the same halves");
    for round in 0..rounds {
        let (moment, chance) = (kill::moment(seed, round), kill::bytes(seed, round));
        let back_ms = i64::try_from(u64::from(chance[0]) * BACK_SECONDS / 255 * 1000)?;
        let now = jiff::Timestamp::from_millisecond(ambient::now_ms() - back_ms)?.to_string();
        let mut served = ground.serve(&["--now", &now], &[])?;
        bar.set_message(format!("round {round}, {} s back, killed after {} ms", back_ms / 1000, moment.as_millis()));
        let address = served.address;
        let killed = async {
            tokio::time::sleep(moment).await;
            served.kill().expect("the child is ours to kill");
        };
        let claims = kill::load(address, round, session, slot.text(), Since::Shown, killed).await;
        tear(ground.path(), &chance)?;
        let (vault, live) = ground.after(session).await?;
        findings.check(&vault, &claims, session, live).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Verdict { name: "crash", seed, rows: Vec::new(), invariants: findings.invariants() })
}

/// Leaves half of a write at the end of both write-ahead logs, and half of a file in the log. What was synced before is whole.
fn tear(data: &Path, chance: &[u8]) -> anyhow::Result<()> {
    let half = |n: usize| {
        let many = usize::try_from(u64::from(chance[n]) * HALF_BYTES / 255).unwrap_or(0);
        chance.iter().copied().cycle().skip(n).take(many).collect::<Vec<u8>>()
    };
    for (n, name) in [(1, "teeka.db-wal"), (2, "keys.db-wal")] {
        let path = data.join(name);
        if path.exists() {
            File::options().append(true).open(path)?.write_all(&half(n))?;
        }
    }
    Ok(fs::write(data.join("log/checkpoint.half"), half(3))?)
}
