//! `teeka admin`: what must be done before there is anybody who could do it on a page.

use crate::config::Config;
use crate::folder::{Folder, Nowhere};
use crate::partner::Partner;
use crate::{ambient, keys};
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use drill::world::World;
use registry::{District, Role, State};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use vault::Vault;

/// Set an installation up.
#[derive(Args)]
pub(crate) struct Admin {
    /// The data folder.
    #[arg(long, value_name = "DIR", global = true, default_value = "teeka-data")]
    data: PathBuf,
    /// Folder of the root keys; by default `keys` in the data folder.
    #[arg(long, value_name = "DIR", global = true)]
    keys: Option<PathBuf>,
    /// The configuration of `teeka serve`, where the data is in a database or the key room apart: it says where all lies.
    #[arg(long, value_name = "FILE", global = true, conflicts_with_all = ["data", "keys"])]
    config: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add the first manager, who adds everybody else on her pages.
    FirstManager {
        /// Log-in name.
        login: String,
        /// Her name.
        name: String,
    },
    /// Print a credential for an auditor of the log, by which its entries can be counted and drawn ones opened.
    Auditor {
        /// Her name, as it will stand in the log.
        name: String,
    },
    /// Partners' programs that may ask people for a consent.
    #[command(subcommand)]
    Client(Partner),
    /// Rebuild the counters from the doses.
    Recount,
    /// Enter states and districts: those of the demonstration, or those of a JSON file.
    Geography {
        /// `{"states": [{"id", "name", "name_hi"}], "districts": [{"id", "state", "name", "name_hi"}]}`
        file: Option<PathBuf>,
    },
}

#[derive(Deserialize)]
struct Geography {
    states: Vec<State>,
    districts: Vec<District>,
}

impl Admin {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let (keys, folder) = match self.config.as_deref().map(Config::read).transpose()? {
            Some(mut config) => {
                let (keys, link) = (keys::load(config.keys()?)?, config.key_room.take());
                (keys, Folder::open_at(config.data()?, config.store(), link.is_some()).await?.with_keys_at(link))
            }
            None => (keys::load(&self.keys.unwrap_or_else(|| self.data.join("keys")))?, Folder::open(&self.data)?),
        };
        let vault = folder.vault(&keys, "admin", ambient::clock(), Arc::new(Nowhere))?;
        match self.what {
            What::FirstManager { login, name } => first_manager(&folder, &vault, &login, &name).await,
            What::Auditor { name } => {
                say!("{}", vault.auditor_credential(&name));
                Ok(())
            }
            What::Client(client) => client.run(&vault).await,
            What::Recount => {
                say!("{} counters stand.", vault.recount().await?.0);
                Ok(())
            }
            What::Geography { file } => geography(&vault, file).await,
        }
    }
}

async fn first_manager(folder: &Folder, vault: &Vault, login: &str, name: &str) -> anyhow::Result<()> {
    let staff = folder.store().read(store::Reader::all_staff).await?;
    let there = staff.iter().any(|one| one.active && one.role == Role::Manager);
    ensure!(!there, "there is a manager already: she adds others on her pages");
    let enrolled = vault.enrol_staff(login, name, Role::Manager, None)?;
    vault.set_up(enrolled.effect).await.context("this log-in name is taken")?;
    say!("Log-in name    {login}");
    say!("Password       {}", enrolled.password);
    say!("Authenticator  {}", enrolled.totp_secret);
    say!("They are shown this once. Hand them over in person.");
    Ok(())
}

async fn geography(vault: &Vault, file: Option<PathBuf>) -> anyhow::Result<()> {
    let geography = if let Some(file) = file {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        serde_json::from_str(&text).with_context(|| file.display().to_string())?
    } else {
        let world = World::generate(0, vault.today(), 0);
        Geography { states: drill::seed::states(&world), districts: drill::seed::districts(&world) }
    };
    let (states, districts) = (geography.states.len(), geography.districts.len());
    vault.set_up(vault::geography(geography.states, geography.districts)).await?;
    say!("{states} states and {districts} districts stand.");
    Ok(())
}
