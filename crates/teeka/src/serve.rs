//! `teeka serve`: for real people. It starts only with a messenger, keys, and TLS or a stated proxy; it has no inbox.

use crate::config::Config;
use crate::copies;
use crate::folder::Folder;
use crate::{ambient, keys, listen, witnesses, workers};
use anyhow::Context;
use clap::Args;
use portal::Portal;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use vault::Vault;

/// Serve real people.
#[derive(Args)]
pub(crate) struct Serve {
    /// The configuration, in TOML.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let mut config = Config::read(&self.config)?;
        let link = config.key_room.take();
        let (address, messenger, tls) = (config.listen()?, config.messenger()?, config.tls()?);
        let connected = config.connected(&messenger)?;
        let (data, keys, issuer) = (config.data()?, keys::load(config.keys()?)?, config.issuer()?);
        let (outside, least) = config.witnesses()?;
        let folder = Folder::open_at(data, config.store(), link.is_some()).await?;
        let folder = folder.with_keys_at(link).witnessed_by(outside, least);
        let vault = folder.vault(&keys, issuer, ambient::clock(), Arc::new(messenger))?;
        witnesses::agree(&vault).await?;
        begin(&vault).await?;
        let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        let scheme = if tls.is_some() { "https" } else { "http, behind the stated proxy" };
        say!("Teeka serves {} ({scheme})", listener.local_addr()?);
        copies::say_how(data, Some(config.keys()?), config.store());
        let portal = Portal::connected(Arc::clone(&vault), None, true, connected);
        let (operators, figures) = config.operators.open(portal.clone(), data).await?;
        tokio::select! {
            served = listen::serve(listener, portal::router(portal), tls) => served,
            // It ends first when the process is asked to: what citizens asked is finished still.
            Err(error) = listen::serve(operators, figures, None) => Err(error),
            () = workers::work(&vault) => Ok(()),
            () = folder.keep_root(&keys) => Ok(()),
        }
    }
}

/// Takes up the log where its files end.
pub(crate) async fn begin(vault: &Vault) -> anyhow::Result<()> {
    let unknown = vault.begin_log().await.context("the log")?;
    if unknown > 0 {
        say!("The data is older than the log by {unknown} entries; the log goes on, and says so.");
    }
    Ok(())
}
