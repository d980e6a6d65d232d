//! A worker of a Citus cluster stops under load, and comes back: what lies on it is refused meanwhile, all else goes on, and nothing
//! that was acknowledged is lost. `docs/citus.md`.

use crate::engine::{citus, told};
use crate::fixture::{Bench, CENTRE, Engine, MINUTE, NOW, SHARDS, sign_in_of};
use futures_util::future::join_all;
use registry::{AppointmentId, Centre, CentreId, District, DistrictId, PersonId, SessionId, StateId};
use std::process::Command as Program;
use std::time::Duration;
use store::command::{Applied, Book, Command, Effect, FamilyHold, Joins, Refusal, Register};
use store::rows::{Offer, Status};
use store::{Fuse, Store};

const CAPACITY: u32 = 12;
const CROWD: usize = 15;
const PEOPLE: usize = 6 * CROWD;
/// After the sessions where everybody comes there is one for a node that dies when it has taken a seat.
const SPARE: usize = SHARDS;

/// How far somebody came, for all that was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    New,
    Registered,
    Booked,
    GaveBack,
    /// Nobody answered.
    Unknown,
}

struct Her {
    hold: FamilyHold,
    person: PersonId,
    appointment: AppointmentId,
    session: usize,
    stage: Stage,
}

struct Land {
    bench: Bench,
    sessions: Vec<SessionId>,
    people: Vec<Her>,
    /// Whether each shard lies on the worker that stops.
    stops: Vec<bool>,
    /// The leaves of what was acknowledged, and at which positions.
    leaves: Vec<(u64, [u8; ledger::LEAF_BYTES])>,
}

/// In which shard something is, by its first 14 bits.
fn place_of(bytes: &[u8]) -> usize {
    (usize::from(u16::from_be_bytes([bytes[0], bytes[1]]) >> 2) * SHARDS) >> 14
}

/// A session in a district of the shard of this number.
async fn open_session(bench: &mut Bench, number: u32) -> SessionId {
    let district = DistrictId(141 + number);
    let districts = vec![District { id: district, state: StateId(9), name: "D".into(), name_hi: "D".into() }];
    let known: Centre = bench.read(|store| store.centre(CENTRE)).await.unwrap();
    let centre = Centre { id: CentreId(700 + number), district, ..known };
    let session = store::command::NewSession { centre: centre.id, ..bench.new_session([CAPACITY, 0, 0], 0) };
    let id = session.id;
    for effect in [
        Effect::Geography { states: Vec::new(), districts },
        Effect::Centre(centre),
        Effect::Publish(Box::new(session)),
    ] {
        bench.does(effect).await.unwrap();
    }
    id
}

impl Land {
    /// With the worker that stops: the host and the port of one on which the first shard is not, for what every shard has is read there.
    async fn new(engine: Engine) -> (Self, [String; 2]) {
        let mut bench = Bench::new(Engine::Shards(Box::new(engine)), 8).await;
        let places = bench.ground.places();
        let worker = places.iter().find(|place| **place != places[0]).expect("the shards lie on two workers").clone();
        let mut sessions = Vec::new();
        for number in [0, 1, 2, 0] {
            sessions.push(open_session(&mut bench, number).await);
        }
        let mut people = Vec::new();
        for at in 0..PEOPLE {
            let (phone, token, sealed) = (bench.draw(), bench.draw(), Some(vec![1]));
            let hold = FamilyHold { phone, token, version: 0, sealed };
            bench.does(Effect::SignIn(sign_in_of(&hold))).await.unwrap();
            let (person, appointment) = (bench.draw(), bench.draw());
            let (person, appointment) = (PersonId::from_random(person), AppointmentId::from_random(appointment));
            people.push(Her { hold, person, appointment, session: at % SHARDS, stage: Stage::New });
        }
        let stops = places.iter().map(|place| *place == worker).collect();
        (Self { bench, sessions, people, stops, leaves: Vec::new() }, worker)
    }

    /// What she does next, and how far she is then; and whether the worker that stops has a part in it.
    fn next(&mut self, at: usize) -> Option<(Command, Stage, bool)> {
        let Her { hold, person, appointment, session, stage } = &self.people[at];
        let (person, appointment, session, stage) = (*person, *appointment, *session, *stage);
        let (phone, hers) = (place_of(&hold.phone), place_of(person.bytes()));
        let hold = FamilyHold { version: u64::from(stage != Stage::New), ..hold.clone() };
        let (effect, count, then, places) = match stage {
            Stage::New => {
                let new = Register { person, ..self.bench.register(Joins::Family(hold)) };
                let new = Register { fields: vec![self.bench.sealed(person, 0, 1)], ..new };
                (Effect::Register(Box::new(new)), 0, Stage::Registered, vec![phone, hers])
            }
            Stage::Registered => {
                let book = self.bench.book(&hold, &[(person, 1)], self.sessions[session], 1);
                (Effect::Book(Book { appointment, ..book }), 1, Stage::Booked, vec![phone, hers, session % SHARDS])
            }
            // Its session hears of it when it is there.
            Stage::Booked if at.is_multiple_of(4) => {
                (Effect::Cancel { appointment, people: vec![person] }, 2, Stage::GaveBack, vec![hers])
            }
            Stage::Booked | Stage::GaveBack | Stage::Unknown => return None,
        };
        let entries = vec![self.bench.entry(Some((person, count)))];
        let stops = places.iter().any(|place| self.stops[*place]);
        Some((Command { by: None, once: None, entries, effect }, then, stops))
    }

    /// The first so many go one step on, all at once. Answers, for each of whose step the worker that stops has a part and for each
    /// other, how many were refused for a shard that does not answer, of how many.
    async fn round(&mut self, first: usize) -> [(usize, usize); 2] {
        let mut steps = Vec::new();
        for at in 0..first {
            steps.extend(self.next(at).map(|(command, then, stops)| (at, command, then, stops)));
        }
        let store = &self.bench.store;
        let done = join_all(steps.into_iter().map(|(at, command, then, stops)| async move {
            let leaf = command.entries[0].leaf;
            (at, leaf, then, stops, store.apply(command).await)
        }));
        let mut refused = [(0, 0); 2];
        for (at, leaf, then, stops, applied) in done.await {
            let (away, of) = &mut refused[usize::from(!stops)];
            *of += 1;
            *away += usize::from(applied == Err(Refusal::Storage));
            match applied {
                Ok(done) => {
                    self.leaves.push((done.position, leaf));
                    self.people[at].stage = then;
                }
                Err(Refusal::Storage) => self.people[at].stage = Stage::Unknown,
                Err(refusal) => assert_eq!((refusal, then), (Refusal::Full, Stage::Booked)),
            }
        }
        refused
    }

    async fn sweep(&self) -> Applied {
        self.bench.does(Effect::Sweep { now_ms: NOW + 3 * MINUTE }).await
    }

    async fn offer(&self, at: usize) -> Offer {
        let session = self.sessions[at];
        self.bench.read(move |store| store.session(session)).await.unwrap()
    }

    /// A node dies with a seat in its hand, of somebody who has nothing to do with the worker that stops.
    async fn abandon_a_seat(&mut self) {
        let has_no_part = |her: &Her| {
            let places = [place_of(&her.hold.phone), place_of(her.person.bytes())];
            her.stage == Stage::Registered && places.iter().all(|place| !self.stops[*place])
        };
        let at = self.people.iter().position(has_no_part).unwrap();
        self.people[at].session = SPARE;
        let (command, _, _) = self.next(at).unwrap();
        let node = self.bench.ground.open_until(Fuse::of(3));
        assert_eq!(node.apply(command).await, Err(Refusal::Storage));
        self.people[at].stage = Stage::Unknown;
        assert_eq!(self.offer(SPARE).await.session.places[0].held, 1);
    }

    /// What was acknowledged is there; what is taken of a session is what its people have; nothing is left to be told.
    async fn check(&self) {
        let mut taken = vec![0; self.sessions.len()];
        for her in &self.people {
            let (person, phone) = (her.person, her.hold.phone);
            let standing = self.bench.read(move |store| store.standing(person)).await;
            let is_registered = standing.as_deref() == Some("registered");
            let members = self.bench.read(move |store| store.family(&phone)).await.members;
            assert_eq!(members.iter().any(|member| member.person == person), is_registered);
            let seats = self.bench.read(move |store| store.seats_of(person)).await;
            let live: Vec<_> = seats.iter().filter(|seat| seat.status == Status::Booked).collect();
            assert!(live.len() <= 1, "booked twice");
            for seat in &live {
                taken[self.sessions.iter().position(|session| *session == seat.session).unwrap()] += 1;
            }
            let expected = match her.stage {
                Stage::New => (false, 0),
                Stage::Registered | Stage::GaveBack => (true, 0),
                Stage::Booked => (true, 1),
                Stage::Unknown => (is_registered, live.len()),
            };
            assert_eq!((is_registered, live.len()), expected, "what was acknowledged is lost: {:?}", her.stage);
        }
        for (at, taken) in taken.into_iter().enumerate() {
            let places = self.offer(at).await.session.places[0];
            assert_eq!((places.held, places.booked, places.open + taken), (0, taken, CAPACITY));
        }
        for (position, leaf) in self.leaves.clone() {
            let row = self.bench.read(move |store| store.log_row(position)).await.unwrap();
            assert_eq!(row.leaf, leaf);
        }
        let left = |store: &store::Reader| {
            Ok((store.outbox(1)?.len(), store.claims_untold(1)?.len(), store.holds_due(i64::MAX, 1)?.len()))
        };
        assert_eq!(self.bench.read(left).await, (0, 0, 0));
    }
}

/// Has a worker stop, or start.
async fn has(worker: &[String; 2], word: &'static str, by: &str) {
    let mut program = Program::new("sh");
    program.args(["-c", by, "sh", word]).args(worker);
    let ended = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    assert!(ended.status.success(), "{word}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// Waits until every shard is written again.
async fn goes_on(store: &Store) {
    for _ in 0..300 {
        let everywhere = Command { by: None, once: None, entries: Vec::new(), effect: Effect::Recount };
        if store.apply(everywhere).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it does not go on");
}

#[tokio::test]
async fn a_worker_that_stops_takes_nothing_with_it_but_its_own_shards_and_those_come_back() {
    let (Some(url), Some(by)) = (citus(), told("TEEKA_CITUS_STOP")) else {
        // Past the harness, which keeps what a passed test prints.
        let why = "conformance: a worker of Citus stops: not run, it needs TEEKA_CITUS_URL and TEEKA_CITUS_STOP\n";
        let _ = std::io::Write::write_all(&mut std::io::stderr(), why.as_bytes());
        return;
    };
    let (mut land, worker) = Land::new(Engine::Postgres(url)).await;
    for _ in 0..2 {
        let [(away, _), (lost, _)] = land.round(2 * CROWD).await;
        assert_eq!((away, lost), (0, 0));
    }
    land.round(3 * CROWD).await;
    land.abandon_a_seat().await;

    let stopping = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        has(&worker, "stop", &by).await;
    };
    let ([cut, (lost, of)], ()) = tokio::join!(land.round(4 * CROWD), stopping);
    println!("as it stops: of its own (refused, of) {cut:?}, of others {lost} of {of}");
    assert_eq!(lost, 0, "refused, and had nothing to do with it");
    for _ in 0..2 {
        let [(away, asked), (lost, of)] = land.round(5 * CROWD).await;
        println!("while it is away: of its own {away} of {asked}, of others {lost} of {of}");
        assert_eq!((away, lost), (asked, 0));
        assert!(of > 0);
    }
    assert_eq!(land.sweep().await, Err(Refusal::Storage));
    assert_eq!(land.offer(SPARE).await.session.places[0].held, 0, "what has no part in it is swept");

    has(&worker, "start", &by).await;
    goes_on(&land.bench.store).await;
    for _ in 0..2 {
        land.sweep().await.unwrap();
    }
    for _ in 0..3 {
        let [(away, _), (lost, _)] = land.round(PEOPLE).await;
        assert_eq!((away, lost), (0, 0), "it is back");
    }
    for _ in 0..2 {
        land.sweep().await.unwrap();
    }
    land.check().await;
}
