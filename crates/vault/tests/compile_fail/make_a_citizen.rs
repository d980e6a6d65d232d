// A caller is a value that only the vault makes, from a token it issued.
fn main() {
    let _ = vault::Citizen { public: false, expires_ms: 0, idle_ms: 0 };
}
