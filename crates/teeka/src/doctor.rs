//! `teeka doctor`: keys, disk, clock, messenger.

use crate::messenger::Gateway;
use crate::serve::Config;
use crate::{ambient, keys};
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use store::{KeyFile, Store};

/// Look whether an installation is well.
#[derive(Args)]
pub(crate) struct Doctor {
    /// The configuration of `teeka serve`.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    config: Option<PathBuf>,
    /// A data folder, such as a demonstration's.
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
}

/// One look.
struct Finding {
    what: &'static str,
    result: Result<String, String>,
}

impl Doctor {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = self.config.as_deref().map(Config::read).transpose()?;
        let data = config.as_ref().map_or(self.data, |config| config.data.clone());
        let key_folder = config.as_ref().and_then(|config| config.keys.clone()).unwrap_or_else(|| data.join("keys"));
        let findings = [
            Finding { what: "keys", result: check_keys(&key_folder) },
            Finding { what: "disk", result: check_disk(&data) },
            Finding { what: "data", result: check_data(&data).await.map_err(|error| format!("{error:#}")) },
            Finding { what: "clock", result: check_clock(&data).await.map_err(|error| format!("{error:#}")) },
            Finding { what: "messenger", result: check_messenger(config) },
        ];
        for Finding { what, result } in &findings {
            match result {
                Ok(text) => println!("  well   {what:<10} {text}"),
                Err(text) => println!("  ILL    {what:<10} {text}"),
            }
        }
        if findings.iter().any(|finding| finding.result.is_err()) {
            bail!("something is ill");
        }
        Ok(())
    }
}

fn check_keys(folder: &Path) -> Result<String, String> {
    keys::load(folder).map(|_| format!("three, readable by their owner alone, in {}", folder.display())).map_err(|e| format!("{e:#}"))
}

/// A file is written, synced and removed: what the log needs at every look.
fn check_disk(data: &Path) -> Result<String, String> {
    let file = data.join(format!("doctor-{}", ambient::now_ms()));
    let started = std::time::Instant::now();
    let written = keys::write_private(&file, &[0; 4096]);
    let took = started.elapsed();
    let _ = std::fs::remove_file(&file);
    written.map(|()| format!("writes and syncs in {:.1} ms", took.as_secs_f64() * 1000.0)).map_err(|e| format!("{e:#}"))
}

async fn check_data(data: &Path) -> anyhow::Result<String> {
    if !data.join("teeka.db").exists() {
        bail!("there is no data in {}", data.display());
    }
    let entries = Store::open(data)?.read(store::Reader::log_size).await?;
    let released = KeyFile::open(data)?.released()?;
    Ok(format!("{entries} entries in the log, {released} field keys released"))
}

/// The clock must be past the build's own year, and not behind the newest entry by more than a bucket.
async fn check_clock(data: &Path) -> anyhow::Result<String> {
    let store = Store::open(data)?;
    let size = store.read(store::Reader::log_size).await?;
    let newest = store.read(move |reader| reader.log_from(size.saturating_sub(1), 1)).await?;
    let bucket = newest.first().and_then(|row| ledger::Leaf::decode(&row.leaf)).map_or(0, |leaf| leaf.bucket);
    let now = ledger::leaf::bucket(ambient::now_ms());
    let year = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year();
    if year < 2026 {
        bail!("it says {year}");
    }
    if now + 1 < bucket {
        bail!("it is {} minutes behind the newest entry of the log", (bucket - now) * 10);
    }
    Ok("not behind the log".to_owned())
}

fn check_messenger(config: Option<Config>) -> Result<String, String> {
    let Some(config) = config else { return Ok("a demonstration keeps messages in memory".into()) };
    let messenger = config.messenger.ok_or("no [messenger] in the configuration")?;
    let gateway = Gateway::new(&messenger).context("the gateway").map_err(|error| format!("{error:#}"))?;
    gateway.answers().map(|()| format!("{} answers", messenger.url))
}
