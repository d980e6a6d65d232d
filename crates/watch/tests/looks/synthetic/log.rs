//! A little log of eight days with two people in it, and what an operator hands to one of them.

use ledger::checkpoint::Checkpoint;
use ledger::index::{Index, IndexRoot, Span, Tag};
use ledger::leaf::commitment;
use ledger::note::{Algorithm, Note, Signer};
use ledger::tree::{Completed, Edge, Hash, Subtrees, inclusion_proof, leaf_hash, root};
use ledger::{Channel, Entry, Field, GrantKind, Kind, Leaf, Opening, Purpose, TagKey, subject_tag};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use watch::check::{FORMAT, Indexed, Looks, Row};

/// The first day of the log: a multiple of eight, so that today's indexes cover 4, 2 and 1 days.
pub(super) const FIRST: u32 = 20_776;
pub(super) const TODAY: u32 = FIRST + 7;
pub(super) const DAY_MS: i64 = 86_400_000;

/// Asha's tag key, and Bina's.
pub(super) const ASHA: TagKey = TagKey([0xa5; 32]);
pub(super) const BINA: TagKey = TagKey([0xb1; 32]);

/// Something written down at noon of a day.
pub(super) struct Event {
    pub(super) day: u32,
    pub(super) tag: Option<(TagKey, u64)>,
    pub(super) entry: Entry,
    /// Whether Asha's file shows it.
    pub(super) shown: bool,
    /// What a cheating operator makes of the leaf, and of the entry's CBOR.
    pub(super) leaf: fn(&mut Leaf),
    pub(super) cbor: fn(&mut Vec<u8>),
}

pub(super) fn event(day: u32, tag: Option<(TagKey, u64)>) -> Event {
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
pub(super) fn asha(day: u32, n: u64) -> Event {
    event(FIRST + day, Some((ASHA, n)))
}

/// Eight days. Asha registers on the second; her sixth entry is of today.
pub(super) fn story() -> Vec<Event> {
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
pub(super) struct Log {
    pub(super) chance: ChaCha8Rng,
    pub(super) edge: Edge,
    pub(super) subtrees: HashMap<(u32, u64), Hash>,
    /// Tags of the leaves, by position.
    pub(super) tags: Vec<Tag>,
    /// What was opened of Asha, still without proofs.
    pub(super) asha: Vec<Row>,
    /// The first position of each day.
    pub(super) days: BTreeMap<u32, u64>,
    pub(super) indexes: BTreeMap<Span, (Index, Row)>,
    pub(super) today: u32,
}

impl Subtrees for Log {
    type Error = Infallible;
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        Ok(self.subtrees[&(level, index)])
    }
}

impl Log {
    /// The log of some events up to noon of `today`; `cheat` may bend the statement and the tags of each index.
    pub(super) fn of(events: &[Event], today: u32, cheat: fn(&mut IndexRoot, &mut Vec<Tag>)) -> Self {
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

    pub(super) fn happen(&mut self, event: &Event) {
        let row = self.write(event);
        if event.shown {
            self.asha.push(row);
        }
    }

    /// Indexes the spans that ended before a day.
    pub(super) fn index(&mut self, day: u32, cheat: fn(&mut IndexRoot, &mut Vec<Tag>)) {
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

    pub(super) fn write(&mut self, event: &Event) -> Row {
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

    pub(super) fn draw(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.chance.fill_bytes(&mut bytes);
        bytes
    }

    pub(super) fn included(&self, row: &Row) -> Row {
        let Ok(inclusion) = inclusion_proof(self, row.position, self.edge.size());
        Row { inclusion, ..row.clone() }
    }

    /// The checkpoint at `size`, as the log and two of three witnesses signed it.
    pub(super) fn checkpoint(&self, size: u64) -> Note {
        self.signed(size, &[log_key(), witness(1), witness(3)], self.today)
    }

    pub(super) fn signed(&self, size: u64, by: &[Signer], day: u32) -> Note {
        let Ok(root) = root(self, size);
        let text = Checkpoint { origin: log_key().verifier().name().into(), size, root, extensions: Vec::new() };
        let (text, at_s) = (text.to_string(), u64::from(day) * 86_400 + 50_000);
        let signatures = (at_s..).zip(by).map(|(at_s, signer)| signer.sign(&text, at_s)).collect();
        Note { text, signatures }
    }

    /// Asha's file.
    pub(super) fn file(&self) -> Looks {
        let registered = u32::from_be_bytes(self.asha[0].leaf[4..8].try_into().unwrap()) / 144;
        self.file_with(Span::covering(registered, self.today))
    }

    pub(super) fn file_with(&self, spans: Vec<Span>) -> Looks {
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

pub(super) fn log_key() -> Signer {
    Signer::new("log.example/teeka", Algorithm::Ed25519, &[1; 32]).unwrap()
}

pub(super) fn witness(n: u8) -> Signer {
    Signer::new(&format!("w{n}.example"), Algorithm::Cosignature, &[10 + n; 32]).unwrap()
}

/// Two of three witnesses.
pub(super) fn policy() -> String {
    let witnesses = [1, 2, 3].map(|n| format!("witness w{n} {}\n", witness(n).verifier())).concat();
    format!("log {}\n{witnesses}group witnesses 2 w1 w2 w3\nquorum witnesses\n", log_key().verifier())
}

pub(super) fn honest(events: &[Event], today: u32) -> Log {
    Log::of(events, today, |_, _| ())
}

/// The file of a story in which something was changed before it was written.
pub(super) fn bent(bend: impl FnOnce(&mut Vec<Event>)) -> Looks {
    let mut events = story();
    bend(&mut events);
    honest(&events, TODAY).file()
}

/// Number of Asha's n-th entry in the story.
pub(super) fn nth(events: &[Event], n: u64) -> usize {
    let is_it = |event: &Event| event.tag.as_ref().is_some_and(|(key, m)| key.0 == ASHA.0 && *m == n);
    events.iter().position(is_it).unwrap()
}
