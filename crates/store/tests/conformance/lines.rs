//! A server that goes away, or fails in the middle of a transaction: the store opens its connections anew by itself.

use crate::engine::{Engine, Ground};
use std::time::Duration;
use store::command::{Applied, Command, Effect, Refusal};
use store::{Reader, Store};

/// A transaction that changes no row.
async fn writes(store: &Store) -> Applied {
    store.apply(Command { by: None, once: None, entries: Vec::new(), effect: Effect::Append }).await
}

/// Tries until it is done; a line that is gone may be noticed by the first who uses it.
async fn goes_on(store: &Store) {
    for _ in 0..20 {
        if writes(store).await.is_ok() && store.read(Reader::log_size).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the store does not go on: {:?}", writes(store).await);
}

/// A store on a server with more words in its address; none where no server is tried.
async fn on_a_server(words: &str) -> Option<(Ground, Store)> {
    let engine = Engine::all().into_iter().find(|engine| matches!(engine, Engine::Postgres(_)))?;
    let ground = Ground::new(engine);
    let url = format!("{}{words}", ground.url()?);
    // Making the tables may take longer than the words allow.
    drop(ground.open());
    // Other suites make theirs at the same time, and hold the lock of the schema: over a cluster, for many seconds.
    for _ in 0..600 {
        match Store::connect(&url).await {
            Ok(store) => return Some((ground, store)),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    panic!("the server lets nobody in");
}

#[tokio::test]
async fn connections_that_were_ended_are_opened_anew() {
    let name = format!("lines-{}", std::process::id());
    let Some((ground, store)) = on_a_server(&format!("&application_name={name}")).await else { return };
    goes_on(&store).await;
    for _ in 0..3 {
        ground.tampers(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'"
        ));
        goes_on(&store).await;
    }
}

#[tokio::test]
async fn a_transaction_that_could_not_begin_is_not_gone_on_with() {
    // Not `lock_timeout`: a coordinator does not tell it to the worker, where the lock is.
    let Some((ground, store)) = on_a_server("%20-cstatement_timeout%3D250").await else { return };
    goes_on(&store).await;
    // Somebody else writes for longer than we wait.
    let holding = std::thread::spawn(move || {
        ground.tampers("BEGIN; SELECT next FROM log_head FOR UPDATE; SELECT pg_sleep(1); COMMIT");
        ground
    });
    let mut refused = 0;
    while !holding.is_finished() {
        refused += u32::from(writes(&store).await == Err(Refusal::Storage));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let _ground = holding.join().unwrap();
    assert!(refused > 0, "nobody was in the way");
    goes_on(&store).await;
}
