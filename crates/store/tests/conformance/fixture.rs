//! A store with a little world in it: one centre, people on random ids, sessions of a day.

pub(crate) use crate::engine::{Engine, Folder, Ground, SHARDS};

use jiff::civil::{Date, date, time};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use registry::{
    AgeBand, AppointmentId, Centre, CentreId, District, DistrictId, DoseId, Factor, Fee, Gender, PersonId, Pincode,
    SessionId, Slot, StaffId, State, StateId, TransactionId, Vaccine,
};
use store::command::{
    Answer, Applied, Book, Booked, CheckIn, Command, Effect, Erase, Explained, FamilyHold, Joins, NewDose, NewSession,
    Once, Refusal, Register, SignIn, SignedIn, Staged, Subject, WalkIn,
};
use store::rows::{BatchRow, PersonRow, SealedField};
use store::{Reader, Store, StoreError};

/// The moment at which every story begins, milliseconds since the epoch: noon in India on [`DAY`].
pub(crate) const NOW: i64 = 1_795_501_800_000;
pub(crate) const DAY: Date = date(2026, 11, 24);
pub(crate) const CENTRE: CentreId = CentreId(601);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// Runs a story once for every engine and over shards, in a world of its own.
pub(crate) async fn on_every_engine(story: impl AsyncFn(&mut Bench)) {
    tell_on(Engine::all_and_shards(), story).await;
}

/// Runs a story on every engine, and says why not over shards.
pub(crate) async fn on_one_store(why_not_over_shards: &str, story: impl AsyncFn(&mut Bench)) {
    let name = std::thread::current().name().unwrap_or("a story").to_owned();
    let line = format!("over shards, not run: {name}: {why_not_over_shards}\n");
    // Past the harness, which keeps what a passed test prints.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
    tell_on(Engine::all(), story).await;
}

async fn tell_on(engines: Vec<Engine>, story: impl AsyncFn(&mut Bench)) {
    for engine in engines {
        println!("engine: {engine:?}");
        let mut bench = Bench::new(engine, 1).await;
        story(&mut bench).await;
    }
}

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) ground: Ground,
    pub(crate) chance: ChaCha8Rng,
}

impl Bench {
    pub(crate) async fn new(engine: Engine, seed: u64) -> Self {
        let ground = Ground::new(engine);
        let mut bench = Self { store: ground.open(), ground, chance: ChaCha8Rng::seed_from_u64(seed) };
        bench.place(CENTRE).await;
        bench
    }

    pub(crate) fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance.fill_bytes(&mut bytes);
        bytes
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.chance.next_u64() % limit as u64).unwrap()
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.read(read).await.unwrap()
    }

    pub(crate) async fn row(&self, person: PersonId) -> PersonRow {
        self.read(move |store| store.person(person)).await.unwrap()
    }

    pub(crate) async fn log_size(&self) -> u64 {
        self.read(Reader::log_size).await
    }

    /// An entry whose leaf and tag nothing else has.
    pub(crate) fn entry(&mut self, subject: Option<(PersonId, u64)>) -> Staged {
        let mut leaf = [0; ledger::LEAF_BYTES];
        self.chance.fill_bytes(&mut leaf);
        let subject = subject.map(|(person, count)| Subject { person, count });
        Staged { subject, leaf, sealed: self.draw::<40>().to_vec(), beside: None }
    }

    /// Hands in an effect without an entry.
    pub(crate) async fn does(&self, effect: Effect) -> Applied {
        self.store.apply(Command { by: None, once: None, entries: Vec::new(), effect }).await
    }

    /// Hands in an effect with one entry of hers, at the count that stands.
    pub(crate) async fn does_about(&mut self, person: PersonId, effect: Effect) -> Applied {
        let count = self.row(person).await.entries;
        let entries = vec![self.entry(Some((person, count)))];
        self.store.apply(Command { by: None, once: None, entries, effect }).await
    }

    pub(crate) async fn answers(&self, effect: Effect) -> Answer {
        self.does(effect).await.unwrap().answer
    }

    pub(crate) async fn refuses(&self, effect: Effect) -> Refusal {
        let before = self.log_size().await;
        let refusal = self.does(effect).await.unwrap_err();
        assert_eq!(self.log_size().await, before, "a refused command left an entry");
        refusal
    }

    pub(crate) async fn place(&mut self, id: CentreId) {
        let district = DistrictId(141);
        let states = vec![State { id: StateId(9), name: "Delhi".into(), name_hi: "दिल्ली".into() }];
        let districts = vec![District {
            id: district,
            state: StateId(9),
            name: "Central Delhi".into(),
            name_hi: "मध्य दिल्ली".into(),
        }];
        self.does(Effect::Geography { states, districts }).await.unwrap();
        let centre = Centre {
            id,
            district,
            name: "Aruna Asaf Ali".into(),
            address: "Rajpur Road".into(),
            block: "Civil Lines".into(),
            pincode: Pincode::new(110_054).unwrap(),
            latitude: 28.67,
            longitude: 77.22,
            opens: time(9, 0, 0, 0),
            closes: time(17, 0, 0, 0),
        };
        self.does(Effect::Centre(centre)).await.unwrap();
    }

    pub(crate) fn new_session(&mut self, capacity: [u32; 3], walk_in: u32) -> NewSession {
        NewSession {
            id: SessionId::from_random(self.draw()),
            centre: CENTRE,
            day: DAY,
            vaccine: Vaccine::Covaxin,
            ages: AgeBand { min: 18, max: None },
            fee: Fee { paise: 0 },
            slots: vec![morning(), noon()],
            capacity,
            walk_in,
        }
    }

    pub(crate) async fn session(&mut self, capacity: [u32; 3], walk_in: u32) -> SessionId {
        let new = self.new_session(capacity, walk_in);
        let id = new.id;
        self.does(Effect::Publish(Box::new(new))).await.unwrap();
        id
    }

    /// A phone that is signed in, with its family as it stands.
    pub(crate) async fn sign_in(&mut self, phone: [u8; 32]) -> FamilyHold {
        let version = self.read(move |store| store.family(&phone)).await.version;
        let hold = FamilyHold { phone, token: self.draw(), version, sealed: Some(vec![1]) };
        self.does(Effect::SignIn(sign_in_of(&hold))).await.unwrap();
        hold
    }

    pub(crate) fn register(&mut self, joins: Joins) -> Register {
        let person = PersonId::from_random(self.draw());
        Register {
            person,
            tag_key: vec![7; 60],
            reference: self.draw(),
            reference_last_four: "1234".into(),
            language: "hi".into(),
            notice: Some("2026-11-22 hi".into()),
            fields: vec![self.sealed(person, 0, 1)],
            id_token: None,
            card: Some([5; 32]),
            joins,
            guarded_until: None,
            now_ms: NOW,
        }
    }

    pub(crate) fn sealed(&mut self, person: PersonId, field: u8, version: u32) -> SealedField {
        SealedField { person, field, version, salt: self.draw(), body: self.draw::<24>().to_vec() }
    }

    pub(crate) async fn enter(&mut self, register: Register) -> Applied {
        let entries = vec![self.entry(Some((register.person, 0)))];
        self.store.apply(Command { by: None, once: None, entries, effect: Effect::Register(Box::new(register)) }).await
    }

    /// A new member of a signed-in family.
    pub(crate) async fn member(&mut self, hold: &mut FamilyHold) -> PersonId {
        let register = self.register(Joins::Family(hold.clone()));
        let person = register.person;
        self.enter(register).await.unwrap();
        hold.version += 1;
        person
    }

    /// Someone without a phone.
    pub(crate) async fn person(&mut self) -> PersonId {
        let register = self.register(Joins::Alone);
        let person = register.person;
        self.enter(register).await.unwrap();
        person
    }

    pub(crate) fn book(&mut self, by: &FamilyHold, people: &[(PersonId, u32)], session: SessionId, dose: u8) -> Book {
        let people = people
            .iter()
            .map(|(person, version)| Booked {
                person: *person,
                code: self.sealed(*person, 6, *version),
                code_hash: [3; 32],
            })
            .collect();
        let appointment = AppointmentId::from_random(self.draw());
        Book { appointment, session, slot: morning(), dose, people, by: by.clone(), now_ms: NOW }
    }

    pub(crate) async fn books(&mut self, by: &FamilyHold, person: PersonId, session: SessionId) -> AppointmentId {
        let book = self.book(by, &[(person, 1)], session, 1);
        let id = book.appointment;
        self.does_about(person, Effect::Book(book)).await.unwrap();
        id
    }

    pub(crate) fn check_in(&mut self, appointment: AppointmentId, person: PersonId, session: SessionId) -> CheckIn {
        CheckIn {
            appointment,
            person,
            session,
            factor: Factor::Code,
            staff: StaffId::from_random([1; 16]),
            now_ms: NOW,
        }
    }

    pub(crate) fn walk_in(&mut self, person: PersonId, session: SessionId, dose: u8) -> WalkIn {
        let appointment = AppointmentId::from_random(self.draw());
        WalkIn { dose, slot: morning(), check_in: self.check_in(appointment, person, session) }
    }

    pub(crate) fn dose(&mut self, person: PersonId, session: Option<SessionId>, number: u8) -> NewDose {
        NewDose {
            id: DoseId::from_random(self.draw()),
            person,
            session,
            centre: CENTRE,
            vaccine: Vaccine::Covaxin,
            number,
            batch: "CX-1".into(),
            day: DAY,
            at_ms: NOW,
            staff: StaffId::from_random([1; 16]),
            age: 43,
            gender: Gender::Female,
            factor: Some(Factor::Code),
            early_reason: None,
        }
    }

    /// How she leaves, with so many entries, and with nothing that is held but her tag key.
    pub(crate) fn erase(&mut self, person: PersonId, by: Option<FamilyHold>, entries: u64) -> Erase {
        let tags = (0..entries).map(|_| self.draw()).collect();
        let explained = Explained { tags, blind: self.draw() };
        Erase { person, by, explained, held: Vec::new(), until_ms: NOW + 100 * HOUR }
    }

    pub(crate) fn transaction(&mut self) -> TransactionId {
        TransactionId::from_random(self.draw())
    }
}

/// The sign-in that holds a family.
pub(crate) fn sign_in_of(hold: &FamilyHold) -> SignIn {
    SignIn {
        token: hold.token,
        who: SignedIn::Family { phone: hold.phone, version: hold.version, public: false },
        lane: Some(hold.phone),
        sealed: vec![0],
        position: 0,
        now_ms: NOW,
        expires_ms: NOW + HOUR,
        idle_ms: NOW + HOUR,
    }
}

pub(crate) fn batch(number: &str, doses: u32) -> BatchRow {
    BatchRow {
        centre: CENTRE,
        vaccine: Vaccine::Covaxin,
        number: number.into(),
        expires: DAY,
        doses,
        given: 0,
        stopped: false,
    }
}

pub(crate) fn morning() -> Slot {
    Slot::between(540, 660)
}

pub(crate) fn noon() -> Slot {
    Slot::between(660, 780)
}

pub(crate) fn once(scope: u8, key: u8) -> Option<Once> {
    Some(Once { scope: [scope; 32], key: [key; 16], at_ms: NOW })
}
