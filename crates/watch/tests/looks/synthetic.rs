//! The files that an honest and a cheating operator would hand to Asha, and how her check of each ends. The cases lie in
//! `cases.json`, for the check in JavaScript; `cargo run -p watch --example looks` prints them.

#[path = "synthetic/log.rs"]
mod log;

use ledger::consent::Terms;
use ledger::index::{IndexRoot, Span, Tag};
use ledger::note::{Algorithm, Signer};
use ledger::{Channel, Entry, Field, Fields, GrantKind, Kind, Leaf, Purpose, subject_tag};
use log::{
    ASHA, BINA, DAY_MS, Event, FIRST, Log, TODAY, asha, bent, event, honest, log_key, nth, policy, story, witness,
};
use serde_json::{Value, json};
use watch::check::Looks;

/// How the check of Asha's honest file ends.
const GOOD: &str =
    "good: 6 rows, 5 of them before day 20783, 2 waiting, held policy, w1.example w3.example at 1795701202";

/// A case: a file, the policy that the checker holds, and how the check ends.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) policy: Option<String>,
    pub(crate) file: Value,
    pub(crate) outcome: &'static str,
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
