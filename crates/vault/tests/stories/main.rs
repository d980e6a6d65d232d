//! The main job and its dark corners, told through the vault's own verbs.
#![allow(
    clippy::unwrap_used,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "a test stops where it goes wrong"
)]

mod attacker;
mod beyond;
mod cases;
mod certificate;
mod consent;
mod crash;
mod cut_consent;
mod door;
#[path = "../../../store/tests/conformance/engine.rs"]
mod engine;
mod family;
mod journey;
mod lanes;
mod law;
mod leaving;
mod log;
mod moved;
mod moving;
mod nodes;
mod orders;
mod outside;
mod partner;
mod presence;
mod present;
mod proof;
mod tampering;
mod unwritable;
mod watching;
mod world;
