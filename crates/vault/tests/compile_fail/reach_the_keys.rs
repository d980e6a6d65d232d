// The vault lends neither its key room nor its store.
fn reach(vault: &vault::Vault) {
    let _ = &vault.keys;
    let _ = &vault.store;
    let _ = &vault.secrets;
}

fn main() {}
