//! Several nodes over one database: whichever is asked, the answer is the same, and the log is one.

use crate::log::{list_is_whole, mirrored, policy_of, publish, read_card};
use crate::world::World;
use futures_util::future::try_join_all;
use ledger::note::Note;
use std::sync::Arc;
use vault::Vault;

/// Everybody looks at her card, at this node and that one at once, so many times.
async fn all_look(nodes: &[&Arc<Vault>], tokens: &[String], times: usize) {
    for _ in 0..times {
        let looks = nodes.iter().flat_map(|node| tokens.iter().map(|token| read_card(node, token)));
        assert!(try_join_all(looks).await.unwrap().iter().all(|name| name == "Asha Devi"));
    }
}

async fn families(world: &World) -> Vec<String> {
    let mut tokens = Vec::new();
    for n in 0..4 {
        tokens.push(world.family(&format!("987654321{n}"), "Asha Devi").await.0);
    }
    tokens
}

#[tokio::test]
async fn two_nodes_show_the_same_people_and_write_one_log() {
    let world = World::new().await;
    let (one, other, third) = (&world.vault, &world.another_node(), &world.another_node());
    let (tokens, log) = (families(&world).await, world.folder().join("log"));
    publish(one).await;
    other.follow_log().await.unwrap();
    all_look(&[one, other], &tokens, 30).await;
    // The one publishes; the other has not heard of it, and rows that it would read are staged no more.
    let published = publish(one).await;
    assert!(published.size > 256);
    assert!(other.log_standing().published < published.size);
    // An auditor shows a third one the checkpoint that everybody has by now.
    let credential = third.auditor_credential("auditor");
    let drawn = third.open_drawn(Some(&credential), &published.to_string(), &[7; 32], 20).await.unwrap();
    assert!(drawn.len() == 20 && drawn.iter().all(|one| one.opening.is_some()));
    for token in &tokens {
        list_is_whole(other, token).await;
    }
    other.follow_log().await.unwrap();
    assert_eq!(other.log_standing().published, published.size);
    // The other takes over.
    all_look(&[one, other], &tokens, 30).await;
    publish(other).await;
    all_look(&[one], &tokens, 12).await;
    let newest = publish(other).await;
    for token in &tokens {
        list_is_whole(one, token).await;
    }
    assert_eq!(mirrored(&log, &policy_of(one)).0, newest);
}

#[tokio::test]
async fn a_node_that_led_before_takes_nothing_back() {
    let world = World::new().await;
    let (one, other) = (&world.vault, &world.another_node());
    let (tokens, log) = (families(&world).await, world.folder().join("log"));
    publish(one).await;
    // It stops between the key room's cosignature and the files; another leads on.
    let late = one.fresh_checkpoint().await.unwrap();
    other.follow_log().await.unwrap();
    all_look(&[other], &tokens, 80).await;
    let newer = publish(other).await;
    assert!(newer.size > late.size + 256);
    one.publish(late, Vec::new()).await.unwrap();
    let note: Note = std::fs::read_to_string(log.join("checkpoint")).unwrap().parse().unwrap();
    assert_eq!(note.text, newer.to_string());
    assert_eq!(mirrored(&log, &policy_of(one)).0, newer);
    all_look(&[one, other], &tokens, 2).await;
    for token in &tokens {
        list_is_whole(one, token).await;
    }
}
