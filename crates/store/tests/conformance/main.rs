//! What every store must do, asked through `Store` alone. Each story runs on every engine of
//! [`engine::Engine::all`], and over shards, or says why not.
#![allow(
    clippy::unwrap_used,
    clippy::items_after_statements,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "a test stops where it goes wrong"
)]

mod cases;
mod consent;
mod door;
mod engine;
mod facts;
mod fixture;
mod group;
mod keys;
mod lanes;
mod lines;
mod log;
mod model;
mod moving;
mod nodes;
mod orders;
mod people;
mod places;
mod plain;
mod present;
mod rights;
mod secrecy;
mod shards;
mod work;
