//! The world of the bench: centres, sessions, and people who are nobody. Every side is handed the same commands.

use ::store::command::{
    Beside, Book, Booked, Command, Effect, FamilyHold, Joins, NewDose, NewSession, Register, SignIn, SignedIn, Staged,
    Subject,
};
use ::store::plain::{ENTRY_BYTES, FIELD_BYTES, FIELDS, TAG_KEY_BYTES};
use ::store::rows::{BatchRow, SealedField};
use jiff::civil::{Date, date, time};
use ledger::LEAF_BYTES;
use registry::{
    AgeBand, AppointmentId, Centre, CentreId, District, DistrictId, DoseId, Factor, Fee, Gender, PersonId, Pincode,
    SessionId, Slot, StaffId, State, StateId, Vaccine,
};

/// Centres, each with its batch and four of the sessions that bookings are spread over.
const CENTRES: u32 = 16;
const SESSIONS_EACH: u32 = 4;

/// More places and doses than will be taken.
const PLENTY: u32 = 100_000_000;

const DAY: Date = date(2026, 11, 24);
const HOUR_MS: i64 = 3_600_000;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Register,
    BookHot,
    BookSpread,
    Dose,
    Disclose,
    Find,
}

/// Somebody.
pub(super) struct Person {
    id: PersonId,
    reference: [u8; 32],
}

/// One operation: a write, and what is read when its entry stands.
#[derive(Clone)]
pub(super) struct Task {
    pub(super) command: Command,
    pub(super) then: Then,
}

#[derive(Clone, Copy)]
pub(super) enum Then {
    Nothing,
    Look(PersonId),
    Find([u8; 32]),
}

/// What commands can name.
pub(super) struct World {
    chance: Chance,
    pub(super) now_ms: i64,
    pub(super) hot: SessionId,
    spread: Vec<SessionId>,
    holds: Vec<FamilyHold>,
}

impl Case {
    /// In the order in which they are run: each is about people whom the one before left ready.
    pub(super) const ALL: [Self; 6] =
        [Self::Register, Self::BookHot, Self::BookSpread, Self::Dose, Self::Disclose, Self::Find];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::BookHot => "book-hot",
            Self::BookSpread => "book-spread",
            Self::Dose => "dose",
            Self::Disclose => "disclose",
            Self::Find => "find",
        }
    }
}

impl World {
    /// A world without people, and the commands that make it, in their order.
    pub(super) fn new(seed: u64, clients: usize, now_ms: i64) -> (Self, Vec<Command>) {
        let mut world = Self {
            chance: Chance(seed),
            now_ms,
            hot: SessionId::from_random([1; 16]),
            spread: Vec::new(),
            holds: Vec::new(),
        };
        world.hot = SessionId::from_random(world.draw());
        let states = vec![State { id: StateId(1), name: "State".into(), name_hi: "राज्य".into() }];
        let district =
            District {
                id: DistrictId(1), state: StateId(1), name: "District".into(), name_hi: "ज़िला".into()
            };
        let mut effects = vec![Effect::Geography { states, districts: vec![district] }];
        for number in 1..=CENTRES {
            effects.push(Effect::Centre(centre(CentreId(number))));
            effects.push(Effect::Batch(batch(CentreId(number))));
            for _ in 0..SESSIONS_EACH {
                let id = SessionId::from_random(world.draw());
                world.spread.push(id);
                effects.push(publish(id, CentreId(number)));
            }
        }
        effects.push(publish(world.hot, CentreId(1)));
        for _ in 0..clients {
            let hold = FamilyHold { phone: world.draw(), token: world.draw(), version: 0, sealed: None };
            effects.push(Effect::SignIn(SignIn {
                token: hold.token,
                who: SignedIn::Family { phone: hold.phone, version: 0, public: false },
                lane: Some(hold.phone),
                sealed: vec![0; 200],
                position: 0,
                now_ms,
                expires_ms: now_ms + HOUR_MS,
                idle_ms: now_ms + HOUR_MS,
            }));
            world.holds.push(hold);
        }
        (
            world,
            effects.into_iter().map(|effect| Command { by: None, once: None, entries: Vec::new(), effect }).collect(),
        )
    }

    /// Chance of its own, for those who are drawn elsewhere.
    pub(super) fn chance(&mut self) -> Chance {
        Chance(u64::from_le_bytes(self.draw()))
    }

    pub(super) fn people(&mut self, many: usize) -> Vec<Person> {
        (0..many).map(|_| Person { id: PersonId::from_random(self.draw()), reference: self.draw() }).collect()
    }

    /// The command by which somebody is registered at a centre.
    pub(super) fn register(&mut self, person: &Person) -> Command {
        let fields = (0..FIELDS).map(|field| self.sealed(person.id, field, 1)).collect();
        let register = Register {
            person: person.id,
            tag_key: self.bytes(TAG_KEY_BYTES),
            reference: person.reference,
            reference_last_four: "1234".into(),
            language: "hi".into(),
            notice: Some("2026-11-22 hi".into()),
            fields,
            id_token: None,
            card: Some(self.draw()),
            joins: Joins::Alone,
            guarded_until: None,
            now_ms: self.now_ms,
        };
        self.about(person, 0, Effect::Register(Box::new(register)))
    }

    /// What one client does about one person. Each case finds her with the entries of those before it.
    pub(super) fn task(&mut self, case: Case, person: &Person, client: usize) -> Task {
        let mut then = Then::Nothing;
        let command = match case {
            Case::Register => self.register(person),
            Case::BookHot => self.book(person, client, (self.hot, 1)),
            Case::BookSpread => {
                let at = usize::from(person.reference[0]) % self.spread.len();
                self.book(person, client, (self.spread[at], 2))
            }
            Case::Dose => self.dose(person),
            Case::Disclose => {
                then = Then::Look(person.id);
                let mut command = self.about(person, 4, Effect::Append);
                let fact = self.bytes(120);
                let beside = Beside { day: 20_781, fact, organisation: None, now_ms: self.now_ms };
                command.entries[0].beside = Some(Box::new(beside));
                command
            }
            Case::Find => {
                then = Then::Find(person.reference);
                let entries = vec![self.entry(None)];
                Command { by: None, once: None, entries, effect: Effect::Append }
            }
        };
        Task { command, then }
    }

    fn book(&mut self, person: &Person, client: usize, (session, dose): (SessionId, u8)) -> Command {
        let code = self.sealed(person.id, 6, u32::from(dose));
        let book = Book {
            appointment: AppointmentId::from_random(self.draw()),
            session,
            slot: slot(),
            dose,
            people: vec![Booked { person: person.id, code, code_hash: self.draw() }],
            by: self.holds[client].clone(),
            now_ms: self.now_ms,
        };
        self.about(person, u64::from(dose), Effect::Book(book))
    }

    fn dose(&mut self, person: &Person) -> Command {
        let dose = NewDose {
            id: DoseId::from_random(self.draw()),
            person: person.id,
            session: Some(self.hot),
            centre: CentreId(1 + u32::from(person.reference[0]) % CENTRES),
            vaccine: Vaccine::Covaxin,
            number: 1,
            batch: "CX-1".into(),
            day: DAY,
            at_ms: self.now_ms,
            staff: StaffId::from_random([1; 16]),
            age: 20 + person.reference[1] % 60,
            gender: Gender::Female,
            factor: Some(Factor::Code),
            early_reason: None,
        };
        self.about(person, 3, Effect::Dose(Box::new(dose)))
    }

    fn about(&mut self, person: &Person, count: u64, effect: Effect) -> Command {
        Command { by: None, once: None, entries: vec![self.entry(Some(Subject { person: person.id, count }))], effect }
    }

    fn entry(&mut self, subject: Option<Subject>) -> Staged {
        Staged { subject, leaf: self.draw::<LEAF_BYTES>(), sealed: self.bytes(ENTRY_BYTES), beside: None }
    }

    fn sealed(&mut self, person: PersonId, field: u8, version: u32) -> SealedField {
        SealedField { person, field, version, salt: self.draw(), body: self.bytes(FIELD_BYTES) }
    }

    fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance.fill(&mut bytes);
        bytes
    }

    fn bytes(&mut self, many: usize) -> Vec<u8> {
        let mut bytes = vec![0; many];
        self.chance.fill(&mut bytes);
        bytes
    }
}

/// `SplitMix64`: chance enough for ids that differ, and the same for the same seed.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for eight in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            eight.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..eight.len()]);
        }
    }
}

fn slot() -> Slot {
    Slot::between(9 * 60, 11 * 60)
}

fn centre(id: CentreId) -> Centre {
    Centre {
        id,
        district: DistrictId(1),
        name: format!("Centre {}", id.0),
        address: "Road".into(),
        block: "Block".into(),
        pincode: Pincode::new(110_001).expect("Delhi has this code"),
        latitude: 28.67,
        longitude: 77.22,
        opens: time(9, 0, 0, 0),
        closes: time(17, 0, 0, 0),
    }
}

fn batch(centre: CentreId) -> BatchRow {
    let number = "CX-1".into();
    BatchRow { centre, vaccine: Vaccine::Covaxin, number, expires: DAY, doses: PLENTY, given: 0, stopped: false }
}

fn publish(id: SessionId, centre: CentreId) -> Effect {
    Effect::Publish(Box::new(NewSession {
        id,
        centre,
        day: DAY,
        vaccine: Vaccine::Covaxin,
        ages: AgeBand { min: 18, max: None },
        fee: Fee { paise: 0 },
        slots: vec![slot()],
        capacity: [PLENTY, PLENTY, 0],
        walk_in: 0,
    }))
}
