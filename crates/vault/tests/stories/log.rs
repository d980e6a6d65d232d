//! The log in its files: whole, growing, found again after a crash and after a restore, and seen by witnesses.

use crate::world::World;
use ledger::audit::Counters;
use ledger::checkpoint::Checkpoint;
use ledger::index::{Index, IndexRoot};
use ledger::leaf::tag_of;
use ledger::note::{Algorithm, Note, Signer};
use ledger::policy::Policy;
use ledger::tile::{Bundle, Tile, unbundle};
use ledger::tree::{Completed, Edge, check_consistency, leaf_hash};
use ledger::{Entry, Kind, LEAF_BYTES, Leaf};
use std::path::Path;
use std::sync::Arc;
use store::command::{Command, Effect};
use store::{Reader, Staged};
use vault::{Caller, Card, Channel, Citizen, CodeFor, Evidence, Refusal, Refused, Vault};

const HOUR: i64 = 3_600_000;

pub(crate) async fn publish(vault: &Vault) -> Checkpoint {
    let fresh = vault.fresh_checkpoint().await.unwrap();
    let checkpoint = fresh.note.text.parse().unwrap();
    assert!(vault.publish(fresh, Vec::new()).await.unwrap());
    checkpoint
}

/// What a mirror has: every leaf of the published log, whose tiles and checkpoint agree with them.
pub(crate) fn mirrored(log: &Path, policy: &Policy) -> (Checkpoint, Vec<[u8; LEAF_BYTES]>) {
    let note: Note = std::fs::read_to_string(log.join("checkpoint")).unwrap().parse().unwrap();
    let checkpoint = policy.believes(&note).unwrap();
    let read = |path: String| std::fs::read(log.join(path)).unwrap();
    let bundles = Bundle::added(0, checkpoint.size).into_iter().map(|bundle| read(bundle.path()));
    let leaves: Vec<[u8; LEAF_BYTES]> = bundles
        .flat_map(|bytes| {
            unbundle(&bytes).unwrap().into_iter().map(|leaf| leaf.try_into().unwrap()).collect::<Vec<_>>()
        })
        .collect();
    let mut edge = Edge::default();
    let subtrees: Vec<_> = leaves.iter().flat_map(|leaf| edge.push(leaf_hash(leaf))).collect();
    assert_eq!((edge.size(), edge.root()), (checkpoint.size, checkpoint.root));
    for tile in Tile::added(0, checkpoint.size) {
        let bytes = read(tile.path());
        let (hashes, rest) = bytes.as_chunks::<32>();
        assert_eq!((hashes.len(), rest.len()), (tile.width as usize, 0), "{}", tile.path());
        for (index, hash) in (tile.index * 256..).zip(hashes) {
            let same = |one: &&Completed| (one.level, one.index) == (8 * tile.level, index);
            assert_eq!(subtrees.iter().find(same).map(|one| one.hash), Some(*hash), "{}", tile.path());
        }
    }
    (checkpoint, leaves)
}

pub(crate) fn policy_of(vault: &Vault) -> Policy {
    vault.watch().text().parse().unwrap()
}

fn edge_of(leaves: &[[u8; LEAF_BYTES]]) -> Edge {
    let mut edge = Edge::default();
    for leaf in leaves {
        edge.push(leaf_hash(leaf));
    }
    edge
}

async fn citizen(vault: &Vault, token: &str) -> Citizen {
    let Ok(Caller::Citizen(citizen)) = vault.caller(token, Channel::Page).await else { panic!("signed out") };
    citizen
}

/// The name on her card.
pub(crate) async fn read_card(vault: &Vault, token: &str) -> Result<String, Refused> {
    let citizen = citizen(vault, token).await;
    let person = citizen.member(0)?;
    Ok(vault.disclose::<Card>(&citizen, &citizen.grant(person)?, person).await?.name.clone())
}

/// Her list of looks is as long as her count.
pub(crate) async fn list_is_whole(vault: &Vault, token: &str) {
    let citizen = citizen(vault, token).await;
    let looks = vault.looks(&citizen, citizen.member(0).unwrap(), 1000).await.unwrap();
    assert_eq!(looks.looks.len() as u64, looks.count);
}

#[tokio::test]
async fn what_is_committed_goes_into_tiles_that_anyone_can_check() {
    let world = World::new().await;
    let (log, policy) = (world.folder().join("log"), policy_of(&world.vault));
    let mut before: Option<Checkpoint> = None;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    for round in 0..4 {
        for _ in 0..60 * round {
            read_card(&world.vault, &token).await.unwrap();
        }
        publish(&world.vault).await;
        let (now, leaves) = mirrored(&log, &policy);
        assert_eq!(now.size, world.vault.log_size().await.unwrap());
        if let Some(before) = before {
            let old = &leaves[..usize::try_from(before.size).unwrap()];
            assert_eq!(edge_of(old).root(), before.root, "what was published once stands");
        }
        before = Some(now);
    }
    // Full bundles are staged no more, and her list is as long as before.
    assert!(before.unwrap().size > 256 && world.store.read(|store| store.log_row(0)).await.unwrap().is_none());
    list_is_whole(&world.vault, &token).await;
}

#[tokio::test]
async fn a_tree_is_the_same_after_a_crash_between_any_two_steps() {
    let world = World::new().await;
    let (log, policy) = (world.folder().join("log"), policy_of(&world.vault));
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    let first = publish(&world.vault).await;
    let mut vault = Arc::clone(&world.vault);
    for step in 0..3 {
        for _ in 0..100 {
            read_card(&vault, &token).await.unwrap();
        }
        // It ends with the tiles written and not published; or published, and the rows still there; or before either.
        let lost = if step == 0 { None } else { Some(vault.fresh_checkpoint().await.unwrap()) };
        if let (2, Some(lost)) = (step, &lost) {
            std::fs::write(log.join("checkpoint"), lost.note.to_string()).unwrap();
        }
        vault = world.reopened();
        assert_eq!(vault.begin_log().await.unwrap(), 0);
        assert_eq!(read_card(&vault, &token).await.unwrap(), "Asha Devi");
    }
    let last = publish(&vault).await;
    let (mirror, leaves) = mirrored(&log, &policy);
    assert_eq!(mirror.root, last.root);
    assert_eq!(edge_of(&leaves[..usize::try_from(first.size).unwrap()]).root(), first.root);
}

#[tokio::test]
async fn a_witness_is_shown_how_the_log_grew() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    let old = publish(&world.vault).await;
    read_card(&world.vault, &token).await.unwrap();
    let fresh = world.vault.fresh_checkpoint().await.unwrap();
    // Meanwhile it grows on.
    read_card(&world.vault, &token).await.unwrap();
    let request = world.vault.ask_witness(&fresh, old.size).await.unwrap();
    let new: Checkpoint = request.checkpoint.text.parse().unwrap();
    check_consistency(old.size, new.size, &old.root, &new.root, &request.proof).unwrap();
}

#[tokio::test]
async fn after_a_restore_the_log_wins_over_the_data() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    let old = world.data();
    for _ in 0..5 {
        read_card(&world.vault, &token).await.unwrap();
    }
    let published = publish(&world.vault).await;
    let counted = world.store.read(Reader::threads).await.unwrap()[0].2;

    let world = world.restored(old);
    let known = world.vault.log_size().await.unwrap();
    assert!(known < published.size);
    assert_eq!(world.vault.begin_log().await.unwrap(), published.size - known);
    assert_eq!(world.store.read(Reader::threads).await.unwrap()[0].2, counted, "her count is found by her tags");
    let credential = world.vault.auditor_credential("kaveri");
    let drawn =
        async |under: &Checkpoint| world.vault.open_drawn(Some(&credential), &under.to_string(), &[7; 32], 20).await;
    let unsaid = drawn(&published).await.err();
    assert_eq!(unsaid, Some(Refusal::Moved.into()), "what was lost is not public under this checkpoint");
    let token = world.signs_in("9876543210").await.token;
    assert_eq!(read_card(&world.vault, &token).await.unwrap(), "Asha Devi");
    list_is_whole(&world.vault, &token).await;
    let said = publish(&world.vault).await;
    assert!(drawn(&said).await.is_ok());
    let (_, leaves) = mirrored(&world.folder().join("log"), &policy_of(&world.vault));
    let restored = leaves.iter().filter(|leaf| leaf[1] == Kind::Restore.wire()).count();
    assert_eq!((restored, leaves.len() as u64 > published.size), (1, true));
}

#[tokio::test]
async fn every_day_that_is_over_is_indexed() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    publish(&world.vault).await;
    assert!(world.store.read(Reader::log_indexes).await.unwrap().is_empty(), "today is not over");
    assert_eq!(read_card(&world.vault, &token).await.unwrap(), "Asha Devi");
    for days in [1, 1, 3] {
        world.signs_in("9876543210").await;
        world.pass(days * 24 * HOUR);
        publish(&world.vault).await;
    }
    let indexes = world.store.read(Reader::log_indexes).await.unwrap();
    let days: Vec<&IndexRoot> = indexes.iter().map(|(root, _)| root).filter(|root| root.span.log2_days == 0).collect();
    assert_eq!(days.len(), 5, "quiet days too");
    assert!(days.windows(2).all(|pair| pair[0].span.end_day() == pair[1].span.first_day && pair[0].to == pair[1].from));
    assert!(indexes.iter().any(|(root, _)| root.span.log2_days > 0));
    let (_, leaves) = mirrored(&world.folder().join("log"), &policy_of(&world.vault));
    for (root, position) in &indexes {
        let within = usize::try_from(root.from).unwrap()..usize::try_from(root.to).unwrap();
        let index = Index::of(leaves[within].iter().map(tag_of).collect());
        assert_eq!(index.head(), root.head, "anyone who has the leaves makes the same index");
        let leaf = Leaf::decode(&leaves[usize::try_from(*position).unwrap()]).unwrap();
        assert_eq!(leaf.kind(), Some(Kind::IndexRoot));
        let opening = world.vault.log_file(&format!("opening/{position}"), None).await.unwrap().bytes;
        let opening: serde_json::Value = serde_json::from_slice(&opening).unwrap();
        let entry = data_encoding::BASE64.decode(opening["entry"].as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(IndexRoot::from_cbor(&Entry::from_cbor(&entry).unwrap().statement), Some(*root));
    }
}

#[tokio::test]
async fn a_clock_that_was_put_back_dates_no_entry_before_another() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    assert_eq!(read_card(&world.vault, &token).await.unwrap(), "Asha Devi");
    let before = world.leaves().await.len();
    world.pass(-HOUR / 2);
    let again = world.reopened();
    again.begin_log().await.unwrap();
    for vault in [&world.vault, &again] {
        assert_eq!(read_card(vault, &token).await.err(), Some(Refused::Rule(Refusal::Storage)));
        let health = vault.health().await;
        assert!(health.parts.iter().all(|(part, wrong)| wrong.is_some() == (*part == "clock")), "{health:?}");
    }
    assert_eq!(world.leaves().await.len(), before, "nothing was written down");
    world.pass(HOUR / 2);
    assert_eq!(read_card(&world.vault, &token).await.unwrap(), "Asha Devi");
    // A few minutes are no harm to the log: clocks of several machines differ so much. Who signs in anew looks on.
    world.pass(HOUR / 2);
    world.publishes().await;
    world.pass(-HOUR / 12);
    let token = world.signs_in("9876543210").await.token;
    assert_eq!(read_card(&world.vault, &token).await.unwrap(), "Asha Devi");
}

#[tokio::test]
async fn an_unwatched_log_is_not_read_from_for_long() {
    let witness = Signer::new("witness.example", Algorithm::Cosignature, &[3; 32]).unwrap();
    let world = World::watched_by(witness.verifier().clone()).await;
    let vault = &world.vault;
    let seen = async || {
        let fresh = vault.fresh_checkpoint().await.unwrap();
        let cosignature = witness.sign(&fresh.note.text, u64::try_from(vault.now_ms() / 1000).unwrap());
        assert!(vault.publish(fresh, vec![cosignature]).await.unwrap());
    };
    seen().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    world.books(&token, vec![asha.person()]).await;
    let code = world.slip_code(&token, asha.person()).await;
    // Five hours without a witness: her own reads go on, a vaccinator's wait.
    world.pass(5 * HOUR);
    let alone = vault.fresh_checkpoint().await.unwrap();
    assert!(!vault.publish(alone, Vec::new()).await.unwrap(), "nobody saw it");
    let token = world.signs_in("9876543210").await.token;
    assert_eq!(read_card(vault, &token).await.unwrap(), "Asha Devi");
    let meera = world.staff("meera").await;
    let check_in = async || vault.check_in(&meera, world.session, &asha.reference, &Evidence::Code(code.clone())).await;
    assert_eq!(check_in().await.err(), Some(Refused::Unavailable));
    seen().await;
    assert!(check_in().await.is_ok(), "and by itself it goes on");
    // A day without: nobody's. A booking opens nothing, and needs no witness.
    world.pass(25 * HOUR);
    world.pass(-HOUR / 2);
    let phone = "9876543210".parse().unwrap();
    let sent = vault.send_code(vault.asked(Channel::Page), &phone, CodeFor::SignIn, "en").await;
    assert_eq!(sent.err(), Some(Refused::Unavailable));
    seen().await;
    assert_eq!(read_card(vault, &world.signs_in("9876543210").await.token).await.unwrap(), "Asha Devi");
}

#[tokio::test]
async fn an_auditor_opens_what_chance_draws_and_she_sees_it() {
    let world = World::new().await;
    let (token, asha) = world.family("9876543210", "Asha Devi").await;
    for _ in 0..30 {
        read_card(&world.vault, &token).await.unwrap();
    }
    publish(&world.vault).await;
    let (checkpoint, leaves) = mirrored(&world.folder().join("log"), &policy_of(&world.vault));
    let (text, nonce) = (checkpoint.to_string(), [7; 32]);
    let credential = world.vault.auditor_credential("Court of Audit");
    for bad in [None, Some("Court of Audit"), Some("Another.00"), Some(&credential.replace("Court", "court")[..])] {
        let refused = world.vault.open_drawn(bad, &text, &nonce, 20).await;
        assert_eq!(refused.err(), Some(Refused::NotSignedIn), "{bad:?}");
        let bundle = world.vault.log_file("tile/entries/000.p/17", bad).await;
        assert_eq!(bundle.err(), Some(Refused::NotSignedIn), "{bad:?}");
    }
    let ahead = text.replace(&format!("\n{}\n", checkpoint.size), "\n99999\n");
    assert_eq!(world.vault.open_drawn(Some(&credential), &ahead, &nonce, 20).await.err(), Some(Refused::NotFound));

    let drawn = world.vault.open_drawn(Some(&credential), &text, &nonce, 20).await.unwrap();
    let positions: Vec<u64> = drawn.iter().map(|one| one.position).collect();
    assert_eq!(positions, ledger::audit::drawn(&text, &nonce, checkpoint.size, 20));
    for one in &drawn {
        let (salt, entry) = one.opening.as_ref().unwrap();
        let leaf = Leaf::decode(&leaves[usize::try_from(one.position).unwrap()]).unwrap();
        assert_eq!(ledger::leaf::commitment(salt, entry), leaf.commit);
    }
    let mut more = 0;
    let over = loop {
        match world.vault.open_drawn(Some(&credential), &text, &[8; 32], 64).await {
            Ok(drawn) => more += drawn.len(),
            Err(refused) => break refused,
        }
    };
    assert!(matches!(over, Refused::Rule(store::Refusal::OverBudget { .. })) && (900..980).contains(&more), "{more}");
    let citizen = world.citizen(&token).await;
    let looks = world.vault.looks(&citizen, asha.person(), 2_000).await.unwrap();
    let opened =
        looks.looks.iter().filter(|look| look.kind == Kind::AuditOpen && look.actor == "auditor Court of Audit");
    assert!(opened.count() > 0, "she sees that hers were opened");
    assert_eq!(looks.looks.len() as u64, looks.count);
}

#[tokio::test]
async fn what_was_asked_and_never_fetched_is_listed_and_the_rest_adds_up() {
    let world = World::new().await;
    let (token, _) = world.family("9876543210", "Asha Devi").await;
    publish(&world.vault).await;
    // An entry whose keys nobody fetches: the process ended between the two.
    let any = world.store.read(|store| store.log_row(0)).await.unwrap().unwrap().leaf;
    let leaf =
        Leaf { kind: Kind::Reveal.wire(), subject_tag: [0xab; 32], keys_asked: 3, ..Leaf::decode(&any).unwrap() };
    let leaf = leaf.encode();
    let lost = Staged { subject: None, leaf, sealed: vec![0; 60], beside: None };
    world.store.apply(Command { by: None, once: None, entries: vec![lost], effect: Effect::Append }).await.unwrap();
    read_card(&world.vault, &token).await.unwrap();
    for _ in 0..3 {
        world.pass(24 * HOUR);
        publish(&world.vault).await;
    }
    let (_, leaves) = mirrored(&world.folder().join("log"), &policy_of(&world.vault));
    let statements = async |kind: Kind| {
        let mut statements = Vec::new();
        for position in (0..leaves.len()).filter(|at| leaves[*at][1] == kind.wire()) {
            let file = world.vault.log_file(&format!("opening/{position}"), None).await.unwrap().bytes;
            let opening: serde_json::Value = serde_json::from_slice(&file).unwrap();
            let entry = data_encoding::BASE64.decode(opening["entry"].as_str().unwrap().as_bytes()).unwrap();
            statements.push(Entry::from_cbor(&entry).unwrap().statement);
        }
        statements
    };
    let lapsed = statements(Kind::Lapsed).await;
    let lapsed: Vec<(u64, u16)> = ciborium::from_reader(&lapsed[0][..]).unwrap();
    assert_eq!(lapsed.iter().map(|one| one.1).collect::<Vec<_>>(), [3]);
    let room =
        policy_of(&world.vault).witnesses().find(|one| one.key.name().ends_with("/keyroom")).unwrap().key.clone();
    let newest = statements(Kind::Config).await.pop().unwrap();
    let note: Note = String::from_utf8(newest).unwrap().parse().unwrap();
    let (counters, _) = Counters::of(&note, &room).unwrap();
    let asked: u64 = leaves[..usize::try_from(counters.size).unwrap()]
        .iter()
        .map(|leaf| u64::from(Leaf::decode(leaf).unwrap().keys_asked))
        .sum();
    assert_eq!(counters.released + 3, asked, "keys released and keys lapsed are the keys asked");
}

#[tokio::test]
async fn the_law_is_watched_and_one_key_too_many_is_an_alarm() {
    let world = World::new().await;
    let (token, registered) = world.family("9876543210", "Asha Devi").await;
    let (citizen, person) = (world.citizen(&token).await, registered.person());
    let grant = citizen.grant(person).unwrap();
    for _ in 0..20 {
        world.vault.disclose::<Card>(&citizen, &grant, person).await.unwrap();
    }
    let law = world.vault.watch_law().await.unwrap().unwrap();
    assert!(law.released >= 100 && law.released <= law.asked && !law.is_broken, "{law:?}");
    assert_eq!(world.vault.law(), Some(law));
    // What was asked and fetched within the hour is told when it is settled.
    for _ in 0..20 {
        world.vault.disclose::<Card>(&citizen, &grant, person).await.unwrap();
    }
    let mut hours = Vec::new();
    for _ in 0..2 {
        world.vault.watch_law().await.unwrap();
        world.pass(60_000);
        hours.push(world.vault.watch_law().await.unwrap().unwrap());
        // Her keys are gone: looks are written down, and nothing comes of them.
        world.keys().erase(person).await.unwrap();
        for _ in 0..2 {
            assert!(world.vault.disclose::<Card>(&citizen, &grant, person).await.is_err());
        }
    }
    assert_eq!(
        hours.iter().map(|law| (law.hour.0 >= 100, law.wastes())).collect::<Vec<_>>(),
        [(true, false), (true, true)]
    );
    let law = hours[1];
    // Keys go out past the log: the room's own count says so, and it stays said.
    let law_now = world.vault.watch_law().await.unwrap().unwrap();
    assert!(law_now.asked > law.asked && !law_now.is_broken);
    let more = u16::try_from(law_now.asked - law_now.released + 1).unwrap();
    let exchange = store::keys::Exchange { spent: vec![(1_000_000, more)], ..Default::default() };
    world.keys().note(exchange).await.unwrap();
    let law = world.vault.watch_law().await.unwrap().unwrap();
    assert!(law.is_broken && law.released == law.asked + 1, "{law:?}");
    world.pass(60_000);
    assert!(world.vault.watch_law().await.unwrap().unwrap().is_broken);
}

/// What cannot be shown of one person fails nobody whose errand goes under the same checkpoint.
#[tokio::test]
async fn an_errand_that_cannot_be_shown_fails_nobody_beside_it() {
    let world = World::new().await;
    let (early, _) = world.family("9876543210", "Asha Devi").await;
    let (other, _) = world.family("9876543212", "Ravi").await;
    for _ in 0..256 {
        read_card(&world.vault, &other).await.unwrap();
    }
    let (late, _) = world.family("9876543211", "Sita").await;
    world.publishes().await;
    let vault = world.reopened();
    vault.begin_log().await.unwrap();
    // The tile in which her registration stands, and not the other's.
    std::fs::remove_file(world.folder().join("log/tile/0/000")).unwrap();
    for _ in 0..10 {
        let (hers, others) = tokio::join!(read_card(&vault, &early), read_card(&vault, &late));
        assert_eq!((hers, others.as_deref()), (Err(Refused::Unavailable), Ok("Sita")));
    }
}
