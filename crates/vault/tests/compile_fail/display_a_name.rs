fn print(name: &registry::Name, phone: &registry::Phone) {
    println!("{name} {phone}");
}

fn main() {}
