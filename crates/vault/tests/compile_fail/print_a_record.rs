fn print(card: &vault::Card, slip: &vault::Slip, patient: &vault::Patient) {
    println!("{card:?} {slip:?} {patient:?}");
}

fn main() {}
