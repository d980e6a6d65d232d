//! The main job and its dark corners, told through the vault's own verbs.

mod certificate;
mod door;
mod family;
mod journey;
mod law;
mod presence;
mod world;
