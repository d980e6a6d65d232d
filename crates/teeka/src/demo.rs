//! `teeka demo`: everything on one port of the loopback address, with a synthetic world to try it on.

use crate::folder::Folder;
use crate::{ambient, keys, listen, workers};
use anyhow::{Context, ensure};
use clap::Args;
use drill::seed::{self, LogIn};
use drill::world::World;
use portal::{DemoStaff, Inbox, Portal};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Try everything here, with a synthetic world.
#[derive(Args)]
pub(crate) struct Demo {
    /// Folder in which the world is kept between starts.
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// Where to listen; on this machine only.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many people live in the world.
    #[arg(long, default_value_t = 3000)]
    people: u32,
    /// Which world: the same number makes the same people and places.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Start the clock at this time and let it run on, for pictures that can be taken again.
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,
}

/// A log-in as it is kept beside the data of the demonstration, and nowhere else.
#[derive(Serialize, Deserialize, Clone)]
struct Kept {
    login: String,
    about: String,
    password: String,
    totp_secret: String,
}

impl Demo {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        ensure!(self.listen.ip().is_loopback(), "the demonstration shows its messages to anyone: it listens on this machine only");
        let listener = TcpListener::bind(self.listen).await.with_context(|| format!("cannot listen on {}", self.listen))?;
        let address = listener.local_addr()?;
        println!("Teeka demonstration: http://{address}/");
        let folder = Folder::open(&self.data)?;
        let key_folder = self.data.join("keys");
        if folder.is_new {
            keys::init(&key_folder)?;
        }
        let keys = keys::load(&key_folder)?;
        let start_ms = self.now.map_or_else(ambient::now_ms, jiff::Timestamp::as_millisecond);
        let clock = ambient::Settable::at(start_ms);
        let inbox = Arc::new(Inbox::new(clock.clock()));
        let vault = folder.vault(&keys, "demo.teeka", clock.clock(), Arc::clone(&inbox) as _)?;
        let staff = if folder.is_new { self.seed(&vault).await? } else { read_staff(&self.data)? };
        print_staff(&address, &staff);
        let demo = portal::Demo { inbox, staff: staff.into_iter().map(shown).collect() };
        let router = portal::router(Portal::new(Arc::clone(&vault), Some(demo), false));
        println!("Keep a copy of it:     teeka backup --data {} --keys-to KEYS DIR", folder.path().display());
        tokio::select! {
            served = listen::serve(listener, router, None) => served,
            () = workers::work(&vault) => Ok(()),
        }
    }

    async fn seed(&self, vault: &Arc<vault::Vault>) -> anyhow::Result<Vec<Kept>> {
        let world = World::generate(self.seed, vault.today(), self.people);
        let staff: Vec<Kept> = seed::places(vault, &world).await?.into_iter().map(kept).collect();
        keys::write_private(&self.data.join("demo-staff.json"), serde_json::to_string_pretty(&staff)?.as_bytes())?;
        Ok(staff)
    }
}

fn kept(one: LogIn) -> Kept {
    Kept { login: one.login, about: one.about, password: one.password, totp_secret: one.totp_secret }
}

fn shown(one: Kept) -> DemoStaff {
    DemoStaff { login: one.login, about: one.about, password: one.password, totp_secret: one.totp_secret }
}

fn read_staff(data: &Path) -> anyhow::Result<Vec<Kept>> {
    let text = std::fs::read_to_string(data.join("demo-staff.json")).context("this folder was not made by `teeka demo`")?;
    Ok(serde_json::from_str(&text)?)
}

fn print_staff(address: &SocketAddr, staff: &[Kept]) {
    println!("Messages to phones:    http://{address}/demo/inbox");
    println!("Staff sign in:         http://{address}/staff     codes: http://{address}/demo/staff");
    for role in ["manager", "vaccinator"] {
        for one in staff.iter().filter(|one| one.about.starts_with(role)).take(2) {
            println!("  {:<28} password {}   authenticator {}   ({})", one.login, one.password, one.totp_secret, one.about);
        }
    }
}
