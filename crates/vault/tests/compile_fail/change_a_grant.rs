// Whoever holds a right cannot turn it to another person.
fn turn(grant: vault::Grant, other: registry::PersonId) -> vault::Grant {
    match grant {
        vault::Grant::CitizenOtp(mut evidence) => {
            evidence.subject = other;
            vault::Grant::CitizenOtp(evidence)
        }
        same => same,
    }
}

fn main() {}
