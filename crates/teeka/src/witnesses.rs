//! The log is shown to its witnesses, once a second while it grows, and published when enough of them have cosigned.

use anyhow::{Context, bail, ensure};
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

/// What is to be done when witnesses know a log that ours does not continue.
const NO_WAY_ON: &str = "the data or its log is an older copy, or another one. Nothing is shown and nothing is taken with it. \
    Bring the newest copy of the log's files into the folder `log` of the data, from a backup or from whoever mirrors them \
    whole, and start again: the data goes on where those files end, and says so in the log. Where nobody has them a new log \
    has to begin, which docs/adr/0017 describes and this build does not do";

/// Asks the witnesses, before anything is written, whether they know this log.
///
/// # Errors
/// When so many have cosigned more of it, or another, that too few are left.
pub(crate) async fn agree(vault: &Arc<Vault>) -> anyhow::Result<()> {
    let mut shown = all(vault);
    if shown.is_empty() {
        return Ok(());
    }
    let standing = Arc::new(vault.standing_checkpoint().await.context("the log")?);
    let Round { others, .. } = round(vault, &mut shown, &standing).await;
    ensure!(!vault.watch().contradicted_by(others.len()), "{}: {NO_WAY_ON}", others.join("; "));
    Ok(())
}

fn all(vault: &Vault) -> Vec<Shown> {
    let agent =
        ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build().new_agent();
    vault.watch().outside().iter().map(|one| Shown::new(one.clone(), agent.clone())).collect()
}

/// Shows the log and publishes it, for ever.
pub(crate) async fn show(vault: &Arc<Vault>) {
    let mut shown = all(vault);
    let mut published: Option<(u64, Instant)> = None;
    loop {
        tokio::time::sleep(BEAT).await;
        if !vault.leads() {
            if let Err(error) = vault.follow_log().await {
                tracing::warn!(%error, "what the leading node publishes is not seen");
            }
            continue;
        }
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

/// What a round of all witnesses came to.
#[derive(Default)]
struct Round {
    cosignatures: Vec<Signature>,
    /// Who has cosigned a tree that this one does not continue, in words.
    others: Vec<String>,
}

async fn round(vault: &Arc<Vault>, shown: &mut [Shown], fresh: &Arc<Fresh>) -> Round {
    let mut asked = JoinSet::new();
    for (n, one) in shown.iter().enumerate() {
        let (vault, fresh, one) = (Arc::clone(vault), Arc::clone(fresh), one.clone());
        asked.spawn(async move { (n, one.ask(&vault, &fresh).await) });
    }
    let mut round = Round::default();
    while let Some(asked) = asked.join_next().await {
        match asked {
            Ok((n, Ok(Said::Cosigned(had)))) => {
                shown[n].cosigned = fresh.size;
                round.cosignatures.extend(had);
            }
            Ok((n, Ok(Said::Another(seen)))) => {
                let (name, size) = (shown[n].witness.key.name(), fresh.size);
                round
                    .others
                    .push(format!("{name} has cosigned {seen} entries of this log, which its {size} do not continue"));
            }
            Ok((n, Err(error))) => tracing::warn!(witness = shown[n].witness.key.name(), %error, "no cosignature"),
            Err(error) => tracing::warn!(%error, "no cosignature"),
        }
    }
    round
}

/// One round; answers how many entries are published, if enough cosigned.
async fn publish(vault: &Arc<Vault>, shown: &mut [Shown]) -> anyhow::Result<Option<u64>> {
    let fresh = Arc::new(vault.fresh_checkpoint().await?);
    let Round { cosignatures, others } = round(vault, shown, &fresh).await;
    for other in &others {
        tracing::error!("{other}");
    }
    ensure!(!vault.watch().contradicted_by(others.len()), "{NO_WAY_ON}");
    let fresh = Arc::into_inner(fresh).context("a witness is asked still")?;
    let size = fresh.size;
    Ok(vault.publish(fresh, cosignatures).await?.then_some(size))
}

/// What a witness says.
enum Said {
    /// That it cosigns.
    Cosigned(Vec<Signature>),
    /// That it has cosigned so many entries, and these are not their continuation.
    Another(u64),
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
    async fn ask(&self, vault: &Vault, fresh: &Fresh) -> anyhow::Result<Said> {
        let mut old = self.cosigned;
        let (mut status, mut answer) = self.post(vault, fresh, old).await?;
        if status == 409 {
            old = answer.trim().parse().context("it does not say how much it has seen")?;
            if old > fresh.size {
                ensure!(vault.log_size().await? < old, "another node shows it the log, which has grown");
                return Ok(Said::Another(old));
            }
            (status, answer) = self.post(vault, fresh, old).await?;
        }
        match status {
            200 => {
                let cosignatures = answer.lines().map(|line| line.parse().context("its cosignature is malformed"));
                Ok(Said::Cosigned(cosignatures.collect::<anyhow::Result<_>>()?))
            }
            422 => Ok(Said::Another(old)),
            _ => bail!("it answered {status}"),
        }
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
