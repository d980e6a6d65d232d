// Consents and cases come with later issues: no value of their evidence exists.
fn main() {
    let _ = vault::Grant::Case(vault::Never);
}
