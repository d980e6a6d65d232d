//! A little log of eight days with two people in it, and the files that an honest and a cheating operator would hand to
//! one of them. The cases lie in `cases.json`, for the check in JavaScript; `cargo run -p watch --example looks` prints them.

use ledger::checkpoint::Checkpoint;
use ledger::consent::Terms;
use ledger::index::{Index, IndexRoot, Span, Tag};
use ledger::leaf::commitment;
use ledger::note::{Algorithm, Note, Signer};
use ledger::tree::{Completed, Edge, Hash, Subtrees, inclusion_proof, leaf_hash, root};
use ledger::{Channel, Entry, Field, Fields, GrantKind, Kind, Leaf, Opening, Purpose, TagKey, subject_tag};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use watch::check::{FORMAT, Indexed, Looks, Row};

/// The first day of the log: a multiple of eight, so that today's indexes cover 4, 2 and 1 days.
const FIRST: u32 = 20_776;
const TODAY: u32 = FIRST + 7;
const DAY_MS: i64 = 86_400_000;

/// How the check of Asha's honest file ends.
const GOOD: &str =
    "good: 6 rows, 5 of them before day 20783, 2 waiting, held policy, w1.example w3.example at 1795701202";

/// Asha's tag key, and Bina's.
const ASHA: TagKey = TagKey([0xa5; 32]);
const BINA: TagKey = TagKey([0xb1; 32]);

/// A case: a file, the policy that the checker holds, and how the check ends.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) policy: Option<String>,
    pub(crate) file: Value,
    pub(crate) outcome: &'static str,
}

/// Something written down at noon of a day.
struct Event {
    day: u32,
    tag: Option<(TagKey, u64)>,
    entry: Entry,
    /// Whether Asha's file shows it.
    shown: bool,
    /// What a cheating operator makes of the leaf, and of the entry's CBOR.
    leaf: fn(&mut Leaf),
    cbor: fn(&mut Vec<u8>),
}

fn event(day: u32, tag: Option<(TagKey, u64)>) -> Event {
    let entry = Entry {
        at_ms: i64::from(day) * DAY_MS + DAY_MS / 2 + 1_234,
        request: [7; 16],
        kind: Kind::Reveal,
        grant: GrantKind::Presence,
        evidence: [9; 16],
        actor: "C8BAC378".into(),
        organisation: "601".into(),
        role: "vaccinator".into(),
        purpose: Purpose::CheckIn,
        openings: vec![Opening { field: Field::Name, version: 1 }, Opening { field: Field::Gender, version: 70_000 }],
        channel: Channel::Page,
        build: "0.1.0".into(),
        statement: Vec::new(),
    };
    let shown = tag.as_ref().is_some_and(|(key, _)| key.0 == ASHA.0);
    Event { day, tag, entry, shown, leaf: |_| (), cbor: |_| () }
}

/// Asha's n-th entry.
fn asha(day: u32, n: u64) -> Event {
    event(FIRST + day, Some((ASHA, n)))
}

/// Eight days. Asha registers on the second; her sixth entry is of today.
fn story() -> Vec<Event> {
    let bina = |day: u32, n| event(FIRST + day, Some((BINA, n)));
    let nobody = |day: u32| event(FIRST + day, None);
    let mut registered = asha(1, 0);
    registered.entry = Entry {
        kind: Kind::Write,
        grant: GrantKind::CitizenOtp,
        actor: "self".into(),
        organisation: String::new(),
        role: "citizen".into(),
        purpose: Purpose::Register,
        openings: Vec::new(),
        ..registered.entry
    };
    // The last number of everything: a check that knows fewer refuses it.
    let mut newest = asha(5, 3);
    newest.entry.kind = *Kind::ALL.last().unwrap();
    newest.entry.grant = *GrantKind::ALL.last().unwrap();
    newest.entry.purpose = *Purpose::ALL.last().unwrap();
    newest.entry.channel = *Channel::ALL.last().unwrap();
    newest.entry.openings = Field::ALL.iter().map(|field| Opening { field: *field, version: 1 }).collect();
    newest.entry.organisation = "केंद्र ६०१".into();
    vec![
        bina(0, 0),
        nobody(0),
        registered,
        bina(1, 1),
        asha(2, 1),
        nobody(2),
        bina(3, 2),
        asha(4, 2),
        newest,
        nobody(5),
        asha(6, 4),
        bina(6, 3),
        nobody(7),
        asha(7, 5),
        bina(7, 4),
    ]
}

/// A log as it grows, with what its operator keeps beside it.
struct Log {
    chance: ChaCha8Rng,
    edge: Edge,
    subtrees: HashMap<(u32, u64), Hash>,
    /// Tags of the leaves, by position.
    tags: Vec<Tag>,
    /// What was opened of Asha, still without proofs.
    asha: Vec<Row>,
    /// The first position of each day.
    days: BTreeMap<u32, u64>,
    indexes: BTreeMap<Span, (Index, Row)>,
    today: u32,
}

impl Subtrees for Log {
    type Error = Infallible;
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.subtrees[&(level, index)])
    }
}

impl Log {
    /// The log of some events up to noon of `today`; `cheat` may bend the statement and the tags of each index.
    fn of(events: &[Event], today: u32, cheat: fn(&mut IndexRoot, &mut Vec<Tag>)) -> Self {
        let mut log = Self {
            chance: ChaCha8Rng::seed_from_u64(18),
            edge: Edge::default(),
            subtrees: HashMap::new(),
            tags: Vec::new(),
            asha: Vec::new(),
            days: BTreeMap::new(),
            indexes: BTreeMap::new(),
            today,
        };
        for day in FIRST..=today {
            log.days.insert(day, log.edge.size());
            let mut events = events.iter().filter(|event| event.day == day);
            events.next().into_iter().for_each(|event| log.happen(event));
            // The indexes come when the day has begun: its first leaf stands before them.
            log.index(day, cheat);
            events.for_each(|event| log.happen(event));
        }
        log
    }

    fn happen(&mut self, event: &Event) {
        let row = self.write(event);
        if event.shown {
            self.asha.push(row);
        }
    }

    /// Indexes the spans that ended before a day.
    fn index(&mut self, day: u32, cheat: fn(&mut IndexRoot, &mut Vec<Tag>)) {
        for span in Span::ended_before(day).filter(|span| span.first_day >= FIRST) {
            let (from, to) = (self.days[&span.first_day], self.days[&day]);
            let mut tags = self.tags[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()].to_vec();
            let mut said = IndexRoot { span, from, to, head: Index::of(tags.clone()).head() };
            cheat(&mut said, &mut tags);
            let index = Index::of(tags);
            said.head.root = index.head().root;
            let mut event = event(day, None);
            event.entry = Entry {
                at_ms: i64::from(day) * DAY_MS + 5_000,
                kind: Kind::IndexRoot,
                grant: GrantKind::None,
                openings: Vec::new(),
                actor: "log".into(),
                organisation: String::new(),
                role: "platform".into(),
                channel: Channel::Worker,
                statement: said.to_cbor(),
                ..event.entry
            };
            let row = self.write(&event);
            self.indexes.insert(span, (index, row));
        }
    }

    fn write(&mut self, event: &Event) -> Row {
        let (random, actor, salt): (Tag, _, _) = (self.draw(), self.draw(), self.draw());
        let tag = event.tag.as_ref().map_or(random, |(key, n)| subject_tag(key, *n));
        let mut leaf = event.entry.leaf(0, tag, actor, &salt);
        let mut entry = event.entry.to_cbor();
        (event.leaf)(&mut leaf);
        (event.cbor)(&mut entry);
        leaf.commit = commitment(&salt, &entry);
        let (position, leaf) = (self.edge.size(), leaf.encode());
        for Completed { level, index, hash } in self.edge.push(leaf_hash(&leaf)) {
            self.subtrees.insert((level, index), hash);
        }
        self.tags.push(tag);
        Row { position, leaf, salt, entry, inclusion: Vec::new() }
    }

    fn draw(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.chance.fill_bytes(&mut bytes);
        bytes
    }

    fn included(&self, row: &Row) -> Row {
        let Ok(inclusion) = inclusion_proof(self, row.position, self.edge.size());
        Row { inclusion, ..row.clone() }
    }

    /// The checkpoint at `size`, as the log and two of three witnesses signed it.
    fn checkpoint(&self, size: u64) -> Note {
        self.signed(size, &[log_key(), witness(1), witness(3)], self.today)
    }

    fn signed(&self, size: u64, by: &[Signer], day: u32) -> Note {
        let Ok(root) = root(self, size);
        let text = Checkpoint { origin: log_key().verifier().name().into(), size, root, extensions: Vec::new() };
        let (text, at_s) = (text.to_string(), u64::from(day) * 86_400 + 50_000);
        let signatures = (at_s..).zip(by).map(|(at_s, signer)| signer.sign(&text, at_s)).collect();
        Note { text, signatures }
    }

    /// Asha's file.
    fn file(&self) -> Looks {
        let registered = u32::from_be_bytes(self.asha[0].leaf[4..8].try_into().unwrap()) / 144;
        self.file_with(Span::covering(registered, self.today))
    }

    fn file_with(&self, spans: Vec<Span>) -> Looks {
        let indexed = |span: Span| {
            let (index, row) = &self.indexes[&span];
            let end = self.days[&span.end_day()];
            let after = self.asha.iter().filter(|row| row.position < end).count();
            let found = index.find(&subject_tag(&ASHA, after as u64)).into();
            Indexed { row: self.included(row), found }
        };
        Looks {
            format: FORMAT.into(),
            policy: policy(),
            checkpoint: self.checkpoint(self.edge.size()).to_string(),
            tag_key: ASHA.0,
            entries: self.asha.iter().map(|row| self.included(row)).collect(),
            waiting: 2,
            indexes: spans.into_iter().map(indexed).collect(),
        }
    }
}

fn log_key() -> Signer {
    Signer::new("log.example/teeka", Algorithm::Ed25519, &[1; 32]).unwrap()
}

fn witness(n: u8) -> Signer {
    Signer::new(&format!("w{n}.example"), Algorithm::Cosignature, &[10 + n; 32]).unwrap()
}

/// Two of three witnesses.
fn policy() -> String {
    let witnesses = [1, 2, 3].map(|n| format!("witness w{n} {}\n", witness(n).verifier())).concat();
    format!("log {}\n{witnesses}group witnesses 2 w1 w2 w3\nquorum witnesses\n", log_key().verifier())
}

fn honest(events: &[Event], today: u32) -> Log {
    Log::of(events, today, |_, _| ())
}

/// The file of a story in which something was changed before it was written.
fn bent(bend: impl FnOnce(&mut Vec<Event>)) -> Looks {
    let mut events = story();
    bend(&mut events);
    honest(&events, TODAY).file()
}

/// Number of Asha's n-th entry in the story.
fn nth(events: &[Event], n: u64) -> usize {
    let is_it = |event: &Event| event.tag.as_ref().is_some_and(|(key, m)| key.0 == ASHA.0 && *m == n);
    events.iter().position(is_it).unwrap()
}

/// All cases: how each is made, and how it ends.
pub(crate) fn cases() -> Vec<Case> {
    [good(), files(), rows(), logs(), times(), ends(), indexes(), consents(), unseen()].into_iter().flatten().collect()
}

fn case(name: &'static str, file: &Looks, outcome: &'static str) -> Case {
    Case { name, policy: Some(policy()), file: serde_json::to_value(file).unwrap(), outcome }
}

/// The honest file, with something changed in it afterwards.
fn changed(name: &'static str, change: impl FnOnce(&mut Looks, &Log), outcome: &'static str) -> Case {
    let log = honest(&story(), TODAY);
    let mut file = log.file();
    change(&mut file, &log);
    case(name, &file, outcome)
}

fn good() -> Vec<Case> {
    let file = honest(&story(), TODAY).file();
    let first_day = honest(&story(), FIRST + 1).file();
    // Nothing on the first day: Asha's registration is the log's first leaf, and the index of that day is empty.
    let hers = honest(&story()[2..], TODAY);
    let spans = [(0, 0), (1, 0), (2, 1), (4, 1), (6, 0)];
    let spans = spans.map(|(day, log2_days)| Span { first_day: FIRST + day, log2_days });
    vec![
        case("an honest file", &file, GOOD),
        Case {
            policy: None,
            ..case(
                "an honest file under its own policy",
                &file,
                "good: 6 rows, 5 of them before day 20783, 2 waiting, own policy, w1.example w3.example at 1795701202",
            )
        },
        Case {
            policy: Some(format!("log {}\nquorum none\n", log_key().verifier())),
            ..case(
                "a policy that asks for no witness",
                &file,
                "good: 6 rows, 5 of them before day 20783, 2 waiting, held policy, nobody",
            )
        },
        case(
            "her first day: no index yet",
            &first_day,
            "good: 1 rows, first day, 2 waiting, held policy, w1.example w3.example at 1795182802",
        ),
        case("her registration is the first leaf of the log", &hers.file(), GOOD),
        case("shorter indexes for the same days, the first of them empty", &hers.file_with(spans.to_vec()), GOOD),
        case(
            "an index that is the first leaf of its day",
            &honest(&story()[..12], TODAY).file(),
            "good: 5 rows, 5 of them before day 20783, 2 waiting, held policy, w1.example w3.example at 1795701202",
        ),
        changed(
            "the index of yesterday is late: a day less is proven",
            |file, _| {
                file.indexes.pop();
            },
            "good: 6 rows, 4 of them before day 20782, 2 waiting, held policy, w1.example w3.example at 1795701202",
        ),
    ]
}

/// The file as a whole, and its checkpoint.
fn files() -> Vec<Case> {
    let by = |file: &mut Looks, log: &Log, signers: &[Signer]| {
        file.checkpoint = log.signed(log.edge.size(), signers, TODAY).to_string();
    };
    let stranger = || Signer::new("w2.example", Algorithm::Cosignature, &[99; 32]).unwrap();
    let misshapen = |name, pointer: &str, value: Value| {
        let mut file = serde_json::to_value(honest(&story(), TODAY).file()).unwrap();
        *file.pointer_mut(pointer).unwrap() = value;
        Case { name, policy: Some(policy()), file, outcome: "format" }
    };
    vec![
        misshapen("another format", "/format", json!("teeka-looks/v2")),
        misshapen("a leaf that is too short", "/entries/0/leaf", json!("AAAA")),
        misshapen("base64 without its end", "/entries/0/salt", json!("A".repeat(43))),
        misshapen("a position below nothing", "/entries/0/position", json!(-1)),
        misshapen("no list of indexes", "/indexes", json!(null)),
        misshapen("a policy that is no text", "/policy", json!(7)),
        Case {
            policy: None,
            ..changed("a policy that cannot be read", |file, _| file.policy = "quorum all\n".into(), "policy")
        },
        changed("a checkpoint that is none", |file, _| file.checkpoint = "song\n".into(), "checkpoint"),
        changed("another log's signature", |file, log| by(file, log, &[stranger(), witness(1), witness(3)]), "log"),
        changed("a checkpoint without quorum", |file, log| by(file, log, &[log_key(), witness(2)]), "quorum"),
        changed("an unknown witness", |file, log| by(file, log, &[log_key(), witness(1), stranger()]), "quorum"),
        changed("the same witness twice", |file, log| by(file, log, &[log_key(), witness(1), witness(1)]), "quorum"),
        changed(
            "a cosigned text that was altered",
            |file, log| {
                let size = log.edge.size();
                file.checkpoint = file.checkpoint.replacen(&format!("\n{size}\n"), &format!("\n{}\n", size + 1), 1);
            },
            "log",
        ),
        changed("no row at all", |file, _| file.entries.clear(), "empty"),
        changed(
            "a truncated tree: an older checkpoint under newer proofs",
            |file, log| file.checkpoint = log.checkpoint(file.entries[3].position).to_string(),
            "row 1: inclusion",
        ),
        changed("all indexes left out", |file, _| file.indexes.clear(), "overdue"),
        changed("the last indexes left out", |file, _| file.indexes.truncate(1), "overdue"),
        changed("a tag key of somebody else", |file, _| file.tag_key = BINA.0, "row 1: tag"),
    ]
}

/// Rows that were altered in the file.
fn rows() -> Vec<Case> {
    let swapped = |row: usize, with: fn(&mut Entry)| {
        move |file: &mut Looks, _: &Log| {
            let mut entry = Entry::from_cbor(&file.entries[row].entry).unwrap();
            with(&mut entry);
            file.entries[row].entry = entry.to_cbor();
        }
    };
    vec![
        changed(
            "an entry left out",
            |file, _| {
                file.entries.remove(2);
            },
            "row 3: tag",
        ),
        changed("an altered field", swapped(1, |entry| entry.openings[1].field = Field::Phone), "row 2: commitment"),
        changed("an altered time", swapped(4, |entry| entry.at_ms -= 1), "row 5: commitment"),
        changed("an altered actor", swapped(2, |entry| entry.actor = "D9CBD489".into()), "row 3: commitment"),
        changed("a wrong salt", |file, _| file.entries[3].salt[31] ^= 1, "row 4: commitment"),
        changed("reserved bytes in a leaf", |file, _| file.entries[3].leaf[111] = 1, "row 4: leaf"),
        changed("a leaf with another actor's tag", |file, _| file.entries[3].leaf[72] ^= 1, "row 4: inclusion"),
        changed(
            "the proof of another position",
            |file, _| file.entries[1].inclusion = file.entries[2].inclusion.clone(),
            "row 2: inclusion",
        ),
        changed("another position", |file, _| file.entries[1].position += 1, "row 2: inclusion"),
        changed("a position that is beyond the tree", |file, _| file.entries[5].position += 100, "row 6: inclusion"),
        changed("two rows changed places", |file, _| file.entries.swap(1, 2), "row 2: tag"),
    ]
}

/// What a cheating operator wrote into the log itself.
fn logs() -> Vec<Case> {
    let shown = |n, leaf: fn(&mut Leaf), cbor: fn(&mut Vec<u8>)| {
        bent(|events| {
            let at = nth(events, n);
            (events[at].leaf, events[at].cbor) = (leaf, cbor);
        })
    };
    // The channel is the last number before the build's text.
    let later: fn(&mut Vec<u8>) = |cbor| {
        let at = cbor.len() - 8;
        assert_eq!(cbor[at..at + 2], [Channel::Page.wire(), 0x65]);
        cbor[at] = 9;
    };
    // The kind stands after head, time and request.
    let longer: fn(&mut Vec<u8>) = |cbor| {
        assert_eq!(cbor[27], Kind::Reveal.wire());
        cbor.insert(27, 0x18);
    };
    let mut crossed = bent(|events| {
        let (a, b) = (nth(events, 1), nth(events, 2));
        (events[a].tag, events[b].tag) = (events[b].tag.clone(), events[a].tag.clone());
    });
    crossed.entries.swap(1, 2);
    vec![
        case("the leaf says another kind", &shown(1, |leaf| leaf.kind = 3, |_| ()), "row 2: contradiction"),
        case("the leaf says fewer keys", &shown(2, |leaf| leaf.keys_asked = 1, |_| ()), "row 3: contradiction"),
        case("the leaf says another time", &shown(4, |leaf| leaf.bucket -= 1, |_| ()), "row 5: contradiction"),
        case("an entry of a later build", &shown(4, |_| (), later), "row 5: entry"),
        case("an entry that goes on", &shown(4, |_| (), |cbor| cbor.push(0)), "row 5: entry"),
        case("a number in a longer form", &shown(4, |_| (), longer), "row 5: entry"),
        case(
            "the leaf of another person in place of hers",
            &bent(|events| {
                let at = nth(events, 2);
                events[at].tag = Some((BINA, 9));
            }),
            "row 3: tag",
        ),
        case(
            "a number of her count skipped",
            &bent(|events| {
                for n in (3..=5).rev() {
                    let at = nth(events, n);
                    events[at].tag = Some((ASHA, n + 1));
                }
            }),
            "row 4: tag",
        ),
        case(
            "a number of her count used twice, and both shown",
            &bent(|events| {
                let at = nth(events, 4);
                events[at].tag = Some((ASHA, 3));
            }),
            "row 5: tag",
        ),
        case("tags in another order than in the log", &crossed, "row 3: order"),
    ]
}

/// Times that are not of the day in whose index they stand: around midnight a few minutes are given.
fn times() -> Vec<Case> {
    let at = |day: u32, minutes: i64| {
        bent(|events| {
            let at = nth(events, 4);
            events[at].entry.at_ms = i64::from(day) * DAY_MS + minutes * 60_000;
        })
    };
    vec![
        case("a look dated back by days", &at(FIRST + 3, 0), "row 5: days"),
        case("a look written down before midnight, in the log after it", &at(FIRST + 6, -5), GOOD),
        case("a look written down long before midnight", &at(FIRST + 6, -15), "row 5: days"),
        case("a look written down after midnight, by its own clock", &at(FIRST + 7, 5), GOOD),
        case("a look written down long after the index in which it stands", &at(FIRST + 7, 25), "row 5: days"),
        case(
            "an index that was made before its days were over",
            &cheated(|said, _| {
                if said.span.first_day == FIRST + 6 {
                    said.span.log2_days = 1;
                }
            }),
            "index 3: early",
        ),
        changed(
            "witnesses who signed before the days of the last index were over",
            |file, log| {
                let signers = [log_key(), witness(1), witness(2)];
                file.checkpoint = log.signed(log.edge.size(), &signers, TODAY - 1).to_string();
            },
            "index 3: early",
        ),
    ]
}

/// The file of the honest story in a log whose indexes are made in another way.
fn cheated(cheat: fn(&mut IndexRoot, &mut Vec<Tag>)) -> Looks {
    Log::of(&story(), TODAY, cheat).file()
}

/// Rows that are missing at the end, and what is done so that it is not seen.
fn ends() -> Vec<Case> {
    let hidden = |n: u64| {
        move |events: &mut Vec<Event>| {
            let at = nth(events, n);
            events[at].shown = false;
        }
    };
    // The two newest rows are hidden, one of them in yesterday's index.
    let two = || {
        bent(|events| {
            hidden(5)(events);
            hidden(4)(events);
        })
    };
    let forged = |forge: fn(&mut Looks)| {
        let mut file = two();
        forge(&mut file);
        file
    };
    vec![
        case("the newest rows left out", &two(), "index 3: missing"),
        case(
            "the newest rows left out, and a neighbour in place of the tag",
            &forged(|file| file.indexes[2].found.tags[0][0] ^= 1),
            "index 3: unproven",
        ),
        case(
            "the newest rows left out, and what another index found",
            &forged(|file| file.indexes[2].found = file.indexes[1].found.clone()),
            "index 3: unproven",
        ),
        case(
            "the newest rows left out, and nothing found",
            &forged(|file| {
                file.indexes[2].found.tags.clear();
                file.indexes[2].found.proof.clear();
            }),
            "index 3: unproven",
        ),
        changed(
            "the absence of another tag",
            |file, log| {
                let span = Span { first_day: FIRST + 4, log2_days: 1 };
                file.indexes[1].found = log.indexes[&span].0.find(&subject_tag(&BINA, 9)).into();
            },
            "index 2: unproven",
        ),
        changed("a proof that goes on", |file, _| file.indexes[0].found.proof.push([0; 32]), "index 1: unproven"),
        case(
            "a look hidden behind a harmless entry that was written under its tag today",
            &bent(|events| {
                hidden(5)(events);
                let at = nth(events, 4);
                events[at].shown = false;
                let mut cover = asha(7, 4);
                cover.entry.kind = Kind::Write;
                events.push(cover);
            }),
            "index 3: missing",
        ),
        case(
            "a tag used twice within one index, and one of them shown",
            &bent(|events| {
                let mut twice = asha(5, 3);
                twice.shown = false;
                events.push(twice);
            }),
            "index 2: size",
        ),
        case(
            "an index without one of its tags",
            &cheated(|said, tags| {
                if said.span.first_day == FIRST + 6 {
                    tags.remove(0);
                    said.head.size -= 1;
                }
            }),
            "index 3: size",
        ),
    ]
}

/// Indexes that are not what they should be.
fn indexes() -> Vec<Case> {
    vec![
        changed(
            "an index left out in the middle",
            |file, _| {
                file.indexes.remove(1);
            },
            "index 2: gap",
        ),
        changed(
            "the first index left out",
            |file, _| {
                file.indexes.remove(0);
            },
            "index 1: start",
        ),
        changed("indexes in another order", |file, _| file.indexes.swap(1, 2), "index 2: gap"),
        case(
            "leaves between two indexes",
            &cheated(|said, tags| {
                if said.span.first_day == FIRST + 6 {
                    said.from += 1;
                    tags.remove(0);
                    said.head.size -= 1;
                }
            }),
            "index 3: gap",
        ),
        case(
            "days between two indexes",
            &cheated(|said, _| {
                if said.span == (Span { first_day: FIRST + 4, log2_days: 1 }) {
                    said.span = Span { first_day: FIRST + 5, log2_days: 0 };
                }
            }),
            "index 2: gap",
        ),
        case(
            "days that cannot be counted",
            &cheated(|said, _| {
                if said.span.first_day == FIRST {
                    said.span.log2_days = 200;
                }
            }),
            "index 1: statement",
        ),
        case(
            "four days that do not begin at a multiple of four",
            &cheated(|said, _| {
                if said.span.log2_days == 2 {
                    said.span.first_day += 2;
                }
            }),
            "index 1: statement",
        ),
        case(
            "a day after the last that can be counted",
            &cheated(|said, _| {
                if said.span.first_day == FIRST + 6 {
                    said.span.first_day = u32::MAX;
                }
            }),
            "index 3: statement",
        ),
        changed(
            "another entry in place of an index",
            |file, _| file.indexes[1].row = file.entries[1].clone(),
            "index 2: statement",
        ),
        changed("an index with a wrong salt", |file, _| file.indexes[1].row.salt[0] ^= 1, "index 2: commitment"),
        changed(
            "an index that is not in the log",
            |file, _| file.indexes[1].row.inclusion.clear(),
            "index 2: inclusion",
        ),
        case(
            "an index of leaves that come after it",
            &cheated(|said, _| {
                if said.span.log2_days == 2 {
                    (said.from, said.to) = (said.from + 4, said.to + 4);
                }
            }),
            "index 1: early",
        ),
    ]
}

/// A story in which Asha consents on the third day, and a client looks three times a moment later; then something of it
/// is changed: her consent, or one of the looks.
fn consented(name: &'static str, reads: u8, bend: fn(&mut Terms, &mut [Entry; 4]), outcome: &'static str) -> Case {
    let file = bent(|events| {
        let entry = |n: i64| {
            let plain = event(FIRST + 2, None).entry;
            Entry { at_ms: plain.at_ms + n * 1_000, grant: GrantKind::Consent, purpose: Purpose::Consent, ..plain }
        };
        let client = |n| Entry { actor: "client clinic".into(), role: "client".into(), ..entry(n) };
        let given = Entry {
            kind: Kind::Consent,
            grant: GrantKind::CitizenOtp,
            actor: "self".into(),
            openings: Vec::new(),
            ..entry(0)
        };
        let (fields, until_ms) = (Fields::of(&[Field::Name, Field::Gender]), given.at_ms + 3_600_000);
        let mut terms = Terms { client: "clinic".into(), fields, reads, until_ms };
        let mut entries = [given, client(1), client(2), client(3)];
        bend(&mut terms, &mut entries);
        for (n, mut entry) in (1..).zip(entries) {
            if entry.kind == Kind::Consent {
                entry.statement = terms.to_cbor();
            }
            let at = nth(events, n);
            events[at] = Event { entry, ..asha(2, n) };
        }
    });
    case(name, &file, outcome)
}

fn consents() -> Vec<Case> {
    vec![
        consented("a client looks as often as she consented", 3, |_, _| (), GOOD),
        consented("a look that was weighed just before the end", 3, |terms, all| terms.until_ms = all[0].at_ms, GOOD),
        consented("a look more than she consented to", 2, |_, _| (), "row 5: consent"),
        consented("a client's look without a consent", 3, |_, all| all[0].kind = Kind::Write, "row 3: consent"),
        consented("a look under another consent", 3, |_, all| all[2].evidence = [8; 16], "row 4: consent"),
        consented("a look by another client", 3, |_, all| all[3].actor = "client other".into(), "row 5: consent"),
        consented("a look by no client", 3, |_, all| all[3].actor = "clinic".into(), "row 5: consent"),
        consented("a look at more fields", 3, |terms, _| terms.fields = Fields::of(&[Field::Name]), "row 3: consent"),
        consented("a look after the end", 3, |terms, all| terms.until_ms = all[0].at_ms - 60_000, "row 3: consent"),
        consented("a client's own word", 3, |_, all| all[0].grant = GrantKind::Consent, "row 3: consent"),
        consented("a consent that she did not give first", 3, |_, all| all.swap(0, 1), "row 2: consent"),
        consented("a consent said twice", 1, |_, all| all[1] = all[0].clone(), "row 5: consent"),
    ]
}

/// What this check cannot see, each for somebody else to see.
fn unseen() -> Vec<Case> {
    let newest_hidden = |n: u64| {
        bent(move |events| {
            let at = nth(events, n);
            events[at].shown = false;
        })
    };
    let lying = Log::of(
        &{
            let mut events = story();
            for n in 4..=5 {
                let at = nth(&events, n);
                events[at].shown = false;
            }
            events
        },
        TODAY,
        |said, tags| {
            if said.span.first_day == FIRST + 6 {
                let hers = tags.iter_mut().find(|tag| **tag == subject_tag(&ASHA, 4)).unwrap();
                *hers = [0x77; 32];
            }
        },
    );
    vec![
        case(
            "unseen until tomorrow: the newest row of today left out",
            &newest_hidden(5),
            "good: 5 rows, 5 of them before day 20783, 2 waiting, held policy, w1.example w3.example at 1795701202",
        ),
        case(
            "unseen but by an auditor: an index with a made-up tag in place of hers",
            &lying.file(),
            "good: 4 rows, 4 of them before day 20783, 2 waiting, held policy, w1.example w3.example at 1795701202",
        ),
        case(
            "unseen but by the key room: a look under a tag far ahead",
            &bent(|events| {
                let mut ahead = asha(6, 1_000);
                ahead.shown = false;
                events.push(ahead);
            }),
            GOOD,
        ),
        Case {
            policy: None,
            ..changed(
                "unseen under the file's own policy: witnesses that the operator made up",
                |file, log| {
                    let own = Signer::new("own.example", Algorithm::Cosignature, &[99; 32]).unwrap();
                    file.policy = format!("log {}\nwitness own {}\nquorum own\n", log_key().verifier(), own.verifier());
                    file.checkpoint = log.signed(log.edge.size(), &[log_key(), own], TODAY).to_string();
                },
                "good: 6 rows, 5 of them before day 20783, 2 waiting, own policy, own.example at 1795701201",
            )
        },
    ]
}

/// The cases as JSON, one a line.
pub(crate) fn json() -> String {
    let line = |Case { name, policy, file, outcome }: Case| {
        json!({ "name": name, "policy": policy, "file": file, "outcome": outcome }).to_string()
    };
    format!("[\n{}\n]\n", cases().into_iter().map(line).collect::<Vec<_>>().join(",\n"))
}
