async fn read(vault: &vault::Vault, row: &vault::rows::PersonRow, receipt: keyroom::Receipt) {
    let _ = vault.redeem(row, receipt).await;
}

fn main() {}
