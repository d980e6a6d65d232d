//! The deeds, each with the finding of the one who is to notice it.

use super::operator::{self, Tree};
use super::stage::{DAY, HIS_PHONE, OLD_KEYS, Stage, log_key, signer};
use super::{Finding, Party};
use crate::outside::seen_by;
use crate::world::ROOT;
use keyroom::{KeyRoom, Root, Wanted};
use ledger::audit::Counters;
use ledger::checkpoint::Checkpoint;
use ledger::index::{Index, IndexRoot, Span};
use ledger::leaf::tag_of;
use ledger::tile::{bundle, unbundle};
use ledger::{Entry, Field, Kind, Opening, TagKey, subject_tag};
use std::sync::Arc;
use store::command::{Beside, Command, Effect, Staged, Subject};
use store::{KeyFile, Reader};
use vault::{Compared, KeyShelf};
use watch::check::check;

pub(super) async fn an_entry_is_removed(stage: &Stage) -> Finding {
    stage.bend(&stage.bundle(), |bytes| {
        let mut entries = unbundle(bytes).unwrap();
        entries.remove(17);
        *bytes = bundle(entries);
    });
    stage.auditor()
}

pub(super) async fn an_entry_is_altered(stage: &Stage) -> Finding {
    stage.bend(&stage.bundle(), |bytes| {
        let mut entries: Vec<Vec<u8>> = unbundle(bytes).unwrap().into_iter().map(<[u8]>::to_vec).collect();
        entries[17][50] ^= 1;
        *bytes = bundle(entries.iter().map(Vec::as_slice));
    });
    stage.auditor()
}

pub(super) async fn an_entry_is_backdated(stage: &Stage) -> Finding {
    let old = operator::entry(stage.world.vault.now_ms() - 3 * 3_600_000, Kind::Write, Vec::new());
    operator::stages(&stage.world, &old, Effect::Append).await;
    stage.publishes().await;
    stage.auditor()
}

/// The tag of a look of the day is left out of the day's index, which says so under the operator's own hand.
pub(super) async fn a_row_of_an_index_is_dropped(stage: &Stage) -> Finding {
    let world = &stage.world;
    world.pass(DAY);
    let known = world.store.read(Reader::log_indexes).await.unwrap();
    let from = known.iter().rfind(|(root, _)| root.span.log2_days == 0).unwrap().0.to;
    let tree = Tree::whole(world).await;
    let tags = tree.leaves[usize::try_from(from).unwrap()..].iter().skip(1).map(tag_of).collect();
    let span = Span { first_day: stage.yesterday(), log2_days: 0 };
    let root = IndexRoot { span, from, to: tree.size(), head: Index::of(tags).head() };
    let said =
        Entry { statement: root.to_cbor(), ..operator::entry(world.vault.now_ms(), Kind::IndexRoot, Vec::new()) };
    let position = operator::stages(world, &said, Effect::Indexed(vec![root])).await;
    let leaf = Tree::whole(world).await.leaves[usize::try_from(position).unwrap()];
    operator::opens(world, position, &said, &leaf);
    stage.publishes().await;
    stage.auditor()
}

pub(super) async fn her_last_look_of_a_day_is_kept_from_her(stage: &Stage) -> Finding {
    let mut list = stage.list().await;
    let policy = stage.world.vault.watch().text().parse().unwrap();
    list.entries.truncate(check(&list, Some(&policy)).unwrap().closed - 1);
    stage.citizen(&list)
}

pub(super) async fn a_look_between_is_kept_from_her(stage: &Stage) -> Finding {
    let mut list = stage.list().await;
    list.entries.remove(2);
    stage.citizen(&list)
}

pub(super) async fn a_day_of_indexes_is_kept_from_her(stage: &Stage) -> Finding {
    let mut list = stage.list().await;
    list.indexes.clear();
    stage.citizen(&list)
}

/// A tree of fewer leaves, grown again by others.
async fn regrown(stage: &Stage) -> Tree {
    let size = stage.world.vault.log_standing().published;
    let mut tree = Tree::of(&stage.world, size - 9).await;
    for _ in 0..12 {
        let harmless = operator::entry(stage.world.vault.now_ms(), Kind::Write, Vec::new());
        tree.push(operator::leaf(&harmless, stage.world.vault.draw()));
    }
    tree
}

pub(super) async fn the_log_is_cut_and_grown_again(stage: &Stage) -> Finding {
    stage.witness(0, &regrown(stage).await.shown_to(seen_by(&stage.witnesses[0])))
}

pub(super) async fn the_log_is_cut(stage: &Stage) -> Finding {
    let shorter = Tree::of(&stage.world, stage.world.vault.log_standing().published - 5).await;
    stage.witness(0, &shorter.shown_to(shorter.size() - 1))
}

pub(super) async fn the_key_room_is_shown_the_log_cut_and_grown_again(stage: &Stage) -> Finding {
    stage.key_room(&regrown(stage).await, &[]).await
}

/// The operator has a quorum of his own for the other tree: both witnesses and the key room lost what they had seen.
pub(super) async fn everyone_forgets_and_the_log_is_another(stage: &Stage) -> Finding {
    let earlier: Checkpoint = stage.kept.text.parse().unwrap();
    let mut tree = Tree::of(&stage.world, earlier.size - 3).await;
    while tree.size() < earlier.size + 20 {
        let harmless = operator::entry(stage.world.vault.now_ms(), Kind::Write, Vec::new());
        tree.push(operator::leaf(&harmless, stage.world.vault.draw()));
    }
    let mut note = tree.checkpoint();
    let forgot = stage.world.folder().join("forgot");
    std::fs::create_dir_all(&forgot).unwrap();
    let shelf = KeyShelf::new(KeyFile::open(&forgot).unwrap());
    let room = KeyRoom::new(Root::new(&ROOT), shelf, Arc::new(|bytes: &mut [u8]| bytes.fill(1)), log_key());
    note.signatures.push(room.exchange(&tree.shown_to(0), &[], stage.world.vault.now_ms()).await.unwrap().0);
    note.signatures.push(signer(1).sign(&note.text, stage.now_s()));
    tree.write(&stage.log());
    std::fs::write(stage.log().join("checkpoint"), note.to_string()).unwrap();
    stage.auditor()
}

/// One tree for each witness: both continue what was seen, and they differ in one entry.
async fn two_trees(stage: &Stage) -> [Tree; 2] {
    let mut trees = [Tree::whole(&stage.world).await, Tree::whole(&stage.world).await];
    for tree in &mut trees {
        let one = operator::entry(stage.world.vault.now_ms(), Kind::Write, Vec::new());
        tree.push(operator::leaf(&one, stage.world.vault.draw()));
    }
    for (nth, tree) in trees.iter().enumerate() {
        let cosigned = stage.witness(nth, &tree.shown_to(seen_by(&stage.witnesses[nth])));
        assert_eq!(cosigned, (Party::Witness, None), "each tree by itself continues the log");
    }
    assert_eq!(stage.key_room(&trees[0], &[]).await, (Party::KeyRoom, None));
    trees
}

pub(super) async fn two_trees_and_the_key_room_sees_both(stage: &Stage) -> Finding {
    let [_, other] = two_trees(stage).await;
    stage.key_room(&other, &[]).await
}

pub(super) async fn two_trees_and_the_second_is_published(stage: &Stage) -> Finding {
    let [_, other] = two_trees(stage).await;
    let mut note = other.checkpoint();
    note.signatures.push(signer(2).sign(&note.text, stage.now_s()));
    other.write(&stage.log());
    std::fs::write(stage.log().join("checkpoint"), note.to_string()).unwrap();
    stage.auditor()
}

pub(super) async fn two_trees_and_the_second_witness_sees_the_first(stage: &Stage) -> Finding {
    let [mut first, _] = two_trees(stage).await;
    let next = operator::entry(stage.world.vault.now_ms(), Kind::Write, Vec::new());
    first.push(operator::leaf(&next, stage.world.vault.draw()));
    stage.witness(1, &first.shown_to(seen_by(&stage.witnesses[1])))
}

/// The look is in a tree that the key room alone is shown; it gives the key, and never believes the public tree again.
pub(super) async fn a_tree_is_shown_to_the_key_room_alone(stage: &Stage) -> Finding {
    let (tree, receipt) = stage.look(subject_tag, 0).await;
    assert_eq!(stage.key_room(&tree, &[receipt]).await, (Party::KeyRoom, None), "in its eyes all is well");
    for _ in 0..2 {
        let public = operator::entry(stage.world.vault.now_ms(), Kind::Write, Vec::new());
        operator::stages(&stage.world, &public, Effect::Append).await;
    }
    assert!(stage.world.vault.fresh_checkpoint().await.is_err(), "nothing is published without it");
    let public = Tree::whole(&stage.world).await;
    assert!(public.size() > tree.size());
    stage.key_room(&public, &[]).await
}

pub(super) async fn keys_go_out_without_a_receipt(stage: &Stage) -> Finding {
    let spent = (1_000_000..1_000_040).map(|position| (position, 40)).collect();
    let stolen = store::keys::Exchange { spent, at_ms: stage.world.vault.now_ms(), ..Default::default() };
    stage.world.keys().note(stolen).await.unwrap();
    stage.tomorrow().await;
    stage.auditor()
}

pub(super) async fn a_look_is_logged_under_a_random_tag(stage: &Stage) -> Finding {
    let (tree, receipt) = stage.look(|_, _| [0xee; 32], 0).await;
    stage.key_room(&tree, &[receipt]).await
}

pub(super) async fn a_look_is_logged_under_another_persons_tag(stage: &Stage) -> Finding {
    let his = TagKey(stage.list_of(HIS_PHONE).await.tag_key);
    let (tree, receipt) = stage.look(|_, count| subject_tag(&his, count), 0).await;
    stage.key_room(&tree, &[receipt]).await
}

pub(super) async fn a_look_skips_a_number_of_hers(stage: &Stage) -> Finding {
    let (tree, receipt) = stage.look(subject_tag, 1).await;
    stage.key_room(&tree, &[receipt]).await
}

pub(super) async fn a_look_opens_more_than_it_says(stage: &Stage) -> Finding {
    let (tree, mut receipt) = stage.look(subject_tag, 0).await;
    let more = (Opening { field: Field::BirthYear, version: 1 }, [0; 16]);
    receipt.wanted = Wanted::Keys(vec![more]);
    stage.key_room(&tree, &[receipt]).await
}

/// A statement of counters that the key room did not sign: of one key only.
pub(super) async fn the_key_rooms_counters_are_forged(stage: &Stage) -> Finding {
    let world = &stage.world;
    let size = world.vault.log_standing().published;
    let origin = log_key().name().to_owned();
    let note = Counters { origin, size, released: 1 }.signed(&signer(1), stage.now_s());
    let said = Entry {
        statement: note.to_string().into_bytes(),
        ..operator::entry(world.vault.now_ms(), Kind::Config, Vec::new())
    };
    let position = operator::stages(world, &said, Effect::Append).await;
    let leaf = Tree::whole(world).await.leaves[usize::try_from(position).unwrap()];
    operator::opens(world, position, &said, &leaf);
    stage.publishes().await;
    stage.auditor()
}

/// An old copy of the key file is put back: what went out since is not counted any more.
pub(super) async fn the_key_rooms_counters_are_turned_back(stage: &Stage) -> Finding {
    let world = &stage.world;
    let world = world.restored_with(world.data(), &world.folder().join(OLD_KEYS));
    world.vault.begin_log().await.unwrap();
    let stage = Stage { world, witnesses: Vec::new(), her: stage.her, kept: stage.kept.clone() };
    stage.tomorrow().await;
    stage.auditor()
}

/// A look that the platform's own machine writes down without the fact beside it.
pub(super) async fn the_fact_of_a_look_is_dropped(stage: &Stage) -> Finding {
    a_look_beside(stage, None).await
}

/// A look with the fact of another look.
pub(super) async fn the_fact_of_a_look_names_another(stage: &Stage) -> Finding {
    let facts = stage.world.store.read(|store| store.facts_between(0, 4096)).await.unwrap();
    let own = facts.last().unwrap();
    a_look_beside(stage, Some(Beside { day: own.day, fact: own.sealed.clone(), organisation: None, now_ms: 0 })).await
}

async fn a_look_beside(stage: &Stage, beside: Option<Beside>) -> Finding {
    let world = &stage.world;
    world.vault.compare_facts().await.unwrap();
    let (key, her) = (TagKey(stage.list().await.tag_key), stage.her);
    let count = world.store.read(move |store| store.person(her)).await.unwrap().unwrap().entries;
    let opening = Opening { field: Field::Name, version: 1 };
    let look = operator::entry(world.vault.now_ms(), Kind::Reveal, vec![opening]);
    let leaf = operator::leaf(&look, subject_tag(&key, count));
    let subject = Some(Subject { person: her, count });
    let staged = Staged { subject, leaf, sealed: vec![0; 60], beside: beside.map(Box::new) };
    world.store.apply(Command { by: None, once: None, entries: vec![staged], effect: Effect::Append }).await.unwrap();
    world.pass(DAY);
    stage.publishes().await;
    let days = world.vault.compare_facts().await.unwrap();
    let found = days.iter().find(|day| !day.agrees());
    let says =
        |day: &Compared| format!("{} of {} looks have no fact, {} facts are wrong", day.missing, day.looks, day.wrong);
    (Party::Desk, found.map(says))
}
