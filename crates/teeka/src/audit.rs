//! `teeka audit`: whether a log is whole, in order, and true to what it says of itself.

use crate::ambient;
use anyhow::{Context, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use ledger::policy::Policy;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use watch::audit::{Report, Source, Terms, Unreachable, audit, saved_checkpoint};

/// Files that are fetched at the same time.
const AT_ONCE: usize = 8;

/// How long one file may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The longest file that is read, in bytes: a full bundle of the longest entries.
const LONGEST: u64 = 256 * (65_535 + 2);

/// Audit a log: whether it is whole, in order, and true to what it says of itself.
#[derive(Args)]
pub(crate) struct Audit {
    /// The platform's address, such as `https://teeka.example`; its log is at `/log/`.
    #[arg(long, value_name = "URL")]
    url: String,
    /// The file that says whom to believe. Get it from people you trust, not from the log.
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// The file with an auditor's credential; without it entries are not read.
    #[arg(long, value_name = "FILE")]
    credential: Option<PathBuf>,
    /// The checkpoint or the report of an earlier audit: the log must continue it.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Write the report here, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How many entries, drawn by chance, are to be opened.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=64))]
    open: u32,
}

impl Audit {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let report = tokio::task::spawn_blocking(move || self.audit()).await??;
        say!("{}", report.table().trim_end());
        ensure!(report.stands(), "the log is not what it should be");
        Ok(())
    }

    fn audit(&self) -> anyhow::Result<Report> {
        let policy: Policy = read(&self.policy)?.parse()?;
        let since = self.since.as_deref().map(|file| anyhow::Ok(saved_checkpoint(&read(file)?)?)).transpose()?;
        let credential = self.credential.as_deref().map(read).transpose()?;
        let mut nonce = [0; 32];
        ambient::random()(&mut nonce);
        let terms = Terms {
            policy: &policy,
            since: since.as_ref(),
            has_credential: credential.is_some(),
            open: self.open,
            nonce,
            now_s: u64::try_from(ambient::now_ms() / 1000).context("the clock is wrong")?,
        };
        let site = Site::new(&self.url, credential.as_deref().map(str::trim))?;
        let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} entries {eta}")?);
        let begun = Instant::now();
        let mut report = audit(&site, &terms, &mut |read, all| {
            bar.set_length(all);
            bar.set_position(read);
        })?;
        report.seconds = Some(begun.elapsed().as_secs_f64());
        bar.finish_and_clear();
        if let Some(file) = &self.json {
            std::fs::write(file, serde_json::to_string_pretty(&report)?).with_context(|| file.display().to_string())?;
        }
        Ok(report)
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// A log's address.
pub(crate) struct Site {
    agent: ureq::Agent,
    log: String,
    authorization: Option<String>,
}

impl Site {
    pub(crate) fn new(url: &str, credential: Option<&str>) -> anyhow::Result<Self> {
        ensure!(url.starts_with("https://") || url.starts_with("http://"), "{url} is not an http or https address");
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_idle_connections(AT_ONCE)
            .max_idle_connections_per_host(AT_ONCE)
            .http_status_as_error(false)
            .build()
            .new_agent();
        let authorization = credential.map(|credential| format!("Bearer {credential}"));
        Ok(Self { agent, log: format!("{}/log/", url.trim_end_matches('/')), authorization })
    }

    /// The answer, if it is one of these: 200, 404 and, to a draw, 409.
    fn fetch(&self, path: &str, draw: Option<&str>) -> Result<(u16, Vec<u8>), Unreachable> {
        let (address, why) = (format!("{}{path}", self.log), |why: String| Unreachable(format!("{path}: {why}")));
        let authorization = self.authorization.as_deref().map(|value| ("authorization", value));
        let answer = match draw {
            Some(draw) => {
                let request = self.agent.post(&address).header("content-type", "application/json");
                authorization.into_iter().fold(request, |request, (name, value)| request.header(name, value)).send(draw)
            }
            None => {
                let request = self.agent.get(&address);
                authorization.into_iter().fold(request, |request, (name, value)| request.header(name, value)).call()
            }
        };
        let mut answer = answer.map_err(|error| why(error.to_string()))?;
        let mut bytes = Vec::new();
        match answer.status().as_u16() {
            200 => {
                let read = answer.body_mut().as_reader().take(LONGEST).read_to_end(&mut bytes);
                read.map(|_| (200, bytes)).map_err(|error| why(error.to_string()))
            }
            status @ (404 | 409) => Ok((status, bytes)),
            401 | 403 => Err(why("the credential is not accepted".into())),
            status => Err(why(format!("the answer is {status}"))),
        }
    }
}

impl Source for Site {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        let (status, bytes) = self.fetch(path, None)?;
        Ok((status == 200).then_some(bytes))
    }

    fn get_each(&self, paths: &[String]) -> Result<Vec<Option<Vec<u8>>>, Unreachable> {
        let some = paths.chunks(paths.len().div_ceil(AT_ONCE).max(1));
        std::thread::scope(|scope| {
            let fetch = |paths: &'_ [String]| paths.iter().map(|path| self.get(path)).collect::<Result<Vec<_>, _>>();
            let fetching: Vec<_> = some.map(|paths| scope.spawn(move || fetch(paths))).collect();
            let mut files = Vec::with_capacity(paths.len());
            for one in fetching {
                files.extend(one.join().map_err(|_| Unreachable("fetching was broken off".into()))??);
            }
            Ok(files)
        })
    }

    fn open(&self, draw: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        match self.fetch("open", Some(draw))? {
            (200, bytes) => Ok(Some(bytes)),
            (409, _) => Ok(None),
            _ => Err(Unreachable("it has nothing under that address".into())),
        }
    }
}
