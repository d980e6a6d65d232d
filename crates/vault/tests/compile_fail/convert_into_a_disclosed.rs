// Nothing turns into one either.
fn main() {
    let _: vault::Disclosed<&str> = "Asha".into();
}
