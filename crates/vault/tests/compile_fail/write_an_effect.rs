// Effects reach the store through named verbs alone.
async fn erase(vault: &vault::Vault, person: registry::PersonId) {
    let _ = vault.configure(vault::Effect::Void { person }).await;
}

fn main() {}
