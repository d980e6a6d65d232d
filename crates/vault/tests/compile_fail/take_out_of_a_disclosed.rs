// It lends its record, and never gives it away.
fn keep(disclosed: vault::Disclosed<vault::Card>) -> vault::Card {
    *disclosed
}

fn main() {}
