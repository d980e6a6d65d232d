//! `teeka demo`: everything on one port of the loopback address, with a synthetic world to try it on.

use crate::copies;
use crate::folder::Folder;
use crate::operators::Operators;
use crate::{ambient, keys, listen, partner, serve, witness, workers};
use anyhow::{Context, ensure};
use axum::Router;
use clap::Args;
use drill::seed::{self, LogIn, Post, Seeded, Stage};
use drill::world::{PersonPlan, World};
use indicatif::{ProgressBar, ProgressStyle};
use ledger::note::{Signer, Verifier};
use ledger::policy;

use portal::{Connected, DemoStaff, Inbox, Portal};
use registry::order::Authorities;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use vault::Clock;
use watch::witness::Witness;

/// The first line of a demonstration begins so; its address follows.
pub(crate) const GREETING: &str = "Teeka demonstration: http://";

/// Where the phones to try are kept between starts.
const PHONES: &str = "demo-phones.txt";

/// Who signs the certificates of the demonstration.
pub(crate) const ISSUER: &str = "demo.teeka";

/// Who may audit it.
const AUDITOR: &str = "demo";

/// Witnesses of the demonstration's log, and how many of them must cosign.
const WITNESSES: usize = 3;
const QUORUM: usize = 2;

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
    /// Have the keys kept by `teeka keys serve` behind this socket. It is given the folder `keys` of the data.
    #[arg(long, value_name = "SOCKET")]
    key_room: Option<PathBuf>,
    /// Serve so many specimens beside the rest, for `teeka bench`.
    #[arg(long, value_name = "N", hide = true)]
    specimens: Option<usize>,
    /// Keep the world in this PostgreSQL database, `postgres://…`, instead of the folder.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// Where another demonstration over the same data serves the witnesses of the log, `http://…`.
    #[arg(long, value_name = "URL", requires = "store")]
    witnesses_at: Option<String>,
    /// Start the clock at this time and let it run on, for pictures that can be taken again.
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,
}

/// A log-in as it is kept beside the data of the demonstration, and nowhere else.
#[derive(Serialize, Deserialize, Clone)]
pub(crate) struct Kept {
    plan: usize,
    login: String,
    about: String,
    password: String,
    totp_secret: String,
}

impl Demo {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        ensure!(
            self.listen.ip().is_loopback(),
            "the demonstration shows its messages to anyone: it listens on this machine only"
        );
        let listener =
            TcpListener::bind(self.listen).await.with_context(|| format!("cannot listen on {}", self.listen))?;
        let address = listener.local_addr()?;
        say!("{GREETING}{address}/");
        let folder = Folder::open_at(&self.data, self.store.as_deref(), self.key_room.is_some()).await?;
        let key_folder = self.data.join("keys");
        if folder.is_new && self.key_room.is_none() {
            keys::init(&key_folder, &keys::NAMES)?;
        }
        let keys = keys::load(&key_folder)?;
        let start_ms = self.now.map_or_else(ambient::now_ms, jiff::Timestamp::as_millisecond);
        let clock = ambient::Settable::at(start_ms);
        let inbox = Arc::new(Inbox::new(clock.clock()));
        let there = self.witnesses_at.clone().unwrap_or_else(|| format!("http://{address}"));
        let at = |(n, key): (usize, Signer)| policy::Witness {
            key: key.verifier().clone(),
            url: Some(format!("{there}/demo/witness/{n}")),
        };
        let witnesses = (1..).zip(witness_keys(&self.data)?).map(at).collect();
        let link = self.key_room.clone().map(|socket| keys.link(socket)).transpose()?;
        let folder = folder.with_keys_at(link).witnessed_by(witnesses, QUORUM);
        let vault = folder.vault(&keys, ISSUER, clock.clock(), Arc::clone(&inbox) as _)?;
        serve::begin(&vault).await?;
        let world = folder.is_new.then(|| Arc::new(World::generate(self.seed, vault.today(), self.people)));
        let staff = match &world {
            Some(world) => {
                // The log begins with the places, so they come when the world does.
                clock.set(seed::begins_ms(world).unwrap_or(start_ms));
                let staff = enter_places(&vault, world).await?;
                clock.set(start_ms);
                staff
            }
            None => read_staff(&self.data)?,
        };
        print_staff(&address, &staff);
        let demo = portal::Demo { inbox, staff: staff.iter().cloned().map(shown).collect() };
        let connected = Connected {
            messenger: Some(format!("http://{address}/demo/inbox")),
            auditors: vec![AUDITOR.into()],
            backup: None,
            authorities: Authorities::new([("high-court".to_owned(), "High Court of Delhi".to_owned())])?,
        };
        let portal = Portal::connected(Arc::clone(&vault), Some(demo), false, connected);
        let (operators, figures) = Operators::anywhere().open(portal.clone(), folder.path()).await?;
        let mut router = portal::router(portal);
        if self.witnesses_at.is_none() {
            router = router.merge(witness_router(&self.data, keys.secrets().log_key().verifier(), &clock.clock())?);
        }
        if let Some(many) = self.specimens {
            let specimens = Arc::new(vault.make_specimens(many).await?);
            router = router.merge(portal::specimens(Portal::new(Arc::clone(&vault), None, false), specimens));
        }
        let work = async {
            if let Some(world) = &world {
                enter_people(&folder, &keys, world, &staff, 0).await?;
                keys::write_private(&self.data.join(PHONES), phones_to_try(world).join(", ").as_bytes())?;
                partner::register_demo(&vault, &self.data).await?;
                finish(&self.data, &staff)?;
            }
            // A small world, and one made for a drill, has none to try.
            if let Some(phones) = std::fs::read_to_string(self.data.join(PHONES)).ok().filter(|list| !list.is_empty()) {
                say!("Families with doses and a booking sign in by {phones} at http://{address}/sign-in");
            }
            keys::write_anew(&self.data.join("auditor.txt"), vault.auditor_credential(AUDITOR).as_bytes())?;
            keys::write_anew(&self.data.join("policy.txt"), vault.watch().text().as_bytes())?;
            let data = self.data.display();
            say!(
                "Audit: teeka audit --url http://{address} --policy {data}/policy.txt --credential {data}/auditor.txt"
            );
            say!("Partner: id sandbox, key {data}/{}; how to sign: http://{address}/partners", partner::DEMO_KEY);
            copies::say_how(folder.path(), None, self.store.as_deref());
            say!("Ready.");
            tokio::join!(workers::work(&vault), folder.keep_root(&keys));
            Ok(())
        };
        tokio::select! {
            served = listen::serve(listener, router, None) => served,
            // It ends first when the process is asked to: what citizens asked is finished still.
            Err(error) = listen::serve(operators, figures, None) => Err(error),
            worked = work => worked,
        }
    }
}

/// The keys of three witnesses of the log. For real, each is another body's.
fn witness_keys(data: &Path) -> anyhow::Result<Vec<Signer>> {
    let key = |n: usize| {
        let folder = data.join("witnesses").join(n.to_string());
        keys::make_private_folder(&folder)?;
        witness::key(&folder.join("witness.key"), Some(&format!("demo.teeka/witness/{n}")))
    };
    (1..=WITNESSES).map(key).collect()
}

/// The three witnesses at work, each with a folder of its own.
pub(crate) fn witness_router(data: &Path, log: &Verifier, clock: &Clock) -> anyhow::Result<Router> {
    let mut router = Router::new();
    for (n, key) in (1..).zip(witness_keys(data)?) {
        let state = data.join("witnesses").join(n.to_string()).join("state");
        let one = Arc::new(Witness::open(&state, key, [log.clone()])?);
        let clock = Arc::clone(clock);
        let seconds = Arc::new(move || u64::try_from(clock() / 1000).unwrap_or(0));
        router = router.nest(&format!("/demo/witness/{n}"), watch::witness::router(one, seconds));
    }
    Ok(router)
}

/// Places, posts and sessions; returns the log-ins.
pub(crate) async fn enter_places(vault: &Arc<vault::Vault>, world: &World) -> anyhow::Result<Vec<Kept>> {
    Ok(seed::places(vault, world).await?.into_iter().map(kept).collect())
}

/// Notes the log-ins for the next start: only a world that is finished has them.
pub(crate) fn finish(data: &Path, staff: &[Kept]) -> anyhow::Result<()> {
    keys::write_private(&data.join("demo-staff.json"), serde_json::to_string_pretty(staff)?.as_bytes())
}

/// People come in by a second vault over the same data, whose clock goes through the past; last a crowd, that has none.
pub(crate) async fn enter_people(
    folder: &Folder,
    keys: &keys::Keys,
    world: &Arc<World>,
    staff: &[Kept],
    crowd: u32,
) -> anyhow::Result<()> {
    let (clock, post) = (ambient::Settable::at(0), Arc::new(Post::default()));
    let vault = folder.vault(keys, ISSUER, clock.clock(), Arc::clone(&post) as _)?;
    let stage = Arc::new(Stage { vault, post, put_clock: Box::new(move |ms| clock.set(ms)) });
    let log_ins: Vec<LogIn> = staff.iter().cloned().map(log_in).collect();
    let (seeded, started) = (Arc::new(Seeded::default()), Instant::now());
    let bar = ProgressBar::new(Seeded::all(world) + u64::from(crowd))
        .with_style(ProgressStyle::with_template("{bar:40} {percent}% {msg}")?);
    bar.set_message("people register, book and come");
    let entering = async {
        seed::people(&stage, world, &log_ins, &seeded).await?;
        (stage.put_clock)(ambient::now_ms());
        if crowd > 0 { seed::crowd(&stage, world, &log_ins, crowd, &seeded).await } else { Ok(()) }
    };
    let showing = async {
        loop {
            bar.set_position(seeded.done());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        entered = entering => entered?,
        () = showing => {}
    }
    bar.finish_and_clear();
    let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
    say!(
        "Seeded: {} people, {} doses, {} bookings ahead, {} refused by a rule; {:.1} s",
        count(&seeded.people),
        count(&seeded.doses),
        count(&seeded.bookings),
        count(&seeded.refused),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Phones of some families that have had doses and have a booking ahead.
fn phones_to_try(world: &World) -> Vec<String> {
    let tried = |person: &PersonPlan| !person.history.doses.is_empty() && person.history.booking.is_some();
    let mut phones: Vec<String> = world.people().filter(tried).map(|person| person.phone).collect();
    phones.dedup();
    phones.truncate(3);
    phones
}

fn log_in(one: Kept) -> LogIn {
    LogIn { plan: one.plan, login: one.login, about: one.about, password: one.password, totp_secret: one.totp_secret }
}

fn kept(one: LogIn) -> Kept {
    Kept { plan: one.plan, login: one.login, about: one.about, password: one.password, totp_secret: one.totp_secret }
}

fn shown(one: Kept) -> DemoStaff {
    DemoStaff { login: one.login, about: one.about, password: one.password, totp_secret: one.totp_secret }
}

fn read_staff(data: &Path) -> anyhow::Result<Vec<Kept>> {
    let text = std::fs::read_to_string(data.join("demo-staff.json"));
    let text =
        text.with_context(|| format!("{} holds no finished demonstration: remove it and start again", data.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn print_staff(address: &SocketAddr, staff: &[Kept]) {
    say!("Messages to phones:    http://{address}/demo/inbox");
    say!("Staff sign in:         http://{address}/staff     codes: http://{address}/demo/staff");
    for role in ["manager", "vaccinator", "officer"] {
        for one in staff.iter().filter(|one| one.about.starts_with(role)).take(2) {
            say!("  {:<28} password {}   authenticator {}   ({})", one.login, one.password, one.totp_secret, one.about);
        }
    }
}
