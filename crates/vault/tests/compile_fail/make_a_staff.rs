fn promote(staff: vault::Staff) -> vault::Staff {
    vault::Staff { role: registry::Role::Manager, ..staff }
}

fn main() {}
