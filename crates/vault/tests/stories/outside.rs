//! Those who watch from outside: a witness with its own memory, and an auditor over the log's files.

use crate::world::World;
use ledger::note::{Note, Signature};
use std::path::PathBuf;
use vault::Fresh;
use watch::audit::{Source, Terms, Unreachable, audit};
use watch::witness::{Answer, Witness};

struct Files(PathBuf);

impl Source for Files {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        Ok(std::fs::read(self.0.join(path)).ok())
    }

    fn open(&self, _: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        Err(Unreachable("nothing is drawn here".into()))
    }
}

pub(crate) fn now_s(world: &World) -> u64 {
    u64::try_from(world.vault.now_ms() / 1000).unwrap()
}

/// What an auditor finds broken in the files of a world's log, who kept an earlier checkpoint.
pub(crate) fn broken(world: &World, since: Option<&Note>) -> Option<String> {
    let policy = world.vault.watch().text().parse().unwrap();
    let terms = Terms { policy: &policy, since, has_credential: true, open: 0, nonce: [3; 32], now_s: now_s(world) };
    let report = audit(&Files(world.folder().join("log")), &terms, &mut |_, _| ()).unwrap();
    let broken = report.checks.iter().filter(|check| check.held == Some(false));
    let said: Vec<String> = broken.map(|check| format!("{}: {}", check.name, check.detail)).collect();
    (!report.stands()).then(|| said.join("\n"))
}

/// How many leaves a witness has seen.
pub(crate) fn seen_by(witness: &Witness) -> u64 {
    witness.logs().next().and_then(|(_, seen)| seen).map_or(0, |seen| seen.size)
}

/// What a witness answers to the newest checkpoint of a world, and its cosignatures.
pub(crate) async fn cosigned(world: &World, fresh: &Fresh, witness: &Witness) -> Result<Vec<Signature>, Answer> {
    let request = world.vault.ask_witness(fresh, seen_by(witness)).await.map_err(|refused| Answer {
        status: 0,
        content_type: "",
        body: refused.to_string(),
    })?;
    let answer = witness.add_checkpoint(&request.to_string(), now_s(world));
    if answer.status != 200 {
        return Err(answer);
    }
    Ok(answer.body.lines().map(|line| line.parse().unwrap()).collect())
}

/// The checkpoint in the files.
pub(crate) fn checkpoint(world: &World) -> Option<Note> {
    let text = std::fs::read_to_string(world.folder().join("log/checkpoint")).ok()?;
    Some(text.parse().unwrap())
}
