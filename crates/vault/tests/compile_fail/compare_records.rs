// Equality would answer questions about a person without showing her.
fn same(one: &vault::Card, other: &vault::Card) -> bool {
    one == other
}

fn main() {}
