// A right rests on evidence that only the vault writes: outside it the type has no name, and its fields none to reach.
fn main() {
    let _ = vault::grant::Evidence { subject: 1, on: [0; 16], holder: [0; 32] };
}
