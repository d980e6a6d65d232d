fn print(card: &vault::Disclosed<vault::Card>) {
    println!("{card:?}");
}

fn main() {}
