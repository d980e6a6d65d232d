// There is no service, admin, partner, trusted, white-listed or break-glass right.
fn main() {
    let _ = vault::Grant::Admin;
    let _ = vault::Grant::BreakGlass;
}
