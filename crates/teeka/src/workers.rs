//! What goes on beside requests: notices are sent, what has run out is swept.

use std::time::Duration;
use vault::Vault;

/// Both, for ever.
pub(crate) async fn work(vault: &Vault) {
    tokio::join!(send(vault), sweep(vault));
}

async fn send(vault: &Vault) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let Err(refused) = vault.send_notices().await {
            tracing::warn!(%refused, "notices wait");
        }
    }
}

async fn sweep(vault: &Vault) {
    loop {
        tokio::time::sleep(Duration::from_mins(1)).await;
        if let Err(refused) = vault.sweep().await {
            tracing::warn!(%refused, "the sweep waits");
        }
    }
}
