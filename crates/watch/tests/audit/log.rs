//! A log of some days on the disk, as an operator writes it: honest, or with a flaw that he has signed.

use data_encoding::{BASE64, HEXLOWER};
use ledger::audit::{Counters, drawn, lapsed_to_cbor};
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::erasure::{Erasure, Explained};
use ledger::index::{Index, IndexRoot, Span};
use ledger::leaf::{commitment, tag_of};
use ledger::note::{Algorithm, Note, Signer};
use ledger::order::{Filed, LegalGround, known_by};
use ledger::policy::Policy;
use ledger::restored::Restored;
use ledger::tile::{Bundle, Tile, bundle};
use ledger::tree::{Edge, Hash, leaf_hash};
use ledger::{Channel, Field, GrantKind, Kind, LEAF_BYTES, Leaf, Opening, Purpose};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use watch::audit::{Source, Unreachable};

/// The log's name.
pub(crate) const ORIGIN: &str = "log.example";

/// Its first day: two before a multiple of eight, so that short and long spans end within it.
pub(crate) const FIRST_DAY: u32 = 20_774;

/// Days that are over.
pub(crate) const DAYS: u32 = 6;

/// Ten hours into the day after them.
pub(crate) const NOW_S: u64 = (FIRST_DAY + DAYS) as u64 * 86_400 + 36_000;

/// What an operator has done to a log before he signed it.
#[derive(Clone, Default)]
pub(crate) struct Flaws {
    /// One tag of this day is not in its index.
    pub(crate) left_out: Option<u32>,
    /// This day has no index.
    pub(crate) unindexed: Option<u32>,
    /// More keys were released than were asked for.
    pub(crate) released_more: u64,
    /// The entry at this position is an hour older than its neighbours.
    pub(crate) backdated: Option<u64>,
    /// The entry at this position is a day ahead.
    pub(crate) ahead: Option<u64>,
    /// Entries are salted differently from this position on: another history.
    pub(crate) fork: Option<u64>,
    /// An erasure is told of, and there is none.
    pub(crate) not_erased: bool,
    /// What an entry lists as lapsed, besides the truth.
    pub(crate) lapsed: Vec<(u64, u16)>,
    /// An erasure commits to nothing.
    pub(crate) empty_erasure: bool,
    /// What is said in public of the one lawful order, instead of the truth.
    pub(crate) order_said: Option<&'static str>,
    /// Entries that a restore lost, as it says in public.
    pub(crate) restored: Option<(u64, u64)>,
}

/// A log and all its secrets.
pub(crate) struct Log {
    flaws: Flaws,
    pub(crate) leaves: Vec<[u8; LEAF_BYTES]>,
    opened: Vec<([u8; 32], Vec<u8>)>,
    days: Vec<IndexRoot>,
    /// Entries whose keys are destroyed, and the entry that says so.
    erased: (Vec<u64>, u64),
    /// Another person's, who was erased a day later.
    pub(crate) also_erased: (Vec<u64>, u64),
}

/// What blinds the tags of the erasures.
const BLIND: [u8; 32] = [77; 32];

impl Log {
    /// Six days with their indexes, and some of the seventh.
    pub(crate) fn new(flaws: Flaws) -> Self {
        let mut log = Self {
            flaws,
            leaves: Vec::new(),
            opened: Vec::new(),
            days: Vec::new(),
            erased: (Vec::new(), 0),
            also_erased: (Vec::new(), 0),
        };
        (log.erased.0, log.also_erased.0) = (vec![4, 7, 31, 40], vec![8, 70, 140]);
        for day in FIRST_DAY..=FIRST_DAY + DAYS {
            if day > FIRST_DAY {
                log.index(day - 1);
                log.count(day);
            }
            for n in 0..if day == FIRST_DAY + DAYS { 50 } else { 120 } {
                log.act(day, n);
            }
        }
        log
    }

    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn act(&mut self, day: u32, n: u32) {
        let (kind, openings) = match n {
            60 if day == FIRST_DAY + 1 && !self.flaws.not_erased => (Kind::Erase, Vec::new()),
            60 if day == FIRST_DAY + 2 => (Kind::Erase, Vec::new()),
            60 if day == FIRST_DAY + 3 && self.flaws.restored.is_some() => (Kind::Restore, Vec::new()),
            31 if day == FIRST_DAY + 3 => (Kind::Case, Vec::new()),
            32 if day == FIRST_DAY + 3 => (Kind::Config, Vec::new()),
            n if n % 3 == 0 => (Kind::Reveal, vec![Field::Name, Field::Phone]),
            n if n % 3 == 1 => (Kind::Use, vec![Field::BirthYear]),
            _ => (Kind::Write, Vec::new()),
        };
        let mut statement = Vec::new();
        if n == 60 && (day == FIRST_DAY + 1 || day == FIRST_DAY + 2) {
            let size = self.size();
            let erased = if day == FIRST_DAY + 1 { &mut self.erased } else { &mut self.also_erased };
            erased.1 = size;
            let positions = erased.0.clone();
            if kind == Kind::Erase && !self.flaws.empty_erasure {
                statement = Erasure::of(&self.tags(&positions), &BLIND).to_cbor();
            }
        }
        if let Some((first, end)) = self.flaws.restored.filter(|_| kind == Kind::Restore) {
            statement = Restored { lost: first..end }.to_cbor();
        }
        let openings = openings.into_iter().map(|field| Opening { field, version: 1 }).collect();
        let mut entry = Entry { openings, statement, ..entry(kind, day, n * 600) };
        if (31..=33).contains(&n) && day == FIRST_DAY + 3 {
            // An officer files an order, that is said in public, and he looks.
            (entry.purpose, entry.evidence) = (Purpose::LawfulOrder, if n == 32 { [0; 16] } else { [9; 16] });
            let said = self.flaws.order_said.map_or_else(|| filed().to_text(), str::to_owned);
            entry.statement = if n == 32 { said.into_bytes() } else { Vec::new() };
        }
        self.push(entry);
    }

    fn tags(&self, positions: &[u64]) -> Vec<[u8; 32]> {
        positions.iter().map(|position| tag_of(&self.leaves[usize::try_from(*position).unwrap()])).collect()
    }

    /// How it explains that an entry cannot be opened.
    pub(crate) fn explains(&self, (erased, by): &(Vec<u64>, u64), number: usize) -> Value {
        let Explained { number, nonce, proof } = Explained::of(&self.tags(erased), &BLIND, number as u64);
        let proof: Vec<String> = proof.iter().map(|hash| BASE64.encode(hash)).collect();
        json!({ "position": by, "number": number, "nonce": BASE64.encode(&nonce), "proof": proof })
    }

    /// Adds an entry; every fortieth is of a kind that nobody knows yet.
    fn push(&mut self, entry: Entry) {
        let position = self.size();
        let history = u8::from(self.flaws.fork.is_some_and(|fork| position >= fork));
        let of = |what: &str| -> [u8; 32] { Sha256::digest(format!("{what} {position} {history}")).into() };
        let mut at_ms = entry.at_ms;
        at_ms -= if self.flaws.backdated == Some(position) { 3_600_000 } else { 0 };
        at_ms += if self.flaws.ahead == Some(position) { 86_400_000 } else { 0 };
        let entry = Entry { at_ms, ..entry };
        let actor = Sha256::digest([u8::try_from(position % 12).unwrap() / 2]).into();
        let mut leaf = entry.leaf(0, of("tag"), actor, &of("salt"));
        let mut cbor = entry.to_cbor();
        if position % 40 == 5 && entry.kind == Kind::Write {
            cbor = b"of a later build".to_vec();
            leaf = Leaf { kind: 77, commit: commitment(&of("salt"), &cbor), ..leaf };
        }
        self.leaves.push(leaf.encode());
        self.opened.push((of("salt"), cbor));
    }

    fn index(&mut self, day: u32) {
        let size = self.size();
        if self.flaws.unindexed == Some(day) {
            return;
        }
        let from = self.days.last().map_or(0, |root| root.to);
        let begins =
            |first: u32| self.days.iter().find(|root| root.span.first_day == first).map_or(0, |root| root.from);
        let roots: Vec<IndexRoot> = Span::ended_before(day + 1)
            .map(|span| {
                let from = if span.log2_days == 0 { from } else { begins(span.first_day) };
                let leaves = &self.leaves[usize::try_from(from).unwrap()..];
                let left_out = self.flaws.left_out == Some(day) && span.log2_days == 0;
                let tags = leaves.iter().skip(usize::from(left_out)).map(tag_of).collect();
                IndexRoot { span, from, to: size, head: Index::of(tags).head() }
            })
            .collect();
        self.days.push(roots[0]);
        for root in roots {
            self.push(Entry { statement: root.to_cbor(), ..entry(Kind::IndexRoot, day + 1, 1) });
        }
    }

    fn count(&mut self, day: u32) {
        let asked: u64 = self.leaves.iter().map(|leaf| u64::from(Leaf::decode(leaf).unwrap().keys_asked)).sum();
        let released = if self.flaws.released_more > 0 { asked + self.flaws.released_more } else { asked - 3 };
        let counters = Counters { origin: ORIGIN.into(), size: self.size(), released };
        let note = counters.signed(&key_room(), u64::from(day) * 86_400);
        if day == FIRST_DAY + 1 {
            // The truth: of the first look, both keys.
            let lapsed = [vec![(0, 2)], self.flaws.lapsed.clone()].concat();
            self.push(Entry { statement: lapsed_to_cbor(&lapsed), ..entry(Kind::Lapsed, day, 1) });
        }
        self.push(Entry { statement: note.to_string().into_bytes(), ..entry(Kind::Config, day, 2) });
    }

    /// The checkpoint of its first entries, cosigned by these witnesses soon after the last of them.
    pub(crate) fn checkpoint(&self, size: u64, witnesses: &[Signer]) -> Note {
        let mut edge = Edge::default();
        for leaf in &self.leaves[..usize::try_from(size).unwrap()] {
            edge.push(leaf_hash(leaf));
        }
        let text = Checkpoint { origin: ORIGIN.into(), size, root: edge.root(), extensions: Vec::new() }.to_string();
        let mut signatures = vec![log_key().sign(&text, 0)];
        let last = &self.leaves[usize::try_from(size).unwrap() - 1];
        let at_s = u64::from(Leaf::decode(last).unwrap().bucket + 1) * 600;
        let at_s = if size == self.size() { NOW_S - 30 } else { at_s };
        signatures.extend(witnesses.iter().map(|witness| witness.sign(&text, at_s)));
        Note { text, signatures }
    }

    /// Writes the whole log into a folder.
    pub(crate) fn write(&self, folder: &Path) {
        write_tree(folder, &self.leaves);
        for (position, leaf) in (0_u64..).zip(&self.leaves) {
            let decoded = Leaf::decode(leaf).unwrap();
            if decoded.kind().is_some_and(Kind::is_public) {
                let (salt, entry) = &self.opened[usize::try_from(position).unwrap()];
                let opening = json!({
                    "position": position, "leaf": BASE64.encode(leaf),
                    "salt": BASE64.encode(salt), "entry": BASE64.encode(entry),
                });
                put(folder, &format!("opening/{position}"), opening.to_string().as_bytes());
            }
        }
        let note = self.checkpoint(self.size(), &[key_room(), witness(1), witness(2)]);
        put(folder, "checkpoint", note.to_string().as_bytes());
    }

    /// What it answers to a draw.
    fn opens(&self, question: &str) -> Vec<Value> {
        let question: Value = serde_json::from_str(question).unwrap();
        let text = question["checkpoint"].as_str().unwrap();
        let nonce = HEXLOWER.decode(question["nonce"].as_str().unwrap().as_bytes()).unwrap().try_into().unwrap();
        let count = question["count"].as_u64().unwrap().try_into().unwrap();
        let size = text.parse::<Checkpoint>().unwrap().size;
        let opening = |position: u64| {
            for gone in [&self.erased, &self.also_erased] {
                if let Some(number) = gone.0.iter().position(|one| *one == position) {
                    return json!({ "position": position, "erased": self.explains(gone, number) });
                }
            }
            let (salt, entry) = &self.opened[usize::try_from(position).unwrap()];
            json!({ "position": position, "salt": BASE64.encode(salt), "entry": BASE64.encode(entry) })
        };
        drawn(text, &nonce, size, count).into_iter().map(opening).collect()
    }
}

fn filed() -> Filed {
    Filed { authority: "high-court".into(), ground: LegalGround::Court, order: known_by(&[9; 16]) }
}

/// Writes tiles and bundles of these entries.
pub(crate) fn write_tree<E: AsRef<[u8]>>(folder: &Path, entries: &[E]) {
    let (mut edge, mut subtrees) = (Edge::default(), HashMap::<(u32, u64), Hash>::new());
    for entry in entries {
        subtrees.extend(edge.push(leaf_hash(entry.as_ref())).into_iter().map(|one| ((one.level, one.index), one.hash)));
    }
    for tile in Tile::added(0, edge.size()) {
        let first = tile.index * 256;
        let hashes: Vec<Hash> =
            (first..first + u64::from(tile.width)).map(|index| subtrees[&(8 * tile.level, index)]).collect();
        put(folder, &tile.path(), &hashes.concat());
    }
    for one in Bundle::added(0, edge.size()) {
        let first = usize::try_from(one.index * 256).unwrap();
        let own = &entries[first..first + one.width as usize];
        put(folder, &one.path(), &bundle(own.iter().map(AsRef::as_ref)));
    }
}

fn put(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn entry(kind: Kind, day: u32, second: u32) -> Entry {
    Entry {
        at_ms: (i64::from(day) * 86_400 + i64::from(second)) * 1000,
        request: [7; 16],
        kind,
        grant: GrantKind::None,
        evidence: [0; 16],
        actor: "1A2B3C4D".into(),
        organisation: String::new(),
        role: "none".into(),
        purpose: Purpose::Family,
        openings: Vec::new(),
        channel: Channel::Page,
        build: "0.1.0".into(),
        statement: Vec::new(),
    }
}

pub(crate) fn log_key() -> Signer {
    Signer::new(ORIGIN, Algorithm::Ed25519, &[5; 32]).unwrap()
}

pub(crate) fn key_room() -> Signer {
    Signer::new("log.example/keyroom", Algorithm::Cosignature, &[6; 32]).unwrap()
}

pub(crate) fn witness(n: u8) -> Signer {
    Signer::new(&format!("witness.example/w{n}"), Algorithm::Cosignature, &[10 + n; 32]).unwrap()
}

/// The key room and one of two witnesses.
pub(crate) fn policy() -> Policy {
    let (log, key_room) = (log_key(), key_room());
    let text = format!(
        "log {}\nwitness keyroom {}\nwitness w1 {}\nwitness w2 {}\n\
         group outside 1 w1 w2\ngroup everyone all keyroom outside\nquorum everyone\n",
        log.verifier(),
        key_room.verifier(),
        witness(1).verifier(),
        witness(2).verifier()
    );
    text.parse().unwrap()
}

/// A folder with a log's files, removed at its end.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("teeka-audit-{}-{number}", std::process::id())))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Changes the bytes of a file.
    pub(crate) fn bend(&self, path: &str, how: impl FnOnce(&mut Vec<u8>)) {
        let path = self.0.join(path);
        let mut bytes = std::fs::read(&path).unwrap();
        how(&mut bytes);
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.0.join(path)).unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// The folder as an auditor sees it, and who answers to draws.
pub(crate) struct Seen<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) log: Option<&'a Log>,
    /// What is done to the answer before it is sent; where nothing is left, the log was restored since.
    pub(crate) bend: &'a dyn Fn(&mut Vec<Value>),
}

impl Source for Seen<'_> {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        Ok(std::fs::read(self.folder.join(path)).ok())
    }

    fn open(&self, draw: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        let log = self.log.ok_or_else(|| Unreachable("nobody answers".into()))?;
        let mut openings = log.opens(draw);
        (self.bend)(&mut openings);
        Ok((!openings.is_empty()).then(|| json!({ "openings": openings }).to_string().into_bytes()))
    }
}
