fn send(name: &registry::Name, phone: &registry::Phone) -> (String, String) {
    (serde_json::to_string(name).unwrap(), serde_json::to_string(phone).unwrap())
}

fn main() {}
