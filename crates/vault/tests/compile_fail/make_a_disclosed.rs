// Only the gate makes one: its field is private, and so is its constructor.
fn main() {
    let _ = vault::Disclosed { value: "Asha" };
    let _ = vault::Disclosed::new("Asha");
}
