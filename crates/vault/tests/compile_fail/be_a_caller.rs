// Nobody else calls.
struct Partner;

impl vault::Calls for Partner {}

fn main() {}
