fn keep(key: &keyroom::FieldKey) -> keyroom::FieldKey {
    println!("{key:?}");
    keyroom::FieldKey::clone(key)
}

fn main() {}
