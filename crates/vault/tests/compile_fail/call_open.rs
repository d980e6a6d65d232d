// What opens fields without handing out a Disclosed is the vault's own.
async fn read(vault: &vault::Vault, citizen: &vault::Citizen, grant: &vault::Grant) {
    let _ = vault.open(&citizen.actor(), grant, vault::Kind::Use, vault::Purpose::Family, &[vault::Field::Name]).await;
}

fn main() {}
