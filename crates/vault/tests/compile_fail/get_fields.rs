// Opened fields have no name outside.
fn take(mut fields: vault::record::Fields) -> Option<String> {
    fields.take(vault::Field::Name)
}

fn main() {}
