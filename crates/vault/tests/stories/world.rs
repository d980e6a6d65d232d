//! A vault with a small district in it: one centre, a session today, staff who can sign in, a clock that is set, and
//! a messenger that keeps what it was given.
#![allow(dead_code, reason = "the stories of each room use a part of it")]

use crate::engine::{Engine, Ground};
use credential::Issuer;
use data_encoding::BASE32_NOPAD;
use jiff::civil::{Date, date, time};
use keyroom::{KeyRoom, Keys, Root};
use ledger::note::Verifier;
use ledger::policy::Witness;
use ledger::{Kind, Leaf};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use registry::{
    AgeBand, AppointmentId, BirthYear, Centre, CentreId, District, DistrictId, Fee, Gender, PersonId, Phone, Pincode,
    Reference, Role, SessionId, Slot, StaffId, State, StateId, Vaccine,
};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use store::{Fuse, KeyFile, LogFiles, Store};
use vault::rows::BatchRow;
use vault::{
    BookingRequest, Caller, Channel, Citizen, CodeFor, Effect, Enrolled, Evidence, Given, KeyShelf, Log, Message,
    Messenger, NewPerson, NewSession, Opened, Parts, Random, Registered, Secrets, Sending, Slip, Staff, Undelivered,
    Vault, Watch, geography, totp,
};

pub(crate) const DAY: Date = date(2026, 11, 24);
/// Ten in the morning in India on [`DAY`].
pub(crate) const NOW: i64 = 1_795_494_600_000;
pub(crate) const CENTRE: CentreId = CentreId(601);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The vault's secret, and the key room's root.
pub(crate) const SECRET: [u8; 32] = [8; 32];
pub(crate) const ROOT: [u8; 32] = [7; 32];

/// What went out, and whether the gateway takes more.
#[derive(Default)]
pub(crate) struct Outbox {
    pub(crate) sent: Mutex<Vec<(String, Message)>>,
    pub(crate) down: AtomicBool,
}

impl Messenger for Outbox {
    fn send(&self, phone: Phone, message: Message, _: String) -> Sending<'_> {
        Box::pin(async move {
            if self.down.load(Ordering::SeqCst) {
                return Err(Undelivered("the gateway is down".into()));
            }
            self.sent.lock().unwrap().push((phone.digits().to_owned(), message));
            Ok(())
        })
    }
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Log-in name, password and authenticator secret.
#[derive(Clone)]
pub(crate) struct Credentials(pub(crate) String, pub(crate) String, pub(crate) Vec<u8>);

pub(crate) struct World {
    pub(crate) vault: Arc<Vault>,
    pub(crate) room: Arc<KeyRoom<KeyShelf>>,
    pub(crate) store: Store,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) session: SessionId,
    credentials: Mutex<HashMap<String, Credentials>>,
    ids: Mutex<HashMap<String, StaffId>>,
    ground: Arc<Ground>,
    /// The witnesses besides the key room, and how many of them must cosign.
    watched: (Vec<Witness>, usize),
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(100).await
    }

    /// A world on this engine, whatever this run's is.
    pub(crate) async fn on(engine: Engine) -> Self {
        Self::made_on(engine, 100, &[], 0).await
    }

    /// A world in which codes have eight digits after so many wrong ones in a day.
    pub(crate) async fn with(wrong_codes_a_day: u64) -> Self {
        Self::made(wrong_codes_a_day, &[], 0).await
    }

    /// A world whose log is shown to this witness.
    pub(crate) async fn watched_by(witness: Verifier) -> Self {
        Self::made(100, &[Witness { key: witness, url: None }], 1).await
    }

    /// A world whose log is shown to these witnesses, of whom one must cosign.
    pub(crate) async fn watched_by_one_of(witnesses: impl IntoIterator<Item = Verifier>) -> Self {
        let outside: Vec<_> = witnesses.into_iter().map(|key| Witness { key, url: None }).collect();
        Self::made(100, &outside, 1).await
    }

    async fn made(wrong_codes_a_day: u64, outside: &[Witness], least: usize) -> Self {
        Self::made_on(Engine::of_this_run(), wrong_codes_a_day, outside, least).await
    }

    async fn made_on(engine: Engine, wrong_codes_a_day: u64, outside: &[Witness], least: usize) -> Self {
        let ground = Arc::new(Ground::new(engine));
        let store = ground.open();
        let clock = Arc::new(AtomicI64::new(NOW));
        let outbox = Arc::new(Outbox::default());
        let watched = (outside.to_vec(), least);
        let (vault, room) =
            open(ground.folder(), &store, &clock, &outbox, (wrong_codes_a_day, &watched, &Fuse::default()));
        let world = Self {
            vault,
            room,
            store,
            clock,
            outbox,
            session: SessionId::from_random([1; 16]),
            credentials: Mutex::default(),
            ids: Mutex::default(),
            ground,
            watched,
        };
        world.furnish().await;
        world
    }

    async fn furnish(&self) {
        let district = DistrictId(141);
        let states = vec![State { id: StateId(9), name: "Delhi".into(), name_hi: "दिल्ली".into() }];
        let districts = vec![District {
            id: district,
            state: StateId(9),
            name: "Central Delhi".into(),
            name_hi: "मध्य दिल्ली".into(),
        }];
        let centre = Centre {
            id: CENTRE,
            district,
            name: "Aruna Asaf Ali Hospital".into(),
            address: "Rajpur Road".into(),
            block: "Civil Lines".into(),
            pincode: Pincode::new(110_054).unwrap(),
            latitude: 28.67,
            longitude: 77.22,
            opens: time(9, 0, 0, 0),
            closes: time(17, 0, 0, 0),
        };
        self.vault.set_up(geography(states, districts)).await.unwrap();
        self.hire("manager", Role::Manager).await;
        self.hire("meera", Role::Vaccinator).await;
        self.hire("farida", Role::Vaccinator).await;
        let manager = self.staff("manager").await;
        let (id, staff) = (self.session, self.id_of("meera"));
        for effect in [
            Effect::Centre(centre),
            Effect::Batch(batch("CX-1", DAY.saturating_add(jiff::Span::new().days(200)))),
            Effect::Batch(batch("CX-2", DAY.saturating_add(jiff::Span::new().days(200)))),
            Effect::Publish(Box::new(new_session(id, DAY))),
            Effect::Roster { session: id, staff, on: true },
        ] {
            self.vault.plan(&manager, effect).await.unwrap();
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.ground.folder()
    }

    /// Every table's rows as a server stores them; none where they lie in the folder.
    pub(crate) fn rows(&self) -> Vec<(String, Vec<u8>)> {
        self.ground.rows()
    }

    /// A copy of the data as it is now.
    pub(crate) fn data(&self) -> Ground {
        self.ground.copied(&self.store)
    }

    /// The same files opened again, as after a restart.
    pub(crate) fn reopened(&self) -> Arc<Vault> {
        let unwatched = (Vec::new(), 0);
        open(self.folder(), &self.store, &self.clock, &self.outbox, (100, &unwatched, &Fuse::default())).0
    }

    /// Another node over the same data, with the same key room and the same files of the log.
    pub(crate) fn another_node(&self) -> Arc<Vault> {
        let (store, fuse) = (self.ground.open(), Fuse::default());
        node(self.folder(), &store, &self.room, &self.clock, &self.outbox, (100, &self.watched, &fuse))
    }

    /// A world from a copy of the data that was made before, and from the keys and the log as they are now.
    pub(crate) fn restored(&self, data: Ground) -> Self {
        let keys = self.folder().join("keys-now.db");
        self.keys().backup(&keys).unwrap();
        self.restored_with(data, &keys)
    }

    /// A world from copies of the data and of the keys, and from the log as it is now.
    pub(crate) fn restored_with(&self, data: Ground, keys: &Path) -> Self {
        std::fs::copy(keys, data.folder().join("keys.db")).unwrap();
        copy_folder(&self.folder().join("log"), &data.folder().join("log"));
        self.over(Arc::new(data), (Vec::new(), 0), &Fuse::default())
    }

    /// A copy of this world, which ends when the fuse has burnt down.
    pub(crate) fn copied(&self, fuse: &Fuse) -> Self {
        let ground = self.data();
        self.keys().backup(&ground.folder().join("keys.db")).unwrap();
        for name in ["log", "witness"].into_iter().filter(|name| self.folder().join(name).exists()) {
            copy_folder(&self.folder().join(name), &ground.folder().join(name));
        }
        self.over(Arc::new(ground), self.watched.clone(), fuse)
    }

    /// The world after its data moved to the engine of this run; keys and log are the same.
    pub(crate) fn moved(self) -> Self {
        let ground = Ground::new(Engine::of_this_run());
        ground.takes_over(&self.ground, Fuse::default(), &mut |_, _| ()).unwrap();
        self.keys().backup(&ground.folder().join("keys.db")).unwrap();
        copy_folder(&self.folder().join("log"), &ground.folder().join("log"));
        self.over(Arc::new(ground), self.watched.clone(), &Fuse::default())
    }

    /// Somebody changes the rows behind everybody's back.
    pub(crate) fn tampers(&self, statement: &str) {
        self.ground.tampers(statement);
    }

    /// The same files opened again by a new process.
    pub(crate) fn revived(self) -> Self {
        self.over(Arc::clone(&self.ground), self.watched.clone(), &Fuse::default())
    }

    fn over(&self, ground: Arc<Ground>, watched: (Vec<Witness>, usize), fuse: &Fuse) -> Self {
        let store = ground.open_until(fuse.clone());
        let (clock, outbox) = (Arc::clone(&self.clock), Arc::clone(&self.outbox));
        let (vault, room) = open(ground.folder(), &store, &clock, &outbox, (100, &watched, fuse));
        let credentials = Mutex::new(self.credentials.lock().unwrap().clone());
        let ids = Mutex::new(self.ids.lock().unwrap().clone());
        Self { vault, room, store, clock, outbox, session: self.session, credentials, ids, ground, watched }
    }

    /// The log goes into its files.
    pub(crate) async fn publishes(&self) {
        let fresh = self.vault.fresh_checkpoint().await.unwrap();
        assert!(self.vault.publish(fresh, Vec::new()).await.unwrap());
    }

    pub(crate) fn keys(&self) -> KeyFile {
        KeyFile::open(self.folder()).unwrap()
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// Hires somebody who works at the centre.
    pub(crate) async fn hire(&self, login: &str, role: Role) {
        let Enrolled { id, effect, password, totp_secret } =
            self.vault.enrol_staff(login, &format!("{login} at work"), role, Some(CENTRE)).unwrap();
        self.vault.set_up(effect).await.unwrap();
        let secret = BASE32_NOPAD.decode(totp_secret.as_bytes()).unwrap();
        self.credentials.lock().unwrap().insert(login.into(), Credentials(login.into(), password, secret));
        self.ids.lock().unwrap().insert(login.into(), id);
    }

    pub(crate) fn id_of(&self, login: &str) -> StaffId {
        self.ids.lock().unwrap()[login]
    }

    pub(crate) fn credentials_of(&self, login: &str) -> Credentials {
        self.credentials.lock().unwrap()[login].clone()
    }

    pub(crate) fn code_of(&self, credentials: &Credentials) -> String {
        totp(&credentials.2, u64::try_from(self.vault.now_ms() / 30_000).unwrap())
    }

    /// A token of a member of staff, from a code that nobody used before.
    pub(crate) async fn staff_token(&self, login: &str) -> String {
        self.pass(30_000);
        let credentials = self.credentials_of(login);
        let code = self.code_of(&credentials);
        let asked = self.vault.asked(Channel::Page);
        self.vault.staff_sign_in(asked, login, &credentials.1, &code).await.unwrap().token
    }

    pub(crate) async fn staff(&self, login: &str) -> Staff {
        let token = self.staff_token(login).await;
        let Ok(Caller::Staff(staff)) = self.vault.caller(&token, Channel::Page).await else { panic!("no staff") };
        staff
    }

    /// Sends a code and waits for it to arrive.
    pub(crate) async fn code(&self, phone: &str, what_for: CodeFor) -> (registry::TransactionId, String) {
        self.pass(MINUTE + 1);
        // Codes that nobody fetched are not this one.
        self.outbox
            .sent
            .lock()
            .unwrap()
            .retain(|(to, message)| to != phone || !matches!(message, Message::Code { .. }));
        let asked = self.vault.asked(Channel::Page);
        let transaction = self.vault.send_code(asked, &phone.parse().unwrap(), what_for, "en").await.unwrap();
        (transaction, self.arrived(phone).await)
    }

    /// The newest code that arrived at a phone.
    pub(crate) async fn arrived(&self, phone: &str) -> String {
        for _ in 0..2000 {
            let taken = {
                let mut sent = self.outbox.sent.lock().unwrap();
                let newest = sent.iter().rposition(|(to, m)| to == phone && matches!(m, Message::Code { .. }));
                newest.map(|newest| sent.remove(newest).1)
            };
            if let Some(Message::Code { code, .. }) = taken {
                return code;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        panic!("no code came");
    }

    pub(crate) async fn signs_in(&self, phone: &str) -> Opened {
        let (transaction, code) = self.code(phone, CodeFor::SignIn).await;
        self.vault.sign_in(self.vault.asked(Channel::Page), transaction, CodeFor::SignIn, &code).await.unwrap()
    }

    pub(crate) async fn citizen(&self, token: &str) -> Citizen {
        let Ok(Caller::Citizen(citizen)) = self.vault.caller(token, Channel::Page).await else {
            panic!("not signed in")
        };
        citizen
    }

    /// A phone with one registered member: its token, and who she is.
    pub(crate) async fn family(&self, phone: &str, name: &str) -> (String, Registered) {
        let token = self.signs_in(phone).await.token;
        let citizen = self.citizen(&token).await;
        let registered = self.vault.register(&citizen, person(name, 1983)).await.unwrap();
        (token, registered)
    }

    pub(crate) async fn books(&self, token: &str, people: Vec<PersonId>) -> AppointmentId {
        let citizen = self.citizen(token).await;
        let wish = BookingRequest { people, session: self.session, slot: slot(), dose: 1 };
        self.vault.book(&citizen, wish).await.unwrap()
    }

    /// The code on her slip.
    pub(crate) async fn slip_code(&self, token: &str, person: PersonId) -> String {
        let citizen = self.citizen(token).await;
        let slip = self.vault.disclose::<Slip>(&citizen, &citizen.grant(person).unwrap(), person).await.unwrap();
        slip.code.clone().unwrap()
    }

    /// Books, checks in by code and vaccinates a member.
    pub(crate) async fn vaccinates(&self, token: &str, registered: &Registered) -> (AppointmentId, usize) {
        let person = registered.person();
        self.books(token, vec![person]).await;
        let evidence = Evidence::Code(self.slip_code(token, person).await);
        let meera = self.staff("meera").await;
        let (id, nth) = self.vault.check_in(&meera, self.session, &registered.reference, &evidence).await.unwrap();
        self.vault.record_dose(&meera, id, nth, given("CX-1")).await.unwrap();
        (id, nth)
    }

    /// Every leaf of the log.
    pub(crate) async fn leaves(&self) -> Vec<Leaf> {
        let rows = self.store.read(|store| store.log_from(0, u32::MAX)).await.unwrap();
        rows.iter().map(|row| Leaf::decode(&row.leaf).unwrap()).collect()
    }

    pub(crate) async fn count(&self, kind: Kind) -> usize {
        self.leaves().await.iter().filter(|leaf| leaf.kind() == Some(kind)).count()
    }
}

/// How many vaults were opened: no two draw the same.
static OPENED: AtomicU32 = AtomicU32::new(0);

fn open(
    folder: &Path,
    store: &Store,
    clock: &Arc<AtomicI64>,
    outbox: &Arc<Outbox>,
    (wrong_codes_a_day, watched, fuse): (u64, &(Vec<Witness>, usize), &Fuse),
) -> (Arc<Vault>, Arc<KeyRoom<KeyShelf>>) {
    let shelf = KeyShelf::new(KeyFile::open_until(folder, fuse.clone()).unwrap());
    let log = Secrets::new(&SECRET).log_key().verifier().clone();
    let room = Arc::new(KeyRoom::new(Root::new(&ROOT), shelf, chance(), log));
    (node(folder, store, &room, clock, outbox, (wrong_codes_a_day, watched, fuse)), room)
}

/// Chance that is another for everything that is opened, and the same in every run.
fn chance() -> Random {
    let seed = u64::from(OPENED.fetch_add(1, Ordering::Relaxed));
    let chance = Mutex::new(ChaCha8Rng::seed_from_u64(seed));
    Arc::new(move |bytes| chance.lock().unwrap().fill_bytes(bytes))
}

fn node(
    folder: &Path,
    store: &Store,
    room: &Arc<KeyRoom<KeyShelf>>,
    clock: &Arc<AtomicI64>,
    outbox: &Arc<Outbox>,
    (wrong_codes_a_day, (outside, least), fuse): (u64, &(Vec<Witness>, usize), &Fuse),
) -> Arc<Vault> {
    let time = Arc::clone(clock);
    let secrets = Secrets::new(&SECRET);
    let files = LogFiles::open_until(&folder.join("log"), fuse.clone()).unwrap();
    let log = Log::open(store.clone(), files, secrets.log_key()).unwrap();
    let keys = Arc::new(Keys::new(room.cosigner().clone(), Arc::clone(room) as _));
    let watch = Watch::new(log.key(), keys.cosigner(), outside.clone(), *least).unwrap();
    Arc::new(Vault::new(Parts {
        store: store.clone(),
        log: Arc::new(log),
        keys,
        watch: Arc::new(watch),
        secrets,
        issuer: Issuer::from_seed(&[9; 32], "story.teeka.example").unwrap(),
        clock: Arc::new(move || time.load(Ordering::SeqCst)),
        random: chance(),
        messenger: Arc::clone(outbox) as Arc<dyn Messenger>,
        build: "story".into(),
        wrong_codes_a_day,
    }))
}

pub(crate) fn slot() -> Slot {
    Slot::between(540, 780)
}

pub(crate) fn new_session(id: SessionId, day: Date) -> NewSession {
    NewSession {
        id,
        centre: CENTRE,
        day,
        vaccine: Vaccine::Covaxin,
        ages: AgeBand { min: 18, max: None },
        fee: Fee { paise: 0 },
        slots: vec![slot(), Slot::between(780, 1020)],
        capacity: [100, 100, 100],
        walk_in: 20,
    }
}

pub(crate) fn batch(number: &str, expires: Date) -> BatchRow {
    BatchRow {
        centre: CENTRE,
        vaccine: Vaccine::Covaxin,
        number: number.into(),
        expires,
        doses: 100,
        given: 0,
        stopped: false,
    }
}

pub(crate) fn person(name: &str, born: u16) -> NewPerson {
    NewPerson {
        name: name.parse().unwrap(),
        born: BirthYear::new(born).unwrap(),
        gender: Gender::Female,
        id_document: None,
        comorbidity: false,
        language: "en".into(),
        notice: None,
        once: None,
    }
}

pub(crate) fn given(batch: &str) -> Given {
    Given { batch: batch.into(), early_reason: None }
}

pub(crate) fn last_six(reference: &Reference) -> String {
    reference.digits()[8..].to_owned()
}
