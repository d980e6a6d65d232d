fn keep(grant: &vault::Grant) -> vault::Grant {
    vault::Grant::clone(grant)
}

fn main() {}
