//! Whatever a cheating operator does, one of the others catches him, and says at what. One table: the deed, who notices,
//! and in which words.

mod deeds;
mod operator;
mod stage;

use crate::outside::seen_by;
use deeds::*;
use ledger::subject_tag;
use stage::Stage;
use std::pin::Pin;

/// Who notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Party {
    Witness,
    Auditor,
    Citizen,
    KeyRoom,
    /// Whoever compares facts with looks every night; what comes of it is public.
    Desk,
}

/// What somebody noticed: `None` where nothing seemed wrong.
type Finding = (Party, Option<String>);

type Deed = for<'a> fn(&'a Stage) -> Pin<Box<dyn Future<Output = Finding> + 'a>>;

macro_rules! table {
    ($($deed:ident => $party:ident, $says:literal;)+) => {
        &[$((stringify!($deed), (|stage| Box::pin($deed(stage))) as Deed, Party::$party, $says)),+]
    };
}

/// What is done, who notices, and in which words.
const TABLE: &[(&str, Deed, Party, &str)] = table![
    an_entry_is_removed => Auditor, "entries: tile/entries/000.p/";
    an_entry_is_altered => Auditor, "entry 17 (112 bytes) is not the one of the tree";
    an_entry_is_backdated => Auditor, "is backdated: 180 minutes before what stands before it";
    a_row_of_an_index_is_dropped => Auditor, "was left out";
    her_last_look_of_a_day_is_kept_from_her => Citizen, "it is not proven that its days have no further entry";
    a_look_between_is_kept_from_her => Citizen, "row 3: it does not bear the tag of this number";
    a_day_of_indexes_is_kept_from_her => Citizen, "indexes are missing for days that were over";
    the_log_is_cut => Witness, "409: ";
    the_log_is_cut_and_grown_again => Witness, "422: the new tree does not continue the old one";
    the_key_room_is_shown_the_log_cut_and_grown_again => KeyRoom, "the new tree does not continue the old one";
    everyone_forgets_and_the_log_is_another => Auditor, "append-only: ";
    two_trees_and_the_key_room_sees_both => KeyRoom, "the new tree does not continue the old one";
    two_trees_and_the_second_is_published => Auditor, "checkpoint: too few witnesses signed it";
    two_trees_and_the_second_witness_sees_the_first => Witness, "422: the new tree does not continue the old one";
    a_tree_is_shown_to_the_key_room_alone => KeyRoom, "the new tree does not continue the old one";
    keys_go_out_without_a_receipt => Auditor, "keys: ";
    a_look_is_logged_under_a_random_tag => KeyRoom, "the tag is not hers";
    a_look_is_logged_under_another_persons_tag => KeyRoom, "the tag is not hers";
    a_look_skips_a_number_of_hers => KeyRoom, "her count is followed to";
    a_look_opens_more_than_it_says => KeyRoom, "the entry does not say these fields";
    the_fact_of_a_look_is_dropped => Desk, "1 of 2 looks have no fact, 0 facts are wrong";
    the_fact_of_a_look_names_another => Desk, "0 of 2 looks have no fact, 1 facts are wrong";
    the_key_rooms_counters_are_forged => Auditor, "are not signed by the key room";
    the_key_rooms_counters_are_turned_back => Auditor, "went back";
];

#[tokio::test]
async fn every_deed_is_noticed_by_the_one_who_can_and_is_named() {
    for (deed, commit, party, says) in TABLE {
        let (noticed_by, said) = commit(&Stage::new().await).await;
        let said = said.unwrap_or_else(|| panic!("{deed}: the {noticed_by:?} found nothing"));
        println!("{deed}: {noticed_by:?}: {said}");
        assert!(noticed_by == *party && said.contains(says), "{deed}: the {noticed_by:?} said: {said}");
    }
}

#[tokio::test]
async fn where_nothing_is_done_nobody_cries_out() {
    let stage = Stage::new().await;
    assert_eq!(stage.auditor(), (Party::Auditor, None));
    assert_eq!(stage.citizen(&stage.list().await), (Party::Citizen, None));
    let (tree, receipt) = stage.look(subject_tag, 0).await;
    assert_eq!(stage.key_room(&tree, &[receipt]).await, (Party::KeyRoom, None));
    assert_eq!(stage.witness(0, &tree.shown_to(seen_by(&stage.witnesses[0]))), (Party::Witness, None));
}
