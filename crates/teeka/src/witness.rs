//! `teeka witness`: a witness of transparency logs, alone on a machine of its own.

use crate::{ambient, keys, listen};
use anyhow::{Context, ensure};
use clap::Args;
use data_encoding::BASE64;
use ledger::note::{Algorithm, Signer, Verifier};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

/// What a file with a key begins with; name, id and secret follow, as the Go module `golang.org/x/mod/sumdb/note` has it.
const PRIVATE: &str = "PRIVATE+KEY+";

/// Cosign the checkpoints of logs that only grow, for whoever does not trust their operators.
#[derive(Args)]
pub(crate) struct Witness {
    /// Where to listen, over HTTP; TLS is for a proxy in front.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:7380")]
    listen: SocketAddr,
    /// Folder in which it keeps what it has cosigned. Never bring back an older copy of it.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// The file with its key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Make the key under this name if there is no file yet.
    #[arg(long, value_name = "NAME")]
    make_key: Option<String>,
    /// The key of a log that it knows; once for each log.
    #[arg(long = "log", value_name = "VKEY", required = true)]
    logs: Vec<Verifier>,
}

impl Witness {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let signer = key(&self.key, self.make_key.as_deref())?;
        let witness = Arc::new(watch::witness::Witness::open(&self.state, signer, self.logs)?);
        let listener =
            TcpListener::bind(self.listen).await.with_context(|| format!("cannot listen on {}", self.listen))?;
        say!("Witness {}: http://{}/", witness.verifier().name(), listener.local_addr()?);
        say!("{}", witness.verifier());
        for (log, seen) in witness.logs() {
            let seen = seen.map_or("nothing yet".into(), |seen| format!("a tree of size {}", seen.size));
            say!("Cosigned of {}: {seen}", log.name());
        }
        say!("Ready.");
        let clock = Arc::new(|| u64::try_from(ambient::now_ms() / 1000).unwrap_or(0));
        listen::serve(listener, watch::witness::router(witness, clock), None).await
    }
}

/// The key in a file, made under this name if one is given and there is no file yet.
pub(crate) fn key(path: &Path, name: Option<&str>) -> anyhow::Result<Signer> {
    match name {
        Some(name) if !path.exists() => make(path, name),
        name => read(path, name),
    }
}

fn make(path: &Path, name: &str) -> anyhow::Result<Signer> {
    let mut secret = [0; 32];
    ambient::random()(&mut secret);
    let signer = Signer::new(name, Algorithm::Cosignature, &secret)?;
    let secret = BASE64.encode(&[&[Algorithm::Cosignature as u8], secret.as_slice()].concat());
    keys::write_private(path, format!("{PRIVATE}{name}+{}+{secret}\n", id_of(&signer)).as_bytes())?;
    Ok(signer)
}

/// The key in a file; it has this name, if one is given.
fn read(path: &Path, name: Option<&str>) -> anyhow::Result<Signer> {
    ensure!(path.exists(), "there is no key {}; --make-key NAME makes it", path.display());
    let text = keys::read_private(path).with_context(|| format!("cannot read the key {}", path.display()))?;
    let signer = parse(text.trim_end()).with_context(|| format!("{} is not the key of a witness", path.display()))?;
    let own = signer.verifier().name();
    ensure!(name.is_none_or(|name| name == own), "{} is the key of {own}; it is never overwritten", path.display());
    Ok(signer)
}

/// The key in a line, if its id is what name and secret make of it.
fn parse(line: &str) -> Option<Signer> {
    // The secret may have more of the signs that part the others.
    let mut parts = line.strip_prefix(PRIVATE)?.splitn(3, '+');
    let (name, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = BASE64.decode(secret.as_bytes()).ok()?;
    let (algorithm, secret) = bytes.split_first()?;
    let signer = Signer::new(name, Algorithm::Cosignature, secret.try_into().ok()?).ok()?;
    (*algorithm == Algorithm::Cosignature as u8 && id_of(&signer) == id).then_some(signer)
}

/// The key's short id, in hex, from its published form.
fn id_of(signer: &Signer) -> String {
    signer.verifier().to_string().split('+').nth(1).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written_and_no_other_way() {
        let seed = [0xfb; 32];
        let known = Signer::new("w.example/1", Algorithm::Cosignature, &seed).unwrap();
        let line = |algorithm: u8, name: &str, id: &str| {
            format!("{PRIVATE}{name}+{id}+{}", BASE64.encode(&[&[algorithm], seed.as_slice()].concat()))
        };
        let id = id_of(&known);
        let good = line(4, "w.example/1", &id);
        assert!(good.matches('+').count() > 4, "some are in the secret");
        assert_eq!(parse(&good).unwrap().verifier(), known.verifier());
        let short = good[..good.len() - 4].to_owned();
        for bad in [line(1, "w.example/1", &id), line(4, "w.example/2", &id), line(4, "w.example/1", "00000000"), short]
        {
            assert!(parse(&bad).is_none(), "{bad}");
        }
    }
}
