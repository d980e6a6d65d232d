//! `teeka doctor`: whether keys, disk, clock and messenger are as they must be.

use crate::config::Config;
use crate::folder::{self, Folder};
use crate::{ambient, keys};
use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::Timestamp;
use ledger::Leaf;
use ledger::leaf::BUCKET_SECONDS;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::Store;

/// A data folder should have this much left, or the log cannot grow: one gigabyte, in kilobytes.
const LEAST_FREE_KB: u64 = 1_000_000;

/// Beyond this, every booking waits for the disk.
const SLOW_SYNC: Duration = Duration::from_millis(50);

/// So long before its end a certificate is to be another.
const RENEWED: Duration = Duration::from_hours(14 * 24);

/// Check keys, disk, clock and messenger.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Doctor {
    /// The configuration of `teeka serve`.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder of `teeka demo`.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Doctor {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = self.config.as_deref().map(Config::read).transpose()?;
        let (data, root) = match (&config, self.data) {
            (Some(config), _) => (config.data()?.to_owned(), config.keys()?.to_owned()),
            (None, Some(data)) => (data.clone(), data.join("keys")),
            (None, None) => bail!("a configuration or a data folder is needed"),
        };
        let store = config.as_ref().and_then(Config::store);
        let mut findings = vec![
            ("keys", keys::load(&root).map(|_| format!("three keys in {}, read by nobody else", root.display()))),
            ("data", holder(&data, store)),
            ("disk", free(&data)),
            ("sync", sync(&data)),
            ("clock", clock(&data, store).await),
        ];
        if let Some(url) = store {
            findings.push(("line", Store::line(url).map(str::to_owned).map_err(Into::into)));
            findings.push(("store", keeps(url).await));
        }
        if let Some(config) = &config {
            findings.push(("tls", tls(config)));
            findings.push(("messenger", messenger(config)));
        }
        report(findings)
    }
}

fn report(findings: Vec<(&str, anyhow::Result<String>)>) -> anyhow::Result<()> {
    let mut wrong = 0;
    for (what, found) in findings {
        match found {
            Ok(text) => say!("ok     {what:<10} {text}"),
            Err(error) => {
                wrong += 1;
                say!("WRONG  {what:<10} {error:#}");
            }
        }
    }
    ensure!(wrong == 0, "{wrong} of these need attention");
    Ok(())
}

fn holder(data: &Path, store: Option<&str>) -> anyhow::Result<String> {
    let is_there = data.join("teeka.db").exists() || store.is_some() && data.join("log").exists();
    ensure!(is_there, "there is no data in {}", data.display());
    let holder = if folder::is_held(data) { "a running teeka works on it" } else { "nobody works on it now" };
    Ok(format!("{}: {holder}", data.display()))
}

fn free(data: &Path) -> anyhow::Result<String> {
    let free = free_kb(data)?;
    ensure!(free >= LEAST_FREE_KB, "only {} MB are free", free / 1000);
    Ok(format!("{} MB are free", free / 1000))
}

/// Free kilobytes where a folder lies, as `df` sees them: the one way to ask that needs no library of its own.
pub(crate) fn free_kb(data: &Path) -> anyhow::Result<u64> {
    let output = std::process::Command::new("df").arg("-Pk").arg(data).output().context("`df` does not run")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let free =
        text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)).and_then(|kb| kb.parse::<u64>().ok());
    free.context("`df` says nothing about this folder")
}

/// How long the disk takes to make a small write durable: the median of nine.
fn sync(data: &Path) -> anyhow::Result<String> {
    let path = data.join(".doctor");
    let mut took = Vec::new();
    for _ in 0..9 {
        std::fs::remove_file(&path).ok();
        let start = Instant::now();
        keys::write_private(&path, &[0; 4096])?;
        took.push(start.elapsed());
    }
    std::fs::remove_file(&path)?;
    took.sort_unstable();
    ensure!(took[4] < SLOW_SYNC, "a write takes {} ms to be durable", took[4].as_millis());
    Ok(format!("a write is durable after {:.1} ms", took[4].as_secs_f64() * 1000.0))
}

/// A clock that stands before the newest entry would make a log that goes back in time.
async fn clock(data: &Path, store: Option<&str>) -> anyhow::Result<String> {
    let now = Timestamp::from_millisecond(ambient::now_ms())?;
    let year = now.strftime("%Y").to_string().parse::<i16>()?;
    ensure!((2025..2100).contains(&year), "it says the year {year}");
    let store = match store {
        Some(url) => Store::connect(url).await?,
        None => Folder::look(data)?.store().clone(),
    };
    let newest = store.read(|store| store.log_from(store.log_size()?.saturating_sub(1), 1)).await?;
    let bucket =
        newest.first().and_then(|row| Leaf::decode(&row.leaf)).map(|leaf| i64::from(leaf.bucket) * BUCKET_SECONDS);
    let Some(newest) = bucket else { return Ok(format!("{now}; the log is empty")) };
    ensure!(
        newest <= now.as_second(),
        "it says {now}, but the log has an entry of {}",
        Timestamp::from_second(newest)?
    );
    Ok(format!("{now}, after the newest entry of the log"))
}

/// What a server does before it answers that something is done.
async fn keeps(url: &str) -> anyhow::Result<String> {
    Ok(Store::connect(url).await?.read(store::Reader::keeps).await?.to_owned())
}

fn tls(config: &Config) -> anyhow::Result<String> {
    config.tls()?;
    let Some(ends) = config.tls_until()? else { return Ok("by the stated proxy".into()) };
    let now = Timestamp::from_millisecond(ambient::now_ms())?;
    ensure!(now + RENEWED < ends, "our own, and its certificate ends on {ends}: have it renewed");
    Ok(format!("our own, good until {ends}"))
}

fn messenger(config: &Config) -> anyhow::Result<String> {
    let host = config.messenger()?.host();
    let addresses = host.to_socket_addrs().with_context(|| format!("{host} has no address"))?;
    for address in addresses {
        if TcpStream::connect_timeout(&address, Duration::from_secs(5)).is_ok() {
            return Ok(format!("{host} answers; every message has a template id"));
        }
    }
    bail!("{host} does not answer")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};

    #[test]
    fn a_certificate_is_told_of_two_weeks_before_it_ends() {
        let folder = std::env::temp_dir().join(format!("teeka-doctor-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        let text = format!("[tls]\ncert = {cert:?}\nkey = {key:?}\n");
        for (days, is_well) in [(13, false), (15, true)] {
            let (own, mut wanted) =
                (KeyPair::generate().unwrap(), CertificateParams::new(["teeka.example".into()]).unwrap());
            wanted.not_after = (std::time::SystemTime::now() + Duration::from_hours(days * 24)).into();
            std::fs::write(&cert, wanted.self_signed(&own).unwrap().pem()).unwrap();
            std::fs::write(&key, own.serialize_pem()).unwrap();
            let said = tls(&toml::from_str(&text).unwrap());
            assert_eq!(said.is_ok(), is_well, "{days} days: {said:?}");
        }
        let said = tls(&toml::from_str("proxy = \"stated\"").unwrap()).unwrap();
        assert!(said.contains("proxy"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
