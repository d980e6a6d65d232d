// The evidence of a presence that a caller brings is not the evidence that a grant rests on.
fn main() {
    let _ = vault::Grant::Presence(vault::Evidence::Card("12345678".into()));
}
