fn phone(citizen: &vault::Citizen) -> &str {
    &citizen.memory.phone
}

fn main() {}
