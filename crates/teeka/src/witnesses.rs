//! The log is shown to its witnesses, once a second while it grows, and published when enough of them have cosigned.

use anyhow::{Context, bail};
use ledger::note::Signature;
use ledger::policy::Witness;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use vault::{Fresh, Vault};

/// How often a log that grows is published.
const BEAT: Duration = Duration::from_secs(1);

/// How often one that stands still is cosigned again, so that everybody sees that it is watched.
const STILL: Duration = Duration::from_secs(30);

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Shows the log and publishes it, for ever.
pub(crate) async fn show(vault: &Arc<Vault>) {
    let agent =
        ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build().new_agent();
    let mut shown: Vec<Shown> =
        vault.watch().outside().iter().map(|one| Shown::new(one.clone(), agent.clone())).collect();
    let mut published: Option<(u64, Instant)> = None;
    loop {
        tokio::time::sleep(BEAT).await;
        let size = vault.log_size().await.ok();
        if published.is_some_and(|(before, at)| Some(before) == size && at.elapsed() < STILL) {
            continue;
        }
        match publish(vault, &mut shown).await {
            Ok(Some(size)) => published = Some((size, Instant::now())),
            Ok(None) => tracing::warn!("too few witnesses cosigned the log; it is shown to them again"),
            Err(error) => tracing::warn!(%error, "the log waits to be published"),
        }
    }
}

/// One round; answers how many entries are published, if enough cosigned.
async fn publish(vault: &Arc<Vault>, shown: &mut [Shown]) -> anyhow::Result<Option<u64>> {
    let fresh = Arc::new(vault.fresh_checkpoint().await?);
    let mut round = JoinSet::new();
    for (n, one) in shown.iter().enumerate() {
        let (vault, fresh, one) = (Arc::clone(vault), Arc::clone(&fresh), one.clone());
        round.spawn(async move { (n, one.ask(&vault, &fresh).await) });
    }
    let mut cosignatures = Vec::new();
    while let Some(asked) = round.join_next().await {
        match asked {
            Ok((n, Ok(had))) => {
                shown[n].cosigned = fresh.size;
                cosignatures.extend(had);
            }
            Ok((n, Err(error))) => tracing::warn!(witness = shown[n].witness.key.name(), %error, "no cosignature"),
            Err(error) => tracing::warn!(%error, "no cosignature"),
        }
    }
    let fresh = Arc::into_inner(fresh).context("a witness is asked still")?;
    let size = fresh.size;
    Ok(vault.publish(fresh, cosignatures).await?.then_some(size))
}

/// A witness, and how much of the log it has cosigned.
#[derive(Clone)]
struct Shown {
    witness: Witness,
    cosigned: u64,
    agent: ureq::Agent,
}

impl Shown {
    fn new(witness: Witness, agent: ureq::Agent) -> Self {
        Self { witness, cosigned: 0, agent }
    }

    /// Its cosignatures of a checkpoint. It may have seen more or less than is known here: then it says so once.
    async fn ask(&self, vault: &Vault, fresh: &Fresh) -> anyhow::Result<Vec<Signature>> {
        let (status, answer) = self.post(vault, fresh, self.cosigned).await?;
        let (status, answer) = match status {
            409 => {
                let old = answer.trim().parse().context("it does not say how much it has seen")?;
                self.post(vault, fresh, old).await?
            }
            _ => (status, answer),
        };
        if status != 200 {
            bail!("it answered {status}");
        }
        answer.lines().map(|line| line.parse().context("its cosignature is malformed")).collect()
    }

    async fn post(&self, vault: &Vault, fresh: &Fresh, old: u64) -> anyhow::Result<(u16, String)> {
        let url = self.witness.url.as_ref().context("it has no address")?;
        let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let (agent, body) = (self.agent.clone(), vault.ask_witness(fresh, old).await?.to_string());
        let answer = tokio::task::spawn_blocking(move || {
            let mut answer = agent.post(&url).send(&body)?;
            let text = answer.body_mut().with_config().limit(16 * 1024).read_to_string()?;
            Ok::<_, ureq::Error>((answer.status().as_u16(), text))
        });
        Ok(answer.await??)
    }
}
