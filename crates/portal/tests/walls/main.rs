//! The walls, seen over the whole route table: who is let in, what every look leaves behind, what never comes out,
//! and what no body breaks. A route without a case fails here with its path.
#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::items_after_statements,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::match_bool,
    clippy::format_push_string,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "a test stops where it goes wrong"
)]

mod attacker;
mod bad_input;
mod cases;
#[path = "../../../store/tests/conformance/engine.rs"]
mod engine;
mod operators;
mod orders;
#[path = "../../../vault/tests/stories/partner.rs"]
mod partner;
mod present;
mod ratchets;
mod reveals;
mod rights;
mod scan;
mod street;
#[path = "../../../vault/tests/stories/world.rs"]
mod world;
