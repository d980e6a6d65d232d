//! What goes on beside requests: the log is published, notices are sent, what has run out is swept. One node does it for all.

use crate::witnesses;
use std::sync::Arc;
use std::time::Duration;
use vault::Vault;

/// All of it, for ever.
pub(crate) async fn work(vault: &Arc<Vault>) {
    tokio::join!(witnesses::show(vault), send(vault), sweep(vault));
}

async fn send(vault: &Vault) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if !vault.leads() {
            continue;
        }
        if let Err(refused) = vault.send_notices().await {
            tracing::warn!(%refused, "notices wait");
        }
    }
}

async fn sweep(vault: &Vault) {
    loop {
        tokio::time::sleep(Duration::from_mins(1)).await;
        if let Err(refused) = vault.watch_law().await {
            tracing::warn!(%refused, "the law is not watched");
        }
        if !vault.leads() {
            continue;
        }
        if let Err(refused) = vault.sweep().await {
            tracing::warn!(%refused, "the sweep waits");
        }
        if let Err(refused) = vault.compare_facts().await {
            tracing::warn!(%refused, "facts and looks wait to be compared");
        }
    }
}
