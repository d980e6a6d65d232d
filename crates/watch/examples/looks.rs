//! Prints the cases of `tests/looks/cases.json`.
#![allow(clippy::unwrap_used, reason = "it shares the generator of the tests")]

#[path = "../tests/looks/synthetic.rs"]
mod synthetic;

fn main() {
    print!("{}", synthetic::json());
}
