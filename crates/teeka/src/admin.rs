//! `teeka admin`: what only whoever runs the machine does, before there is a manager.

use crate::folder::Folder;
use crate::serve::Nowhere;
use crate::{ambient, keys};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use registry::{District, Role, State};
use std::path::PathBuf;
use std::sync::Arc;
use vault::Vault;

/// Set up and mend an installation.
#[derive(Args)]
pub(crate) struct Admin {
    /// Data folder.
    #[arg(long, value_name = "DIR", global = true, default_value = "teeka-data")]
    data: PathBuf,
    /// Folder with the root keys; `keys` in the data folder by default.
    #[arg(long, value_name = "DIR", global = true)]
    keys: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Enrol the first manager; prints her password and authenticator secret once.
    FirstManager {
        /// Log-in name.
        login: String,
        /// Name.
        name: String,
    },
    /// Load states and districts from CSV: `kind,id,state,name,name_hi` with kind `state` or `district`.
    Geography {
        /// The file.
        file: PathBuf,
    },
    /// Rebuild the counters from the doses.
    Recount,
}

impl Admin {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let keys = keys::load(&self.keys.clone().unwrap_or_else(|| self.data.join("keys")))?;
        let folder = Folder::open(&self.data)?;
        let vault = folder.vault(&keys, "teeka", ambient::clock(), Arc::new(Nowhere))?;
        match &self.what {
            What::FirstManager { login, name } => first_manager(&vault, login, name).await,
            What::Geography { file } => geography(&vault, file).await,
            What::Recount => {
                let changed = vault.recount().await?;
                println!("{} counters rebuilt.", changed.0);
                Ok(())
            }
        }
    }
}

async fn first_manager(vault: &Vault, login: &str, name: &str) -> anyhow::Result<()> {
    let enrolled = vault.enrol_staff(login, name, Role::Manager, None)?;
    vault.set_up(enrolled.effect).await.context("a member of staff with this log-in name exists")?;
    println!("Log-in          {login}\nPassword        {}\nAuthenticator   {}", enrolled.password, enrolled.totp_secret);
    println!("They are shown once. She adds everyone else at /manager/staff.");
    Ok(())
}

async fn geography(vault: &Vault, file: &PathBuf) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (states, districts) = parse_geography(&text)?;
    let told = format!("{} states, {} districts.", states.len(), districts.len());
    vault.set_up(vault::geography(states, districts)).await?;
    println!("{told}");
    Ok(())
}

fn parse_geography(text: &str) -> anyhow::Result<(Vec<State>, Vec<District>)> {
    let (mut states, mut districts) = (Vec::new(), Vec::new());
    for (line, row) in (2..).zip(text.lines().skip(1)).filter(|(_, row)| !row.trim().is_empty()) {
        let cells: Vec<&str> = row.split(',').map(str::trim).collect();
        let [kind, id, state, name, name_hi] = cells[..] else { bail!("line {line}: five columns are expected") };
        let number = |text: &str| text.parse::<u32>().with_context(|| format!("line {line}: {text:?} is not a number"));
        let (id, name, name_hi) = (number(id)?, name.to_owned(), name_hi.to_owned());
        match kind {
            "state" => states.push(State { id: registry::StateId(id), name, name_hi }),
            "district" => {
                let state = registry::StateId(number(state)?);
                districts.push(District { id: registry::DistrictId(id), state, name, name_hi });
            }
            other => bail!("line {line}: the kind is state or district, not {other:?}"),
        }
    }
    Ok((states, districts))
}

#[cfg(test)]
mod tests {
    use super::parse_geography;

    #[test]
    fn geography_is_read_and_mistakes_are_named_by_line() {
        let text = "kind,id,state,name,name_hi\nstate,21,,Maharashtra,महाराष्ट्र\ndistrict,363,21,Pune,पुणे\n";
        let (states, districts) = parse_geography(text).unwrap();
        assert_eq!((states.len(), districts[0].state.0), (1, 21));
        let wrong = parse_geography("head\ntown,1,2,a,b").unwrap_err().to_string();
        assert_eq!(wrong, "line 2: the kind is state or district, not \"town\"");
    }
}
