fn wrap(root: &keyroom::Root, secrets: &vault::Secrets) {
    let _ = root.unwrap(&[], &[0; 16], "data");
    let _ = secrets.audit_key(0);
}

fn main() {}
