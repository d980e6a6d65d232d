// A new view of a person is a new kind in the vault, seen in review.
struct Everything(String);

impl vault::Record for Everything {
    const FIELDS: &'static [vault::Field] = vault::Field::ALL;
    const PURPOSE: vault::Purpose = vault::Purpose::Family;
}

fn main() {}
