//! The main job and its dark corners, told through the vault's own verbs.
#![allow(
    clippy::unwrap_used,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "a test stops where it goes wrong"
)]

mod cases;
mod certificate;
mod consent;
mod crash;
mod door;
mod family;
mod journey;
mod law;
mod leaving;
mod log;
mod moving;
mod outside;
mod partner;
mod presence;
mod present;
mod proof;
mod tampering;
mod watching;
mod world;
